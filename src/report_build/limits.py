"""How much may work on content take? All limits are here.

A project can raise them in `templates/limits.yml`, which belongs to those who answer for it, as all
templates do; the content cannot.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from pathlib import Path

from report_build.diagnostics import ContentError, Diagnostic, Severity, did_you_mean
from report_build.origin import Source
from report_build.yaml_tree import read_yaml

NAME = "limits.yml"


@dataclass(frozen=True)
class Limits:
    """What a text and its files may be, and what work on them may take."""

    characters: int = 5_000_000
    """Of a master with all its parts."""
    parts: int = 1_000
    line: int = 200_000
    """Characters of a line."""
    word: int = 2_000
    """Characters without a space."""
    nesting: int = 40
    """Quotations, lists, divs or brackets in one another."""
    repeated: int = 99
    """Equal marks in a row, such as `***`."""
    stresses: int = 2_000
    """Marks of stress in a paragraph."""
    columns: int = 60
    notes: int = 10_000
    headings: int = 20_000
    picture_bytes: int = 20_000_000
    pixels: int = 40_000_000
    drawing_parts: int = 20_000
    """Elements of an SVG."""
    drawing_size: int = 10_000
    """Width and height of an SVG."""
    bibliography_bytes: int = 2_000_000
    seconds: int = 900
    """For one file to be made."""
    reading_seconds: int = 120
    """For pandoc to read or write once."""
    memory: int = 3_000
    """MiB that a process may have of its own."""


LIMITS = Limits()
"""What holds without a file of the project's."""


def of(folders: Iterable[Path]) -> Limits:
    """The limits of a project, from the first folder of templates that has any."""
    for folder in folders:
        path = folder / NAME
        if path.is_file():
            return _read(path)
    return LIMITS


def _read(path: Path) -> Limits:
    text = path.read_text("utf-8")
    source, tree = Source(f"templates/{NAME}", text), read_yaml(text)
    problems = [(mistake.span, mistake.message, mistake.hint) for mistake in tree.mistakes]
    names = {field.name.replace("_", "-"): field.name for field in fields(Limits)}
    found: dict[str, int] = {}
    values = tree.value if isinstance(tree.value, dict) else {}
    for name, value in values.items():
        if name not in names:
            problems.append(
                (tree.keys[name,], f"there is no limit “{name}”", did_you_mean(name, names))
            )
        elif not isinstance(value, str) or not re.fullmatch(r"[\d_]+", value):
            problems.append((tree.spans[name,], "a limit is a whole number", ""))
        else:
            found[names[name]] = int(value)
    if problems:
        raise ContentError(
            Diagnostic("limits", Severity.ERROR, source.place(*span), message, hint)
            for span, message, hint in problems
        )
    return replace(LIMITS, **found)
