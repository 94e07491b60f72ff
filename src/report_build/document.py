"""What is a document? The master and every edition of it are one."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, wraps
from pathlib import PurePosixPath
from typing import Any, TypeVar

from report_build import audiences
from report_build import nodes as n
from report_build.audiences import Condition
from report_build.countries import direction
from report_build.diagnostics import Place
from report_build.frontmatter import FrontMatter, FrontMatterPlaces
from report_build.headline import Part, parts
from report_build.locate import AT
from report_build.source import Source

EVERYONE: Condition = audiences.Everyone()
T = TypeVar("T")


@dataclass(frozen=True)
class Edition:
    """What one kind of reader gets: the full report, or the report for an audience."""

    id: str
    audience: str = ""
    name: str = ""
    """What the audience is called in the edition's language; empty for the full edition."""
    lang: str = "en"
    formats: tuple[str, ...] = ()
    numbering: str = "master"
    on_filtered: str = "text"
    title: str = ""
    headline: str = ""
    """The title with its marks."""
    subtitle: str = ""
    marking: str = ""
    content: str = "all"
    """all, own (only what names the audience), digest (key points) or proof (all, with marks)."""
    cover: str = ""
    """What stands on the cover besides."""
    before: tuple[str, ...] | None = None
    after: tuple[str, ...] | None = None
    """The parts before and after the text, if not all."""
    templates: str = ""
    """A folder of templates of its own."""

    @property
    def is_full(self) -> bool:
        """Whether it holds everything but what is reserved to others."""
        return not self.audience


@dataclass(frozen=True)
class Anchor:
    """Something that can be referred to by its id."""

    id: str
    kind: str
    """section, figure, table, equation, item, note or block."""
    level: int
    """Heading level; 0 for all else."""
    title: str
    at: tuple[int, int]
    """Character offsets of its token in the source."""
    authored: bool
    """Whether the author gave the id (else it was made from the title)."""
    numbered: bool
    when: Condition
    """Who gets it, with the conditions of all that it stands in."""
    reserved: bool = False
    """Whether `only=` on it or around it keeps it from the full edition."""


@dataclass(frozen=True)
class Reference:
    """A place in the text that refers to an id."""

    target: str
    at: tuple[int, int]
    form: str
    """`number` (@x), `words` ([text](#x)) or `empty` ([](#x))."""
    when: Condition
    on_filtered: str = ""
    """What its author says about editions without the target, if anything."""


