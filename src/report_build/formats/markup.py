"""How does the resolved tree become HTML? Shared by the page, the PDF and the EPUB."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_to_bytes

from report_build import nodes as n
from report_build.document import Document

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
        for node in n.walk(document.blocks)
        if isinstance(node, n.Header) and node.level <= depth
        if "unlisted" not in node.attr.classes
    ]  # fmt: skip
    return _nested(flat)


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


def web_tree(blocks: n.Blocks, inline_svg: bool) -> n.Blocks:
    """The tree with headings one level down (the title is the only h1), numbers, abbreviations,
    scrolling tables and charts as HTML has them."""

    def change(node: Any) -> Any:
        match node:
            case n.Header(c=(level, attr, inlines)):
                return _heading(level, attr, inlines)
            case n.Span(c=(attr, inlines)) if "abbr" in attr.classes:
                title = html.escape(attr.get("title"))
                return (_raw(f'<abbr title="{title}">'), *inlines, _raw("</abbr>"))
            case n.Span(c=(attr, inlines)) if attr.has("for"):
                return n.Span((attr.without("for"), inlines))
            case n.Table():
                return _table(node)
            case n.Image(c=(attr, inlines, (url, _))):
                return _image(attr, inlines, url, inline_svg)
            case n.Figure(c=(attr, caption, inner)):
                return n.Figure((attr.without("number", "alt", "figures", "type"), caption, inner))
            case _:
                return node

    return n.rewrite(blocks, change)


def _raw(text: str) -> n.RawInline:
    return n.RawInline(("html", text))


def _heading(level: int, attr: n.Attr, inlines: n.Inlines) -> n.Header:
    number, kind = attr.get("number"), attr.get("numbered-as")
    if number:
        classes = ("header-section-number", f"number-{kind}")
        inlines = (n.Span((n.Attr("", classes), (n.Str(number.replace(" ", NBSP)),))),
                   n.Space(), *inlines)  # fmt: skip
    return n.Header((min(level + 1, 6), attr.without("number", "numbered-as"), inlines))


def _table(table: n.Table) -> n.Div:
    attr, caption, columns, head, bodies, foot = table.c
    head = n.TableHead(head.attr, tuple(_with_scope(row) for row in head.rows))
    plain = n.Table((attr.without("number"), caption, columns, head, bodies, foot))
    label = n.plain(caption.blocks)
    pairs: tuple[tuple[str, str], ...] = (("role", "region"), ("tabindex", "0"))
    return n.Div((n.Attr("", ("table-wrap",), (*pairs, ("aria-label", label))), (plain,)))


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
        return node

    return n.rewrite(blocks, change)


def flat(blocks: n.Blocks) -> n.Inlines:
    """The inlines of a note's paragraphs, with line breaks between them."""
    parts: list[n.AnyInline] = []
    for block in blocks:
        inlines = block.c if isinstance(block, n.Para | n.Plain) else n.text(n.plain(block))
        parts += [*([n.LineBreak()] if parts else []), *inlines]
    return tuple(parts)
