"""Which masters does a project have, and what does each say? Every one is read and parsed once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from report_build import bibliography, frontmatter, images, origin, texts
from report_build.diagnostics import Diagnostic
from report_build.document import OTHER, Document
from report_build.frontmatter import Reading
from report_build.parsing import parse
from report_build.source import Source
from report_build.texts import Texts

DEFAULTS = "_defaults.yml"
"""In a folder of masters: the keys of front matter that they share."""


@dataclass(frozen=True)
class Parsed:
    """A master as it was read, by itself."""

    source: Source
    reading: Reading
    master: Document | None
    problems: tuple[Diagnostic, ...]


class Library:
    """The masters of a project, each read and parsed once."""

    def __init__(self, texts: Texts) -> None:
        self.texts = texts
        self.project, self.pandoc, self.limits = texts.project, texts.pandoc, texts.limits
        self._readings: dict[Path, Reading] = {}
        self._parsed: dict[Path, Parsed] = {}
        self._defaults: dict[Path, Reading | None] = {}

    def parsed(self, path: Path) -> Parsed:
        """A master; a translation has what its original says in front matter, too."""
        if path not in self._parsed:
            self._parsed[path] = self._parse(path)
        return self._parsed[path]

    def _parse(self, path: Path) -> Parsed:
        text, reading, original = self.texts.text(path), self._reading(path), self.original(path)
        problems = (*text.problems, *reading.diagnostics)
        front = reading.front
        if front is None:
            return Parsed(text.source, reading, None, problems)
        if not text.is_bearable:
            return Parsed(text.source, reading, None, (*problems, *text.excess))
        master, more = parse(text, reading, front, self.pandoc)
        master = replace(
            master,
            images=images.read(master, self.project, self.limits),
            original=original.master if original else None,
        )
        master, unread = bibliography.read(master, self.project, self.pandoc, self.limits)
        return Parsed(text.source, reading, master, (*problems, *more, *unread))

    def _reading(self, path: Path) -> Reading:
        if path not in self._readings:
            first = texts.original(path)
            self._readings[path] = frontmatter.read(
                self.texts.text(path).source,
                self._reading(first) if first else None,
                self.defaults(path.parent),
            )
        return self._readings[path]

    def defaults(self, folder: Path) -> Reading | None:
        """What the masters of a folder have in common, if a file says so."""
        if folder not in self._defaults:
            path = folder / DEFAULTS
            there = path.is_file() and not path.is_symlink()
            name = path.relative_to(self.project).as_posix() if there else ""
            text = path.read_text("utf-8", "replace") if there else ""
            shared = origin.Source(name, text, originals=((name, text),))
            self._defaults[folder] = frontmatter.read_defaults(shared) if there else None
        return self._defaults[folder]

    def original(self, path: Path) -> Parsed | None:
        """The master that one is a translation of: `report.md` for `report.es.md`."""
        first = texts.original(path)
        return self.parsed(first) if first else None

    def beside(self, path: Path, master: Document) -> Mapping[str, Document]:
        """The other masters that a text refers to, from the same folder."""
        found: dict[str, Document] = {}
        for reference in master.references:
            match = OTHER.fullmatch(reference.target)
            other = path.with_name(f"{match[1]}.md") if match else path
            if match and other != path and other.is_file():
                parsed = self.parsed(other).master
                found |= {match[1]: parsed} if parsed else {}
        return found
