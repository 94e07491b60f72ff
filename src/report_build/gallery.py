"""What do the finished files look like, side by side? Pictures of their pages, for people to see.

PDF pages beside those of Word, as LibreOffice lays them out, and the page in a browser at three
widths in both schemes. Nothing is judged here.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from report_build.diagnostics import MachineError
from report_build.surroundings import FOLDER, browser, done, lacking
from report_build.templates import Templates

NAME = "gallery"
WIDTHS = (360, 768, 1440)
SCHEMES = ("light", "dark")
SCALE = 96 / 72
"""Pixels for a point of a page."""
SCRIPT = Path(__file__).with_name("gallery.cjs")


@dataclass(frozen=True)
class Shown:
    """The pictures of one edition, as paths below the gallery; pages of Word beside the PDF's."""

    name: str
    pages: tuple[tuple[str, str], ...]
    screens: tuple[tuple[str, str], ...]
    """Captions and pictures."""


def hang(
    out: Path, editions: Sequence[str], templates: Templates, said: Callable[[str], None]
) -> Path:
    """Pictures of the editions whose folders in `out/` are named, and a page with all of them."""
    lacks = lacking(node="playwright-core", programs=("node", "soffice"))
    if lacks or not browser():
        raise MachineError(lacks or "chromium is not installed", "make verify sets up what it can")
    folder = out / NAME
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shown = []
    for master, edition in _found(out, editions):
        said(f"{master.name}/{edition.name}")
        shown.append(_edition(edition, folder / f"{master.name}-{edition.name}"))
    (folder / "index.html").write_text(templates.render("gallery.html.j2", editions=shown), "utf-8")
    return folder / "index.html"


def _found(out: Path, editions: Sequence[str]) -> Iterator[tuple[Path, Path]]:
    folders = [
        (master, edition)
        for master in sorted(out.iterdir())
        if master.is_dir() and master.name != NAME
        for edition in sorted(master.iterdir())
        if edition.is_dir()
    ]
    missing = set(editions) - {edition.name for _, edition in folders}
    if missing or not folders:
        raise MachineError(
            f"{out} has no edition {', '.join(sorted(missing))}".rstrip(), "build it"
        )
    yield from (pair for pair in folders if not editions or pair[1].name in editions)


def _edition(source: Path, folder: Path) -> Shown:
    folder.mkdir()
    pages: list[tuple[str, str]] = []
    for paper in sorted(source.glob("*.pdf")):
        print_pages = _drawn(paper, folder, f"{paper.stem}-pdf")
        word = paper.with_suffix(".docx")
        word_pages = _word(word, folder) if word.is_file() else []
        count = max(len(print_pages), len(word_pages))
        padded = [[*x, *[""] * (count - len(x))] for x in (print_pages, word_pages)]
        pages += zip(*padded, strict=True)
    screens = list(_screens(sorted(source.glob("*.html")), folder))
    return Shown(source.name, tuple(pages), tuple(screens))


def _drawn(paper: Path, folder: Path, name: str) -> list[str]:
    """Pictures of the pages of a PDF."""
    import pypdfium2

    made = []
    document = pypdfium2.PdfDocument(paper)
    for number, page in enumerate(document, 1):
        file = folder / f"{name}-{number:03}.png"
        page.render(scale=SCALE).to_pil().save(file, optimize=True)
        made.append(f"{folder.name}/{file.name}")
    return made


def _word(word: Path, folder: Path) -> list[str]:
    """Pictures of a Word file's pages as LibreOffice lays them out."""
    with tempfile.TemporaryDirectory() as scratch:
        profile = f"-env:UserInstallation=file://{scratch}/profile"
        command = ["soffice", "--headless", profile, "--convert-to", "pdf", "--outdir", scratch]
        subprocess.run([*command, str(word)], capture_output=True, check=False)
        made = Path(scratch) / f"{word.stem}.pdf"
        return _drawn(made, folder, f"{word.stem}-word") if made.is_file() else []


def _screens(pages: Sequence[Path], folder: Path) -> Iterator[tuple[str, str]]:
    """The top of pages in a browser, at each width and in each scheme."""
    jobs = [
        {"page": str(page.absolute()), "width": width, "scheme": scheme,
         "file": str(folder.absolute() / f"{page.stem}-{width}-{scheme}.png")}
        for page in pages for width in WIDTHS for scheme in SCHEMES
    ]  # fmt: skip
    done("node", SCRIPT, FOLDER, browser(), json.dumps(jobs))
    for job in jobs:
        if Path(str(job["file"])).is_file():
            caption = f"{job['width']} pixels, {job['scheme']}"
            yield caption, f"{folder.name}/{Path(str(job['file'])).name}"
