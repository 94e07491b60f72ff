"""Who gets each block? Said above it in a copy of the full report that is only for proof-reading."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from report_build import nodes as n
from report_build.document import CONDITIONS, Document

CLASS = "proof-mark"


def marked(document: Document) -> Document:
    """The document with a line above all that is not for everyone."""

    def change(node: Any) -> Any:
        attr = getattr(node, "attr", n.NO_ATTR)
        if not isinstance(node, n.Header | n.Div | n.Table | n.Figure | n.Span):
            return node
        said = ", ".join(f"{name}: {value}" for name, value in attr.pairs if name in CONDITIONS)
        if not said:
            return node
        words = n.Span((n.Attr("", (CLASS,)), n.text(said)))
        if isinstance(node, n.Span):
            return n.Span((node.attr, (words, n.Space(), *node.inlines)))
        line = n.Para((words,))
        if isinstance(node, n.Div):
            return n.Div((node.attr, (line, *node.blocks)))
        return (node, line) if isinstance(node, n.Header) else (line, node)

    return replace(document, blocks=n.rewrite(document.blocks, change))
