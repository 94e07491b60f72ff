"""Which styles does the Word file have, and how do they look?

One table, `paragraph_styles`: each style's name in Word, the role of the theme that it shows,
and what Word needs besides. Pandoc's writer asks for some of these names; Word has meanings for
others (headings, contents, captions, notes, lists), so both are spelt as they spell them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from report_build.countries import direction
from report_build.formats import word_look as looks
from report_build.formats.word_xml import Element, element, properties, put
from report_build.theme import Theme

BULLETS, NUMBERS = 1, 2
"""The lists of the reference document."""
NATURAL = 1.2
"""Height of a single line of a font that is not at hand, in sizes of the font."""
HEADINGS = range(1, 7)
RUN_ON = 2.5
"""Lines of the text before a heading of the first level that opens no page."""
SINGLE: Mapping[str, Any] = {"line": 240, "lineRule": "auto"}
RAGGED: Mapping[str, Any] = {"suppressAutoHyphens": True}
TOGETHER: Mapping[str, Any] = {"keepNext": True, "keepLines": True}


@dataclass(frozen=True)
class Style:
    """A paragraph style."""

    name: str
    role: str
    based: str = "Normal"
    next: str = ""
    paragraph: Mapping[str, Any] = field(default_factory=dict)
    run: Mapping[str, Any] = field(default_factory=dict)


def style_id(name: str) -> str:
    """The id of a style: its name without spaces, each word with a capital."""
    return "".join(word[:1].upper() + word[1:] for word in name.split()).replace("Toc", "TOC")


def paragraph_styles(theme: Theme, opening: bool) -> tuple[Style, ...]:
    """All paragraph styles. `opening` says whether the headings of the first level open a page."""
    quotation = {"ind": {side: looks.quotation_indent(theme) for side in ("left", "right")}}
    rule = looks.borders(bottom=(theme.table.rule, theme.colors["rule"], 1))
    return (
        Style("Normal", "body", based=""),
        Style("Body Text", "body"),
        Style("First Paragraph", "first-paragraph", "Body Text", "Body Text"),
        Style("Compact", "list"),
        Style("Title", "cover-title", next="Subtitle", paragraph=RAGGED),
        Style("Subtitle", "cover-subtitle", paragraph=RAGGED),
        *(style for level in HEADINGS for style in _heading(level, theme, opening)),
        *_lists(theme),
        Style("Block Text", "quotation", paragraph=quotation),
        Style("Quote", "quotation", paragraph=quotation),
        Style("Definition Term", "body", next="Definition", run={"b": True, "bCs": True},
              paragraph={**TOGETHER, "spacing": {"after": 0}}),
        Style("Definition", "body", paragraph={"ind": {"left": looks.list_indent(theme)}}),
        Style("Abbreviation", "table", paragraph={**RAGGED, **looks.term_row(theme)}),
        Style("Equation", "body", next="Body Text", paragraph={"tabs": looks.tabs(
            ("center", looks.text_width(theme) // 2), ("right", looks.text_width(theme)))}),
        Style("Source Code", "code", paragraph={**RAGGED, **looks.code_block(theme)}),
        Style("Horizontal Line", "body", paragraph={"pBdr": rule}),
        *_captioned(theme),
        Style("Table Text", "table", paragraph=RAGGED),
        Style("Table Header", "table-header", "Table Text", paragraph={**RAGGED, **TOGETHER}),
        Style("Callout", "callout", paragraph=looks.box(theme)),
        Style("Callout Title", "callout-title", "Callout", "Callout",
              {**TOGETHER, **RAGGED, **looks.box(theme)}),
        Style("Callout List", "callout", "Callout", paragraph=looks.box(theme)),
        Style("Question", "question", paragraph=looks.bar(theme)),
        *(Style(name, "key-figure-label", next="Key Figure",
                paragraph={**RAGGED, **looks.figure_row(theme, "First" in name)})
          for name in ("Key Figure", "Key Figure First")),
        Style("footnote text", "footnote"),
        Style("TOC Heading", "contents-title", next="Normal",
              paragraph={**RAGGED, "pageBreakBefore": True}),
        Style("Contents Heading", "contents-title", next="Normal", paragraph={
            **RAGGED, **TOGETHER, "spacing": {"before": looks.twentieths(2 * theme.baseline)}}),
        *(_contents(level, theme) for level in (1, 2, 3)),
        replace(_contents(3, theme), name="table of figures"),
        Style("header", "running-head", paragraph=looks.running(theme)),
        Style("footer", "page-number", paragraph=looks.running(theme)),
        *_cover(theme),
        Style("Section End", "body", run={"sz": 2, "szCs": 2},
              paragraph={"spacing": {"before": 0, "after": 0, "line": 20, "lineRule": "exact"}}),
    )  # fmt: skip


BUILT_IN = frozenset({
    "Title", "Subtitle", "Body Text", "Block Text", "Quote", "TOC Heading",
    *(f"List {kind}{n}" for kind in ("Bullet", "Number", "Continue") for n in ("", " 2", " 3")),
})  # fmt: skip
"""Styles that Word knows, besides those whose names begin with a small letter."""


def _heading(level: int, theme: Theme, opening: bool) -> Iterator[Style]:
    role = f"heading-{min(level, 4)}"
    name = f"heading {level}"
    whole: dict[str, Any] = {**RAGGED, "keepLines": True, "outlineLvl": level - 1}
    if level == 1 and opening:
        whole |= {"pageBreakBefore": True}
    elif level == 1:
        whole |= {"spacing": {"before": looks.twentieths(RUN_ON * theme.baseline)}}
    yield Style(name, role, next="First Paragraph", paragraph=whole)
    yield Style(f"Heading {level} Unlisted", role, name, "First Paragraph", whole)


def _lists(theme: Theme) -> Iterator[Style]:
    step = looks.list_indent(theme)
    for kind, number in (("Bullet", BULLETS), ("Number", NUMBERS), ("Continue", 0)):
        for level in (1, 2, 3):
            name = f"List {kind}" if level == 1 else f"List {kind} {level}"
            inset = {"left": step * level, "hanging": step if number else 0}
            ids = [element("w:ilvl", val=level - 1), element("w:numId", val=number)]
            numbering = element("w:numPr", *ids) if number else None
            yield Style(name, "list", paragraph={"numPr": numbering, "ind": inset})


def _captioned(theme: Theme) -> Iterator[Style]:
    """Captions, and the pictures that have one: figures have more space around them than in them."""
    line = theme.baseline
    yield Style("caption", "caption", paragraph={**RAGGED, "keepLines": True})
    yield Style("Table Caption", "caption", "caption", "Table Text", {**RAGGED, **TOGETHER})
    below = {"before": looks.twentieths(line / 2), "after": looks.twentieths(line * 1.25)}
    yield Style("Image Caption", "caption", "caption", "Body Text", {**RAGGED, "spacing": below})
    around = {**SINGLE, "before": looks.twentieths(line)}
    yield Style("Figure", "body", paragraph={"spacing": around})
    look = {"keepNext": True, "spacing": {**around, "after": 0}}
    yield Style("Captioned Figure", "body", next="Image Caption", paragraph=look)


def _contents(level: int, theme: Theme) -> Style:
    column = looks.from_mm(theme.page.hang) if level > 1 else 0
    stops = [("left", column)] if column else []
    look = {
        **RAGGED,
        "tabs": looks.tabs(*stops, ("right", looks.text_width(theme))),
        "ind": {"left": column, "hanging": column},
    }
    return Style(f"toc {level}", f"contents-{level}", next="Normal", paragraph=look)


def _cover(theme: Theme) -> Iterator[Style]:
    column = looks.from_mm(looks.FACTS)
    facts = {"tabs": looks.tabs(("left", column)), "ind": {"left": column, "hanging": column}}
    after = {"spacing": {"after": looks.twentieths(theme.baseline / 2)}}
    for name in ("marking", "edition", "publisher"):
        yield Style(f"Cover {name.capitalize()}", f"cover-{name}", paragraph=RAGGED)
    yield Style("Cover Text", "cover-subtitle", paragraph=RAGGED)
    yield Style("Cover Fact", "cover-event", paragraph={**RAGGED, **facts, **after})


def character_styles(theme: Theme) -> Mapping[str, Element]:
    """All character styles by name."""
    roles, accent = theme.roles, looks.hexadecimal(theme.colors["accent"])
    underline = {"underline": "single"}.get(theme.link_decoration, "none")
    inked = {"color": looks.hexadecimal(theme.colors[theme.link])}
    return {
        "footnote reference": properties(
            "w:rPr", b=True, bCs=True, color=accent, vertAlign="superscript"
        ),
        "Hyperlink": properties("w:rPr", **inked, u=underline),
        "Cross Reference": properties("w:rPr", **inked),
        "Heading Label": looks.run_properties(roles["heading-number"]),
        "Heading Number": properties("w:rPr", color=accent),
        "Caption Label": looks.run_properties(roles["caption-label"]),
        "Key Figure Value": looks.run_properties(roles["key-figure-value"]),
        "Key Figure Note": looks.run_properties(roles["key-figure-note"]),
        "Cover Label": looks.run_properties(roles["cover-label"]),
        "Marking": looks.run_properties(roles["marking"]),
        "Body Text Char": properties("w:rPr"),
        "Verbatim Char": properties("w:rPr", rFonts=looks.fonts(roles["code"]), noProof=True),
    }


def styles(theme: Theme, lang: str, heights: Mapping[str, float], opening: bool) -> Element:
    """The styles of a document in a language, `word/styles.xml`.

    `heights` are those of the fonts' single lines, in sizes of the font; `opening` says whether
    the headings of the first level open a page.
    """
    root = element("w:styles", _defaults(theme, lang), _latent())
    root.extend(
        paragraph_style(style, theme, heights) for style in paragraph_styles(theme, opening)
    )
    root.append(_default("character", "Default Paragraph Font"))
    root.extend(character_style(name, look) for name, look in character_styles(theme).items())
    root.append(_normal_table())
    root.append(_table_style(theme))
    return root


def _defaults(theme: Theme, lang: str) -> Element:
    letters = looks.run_properties(theme.roles["body"])
    right_to_left = True if direction(lang) == "rtl" else None
    if right_to_left:
        put(letters, element("w:rtl"))
    letters.append(
        element("w:lang", val=lang, eastAsia=lang, bidi=lang if right_to_left else "ar-SA")
    )
    return element(
        "w:docDefaults",
        element("w:rPrDefault", letters),
        element("w:pPrDefault", properties("w:pPr", widowControl=True, bidi=right_to_left)),
    )


def _latent() -> Element:
    """All of Word's other styles stay out of its list of styles."""
    return element(
        "w:latentStyles", defLockedState=0, defUIPriority=99, defSemiHidden=1,
        defUnhideWhenUsed=1, defQFormat=0, count=376,
    )  # fmt: skip


