"""Does a finished file say the same as the composed document, and so the same as all formats?

Each file is held against the sequence of headings, paragraphs, items, cells, captions, pictures
and notes of the tree that all formats are made from; what may differ is written in `MEANT`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from importlib import import_module
from itertools import groupby, pairwise

from report_build.document import Document
from report_build.proofs.content import (
    CODE,
    DEFINITION,
    ITEM,
    PARAGRAPH,
    PICTURE,
    QUOTATION,
    TERM,
    Item,
    Medium,
    expected,
)
from report_build.proofs.opened import READERS
from report_build.proofs.subject import At, Subject


@dataclass(frozen=True)
class Difference:
    """What one format shows otherwise than another, and why that is meant."""

    what: str
    formats: tuple[str, ...]
    why: str


MEANT = (
    Difference("title page, contents, lists of figures and tables", ("html", "pdf", "docx", "epub"),
               "They stand around the text, and each format has its own way to show them."),
    Difference("running heads, page numbers, printed marking", ("pdf", "docx"),
               "Only pages have them; they are no part of the text and not tagged as such."),
    Difference("references to pages", ("pdf", "docx"),
               "Paper says “page 12”, whose number is compared; a screen has no pages and says the number of the section."),
    Difference("where notes stand", ("html", "pdf", "docx", "epub"),
               "At the foot of the page, at the end of the page or of the chapter; their words, numbers and calls are compared."),
    Difference("links to a place itself, back to it, and to what refers to it; the heading of the notes", ("html", "epub"),
               "Only a screen needs them to get about in the text."),
    Difference("marks and numbers of list items", ("html", "pdf", "docx", "epub"),
               "The reader's program draws them; the order of the items is compared."),
    Difference("value before label in key figures", ("docx",),
               "Word has both on a line, the value first; they are read as label and value."),
    Difference("formulas", ("html", "docx", "epub"),
               "MathML and Word's formulas are each a tree of their own; that one is there is compared. A PDF has the TeX as alternative text."),
    Difference("pictures", ("html", "pdf", "docx", "epub"),
               "Their alternative text is compared, not what is written in them."),
    Difference("capital letters of a style", ("pdf",),
               "A PDF has the letters as they are drawn; the other formats have those of the text and a style."),
    Difference("hyphens and spaces at line ends, spaces beside links and formulas", ("pdf",),
               "Lines are broken by hyphenation, and gaps are not drawn; what stood there before cannot be seen in the file."),
    Difference("what goes over the end of a page, repeated heads of tables", ("pdf",),
               "The tags of a PDF are those of its pages; all parts of a paragraph, item or row are read as one."),
    Difference("ligatures, kinds of hyphens and spaces, raised and lowered digits as characters", ("html", "pdf", "docx", "epub"),
               "A font draws several characters with one glyph, and a file tells only one of them (Unicode, NFKC)."),
    Difference("order of letters, and signs at them, in texts with Arabic, Hebrew or scripts of South Asia", ("pdf",),
               "A PDF has glyphs in the order in which they are drawn; that all letters are there is compared."),
    Difference("levels of headings from the fifth on", ("html", "pdf", "docx", "epub"),
               "HTML has six, one of which is the title's."),
    Difference("terms, definitions, code and quotations as such", ("pdf", "docx"),
               "Tags and styles do not tell them from items or paragraphs everywhere; their words are compared."),
)  # fmt: skip
"""All that may differ between two formats of an edition."""

ALSO: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "pdf": {
        TERM: (ITEM,),
        DEFINITION: (ITEM,),
        CODE: (PARAGRAPH, ITEM, QUOTATION),
        PICTURE: (PARAGRAPH,),
    },
    "docx": {CODE: (ITEM,), QUOTATION: (ITEM, PARAGRAPH), DEFINITION: (ITEM, PARAGRAPH)},
}
"""As what else a kind of item may be found in a format."""
MOST = 12
"""Differences of one file that are told; a file that lacks a chapter need not list its words."""
AROUND = 4
"""Words around a difference that are shown."""
LONG = 24
"""Words of a difference that are shown."""
BETWEEN = "¶"
"""Where one item ends and the next begins, in words that are shown."""
Words = frozenset[str]


def prove(
    form: str, content: bytes, document: Document, pages: Mapping[str, int], about: Subject
) -> Iterator[tuple[str, At | None]]:
    """Where a file differs from the composed document that it was made from.

    `pages` are those of its anchors, if it prints any in references.
    """
    paged = form in ("pdf", "docx")
    medium = Medium(pages if paged else {}, about.page_word, tex=form == "pdf")
    for message, name in compare(form, expected(document, medium), said(form, content)):
        yield message, about.at.get(name)


def said(form: str, content: bytes) -> tuple[Item, ...]:
    """What a finished file of one of our formats says, in reading order."""
    module = import_module(f"report_build.proofs.{READERS[form]}_content")
    return module.read(form, content)  # type: ignore[no-any-return]


def compare(form: str, wanted: Sequence[Item], found: Sequence[Item]) -> Iterator[tuple[str, str]]:
    """How two sequences differ, each time with the nearest id before it."""
    wanted_keys = [key(item.text) for item in wanted]
    found = _rejoined(found, set(wanted_keys))
    found_keys = [key(item.text) for item in found]
    problems = list(_differences(form, wanted, found, (wanted_keys, found_keys)))
    yield from problems[:MOST]
    if len(problems) > MOST:
        yield f"{len(problems) - MOST} more differences", problems[MOST][1]


def key(text: str) -> str:
    """A text without what line ends and capitals do to it, to find it again."""
    folded = re.sub(r"[\s-]", "", text).casefold()
    return _letters(folded) if REORDERED.search(folded) else folded


REORDERED = re.compile(
    "[\u0590-\u08ff\u0900-\u109f\u1780-\u17ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff"
    "\U00011000-\U00011fff]"
)
"""Scripts from right to left, and those of South and South-East Asia, whose signs change places."""


def _letters(text: str) -> str:
    """The letters of a text in no order, without the signs that belong to them."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(sorted(char for char in plain if char.isalnum()))


