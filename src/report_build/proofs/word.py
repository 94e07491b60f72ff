"""What is in a finished Word file, by ECMA-376 part 1?"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from report_build.proofs.opened import Link, Opened, plain

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SAFE = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
REFERENCE = re.compile(r"^\s*(REF|PAGEREF|NOTEREF)\s+(\S+)(.*)$")
LISTED = re.compile(r"Heading[1-3]$")


@dataclass
class Field:
    """A field with its result."""

    instruction: str
    result: str
    in_contents: bool


def read(form: str, content: bytes) -> Opened:
    """A Word file, read with lxml."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
        dates = [
            "-".join(f"{x:02}" for x in item.date_time[:3])
            for item in archive.infolist()
            if item.date_time[:3] != (1980, 1, 1)
        ]
    parts: dict[str, Any] = {
        name: etree.fromstring(data, SAFE)
        for name, data in files.items()
        if name.endswith((".xml", ".rels", ".vml"))
    }
    document, notes = parts["word/document.xml"], parts.get("word/footnotes.xml")
    roots = [root for name, root in parts.items() if name.startswith("word/")]
    fields = [field for root in roots for field in _fields(root)]
    marks = _bookmarks(document)
    calls, called = _notes(document, notes)
    return Opened(
        targets=tuple(_names(roots)),
        links=tuple(_links(roots, fields)),
        texts=tuple(_texts(parts)),
        names=(*files, *marks, *_styles(parts)),
        numbers={**marks, **_note_numbers(document, calls)},
        headings=tuple(_headings(document)),
        contents=tuple(_contents(document)),
        calls=tuple((str(number), f"note {name}") for number, name in enumerate(calls, 1)),
        notes=tuple(f"note {name}" for name in called),
        broken=(*_broken(fields, document), *_missing(parts, files)),
        dates=(*dates, *_dates(parts)),
        pictures=tuple((n, d) for n, d in files.items() if n not in parts),
        identifier=_identifier(parts),
    )


# ----------------------------------------------------------------- fields and bookmarks


def _fields(root: Any) -> Iterator[Field]:
    """All fields, inner ones before those that they stand in."""
    open_fields: list[list[str]] = []
    for node in root.iter(f"{W}fldChar", f"{W}instrText", f"{W}t", f"{W}tab"):
        kind = node.get(f"{W}fldCharType")
        if kind == "begin":
            open_fields.append(["", "", ""])
        elif kind == "separate" and open_fields:
            open_fields[-1][2] = "result"
        elif kind == "end" and open_fields:
            instruction, result, _ = open_fields.pop()
            inside = any(outer[0].strip().startswith("TOC") for outer in open_fields)
            if open_fields and open_fields[-1][2]:
                open_fields[-1][1] += result
            yield Field(plain(instruction), plain(result), inside)
        elif open_fields and node.tag == f"{W}instrText":
            open_fields[-1][0] += node.text or ""
        elif open_fields and open_fields[-1][2]:
            open_fields[-1][1] += (node.text or "") if node.tag == f"{W}t" else " "
    for field in root.iter(f"{W}fldSimple"):
        words = "".join(t.text or "" for t in field.iter(f"{W}t"))
        yield Field(plain(str(field.get(f"{W}instr"))), plain(words), False)


def _bookmarks(root: Any) -> dict[str, str]:
    """The words in each bookmark."""
    found: dict[str, str] = {}
    open_marks: dict[str, str] = {}
    for node in root.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd", f"{W}t", f"{W}tab"):
        if node.tag == f"{W}bookmarkStart":
            open_marks[str(node.get(f"{W}id"))] = str(node.get(f"{W}name"))
            found[str(node.get(f"{W}name"))] = ""
        elif node.tag == f"{W}bookmarkEnd":
            open_marks.pop(str(node.get(f"{W}id")), None)
        else:
            for name in open_marks.values():
                found[name] += (node.text or "") if node.tag == f"{W}t" else " "
    return {name: plain(words) for name, words in found.items()}


def _names(roots: list[Any]) -> Iterator[str]:
    for root in roots:
        for mark in root.iter(f"{W}bookmarkStart"):
            yield str(mark.get(f"{W}name"))


def _links(roots: list[Any], fields: list[Field]) -> Iterator[Link]:
    for root in roots:
        for link in root.iter(f"{W}hyperlink"):
            if link.get(f"{W}anchor"):
                words = "".join(t.text or "" for t in link.iter(f"{W}t"))
                yield Link(str(link.get(f"{W}anchor")), plain(words))
    for field in fields:
        match = REFERENCE.match(field.instruction)
        if match and match[1] == "PAGEREF":
            page = int(field.result) if field.result.isdigit() else -1
            yield Link(match[2], field.result, page=page)
        elif match:
            # with \r it is the number of a list's item, which stands in no bookmark
            yield Link(match[2], field.result, "" if "\\r" in match[3] else field.result)
        elif link := re.match(r'HYPERLINK \\l "([^"]+)"', field.instruction):
            yield Link(link[1], field.result)


