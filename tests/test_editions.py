"""Does each edition get its own, and does what is left out leave no trace?"""

from __future__ import annotations

import pytest

from report_build import nodes as n
from report_build.document import Document
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