def _rejoined(found: Sequence[Item], wanted: Container[str]) -> list[Item]:
    """What goes on over the end of a page as one, if that is in the document.

    What begins a page is an item, or the cells of a row; what stands before it is as much.
    """
    whole: list[Item] = []
    for begins, group in groupby(found, lambda item: item.begins):
        rest = list(group)
        for start in range(len(whole) - len(rest), -1, -len(rest)) if begins else ():
            tail = [*whole[start:], *rest]
            columns = [tail[index :: len(rest)] for index in range(len(rest))]
            texts = ["\n".join(x.text for x in column if x.text) for column in columns]
            if all(key(text) in wanted for text in texts):
                whole[start:] = []
                rest = [replace(c[0], text=t) for c, t in zip(columns, texts, strict=True)]
                break
            if not whole[start].begins:
                break
        whole += rest
    return whole


def _differences(
    form: str, wanted: Sequence[Item], found: Sequence[Item], keys: tuple[list[str], list[str]]
) -> Iterator[tuple[str, str]]:
    words = frozenset(word for item in wanted for word in item.text.split())
    matcher = SequenceMatcher(None, *keys, autojunk=False)
    blocks = [(0, 0, 0), *matcher.get_matching_blocks()]
    for (a, b, size), (next_a, next_b, next_size) in pairwise(blocks):
        lost, new = wanted[a + size : next_a], found[b + size : next_b]
        if lost or new:
            near = wanted[min(a + size, len(wanted) - 1)] if wanted else Item("", "")
            yield _changed(lost, new, keys, words), near.id
        for one, other in zip(
            wanted[next_a : next_a + next_size], found[next_b : next_b + next_size], strict=True
        ):
            if not _same(form, one.text, other.text):
                yield f"{one.kind}: {_diff(_words([one]), _words([other], words))}", one.id
            elif other.kind != one.kind and other.kind not in ALSO.get(form, {}).get(one.kind, ()):
                yield f"{one.kind} is a {other.kind} here: “{_short(one.text.split())}”", one.id


