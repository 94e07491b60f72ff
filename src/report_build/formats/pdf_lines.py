"""Where does WeasyPrint break a line in a wrong place, and how is that mended?

If the text before an inline element fits into a line only without its last space, WeasyPrint 70
takes the line's first word for too long, and hyphenates it: a few letters stand alone in a line.
"""

from __future__ import annotations

from typing import Any

from weasyprint.layout import inline

_written = inline.split_first_line


def prepare() -> None:
    """Have lines of every document of this process broken rightly."""
    inline.split_first_line = _split_first_line


def _split_first_line(
    text: str, style: Any, context: Any, max_width: float | None, *more: Any, **options: Any
) -> Any:
    """As WeasyPrint's, whose arguments and results these are."""
    found = _written(text, style, context, max_width, *more, **options)
    length, resume = found[1], found[2]
    alone = resume is not None and text.endswith(" ") and b" " not in text.encode()[:length].strip()
    if max_width is None or not alone:
        return found
    without = _written(text.rstrip(" "), style, context, max_width, *more, **options)
    if without[2] is not None:  # it is too long indeed
        return found
    return _written(text, style, context, max_width + style["font_size"], *more, **options)
