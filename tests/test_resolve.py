"""Do references, numbers, abbreviations and figures say the right words in each edition?"""

from __future__ import annotations

import pytest

from report_build import labels, templates
from report_build import nodes as n
from report_build.pandoc import Pandoc
from report_build.resolve import resolve
from support import checked

DAYS = """---
headings: [{kind: day, style: words}, {kind: section, style: roman}, {kind: section}]
abbreviations: {CTOC: Countering Transnational Organized Crime, LNO: liaison officer}
figures:
  online: {value: 30, unit: percent, label: Online, qualifier: about}
  cost: {value: 3000000000, unit: usd, label: Cost}
  share: {value: 60, to: 75, unit: percent, label: Share}
  rank: {value: 14, unit: rank, label: Rank}
---
"""
TEXT = """
# First {#d1}

## Alpha {#d1-s1}

### One {#d1-s1-one audience="gtm"}

secret

### Two {#d1-s1-two}

@

# Second {#d2}

## Beta {#d2-s1}

### Three {#d2-s1-three audience="hnd"}

x

| a |
|---|
| b |

: Counts {#tbl-counts}

# Foreword {#foreword .unnumbered}

words
"""


def said(sentence: str, pandoc: Pandoc, name: str = "full", extra: str = "") -> str:
    """What a sentence in section I.2 of Day One becomes."""
    found = checked(
        DAYS.replace("headings", extra + "headings") + TEXT.replace("@", sentence, 1), pandoc
    )
    assert not found.failed, found.diagnostics
    document = next(d for d in found.editions if d.edition and d.edition.id == name)
    words = labels.load("en", templates.templates_folder())
    blocks = resolve(document, words, "../full/master.html").document.blocks
    index = next(
        i for i, b in enumerate(blocks) if isinstance(b, n.Header) and b.attr.id == "d1-s1-two"
    )
    return n.plain(blocks[index + 1]).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("sentence", "full"),
    [
        ("See @d1-s1-one.", "See Section I.1."),
        ("See @d2-s1-three.", "See Section I.1 of Day Two."),
        ("See @d2.", "See Day Two."),
        ("@D2-s1 says", "Section I of Day Two says"),
        ("number [-@d2-s1-three]", "number I.1"),
        ("[Part @d1-s1-one]", "Part I.1"),
        ("[@d1-s1-one; @d1-s1-two]", "Sections I.1 and I.2"),
        ("[words](#d2)", "words"),
        ("[](#tbl-counts)", "Table 1"),
        ("@tbl-counts", "Table 1"),
        ("@foreword", "“Foreword”"),
        ("CTOC and CTOC", "Countering Transnational Organized Crime (CTOC) and CTOC"),
        ("LNOs met", "liaison officers (LNOs) met"),
        ("[online]{.figure}", "about 30%"),
        ("[cost]{.figure}", "$3 billion"),
        ("[share]{.figure}", "60–75%"),
        ("[rank]{.figure}", "14th"),
        ('it\'s "so"', "it’s “so”"),
    ],
)
def test_in_the_full_edition(sentence: str, full: str, pandoc: Pandoc) -> None:
    assert said(sentence, pandoc) == full


@pytest.mark.parametrize(
    ("how", "sentence", "words"),
    [
        ("text", "See @d1-s1-one.", "See section I.1 of Day One of the full proceedings."),
        ("text", "See [the plan](#d1-s1-one).", "See the plan."),
        ("omit", "See [the plan](#d1-s1-one).", "See the plan."),
        ("external", "See @d1-s1-one.", "See section I.1 of Day One of the full proceedings."),
    ],
)
def test_what_is_left_out_becomes_words(
    how: str, sentence: str, words: str, pandoc: Pandoc
) -> None:
    assert said(sentence, pandoc, "hnd", f"on-filtered: {how}\n") == words


def test_a_handout_keeps_the_numbers_of_the_proceedings_or_counts_its_own(pandoc: Pandoc) -> None:
    assert said("@d1-s1-two", pandoc, "hnd") == "Section I.2"
    assert said("@d1-s1-two", pandoc, "hnd", "numbering: local\n") == "Section I.1"
