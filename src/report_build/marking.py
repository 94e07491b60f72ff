"""Which handling mark does a document carry, and because of what?

Blocks and the document can have marks; what a document carries on every page is the highest of
those in it, in the order of the front matter's `markings`.
"""

from __future__ import annotations

from collections.abc import Iterator

from report_build import nodes as n
from report_build.document import Document

SEPARATOR = " · "
"""Between marks of which none is higher than the other."""


def marked(document: Document) -> Iterator[tuple[str, str]]:
    """The marks of blocks, each with the id of the nearest block that has one."""
    last = ""
    for node in document.walked:
        attr = getattr(node, "attr", n.NO_ATTR)
        last = attr.id or last if isinstance(node, n.Header | n.Div | n.Table | n.Figure) else last
        if mark := attr.get("marking"):
            yield mark, attr.id or last


def carried(document: Document, base: str) -> str:
    """What stands on every page: `base`, the document's own, and the highest mark of its blocks."""
    order = document.front.markings
    found = [mark for mark, _ in marked(document) if mark in order]
    if base in order:
        return max((base, *found), key=order.index)
    highest = max(found, key=order.index, default="")
    return SEPARATOR.join(mark for mark in (base, highest) if mark)


def reasons(document: Document) -> tuple[str, tuple[str, ...]]:
    """The highest mark of the blocks and the ids of those that have it; no ids without blocks."""
    order = document.front.markings
    found = [(mark, name) for mark, name in marked(document) if mark in order]
    highest = max((mark for mark, _ in found), key=order.index, default="")
    return highest, tuple(dict.fromkeys(name for mark, name in found if mark == highest))
