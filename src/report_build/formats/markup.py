"""How does the resolved tree become HTML? Shared by the page, the PDF and the EPUB."""

from __future__ import annotations

import base64
import html
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_to_bytes

from PIL import Image

from report_build import nodes as n
from report_build.document import Document
from report_build.formats.formulas import drawing
from report_build.labels import Labels

NBSP = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Entry:
    """A heading as the table of contents shows it."""

    id: str
    number: str
    kind: str
    title: str
    level: int
    entries: tuple[Entry, ...] = ()


def contents(document: Document, depth: int = 3) -> tuple[Entry, ...]:
    """The headings of a document, nested, down to a level."""
    flat = [
        Entry(
            node.attr.id, node.attr.get("number"), node.attr.get("numbered-as"),
            n.plain(node.inlines), node.level,
        )
        for node in document.walked
        if isinstance(node, n.Header) and node.level <= depth
        if "unlisted" not in node.attr.classes
    ]  # fmt: skip
    return _nested(flat)


@dataclass(frozen=True)
class Listing:
    """All figures or all tables, as a list after the contents shows them."""

    kind: str
    title: str
    noun: str
    """What stands before a number in the captions."""
    entries: tuple[Entry, ...]


def lists(document: Document, labels: Labels) -> tuple[Listing, ...]:
    """The lists that the front matter asks for, of what is in the document."""
    found = []
    for name in ("figures", "tables"):
        kind = name.removesuffix("s")
        entries = tuple(_listed(document, kind)) if name in document.front.lists else ()
        if entries:
            noun = labels.noun(kind, capital=True)
            found.append(Listing(kind, labels(f"list-of-{name}"), noun, entries))
    return tuple(found)


def _listed(document: Document, kind: str) -> Iterator[Entry]:
    for node in document.walked:
        if not isinstance(node, n.Table | n.Figure) or type(node).__name__.lower() != kind:
            continue
        if number := node.attr.get("number"):
            yield Entry(node.attr.id, number, kind, caption_words(node.caption), 3)


def caption_words(caption: n.Caption) -> str:
    """A caption's first paragraph without its label: what a list of tables shows."""

    def unlabelled(node: Any) -> Any:
        is_label = isinstance(node, n.Span) and "caption-label" in node.attr.classes
        return () if is_label else node

    return n.plain(n.rewrite(caption.blocks[:1], unlabelled)).strip()


def _nested(flat: list[Entry]) -> tuple[Entry, ...]:
    found: list[Entry] = []
    while flat:
        first, rest = flat[0], flat[1:]
        inner = []
        while rest and rest[0].level > first.level:
            inner.append(rest.pop(0))
        found.append(
            Entry(first.id, first.number, first.kind, first.title, first.level, _nested(inner))
        )
        flat = rest
    return tuple(found)


@dataclass(frozen=True)
class Medium:
    """What HTML is made for."""

    inline_svg: bool = False
    """Charts as elements of the page, whose words can be searched and read."""
    paged: bool = False
    """Pages with numbers, notes at their feet, formulas as drawings."""


SCREEN, BOOK, PAPER = Medium(inline_svg=True), Medium(), Medium(paged=True)


def web_tree(blocks: n.Blocks, medium: Medium, labels: Labels) -> n.Blocks:
    """The tree with headings one level down (the title is the only h1), numbers, abbreviations,
    scrolling tables, notes, formulas and charts as HTML has them."""
    notes = {} if medium.paged else named_notes(blocks)

    def change(node: Any) -> Any:
        match node:
            case n.Header(c=(level, attr, inlines)):
                return _heading(level, attr, inlines, medium)
            case n.Link(c=(attr, inlines, (url, title))) if url[1:] in notes:
                return n.Link((attr, inlines, (f"#fn{notes[url[1:]]}", title)))
            case n.Span():
                return _span(node, medium, labels, notes)
            case n.Table():
                return _table(node)
            case n.CodeBlock(c=(attr, code)):  # without a language pandoc adds no marks to it
                return n.CodeBlock((n.Attr(attr.id, (), attr.pairs), code))
            case n.Image() if medium.paged and "decorative" in node.attr.classes:
                return _ornament(node)
            case n.Math(c=(kind, tex)) if medium.paged:
                return drawing(tex, kind.t == "DisplayMath")
            case n.Image(c=(attr, inlines, (url, _))):
                return _image(attr, inlines, url, medium.inline_svg)
            case n.Figure(c=(attr, caption, inner)):
                clean = attr.without(*_OURS)
                if "chart" in attr.classes and medium is SCREEN:  # it may scroll on a phone
                    clean = clean.with_pairs(tabindex="0")
                return n.Figure((clean, _with_alias(caption, attr), inner))
            case _:
                return node

    return n.rewrite(blocks, change)


