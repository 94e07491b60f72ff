"""Does every link, field and outline entry of the finished file land?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from report_build.proofs.opened import Opened
from report_build.proofs.subject import At, Subject, place_of


def prove(file: Opened, about: Subject) -> Iterator[tuple[str, At | None]]:
    """Links without target, targets that are there twice, notes without call, calls without note."""
    count = Counter(file.targets)
    for link in sorted({link.target for link in file.links} - set(count)):
        yield f"a link leads to “{link}”, which is not there", place_of(link, about)
    for target, times in sorted(count.items()):
        if times > 1:
            yield f"the target “{target}” is there {times} times", place_of(target, about)
    for message, target in file.broken:
        yield message, place_of(target, about)
    notes, called = Counter(file.notes), {target for _, target in file.calls}
    for _, target in file.calls:
        if target not in notes:
            yield f"a call leads to the note “{target}”, which is not there", None
    for note in sorted(set(notes) - called):
        yield f"nothing calls the note “{note}”", None
