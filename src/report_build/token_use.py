"""Which formats have use for a token of the theme? Only their files are made anew when it changes."""

from __future__ import annotations

import re

EVERY = frozenset({"html", "pdf", "docx", "epub"})
PAGES, SCREENS, BOOK = frozenset({"pdf", "docx"}), frozenset({"html", "epub"}), frozenset({"epub"})
PAPER, SCREEN, WORD = frozenset({"pdf"}), frozenset({"html"}), frozenset({"docx"})
ELSEWHERE = {
    # sheets, and lines that are in points
    r"page\.|cover\.|table\.(rule|frame)|callout\.bar": PAGES,
    r"typography\.screen|spacing\.measure|color\..*\.dark": SCREEN,
    # a reader's book has its own colours of text and ground, and no fields of colour
    r"color\.(foreground|surface|field)\.light|color\.on-field": EVERY - BOOK,
    r"roles\.cover-(title|subtitle)|roles\.cover-(marking|edition)\.ink": EVERY - BOOK,
    r"roles\.(title|subtitle)\.": BOOK,
    r"color\.background\.light": SCREEN | WORD,  # paper is as it is
    r"typography\.link\.color": EVERY - BOOK,
    # contents stand beside the text on screens, and books have contents of their own
    r"roles\.contents-title": PAGES,
    r"roles\.contents-\d\.(before|after)": PAGES,
    r"roles\.contents-\d\.keep": EVERY - BOOK,
    # what stands in the margins of pages; a page has its end for that, if anything
    r"roles\.page-number": PAGES,
    r"roles\.running-head": EVERY - BOOK,
    r"roles\.marking\.line-height": PAPER | SCREEN,
    r"roles\.marking\.(font|step|weight|tracking)": EVERY - BOOK,
    r"roles\.cover-publisher": EVERY - SCREEN,
    r"roles\.(question|footnote)\.after": EVERY - SCREEN,
    # in Word these are letters in a paragraph of another role, whose lines and place they share
    r"roles\.heading-number\.after": PAPER,
    r"roles\.heading-number\.(line-height|keep)|roles\.table-header\.keep": PAPER | SCREEN,
    r"roles\.(caption-label|cover-label|key-figure-(value|note))\.line-height": EVERY - WORD,
    r"roles\.callout-title\.keep": EVERY - WORD,  # always kept
}
"""Which style sheets and styles have use for a token, where that is not all of them, and why."""
DRAWN = re.compile(r"color\..*\.light$")
"""Charts are in all formats, and have colours of the theme."""


def styled_by(token: str) -> frozenset[str]:
    """The formats whose style sheet or styles a token reaches."""
    found = (formats for pattern, formats in ELSEWHERE.items() if re.match(pattern, token))
    return next(found, EVERY)


def used_by(token: str) -> frozenset[str]:
    """The formats whose files may look different when a token changes."""
    return EVERY if DRAWN.match(token) else styled_by(token)
