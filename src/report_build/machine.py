"""What does this machine lack? Asked before anything is imported that would crash without it."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

from report_build.diagnostics import MachineError
from report_build.pandoc import NEEDED, executable

PYTHON = (3, 11)
LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}


@dataclass(frozen=True)
class Lack:
    """Something missing: what, what for, and a command that mends it."""

    what: str
    why: str
    cure: str


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _pandoc_version() -> str:
    try:
        found = subprocess.run([executable(), "--version"], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError, MachineError):
        return ""
    return found.stdout.decode().split("\n")[0].removeprefix("pandoc ")


def lacks(
    loads: Callable[[str], bool] = _loads,
    pandoc_version: Callable[[], str] = _pandoc_version,
    python: tuple[int, ...] = sys.version_info[:2],
) -> tuple[Lack, ...]:
    """All that is missing, worst first; each question can be answered by the caller."""
    found = []
    if python < PYTHON:
        found.append(Lack("Python 3.11", "this one is older", "apt-get install python3"))
    version = pandoc_version()
    if version.split(".")[:2] != NEEDED.split("."):
        cure = "pip install --force-reinstall 'pypandoc_binary>=1.17,<1.18'"
        found.append(Lack(f"pandoc {NEEDED}", f"found: {version or 'none'}", cure))
    missing = [package for library, package in LIBRARIES.items() if not loads(library)]
    if missing:
        cure = f"apt-get install --no-install-recommends {' '.join(missing)}"
        found.append(Lack(" and ".join(missing), "the PDF needs Pango", cure))
    return tuple(found)


def require() -> None:
    """Raise MachineError for the first thing that is missing."""
    for lack in lacks():
        raise MachineError(f"{lack.what} is missing ({lack.why})", cure=lack.cure)
