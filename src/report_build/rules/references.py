"""Do all references lead somewhere, and to one place only?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from report_build import nodes as n
from report_build.diagnostics import Severity, did_you_mean
from report_build.document import OTHER, Document, Reference, elsewhere, implies, meant
from report_build.parsing import SLUGS
from report_build.shorthands import bracketed, titles_of
from report_build.validation import Finding, rule


@rule(Severity.ERROR, of="master")
def undefined_reference(document: Document) -> Iterator[Finding]:
    """A reference names an id that nothing in the master has.

    In an edition, a reference to what the edition leaves out is no mistake: see
    `filtered-reference`.

    Bad:
        See @d2-s2-hondruas.

    Bad:
        See [the closing session](#closng).

    Good:
        # Honduras {#d2-s2-honduras}

        See @d2-s2-honduras and [that section](#d2-s2-honduras).
    """
    for reference in document.references:
        target = target_of(document, reference)
        if target in document.anchor:
            continue
        other = elsewhere(target, document.others)
        if not other:
            name, hint = f"“{reference.target}”", _meaning(document, reference.target)
            yield Finding(reference.at, f"no anchor {name}", hint)
        elif other[1] not in other[0].anchor:
            hint = did_you_mean(other[1], other[0].anchor)
            yield Finding(reference.at, f"no anchor “{other[1]}” in {other[0].source.path}", hint)


def _meaning(document: Document, target: str) -> str:
    """What may have been meant by an id that is not there."""
    if work := did_you_mean(target, document.bibliography):
        return work
    other = OTHER.fullmatch(target)
    if other and other[1] not in document.others and target not in document.anchor:
        beside = did_you_mean(other[1], document.others)
        return beside or f"there is no master {other[1]}.md beside this one that could be read"
    for name, made in SLUGS.items():
        if name != document.front.ids and any(
            made(anchor.title) == target for anchor in document.anchors if anchor.level
        ):
            return f"set “ids: {name}” in the front matter for ids like this one"
    return did_you_mean(target, document.anchor)


@rule(Severity.WARNING, of="master")
def ambiguous_reference(document: Document) -> Iterator[Finding]:
    """A title in brackets could refer to several headings, so it refers to none.

    A title in brackets is a reference to the heading that has it. Where several have it, give
    the one that is meant an id, and refer to that.

    Bad:
        # Guatemala

        ## Recommendations

        For Guatemala.

        # Honduras

        ## Recommendations

        For Honduras. See also [Recommendations].

    Good:
        # Guatemala

        ## Recommendations {#rec-guatemala}

        For Guatemala. See also [Honduras].

        # Honduras

        ## Recommendations {#rec-honduras}

        For Honduras. See also @rec-guatemala.
    """
    titles = {key: names for key, names in titles_of(document.blocks).items() if len(names) > 1}

    def visit(nodes: Any) -> Any:
        for one in bracketed(nodes, titles) if isinstance(nodes[0], n.Inline) else ():
            at = document.words.get(id(nodes[one.start]), 0)
            where = (document.place(document.anchor[name].at) for name in titles[one.title])
            lines = " and ".join(f"{place.file}:{place.line}" for place in where)
            words = n.plain(one.words)
            found.append(
                Finding(
                    (at, at + len(words)),
                    f"“{words}” is the title of several headings: {lines}",
                    "give the one that is meant an id, and refer to that",
                )
            )
        for node in nodes:
            n.descend(node, visit)
        return nodes

    found: list[Finding] = []
    if titles and any("[" in word.c for word in n.words(document.blocks)):
        visit(document.blocks)
    yield from found


@rule(Severity.ERROR, of="master")
def reserved_reference(document: Document) -> Iterator[Finding]:
    """Text for others refers to a block that `only=` reserves, so not even the full edition has it.

    Say what is to become of it where it cannot lead anywhere: `{on-filtered=text}` for words,
    `{on-filtered=omit}` for nothing.

    Bad:
        # Findings

        As @annex shows.

        # Annex {#annex only="hnd"}

        For Honduras alone.

    Good:
        # Findings

        All is well [(see @annex)]{on-filtered=omit}.

        # Annex {#annex only="hnd"}

        For Honduras alone.
    """
    for reference in document.references:
        anchor = document.anchor.get(target_of(document, reference))
        if not anchor or not anchor.reserved or reference.on_filtered:
            continue
        if not implies(reference.when, anchor.when, document.front):
            hint = "say what becomes of it there: [@id]{on-filtered=text} or {on-filtered=omit}"
            yield Finding(reference.at, f"“{anchor.id}” is reserved to {anchor.when}", hint)


@rule(Severity.ERROR, of="master")
def duplicate_anchor(document: Document) -> Iterator[Finding]:
    """Two places have the same id, so that a reference to it could mean either.

    Bad:
        # Threats in the north {#threats}

        One.

        # Threats in the south {#threats}

        Two.

    Good:
        # Threats in the north {#threats-north}

        One.

        # Threats in the south {#threats-south}

        Two.
    """
    for anchor in document.anchors:
        first = document.anchor[anchor.id]
        if first is not anchor and anchor.kind != "note":  # a note has an anchor at each call
            place = document.place(first.at)
            hint = f"it stands first in {place.file}:{place.line}"
            yield Finding(anchor.at, f"the id “{anchor.id}” is given twice", hint)


@rule(Severity.INFO, of="master")
def unused_anchor(document: Document) -> Iterator[Finding]:
    """An id was given to a block or to words, but nothing refers to it.

    Headings are left alone: their ids are for links from outside.

    Bad:
        ::: {#aside}
        Words.
        :::

    Good:
        ::: {#aside}
        Words.
        :::

        See [above](#aside).
    """
    referred = {target_of(document, reference) for reference in document.references}
    for anchor in document.anchors:
        wanted = anchor.kind in ("block", "item", "equation") and anchor.authored
        if wanted and anchor.id not in referred:
            yield Finding(anchor.at, f"nothing refers to “{anchor.id}”")


@rule(Severity.INFO, of="edition")
def filtered_reference(document: Document) -> Iterator[Finding]:
    """A reference leads to what this edition leaves out, so it becomes words.

    That is a decision and no mistake. What stands in its place is set by `on-filtered`:
    `text` (words and the master's number), `external` (a link to the full edition), `omit`
    or `error`.

    Bad:
        # Guatemala {audience="gtm"}

        As described in @honduras.

        # Honduras {#honduras audience="hnd"}

        Words.

    Good:
        # Guatemala {audience="gtm hnd"}

        As described in @honduras.

        # Honduras {#honduras audience="gtm hnd"}

        Words.
    """
    for reference in _filtered(document):
        yield Finding(reference.at, f"“{reference.target}” is not in this edition")


@rule(Severity.ERROR, of="edition")
def refused_reference(document: Document) -> Iterator[Finding]:
    """A reference leads to what this edition leaves out, and `on-filtered: error` forbids that.

    Bad:
        ---
        on-filtered: error
        ---

        # Guatemala {audience="gtm"}

        As described in @honduras.

        # Honduras {#honduras audience="hnd"}

        Words.

    Good:
        # Guatemala {audience="gtm"}

        As described in @honduras.

        # Honduras {#honduras audience="hnd"}

        Words.
    """
    if not document.edition:
        return
    for reference in _filtered(document):
        if (reference.on_filtered or document.edition.on_filtered) == "error":
            hint = "tag both for the same audiences, or set on-filtered"
            yield Finding(reference.at, f"“{reference.target}” is not in this edition", hint)


def _filtered(document: Document) -> Iterator[Reference]:
    master = document.master or document
    for reference in document.references:
        target = target_of(master, reference)
        if target in master.anchor and target not in document.anchor:
            yield reference


def target_of(document: Document, reference: Reference) -> str:
    """The id that is meant."""
    return meant(reference.target, document.anchor)
