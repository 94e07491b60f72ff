"""Do references by number have a number to say, and are they references at all?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from report_build import labels
from report_build.diagnostics import Severity
from report_build.document import Document, meant
from report_build.numbering import Number, numbers
from report_build.prose import prose
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
    known = numbers(document, _labels(document.front.lang))
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

    Good:
        # Opening {#opening}

        Words.

        # Closing

        As said in @opening, all went well, in line with Article 1 of the treaty.
    """
    words = _labels(document.front.lang)
    known = {(number.kind, number.text): name for name, number in _said(document, words).items()}
    kinds = {kind for kind, _ in known} - {"note", "item"}
    nouns = {words.noun(kind, plural=p).casefold(): kind for kind in kinds for p in (False, True)}
    if not nouns:
        return
    names = "|".join(re.escape(noun) for noun in sorted(nouns, key=len, reverse=True))
    pattern = re.compile(
        rf"(?<!\w)(?P<noun>{names})[ \u00a0](?P<number>[IVXLC]+(?:\.\d+)*|\d+(?:\.\d+)*)(?![\w.]*\d)",
        re.I,
    )
    for text in prose(document):
        for match in pattern.finditer(text.text) if text.kind == "text" else ():
            kind = nouns[match["noun"].casefold()]
            target = known.get((kind, match["number"]))
            if target:
                message = f"“{match[0]}” is typed, so it stays when the number changes"
                yield Finding(text.at(*match.span()), message, f"write @{target}")


def _said(document: Document, words: labels.Labels) -> dict[str, Number]:
    return dict(reversed(list(numbers(document, words).items())))


@cache
def _labels(lang: str) -> labels.Labels:
    return labels.load(lang, labels.packaged())
