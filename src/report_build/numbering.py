"""What number does each heading, figure and table have?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from report_build import nodes as n
from report_build.document import Document, ordered_items
from report_build.labels import Labels


@dataclass(frozen=True)
class Number:
    """The number of an anchor."""

    kind: str
    """day, part, section, figure, table …: what the words before the number say."""
    text: str
    """“Day Two”, “II”, “II.3”, “4”."""
    within: str = ""
    """The id of the day or part without which the number is not unique, if any."""
    title: str = ""
    place: int = 0
    """Which one it is of those that are counted together, so that ranges can be told."""


@dataclass(frozen=True)
class _Level:
    kind: str
    style: str


ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
NAMED = ("words",)
"""Styles whose number stands alone: “Day Two” is no prefix of what is in it."""


def numbers(document: Document, labels: Labels) -> Mapping[str, Number]:
    """The number of everything that has one, by id."""
    found = dict(_sections(document, labels))
    found |= dict(_captioned(document))
    return {**found, **counted_in_text(document)}


def counted_in_text(document: Document) -> Mapping[str, Number]:
    """The numbers of notes and of items of lists, which every edition counts anew."""
    return dict((*_items(document), *_notes(document)))


def _sections(document: Document, labels: Labels) -> Iterator[tuple[str, Number]]:
    headings = [anchor for anchor in document.anchors if anchor.level]
    top = min((h.level for h in headings if h.numbered), default=1)
    scheme = [_Level(level.kind, level.style) for level in document.front.headings]
    counts: list[int] = []
    chain: list[tuple[_Level, str, str]] = []
    bare = 0
    for heading in headings:
        bare = 0 if heading.level <= bare else bare
        if bare or not heading.numbered:
            bare = bare or heading.level
            continue
        depth = heading.level - top
        counts = [*counts[: depth + 1], *[0] * (depth + 1 - len(counts))]
        counts[depth] += 1
        level = scheme[min(depth, len(scheme) - 1)] if scheme else _Level("section", "arabic")
        if scheme and depth >= len(scheme):
            level = _Level(level.kind, "arabic")
        own = styled(counts[depth], level, labels)
        chain = chain[:depth]
        above = next(
            (text for kind, text, _ in reversed(chain) if kind.kind == level.kind and text), ""
        )
        joined = f"{above}.{own}" if above and level.style not in NAMED else own
        within = next((name for kind, _, name in reversed(chain) if kind.kind != level.kind), "")
        chain += [(level, joined, heading.id)]
        place = counts[depth] if depth else 0
        yield heading.id, Number(level.kind, joined, within, heading.title, place)


def styled(count: int, level: _Level, labels: Labels) -> str:
    """A count as the level writes it: 2, II, b or “Day Two”."""
    match level.style:
        case "roman":
            return roman(count)
        case "letters":
            return chr(ord("A") + (count - 1) % 26)
        case "words":
            return labels.named_number(level.kind, count)
        case _:
            return str(count)


def roman(count: int) -> str:
    """A number up to 39 in Roman numerals, as sections have them; larger ones add more X."""
    text = ""
    for value, sign in ROMAN:
        while count >= value:
            text += sign
            count -= value
    return text


def _captioned(document: Document) -> Iterator[tuple[str, Number]]:
    count = {"figure": 0, "table": 0, "equation": 0}
    for node in document.walked:
        kind = captioned_kind(node)
        attr = getattr(node, "attr", n.NO_ATTR)
        if kind and attr.id and "unnumbered" not in attr.classes:
            count[kind] += 1
            yield attr.id, Number(kind, str(count[kind]), place=count[kind])


def _items(document: Document) -> Iterator[tuple[str, Number]]:
    """Items of numbered lists that have an id of their own."""
    for node in document.walked:
        if isinstance(node, n.OrderedList):
            (_, style, _), _ = node.c
            for name, count in ordered_items(node):
                yield name, Number("item", _as_listed(count, style.t), place=count)


def _as_listed(count: int, style: str) -> str:
    match style:
        case "LowerAlpha" | "UpperAlpha":
            text = chr(ord("A") + (count - 1) % 26)
        case "LowerRoman" | "UpperRoman":
            text = roman(count)
        case _:
            return str(count)
    return text.lower() if style.startswith("Lower") else text


def _notes(document: Document) -> Iterator[tuple[str, Number]]:
    """Footnotes, by their first call; they are counted in each edition anew."""
    count = 0
    seen: set[str] = set()
    labelled: set[int] = set()
    for node in document.walked:
        if isinstance(node, n.Span) and "note-call" in node.attr.classes:
            labelled.add(id(node.inlines[0]))
            if node.attr.id not in seen:
                seen.add(node.attr.id)
                count += 1
                yield node.attr.id, Number("note", str(count), place=count)
        elif isinstance(node, n.Note) and id(node) not in labelled:
            count += 1


def captioned_kind(node: object) -> str:
    """`figure`, `table` or `equation` for what can carry a number, else nothing."""
    match node:
        case n.Span(c=(attr, _)) if "equation" in attr.classes or (
            attr.id and any(isinstance(x, n.Math) and x.c[0].t == "DisplayMath" for x in node.c[1])
        ):
            return "equation"
        case n.Figure(c=(_, caption, _)) if caption.blocks:
            return "figure"
        case n.Table(c=(_, caption, *_)) if caption.blocks:
            return "table"
        case n.Div(c=(attr, _)) if "chart" in attr.classes:
            return "figure"
        case _:
            return ""
