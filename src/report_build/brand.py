"""What does a Quarto `_brand.yml` mean as a theme?

Such a file is taken as it is: colours and fonts become tokens, what a report has no use for
(logos, Bootstrap's defaults) is left alone. A font counts if its package is installed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

NAME = "_brand.yml"
SHADES = ("foreground", "background", "primary", "secondary")
"""Names of colours that mean the same in both."""
SIZES = {"pt": 1.0, "px": 0.75, "rem": 12.0, "em": 12.0}
"""Points of a unit of CSS."""
BLACK, WHITE = "#000000", "#ffffff"
Tree = Any


def as_theme(brand: Tree) -> Tree:
    """The tokens that a brand sets, as `theme.yml` would have them."""
    if not isinstance(brand, dict):
        return brand
    found = {
        "meta": _meta(brand.get("meta")),
        "color": _colors(_mapping(brand, "color")),
        "typography": _typography(_mapping(brand, "typography")),
    }
    return {key: value for key, value in found.items() if value}


def unavailable(brand: Tree) -> tuple[tuple[str, str], ...]:
    """Families that a brand asks for and no installed package has, and the package to install."""
    typography = _mapping(brand, "typography") if isinstance(brand, dict) else {}
    wanted = dict.fromkeys(family for _, family in _families(typography))
    return tuple((f, package(f).replace("_", "-")) for f in wanted if not _styles(f))


def package(family: str) -> str:
    """The module of the package that brings a family."""
    return "fontpkg_" + re.sub(r"[^a-z0-9]+", "_", family.lower()).strip("_")


def _mapping(tree: Tree, key: str) -> dict[str, Any]:
    value = tree.get(key)
    return value if isinstance(value, dict) else {}


def _meta(meta: Tree) -> Tree:
    name = meta.get("name") if isinstance(meta, dict) else None
    found = name.get("short") or name.get("full") if isinstance(name, dict) else name
    return {"name": found} if found else {}


# ------------------------------------------------------------------------------- colours


def _colors(color: Mapping[str, Any]) -> Tree:
    """The palette, and the light scheme's colours; dark ones only where the brand has them."""
    names = {key: str(value) for key, value in _mapping(color, "palette").items()}
    palette = {key: shade for key in names if (shade := _resolved(key, names))}
    found: dict[str, Any] = {}
    for theirs, ours in (*zip(SHADES, SHADES, strict=True), ("tertiary", "accent")):
        value = color.get(theirs)
        both = value if isinstance(value, dict) else {"light": value}
        for scheme in ("light", "dark"):
            if shade := _resolved(str(both.get(scheme) or ""), names):
                palette[f"brand-{ours}-{scheme}"] = shade
                found.setdefault(ours, {})[scheme] = f"brand-{ours}-{scheme}"
    if field := palette.get("brand-primary-light"):
        palette["brand-on-field"] = legible = WHITE if _is_dark(field) else BLACK
        found["field"] = {"light": "brand-primary-light"}
        found["on-field"] = {"light": "brand-on-field", "dark": "white"}
        if legible == BLACK or "accent" in found:  # ours goes with dark fields
            found["on-field-accent"] = {"light": "brand-on-field", "dark": "white"}
    return {**found, "palette": palette} if palette else {}


def _resolved(value: str, names: Mapping[str, str]) -> str:
    """A colour as `#rrggbb`; a name of the palette may stand for another one there."""
    seen: set[str] = set()
    while value in names and value not in seen:
        seen.add(value)
        value = names[value]
    shade = _hex(value)
    return shade if re.fullmatch(r"#[0-9a-f]{6}", shade) else ""


def _hex(value: str) -> str:
    named = {"black": BLACK, "white": WHITE}.get(value.lower(), value.lower())
    short = re.fullmatch(r"#([0-9a-f])([0-9a-f])([0-9a-f])", named)
    return "#" + "".join(part * 2 for part in short.groups()) if short else named


def _is_dark(color: str) -> bool:
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue < 140


# --------------------------------------------------------------------------------- fonts


def _families(typography: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """For what a brand names a family, and which."""
    for key in ("base", "headings", "monospace"):
        value = typography.get(key)
        family = value.get("family") if isinstance(value, dict) else value
        if isinstance(family, str):
            yield key, family


def _styles(family: str) -> list[str]:
    """The styles in which an installed package has a variable font of a family."""
    spec = find_spec(package(family))
    folder = Path(spec.origin).parent / "files" if spec and spec.origin else None
    files = [path.name for path in folder.glob("*wght*.ttf")] if folder else []
    italic = [name for name in files if "Italic" in name]
    return ["normal"] * (len(files) > len(italic)) + ["italic"] * bool(italic)


def _typography(typography: Mapping[str, Any]) -> Tree:
    found: dict[str, Any] = {}
    there = {key: family for key, family in _families(typography) if _styles(family)}
    if there:
        found["fonts+"] = [
            {
                "family": family, "package": package(family),
                "weight": ["400", "700"], "style": _styles(family),
            }
            for family in dict.fromkeys(there.values())
        ]  # fmt: skip
        for key, family in there.items():
            found[key] = {"family": family}
        if "headings" in there:
            found["display"] = {"family": there["headings"]}
    base = _mapping(typography, "base")
    if size := _points(base.get("size")):
        found.setdefault("base", {})["size"] = size
    if base.get("line-height"):
        found.setdefault("base", {})["line-height"] = base["line-height"]
    decoration = _mapping(typography, "link").get("decoration")
    if decoration in ("underline", "none"):
        found["link"] = {"decoration": decoration}
    return found


def _points(size: Any) -> str:
    """A length of CSS in points, in half points, as Word has them."""
    met = re.fullmatch(r"([\d.]+)(pt|px|rem|em)", str(size or ""))
    return f"{round(float(met[1]) * SIZES[met[2]] * 2) / 2:g}" if met else ""
