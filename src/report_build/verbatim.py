"""Where does the text mean itself? In code and comments nothing is a directive or a mark.

Found here: fenced code (closed by a fence as long as the opening one), code spans (within
their paragraph) and HTML comments. What is not closed is no such thing, as in pandoc.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

MARK = re.compile(
    r"^[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)?(?P<fence>`{3,}(?=[^`\n]*$)|~{3,}).*$"
    r"|(?P<comment><!--)|(?P<ticks>`+)|\\.",
    re.MULTILINE,
)
CLOSING = re.compile(r"^[ \t>]*(?P<fence>`{3,}|~{3,})[ \t]*$", re.MULTILINE)
BLANK_LINE = re.compile(r"\n[ \t]*\n|\Z")
TICKS = re.compile(r"`+")


class Verbatim(NamedTuple):
    """A stretch that means itself; `kind` is fence, code or comment."""

    start: int
    end: int
    kind: str


@lru_cache(16)
def verbatim(text: str) -> tuple[Verbatim, ...]:
    """All such stretches of a Markdown text in their order; none overlaps another."""
    ends = _Ends(text)
    found: list[Verbatim] = []
    at = 0
    while mark := MARK.search(text, at):
        kind, end = ends.of(mark)
        if kind and end > 0:
            found.append(Verbatim(mark.start(), end, kind))
        at = end if end > 0 else mark.end(mark.lastgroup or 0)
    return tuple(found)


def within(stretches: Sequence[Verbatim], offset: int) -> Verbatim | None:
    """The stretch that an offset lies in."""
    index = bisect_right(stretches, offset, key=lambda stretch: stretch.start) - 1
    return stretches[index] if index >= 0 and offset < stretches[index].end else None


def blanked(text: str, *kinds: str) -> str:
    """The text with its comments, fences or code spans as spaces; every offset stays."""
    parts, end = [], 0
    for stretch in verbatim(text):
        if stretch.kind in kinds:
            blank = re.sub(r"[^\n]", " ", text[stretch.start : stretch.end])
            parts += [text[end : stretch.start], blank]
            end = stretch.end
    return "".join((*parts, text[end:]))


class _Ends:
    """Finds where a stretch ends; never searches twice in vain, so that it stays linear."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.fences = list(CLOSING.finditer(text))
        self.fence_starts = [fence.start() for fence in self.fences]
        self.never: dict[str, int] = {}  # the shortest fence of each kind that nothing closes
        self.last_comment_end = text.rfind("-->")
        self.ticks: dict[int, list[int]] = {}
        for run in TICKS.finditer(text):
            self.ticks.setdefault(len(run[0]), []).append(run.start())
        self.paragraph_end = 0

    def of(self, mark: re.Match[str]) -> tuple[str, int]:
        """The kind of the stretch that a mark opens, and its end (0: it is not closed)."""
        match mark.lastgroup:
            case "fence":
                return "fence", self.of_fence(mark["fence"], mark.end())
            case "comment":
                return "comment", self.of_comment(mark.end())
            case "ticks":
                return "code", self.of_code(len(mark["ticks"]), mark.end())
        return "", 0

    def of_fence(self, fence: str, at: int) -> int:
        if len(fence) >= self.never.get(fence[0], len(fence) + 1):
            return 0
        for closing in self.fences[bisect_left(self.fence_starts, at) :]:
            if closing["fence"].startswith(fence):
                return closing.end()
        self.never[fence[0]] = len(fence)
        return 0

    def of_comment(self, at: int) -> int:
        return self.text.index("-->", at) + 3 if at <= self.last_comment_end else 0

    def of_code(self, length: int, at: int) -> int:
        if at > self.paragraph_end:
            blank = BLANK_LINE.search(self.text, at)
            self.paragraph_end = blank.start() if blank else len(self.text)
        starts = self.ticks.get(length, [])
        index = bisect_left(starts, at)
        closed = index < len(starts) and starts[index] < self.paragraph_end
        return starts[index] + length if closed else 0
