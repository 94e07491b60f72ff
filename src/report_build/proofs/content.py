"""What must stand in an edition, whatever its format?

The composed document as a sequence of items: first the text in reading order, then its notes in
the order of their calls. What a format shows otherwise on purpose is listed in `parity.MEANT`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from report_build import nodes as n
from report_build.document import Document

PARAGRAPH, ITEM, TERM, DEFINITION = "paragraph", "list item", "term", "definition"
QUOTATION, CODE, CELL, CAPTION = "quotation", "code", "table cell", "caption"
PICTURE, NOTE = "picture", "footnote"
FORMULA = "\N{OBJECT REPLACEMENT CHARACTER}"
"""What stands for a formula where its TeX cannot be read."""
DEEPEST = 5
"""Levels of headings that all formats tell apart."""
BOXES = "☐☒"
"""What stands first in an item that is a task."""
UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff\ufe0e\ufe0f"))
HYPHENS = dict.fromkeys(map(ord, "\u2010\u2011"), "-")


@dataclass(frozen=True)
class Item:
    """A heading, paragraph, item, cell, caption, picture or note, and its words."""

    kind: str
    text: str
    id: str = ""
    """The nearest id before it; nothing in a finished file."""
    begins: int = 0
    """The page that it begins, if it does: it may be the rest of the item before it."""


def normalised(text: str) -> str:
    """A text as it is compared: one space for any white space, no ligatures, no marks of breaks."""
    plain = unicodedata.normalize("NFKC", text.translate(UNSEEN)).translate(HYPHENS)
    return " ".join(plain.split())


def heading(level: int) -> str:
    """The kind of a heading."""
    return f"heading {min(level, DEEPEST)}"


def within(kind: str, new: str) -> str:
    """The kind of paragraphs in a list or quotation: in a table they are a cell's all the same."""
    return kind if kind in (CELL, NOTE) else new


@dataclass(frozen=True)
class Medium:
    """What a format prints in the place of references to pages, and of formulas."""

    pages: Mapping[str, int] = field(default_factory=dict)
    """Pages of anchors; none where a reference to a page says the number of its target."""
    page_word: str = "page"
    tex: bool = False
    """Whether formulas are pictures that have their TeX as alternative text."""


class Sequence:
    """Items as somebody meets them who reads a document, and apart from them its notes."""

    def __init__(self, form: Callable[[str], str] = normalised) -> None:
        self.form = form
        """How a text becomes one that is compared."""
        self.body: list[Item] = []
        self.notes: list[Item] = []
        self.id = ""
        self._parts: list[str] = []
        self._pictures: list[str] = []

    @property
    def items(self) -> tuple[Item, ...]:
        """The text, and then its notes."""
        return (*self.body, *self.notes)

    def say(self, text: str) -> None:
        """More words of the present item."""
        self._parts.append(text)

    def show(self, alternative: str) -> None:
        """A picture among the words of the present item."""
        self._pictures.append(alternative)
        self._parts.append(alternative)

    def taken(self) -> str:
        """The words of the present item, which is none after that."""
        text = "".join(self._parts)
        self._parts, self._pictures = [], []
        return text

    def end(self, kind: str) -> None:
        """The present item ends; one without words is none, one that is a picture alone is that."""
        alone = len(self._pictures) == 1
        picture = self._pictures[0].strip() if alone else ""
        text = self.taken()
        self.add(PICTURE if picture and picture == text.strip() else kind, text)

    def add(self, kind: str, text: str) -> None:
        """A whole item."""
        if words := self.form(text):
            self.body.append(Item(kind, words, self.id))

    def end_cell(self, before: int) -> None:
        """A cell ends: it is an item even if there is none in it, after those `before` it."""
        self.end(CELL)
        if len(self.body) == before:
            self.body.append(Item(CELL, "", self.id))

    def note(self, number: object, text: str) -> None:
        """A note with the number of its call."""
        self.notes.append(Item(NOTE, self.form(f"{number} {text}"), self.id))


def expected(document: Document, medium: Medium) -> tuple[Item, ...]:
    """All that a composed document says, in reading order."""
    told = _Told(medium)
    told.blocks(document.blocks, PARAGRAPH)
    return told.sequence.items


