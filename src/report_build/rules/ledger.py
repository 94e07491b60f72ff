"""Do the numbers in the text agree with the number ledger?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from report_build import nodes as n
from report_build.diagnostics import Severity, did_you_mean
from report_build.document import Document, offsets, once
from report_build.prose import Prose, prose
from report_build.schema import Quantity
from report_build.validation import Finding, rule

TIMES = {
    "thousand": 1_000, "mil": 1_000, "million": 1_000_000, "millones": 1_000_000,
    "billion": 1_000_000_000,
}  # fmt: skip
LARGE = "|".join(TIMES)
NUMBER = rf"(?<![\w.,])(?P<number>\d+(?:[.,]\d+)*)(?:\s(?P<times>{LARGE})\b(?:\sde\b)?)?"
YEAR = r"(?!(?:19|20)\d\d\b)"
UNCOUNTED = ("rank", "times", "")
"""Units that are no words for what is counted."""
DECIMAL_COMMA = ("es", "fr", "pt")
DIGIT = re.compile(r"\d")
SENTENCE = re.compile(r"[^.!?]*(?:[.!?](?=\d)[^.!?]*)*[.!?]?")
STEM = 6
"""Letters by which a word is known in its forms."""
LONG = 4
"""Letters of a word that says something."""
SHARE = 0.75
"""How many of a label's words a sentence must have to be about the same."""


@rule(Severity.ERROR, of="master")
def unknown_figure(document: Document) -> Iterator[Finding]:
    """The text prints a figure, or a chart draws one, that the number ledger does not have.

    Bad:
        ---
        figures:
          internet-hnd: {value: 30, unit: percent, label: Population online}
        ---

        About [internet-hdn]{.figure} are online.

    Bad:
        ::: {.chart figures="internet-hnd" alt="Bars."}
        Population online
        :::

    Good:
        ---
        figures:
          internet-hnd: {value: 30, unit: percent, label: Population online}
        ---

        About [internet-hnd]{.figure} are online.
    """
    for node in document.walked:
        if isinstance(node, n.Span) and "figure" in node.attr.classes:
            name = n.plain(node.inlines).strip()
            if name not in document.front.figures:
                hint = did_you_mean(name, document.front.figures)
                yield Finding(_word_at(node, name, document), f"no figure “{name}”", hint)
        elif isinstance(node, n.Div) and "chart" in node.attr.classes:
            yield from _unknown_in_chart(node.attr, document)


def _unknown_in_chart(attr: n.Attr, document: Document) -> Iterator[Finding]:
    names = attr.get("figures").split()
    if not names:
        yield Finding(offsets(attr), "this chart draws nothing", 'name figures: figures="…"')
    for name in names:
        if name not in document.front.figures:
            word = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
            start = document.source.text.find("figures=", *offsets(attr))
            found = word.search(document.source.text, start + 8, offsets(attr)[1])
            at = found.span() if found and start >= 0 else offsets(attr)
            yield Finding(at, f"no figure “{name}”", did_you_mean(name, document.front.figures))


def _word_at(node: n.Span, name: str, document: Document) -> tuple[int, int]:
    text = document.source.text
    end = offsets(node.attr)[0]
    start = text.rfind(f"[{name}]", 0, end + 1)
    return (start + 1, start + 1 + len(name)) if start >= 0 else offsets(node.attr)


@rule(Severity.WARNING, of="master")
def number_against_ledger(document: Document) -> Iterator[Finding]:
    """A sentence says another number than the ledger does of the same thing.

    It is about the same if it has most words of the figure's label and is in a block of its
    country.

    Bad:
        ---
        figures:
          internet-hnd: {value: 30, unit: percent, country: hnd, label: Population online}
        ---

        # Honduras {audience="hnd"}

        Of the population, 35 percent are online.

    Bad:
        ---
        figures:
          officers-hnd: {value: 1200, unit: officers, country: hnd, label: Officers trained abroad}
        ---

        # Honduras {audience="hnd"}

        By then, 1,500 police officers had been trained abroad.

    Good:
        ---
        figures:
          internet-hnd: {value: 30, unit: percent, country: hnd, label: Population online}
        ---

        # Honduras {audience="hnd"}

        Of the population, [internet-hnd]{.figure} are online.
    """
    for typed in _typed(document):
        for name, figure in typed.same:
            if typed.value not in (figure.value, figure.to):
                unit = "%" if figure.unit == "percent" else f" {figure.unit}"
                bounds = (x for x in (figure.value, figure.to) if x is not None)
                amount = "–".join(f"{x:,}" for x in bounds)
                message = f"the ledger says {amount}{unit} for “{figure.label}”"
                yield Finding(typed.at, message, f"write [{name}]{{.figure}}")


