"""Do conditions mean what their grammar says, and are mistakes in them told?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report_build.audiences import (
    All,
    Any,
    Condition,
    Everyone,
    Name,
    Nobody,
    Not,
    names_in,
    parse,
    satisfiable_by,
    simplify,
)

NAMES = ("blz", "gtm", "hnd", "slv", "usa")
GROUPS = {"triangle": ("gtm", "hnd", "slv")}
HOLDS = {
    "hnd": "hnd",
    "hnd gtm": "gtm hnd",
    "hnd or gtm": "gtm hnd",
    "triangle and not hnd": "gtm slv",
    "not triangle": "blz usa",
    "not (hnd or usa)": "blz gtm slv",
    "usa or not triangle and not blz": "usa",
    "not not hnd": "hnd",
    "everyone": "blz gtm hnd slv usa",
    "nobody": "",
    "hnd and gtm": "",
    "not hnd gtm": "blz gtm slv usa",
    "  ( hnd)usa ": "hnd usa",
}
MISTAKES = {
    # condition: the text that is pointed at, and words of message and hint
    "": ("", "no audience is named"),
    "hnd and": ("d", "a name is missing after “and”"),
    "or hnd": ("or", "a name is missing"),
    "(hnd": ("(", "“(” is not closed; add a “)”"),
    "hnd)": (")", "“)” closes nothing; remove it, or add the “(” that it closes"),
    "hnd && usa": ("&&", "“&&” is no name; write “and”"),
    "hnd,usa": ("hnd,usa", "“hnd,usa” is no name; put spaces between names, nothing else"),
    "HND": ("HND", "“HND” is no name; did you mean “hnd”?"),
    "usa hdn": ("hdn", "no audience or group “hdn” is declared; did you mean “hnd”?"),
    "not " * 50 + "hnd": ("not", "more than 40 levels of “not” and parentheses"),
}


@pytest.mark.parametrize("text", HOLDS)
def test_condition_lets_in(text: str) -> None:
    condition, problems = parse(text, {*NAMES, *GROUPS})
    assert not problems
    assert condition
    assert satisfiable_by(condition, NAMES, GROUPS) == HOLDS[text].split()


@pytest.mark.parametrize("text", MISTAKES)
def test_mistake(text: str) -> None:
    _, (problem,) = parse(text, {*NAMES, *GROUPS})
    said = f"{problem.message}; {problem.hint}".rstrip("; ")
    assert (text[problem.start : problem.end], said) == MISTAKES[text]


CONDITIONS = st.recursive(
    st.builds(Name, st.sampled_from([*NAMES, *GROUPS])) | st.sampled_from([Everyone(), Nobody()]),
    lambda part: (
        st.builds(Not, part)
        | st.builds(All, st.lists(part, min_size=2, max_size=3).map(tuple))
        | st.builds(Any, st.lists(part, min_size=2, max_size=3).map(tuple))
    ),
    max_leaves=10,
)


def editions(condition: Condition) -> list[str]:
    return satisfiable_by(condition, NAMES, GROUPS)


@given(CONDITIONS)
def test_what_is_written_is_read_back_with_its_meaning(condition: Condition) -> None:
    again, problems = parse(str(condition), {*NAMES, *GROUPS})
    assert not problems
    assert again
    assert editions(again) == editions(condition)


@given(CONDITIONS)
def test_simpler_means_the_same(condition: Condition) -> None:
    simple = simplify(condition)
    assert editions(simple) == editions(condition)
    assert names_in(simple) <= names_in(condition)
    assert len(str(simple)) <= len(str(condition))
    assert simplify(simple) == simple


@given(CONDITIONS)
def test_not_is_the_opposite(condition: Condition) -> None:
    assert sorted([*editions(condition), *editions(Not(condition))]) == sorted(NAMES)


@given(st.text(st.sampled_from("ab()& ,not orandé"), max_size=30))
def test_any_text_is_a_condition_or_a_mistake_within_it(text: str) -> None:
    condition, problems = parse(text, set())
    assert condition or problems
    assert all(0 <= one.start <= one.end <= len(text) for one in problems)
