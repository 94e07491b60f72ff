"""Is a picture the same to see without what cameras and programs wrote into it?"""

from __future__ import annotations

import io

import pytest
from PIL import Image, PngImagePlugin

from report_build.pictures import PictureError, bare


def photo(orientation: int = 1) -> bytes:
    """A JPEG with a camera's name, a place and a comment."""
    image = Image.new("RGB", (40, 20), "navy")
    image.paste("white", (0, 0, 10, 10))
    exif = Image.Exif()
    exif[0x010F] = "Secret Camera Company"
    exif[0x0112] = orientation
    result = io.BytesIO()
    image.save(result, "JPEG", exif=exif, comment=b"taken at the northern bridge", quality=95)
    return result.getvalue()


def test_a_photo_keeps_its_pixels_and_nothing_else() -> None:
    before = photo()
    after = bare("image/jpeg", before)
    assert b"Secret Camera" in before
    assert b"Secret Camera" not in after
    assert b"northern bridge" not in after
    assert b"Exif" not in after
    with Image.open(io.BytesIO(before)) as one, Image.open(io.BytesIO(after)) as other:
        assert one.tobytes() == other.tobytes()


def test_a_turned_photo_is_upright_without_being_told_so() -> None:
    after = bare("image/jpeg", photo(orientation=6))
    with Image.open(io.BytesIO(after)) as image:
        assert image.size == (20, 40)
        assert not image.getexif()


def test_a_png_keeps_its_pixels_and_nothing_else() -> None:
    about = PngImagePlugin.PngInfo()
    about.add_text("Author", "Somebody")
    about.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta/>")
    result = io.BytesIO()
    Image.new("RGB", (4, 4), "red").save(result, "PNG", pnginfo=about)
    after = bare("image/png", result.getvalue())
    assert b"Somebody" not in after
    assert b"xmp" not in after
    with Image.open(io.BytesIO(after)) as image:
        assert image.getpixel((1, 1)) == (255, 0, 0)


@pytest.mark.parametrize(
    "part",
    [
        "<metadata>who made it</metadata>",
        "<!-- who made it -->",
        "<script>alert(1)</script>",
        '<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>',
        '<a href="https://example.org/track"><text>kept</text></a>',
        '<rect onclick="alert(1)"/>',
        '<image href="file:///etc/passwd"/>',
        '<rect style="fill:url(https://example.org/x.svg)"/>',
        '<i:view xmlns:i="http://www.inkscape.org/" i:who="me"/>',
        "<?xml-stylesheet href='x.css'?>",
    ],
)
def test_a_drawing_does_nothing_but_be_seen(part: str) -> None:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg"><text>kept</text>{part}</svg>'
    after = bare("image/svg+xml", svg.encode()).decode()
    assert "kept" in after
    for gone in ("who made it", "script", "foreignObject", "https:", "onclick", "file:", "inkscape", "xml-style"):  # fmt: skip
        assert gone not in after


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("image/png", b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR"),
        ("image/jpeg", b"\xff\xd8\xff\xe0\0\x10JFIF"),
        ("image/svg+xml", b"<svg"),
        ("image/svg+xml", b'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="x">&a;</svg>'),
    ],
)
def test_what_cannot_be_read_is_told(kind: str, content: bytes) -> None:
    with pytest.raises(PictureError):
        bare(kind, content)
