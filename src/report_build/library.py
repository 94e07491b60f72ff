"""Which masters does a project have, and what does each say? Every one is read and parsed once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from report_build import bibliography, density, frontmatter, images, origin, source
from report_build.countries import language_problem
from report_build.diagnostics import Diagnostic
from report_build.document import OTHER, Document
from report_build.frontmatter import Reading
from report_build.limits import LIMITS, Limits
from report_build.pandoc import Pandoc
from report_build.parsing import body, parse
from report_build.source import Source

DEFAULTS = "_defaults.yml"
"""In a folder of masters: the keys of front matter that they share."""


@dataclass(frozen=True)
class Text:
    """A master's text, with what its front matter says."""

    source: Source
    reading: Reading
    problems: tuple[Diagnostic, ...]
    is_bearable: bool
    """Whether it is short and plain enough to be parsed."""


@dataclass(frozen=True)
class Parsed:
    """A master as it was read, by itself."""

    source: Source
    reading: Reading
    master: Document | None
    problems: tuple[Diagnostic, ...]


class Library:
    """The masters of a project, each read and parsed once."""

    def __init__(self, project: Path, pandoc: Pandoc, limits: Limits = LIMITS) -> None:
        self.project, self.pandoc, self.limits = project, pandoc, limits
        self._texts: dict[Path, Text] = {}
        self._parsed: dict[Path, Parsed] = {}
        self._defaults: dict[Path, frontmatter.Reading | None] = {}

    def parsed(self, path: Path) -> Parsed:
        """A master; a translation has what its original says in front matter, too."""
        if path not in self._parsed:
            self._parsed[path] = self._parse(path)
        return self._parsed[path]

    def ahead(self, path: Path) -> None:
        """Have pandoc begin with a master that is asked for soon, while something else is done."""
        todo = [one for one in (self._original(path), path) if one and one not in self._parsed]
        texts = [self._text(one) for one in todo if one.is_file()]
        self.pandoc.ahead(
            *(body(one.source, one.reading.body_offset) for one in texts if one.is_bearable)
        )

    def _parse(self, path: Path) -> Parsed:
        text = self._text(path)
        reading, front, original = text.reading, text.reading.front, self.original(path)
        if front is None or not text.is_bearable:
            return Parsed(text.source, reading, None, text.problems)
        master, more = parse(text.source, front, reading.places, reading.body_offset, self.pandoc)
        master = replace(
            master,
            images=images.read(master, self.project, self.limits),
            original=original.master if original else None,
        )
        master, unread = bibliography.read(master, self.project, self.pandoc, self.limits)
        return Parsed(text.source, reading, master, (*text.problems, *more, *unread))

    def _text(self, path: Path) -> Text:
        if path not in self._texts:
            text, found = source.read(path, self.project, limits=self.limits)
            original = self._original(path)
            reading = frontmatter.read(
                text,
                self._text(original).reading if original else None,
                self.defaults(path.parent),
            )
            problems = [*found, *reading.diagnostics]
            bearable = reading.front is not None
            if bearable:
                too_much = density.problems(text, reading.body_offset, self.limits)
                problems += too_much
                bearable = not too_much and all(one.rule != "too-large" for one in found)
            self._texts[path] = Text(text, reading, tuple(problems), bearable)
        return self._texts[path]

    def defaults(self, folder: Path) -> frontmatter.Reading | None:
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
        original = self._original(path)
        return self.parsed(original) if original else None

    @staticmethod
    def _original(path: Path) -> Path | None:
        name, _, tag = path.stem.rpartition(".")
        original = path.with_name(f"{name}.md")
        return original if name and not language_problem(tag) and original.is_file() else None

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
