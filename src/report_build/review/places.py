"""Where in the master is what a reviewer changed? Only in what the edition has, and only its words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path

from report_build.check import Checked
from report_build.document import Document
from report_build.origin import Source
from report_build.prose import Prose, prose
from report_build.review.revisions import Change, Paragraph

ALIKE = 0.6
COVER = 8
"""Paragraphs among which an edition's name stands on the cover."""
CONTEXT = 24
"""Characters on both sides by which a change that is made is known."""
SAME = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "\u00a0": " ", "\u202f": " "})
GENERATED = "\ufffc"


@dataclass(frozen=True)
class Edit:
    """A stretch of a file that is to be replaced."""

    file: str
    start: int
    end: int
    new: str


@dataclass(frozen=True)
class Placed:
    """A paragraph of a Word file and the text of the master that it came from."""

    paragraph: Paragraph
    prose: Prose | None
    before: Prose | None = None
    """The text that stands before it, for a paragraph that is new."""


def edition_of(
    paragraphs: Sequence[Paragraph], masters: Sequence[Checked], named: Callable[[Document], str]
) -> tuple[Checked, Document] | None:
    """The edition whose texts are most nearly those of a file, and whose name is on its cover."""
    here = _runs(one.text for one in paragraphs)
    cover = {" ".join(one.text.split()) for one in paragraphs[:COVER]}
    best, found = 0.0, None
    for checked in masters:
        for document in checked.editions:
            there = _runs(one.text for one in prose(document))
            share = len(here & there) / max(1, len(here | there))
            share += named(document) in cover
            if share > best:
                best, found = share, (checked, document)
    return found


def _runs(texts: Iterable[str]) -> frozenset[tuple[str, ...]]:
    """All runs of three words in texts."""
    words = [_key(text).split() for text in texts]
    return frozenset(tuple(one[i : i + 3]) for one in words for i in range(len(one) - 2))


def _key(text: str) -> str:
    return " ".join(text.translate(SAME).replace(GENERATED, "").split()).casefold()


def placed(paragraphs: Sequence[Paragraph], document: Document) -> Iterator[Placed]:
    """Each paragraph with its text in the master: an equal one, else the most similar one."""
    texts = prose(document)
    free: dict[str, list[Prose]] = {}
    for one in texts:
        free.setdefault(_key(one.text), []).append(one)
    exact: list[Prose | None] = []
    for paragraph in paragraphs:
        same = free.get(_key(paragraph.text))
        exact.append(same.pop(0) if same and _key(paragraph.text) else None)
    left = [one for same in free.values() for one in same if _key(one.text)]
    before: Prose | None = None
    for paragraph, found in zip(paragraphs, exact, strict=True):
        touched = paragraph.changes or paragraph.comments or paragraph.is_as_sent is False
        if found is None and touched and paragraph.text.strip():
            found = _nearest(paragraph.text, left)
        yield Placed(paragraph, found, before)
        before = found or before


def _nearest(text: str, texts: Sequence[Prose]) -> Prose | None:
    matcher = SequenceMatcher(None, autojunk=False)
    matcher.set_seq2(_key(text).split())
    best, found = ALIKE, None
    for one in texts:
        matcher.set_seq1(_key(one.text).split())
        if matcher.real_quick_ratio() > best and matcher.quick_ratio() > best:
            ratio = matcher.ratio()
            if ratio > best:
                best, found = ratio, one
    return found


def untracked(one: Placed) -> Placed:
    """What was changed without being tracked becomes changes, word by word."""
    if one.paragraph.is_as_sent is not False or not one.prose or one.paragraph.changes:
        return one
    old, new = one.prose.text, one.paragraph.text
    if _key(old) == _key(new) or GENERATED in old:
        return one
    before, after = _tokens(old), _tokens(new)
    found = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            start = sum(map(len, before[:a]))
            found.append(Change(start, "".join(before[a:b]), "".join(after[c:d]), "not tracked"))
    changed = replace_text(one.paragraph, old, found)
    return replace(one, paragraph=changed)


def replace_text(paragraph: Paragraph, text: str, changes: list[Change]) -> Paragraph:
    """A paragraph whose old text is another one."""
    return Paragraph(text, changes, paragraph.comments, paragraph.whole, paragraph.is_as_sent)


def _tokens(text: str) -> list[str]:
    parts: list[str] = []
    for character in text:
        if parts and character.isalnum() and parts[-1][-1].isalnum():
            parts[-1] += character
        else:
            parts.append(character)
    return parts


# -------------------------------------------------------------------------------- edits


def edit(change: Change, one: Placed, source: Source, escaped: str) -> Edit | str:
    """What a change does to a file, or why it cannot be made by itself."""
    if one.paragraph.whole:
        return f"a whole paragraph was {one.paragraph.whole}"
    if one.prose is None:
        return "no text of the master is like this paragraph"
    spot = _in_prose(change, one.paragraph.text, one.prose.text)
    if spot is None:
        return "these words are made by the product: a number, a reference, a figure"
    start, end = spot
    text = source.text
    if start == end:
        at = one.prose.at(start - 1, start)[1] if start else one.prose.at(0, 1)[0]
        before = one.prose.text[start - 1 : start]
        if start and _plain(text[at - 1 : at]) != _plain(before):
            return "there is markup at this place"
        first = last = at
    else:
        first, last = one.prose.at(start, start + 1)[0], one.prose.at(end - 1, end)[1]
        if _plain(text[first:last]) != _plain(one.prose.text[start:end]):
            return "there is markup between these words"
    return _in_file(source, first, last, escaped)


def is_made(change: Change, one: Placed) -> bool:
    """Whether the master says already what a change asks for."""
    old = one.paragraph.text
    end = change.start + len(change.old)
    before, after = old[max(0, change.start - CONTEXT) : change.start], old[end : end + CONTEXT]
    text = _key(one.prose.text) if one.prose else ""
    asked, was = _key(f"{before}{change.new}{after}"), _key(f"{before}{change.old}{after}")
    return bool(text) and asked in text and was not in text


def _plain(text: str) -> str:
    return " ".join(text.translate(SAME).split()) if text.strip() else " " * bool(text)


def _in_prose(change: Change, old: str, text: str) -> tuple[int, int] | None:
    """Where the old words of a change are in the text of the master."""
    start, end = change.start, change.start + len(change.old)
    a, b = old.translate(SAME), text.translate(SAME)
    places: dict[int, int] = {}
    for block in SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks():
        places |= {block.a + k: block.b + k for k in range(block.size)}
    if start == end:
        before, after = places.get(start - 1), places.get(start)
        at = before + 1 if before is not None else after
        return None if at is None else (at, at)
    spots = [places.get(index) for index in range(start, end)]
    if None in spots or [x for x in spots if x is not None] != list(
        range(spots[0] or 0, (spots[0] or 0) + len(spots))
    ):
        return None
    return spots[0] or 0, (spots[0] or 0) + len(spots)


def _in_file(source: Source, first: int, last: int, new: str) -> Edit | str:
    """Offsets of a text with all its parts as those of the file in which they were written."""
    place = source.place(first, max(last, first + 1))
    texts = dict(source.originals)
    original = texts.get(place.file, source.text)
    start = _offset(original, place.line, place.column)
    end = start + (last - first)
    if original[start:end] != source.text[first:last]:
        return "these words stand in two files"
    return Edit(place.file, start, end, new)


def _offset(text: str, line: int, column: int) -> int:
    start = 0
    for _ in range(line - 1):
        start = text.index("\n", start) + 1
    return start + column - 1


def path_of(checked: Checked, project: Path) -> Path:
    """The file of a master."""
    return project / checked.source.path
