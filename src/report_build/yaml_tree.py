"""What does a piece of YAML say, and where?

The parser's events are read one by one, so that nothing is built that may not be there:
no aliases, anchors, tags or second documents, `DEPTH` levels, `SCALARS` values. All scalars
stay as typed: what they mean is for the schema to say. (YAML 1.1 by itself reads `NO` as
false, `010` as 8, `1.10` as 1.1 and `12:30` as 750.) An empty value is `None`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import yaml

DEPTH = 8
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060-\u2069\ue000-\uf8ff\ufeff\ufdd0-\ufdef"
    "\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f\U000f0000-\U0010ffff]"
)
"""What a text may not have, and YAML could have by escapes."""
FAST = yaml.__with_libyaml__
TOLD_APART = re.compile("[\t\x85\u2028\u2029\ufeff\ud800-\udfff?]|[\\[{,:]\\s*[],}]|[|>][-+\\d]*#")
"""What libyaml, ten times as fast, reads otherwise than PyYAML's own parser does, or where."""
SCALARS = 2_000

Tree = str | list["Tree"] | dict[str, "Tree"] | None
Path = tuple[str | int, ...]
Span = tuple[int, int]

QUOTES = "put the value in quotes"
# what PyYAML says, what we say, what helps, and whether it points at where the thing began
SYNTAX = (
    ("mapping values are not allowed", "there is a second “: ” in this value", QUOTES, False),
    ("unexpected end of stream", "this quotation mark is not closed", "add the other one", True),
    ("expected ',' or ']'", "this list is not closed", "add a “,” or a “]”", True),
    ("expected ',' or '}'", "this mapping is not closed", "add a “,” or a “}”", True),
    (r"character '\\t'", "there is a tab here", "indent with spaces", False),
    ("cannot start any token", "a value cannot start with this character", QUOTES, False),
    ("could not find expected ':'", "this key has no value", "write “key: value”", True),
    ("expected alphabetic or numeric", "a value cannot start with this character", QUOTES, True),
    ("unknown escape character", "“\\” has a meaning in \"…\"", "write '…' or “\\\\”", False),
    ("expected (<block end>|'<document start>')", "this does not fit what stands before it",
     "check its indentation, or put the value in quotes", False),
)  # fmt: skip


@dataclass(frozen=True)
class Mistake:
    """What is wrong between two offsets of the YAML text; `first` is what a key repeats."""

    span: Span
    message: str
    hint: str = ""
    first: Span | None = None


@dataclass
class YamlTree:
    """A tree of plain values, the spans of its values and keys by path, and the mistakes."""

    value: Tree = None
    spans: dict[Path, Span] = field(default_factory=dict)
    keys: dict[Path, Span] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)


def read_yaml(text: str) -> YamlTree:
    """The tree of one YAML document; with a mistake of syntax its value is `None`."""
    tree = YamlTree()
    if FAST and not TOLD_APART.search(text):
        with suppress(yaml.YAMLError, _StopError):
            _Composer(text, tree, yaml.CSafeLoader).document()
            return tree
        tree = YamlTree()  # what is wrong, and where, is told by the other one
    try:
        _Composer(text, tree, yaml.SafeLoader).document()
    except _StopError as stop:
        tree.value = None
        tree.mistakes.append(stop.mistake)
    except yaml.YAMLError as error:
        tree.value = None
        tree.mistakes.append(_syntax_mistake(text, error))
    return tree


class _StopError(Exception):
    """Ends the reading at something that may not be there."""

    def __init__(self, event: yaml.Event, message: str, hint: str = "") -> None:
        self.mistake = Mistake(_span(event), message, hint)
        super().__init__(message)


class _Composer:
    """Builds the tree from the events of one text."""

    def __init__(self, text: str, tree: YamlTree, loader: Any) -> None:
        self.text = text
        self.tree = tree
        self.events = _permitted(text, loader)

    def document(self) -> None:
        next(self.events)  # the stream starts
        start = next(self.events)
        if isinstance(start, yaml.StreamEndEvent):
            return
        self.tree.value = self.value(next(self.events), ())
        next(self.events)  # the document ends
        extra = next(self.events)
        if not isinstance(extra, yaml.StreamEndEvent):
            raise _StopError(extra, "a second YAML document starts here")

    def value(self, event: yaml.Event, path: Path) -> Tree:
        start, end = _span(event)
        if isinstance(event, yaml.ScalarEvent):
            value: Tree = event.value if event.value or event.style else None
        elif isinstance(event, yaml.SequenceStartEvent):
            value, end = self.sequence(path)
        else:
            value, end = self.mapping(path)
        end = start + len(self.text[start:end].rstrip())  # block styles run on to the next token
        self.tree.spans[path] = (start, end)
        return value

    def sequence(self, path: Path) -> tuple[Tree, int]:
        items: list[Tree] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self.value(event, (*path, len(items))))
        return items, _span(event)[1]

    def mapping(self, path: Path) -> tuple[Tree, int]:
        items: dict[str, Tree] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise _StopError(event, "a key must be a word, not a list or a mapping")
            key, span = event.value, _span(event)
            value_event = next(self.events)
            if key in items:
                first = self.tree.keys[*path, key]
                self.tree.mistakes.append(Mistake(span, f"“{key}” is here twice", first=first))
                self.value(value_event, (*path, key, "again"))
            else:
                self.tree.keys[*path, key] = span
                items[key] = self.value(value_event, (*path, key))
        return items, _span(event)[1]


def _permitted(text: str, loader: Any) -> Iterator[yaml.Event]:
    depth = scalars = 0
    for event in yaml.parse(text, Loader=loader):
        if isinstance(event, yaml.AliasEvent):
            raise _StopError(event, "aliases (“*name”) are not allowed here", QUOTES)
        if isinstance(event, yaml.NodeEvent) and event.anchor:
            raise _StopError(event, "anchors (“&name”) are not allowed here", QUOTES)
        if getattr(event, "tag", None):
            raise _StopError(event, "tags (“!name”) are not allowed here", QUOTES)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        scalars += isinstance(event, yaml.ScalarEvent)
        if isinstance(event, yaml.ScalarEvent) and UNSEEN.search(event.value):
            raise _StopError(event, "an escape stands for a character that is not allowed")
        if depth > DEPTH:
            raise _StopError(event, f"lists and mappings are more than {DEPTH} levels deep")
        if scalars > SCALARS:
            raise _StopError(event, f"there are more than {SCALARS:,} keys and values")
        yield event


def _span(event: yaml.Event) -> Span:
    assert event.start_mark and event.end_mark
    return event.start_mark.index, event.end_mark.index


def _syntax_mistake(text: str, error: yaml.YAMLError) -> Mistake:
    mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
    if not isinstance(error, yaml.MarkedYAMLError) or mark is None:
        at = int(getattr(error, "position", 0))
        return Mistake((at, at + 1), "this character is not allowed here")
    at = mark.index
    for theirs, message, hint, where_it_began in SYNTAX:
        if re.search(theirs, error.problem or ""):
            began = error.context_mark if where_it_began else None
            return Mistake(_at(text, began.index if began else at), message, hint)
    told = ", ".join(filter(None, (error.context, error.problem)))
    return Mistake(_at(text, at), f"YAML cannot be read: {told}")


def _at(text: str, index: int) -> Span:
    return index, min(index + 1, len(text))
