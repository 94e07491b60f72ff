"""Do figures and tables say what they show, also to those who cannot see them?"""

from __future__ import annotations

from collections.abc import Iterator

from report_build import nodes as n
from report_build.diagnostics import Severity
from report_build.document import Document, meant, offsets
from report_build.validation import Finding, rule


@rule(Severity.WARNING, of="master")
def figure_without_caption(document: Document) -> Iterator[Finding]:
    """An image stands alone in a paragraph but has no caption, so nobody can refer to it.

    Images within a line of text need none; neither do those with the class `decorative`.

    Bad:
        ::: chart
        :::

    Good:
        See the ![flag](flag.png){alt="Flag of Honduras"} on it.
    """
    for node in document.walked:
        if isinstance(node, n.Para) and _lone_image(node):
            (image,) = node.c
            yield Finding(offsets(image.attr), "this figure has no caption", "![Caption](…)")  # type: ignore[union-attr]
        elif isinstance(node, n.Div) and "chart" in node.attr.classes and not n.plain(node.blocks):
            yield Finding(offsets(node.attr), "this chart has no caption", "write it inside")


def _lone_image(paragraph: n.Para) -> bool:
    only = paragraph.c[0] if len(paragraph.c) == 1 else None
    return isinstance(only, n.Image) and "decorative" not in only.attr.classes


@rule(Severity.WARNING, of="master")
def table_without_caption(document: Document) -> Iterator[Finding]:
    """A table has no caption, so it has no number and nobody can refer to it.

    Bad:
        | Country | Share |
        |---------|------:|
        | Belize  |    29 |

    Good:
        | Country | Share |
        |---------|------:|
        | Belize  |    29 |

        : Women in the police {#tbl-police}

        See @tbl-police.
    """
    for node in document.walked:
        if isinstance(node, n.Table) and not n.plain(node.caption.blocks).strip():
            hint = "write “: Caption {#tbl-…}” below it"
            yield Finding(offsets(node.attr), "this table has no caption", hint)


@rule(Severity.INFO, of="master")
def unreferenced_exhibit(document: Document) -> Iterator[Finding]:
    """Nothing in the text refers to a figure or table.

    Bad:
        | Country | Share |
        |---------|------:|
        | Belize  |    29 |

        : Women in the police {#tbl-police}

    Good:
        See @tbl-police.

        | Country | Share |
        |---------|------:|
        | Belize  |    29 |

        : Women in the police {#tbl-police}
    """
    referred = {meant(reference.target, document.anchor) for reference in document.references}
    for anchor in document.anchors:
        if anchor.kind in ("figure", "table") and anchor.id not in referred:
            yield Finding(anchor.at, f"nothing refers to this {anchor.kind}")


@rule(Severity.ERROR, of="master")
def missing_alternative_text(document: Document) -> Iterator[Finding]:
    """An image says nothing to those who cannot see it.

    Say in `alt` what can be seen in it; a caption says what it is about. An image that says
    nothing has the class `decorative`.

    Bad:
        ![](map.png)

    Good:
        ![The region](map.png){alt="Map of Central America with eleven countries"}

        ![](line.png){.decorative}
    """
    for node in document.walked:
        if isinstance(node, n.Image):
            alt = node.attr.get("alt") or n.plain(node.inlines)
            if not alt.strip() and "decorative" not in node.attr.classes:
                hint = 'say what can be seen: {alt="…"}, or {.decorative}'
                yield Finding(offsets(node.attr), f"image “{node.url}” has no text", hint)


@rule(Severity.INFO, of="master")
def alternative_text_repeats_caption(document: Document) -> Iterator[Finding]:
    """An image's alternative text is its caption, so that it is read out twice.

    Bad:
        ![Map of the region](map.png)

    Good:
        ![Where the seminar's countries are](map.png){alt="Map of Central America"}
    """
    for node in document.walked:
        if isinstance(node, n.Figure):
            for image in (x for x in n.walk(node.blocks) if isinstance(x, n.Image)):
                alt = image.attr.get("alt") or n.plain(image.inlines)
                if alt.strip() and alt.strip() == n.plain(node.caption.blocks).strip():
                    hint = 'say what can be seen: {alt="…"}'
                    yield Finding(offsets(image.attr), "its text says what the caption says", hint)
