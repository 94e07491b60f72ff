"""Does each role look in every format as the theme has it? Read back from the finished files."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from report_build import appearance, settings, theme
from report_build.appearance import OFFICE, PAPER, WORD, Seen, office, paper, screen, word
from report_build.surroundings import browser, lacking
from report_build.theme import Theme
from report_build.validators import Complaint

MEDIA = {
    ".pdf": (appearance.PAPER,), ".docx": (appearance.WORD, appearance.OFFICE),
    ".html": (appearance.SCREEN, appearance.DARK),
}  # fmt: skip
"""In which media each kind of file must be seen."""
SHOWN: list[str] = []
"""The table, once the files are read."""


def missing() -> str:
    """What it lacks, in words."""
    lacks = lacking(node="playwright-core", programs=("node",))
    if not shutil.which("soffice"):
        return "LibreOffice is not installed"
    return lacks or ("" if browser() else "chromium is not installed")


def version() -> str:
    """Of the list of roles."""
    return f"{len(appearance.ROLES)} roles"


def complaints(files: Sequence[Path]) -> Iterator[Complaint]:
    """What differs from the theme, each kind of difference once for each file and medium."""
    folders = settings.folders(Path.cwd())
    look = theme.of(folders)
    seen: dict[str, list[Seen]] = {medium: [] for medium in appearance.MEDIA}
    if settings.binary(folders, settings.HOUSE):  # then Word looks as that file has it
        files = [file for file in files if file.suffix != ".docx"]
    read: set[tuple[Path, str]] = set()
    for file, medium, pieces in _by_file(files, look):
        seen[medium] += pieces
        read |= {(file.absolute(), medium)} if pieces else set()
        for role, difference in appearance.differences(look, pieces, medium):
            yield Complaint(str(file), role, f"{medium}: {difference}")
    for file in files:
        for medium in MEDIA.get(file.suffix, ()) if file.name != "index.html" else ():
            if (file.absolute(), medium) not in read:
                yield Complaint(str(file), "unseen", f"{medium}: no text of any role is found")
    SHOWN[:] = appearance.table(look, seen)


def _by_file(files: Sequence[Path], look: Theme) -> Iterator[tuple[Path, str, list[Seen]]]:
    for file in _of(files, ".pdf"):
        yield file, PAPER, list(paper.looks(file.read_bytes(), appearance.role_of, look))
    for file in _of(files, ".docx"):
        yield file, WORD, list(word.looks(file.read_bytes(), look))
    yield from _grouped((f, OFFICE, s) for f, s in office.looks(_of(files, ".docx"), look))
    yield from _grouped(screen.looks(_of(files, ".html"), look))


def _of(files: Sequence[Path], ending: str) -> list[Path]:
    return [file for file in files if file.suffix == ending and file.name != "index.html"]


def _grouped(
    pieces: Iterable[tuple[Path, str, Seen]],
) -> Iterator[tuple[Path, str, list[Seen]]]:
    found: dict[tuple[Path, str], list[Seen]] = {}
    for file, medium, seen in pieces:
        found.setdefault((file, medium), []).append(seen)
    for (file, medium), those in found.items():
        yield file, medium, those
