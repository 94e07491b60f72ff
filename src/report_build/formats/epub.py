"""What does an edition look like in an e-book reader? An EPUB 3 of the same text.

The body is written once and then cut at its top headings, so that notes are numbered as on
the page. Order, times and ids of the parts are fixed: the same edition gives the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
import uuid
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, TypeAlias
from urllib.parse import unquote_to_bytes, urljoin, urlsplit

from lxml import etree

from report_build.document import Document
from report_build.fonts import screen_css
from report_build.formats import Tools
from report_build.formats.markup import BOOK, contents, lists, web_tree
from report_build.title_page import facts

Element: TypeAlias = Any  # lxml has no types of its own

XHTML = "http://www.w3.org/1999/xhtml"
MATHML = "http://www.w3.org/1998/Math/MathML"
OPS = "http://www.idpf.org/2007/ops"
EPOCH = (1980, 1, 1, 0, 0, 0)
SUFFIXES = {"svg+xml": "svg", "jpeg": "jpg"}
FONT = re.compile(r"url\(data:font/woff2;base64,([^)]+)\)")


@dataclass
class Chapter:
    """A file of the text."""

    name: str
    section: Element
    id: str = ""
    title: str = ""

    @property
    def has_math(self) -> bool:
        """Whether the package has to say that there is MathML in it."""
        return next(self.section.iter(f"{{{MATHML}}}math"), None) is not None

    @property
    def markup(self) -> str:
        """The section as XHTML, without the namespaces that the file declares."""
        text: str = etree.tostring(self.section, encoding="unicode", with_tail=False)
        return re.sub(rf' xmlns(:epub)?="({XHTML}|{OPS})"', "", text)


@dataclass
class Book:
    """The text cut into files, and what belongs to it."""

    chapters: list[Chapter]
    images: dict[str, bytes] = field(default_factory=dict)
    fonts: dict[str, bytes] = field(default_factory=dict)


def render(document: Document, tools: Tools) -> bytes:
    """The book as a finished file."""
    body = tools.pandoc.write(web_tree(document.blocks, BOOK, tools.labels), "html5").decode()
    book = Book(_chapters(_parsed(body)))
    _place_notes(book.chapters, tools)
    _take_images(book)
    _rewrite_links(book.chapters, document.front.base_url, document)
    fonts_css = _take_fonts(book, tools)
    context = {
        "document": document, "theme": tools.theme, "labels": tools.labels, "book": book,
        "facts": facts(document.front, tools.labels),
        "contents": contents(document), "lists": lists(document, tools.labels), "file_of": _files(book.chapters),
        "identifier": _identifier(document), "version": tools.identifier, "fonts_css": fonts_css, "types": media_type,
    }  # fmt: skip
    return _zipped(dict(_parts(book, tools, context)))


def _identifier(document: Document) -> str:
    edition = document.edition.id if document.edition else ""
    name = f"{document.front.title}\n{edition}\n{document.lang}"
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}"


def media_type(name: str) -> str:
    """The media type of a file of the book."""
    suffix = name.rpartition(".")[2]
    kinds = {"svg": "svg+xml", "jpg": "jpeg"}
    return "font/woff2" if suffix == "woff2" else f"image/{kinds.get(suffix, suffix)}"


# --------------------------------------------------------------------------- the chapters


def _parsed(body: str) -> Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    text = f'<body xmlns="{XHTML}" xmlns:epub="{OPS}">{body}</body>'
    return etree.fromstring(text.encode(), parser)


def _chapters(body: Element) -> list[Chapter]:
    """The body's elements, a new chapter at each heading of the first level."""
    chapters: list[Chapter] = []
    for element in list(body):
        heading = _opening(element)
        if heading is not None or not chapters:
            name = f"text/ch{len(chapters) + 1:03}.xhtml"
            chapters.append(Chapter(name, etree.Element(_x("section"), nsmap=body.nsmap)))
        if heading is not None:
            chapters[-1].id = heading.get("id", "")
            chapters[-1].title = " ".join("".join(heading.itertext()).split())
        chapters[-1].section.append(element)
    for chapter in chapters:
        _raise_headings(chapter.section)
        if chapter.id:
            chapter.section.set("aria-labelledby", chapter.id)
    return chapters


def _opening(element: Element) -> Element | None:
    """The heading of the first level that an element is or begins with."""
    while element.tag == _x("div") and len(element):
        element = element[0]
    return element if element.tag == _x("h2") else None


def _raise_headings(section: Element) -> None:
    """A chapter's heading is the h1 of its file."""
    for level in range(2, 7):
        for heading in list(section.iter(_x(f"h{level}"))):
            heading.tag = _x(f"h{level - 1}")


