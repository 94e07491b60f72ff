"""What does a finished PDF say, in the order of its tags?

The structure tree names marked content of the pages (ISO 32000-2, 14.7 and 14.6), whose glyphs
the fonts map to characters (9.10.3). A line end in the text is a newline here: whether a space
or a hyphen of the text stood there cannot be seen in the file.
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

KINDS = {
    "LI": ITEM, "LBody": ITEM, "TD": CELL, "TH": CELL, "Caption": CAPTION, "BlockQuote": QUOTATION,
}  # fmt: skip
"""Structure types that say what their paragraphs are."""
BLOCKS = {*KINDS, "P", "Div", "Sect", "Part", "L", "Table", "THead", "TBody", "TFoot", "TR"}
"""Structure types that begin and end an item; `H1` to `H6` do, too."""
MARKER = re.compile(r"\s*(\d+)\.\s*")
"""What stands before a note at the foot of a page."""
EM = 1000.0
"""In what glyphs and gaps are measured: thousandths of the size of the letters."""
GAP = 0.15
"""Share of the size of the letters that parts two words: a space between links is not drawn."""
UNKNOWN = ("\N{REPLACEMENT CHARACTER}", EM)
Key = tuple[int, int]
"""A page and the number of marked content on it."""


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
        self.words: Mapping[Key, str] = dict(_marked(file))
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
        if all(_type(child) == "Span" for child in _children(node)):
            for child in _children(node):
                self._note(child)

    def _first(self, before: int) -> range:
        """The first item of a page, which may be the rest of one; of a table its first row."""
        cell = self.body[before:] and self.body[before].kind == CELL
        ends = next((end for end in self.rows if end > before), before) if cell else before + 1
        return range(before, min(ends, len(self.body)))

    def _page(self, node: Any, around: int = -1) -> int:
        return self.pages.get(node.Pg.objgen, around) if "/Pg" in node else around

    def _note(self, node: Any) -> None:
        self.element(node, PARAGRAPH, -1)
        text = self.sequence.taken()
        notes = self.sequence.notes
        first = next(iter(_children(node)), None)
        label = MARKER.match(text) if first is not None and _type(first) == "NonStruct" else None
        if label:
            self.sequence.note(label[1], text[label.end() :])
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
        elif name in BLOCKS or re.fullmatch("H[1-6]", name):
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


def _type(node: Any) -> str:
    return str(node.get("/S", ""))[1:]


def _kids(node: Any) -> Iterator[Any]:
    kids = node.get("/K", ())
    yield from kids if isinstance(kids, pikepdf.Array | tuple) else (kids,)


def _children(node: Any) -> Iterator[Any]:
    return (kid for kid in _kids(node) if isinstance(kid, pikepdf.Dictionary) and "/S" in kid)


# ------------------------------------------------------------------ marked content


OPERATORS = "BDC BMC EMC Tf TJ Tj ' \" Tm Do"


def _marked(file: Any) -> Iterator[tuple[Key, str]]:
    """The characters of each piece of marked content of each page."""
    fonts: dict[Any, _Font] = {}
    for index, page in enumerate(file.pages):
        found: dict[int, list[str]] = {}
        _Glyphs(fonts, found).stream(page.obj, page.obj.get("/Resources", {}))
        for number, parts in found.items():
            yield (index, number), "".join(parts)


class _Glyphs:
    """Goes through the content of a page."""

    def __init__(self, fonts: dict[Any, _Font], found: dict[int, list[str]]) -> None:
        self.fonts, self.found = fonts, found
        self.marks: list[int | None] = [None]
        self.font = _Font(None)
        self.size = 0.0
        self.at = (0.0, 0.0)
        """Where the next text begins."""
        self.ends = self.line = 0.0
        """Where the last text ends, and at which height."""

    def stream(self, content: Any, resources: Any) -> None:
        """The content of a page, or of a form that is drawn on it."""
        for step in pikepdf.parse_content_stream(content, OPERATORS):
            self._operator(str(step.operator), list(step.operands), resources)

    def _operator(self, name: str, operands: list[Any], resources: Any) -> None:
        match name:
            case "BDC" | "BMC":
                self.marks.append(self._mark(*operands))
            case "EMC":
                self.marks.pop()
            case "Tf":
                font = resources.Font[operands[0]]
                if font.objgen not in self.fonts:
                    self.fonts[font.objgen] = _Font(font)
                self.font = self.fonts[font.objgen]
                self.size = float(operands[1])
            case "Tm":
                self.at = (float(operands[4]), float(operands[5]))
            case "Do":
                form = resources.XObject[operands[0]]
                if form.get("/Subtype") == "/Form":
                    self.stream(form, form.get("/Resources", resources))
            case _:
                self._show(operands[-1])

    def _mark(self, tag: Any, properties: Any = None) -> int | None:
        """The number of marked content; none of what decorates the page."""
        if isinstance(properties, pikepdf.Dictionary) and "/MCID" in properties:
            return int(properties.MCID)
        return None if tag == "/Artifact" else self.marks[-1]

    def _show(self, shown: Any) -> None:
        mark = self.marks[-1]
        strings = shown if isinstance(shown, pikepdf.Array) else [shown]
        text, wide = "", 0.0
        for part in strings:
            if isinstance(part, pikepdf.String):
                words, width = self.font.text(bytes(part))
                text, wide = text + words, wide + width
            else:
                wide -= float(part)
        if mark is not None:
            self.found.setdefault(mark, []).append(self._parted(text))
        self.ends = self.at[0] + wide * self.size / EM

    def _parted(self, text: str) -> str:
        """A text with a newline before it if it stands on another line or apart from the last."""
        apart = abs(self.at[0] - self.ends) > GAP * self.size
        other = abs(self.at[1] - self.line) > self.size
        self.line = self.at[1]
        return f"\n{text}" if apart or other else text


class _Font:
    """What the codes of a font mean, by its ToUnicode map."""

    def __init__(self, font: Any) -> None:
        self.width, self.map = 1, dict[bytes, tuple[str, float]]()
        if font is not None and "/ToUnicode" in font:
            self.advances = dict(_advances(font))
            self._read(font.ToUnicode.read_bytes())

    def _read(self, cmap: bytes) -> None:
        if space := re.search(rb"begincodespacerange\s*<([0-9a-fA-F]+)>", cmap):
            self.width = len(space[1]) // 2
        for block in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.S):
            for code, text in re.findall(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]*)>", block):
                self._means(int(code, 16), _text(text))
        for block in re.findall(rb"beginbfrange(.*?)endbfrange", cmap, re.S):
            for low, high, text in re.findall(
                rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>", block
            ):
                first = _text(text)
                for step in range(int(high, 16) - int(low, 16) + 1):
                    self._means(int(low, 16) + step, first[:-1] + chr(ord(first[-1]) + step))

    def _means(self, code: int, text: str) -> None:
        advance = self.advances.get(code, self.advances.get(-1, EM))
        self.map[code.to_bytes(self.width, "big")] = text, advance

    def text(self, codes: bytes) -> tuple[str, float]:
        """The characters of codes and how far they go; what has none is a replacement character."""
        width = self.width
        found = [self.map.get(codes[i : i + width], UNKNOWN) for i in range(0, len(codes), width)]
        return "".join(text for text, _ in found), sum(advance for _, advance in found)


def _advances(font: Any) -> Iterator[tuple[int, float]]:
    """How far each glyph goes, in thousandths of the font's size (9.7.4.3); -1: all others."""
    (descendant,) = font.get("/DescendantFonts", ({},))
    yield -1, float(descendant.get("/DW", EM))
    widths = list(descendant.get("/W", ()))
    while widths:
        first, then = int(widths.pop(0)), widths.pop(0)
        if isinstance(then, pikepdf.Array):
            yield from ((first + index, float(width)) for index, width in enumerate(then))
        else:
            advance = float(widths.pop(0))
            yield from ((code, advance) for code in range(first, int(then) + 1))


def _text(digits: bytes) -> str:
    return bytes.fromhex(digits.decode()).decode("utf-16-be", "replace")
