"""Which fonts does the Word file carry, and how tall is a line of them?

The faces are embedded, so that every machine sets the same lines. ECMA-376 part 1, 17.8.1:
the first 32 bytes of an embedded font are combined with the digits of a key. Readers disagree
about the order of these digits, so that all digits of our keys are alike.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from report_build.fonts import Face
from report_build.formats.word_xml import Element, element

HIDDEN = 32
"""Bytes at the start of a font that are combined with the key."""
STYLES = {
    "Regular": "embedRegular", "Bold": "embedBold",
    "Italic": "embedItalic", "Bold Italic": "embedBoldItalic",
}  # fmt: skip
SUBSTITUTES = {"swiss": "Arial", "roman": "Georgia"}
"""What may stand in where embedded fonts are not read, by the kind of family."""


def line_heights(faces: Iterable[Face]) -> Mapping[str, float]:
    """The height of what Word calls a single line, in sizes of the font, by family."""
    return {face.family: _line_height(face.path) for face in faces}


@cache
def _line_height(path: Path) -> float:
    """Ascent, descent and gap of a font's `hhea` table (OpenType 1.9.1) in its units."""
    content = path.read_bytes()
    (count,) = struct.unpack(">H", content[4:6])
    records = (struct.unpack(">4s4xI4x", content[12 + 16 * i : 28 + 16 * i]) for i in range(count))
    tables: dict[bytes, int] = dict(records)
    ascent, descent, gap = struct.unpack_from(">hhh", content, tables[b"hhea"] + 4)
    (units,) = struct.unpack_from(">H", content, tables[b"head"] + 18)
    return float(ascent - descent + gap) / float(units)


def font_table(faces: Iterable[Face]) -> Element:
    """`word/fontTable.xml`: the families with their faces."""
    made = element("w:fonts")
    families: dict[str, list[tuple[int, Face]]] = {}
    for number, face in enumerate(faces, 1):
        families.setdefault(face.family, []).append((number, face))
    for family, members in sorted(families.items()):
        kind = "swiss" if "Sans" in family else "roman"
        font = element(
            "w:font",
            element("w:altName", val=SUBSTITUTES[kind]),
            element("w:charset", val="00"),
            element("w:family", val=kind),
            element("w:pitch", val="variable"),
            name=family,
        )
        for style, name in STYLES.items():
            for number, face in members:
                if face.style == style:
                    font.append(element(f"w:{name}", r_id=f"rId{number}", w_fontKey=key(number)))
        made.append(font)
    return made


def key(number: int) -> str:
    """The key of a font: one byte, sixteen times."""
    digits = f"{number:02X}" * 16
    parts = (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])
    return "{" + "-".join(parts) + "}"


def embedded(faces: Iterable[Face]) -> dict[str, bytes]:
    """The font files by their name in the package."""
    return {
        f"word/fonts/font{number}.odttf": hidden(face.path.read_bytes(), number)
        for number, face in enumerate(faces, 1)
    }


def hidden(content: bytes, number: int) -> bytes:
    """A font whose first bytes are combined with its key; the same again undoes it."""
    return bytes(byte ^ number for byte in content[:HIDDEN]) + content[HIDDEN:]
