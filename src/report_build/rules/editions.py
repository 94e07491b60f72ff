"""Does every condition mean somebody who exists?"""

from __future__ import annotations

from collections.abc import Iterator

from report_build import audiences
from report_build import nodes as n
from report_build.diagnostics import Severity
from report_build.document import AUDIENCES, PROFILES, Document, offsets
from report_build.validation import Finding, rule

CONDITIONS = (*AUDIENCES, *PROFILES)


@rule(Severity.ERROR, of="master")
def unknown_audience(document: Document) -> Iterator[Finding]:
    """A condition names an audience or group that the front matter does not declare.

    Bad:
        # Honduras {audience="hdn"}

        Words.

    Good:
        # Honduras {audience="hnd"}

        Words.
    """
    yield from (finding for name, finding in _problems(document) if name == audiences.UNKNOWN)


@rule(Severity.ERROR, of="master")
def audience_syntax(document: Document) -> Iterator[Finding]:
    """A condition is not of the form that conditions have.

    Bad:
        # Honduras {audience="hnd and (gtm"}

        Words.

    Good:
        # Honduras {audience="hnd or (gtm and not press)"}

        Words.
    """
    yield from (finding for name, finding in _problems(document) if name == audiences.SYNTAX)


def _problems(document: Document) -> Iterator[tuple[str, Finding]]:
    for key, texts in document.front.variants.items():
        for text, _ in texts:
            for problem in audiences.parse(text, document.front.known_names)[1]:
                place = document.places.key((key, text))
                yield problem.rule, Finding(place, problem.message, problem.hint)
    for attr in n.attributes(document.blocks):
        for key, text in attr.pairs:
            if key in CONDITIONS:
                _, problems = audiences.parse(text, document.front.known_names)
                start = _value_start(document, attr, key, text)
                for problem in problems:
                    at = (start + problem.start, start + problem.end)
                    yield problem.rule, Finding(at, problem.message, problem.hint)


def _value_start(document: Document, attr: n.Attr, key: str, text: str) -> int:
    """Where the value of an attribute begins in the source."""
    begin, end = offsets(attr)
    source = document.source.text
    at = source.find(f"{key}=", begin, max(end, begin + 1))
    if at < 0:
        return begin
    return max(source.find(text, at + len(key)), begin)
