"""Is every number that the finished file says of another place the one that stands there?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from report_build.proofs.opened import Link, Opened, plain
from report_build.proofs.subject import At, Subject, place_of

NUMBER = r"(?:[IVXLC]+(?:\.\d+)*|\d+(?:\.\d+)*)"


def prove(file: Opened, about: Subject) -> Iterator[tuple[str, At | None]]:
    """Numbers in references, page numbers, and entries of the contents that are not right."""
    for link in file.links:
        there = file.numbers.get(link.target)
        if link.number and there is not None and plain(link.number) != plain(there):
            message = f"a reference says “{link.number}” where “{there}” stands ({link.target})"
            yield message, place_of(link.target, about)
    yield from _sheets(file, about)
    yield from _pages(file, about)
    yield from _contents(file, about)
    yield from _notes(file)


def _sheets(file: Opened, about: Subject) -> Iterator[tuple[str, At | None]]:
    """On paper: the number that a reference names stands on the page that it leads to."""
    nouns = "|".join(re.escape(noun) for noun in sorted(about.nouns, key=len, reverse=True))
    said = re.compile(rf"(?:(?:{nouns or '(?!)'}) )?(?P<number>{NUMBER})(?: .*)?", re.I)
    for link in file.links if file.sheets else ():
        match = said.fullmatch(link.words)
        page = file.pages.get(link.target, 0)
        bare = match and match.start("number") == 0
        if not match or (bare and link.page is None and link.words != match["number"]):
            continue
        text = plain(file.sheets[page - 1]) if page else ""
        if page and not re.search(rf"(?<![\w.]){re.escape(match['number'])}(?!\w)", text):
            message = f"“{link.words}” leads to page {page}, where no {match['number']} stands"
            yield message, place_of(link.target, about)


def _pages(file: Opened, about: Subject) -> Iterator[tuple[str, At | None]]:
    pages = file.pages or about.pages
    word = re.compile(rf"{re.escape(about.page_word)} (\d+)", re.I)
    for link in (*file.links, *file.contents):
        printed = link.page
        if match := word.fullmatch(link.words) if file.pages else None:
            printed = int(match[1])
        right = pages.get(link.target)
        if printed is not None and right is not None and printed != right:
            message = f"page {printed} is printed for “{link.target}”, which is on page {right}"
            yield message, place_of(link.target, about)
        elif printed == -1:
            yield f"no page is printed for “{link.target}”", place_of(link.target, about)


def _contents(file: Opened, about: Subject) -> Iterator[tuple[str, At | None]]:
    """The contents list what they should, in its order and with its words."""
    if not file.contents:
        return
    words = dict(file.headings)
    listed = [link for link in file.contents if link.target in words]
    for link in listed:
        if not _same(link, words[link.target]):
            message = f"the contents say “{link.words}” for “{words[link.target]}”"
            yield message, place_of(link.target, about)
    for name in words.keys() - {link.target for link in listed}:
        yield f"the contents lack “{words[name]}”", place_of(name, about)
    order = [link.target for link in listed]
    right = [name for name in words if name in set(order)]
    if order != right:
        first = next((a for a, b in zip(order, right, strict=False) if a != b), order[-1])
        message = f"the contents list “{words[first]}” twice or in the wrong order"
        yield message, place_of(first, about)


def _same(link: Link, words: str) -> bool:
    def letters(text: str) -> str:
        return re.sub(r"[\W_]+", "", text)

    return letters(link.words) == letters(words)


def _notes(file: Opened) -> Iterator[tuple[str, At | None]]:
    """Notes are counted from one, without gaps, and each call has the number of its note."""
    number: dict[str, str] = {}
    for mark, target in file.calls:
        if not mark.isdigit():
            continue
        if target not in number and mark != str(len(number) + 1):
            yield f"the note after {len(number)} is called {mark}", None
        elif number.get(target, mark) != mark:
            yield f"a call says {mark} of the note {number[target]}", None
        number.setdefault(target, mark)
