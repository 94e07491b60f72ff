"""What does `report-build` do first? It asks whether there is anything to do.

All else is loaded only then: a build with nothing to do takes hardly longer than Python's start.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys

from report_build import freshness

YOUNG = 200_000
"""Objects made before the collector looks at the young ones: trees of documents stay."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command; gives the exit code."""
    asked = sys.argv[1:] if arguments is None else list(arguments)
    said = freshness.told(asked)
    if said is not None:
        if said:
            print(said, file=sys.stderr)
        return 0
    if arguments is None:
        _begin(asked)
    from report_build.command import run

    status = run(asked)
    if arguments is None:
        _end(status)
    return status


def _begin(asked: list[str]) -> None:
    """Confine a command that reads content, and start what takes long to be there."""
    from report_build import confinement

    if asked[:1] not in confinement.CONTENT:
        return
    confinement.start_anew(asked)
    confinement.begin(asked)
    gc.set_threshold(YOUNG)
    from report_build import pandoc_process

    pandoc_process.ahead()
    if asked[:1] == ["build"] and not any(one.partition("=")[0] in ELSEWHERE for one in asked):
        from report_build import forks, machine

        if not machine.missing_packages():
            forks.ahead()


def _end(status: int) -> None:
    """End at once: the system takes a tree back faster than Python frees it node by node.

    If something cannot be written, Python ends as it always does, and tells that.
    """
    atexit._run_exitfuncs()
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream:  # it may be closed from the start
                stream.flush()
    except (OSError, ValueError):
        return
    os._exit(status)


ELSEWHERE = frozenset({"--dry-run", "--dask", "--help", "-h"})
"""Options of a build that has no workers of this machine's."""
