"""What does a master look like while it is written? Pages that follow each change.

`watch` looks for changes, `session` reads and renders, `server` answers browsers of this machine.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from report_build.preview.server import serving
from report_build.preview.session import Session, states

YOUNG = 50_000
"""Objects made before the collector looks at the young ones: each change makes many that stay."""
EVERY = 0.03
"""Seconds between two looks at the files."""


def preview(
    project: Path,
    masters: Sequence[Path],
    port: int,
    stop: threading.Event,
    told: Callable[[str], None],
) -> None:
    """Serve a project until it is stopped; tells the address as soon as there is something to see."""
    session = Session(project, masters)
    known = states(project)
    session.begin()
    gc.freeze()
    gc.set_threshold(YOUNG)
    with serving(session, port) as server:
        told(server.address)
        while not stop.wait(EVERY):
            now = states(project)
            changed = {
                path for path in now.keys() | known.keys() if now.get(path) != known.get(path)
            }
            known = now
            if changed:
                session.changed(frozenset(changed))
