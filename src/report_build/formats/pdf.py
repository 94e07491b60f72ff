"""What does an edition look like on paper? This is the only door to WeasyPrint."""

from __future__ import annotations

import io
import logging
import posixpath
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Any
from urllib.parse import urlsplit

import pikepdf
import pydyf
import weasyprint
from weasyprint.css.counters import CounterStyle
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from report_build.document import Document
from report_build.formats import RenderError, Tools, UnmetError, pdf_kinds, pdf_lines, pdf_streams
from report_build.formats.markup import PAPER, Entry, contents, inline_notes, lists, web_tree
from report_build.formats.pdf_standards import VARIANT, claim, prepare
from report_build.theme import Theme
from report_build.title_page import facts

ORIGIN = "http://report.invalid/out/master/edition/"
"""Where a file is thought to lie while it is laid out, so that paths from it can be told."""
POINTS = 72 / 25.4
"""In a millimetre."""
MISSING_GLYPH = re.compile(r"notdef glyph rendered .*\(U\+([0-9A-F]+)\)")
HOST = urlsplit(ORIGIN).hostname


def render(document: Document, tools: Tools) -> bytes:
    """The document as tagged PDF, with its contents, running heads and notes at the foot."""
    return _laid_out(page(document, tools), document.front.base_url, tools.identifier)


def page(document: Document, tools: Tools) -> str:
    """The HTML that is laid out on sheets."""
    blocks = inline_notes(web_tree(document.blocks, PAPER, tools.labels))
    entries, listings = contents(document), lists(document, tools.labels)
    return tools.templates.render(
        "pdf/page.html.j2",
        document=document,
        theme=tools.theme,
        labels=tools.labels,
        facts=facts(document.front, tools.labels),
        body=tools.pandoc.write(blocks, "html5").decode(),
        contents=entries,
        lists=listings,
        closely=not listings and _runs_over(entries, tools.theme),
    )


def _runs_over(entries: Iterable[Entry], theme: Theme) -> bool:
    """Whether contents leave a few lines for a second page, unless they are set closely."""
    place = (theme.page.height - theme.page.top - theme.page.bottom) * POINTS
    return _height(entries, theme, closely=True) <= place < _height(entries, theme)


