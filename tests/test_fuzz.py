"""Can any text make the tool stumble? Whatever it is given, it answers with problems at places.

Drawn by Hypothesis: front matter, conditions, references, and real texts with pieces cut out, doubled
and put in. `FUZZ=10000` draws as many as the nightly job.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from report_build import audiences, yaml_tree
from report_build.check import check
from report_build.locate import WORD, locate
from report_build.pandoc import Pandoc
from report_build.rules import ledger, leftovers
from report_build.yaml_tree import read_yaml
from support import FRONT, ROOT, master

COUNT = int(os.environ.get("FUZZ", "300"))
TEXTS = [path.read_text("utf-8") for path in sorted((ROOT / "tests" / "met").glob("*.md"))]
HOSTILE = [path.read_text("utf-8") for path in sorted((ROOT / "tests" / "hostile").glob("*.txt"))]
PIECES = sorted({line for text in (*TEXTS, *HOSTILE) for line in text.splitlines() if line.strip()})
TOKENS = [
    "{", "}", "[", "]", "(", ")", "<", ">", "`", "```", "~~~", ":::", "::: {", "---", "...", "#", "##",
    "|", "+---+", "\\", "\n", "\n\n", "\t", " ", "*", "**", "_", "^", "~", "$", "$$", "!", "@", "[^a]",
    "[^a]: x", "{#a}", "{.x}", '{audience="hnd"}', '{audience=""}', '{only="hnd"}', "{{<", ">}}",
    "{{< include x.md >}}", "{{< meta title >}}", "@sec-a", "[@a; @b]", "[-@a]{.page}", "&#0;", "&lt;",
    "\r", "\r\n", "\u00a0", "\u00ad", "e\u0301", "\u0645\u0631\u062d\u0628\u0627", "\u4e2d\u6587",
    "\U0001f469\u200d\U0001f52c", "\ufffd", ": Caption {#tbl-a}", "1.", "- ", "> ", "<!--", "-->",
    "<!-- report-build: ignore undefined-reference -->", "![", "](x.png)", "{alt=x}", "    ", "---:",
]  # fmt: skip
fuzzed = settings(
    max_examples=COUNT, deadline=None, database=None,
    phases=(Phase.generate, Phase.shrink), suppress_health_check=list(HealthCheck),
)  # fmt: skip
pieces = st.one_of(st.sampled_from(PIECES), st.sampled_from(TOKENS), st.text(max_size=12))


@st.composite
def mutants(draw: st.DrawFn) -> str:
    """A real text with pieces cut out, doubled, moved and put in."""
    text = draw(st.sampled_from(TEXTS))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 200)))
        kind = draw(st.sampled_from(("in", "out", "twice", "moved")))
        piece = text[start:end]
        if kind == "in":
            text = text[:start] + draw(pieces) + text[start:]
        elif kind == "out":
            text = text[:start] + text[end:]
        elif kind == "twice":
            text = text[:end] + piece + text[end:]
        else:
            at = draw(st.integers(0, len(text)))
            text = text[:at] + piece + text[at:]
    return text


def answered(text: str, pandoc: Pandoc) -> None:
    """A text is checked, and every problem that is told has a place in it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "report.md")
        path.write_text(text, "utf-8", "surrogatepass", newline="")
        found = check(path, Path(folder), pandoc)
        assert [one.name for one in Path(folder).iterdir()] == ["report.md"]
    for one in found.diagnostics:
        assert one.message
        if one.place:
            assert one.place.line >= 1
            assert one.place.column >= 1
    assert found.failed or found.editions


@fuzzed
@given(mutants())
def test_a_mutated_text_is_answered(text: str) -> None:
    answered(text, PANDOC)


@fuzzed
@given(st.lists(pieces, max_size=30).map("".join))
def test_a_text_of_pieces_is_answered(text: str) -> None:
    answered(master(text) if not text.startswith("---") else text, PANDOC)


