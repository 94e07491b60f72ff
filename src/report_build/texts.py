"""What do the files of masters say? Each is read once, and pandoc begins with it at once.

Of what is imported here nothing takes long: all else can be loaded while pandoc reads.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from report_build import density, source
from report_build.countries import language_problem
from report_build.diagnostics import Diagnostic
from report_build.limits import LIMITS, Limits
from report_build.pandoc import Pandoc
from report_build.source import FRONT_MATTER, Source
from report_build.verbatim import blanked


@dataclass(frozen=True)
class Text:
    """A master's text, before anybody knows what it means."""

    source: Source
    problems: tuple[Diagnostic, ...]
    """Of its files."""
    excess: tuple[Diagnostic, ...]
    """Where it is too much to be worked on."""

    @property
    def start(self) -> int:
        """Where its body begins, behind the front matter."""
        front = FRONT_MATTER.match(self.source.text)
        return front.end() if front else 0

    @cached_property
    def body(self) -> str:
        """What pandoc reads: all but the front matter, with comments as spaces."""
        return blanked(self.source.text[self.start :], "comment")

    @property
    def is_bearable(self) -> bool:
        """Whether it is short and plain enough to be parsed."""
        return not self.excess and all(one.rule != "too-large" for one in self.problems)


class Texts:
    """The texts of a project's masters."""

    def __init__(self, project: Path, pandoc: Pandoc, limits: Limits = LIMITS) -> None:
        self.project, self.pandoc, self.limits = project, pandoc, limits
        self._texts: dict[Path, Text] = {}
        self._begun: set[Path] = set()

    def text(self, path: Path) -> Text:
        """A master's text. Raises OSError if it cannot be read."""
        if path not in self._texts:
            text, found = source.read(path, self.project, limits=self.limits)
            bare = Text(text, found, ())
            excess = density.problems(text, bare.start, self.limits)
            self._texts[path] = Text(text, found, tuple(excess))
        return self._texts[path]

    def ahead(self, path: Path) -> None:
        """Have pandoc begin with a master that is asked for soon, while something else is done."""
        for one in (original(path), path):
            if one and one not in self._begun and one.is_file() and self.text(one).is_bearable:
                self._begun.add(one)
                self.pandoc.ahead(self.text(one).body)


def original(path: Path) -> Path | None:
    """The master that one is a translation of: `report.md` for `report.es.md`."""
    name, _, tag = path.stem.rpartition(".")
    found = path.with_name(f"{name}.md")
    return found if name and not language_problem(tag) and found.is_file() else None