@dataclass(frozen=True)
class Document:
    """A parsed master, or what an edition keeps of it (then `edition` and `master` are set)."""

    source: Source
    front: FrontMatter
    places: FrontMatterPlaces
    blocks: n.Blocks
    words: Mapping[int, int] = field(repr=False, default_factory=dict)
    """Offsets of the words, by the identity of their `Str`."""
    edition: Edition | None = None
    master: Document | None = field(repr=False, default=None)
    original: Document | None = field(repr=False, default=None)
    """The master that this one is a translation of."""
    others: Mapping[str, Document] = field(repr=False, default_factory=dict)
    """The other masters of the build that the text refers to, by their names."""
    bibliography: Mapping[str, Any] = field(repr=False, default_factory=dict)
    """The works that the text may cite, by their keys, as pandoc's metadata."""
    shared: Shared = field(repr=False, compare=False, default_factory=dict)
    """What the master and its editions need to find out only once."""
    images: Mapping[tuple[str, int], str] = field(repr=False, default_factory=dict)
    """By target and offset: a `data:` URI, or what is wrong with the image (`images.read`)."""

    @property
    def name(self) -> str:
        """What its files are called: the master's name, and that of the original if it has one."""
        return self.original.name if self.original else PurePosixPath(self.source.path).stem

    @property
    def base_lang(self) -> str:
        """The language that needs no tag in the names of editions and files."""
        return self.original.base_lang if self.original else self.front.lang

    @property
    def title(self) -> str:
        """The edition's title, else the master's."""
        return self.edition.title if self.edition else self.front.title

    @property
    def headline(self) -> tuple[Part, ...]:
        """The title as the title page shows it."""
        said = self.edition.headline if self.edition else self.front.headline
        return parts(said or self.title)

    @property
    def running_title(self) -> str:
        """The title as running heads have it."""
        return self.front.short_title or self.title

    @property
    def subtitle(self) -> str:
        """The edition's subtitle, else the master's."""
        return self.edition.subtitle if self.edition else self.front.subtitle

    @property
    def marking(self) -> str:
        """The edition's marking, else the master's."""
        return self.edition.marking if self.edition else self.front.marking

    @property
    def lang(self) -> str:
        """The edition's language, else the master's."""
        return self.edition.lang if self.edition else self.front.lang

    @property
    def direction(self) -> str:
        """The direction of its script: `ltr` or `rtl`."""
        return direction(self.lang)

    @cached_property
    def _conditioned(self) -> _Conditioned:
        found = _Conditioned(self.front, self.shared)
        found.blocks(self.blocks, EVERYONE)
        return found

    @property
    def nodes(self) -> Sequence[tuple[n.AnyNode, Condition]]:
        """All nodes but words and spaces, each with the condition of all that it stands in."""
        return self._conditioned.found

    @cached_property
    def walked(self) -> tuple[n.AnyNode, ...]:
        """All nodes but words and spaces, in reading order."""
        return tuple([node for node, _ in self.nodes])

    @cached_property
    def anchors(self) -> tuple[Anchor, ...]:
        """All that has an id, in reading order."""
        return tuple(_anchors(self))

    @cached_property
    def anchor(self) -> Mapping[str, Anchor]:
        """The first anchor of each id."""
        return {anchor.id: anchor for anchor in reversed(self.anchors)}

    @cached_property
    def references(self) -> tuple[Reference, ...]:
        """All references to ids, in reading order."""
        return tuple(_references(self))

    def place(self, at: tuple[int, int]) -> Place:
        """Where offsets of the source are, for a diagnostic."""
        return self.source.place(*at)


def once(made: Callable[[Document], T]) -> Callable[[Document], T]:
    """A function of a document whose result is kept with the document."""
    name = f"_once_{made.__module__}_{made.__name__}"

    @wraps(made)
    def kept(document: Document) -> T:
        if name not in document.__dict__:
            document.__dict__[name] = made(document)
        return document.__dict__[name]  # type: ignore[no-any-return]

    return kept


def offsets(attr: n.Attr) -> tuple[int, int]:
    """Where `locate` found the node of these attributes."""
    first, _, last = attr.get(AT, "0-0").split(" ")[0].partition("-")
    return int(first), int(last)


AUDIENCES = ("audience", "only")
PROFILES = ("when-profile", "when-audience", "unless-profile", "unless-audience")
FORMATS = ("when-format", "unless-format")
METAS = ("when-meta", "unless-meta")
CONDITIONS = (*AUDIENCES, *PROFILES, *FORMATS, *METAS)
"""The attributes that say who or what gets a node."""


def limits(attr: n.Attr) -> bool:
    """Whether attributes say who or what gets their node."""
    return any(name in _LIMITING for name, _ in attr.pairs)


_LIMITING = frozenset(CONDITIONS)


def condition(attr: n.Attr, front: FrontMatter) -> Condition:
    """Who gets a node by its own attributes; what cannot be understood counts as everyone."""
    if not limits(attr):
        return EVERYONE
    said = (
        "content-hidden" in attr.classes,
        *(pair for pair in attr.pairs if pair[0] in _LIMITING),
    )
    if said not in front.conditions:
        front.conditions[said] = _condition(attr, front)
    return front.conditions[said]


