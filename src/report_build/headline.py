"""How does a title look that has words in italics, or lines of its own?

`Countering *transregional* threats\\` and a new line: this little of Markdown means something in
titles, and only on title pages; everywhere else they are plain text on one line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MARKS = re.compile(r"\*(?P<stressed>[^*\n]+)\*|(?P<end>\\?\n\s*)")


@dataclass(frozen=True)
class Part:
    """Words of a title, in italics or not, or the end of a line."""

    text: str
    stressed: bool = False
    ends_line: bool = False


def parts(title: str) -> tuple[Part, ...]:
    """A title as a title page shows it."""
    found, end = [], 0
    for mark in MARKS.finditer(title := title.strip()):
        found += [Part(title[end : mark.start()])]
        found += [
            Part(mark["stressed"], stressed=True) if mark["stressed"] else _break(mark["end"])
        ]
        end = mark.end()
    return tuple(part for part in (*found, Part(title[end:])) if part.text or part.ends_line)


def _break(mark: str) -> Part:
    return Part("", ends_line=True) if mark.startswith("\\") else Part(" ")


def plain(title: str) -> str:
    """A title on one line, without marks."""
    return " ".join("".join(" " if p.ends_line else p.text for p in parts(title)).split())
