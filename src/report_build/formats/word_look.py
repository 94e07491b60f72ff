"""How does a role of the theme look in Word's terms?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from report_build.formats.word_xml import Element, element, properties
from report_build.theme import Role, Theme

VALUES, TERMS, FACTS = 34, 26, 34
"""Columns of key figures, of abbreviations and of the facts on the cover, in mm."""
EDGE = 12.5
"""From the edge of the page to the running heads and feet, in mm."""
ALIGNMENT = {"left": "left", "right": "right", "center": "center", "justify": "both"}


def paragraph_properties(
    role: Role, more: Mapping[str, Any], theme: Theme, natural: float
) -> Element:
    """The paragraph properties of a role, with others over them."""
    spacing: dict[str, Any] = {
        "before": twentieths(role.space_before),
        "after": twentieths(role.space_after),
        "line": round(240 * role.line_height / natural),
        "lineRule": "auto",
    }
    own: dict[str, Any] = {
        "keepNext": True if role.keep_with_next else None,
        "shd": shade(theme.colors[role.on]) if role.on == "field" else None,
        "jc": ALIGNMENT[role.align],
        **more,
    }
    own["spacing"] = spacing | dict(more.get("spacing", {}))
    return properties("w:pPr", **own)


def run_properties(role: Role, more: Mapping[str, Any] | None = None) -> Element:
    """The run properties of a role, with others over them."""
    size = round(role.size * 2)
    own: dict[str, Any] = {
        "rFonts": fonts(role),
        "b": role.bold,
        "bCs": role.bold,
        "i": role.italic,
        "iCs": role.italic,
        "caps": True if role.caps else None,
        "color": hexadecimal(role.color),
        "spacing": round(role.tracking * role.size * 20) or None,
        "sz": size,
        "szCs": size,
    }
    return properties("w:rPr", **{**own, **(more or {})})


def fonts(role: Role) -> Mapping[str, str]:
    """The family of a role for all kinds of letters."""
    return dict.fromkeys(("ascii", "hAnsi", "eastAsia", "cs"), role.family)


def tabs(*stops: tuple[str, int]) -> Element:
    """Tab stops: kind and place in twentieths of a point."""
    return element("w:tabs", *(element("w:tab", val=kind, pos=at) for kind, at in stops))


def borders(**sides: tuple[float, str, float]) -> Element:
    """Lines around a paragraph: points of width, colour, points between it and the text."""
    made = element("w:pBdr")
    for side in ("top", "left", "bottom", "right", "between"):
        if side in sides:
            width, color, space = sides[side]
            look: dict[str, str | int] = {"val": "single", "sz": eighths(width)}
            made.append(element(f"w:{side}", **look, space=round(space), color=hexadecimal(color)))
    return made


def shade(color: str) -> Mapping[str, str]:
    """What is behind a paragraph."""
    return {"val": "clear", "color": "auto", "fill": hexadecimal(color)}


def box(theme: Theme) -> dict[str, Any]:
    """A shaded paragraph with a bar at its left; alike ones in a row are one box.

    The other sides have lines in the colour of the shade: that is its padding.
    """
    above, beside = (part * theme.roles["callout"].size for part in theme.callout.padding)
    ground, inset = theme.colors[theme.roles["callout"].on], callout_inset(theme)
    lines = borders(
        top=(0.25, ground, above),
        left=(theme.callout.bar, theme.colors["accent"], beside),
        bottom=(0.25, ground, above),
        right=(0.25, ground, beside),
    )
    indent = {"left": inset, "right": inset}
    return {"pBdr": lines, "shd": shade(ground), "ind": indent, "keepLines": True}


def bar(theme: Theme) -> dict[str, Any]:
    """A paragraph with a thin bar at its left: questions and answers."""
    beside = theme.callout.padding[1] * theme.roles["question"].size
    lines = borders(left=(theme.callout.bar / 2, theme.colors["rule"], beside))
    return {"pBdr": lines, "ind": {"left": twentieths(beside)}}


def code_block(theme: Theme) -> dict[str, Any]:
    """A shaded paragraph, as wide as the text with its padding."""
    ground, beside = theme.colors[theme.roles["code"].on], theme.roles["code"].size * 0.8
    above = theme.baseline * 0.3
    sides = {"top": above, "left": beside, "bottom": above, "right": beside}
    lines = borders(**{side: (0.25, ground, room) for side, room in sides.items()})
    inset = twentieths(beside)
    return {
        "pBdr": lines,
        "shd": shade(ground),
        "ind": {"left": inset, "right": inset},
        "keepLines": True,
    }


def figure_row(theme: Theme, first: bool) -> dict[str, Any]:
    """A key figure: its value, then its label in a column of its own; a line above each."""
    column, ground = from_mm(VALUES), theme.colors[theme.roles["key-figure-value"].on]
    beside, above = theme.roles["key-figure-label"].size, theme.baseline * 0.15
    between = (theme.table.rule, theme.colors["rule"], above)
    lines = borders(
        top=(theme.callout.bar, theme.colors["accent"], above) if first else between,
        left=(0.25, ground, beside),
        bottom=(0.25, ground, above),
        right=(0.25, ground, beside),
        between=between,
    )
    inset = twentieths(beside)
    return {
        "pBdr": lines,
        "shd": shade(ground),
        "ind": {"left": inset + column, "right": inset, "hanging": column},
        "keepLines": True,
        "keepNext": True if first else None,
    }


def term_row(theme: Theme) -> dict[str, Any]:
    """A term and, in a column of its own, what it means."""
    column = from_mm(TERMS)
    space = theme.table.padding[0] * theme.roles["table"].size
    line = (theme.table.rule, theme.colors["rule"], space)
    return {
        "pBdr": borders(top=line, bottom=line, between=line),
        "tabs": tabs(("left", column)),
        "ind": {"left": column, "hanging": column},
    }


def running(theme: Theme) -> dict[str, Any]:
    """A running head or foot: it begins where the numbers of headings hang."""
    return {
        "ind": {"left": -from_mm(theme.page.hang)},
        "tabs": tabs(("right", text_width(theme))),
        "jc": "left",
    }


def cell_margins(above: int, beside: int) -> Element:
    """Space within the cells of a table."""
    sides = (("top", above), ("left", beside), ("bottom", above), ("right", beside))
    return element("w:tblCellMar", *(element(f"w:{s}", w=w, type="dxa") for s, w in sides))


def table_line(side: str, points: float, color: str) -> Element:
    """A line of a table."""
    color = hexadecimal(color)
    return element(f"w:{side}", val="single", sz=eighths(points), space=0, color=color)


# ------------------------------------------------------------------ lengths


def twentieths(points: float) -> int:
    """Points in twentieths, as Word counts lengths."""
    return round(points * 20)


def eighths(points: float) -> int:
    """Points in eighths, as Word counts the width of lines."""
    return max(2, round(points * 8))


def from_mm(millimetres: float) -> int:
    """Millimetres in twentieths of a point."""
    return round(millimetres * 1440 / 25.4)


def hexadecimal(color: str) -> str:
    """A colour `#rrggbb` as Word writes it."""
    return color.lstrip("#").upper()


def text_width(theme: Theme) -> int:
    """The width of the text in twentieths of a point."""
    return from_mm(theme.page.text_width)


def text_height(theme: Theme) -> int:
    """The height of the text in twentieths of a point."""
    return from_mm(theme.page.height - theme.page.top - theme.page.bottom)


def wide_width(theme: Theme) -> int:
    """The width of the text on a page that lies on its side, in twentieths of a point."""
    return from_mm(theme.page.height - theme.page.left - theme.page.right)


def list_indent(theme: Theme) -> int:
    """By how much each level of a list is set in, in twentieths of a point."""
    return twentieths(theme.spacing.list_indent * theme.roles["list"].size)


def quotation_indent(theme: Theme) -> int:
    """By how much a quotation is set in, in twentieths of a point."""
    return twentieths(theme.spacing.quotation_indent * theme.roles["quotation"].size)


def callout_inset(theme: Theme) -> int:
    """By how much the text of a box is set in: its bar stands at the edge of the text."""
    return twentieths(theme.callout.padding[1] * theme.roles["callout"].size + theme.callout.bar)
