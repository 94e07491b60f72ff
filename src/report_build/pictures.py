"""What of a picture may get out? What is to be seen, and nothing about who took it, where and when.

PNG (W3C, third edition), JPEG (ITU-T T.81, T.871; Exif 2.32) and SVG 2.
"""

from __future__ import annotations

import io
import re
import struct
import zlib
from collections.abc import Iterator

from lxml import etree

from report_build.limits import LIMITS, Limits

SHOWN = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP cICP sBIT bKGD pHYs acTL fcTL fdAT".split()
)
"""Chunks of a PNG that say how it looks."""
APP0, APP2, APP14, COM, SOS = 0xE0, 0xE2, 0xEE, 0xFE, 0xDA
SIGNATURE = b"\x89PNG\r\n\x1a\n"
SVG = "{http://www.w3.org/2000/svg}"
XLINK = "{http://www.w3.org/1999/xlink}"
SAFE = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
ACTIVE = frozenset(
    f"{SVG}{name}"
    for name in ("script", "foreignObject", "metadata", "handler", "set", "animate",
                 "animateMotion", "animateTransform", "discard", "iframe", "audio", "video")
)  # fmt: skip


LOADS = re.compile(r"@import|\\\\|url\(\s*['\"]?\s*(?!#|data:image)", re.I)
"""What a style sheet loads something with, or hides that it does."""


class PictureError(Exception):
    """A picture cannot be read, or would do more than be seen."""


def bare(kind: str, content: bytes, limits: Limits = LIMITS) -> bytes:
    """A picture without metadata; `kind` is its media type. Raises PictureError."""
    if kind == "image/svg+xml":
        return _svg(content, limits)
    made = b"".join((SIGNATURE, *_chunks(content))) if kind == "image/png" else _jpeg(content)
    _look_at(made, limits)
    return made


def _look_at(content: bytes, limits: Limits) -> None:
    """Raise PictureError if a picture is too large, or its pixels cannot be read."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as image:
            if image.width * image.height > limits.pixels:
                raise PictureError(f"it has more than {limits.pixels // 1_000_000} million pixels")
            image.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureError("it has more pixels than can be worked on") from error
    except (OSError, ValueError, SyntaxError, struct.error, zlib.error) as error:
        raise PictureError(f"it cannot be read ({error})") from error


def width(content: bytes) -> int:
    """The width of a PNG or JPEG in pixels; 0 for a drawing, which has none."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as image:
            return image.width
    except UnidentifiedImageError:
        return 0


def _chunks(content: bytes) -> Iterator[bytes]:
    at = len(SIGNATURE)
    while at + 12 <= len(content):
        (length,) = struct.unpack(">I", content[at : at + 4])
        name, end = content[at + 4 : at + 8], at + 12 + length
        if end > len(content):
            raise PictureError("the file ends too early")
        if name in SHOWN:
            yield content[at:end]
        at = end
        if name == b"IEND":
            return
    raise PictureError("the file ends too early")


def _jpeg(content: bytes) -> bytes:
    if _is_turned(content):
        return _segments(_turned(content))
    return _segments(content)


def _is_turned(content: bytes) -> bool:
    """Whether Exif says that the picture has to be turned to be seen upright."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(content), formats=("JPEG",)) as image:
            return bool(image.getexif().get(0x0112, 1) != 1)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise PictureError(f"it cannot be read ({type(error).__name__})") from error


def _turned(content: bytes) -> bytes:
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(content), formats=("JPEG",)) as image:
        upright = ImageOps.exif_transpose(image)
        result = io.BytesIO()
        upright.save(result, "JPEG", quality=95, icc_profile=image.info.get("icc_profile"))
        return result.getvalue()


def _segments(content: bytes) -> bytes:
    """A JPEG without the segments of cameras and programs: all APPn but JFIF, ICC and Adobe."""
    kept = [content[:2]]
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        (length,) = struct.unpack(">H", content[at + 2 : at + 4])
        end = at + 2 + length
        if marker == SOS:
            last = content.rfind(b"\xff\xd9")
            return b"".join((*kept, content[at : last + 2 if last > at else len(content)]))
        is_app = APP0 <= marker <= 0xEF
        icc = marker == APP2 and content[at + 4 : at + 15] == b"ICC_PROFILE"
        if icc or marker in (APP0, APP14) or not (is_app or marker == COM):
            kept.append(content[at:end])
        at = end
    raise PictureError("the file ends too early")


def _svg(content: bytes, limits: Limits) -> bytes:
    """An SVG without scripts, links out of it, comments and what editors left in it."""
    if re.search(rb"<!(?:DOCTYPE|ENTITY)", content, re.I):
        raise PictureError("it has a DOCTYPE, which a drawing does not need")
    try:
        root = etree.fromstring(content, SAFE)
    except etree.XMLSyntaxError as error:
        raise PictureError(f"it is no XML: {error.msg}") from error
    _weigh(root, limits)
    for element in list(root.iter()):
        if not isinstance(element.tag, str) or element.tag in ACTIVE or _is_foreign(element.tag):
            _remove(element)
            continue
        for name, value in list(element.attrib.items()):
            if _is_unwanted(element.tag, name, value):
                del element.attrib[name]
        if element.tag == f"{SVG}image" and not (
            element.get("href") or element.get(f"{XLINK}href")
        ):
            _remove(element)
        if element.tag == f"{SVG}style" and LOADS.search(element.text or ""):
            _remove(element)
    etree.cleanup_namespaces(root)
    return bytes(etree.tostring(root))


def _weigh(root: etree._Element, limits: Limits) -> None:
    """Raise PictureError if a drawing has too many parts, repeats itself, or is too large."""
    if sum(1 for _ in root.iter()) > limits.drawing_parts:
        raise PictureError(f"it has more than {limits.drawing_parts:,} parts")
    used = [
        x.get("href", x.get(f"{XLINK}href", "")).removeprefix("#") for x in root.iter(f"{SVG}use")
    ]
    by_id = {x.get("id"): x for x in root.iter() if x.get("id")}
    for name in used:
        target = by_id.get(name)
        if target is not None and next(target.iter(f"{SVG}use"), None) is not None:
            raise PictureError("it repeats parts that repeat others")
    sizes = [root.get("width", ""), root.get("height", ""), *root.get("viewBox", "").split()[2:]]
    for size in sizes:
        number = re.match(r"\s*([\d.]+(?:e\d+)?)", size, re.I)
        if number and float(number[1]) > limits.drawing_size:
            raise PictureError(f"it is larger than {limits.drawing_size:,} units")


def _is_foreign(tag: str) -> bool:
    return not tag.startswith(SVG)


def _is_unwanted(tag: str, name: str, value: str) -> bool:
    if name.startswith("{") and not name.startswith((XLINK, "{http://www.w3.org/XML/1998/")):
        return True
    if name.lower().startswith("on") or re.search(r"url\(\s*['\"]?\s*(?!#|data:image)", value):
        return True
    return name.rpartition("}")[2] == "href" and not value.startswith(("#", "data:image/"))


def _remove(element: etree._Element) -> None:
    parent, tail = element.getparent(), element.tail
    if parent is None:
        return
    before = element.getprevious()
    if tail and before is not None:
        before.tail = (before.tail or "") + tail
    elif tail:
        parent.text = (parent.text or "") + tail
    parent.remove(element)
