"""Is each Word file valid by the schemas and rules of Open XML? Asked of openxml-audit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from report_build.surroundings import distributed, lacking
from report_build.validators import Complaint


def missing() -> str:
    """What it lacks, in words."""
    return lacking(python="openxml_audit")


def version() -> str:
    """Of its distribution."""
    return distributed("openxml-audit")


def complaints(files: Sequence[Path]) -> Iterator[Complaint]:
    """Errors and warnings; what leads out of the file is word_checker's."""
    from openxml_audit import OpenXmlValidator

    validator = OpenXmlValidator()
    for path in files:
        for found in validator.validate(str(path)).errors:
            where = f"{found.part_uri} {found.path}".strip()
            yield Complaint(str(path), found.id or "error", f"{where}: {found.description}")
