"""What is in a finished page or e-book?"""

from __future__ import annotations

import base64
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, unquote_to_bytes

from lxml import etree, html

from report_build.proofs.opened import OURS, Link, Opened, plain

SAFE = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
XHTML = "{http://www.w3.org/1999/xhtml}"
OPS = "{http://www.idpf.org/2007/ops}"
DEPTH = 3
"""Levels of headings that contents list."""
MARKUP = (".xhtml", ".opf", ".ncx", ".xml")


@dataclass
class _Found:
    """What has been read so far."""

    targets: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    numbers: dict[str, str] = field(default_factory=dict)
    headings: list[tuple[str, str]] = field(default_factory=list)
    contents: list[Link] = field(default_factory=list)
    calls: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    broken: list[tuple[str, str]] = field(default_factory=list)
    dates: list[str] = field(default_factory=list)
    pictures: list[tuple[str, bytes]] = field(default_factory=list)
    identifier: str = ""


def read(form: str, content: bytes) -> Opened:
    """An HTML page or an EPUB, read with lxml."""
    found = _Found()
    if form == "html":
        _page(html.fromstring(content), "", 1, found)
        found.texts.append(content.decode("utf-8", "replace"))
    else:
        _book(content, found)
    return Opened(
        tuple(found.targets), tuple(found.links), tuple(found.texts), tuple(found.names),
        found.numbers, {}, tuple(found.headings), tuple(found.contents), tuple(found.calls),
        tuple(found.notes), tuple(found.broken), tuple(found.dates), tuple(found.pictures),
        found.identifier,
    )  # fmt: skip


# ------------------------------------------------------------------------------- a book


def _book(content: bytes, found: _Found) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
        found.dates += _zip_dates(archive)
    found.names += files
    order = _spine(files, found)
    rest = [name for name in files if name.endswith(MARKUP) and name not in order]
    for name in (*order, *rest):
        tree = etree.fromstring(files[name], SAFE)
        _page(tree, name, 0 if name in order else -1, found)
    for name, data in files.items():
        if name.endswith(".css"):
            found.texts.append(data.decode("utf-8", "replace"))
        elif not name.endswith((*MARKUP, "mimetype")):
            found.pictures.append((name, data))


def _zip_dates(archive: zipfile.ZipFile) -> Iterator[str]:
    for item in archive.infolist():
        if item.date_time[:3] != (1980, 1, 1):
            year, month, day = item.date_time[:3]
            yield f"{year:04}-{month:02}-{day:02}"


def _spine(files: dict[str, bytes], found: _Found) -> list[str]:
    """The files of the text in reading order; what the package lists must be there."""
    package = next((name for name in files if name.endswith(".opf")), "")
    if not package:
        found.broken.append(("there is no package document", ""))
        return []
    tree = etree.fromstring(files[package], SAFE)
    folder = package.rpartition("/")[0]
    items = {
        str(item.get("id")): f"{folder}/{unquote(str(item.get('href')))}".lstrip("/")
        for item in tree.iter("{*}item")
    }
    found.broken += [
        (f"the package lists {path}, which is not there", "")
        for path in items.values()
        if path not in files
    ]
    unlisted = set(files) - set(items.values()) - {package, "mimetype"}
    found.broken += [
        (f"{x} is in no list of the package", "")
        for x in sorted(unlisted)
        if not x.startswith("META-INF")
    ]
    order = [items.get(str(ref.get("idref")), "") for ref in tree.iter("{*}itemref")]
    said = [x.text or "" for x in tree.iter("{*}identifier")]
    found.identifier = next((x for x in said if x.startswith(OURS)), "")
    for element in tree.iter("{*}date", "{*}meta"):
        if element.tag.endswith("date") or element.get("property") == "dcterms:modified":
            found.dates.append((element.text or "")[:10])
    return [name for name in order if name in files]


# ------------------------------------------------------------------------------- a page


def _page(tree: Any, file: str, top: int, found: _Found) -> None:
    """All of one file. `top` is the level of headings above those of the text; -1: none count."""
    for element in tree.iter():
        if isinstance(element.tag, str):
            _element(element, file, found)
        else:
            found.texts.append(element.text or "")
    found.texts.append("".join(tree.xpath(SHOWN)))
    if top >= 0:
        _numbers(tree, file, found)
        _headings(tree, file, top, found)
    _contents(tree, file, found)
    _notes(tree, file, found)


SHOWN = "//text()[not(parent::style or parent::script)]"
"""All text of a page but styles and scripts, which are read in its source."""


def _element(element: Any, file: str, found: _Found) -> None:
    for key, value in element.attrib.items():
        if key in ("id", "name") and element.tag.rpartition("}")[2] != "meta":
            found.targets += [f"{file}#{value}"] if key == "id" else []
            found.names.append(value)
        elif key == "class":
            found.names += value.split()
        elif value.startswith("data:"):
            found.pictures.append((f"{element.tag} {key}", _data(value)))
        elif key == "content" and element.get("name") == "dcterms.identifier":
            found.identifier = value
        else:
            found.texts += [key, value] if key.startswith("data-") else [value]
        if key == "href" and element.tag.rpartition("}")[2] == "a":
            found.links += _link(element, value, file)
    if element.tag in ("style", f"{XHTML}style"):
        for uri in re.findall(r"url\((data:image[^)]*)\)", element.text or ""):
            found.pictures.append(("style", _data(uri)))


