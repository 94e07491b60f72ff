"""How does WeasyPrint break lines: rightly, and each only once?

If the text before an inline element fits into a line only without its last space, WeasyPrint 70
takes the line's first word for too long, and hyphenates it: a few letters stand alone in a line.

Editions of a master have most of their paragraphs in common, and each is broken several times,
in tables above all. A line depends on nothing but its text, its width and its style: one that was
broken before, for whatever edition, is not broken again.

Of each line that asks for features of its font, such as lining figures, WeasyPrint 70 keeps a list for
ever: half a megabyte for each document. Here the list goes with the line.
"""

from __future__ import annotations

from copy import copy
from operator import itemgetter
from typing import Any

from weasyprint.layout import inline, preferred
from weasyprint.text import line_break

_broken_anew = inline.split_first_line
_set_up = line_break.Layout.setup
_features = line_break.font_features
_known: dict[tuple[Any, ...], tuple[Any, ...]] = {}
MOST = 10_000
"""Lines that a process remembers: those of some hundred pages."""
READ = (
    "direction", "font_family", "font_feature_settings", "font_kerning", "font_language_override",
    "font_size", "font_stretch", "font_style", "font_variant_alternates", "font_variant_caps",
    "font_variant_east_asian", "font_variant_ligatures", "font_variant_numeric",
    "font_variant_position", "font_variation_settings", "font_weight", "hyphenate_character",
    "hyphenate_limit_chars", "hyphenate_limit_zone", "hyphens", "lang", "letter_spacing",
    "overflow_wrap", "tab_size", "text_decoration_line", "white_space", "word_break",
    "word_spacing",
)  # fmt: skip
"""The properties of a style that a line depends on."""
_read = itemgetter(*READ)


def prepare() -> None:
    """Have lines of every document of this process broken rightly, and once."""
    inline.split_first_line = _split_first_line
    preferred.split_first_line = _once
    line_break.Layout.setup = _with_features
    line_break.font_features = lambda *_: {}  # those of a layout are set here


def _split_first_line(
    text: str, style: Any, context: Any, max_width: float | None, *more: Any, **options: Any
) -> Any:
    """As WeasyPrint's, whose arguments and results these are."""
    found = _once(text, style, context, max_width, *more, **options)
    length, resume = found[1], found[2]
    alone = resume is not None and text.endswith(" ") and b" " not in text.encode()[:length].strip()
    if max_width is None or not alone:
        return found
    without = _once(text.rstrip(" "), style, context, max_width, *more, **options)
    if without[2] is not None:  # it is too long indeed
        return found
    return _once(text, style, context, max_width + style["font_size"], *more, **options)


def _once(
    text: str, style: Any, context: Any, max_width: float | None, *more: Any, **options: Any
) -> Any:
    """What was found before for the same line, with a layout of its own.

    WeasyPrint gives layouts without anything of Pango's in them; they get it when they are drawn.
    """
    key = (style.font_config, max_width, *more, *options.items(), text, _read(style))
    try:
        found = _known.get(key)
    except TypeError:  # sets of decorations have no hash; there are few of them
        return _broken_anew(text, style, context, max_width, *more, **options)
    if found is None:
        if len(_known) >= MOST:
            _known.clear()
        found = _known[key] = _broken_anew(text, style, context, max_width, *more, **options)
    layout, *rest = found
    return (copy(layout), *rest)


def _with_features(layout: Any, style: Any) -> None:
    """Set up a layout, whose list of features is Pango's alone.

    `pango_layout_set_attributes` takes a reference to the list, and the list owns what is in it.
    """
    _set_up(layout, style)
    found = _features(*[style[name] for name in FEATURES])
    if not found:
        return
    pango = line_break.pango
    words = ",".join(f"{name} {value}" for name, value in found.items()).encode()
    own = pango.pango_attr_list_new()
    pango.pango_attr_list_insert(own, pango.pango_attr_font_features_new(words))
    pango.pango_layout_set_attributes(layout.layout, own)
    pango.pango_attr_list_unref(own)


FEATURES = (
    "font_kerning", "font_variant_ligatures", "font_variant_position", "font_variant_caps",
    "font_variant_numeric", "font_variant_alternates", "font_variant_east_asian",
    "font_feature_settings",
)  # fmt: skip
"""The properties that `font_features` gets, in its order."""
