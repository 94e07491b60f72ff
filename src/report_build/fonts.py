"""Which font files do the formats use? Static faces, cut once from the pinned variable fonts.

Nothing here depends on fonts that a machine has: the PDF is set through a fontconfig file of
its own, the page on screen carries WOFF2 subsets, Word and EPUB files embed the faces.
"""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from report_build import atomic
from report_build.diagnostics import MachineError
from report_build.theme import Theme
from report_build.tokens import FontTokens

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

FEATURES = (
    "kern", "mark", "mkmk", "ccmp", "locl", "liga", "lnum", "onum", "tnum", "pnum",
    "case", "sups", "subs", "frac", "numr", "dnom", "ordn",
)  # fmt: skip
RANGES = (
    (0x0020, 0x024F), (0x0250, 0x02FF), (0x0300, 0x036F), (0x0370, 0x03FF),
    (0x1E00, 0x1EFF), (0x2000, 0x2BFF), (0xA700, 0xA7FF),
)  # fmt: skip
"""Latin of all kinds, phonetic letters, Greek, punctuation, arrows and mathematical signs."""

SCREEN_RANGES = (
    (0x0020, 0x007E), (0x00A0, 0x017F), (0x0192, 0x0192), (0x0218, 0x021B), (0x2010, 0x2026),
    (0x202F, 0x2033), (0x2039, 0x203A), (0x2044, 0x2044), (0x20AC, 0x20AC), (0x2190, 0x2193),
    (0x2212, 0x2212), (0x2260, 0x2265),
)  # fmt: skip
SCREEN_FEATURES = ("kern", "mark", "liga", "ccmp", "locl", "lnum", "tnum", "pnum", "onum")

STYLES = {400: "Regular", 600: "SemiBold", 700: "Bold"}
ITALIC, BOLD_BIT, ITALIC_BIT, REGULAR_BIT = "Italic", 1 << 5, 1 << 0, 1 << 6
RECIPE = "3"
"""Part of the cache's key: raise it when the faces are cut differently."""


@dataclass(frozen=True, order=True)
class Face:
    """A static font file. `bold` says that it is what bold means in its family."""

    family: str
    weight: int
    italic: bool
    path: Path
    sha256: str
    bold: bool = False
    fallback: bool = False
    """Whether it is for characters that other families lack."""

    @property
    def style(self) -> str:
        """Regular, Italic, Bold or Bold Italic: how Word groups the faces of a family."""
        words = ["Bold"] * self.bold + [ITALIC] * self.italic
        return " ".join(words) or "Regular"


@dataclass(frozen=True, order=True)
class _Cut:
    """A face that is to be cut from a variable font."""

    source: Path
    family: str
    weight: int
    italic: bool
    bold: bool
    optical_size: float | None
    fallback: bool = False

    @property
    def file(self) -> str:
        name = STYLES.get(self.weight, str(self.weight)) + ITALIC * self.italic
        return f"{self.family.replace(' ', '')}-{name}.ttf"


# -------------------------------------------------------------------------------- faces


def faces(theme: Theme, folder: Path) -> tuple[Face, ...]:
    """The theme's faces as files in a cache folder, cut if they are not there yet."""
    cuts = tuple(sorted(_cuts(theme.fonts)))
    target = folder / "fonts" / _key(cuts)
    for cut in cuts:
        if not (target / cut.file).is_file():
            atomic.write(target / cut.file, _face_file(cut))
    return tuple(sorted(_face(cut, target / cut.file) for cut in cuts))


def _cuts(fonts: Iterable[FontTokens]) -> Iterator[_Cut]:
    for font in fonts:
        for style in font.style:
            italic = style == "italic"
            source = Path(font.file) if font.file else _variable_font(font.package, italic)
            for weight in font.weight:
                bold = weight != font.weight[0]
                yield _Cut(
                    source, font.family, weight, italic, bold, font.optical_size, font.fallback
                )


def _variable_font(package: str, italic: bool) -> Path:
    try:
        folder = Path(str(import_module(package).ROOT)) / "files"
    except ModuleNotFoundError:
        name = package.replace("_", "-")
        raise MachineError(f"the font package {name} is missing", f"pip install {name}") from None
    found = [path for path in sorted(folder.glob("*.ttf")) if (ITALIC in path.name) == italic]
    if not found:
        raise MachineError(f"the font package {package} has no {'italic' if italic else 'upright'}")
    return found[0]


def _key(cuts: Iterable[_Cut]) -> str:
    digest = hashlib.sha256(
        f"{RECIPE} {version('fonttools')} {version('uharfbuzz')} {FEATURES} {RANGES}".encode()
    )
    for cut in cuts:
        about = f"{cut.file} {cut.bold} {cut.optical_size} {cut.fallback}"
        digest.update(f"{_digest(cut.source)} {about}".encode())
    return digest.hexdigest()[:16]


@cache
def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _face(cut: _Cut, path: Path) -> Face:
    return Face(cut.family, cut.weight, cut.italic, path, _digest(path), cut.bold, cut.fallback)


# ------------------------------------------------------------------------------ cutting


def _face_file(cut: _Cut) -> bytes:
    """A static face with the characters that we keep; one for others' characters keeps all."""
    from fontTools.ttLib import TTFont
    from uharfbuzz import SubsetFlags

    ranges = () if cut.fallback else RANGES
    flags = SubsetFlags.NOTDEF_OUTLINE | SubsetFlags.SET_OVERLAPS_FLAG
    axes = {"wght": float(cut.weight), "opsz": cut.optical_size or 12}
    content = _subset(cut.source.read_bytes(), ranges, FEATURES, flags, axes)
    font = TTFont(io.BytesIO(content), recalcTimestamp=False)
    _name(font, cut)
    return _bytes(font)


