"""How are results shown? Problems for people and machines, and the progress of a build."""

from __future__ import annotations

import json
import os
import re
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import PurePosixPath
from typing import Any, TextIO
from urllib.parse import quote

from report_build import __version__, rules
from report_build.diagnostics import Diagnostic, Place, Severity
from report_build.source import Source

Sources = Mapping[str, Source]

TAB = 4
WIDTH = 100
EDITIONS = 6
COLORS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.INFO: "36"}
GITHUB = {Severity.ERROR: "error", Severity.WARNING: "warning"}
SARIF = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.IGNORE: "none"}
COUNTED = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
SARIF_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


# -------------------------------------------------------------------------- for people


def human(diagnostics: Iterable[Diagnostic], sources: Sources, color: bool = False) -> str:
    """One line for each problem, then the author's line and carets under the token."""
    return "\n".join(line for one in diagnostics for line in _lines(one, sources, color))


def summary(diagnostics: Iterable[Diagnostic]) -> str:
    """How many there are of each kind, such as “3 errors, 1 warning”."""
    count = Counter(one.severity for one in diagnostics)
    told = [
        f"{count[severity]} {word}{'s' * (count[severity] != 1)}"
        for severity, word in COUNTED.items()
        if count[severity]
    ]
    return ", ".join(told) or "no problems"


def _lines(one: Diagnostic, sources: Sources, color: bool) -> Iterator[str]:
    place, shade = one.place, COLORS.get(one.severity, "0")
    where = f"{place.file}:{place.line}:{place.column}: " if place else ""
    severity = _painted(one.severity, shade, color)
    yield f"{_plain(where)}{severity}: {one.rule}: {_plain(_words(one))}"
    source = sources.get(place.file) if place else None
    text = source.line_text(place) if place and source else ""
    if place and text.strip():
        shown, indent, width = _excerpt(text, place)
        yield f"  {shown}"
        yield f"  {' ' * indent}{_painted('^' * width, shade, color)}"


def _words(one: Diagnostic) -> str:
    """Message, hint and the editions concerned, if not all are."""
    hint = f"; {one.hint}" if one.hint else ""
    names = list(one.editions)
    if len(names) > EDITIONS:
        names[EDITIONS:] = [f"and {len(names) - EDITIONS} more"]
    return f"{one.message}{hint}{' [' + ', '.join(names) + ']' if names else ''}"


def _plain(text: str) -> str:
    """Without characters that would command the terminal or break the line."""
    return CONTROL.sub("\ufffd", re.sub(r"\s*\n\s*", " ", text))


def _painted(text: str, code: str, color: bool) -> str:
    return f"\x1b[1;{code}m{text}\x1b[0m" if color else text


def _excerpt(text: str, place: Place) -> tuple[str, int, int]:
    """What is shown of a line, and the cells before and under the token."""
    last = place.end_column - 1 if place.end_line == place.line else len(text)
    first = min(place.column - 1, len(text))
    cells = _cells(text)
    start, end = _window(cells, first)
    last = min(max(last, first), end)
    before, after = "…" * (start > 0), "…" * (end < len(text))
    shown = before + "".join(cells[start:end]).rstrip() + after
    indent = len(before) + _width("".join(cells[start:first]))
    return shown, indent, max(1, _width("".join(cells[first:last])))


def _cells(text: str) -> list[str]:
    """The characters of a line as they are shown: a tab is as many spaces as it spans."""
    cells: list[str] = []
    at = 0
    for char in text:
        cells.append(" " * (TAB - at % TAB) if char == "\t" else _plain(char))
        at += _width(cells[-1])
    return cells


def _window(cells: list[str], first: int) -> tuple[int, int]:
    """The part of a long line that fits into `WIDTH` cells and has the token in it."""
    start, end = 0, len(cells)
    if _width("".join(cells[: first + 1])) > WIDTH * 3 // 4:
        start = first
        while start and _width("".join(cells[start - 1 : first])) <= WIDTH // 3:
            start -= 1
    width = 0
    for index in range(start, len(cells)):
        width += _width(cells[index])
        if width > WIDTH and index > first:
            end = index
            break
    return start, end


def _width(text: str) -> int:
    """The cells that a text takes on a terminal (Unicode Standard Annex 11)."""
    return sum(map(_char_width, text))


def _char_width(char: str) -> int:
    if unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


# ------------------------------------------------------------------------ for machines


def as_json(diagnostics: Iterable[Diagnostic], sources: Sources | None = None) -> str:
    """An object whose `diagnostics` are flat objects; without a place its keys are null."""
    return _json({"diagnostics": [_flat(one) for one in diagnostics]})