def paragraph_style(style: Style, theme: Theme, heights: Mapping[str, float]) -> Element:
    """A paragraph style as XML."""
    made = element("w:style", type="paragraph", styleId=style_id(style.name))
    if style.name == "Normal":
        made.set(_W_DEFAULT, "1")
    elif style.name[:1].isupper() and style.name not in BUILT_IN:
        made.set(_W_CUSTOM, "1")
    made.append(element("w:name", val=style.name))
    if style.based:
        made.append(element("w:basedOn", val=style_id(style.based)))
    if style.next:
        made.append(element("w:next", val=style_id(style.next)))
    made.append(element("w:qFormat"))
    role = theme.roles[style.role]
    natural = heights.get(role.family, NATURAL)
    made.append(looks.paragraph_properties(role, style.paragraph, theme, natural))
    made.append(looks.run_properties(role, style.run))
    return made


_W_DEFAULT = element("w:style", default=1).keys()[0]
_W_CUSTOM = element("w:style", customStyle=1).keys()[0]


def character_style(name: str, look: Element) -> Element:
    """A character style as XML."""
    made = element("w:style", type="character", styleId=style_id(name))
    if name not in ("Hyperlink", "footnote reference"):
        made.set(_W_CUSTOM, "1")
    made.append(element("w:name", val=name))
    made.append(element("w:basedOn", val="DefaultParagraphFont"))
    made.append(look)
    return made


