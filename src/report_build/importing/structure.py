"""How do passages become the tree of a document: headings by level, lists, notes at their calls?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from report_build import nodes as n
from report_build.importing.guesses import Gone, Guess, Sure
from report_build.importing.passages import ORDINALS, Passage

CALL = re.compile("\ue000(\\d+)\ue001")
"""Where a note is called, as the reader of PDFs marks it."""
STYLES = (
    ("roman", re.compile(r"[IVXLC]+[.)]?")),
    ("alpha", re.compile(r"[A-Z][.)]?")),
    ("arabic", re.compile(r"(?:(?:[IVXLC]+|[A-Z]|\d+)\.)*\d+[.)]?")),
)
PRODUCT = {"day": "words", "alpha": "letters"}
"""How the product calls a style of numbers, where it has another name."""
NEAR = 16
"""Blocks before a note among which its call is looked for."""


@dataclass(frozen=True)
class Structure:
    """A document's tree, how its headings are numbered level by level, and what was guessed."""

    title: str
    blocks: n.Blocks
    headings: tuple[dict[str, str], ...]
    guesses: tuple[Guess, ...]
    gone: tuple[Gone, ...]
    marks: tuple[tuple[str, str], ...]
    """Words with the number of a note after them, and without."""
    numbers: dict[int, str]
    """What is not repeated from the beginning of which line: the title, and numbers of headings."""


def structure(passages: Sequence[Passage]) -> Structure:
    """The tree of passages."""
    whole, rest = _title(_titled_days(passages))
    levels = Levels(rest)
    work = _Work(levels, {one.number: one for one in rest if one.kind == "note"})
    for one in rest:
        work.add(one)
    work.end()
    numbers = {one.lines[0].number: one.number for one in rest if levels.drops(one)}
    numbers |= {line.number: line.text for line in whole.lines} if whole else {}
    guesses = [
        Guess("passages", one.doubt, Sure.UNSURE, one.place, one.text[:30])
        for one in rest
        if one.doubt
    ]
    return Structure(
        CALL.sub(r"\1", whole.text) if whole else "", tuple(work.blocks), levels.settings,
        (*guesses, *work.guesses), tuple(levels.dropped(rest)),
        tuple(work.marks), numbers,
    )  # fmt: skip


def _title(passages: Sequence[Passage]) -> tuple[Passage | None, list[Passage]]:
    """What is largest at the beginning, if letters have sizes: it is the title, not a heading."""
    sizes = [one.lines[0].size for one in passages if one.kind == "heading"]
    first = next((i for i, one in enumerate(passages) if one.kind == "heading"), None)
    if first is None or not sizes or not sizes[0]:
        return None, list(passages)
    if sizes[0] < max(sizes) or sizes.count(max(sizes)) > 1 or first > 3:
        return None, list(passages)
    return passages[first], [one for i, one in enumerate(passages) if i != first]


def _titled_days(passages: Sequence[Passage]) -> list[Passage]:
    """“DAY ONE” and the line below it are one heading."""
    found: list[Passage] = []
    for one in passages:
        before = found[-1] if found else None
        short = one.kind in ("heading", "text") and len(one.text) < 120 and not one.number
        if before and before.kind == "day" and not before.text and short:
            level = min(before.level, one.level or before.level)
            lines = (*before.lines, *one.lines)
            found[-1] = replace(before, text=one.text, lines=lines, level=level)
        else:
            found.append(one)
    return found


