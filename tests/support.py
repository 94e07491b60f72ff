"""What do many tests need? A master from a text, checked as the command checks it."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import zipfile
from concurrent.futures import Executor, Future
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
from lxml import etree

from report_build import templates
from report_build.check import Checked, check
from report_build.pandoc import Pandoc
from report_build.schedule import prepare
from report_build.settings import Settings
from report_build.workers import Workers
from report_build.workshop import Job, make

ROOT = Path(__file__).parents[1]
FRONT = """title: A seminar
lang: en
audiences:
  hnd: {country: HND}
  gtm: {country: GTM}
  press: {title: Press}
  observers: {title: Observers}
deliverables:
  - {edition: full, formats: [html, pdf, docx, epub]}
  - {edition: country, for-each: [hnd, gtm], formats: [html, pdf, docx]}
  - {edition: press, formats: [html]}
"""


class AtOnce(Executor):
    """Does the work when it is asked for, in this process: no case waits for new ones."""

    def submit(self, work: Any, /, *args: Any, **options: Any) -> Future[Any]:
        done: Future[Any] = Future()
        done.set_result(work(*args, **options))
        return done


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command, as somebody runs it in a folder."""
    return subprocess.run(
        [sys.executable, "-m", "report_build", *arguments],
        cwd=folder, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


def at_once() -> Workers:
    """Workers that are this process."""
    return Workers(1, executor=AtOnce())


def with_fonts(project: Path) -> None:
    """Have a project use the fonts that this one has cut; all else in its cache is its own."""
    (project / ".cache/report-build").mkdir(parents=True)
    (project / ".cache/report-build/fonts").symlink_to(ROOT / ".cache/report-build/fonts")


def master(text: str, replaces: str = "") -> str:
    """A whole master: front matter that a text begins with is added to the usual one.

    It takes the place of the usual one's last key, if it `replaces` that.
    """
    own = re.match(r"---\n(.*?)---\n", text, re.S)
    body = text[own.end() :] if own else text
    usual = FRONT.partition(f"{replaces}:")[0] if replaces else FRONT
    return f"---\n{usual}{own[1] if own else ''}---\n\n{body}"


def checked(
    text: str, pandoc: Pandoc, files: dict[str, bytes] | None = None, replaces: str = ""
) -> Checked:
    """A master in a project of its own, checked."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        for name, content in (files or {}).items():
            (project / name).parent.mkdir(parents=True, exist_ok=True)
            (project / name).write_bytes(content)
        path = project / "master.md"
        path.write_text(master(text, replaces), "utf-8")
        return check(path, project, pandoc)


def finished(text: str, form: str) -> bytes:
    """The full report of a master in a format, proved."""
    with Pandoc() as pandoc:
        found = checked(text, pandoc)
    assert not found.failed, found.diagnostics
    settings = Settings(templates.load().folders, ROOT / ".cache" / "report-build")
    document = next(d for d in found.editions if d.edition and d.edition.is_full)
    ready = prepare(found, document, settings)
    made = make(Job(form, ready.document, ready.around, ready.about, {}, {}, settings))
    assert made.failures == ()
    return made.content


def translated(original: str, text: str, pandoc: Pandoc) -> Checked:
    """A Spanish translation of a master, checked beside it."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        (project / "master.md").write_text(master(original), "utf-8")
        own = "" if text.startswith("---\n") else "---\nlang: es\n---\n\n"
        (project / "master.es.md").write_text(own + text, "utf-8")
        return check(project / "master.es.md", project, pandoc)


def word_parts(content: bytes) -> Any:
    """All XML of a Word file below one root."""
    root = etree.Element("parts")
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                part = etree.SubElement(root, "part", name=name)
                part.append(etree.fromstring(archive.read(name)))
    return root


def every_byte(form: str, content: bytes) -> str:
    """All that a file holds, unpacked, as one text."""
    if form == "html":
        return content.decode()
    if form == "pdf":
        with pikepdf.open(BytesIO(content)) as pdf:
            return "\n".join([_pdf_text(content), *(_spelled(x) for x in pdf.objects)])
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = (archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
        return "\n".join([*archive.namelist(), *parts])


def _pdf_text(content: bytes) -> str:
    pages = pypdfium2.PdfDocument(content)
    return " ".join(page.get_textpage().get_text_bounded() for page in pages)


def _spelled(thing: Any) -> str:
    """A PDF object, its strings as text and its stream unpacked."""
    if isinstance(thing, pikepdf.Stream):
        return f"{thing.stream_dict!r} {thing.read_bytes().decode('utf-8', 'replace')}"
    return repr(thing)


LONG_TEXT = """# One {#one}

The first words of it.

# Honduras {#honduras audience="hnd"}

Only for them.

# Guatemala {#guatemala audience="gtm"}

This is for the others.

# Long {#long}

LONG

# Last but one {#last-but-one}

LONG
"""


def long_project(folder: Path) -> Path:
    """A project whose page is longer than a screen; the path of its master."""
    with_fonts(folder)
    path = folder / "report.md"
    path.write_text(
        master(LONG_TEXT.replace("LONG", "\n\n".join(["A sentence of some words."] * 60)))
    )
    return path
