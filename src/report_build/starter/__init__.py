"""What does a project begin with? A master that shows everything, and what belongs around it."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

FILES: Mapping[str, str] = {
    "source/report.md": "report.md",
    "templates/theme.yml": "theme.yml",
    "Makefile": "Makefile",
    ".github/workflows/build.yml": "workflow.yml",
    ".gitignore": "gitignore",
    ".vscode/settings.json": "vscode.json",
    ".vscode/tasks.json": "tasks.json",
}
"""Where each file goes, and what it is called here."""
SCHEMA = ".schema/front-matter.json"


def start(folder: Path, with_master: bool = True) -> tuple[list[str], list[str]]:
    """Lay out a project: the paths that were added, and those that were there already.

    A folder that has masters gets no other one, nor does one that gets a document of its own.
    """
    added, kept = [], []
    has_masters = any(folder.glob("source/*.md")) or any(folder.glob("*.md"))
    for path, name in FILES.items():
        content = (files(__package__) / name).read_bytes()
        if path.endswith(".md") and not with_master:
            continue
        if path.endswith(".md") and has_masters:
            kept += [path] if (folder / path).is_file() else []
        elif _add(folder / path, content):
            added.append(path)
        else:
            kept.append(path)
    from report_build.frontmatter import schema_text

    (added if _add(folder / SCHEMA, schema_text().encode()) else kept).append(SCHEMA)
    return added, kept


def _add(path: Path, content: bytes) -> bool:
    if path.exists() or path.is_symlink():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return True
