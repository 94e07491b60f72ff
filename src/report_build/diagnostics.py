"""What was found, where, how bad is it, and what would help?

An author's mistakes are values of type `Diagnostic`, never exceptions: a stage returns what
it made together with what it found. `ContentError` carries them over the border of a stage,
`MachineError` says what is missing on the machine; only the shell raises and catches the two.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum


class Severity(StrEnum):
    """How bad it is: an error stops the build, a warning only under `--strict`."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    IGNORE = "ignore"


@dataclass(frozen=True, order=True)
class Place:
    """A stretch of an author's file; lines and columns count from 1, the end is exclusive."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int


NOWHERE = Place("", 0, 0, 0, 0)


@dataclass(frozen=True)
class Diagnostic:
    """One problem. `editions` names those concerned; empty means all of them."""

    rule: str
    severity: Severity
    place: Place | None
    message: str
    hint: str = ""
    editions: tuple[str, ...] = ()


class ContentError(Exception):
    """The content has errors, so a stage has nothing to give to the next one."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__(f"{len(self.diagnostics)} problems in the content")


class MachineError(Exception):
    """Something is missing on the machine; `cure` is a command that mends it."""

    def __init__(self, message: str, cure: str = "") -> None:
        self.message = message
        self.cure = cure
        super().__init__(message)


def did_you_mean(name: str, candidates: Iterable[str]) -> str:
    """A question with the candidate that is most like the name, or nothing."""
    by_folded = {candidate.casefold(): candidate for candidate in sorted(set(candidates))}
    close = difflib.get_close_matches(name.casefold(), by_folded, n=1, cutoff=0.6)
    return f"did you mean “{by_folded[close[0]]}”?" if close else ""


def merged(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Sorted by place, each problem once with all the editions that have it."""
    found: dict[tuple[Place, str, str], Diagnostic] = {}
    for diagnostic in diagnostics:
        key = (diagnostic.place or NOWHERE, diagnostic.rule, diagnostic.message)
        found[key] = _joined(found[key], diagnostic) if key in found else diagnostic
    ordered = sorted(found.items(), key=lambda item: _order(*item[0]))
    return [replace(d, editions=tuple(sorted(set(d.editions)))) for _, d in ordered]


def _order(place: Place, rule: str, message: str) -> tuple[str, int, int, str, str, Place]:
    return place.file, place.line, place.column, rule, message, place


def _joined(one: Diagnostic, other: Diagnostic) -> Diagnostic:
    # no edition named means all editions, which no list of some can narrow
    some = one.editions and other.editions
    return replace(one, editions=(*one.editions, *other.editions) if some else ())
