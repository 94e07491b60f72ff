"""How much may work on content take? Processes that see content get no more than this."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
from pathlib import Path

MIB = 1 << 20
MEMORY = 3_000 * MIB
"""Bytes that a process may have of its own."""
ENVIRONMENT = frozenset({
    "PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "LD_LIBRARY_PATH", "TERM",
    "FONTCONFIG_FILE", "PYTHONPATH", "PYTHONHASHSEED", "PYTHONDONTWRITEBYTECODE",
    "PYTHONWARNINGS", "VIRTUAL_ENV",
})  # fmt: skip
"""All of the environment that a process with content gets to see."""
PR_SET_PDEATHSIG = 1
CLONE_NEWNET, CLONE_NEWUSER = 0x40000000, 0x10000000


def confine() -> None:
    """Give this process its limits: memory, no network where the system allows it, no core files.

    It ends with the process that it was forked from.
    """
    for name in os.environ.keys() - ENVIRONMENT:
        del os.environ[name]
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    memory = MEMORY if most == resource.RLIM_INFINITY else min(MEMORY, most)
    resource.setrlimit(resource.RLIMIT_DATA, (memory, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _leave_network(libc)


def _leave_network(libc: ctypes.CDLL) -> None:
    """A network namespace of its own, in which there is nothing; not every system allows it."""
    if libc.unshare(CLONE_NEWNET) == 0:
        return
    user, group = os.geteuid(), os.getegid()
    if user == 0 or libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0:
        return
    for name, line in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):  # fmt: skip
        Path("/proc/self", name).write_text(line)
