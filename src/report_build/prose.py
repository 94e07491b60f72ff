"""What are the words of a paragraph, and where does each of them stand?"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from report_build import nodes as n
from report_build.audiences import Condition
from report_build.document import Document, once
from report_build.locate import WORD
from report_build.verbatim import blanked

INDENTED = re.compile(r"^(?: {4}|\t)[^\n]*\S[^\n]*$", re.M)


@dataclass(frozen=True)
class Prose:
    """The text of a paragraph, heading, item or cell, without notes and code."""

    text: str
    starts: tuple[int, ...]
    """Where in the text each word of the tree begins."""
    offsets: tuple[int, ...]
    """Where in the source it begins; -1 if that is not known."""
    kind: str
    """`heading` or `text`."""
    when: Condition
    section: str
    """The id of the section that it stands in, or whose heading it is."""
    linked: tuple[tuple[int, int], ...] = ()
    """Stretches that are links already."""

    def at(self, start: int, end: int) -> tuple[int, int]:
        """Offsets of the source for a stretch of the text."""
        index = max(bisect_right(self.starts, start) - 1, 0)
        before = (i for i in range(index, -1, -1) if self.offsets[i] >= 0)
        after = (i for i in range(index, len(self.offsets)) if self.offsets[i] >= 0)
        known = next(before, None) or next(after, None)
        if known is None:
            return 0, 0
        first = self.offsets[known] + start - self.starts[known]
        return first, first + end - start


@once
def prose(document: Document) -> tuple[Prose, ...]:
    """All texts of a document in reading order, those of notes too."""
    return tuple(_all(document))


def _all(document: Document) -> Iterator[Prose]:
    section = ""
    for node, when in document.nodes:
        if isinstance(node, n.Header):
            section = node.attr.id
            yield _prose(node.inlines, document, "heading", when, section)
        elif isinstance(node, n.Para | n.Plain):
            yield _prose(node.c, document, "text", when, section)


def _prose(
    inlines: n.Inlines, document: Document, kind: str, when: Condition, section: str
) -> Prose:
    linked: list[tuple[int, int]] = []
    words = document.words
    parts: list[str] = [""]
    starts: list[int] = [0]
    places: list[int] = [-1]
    length = 0

    def visit_all(values: n.Inlines) -> None:
        nonlocal length
        for value in values:
            tag = type(value)
            if tag is n.Str:
                text: str = value.c  # type: ignore[assignment,union-attr]
                starts.append(length)
                places.append(_place(text, words.get(id(value), -1)))
                parts.append(text)
                length += len(text)
            elif tag is n.Space or tag is n.SoftBreak or tag is n.LineBreak:
                parts.append(" ")
                length += 1
            else:
                visit(value)

    def visit(value: n.AnyInline) -> None:
        match value:
            case n.Quoted(c=(sort, inner)):
                mark = "‘’" if sort.t == "SingleQuote" else "“”"
                visit_all((n.Str(mark[0]), *inner, n.Str(mark[1])))
            case n.Note() | n.Cite():
                pass
            case n.Code() | n.Math():
                visit_all((n.Str("\ufffc"),))
            case n.Span() if "figure" in value.attr.classes:
                visit_all((n.Str("\ufffc"),))
            case n.Link():
                start = length
                visit_all(value.inlines)
                linked.append((start, length))
            case n.Span():
                visit_all(value.inlines)
            case n.Emph() | n.Strong() | n.Underline() | n.Strikeout() | n.SmallCaps():
                visit_all(value.c)
            case n.Superscript() | n.Subscript():
                visit_all(value.c)

    visit_all(inlines)
    return Prose("".join(parts), tuple(starts), tuple(places), kind, when, section, tuple(linked))


def _place(text: str, known: int) -> int:
    """Where a piece of text begins, if it is known where its first word does."""
    if known < 0 or text[:1].isalnum():
        return known
    word = WORD.search(text)
    return known - word.start() if word else -1


@once
def quiet(document: Document) -> str:
    """The source with its comments and all its code as spaces; every offset stays.

    Which indented lines are code only the tree can tell.
    """
    text = blanked(document.source.text, "comment", "fence", "code")
    code = {
        line.strip()
        for node in document.walked
        if isinstance(node, n.CodeBlock)
        for line in node.c[1].splitlines()
    }

    def blank(match: re.Match[str]) -> str:
        return " " * len(match[0]) if match[0].strip() in code else match[0]

    return INDENTED.sub(blank, text) if code else text
