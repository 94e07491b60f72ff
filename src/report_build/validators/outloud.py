"""Is each PDF one that can be read aloud? Asked of outloud."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from report_build.surroundings import asked, distributed, lacking
from report_build.validators import Complaint


def missing() -> str:
    """What it lacks, in words."""
    return lacking(python="outloud")


def version() -> str:
    """Of its distribution."""
    return distributed("outloud")


def complaints(files: Sequence[Path]) -> Iterator[Complaint]:
    """Errors and warnings."""
    command = Path(sys.executable).with_name("outloud")
    paths = [path.absolute() for path in files]
    said = json.loads(asked(command, *paths, "--json", "-", "--no-info", "--fail-on", "never"))
    for result in said["results"]:
        if result["error"]:
            yield Complaint(result["path"], "error", result["error"])
        for found in result["findings"]:
            if found["severity"] in ("error", "warning"):
                where = f" (page {found['page']})" if found.get("page") else ""
                yield Complaint(result["path"], found["rule"], found["message"] + where)