def _condition(attr: n.Attr, front: FrontMatter) -> Condition:
    found = [EVERYONE]
    for name, text in attr.pairs:
        if name in AUDIENCES:
            found.append(_parsed(text, front))
        elif name in PROFILES or name in METAS:
            meant = _parsed(text, front) if name in PROFILES else _said(text, front)
            hidden = "content-hidden" in attr.classes
            negated = name.startswith("unless") != hidden
            found.append(audiences.Not(meant) if negated else meant)
    return audiences.simplify(audiences.All(tuple(found)))


def _parsed(text: str, front: FrontMatter) -> Condition:
    parsed, _ = audiences.parse(text, front.known_names)
    return parsed or EVERYONE


def _said(name: str, front: FrontMatter) -> Condition:
    """Whether the front matter says something of that name: `when-meta="event.place"`."""
    value = front.lookup(name)
    return EVERYONE if value and value.casefold() not in ("false", "no") else audiences.Nobody()


Pairs = list[tuple[n.AnyNode, Condition]]
Shared = dict[tuple[int, Condition], tuple[object, Pairs]]
"""The nodes of blocks that editions have in common, by the block's identity and what it stands in.

Each entry holds its block, so that the identity stays that of the block.
"""


class _Conditioned:
    """Collects nodes with their effective conditions; a heading's covers its section."""

    def __init__(self, front: FrontMatter, shared: Shared) -> None:
        self.front, self.shared = front, shared
        self.found: Pairs = []

    def blocks(self, blocks: n.Blocks, outer: Condition) -> None:
        """A sequence of blocks; each is walked once for all documents that have it."""
        sections: list[tuple[int, Condition]] = []
        for block in blocks:
            if isinstance(block, n.Header):
                while sections and sections[-1][0] >= block.level:
                    sections.pop()
                around = sections[-1][1] if sections else outer
                sections.append((block.level, _both(around, condition(block.attr, self.front))))
            within = sections[-1][1] if sections else outer
            known = self.shared.get((id(block), within))
            if not known:
                inner = _Conditioned(self.front, self.shared)
                inner.take(block, within)
                known = self.shared[id(block), within] = (block, inner.found)
            self.found += known[1]

    def take(self, node: Any, outer: Condition) -> None:
        """A node or a part of one, and all in it."""
        kind = type(node)
        if kind is tuple:
            if node and isinstance(node[0], n.Block):
                self.blocks(node, outer)
            else:
                for item in node:
                    if type(item) not in n.WORDS:
                        self.take(item, outer)
        elif kind in n.FIELDS:
            own = getattr(node, "attr", None)
            if own and own.pairs and kind is not n.Header:
                outer = _both(outer, condition(own, self.front))
            if isinstance(node, n.Node):
                self.found.append((node, outer))  # type: ignore[arg-type]
            for name in n.FIELDS[kind]:  # of a table, rows and cells have attributes, too
                self.take(getattr(node, name), outer)


def implies(one: Condition, other: Condition, front: FrontMatter) -> bool:
    """Whether all who get what stands under one condition get what stands under another."""
    who = (frozenset({name, *front.groups_of(name)}) for name in front.audiences)
    nobody_named: frozenset[str] = frozenset()
    return all(other.holds(names) for names in (*who, nobody_named) if one.holds(names))


def _both(outer: Condition, inner: Condition) -> Condition:
    if inner == EVERYONE:
        return outer
    return audiences.simplify(audiences.All((outer, inner)))


def meant(name: str, anchors: Container[str]) -> str:
    """The id that a reference means: `@Sec-x` at a sentence's start is `sec-x`."""
    small = name[:1].lower() + name[1:]
    return small if name not in anchors and small in anchors else name


def elsewhere(name: str, others: Mapping[str, Document]) -> tuple[Document, str] | None:
    """The other master and the id in it that `other:x` or `other.md#x` mean, if there are such."""
    found = OTHER.fullmatch(name.removeprefix("./"))
    master = others.get(found[1]) if found else None
    return (master, meant(found[2], master.anchor)) if found and master else None


OTHER = re.compile(r"([\w.-]+?)(?::|\.md#)([^#]+)")


