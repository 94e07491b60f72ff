"""What stands before and after the text of an edition?

The parts are made by templates in `templates/parts` and become nodes of the same tree, so that
all formats print the same of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from report_build import nodes as n
from report_build.bibliography import cited
from report_build.document import Document, once
from report_build.labels import Labels
from report_build.ledger import number_and_unit
from report_build.numbering import Number
from report_build.pandoc import Pandoc
from report_build.parsing import slug
from report_build.resolve import Resolved
from report_build.templates import Templates
from report_build.wording import WORDLESS, number_words


@dataclass(frozen=True)
class Surroundings:
    """What the parts around the text are made from."""

    key_figures: tuple[Mapping[str, Any], ...]
    elsewhere: tuple[tuple[str, str], ...]
    """Sections of the full edition that name the audience: id, and number in words."""
    abbreviations: tuple[tuple[str, str], ...]
    full: str
    """The path of the full edition, without its suffix; empty if there is none."""
    concordance: tuple[tuple[str, str, str], ...] = ()
    """Where an edition has numbers of its own beside the master's: id, own and master's number."""
    marking: tuple[str, tuple[str, ...]] = ("", ())
    """The highest mark of its blocks, and which ones have it, in words."""


def surroundings(resolved: Resolved, labels: Labels, full: str) -> Surroundings:
    """What an edition has around its text."""
    document = resolved.document
    front = document.front
    return Surroundings(
        key_figures=tuple(_key_figures(document, resolved.numbers, labels)),
        elsewhere=tuple(_elsewhere(document, resolved.numbers, labels)),
        abbreviations=tuple(
            (short, front.abbreviations[short]) for short in resolved.abbreviations
        ),
        full=full,
        concordance=tuple(_concordance(resolved, labels)),
        marking=_marking(resolved, labels),
    )


def _marking(resolved: Resolved, labels: Labels) -> tuple[str, tuple[str, ...]]:
    mark, names = resolved.marking
    known = [number_words(x, resolved.own, labels) for x in names if x in resolved.own]
    return mark, tuple(known or ([labels("whole-document")] if mark else []))


def _concordance(resolved: Resolved, labels: Labels) -> Iterator[tuple[str, str, str]]:
    edition, document = resolved.document.edition, resolved.document
    if not edition or edition.numbering != "both":
        return
    for anchor in document.anchors:
        own, full = resolved.own.get(anchor.id), resolved.numbers.get(anchor.id)
        if own and full and own.kind not in ("note", "item"):
            here = own.text if own.kind in WORDLESS else f"{labels.noun(own.kind)} {own.text}"
            yield anchor.id, here, number_words(anchor.id, resolved.numbers, labels)


def compose(
    document: Document,
    around: Surroundings,
    templates: Templates,
    labels: Labels,
    pandoc: Pandoc,
    full_pages: Mapping[str, int],
) -> Document:
    """The document with its parts; `full_pages` are pages of the full edition's PDF, if printed."""
    edition = document.edition
    assert edition
    document = cited(document, labels, pandoc)
    link = f"{around.full}.html" if around.full else ""
    context = {
        "labels": labels,
        "front": document.front,
        "edition": edition,
        "key_figures": around.key_figures,
        "elsewhere": [
            {"words": words, "page": full_pages.get(name), "href": link and f"{link}#{slug(words)}"}
            for name, words in around.elsewhere
        ],
        "abbreviations": around.abbreviations,
        "concordance": around.concordance,
        "marking": around.marking,
        "full": {"href": link, "title": document.front.title},
        "url": "",
    }
    before = pandoc.html(templates.render("parts/before.html.j2", **context))
    after = pandoc.html(templates.render("parts/after.html.j2", **context))
    return replace(document, blocks=(*before, *document.blocks, *after))


def _key_figures(
    document: Document, numbers: Mapping[str, Number], labels: Labels
) -> Iterator[Mapping[str, Any]]:
    edition, front = document.edition, document.front
    if not edition or edition.is_full:
        return
    for figure in front.figures.values():
        if edition.audience in front.expand(figure.country):
            value, unit = number_and_unit(figure, labels)
            yield {
                "label": figure.label,
                "value": value,
                "unit": unit,
                "qualifier": labels(f"qualifier-{figure.qualifier}") if figure.qualifier else "",
                "year": figure.year,
                "source": _source(figure.source, document, numbers, labels),
            }


def _source(
    source: str, document: Document, numbers: Mapping[str, Number], labels: Labels
) -> Mapping[str, str]:
    if not source.startswith("@"):
        return {"words": source, "id": ""}
    target = source[1:]
    shown = target in document.anchor
    return {
        "words": number_words(target, numbers, labels) if target in numbers else "",
        "id": target if shown else "",
    }


def _elsewhere(
    document: Document, numbers: Mapping[str, Number], labels: Labels
) -> Iterator[tuple[str, str]]:
    """Sections that the edition leaves out and whose own text names its audience."""
    edition, master = document.edition, document.master
    if not edition or edition.is_full or not master:
        return
    declared = document.front.audiences[edition.audience]
    names = {edition.name, *declared.names}
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in sorted(names)))
    for heading, text in _sections(master):
        target = heading.attr.id
        wanted = target in numbers and not master.anchor[target].reserved
        if wanted and target not in document.anchor and pattern.search(text):
            yield target, number_words(target, numbers, labels)


@once
def _sections(master: Document) -> Sequence[tuple[n.Header, str]]:
    """Each heading with the words of its section down to the next heading."""
    found: list[tuple[n.Header, list[str]]] = []
    for block in master.blocks:
        if isinstance(block, n.Header):
            found.append((block, []))
        elif found:
            found[-1][1].append(n.plain(block, notes=True))
    return [(heading, " ".join(texts)) for heading, texts in found]
