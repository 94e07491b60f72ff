"""Where is pandoc, and how is it started? Of what is imported here nothing takes long.

A command that reads masters starts it at once (`ahead`): it is there when the first text is.
"""

from __future__ import annotations

import functools
import os
import subprocess
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from report_build.diagnostics import MachineError

MEMORY = "1g"
OLD = "64m"
"""Of what it keeps, before all of that is looked through: a tenth of its time was spent on that."""
NEEDED = "3.9"
SCRIPT = Path(__file__).with_name("pandoc.lua")
_waiting: list[subprocess.Popen[bytes]] = []
"""Processes that nobody has asked for yet."""


@functools.cache
def executable() -> str:
    """The path of the pandoc that the package `pypandoc_binary` brings, and no other."""
    found = find_spec("pypandoc")
    bundled = Path(found.origin).parent / "files" / "pandoc" if found and found.origin else None
    if not bundled or not bundled.is_file():
        raise MachineError(
            "pandoc is missing", cure="pip install --force-reinstall pypandoc_binary"
        )
    return str(bundled)


def ahead() -> None:
    """Start a process that will be asked for; if there is none, whoever asks is told so."""
    with suppress(MachineError, OSError):
        _waiting.append(_started())


def start() -> subprocess.Popen[bytes]:
    """A process that answers requests (`pandoc.lua`)."""
    return _waiting.pop() if _waiting else _started()


def _started() -> subprocess.Popen[bytes]:
    command = [executable(), "+RTS", f"-M{MEMORY}", f"-O{OLD}", "-RTS", "lua", str(SCRIPT)]
    environment = {"LC_ALL": "C.UTF-8", "HOME": os.devnull, "SOURCE_DATE_EPOCH": "0"}
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env=environment,
    )  # fmt: skip
