"""What is in the reference document that the Word file takes its looks from?

A whole Word file without text, made from the theme: styles, page, lists, colours and settings. It
also works with `pandoc --reference-doc`. Fonts are embedded only in finished files.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from report_build.fonts import Face
from report_build.formats.word_fonts import embedded, font_table, line_heights
from report_build.formats.word_house import House, adopt, lacking, read
from report_build.formats.word_look import EDGE, from_mm, hexadecimal, list_indent
from report_build.formats.word_styles import BULLETS, NUMBERS, style_id, styles
from report_build.formats.word_xml import HEAD, Element, element, properties, quoted, serialized
from report_build.formats.word_zip import content_types, relationships, zipped
from report_build.theme import Theme

Faces = tuple[Face, ...]
REGIONS = {"en": "en-US", "es": "es-ES", "fr": "fr-FR", "pt": "pt-BR"}
"""The spelling that is meant by a language alone: Word's dictionaries are by country."""
COVER = {"top": 20, "right": 12, "bottom": 20}
"""Edges of the cover in mm; `right` is what the cover's text goes beyond that of other pages."""
MARKS = ("•", "–", "·")
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def language(tag: str) -> str:
    """A language tag as Word's proofing wants it."""
    return REGIONS.get(tag, tag)


def reference_file(
    theme: Theme, lang: str, faces: Faces, opening: bool, folder: Path, house: bytes = b""
) -> Path:
    """The reference document as a file; the same theme and language have the same one.

    `house` is a Word file whose looks ours take on.
    """
    content = _reference(theme, lang, faces, opening, house)
    path = folder / f"reference-{hashlib.sha256(content).hexdigest()[:16]}.docx"
    if not path.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        mine = path.with_suffix(f".{os.getpid()}")
        mine.write_bytes(content)
        mine.replace(path)
    return path


@lru_cache(maxsize=8)
def _reference(theme: Theme, lang: str, faces: Faces, opening: bool, house: bytes) -> bytes:
    return reference(theme, lang, faces, opening, read(house) if house else None)


def reference(
    theme: Theme, lang: str, faces: Faces, opening: bool, house: House | None = None
) -> bytes:
    """The reference document for a theme and a language.

    `opening` says whether the headings of the first level open a page.
    """
    body = element("w:body", element("w:p"), section(theme))
    made = styles(theme, language(lang), line_heights(faces), opening)
    if house:
        adopt(made, house)
    parts = {
        "word/document.xml": serialized(element("w:document", body)),
        "word/styles.xml": serialized(made),
        **look(theme, lang, house),
        "word/numbering.xml": serialized(numbering(theme)),
    }
    targets = {"styles", "settings", "numbering", "fontTable"}
    rels = [(f"rId{name}", OFFICE + name, f"{name}.xml") for name in sorted(targets)]
    rels.append(("rIdtheme", OFFICE + "theme", "theme/theme1.xml"))
    parts["word/_rels/document.xml.rels"] = relationships(rels)
    parts["_rels/.rels"] = relationships([("rId1", OFFICE + "officeDocument", "word/document.xml")])
    return zipped({"[Content_Types].xml": content_types(parts), **parts})


def look(theme: Theme, lang: str, house: House | None = None) -> dict[str, bytes]:
    """The parts that hold settings, the names of fonts, and colours."""
    own = house.theme if house and house.theme else drawing_theme(theme).encode()
    return {
        "word/settings.xml": serialized(settings(theme, lang)),
        "word/fontTable.xml": serialized(font_table(())),
        "word/theme/theme1.xml": own,
    }


def fonts(faces: Faces) -> dict[str, bytes]:
    """The parts that hold the fonts themselves."""
    rows = (
        (f"rId{number}", OFFICE + "font", f"fonts/font{number}.odttf")
        for number in range(1, len(faces) + 1)
    )
    return {
        "word/fontTable.xml": serialized(font_table(faces)),
        "word/_rels/fontTable.xml.rels": relationships(rows),
        **embedded(faces),
    }


def section(
    theme: Theme, kind: str = "portrait", references: Mapping[str, str] | None = None
) -> Element:
    """The page of a section: `cover`, `portrait` or `landscape`.

    `references` are the relationships of its header and footer.
    """
    page = theme.page
    size: dict[str, int | str] = {"w": from_mm(page.width), "h": from_mm(page.height)}
    top, right, bottom, left = page.top, page.right, page.bottom, page.left
    if kind == "landscape":
        size = {"w": size["h"], "h": size["w"], "orient": "landscape"}
    elif kind == "cover":
        top, bottom = COVER["top"], COVER["bottom"]
        right, left = right - COVER["right"], left - page.hang
    edges = {"top": top, "right": right, "bottom": bottom, "left": left,
             "header": EDGE, "footer": EDGE, "gutter": 0}  # fmt: skip
    margins = {name: from_mm(edge) for name, edge in edges.items()}
    made = properties("w:sectPr", type="nextPage", pgSz=size, pgMar=margins)
    for index, (name, relation) in enumerate((references or {}).items()):
        made.insert(index, element(f"w:{name}Reference", type="default", r_id=relation))
    return made


