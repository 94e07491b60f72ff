"""Which formats are there, and what does each need?

A format is a module of this folder with `render(document, tools) -> bytes`, and a row here.
The modules are imported only when something is rendered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING

from report_build.document import Document

if TYPE_CHECKING:
    from pathlib import Path

    from report_build.fonts import Face
    from report_build.labels import Labels
    from report_build.pandoc import Pandoc
    from report_build.templates import Templates
    from report_build.theme import Theme


class RenderError(Exception):
    """A document cannot be made into a file: the message says what its parts ask for."""


class UnmetError(RenderError):
    """Words of the text ask for what is not there: a glyph that no font has, an unknown style."""

    def __init__(self, kind: str, asked: Mapping[str, str], hint: str) -> None:
        super().__init__("; ".join(asked.values()))
        self.kind, self.asked, self.hint = kind, asked, hint


@dataclass(frozen=True)
class Format:
    """An output format: its name in front matter, its files' suffix, and who renders it."""

    name: str
    suffix: str
    module: str
    label: str
    needs_pages: bool = False
    """Whether it prints page numbers of the same edition's PDF."""


FORMATS: Mapping[str, Format] = {
    each.name: each
    for each in (
        Format("html", "html", "html", "HTML"),
        Format("pdf", "pdf", "pdf", "PDF"),
        Format("docx", "docx", "docx", "Word", needs_pages=True),
        Format("epub", "epub", "epub", "EPUB"),
    )
}


@dataclass(frozen=True)
class Tools:
    """What rendering needs besides the document."""

    theme: Theme
    templates: Templates
    pandoc: Pandoc
    labels: Labels
    faces: tuple[Face, ...]
    cache: Path
    pages: Mapping[str, int] = field(default_factory=dict)
    """Pages of the PDF of the same edition, by anchor id."""
    house: bytes = b""
    """The house's own Word file, whose styles take the place of the theme's, if there is one."""
    identifier: str = ""
    """What the file carries so that it can be told which one it is."""


def render(form: str, document: Document, tools: Tools) -> bytes:
    """A resolved document as a finished file."""
    module = import_module(f"report_build.formats.{FORMATS[form].module}")
    return module.render(document, tools)  # type: ignore[no-any-return]
