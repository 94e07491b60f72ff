"""Does a translation say to the same readers what its original says?

`report.es.md` is paired with `report.md` by ids: of sections, blocks, tables and figures. What stands
between two of them is compared by what needs no knowledge of languages: references, figures of
the ledger, notes, the sizes of tables, and markings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from report_build import nodes as n
from report_build.diagnostics import Severity, did_you_mean
from report_build.document import Anchor, Document, implies, offsets, once
from report_build.validation import Finding, rule

START = ""
"""The stretch before the first id."""


@rule(Severity.WARNING, of="master")
def untranslated_block(document: Document) -> Iterator[Finding]:
    """A section, block, table or figure of the original is missing in its translation.

    It is told where it should stand: at what stands before it.

    Bad:
        # One {#one}

        # Two {#two}
        %%% es
        # Uno {#one}

    Good:
        # One {#one}
        %%% es
        # Uno {#one}
    """
    original = document.original
    before = (0, 1)
    for anchor in _paired(original) if original else ():
        if anchor.id in document.anchor:
            before = document.anchor[anchor.id].at
        else:
            assert original
            spare = [x.id for x in _paired(document) if x.id not in original.anchor]
            message = f"“{anchor.id}” of the original ({_line(original, anchor)}) is not here"
            yield Finding(before, message, did_you_mean(anchor.id, spare))


@rule(Severity.WARNING, of="master")
def block_of_translation_alone(document: Document) -> Iterator[Finding]:
    """A section, block, table or figure of a translation is not in its original.

    Bad:
        # One {#one}
        %%% es
        # Uno {#one}

        # Dos {#two}

    Good:
        # One {#one}
        %%% es
        # Uno {#one}
    """
    original = document.original
    for anchor in _paired(document) if original else ():
        assert original
        if anchor.id not in original.anchor:
            yield Finding(anchor.at, f"“{anchor.id}” is not in the original")


@rule(Severity.ERROR, of="master")
def audience_of_translation(document: Document) -> Iterator[Finding]:
    """A block is for others in the translation than in the original.

    Bad:
        # One {#one audience="hnd"}
        %%% es
        # Uno {#one}

    Good:
        # One {#one audience="hnd"}
        %%% es
        # Uno {#one audience="hnd"}
    """
    for here, there, original in _pairs(document):
        same = implies(here.when, there.when, document.front) and implies(
            there.when, here.when, document.front
        )
        if not same or here.reserved != there.reserved:
            reserved = ", which keeps it from the full edition" if there.reserved else ""
            message = f"“{here.id}” is for {here.when} here, but in the original for {there.when}"
            yield Finding(here.at, message + reserved, f"compare {_line(original, there)}")


@rule(Severity.WARNING, of="master")
def content_of_translation(document: Document) -> Iterator[Finding]:
    """References, figures, notes, tables or markings differ between a translation and its original.

    They are counted from one id to the next.

    Bad:
        # One {#one}

        See @one. It is so.[^a]

        [^a]: A note.
        %%% es
        # Uno {#one}

        Es así.

    Good:
        # One {#one}

        See @one.
        %%% es
        # Uno {#one}

        Véase @one.
    """
    if not document.original:
        return
    here, there = stretches(document), stretches(document.original)
    for name, mine in here.items():
        theirs = there.get(name)
        if theirs is None:
            continue
        for kind, (own, other) in mine.compared(theirs).items():
            parts = [f"{_listed(other - own)} missing" if other - own else "",
                     f"{_listed(own - other)} not in the original" if own - other else ""]  # fmt: skip
            at = document.anchor[name].at if name in document.anchor else (0, 1)
            yield Finding(at, f"{kind} after “{name}” differ: " + "; ".join(filter(None, parts)))


# ------------------------------------------------------------------------ what is compared


@dataclass
class Stretch:
    """What stands from one paired id to the next."""

    references: Counter[str] = field(default_factory=Counter)
    figures: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    tables: Counter[str] = field(default_factory=Counter)
    markings: Counter[str] = field(default_factory=Counter)

    def compared(self, other: Stretch) -> dict[str, tuple[Counter[str], Counter[str]]]:
        """The kinds that differ, with both counts."""
        kinds = ("references", "figures", "notes", "tables", "markings")
        pairs = {kind: (getattr(self, kind), getattr(other, kind)) for kind in kinds}
        return {kind: pair for kind, pair in pairs.items() if pair[0] != pair[1]}


@once
def stretches(document: Document) -> dict[str, Stretch]:
    """All stretches of a document by the id that they begin with."""
    paired = {anchor.id for anchor in _paired(document)}
    found = {START: Stretch()}
    places = [(0, START)]
    now = START
    for node in document.walked:
        attr = getattr(node, "attr", n.NO_ATTR)
        if attr.id in paired and attr.id not in found:
            now = attr.id
            found[now] = Stretch()
            places.append((offsets(attr)[0], now))
        if attr.get("marking"):
            found[now].markings[attr.get("marking")] += 1
        if isinstance(node, n.Note):
            found[now].notes["note"] += 1
        elif isinstance(node, n.Table):
            found[now].tables[_size(node)] += 1
        elif isinstance(node, n.Span) and "figure" in attr.classes:
            found[now].figures[n.plain(node.inlines)] += 1
    for reference in document.references:
        name = next(name for at, name in reversed(places) if at <= reference.at[0])
        found[name].references[reference.target.casefold()] += 1
    return found


def _size(table: n.Table) -> str:
    _, _, columns, head, bodies, foot = table.c
    rows = sum(len(body.rows) + len(body.head) for body in bodies)
    return f"{rows + len(head.rows) + len(foot.rows)} × {len(columns)}"


def _paired(document: Document) -> Iterator[Anchor]:
    kinds = ("section", "block", "table", "figure")
    return (anchor for anchor in document.anchors if anchor.authored and anchor.kind in kinds)


def _pairs(document: Document) -> Iterator[tuple[Anchor, Anchor, Document]]:
    original = document.original
    for anchor in _paired(document) if original else ():
        assert original
        if anchor.id in original.anchor:
            yield anchor, original.anchor[anchor.id], original


def _line(document: Document, anchor: Anchor) -> str:
    place = document.place(anchor.at)
    return f"{place.file}:{place.line}"


def _listed(counts: Counter[str]) -> str:
    return ", ".join(
        f"{name} ({count} times)" if count > 1 else name for name, count in counts.items()
    )