def _subset(
    content: bytes, ranges: Iterable[tuple[int, int]], features: Iterable[str], flags: int,
    axes: Mapping[str, float],
) -> bytes:  # fmt: skip
    """A font with the characters of ranges (none: all) at one point of its axes, if it has any."""
    import uharfbuzz as hb

    face = hb.Face(content)
    asked = hb.SubsetInput()
    codes = [code for low, high in ranges for code in range(low, high + 1)]
    if codes:
        asked.unicode_set.update(codes)
        asked.layout_feature_tag_set.clear()
        asked.layout_feature_tag_set.update(map(_tag, features))
    else:
        asked.keep_everything()
    asked.flags = flags
    asked.name_id_set.clear()
    asked.name_id_set.invert()
    asked.drop_table_tag_set.add(_tag("DSIG"))
    for axis in face.axis_infos:
        asked.pin_axis_location(face, axis.tag, axes.get(axis.tag, axis.default_value))
    return bytes(hb.subset(face, asked).blob.data)


def _tag(name: str) -> int:
    return int.from_bytes(name.encode(), "big")


def _bytes(font: TTFont) -> bytes:
    buffer = io.BytesIO()
    font.save(buffer, reorderTables=True)
    return buffer.getvalue()


def _name(font: TTFont, cut: _Cut) -> None:
    """Family and style as Word and fontconfig group them (OpenType 1.9.1, `name`, IDs 1 to 17).

    A family has four faces for Word: its second weight is the bold one, whatever it is called.
    """
    style = " ".join(["Bold"] * cut.bold + [ITALIC] * cut.italic) or "Regular"
    weight = STYLES.get(cut.weight, str(cut.weight))
    typographic = " ".join([weight] * (cut.weight != 400) + [ITALIC] * cut.italic) or "Regular"
    postscript = cut.file.removesuffix(".ttf")
    table = font["name"]
    table.names = [
        n for n in table.names if n.platformID == 3 and n.nameID in (0, 5, 7, 8, 9, 13, 14)
    ]
    names = {
        1: cut.family,
        2: style,
        3: postscript,
        4: f"{cut.family} {typographic}",
        6: postscript,
    }
    if typographic != style:
        names |= {16: cut.family, 17: typographic}
    for identifier, text in names.items():
        table.setName(text, identifier, 3, 1, 0x409)
    table.names.sort()
    _style_bits(font, cut)


def _style_bits(font: TTFont, cut: _Cut) -> None:
    os2, head = font["OS/2"], font["head"]
    os2.usWeightClass = cut.weight
    os2.fsSelection &= ~(BOLD_BIT | ITALIC_BIT | REGULAR_BIT)
    os2.fsSelection |= BOLD_BIT * cut.bold | ITALIC_BIT * cut.italic
    if not (cut.bold or cut.italic):
        os2.fsSelection |= REGULAR_BIT
    head.macStyle = cut.bold | cut.italic << 1
    font["post"].italicAngle = font["post"].italicAngle if cut.italic else 0
    if "STAT" in font:
        del font["STAT"]  # it describes axes that are gone


# ------------------------------------------------------------------- what uses the faces


def fontconfig(faces: tuple[Face, ...], folder: Path) -> Path:
    """A configuration for FONTCONFIG_FILE that knows our faces and no others."""
    families = dict.fromkeys(face.family for face in faces if not face.fallback)
    sans = next((family for family in families if "Sans" in family), faces[0].family)
    serif = next((family for family in families if "Serif" in family), faces[0].family)
    generic = {"serif": serif, "sans-serif": sans, "monospace": sans, "system-ui": sans}
    aliases = "".join(
        f"<alias><family>{name}</family><prefer><family>{escape(family)}</family></prefer></alias>"
        for name, family in generic.items()
    )
    content = (
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">\n'
        f"<fontconfig><dir>{escape(str(faces[0].path.parent))}</dir>"
        f"<cachedir>{escape(str(folder / 'fontconfig'))}</cachedir>{aliases}"
        "<config><rescan><int>0</int></rescan></config></fontconfig>\n"
    )
    path = faces[0].path.with_name("fonts.conf")
    if not path.is_file() or path.read_text("utf-8") != content:
        atomic.write(path, content.encode())
    return path


def screen_css(faces: tuple[Face, ...], folder: Path) -> str:
    """`@font-face` rules whose WOFF2 subsets are in them as data URIs."""
    digest = hashlib.sha256(f"{RECIPE} {SCREEN_RANGES} {SCREEN_FEATURES}".encode())
    for face in faces:
        digest.update(face.sha256.encode())
    path = folder / "fonts" / f"screen-{digest.hexdigest()[:16]}.css"
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic.write(path, "".join(_font_face(face) for face in faces).encode())
    return path.read_text("utf-8")


def _font_face(face: Face) -> str:
    from fontTools.ttLib import TTFont
    from uharfbuzz import SubsetFlags

    reduced = _subset(
        face.path.read_bytes(), SCREEN_RANGES, SCREEN_FEATURES, SubsetFlags.NO_HINTING, {}
    )
    font = TTFont(io.BytesIO(reduced), recalcTimestamp=False)
    font.flavor = "woff2"
    content = base64.b64encode(_bytes(font)).decode()
    style = "italic" if face.italic else "normal"
    return (
        f'@font-face{{font-family:"{face.family}";font-weight:{face.weight};font-style:{style};'
        f"font-display:swap;src:url(data:font/woff2;base64,{content}) format('woff2')}}\n"
    )