def _data(uri: str) -> bytes:
    head, _, content = uri.partition(",")
    if head.endswith(";base64"):
        return base64.b64decode(content)
    return unquote_to_bytes(content)


def _link(element: Any, href: str, file: str) -> list[Link]:
    target = _target(href, file)
    if not target:
        return []
    numbers = [x for x in element.iter() if "ref-number" in str(x.get("class", "")).split()]
    number = plain("".join(numbers[0].itertext())) if numbers else ""
    return [Link(target, plain("".join(element.itertext())), number)]


def _target(href: str, file: str) -> str:
    """Where an internal link leads: `#id`, or `file#id` in a book; nothing for other links."""
    if href.startswith("#"):
        return f"{file}{href}" if len(href) > 1 else ""
    if file and not re.match(r"[a-zA-Z][a-zA-Z+.-]*:|\.\./\.\.", href) and "#" in href:
        parts = file.split("/")[:-1]
        name, _, fragment = href.partition("#")
        for step in name.split("/"):
            parts = parts[:-1] if step == ".." else [*parts, step]
        return f"{'/'.join(parts)}#{fragment}"
    return ""


def _classes(element: Any) -> list[str]:
    return str(element.get("class", "")).split()


def _numbers(tree: Any, file: str, found: _Found) -> None:
    """The numbers that headings, captions, formulas, notes and items of lists show."""
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        name, tag = element.get("id"), element.tag.rpartition("}")[2]
        kind = _NUMBERED.get(tag, "equation-number" if "equation" in _classes(element) else "")
        if name and kind:
            for inner in element.iter():
                if isinstance(inner.tag, str) and kind in _classes(inner):
                    words = plain("".join(inner.itertext()))
                    alone = kind == "header-section-number"
                    number = words if alone else words.split()[-1].strip("()")
                    found.numbers.setdefault(f"{file}#{name}", number)
                    break
        elif tag == "ol" and "footnotes" not in _classes(element.getparent()):
            _items(element, file, found)


_NUMBERED = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "header-section-number"),
    "table": "caption-label",
    "figure": "caption-label",
}
"""Which class the number of an element has, by its tag."""


def _items(element: Any, file: str, found: _Found) -> None:
    start = int(element.get("start") or 1)
    if element.get("type", "1") != "1":
        return
    for number, item in enumerate(element.findall("{*}li"), start):
        for inner in item.iter():
            if isinstance(inner.tag, str) and inner.get("id"):
                found.numbers.setdefault(f"{file}#{inner.get('id')}", str(number))
                break


def _headings(tree: Any, file: str, top: int, found: _Found) -> None:
    front = any(x.get(f"{OPS}type") == "frontmatter" for x in tree.iter(f"{XHTML}body"))
    mains = list(tree.iter("main")) if not file else [] if front else [tree]
    for main in mains:
        for element in main.iter():
            tag = str(element.tag).rpartition("}")[2]
            listed = re.fullmatch(r"h[1-6]", tag) and top < int(tag[1]) <= top + DEPTH
            is_notes = element.get("id") == "notes"
            if (
                listed
                and element.get("id")
                and "unlisted" not in _classes(element)
                and not is_notes
            ):
                words = plain(_without_calls(element))
                found.headings.append((f"{file}#{element.get('id')}", words))


def _without_calls(element: Any) -> str:
    """The words of a heading without the marks of its notes."""
    if element.get("role") == "doc-noteref":
        return ""
    inner = (_without_calls(x) + (x.tail or "") for x in element if isinstance(x.tag, str))
    return (element.text or "") + "".join(inner)


def _contents(tree: Any, file: str, found: _Found) -> None:
    for nav in tree.iter("nav", f"{XHTML}nav"):
        kind = nav.get("role") == "doc-toc" or nav.get(f"{OPS}type") == "toc"
        for link in nav.iter("a", f"{XHTML}a") if kind else ():
            target = _target(link.get("href", ""), file)
            if target:
                found.contents.append(Link(target, plain("".join(link.itertext()))))


def _notes(tree: Any, file: str, found: _Found) -> None:
    """Calls and notes; each note leads back to one of its calls."""
    calls: dict[str, str] = {}
    for link in tree.iter("a", f"{XHTML}a"):
        if link.get("role") == "doc-noteref":
            target = _target(link.get("href", ""), file)
            found.calls.append((plain("".join(link.itertext())), target))
            calls[f"{file}#{link.get('id')}"] = target
        elif link.get("role") == "doc-backlink":
            back = _target(link.get("href", ""), file)
            if back not in calls:
                found.broken.append((f"a note leads back to “{back}”, which calls no note", back))
    in_page = tree.xpath("//*[@role='doc-endnotes']//*[local-name()='li' and @id]")
    asides = tree.xpath("//*[local-name()='aside' and @role='doc-footnote']")
    found.notes += [f"{file}#{note.get('id')}" for note in (*in_page, *asides)]
    for note in (*in_page, *asides):
        if not note.xpath(".//*[@role='doc-backlink']"):
            found.broken.append((f"the note “{note.get('id')}” does not lead back", ""))
    for number, note in enumerate(in_page, 1):
        found.numbers[f"{file}#{note.get('id')}"] = str(number)
