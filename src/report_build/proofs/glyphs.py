"""Which characters does each piece of marked content of a PDF show?

Its glyphs are mapped to characters by their fonts (ISO 32000-2, 14.6 and 9.10.3).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pikepdf

EM = 1000.0
"""In what glyphs and gaps are measured: thousandths of the size of the letters."""
GAP = 0.15
"""Share of the size of the letters that parts two words: a space between links is not drawn."""
UNKNOWN = ("\N{REPLACEMENT CHARACTER}", EM)
Key = tuple[int, int]
"""A page and the number of marked content on it."""

OPERATORS = "BDC BMC EMC Tf TJ Tj ' \" Tm Do"


def marked(file: Any) -> Iterator[tuple[Key, str]]:
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
                del self.marks[max(1, len(self.marks) - 1) :]
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
            if isinstance(part, Decimal | int):
                wide -= float(part)
            else:
                words, width = self.font.text(bytes(part))
                text, wide = text + words, wide + width
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
        self.known: dict[bytes, tuple[str, float]] = {}
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
        if codes not in self.known:  # most are one glyph or two, between which there is a gap
            width = self.width
            each = [codes[i : i + width] for i in range(0, len(codes), width)]
            found = [self.map.get(code, UNKNOWN) for code in each]
            self.known[codes] = "".join(x for x, _ in found), sum(x for _, x in found)
        return self.known[codes]


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
