"""How does each piece of text look in a browser, in both schemes?"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from report_build.appearance import DARK, ROLES, SCREEN, Look, Seen
from report_build.surroundings import FOLDER, browser, done
from report_build.theme import Theme

SCRIPT = Path(__file__).with_name("styles.cjs")
ALIGN = {"start": "left", "end": "right"}


def looks(files: Iterable[Path], theme: Theme) -> Iterator[tuple[Path, str, Seen]]:
    """Files, media and what is seen there; pixels are turned into points of the text's size."""
    selectors = {role: where.screen for role, where in ROLES.items() if where.screen}
    paths = [path.absolute() for path in files]
    said = done("node", SCRIPT, FOLDER, browser(), json.dumps(selectors), *paths)
    points = theme.roles["body"].size / theme.screen
    for line in filter(None, said.splitlines()):
        one = json.loads(line)
        look = Look(
            family=one["family"].split(",")[0].strip("\"' "),
            size=round(float(one["size"]) * points, 2),
            weight=int(one["weight"]),
            italic=one["slant"] == "italic",
            color=_hex(one["color"]),
            before=round(float(one["before"]) * points, 2),
            after=round(float(one["after"]) * points, 2),
            align=ALIGN.get(one["align"], one["align"]),
        )
        medium = DARK if one["scheme"] == "dark" else SCREEN
        yield Path(one["file"]), medium, Seen(one["role"], look, one["words"])


def _hex(color: str) -> str:
    red, green, blue = (int(x) for x in re.findall(r"\d+", color)[:3])
    return f"#{red:02x}{green:02x}{blue:02x}"
