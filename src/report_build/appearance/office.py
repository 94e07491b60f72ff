"""How does each piece of a Word file look when LibreOffice lays it out?"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from report_build.appearance import Seen, paper, styled
from report_build.theme import Theme

TAGGED = 'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"}}'
NAMES = {
    "Body Text": "Text body", "footnote text": "Footnote", "TOC Heading": "Contents Heading",
    "Cross Reference": "Link", "Hyperlink": "Link",
    **{f"heading {level}": f"H{level}" for level in range(1, 5)},
    **{f"toc {level}": f"Contents {level}" for level in range(1, 4)},
}  # fmt: skip
"""Styles that LibreOffice has other names for."""
TEXT = ("Text body", "First Paragraph", "Table Text")
"""Where links have the look of their own."""


def looks(files: Iterable[Path], theme: Theme) -> Iterator[tuple[Path, Seen]]:
    """Each element of the PDF that LibreOffice makes, whose tag is a style that has a role."""
    roles = {f"/{NAMES.get(name, name)}": role for name, role in styled().items()}

    def role_of(path: str) -> str | None:
        around, _, name = path.rpartition("/")
        if name == "Link" and around.rpartition("/")[2] not in TEXT:  # contents, marks of notes
            return None
        return roles.get(f"/{name}")

    with tempfile.TemporaryDirectory() as folder:
        copies = {}
        for number, file in enumerate(files):
            copy = Path(folder) / f"{number}.docx"
            shutil.copyfile(file, copy)
            copies[copy] = file
        if not copies:
            return
        profile = f"-env:UserInstallation=file://{folder}/profile"
        subprocess.run(
            ["soffice", "--headless", profile, "--convert-to", TAGGED, "--outdir", folder,
             *map(str, copies)],
            capture_output=True, check=False,
        )  # fmt: skip
        for copy, file in copies.items():
            made = copy.with_suffix(".pdf")
            if not made.is_file():
                raise RuntimeError(f"LibreOffice has made nothing of {file.name}")
            for seen in paper.looks(made.read_bytes(), role_of, theme):
                yield file, seen
