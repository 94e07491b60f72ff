"""From where is a place referred to? On a screen each target leads back to what refers to it."""

from __future__ import annotations

import html
from typing import Any

from report_build import nodes as n
from report_build.labels import Labels


def with_back_references(blocks: n.Blocks, labels: Labels) -> n.Blocks:
    """Headings, tables and figures with links back, folded away; references with ids for them."""
    found: dict[str, list[tuple[str, str]]] = {}
    heading = ""
    count = 0

    def named(node: Any) -> Any:
        nonlocal heading, count
        if isinstance(node, n.Header):
            number = node.attr.get("number")
            heading = f"{number} {n.plain(node.inlines)}".strip()
        elif isinstance(node, n.Link) and "ref" in node.attr.classes and node.url[:1] == "#":
            count += 1
            found.setdefault(node.url[1:], []).append((f"ref-{count}", heading))
            attr = node.attr.with_id(f"ref-{count}")
            return n.Link((attr, node.inlines, node.c[2]))
        return node

    def led_back(node: Any) -> Any:
        attr = getattr(node, "attr", n.NO_ATTR)
        if isinstance(node, n.Header | n.Table | n.Figure) and attr.id in found:
            return node, n.RawBlock(("html", _details(found[attr.id], labels)))
        return node

    return n.rewrite(n.rewrite(blocks, named), led_back)


def _details(places: list[tuple[str, str]], labels: Labels) -> str:
    items = "".join(
        f'<li><a href="#{name}">{html.escape(words)}</a></li>\n' for name, words in places
    )
    summary = html.escape(labels.counted("referred-to", len(places)))
    return (
        f'<details class="back-references"><summary>{summary}</summary>\n'
        f"<ul>\n{items}</ul>\n</details>"
    )
