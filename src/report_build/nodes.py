"""What is pandoc's tree made of?

The types of pandoc-types 1.23 (pandoc 3.x) as frozen values. In pandoc's JSON every node is
`{"t": name, "c": content}`; here the class is the name and `c` the content, with properties
for its parts. An unknown constructor fails loudly in `decode`, with its path.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from operator import is_not
from typing import Any, TypeVar

import msgspec

API_VERSION = (1, 23)


class Attr(msgspec.Struct, frozen=True, array_like=True):
    """Identifier, classes and key-value pairs of a node."""

    id: str = ""
    classes: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()

    def get(self, key: str, default: str = "") -> str:
        """The value of a key, or the default."""
        return next((value for name, value in self.pairs if name == key), default)

    def has(self, key: str) -> bool:
        """Whether a key is set."""
        return any(name == key for name, _ in self.pairs)

    def with_pairs(self, **pairs: str) -> Attr:
        """The same with keys set (`_` stands for `-` in a keyword)."""
        new = {name.replace("_", "-"): value for name, value in pairs.items()}
        kept = tuple((name, value) for name, value in self.pairs if name not in new)
        return Attr(self.id, self.classes, (*kept, *new.items()))

    def without(self, *keys: str) -> Attr:
        """The same without some keys."""
        return Attr(self.id, self.classes, tuple(p for p in self.pairs if p[0] not in keys))

    def with_id(self, identifier: str) -> Attr:
        """The same with another identifier."""
        return Attr(identifier, self.classes, self.pairs)

    def with_classes(self, *classes: str) -> Attr:
        """The same with classes added."""
        new = tuple(name for name in classes if name not in self.classes)
        return Attr(self.id, (*self.classes, *new), self.pairs)


NO_ATTR = Attr()


class Node(msgspec.Struct, frozen=True, tag_field="t", tag=True):
    """A block or an inline."""


class Inline(Node, frozen=True):
    """A node inside a paragraph."""


class Block(Node, frozen=True):
    """A paragraph, heading, list, table …"""


class Tag(msgspec.Struct, frozen=True, omit_defaults=True):
    """One of pandoc's enumerations, such as `AlignLeft`; `c` is a column's share of the width."""

    t: str
    c: float | None = None


class Str(Inline, frozen=True):
    c: str


class _Inlines(Inline, frozen=True):
    c: tuple[AnyInline, ...]

    @property
    def inlines(self) -> tuple[AnyInline, ...]:
        return self.c


class Emph(_Inlines, frozen=True): ...


class Underline(_Inlines, frozen=True): ...


class Strong(_Inlines, frozen=True): ...


class Strikeout(_Inlines, frozen=True): ...


class Superscript(_Inlines, frozen=True): ...


class Subscript(_Inlines, frozen=True): ...


class SmallCaps(_Inlines, frozen=True): ...


class Quoted(Inline, frozen=True):
    c: tuple[Tag, tuple[AnyInline, ...]]


class Citation(
    msgspec.Struct,
    frozen=True,
    rename={
        "id": "citationId",
        "prefix": "citationPrefix",
        "suffix": "citationSuffix",
        "mode": "citationMode",
        "note": "citationNoteNum",
        "hash": "citationHash",
    },
):
    """One `@key` of a citation."""

    id: str
    prefix: tuple[AnyInline, ...]
    suffix: tuple[AnyInline, ...]
    mode: Tag
    note: int
    hash: int


class Cite(Inline, frozen=True):
    c: tuple[tuple[Citation, ...], tuple[AnyInline, ...]]


class Code(Inline, frozen=True):
    c: tuple[Attr, str]

    @property
    def attr(self) -> Attr:
        return self.c[0]


class Space(Inline, frozen=True): ...


class SoftBreak(Inline, frozen=True): ...


class LineBreak(Inline, frozen=True): ...


class Math(Inline, frozen=True):
    c: tuple[Tag, str]


class RawInline(Inline, frozen=True):
    c: tuple[str, str]


class _Target(Inline, frozen=True):
    c: tuple[Attr, tuple[AnyInline, ...], tuple[str, str]]

    @property
    def attr(self) -> Attr:
        return self.c[0]

    @property
    def inlines(self) -> tuple[AnyInline, ...]:
        return self.c[1]

    @property
    def url(self) -> str:
        return self.c[2][0]


class Link(_Target, frozen=True): ...


class Image(_Target, frozen=True): ...


class Note(Inline, frozen=True):
    c: tuple[AnyBlock, ...]


class Span(Inline, frozen=True):
    c: tuple[Attr, tuple[AnyInline, ...]]

    @property
    def attr(self) -> Attr:
        return self.c[0]

    @property
    def inlines(self) -> tuple[AnyInline, ...]:
        return self.c[1]


class Plain(Block, frozen=True):
    c: tuple[AnyInline, ...]


class Para(Block, frozen=True):
    c: tuple[AnyInline, ...]


class LineBlock(Block, frozen=True):
    c: tuple[tuple[AnyInline, ...], ...]


class CodeBlock(Block, frozen=True):
    c: tuple[Attr, str]

    @property
    def attr(self) -> Attr:
        return self.c[0]


class RawBlock(Block, frozen=True):
    c: tuple[str, str]


class BlockQuote(Block, frozen=True):
    c: tuple[AnyBlock, ...]


class OrderedList(Block, frozen=True):
    c: tuple[tuple[int, Tag, Tag], tuple[tuple[AnyBlock, ...], ...]]


class BulletList(Block, frozen=True):
    c: tuple[tuple[AnyBlock, ...], ...]


class DefinitionList(Block, frozen=True):
    c: tuple[tuple[tuple[AnyInline, ...], tuple[tuple[AnyBlock, ...], ...]], ...]


class HorizontalRule(Block, frozen=True): ...


class Caption(msgspec.Struct, frozen=True, array_like=True):
    """A short caption, if any, and the caption."""

    short: tuple[AnyInline, ...] | None = None
    blocks: tuple[AnyBlock, ...] = ()


class Cell(msgspec.Struct, frozen=True, array_like=True):
    attr: Attr
    align: Tag
    rows: int
    columns: int
    blocks: tuple[AnyBlock, ...]


class Row(msgspec.Struct, frozen=True, array_like=True):
    attr: Attr
    cells: tuple[Cell, ...]


class TableHead(msgspec.Struct, frozen=True, array_like=True):
    attr: Attr
    rows: tuple[Row, ...]


class TableBody(msgspec.Struct, frozen=True, array_like=True):
    attr: Attr
    head_columns: int
    head: tuple[Row, ...]
    rows: tuple[Row, ...]


class Table(Block, frozen=True):
    c: tuple[
        Attr, Caption, tuple[tuple[Tag, Tag], ...], TableHead, tuple[TableBody, ...], TableHead
    ]

    @property
    def attr(self) -> Attr:
        return self.c[0]

    @property
    def caption(self) -> Caption:
        return self.c[1]


class Figure(Block, frozen=True):
    c: tuple[Attr, Caption, tuple[AnyBlock, ...]]

    @property
    def attr(self) -> Attr:
        return self.c[0]

    @property
    def caption(self) -> Caption:
        return self.c[1]

    @property
    def blocks(self) -> tuple[AnyBlock, ...]:
        return self.c[2]


class Header(Block, frozen=True):
    c: tuple[int, Attr, tuple[AnyInline, ...]]

    @property
    def level(self) -> int:
        return self.c[0]

    @property
    def attr(self) -> Attr:
        return self.c[1]

    @property
    def inlines(self) -> tuple[AnyInline, ...]:
        return self.c[2]


class Div(Block, frozen=True):
    c: tuple[Attr, tuple[AnyBlock, ...]]

    @property
    def attr(self) -> Attr:
        return self.c[0]

    @property
    def blocks(self) -> tuple[AnyBlock, ...]:
        return self.c[1]


AnyInline = (
    Str | Emph | Underline | Strong | Strikeout | Superscript | Subscript | SmallCaps | Quoted
    | Cite | Code | Space | SoftBreak | LineBreak | Math | RawInline | Link | Image | Note | Span
)  # fmt: skip
AnyBlock = (
    Plain | Para | LineBlock | CodeBlock | RawBlock | BlockQuote | OrderedList | BulletList
    | DefinitionList | HorizontalRule | Table | Figure | Header | Div
)  # fmt: skip
AnyNode = AnyInline | AnyBlock
Inlines = tuple[AnyInline, ...]
Blocks = tuple[AnyBlock, ...]


class Tree(msgspec.Struct, frozen=True, rename={"api_version": "pandoc-api-version"}):
    """A whole document as pandoc exchanges it."""

    api_version: tuple[int, ...]
    meta: dict[str, Any]
    blocks: Blocks


WORDS: frozenset[type] = frozenset({Str, Space, SoftBreak})
"""What a paragraph mostly consists of: it holds no other node and no attributes."""
LEAVES: frozenset[type] = WORDS | {Tag, Attr, str, int, float, bool, type(None)}
FIELDS: dict[type, tuple[str, ...]] = {
    kind: kind.__struct_fields__
    for kind in (
        *AnyInline.__args__, *AnyBlock.__args__, Citation, Caption, Row, Cell, TableHead, TableBody
    )
    if kind not in LEAVES
}  # fmt: skip
"""The fields of all that holds something."""

_decoder = msgspec.json.Decoder(Tree)
_encoder = msgspec.json.Encoder()
T = TypeVar("T")


def decode(json: bytes) -> Tree:
    """Pandoc's JSON as a tree; `msgspec.ValidationError` names the path of what is unknown."""
    return _decoder.decode(json)


