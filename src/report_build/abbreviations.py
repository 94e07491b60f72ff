"""Which use of an abbreviation is the first? That one is expanded, in each edition anew."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from report_build import nodes as n

NEAR = 160
"""Within how many characters before it a typed expansion makes another needless."""


def expand(blocks: n.Blocks, abbreviations: Mapping[str, str]) -> tuple[n.Blocks, tuple[str, ...]]:
    """The text with first uses expanded and later ones marked, and the abbreviations used.

    Headings and captions are left alone, but count as uses.
    """
    if not abbreviations:
        return blocks, ()
    work = _Work(abbreviations)
    done = work.sequence(blocks) if blocks else ()
    return done, tuple(sorted(work.used))


class _Work:
    def __init__(self, abbreviations: Mapping[str, str]) -> None:
        self.long = abbreviations
        names = "|".join(re.escape(s) for s in sorted(abbreviations, key=len, reverse=True))
        self.pattern = re.compile(rf"(?<![\w-])(?P<short>{names})(?P<plural>s)?(?![\w-])")
        self.used: set[str] = set()
        self.explained: set[str] = set()
        self.before = ""

    def sequence(self, old: Any) -> Any:
        """A sequence of nodes with its abbreviations marked."""
        new: list[Any] = []
        for node in old:
            if isinstance(node, n.Header | n.Figure | n.CodeBlock | n.Code):
                self._note_uses(node)
                new.append(node)
            elif isinstance(node, n.Table):
                new.append(self._table(node))
            elif isinstance(node, n.Span) and "abbr" in node.attr.classes:
                new.append(node)
            elif isinstance(node, n.Str):
                new.extend(self._word(node))
                self.before += node.c
            else:
                if isinstance(node, n.Para | n.Plain):
                    self.before = ""
                self.before += " " if isinstance(node, n.Space | n.SoftBreak) else ""
                new.append(n.descend(node, self.sequence))
        return tuple(new)

    def _table(self, table: n.Table) -> n.Table:
        attr, caption, *rest = table.c
        self._note_uses(caption)
        inner: Any = n.descend(tuple(rest), self.sequence)
        return n.Table((attr, caption, *inner))

    def _note_uses(self, node: object) -> None:
        self.used.update(match["short"] for match in self.pattern.finditer(n.plain(node)))

    def _word(self, word: n.Str) -> tuple[n.AnyInline, ...]:
        match = self.pattern.search(word.c)
        if not match:
            return (word,)
        parts: list[n.AnyInline] = []
        end = 0
        for match in self.pattern.finditer(word.c):
            if match.start() > end:
                parts.append(n.Str(word.c[end : match.start()]))
            parts.append(self._use(match, self.before + word.c[: match.start()]))
            end = match.end()
        if end < len(word.c):
            parts.append(n.Str(word.c[end:]))
        return tuple(parts)

    def _use(self, match: re.Match[str], before: str) -> n.Span:
        short, plural = match["short"], match["plural"] or ""
        long = self.long[short]
        self.used.add(short)
        typed = long.casefold() in before[-NEAR - len(long) :].casefold()
        if typed or short in self.explained:
            self.explained.add(short)
            attr = n.Attr("", ("abbr",), (("title", long),))
            return n.Span((attr, (n.Str(short + plural),)))
        self.explained.add(short)
        attr = n.Attr("", ("abbr-first",))
        return n.Span((attr, (*n.text(long + plural), n.Space(), n.Str(f"({short}{plural})"))))
