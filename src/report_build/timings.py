"""When was what done, and by which process? A trace that Perfetto or Chrome opens.

Trace Event Format: https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

MICROSECONDS = 1_000_000


class Trace:
    """Spans of time, in the order in which they ended."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []

    def note(self, name: str, began: float, seconds: float, worker: int) -> None:
        """What a process did; `began` is seconds of the clock."""
        start, long = round(began * MICROSECONDS), round(seconds * MICROSECONDS)
        self.events.append(
            {"name": name, "ph": "X", "ts": start, "dur": long, "pid": worker, "tid": worker}
        )

    @contextmanager
    def span(self, name: str) -> Iterator[None]:
        """What this process does."""
        began, start = time.time(), time.monotonic()
        yield
        self.note(name, began, time.monotonic() - start, os.getpid())

    def write(self, path: Path) -> None:
        """The trace as a file."""
        names = {
            event["pid"]: "report-build" if event["pid"] == os.getpid() else "worker"
            for event in self.events
        }
        said = [
            {"name": "process_name", "ph": "M", "pid": pid, "args": {"name": name}}
            for pid, name in names.items()
        ]
        path.write_text(json.dumps({"traceEvents": [*said, *self.events]}), "utf-8")
