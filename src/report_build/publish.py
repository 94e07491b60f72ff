"""How do finished files reach `out/`? All of them or none.

The new set is laid out beside the old one on the same file system, and the two are exchanged
in one step. Only what the old manifest lists is ever left behind; files of the user's stay.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

MANIFEST = "manifest.json"
BESIDE = (MANIFEST, "index.html", "feed.xml", "sbom.cdx.json", "provenance.json")
"""What stands beside the deliverables."""
_AT_FDCWD, _EXCHANGE = -100, 2


class PublishError(Exception):
    """`out/` cannot be written; the old set is unchanged."""


@contextlib.contextmanager
def locked(out: Path) -> Iterator[None]:
    """Hold the right to write `out`; a second build stops at once."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        lock = _lock_file(out).open("w")
    except OSError as error:
        raise PublishError(f"{out} cannot be written: {_reason(error)}; it is unchanged") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise PublishError(f"another build is writing {out}") from error
        _mend(out)
        yield


def _mend(out: Path) -> None:
    """Put right what a build that was ended in the middle has left."""
    old = out.parent / f".{out.name}-old"
    if old.is_dir() and not out.exists():
        old.rename(out)
    for left in (old, out.parent / f".{out.name}-stage"):
        shutil.rmtree(left, ignore_errors=True)


def _reason(error: OSError) -> str:
    return error.strerror or str(error)


def _lock_file(out: Path) -> Path:
    folder = out.parent / ".cache"
    folder.mkdir(exist_ok=True)
    return folder / f"{out.name}.lock"


def manifest(out: Path) -> dict[str, Any]:
    """The manifest of what is there, or an empty one."""
    try:
        found = json.loads((out / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError):
        return {"deliverables": []}
    return found if isinstance(found, dict) else {"deliverables": []}


def ours(out: Path) -> set[str]:
    """The files in `out` that a build made."""
    listed = {entry["path"] for entry in manifest(out).get("deliverables", ())}
    return listed | {*BESIDE} if listed else set()


def publish(out: Path, files: Mapping[str, bytes], kept: Mapping[str, str]) -> None:
    """Make `out` hold these files; `kept` are paths of the old set with their hashes.

    Raises PublishError if a file of the user's own is in the way or the disk refuses; then
    nothing has changed.
    """
    made = ours(out)
    for path in files:
        if (out / path).exists() and path not in made:
            raise PublishError(f"{out / path} was not made by a build; move it away first")
    if out.exists() and not os.access(out, os.W_OK | os.X_OK):
        raise PublishError(f"{out} cannot be written: it is read-only; it is unchanged")
    if os.path.ismount(out):
        hint = f"give a folder in it: -o {out / 'reports'}"
        raise PublishError(f"{out} is a file system of its own, which cannot be exchanged; {hint}")
    stage = out.parent / f".{out.name}-stage"
    try:
        shutil.rmtree(stage, ignore_errors=True)
        _lay_out(out, stage, files, kept, made)
        _exchange(stage, out)
    except OSError as error:
        shutil.rmtree(stage, ignore_errors=True)
        raise PublishError(f"{out} cannot be written: {_reason(error)}; it is unchanged") from error
    shutil.rmtree(stage, ignore_errors=True)


def _lay_out(
    out: Path, stage: Path, files: Mapping[str, bytes], kept: Mapping[str, str], made: set[str]
) -> None:
    stage.mkdir()
    foreign = (
        path.relative_to(out).as_posix()
        for path in (out.rglob("*") if out.is_dir() else ())
        if path.is_file() or path.is_symlink()
    )
    for path in foreign:
        if path not in files and (path in kept or path not in made):
            (stage / path).parent.mkdir(parents=True, exist_ok=True)
            _also_at(out / path, stage / path)
    for path in sorted(files, key=lambda name: name == MANIFEST):
        target = stage / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            file.write(files[path])
            file.flush()
            os.fsync(file.fileno())


def _also_at(file: Path, place: Path) -> None:
    """A file at a second place; as a copy where there are no hard links."""
    try:
        os.link(file, place, follow_symlinks=False)
    except OSError:
        shutil.copy2(file, place, follow_symlinks=False)


def _exchange(stage: Path, out: Path) -> None:
    if not out.exists():
        stage.rename(out)
        return
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call and not call(_AT_FDCWD, os.fsencode(stage), _AT_FDCWD, os.fsencode(out), _EXCHANGE):
        return
    old = out.parent / f".{out.name}-old"
    shutil.rmtree(old, ignore_errors=True)
    out.rename(old)
    stage.rename(out)
    shutil.rmtree(old, ignore_errors=True)


def sha256(content: bytes) -> str:
    """The digest that the manifest lists."""
    return hashlib.sha256(content).hexdigest()