def _default(kind: str, name: str) -> Element:
    made = element("w:style", type=kind, default=1, styleId=style_id(name))
    made.append(element("w:name", val=name))
    made.append(element("w:uiPriority", val=99))
    made.append(element("w:semiHidden"))
    return made


def _normal_table() -> Element:
    made = _default("table", "Normal Table")
    made.set(element("w:style", styleId="").keys()[0], "TableNormal")
    margins = looks.cell_margins(0, 108)
    made.append(properties("w:tblPr", tblInd={"w": 0, "type": "dxa"}, tblCellMar=margins))
    return made


def _table_style(theme: Theme) -> Element:
    made = element("w:style", type="table", customStyle=1, styleId="Table")
    made.append(element("w:name", val="Table"))
    made.append(element("w:basedOn", val="TableNormal"))
    frame, rule, strong = theme.table.frame, theme.table.rule, theme.colors["primary"]
    borders = element(
        "w:tblBorders",
        looks.table_line("top", frame, strong),
        looks.table_line("bottom", frame, strong),
        looks.table_line("insideH", rule, theme.colors["rule"]),
    )
    size = theme.roles["table"].size
    margins = looks.cell_margins(*(looks.twentieths(part * size) for part in theme.table.padding))
    made.append(properties("w:tblPr", tblBorders=borders, tblCellMar=margins))
    head = element("w:tblStylePr", type="firstRow")
    bottom = element("w:tcBorders", looks.table_line("bottom", rule * 1.5, strong))
    head.append(properties("w:tcPr", tcBorders=bottom, vAlign="bottom"))
    made.append(head)
    return made
