"""What does a formula look like where nothing lays out MathML? A drawing, as on paper.

This is the only door to ziamath, which sets TeX's formulas in STIX Two Math.
"""

from __future__ import annotations

import base64
from functools import lru_cache

from report_build import nodes as n

SIZE = 14.0
"""Points of the letters in the drawing; it is shown in sizes of the text around it."""


@lru_cache(maxsize=500)
def drawing(tex: str, display: bool) -> n.AnyInline:
    """A formula as an image whose alternative text is its TeX; what cannot be set stays text."""
    from ziamath.zmath import Latex

    try:
        formula = Latex(tex.strip(), size=SIZE, inline=not display)
        svg, (width, height), depth = formula.svg(), formula.getsize(), -formula.getyofst()
    except Exception:
        return n.Code((n.Attr("", ("formula",)), tex.strip()))
    uri = "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
    look = f"width:{width / SIZE:.3f}em;height:{height / SIZE:.3f}em"
    look += "" if display else f";vertical-align:{-depth / SIZE:.3f}em"
    attr = n.Attr("", ("formula",), (("alt", " ".join(tex.split())), ("style", look)))
    return n.Image((attr, (), (uri, "")))
