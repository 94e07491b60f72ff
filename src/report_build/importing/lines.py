"""What is a line of an old document, and what is known of it?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from statistics import median

WORD = re.compile(r"\w+")
FOOT = 0.92
"""What is set smaller than this share of the text is a note, or stands at the edge."""


@dataclass(frozen=True)
class Line:
    """A line as it was read, without the space around it."""

    text: str
    number: int
    """Of the line in a text file; in a PDF it counts through all pages."""
    starts: bool = False
    """Whether something begins here: a line was left blank, or there is more space."""
    turns: bool = False
    """Whether a page or a column begins here, so that what begins may only go on."""
    page: int = 0
    size: float = 0.0
    """Of its letters, in points; 0 if it is not known, as in a text."""
    bold: bool = False
    left: float = 0.0
    width: float = 0.0
    """Where it begins and how wide it is, in points, or in letters if it is a text's."""
    cells: tuple[str, ...] = ()
    """The cells of a table's row, if it is one; rows of one table follow each other."""

    @property
    def place(self) -> str:
        """Where to look for it."""
        if self.page:
            return f"page {self.page}"
        return f"line {self.number}" if self.number else ""


def of_text(text: str) -> tuple[Line, ...]:
    """The lines of a text that was taken out of a PDF.

    Where a page or a column begins, some programs leave a space, and others a form feed.
    """
    found: list[Line] = []
    blank = True
    for number, raw in enumerate(text.replace("\f", "\n\f").split("\n"), 1):
        words = raw.strip(" \t\r\f\ufeff")
        if words:
            turns = not blank and raw[:1] in (" ", "\f")
            found.append(
                Line(words, number, blank or turns, turns or blank, width=float(len(words)))
            )
        blank = not words
    return tuple(found)


def usual_width(lines: Iterable[Line]) -> float:
    """How wide a full line is."""
    widths = sorted(line.width for line in lines)
    return median(widths[len(widths) // 3 :]) if widths else 0.0


def usual_size(lines: Iterable[Line]) -> float:
    """How large most letters are."""
    count: dict[float, int] = {}
    for line in lines:
        count[line.size] = count.get(line.size, 0) + len(line.text)
    return max(count, key=lambda size: count[size], default=0.0)


def groups(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Lines that stand together: one ends where the next begins."""
    group: list[Line] = []
    for line in lines:
        if (line.starts or line.cells) and group:
            yield group
            group = []
        group.append(line)
    if group:
        yield group
