"""Are finished files what they say, do they hold together, and are they still current?

`verify` opens them again: against the manifest, against themselves (links, numbers, pages, notes,
contents) and, where their master is at hand, against what their edition may hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from report_build import labels
from report_build.check import Checked, check
from report_build.formats.word_fields import bookmark_name
from report_build.pandoc import Pandoc
from report_build.proofs import PROOFS, subject
from report_build.proofs.opened import Opened, opened
from report_build.proofs.subject import At, Subject
from report_build.publish import manifest, sha256

Entry = Mapping[str, Any]
ALONE = ("links", "numbers", "traces")
"""Proofs that need no master."""


@dataclass(frozen=True)
class Verdict:
    """What was found: lines to print, and whether all is well."""

    lines: tuple[str, ...]
    good: bool


def verify(path: Path, project: Path, folders: tuple[Path, ...] = ()) -> Verdict:
    """A whole `out/`, or one file of it, wherever it lies now. `project` is where masters are."""
    out = path if path.is_dir() else _folder(path, project)
    shelf = Shelf(out, project, folders or (labels.packaged(),))
    if not shelf.entries:
        return Verdict((f"{path}: there is no manifest here or above",), False)
    return _whole(shelf) if path.is_dir() else _certificate(path, shelf)


class Shelf:
    """Finished files with their manifest and, if they are there, their masters."""

    def __init__(self, out: Path, project: Path, folders: tuple[Path, ...]) -> None:
        self.out, self.project, self.folders = out, project, folders
        self.manifest = manifest(out)
        self.entries: list[Entry] = self.manifest.get("deliverables", [])
        self._subjects: dict[tuple[str, str], Subject | None] = {}

    @cached_property
    def masters(self) -> Mapping[str, Checked]:
        """The masters by their paths, as they are now."""
        paths = sorted({str(entry["master"]) for entry in self.entries})
        there = [path for path in paths if (self.project / path).is_file()]
        if not there:
            return {}
        with Pandoc() as pandoc:
            return {path: check(self.project / path, self.project, pandoc) for path in there}

    def is_current(self, entry: Entry) -> bool | None:
        """Whether the master is the one that a file was made from; None: there is no master."""
        checked = self.masters.get(str(entry["master"]))
        if checked is None:
            return None
        built = {one["path"]: one["sha256"] for one in self.manifest.get("masters", ())}
        return bool(built.get(entry["master"]) == sha256(checked.source.text.encode()))

    def about(self, entry: Entry) -> tuple[Subject, tuple[str, ...]]:
        """What a file is held against, and which proofs can be made."""
        name = (str(entry["master"]), str(entry["edition"]))
        if name not in self._subjects:
            self._subjects[name] = self._subject(entry)
        known = self._subjects[name]
        if known is None:
            return Subject(date=self._date(entry)), ALONE
        return replace(known, pages=self._pages(entry)), tuple(PROOFS)

    def _subject(self, entry: Entry) -> Subject | None:
        """What an edition's files are held against, if its master is here and the same."""
        checked = self.masters.get(str(entry["master"]))
        if checked is None or not self.is_current(entry):
            return None
        for document in checked.editions:
            if document.edition and document.edition.id == entry["edition"]:
                return subject(document, labels.load(str(entry["lang"]), *self.folders))
        return None

    def _date(self, entry: Entry) -> str:
        checked = self.masters.get(str(entry["master"]))
        date = checked.front.day if checked and checked.front else None
        return date.isoformat() if date else ""

    def _pages(self, entry: Entry) -> Mapping[str, int]:
        """The pages that a Word file prints: those of the same edition's PDF."""
        if entry["format"] != "docx":
            return {}
        for other in self.entries:
            same = all(other[key] == entry[key] for key in ("master", "edition"))
            file = self.out / str(other["path"])
            if same and other["format"] == "pdf" and file.is_file():
                paper = _read("pdf", file.read_bytes())
                pages = paper.pages if isinstance(paper, Opened) else {}
                return {bookmark_name(name): page for name, page in pages.items()}
        return {}

    def place(self, entry: Entry, at: At | None) -> str:
        """The author's line, for a message."""
        checked = self.masters.get(str(entry["master"]))
        if not checked or not at or at == (0, 0):
            return ""
        place = checked.source.place(*at)
        return f" ({place.file}:{place.line}:{place.column})"


