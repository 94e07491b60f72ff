"""Which masters are meant, and how are they checked together?"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from itertools import zip_longest
from pathlib import Path
from typing import Any

from report_build.diagnostics import MachineError


def checked(
    paths: Sequence[Path] = (), project: Path | None = None, trusted: Path | None = None
) -> tuple[list[Any], Any]:
    """Masters, all of a project if none is named, with the settings to make files with.

    `project` is the present folder, unless it says otherwise; paths are relative to it. Templates
    are those of the project, or of a folder that is `trusted`.
    """
    from report_build import confinement, machine
    from report_build.pandoc import Pandoc
    from report_build.settings import of_project
    from report_build.texts import Texts, original

    project = project or Path.cwd()
    masters = meant(paths, project)
    if not masters:
        raise MachineError("no master here: neither source/*.md nor *.md with front matter")
    with ExitStack() as stack:
        pandoc = stack.enter_context(Pandoc())
        settings = of_project(project, trusted)
        pandoc.seconds = settings.limits.reading_seconds
        confinement.allow(settings.limits.memory * len(masters))
        for path in masters:
            if not path.is_file():
                raise MachineError(f"there is no file {path}")
        roots = {path: _root(path, project) for path in masters}
        texts = {root: Texts(root, pandoc, settings.limits) for root in roots.values()}
        order = sorted(masters, key=lambda path: original(path) is not None)
        texts[roots[order[0]]].ahead(order[0])
        from report_build.check import check  # pandoc reads while this is loaded
        from report_build.library import Library

        for path in order[1:AHEAD]:
            texts[roots[path]].ahead(path)
        machine.require(
            rendering=False, pandoc=lambda: pandoc.version() or machine.pandoc_version()
        )
        libraries = {root: Library(own) for root, own in texts.items()}
        found = {}
        for path, following in zip_longest(order, order[AHEAD:]):
            libraries[roots[path]].parsed(path)
            if following:
                texts[roots[following]].ahead(following)
            found[path] = check(path, roots[path], pandoc, libraries[roots[path]])
    return [found[path] for path in masters], settings


AHEAD = 2
"""Masters that pandoc has been told of when one is parsed. Translations come after their originals,
so that it reads them while these are judged."""


def _root(path: Path, project: Path) -> Path:
    """The folder that a master's pictures and the like are in: the project, or its own."""
    return project if path.absolute().is_relative_to(project) else path.absolute().parent


def meant(paths: Sequence[Path], project: Path | None = None) -> list[Path]:
    """The masters that are named, or all of a project."""
    project = project or Path.cwd()
    return [project / path for path in paths] or of_folder(project)


BOM = b"\xef\xbb\xbf"
FIRST = (b"---\n", b"---\r")
"""How a text with front matter begins."""


def of_folder(project: Path) -> list[Path]:
    """All masters of a project: those in `source/`, else those beside it that have front matter."""
    named = sorted((project / "source").glob("*.md"))
    if named:
        return named
    found = sorted(project.glob("*.md"))
    return [path for path in found if path.read_bytes()[:7].removeprefix(BOM)[:4] in FIRST]
