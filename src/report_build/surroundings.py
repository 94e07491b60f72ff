"""Where are the programs that validators need, and how are they asked?"""

from __future__ import annotations

import os
import shutil
import subprocess
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

FOLDER = Path(os.environ.get("REPORT_BUILD_VALIDATORS", ".cache/validators")).absolute()
"""Where `make verify` puts the packages for Node.js."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def lacking(*, python: str = "", node: str = "", programs: tuple[str, ...] = ()) -> str:
    """What is missing of a Python module, a package for Node.js, programs; in words, or nothing."""
    for program in programs:
        if not shutil.which(program):
            return f"{program} is not installed"
    if python and not find_spec(python):
        return f"the package {python} is not installed: pip install 'report-build[verify]'"
    if node and not package(node).is_dir():
        return f"the package {node} is not in {FOLDER}: make verify puts it there"
    return ""


def package(name: str) -> Path:
    """The folder of a package for Node.js."""
    return FOLDER / "node_modules" / name


def browser() -> str:
    """The path of a browser, or nothing."""
    return next(filter(None, map(shutil.which, BROWSERS)), None) or ""


def distributed(name: str) -> str:
    """The version of a Python distribution."""
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def done(*command: str | Path) -> str:
    """What a script of ours prints. `RuntimeError`: it has not come to its end."""
    made = subprocess.run(
        [str(part) for part in command], capture_output=True, check=False, text=True, cwd=FOLDER
    )
    if made.returncode:
        raise RuntimeError((made.stderr.strip() or f"exit {made.returncode}").splitlines()[-1])
    return made.stdout


def asked(*command: str | Path, **environment: str) -> str:
    """What a program prints, whatever it thinks of the files."""
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, check=False, text=True,
        env={**os.environ, **environment}, cwd=FOLDER if FOLDER.is_dir() else None,
    )  # fmt: skip
    return done.stdout or done.stderr
