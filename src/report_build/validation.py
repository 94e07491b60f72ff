"""What is a rule, and how do rules judge a document?

A rule is a function from a document to findings. Its name is its rule name, its docstring
its manual page (`report-build explain`) and its test: what stands under `Bad:` must be
found, what stands under `Good:` must not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from report_build.diagnostics import Diagnostic, Place, Severity, did_you_mean
from report_build.document import Document

SILENCED = re.compile(r"<!--\s*report-build:\s*ignore\s+([\w\s,-]+?)\s*-->")


@dataclass(frozen=True)
class Finding:
    """What a rule found: offsets into the source (or a place), words and a hint."""

    at: tuple[int, int] | Place
    message: str
    hint: str = ""


Check = Callable[[Document], Iterable[Finding]]


@dataclass(frozen=True)
class Rule:
    """A rule with its name, its usual severity and what documents it judges."""

    name: str
    severity: Severity
    check: Check
    manual: str
    of: str = "any"
    """`master`, `edition` or `any`."""


def rule(severity: Severity, of: str = "any") -> Callable[[Check], Rule]:
    """Make a rule of a function; `of` says whether it judges masters, editions or both."""

    def made(check: Check) -> Rule:
        name = check.__name__.replace("_", "-")
        return Rule(name, severity, check, check.__doc__ or "", of)

    return made


def judge(document: Document, rules: Iterable[Rule]) -> Iterator[Diagnostic]:
    """All that the rules find in a document, less what the author silenced."""
    kind = "edition" if document.edition else "master"
    silenced = _silenced(document)
    for each in rules:
        if each.of not in ("any", kind):
            continue
        severity = Severity(document.front.rules.get(each.name, each.severity))
        if severity is Severity.IGNORE:
            continue
        for finding in each.check(document):
            place = finding.at if isinstance(finding.at, Place) else document.place(finding.at)
            if (each.name, place.file, place.line) not in silenced:
                editions = (document.edition.id,) if document.edition else ()
                yield Diagnostic(
                    each.name, severity, place, finding.message, finding.hint, editions
                )


def unknown_rules(
    document: Document, rules: Iterable[Rule], others: Iterable[str]
) -> Iterator[Diagnostic]:
    """Severities that the front matter sets for rules that do not exist."""
    names = {each.name for each in rules} | set(others)
    for name in document.front.rules:
        if name not in names:
            place = document.places.of(("rules", name))
            message = f"there is no rule “{name}”"
            yield Diagnostic(
                "unknown-rule", Severity.ERROR, place, message, did_you_mean(name, names)
            )


def _silenced(document: Document) -> set[tuple[str, str, int]]:
    """Rule, file and line of each silenced place: the comment's own line and the next with text."""
    found: set[tuple[str, str, int]] = set()
    text = document.source.text
    for match in SILENCED.finditer(text):
        after = re.compile(r"\S").search(text, match.end())
        spots = [match.start(), *([after.start()] if after else [])]
        for spot in spots:
            place = document.place((spot, spot))
            names = re.split(r"[\s,]+", match[1])
            found.update((name, place.file, place.line) for name in names)
    return found