def encode(
    blocks: Blocks,
    meta: dict[str, Any] | None = None,
    api_version: tuple[int, ...] = (1, 23, 1),
) -> bytes:
    """Blocks as a document in pandoc's JSON, without metadata unless it is given."""
    return _encoder.encode(Tree(api_version, meta or {}, blocks))


def canonical(value: object) -> bytes:
    """Any value of this module as bytes to be hashed."""
    return _encoder.encode(value)


def descend(value: T, on_sequence: Callable[[Any], Any]) -> T:
    """The same value with each directly contained sequence of nodes replaced by a new one.

    `on_sequence` gets a non-empty tuple of inlines or of blocks; it decides itself whether
    to go deeper by calling `descend` on the nodes in it. What does not change stays the same
    object, so that editions share what they have in common.
    """
    kind = type(value)
    if kind in LEAVES:
        return value
    if kind is tuple:
        if value and isinstance(value[0], Node):  # type: ignore[index]
            new = on_sequence(value)
        else:
            new = tuple([descend(item, on_sequence) for item in value])  # type: ignore[attr-defined]
        return value if _same(value, new) else new
    if kind in FIELDS:
        old = [getattr(value, name) for name in FIELDS[kind]]
        new = [descend(item, on_sequence) for item in old]
        if any(map(is_not, old, new)):
            return kind(*new)
    return value


