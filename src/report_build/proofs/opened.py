"""What is in a finished file? Read with libraries that did not write it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib import import_module

OURS = "urn:report-build:"
"""What the identifiers that we give begin with."""
SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class Link:
    """A link within the file."""

    target: str
    words: str = ""
    """What it says."""
    number: str = ""
    """The number of the target, as its words say it."""
    page: int | None = None
    """The page of the target, as it prints it."""


@dataclass(frozen=True)
class Opened:
    """A finished file as what can be read in it; targets have their file before a `#`, if any."""

    targets: tuple[str, ...]
    """Ids, named destinations, bookmarks."""
    links: tuple[Link, ...]
    """Internal links, fields and outline entries."""
    texts: tuple[str, ...]
    """All texts: visible, hidden, alternative, properties, outline, comments, attributes."""
    names: tuple[str, ...]
    """Ids, class names, names of parts and media."""
    numbers: Mapping[str, str] = field(default_factory=dict)
    """The number that stands at a target."""
    pages: Mapping[str, int] = field(default_factory=dict)
    """The page that a target is on."""
    headings: tuple[tuple[str, str], ...] = ()
    """What the contents should list: targets with their words."""
    contents: tuple[Link, ...] = ()
    """What the contents do list."""
    calls: tuple[tuple[str, str], ...] = ()
    """Calls of notes: the mark, and the target that holds the note."""
    notes: tuple[str, ...] = ()
    """The targets of the notes, in their order."""
    broken: tuple[tuple[str, str], ...] = ()
    """What is wrong with the file in itself, and with which target."""
    dates: tuple[str, ...] = ()
    """Dates in its properties, as YYYY-MM-DD…"""
    pictures: tuple[tuple[str, bytes], ...] = ()
    """Pictures and attachments, with their names."""
    identifier: str = ""
    """What the file says of where it comes from."""
    sheets: tuple[str, ...] = ()
    """The words on each page."""
    raw: bytes = b""
    """The file itself."""


READERS = {"html": "web", "epub": "web", "docx": "word", "pdf": "paper"}


def opened(form: str, content: bytes) -> Opened:
    """A finished file of one of our formats, read."""
    module = import_module(f"report_build.proofs.{READERS[form]}")
    found: Opened = module.read(form, content)
    return replace(found, raw=content)


def plain(text: str) -> str:
    """Words with single spaces, without invisible characters."""
    return SPACES.sub(" ", text.replace("\u00a0", " ").replace("\u00ad", "")).strip()
