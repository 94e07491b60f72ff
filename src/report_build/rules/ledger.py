"""Do the numbers in the text agree with the number ledger?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from report_build import nodes as n
from report_build.diagnostics import Severity, did_you_mean
from report_build.document import Document, offsets
from report_build.prose import Prose, prose
from report_build.schema import Quantity
from report_build.validation import Finding, rule

PERCENT = re.compile(r"(?<![\w.,])(\d+(?:\.\d+)?)\s?(?:%|per ?cent\b|por ciento\b)")
SENTENCE = re.compile(r"[^.!?]*(?:[.!?](?=\d)[^.!?]*)*[.!?]?")
LONG = 4
"""Letters of a word that says something."""
SHARE = 0.75
"""How many of a label's words a sentence must have to be about the same."""


@rule(Severity.ERROR, of="master")
def unknown_figure(document: Document) -> Iterator[Finding]:
    """The text prints a figure that the number ledger does not have.

    Bad:
        ---
        figures:
          internet-hnd: {value: 30, unit: percent, label: Population online}
        ---

        About [internet-hdn]{.figure} are online.

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

    Good:
        ---
        figures:
          internet-hnd: {value: 30, unit: percent, country: hnd, label: Population online}
        ---

        # Honduras {audience="hnd"}

        Of the population, [internet-hnd]{.figure} are online.
    """
    for text, match, same in _typed_percentages(document):
        value = Decimal(match[1])
        for name, figure in same:
            if value not in (figure.value, figure.to):
                message = f"the ledger says {figure.value}% for “{figure.label}”"
                hint = f"write [{name}]{{.figure}}"
                yield Finding(text.at(*match.span(1)), message, hint)


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
    for text, match, same in _typed_percentages(document):
        for name, figure in same:
            if Decimal(match[1]) in (figure.value, figure.to):
                message = f"the ledger has this number of “{figure.label}”"
                yield Finding(text.at(*match.span(1)), message, f"write [{name}]{{.figure}}")


def _typed_percentages(
    document: Document,
) -> Iterator[tuple[Prose, re.Match[str], list[tuple[str, Quantity]]]]:
    """Percentages in the text, each with the figures that its sentence speaks of."""
    front = document.front
    known = [(name, q, _words(q.label)) for name, q in front.figures.items() if q.unit == "percent"]
    for text in prose(document) if known else ():
        for sentence in SENTENCE.finditer(text.text):
            numbers = list(PERCENT.finditer(text.text, *sentence.span()))
            if not numbers:
                continue
            said = _words(sentence[0])
            same = [
                (name, quantity)
                for name, quantity, label in known
                if label
                and len(label & said) >= max(2, SHARE * len(label))
                and _is_about(text, quantity, document)
            ]
            for match in numbers if len(numbers) == 1 else ():  # of several, which is meant?
                yield text, match, same


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
    return frozenset(w[:6] for w in re.findall(r"[^\W\d_]+", text.casefold()) if len(w) >= LONG)
