"""What is in a finished PDF, by ISO 32000-1?"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pikepdf

from report_build.proofs.opened import Link, Opened, plain


def read(form: str, content: bytes) -> Opened:
    """A PDF, read with pikepdf and, for the words on its pages, PDFium."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        named = _destinations(pdf)
        pages = {page.objgen: index for index, page in enumerate(pdf.pages, 1)}
        where = {name: (pages.get(array[0].objgen, 0), float(array[3])) for name, array in named}
        raw = list(_annotations(pdf))
        outline, titles = _outline(pdf, pages)
        texts = [*titles, *_strings(pdf), *_streams(pdf)]
        dates = [_date(str(pdf.docinfo.get(key, ""))) for key in ("/CreationDate", "/ModDate")]
        pictures = [*_pictures(pdf), *_attachments(pdf)]
        identifier = _identifier(pdf)
    printed = _Printed(content)
    links = [printed.link(*one) for one in raw]
    texts += printed.texts
    texts += printed.anywhere
    texts += [x for version in _versions(content) for x in read(form, version).texts]
    lost = [
        (f"the outline's “{title}” leads to no place with a name", "")
        for title, place in outline
        if not any(_near(place, other) for other in where.values())
    ]
    targets = {name: page for name, (page, _) in where.items()}
    headings, contents = _listed(outline, where, links, targets)
    return Opened(
        targets=tuple(name for name, _ in named),
        links=tuple(links),
        texts=tuple(texts),
        names=tuple(name for name, _ in named),
        pages=targets,
        headings=headings,
        contents=contents,
        broken=tuple(lost),
        dates=tuple(date for date in dates if date),
        pictures=tuple(pictures),
        identifier=identifier,
        sheets=tuple(printed.texts),
    )


def _versions(content: bytes) -> Iterator[bytes]:
    """The file before its last update; what an update replaces is still in the file."""
    ends = [met.end() for met in re.finditer(rb"%%EOF\s*", content)]
    if len(ends) > 1:
        yield content[: ends[-2]]


def _near(one: tuple[int, float], other: tuple[int, float]) -> bool:
    return one[0] == other[0] and abs(one[1] - other[1]) < 1


def destinations(pdf: pikepdf.Pdf) -> Any:
    """The tree of a PDF's named destinations, or nothing."""
    names: Any = pdf.Root.get("/Names")
    return None if names is None else names.get("/Dests")


def _destinations(pdf: pikepdf.Pdf) -> list[tuple[str, Any]]:
    tree = destinations(pdf)
    items = pikepdf.NameTree(tree).items() if tree is not None else ()
    return [(str(k), v if isinstance(v, pikepdf.Array) else v.D) for k, v in items]


def _annotations(pdf: pikepdf.Pdf) -> Iterator[tuple[int, str, str, tuple[float, ...]]]:
    """Links within the file: page, target, words, rectangle."""
    for index, page in enumerate(pdf.pages):
        for annotation in page.get("/Annots", ()):
            action: Any = annotation.get("/A", {})
            target = annotation.get("/Dest") or action.get("/D")
            if isinstance(target, pikepdf.String | pikepdf.Name):
                words = plain(str(annotation.get("/Contents", "")))
                rectangle = tuple(float(x) for x in annotation.Rect)
                yield index, str(target), words, rectangle


def _outline(pdf: pikepdf.Pdf, pages: Mapping[Any, int]) -> tuple[list[Any], list[str]]:
    found: list[tuple[str, tuple[int, float]]] = []

    def visit(items: Any) -> None:
        for item in items:
            array = item.destination
            if isinstance(array, pikepdf.Array):
                found.append((plain(item.title), (pages.get(array[0].objgen, 0), float(array[3]))))
            else:
                found.append((plain(item.title), (0, 0.0)))
            visit(item.children)

    with pdf.open_outline() as outline:
        visit(outline.root)
    return found, [title for title, _ in found]


def _listed(
    outline: list[Any], where: Mapping[str, Any], links: list[Link], targets: Mapping[str, int]
) -> tuple[tuple[tuple[str, str], ...], tuple[Link, ...]]:
    """The headings of the outline by their names, and the entries of the printed contents."""
    entries = tuple(link for link in links if link.page is not None and link.words)
    listed = {link.target for link in entries}
    headings = []
    for title, place in outline:
        names = [name for name, other in where.items() if _near(place, other)]
        name = next((x for x in names if x in listed), names[0] if names else "")
        if name in listed:
            headings.append((name, title.replace(" · ", " ")))
    chosen = {name for name, _ in headings}
    return tuple(headings), tuple(link for link in entries if link.target in chosen)