def ordered_items(node: n.OrderedList) -> Iterator[tuple[str, int]]:
    """The ids of a list's items, `1. []{#first} Words`, with their numbers."""
    (start, _, _), items = node.c
    for number, blocks in enumerate(items, start):
        first: object = blocks[0] if blocks else None
        if isinstance(first, n.Div) and "item" in first.attr.classes:
            first = first.blocks[0]
        inlines = first.c if isinstance(first, n.Para | n.Plain) else ()
        if inlines and isinstance(inlines[0], n.Span) and inlines[0].attr.id:
            yield inlines[0].attr.id, number


def _anchors(document: Document) -> Iterator[Anchor]:
    items: set[str] = set()
    limited = any(getattr(x, "attr", n.NO_ATTR).has("only") for x in document.walked)
    reserved = _reserved(document.blocks) if limited else frozenset()
    for node, when in document.nodes:
        if isinstance(node, n.OrderedList):
            items.update(name for name, _ in ordered_items(node))
        attr = getattr(node, "attr", n.NO_ATTR)
        if not attr.id:
            continue
        kind, level, title = _kind(node, attr, items)
        authored = not attr.has("data-auto")
        numbered = "unnumbered" not in attr.classes
        yield Anchor(
            attr.id, kind, level, title, offsets(attr), authored, numbered, when,
            attr.id in reserved,
        )  # fmt: skip


def _kind(node: object, attr: n.Attr, items: Container[str]) -> tuple[str, int, str]:
    match node:
        case n.Header():
            return "section", node.level, n.plain(node.inlines)
        case n.Figure() | n.Table():
            kind = "figure" if isinstance(node, n.Figure) else "table"
            return kind, 0, n.plain(node.caption.blocks)
        case n.Div() if "chart" in attr.classes:
            return "figure", 0, n.plain(node.blocks)
        case n.Span() if "note-call" in attr.classes:
            return "note", 0, ""
        case n.Span() if any(isinstance(x, n.Math) for x in node.inlines):
            return "equation", 0, ""
        case _:
            return ("item" if attr.id in items else "block"), 0, ""


def _reserved(blocks: n.Blocks) -> frozenset[str]:
    """The ids that stand on or in something with `only=`."""
    found: set[str] = set()
    level = 0
    for block in blocks:
        if isinstance(block, n.Header):
            level = 0 if block.level <= level else level
            level = level or (block.level if block.attr.has("only") else 0)
        for node in n.walk(block):
            attr = getattr(node, "attr", n.NO_ATTR)
            if attr.has("only"):
                found |= _ids(node)
        found |= _ids(block) if level else set()
    return frozenset(found)


def _ids(node: object) -> set[str]:
    return {getattr(one, "attr", n.NO_ATTR).id for one in n.walk(node)} - {""}


def _references(document: Document) -> Iterator[Reference]:
    said: dict[int, str] = {}
    for node, when in document.nodes:
        if not isinstance(node, n.Link | n.Span):
            continue
        attr = node.attr
        how = said.get(id(node), "") or attr.get("on-filtered")
        if how:  # a span hands on what it says to the references in it
            said |= {id(inner): how for inner in n.walk(node) if isinstance(inner, n.Link | n.Span)}
        if isinstance(node, n.Link) and refers(node.url):
            form = "words" if node.inlines else "empty"
            yield Reference(node.url.removeprefix("#"), offsets(attr), form, when, how)
        elif isinstance(node, n.Span) and "cite" in attr.classes:
            cite = node.inlines[0]
            assert isinstance(cite, n.Cite)
            spots = attr.get(AT).split(" ")
            for citation, spot in zip(cite.c[0], spots, strict=True):
                first, _, last = spot.partition("-")
                if citation.id in document.bibliography:
                    continue
                yield Reference(citation.id, (int(first), int(last)), "number", when, how)


def refers(url: str) -> bool:
    """Whether a link leads to an id, in this master or in another one beside it."""
    return url.startswith("#") or bool(re.fullmatch(r"(?:\./)?[\w.-]+\.md#[^#]+", url))
