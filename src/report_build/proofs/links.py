"""Does every link, field and outline entry of the finished file land?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from report_build.proofs.opened import Opened
from report_build.proofs.subject import Subject


def prove(file: Opened, about: Subject) -> Iterator[tuple[str, tuple[int, int] | None]]:
    """Links without target, and targets that are there twice."""
    count = Counter(file.targets)
    for link in sorted(set(file.links) - set(count)):
        at = about.at.get(link.rpartition("#")[2])
        yield f"a link leads to “{link}”, which is not there", at
    for target, times in sorted(count.items()):
        if times > 1:
            at = about.at.get(target.rpartition("#")[2])
            yield f"the target “{target}” is there {times} times", at
