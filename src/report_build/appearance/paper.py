"""How does each piece of text look in a tagged PDF?

The fonts, sizes and colours are those that the content of a page sets (ISO 32000-1, 9.3 and 8.6);
which text is which is told by the structure elements (14.7.2).
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pikepdf

from report_build.appearance import IN_MARGINS, PAPER, ROLES, Look, Seen, due
from report_build.proofs.glyphs import marked
from report_build.theme import Theme

WEIGHTS = {"light": 300, "": 400, "regular": 400, "medium": 500, "semibold": 600, "bold": 700}
OPERATORS = "q Q cm BDC BMC EMC Tf Tm TJ Tj ' \" rg g k"
MARGIN = -1
"""In the place of a number: what belongs to the page."""
Key = tuple[int, int]


def looks(content: bytes, role_of: Callable[[str], str | None], theme: Theme) -> Iterator[Seen]:
    """Each element whose path of tags has a role, by the look of most of its text.

    What stands in the margins of pages has no element: its role is the one that it looks like.
    """
    margins = {due(theme, role, PAPER): role for role in IN_MARGINS}
    with pikepdf.open(io.BytesIO(content)) as file:
        drawn: dict[Key, Counter[Look]] = {}
        names = _Names(font.family for font in theme.fonts)
        for index, page in enumerate(file.pages):
            sheet = _Drawn(names)
            for number, found in sheet.page(page).items():
                drawn[index, number] = found
            for look in sheet.margins:
                yield Seen(margins.get(_rounded(look), IN_MARGINS[0]), look)
        words = dict(marked(file))
        pages = {page.objgen: index for index, page in enumerate(file.pages)}
        root: Any = file.Root.get("/StructTreeRoot", {})
        for role, keys in _elements(root, "", role_of, pages):
            total: Counter[Look] = sum((drawn.get(key, Counter()) for key in keys), Counter())
            text = " ".join("".join(words.get(key, "") for key in keys).split())
            if total and text and re.fullmatch(ROLES[role].words, text):
                yield Seen(role, total.most_common(1)[0][0], text)


def _elements(
    node: Any, path: str, role_of: Callable[[str], str | None], pages: Mapping[Any, int]
) -> Iterator[tuple[str, list[Key]]]:
    """Elements with a role, and the marked content in them that is in no other such element."""
    for kid in _kids(node):
        if not isinstance(kid, pikepdf.Dictionary) or "/S" not in kid:
            continue
        here = path + str(kid.S)
        role = role_of(here)
        if role:
            yield role, list(_content(kid, here, role_of, pages, -1))
        yield from _elements(kid, here, role_of, pages)


def _content(
    node: Any, path: str, role_of: Callable[[str], str | None], pages: Mapping[Any, int], page: int
) -> Iterator[Key]:
    page = pages.get(node.Pg.objgen, page) if "/Pg" in node else page
    for kid in _kids(node):
        if isinstance(kid, int):
            yield page, kid
        elif isinstance(kid, pikepdf.Dictionary) and "/MCID" in kid:
            yield (pages[kid.Pg.objgen] if "/Pg" in kid else page), int(kid.MCID)
        elif isinstance(kid, pikepdf.Dictionary) and not role_of(path + str(kid.get("/S"))):
            yield from _content(kid, path + str(kid.get("/S")), role_of, pages, page)


def _kids(node: Any) -> Iterator[Any]:
    kids = node.get("/K", ())
    yield from kids if isinstance(kids, pikepdf.Array | tuple) else (kids,)


class _Names:
    """What the name of a font's face says: family, weight, slant."""

    def __init__(self, families: Iterable[str]) -> None:
        self.families = {_letters(name): name for name in families}

    def read(self, font: Any) -> tuple[str, int, bool]:
        """Of a font in a PDF; a family that is not the theme's is named as the file has it."""
        face = str(font.get("/BaseFont", "")).lstrip("/").rpartition("+")[2]
        letters = _letters(face)
        for known in sorted(self.families, key=len, reverse=True):
            rest = letters.removeprefix(known)
            italic = rest.endswith("italic")
            weight = WEIGHTS.get(rest.removesuffix("italic"))
            if letters.startswith(known) and weight:
                return self.families[known], weight, italic
        return face, 400, False


def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


class _Drawn:
    """Goes through the content of a page and counts the glyphs of each look."""

    def __init__(self, names: _Names) -> None:
        self.names = names
        self.found: dict[int, Counter[Look]] = {}
        self.margins: list[Look] = []
        self.marks: list[int | None] = [None]
        self.face = ("", 400, False)
        self.size, self.text_scale = 0.0, 1.0
        self.scale, self.color = 1.0, "#000000"
        self.saved: list[tuple[float, str]] = []

    def page(self, page: Any) -> dict[int, Counter[Look]]:
        """The looks of the marked content of a page."""
        fonts = page.obj.get("/Resources", {}).get("/Font", {})
        for step in pikepdf.parse_content_stream(page.obj, OPERATORS):
            self._operator(str(step.operator), list(step.operands), fonts)
        return self.found

    def _operator(self, name: str, operands: list[Any], fonts: Any) -> None:
        match name:
            case "q":
                self.saved.append((self.scale, self.color))
            case "Q" if self.saved:
                self.scale, self.color = self.saved.pop()
            case "cm":
                self.scale *= _scale(operands)
            case "BDC" | "BMC":
                self.marks.append(_mark(self.marks[-1], *operands))
            case "EMC":
                del self.marks[max(1, len(self.marks) - 1) :]
            case "Tf":
                self.face, self.size = self.names.read(fonts[operands[0]]), float(operands[1])
            case "Tm":
                self.text_scale = _scale(operands)
            case "rg" | "g":
                self.color = _color([float(x) for x in operands])
            case "TJ" | "Tj" | "'" | '"':
                self._show(operands[-1])

    def _show(self, shown: Any) -> None:
        mark = self.marks[-1]
        strings = shown if isinstance(shown, pikepdf.Array) else [shown]
        count = sum(len(bytes(x)) for x in strings if isinstance(x, pikepdf.String))
        size = round(self.size * self.text_scale * self.scale, 2)
        family, weight, italic = self.face
        look = Look(family, size, weight, italic, self.color)
        if mark == MARGIN:
            self.margins.append(look)
        elif mark is not None:
            self.found.setdefault(mark, Counter())[look] += count


def _mark(around: int | None, tag: Any, properties: Any = None) -> int | None:
    if isinstance(properties, pikepdf.Dictionary) and "/MCID" in properties:
        return int(properties.MCID)
    if isinstance(properties, pikepdf.Dictionary) and properties.get("/Type") == "/Pagination":
        return MARGIN
    return None if tag == "/Artifact" else around


def _rounded(look: Look) -> Look:
    """A look with its size in half points, as the theme has them."""
    return replace(look, size=round(look.size * 2) / 2)


def _scale(matrix: list[Any]) -> float:
    a, b, c, d = (float(x) for x in matrix[:4])
    return float(abs(a * d - b * c) ** 0.5)


def _color(parts: list[float]) -> str:
    red, green, blue = parts if len(parts) == 3 else parts * 3
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"
