"""What does a process with content get? No secrets, no network where the system allows it, and no
more memory than its limit."""

from __future__ import annotations

import ctypes
import os
import re
import resource
import signal
import sys
from pathlib import Path

MIB = 1 << 20
ENVIRONMENT = frozenset({
    "PATH", "HOME", "USER", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "LC_MESSAGES", "TMPDIR", "TZ",
    "LD_LIBRARY_PATH", "FONTCONFIG_FILE", "TERM", "COLUMNS", "LINES", "NO_COLOR", "CI",
    "PYTHONPATH", "PYTHONHASHSEED", "PYTHONDONTWRITEBYTECODE", "PYTHONWARNINGS", "PYTHONUTF8",
    "PYTHONIOENCODING", "VIRTUAL_ENV", "REPORT_BUILD_CACHE", "COVERAGE_PROCESS_START",
    "SSL_CERT_FILE", "SYSTEMROOT",
})  # fmt: skip
"""All of the environment that a process with content gets to see."""
SCREEN = frozenset({"DISPLAY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR", "BROWSER", "XAUTHORITY"})
"""What a command needs besides to open a browser."""
CONTENT = (["build"], ["check"], ["list"], ["changes"], ["import"], ["review"])
"""The commands that read content."""
NETWORK = re.compile(r"--dask|.*://")
"""What a command is told with that needs the network, and keys of the environment with it."""
CONFINED = "REPORT_BUILD_CONFINED"
"""Set in a process that has started itself anew with that environment alone."""
PR_SET_PDEATHSIG = 1
CLONE_NEWNET, CLONE_NEWUSER = 0x40000000, 0x10000000


def bare_environment() -> dict[str, str]:
    """What of the environment a process with content gets."""
    return {name: value for name, value in os.environ.items() if name in ENVIRONMENT}


def start_anew(arguments: list[str]) -> None:
    """Run this command again in its own place, with nothing in its environment but what it needs.

    `-P`: the folder that it runs in is no place for Python to find modules in. So there is nothing to be found in `/proc/self/environ` either. It is done once.
    """
    if not concerns(arguments):
        return
    if os.environ.get(CONFINED) or bare_environment().keys() == os.environ.keys():
        return
    program = [sys.executable, "-P", *_flags(), "-m", "report_build", *arguments]
    os.execve(sys.executable, program, {**bare_environment(), CONFINED: "1"})


def concerns(arguments: list[str]) -> bool:
    """Whether a command reads content and does without the network."""
    places = (*arguments, os.environ.get("REPORT_BUILD_CACHE", ""))
    return arguments[:1] in CONTENT and not any(NETWORK.match(place) for place in places)


def _flags() -> list[str]:
    given = [f"-W{option}" for option in sys.warnoptions]
    return [
        *given,
        *(
            f"-X{name}={value}" if value is not True else f"-X{name}"
            for name, value in sys._xoptions.items()
        ),
    ]


def confine(memory: int) -> None:
    """Give this process its limits: `memory` in MiB, no network, no core files.

    It ends with the process that it was forked from.
    """
    for name in os.environ.keys() - ENVIRONMENT:
        del os.environ[name]
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    limit(memory)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    leave_network(libc)


def limit(memory: int) -> None:
    """Allow this process and those that it starts so many MiB of memory of their own."""
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = memory * MIB
    wanted = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
    resource.setrlimit(resource.RLIMIT_DATA, (wanted, most))


_begun: list[bool] = []


def begin(arguments: list[str]) -> None:
    """Confine this process, which is a command's alone and reads content."""
    if concerns(arguments):
        leave_network()
    _begun.append(True)


def allow(memory: int) -> None:
    """Let a command's process have so many MiB; one that is not its alone keeps what it has."""
    if _begun:
        limit(memory)


def leave_network(libc: ctypes.CDLL | None = None) -> None:
    """Go where there is no network, if the system allows that."""
    libc = libc or ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) == 0:
        return
    user, group = os.geteuid(), os.getegid()
    if user == 0 or libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0:
        return
    maps = {"setgroups": "deny", "uid_map": f"{user} {user} 1", "gid_map": f"{group} {group} 1"}
    for name, line in maps.items():
        Path("/proc/self", name).write_text(line)
