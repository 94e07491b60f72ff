"""From which process are workers forked? Of what is imported here nothing takes long.

A command that makes files starts it at once (`ahead`): it loads what all workers need
(`preload`) while masters are read.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import forkserver

from report_build import confinement


def ahead() -> None:
    """Start the process, if it does not run yet."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["report_build.preload"])
    with _bare():
        forkserver.ensure_running()


@contextmanager
def _bare() -> Iterator[None]:
    """With no environment but what workers need, since they see the texts of others.

    What libraries in C print on their standard error is of no use to anybody.
    """
    before = dict(os.environ)
    for name in before.keys() - confinement.ENVIRONMENT:
        del os.environ[name]
    told, nothing = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 2)
    try:
        yield
    finally:
        os.dup2(told, 2)
        os.close(told)
        os.close(nothing)
        os.environ.update(before)
