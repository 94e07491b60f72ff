"""Who makes the files? Processes of this machine, or the workers of a Dask cluster.

A process that dies takes no other file with it: what was being made is made again, one at a time,
and what then ends its process once more has failed, alone.
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import threading
from collections.abc import Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from typing import Any

from report_build import confinement, forks, remote
from report_build.diagnostics import MachineError
from report_build.limits import LIMITS
from report_build.proofs import Failure
from report_build.workshop import Job, Made, make_and_tidy

Name = tuple[str, ...]
KILLED = "the process that made it was ended by the system; is there enough memory?"


class Workers:
    """Jobs go in by a name, files come out. Use it as a context manager."""

    def __init__(
        self,
        count: int,
        dask: str = "",
        executor: Executor | None = None,
        memory: int = LIMITS.memory,
    ) -> None:
        self.count, self.dask, self.memory, self._executor = count, dask, memory, executor
        self._client: Any = None
        self._running: dict[Future[Made], tuple[Name, Job]] = {}
        self._suspects: list[tuple[Name, Job]] = []
        self._alone = False

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *error: object) -> None:
        self._stop(cancel=error[0] is not None)
        if self._client:
            self._client.close()

    @property
    def names(self) -> frozenset[Name]:
        """What is being made."""
        return frozenset(name for name, _ in (*self._running.values(), *self._suspects))

    def submit(self, name: Name, job: Job) -> None:
        """Have a file made; one and the same name only once at a time."""
        try:
            future = self._ready().submit(*self._task(job))
        except BrokenExecutor:
            self._suspects.append((name, job))
        else:
            self._running[future] = name, job

    def finished(self) -> Iterator[tuple[Name, Made]]:
        """Wait for at least one file, and give those that are done."""
        if not self._running:
            self._alone = True
            self._stop()
            self.submit(*self._suspects.pop())
        done, _ = wait(self._running, return_when=FIRST_COMPLETED)
        for future in done:
            name, job = self._running.pop(future)
            error = future.exception()
            if error is None:
                yield name, future.result()
            elif not _is_death(error):
                raise error
            elif self._alone or self.dask:  # a cluster has tried it elsewhere already
                yield name, Made(b"", {}, 0, (Failure("rendering", KILLED),), 0.0)
            else:
                self._suspects.append((name, job))
        self._alone = self._alone and bool(self._running)

    def _ready(self) -> Executor:
        if not self._executor and self.dask:
            self._client, self._executor = remote.connect(self.dask)
        elif not self._executor:
            forks.ahead()
            context = multiprocessing.get_context("forkserver")
            self._executor = ProcessPoolExecutor(
                self.count, context, initializer=_begin, initargs=(self.memory,)
            )
        return self._executor

    def _task(self, job: Job) -> tuple[Any, ...]:
        return (remote.make, remote.parcel(job)) if self.dask else (make_and_tidy, job)

    def _stop(self, cancel: bool = False) -> None:
        executor, self._executor = self._executor, None
        if executor and not self.dask:
            executor.shutdown(cancel_futures=cancel)


def _begin(memory: int) -> None:
    """What a worker does first: it takes its limits, and sees to it that it ends with the build."""
    confinement.confine(memory)
    threading.Thread(target=_end_with_the_build, daemon=True).start()


def _end_with_the_build() -> None:
    """A worker holds an end of all pipes to it, and would wait for a build that was killed."""
    build = multiprocessing.parent_process()
    if build:
        multiprocessing.connection.wait([build.sentinel])
        os._exit(1)


def _is_death(error: BaseException) -> bool:
    return isinstance(error, BrokenExecutor) or type(error).__name__ == "KilledWorker"


def count(text: str) -> int:
    """How many workers `-j` asks for: a number, or “auto” for one a core."""
    if text == "auto":
        return len(os.sched_getaffinity(0))
    if not text.isdigit() or not int(text):
        raise MachineError(f"-j takes a number or “auto”, not “{text}”")
    return int(text)
