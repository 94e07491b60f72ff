"""What is shown in a preview, and what becomes of it when a file changes?

The edition that somebody looks at is read, judged and rendered first; then all others are judged.
As long as something is wrong with it, its last good page stays.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from report_build import masters, workshop
from report_build.build import build
from report_build.check import Checked, check
from report_build.diagnostics import ContentError, Diagnostic, MachineError, Severity
from report_build.document import Document
from report_build.formats import FORMATS
from report_build.library import Library
from report_build.pandoc import Pandoc, PandocError
from report_build.preview.marks import marked
from report_build.schedule import Wish, prepare
from report_build.settings import Settings, of_project
from report_build.texts import Texts
from report_build.workers import Workers
from report_build.workshop import Job, drafted

WATCHED = (".md", ".yml", ".yaml", ".j2", ".css", ".bib", ".json", ".svg", ".png", ".jpg", ".jpeg")
AHEAD = 0.2
"""Seconds that a browser gets to fetch a page before all else is judged."""
SKIPPED = {"out", ".cache", ".git", ".venv", ".sys", "node_modules"}


@dataclass(frozen=True)
class Shown:
    """What somebody looks at: a master, an edition, and whether it says who gets what."""

    master: str
    edition: str
    proof: bool = False


class Session:
    """The masters of a project and the pages that are made of them; many threads may ask."""

    def __init__(self, project: Path, paths: Sequence[Path] = ()) -> None:
        self.project = project
        found = [project / path for path in paths] or masters.of_folder(project)
        self.paths = sorted(found, key=lambda path: (path.stem.count("."), path.name))
        if not self.paths:
            raise MachineError("no master here: neither source/*.md nor *.md with front matter")
        self.pandoc = Pandoc()
        self.settings: Settings = of_project(project)
        self.revision = 0
        self.checked: dict[str, Checked] = {}
        self.problems: tuple[dict[str, Any], ...] = ()
        self.pages: dict[Shown, bytes] = {}
        self.shown: Shown | None = None
        self._cut: dict[str, Document] = {}
        self._workers: Workers | None = None
        self._lock = threading.RLock()
        self._building = threading.Lock()
        self._news = threading.Condition()

    def close(self) -> None:
        """End what was started."""
        with self._lock:
            self.pandoc.close()
            if self._workers:
                self._workers.__exit__(None, None, None)
        with self._news:
            self.revision = -1
            self._news.notify_all()

    # ------------------------------------------------------------------------- asked

    def editions(self) -> Iterator[dict[str, Any]]:
        """All that can be shown."""
        for name, one in self.checked.items():
            for document in one.editions:
                edition = document.edition
                if edition:
                    title = edition.name or edition.title
                    yield {"master": name, "id": edition.id, "name": title,
                           "formats": [FORMATS[x].label for x in edition.formats],
                           "forms": list(edition.formats)}  # fmt: skip

    def page(self, shown: Shown) -> bytes:
        """The page of an edition as it is now, or its last good one; nothing if there is none."""
        self.shown = shown
        ready = self.pages.get(shown)
        if ready is not None:  # whatever else is being judged
            return ready
        with self._lock:
            self._draw(shown)
            return self.pages.get(shown, b"")

    def file(self, shown: Shown, form: str) -> bytes:
        """A finished and proved file of an edition. Raises ContentError with what is wrong."""
        with self._building:
            with self._lock:
                checked = self.checked[shown.master]
                settings = self.settings
            if checked.failed:
                raise ContentError(x for x in checked.diagnostics if x.severity is Severity.ERROR)
            self._workers = self._workers or Workers(2, memory=settings.limits.memory)
            wish = Wish(editions=(shown.edition,), formats=(form,))
            made = build(checked, settings, wish, lambda *_: None, self._workers)
            return next(content for content, _ in made.values())

    def wait(self, known: int, seconds: float) -> int:
        """The number of the present state, as soon as it is another one than is known."""
        with self._news:
            self._news.wait_for(lambda: self.revision != known, seconds)
            return self.revision

    # ------------------------------------------------------------------------ changed

    def begin(self) -> None:
        """Read everything for the first time."""
        self.changed(frozenset(self.paths))

    def changed(self, files: frozenset[Path]) -> None:
        """Take in that files have changed: what is looked at comes first."""
        with self._lock:
            if any(self.project / "templates" in path.parents for path in files):
                workshop.forget()
                self.settings = of_project(self.project)
            library = Library(Texts(self.project, self.pandoc, self.settings.limits))
            shown = self.shown
            affected = [path for path in self.paths if self._concerns(path, files)]
            first = next((p for p in affected if shown and self._name(p) == shown.master), None)
            if first and shown and self._first(first, shown, library):
                time.sleep(AHEAD)
            for path in affected:
                self._judge(path, library)
            names = {self._name(path) for path in affected}
            keep = shown if first else None
            self.pages = {
                one: page
                for one, page in self.pages.items()
                if one.master not in names or one == keep or self._failed(one.master)
            }
            self._tell()

    def _first(self, path: Path, shown: Shown, library: Library) -> bool:
        """Whether the page that somebody looks at is there, before all else is judged."""
        found = self._tried(path, library, shown.edition)
        if found and not found.failed:
            document = next(
                (d for d in found.editions if d.edition and d.edition.id == shown.edition), None
            )
            if document and self._rendered(found, document, shown):
                self._tell()
                return True
        return False

    def _judge(self, path: Path, library: Library) -> None:
        found = self._tried(path, library, "")
        if not found:
            return
        name = self._name(path)
        old = self.checked.get(name)
        if found.failed and old and not old.failed:
            found = replace(old, source=found.source, diagnostics=found.diagnostics)
        self.checked[name] = found
        self.problems = tuple(self._told())

    def _tried(self, path: Path, library: Library, only: str) -> Checked | None:
        try:
            return check(path, self.project, self.pandoc, library, only)
        except (PandocError, OSError) as error:
            self.problems = ({"severity": "error", "message": str(error), "where": path.name},)
            self._tell()
            return None

    def _concerns(self, path: Path, files: frozenset[Path]) -> bool:
        """Whether a master is made of changed files; what stands around the text concerns all."""
        known = self.checked.get(self._name(path))
        if known is None or path in files:
            return True
        sources = {self.project / name for name in known.source.files}
        if known.master and known.master.original:
            sources |= {self.project / name for name in known.master.original.source.files}
        texts = {file for file in files if file.suffix == ".md"}
        return bool(sources & texts) or bool(files - texts)

    def _draw(self, shown: Shown) -> None:
        checked = self.checked.get(shown.master)
        found = (d for d in (checked.editions if checked else ()) if d.edition)
        document = next((d for d in found if d.edition and d.edition.id == shown.edition), None)
        if checked and document:
            self._rendered(checked, document, shown)

    def _rendered(self, checked: Checked, document: Document, shown: Shown) -> bool:
        """Whether a page could be made."""
        try:
            whole = marked(document) if shown.proof else document
            ready = prepare(checked, whole, self.settings)
            job = Job("html", ready.document, ready.around, ready.about, {}, {}, self.settings)
            content, _ = drafted(job)
        except Exception as error:  # a page that cannot be made leaves the last good one
            self.problems = (
                *self.problems,
                {"severity": "error", "message": f"{error}", "where": ""},
            )
            return False
        self.pages[shown] = content
        return True

    def _failed(self, name: str) -> bool:
        return name in self.checked and self.checked[name].failed

    def _name(self, path: Path) -> str:
        return path.relative_to(self.project).as_posix()

    def _tell(self) -> None:
        with self._news:
            self.revision += 1
            self._news.notify_all()

    def _told(self) -> Iterator[dict[str, Any]]:
        for one in self.checked.values():
            for problem in one.diagnostics:
                if problem.severity is not Severity.INFO:
                    yield _as_dict(problem, self.project)


def _as_dict(one: Diagnostic, project: Path) -> dict[str, Any]:
    place = one.place
    found: dict[str, Any] = {"severity": str(one.severity), "message": one.message, "rule": one.rule,
                             "hint": one.hint, "editions": list(one.editions)}  # fmt: skip
    if place:
        found |= {"where": f"{place.file}:{place.line}:{place.column}", "file": place.file,
                  "line": place.line, "path": str(project / place.file), "column": place.column}  # fmt: skip
    return found


def watched(project: Path) -> Iterator[Path]:
    """The files of a project of which a page may be made."""
    waiting = [project]
    while waiting:
        folder = waiting.pop()
        try:
            entries = list(folder.iterdir())
        except OSError:
            continue
        for entry in entries:
            if entry.is_symlink():
                continue
            if entry.is_dir() and entry.name not in SKIPPED and not entry.name.startswith("."):
                waiting.append(entry)
            elif entry.suffix.lower() in WATCHED:
                yield entry


def states(project: Path) -> dict[Path, tuple[int, int]]:
    """Time and size of each watched file."""
    found = {}
    for path in watched(project):
        try:
            state = path.stat()
        except OSError:
            continue
        found[path] = (state.st_mtime_ns, state.st_size)
    return found
