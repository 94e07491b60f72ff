"""What must be built, and when is it stale?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from report_build import nodes as n
from report_build.compose import Surroundings
from report_build.diagnostics import Diagnostic, Severity
from report_build.document import Document, Edition
from report_build.editions import stem
from report_build.formats import FORMATS


@dataclass(frozen=True)
class Deliverable:
    """One file to be made: an edition of a master in a format."""

    master: str
    """The master's name without its suffix, such as `proceedings`."""
    edition: Edition
    form: str
    path: str
    """Where it goes, relative to `out/`."""

    @property
    def id(self) -> tuple[str, str, str]:
        """What tells it from all others."""
        return self.master, self.edition.id, self.form


def deliverables(master: str, lang: str, editions: Iterable[Edition]) -> tuple[Deliverable, ...]:
    """All files of a master, the full edition's first."""
    found = [
        Deliverable(master, edition, form, path_of(master, lang, edition, form))
        for edition in editions
        for form in edition.formats
    ]
    return tuple(sorted(found, key=lambda one: not one.edition.is_full))


def path_of(master: str, lang: str, edition: Edition, form: str) -> str:
    """`proceedings/hnd/proceedings-honduras.pdf`."""
    return f"{stem(master, lang, edition)}.{FORMATS[form].suffix}"


def clashes(found: Iterable[Deliverable]) -> list[Diagnostic]:
    """Deliverables that would overwrite one another."""
    seen: dict[str, Deliverable] = {}
    problems = []
    for one in found:
        other = seen.setdefault(one.path.casefold(), one)
        if other is not one:
            message = (
                f"editions “{other.edition.id}” and “{one.edition.id}” would both be {one.path}"
            )
            problems.append(Diagnostic("file-name-clash", Severity.ERROR, None, message))
    return problems


def identifier(key: str) -> str:
    """What a file carries to tell which one it is: a URN that its key makes."""
    return f"urn:report-build:{key[:32]}"


def key(document: Document, around: Surroundings, form: str, settings: str, pages: object) -> str:
    """A digest of everything that a deliverable is made from.

    `settings` stands for templates, theme, fonts, code and versions; `pages` for the page
    numbers that it prints.
    """
    edition, front = document.edition, document.front
    parts = (
        form,
        settings,
        repr(edition),
        front.model_dump_json(exclude={"figures", "deliverables", "rules", "abbreviations"}),
        repr(around),
        repr(sorted(pages.items()) if isinstance(pages, Mapping) else pages),
    )
    digest = hashlib.sha256("\0".join(parts).encode())
    digest.update(n.canonical(document.blocks))
    return digest.hexdigest()
