"""What must be built, and when is it stale?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from report_build import nodes as n
from report_build.diagnostics import Diagnostic, Severity
from report_build.document import Document, Edition
from report_build.editions import stem
from report_build.formats import FORMATS

if TYPE_CHECKING:
    from report_build.compose import Surroundings


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


Parts = Mapping[str, str]
"""Names of what something is made from or with, and digests."""


def parts(
    document: Document, around: Surroundings, form: str, made_with: str, pages: object
) -> dict[str, str]:
    """Everything that a deliverable is made from, by name: what changed when it must be made anew.

    `made_with` stands for templates, theme, fonts, program and packages; `pages` for the page
    numbers that it prints.
    """
    front = document.front.model_dump_json(
        exclude={"figures", "deliverables", "rules", "abbreviations"}
    )
    return {
        MADE_WITH: made_with,
        "format": form,
        "edition": _digest(repr(document.edition)),
        "front matter": _digest(front),
        "what stands around the text": _digest(repr(around)),
        "page numbers": _digest(repr(pages)),
        "text": hashlib.sha256(n.canonical(document.blocks)).hexdigest(),
    }


MADE_WITH = "what it is made with"


def key(made_from: Parts) -> str:
    """One digest of all parts."""
    return _digest("\0".join(f"{name}\0{value}" for name, value in sorted(made_from.items())))


def reasons(
    old: Parts | None, new: Parts, made_with: Mapping[str, Parts] | None = None
) -> tuple[str, ...]:
    """Why a deliverable must be made, in words; `made_with` are ingredients by their digest."""
    if old is None:
        return ("it was not made before",)
    names = [name for name in new if old.get(name) != new[name]]
    if MADE_WITH in names and made_with:
        before, now = (made_with.get(one.get(MADE_WITH, ""), {}) for one in (old, new))
        changed = sorted(name for name in {*before, *now} if before.get(name) != now.get(name))
        names = [*(changed if before else [MADE_WITH]), *(n for n in names if n != MADE_WITH)]
    return tuple(f"{name} changed" for name in names) or ("what was made is not kept",)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
