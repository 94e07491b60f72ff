"""Which proofs are there? Each opens the finished file and says what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from report_build.document import Document
from report_build.proofs import disclosure, links
from report_build.proofs.opened import Opened, opened
from report_build.proofs.subject import Subject


@dataclass(frozen=True)
class Failure:
    """What a finished file does wrong, and where in the source that comes from."""

    check: str
    message: str
    at: tuple[int, int] | None = None


Proof = Callable[[Opened, Subject], Iterable[tuple[str, tuple[int, int] | None]]]
PROOFS: Mapping[str, Proof] = {"links": links.prove, "disclosure": disclosure.prove}


def subject(document: Document) -> Subject:
    """What is to be proved of every file of an edition, which was extracted from its master."""
    master = document.master or document
    return Subject(
        *disclosure.withheld(document), {anchor.id: anchor.at for anchor in master.anchors}
    )


def prove(form: str, content: bytes, about: Subject) -> Iterator[Failure]:
    """All that the proofs find in the finished file of an edition."""
    file = opened(form, content)
    for name, proof in PROOFS.items():
        for message, at in proof(file, about):
            yield Failure(name, message, at)
