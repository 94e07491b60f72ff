"""What is in a finished file? Read with libraries that did not write it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf
from lxml import etree, html

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SAFE = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)


@dataclass(frozen=True)
class Opened:
    """A finished file as what can be read in it."""

    targets: tuple[str, ...]
    """Ids, named destinations, bookmarks; in an EPUB with their file."""
    links: tuple[str, ...]
    """What internal links, fields and outlines lead to, in the same form."""
    texts: tuple[str, ...]
    """All texts: visible, alternative, properties, outline."""
    names: tuple[str, ...]
    """Ids, class names, names of parts and media."""


def opened(form: str, content: bytes) -> Opened:
    """A finished file of one of our formats, read."""
    match form:
        case "html":
            return _web({"": content})
        case "epub":
            return _epub(content)
        case "docx":
            return _word(content)
        case _:
            return _pdf(content)


def _web(files: dict[str, bytes]) -> Opened:
    targets: list[str] = []
    links: list[str] = []
    texts: list[str] = []
    names: list[str] = list(files)
    for name, content in files.items():
        tree: Any = html.fromstring(content) if not name else etree.fromstring(content, SAFE)
        for element in tree.iter():
            if not isinstance(element.tag, str):
                texts.append(element.text or "")
                continue
            for key, value in element.attrib.items():
                if key == "id":
                    targets.append(f"{name}#{value}")
                elif key == "href":
                    links += _internal(value, name)
                elif key in ("alt", "title", "content", "aria-label"):
                    texts.append(value)
                elif key == "class":
                    names += value.split()
        words = tree.xpath("string(/*)")
        texts.append(words if isinstance(words, str) else "")
    names += [target.partition("#")[2] for target in targets]
    return Opened(tuple(targets), tuple(links), tuple(texts), tuple(names))


def _internal(href: str, name: str) -> list[str]:
    if href.startswith("#"):
        return [f"{name}{href}"] if len(href) > 1 else []
    if name and not re.match(r"[a-z]+:|\.\./\.\.", href) and "#" in href:
        folder = name.rpartition("/")[0]
        return [f"{folder}/{href}".lstrip("/")]
    return []


def _epub(content: bytes) -> Opened:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {
            name: archive.read(name)
            for name in archive.namelist()
            if name.endswith((".xhtml", ".opf", ".ncx"))
        }
    return _web(files)


def _word(content: bytes) -> Opened:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts: dict[str, Any] = {
            name: etree.fromstring(archive.read(name), SAFE)
            for name in archive.namelist()
            if name.endswith((".xml", ".rels"))
        }
        names = archive.namelist()
    targets: list[str] = []
    links: list[str] = []
    texts: list[str] = []
    for root in parts.values():
        targets += [str(e.get(f"{W}name")) for e in root.iter(f"{W}bookmarkStart")]
        links += [
            str(e.get(f"{W}anchor")) for e in root.iter(f"{W}hyperlink") if e.get(f"{W}anchor")
        ]
        for instruction in root.iter(f"{W}instrText"):
            links += re.findall(r"(?:PAGEREF|NOTEREF|(?<!\w)REF)\s+(\S+)", instruction.text or "")
        for paragraph in root.iter(f"{W}p"):
            texts.append("".join(t.text or "" for t in paragraph.iter(f"{W}t", f"{W}delText")))
        texts += [
            value
            for element in root.iter()
            for key, value in element.attrib.items()
            if key in ("descr", "title", f"{W}val", f"{W}tooltip", "Target")
        ]
        if root.tag.startswith("{http://schemas.openxmlformats.org/package/2006/metadata"):
            texts += [str(text) for text in root.itertext()]
    found = tuple(links)
    return Opened(tuple(targets), found, tuple(texts), (*names, *targets))


def _pdf(content: bytes) -> Opened:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        tree = destinations(pdf)
        targets = [str(k) for k in pikepdf.NameTree(tree)] if tree is not None else []
        links = [link for page in pdf.pages for link in _annotations(page)]
        texts = [str(value) for value in (pdf.docinfo or {}).values()]
        with pdf.open_outline() as outline:
            texts += list(_titles(outline.root))
        if "/Metadata" in pdf.Root:
            texts.append(pdf.Root.Metadata.read_bytes().decode("utf-8", "replace"))
        texts += _alternatives(pdf)
    texts += _page_texts(content)
    return Opened(tuple(targets), tuple(links), tuple(texts), tuple(targets))


def destinations(pdf: pikepdf.Pdf) -> Any:
    """The tree of a PDF's named destinations, or nothing."""
    names: Any = pdf.Root.get("/Names")
    return None if names is None else names.get("/Dests")


def _annotations(page: Any) -> Iterator[str]:
    for annotation in page.get("/Annots", ()):
        action = annotation.get("/A", {})
        destination = annotation.get("/Dest") or action.get("/D")
        if isinstance(destination, pikepdf.String | pikepdf.Name):
            yield str(destination)


def _titles(items: Any) -> Iterator[str]:
    for item in items:
        yield str(item.title)
        yield from _titles(item.children)


def _alternatives(pdf: pikepdf.Pdf) -> list[str]:
    return [
        str(each[key])
        for each in pdf.objects
        if isinstance(each, pikepdf.Dictionary)
        for key in ("/Alt", "/ActualText", "/Contents", "/TU")
        if key in each and isinstance(each[key], pikepdf.String)
    ]


def _page_texts(content: bytes) -> list[str]:
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    try:
        return [document[index].get_textpage().get_text_bounded() for index in range(len(document))]
    finally:
        document.close()
