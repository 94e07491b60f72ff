"""Do references by number have a number to say, and are they references at all?"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from report_build import labels
from report_build.diagnostics import Severity
from report_build.document import Document, meant, once
from report_build.numbering import Number, numbers
from report_build.prose import Prose, prose
from report_build.validation import Finding, rule


@rule(Severity.WARNING, of="master")
def reference_to_unnumbered(document: Document) -> Iterator[Finding]:
    """A reference asks for the number of something that has none; its title is printed instead.

    Bad:
        See [-@foreword].

        # Foreword {#foreword .unnumbered}

        Words.

    Bad:
        See @note.

        ::: {#note}
        Words.
        :::

    Good:
        See [the foreword](#foreword) and @methods.

        # Foreword {#foreword .unnumbered}

        Words.

        # Methods {#methods}

        Words.
    """
    known = _said(document)
    for reference in document.references:
        target = meant(reference.target, document.anchor)
        if reference.form == "words" or target not in document.anchor or target in known:
            continue
        kind = document.anchor[target].kind
        has = "has no number" if kind == "section" else f"is a {kind} without a number"
        yield Finding(reference.at, f"“{target}” {has}", f"write [words](#{target})")


@rule(Severity.WARNING, of="master")
def typed_reference(document: Document) -> Iterator[Finding]:
    """The text names a section, figure or table of this document by a number that was typed.

    Such a number stays as it is when others move; a reference follows.

    Bad:
        # Opening {#opening}

        Words.

        # Closing

        As said in Section 1, all went well.

    Bad:
        # Opening {#opening}

        Words.

        # Closing

        All went well (see § 1).

    Good:
        # Opening {#opening}

        Words.

        # Closing

        As said in @opening, all went well, in line with Article 1 and Section 1 of the treaty;
        see its [Section 1](https://example.org/treaty).
    """
    known: dict[tuple[str, str], list[str]] = {}
    for name, number in _said(document).items():
        known.setdefault((number.kind, number.text), []).append(name)
    for typed in _typed(document):
        targets = known.get((typed.kind, typed.number))
        if targets:
            message = f"“{typed.words}” is typed, so it stays when the number changes"
            yield Finding(typed.at, message, f"write @{_nearest(targets, typed.at[0], document)}")


def _nearest(names: Sequence[str], at: int, document: Document) -> str:
    """Of things with the same number the one in the same part of the document, if one is there."""
    tops = [anchor.at[0] for anchor in document.anchors if anchor.level == 1]
    here = bisect_right(tops, at)
    same = [name for name in names if bisect_right(tops, document.anchor[name].at[0]) == here]
    return (same or names)[-1]


@rule(Severity.INFO, of="master")
def typed_reference_to_nothing(document: Document) -> Iterator[Finding]:
    """The text names a section, figure, table or page by a number that nothing here has.

    It may be another work's, or one of this document that moved.

    Bad:
        The shares are in Table 3.

    Good:
        The shares are in @tbl-shares, and in Table 3 of the annual report.

        | Country | Share |
        |---------|------:|
        | Belize  |    29 |

        : Shares {#tbl-shares}
    """
    known = {(number.kind, number.text) for number in _said(document).values()}
    for typed in _typed(document):
        if (typed.kind, typed.number) not in known and typed.number.strip("X"):
            message = f"“{typed.words}” leads nowhere"
            yield Finding(typed.at, message, "refer to an id: @…, or say of which work it is")


@dataclass(frozen=True)
class _Typed:
    """A number typed after the noun of something that has numbers."""

    kind: str
    number: str
    words: str
    at: tuple[int, int]


@once
def _typed(document: Document) -> tuple[_Typed, ...]:
    nouns = _nouns(_labels(document.front.lang), document)
    names = "|".join(re.escape(noun) for noun in sorted(nouns, key=len, reverse=True))
    pattern = re.compile(
        rf"(?<!\w)(?P<noun>{names})\s?(?P<first>{ONE})(?:{JOINED}{ONE})*+(?![\w.]*\d|\w|{OTHER_WORK})",
        re.I,
    )
    found: list[_Typed] = []
    for text in prose(document):
        for match in pattern.finditer(text.text) if text.kind == "text" else ():
            if not _of_another_work(text.text[: match.start()]):
                found += _numbers_of(text, match, nouns[match["noun"].casefold()])
    return tuple(found)


def _numbers_of(text: Prose, match: re.Match[str], kind: str) -> Iterator[_Typed]:
    """The numbers after one noun: “Tables 1 and 2”."""
    for number in NUMBER.finditer(text.text, match.start("first"), match.end()):
        if number[0] == "I" and match["noun"].islower():  # “a section I wrote”
            continue
        if not any(start <= number.start() < end for start, end in text.linked):
            first = number.start() == match.start("first")
            span = (match.start() if first else number.start(), number.end())
            yield _Typed(kind, number[0], text.text[slice(*span)], text.at(*span))


def _of_another_work(before: str) -> bool:
    """Whether a work's name stands before a reference: “the Requirements, Section 3”."""
    found = WORK.search(before)
    return bool(found and (found["mark"] or not STARTS.search(before[: found.start()])))


def _nouns(words: labels.Labels, document: Document) -> dict[str, str]:
    """What may stand before a number, in small letters, and the kind that it is of."""
    own = {level.kind for level in document.front.headings} & {"part", "chapter", "day"}
    kinds = sorted({"section", "figure", "table", "annex", "page", *own})
    found = {words.noun(kind, plural=p).casefold(): kind for kind in kinds for p in (False, True)}
    return {**found, **SHORT}


SHORT = {
    "fig.": "figure", "figs.": "figure", "tab.": "table", "sec.": "section", "sect.": "section",
    "§": "section", "§§": "section",
}  # fmt: skip
"""Short forms of nouns before numbers, which are the same in many languages."""
ONE = r"(?-i:(?:[IVXLC]+|\d+)(?:\.\d+)*)"
NUMBER = re.compile(r"[IVXLC]+(?:\.\d+)*|\d+(?:\.\d+)*")
JOINED = r"(?:, | and | y | e | et | & |\s?–\s?|-)"
WORK = re.compile(
    r"(?:(?P<mark>[”’»]|\b[A-Z]{2,}[ -]?\d[\d.-]*)|\b(?![IVXLC]+\b)[A-Z][\w’]+),?\s\Z"
)
STARTS = re.compile(r"(?:\A|[.:;?!(\[–—“]\s?)\Z")
"""What stands before the first word of a sentence or of a remark."""
OTHER_WORK = r"(?:\s\(\w+\))?(?:,\s(?-i:[A-Z]{3,})|,?\s(?:respectively,\s)?(?:of|from|de|del|da|do|du|des)\s(?!this\b|our\b|est[ea]\b|nuestr|ce\b|cette\b))"
"""What says that a number is another work's."""


@once
def _said(document: Document) -> Mapping[str, Number]:
    """All numbers, those of things that stand first in front of those that repeat them."""
    return dict(reversed(list(numbers(document, _labels(document.front.lang)).items())))


@cache
def _labels(lang: str) -> labels.Labels:
    return labels.load(lang, labels.packaged())
