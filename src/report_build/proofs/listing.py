"""Do the lists of all that was made tell nothing of what only some may read?

The page that lists the editions and the manifest stand beside them for everybody, so they are
held against everything that any edition withholds.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator

from report_build.document import Document
from report_build.labels import Labels
from report_build.proofs.disclosure import met, prove, withheld
from report_build.proofs.opened import Opened
from report_build.proofs.subject import At, Subject

NO_WORDS = re.compile(r"<[^>]*>|\b[0-9a-f]{32,}\b|data:font/[\w.+-]+;base64,[\w+/=]+")
"""Tags, digests, and fonts."""


def prove_lists(
    texts: Iterable[str], editions: Iterable[Document], labels: Callable[[str], Labels]
) -> Iterator[tuple[str, At | None]]:
    """Runs of words that an edition of a master withholds and that the lists hold."""
    lists = tuple(html.unescape(NO_WORDS.sub(" ", text)) for text in texts)
    told: dict[tuple[str, At | None], None] = {}
    documents = list(editions)
    masters = {id(one): one for one in (x.master or x for x in documents)}
    said = met(lists, masters.values())
    for document in documents:
        kept, shown, _ = withheld(document, labels(document.lang), said)
        if kept:
            told |= dict.fromkeys(prove(Opened((), (), lists, ()), Subject(kept, shown)))
    return iter(told)