def _height(entries: Iterable[Entry], theme: Theme, closely: bool = False) -> float:
    """About how high contents are, in points; how many lines an entry has is a guess."""
    width = (theme.page.text_width - theme.page.hang) * POINTS
    title = theme.roles["contents-title"]
    height, space = title.leading, title.space_after
    for entry in _each(entries):
        role = theme.roles[f"contents-{entry.level}"]
        before, after = role.space_before, role.space_after
        if closely:
            before, after = (before / 2, after) if entry.level == 1 else (0.0, 0.0)
        lines = 1 + int(len(entry.title) * role.size * LETTER // width)
        above = theme.roles["heading-number"].leading if entry.kind in ("day", "part") else 0.0
        height += max(space, before) + above + lines * role.leading
        space = after
    return height


def _each(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Entries in the order in which they stand below one another."""
    for entry in entries:
        yield entry
        yield from _each(entry.entries)


LETTER = 0.43
"""How wide a letter is in text, in em."""


def _laid_out(page: str, base: str, identifier: str) -> bytes:
    page, styles = _parted(page)
    with _Complaints() as complaints:
        source = weasyprint.HTML(string=page, base_url=ORIGIN, url_fetcher=_only_data())
        prepare(source.etree_element)
        pdf_lines.prepare()
        pdf_kinds.prepare()
        pdf_streams.prepare()
        laid_out = source.render(font_config=_fonts(), pdf_variant=VARIANT, **styles)
        for sheet in laid_out.pages:
            sheet.links[:] = _outermost([x for x in sheet.links if _is_link(x[-1])])
        boxes = [link[-1] for sheet in laid_out.pages for link in sheet.links]
        claim(laid_out.metadata, identifier)
        content = laid_out.write_pdf(
            pdf_variant=VARIANT, finisher=lambda *_: _describe_links(boxes, base)
        )
    if complaints.found:
        _sheet.cache_clear()  # of some mistakes in it WeasyPrint complains once
        raise _error(complaints.found)
    assert isinstance(content, bytes)
    return content


def _parted(page: str) -> tuple[str, dict[str, Any]]:
    """A page without its styles, and these as options of `render`.

    Styles are parted from their page only if there are no others: those of the page itself would
    win against them, or lose.
    """
    found = STYLE.findall(page)
    rest = STYLE.sub("", page)
    if len(found) != 1 or OTHERS.search(rest):
        return page, {}
    sheet, counters = _sheet(found[0])
    return rest, {"stylesheets": [sheet], "counter_style": counters}


STYLE = re.compile(r"<style>(.*?)</style>", re.S)
OTHERS = re.compile(r"<link\b|<style\b|<!--|!\s*important\b", re.I)


@lru_cache(maxsize=8)
def _sheet(text: str) -> tuple[weasyprint.CSS, CounterStyle]:
    """Styles as WeasyPrint has them once they are read; most editions have the same."""
    counters = CounterStyle()
    with _Complaints() as complaints:
        sheet = weasyprint.CSS(
            string=text,
            base_url=ORIGIN,
            url_fetcher=_only_data(),
            font_config=_fonts(),
            counter_style=counters,
        )
    if complaints.found:
        raise _error(complaints.found)
    return sheet, counters


def _error(complaints: list[str]) -> RenderError:
    """What WeasyPrint complained of; characters without a glyph by themselves."""
    found = [MISSING_GLYPH.search(complaint) for complaint in complaints]
    if not all(found):
        return RenderError("; ".join(complaints))
    characters = [chr(int(one[1], 16)) for one in found if one]
    asked = {c: f"no font has “{c}” (U+{ord(c):04X} {unicodedata.name(c, '')})" for c in characters}
    return UnmetError("glyphs", asked, "add a font that has it to theme.yml")


def _is_link(box: Any) -> bool:
    """Whether a box is that of a link itself; those inside it would be links a second time.

    PDF/UA-1, 7.18.5: every link annotation is in a Link structure element.
    """
    return bool(box.element_tag == "a")


def _outermost(links: list[Any]) -> list[Any]:
    """Links without those that lie within another one of the same element."""

    def lies_in(one: Any, other: Any) -> bool:
        (a, b, c, d), (e, f, g, h) = one[2], other[2]
        inside = e <= a and c <= g and min(f, h) <= min(b, d) and max(b, d) <= max(f, h)
        return one is not other and one[-1].element is other[-1].element and inside

    kept: list[Any] = []
    for link in links:
        if not any(lies_in(link, other) for other in kept):
            kept = [other for other in kept if not lies_in(other, link)]
            kept.append(link)
    return kept


def _describe_links(boxes: Iterable[Any], base: str) -> None:
    """Every link says by its words where it leads; a path leads from where the file lies.

    PDF/UA-1, 7.18.5: the key Contents of a link annotation describes it.
    """
    for box in boxes:
        annotation = box.link_annotation
        words = "".join(box.element.itertext())
        if "ref-page" in box.element.get("class", ""):  # its number is the layout's
            words = "".join(x.text for x in box.descendants() if hasattr(x, "text"))
        annotation["Contents"] = pydyf.String(" ".join(words.split()))
        if "A" in annotation:
            uri = annotation["A"]["URI"].string
            annotation["A"]["URI"] = pydyf.String(_published(uri, base))


def _published(uri: str, base: str) -> str:
    """The address of a link: beside the file, or where the deliverables are published."""
    parts = urlsplit(uri)
    if parts.hostname != HOST:
        return uri
    tail = f"#{parts.fragment}" if parts.fragment else ""
    if base:
        return f"{base.rstrip('/')}/{parts.path.removeprefix('/out/')}{tail}"
    return posixpath.relpath(parts.path, urlsplit(ORIGIN).path) + tail


@cache
def _fonts() -> FontConfiguration:
    """One configuration for each process: a new one for each document would leak."""
    return FontConfiguration()


@cache
def _only_data() -> URLFetcher:
    """Nothing is fetched: all that a page shows is in it."""
    return URLFetcher(allowed_protocols=["data"], fail_on_errors=True)


class _Complaints(logging.Handler):
    """Collects what WeasyPrint only logs: missing anchors and images, glyphs, bad styles."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.found.append(record.getMessage())

    def __enter__(self) -> _Complaints:
        logger = logging.getLogger("weasyprint")
        logger.addHandler(self)
        logger.propagate = False
        return self

    def __exit__(self, *error: object) -> None:
        logging.getLogger("weasyprint").removeHandler(self)


def pages(content: bytes) -> tuple[Mapping[str, int], int]:
    """On which page each named destination of a finished PDF is, and how many pages it has."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        number: dict[Any, int] = {page.objgen: index for index, page in enumerate(pdf.pages, 1)}
        named: Any = pdf.Root.get("/Names")
        tree = None if named is None else named.get("/Dests")
        names = pikepdf.NameTree(tree).items() if tree is not None else ()
        found = {}
        for name, destination in names:
            array: Any = destination if isinstance(destination, pikepdf.Array) else destination.D
            found[str(name)] = number[array[0].objgen]
        return found, len(number)
