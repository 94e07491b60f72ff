"""What does a finished page or e-book say, in reading order?"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from lxml import etree, html

from report_build.proofs.content import (
    CAPTION,
    CELL,
    CODE,
    DEFINITION,
    FORMULA,
    ITEM,
    PARAGRAPH,
    QUOTATION,
    TERM,
    Item,
    Sequence,
    heading,
    normalised,
    within,
)

SAFE = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
KINDS = {
    "li": ITEM, "dt": TERM, "dd": DEFINITION, "td": CELL, "th": CELL, "pre": CODE,
    "blockquote": QUOTATION, "caption": CAPTION, "figcaption": CAPTION,
}  # fmt: skip
"""Elements that say what their paragraphs are."""
BLOCKS = {
    *KINDS, "p", "div", "section", "main", "article", "ul", "ol", "dl", "table", "thead", "tbody",
    "tfoot", "tr", "figure", "details", "aside", "hr", "header", "footer", "nav",
}  # fmt: skip
"""Elements that begin and end an item; `h1` to `h6` do, too."""
NOT_TEXT = {"style", "script", "annotation", "colgroup", "title"}
LEFT_OUT = {"back-references", "permalink", "footnote-back", "note-number"}
"""Classes of what a screen has besides the text: ways to get about in it."""


def read(form: str, content: bytes) -> tuple[Item, ...]:
    """The main part of a page or the chapters of a book, and then the notes, read with lxml."""
    sequence = Sequence()
    if form == "html":
        for main in html.fromstring(content).iter("main"):
            _Read(sequence, 1).element(main, PARAGRAPH)
    else:
        for body in _bodies(content):
            _Read(sequence, 0).element(body, PARAGRAPH)
    return sequence.items


def _bodies(content: bytes) -> Iterator[Any]:
    """The chapters of an EPUB in the order of its spine."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in _spine(archive):
            root: Any = etree.fromstring(archive.read(name), SAFE)
            for body in root.iterchildren("{*}body"):
                if body.get("{http://www.idpf.org/2007/ops}type") == "bodymatter":
                    yield body


def _spine(archive: zipfile.ZipFile) -> Iterator[str]:
    """The files of the text. EPUB 3.3, 5.7.1: `itemref` elements in reading order."""
    path = next((name for name in archive.namelist() if name.endswith(".opf")), "")
    if not path:
        return
    package: Any = etree.fromstring(archive.read(path), SAFE)
    files = {
        item.get("id"): posixpath.join(posixpath.dirname(path), item.get("href"))
        for item in package.iter("{*}item")
        if "nav" not in item.get("properties", "").split()
    }
    for reference in package.iter("{*}itemref"):
        if (name := files.get(reference.get("idref"))) in archive.namelist():
            yield str(name)


class _Read:
    """Goes through a tree of elements."""

    def __init__(self, sequence: Sequence, above: int) -> None:
        self.sequence = sequence
        self.above = above
        """Levels of headings above those of the text: the title of a page is one."""

    def element(self, node: Any, kind: str) -> None:
        """An element and what is in it, without what follows it."""
        tag = etree.QName(node).localname if isinstance(node.tag, str) else "style"
        classes = (node.get("class") or "").split()
        if tag in NOT_TEXT or LEFT_OUT & set(classes) or _is_notes_heading(node):
            return
        if node.get("role") in ("doc-endnotes", "doc-footnote"):
            self._notes(node)
        elif tag in ("img", "svg"):
            self.sequence.show(node.get("alt") or node.get("aria-label") or "")
        elif tag == "math":
            self.sequence.say(FORMULA)
        elif tag == "br":
            self.sequence.say(" ")
        elif tag in BLOCKS or re.fullmatch("h[1-6]", tag):
            self._block(node, tag, kind)
        else:
            self._inside(node, kind)

    def _block(self, node: Any, tag: str, kind: str) -> None:
        self.sequence.end(kind)
        before = len(self.sequence.body)
        inner = within(kind, KINDS[tag]) if tag in KINDS else kind
        if re.fullmatch("h[1-6]", tag):
            inner = heading(int(tag[1]) - self.above)
        self._inside(node, inner)
        if tag in ("td", "th"):
            self.sequence.end_cell(before)
        else:
            self.sequence.end(inner)

    def _inside(self, node: Any, kind: str) -> None:
        self.sequence.say(node.text or "")
        for child in node:
            self.element(child, kind)
            self.sequence.say(child.tail or "")

    def _notes(self, node: Any) -> None:
        """A list of all notes, numbered by its items; or a single note, which says its number."""
        if node.get("role") == "doc-footnote":
            labels = (x for x in node.iter() if "note-number" in (x.get("class") or "").split())
            label = next(labels, None)
            found = [("" if label is None else "".join(label.itertext()), node)]
        else:
            found = [(str(i), item) for i, item in enumerate(node.iterfind("{*}ol/{*}li"), 1)]
        for number, item in found:
            inner = _Read(Sequence(), self.above)
            inner._inside(item, PARAGRAPH)
            inner.sequence.end(PARAGRAPH)
            words = " ".join(one.text for one in inner.sequence.body)
            self.sequence.note(number, normalised(words))


def _is_notes_heading(node: Any) -> bool:
    """Whether an element is the heading over the notes, which only a page without sheets needs."""
    parent = node.getparent()
    return (
        node.get("id") is not None
        and parent is not None
        and parent.get("aria-labelledby") == node.get("id")
        and parent.get("role") == "doc-endnotes"
    )
