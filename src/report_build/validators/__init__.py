"""What do validators say of the finished files: those of others, and the look of each role?

Each runs as a process of its own over all files of its formats, since some start a Java machine or
a browser; two at a time. One that is missing is told, never passed over.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

FORMATS = {
    "verapdf": ("pdf",), "outloud": ("pdf",), "qpdf": ("pdf",),
    "axe": ("html",), "vnu": ("html",),
    "openxml_audit": ("docx",), "ooxml_integrity": ("docx",), "word_checker": ("docx",),
    "epubcheck": ("epub",), "ace": ("epub",),
    "appearance": ("pdf", "docx", "html"),
}  # fmt: skip
"""The validators by the names of their modules, and what they read; the slowest first."""


@dataclass(frozen=True)
class Complaint:
    """What a validator found in a file."""

    file: str
    rule: str
    message: str


@dataclass(frozen=True)
class Report:
    """What came of one validator. `missing` says what it lacks; then it did not run."""

    name: str
    version: str = ""
    files: int = 0
    complaints: tuple[Complaint, ...] = ()
    accepted: tuple[Complaint, ...] = ()
    missing: str = ""
    seconds: float = 0.0
    details: tuple[str, ...] = ()
    """Lines that say more, such as a table."""


@dataclass(frozen=True)
class Accepted:
    """A known false alarm: which rule of which validator, where its message says what, and why."""

    validator: str
    rule: str
    message: str
    reason: str


ACCEPTED = (
    Accepted(
        "outloud", "ORD-001", "paint tagged content out of tag-tree order",
        "page numbers in contents float, and CSS paints floats first (CSS 2.1, appendix E); "
        "readers follow the tags, which are in order",
    ),
    Accepted(
        "outloud", "TAG-002", "1 line(s) of prose",
        "the running head of a section of few pages; text that lacks its tag fails our own proof "
        "that all formats say the same",
    ),
)  # fmt: skip


def validate(files: Sequence[Path], said: Callable[[Report], None]) -> tuple[Report, ...]:
    """All validators over all files that they can read. `said` is called as each one ends."""
    jobs = {name: [f for f in files if f.suffix[1:] in forms] for name, forms in FORMATS.items()}

    def run(name: str) -> Report:
        report = _run(name, jobs[name])
        said(report)
        return report

    with ThreadPoolExecutor(2) as pool:
        return tuple(pool.map(run, [name for name, chosen in jobs.items() if chosen]))


def _run(name: str, files: Sequence[Path]) -> Report:
    """One validator in a process of its own."""
    start = time.monotonic()
    command = [sys.executable, "-m", "report_build.validators", name, *map(str, files)]
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    try:
        found: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        last = (done.stderr.strip() or f"exit {done.returncode}").splitlines()[-1]
        failed = Complaint("", "failure", f"it has not come to its end: {last}")
        return Report(name, files=len(files), complaints=(failed,))
    complaints = [Complaint(**one) for one in found["complaints"]]
    accepted = tuple(one for one in complaints if _is_accepted(name, one))
    report = Report(name, found["version"], len(files), missing=found["missing"])
    return replace(
        report,
        complaints=tuple(one for one in complaints if one not in accepted),
        accepted=accepted,
        seconds=time.monotonic() - start,
        details=tuple(found["details"]),
    )


def _is_accepted(name: str, complaint: Complaint) -> bool:
    return any(
        (one.validator, one.rule) == (name, complaint.rule) and one.message in complaint.message
        for one in ACCEPTED
    )


def lacking() -> Mapping[str, str]:
    """What each validator lacks on this machine; nothing if it is there."""
    modules = {name: import_module(f"report_build.validators.{name}") for name in FORMATS}
    return {name: str(module.missing()) for name, module in modules.items()}


def main(name: str, files: Sequence[Path]) -> None:
    """What the process of one validator does: its findings as JSON."""
    tool = import_module(f"report_build.validators.{name}")
    missing = tool.missing()
    complaints = () if missing else tuple(tool.complaints(files))
    found = {
        "details": getattr(tool, "SHOWN", ()),
        "missing": missing,
        "version": "" if missing else tool.version(),
        "complaints": [asdict(one) for one in complaints],
    }
    sys.stdout.write(json.dumps(found))
