"""What does a finished PDF say, in the order of its tags?

The structure tree names marked content of the pages (ISO 32000-2, 14.7). A line end in the text
is a newline here: whether a space or a hyphen of the text stood there cannot be seen in the file.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pikepdf

from report_build.proofs.content import (
    CAPTION,
    CELL,
    ITEM,
    PARAGRAPH,
    QUOTATION,
    Item,
    Sequence,
    heading,
    normalised,
    within,
)
from report_build.proofs.glyphs import Key, marked

KINDS = {
    "LI": ITEM, "LBody": ITEM, "TD": CELL, "TH": CELL, "Caption": CAPTION, "BlockQuote": QUOTATION,
}  # fmt: skip
"""Structure types that say what their paragraphs are."""
BLOCKS = {*KINDS, "P", "Div", "Sect", "Part", "L", "Table", "THead", "TBody", "TFoot", "TR"}
"""Structure types that begin and end an item; `H1` to `H6` do, too."""
MARKER = re.compile(r"\s*(\d+)\.\s*")
"""What stands before a note at the foot of a page."""


def read(form: str, content: bytes) -> tuple[Item, ...]:
    """The main part of a tagged PDF, and then its notes, read with pikepdf."""
    with pikepdf.open(io.BytesIO(content)) as file:
        read = _Read(file)
        tree: Any = file.Root.get("/StructTreeRoot")
        for document in _children(tree) if tree is not None else ():
            for part in _children(document):
                read.part(part)
        return read.sequence.items


def lines(text: str) -> str:
    """A text normalised between its line ends."""
    return "\n".join(filter(None, map(normalised, text.split("\n"))))


class _Read:
    """Goes through the structure tree."""

    def __init__(self, file: Any) -> None:
        self.pages = {page.objgen: index for index, page in enumerate(file.pages)}
        self.words: Mapping[Key, str] = dict(marked(file))
        self.sequence = Sequence(lines)
        self.body = self.sequence.body
        self.rows: list[int] = []
        """How many items there are at the end of each row of a table."""
        self.head: tuple[str, ...] = ()
        """The head of the last table."""

    def part(self, node: Any) -> None:
        """What stands on one page: of the main part, or the notes at its foot."""
        if _type(node) == "Part":
            before = len(self.body)
            self.element(node, PARAGRAPH, -1)
            self.sequence.end(PARAGRAPH)
            for index in self._first(before) if before else ():
                self.body[index] = replace(self.body[index], begins=self._page(node))
            return
        for child in _children(node):
            if _type(child) == "Note":
                self._note(child)

    def _first(self, before: int) -> range:
        """The first item of a page, which may be the rest of one; of a table its first row."""
        cell = self.body[before:] and self.body[before].kind == CELL
        ends = next((end for end in self.rows if end > before), before) if cell else before + 1
        return range(before, min(ends, len(self.body)))

    def _page(self, node: Any, around: int = -1) -> int:
        return self.pages.get(node.Pg.objgen, around) if "/Pg" in node else around

    def _note(self, node: Any) -> None:
        first = next(iter(_children(node)), None)
        label = None
        if first is not None and _type(first) == "Lbl":
            self._inside(first, PARAGRAPH, self._page(first))
            label = MARKER.match(self.sequence.taken())
        self.element(node, PARAGRAPH, -1)
        text = self.sequence.taken()
        notes = self.sequence.notes
        if label:
            self.sequence.note(label[1], text)
        elif notes:  # what the page before had no room for
            notes[-1] = replace(notes[-1], text=lines(f"{notes[-1].text}\n{text}"))

    def element(self, node: Any, kind: str, page: int) -> None:
        """An element and all below it."""
        page = self._page(node, page)
        name = _type(node)
        if name == "Lbl":
            return
        if name == "Figure" or "/ActualText" in node:
            self.sequence.say("\n")  # a space beside a formula cannot be seen either
            self.sequence.show(str(node.get("/Alt", node.get("/ActualText", ""))))
            self.sequence.say("\n")
        elif kind.startswith("heading"):  # its number stands beside it, with no space in the file
            self.sequence.say("\n")
            self._inside(node, kind, page)
            self.sequence.say("\n")
        elif name in BLOCKS or re.fullmatch("H[1-6]", name) or _is_code_block(node, name):
            self._block(node, name, kind, page)
        else:
            self._inside(node, kind, page)

    def _block(self, node: Any, name: str, kind: str, page: int) -> None:
        self.sequence.end(kind)
        inner = within(kind, KINDS.get(name, kind))
        if re.fullmatch("H[1-6]", name):
            inner = heading(int(name[1]) - 1)
        before = len(self.body)
        self._inside(node, inner, page)
        if name in ("TD", "TH"):
            self.sequence.end_cell(before)
        else:
            self.sequence.end(inner)
        if name == "THead":
            self._head(before)
        if name == "TR":
            self.rows.append(len(self.body))

    def _head(self, before: int) -> None:
        """A table's head; on a further page it is there again."""
        head = tuple(item.text for item in self.body[before:])
        if self.head == head and self._continues(before):
            del self.body[before:]
        self.head = head

    def _continues(self, before: int) -> bool:
        """Whether a table begins with its head, and right after another table's cells."""
        return before > 0 and self.body[before - 1].kind == CELL

    def _inside(self, node: Any, kind: str, page: int) -> None:
        for child in _kids(node):
            if isinstance(child, int):
                self.sequence.say(self.words.get((page, child), ""))
            elif "/MCID" in child:
                self.sequence.say(self.words.get((self._page(child, page), int(child.MCID)), ""))
            elif "/S" in child:
                self.element(child, kind, page)


def _is_code_block(node: Any, name: str) -> bool:
    """Whether an element is a block of code, which has the code itself in it, and no inline code."""
    return name == "Code" and any(_type(child) == "Code" for child in _children(node))


def _type(node: Any) -> str:
    return str(node.get("/S", ""))[1:]


def _kids(node: Any) -> Iterator[Any]:
    kids = node.get("/K", ())
    yield from kids if isinstance(kids, pikepdf.Array | tuple) else (kids,)


def _children(node: Any) -> Iterator[Any]:
    return (kid for kid in _kids(node) if isinstance(kid, pikepdf.Dictionary) and "/S" in kid)