@fuzzed
@given(st.lists(st.one_of(pieces, st.sampled_from(FRONT.splitlines(keepends=True))), max_size=20))
def test_front_matter_of_pieces_is_answered(lines: list[str]) -> None:
    answered(f"---\n{''.join(lines)}\n---\n\nText.\n", PANDOC)


@fuzzed
@given(st.text(max_size=200) | st.lists(pieces, max_size=20).map("\n".join))
def test_yaml_is_read_or_told(text: str) -> None:
    tree = read_yaml(text)
    for mistake in tree.mistakes:
        assert 0 <= mistake.span[0] <= mistake.span[1] <= len(text) + 1


YAML = [
    text.split("\n---\n")[0].removeprefix("---\n") for text in TEXTS if text.startswith("---\n")
]
SIGNS = [
    *":#-?[]{},|>&*!%@`'\"\\~\t\n\r\x85\u2028\ufeff\ud800é",
    "\U0001f600",
    "  ",
    ": ",
    " : ",
    "---\n",
    "...\n",
]


@pytest.mark.skipif(not yaml_tree.FAST, reason="PyYAML came without libyaml")
@fuzzed
@given(st.data())
def test_both_parsers_of_yaml_read_the_same(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(YAML))
    for _ in range(data.draw(st.integers(0, 4))):
        at, length = data.draw(st.integers(0, len(text))), data.draw(st.integers(0, 3))
        text = text[:at] + data.draw(st.sampled_from(SIGNS)) + text[at + length :]
    fast = read_yaml(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml_tree, "FAST", False)
        assert read_yaml(text) == fast


@fuzzed
@given(st.lists(st.sampled_from(["hnd", "gtm", "and", "or", "not", "(", ")", " ", "x", ",", "é"])))
def test_conditions_are_understood_or_told(tokens: list[str]) -> None:
    text = "".join(tokens)
    condition, problems = audiences.parse(text, {"hnd", "gtm"})
    assert condition is not None or problems
    for problem in problems:
        assert 0 <= problem.start <= problem.end <= max(len(text), 1)
    if condition is not None and not problems:
        again, _ = audiences.parse(str(audiences.simplify(condition)), {"hnd", "gtm"})
        simple = audiences.simplify(condition)
        if again is not None and simple not in (audiences.Everyone(), audiences.Nobody()):
            for names in (frozenset[str](), frozenset({"hnd"}), frozenset({"gtm"})):
                assert again.holds(names) == condition.holds(names)


@fuzzed
@given(st.lists(pieces, max_size=20).map(" ".join))
def test_every_node_is_located_within_the_text(text: str) -> None:
    from report_build import nodes as n
    from report_build.document import offsets

    clean = text.replace("\r", "\n")
    located = locate(clean, PANDOC.markdown(clean), 0)
    for node in n.walk(located.blocks):
        first, last = offsets(getattr(node, "attr", n.NO_ATTR))
        assert 0 <= first <= last <= len(clean)


@fuzzed
@given(st.one_of(mutants(), st.lists(pieces, max_size=20).map(" ".join)))
def test_what_is_told_sooner_is_told_rightly(text: str) -> None:
    """Signs that stand for a slower search are in everything that it would find."""
    if any(pattern.search(text) for pattern, _ in leftovers.LEFT):
        assert leftovers.MARK.search(text)
    for unit in ("percent", "usd", "trained officers", "offisers", "Ämter", "años"):
        counting = ledger._counting(unit)
        said = f"{text} 3 {unit} $3 million 3 {unit.upper()} 30 per cent 4 dólares 5 offi\u017fers"
        for found in counting.pattern.finditer(said) if counting else ():
            assert any(sign in found[0].casefold() for sign in counting.signs)


@fuzzed
@given(st.text(max_size=8))
def test_letters_and_digits_are_a_word(text: str) -> None:
    if text.isalnum():
        assert WORD.findall(text) == [text]


@pytest.fixture(scope="module", autouse=True)
def ended() -> object:
    yield None
    PANDOC.close()


PANDOC = Pandoc()
