"""What does each edition receive, and why?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from report_build import nodes as n
from report_build.audiences import All, Condition, names_in, simplify
from report_build.check import Checked
from report_build.document import (
    CONDITIONS,
    EVERYONE,
    Document,
    condition,
    offsets,
)
from report_build.editions import receives

BLOCKS = (n.Header, n.Div, n.Para, n.Plain, n.Table, n.Figure, n.CodeBlock, n.LineBlock)


@dataclass(frozen=True)
class Share:
    """What one edition receives."""

    edition: str
    name: str
    everyone: int
    """Blocks that are for everyone."""
    own: int
    """Blocks that are for its audience alone."""
    shared: int
    """Blocks that are for some, and for its audience among them."""
    words: int
    figures: int
    """Quantities of the number ledger that its text prints or that are about its audience."""
    tables: int
    pictures: int
    notes: int
    elsewhere: int
    """References that become words, since their target is in no such edition."""
    pages: int | None
    """Of its PDF, if that was built and is current."""


def coverage(checked: Checked, manifest: Mapping[str, Any]) -> tuple[Share, ...]:
    """The share of every edition of a master; `manifest` is that of what was built."""
    return tuple(_share(document, manifest) for document in checked.editions)


def _share(document: Document, manifest: Mapping[str, Any]) -> Share:
    edition, front = document.edition, document.front
    assert edition
    mine = {name for name in (edition.audience,) if name}
    counts = {"everyone": 0, "own": 0, "shared": 0}
    for node, when in document.nodes:
        if isinstance(node, BLOCKS):
            counts[_kind(when, mine, document)] += 1
    nodes = document.walked
    printed = {
        n.plain(node.inlines)
        for node in nodes
        if isinstance(node, n.Span) and "figure" in node.attr.classes
    }
    about = {name for name, q in front.figures.items() if mine & set(front.expand(q.country))}
    master = document.master or document
    return Share(
        edition=edition.id,
        name=edition.name,
        **counts,
        words=len(n.plain(document.blocks, notes=True).split()),
        figures=len(about | (printed & front.figures.keys())),
        tables=sum(isinstance(node, n.Table) for node in nodes),
        pictures=sum(isinstance(node, n.Figure) or _is_chart(node) for node in nodes),
        notes=sum(isinstance(node, n.Note) for node in nodes),
        elsewhere=sum(
            r.target in master.anchor and r.target not in document.anchor
            for r in document.references
        ),
        pages=_pages(document, manifest),
    )


def _is_chart(node: object) -> bool:
    return isinstance(node, n.Div) and "chart" in node.attr.classes


def _kind(when: Condition, mine: set[str], document: Document) -> str:
    if when == EVERYONE:
        return "everyone"
    return "own" if _who(when, document) == mine else "shared"


def _who(when: Condition, document: Document) -> set[str]:
    front = document.front
    return {
        name for name in front.audiences if when.holds(frozenset({name, *front.groups_of(name)}))
    }


def _pages(document: Document, manifest: Mapping[str, Any]) -> int | None:
    edition = document.edition
    for entry in manifest.get("deliverables", ()):
        same = entry.get("master") == document.source.path and edition
        if same and edition and entry.get("edition") == edition.id and entry.get("pages"):
            return int(entry["pages"])
    return None


COLUMNS = (
    ("edition", "edition"), ("everyone", "for all"), ("own", "own"), ("shared", "shared"),
    ("words", "words"), ("figures", "figures"), ("tables", "tables"), ("pictures", "pictures"),
    ("notes", "notes"), ("elsewhere", "left out"), ("pages", "pages"),
)  # fmt: skip
"""What the table shows of each share, and its heads."""


def table(shares: tuple[Share, ...]) -> str:
    """The shares as aligned columns."""
    rows = [[head for _, head in COLUMNS]]
    for share in shares:
        values = asdict(share)
        rows.append(["–" if values[key] is None else str(values[key]) for key, _ in COLUMNS])
    widths = [max(len(row[index]) for row in rows) for index in range(len(COLUMNS))]
    lines = []
    for row in rows:
        first = row[0].ljust(widths[0])
        rest = (cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
        lines.append("  ".join((first, *rest)).rstrip())
    return "\n".join(lines)


def as_json(checked: Checked, shares: tuple[Share, ...]) -> dict[str, Any]:
    """`{"master", "editions": [a share each], "unreceived": [ids]}`."""
    return {
        "master": checked.source.path,
        "editions": [asdict(share) for share in shares],
        "unreceived": unreceived(checked),
    }


def unreceived(checked: Checked) -> list[str]:
    """The ids of blocks that no edition gets."""
    if not checked.master:
        return []
    got = {anchor.id for document in checked.editions for anchor in document.anchors}
    return [anchor.id for anchor in checked.master.anchors if anchor.id not in got]


# ---------------------------------------------------------------------------------- why


def why(checked: Checked, name: str) -> Iterator[str]:
    """Who gets the block of an id, and because of which conditions; nothing for an unknown id."""
    master = checked.master
    if not master or name not in master.anchor:
        return
    chain = list(_chain(master, name))
    when = simplify(All(tuple(condition(attr, master.front) for attr in chain)))
    yield f"{name}: {when}"
    for attr in chain:
        place = master.place(offsets(attr))
        said = ", ".join(f'{key}="{value}"' for key, value in attr.pairs if key in CONDITIONS)
        yield f"  {place.file}:{place.line}:{place.column}: {said}"
    reserved = next((attr.get("only") for attr in chain if attr.has("only")), "")
    for document in checked.editions:
        assert document.edition
        gets = receives(document.edition, master.front, when, reserved)
        there = name in document.anchor
        yield f"  {document.edition.id:14} {_reason(gets, there, when, reserved)}"


def _reason(gets: bool, there: bool, when: Condition, reserved: str) -> str:
    if gets and there:
        return "yes"
    if gets:
        return "no: nothing is left of it, or the edition holds a selection"
    if reserved:
        return f"no: reserved to {reserved}"
    needed = ", ".join(sorted(names_in(when)))
    return f"no: it is for {when}" if needed else "no"


def _chain(document: Document, name: str) -> Iterator[n.Attr]:
    """The attributes with conditions of all that a block stands in, from without, and its own."""
    sections: list[n.Header] = []
    for block in document.blocks:
        if isinstance(block, n.Header):
            sections = [one for one in sections if one.level < block.level] + [block]
        path = _path(block, name)
        if path is not None:
            around = [one.attr for one in sections if one is not block]
            for attr in (*around, *path):
                if any(key in CONDITIONS for key, _ in attr.pairs):
                    yield attr
            return


def _path(node: Any, name: str) -> list[n.Attr] | None:
    """The attributes from a node down to the one with an id."""
    if isinstance(node, tuple):
        return next((found for item in node if (found := _path(item, name)) is not None), None)
    if not hasattr(node, "__struct_fields__") or isinstance(node, n.Attr):
        return None
    attr = getattr(node, "attr", n.NO_ATTR)
    own = [attr] if attr != n.NO_ATTR else []
    if attr.id == name:
        return own
    for key in node.__struct_fields__:
        found = _path(getattr(node, key), name)
        if found is not None:
            return own + found
    return None
