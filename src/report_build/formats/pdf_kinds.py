"""Which styles does a sheet have? They are found once for each kind of sheet.

WeasyPrint 70 finds them anew for every page, with those of its twenty boxes in the margins, since
a selector may count pages (`@page :nth(3)`). Where none does, pages of the same side and name have
the same styles.
"""

from __future__ import annotations

from typing import Any

from weasyprint.layout import page

_found_anew = page.set_page_type_computed_styles
KINDS = "_kinds"
"""Where the styles of a document keep those of its kinds of pages."""


def prepare() -> None:
    """Have styles of pages found once, in every document of this process."""
    page.set_page_type_computed_styles = _found_once


def _found_once(page_type: Any, html: Any, style_for: Any) -> None:
    """As WeasyPrint's, whose arguments these are."""
    if _counts_pages(style_for):
        _found_anew(page_type, html, style_for)
        return
    known = vars(style_for).setdefault(KINDS, {})
    kind = page_type.side, page_type.blank, page_type.index == 0, page_type.name
    styles = style_for.get_computed_styles()
    if kind not in known:
        _found_anew(page_type, html, style_for)
        known[kind] = {box: style for (of, box), style in styles.items() if of == page_type}
    styles.update({(page_type, box): style for box, style in known[kind].items()})


def _counts_pages(style_for: Any) -> bool:
    rules = (rule for sheet, *_ in style_for._sheets for rule in sheet.page_rules)
    return any(kind.index is not None for _, selectors, _ in rules for _, _, kind in selectors)