def named_notes(blocks: n.Blocks) -> dict[str, int]:
    """The number of each note that more than one call or reference leads to."""
    found: dict[str, int] = {}
    count = 0
    for node in n.walk(blocks):
        if isinstance(node, n.Span) and "note-named" in node.attr.classes:
            found[node.attr.id] = count + 1
        count += isinstance(node, n.Note)
    return found


def _span(node: n.Span, medium: Medium, labels: Labels, notes: dict[str, int]) -> Any:
    attr, inlines = node.c
    classes = attr.classes
    if "abbr" in classes:
        title = html.escape(attr.get("title"))
        return (_raw(f'<abbr title="{title}">'), *inlines, _raw("</abbr>"))
    if "note-named" in classes:
        return inlines if not medium.paged else node
    if "note-again" in classes:
        return _note_again(attr.get("for"), n.plain(inlines), notes)
    if "ref-page" in classes:
        return _page_reference(inlines, labels) if medium.paged else inlines
    if "equation" in classes and attr.has("number"):
        number = n.Span((n.Attr("", ("equation-number",)), (n.Str(f"({attr.get('number')})"),)))
        return n.Span((n.Attr(attr.id, classes), (*inlines, n.Space(), number)))
    return n.Span((attr.without("for"), inlines))


def _note_again(target: str, number: str, notes: dict[str, int]) -> n.Link:
    """A further call of a note."""
    attr = n.Attr("", ("footnote-ref", "note-again"), (("role", "doc-noteref"),))
    url = f"#fn{notes[target]}" if target in notes else f"#{target}"
    return n.Link((attr, (n.Superscript((n.Str(number),)),), (url, "")))


def _page_reference(inlines: n.Inlines, labels: Labels) -> n.Inlines:
    """“page 12”: the words, and a link whose number the page's layout puts there."""
    (reference,) = inlines
    assert isinstance(reference, n.Link)
    words = labels("page", page="").strip()
    attr = n.Attr("", ("ref", "ref-page"))
    return (n.Link((attr, (n.Str(f"{words}{NBSP}"),), reference.c[2])),)


def _raw(text: str) -> n.RawInline:
    return n.RawInline(("html", text))


def _heading(level: int, attr: n.Attr, inlines: n.Inlines, medium: Medium) -> n.Header:
    number, kind = attr.get("number"), attr.get("numbered-as")
    if number:
        label = n.Attr("", ("header-section-number", f"number-{kind}"))
        words = n.Str(number.replace(" ", NBSP))
        if medium.paged:  # it hangs beside the title, which begins where its later lines do
            inlines = (n.Span((label, (words, n.Space()))), *inlines)
        else:
            inlines = (n.Span((label, (words,))), n.Space(), *inlines)
    if attr.has("alias"):
        inlines = (*inlines, n.Span((n.Attr(attr.get("alias")), ())))
    return n.Header((min(level + 1, 6), attr.without("number", "numbered-as", "alias"), inlines))


def _table(table: n.Table) -> n.Div:
    attr, caption, columns, head, bodies, foot = table.c
    head = n.TableHead(head.attr, tuple(_with_scope(row) for row in head.rows))
    named = _with_alias(caption, attr)
    plain = n.Table((attr.without("number", "alias"), named, columns, head, bodies, foot))
    label = n.plain(caption.blocks)
    pairs: tuple[tuple[str, str], ...] = (("role", "region"), ("tabindex", "0"))
    return n.Div((n.Attr("", ("table-wrap",), (*pairs, ("aria-label", label))), (plain,)))


