"""Is each page valid HTML and CSS? Asked of the Nu HTML checker."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from report_build.surroundings import asked, lacking, package
from report_build.validators import Complaint

JAR = package("vnu-jar") / "build/dist/vnu.jar"


def missing() -> str:
    """What it lacks, in words."""
    return lacking(node="vnu-jar", programs=("java",))


def version() -> str:
    """As it says itself."""
    return asked("java", "-jar", JAR, "--version").strip()


def complaints(files: Sequence[Path]) -> Iterator[Complaint]:
    """Errors and warnings."""
    options = ("--format", "json", "--also-check-css", "--Werror", "--exit-zero-always")
    paths = [path.absolute() for path in files]
    said = asked("java", "-Xss8m", "-jar", JAR, *options, "--stdout", *paths)
    for found in json.loads(said)["messages"]:
        kind = found.get("subType", found["type"])
        where = f"{found.get('lastLine', '')}:{found.get('lastColumn', '')} "
        yield Complaint(found.get("url", "").removeprefix("file:"), kind, where + found["message"])
