"""Where do imported masters go? Beside the others, with their pictures, and a report at the top."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from report_build import atomic
from report_build.check import Checked, check
from report_build.diagnostics import MachineError, Severity
from report_build.importing import bring_in
from report_build.importing.report import HEAD, Account, report
from report_build.pandoc import Pandoc
from report_build.parsing import slug

REPORT = "import.md"


def import_all(
    files: Sequence[Path], project: Path, into: Path, pandoc: Pandoc, lang: str = ""
) -> Iterator[tuple[Path, Account]]:
    """Make masters of documents: each path with what is told of it; the report is written last.

    Nothing that is there already is changed. Raises MachineError for a file that cannot be read.
    """
    folder = project / into
    masters = {file: folder / f"{slug(file.stem)}.md" for file in files}
    told = project / REPORT
    if len(set(masters.values())) < len(files):
        raise MachineError("two of these documents would have the same name as masters")
    for path in masters.values():
        if path.exists():
            raise MachineError(
                f"there is a master {path.relative_to(project)} already", "move it away"
            )
    if told.exists() and not told.read_text("utf-8", "replace").startswith(HEAD):
        raise MachineError(
            f"there is a file {REPORT} that is no report of an import", "move it away"
        )
    accounts = []
    for file, path in masters.items():
        made = bring_in(file, pandoc, lang)
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in made.pictures.items():
            (folder / "images").mkdir(exist_ok=True)
            atomic.write(folder / "images" / name, content)
        atomic.write(path, made.text.encode())
        checked = check(path, project, pandoc)
        blocks = checked.master.blocks if checked.master else ()
        name = path.relative_to(project).as_posix()
        accounts.append(made.account(name, blocks, tuple(_problems(checked))))
        yield path, accounts[-1]
    atomic.write(told, report(accounts).encode())


def _problems(checked: Checked) -> Iterator[str]:
    for one in checked.diagnostics:
        if one.severity in (Severity.ERROR, Severity.WARNING):
            line = f"line {one.place.line}: " if one.place else ""
            yield f"{line}{one.severity}: {one.message} ({one.rule})"
