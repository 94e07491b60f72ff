"""Which characters of the text did this node come from?

Pandoc's Markdown reader keeps no positions, so the words of the tree are aligned with the
words of the text as in a patience diff (runs of three words that are unique on both sides,
their longest increasing chain, `difflib` in the gaps). A heading, link, image, block or
citation is then looked for between its neighbouring words by what it must literally hold:
`#id`, `@id`, the target, or a key of its attributes.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from report_build import nodes as n

WORD = re.compile(r"\w+")
NOTE_CALL = re.compile(r"\[\^([^\]\s]+)\](?!:)")
NOTE_TEXT = re.compile(r"^[ ]{0,3}\[\^([^\]\s]+)\]:", re.M)
AT = "data-at"


@dataclass(frozen=True)
class Located:
    """A tree whose attributes say where their node stands, and where each word does.

    `data-at="12-34"` are character offsets into the text; `words` maps the identity of each
    `Str` of the tree to the offset of its first word.
    """

    blocks: n.Blocks
    words: Mapping[int, int]


@dataclass
class _Words:
    """The words of the tree in the order of the text, and which of them each node spans."""

    words: list[str] = field(default_factory=list)
    owners: list[n.Str | None] = field(default_factory=list)
    spans: dict[int, tuple[int, int]] = field(default_factory=dict)
    notes: list[n.Note] = field(default_factory=list)

    def take(self, value: object) -> None:
        """Walk a value, with captions after what they name and notes set aside."""
        kind = type(value)
        if kind is n.Str:
            self._add(value.c, value)  # type: ignore[attr-defined, arg-type]
        elif kind is tuple:
            for item in value:  # type: ignore[attr-defined]
                if type(item) is not n.Space:
                    self.take(item)
        elif isinstance(value, n.Note):
            self.notes.append(value)
        elif isinstance(value, n.Code | n.CodeBlock | n.Math):
            start = len(self.words)
            self._add(value.c[1], None)
            self.spans[id(value)] = (start, len(self.words))
        elif isinstance(value, n.Citation):
            self.spans[id(value)] = (len(self.words), len(self.words))
        elif isinstance(value, n.Cite):
            start = len(self.words)
            self.take(value.c[1])
            for citation in value.c[0]:
                self.spans[id(citation)] = (start, len(self.words))
        elif kind in n.FIELDS:
            start = len(self.words)
            for part in _parts(value):
                self.take(part)
            self.spans[id(value)] = (start, len(self.words))

    def _add(self, text: str, owner: n.Str | None) -> None:
        if text.isalnum():  # as most words are
            self.words.append(text)
            self.owners.append(owner)
        else:
            for match in WORD.finditer(text):
                self.words.append(match[0])
                self.owners.append(owner)


def _parts(value: Any) -> Iterator[object]:
    if isinstance(value, n.Table):
        _, caption, _, *rows = value.c
        yield from (*rows, caption)
    elif isinstance(value, n.Figure):
        _, caption, blocks = value.c
        images = [node for node in n.walk(blocks) if isinstance(node, n.Image)]
        same = any(n.plain(image.inlines) == n.plain(caption.blocks) for image in images)
        yield from (blocks,) if same else (blocks, caption)
    else:
        yield from (getattr(value, name) for name in value.__struct_fields__)


def locate(text: str, blocks: n.Blocks, start: int = 0) -> Located:
    """Where the nodes of a tree stand in `text[start:]`, from which pandoc made it."""
    tree = _Words()
    tree.take(blocks)
    found = list(WORD.finditer(text, start))
    spots: list[tuple[int, int] | None] = [None] * len(tree.words)
    _align(tree.words, [m[0] for m in found], 0, 0, spots, [m.span() for m in found])
    finder = _Finder(text, start, tree, spots)
    _align_notes(text, start, tree, finder)
    words = {
        id(owner): spot[0]
        for owner, spot in zip(reversed(tree.owners), reversed(spots), strict=True)
        if owner and spot
    }
    finder.words.update(words)
    return Located(_marked(blocks, finder), finder.words)


def _align(
    tree: Sequence[str],
    text: Sequence[str],
    tree_at: int,
    text_at: int,
    spots: list[tuple[int, int] | None],
    where: Sequence[tuple[int, int]],
) -> None:
    """Fill `spots` (one for each word of the tree) from `where` (one for each of the text)."""
    last_a, last_b = 0, 0
    for a, b, size in [*_stretches(_chain(tree, text)), (len(tree), len(text), 0)]:
        late = max(last_a - a, last_b - b, 0)
        if late and late >= size:
            continue
        a, b, size = a + late, b + late, size - late
        if 0 < (a - last_a) * (b - last_b) <= SMALL:
            gap = SequenceMatcher(None, tree[last_a:a], text[last_b:b], autojunk=False)
            for block in gap.get_matching_blocks():
                first, there = tree_at + last_a + block.a, text_at + last_b + block.b
                spots[first : first + block.size] = where[there : there + block.size]
        spots[tree_at + a : tree_at + a + size] = where[text_at + b : text_at + b + size]
        last_a, last_b = a + size, b + size


def _stretches(chain: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
    """Runs that follow one another word by word, joined: where they begin, and their words."""
    begin = end = 0
    for end in range(1, len(chain) + 1):
        a, b = chain[end - 1]
        if end == len(chain) or chain[end] != (a + 1, b + 1):
            yield *chain[begin], end - begin + 2
            begin = end


SMALL = 250_000
"""Words of a gap on one side times those on the other: more would take too long to compare."""


def _chain(tree: Sequence[str], text: Sequence[str]) -> list[tuple[int, int]]:
    """The longest increasing chain of three-word runs that are unique on both sides."""
    left, right = _unique_runs(tree), _unique_runs(text)
    pairs = [(index, right[run]) for run, index in left.items() if run in right]
    tails: list[int] = []
    tops: list[int] = []
    before: list[int] = []
    for index, (_, b) in enumerate(pairs):
        at = len(tails) if not tails or b > tails[-1] else bisect_left(tails, b)
        before.append(tops[at - 1] if at else -1)
        tails[at : at + 1] = [b]
        tops[at : at + 1] = [index]
    chain: list[tuple[int, int]] = []
    index = tops[-1] if tops else -1
    while index >= 0:
        chain.append(pairs[index])
        index = before[index]
    return chain[::-1]


def _unique_runs(words: Sequence[str]) -> dict[tuple[str, str, str], int]:
    """Three words in a row that are there once, with the place of the first, in their order."""
    runs = list(zip(words, words[1:], words[2:], strict=False))
    found = dict(zip(runs, range(len(runs)), strict=True))
    for run, count in Counter(runs).items() if len(found) < len(runs) else ():
        if count > 1:
            del found[run]
    return found


class _Finder:
    """Looks for the literal token of a node between its neighbouring words."""

    def __init__(
        self, text: str, start: int, tree: _Words, spots: Sequence[tuple[int, int] | None]
    ) -> None:
        self.text, self.start, self.spans = text, start, dict(tree.spans)
        self.words: dict[int, int] = {}
        self.used: set[int] = set()
        size = len(spots)
        self.before = [start] * (size + 1)
        self.after = [len(text)] * (size + 1)
        for index, spot in enumerate(spots):
            self.before[index + 1] = spot[1] if spot else self.before[index]
        for index in range(size - 1, -1, -1):
            spot = spots[index]
            self.after[index] = spot[0] if spot else self.after[index + 1]

    def region(self, node: object) -> tuple[int, int]:
        """From the word before the node to the word after it."""
        first, last = self.spans.get(id(node), (0, 0))
        return self.before[first], self.after[last]

    def find(self, node: object, *patterns: str) -> str:
        """The offsets of the first unused match near the node, else of the node's first word.

        Of several patterns the first one that is met near the node is meant.
        """
        low, high = self.region(node)
        near = [(pattern, low, high) for pattern in patterns]
        for pattern, begin, end in (*near, *((p, self.start, len(self.text)) for p in patterns)):
            for match in re.compile(pattern).finditer(self.text, begin, end):
                if match.start() not in self.used:
                    self.used.add(match.start())
                    return f"{match.start()}-{match.end()}"
        first, _ = self.spans.get(id(node), (0, 0))
        spot = min(self.after[first], high)
        return f"{spot}-{spot}"


def _align_notes(text: str, start: int, tree: _Words, finder: _Finder) -> None:
    """Align each note with the definition that its call names."""
    definitions = {m[1]: m for m in reversed(list(NOTE_TEXT.finditer(text, start)))}
    calls = [m[1] for m in NOTE_CALL.finditer(text, start) if m[1] in definitions]
    for label, note in zip(calls, tree.notes, strict=False):
        begin = definitions[label].end()
        later = (m.start() for m in definitions.values() if m.start() > begin)
        inner = _Words()
        inner.take(note.c)
        found = list(WORD.finditer(text, begin, min(later, default=len(text))))
        spots: list[tuple[int, int] | None] = [None] * len(inner.words)
        _align(inner.words, [m[0] for m in found[: 2 * len(spots) + 20]], 0, 0, spots,
               [m.span() for m in found])  # fmt: skip
        sub = _Finder(text, begin, inner, spots)
        base = len(finder.before)
        finder.before += sub.before
        finder.after += sub.after
        finder.spans |= {key: (a + base, b + base) for key, (a, b) in sub.spans.items()}
        finder.words |= {
            id(owner): spot[0]
            for owner, spot in zip(inner.owners, spots, strict=True)
            if owner and spot
        }


def _marked(blocks: n.Blocks, finder: _Finder) -> n.Blocks:
    """The tree with `data-at` in the attributes of all that has attributes or a target."""

    def deeper(node: n.AnyNode) -> n.AnyNode:
        marked = _mark(node, finder)
        return marked if isinstance(node, n.Cite) else n.descend(marked, sequence)

    def sequence(old: Any) -> Any:
        return tuple([node if type(node) in n.WORDS else deeper(node) for node in old])

    return sequence(blocks)  # type: ignore[no-any-return]


def _mark(node: n.AnyNode, finder: _Finder) -> n.AnyNode:
    match node:
        case n.Link(c=(attr, inlines, target)):
            place = finder.find(node, *_link_patterns(target[0], n.plain(inlines)))
            return n.Link((attr.with_pairs(data_at=place), inlines, target))
        case n.Image(c=(attr, inlines, target)):
            place = finder.find(node, re.escape(target[0]))
            return n.Image((attr.with_pairs(data_at=place), inlines, target))
        case n.Cite(c=(citations, inlines)):
            places = [finder.find(c, f"@{{?{re.escape(c.id)}(?![\\w-])") for c in citations]
            attr = n.Attr("", ("cite",), ((AT, " ".join(places)),))
            return n.Span((attr, (node,)))
        case n.Header(c=(level, attr, inlines)):
            place = finder.find(node, _attr_pattern(attr)) if attr != n.NO_ATTR else ""
            return n.Header(
                (level, attr.with_pairs(data_at=place or _first(node, finder)), inlines)
            )
        case n.Div(c=(attr, inner)):
            return n.Div((attr.with_pairs(data_at=finder.find(node, _attr_pattern(attr))), inner))
        case n.Span(c=(attr, inner)):
            return n.Span((attr.with_pairs(data_at=finder.find(node, _attr_pattern(attr))), inner))
        case n.Code(c=(attr, text)) if attr != n.NO_ATTR:
            return n.Code((attr.with_pairs(data_at=finder.find(node, _attr_pattern(attr))), text))
        case n.CodeBlock(c=(attr, text)):
            return n.CodeBlock((attr.with_pairs(data_at=_first(node, finder)), text))
        case n.Table(c=(attr, *rest)):
            place = finder.find(node, _attr_pattern(attr)) if attr != n.NO_ATTR else ""
            place = place or _first(node, finder)
            return n.Table((attr.with_pairs(data_at=place), *rest))  # type: ignore[arg-type]
        case n.Figure(c=(attr, caption, inner)):
            place = finder.find(node, _attr_pattern(attr)) if attr != n.NO_ATTR else ""
            place = place or _first(node, finder)
            return n.Figure((attr.with_pairs(data_at=place), caption, inner))
        case _:
            return node


def _first(node: n.AnyNode, finder: _Finder) -> str:
    """The line that holds the node's first word."""
    first, last = finder.spans.get(id(node), (0, 0))
    spot = finder.after[first] if last > first else finder.before[first]
    begin = finder.text.rfind("\n", 0, spot) + 1
    end = finder.text.find("\n", spot)
    return f"{begin}-{end if end >= 0 else len(finder.text)}"


def _link_patterns(url: str, words: str) -> list[str]:
    if url.startswith("#"):
        return [re.escape(url) + r"(?![\w-])"]
    return [re.escape(part) for part in (url, url.removeprefix("mailto:"), words) if part]


def _attr_pattern(attr: n.Attr) -> str:
    """What a `{…}` block with these attributes must hold, or a fence with one bare word."""
    if attr.id:
        return r"\{[^{}\n]*#" + re.escape(attr.id) + r"(?![\w-])[^{}]*\}"
    if attr.pairs:
        key, value = attr.pairs[0]
        return r"\{[^{}\n]*" + re.escape(key) + r"=[\"']?" + re.escape(value) + r"[^{}]*\}"
    names = "|".join(re.escape(name) for name in attr.classes) or "-"
    return rf"\{{[^{{}}\n]*(?:{names})[^{{}}]*\}}|:::+ *(?:{names})"
