"""What does a finished Word file say, in reading order?"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from lxml import etree

from report_build.proofs.content import (
    CAPTION,
    CELL,
    CODE,
    DEFINITION,
    FORMULA,
    ITEM,
    PARAGRAPH,
    QUOTATION,
    TERM,
    Item,
    Sequence,
    heading,
    within,
)

SAFE = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
STYLES = (
    (r"(Table|Image)Caption", CAPTION),
    (r"(List|Callout(?=List)).*", ITEM),
    ("SourceCode", CODE),
    ("DefinitionTerm", TERM),
    ("Definition", DEFINITION),
    ("BlockText", QUOTATION),
)
"""What a paragraph is by the id of its style; all others are paragraphs."""
LEFT_OUT = re.compile(
    r"Cover.*|Title|Subtitle|SectionEnd|TOC.*|ContentsHeading|TableOfFigures|TableofFigures"
)
"""Styles of the title page and of the lists before the text."""
SPACES = {f"{W}tab", f"{W}br", f"{W}cr"}


def read(form: str, content: bytes) -> tuple[Item, ...]:
    """The text of a Word file, and then its notes in the order of their calls, read with lxml."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        document: Any = etree.fromstring(archive.read("word/document.xml"), SAFE)
        text = _Read()
        text.blocks(document.find(f"{W}body"), PARAGRAPH)
        parts = [name for name in archive.namelist() if name == "word/footnotes.xml"]
        roots: list[Any] = [etree.fromstring(archive.read(part), SAFE) for part in parts]
    notes = {note.get(f"{W}id"): note for root in roots for note in root.iter(f"{W}footnote")}
    for number, name in enumerate(text.calls, 1):
        text.note(number, notes.get(name))
    return text.sequence.items


class _Read:
    """Goes through paragraphs and tables."""

    def __init__(self) -> None:
        self.sequence = Sequence()
        self.calls: list[str] = []

    def blocks(self, parent: Any, kind: str) -> None:
        """Paragraphs and tables of the body, of a cell or of a note."""
        for node in parent:
            if node.tag == f"{W}p":
                self._paragraph(node, kind)
            elif node.tag == f"{W}tbl":
                self._table(node)
            elif node.tag == f"{W}sdt" and node.find(f"{W}sdtPr/{W}docPartObj") is None:
                self.blocks(node.find(f"{W}sdtContent"), kind)

    def note(self, number: int, note: Any) -> None:
        """A note by the number of its call; one that is called and not there has no words."""
        inner = _Read()
        if note is not None:
            inner.blocks(note, PARAGRAPH)
        self.sequence.note(number, " ".join(item.text for item in inner.sequence.body))

    def _table(self, table: Any) -> None:
        for cell in table.iterfind(f"{W}tr/{W}tc"):
            merged = cell.find(f"{W}tcPr/{W}vMerge")
            if merged is not None and merged.get(f"{W}val", "continue") == "continue":
                continue
            before = len(self.sequence.body)
            self.blocks(cell, CELL)
            self.sequence.end_cell(before)

    def _paragraph(self, paragraph: Any, kind: str) -> None:
        found = paragraph.find(f"{W}pPr/{W}pStyle")
        style = "" if found is None else str(found.get(f"{W}val"))
        if kind == PARAGRAPH and LEFT_OUT.fullmatch(style):
            return
        if re.fullmatch(r"Abbreviation.*|KeyFigure.*", style):
            self._pair(paragraph, figure=style.startswith("Key"))
            return
        for node in _pieces(paragraph):
            self._piece(node)
        self.sequence.end(within(kind, _kind(paragraph, style)))

    def _pair(self, paragraph: Any, figure: bool) -> None:
        """A term and its meaning on one line; of a key figure the meaning, its value, comes first."""
        pieces = list(_pieces(paragraph))
        gap = next((i for i, node in enumerate(pieces) if node.tag in SPACES), len(pieces))
        halves = []
        for half in (pieces[:gap], pieces[gap:]):
            for node in half:
                self._piece(node)
            halves.append(self.sequence.taken())
        term, meaning = reversed(halves) if figure else halves
        self.sequence.add(TERM, term)
        self.sequence.add(DEFINITION, meaning)

    def _piece(self, node: Any) -> None:
        say = self.sequence.say
        if node.tag == f"{W}t":
            say(node.text or "")
        elif node.tag in SPACES:
            say(" ")
        elif node.tag == f"{W}noBreakHyphen":
            say("-")
        elif node.tag == f"{W}footnoteReference":
            self.calls.append(str(node.get(f"{W}id")))
            say(str(len(self.calls)))
        elif node.tag == f"{WP}docPr":
            self.sequence.show(node.get("descr") or "")
        elif node.tag == f"{M}oMath":
            say(FORMULA)


def _pieces(node: Any) -> Iterator[Any]:
    """What of a paragraph is read: not what is deleted, nor what stands in for what is shown."""
    for child in node:
        if child.tag in (f"{W}del", f"{W}moveFrom", FALLBACK, f"{W}pPr", f"{W}rPr"):
            continue
        yield child
        if child.tag != f"{M}oMath":
            yield from _pieces(child)


def _kind(paragraph: Any, style: str) -> str:
    level = re.match(r"Heading(\d)", style)
    if level:
        return heading(int(level[1]))
    if paragraph.find(f"{W}pPr/{W}numPr") is not None:
        return ITEM
    return next((kind for form, kind in STYLES if re.fullmatch(form, style)), PARAGRAPH)