def _place_notes(chapters: Sequence[Chapter], tools: Tools) -> None:
    """Each note to the end of the chapter that calls it."""
    found: dict[str, Element] = {}
    for chapter in chapters:
        for section in list(chapter.section.iter(_x("section"))):
            if section.get("role") == "doc-endnotes":
                found |= {item.get("id", ""): item for item in section.iter(_x("li"))}
                section.getparent().remove(section)
    for chapter in chapters:
        for call in list(chapter.section.iter(_x("a"))):
            is_call = call.get("role") == "doc-noteref"
            note = found.pop(call.get("href", "")[1:], None) if is_call else None
            if note is not None:
                call.set(f"{{{OPS}}}type", "noteref")
                number = "".join(call.itertext())
                chapter.section.append(_aside(note, number, tools.labels("back-to-text")))


def _aside(note: Element, number: str, back: str) -> Element:
    aside = etree.Element(_x("aside"), {"id": note.get("id"), "role": "doc-footnote"})
    aside.set(f"{{{OPS}}}type", "footnote")
    aside.extend(list(note))
    label = etree.Element(_x("span"), {"class": "note-number"})
    label.text = number
    if len(aside) and aside[0].tag == _x("p"):
        label.tail = " " + (aside[0].text or "")
        aside[0].text = ""
        aside[0].insert(0, label)
    else:
        aside.insert(0, label)
    for link in aside.iter(_x("a")):
        if link.get("role") == "doc-backlink":
            link.set("aria-label", back)
    return aside


# ------------------------------------------------------------------- images, fonts, links


def _take_images(book: Book) -> None:
    """Pictures out of the text into files of their own, each once."""
    for chapter in book.chapters:
        for image in chapter.section.iter(_x("img")):
            head, _, content = image.get("src", "").partition(",")
            if not head.startswith("data:image/"):
                continue
            encoded = head.endswith(";base64")
            raw = base64.b64decode(content) if encoded else unquote_to_bytes(content)
            kind = head.removeprefix("data:image/").partition(";")[0]
            digest = hashlib.sha256(raw).hexdigest()[:16]
            name = f"images/{digest}.{SUFFIXES.get(kind, kind)}"
            book.images[name] = raw
            image.set("src", f"../{name}")


def _take_fonts(book: Book, tools: Tools) -> str:
    """The style rules of the fonts, which become files of their own."""

    def named(match: re.Match[str]) -> str:
        name = f"fonts/face{len(book.fonts) + 1}.woff2"
        book.fonts[name] = base64.b64decode(match[1])
        return f"url(../{name})"

    return FONT.sub(named, screen_css(tools.faces, tools.cache)) if tools.faces else ""


def _files(chapters: Sequence[Chapter]) -> Mapping[str, str]:
    """The file of every id."""
    return {
        element.get("id"): chapter.name
        for chapter in chapters
        for element in chapter.section.iter(etree.Element)
        if element.get("id")
    }


def _rewrite_links(chapters: Sequence[Chapter], base: str, document: Document) -> None:
    """Links across files with the file's name; what lies beside the book by its full address."""
    files = _files(chapters)
    edition = document.edition.id if document.edition else ""
    folder = (
        f"{base.rstrip('/')}/{PurePosixPath(document.source.path).stem}/{edition}/" if base else ""
    )
    for chapter in chapters:
        for link in list(chapter.section.iter(_x("a"))):
            href = link.get("href", "")
            name = files.get(href[1:], chapter.name) if href.startswith("#") else ""
            if name:
                path = "" if name == chapter.name else name.removeprefix("text/")
                link.set("href", f"{path}{href}")
            elif not urlsplit(href).scheme:
                _out_of_book(link, href, folder)


def _out_of_book(link: Element, href: str, base: str) -> None:
    if base:
        link.set("href", urljoin(base, href))
        return
    link.tag = _x("span")
    for name in ("href", "target", "rel", "role"):
        link.attrib.pop(name, None)


def _x(tag: str) -> str:
    return f"{{{XHTML}}}{tag}"


# ----------------------------------------------------------------------------- the package

CONTAINER = """<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles>
<rootfile full-path="EPUB/content.opf" media-type="application/oebps-package+xml"/>
</rootfiles>
</container>
"""


def _parts(book: Book, tools: Tools, context: Mapping[str, Any]) -> Iterator[tuple[str, bytes]]:
    """Name and content of every file, in the order of the archive."""

    def made(template: str, **more: Any) -> bytes:
        return tools.templates.render(f"epub/{template}.j2", **context, **more).encode()

    yield "META-INF/container.xml", CONTAINER.encode()
    yield "EPUB/content.opf", made("content.xml")
    yield "EPUB/nav.xhtml", made("nav.xhtml")
    yield "EPUB/css/book.css", made("epub.css")
    yield "EPUB/text/title.xhtml", made("title.xhtml")
    for chapter in book.chapters:
        yield f"EPUB/{chapter.name}", made("chapter.xhtml", chapter=chapter)
    for name, content in sorted({**book.images, **book.fonts}.items()):
        yield f"EPUB/{name}", content


def _zipped(parts: Mapping[str, bytes]) -> bytes:
    """The archive; the media type comes first and as it is, so that it can be read at offset 38."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in {"mimetype": b"application/epub+zip", **parts}.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            stored = name == "mimetype" or name.endswith((".woff2", ".png", ".jpg"))
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            archive.writestr(entry, content, compresslevel=9)
    return buffer.getvalue()
