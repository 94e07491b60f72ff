"""What have reviewers said of a master that is not settled yet?

It stands in a file beside the master, `NAME.review.yml`, which a person can edit: an entry is
settled when it is deleted, or says so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from report_build import atomic
from report_build.diagnostics import Diagnostic, Severity
from report_build.origin import Source
from report_build.yaml_tree import read_yaml

RULE = "open-remark"
HEAD = (
    "# What reviewers said and nobody has settled. Delete an entry, or add “settled: yes” to it.\n"
)
KEYS = ("kind", "author", "date", "file", "about", "says")


@dataclass(frozen=True)
class Remark:
    """A comment, or a change that was not made. `about` are the words that it stands at."""

    kind: str
    author: str
    date: str
    file: str
    about: str
    says: str


def beside(master: Path) -> Path:
    """The file of a master's remarks."""
    return master.with_name(f"{master.stem}.review.yml")


def read(master: Path) -> tuple[Remark, ...]:
    """The remarks on a master that are not settled."""
    found = read_yaml(_text(beside(master))).value
    return tuple(_open(found if isinstance(found, list) else []))


def _text(path: Path) -> str:
    there = path.is_file() and not path.is_symlink()
    return path.read_text("utf-8", "replace") if there else ""


def _open(entries: Iterable[object]) -> Iterator[Remark]:
    for entry in entries:
        if isinstance(entry, dict) and str(entry.get("settled", "")).casefold() not in (
            "yes",
            "true",
        ):
            yield Remark(**{key: str(entry.get(key) or "") for key in KEYS})


def add(master: Path, remarks: Iterable[Remark]) -> int:
    """Write remarks below those that are there, each once; gives how many are new."""
    path = beside(master)
    text = path.read_text("utf-8") if path.is_file() else HEAD
    new = [one for one in dict.fromkeys(remarks) if _lines(one) not in text]
    if new:
        atomic.write(path, (text.rstrip("\n") + "\n" + "".join(map(_lines, new))).encode())
    return len(new)


def _lines(one: Remark) -> str:
    values = [(key, getattr(one, key)) for key in KEYS]
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in values]
    return "- " + "\n  ".join(lines) + "\n"


def problems(master: Path, source: Source) -> Iterator[Diagnostic]:
    """A warning for each remark, at the words that it is about, and for what hides some."""
    path = beside(master)
    name = PurePosixPath(source.path).with_name(path.name).as_posix()
    own = Source(name, _text(path))
    for mistake in read_yaml(own.text).mistakes:
        says = f"the remarks cannot be read: {mistake.message}"
        yield Diagnostic(RULE, Severity.WARNING, own.place(*mistake.span), says, mistake.hint)
    for one in read(master):
        start = _first(one.about, source.text)
        place = source.place(start, start + 1) if start >= 0 else None
        who = ", ".join(filter(None, (one.author, one.date[:10])))
        says = f"{one.kind} of {who}: {one.says}" if who else f"{one.kind}: {one.says}"
        hint = f"settle it in {beside(master).name}"
        yield Diagnostic(RULE, Severity.WARNING, place, says, hint)


def _first(words: str, text: str) -> int:
    asked = words.split()
    if not asked:
        return -1
    found = re.search(r"\s+".join(map(re.escape, asked)), text)
    return found.start() if found else -1