class Levels:
    """At which level a heading stands, and how the product is to number that level."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        heads = [one for one in passages if one.kind in ("day", "heading")]
        self.days = any(one.kind == "day" for one in heads)
        self.sized = any(one.lines[0].size for one in heads)
        order = [_style(one.number) for one in heads if one.kind == "heading"]
        self.styles = list(dict.fromkeys(order))
        sizes = sorted({one.level for one in heads})
        self.sizes = {size: rank for rank, size in enumerate(sizes, 1)}
        found = self._numbered(heads)
        gap = any(level not in found for level in range(1, max(found, default=0) + 1))
        self.numbered = {} if gap else found

    def of(self, one: Passage) -> int:
        """The level of a heading, from 1."""
        if self.sized:
            return self.sizes.get(one.level, 1)
        if one.kind == "day":
            return 1
        depth = one.number.rstrip(".").count(".") if _style(one.number) == "arabic" else 0
        return 1 + self.days + self.styles.index(_style(one.number)) + depth

    def _numbered(self, heads: Sequence[Passage]) -> dict[int, str]:
        """The style of the numbers of each level whose numbers run from one in their order."""
        found: dict[int, str] = {}
        broken: set[int] = set()
        count: dict[int, int] = {}
        for one in heads:
            level = self.of(one)
            count = {deep: at for deep, at in count.items() if deep <= level}
            style = "day" if one.kind == "day" else _style(one.number)
            if style:
                count[level] = count.get(level, 0) + 1
                if found.setdefault(level, style) != style or _value(one) != count[level]:
                    broken.add(level)
        alone = [
            level
            for level, style in found.items()
            if style != "day"
            and len(of := [x for x in heads if self.of(x) == level]) > 1
            and sum(bool(x.number) for x in of) == 1
        ]  # a word that only looks like a number, such as “I”
        return {x: style for x, style in found.items() if x not in {*broken, *alone}}

    @property
    def settings(self) -> tuple[dict[str, str], ...]:
        """For the key `headings` of the front matter; nothing if nothing is numbered."""
        if not self.numbered:
            return ()
        made = []
        for _, style in sorted(self.numbered.items()):
            kind = "day" if style == "day" else "section"
            made.append({"kind": kind, "style": PRODUCT.get(style, style)})
        return tuple(made)

    def keeps(self, one: Passage) -> bool:
        """Whether a heading keeps the number that was printed, since the product has no such one."""
        return bool(one.number) and self.of(one) not in self.numbered

    def attr(self, one: Passage) -> n.Attr:
        """A heading without a number, at a level where others have one, is to keep without."""
        bare = not one.number and self.of(one) in self.numbered
        return n.Attr("", ("unnumbered",)) if bare else n.NO_ATTR

    def drops(self, one: Passage) -> bool:
        """Whether the product makes the number of a heading itself."""
        return one.kind in ("day", "heading") and bool(one.number) and not self.keeps(one)

    def dropped(self, passages: Iterable[Passage]) -> Iterable[Gone]:
        """The numbers that the product makes itself."""
        for one in passages:
            if self.drops(one):
                yield Gone(one.number, "numbers of headings are made anew", one.place)


def _style(number: str) -> str:
    return next((name for name, form in STYLES if form.fullmatch(number)), "")


def _value(one: Passage) -> int:
    number = one.number.rstrip(".)")
    if one.kind == "day":
        word = number.split()[-1].casefold()
        places = [row.split().index(word) + 1 for row in ORDINALS.split("|") if word in row.split()]
        return places[0] if places else int(word) if word.isdigit() else 0
    if _style(one.number) == "roman":
        digits = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
        values = [digits[letter] for letter in number]
        return sum(-x if x < y else x for x, y in zip(values, (*values[1:], 0), strict=True))
    if _style(one.number) == "alpha":
        return ord(number) - ord("A") + 1
    last = number.split(".")[-1]
    return int(last) if last.isdigit() else 0


class _Work:
    """Puts the tree together."""

    def __init__(self, levels: Levels, notes: dict[str, Passage]) -> None:
        self.levels, self.notes = levels, notes
        self.blocks: list[Any] = []
        self.items: list[n.Blocks] = []
        self.guesses: list[Guess] = []
        self.called: set[str] = set()
        self.marks: list[tuple[str, str]] = []
        self.rows: list[tuple[tuple[str, ...], bool]] = []
        self.level = 1

    def add(self, one: Passage) -> None:
        """Another passage."""
        if one.kind == "item":
            self.items.append((n.Plain(self.inlines(one.text)),))
            return
        if one.kind == "row":
            if self.rows and len(self.rows[0][0]) != len(one.lines[0].cells):
                self.end()
            self.rows.append((one.lines[0].cells, one.lines[0].bold))
            return
        self.end()
        if one.kind in ("day", "heading"):
            self.level = self.levels.of(one)
            words = f"{one.number} {one.text}" if self.levels.keeps(one) else one.text
            attr = self.levels.attr(one)
            self.blocks.append(n.Header((self.level, attr, self.inlines(words))))
        elif one.kind == "questions":
            attr = n.Attr("", ("unnumbered",))
            self.blocks.append(n.Header((self.level + 1, attr, self.inlines(one.text))))
        elif one.kind == "note":
            self._place(one)
        else:
            self.blocks.append(n.Para(self.inlines(one.text)))

    def end(self) -> None:
        """A list and a table end where something else begins."""
        if self.rows:
            self.blocks.append(_table(self.rows, self.inlines))
            self.rows = []
        if self.items:
            self.blocks.append(n.BulletList(tuple(self.items)))
            self.items = []

    def inlines(self, text: str) -> n.Inlines:
        """Words, and notes where they are called."""
        parts: list[Any] = []
        for index, part in enumerate(CALL.split(text)):
            if index % 2 == 0:
                parts += n.text(" ".join(part.split(" "))) if part else ()
            elif part in self.notes and part not in self.called:
                self.called.add(part)
                parts.append(n.Note((n.Para(n.text(self.notes[part].text)),)))
            else:
                parts.append(n.Superscript((n.Str(part),)))
        return tuple(parts)

    def _place(self, one: Passage) -> None:
        """A note without a call is called where its number stands after a word, else at the end."""
        if one.number in self.called:
            return
        self.called.add(one.number)
        note = n.Note((n.Para(n.text(one.text)),))
        call = re.compile(rf"(?<=[^\W\d_])[.,;:!?”\"’)]*{one.number}(?=\W*$)")
        for index in range(len(self.blocks) - 1, max(-1, len(self.blocks) - NEAR), -1):
            block = self.blocks[index]
            words = block.c if isinstance(block, n.Para) else ()
            at = [
                (i, x.c) for i, x in enumerate(words) if isinstance(x, n.Str) and call.search(x.c)
            ]
            if len(at) == 1:
                place, word = at[0]
                end = word.rindex(one.number)
                after = word[end + len(one.number) :]
                parts = (n.Str(word[:end]), note, *n.text(after))
                self.blocks[index] = n.Para((*words[:place], *parts, *words[place + 1 :]))
                self.marks.append((word, word[:end] + after))
                return
        what = f"note {one.number} is called nowhere; it is called at the end of its paragraph"
        self.guesses.append(Guess("notes", what, Sure.UNSURE, one.place, one.text[:30]))
        last = self.blocks[-1] if self.blocks else None
        if isinstance(last, n.Para):
            self.blocks[-1] = n.Para((*last.c, note))
        else:
            self.blocks.append(n.Para((note,)))


def _table(
    rows: Sequence[tuple[tuple[str, ...], bool]], inlines: Callable[[str], n.Inlines]
) -> n.Table:
    """A table; its first row is its head if its letters are bold and those below are not."""
    count = len(rows[0][0])
    head = rows[0][1] and not all(bold for _, bold in rows)

    def row(cells: tuple[str, ...]) -> n.Row:
        return n.Row(n.NO_ATTR, tuple(_cell(inlines(words)) for words in cells))

    top = tuple(row(cells) for cells, _ in rows[:head])
    rest = tuple(row(cells) for cells, _ in rows[head:])
    columns = ((n.Tag("AlignDefault"), n.Tag("ColWidthDefault")),) * count
    body = n.TableBody(n.NO_ATTR, 0, (), rest)
    return n.Table(
        (
            n.NO_ATTR,
            n.Caption(),
            columns,
            n.TableHead(n.NO_ATTR, top),
            (body,),
            n.TableHead(n.NO_ATTR, ()),
        )
    )


def _cell(words: n.Inlines) -> n.Cell:
    inside = (n.Plain(words),) if words else ()
    return n.Cell(n.NO_ATTR, n.Tag("AlignDefault"), 1, 1, inside)