def _flat(one: Diagnostic) -> dict[str, Any]:
    nowhere = dict.fromkeys(Place.__dataclass_fields__)
    return {
        "rule": one.rule,
        "severity": str(one.severity),
        **(asdict(one.place) if one.place else nowhere),
        "message": one.message,
        "hint": one.hint,
        "editions": list(one.editions),
    }


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def as_github(diagnostics: Iterable[Diagnostic], sources: Sources | None = None) -> str:
    """A workflow command of GitHub Actions for each problem, which annotates the changes."""
    return "\n".join(map(_annotation, diagnostics))


def _annotation(one: Diagnostic) -> str:
    place = one.place
    properties: dict[str, str | int] = {}
    if place:
        properties = {"file": place.file, "line": place.line, "endLine": place.end_line}
        if place.line == place.end_line:  # GitHub takes columns on a single line only
            properties |= {"col": place.column, "endColumn": place.end_column}
    properties["title"] = one.rule
    given = ",".join(f"{key}={_escaped(str(own), ':,')}" for key, own in properties.items())
    return f"::{GITHUB.get(one.severity, 'notice')} {given}::{_escaped(_plain(_words(one)))}"


def _escaped(text: str, also: str = "") -> str:
    return re.sub(f"[%\r\n{also}]", lambda found: f"%{ord(found[0]):02X}", text)


def as_sarif(diagnostics: Iterable[Diagnostic], sources: Sources | None = None) -> str:
    """A log of SARIF 2.1.0 (OASIS), which lists the rules that found something."""
    found = list(diagnostics)
    names = sorted({one.rule for one in found})
    driver = {
        "name": "report-build",
        "version": __version__,
        "rules": [_sarif_rule(name) for name in names],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, names.index(one.rule)) for one in found],
    }
    return _json({"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]})


def _sarif_rule(name: str) -> dict[str, Any]:
    known = rules.BY_NAME.get(name)
    manual = known.manual.strip().splitlines() if known else []
    return {"id": name, **({"shortDescription": {"text": manual[0]}} if manual else {})}


def _result(one: Diagnostic, index: int) -> dict[str, Any]:
    return {
        "ruleId": one.rule,
        "ruleIndex": index,
        "level": SARIF.get(one.severity, "note"),
        "message": {"text": _words(one)},
        "locations": [_location(one.place)] if one.place else [],
        "properties": {"editions": list(one.editions)},
    }


def _location(place: Place) -> dict[str, Any]:
    path = PurePosixPath(place.file)
    region = {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }
    uri = path.as_uri() if path.is_absolute() else quote(place.file)
    return {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}


FORMATS: Mapping[str, Callable[[Iterable[Diagnostic], Sources], str]] = {
    "human": human,
    "json": as_json,
    "github": as_github,
    "sarif": as_sarif,
}
"""What `--message-format` may be."""


# ---------------------------------------------------------------------------- progress


class Progress:
    """How far a build is: a bar on a terminal, otherwise a line for each finished file."""

    BAR = 24
    ENOUGH = 5
    """Files that must be made before it is told how long the others take."""

    def __init__(
        self,
        stream: TextIO,
        total: int,
        quiet: bool = False,
        costs: Mapping[str, float] | None = None,
    ) -> None:
        self.stream = stream
        self.total = total
        self.costs = dict(costs or {})
        """About how long each takes, by its name, as against the others."""
        self.cost = sum(self.costs.values()) or float(total)
        self.spent = 0.0
        self.quiet = quiet
        self.count = 0
        self.began = time.monotonic()
        self.bar = stream.isatty() and os.environ.get("TERM") != "dumb"

    def done(self, name: str, seconds: float) -> None:
        """One more is finished."""
        self.count += 1
        self.spent += self.costs.get(name, 1.0)
        if self.quiet:
            return
        total = max(self.total, self.count)
        count, name = f"{self.count:{len(str(total))}}/{total}", _plain(name)
        if self.bar:
            filled = "=" * (self.BAR * self.count // total)
            line = f"[{filled:{self.BAR}}] {count} {name}{self._left(total)}"
            self._write(f"\r{line[: self._columns() - 1]}\x1b[K")
        else:
            self._write(f"[{count}] {name} ({seconds:.1f} s)\n")

    def _left(self, total: int) -> str:
        """How long it will still take, once enough is made to tell."""
        if self.count < self.ENOUGH or self.count >= total:
            return ""
        left = max(self.cost - self.spent, 0)
        seconds = (time.monotonic() - self.began) / self.spent * left
        minutes, rest = divmod(round(seconds), 60)
        return f", {minutes} min {rest:02} s left" if minutes else f", {rest} s left"

    def close(self) -> None:
        """Take the bar away."""
        if self.bar and self.count and not self.quiet:
            self._write("\r\x1b[K")

    def _columns(self) -> int:
        try:
            return os.get_terminal_size(self.stream.fileno()).columns or 80
        except (OSError, ValueError):
            return 80

    def _write(self, text: str) -> None:
        self.stream.write(text)
        self.stream.flush()