class _Told:
    """Goes through a tree, block by block."""

    def __init__(self, medium: Medium) -> None:
        self.medium = medium
        self.sequence = Sequence()

    def blocks(self, blocks: n.Blocks, kind: str) -> None:
        """Blocks whose paragraphs are of a kind."""
        for block in blocks:
            self.sequence.id = getattr(block, "attr", n.NO_ATTR).id or self.sequence.id
            self._block(block, kind)

    def _block(self, node: n.AnyBlock, kind: str) -> None:
        match node:
            case n.Header(c=(level, attr, inlines)):
                self._item(heading(level), n.Str(attr.get("number")), n.Space(), *inlines)
            case n.Para(c=inlines) | n.Plain(c=inlines):
                self._item(kind, *inlines)
            case n.LineBlock(c=lines):
                self._item(kind, *(x for line in lines for x in (*line, n.LineBreak())))
            case n.CodeBlock(c=(_, code)):
                self.sequence.add(within(kind, CODE), code)
            case n.Div(c=(_, inner)):
                self.blocks(inner, kind)
            case n.BlockQuote(c=inner):
                self.blocks(inner, within(kind, QUOTATION))
            case n.OrderedList(c=(_, items)) | n.BulletList(c=items):
                for item in items:
                    self.blocks(_without_box(item), within(kind, ITEM))
            case n.DefinitionList(c=entries):
                for term, meanings in entries:
                    self._item(within(kind, TERM), *term)
                    for meaning in meanings:
                        self.blocks(meaning, within(kind, DEFINITION))
            case n.Table():
                self._table(node, within(kind, CAPTION))
            case n.Figure():
                self.blocks(node.blocks, kind)
                self.blocks(node.caption.blocks, within(kind, CAPTION))

    def _item(self, kind: str, *inlines: n.AnyInline) -> None:
        self._inlines(inlines)
        self.sequence.end(kind)

    def _table(self, node: n.Table, kind: str) -> None:
        _, caption, _, head, bodies, foot = node.c
        self.blocks(caption.blocks, kind)
        of_bodies = (row for body in bodies for row in (*body.head, *body.rows))
        for row in (*head.rows, *of_bodies, *foot.rows):
            for cell in row.cells:
                before = len(self.sequence.body)
                self.blocks(cell.blocks, CELL)
                self.sequence.end_cell(before)

    # ------------------------------------------------------------------ inlines

    def _inlines(self, inlines: n.Inlines) -> None:
        for node in inlines:
            self._inline(node)

    def _inline(self, node: Any) -> None:
        match node:
            case n.Str(c=text):
                self.sequence.say(text)
            case n.Space() | n.SoftBreak() | n.LineBreak():
                self.sequence.say(" ")
            case n.Note(c=blocks):
                self._note(blocks)
            case n.Image(c=(attr, inlines, _)):
                self.sequence.show(attr.get("alt") or n.plain(inlines))
            case n.Math(c=(_, tex)):
                if self.medium.tex:
                    self.sequence.show(tex)
                else:
                    self.sequence.say(FORMULA)
            case n.Span() if self.medium.pages.get(node.attr.get("for")) and _is_page(node):
                page = self.medium.pages[node.attr.get("for")]
                self.sequence.say(f"{self.medium.page_word} {page}")
            case n.Span(c=(attr, inlines)) if "equation" in attr.classes and attr.has("number"):
                self._inlines(inlines)
                self.sequence.say(f" ({attr.get('number')})")
            case n.Cite(c=(_, inlines)) | n.Link(c=(_, inlines, _)) | n.Span(c=(_, inlines)):
                self._inlines(inlines)
            case n.Code() | n.Quoted():
                self.sequence.say(n.plain(node))
            case n.RawInline():
                pass
            case _:
                self._inlines(node.c)

    def _note(self, blocks: n.Blocks) -> None:
        number = len(self.sequence.notes) + 1
        self.sequence.say(str(number))
        inner = _Told(self.medium)
        inner.blocks(blocks, NOTE)
        self.sequence.note(number, " ".join(item.text for item in inner.sequence.body))


def _without_box(item: n.Blocks) -> n.Blocks:
    """An item without the box of a task, which formats draw as its mark."""
    match item:
        case (n.Plain(c=inlines) | n.Para(c=inlines) as first, *others):
            if inlines and isinstance(inlines[0], n.Str) and inlines[0].c in BOXES:
                return (type(first)(inlines[1:]), *others)
    return item


def _is_page(node: n.Span) -> bool:
    return "ref-page" in node.attr.classes