_OURS = ("number", "alt", "figures", "type", "alias")
"""Attributes of figures that HTML has no use for."""


def _with_alias(caption: n.Caption, attr: n.Attr) -> n.Caption:
    first = caption.blocks[0] if caption.blocks else None
    if not attr.has("alias") or not isinstance(first, n.Plain | n.Para):
        return caption
    mark = n.Span((n.Attr(attr.get("alias")), ()))
    return n.Caption(caption.short, (type(first)((*first.c, mark)), *caption.blocks[1:]))


def _with_scope(row: n.Row) -> n.Row:
    cells = (
        n.Cell(c.attr.with_pairs(scope="col"), c.align, c.rows, c.columns, c.blocks)
        for c in row.cells
    )
    return n.Row(row.attr, tuple(cells))


def _image(attr: n.Attr, inlines: n.Inlines, url: str, inline_svg: bool) -> n.AnyInline:
    alt = attr.get("alt") or n.plain(inlines)
    if inline_svg and "chart" in attr.classes and url.startswith("data:image/svg+xml"):
        svg = svg_of(url)
        label = html.escape(alt)
        head = f'<svg role="img" aria-label="{label}"'
        return _raw(re.sub(r"<svg", head, svg, count=1))
    clean = attr.without("png", "data-at", "alt").with_pairs(alt=alt)
    return n.Image((clean, (), (url, "")))


def _ornament(image: n.Image) -> n.Span:
    """A picture that says nothing, as a background: pages mark those as no part of the text."""
    width, height = _size(image.url)
    wide = image.attr.get("width") or f"{width}px"
    look = (
        f"display:inline-block;width:{wide};max-width:100%;aspect-ratio:{width}/{height};"
        f"background:url({image.url}) center/contain no-repeat"
    )
    return n.Span((n.Attr("", ("decorative",), (("style", look),)), ()))


def _size(url: str) -> tuple[int, int]:
    """Pixels of a picture in a `data:` URI; a square where they are not told."""
    head, _, content = url.partition(",")
    if head.startswith("data:image/svg"):
        found = re.search(r'viewBox="[\d.-]+[ ,]+[\d.-]+[ ,]+([\d.]+)[ ,]+([\d.]+)"', svg_of(url))
        return (round(float(found[1])), round(float(found[2]))) if found else (100, 100)
    with Image.open(io.BytesIO(base64.b64decode(content))) as picture:
        return picture.size


def svg_of(url: str) -> str:
    """The text of an SVG `data:` URI."""
    head, _, content = url.partition(",")
    raw = base64.b64decode(content) if head.endswith(";base64") else unquote_to_bytes(content)
    return raw.decode()


def notes(blocks: n.Blocks) -> Iterator[n.Note]:
    """All footnotes of a document in the order of their calls."""
    return (node for node in n.walk(blocks) if isinstance(node, n.Note))


def inline_notes(blocks: n.Blocks) -> n.Blocks:
    """Footnotes as `span.footnote` at their call, for paged media."""

    def change(node: Any) -> Any:
        if isinstance(node, n.Note):
            attr = n.Attr("", ("footnote",), (("role", "doc-footnote"),))
            return n.Span((attr, flat(node.c)))
        if isinstance(node, n.Span) and "note-named" in node.attr.classes:
            (note,) = node.inlines
            assert isinstance(note, n.Span)
            return n.Span((note.attr.with_id(node.attr.id), note.inlines))
        return node

    return n.rewrite(blocks, change)


def flat(blocks: n.Blocks) -> n.Inlines:
    """The inlines of a note's paragraphs, with line breaks between them."""
    parts: list[n.AnyInline] = []
    for block in blocks:
        inlines = block.c if isinstance(block, n.Para | n.Plain) else n.text(n.plain(block))
        parts += [*([n.LineBreak()] if parts else []), *inlines]
    return tuple(parts)