@rule(Severity.INFO, of="master")
def number_typed_by_hand(document: Document) -> Iterator[Finding]:
    """A number is typed although the ledger has it, so that a change of one leaves the other.

    Bad:
        ---
        figures:
          internet-hnd: {value: 30, unit: percent, country: hnd, label: Population online}
        ---

        # Honduras {audience="hnd"}

        Of the population, 30 percent are online.

    Good:
        ---
        figures:
          internet-hnd: {value: 30, unit: percent, country: hnd, label: Population online}
        ---

        # Honduras {audience="hnd"}

        Of the population, [internet-hnd]{.figure} are online.
    """
    for typed in _typed(document):
        for name, figure in typed.same:
            if typed.value in (figure.value, figure.to):
                message = f"the ledger has this number of “{figure.label}”"
                yield Finding(typed.at, message, f"write [{name}]{{.figure}}")


@dataclass(frozen=True)
class _Typed:
    """A number in the text, with the figures of the ledger that its sentence speaks of."""

    value: Decimal
    at: tuple[int, int]
    same: tuple[tuple[str, Quantity], ...]


@once
def _typed(document: Document) -> tuple[_Typed, ...]:
    return tuple(_numbers_of_the_ledger(document))


def _numbers_of_the_ledger(document: Document) -> Iterator[_Typed]:
    units: dict[str, list[tuple[str, Quantity]]] = {}
    for name, figure in document.front.figures.items():
        units.setdefault(figure.unit, []).append((name, figure))
    counted = {unit: counting for unit in units if (counting := _counting(unit))}
    known = {figure.label: _words(figure.label) for figure in document.front.figures.values()}
    comma = document.front.lang.split("-")[0] in DECIMAL_COMMA
    for text in prose(document) if counted else ():
        for sentence in SENTENCE.finditer(text.text) if DIGIT.search(text.text) else ():
            if not DIGIT.search(sentence[0]):
                continue
            small, said = sentence[0].casefold(), _words(sentence[0])
            for unit, counting in counted.items():
                there = any(sign in small for sign in counting.signs)  # much sooner told
                found = (
                    list(counting.pattern.finditer(text.text, *sentence.span())) if there else ()
                )
                if len(found) != 1:  # of several, which is meant?
                    continue
                same = tuple(
                    (name, figure)
                    for name, figure in units[unit]
                    if len(known[figure.label] & said) >= max(2, SHARE * len(known[figure.label]))
                    and _is_about(text, figure, document)
                )
                if same:
                    at = text.at(*found[0].span("number"))
                    yield _Typed(_value(found[0], comma), at, same)


class _Counting(NamedTuple):
    """How a text says a number of a unit."""

    pattern: re.Pattern[str]
    signs: tuple[str, ...]
    """One of them is in it, in small letters."""


@cache
def _counting(unit: str) -> _Counting | None:
    """A number of a unit: “30 percent”, “$3 million”, “1,200 trained officers”."""
    if unit in UNCOUNTED:
        return None
    if unit == "percent":
        words = r"\s?(?:%|per ?cent\b|por cento\b|por ciento\b|pour cent\b)"
        return _Counting(re.compile(NUMBER + words), ("%", "cent", "ciento"))
    if unit == "usd":
        words = r"(?(sign)|\s(?:US )?(?:dollars|dólares|USD)\b)"
        return _Counting(
            re.compile(rf"(?P<sign>\$\s?)?{NUMBER}{words}"), ("$", "dollars", "dólares", "usd")
        )
    stem = unit.split()[-1][:STEM]
    pattern = rf"{YEAR}{NUMBER}\s(?:[^\W\d_]+\s){{0,2}}?{re.escape(stem)}\w*"
    return _Counting(re.compile(pattern, re.I), (stem.casefold(),))


def _value(found: re.Match[str], comma: bool) -> Decimal:
    """The number that is written, with its grouping and “million” resolved."""
    group, mark = (".", ",") if comma else (",", ".")
    digits = found["number"].replace(group, "").replace(mark, ".")
    times = TIMES[found["times"].casefold()] if found["times"] else 1
    return Decimal(digits) * times if digits.count(".") <= 1 else Decimal(0)


def _is_about(text: Prose, quantity: Quantity, document: Document) -> bool:
    """Whether a text is for those that a figure is about, and for nobody else."""
    front = document.front
    concerned = set(front.expand(quantity.country))
    gets = {
        name
        for name in front.audiences
        if text.when.holds(frozenset({name, *front.groups_of(name)}))
    }
    return not concerned or (bool(gets) and gets <= concerned)


def _words(text: str) -> frozenset[str]:
    return frozenset(w[:STEM] for w in re.findall(r"[^\W\d_]+", text.casefold()) if len(w) >= LONG)
