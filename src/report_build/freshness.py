"""Is everything built or checked already? Answered without loading anything that does it.

A build or check that found nothing wrong leaves a stamp: the files and folders that it has read and
the deliverables that it left, each with its state. The same command finds them in that state, or by
their content the same, and has nothing to do. A stamp can be thrown away at any time.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import os
import sys
import time
from collections.abc import Callable

from report_build import atomic

FOLDER = os.path.join(".cache", "report-build", "fresh")
PACKAGE = os.path.dirname(os.path.abspath(__file__))
SHIPPED = os.path.join(os.path.dirname(os.path.dirname(PACKAGE)), "templates")
"""Where templates are in a checkout; in a wheel they are in the package."""
NAMES = ("source", "templates", ".report-build-baseline.json")
"""What counts in a project's folder besides Markdown."""
SKIPPED = (".cache", ".git", ".sys", ".venv", "__pycache__")
READING = os.O_RDONLY
TICK = 20_000_000
"""Nanoseconds that the clock of files may be behind."""
State = list[object]
"""Size, times of change in nanoseconds, number of the file, and a digest of the content."""


def told(arguments: list[str]) -> str | None:
    """What to say if there is nothing to do; else nothing."""
    if arguments[:1] not in (["build"], ["check"]):
        return None
    if any(x.startswith("--untrusted") for x in arguments):
        return None  # a stamp of the project's own is nothing to rely on
    path = _path(arguments)
    try:
        with open(path, encoding="utf-8") as file:
            stamp = json.load(file)
        changed: list[bool] = []
        good = stamp["around"] == _around() and all(
            _as_it_was(name, state, changed) for name, state in stamp["files"].items()
        )
        good = good and all(_names(name) == names for name, names in stamp["folders"].items())
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if good and any(changed):
        _write(path, stamp)
    return str(stamp["said"]) if good else None


def _path(arguments: list[str]) -> str:
    key = hashlib.sha256("\0".join([os.getcwd(), *arguments]).encode()).hexdigest()[:16]
    return os.path.join(FOLDER, f"{key}.json")


def _as_it_was(name: str, state: State, changed: list[bool]) -> bool:
    """Whether a file is in a state, or has the same content; then the state becomes the new one."""
    now = _stat(name)
    if now == state[:4]:
        return True
    if now[0] != state[0] or _digest(name) != state[4]:
        return False
    state[:4] = now
    changed.append(True)
    return True


def _stat(name: str) -> State:
    found = os.stat(name)
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]


def _digest(name: str) -> str:
    with open(name, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def _names(folder: str) -> list[str]:
    """What is in a folder; of the project's own only what masters and looks may come from."""
    names = sorted(name for name in os.listdir(folder) if name not in SKIPPED)
    if folder == os.getcwd():
        names = [name for name in names if name in NAMES or name.endswith((".md", ".yml"))]
    return names


def _around() -> list[str]:
    """The Python and the packages that a build runs with."""
    import report_build

    sites = [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]
    found = [name for site in sites if os.path.isdir(site) for name in os.listdir(site)]
    packages = [name for name in found if name.endswith(".dist-info")]
    return [report_build.__version__, sys.version, sys.prefix, *sorted(packages)]


def _write(path: str, stamp: object) -> None:
    atomic.write(path, json.dumps(stamp).encode())


# ------------------------------------------------------------------------------- watching


_watching: list[Watch] = []
"""The one that notes what is read now, if any does."""


class Watch:
    """Notes which files and folders this process reads, from now on until the stamp is left."""

    _hooked = False

    def __init__(self) -> None:
        self.files: set[str] = set()
        self.folders: set[str] = {os.getcwd()}
        self.began = time.time_ns() - TICK
        _watching[:] = [self]
        if not Watch._hooked:
            sys.addaudithook(_hearing(_watching))
            atexit.register(_watching.clear)
            Watch._hooked = True

    def note(self, event: str, arguments: tuple[object, ...]) -> None:
        """What Python tells of an opened file or a listed folder."""
        name = arguments[0]
        if not isinstance(name, str | os.PathLike):
            return
        path = os.path.abspath(os.fspath(name))
        if event == "open":
            flags = arguments[2] if isinstance(arguments[2], int) else READING
            if flags & (os.O_WRONLY | os.O_RDWR) == READING:
                self.files.add(path)
        else:
            self.folders.add(path)

    def stamp(self, arguments: list[str], out: str, made: dict[str, str], said: str) -> None:
        """Leave a stamp of what was read and made: paths relative to `out`, with their digests.

        There is none if something was changed since the build began: who knows what was read of it?
        """
        _watching.clear()
        code = [os.path.join(at, name) for at, _, names in _walk(PACKAGE) for name in names]
        read = {name for name in self.files if _counts(name, out) and os.path.isfile(name)}
        home = os.getcwd() + os.sep
        named = tuple(os.path.abspath(one) for one in arguments if one.endswith(".md"))
        # beside what was read there may be more to be read next time
        beside = {os.path.dirname(name) for name in read if name.startswith((home, *named))}
        folders = {
            name for name in self.folders | beside if _counts(name, out) and os.path.isdir(name)
        }
        states = {name: [*_stat(name), _digest(name)] for name in sorted({*code, *read})}
        if any(int(str(state[2])) >= self.began for state in states.values()):
            return
        for path, digest in made.items():
            name = os.path.join(os.path.abspath(out), path)
            states[name] = [*_stat(name), digest or _digest(name)]
        stamp = {
            "said": said,
            "around": _around(),
            "files": states,
            "folders": {name: _names(name) for name in sorted({*folders, *_inside()})},
        }
        try:
            _write(_path(arguments), stamp)
        except OSError:  # in a folder that is only read it is done anew next time
            return


def _hearing(watching: list[Watch]) -> Callable[[str, tuple[object, ...]], None]:
    """What hears all that Python tells, to its very end, when this module is gone."""

    def heard(event: str, arguments: tuple[object, ...]) -> None:
        if watching and event in ("open", "os.listdir", "os.scandir"):
            watching[0].note(event, arguments)

    return heard


def _inside() -> list[str]:
    return [at for at, _, _ in _walk(PACKAGE)]


def _walk(folder: str) -> list[tuple[str, list[str], list[str]]]:
    found = []
    for at, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in SKIPPED]
        found.append((at, folders, names))
    return found


def _counts(name: str, out: str) -> bool:
    """Whether a file or folder is an input: no part of Python, of a cache or of what is made."""
    project = os.getcwd() + os.sep
    if name.startswith(SHIPPED) or name + os.sep == project:
        return True
    if name.startswith(project) and set(name[len(project) :].split(os.sep)) & set(SKIPPED):
        return False
    foreign = (sys.prefix, sys.base_prefix, PACKAGE, os.path.abspath(out), "/proc", "/sys", "/dev")
    return not any(name == one or name.startswith(one + os.sep) for one in foreign)
