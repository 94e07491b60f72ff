"""How much memory does a worker have after 25 documents, and after 200?

python -m bench.memory PROJECT: one worker makes the handouts of a master with many countries.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

from report_build import forks, masters, workshop
from report_build.schedule import Prepared, Wish, Workshop
from report_build.timings import Trace

STEPS = (25, 200)


def made(job: workshop.Job) -> float:
    """MiB of the process that made a file."""
    found = workshop.make_and_tidy(job)
    assert not found.failures, found.failures
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


def main(project: Path) -> None:
    """Print the MiB after so many documents, in a line."""
    os.chdir(project)
    (found, *_), settings = masters.checked()
    work = Workshop(Prepared(found, settings), settings, None, Wish(), lambda *_: None, Trace())
    handouts = [one for one in work.wanted if not one.edition.is_full and one.form != "docx"]
    forks.ahead()
    with ProcessPoolExecutor(1, multiprocessing.get_context("forkserver")) as worker:
        for count, one in enumerate(handouts[: max(STEPS)], 1):
            job = replace(work._job(one), identifier=str(count))
            mib = worker.submit(made, job).result()
            if count in STEPS:
                print(f"{mib:.0f}", end=" ", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
