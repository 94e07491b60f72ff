"""What does a reference say?

“Section II.3 of Day Two”, “Tables 1–3”, «la sección II», the title of what has no number, and
for what an edition leaves out its number in the full proceedings, never its title.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from report_build import nodes as n
from report_build.document import Anchor
from report_build.labels import Labels
from report_build.numbering import Number
from report_build.parsing import slug

NBSP = "\N{NO-BREAK SPACE}"
EN_DASH = "\N{EN DASH}"
RANGE = 3
"""From how many numbers in a row on only the first and the last are said."""
WORDLESS = ("day", "part")
"""Kinds whose number says what it is: “Day Two”."""


@dataclass(frozen=True)
class Said:
    """The words of a reference, and the article that they need in a sentence, if any."""

    words: n.Inlines
    article: str = ""


@dataclass(frozen=True)
class Wording:
    """The words of references in one edition."""

    own: Mapping[str, Number]
    """The numbers that the edition shows."""
    master: Mapping[str, Number]
    """Those of the full proceedings."""
    shown: Container[str]
    """The ids that are in the edition."""
    anchors: Mapping[str, Anchor]
    """All of the master."""
    labels: Labels

    def several(self, targets: list[str], day: str, capital: bool = False) -> Said:
        """References to targets that the edition has: “Sections II.1–II.3, and Table 2”."""
        parts = [self._group(list(group), day, capital) for group in self._grouped(targets)]
        words = self.joined([part.words for part in parts])
        return Said(words, parts[0].article if parts else "")

    def _grouped(self, targets: list[str]) -> Iterator[list[str]]:
        def kind(target: str) -> tuple[str, str]:
            number = self.own.get(target)
            if not number or number.kind in WORDLESS:
                return target, ""
            return number.kind, number.within

        for _, group in groupby(targets, key=kind):
            yield list(group)

    def _group(self, targets: list[str], day: str, capital: bool) -> Said:
        """Targets of one kind."""
        first = targets[0]
        if len(targets) == 1:
            words, article = self.one(first, day, capital)
            return Said((link(first, words),), article)
        kind = self.own[first].kind
        noun = self.labels.noun(kind, plural=True, capital=capital)
        numbers = self.joined([self._run(run) for run in self._runs(targets)])
        words = (n.Str(noun), n.Str(NBSP), *numbers, *self._within(first, day))
        return Said(words, self.labels.article(kind, plural=True))

    def _runs(self, targets: list[str]) -> Iterator[list[str]]:
        """Stretches of numbers that follow one another."""
        run = targets[:1]
        for target in targets[1:]:
            if self._follows(run[-1], target):
                run.append(target)
            else:
                yield run
                run = [target]
        yield run

    def _follows(self, one: str, other: str) -> bool:
        a, b = self.own[one], self.own[other]
        level = a.text.rpartition(".")[0] == b.text.rpartition(".")[0]
        return level and a.place > 0 and b.place == a.place + 1

    def _run(self, run: list[str]) -> n.Inlines:
        links = [link(target, self.number(target)) for target in run]
        if len(run) < RANGE:
            return self.joined([(one,) for one in links])
        return (links[0], n.Str(EN_DASH), links[-1])

    def one(self, target: str, day: str, capital: bool = False) -> tuple[n.Inlines, str]:
        """“Section II.3 of Day Two”, or the title of what has no number, and its article."""
        number = self.own.get(target)
        if not number:
            title = self.anchors[target].title
            return n.text(self.labels.quoted(title) if title else target), ""
        article = self.labels.article(number.kind)
        if number.kind in WORDLESS:
            return self.number(target), article
        noun = self.labels.noun(number.kind, capital=capital)
        return (n.Str(noun + NBSP), *self.number(target), *self._within(target, day)), article

    def _within(self, target: str, day: str) -> n.Inlines:
        number = self.own[target]
        if not number.within or number.within == day:
            return ()
        of = self.labels("of-day", day="\0").split("\0")
        return (*n.text(" " + of[0].strip() + " "), *self.number(number.within))

    def bare(self, target: str) -> n.Inlines:
        """The number alone, as a link where the edition has the target."""
        if target in self.shown:
            return (link(target, self.number(target)),)
        number = self.master.get(target)
        words = n.text(number.text if number else self.labels("full-proceedings"))
        return (n.Span((n.Attr("", ("ref-withheld",)), words)),)

    def number(self, target: str) -> n.Inlines:
        """The number alone, without a link; the title of what has no number."""
        number = self.own.get(target)
        if not number:
            return n.text(self.anchors[target].title or target)
        attr = n.Attr("", ("ref-number",), (("for", target),))
        return (n.Span((attr, n.text(number.text.replace(" ", NBSP)))),)

    def joined(self, parts: Iterable[n.Inlines]) -> n.Inlines:
        """“a, b and c”."""
        first, *others = [part for part in parts if part] or [()]
        comma, last = n.text(", "), n.text(f" {self.labels('and')} ")
        whole = first
        for index, part in enumerate(others, 1):
            whole = (*whole, *(last if index == len(others) else comma), *part)
        return whole

    def withheld(self, target: str) -> Said:
        """“section II.3 of Day Two of the full proceedings”."""
        number = self.master.get(target)
        article = self.labels.article(number.kind) if number else ""
        return Said(n.text(filtered_words(target, self.master, self.labels)), article)


def spaced(parts: Iterable[n.AnyInline]) -> n.Inlines:
    """Inlines with spaces between them."""
    whole: n.Inlines = ()
    for part in parts:
        whole = (*whole, n.Space(), part) if whole else (part,)
    return whole


def link(target: str, words: n.Inlines) -> n.Link:
    """A reference to what the edition has."""
    return n.Link((n.Attr("", ("ref",)), words, (f"#{target}", "")))


def alias(target: str, master: Mapping[str, Number], labels: Labels) -> str:
    """An id that tells no more than the number: what editions without a target know it by."""
    return slug(number_words(target, master, labels)) if target in master else ""


def filtered_words(target: str, master: Mapping[str, Number], labels: Labels) -> str:
    """What a reference to something of the master says where that is not to be had."""
    if target not in master:
        return labels("full-proceedings")
    words = number_words(target, master, labels, small=True)
    return labels("of-full-proceedings", words=words)


def number_words(
    target: str, master: Mapping[str, Number], labels: Labels, small: bool = False
) -> str:
    """“Section II.3 of Day Two”: unique in the master."""
    number = master[target]
    if number.kind in WORDLESS:
        return number.text
    words = f"{labels.noun(number.kind, small=small)}{NBSP}{number.text}"
    within = master.get(number.within)
    return f"{words} {labels('of-day', day=within.text)}" if within else words