def _broken(fields: list[Field], document: Any) -> Iterator[tuple[str, str]]:
    count: dict[str, int] = {}
    for field in fields:
        match = re.match(r"SEQ (\w+)", field.instruction)
        if not match:
            continue
        anew = re.search(r"\\r (\d+)", field.instruction)
        count[match[1]] = int(anew[1]) if anew else count.get(match[1], 0) + 1
        if field.result != str(count[match[1]]):
            right = count[match[1]]
            yield f"{match[1]} {field.result} would be {right} when fields are updated", ""
    kinds = [node.get(f"{W}fldCharType") for node in document.iter(f"{W}fldChar")]
    if kinds.count("begin") != kinds.count("end"):
        yield "a field begins and does not end", ""


# ----------------------------------------------------------------------- notes, contents


def _notes(document: Any, notes: Any) -> tuple[list[str], list[str]]:
    """The ids of the notes that are called, in order, and of those that are there."""
    calls = [str(node.get(f"{W}id")) for node in document.iter(f"{W}footnoteReference")]
    if notes is None:
        return calls, []
    own = [n for n in notes.iter(f"{W}footnote") if n.get(f"{W}type") in (None, "normal")]
    return calls, [str(node.get(f"{W}id")) for node in own]


def _note_numbers(document: Any, calls: list[str]) -> dict[str, str]:
    """Bookmarks around the call of a note stand for its number."""
    found: dict[str, str] = {}
    open_marks: dict[str, str] = {}
    for node in document.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd", f"{W}footnoteReference"):
        if node.tag == f"{W}bookmarkStart":
            open_marks[str(node.get(f"{W}id"))] = str(node.get(f"{W}name"))
        elif node.tag == f"{W}bookmarkEnd":
            open_marks.pop(str(node.get(f"{W}id")), None)
        else:
            number = str(calls.index(str(node.get(f"{W}id"))) + 1)
            found |= dict.fromkeys(open_marks.values(), number)
    return found


def _style(paragraph: Any) -> str:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return str(style.get(f"{W}val")) if style is not None else ""


def _headings(document: Any) -> Iterator[tuple[str, str]]:
    for paragraph in document.iter(f"{W}p"):
        if LISTED.match(_style(paragraph)):
            marks = [str(x.get(f"{W}name")) for x in paragraph.iter(f"{W}bookmarkStart")]
            yield (marks[0] if marks else ""), _words(paragraph)


def _contents(document: Any) -> Iterator[Link]:
    for paragraph in document.iter(f"{W}p"):
        if re.match(r"TOC\d", _style(paragraph)):
            for link in paragraph.iter(f"{W}hyperlink"):
                fields = [field.result for field in _fields(link)]
                words = _words(link)
                page = fields[-1] if fields else ""
                end = words.removesuffix(page).strip() if page else words
                number = int(page) if page.isdigit() else None
                yield Link(str(link.get(f"{W}anchor")), end, page=number)


def _words(node: Any) -> str:
    """The words of a paragraph with spaces for tabs and breaks, without the marks of notes."""
    parts = (
        (x.text or "") if x.tag == f"{W}t" else " " for x in node.iter(f"{W}t", f"{W}tab", f"{W}br")
    )
    return plain("".join(parts))


# ------------------------------------------------------------------------ all the rest


def _texts(parts: dict[str, Any]) -> Iterator[str]:
    for name, root in parts.items():
        for paragraph in root.iter(f"{W}p"):
            yield "".join(
                t.text or "" for t in paragraph.iter(f"{W}t", f"{W}delText", f"{W}instrText")
            )
        yield " ".join(str(text) for text in root.itertext())
        for element in root.iter():
            if isinstance(element.tag, str):
                yield from (str(value) for value in element.attrib.values())
            else:
                yield element.text or ""
        yield name


def _styles(parts: dict[str, Any]) -> list[str]:
    root = parts.get("word/styles.xml")
    return [] if root is None else [str(x.get(f"{W}styleId")) for x in root.iter(f"{W}style")]


def _missing(parts: dict[str, Any], files: dict[str, bytes]) -> Iterator[tuple[str, str]]:
    """Relationships to parts that are not there."""
    for name, root in parts.items():
        if not name.endswith(".rels"):
            continue
        folder = name.replace("_rels/", "").rpartition("/")[0]
        for link in root:
            target = str(link.get("Target"))
            path = (
                target.lstrip("/") if target.startswith("/") else f"{folder}/{target}".lstrip("/")
            )
            if link.get("TargetMode") != "External" and path not in files:
                yield f"{name} leads to {target}, which is not there", ""


def _dates(parts: dict[str, Any]) -> Iterator[str]:
    root = parts.get("docProps/core.xml")
    for element in root if root is not None else ():
        if element.tag.endswith(("}created", "}modified", "}lastPrinted")):
            yield (element.text or "")[:10]
    for name in ("word/document.xml", "word/comments.xml"):
        for element in parts[name].iter() if name in parts else ():
            if element.get(f"{W}date"):
                yield str(element.get(f"{W}date"))[:10]


def _identifier(parts: dict[str, Any]) -> str:
    root = parts.get("docProps/core.xml")
    found = () if root is None else root.iter("{http://purl.org/dc/elements/1.1/}identifier")
    return next((element.text or "" for element in found), "")
