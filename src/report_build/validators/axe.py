"""Is each page open to everyone? Asked of axe, in a browser, in both schemes and two widths."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from report_build.surroundings import FOLDER, browser, done, lacking, package
from report_build.validators import Complaint

SCRIPT = Path(__file__).with_name("axe.cjs")


def missing() -> str:
    """What it lacks, in words."""
    lacks = lacking(node="axe-core", programs=("node",)) or lacking(node="playwright-core")
    return lacks or ("" if browser() else "chromium is not installed")


def version() -> str:
    """Of its package."""
    return str(json.loads((package("axe-core") / "package.json").read_text())["version"])


def complaints(files: Sequence[Path]) -> Iterator[Complaint]:
    """Violations of WCAG 2.2 A and AA, of Section 508 and of what is good practice."""
    paths = [path.absolute() for path in files]
    said = done("node", SCRIPT, FOLDER, browser(), *paths)
    for line in filter(None, said.splitlines()):
        found = json.loads(line)
        yield Complaint(found["file"], found["rule"], found["message"])