def _strings(pdf: pikepdf.Pdf) -> Iterator[str]:
    """All strings in all objects: properties, alternatives, descriptions, titles, scripts."""

    def visit(value: Any, depth: int = 0) -> Iterator[str]:
        if isinstance(value, pikepdf.String):
            yield str(value)
        elif isinstance(value, pikepdf.Name):
            names.add(str(value))
        elif isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
            items = (
                value.items()
                if isinstance(value, pikepdf.Dictionary)
                else value.stream_dict.items()
            )
            for key, inner in items:
                names.add(key)
                if not (isinstance(inner, pikepdf.Object) and inner.is_indirect) and depth < 20:
                    yield from visit(inner, depth + 1)
        elif isinstance(value, pikepdf.Array):
            for inner in value:
                if not (isinstance(inner, pikepdf.Object) and inner.is_indirect) and depth < 20:
                    yield from visit(inner, depth + 1)

    names: set[str] = set()
    for value in (*pdf.objects, pdf.trailer):
        yield from visit(value)
    yield from names


DRAWN = re.compile(rb"\(((?:[^()\\]|\\.)*)\)|<(FEFF[0-9A-F\s]*)>|%([^\r\n]*)", re.I | re.S)


def _streams(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Metadata, scripts and other streams that are text; strings and comments in drawings."""
    for value in pdf.objects:
        if isinstance(value, pikepdf.Stream) and value.get("/Subtype") != "/Image":
            try:
                content = value.read_bytes()
            except pikepdf.PdfError:  # of a kind that is not compressed as text is
                continue
            if content.lstrip()[:1] in (b"<", b"{", b"/"):
                yield content.decode("utf-8", "replace")
            if not content.startswith((b"<", b"{", *FONTS)):
                yield "".join(map(_drawn, DRAWN.findall(content)))


FONTS = (b"\x00\x01\x00\x00", b"OTTO", b"true", b"ttcf", b"\x01\x00")
"""What a font's file begins with."""


def _drawn(met: tuple[bytes, bytes, bytes]) -> str:
    literal, wide, comment = met
    if wide:
        return f" {bytes.fromhex(wide.decode()).decode('utf-16', 'replace')} "
    return (literal or comment).decode("latin-1")


def _pictures(pdf: pikepdf.Pdf) -> Iterator[tuple[str, bytes]]:
    for value in pdf.objects:
        if isinstance(value, pikepdf.Stream) and value.get("/Subtype") == "/Image":
            yield "image", value.read_raw_bytes()


def _attachments(pdf: pikepdf.Pdf) -> Iterator[tuple[str, bytes]]:
    for name, spec in pdf.attachments.items():
        yield name, spec.get_file().read_bytes()


def _date(text: str) -> str:
    found = re.match(r"D:(\d{4})(\d\d)?(\d\d)?", text)
    return "-".join(part for part in found.groups() if part) if found else ""


def _identifier(pdf: pikepdf.Pdf) -> str:
    if "/Metadata" not in pdf.Root:
        return ""
    text = pdf.Root.Metadata.read_bytes().decode("utf-8", "replace")
    found = re.search(r"<dc:identifier>([^<]*)</dc:identifier>", text)
    return found[1] if found else ""


class _Printed:
    """The words on the pages."""

    def __init__(self, content: bytes) -> None:
        import pypdfium2

        self.document = pypdfium2.PdfDocument(content)
        self.pages = [self.document[index].get_textpage() for index in range(len(self.document))]
        self.texts = [page.get_text_bounded() for page in self.pages]
        self.anywhere = [page.get_text_range() for page in self.pages]

    def link(self, page: int, target: str, words: str, rectangle: tuple[float, ...]) -> Link:
        """A link with the page number that it prints after its words, as contents do."""
        shown = _tokens(self.pages[page].get_text_bounded(*rectangle))
        return Link(target, words, page=_after(_tokens(words), shown))


def _after(words: list[str], shown: list[str]) -> int | None:
    """The number that is shown besides words.

    PDFium may put it close to their last one, and may not show the first ones, since the number of
    a section hangs beside the link.
    """
    rest = list((Counter(shown) - Counter(words)).elements())
    if len(rest) != 1 or not words:
        return None
    last, before = words[-1:], shown[: shown.index(rest[0])][-1:]
    lost = Counter(words) - Counter(shown)
    hanging = [Counter(words[:count]) for count in range(len(words))]
    apart = lost in hanging and (before == last or lost - Counter(last) not in hanging)
    close = lost in [some + Counter(last) for some in hanging] and not apart
    number = rest[0].removeprefix(last[0]) if close else rest[0]
    return int(number) if number.isdecimal() else None


def _tokens(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())
