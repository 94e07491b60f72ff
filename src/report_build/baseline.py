"""Which problems are old? A baseline lists those that are known, so that only new ones fail.

A problem is known by its rule, file, message and the text of its line, not by the line's number:
it stays known when the text around it moves.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from report_build.diagnostics import Diagnostic
from report_build.source import Source

NAME = ".report-build-baseline.json"
Key = tuple[str, str, str, str]


def key(one: Diagnostic, sources: Mapping[str, Source]) -> Key:
    """What a problem is known by."""
    place = one.place
    source = sources.get(place.file) if place else None
    line = source.line_text(place).strip() if place and source else ""
    return one.rule, place.file if place else "", one.message, line


def write(path: Path, found: Iterable[Diagnostic], sources: Mapping[str, Source]) -> int:
    """Write the baseline of all problems, one on a line; gives their number."""
    keys = sorted(key(one, sources) for one in found)
    names = ("rule", "file", "message", "text")
    lines = [json.dumps(dict(zip(names, each, strict=True)), ensure_ascii=False) for each in keys]
    path.write_text("[\n" + ",\n".join(lines) + "\n]\n", "utf-8")
    return len(keys)


def read(path: Path) -> Counter[Key]:
    """The known problems and how often each is known. Raises ValueError for what is no baseline."""
    found = json.loads(path.read_text("utf-8"))
    if not isinstance(found, list):
        raise ValueError("it is no list")
    return Counter((o["rule"], o["file"], o["message"], o["text"]) for o in found)


def new(
    found: Iterable[Diagnostic], known: Counter[Key], sources: Mapping[str, Source]
) -> tuple[list[Diagnostic], int]:
    """The problems that are not known, and how many known ones are no more there."""
    left = Counter(known)
    fresh = []
    for one in found:
        name = key(one, sources)
        if left[name]:
            left[name] -= 1
        else:
            fresh.append(one)
    return fresh, left.total()
