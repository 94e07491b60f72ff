"""Is anything in the finished file that the edition withholds?

A withheld block is betrayed by eight of its words in a row, by its id, or by its whole title,
unless the same stands in what the edition includes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache

from report_build import nodes as n
from report_build.document import Document, offsets
from report_build.locate import AT
from report_build.proofs.opened import Opened
from report_build.proofs.subject import Run, Subject

RUN = 8


def prove(file: Opened, about: Subject) -> Iterator[tuple[str, tuple[int, int] | None]]:
    """Runs of words and ids of withheld blocks that the file holds."""
    met = set(_runs(" ".join(file.texts)))
    for run in sorted(met & about.runs.keys()):
        yield f"words that this edition withholds: “{' '.join(run)}”", about.runs[run]
    names = {name.rpartition("#")[2] for name in file.names}
    for name in sorted(names & about.ids):
        yield f"the id “{name}” of a withheld block", about.at.get(name)


def withheld(document: Document) -> tuple[Mapping[Run, tuple[int, int]], frozenset[str]]:
    """What the master has and the edition has not: runs of words with their block, and ids."""
    master = document.master
    if not master:
        return {}, frozenset()
    shown = {run for run, _ in _all_runs(document.blocks)} | _front_runs(document)
    runs = {run: at for run, at in _all_runs(master.blocks) if run not in shown}
    ids = frozenset(anchor.id for anchor in master.anchors if anchor.authored)
    return runs, ids - document.anchor.keys()


def _front_runs(document: Document) -> frozenset[Run]:
    """What the edition may say from the front matter: its own figures, title, event."""
    front, edition = document.front, document.edition
    texts = [front.title, front.subtitle, front.description, *front.abbreviations.values()]
    texts += [
        figure.label
        for figure in front.figures.values()
        if edition and edition.audience in front.expand(figure.country)
    ]
    return frozenset(run for text in texts for run in _runs(text))


def _all_runs(blocks: n.Blocks) -> Iterator[tuple[Run, tuple[int, int]]]:
    """The runs of each paragraph, cell, caption, heading and alternative text."""
    at = (0, 0)
    for node in n.walk(blocks):
        attr = getattr(node, "attr", n.NO_ATTR)
        if isinstance(node, n.Header | n.Div | n.Table | n.Figure) and attr.get(AT):
            at = offsets(attr)
        for text in _texts(node):
            yield from ((run, at) for run in _block_runs(text))


def _texts(node: object) -> Iterator[str]:
    match node:
        case n.Para(c=inlines) | n.Plain(c=inlines) | n.Header(c=(_, _, inlines)):
            yield n.plain(inlines)
        case n.CodeBlock(c=(_, code)):
            yield code
    yield getattr(node, "attr", n.NO_ATTR).get("alt")


@lru_cache(maxsize=20_000)
def _block_runs(text: str) -> frozenset[Run]:
    return frozenset(_runs(text))


def _runs(text: str) -> Iterator[Run]:
    words = _words(text)
    for start in range(len(words) - RUN + 1):
        yield tuple(words[start : start + RUN])


def _words(text: str) -> list[str]:
    # a hyphen at a line's end is the layout's; it joins what it cut
    joined = re.sub(r"(?<=\w)[-\u00ad\ufffe\x02]\r?\n(?=\w)", "", text)
    folded = unicodedata.normalize("NFKD", joined.casefold())
    return re.findall(r"\w+", "".join(c for c in folded if not unicodedata.combining(c)))
