"""How does a text become a document?

Comments are blanked out, pandoc makes the tree, every node gets its place, shortcodes their
values and headings their ids.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import partial
from typing import Any

from report_build import nodes as n
from report_build.diagnostics import Diagnostic, Severity, did_you_mean
from report_build.document import Document
from report_build.frontmatter import FrontMatter, FrontMatterPlaces
from report_build.locate import locate
from report_build.pandoc import Pandoc
from report_build.source import Source
from report_build.verbatim import verbatim


def parse(
    source: Source, front: FrontMatter, places: FrontMatterPlaces, start: int, pandoc: Pandoc
) -> tuple[Document, tuple[Diagnostic, ...]]:
    """A source as a document. `start` is where its body begins; the front matter was read before."""
    body = blanked(source.text[start:], "comment")
    located = locate(source.text[:start] + body, pandoc.markdown(body), start)
    problems: list[Diagnostic] = []
    blocks = _shortcodes(located.blocks, located.words, source, front, problems)
    document = Document(source, front, places, with_ids(blocks), located.words)
    return document, tuple(problems)


def blanked(text: str, *kinds: str) -> str:
    """The text with its comments, fences or code spans as spaces; every offset stays."""
    parts, end = [], 0
    for stretch in verbatim(text):
        if stretch.kind in kinds:
            blank = re.sub(r"[^\n]", " ", text[stretch.start : stretch.end])
            parts += [text[end : stretch.start], blank]
            end = stretch.end
    return "".join((*parts, text[end:]))


def slug(title: str) -> str:
    """An id from a title: letters without accents, digits and hyphens, beginning with a letter."""
    folded = unicodedata.normalize("NFKD", title.casefold())
    ascii_only = "".join(c for c in folded if not unicodedata.combining(c))
    words = re.findall(r"[^\W_]+", ascii_only.replace("'", "").replace("’", ""))
    name = "-".join(words)
    return name if name[:1].isalpha() else f"section-{name}".rstrip("-")


def with_ids(blocks: n.Blocks) -> n.Blocks:
    """Every heading with an id; a made one never equals another and never depends on order alone.

    Equal titles are told apart by the id of the section above them, so that an id stays the
    same when another country's section is left out.
    """
    ids = (getattr(node, "attr", n.NO_ATTR).id for node in n.walk(blocks))
    taken = Counter(name for name in ids if name)
    titles = Counter(
        slug(n.plain(node.inlines))
        for node in n.walk(blocks)
        if isinstance(node, n.Header) and not node.attr.id
    )
    above: list[tuple[int, str]] = []
    captioned = Counter[str]()

    def named(node: Any) -> Any:
        if isinstance(node, n.Table | n.Figure) and node.caption.blocks and not node.attr.id:
            kind = type(node).__name__.lower()
            captioned[kind] += 1
            attr = node.attr.with_id(f"{kind}-{captioned[kind]}").with_pairs(data_auto="")
            return type(node)((attr, *node.c[1:]))
        if not isinstance(node, n.Header):
            return node
        while above and above[-1][0] >= node.level:
            above.pop()
        attr = node.attr
        if not attr.id:
            name = slug(n.plain(node.inlines))
            if (titles[name] > 1 or taken[name]) and above:
                name = f"{above[-1][1]}-{name}"
            base, count = name, 1
            while taken[name]:
                count += 1
                name = f"{base}-{count}"
            taken[name] += 1
            attr = attr.with_id(name).with_pairs(data_auto="")
        above.append((node.level, attr.id))
        return n.Header((node.level, attr, node.inlines))

    return n.rewrite(blocks, named)


def _shortcodes(
    blocks: n.Blocks,
    words: Mapping[int, int],
    source: Source,
    front: FrontMatter,
    problems: list[Diagnostic],
) -> n.Blocks:
    """`{{< meta key >}}` and `{{< pagebreak >}}` replaced; an unknown one is a problem."""

    def problem(at: int, length: int, message: str, hint: str) -> None:
        place = source.place(at, at + length)
        problems.append(Diagnostic("unknown-variable", Severity.ERROR, place, message, hint))

    def inlines(old: n.Inlines) -> n.Inlines:
        new: list[n.AnyInline] = []
        index = 0
        while index < len(old):
            node = old[index]
            end = _shortcode_end(old, index)
            if not end or not isinstance(node, n.Str):
                new.append(node)
                index += 1
                continue
            words_in = n.plain(old[index:end]).removeprefix("{{<").split(">}}")[0].split()
            tail = n.plain(old[end - 1]).partition(">}}")[2]
            key = old[min(index + 4, end - 1)]
            at = words.get(id(key), words.get(id(old[min(index + 2, end - 1)]), 0))
            new.extend(
                _expanded(
                    words_in,
                    front,
                    partial(problem, at, len(words_in[-1])),
                )
            )
            if tail:
                new.append(n.Str(tail))
            index = end
        return tuple(new)

    def change(node: Any) -> Any:
        if isinstance(node, n.Para) and n.plain(node.c).split() == ["{{<", "pagebreak", ">}}"]:
            return n.Div((n.Attr("", ("page-break",)), ()))
        return node

    def sequence(old: Any) -> Any:
        if isinstance(old[0], n.Inline):
            old = inlines(old)
        return tuple(change(n.descend(node, sequence)) for node in old)

    return sequence(blocks) if blocks else ()


def _shortcode_end(old: n.Inlines, start: int) -> int:
    """The index after the shortcode that starts here, or 0."""
    first = old[start]
    if not (isinstance(first, n.Str) and first.c.startswith("{{<")):
        return 0
    for index in range(start, min(start + 8, len(old))):
        node = old[index]
        if isinstance(node, n.Str) and ">}}" in node.c:
            return index + 1
    return 0


def _expanded(words: list[str], front: FrontMatter, problem: Any) -> n.Inlines:
    if words[:1] == ["pagebreak"]:
        return (n.Str("{{< pagebreak >}}"),)
    if words[:1] != ["meta"] or len(words) != 2:
        name = " ".join(words)
        problem(f"unknown shortcode “{name}”", "known are include, meta and pagebreak")
        return ()
    value = front.lookup(words[1])
    if value is None:
        problem(f"the front matter has no “{words[1]}”", did_you_mean(words[1], front.variables))
        return ()
    return n.text(value)
