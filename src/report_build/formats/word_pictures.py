"""How does an image stand in a Word file?

Word shows PNG and JPEG; an SVG stands beside its PNG in an extension that newer versions show
instead (MS-ODRAWXML 2.3.1, `svgBlip`). Names say nothing of the author's files.
"""

from __future__ import annotations

import base64
import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from report_build import nodes as n
from report_build.formats.word_xml import DECLARED, quoted

EMU = 914400
"""English metric units in an inch."""
DPI = 96
SVG_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
SUFFIX = {"image/png": "png", "image/jpeg": "jpeg", "image/svg+xml": "svg"}
UNITS = {
    "in": 1.0,
    "cm": 1 / 2.54,
    "mm": 1 / 25.4,
    "pt": 1 / 72,
    "pc": 1 / 6,
    "px": 1 / DPI,
    "": 1 / DPI,
}


@dataclass(frozen=True)
class Media:
    """A file of the package and the relationship by which drawings name it."""

    name: str
    relation: str
    content: bytes


class Pictures:
    """The pictures of one document: their drawings, and the files that these show."""

    def __init__(self, room: tuple[float, float], wide: tuple[float, float]) -> None:
        self.room, self.wide = room, wide
        """Inches that a picture may take, on upright and on wide pages."""
        self.media: dict[bytes, Media] = {}
        self._count = 0

    def drawing(self, image: n.Image) -> str:
        """An image as a drawing in the line of text."""
        self._count += 1
        kind, content = data_of(image.url)
        size = size_of(content, kind)
        shown, vector = content, b""
        if image.attr.has("png"):
            shown, vector = data_of(image.attr.get("png"))[1], content
        elif kind == "image/svg+xml":
            vector = content
        width, height = fitted(size, image.attr, *self.room)
        alt = image.attr.get("alt") or n.plain(image.inlines)
        extension = _vector(self._relation(vector, "svg")) if vector else ""
        suffix = "png" if vector else SUFFIX[kind]
        return _drawing(
            self._count,
            self._relation(shown, suffix),
            alt,
            round(width * EMU),
            round(height * EMU),
            extension,
        )

    @contextmanager
    def within(self, width: float, height: float) -> Iterator[None]:
        """Less or other room for the pictures of a table or a wide page."""
        before, self.room = self.room, (width, height)
        yield
        self.room = before

    def _relation(self, content: bytes, suffix: str) -> str:
        if content not in self.media:
            number = len(self.media) + 1
            self.media[content] = Media(f"image{number}.{suffix}", f"rIdImage{number}", content)
        return self.media[content].relation


def data_of(url: str) -> tuple[str, bytes]:
    """The media type and the bytes of a `data:` URI."""
    head, _, content = url.removeprefix("data:").partition(",")
    kind = head.partition(";")[0]
    if head.endswith(";base64"):
        return kind, base64.b64decode(content)
    return kind, unquote_to_bytes(content)


def size_of(content: bytes, kind: str) -> tuple[float, float]:
    """The size of an image in inches, by what its file says or 96 dots an inch."""
    if kind == "image/png":
        return _png_size(content)
    if kind == "image/jpeg":
        return _jpeg_size(content)
    return _svg_size(content.decode(errors="replace"))


def _png_size(content: bytes) -> tuple[float, float]:
    width, height = struct.unpack(">II", content[16:24])
    at = content.find(b"pHYs", 0, content.find(b"IDAT"))
    if at > 0:
        across, down, unit = struct.unpack(">IIB", content[at + 4 : at + 13])
        if unit == 1 and across and down:
            return width / (across * 0.0254), height / (down * 0.0254)
    return width / DPI, height / DPI


def _jpeg_size(content: bytes) -> tuple[float, float]:
    at, dpi = 2, (DPI, DPI)
    while at + 9 < len(content):
        marker, length = struct.unpack(">xBH", content[at : at + 4])
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width / dpi[0], height / dpi[1]
        if marker == 0xE0 and content[at + 4 : at + 9] == b"JFIF\0" and content[at + 11] == 1:
            dpi = struct.unpack(">HH", content[at + 12 : at + 16])
            dpi = dpi if all(dpi) else (DPI, DPI)
        at += 2 + length
    return 1.0, 1.0


def _svg_size(content: str) -> tuple[float, float]:
    head = content[: content.find(">", content.find("<svg")) + 1]
    width, height = (re.search(rf'\s{name}="([^"%]+)"', head) for name in ("width", "height"))
    if width and height:
        return inches(width[1]) or 1.0, inches(height[1]) or 1.0
    box = re.search(r'viewBox="([^"]+)"', head)
    numbers = [float(part) for part in re.split(r"[\s,]+", box[1].strip())] if box else []
    return (numbers[2] / DPI, numbers[3] / DPI) if len(numbers) == 4 else (1.0, 1.0)


def inches(length: str, of: float = 0.0) -> float:
    """A length of HTML in inches; per cent are of a whole; 0 for what is no length."""
    match = re.fullmatch(r"\s*([\d.]+)\s*(%|[a-z]*)\s*", length)
    if not match:
        return 0.0
    if match[2] == "%":
        return float(match[1]) / 100 * of
    return float(match[1]) * UNITS.get(match[2], 0.0)


def fitted(
    size: tuple[float, float], attr: n.Attr, widest: float, highest: float
) -> tuple[float, float]:
    """Width and height in inches as the author asked, never larger than the text area."""
    width = inches(attr.get("width"), widest)
    height = inches(attr.get("height"), highest)
    if not width and not height:
        width, height = size
    ratio = size[0] / size[1]
    width = width or height * ratio
    height = height or width / ratio
    scale = min(1.0, widest / width, highest / height)
    return width * scale, height * scale


def _vector(relation: str) -> str:
    return (
        f'<a:extLst><a:ext uri="{SVG_EXTENSION}">'
        f'<asvg:svgBlip r:embed="{relation}"/></a:ext></a:extLst>'
    )


def _drawing(number: int, relation: str, alt: str, width: int, height: int, extension: str) -> str:
    described = f"descr={quoted(alt)}" if alt else 'descr=""'
    return (
        f'<w:drawing {DECLARED}><wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{width}" cy="{height}"/><wp:effectExtent l="0" t="0" r="0" b="0"/>'
        f'<wp:docPr id="{number}" name="Picture {number}" {described}/>'
        '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>'
        f'<a:graphic><a:graphicData uri="{PICTURE}"><pic:pic>'
        f'<pic:nvPicPr><pic:cNvPr id="{number}" name="Picture {number}"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="{relation}">{extension}</a:blip>'
        "<a:stretch><a:fillRect/></a:stretch></pic:blipFill>"
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
        "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>"
    )


PICTURE = "http://schemas.openxmlformats.org/drawingml/2006/picture"
