"""What is said of an import: `import.md`, for the person who goes on with the master."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from report_build.importing.guesses import Gone, Guess
from report_build.importing.joining import Join

HEAD = "# What was imported"
KINDS = {
    "audiences": "Who gets which passage",
    "headings": "Headings",
    "passages": "Where passages begin and end",
    "notes": "Notes",
    "abbreviations": "Abbreviations",
    "references": "References",
    "pictures": "Pictures",
    "title": "Title",
}


@dataclass(frozen=True)
class Account:
    """All that is told of one document."""

    source: str
    master: str
    text: str
    """The master itself, in which places are looked for."""
    counts: tuple[tuple[str, int], ...]
    guesses: tuple[Guess, ...]
    gone: tuple[Gone, ...]
    joins: tuple[Join, ...]
    differences: tuple[tuple[str, str], ...]
    problems: tuple[str, ...]


def report(accounts: Sequence[Account]) -> str:
    """The page, a part for each document."""
    parts = [
        HEAD,
        "",
        "Nothing of this page is part of a report: look at what it lists, then throw it away.",
    ]
    for one in accounts:
        parts += ["", f"## {one.source} → {one.master}", "", *_words(one), *_gone(one)]
        parts += [*_guesses(one), *_joins(one), *_problems(one)]
    return "\n".join(parts).rstrip() + "\n"


def counted(one: Account) -> Iterator[str]:
    """How many there are of each kind, if there are any."""
    for what, count in one.counts:
        if count:
            words = what.removesuffix("s") if count == 1 and " " not in what else what
            yield f"{count:,} {words}"


def _words(one: Account) -> Iterator[str]:
    yield ", ".join(counted(one)) + "."
    yield ""
    if not one.differences:
        yield "All words are kept, in their order, but for what is named here."
        return
    yield "**These words differ** from those of the document:"
    yield ""
    yield "| in the document | in the master, after what stands before it |"
    yield "|:----------------|:--------------------------------------------|"
    for old, new in one.differences:
        yield f"| {_cell(old)} | {_cell(new)} |"


def _gone(one: Account) -> Iterator[str]:
    if not one.gone:
        return
    yield from ("", "### Taken out or moved", "")
    for why, count in Counter(gone.why for gone in one.gone).items():
        texts = [gone for gone in one.gone if gone.why == why]
        shown = "; ".join(_gone_one(x) for x in texts[:60])
        more = f"; and {len(texts) - 60} more" if len(texts) > 60 else ""
        yield f"- {why} ({count}): {shown}{more}"


def _gone_one(one: Gone) -> str:
    where = f" ({one.source})" if one.source else ""
    return f"“{_cell(one.text[:80])}”{where}"


def _guesses(one: Account) -> Iterator[str]:
    for kind, title in KINDS.items():
        found = [guess for guess in one.guesses if guess.kind == kind]
        if not found:
            continue
        yield from ("", f"### {title}", "")
        yield "| line | in the document | how sure | what |"
        yield "|-----:|:----------------|:---------|:-----|"
        for guess in found:
            line = line_of(guess.words, one.text)
            yield f"| {line or ''} | {guess.source} | {guess.sure} | {_cell(guess.what)} |"


def _joins(one: Account) -> Iterator[str]:
    if not one.joins:
        return
    sure = sum(join.sure for join in one.joins)
    yield from ("", "### Words that were divided at the end of a line", "")
    yield f"{len(one.joins)} words were put together, {sure} of them surely; look at the others:"
    yield ""
    yield "| line | in the document | word | why |"
    yield "|-----:|:----------------|:-----|:----|"
    for join in one.joins:
        if not join.sure:
            line = line_of(join.word, one.text)
            yield f"| {line or ''} | {join.line.place} | {_cell(join.word)} | {join.why} |"


def _problems(one: Account) -> Iterator[str]:
    if one.problems:
        yield from ("", "### What `report-build check` says", "", *(f"- {x}" for x in one.problems))


def line_of(words: str, text: str) -> int:
    """The line of the master in which words stand, however its lines are broken; 0 if in none."""
    asked = re.findall(r"\S+", words)
    if not asked:
        return 0
    pattern = r"\s+".join(re.escape(word) for word in asked)
    found = re.search(pattern, text)
    return text.count("\n", 0, found.start()) + 1 if found else 0


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
