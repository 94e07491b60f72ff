"""Do two builds under different conditions make the same bytes?

Two copies of the project are built: in another folder, by another number of workers, with nothing
kept, in another language, time zone and order of hashes. Whoever has the manifest of a build on
another machine can hold this one against it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from report_build.diagnostics import MachineError
from report_build.publish import MANIFEST, sha256

CONDITIONS: tuple[Mapping[str, str], ...] = (
    {"TZ": "UTC", "LC_ALL": "C", "PYTHONHASHSEED": "0", "jobs": "1", "folder": "a", "fonts": "cut"},
    {
        "TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "4021", "jobs": "auto",
        "folder": "a folder with a longer name/and one in it", "HOME": "/nonexistent",
        "fonts": "kept",
    },
)  # fmt: skip
"""The environment, the workers and the folder of each build, and whether fonts are there."""
SKIPPED = shutil.ignore_patterns(".cache", ".git", ".venv", ".sys", "out", "node_modules")


def builds(project: Path) -> list[dict[str, str]]:
    """The digests of all files of each build, by their paths."""
    found = []
    with tempfile.TemporaryDirectory() as place:
        for condition in CONDITIONS:
            folder = Path(place, condition["folder"])
            shutil.copytree(project, folder, ignore=SKIPPED, symlinks=True)
            fonts = project / ".cache" / "report-build" / "fonts"
            if condition["fonts"] == "kept" and fonts.is_dir():
                shutil.copytree(fonts, folder / fonts.relative_to(project))
            given = {k: v for k, v in condition.items() if k.isupper()}
            command = [
                sys.executable,
                "-P",
                "-m",
                "report_build",
                "build",
                "-q",
                "-j",
                condition["jobs"],
            ]
            done = subprocess.run(
                command, cwd=folder, env={**os.environ, **given}, capture_output=True, text=True,
                check=False,
            )  # fmt: skip
            if done.returncode:
                raise MachineError(
                    f"the build failed: {(done.stderr or done.stdout).strip()[:500]}"
                )
            found.append(digests(folder / "out"))
    return found


def digests(out: Path) -> dict[str, str]:
    """The digest of each file of a folder."""
    return {
        path.relative_to(out).as_posix(): sha256(path.read_bytes())
        for path in sorted(out.rglob("*"))
        if path.is_file()
    }


def differences(one: Mapping[str, str], other: Mapping[str, str]) -> list[str]:
    """The paths whose digests are not the same."""
    return [path for path in sorted({*one, *other}) if one.get(path) != other.get(path)]


def against(found: Mapping[str, str], manifest: Path, own: Path) -> Iterator[str]:
    """What differs from a manifest of another build, and with what that one was made."""
    theirs, ours = _read(manifest), _read(own)
    listed = {entry["path"]: entry["sha256"] for entry in theirs["deliverables"]}
    for path in sorted(listed):
        if found.get(path) != listed[path]:
            yield f"{path} is another file"
    for name in sorted({*theirs["generator"], *ours["generator"]}):
        old, new = theirs["generator"].get(name), ours["generator"].get(name)
        if old != new:
            yield f"{name}: {old} there, {new} here"


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text("utf-8"))
        return {"deliverables": found["deliverables"], "generator": found["generator"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise MachineError(f"{path} is no {MANIFEST} of a build") from error