def _changed(
    lost: Sequence[Item], new: Sequence[Item], keys: tuple[list[str], list[str]], words: Words
) -> str:
    """What to say of items that are not in the file, and of others in their place."""
    kind = (lost or new)[0].kind
    if not new:
        moved = all(key(item.text) in keys[1] for item in lost)
        return f"{kind} {'stands elsewhere' if moved else 'is missing'}: [-{_short(_words(lost))}-]"
    if not lost:
        moved = all(key(item.text) in keys[0] for item in new)
        said = "stands here, too" if moved else "is in no other format"
        return f"{kind} {said}: {{+{_short(_words(new, words))}+}}"
    return f"{kind}: {_diff(_words(lost), _words(new, words))}"


def _same(form: str, wanted: str, found: str) -> bool:
    """Whether a text is the one that is wanted, as far as a PDF lets its line ends be seen."""
    if form == "pdf" and REORDERED.search(wanted):
        return key(wanted) == key(found)
    return _reads(found.split("\n"), wanted) if form == "pdf" else wanted == found


def _reads(lines: Sequence[str], wanted: str) -> bool:
    at = 0
    for index, line in enumerate(lines):
        at += index > 0 and wanted.startswith(" ", at)
        broken = line.endswith("-") and index < len(lines) - 1
        if wanted.startswith(line, at):
            at += len(line)
        elif broken and wanted.startswith(line[:-1], at):
            at += len(line) - 1
        elif taken := _in_capitals(line, wanted[at:]):
            at += taken
        else:
            return False
    return at == len(wanted)


def _in_capitals(line: str, wanted: str) -> int:
    """How many of the wanted characters a line of capitals is; “ß” is two of them."""
    lengths = range(len(line), len(line) // 2, -1)
    return next((size for size in lengths if wanted[:size].upper() == line), 0)


# ------------------------------------------------------------------ differences in words


def _words(items: Sequence[Item], known: Words = frozenset()) -> list[str]:
    """The words of items with a mark between them; over line ends, words that are known."""
    return f" {BETWEEN} ".join(_unbroken(item.text, known) for item in items).split()


def _unbroken(text: str, known: Words) -> str:
    whole, *lines = text.split("\n")
    for line in lines:
        before, after = whole.rpartition(" ")[2], line.partition(" ")[0]
        if before + after in known and not (before in known and after in known):
            whole += line
        elif before.endswith("-") and before[:-1] + after in known:
            whole = whole[:-1] + line
        else:
            whole = f"{whole} {line}"
    return whole


def _diff(old: Sequence[str], new: Sequence[str]) -> str:
    """Words that are gone and new as `[-gone-]{+new+}`, with a few of the words around them."""
    parts = []
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for index, (what, a, b, c, d) in enumerate(codes):
        if what == "equal":
            parts.append(_around(old[a:b], first=index == 0, last=index == len(codes) - 1))
            continue
        gone = f"[-{_short(old[a:b])}-]" if b > a else ""
        parts.append(gone + (f"{{+{_short(new[c:d])}+}}" if d > c else ""))
    return " ".join(filter(None, parts))


def _around(words: Sequence[str], first: bool, last: bool) -> str:
    head = [] if first else words[:AROUND]
    tail = [] if last else words[-AROUND:]
    if len(words) <= len(head) + len(tail):
        return " ".join(words)
    return " ".join((*head, "…", *tail))


def _short(words: Sequence[str]) -> str:
    return " ".join(words if len(words) <= LONG else (*words[: LONG - 4], "…", *words[-3:]))
