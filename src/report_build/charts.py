"""What does a chart of ledger figures look like?

`::: {.chart type="bar" figures="a b" alt="…"}` is drawn by Vega-Lite from the number ledger
with the theme's colours and fonts: labels stand at the bars, there is no axis to read off,
and nothing is drawn that the ledger does not hold.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from report_build import nodes as n
from report_build import vega
from report_build.document import Document
from report_build.labels import Labels
from report_build.ledger import printed
from report_build.limits import Limits
from report_build.store import Store
from report_build.theme import Theme

WIDTH = 420
ROW = 30
BAR = 17
PNG_SCALE = 4
URL = "chart:"
SVG = "data:image/svg+xml;base64,"
MARK = b".chart"
"""What a chart is called in a master."""
KEPT = "charts"
"""The folder of a cache in which drawings are kept."""
Drawing = tuple[str, bytes]


def specification(figures: list[Any], labels: Labels, theme: Theme) -> dict[str, Any]:
    """A horizontal bar chart as Vega-Lite; `figures` are ledger entries."""
    rows = [
        {
            "order": index,
            "label": figure.short or figure.label,
            "value": float(figure.value),
            "text": printed(figure, labels),
        }
        for index, figure in enumerate(figures)
    ]
    role = theme.roles["table"]
    text = {"font": f"'{role.family}'", "fontSize": 12, "color": role.color}
    return {
        "$schema": vega.SCHEMA,
        "width": WIDTH,
        "height": {"step": ROW},
        "padding": 0,
        "background": None,
        "data": {"values": rows},
        "encoding": {
            "y": {"field": "label", "type": "nominal", "sort": {"field": "order"}, "axis": _AXIS},
            "x": {
                "field": "value",
                "type": "quantitative",
                "axis": None,
                "scale": {"domainMin": 0, "nice": False},
            },
        },
        "layer": [
            {"mark": {"type": "bar", "height": BAR, "color": theme.colors["primary"]}},
            {
                "mark": {"type": "text", "align": "left", "dx": 6, "fontWeight": 600, **text},
                "encoding": {"text": {"field": "text"}},
            },
        ],
        "config": {
            "view": {"stroke": None},
            "axis": {
                "labelFont": f"'{role.family}'",
                "labelFontSize": 12,
                "labelColor": role.color,
            },
        },
    }


_AXIS = {"title": None, "domain": False, "ticks": False, "labelPadding": 8, "labelLimit": 240}


def draw(spec: Mapping[str, Any], fonts: Path, limits: Limits) -> Drawing:
    """A specification as SVG, and as PNG for programs that show no SVG."""
    svg, png = vega.draw(spec, fonts, PNG_SCALE, limits)
    return _lean(svg), png


def ahead(masters: Iterable[Path], cache: Path) -> None:
    """Have Vega start while masters are read, if they have charts and none was drawn before."""
    if (cache / KEPT).is_dir() or not any(MARK in _content(path) for path in masters):
        return
    vega.ahead()


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # told when it is checked
        return b""


LEAN = 1
"""Which way of leaning: part of the key of what is kept."""


def _lean(svg: str) -> str:
    """Without what only Vega's own tools read; the description stands with the image."""
    svg = re.sub(r' (?:aria-[a-z]+|role|class|opacity|pointer-events)="[^"]*"', "", svg)
    svg = re.sub(r'<path d="[^"]*" display="none"/>', "", svg)
    return svg.replace(' xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1"', "")


def _kept(store: Store, fonts: Path, about: object, make: Callable[[], Drawing]) -> Drawing:
    """What was drawn before from the same, or is now: Vega takes a second to start."""
    from importlib.metadata import version

    made_from = repr((version("vl-convert-python"), fonts.name, LEAN, PNG_SCALE, about))
    key = hashlib.sha256(made_from.encode()).hexdigest()
    found = store.get(key)
    if found:
        return str(found[1]["svg"]), found[0]
    svg, png = make()
    store.put(key, png, {"svg": svg})
    return svg, png


def drawn(
    document: Document, labels: Labels, theme: Theme, fonts: Path, store: Store, limits: Limits
) -> Document:
    """The document with its charts as images, and a PNG beside every SVG."""

    def change(node: Any) -> Any:
        if not isinstance(node, n.Image):
            return node
        attr, inlines, (url, title) = node.c
        if url == URL:
            figures = [document.front.figures[name] for name in attr.get("figures").split()]
            spec = specification(figures, labels, theme)
            svg, png = _kept(store, fonts, spec, partial(draw, spec, fonts, limits))
            pairs = (("alt", attr.get("alt")), ("png", _uri(png, "png")))
            return n.Image((n.Attr("", ("chart",), pairs), (), (_uri(svg.encode(), "svg+xml"), "")))
        if url.startswith(SVG) and not attr.has("png"):
            svg = base64.b64decode(url.removeprefix(SVG)).decode()
            _, png = _kept(
                store, fonts, svg, lambda: (svg, vega.rasterize(svg, fonts, PNG_SCALE, limits))
            )
            return n.Image((attr.with_pairs(png=_uri(png, "png")), inlines, (url, title)))
        return node

    return replace(document, blocks=n.rewrite(document.blocks, change))


def _uri(content: bytes, kind: str) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"
