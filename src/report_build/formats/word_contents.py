"""What stands in the table of contents before Word updates it?

The same as after: the headings with their numbers, without their notes, each a link, with
the page that it has in the PDF of the edition.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from report_build import nodes as n
from report_build.formats import word_fields as fields
from report_build.formats.markup import Listing
from report_build.formats.word_nodes import GAP, NBSP, raw, raw_block, styled
from report_build.formats.word_xml import quoted, run, text
from report_build.wording import WORDLESS

DEPTH = 3
GALLERY = "Table of Contents"


def contents(
    blocks: n.Blocks, title: str, pages: Mapping[str, int], hang: bool, depth: int = DEPTH
) -> n.Blocks:
    """The contents of a document as blocks for pandoc; none if it has no headings."""
    headings = [
        node
        for node in n.walk(blocks)
        if isinstance(node, n.Header) and node.level <= depth
        if node.attr.id and "unlisted" not in node.attr.classes
    ]
    if not headings:
        return ()
    top = min(heading.level for heading in headings)
    lines = [_entry(heading, pages.get(heading.attr.id), hang) for heading in headings]
    lines[0] = (raw(_field_start(f'TOC \\o "1-{depth}" \\h \\z')), *lines[0])
    lines[-1] = (*lines[-1], raw(run('<w:fldChar w:fldCharType="end"/>')))
    entries = (
        styled(f"toc {heading.level - top + 1}", (n.Para(line),))
        for heading, line in zip(headings, lines, strict=True)
    )
    heading = styled("TOC Heading", (n.Para(n.text(title)),))
    return (raw_block(_START), heading, *entries, raw_block("</w:sdtContent></w:sdt>"))


def listing(one: Listing, pages: Mapping[str, int]) -> n.Blocks:
    """A list of figures or tables: a field that collects the captions of that kind as they are."""
    lines: list[n.Inlines] = []
    for entry in one.entries:
        name, page = fields.bookmark_name(entry.id), pages.get(entry.id)
        label = run(text(f"{one.noun}{NBSP}{entry.number} "))
        end = run("<w:tab/>") + fields.page_of(name, str(page)) if page else ""
        start = raw(fields.hyperlink_start(name) + label)
        lines.append((start, *n.text(entry.title), raw(end + "</w:hyperlink>")))
    lines[0] = (raw(_field_start(f'TOC \\h \\z \\c "{one.kind.capitalize()}"')), *lines[0])
    lines[-1] = (*lines[-1], raw(run('<w:fldChar w:fldCharType="end"/>')))
    heading = styled("Contents Heading", (n.Para(n.text(one.title)),))
    return (heading, *(styled("table of figures", (n.Para(line),)) for line in lines))


_START = (
    f"<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val={quoted(GALLERY)}/>"
    "<w:docPartUnique/></w:docPartObj></w:sdtPr><w:sdtContent>"
)


def _field_start(instruction: str) -> str:
    code = f'<w:instrText xml:space="preserve"> {instruction} </w:instrText>'
    return (
        run('<w:fldChar w:fldCharType="begin"/>')
        + run(code)
        + run('<w:fldChar w:fldCharType="separate"/>')
    )


def _entry(heading: n.Header, page: int | None, hang: bool) -> n.Inlines:
    name = fields.bookmark_name(heading.attr.id)
    number = heading.attr.get("number")
    words: n.Inlines = bare(heading.inlines)
    if number:
        words = (raw(_numbered(number, heading, hang)), *words)
    end = ""
    if page:
        end = run("<w:tab/>") + fields.page_of(name, str(page))
    return (raw(fields.hyperlink_start(name)), *words, raw(end + "</w:hyperlink>"))


def _numbered(number: str, heading: n.Header, hang: bool) -> str:
    """A number with what parts it from its title, as in the heading."""
    words = text(number.replace(" ", NBSP))
    if heading.attr.get("numbered-as") in WORDLESS:
        return run(words + text(GAP) + "<w:br/>", "HeadingLabel")
    tabbed = hang and heading.level > 1
    return run(words + ("<w:tab/>" if tabbed else text(GAP)))


def bare(inlines: n.Inlines) -> n.Inlines:
    """A heading's words with their emphasis, but without notes, links, anchors and pictures."""

    def change(node: Any) -> Any:
        match node:
            case n.Note() | n.Image() | n.RawInline():
                return ()
            case n.Link() | n.Span():
                return node.inlines
            case n.LineBreak():
                return n.Space()
            case _:
                return node

    return n.rewrite(inlines, change)
