"""How does WordprocessingML stand in pandoc's tree?

As raw inlines and blocks, as styles by name, and as marks of our own (`rb:…`) in whose place
`word_body` puts Word's way of saying it.
"""

from __future__ import annotations

from typing import Any

from report_build import nodes as n
from report_build.formats.word_xml import NAMESPACES, run, text

NBSP = "\N{NO-BREAK SPACE}"
GAP = "\N{EN SPACE}"
"""Between the number of a heading and its words, where they stand on one line."""
MARK = f'xmlns:rb="{NAMESPACES["rb"]}"'
LONGEST_VALUE = 8
"""Characters of a key figure that find room beside its label."""


def raw(xml: str) -> n.RawInline:
    """WordprocessingML among inlines."""
    return n.RawInline(("openxml", xml))


def raw_block(xml: str) -> n.RawBlock:
    """WordprocessingML among blocks."""
    return n.RawBlock(("openxml", xml))


def section_end(kind: str) -> n.RawBlock:
    """The mark of the end of a section: `cover`, `portrait` or `landscape`."""
    return raw_block(f'<rb:section-end {MARK} rb:kind="{kind}"/>')


def page_break() -> n.RawBlock:
    """The mark of the start of a page."""
    return raw_block(f"<rb:page-break {MARK}/>")


def styled(style: str, blocks: n.Blocks) -> n.Div:
    """Blocks whose paragraphs have a style."""
    attr = n.Attr("", (), (("custom-style", style),))
    return n.Div((attr, as_paragraphs(blocks)))


def as_paragraphs(blocks: n.Blocks) -> n.Blocks:
    """Items of tight lists as paragraphs too: pandoc gives those a style of their own."""

    def change(node: Any) -> Any:
        return n.Para(node.c) if isinstance(node, n.Plain) else node

    return n.rewrite(blocks, change)


def number_run(number: str, wordless: bool) -> str:
    """The number of a heading as a run; a reference to it gets the very same characters."""
    return run(text(number.replace(" ", NBSP)), "HeadingLabel" if wordless else "HeadingNumber")


def term_row(term: n.Inlines, meaning: n.Inlines) -> n.Div:
    """An abbreviation and what it stands for."""
    return styled("Abbreviation", (n.Para((n.Strong(term), _TAB, *meaning)),))


def figure_row(label: n.Inlines, value: n.Inlines) -> n.Div:
    """A key figure and what it measures; notes on it stand on a line of their own."""
    attr = n.Attr("", (), (("custom-style", "Key Figure Value"),))
    gap = _TAB if len(n.plain(value)) <= LONGEST_VALUE else n.LineBreak()
    return styled("Key Figure", (n.Para((n.Span((attr, value)), gap, *_note_below(label))),))


_TAB = raw(run("<w:tab/>"))


def _note_below(label: n.Inlines) -> n.Inlines:
    new: list[n.AnyInline] = []
    for node in label:
        if isinstance(node, n.Span) and "key-figure-note" in node.attr.classes:
            while new and isinstance(new[-1], n.Space | n.SoftBreak):
                new.pop()
            new.append(n.LineBreak())
        new.append(node)
    return tuple(new)


def inlines_of(blocks: n.Blocks) -> n.Inlines:
    """The inlines of several blocks, on lines of their own."""
    return joined(
        tuple(b.c if isinstance(b, n.Para | n.Plain) else n.text(n.plain(b)) for b in blocks)
    )


def joined(parts: tuple[n.Inlines, ...]) -> n.Inlines:
    """Inlines with line breaks between them."""
    whole: n.Inlines = ()
    for part in parts:
        whole = (*whole, n.LineBreak(), *part) if whole else part
    return whole