def _same(old: Any, new: Any) -> bool:
    return new is old or (
        type(new) is tuple and len(old) == len(new) and not any(map(is_not, old, new))
    )


def rewrite(nodes: T, change: Callable[[Any], Any]) -> T:
    """Nodes rebuilt from the leaves up: `change` gives for each node itself or a tuple of others.

    Words and spaces stay as they are.
    """

    def sequence(old: tuple[Any, ...]) -> tuple[Any, ...]:
        new: list[Any] = []
        for node in old:
            if type(node) in WORDS:
                new.append(node)
                continue
            result = change(descend(node, sequence))
            new.extend(result if isinstance(result, tuple) else (result,))
        return tuple(new)

    return descend(nodes, sequence)


def walk(value: object) -> Iterator[AnyNode]:
    """All nodes but words and spaces in reading order, each before what it contains."""
    found: list[AnyNode] = []
    _collect(value, found)
    return iter(found)


def _collect(value: object, found: list[AnyNode]) -> None:
    kind = type(value)
    if kind is tuple:
        for item in value:  # type: ignore[attr-defined]
            if type(item) not in WORDS:
                _collect(item, found)
    elif kind in FIELDS:
        if isinstance(value, Node):
            found.append(value)  # type: ignore[arg-type]
        for name in FIELDS[kind]:
            _collect(getattr(value, name), found)


