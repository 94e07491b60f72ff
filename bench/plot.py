"""What was measured, as pictures: python -m bench.plot draws docs/speed.svg and docs/growth.svg."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from report_build import vega

DOCS = Path(__file__).parents[1] / "docs"
GOAL, MET, MISSED = "#5b6573", "#17345a", "#b4532a"


def speed(ratios: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """A bar for each ratio, as a share of the most that it should be; a line where that is."""
    rows = [{"name": one["name"], "share": one["ratio"] / one["goal"]} for one in ratios]
    bars = {
        "mark": {"type": "bar", "height": 14},
        "encoding": {
            "y": {"field": "name", "type": "nominal", "sort": None, "title": None, "axis": {"labelLimit": 460}},
            "x": {"field": "share", "type": "quantitative", "title": "ratio ÷ goal (the line: as much as it should be)"},
            "color": {"condition": {"test": "datum.share <= 1", "value": MET}, "value": MISSED},
        },
    }  # fmt: skip
    line = {"mark": {"type": "rule", "color": GOAL, "strokeDash": [4, 3]}, "encoding": {"x": {"datum": 1}}}  # fmt: skip
    return {"data": {"values": rows}, "width": 420, "layer": [bars, line]}


def growth(rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """Seconds against the size, both as powers, so that what is linear is a straight slope."""
    values = [
        {"what": f"{kind}: {name}", "size": size, "seconds": seconds}
        for kind, name, size, seconds, _ in rows
        if seconds
    ]
    axes = {
        "x": {"field": "size", "type": "quantitative", "scale": {"type": "log"}, "title": "times the text, or countries"},
        "y": {"field": "seconds", "type": "quantitative", "scale": {"type": "log"}, "title": "seconds"},
        "color": {"field": "what", "type": "nominal", "title": None},
    }  # fmt: skip
    mark = {"type": "line", "point": True}
    return {"data": {"values": values}, "width": 420, "height": 260, "mark": mark, "encoding": axes}


def draw(name: str, specification: dict[str, Any]) -> None:
    """Write a picture into docs/."""
    # letters are as wide as those of the reader's font
    room = {"left": 60, "right": 20, "top": 5, "bottom": 5}
    svg, _ = vega.draw({"$schema": vega.SCHEMA, "padding": room, **specification}, DOCS, 1.0)
    (DOCS / f"{name}.svg").write_text(svg + "\n", "utf-8")


def main() -> None:
    """Draw what the last measurements gave."""
    draw("speed", speed(json.loads((DOCS / "speed.json").read_text("utf-8"))["ratios"]))
    draw("growth", growth(json.loads((DOCS / "growth.json").read_text("utf-8"))))


if __name__ == "__main__":
    main()
