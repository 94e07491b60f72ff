"""Is each PDF well-formed? Asked of qpdf, through pikepdf."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from report_build.surroundings import distributed, lacking
from report_build.validators import Complaint


def missing() -> str:
    """What it lacks, in words."""
    return lacking(python="pikepdf")


def version() -> str:
    """Of its library."""
    import pikepdf

    return f"{pikepdf.__libqpdf_version__} in pikepdf {distributed('pikepdf')}"


def complaints(files: Sequence[Path]) -> Iterator[Complaint]:
    """What is wrong with the syntax."""
    import pikepdf

    for path in files:
        try:
            with pikepdf.open(path) as pdf:
                for message in pdf.check_pdf_syntax():
                    yield Complaint(str(path), "syntax", message)
        except pikepdf.PdfError as error:
            yield Complaint(str(path), "syntax", str(error))
