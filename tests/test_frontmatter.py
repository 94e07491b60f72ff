"""Is every mistake of a front matter told, at its key or value, and the rest still read?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from report_build import frontmatter, source
from report_build.audiences import UNKNOWN
from report_build.frontmatter import RULES, Reading
from report_build.source import Source

ROOT = Path(__file__).parents[1]
USUAL = "title: A\nlang: en\n"
MISTAKES = {
    # YAML: what is found as “line:column rule message; hint”, lines counted after `USUAL`
    "titel: x": ["1:1 front-matter-unknown-key unknown key “titel”; did you mean “title”?"],
    "title: B": ["1:1 front-matter-duplicate-key “title” is here twice; it stands first in line 2"],
    "keywords: [a": ["1:11 front-matter-syntax this list is not closed; add a “,” or a “]”"],
    "date: 22/06/2017": [
        "1:7 front-matter-value “22/06/2017” is no date; write year-month-day, such as 2017-06-22"
    ],
    "event: {start: 2017-06-22, end: 2017-06-20}": [
        "1:33 front-matter-value the event ends (2017-06-20) before it starts (2017-06-22)"
    ],
    "event: Seminar": ["1:8 front-matter-value “event” takes keys with values"],
    "keywords: [a, '', [b]]": [
        "1:15 front-matter-value “keywords” takes a text that is not empty",
        "1:19 front-matter-value “keywords” takes a text",
    ],
    "author: {name: x, affilation: y}": [
        "1:19 front-matter-unknown-key unknown key “affilation”; did you mean “affiliation”?"
    ],
    "figures:\n  a: {value: 1, label: A}\n  b: {value: 1o}": [
        (
            "3:14 front-matter-value “1o” is no number;"
            " write it with digits and a decimal point, such as 1200.5"
        ),
        "3:6 front-matter-missing-key the key “label” is missing",
    ],
    "audiences:\n  full: {title: x}\n  No: {title: y}": [
        "2:3 front-matter-value “full” has a meaning of its own and cannot be a name",
        (
            "3:3 front-matter-value “No” is no name;"
            " small letters, digits and hyphens, starting with a letter"
        ),
    ],
    "audiences:\n  hnd: {country: HND}\ngroups: {g: [hnd, hdn]}": [
        "3:19 unknown-audience no audience “hdn” is declared; did you mean “hnd”?"
    ],
    # a name whose declaration is wrong does not make its uses wrong
    "audiences: {hnd: {title: [x]}}\ngroups: {g: [hnd]}": [
        "1:26 front-matter-value “title” takes a text"
    ],
    "deliverables:\n- {edition: full, formats: [pfd]}": [
        "2:29 front-matter-value “pfd” is not one of html, pdf, docx or epub; did you mean “pdf”?"
    ],
    "deliverables:\n- {edition: full, formats: [pdf]}\n- {edition: full, formats: [html]}": [
        "3:3 front-matter-value the edition “full” is declared twice"
    ],
}
WHOLE = {
    # what stands in place of a usual front matter, lines counted in the file
    "Text\n": [("1:1 front-matter-missing-key there is no front matter;"
               " begin the file with “---”, “title: …”, “lang: en” and “---”")],
    "---\ntitle: A\n": [
        "1:1 front-matter-syntax this front matter does not end; end it with a line “---”"],
    "---\n---\n": ["1:1 front-matter-missing-key the key “title” is missing",
                   "1:1 front-matter-missing-key the key “lang” is missing"],
    "---\n- a\n---\n": ["1:1 front-matter-syntax this is no list of keys and values"],
    "---\ntitle: [A]\nlang: engl\n---\n": [
        "2:8 front-matter-value “title” takes a text",
        ("3:7 front-matter-value no language “engl” is known;"
        " language tags look like “en”, “es” or “pt-BR”")],
}  # fmt: skip


def read(text: str) -> Reading:
    return frontmatter.read(Source("master.md", text))


def usual(text: str) -> str:
    return f"---\n{USUAL}{text}\n---\n\nText\n"


def said(reading: Reading, shift: int = 0) -> list[str]:
    return [
        f"{one.place.line - shift}:{one.place.column} {one.rule} {one.message}"
        + (f"; {one.hint}" if one.hint else "")
        for one in reading.diagnostics
        if one.place
    ]


@pytest.mark.parametrize("text", MISTAKES)
def test_mistake(text: str) -> None:
    assert said(read(usual(text)), 3) == MISTAKES[text]


@pytest.mark.parametrize("text", WHOLE)
def test_whole_front_matter(text: str) -> None:
    assert said(read(text)) == WHOLE[text]


def test_what_is_right_is_kept_beside_what_is_wrong() -> None:
    text = "keywords: [a, [b], c, [d], e]\nfigures:\n  a: {value: x}\n  b: {value: 2, label: B}"
    front = read(usual(text)).front
    assert front
    assert front.keywords == ("a", "c", "e")
    assert list(front.figures) == ["b"]


def test_an_audience_with_a_mistake_can_still_be_named() -> None:
    text = "audiences: {hnd: {country: XXX}, gtm: {country: GTM}, No: {}}\ngroups: {g: [hnd, No]}"
    front = read(usual(text)).front
    assert front
    assert front.audience_names == ("hnd", "gtm")
    assert front.expand(["g"]) == ("hnd",)


def test_values_mean_what_was_typed() -> None:
    front = read(usual("publisher: NO\nfigures: {a: {value: 1.10, year: 010, label: A}}")).front
    assert front
    assert front.publisher == "NO"
    assert (str(front.figures["a"].value), front.figures["a"].year) == ("1.10", "010")


def test_proceedings_are_right() -> None:
    text, _ = source.read(ROOT / "source" / "proceedings.md", ROOT)
    reading = frontmatter.read(text)
    assert reading.diagnostics == ()
    assert reading.front
    place = reading.places.of(("audiences", "hnd", "country"))
    line = text.line_text(place)
    assert line[place.column - 1 : place.end_column - 1] == "HND"


def test_written_schema_is_current() -> None:
    written = json.loads((ROOT / "schema" / "front-matter.json").read_text("utf-8"))
    assert written == frontmatter.json_schema(), "make it anew with frontmatter.write_schema"


def test_schema_is_written_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "new" / "schema.json"
    frontmatter.write_schema(path)
    assert json.loads(path.read_text("utf-8")) == frontmatter.json_schema()


KEYS = st.sampled_from(
    [*json.loads(json.dumps(frontmatter.json_schema()))["properties"], "hnd", "country", "formats",
     "edition", "for-each", "value", "label", "name", "kind", "start", "x y"]
)  # fmt: skip
WORDS = st.sampled_from(
    ["", "hnd", "HND", "full", "country", "pdf", "day", "1", "2017-06-22", "en"]
)
TREES = st.recursive(
    WORDS | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(KEYS, TREES, max_size=6))
def test_any_tree_is_read_with_what_is_left_of_it(tree: dict[str, object]) -> None:
    text = yaml.safe_dump(tree, allow_unicode=True)
    reading = read(f"---\n{text}---\n")
    assert reading.front or any(one.rule == "front-matter-syntax" for one in reading.diagnostics)
    assert {one.rule for one in reading.diagnostics} <= {*RULES, UNKNOWN}
    if reading.front:
        assert reading.front.audience_names is not None
        assert set(reading.front.expand(reading.front.groups)) <= set(reading.front.audiences)


@given(st.text(st.sampled_from("-a: [{}]'\"\n\t&*!|>#,"), max_size=40))
def test_any_text_is_read(text: str) -> None:
    reading = read(f"---\n{text}\n---\n")
    assert reading.front or reading.diagnostics
