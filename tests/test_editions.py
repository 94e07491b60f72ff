"""Does each edition get its own, and does what is left out leave no trace?"""

from __future__ import annotations

import pytest

from report_build import nodes as n
from report_build.document import Document
from report_build.editions import for_format
from report_build.pandoc import Pandoc
from support import checked


def edition(text: str, name: str, pandoc: Pandoc) -> Document:
    """One edition of a master."""
    found = checked(text, pandoc)
    return next(d for d in found.editions if d.edition and d.edition.id == name)


@pytest.mark.parametrize(
    ("text", "full", "hnd", "gtm"),
    [
        ('# A {audience="hnd"}\n\none\n\n# B\n\ntwo', "A one B two", "A one B two", "B two"),
        ('# A\n\n## B {audience="hnd"}\n\none\n\n### C\n\ntwo', "A B one C two", "A B one C two", ""),
        ("# A\n\nx\n\n## B {only=hnd}\n\none", "A x", "A x B one", "A x"),
        ('::: {audience="not hnd"}\none\n:::\n\ntwo', "one two", "two", "one two"),
        ("::: {.content-hidden when-profile=hnd}\none\n:::\n\ntwo", "one two", "two", "one two"),
        ("::: {.content-visible unless-profile=hnd}\none\n:::\n\ntwo", "one two", "two", "one two"),
        ("a [b]{audience=hnd}, c", "a b, c", "a b, c", "a, c"),
        ("a [b ]{audience=hnd}c [d]{audience=gtm}.", "a bc d.", "a bc.", "a c d."),
        ("- [one]{audience=hnd}\n- [two]{audience=hnd}\n\nx", "one two x", "one two x", "x"),
        ("::: {audience=hnd}\n::: {audience=gtm}\nboth\n:::\n:::\n\nx", "both x", "x", "x"),
        ('- []{audience="hnd"} one\n- two', "one two", "one two", "two"),
        ('1. one\n2. []{audience="hnd"} two\n\n   more\n3. three', "one two more three",
         "one two more three", "one three"),
        ('[Term]{audience="hnd"}\n: Meaning\n\nOther\n: Words', "Term Meaning Other Words",
         "Term Meaning Other Words", "Other Words"),
        ('[]{audience="hnd"} Term\n: Meaning\n\nx', "Term Meaning x", "Term Meaning x", "x"),
        ('| a | b |\n|---|---|\n| []{audience="hnd"} 1 | 2 |\n| 3 | 4 |', "a b 1 2 3 4",
         "a b 1 2 3 4", "a b 3 4"),
        ('| a | []{audience="hnd"} b |\n|---|---|\n| 1 | 2 |', "a b 1 2", "a b 1 2", "a 1"),
        ('| a |\n|---|\n| []{audience="hnd"} 1 |\n\nx', "a 1 x", "a 1 x", "x"),
        ('| a |\n|---|\n| 1 |\n\n: Counts [of theirs]{audience="hnd"}', "Counts of theirs a 1",
         "Counts of theirs a 1", "Counts a 1"),
        ("a, [b]{audience=hnd}, c", "a, b, c", "a, b, c", "a, c"),
        ("a ([b]{audience=hnd}) c", "a (b) c", "a (b) c", "a c"),
        ("[b]{audience=hnd}, c", "b, c", "b, c", "c"),
        ("a **[b]{audience=hnd}** c", "a b c", "a b c", "a c"),
        ("a “[b]{audience=hnd}” c", "a “b” c", "a “b” c", "a c"),
        ("> [b]{audience=hnd}\n\nx", "b x", "b x", "x"),
        ('::: {when-meta="subtitle"}\none\n:::\n\nx', "x", "x", "x"),
        ('::: {.content-visible unless-meta="subtitle"}\none\n:::\n\nx', "one x", "one x", "one x"),
        ('::: {.content-visible when-meta="title"}\none\n:::\n\nx', "one x", "one x", "one x"),
        ('[one]{.content-visible when-audience="gtm or press"} x', "one x", "x", "one x"),
        ('a[^n]\n\n[^n]: [b]{audience=hnd}', "a", "a", "a"),
    ],
)  # fmt: skip
def test_selection(text: str, full: str, hnd: str, gtm: str, pandoc: Pandoc) -> None:
    for name, expected in (("full", full), ("hnd", hnd), ("gtm", gtm)):
        blocks = edition(text, name, pandoc).blocks
        assert " ".join(n.plain(blocks).split()) == expected, name


