"""How is a file written so that it is whole or not there, whatever happens meanwhile?"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

SUFFIX = ".part"


def write(path: str | Path, content: bytes) -> None:
    """Write a file beside its place and move it there; others may write the same at once."""
    folder, name = os.path.split(os.fspath(path))
    os.makedirs(folder or ".", exist_ok=True)
    part = os.path.join(folder, f".{name}.{os.getpid()}{SUFFIX}")
    try:
        with open(part, "wb") as file:
            file.write(content)
        os.replace(part, path)
    except OSError:
        _remove(part)
        raise


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        return


def sweep(folder: Path) -> None:
    """Take away what processes that are gone have left half-written below a folder."""
    for path in folder.rglob(f".*{SUFFIX}"):
        pid = path.name.split(".")[-2]
        if not (pid.isdigit() and os.path.exists(f"/proc/{pid}")):
            _remove(os.fspath(path))
