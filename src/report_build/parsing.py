"""How does a text become a document?

Comments are blanked out, pandoc makes the tree, every node gets its place, shorthands their
meaning and headings their ids.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from report_build import nodes as n
from report_build.diagnostics import Diagnostic
from report_build.document import Document
from report_build.frontmatter import FrontMatter, Reading
from report_build.locate import locate
from report_build.pandoc import Pandoc
from report_build.placement import placed_conditions
from report_build.shorthands import (
    equations,
    implicit_references,
    labelled_notes,
    shortcodes,
)
from report_build.texts import Text


def parse(
    text: Text, reading: Reading, front: FrontMatter, pandoc: Pandoc
) -> tuple[Document, tuple[Diagnostic, ...]]:
    """A text as a document, with its front matter, which was read before."""
    source, start = text.source, text.start
    located = locate(source.text[:start] + text.body, pandoc.markdown(text.body), start)
    problems: list[Diagnostic] = []
    blocks = shortcodes(located.blocks, located.words, source, front, problems)
    blocks = labelled_notes(equations(blocks, source), located.words, source)
    blocks = column_widths(placed_conditions(blocks))
    blocks = implicit_references(with_ids(blocks, SLUGS[front.ids]), located.words)
    return Document(source, front, reading.places, blocks, located.words), tuple(problems)


def column_widths(blocks: n.Blocks) -> n.Blocks:
    """Tables whose columns have the widths that `widths="20 80"` asks for, or a drawing shows.

    The shares of a table add up to 1; a table without any gets its columns by their content.
    """

    def shared(node: Any) -> Any:
        if not isinstance(node, n.Table):
            return node
        attr, caption, columns, head, bodies, foot = node.c
        drawn = [getattr(width, "c", None) or 0.0 for _, width in columns]
        asked = [float(x) for x in re.findall(r"\d+(?:\.\d+)?", attr.get("widths"))]
        shares = asked if len(asked) == len(columns) else drawn
        if not all(shares):
            return n.Table((attr.without("widths"), caption, columns, head, bodies, foot))
        widths = [n.Tag("ColWidth", share / sum(shares)) for share in shares]
        new = tuple((align, width) for (align, _), width in zip(columns, widths, strict=True))
        return n.Table((attr.without("widths"), caption, new, head, bodies, foot))

    return n.rewrite(blocks, shared)


def slug(title: str) -> str:
    """An id from a title: letters without accents, digits and hyphens, beginning with a letter."""
    folded = unicodedata.normalize("NFKD", title.casefold())
    ascii_only = "".join(c for c in folded if not unicodedata.combining(c))
    words = re.findall(r"[^\W_]+", ascii_only.replace("'", "").replace("’", ""))
    name = "-".join(words)
    return name if name[:1].isalpha() else f"section-{name}".rstrip("-")


def github_slug(title: str) -> str:
    """An id as the forges make it: `4.3 Terms & Definitions` → `43-terms--definitions`."""
    kept = (c for c in title.lower() if c.isalnum() or c in "-_ " or unicodedata.combining(c))
    return "".join(kept).replace(" ", "-")


def pandoc_slug(title: str) -> str:
    """An id as pandoc makes it (manual, “Extension: auto_identifiers”)."""
    kept = "".join(c for c in title if c.isalnum() or c in "_-." or c.isspace())
    name = "-".join(kept.lower().split())
    return re.sub(r"^[^a-zà-ÿ]+", "", name) or "section"


SLUGS: Mapping[str, Callable[[str], str]] = {
    "plain": slug,
    "github": github_slug,
    "pandoc": pandoc_slug,
}
"""How ids are made from titles, by what the front matter calls it."""


def with_ids(blocks: n.Blocks, slug: Callable[[str], str] = slug) -> n.Blocks:
    """Every heading with an id; a made one never equals another and never depends on order alone.

    Equal titles are told apart by the id of the section above them, so that an id stays the
    same when another country's section is left out; with the slugs of others, by a number, as
    these do it.
    """
    numbered_only = slug is not SLUGS["plain"]
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
            if (titles[name] > 1 or taken[name]) and above and not numbered_only:
                name = f"{above[-1][1]}-{name}"
            base, count = name, 0 if numbered_only else 1
            while taken[name]:
                count += 1
                name = f"{base}-{count}"
            taken[name] += 1
            attr = attr.with_id(name).with_pairs(data_auto="")
        above.append((node.level, attr.id))
        return n.Header((node.level, attr, node.inlines))

    return n.rewrite(blocks, named)
