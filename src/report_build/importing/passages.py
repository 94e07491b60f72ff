"""Which lines make a heading, a paragraph, a note, a list?

A heading is told by its form: a day, a number, letters that are larger or bold. A paragraph that
a page or a column cuts in two goes on where it was not at its end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from report_build.importing.joining import Join, Words, joined
from report_build.importing.lines import FOOT, Line, groups, usual_size, usual_width

ORDINALS = (
    "one two three four five six seven eight nine ten|uno dos tres cuatro cinco seis siete ocho "
    "nueve diez|un deux trois quatre cinq six sept huit neuf dix|um dois três quatro cinco seis "
    "sete oito nove dez|first second third fourth fifth sixth seventh eighth ninth tenth"
)
DAY = re.compile(
    rf"(?:day|d[ií]a|jour|jornada)\s+(\d{{1,2}}|{'|'.join(ORDINALS.replace('|', ' ').split())})"
    r"\s*[:.–—-]?\s*(.*)",
    re.IGNORECASE,
)
NUMBERED = re.compile(
    r"((?:[IVXL]+|[A-H]|\d{1,2}(?:\.\d{1,2}){0,3})[.)]|\d{1,2}(?:\.\d{1,2}){1,3})\s+(\S.*)"
)
BARE = re.compile(r"((?:(?:[IVXL]+|\d{1,2})(?:\.\d{1,2}){0,3}[.)]?|[A-H][.)]))\s+([^\W\d_].*)")
"""A number before a heading that is told by its letters already, and so needs no full stop."""
BULLET = re.compile(r"[•●▪◦‣∙·]\s*(\S.*)|[–*-]\s+(\S.*)")
ITEM = re.compile(r"\(?(\d{1,2}|[a-z])[.)]\s+(\S.*)")
NOTE = re.compile(r"(\d{1,3})\.?\s+([A-Z“\"«¿¡].*)")
QUESTIONS = re.compile(
    r"(Q\s?&\s?A(?:\s+Sessions?)?|Questions? and Answers?|Preguntas y respuestas)\s*[:.–—]\s*",
    re.IGNORECASE,
)
END = re.compile(r"(?:[.?!…][”\"’')\]»]*|[”\"»]|:)$")
SHORT = re.compile(
    r"(?:\b[A-Z]\.|\b(?:[A-Z]\.){2,}|\b(?:Dr|Mr|Mrs|Ms|St|No|Gen|Col|Lt|Sr|Sra|vs|etc|Art)\.)$"
)
"""Ends with a full stop, and perhaps in mid-sentence."""
SMALL = frozenset(
    [
        "a",
        "an",
        "and",
        "as",
        "at",
        "by",
        "de",
        "del",
        "el",
        "en",
        "for",
        "from",
        "in",
        "la",
        "las",
        "los",
        "of",
        "on",
        "or",
        "the",
        "to",
        "with",
        "y",
    ]
)
HEADING_LINES, HEADING_LENGTH, DAY_LENGTH = 5, 220, 90
FULL = 0.85
"""A line that takes less of the width ends a paragraph."""


@dataclass(frozen=True)
class Passage:
    """A piece of the document: `kind` is day, heading, text, note, item or questions."""

    kind: str
    text: str
    lines: tuple[Line, ...]
    number: str = ""
    """As it was printed before a heading, an item or a note."""
    level: int = 0
    """Of a heading without a number: how large it is as against others, from 1."""
    joins: tuple[Join, ...] = ()
    doubt: str = ""
    """What may be wrong with it."""

    @property
    def place(self) -> str:
        """Where it begins."""
        return self.lines[0].place


@dataclass
class _Sizes:
    """What is usual in a document."""

    width: float
    size: float
    larger: tuple[float, ...] = field(default=())

    @classmethod
    def of(cls, lines: Sequence[Line]) -> _Sizes:
        size = usual_size(lines)
        larger = sorted({x.size for x in lines if x.size > size * 1.04}, reverse=True)
        return cls(
            usual_width(x for x in lines if not x.size or x.size == size), size, tuple(larger)
        )


def passages(lines: Sequence[Line], words: Words) -> list[Passage]:
    """All passages of a document in their order; notes stand after what they interrupt."""
    usual = _Sizes.of(lines)
    found: list[Passage] = []
    for group in _split(groups(lines), usual):
        one = _passage(group, words, usual, found[-1] if found else None)
        before = next((i for i in range(len(found) - 1, -1, -1) if found[i].kind != "note"), None)
        if one.kind == "text" and before is not None and _goes_on(found[before], one, usual):
            found[before] = _together(found[before], one, words, usual)
        else:
            found.append(one)
    return [piece for one in found for piece in _questions(one)]


def _split(found: Iterable[list[Line]], usual: _Sizes) -> Iterator[list[Line]]:
    """Groups without what stands in one only because no line was left blank."""
    for group in found:
        part: list[Line] = []
        for line in group:
            new = (
                part
                and not line.cells
                and (_looks(line, usual) != _looks(part[-1], usual) or _is_item(line))
            )
            if new:
                yield part
                part = []
            part.append(line)
        yield part


def _looks(line: Line, usual: _Sizes) -> tuple[float, bool]:
    if not line.size:
        return 0.0, False
    return (usual.size if abs(line.size - usual.size) < 0.3 else line.size), line.bold


def _is_item(line: Line) -> bool:
    return bool(BULLET.match(line.text))


def _passage(group: list[Line], words: Words, usual: _Sizes, before: Passage | None) -> Passage:
    text, joins = joined(group, words)
    made = Passage("text", text, tuple(group), joins=joins)
    first = group[0]
    if first.cells:
        return replace(made, kind="row", joins=())
    stands_out = not first.size or first.bold or first.size > usual.size * 1.04
    titled = stands_out and len(text) < DAY_LENGTH and not END.search(text)
    day = DAY.fullmatch(text) if titled else None
    large = usual.larger.index(first.size) if first.size in usual.larger else len(usual.larger)
    if day:
        number = text[: day.start(2)].strip(" :.–—-")
        return replace(made, kind="day", text=day[2], number=number, level=large + 1)
    if bullet := BULLET.match(text):
        return replace(made, kind="item", text=bullet[1] or bullet[2], number="•")
    if first.size and first.size < usual.size * FOOT and (note := NOTE.match(text)):
        return replace(made, kind="note", text=note[2], number=note[1])
    if _is_heading(made, usual, before):
        numbered = (BARE if first.size else NUMBERED).fullmatch(text)
        level = large + 1
        if numbered:
            return replace(made, kind="heading", number=numbered[1], text=numbered[2], level=level)
        return replace(made, kind="heading", level=level)
    cut = not first.size and before and before.kind == "text" and not _at_end(before, usual)
    note = NOTE.match(text) if cut and END.search(text) else None
    if note:
        why = "it stands in the middle of a paragraph and begins with a number"
        return replace(made, kind="note", text=note[2], number=note[1], doubt=why)
    return made


def _is_heading(one: Passage, usual: _Sizes, before: Passage | None) -> bool:
    if len(one.lines) > HEADING_LINES or len(one.text) > HEADING_LENGTH:
        return False
    first = one.lines[0]
    if first.size:
        large = first.size > usual.size * 1.04
        return large or (
            first.bold and first.size > usual.size * FOOT and not _is_sentence(one.text)
        )
    numbered = NUMBERED.fullmatch(one.text)
    if numbered and _is_title(numbered[2]) and not _is_sentence(one.text):
        return True
    titles = before is not None and before.kind == "day" and not before.text
    alone = len(one.lines) == 1 and (one.lines[0].width < usual.width * FULL or titles)
    unfinished = before is not None and before.kind == "text" and not _at_end(before, usual)
    return alone and not unfinished and _is_title(one.text) and not _is_sentence(one.text)


def _is_sentence(text: str) -> bool:
    return bool(END.search(text)) and not SHORT.search(text)


def _is_title(text: str) -> bool:
    """Whether the words have capitals as those of titles in English do, or all letters are."""
    words = [
        word for word in re.findall(r"[^\W\d_][\w’'.-]*", text) if word.casefold() not in SMALL
    ]
    capitals = sum(word[0].isupper() for word in words)
    return bool(words) and words[0][0].isupper() and capitals >= 0.75 * len(words)


def _at_end(one: Passage, usual: _Sizes) -> bool:
    """Whether a paragraph can be at its end."""
    if not END.search(one.text):
        return False
    return not (SHORT.search(one.text) and one.lines[-1].width >= usual.width * FULL)


def _goes_on(before: Passage, one: Passage, usual: _Sizes) -> bool:
    """Whether a paragraph is the rest of another, which a page, a column or a note has cut."""
    if before.kind not in ("text", "item") or not one.lines[0].turns:
        return False
    if before.lines[-1].size and abs(before.lines[-1].size - one.lines[0].size) > 0.3:
        return False
    return not _at_end(before, usual) or one.text[:1].islower()


def _together(before: Passage, rest: Passage, words: Words, usual: _Sizes) -> Passage:
    lines = (*before.lines, *rest.lines)
    text, joins = joined(lines, words)
    if before.kind == "item":
        found = BULLET.match(text)
        text = (found[1] or found[2]) if found else text
    unsure = SHORT.search(before.text) and END.search(before.text)
    doubt = f"it goes on after “{before.text[-24:]}”" if unsure else before.doubt
    return replace(before, text=text, lines=lines, joins=joins, doubt=doubt)


def _questions(one: Passage) -> Iterator[Passage]:
    """A passage that begins with “Q&A Session:” is one with a heading."""
    found = QUESTIONS.match(one.text) if one.kind == "text" else None
    if not found:
        yield one
        return
    yield Passage("questions", found[1], one.lines[:1])
    yield replace(one, text=one.text[found.end() :])
