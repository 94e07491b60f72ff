"""Do figures and tables say what they show, also to those who cannot see them?"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

from report_build import nodes as n
from report_build.diagnostics import Severity
from report_build.document import Document, meant, offsets
from report_build.pictures import width
from report_build.validation import Finding, rule

SEEN = 'say what can be seen: {alt="…"}'
ALT = re.compile(r"[^)\n]*\)\{[^}]*\balt=")
"""What follows an image's target if `alt` is among its attributes."""
FINE = 150
"""Dots per inch below which pixels show."""
UNITS = {"%": 100 / 15 * 2.54, "cm": 2.54, "mm": 25.4, "in": 1.0, "pt": 72.0, "px": 96.0}
"""How many make an inch."""
LAYOUT = frozenset({"key-figures", "layout"})
"""Classes of blocks in which tables and images are no exhibits."""


@rule(Severity.WARNING, of="master")
def figure_without_caption(document: Document) -> Iterator[Finding]:
    """An image stands alone in a paragraph but has no caption, so nobody can refer to it.

    Images within a line of text need none; neither do those with the class `decorative`, those
    among `.key-figures` and those in a block with the class `layout`.

    Bad:
        ::: chart
        :::

    Good:
        See the ![flag](flag.png){alt="Flag of Honduras"} on it.
    """
    free = _free(document)
    for node in document.walked:
        if isinstance(node, n.Para) and _lone_image(node) and id(node) not in free:
            (image,) = node.c
            yield Finding(offsets(image.attr), "this figure has no caption", "![Caption](…)")  # type: ignore[union-attr]
        elif isinstance(node, n.Div) and "chart" in node.attr.classes and not n.plain(node.blocks):
            yield Finding(offsets(node.attr), "this chart has no caption", "write it inside")


def _free(document: Document) -> set[int]:
    """What stands in blocks that are for the look of things, so that it needs no caption."""
    blocks = (node for node in document.walked if isinstance(node, n.Div))
    free = (node for node in blocks if not LAYOUT.isdisjoint(node.attr.classes))
    return {id(inner) for node in free for inner in n.walk(node.blocks)}


def _lone_image(paragraph: n.Para) -> bool:
    only = paragraph.c[0] if len(paragraph.c) == 1 else None
    return isinstance(only, n.Image) and "decorative" not in only.attr.classes


@rule(Severity.WARNING, of="master")
def table_without_caption(document: Document) -> Iterator[Finding]:
    """A table has no caption, so it has no number and nobody can refer to it.

    Small tables among `.key-figures` and those with the class `layout` need none.

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
    free = _free(document)
    for node in document.walked:
        bare = isinstance(node, n.Table) and not n.plain(node.caption.blocks).strip()
        if isinstance(node, n.Table) and bare and id(node) not in free:
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


LATER = re.compile(r"^(?:TODO|TBD|FIXME|XXX)\b.*", re.DOTALL)
"""A text that says only that there will be one."""


@rule(Severity.ERROR, of="master")
def missing_alternative_text(document: Document) -> Iterator[Finding]:
    """An image says nothing to those who cannot see it.

    Say in `alt` what can be seen in it; a caption says what it is about. An image that says
    nothing has the class `decorative`.

    Bad:
        ![](map.png)

    Bad:
        ![The region](map.png){alt="TODO: say what can be seen"}

    Good:
        ![The region](map.png){alt="Map of Central America with eleven countries"}

        ![](line.png){.decorative}
    """
    for node in document.walked:
        silent = isinstance(node, n.Image) and not LATER.sub("", _alternative(node))
        if isinstance(node, n.Image) and silent and "decorative" not in node.attr.classes:
            yield Finding(
                offsets(node.attr), f"image “{node.url}” has no text", f"{SEEN}, or {{.decorative}}"
            )


@rule(Severity.WARNING, of="master")
def caption_for_alternative_text(document: Document) -> Iterator[Finding]:
    """A figure has no alternative text, so its caption is read out in its place, and again.

    A caption says what a figure is about; those who cannot see it need to hear what it shows.

    Bad:
        ![Map of the region](map.png)

    Good:
        ![Where the seminar's countries are](map.png){alt="Map of Central America"}
    """
    for image, caption in _captioned(document):
        if caption == _alternative(image) and not _is_typed(image, document):
            yield Finding(offsets(image.attr), "this figure has no alternative text", SEEN)


@rule(Severity.INFO, of="master")
def alternative_text_repeats_caption(document: Document) -> Iterator[Finding]:
    """An image's alternative text is its caption, so that it is read out twice.

    Bad:
        ![Map of the region](map.png){alt="Map of the region"}

    Good:
        ![Where the seminar's countries are](map.png){alt="Map of Central America"}
    """
    for image, caption in _captioned(document):
        if caption == _alternative(image) and _is_typed(image, document):
            yield Finding(offsets(image.attr), "its text says what the caption says", SEEN)


def _alternative(image: n.Image) -> str:
    return (image.attr.get("alt") or n.plain(image.inlines)).strip()


def _is_typed(image: n.Image, document: Document) -> bool:
    """Whether the author wrote `alt`; pandoc gives a figure's image its caption if not."""
    return bool(ALT.match(document.source.text, offsets(image.attr)[1]))


def _captioned(document: Document) -> Iterator[tuple[n.Image, str]]:
    """The images of figures that have a caption, with it."""
    for node in document.walked:
        caption = n.plain(node.caption.blocks).strip() if isinstance(node, n.Figure) else ""
        if isinstance(node, n.Figure) and caption:
            images = (image for image in n.walk(node.blocks) if isinstance(image, n.Image))
            shown = (image for image in images if "decorative" not in image.attr.classes)
            yield from ((image, caption) for image in shown)


@rule(Severity.WARNING, of="master")
def coarse_image(document: Document) -> Iterator[Finding]:
    """An image is to be printed so large that its pixels show: below 150 for each inch.

    Widths in percent are of the text, taken as 15 cm wide.

    Bad:
        ![Where the countries are](small.png){width=100% alt="Map of Central America"}

    Good:
        ![Where the countries are](small.png){width=1cm alt="Map of Central America"}
    """
    for node in document.walked:
        if isinstance(node, n.Image) and node.attr.has("width"):
            data = document.images.get((node.url, offsets(node.attr)[0]), "")
            _, _, encoded = data.partition(";base64,")
            printed = _inches(node.attr.get("width"))
            dots = width(base64.b64decode(encoded)) / printed if encoded and printed else FINE
            if 0 < dots < FINE:
                message = f"“{node.url}” is printed at {dots:.0f} dots per inch"
                yield Finding(offsets(node.attr), message, "make it smaller, or take a larger file")


def _inches(length: str) -> float:
    """A width as HTML writes it; 0 for what is none."""
    found = re.fullmatch(r"([\d.]+)\s*(%|cm|mm|in|pt|px)?", length.strip())
    try:
        return float(found[1]) / UNITS[found[2] or "px"] if found else 0.0
    except ValueError:
        return 0.0