def test_a_section_without_anything_left_goes_with_its_heading(pandoc: Pandoc) -> None:
    text = "# A\n\n## B\n\n### C {audience=hnd}\n\none\n\n# D\n\nx"
    assert [a.title for a in edition(text, "gtm", pandoc).anchors] == ["D"]
    assert [a.title for a in edition(text, "hnd", pandoc).anchors] == ["A", "B", "C", "D"]


def test_ids_do_not_change_when_a_section_is_left_out(pandoc: Pandoc) -> None:
    text = (
        "# Guatemala {#gt audience=gtm}\n\n## Recommendations\n\na\n\n"
        "# Honduras {#hn audience=hnd}\n\n## Recommendations\n\nb"
    )
    full = [a.id for a in edition(text, "full", pandoc).anchors]
    assert full == ["gt", "gt-recommendations", "hn", "hn-recommendations"]
    assert [a.id for a in edition(text, "hnd", pandoc).anchors] == ["hn", "hn-recommendations"]


def test_headings_of_symbols_have_ids(pandoc: Pandoc) -> None:
    text = "# 2025\n\na\n\n# ¿?\n\nb\n\n# Situación en Panamá\n\nc\n\n# 2025\n\nd"
    ids = [a.id for a in edition(text, "full", pandoc).anchors]
    assert ids == ["section-2025", "section", "situacion-en-panama", "section-2025-2"]


def test_a_footnote_without_anything_left_goes_with_its_call(pandoc: Pandoc) -> None:
    text = "a[^n] b[^m]\n\n[^n]: [secret]{audience=hnd}\n[^m]: shown"
    for name, count in (("hnd", 2), ("gtm", 1)):
        blocks = edition(text, name, pandoc).blocks
        assert sum(isinstance(node, n.Note) for node in n.walk(blocks)) == count


def test_figure_of_one_audience(pandoc: Pandoc) -> None:
    text = '![Map](map.png){#fig-map audience="hnd"}\n\nx'
    assert "fig-map" in edition(text, "hnd", pandoc).anchor
    gtm = edition(text, "gtm", pandoc)
    assert "fig-map" not in gtm.anchor
    assert n.plain(gtm.blocks).split() == ["x"]


def test_an_item_with_a_condition_keeps_its_id(pandoc: Pandoc) -> None:
    text = '1. []{#one audience="hnd"} one\n2. two\n'
    assert edition(text, "hnd", pandoc).anchor["one"].kind == "item"
    assert "one" not in edition(text, "gtm", pandoc).anchor


@pytest.mark.parametrize(
    ("form", "words"), [("html", "A a screen s B b"), ("pdf", "A a B b paper"), ("docx", "A a B b")]
)
def test_what_only_some_formats_have(form: str, words: str, pandoc: Pandoc) -> None:
    text = (
        "# A\n\na\n\n## screen {.content-visible when-format=html}\n\ns\n\n"
        "# B\n\nb [paper]{.content-visible when-format=pdf}\n"
    )
    document = for_format(edition(text, "full", pandoc), form)
    assert " ".join(n.plain(document.blocks).split()) == words


def test_code_of_one_audience(pandoc: Pandoc) -> None:
    text = 'a `b`{audience="hnd"} c\n\n```{audience="hnd"}\nd\n```\n'
    assert n.plain(edition(text, "hnd", pandoc).blocks).split() == ["a", "b", "c", "d"]
    assert n.plain(edition(text, "gtm", pandoc).blocks).split() == ["a", "c"]