def settings(theme: Theme, lang: str) -> Element:
    """`word/settings.xml`: hyphenation, language, and that the file is of this decade."""
    mapping = {name: name for name in ("accent1", "accent2", "accent3", "accent4", "accent5",
               "accent6", "hyperlink", "followedHyperlink")}  # fmt: skip
    mapping |= {"bg1": "light1", "t1": "dark1", "bg2": "light2", "t2": "dark2"}
    word = "http://schemas.microsoft.com/office/word"
    compat = element("w:compat", *(
        element("w:compatSetting", name=name, uri=word, val=value) for name, value in (
            ("compatibilityMode", 15), ("overrideTableStyleFontSizeAndJustification", 1),
            ("enableOpenTypeFeatures", 1), ("doNotFlipMirrorIndents", 1),
            ("differentiateMultirowTableHeaders", 1),
        )))  # fmt: skip
    notes = element("w:footnotePr", element("w:footnote", id=-1), element("w:footnote", id=0))
    return element(
        "w:settings",
        element("w:zoom", percent=100),
        element("w:embedTrueTypeFonts"),
        element("w:defaultTabStop", val=list_indent(theme)),
        element("w:autoHyphenation"),
        element("w:consecutiveHyphenLimit", val=2),
        element("w:doNotHyphenateCaps"),
        element("w:characterSpacingControl", val="doNotCompress"),
        notes,
        compat,
        element("w:themeFontLang", val=language(lang)),
        element("w:clrSchemeMapping", **mapping),
        element("w:decimalSymbol", val="."),
        element("w:listSeparator", val=","),
    )


def numbering(theme: Theme) -> Element:
    """`word/numbering.xml`: the two kinds of list; pandoc adds one for each list."""
    bullets = element("w:abstractNum", abstractNumId=BULLETS)
    numbers = element("w:abstractNum", abstractNumId=NUMBERS)
    for made in (bullets, numbers):
        made.append(element("w:multiLevelType", val="multilevel"))
    for level in range(9):
        bullets.append(list_level(level, theme, "bullet", bullet(level), "Bullet"))
        numbers.append(list_level(level, theme, "decimal", f"%{level + 1}.", "Number"))
    instances = [
        element("w:num", element("w:abstractNumId", val=kind), numId=kind)
        for kind in (BULLETS, NUMBERS)
    ]
    return element("w:numbering", bullets, numbers, *instances)


def bullet(level: int) -> str:
    """The mark of a level of a list."""
    return MARKS[min(level, len(MARKS) - 1)]


def list_level(level: int, theme: Theme, form: str, mark: str, style: str = "") -> Element:
    """One level of a list; each is set in by one more step."""
    step, ink = list_indent(theme), hexadecimal(theme.colors["accent"])
    made = element("w:lvl", element("w:start", val=1), element("w:numFmt", val=form), ilvl=level)
    if style and level < 3:
        name = f"List {style}" if level == 0 else f"List {style} {level + 1}"
        made.append(element("w:pStyle", val=style_id(name)))
    made.append(element("w:lvlText", val=mark))
    made.append(element("w:lvlJc", val="left"))
    made.append(element("w:pPr", element("w:ind", left=step * (level + 1), hanging=step)))
    made.append(element("w:rPr", element("w:color", val=ink)))
    return made


def drawing_theme(theme: Theme) -> str:
    """`word/theme/theme1.xml`: the house's colours and fonts in Word's own menus."""
    color = theme.colors
    scheme = {
        "dk1": color["foreground"], "lt1": color["background"], "dk2": color["primary"],
        "lt2": color["surface"], "accent1": color["primary"], "accent2": color["accent"],
        "accent3": color["secondary"], "accent4": color["on-field-accent"],
        "accent5": color["field"], "accent6": color["rule"],
        "hlink": color[theme.link], "folHlink": color[theme.link],
    }  # fmt: skip
    colors = "".join(
        f'<a:{name}><a:srgbClr val="{hexadecimal(value)}"/></a:{name}>'
        for name, value in scheme.items()
    )
    fonts = "".join(
        f"<a:{kind}Font><a:latin typeface={quoted(theme.roles[role].family)}/>"
        f'<a:ea typeface=""/><a:cs typeface=""/></a:{kind}Font>'
        for kind, role in (("major", "heading-1"), ("minor", "body"))
    )
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    line = f'<a:ln w="9525">{fill}</a:ln>'
    effect = "<a:effectStyle><a:effectLst/></a:effectStyle>"
    return (
        f'{HEAD}<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
        f'name="House"><a:themeElements><a:clrScheme name="House">{colors}</a:clrScheme>'
        f'<a:fontScheme name="House">{fonts}</a:fontScheme><a:fmtScheme name="House">'
        f"<a:fillStyleLst>{fill * 3}</a:fillStyleLst><a:lnStyleLst>{line * 3}</a:lnStyleLst>"
        f"<a:effectStyleLst>{effect * 3}</a:effectStyleLst>"
        f"<a:bgFillStyleLst>{fill * 3}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"
    )


def made_up(theme: Theme, house: House) -> tuple[str, ...]:
    """The names of the styles that a house lacks, and that are made from the theme."""
    return lacking(styles(theme, "en", {}, True), house)
