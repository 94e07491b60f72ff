"""Does each Word file hold together? Asked of ooxml-integrity."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from report_build.surroundings import asked, distributed, lacking
from report_build.validators import Complaint


def missing() -> str:
    """What it lacks, in words."""
    return lacking(python="ooxml_integrity")


def version() -> str:
    """Of its distribution."""
    return distributed("ooxml-integrity")


def complaints(files: Sequence[Path]) -> Iterator[Complaint]:
    """Errors and warnings."""
    command = Path(sys.executable).with_name("ooxml-integrity")
    paths = [path.absolute() for path in files]
    for result in json.loads(asked(command, "check", "--json", "--no-config", *paths))["files"]:
        for found in result["findings"]:
            if found["severity"] in ("error", "warn"):
                yield Complaint(result["path"], found["code"], found["message"])