def words(value: object) -> Iterator[Str]:
    """All words in reading order."""
    found: list[Str] = []
    _gather((value,), found)
    return iter(found)


def _gather(values: Iterable[object], found: list[Str]) -> None:
    for value in values:
        kind = type(value)
        if kind is Str:
            found.append(value)  # type: ignore[arg-type]
        elif kind is tuple:
            _gather(value, found)  # type: ignore[arg-type]
        elif kind in FIELDS and kind not in WORDS:
            _gather([getattr(value, name) for name in FIELDS[kind]], found)


def attributes(value: object) -> Iterator[Attr]:
    """All attributes in reading order, those of a table's rows and cells too."""
    kind = type(value)
    if kind is Attr:
        yield value  # type: ignore[misc]
    elif kind is tuple:
        for item in value:  # type: ignore[attr-defined]
            if type(item) not in WORDS:
                yield from attributes(item)
    elif kind in FIELDS:
        for name in FIELDS[kind]:
            yield from attributes(getattr(value, name))


def plain(value: object, notes: bool = False) -> str:
    """The words of nodes as text: spaces and breaks are a space, notes left out unless asked."""
    said: list[str] = []
    _say(value, notes, said)
    return "".join(said)


def _say(value: object, notes: bool, said: list[str]) -> None:
    """Add the words of nodes to what was said; most nodes are words and spaces."""
    if isinstance(value, tuple):
        if value and not isinstance(value[0], Inline):
            said.append(_between(value, notes))
            return
        for item in value:
            kind = type(item)
            if kind is Str:
                said.append(item.c)
            elif kind is Space or kind is SoftBreak:
                said.append(" ")
            else:
                _say(item, notes, said)
    elif isinstance(value, Str):
        said.append(value.c)
    elif isinstance(value, Space | SoftBreak | LineBreak):
        said.append(" ")
    elif isinstance(value, Link | Image | Span):
        _say(value.inlines, notes, said)
    elif isinstance(value, Code | CodeBlock | Math):
        said.append(value.c[1])
    elif isinstance(value, Note):
        said.append(_between(value.c, notes) if notes else "")
    elif isinstance(value, Quoted):
        mark = "‘’" if value.c[0].t == "SingleQuote" else "“”"
        said += (mark[0], plain(value.c[1], notes), mark[1])
    elif isinstance(value, Cite):
        _say(value.c[1], notes, said)
    elif isinstance(value, msgspec.Struct) and not isinstance(
        value, Tag | Attr | RawInline | RawBlock
    ):
        parts = (getattr(value, name) for name in value.__struct_fields__)
        said.append(_between(parts, notes))


def _between(values: Iterable[object], notes: bool) -> str:
    return " ".join(text for text in (plain(value, notes) for value in values) if text)


def text(words: str) -> Inlines:
    """Words as inlines; a no-break space stays inside its word."""
    parts: list[AnyInline] = []
    for index, word in enumerate(words.split(" ")):
        if index:
            parts.append(Space())
        if word:
            parts.append(Str(word))
    return tuple(parts)
