"""Which proofs are there? Each opens the finished file and says what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from report_build.document import Document, meant
from report_build.labels import Labels
from report_build.proofs import disclosure, links, numbers, traces
from report_build.proofs.opened import Opened, opened
from report_build.proofs.subject import At, Subject


@dataclass(frozen=True)
class Failure:
    """What a finished file does wrong, and where in the source that comes from."""

    check: str
    message: str
    at: At | None = None
    words: str = ""
    """Words of the author's, where only they say what place is meant."""
    hint: str = ""


Proof = Callable[[Opened, Subject], Iterable[tuple[str, At | None]]]
PARITY = "parity"
"""The proof that needs the composed document (`parity`), so that only a build can make it."""
PROOFS: Mapping[str, Proof] = {
    "links": links.prove,
    "numbers": numbers.prove,
    "disclosure": disclosure.prove,
    "traces": traces.prove,
}


def subject(document: Document, labels: Labels) -> Subject:
    """What is to be proved of every file of an edition, which was extracted from its master."""
    master = document.master or document
    withheld, shown, ids = disclosure.withheld(document, labels)
    cited = {
        meant(reference.target, master.anchor): reference.at
        for reference in reversed(document.references)
    }
    date = document.front.day
    return Subject(
        withheld=withheld,
        shown=shown,
        ids=ids,
        at={anchor.id: anchor.at for anchor in master.anchors},
        cited=cited,
        date=date.isoformat() if date else "",
        said=frozenset(match[0] for match in traces.PATH.finditer(master.source.text)),
        page_word=labels("page", page="").strip(),
        nouns=frozenset(labels.all_nouns),
    )


def prove(form: str, content: bytes, about: Subject) -> Iterator[Failure]:
    """All that the proofs find in the finished file of an edition."""
    file = opened(form, content)
    for name, proof in PROOFS.items():
        for message, at in dict.fromkeys(proof(file, about)):
            yield Failure(name, message, at)