def _whole(shelf: Shelf) -> Verdict:
    lines: list[str] = []
    for entry in shelf.entries:
        file = shelf.out / str(entry["path"])
        if not file.is_file():
            lines.append(f"{entry['path']}: missing")
            continue
        content = file.read_bytes()
        if sha256(content) != entry["sha256"]:
            lines.append(f"{entry['path']}: altered since it was built")
        lines += [f"{entry['path']}: {problem}" for problem in _problems(content, entry, shelf)]
    if lines:
        return Verdict(tuple(lines), False)
    old = sorted({str(e["master"]) for e in shelf.entries if shelf.is_current(e) is False})
    outdated = tuple(f"{master} has changed since: build it anew" for master in old)
    done = f"{len(shelf.entries)} files: as built, and all in them lands where it says"
    return Verdict((*outdated, done), not outdated)


def _problems(content: bytes, entry: Entry, shelf: Shelf) -> Iterator[str]:
    file = _read(str(entry["format"]), content)
    if isinstance(file, str):
        yield file
        return
    about, names = shelf.about(entry)
    for name in names:
        for message, at in dict.fromkeys(PROOFS[name](file, about)):
            yield f"{name}: {message}{shelf.place(entry, at)}"


def _read(form: str, content: bytes) -> Opened | str:
    try:
        return opened(form, content)
    except Exception as error:  # whatever a library says of a broken file
        return f"cannot be read ({type(error).__name__})"


# ------------------------------------------------------------------------ one file


def _certificate(path: Path, shelf: Shelf) -> Verdict:
    """Authentic or altered, current or outdated, and which edition of what it is."""
    content = path.read_bytes()
    entry = next((e for e in shelf.entries if e["sha256"] == sha256(content)), None)
    if entry is None:
        return _stranger(path, content, shelf)
    problems = [f"{path}: {problem}" for problem in _problems(content, entry, shelf)]
    current = shelf.is_current(entry)
    age = {True: "current", False: f"outdated: {entry['master']} has changed since", None: "its master is not here"}  # fmt: skip
    lines = (
        f"{path}: authentic",
        f"  {age[current]}",
        *_about(entry),
        *(f"  {problem}" for problem in problems),
    )
    return Verdict(lines, not problems and current is not False)


def _about(entry: Entry) -> Iterator[str]:
    who = f" ({entry['name']})" if entry.get("name") else ""
    yield f"  edition: {entry['edition']}{who} of {entry['master']}, {entry['format']}"
    yield f"  identifier: {entry.get('identifier', '')}"
    yield f"  blocks: {', '.join(entry['blocks'])}"


def _stranger(path: Path, content: bytes, shelf: Shelf) -> Verdict:
    """A file whose bytes are those of none: what does it say of itself?"""
    form = path.suffix.removeprefix(".").lower()
    file = _read(form, content) if form in ("html", "pdf", "docx", "epub") else ""
    identifier = file.identifier if isinstance(file, Opened) else ""
    entry = next(
        (e for e in shelf.entries if identifier and e.get("identifier") == identifier), None
    )
    if entry is not None:
        lines = (
            f"{path}: altered: it says that it is this file, but its content is not",
            *_about(entry),
        )
        return Verdict(lines, False)
    if identifier:
        return Verdict(
            (f"{path}: outdated or of another project: {identifier} is not in the manifest",), False
        )
    return Verdict((f"{path}: unknown: no build made it",), False)


def _folder(path: Path, project: Path) -> Path:
    """The folder of the manifest that a file belongs to."""
    for folder in (*path.absolute().parents, project / "out"):
        if (folder / "manifest.json").is_file():
            return folder
    return path.parent
