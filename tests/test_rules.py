"""Does each rule find what its manual page calls bad, and nothing in what it calls good?"""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

import support
from report_build import rules
from report_build.diagnostics import Diagnostic
from report_build.pandoc import Pandoc
from report_build.validation import Rule
from support import checked, master, translated

EXAMPLE = re.compile(r"^ *(Bad|Good):\n((?:\n|^ .*\n?)*?)(?=^ *(?:Bad|Good):|\Z)", re.M)

PICTURE = {"small.png": (Path(__file__).parent / "met/files/img/small.png").read_bytes()}
"""Stands beside the examples."""


def examples(rule: Rule) -> list[tuple[str, str]]:
    """The examples of a rule's manual page."""
    manual = textwrap.dedent("    " + rule.manual)
    return [(m[1], textwrap.dedent(m[2]).strip() + "\n") for m in EXAMPLE.finditer(manual)]


CASES = [
    pytest.param(rule, kind, text, id=f"{rule.name}-{kind}-{index}")
    for rule in rules.ALL
    for index, (kind, text) in enumerate(examples(rule))
]


@pytest.mark.parametrize(("rule", "kind", "text"), CASES)
def test_examples(rule: Rule, kind: str, text: str, pandoc: Pandoc) -> None:
    original, _, translation = text.partition("\n%%% es\n")
    found = (
        translated(original, translation, pandoc) if translation else checked(text, pandoc, PICTURE)
    )
    names = {one.rule for one in found.diagnostics}
    assert (rule.name in names) == (kind == "Bad"), names


@pytest.mark.parametrize("rule", rules.ALL, ids=lambda rule: rule.name)
def test_every_rule_has_both_kinds_of_example(rule: Rule) -> None:
    assert {kind for kind, _ in examples(rule)} == {"Bad", "Good"}


SPANISH = """---
marking: Regla de Chatham House
people: {names: [Ana Pérez]}
figures:
  red: {value: 30.5, unit: percent, label: Población conectada}
---

# Apertura {#apertura}

Véase la Sección 1, las secciones 1 y 7, la Figura 2 y el Cuadro XX; otra cosa es la Sección 1 del
tratado. Habló Pérez, y respondió la Ministra Solís.

La población conectada es el 35,5 por ciento. La población conectada es el 30,5 por ciento.
"""


def test_rules_know_the_language(pandoc: Pandoc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(support, "FRONT", support.FRONT.replace("lang: en", "lang: es"))
    found = checked(SPANISH, pandoc).diagnostics
    assert [(one.rule, said(one)) for one in found] == [
        ("typed-reference", "Sección 1"),
        ("typed-reference", "secciones 1"),
        ("typed-reference-to-nothing", "7"),
        ("typed-reference-to-nothing", "Figura 2"),
        ("placeholder", "Cuadro XX"),
        ("named-person", "Pérez"),
        ("titled-person", "Ministra Solís"),
        ("number-against-ledger", "35,5"),
        ("number-typed-by-hand", "30,5"),
    ]


def said(one: Diagnostic) -> str:
    """What a message quotes, or the number whose place it tells."""
    quoted = re.match("“(.+?)”", one.message)
    lines = master(SPANISH).splitlines()
    assert one.place
    typed = lines[one.place.line - 1][one.place.column - 1 :]
    number = re.match(r"\d+,\d+", typed)
    if number:
        return number[0]
    assert quoted and typed.startswith(quoted[1])
    return quoted[1]


PART = {"part.md": b"## Inside\n\nWords {#id}.[^n] TODO.\n\n[^n]: See Section 1.\n"}


def test_places_are_those_of_the_part(pandoc: Pandoc) -> None:
    found = checked("# One\n\n{{< include part.md >}}\n", pandoc, PART).diagnostics
    places = [(one.rule, one.place.file, one.place.line, one.place.column) for one in found]  # type: ignore[union-attr]
    assert places == [
        ("leftover-markup", "part.md", 3, 7),
        ("placeholder", "part.md", 3, 18),
        ("typed-reference", "part.md", 5, 11),
    ]


def test_an_edition_has_a_marking_of_its_own(
    pandoc: Pandoc, monkeypatch: pytest.MonkeyPatch
) -> None:
    front = support.FRONT.replace(
        "press, formats: [html]", "press, formats: [html], marking: CHATHAM HOUSE"
    )
    monkeypatch.setattr(support, "FRONT", front)
    text = (
        "---\npeople: {names: [Ana Ruiz]}\n---\n\n"
        '# For the press {audience="press"}\n\nRuiz spoke.\n\n'
        '# Honduras {audience="hnd"}\n\nIn Honduras, Ruiz was silent.\n'
    )
    found = [one for one in checked(text, pandoc).diagnostics if one.rule == "named-person"]
    assert len(found) == 1
    assert found[0].place and master(text).splitlines()[found[0].place.line - 1] == "Ruiz spoke."
