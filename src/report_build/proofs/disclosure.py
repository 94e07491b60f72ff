"""Is anything in the finished file that the edition withholds?

A withheld block is betrayed by eight of its words in a row, by its id, or, if it is a title, a
cell, an item or another short text of three to seven words, by all of them together; unless the
same stands in what the edition includes or in what the product says itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate, chain

from report_build import nodes as n
from report_build.document import Document, offsets, once
from report_build.labels import Labels
from report_build.locate import AT
from report_build.proofs.legible import bare, legible, legible_once, readings
from report_build.proofs.opened import Opened
from report_build.proofs.subject import At, Run, Subject

RUN = 8
"""Words in a row that betray a longer text."""
SHORT = 3
"""Words of the shortest text that betrays itself."""
LETTERS = HEAD = 20
"""Letters of a run that is looked for letter by letter; so many of them are looked up at first."""
FEW = 1000
"""Runs that it is faster to look for one by one."""
INVISIBLE = re.compile(
    "[\u00ad\u0300-\u036f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]"
)
"""Accents that stand alone after decomposition, and characters that are not seen."""


def prove(file: Opened, about: Subject) -> Iterator[tuple[str, At | None]]:
    """Runs of words and ids of withheld blocks that the file holds."""
    written = dict.fromkeys((*file.texts, *file.names, *legible(bare(file.raw), depth=0)))
    texts = [x for text in written for x in readings(text)]
    texts += [text for _, data in file.pictures for text in legible_once(data)]
    texts = list(dict.fromkeys(texts))
    met = _met(map(_words, texts), about.withheld)
    for run in sorted(met.keys() - about.shown):
        yield f"words that this edition withholds: “{' '.join(run)}”", about.withheld[met[run]]
    names = {name.rpartition("#")[2] for name in file.names}
    found = names | {name.replace("_", "-") for name in names}
    for name in sorted(found & about.ids):
        yield f"the id “{name}” of a withheld block", about.at.get(name)
    for name in sorted(_in_text(texts, about.ids)):
        yield f"the id “{name}” of a withheld block, in its text", about.at.get(name)


def _met(texts: Iterable[Sequence[str]], wanted: Iterable[str]) -> dict[Run, str]:
    """The runs of wanted texts that stand in others, each with the first text that has it.

    Most wanted texts have no beginning of a run in common with a file, and are done with at once.
    """
    by_heads = [(text, _by_head(text)) for text in wanted]
    all_words = list(texts) if by_heads else []
    seen: set[str | Run] = set()
    for words in all_words:
        seen.update(_letter_heads(words), zip(words, words[1:], words[2:], strict=False))
    near: dict[Run, str] = {}
    for text, by_head in by_heads:
        for head in by_head.keys() & seen:
            for run in by_head[head]:
                near.setdefault(run, text)
    return {run: near[run] for run in _found(all_words, near)}


@lru_cache(maxsize=20_000)
def _by_head(text: str) -> Mapping[str | Run, Sequence[Run]]:
    """The runs of a text by what they begin with."""
    found: dict[str | Run, list[Run]] = {}
    for run in _runs(text):
        letters = "".join(run)
        head = letters[:HEAD] if _by_letters(run, letters) else run[:SHORT]
        found.setdefault(head, []).append(run)
    return found


def _by_letters(run: Run, letters: str) -> bool:
    """Whether a run is looked for letter by letter, however its words are divided."""
    return len(letters) >= LETTERS and not SHORT <= len(run) < RUN


def _letter_heads(words: Sequence[str]) -> list[str]:
    """The letters with which something may begin that is looked for letter by letter."""
    letters = "".join(words)
    return [letters[at : at + HEAD] for at in _starts(words)]


def _found(texts: Sequence[Sequence[str]], runs: Iterable[Run]) -> set[Run]:
    """The runs that stand in the texts: long ones letter by letter, however these are divided."""
    asked = set(runs)
    if len(asked) < FEW:
        everything = " ".join("".join(words) for words in texts)
        asked = {run for run in asked if "".join(run) in everything}
    if not asked:
        return asked
    eights = (zip(*(words[start:] for start in range(RUN)), strict=False) for words in texts)
    found = {run for each in eights for run in each if run in asked}
    short: dict[Run, dict[int, set[Run]]] = {}
    long: dict[str, dict[int, dict[str, Run]]] = {}
    for run in asked - found:
        letters = "".join(run)
        if _by_letters(run, letters):
            long.setdefault(letters[:HEAD], {}).setdefault(len(letters), {})[letters] = run
        else:
            short.setdefault(run[:SHORT], {}).setdefault(len(run), set()).add(run)
    for words in texts if short or long else ():
        found |= _short_ones(words, short)
        found |= _long_ones(words, long)
    return found


def _short_ones(words: Sequence[str], runs: Mapping[Run, Mapping[int, set[Run]]]) -> set[Run]:
    """Those that are met word by word; most texts have the head of none."""
    heads = runs.keys() & set(zip(words, words[1:], words[2:], strict=False)) if runs else ()
    found = set()
    for index in range(len(words) - SHORT + 1) if heads else ():
        head = tuple(words[index : index + SHORT])
        for length, those in runs[head].items() if head in heads else ():
            run = tuple(words[index : index + length])
            if run in those:
                found.add(run)
    return found


def _long_ones(
    words: Sequence[str], runs: Mapping[str, Mapping[int, Mapping[str, Run]]]
) -> set[Run]:
    """Those that are met letter by letter."""
    if not runs:
        return set()
    letters = "".join(words)
    starts = _starts(words)
    heads = runs.keys() & {letters[at : at + HEAD] for at in starts}
    found = set()
    for at in starts if heads else ():
        head = letters[at : at + HEAD]
        for length, by_letters in runs[head].items() if head in heads else ():
            if met := by_letters.get(letters[at : at + length]):
                found.add(met)
    return found


def _starts(words: Sequence[str]) -> list[int]:
    """Where words begin, and each letter of what may be several words without spaces."""
    lengths = [len(word) for word in words]
    starts = [0, *accumulate(lengths)]
    if max(lengths, default=0) > LETTERS:
        long = [
            (end, length)
            for end, length in zip(starts[1:], lengths, strict=True)
            if length > LETTERS
        ]
        starts += [at for end, length in long for at in range(end - length, end)]
    return starts


def _in_text(texts: Iterable[str], ids: frozenset[str]) -> set[str]:
    """Ids with a hyphen that stand in a text as such: no word of prose looks like them."""
    telling = {name for name in ids if "-" in name}
    if not telling:
        return set()
    return telling & {
        word
        for text in texts
        for word in re.findall(r"(?<!\w)\w++(?:-\w++)+", text)
        if word in telling
    }


def withheld(
    document: Document, labels: Labels, among: Container[str] | None = None
) -> tuple[Mapping[str, At], frozenset[Run], frozenset[str]]:
    """What the master has and the edition has not: texts with their block, and ids.

    Between them are the runs of words of these texts that stand in the edition all the same. With
    `among` only some texts are asked about.
    """
    master = document.master
    if not master:
        return {}, frozenset(), frozenset()
    texts = [text for text, _ in _texts(document)]
    known = set(texts)
    candidates: dict[str, At] = {}
    for text, at in (*_texts(master), *_front_texts(document)):
        if text not in known and (among is None or text in among) and _runs(text):
            candidates.setdefault(text, at)
    said = chain(
        (*texts, " ".join(texts)),  # a page's words run on from cell to cell
        _own_texts(document),
        _said(labels.words),
        _explained(texts, document.front.abbreviations),
    )
    shown = frozenset(_met(map(_known_words, said), candidates))
    ids = frozenset(anchor.id for anchor in master.anchors if anchor.authored)
    return candidates, shown, ids - document.anchor.keys()


def met(texts: Iterable[str], masters: Iterable[Document]) -> frozenset[str]:
    """The texts of masters of which some words in a row stand in others."""
    known: dict[str, None] = {}
    for master in masters:
        known |= dict.fromkeys(text for text, _ in _texts(master))
        known |= dict.fromkeys(figure.label for figure in master.front.figures.values())
    found = _met(map(_words, texts), known).keys()
    return frozenset(text for text in known if not found.isdisjoint(_runs(text)))


def _front_texts(document: Document) -> Iterator[tuple[str, At]]:
    """Labels of figures in the ledger that are about others."""
    front, edition = document.front, document.edition
    for figure in front.figures.values():
        about = front.expand(figure.country)
        if edition and not edition.is_full and about and edition.audience not in about:
            yield figure.label, (0, 0)


def _own_texts(document: Document) -> Iterator[str]:
    """What the edition may say from the front matter: its own figures, title, event."""
    front, edition = document.front, document.edition
    yield from (front.title, front.subtitle, front.description, *front.abbreviations.values())
    for short, long in front.abbreviations.items():  # as it is explained, and as it is listed
        yield from (f"{long} {short}", f"{short} {long}")
    yield from (document.title, document.subtitle, document.marking, front.publisher)
    yield from (*front.keywords, *front.authors)
    if front.event:
        yield from (front.event.name, front.event.place, *front.event.hosts)
    for figure in front.figures.values():
        about = front.expand(figure.country)
        if edition and (edition.is_full or not about or edition.audience in about):
            yield figure.label


def _explained(texts: Iterable[str], abbreviations: Mapping[str, str]) -> Iterator[str]:
    """Texts as they read where their abbreviations are explained."""
    if not abbreviations:
        return
    pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, abbreviations))})(?![\w-])")
    for text in texts:
        if pattern.search(text):
            yield pattern.sub(lambda match: f"{abbreviations[match[0]]} ({match[0]})", text)


def _said(words: object) -> Iterator[str]:
    """All texts of the labels."""
    if isinstance(words, str):
        yield words
    elif isinstance(words, Mapping):
        for value in words.values():
            yield from _said(value)
    elif isinstance(words, list | tuple):
        for value in words:
            yield from _said(value)


@once
def _texts(document: Document) -> Sequence[tuple[str, At]]:
    """Each paragraph, cell, caption, heading and alternative text, with the place of its block."""
    return list(_each_text(document))


def _each_text(document: Document) -> Iterator[tuple[str, At]]:
    at = (0, 0)
    for node in document.walked:
        attr = getattr(node, "attr", n.NO_ATTR)
        if isinstance(node, n.Header | n.Div | n.Table | n.Figure) and attr.get(AT):
            at = offsets(attr)
        match node:
            case n.Para(c=inlines) | n.Plain(c=inlines) | n.Header(c=(_, _, inlines)):
                yield n.plain(inlines), at
            case n.CodeBlock(c=(_, code)):
                yield code, at
        if attr.get("alt"):
            yield attr.get("alt"), at


@lru_cache(maxsize=20_000)
def _runs(text: str) -> frozenset[Run]:
    """Eight words in a row each, or a short text as a whole."""
    words = _words(text)
    if len(words) >= RUN:
        return frozenset(tuple(words[i : i + RUN]) for i in range(len(words) - RUN + 1))
    telling = len(words) >= SHORT or sum(map(len, words)) >= LETTERS
    return frozenset({tuple(words)}) if telling else frozenset()


@lru_cache(maxsize=20_000)
def _known_words(text: str) -> tuple[str, ...]:
    """Of texts that many editions have."""
    return tuple(_words(text))


def _words(text: str) -> list[str]:
    # a hyphen at a line's end is the layout's; it joins what it cut
    joined = CUT.sub("", text) if "\n" in text else text
    folded = joined.casefold()
    if not folded.isascii():
        folded = OTHERS.sub(_plain, folded)
    return WORD.findall(folded)


CUT = re.compile(r"[-\u00ad\ufffe\x02](?<=\w.)\r?\n(?=\w)")
WORD = re.compile(r"[^\W_]+")
OTHERS = re.compile(r"[^\x00-\x7f]+")


def _plain(met: re.Match[str]) -> str:
    """Letters other than ASCII without accents and what is not seen."""
    letters = INVISIBLE.sub("", unicodedata.normalize("NFKD", met[0]))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
