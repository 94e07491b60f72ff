"""Where are a project's templates and caches?"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from report_build import limits
from report_build.labels import packaged
from report_build.limits import LIMITS, Limits


@dataclass(frozen=True)
class Settings:
    """What files are made with: folders of templates, the first one first asked, and a cache."""

    folders: tuple[Path, ...]
    cache: Path
    project: Path = Path()
    limits: Limits = LIMITS
    trusted: Path | None = None
    """Where all templates come from, if not from the project."""
    shared: str = ""
    """A cache that others share: a folder, or the address of an object store."""


HOUSE = "docx/house.docx"
"""Where a project has a Word file of its own, whose styles take the place of the theme's."""


def binary(folders: Iterable[Path], name: str) -> bytes:
    """The content of a file beside the templates; nothing if there is none."""
    found = (folder / name for folder in folders)
    return next((path.read_bytes() for path in found if path.is_file()), b"")


def folders(project: Path | None = None) -> tuple[Path, ...]:
    """The folders of templates of a project (its own `templates/` first), and the tool's."""
    own = (project / "templates",) if project else ()
    found = (*(folder for folder in own if folder.is_dir()), packaged())
    return tuple(dict.fromkeys(folder.resolve() for folder in found))


def of_project(project: Path, trusted: Path | None = None) -> Settings:
    """The settings of a project.

    With another folder that is `trusted`, templates and limits are that one's, and no cache of the
    project's is looked at.
    """
    found = folders(trusted or project)
    cache = _outside() if trusted else cache_of(project)
    return Settings(found, cache, project, limits.of(found), trusted)


def cache_of(project: Path) -> Path:
    """What a project keeps of what was made."""
    return project / ".cache" / "report-build"


def _outside() -> Path:
    """A cache that no content can have written: the user's."""
    place = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(place) / "report-build"
