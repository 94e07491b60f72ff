"""Does each Word file keep the rules of Word's accessibility checker?

The checker runs in Word alone; these are its rules as Microsoft lists them (“Rules for the
Accessibility Checker”), those that a file can be held against without Word.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from lxml import etree

from report_build.validators import Complaint

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
DECORATIVE = "{http://schemas.microsoft.com/office/drawing/2017/decorative}decorative"
HEADING = re.compile(r"Heading([1-9])$")
VAGUE = re.compile(r"\s*(click here|here|link|more|read more|this link)\s*[.:]?\s*", re.I)
SAFE = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)


def missing() -> str:
    """Nothing: it comes with the product."""
    return ""


def version() -> str:
    """Of the list of rules."""
    return "rules as of 2024"


def complaints(files: Sequence[Path]) -> Iterator[Complaint]:
    """What a reader with a screen reader would miss."""
    for path in files:
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
            parts = {
                name: etree.fromstring(archive.read(name), SAFE)
                for name in archive.namelist()
                if name.endswith((".xml", ".rels"))
            }
        body = parts["word/document.xml"]
        for rule, message in (
            *_properties(parts), *_headings(body), *_pictures(parts), *_tables(body),
            *_links(body), *_spaces(body), *_outside(parts),
        ):  # fmt: skip
            yield Complaint(str(path), rule, message)


Found = Iterator[tuple[str, str]]


def _words(node: Any) -> str:
    return "".join(text.text or "" for text in node.iter(f"{W}t"))


def _style(paragraph: Any) -> str:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return "" if style is None else str(style.get(f"{W}val"))


def _properties(parts: dict[str, Any]) -> Found:
    core, styles = parts["docProps/core.xml"], parts["word/styles.xml"]
    if not (core.findtext("{*}title") or "").strip():
        yield "title", "the document has no title"
    if not styles.findall(f"{W}docDefaults//{W}lang[@{W}val]"):
        yield "language", "the document has no language"


def _headings(body: Any) -> Found:
    before = 0
    for paragraph in body.iter(f"{W}p"):
        level = HEADING.match(_style(paragraph))
        if not level:
            continue
        words = _words(paragraph).strip()
        if not words:
            yield "blank-heading", "a heading has no words"
        if int(level[1]) > before + 1:
            yield "heading-order", f"level {before} is followed by level {level[1]}: {words}"
        before = int(level[1])
    if not before:
        yield "headings", "the document has no headings"


def _pictures(parts: dict[str, Any]) -> Found:
    for name, part in parts.items():
        for drawing in part.iter(DRAWN) if name.startswith("word/") else ():
            decorative = any(x.get("val") == "1" for x in drawing.iter(DECORATIVE))
            if not decorative and not str(drawing.get("descr", "")).strip():
                yield "alternative-text", f"{drawing.get('name')} has no alternative text"


def _tables(body: Any) -> Found:
    for table in body.iter(f"{W}tbl"):
        rows = table.findall(f"{W}tr")
        first = _words(table)[:40]
        head = rows[0].find(f"{W}trPr/{W}tblHeader") if rows else None
        if head is None or head.get(f"{W}val") in ("0", "false", "off"):
            yield "header-row", f"a table has no header row: {first}"
        look = table.find(f"{W}tblPr/{W}tblLook")
        if look is not None and look.get(f"{W}firstRow") == "0":
            yield "header-row", f"a table's first row is not marked as one: {first}"


def _links(body: Any) -> Found:
    for link in body.iter(f"{W}hyperlink"):
        words = _words(link).strip()
        if not words:
            yield "link-text", f"a link to {link.get(f'{W}anchor')} has no words"
        elif VAGUE.fullmatch(words):
            yield "link-text", f"the words of a link say nothing: {words}"


def _spaces(body: Any) -> Found:
    empty = 0
    for paragraph in body.iter(f"{W}p"):
        words = _words(paragraph)
        if re.search(r" {4,}|\t{2,}", words) and "Code" not in _style(paragraph):
            yield "layout-by-spaces", f"several spaces in a row: {words[:60]}"
        others = {child.tag for child in paragraph.iter()} & {f"{W}drawing", f"{W}br", f"{W}sectPr"}
        cell = paragraph.getparent().tag == f"{W}tc"
        empty = empty + 1 if not words.strip() and not others and not cell else 0
        if empty == 3:
            yield "layout-by-spaces", "several empty paragraphs in a row"


def _outside(parts: dict[str, Any]) -> Found:
    for name, part in parts.items():
        for one in part.iter("{*}Relationship") if name.endswith(".rels") else ():
            if one.get("TargetMode") == "External" and not one.get("Type").endswith("/hyperlink"):
                yield "external-content", f"{name} takes in {one.get('Target')}"
