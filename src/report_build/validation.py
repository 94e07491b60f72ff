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
from report_build.verbatim import verbatim, within

SILENCED = re.compile(
    r"<!--\s*report-build:\s*ignore(?P<file>-file)?\s+(?P<names>[\w\s,-]+?)\s*-->"
)
NEXT = re.compile(r"\S")


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


def judge(document: Document, rules: Iterable[Rule], silence: Silence) -> Iterator[Diagnostic]:
    """All that the rules find in a document, less what the author silenced."""
    kind = "edition" if document.edition else "master"
    editions = (document.edition.id,) if document.edition else ()
    for each in rules:
        if each.of not in ("any", kind) or not silence.may_speak(each):
            continue
        for finding in each.check(document):
            place = finding.at if isinstance(finding.at, Place) else document.place(finding.at)
            severity = silence.severity(each, place)
            if severity is not Severity.IGNORE and not silence.covers(each.name, place):
                yield Diagnostic(
                    each.name, severity, place, finding.message, finding.hint, editions
                )


@dataclass
class Suppression:
    """A rule that a comment silences: in its file, or on its line and the next one with text."""

    rule: str
    place: Place
    lines: frozenset[int]
    """Of its file; empty means all of them."""
    used: bool = False


class Silence:
    """What the author does not want to hear, by comments and by the front matter."""

    def __init__(self, master: Document) -> None:
        self.front = master.front
        self.suppressions = list(_suppressions(master))

    def may_speak(self, rule: Rule) -> bool:
        """Whether a rule's problems are wanted anywhere."""
        settings = (self.front.rules, *self.front.rules_by_file.values())
        severities = {own.get(rule.name, rule.severity) for own in settings}
        return severities != {Severity.IGNORE}

    def severity(self, rule: Rule, place: Place) -> Severity:
        """How bad a rule's problem is at a place: by its file, the document, the rule."""
        own = self.front.rules_by_file.get(place.file, {})
        return Severity(own.get(rule.name, self.front.rules.get(rule.name, rule.severity)))

    def covers(self, rule: str, place: Place) -> bool:
        """Whether a comment silences a rule at a place; that comment is not in vain, then."""
        found = [
            one
            for one in self.suppressions
            if one.rule == rule and one.place.file == place.file
            if not one.lines or place.line in one.lines
        ]
        for one in found:
            one.used = True
        return bool(found)

    def unused(self, known: Iterable[str]) -> Iterator[Diagnostic]:
        """Comments that silence nothing, to be asked for when all has been judged."""
        names = set(known)
        for one in self.suppressions:
            if not one.used:
                why = (
                    f"“{one.rule}” finds nothing here"
                    if one.rule in names
                    else f"there is no rule “{one.rule}”"
                )
                hint = "delete the comment" if one.rule in names else did_you_mean(one.rule, names)
                severity = Severity(self.front.rules.get(UNUSED, Severity.WARNING))
                if severity is not Severity.IGNORE:
                    yield Diagnostic(UNUSED, severity, one.place, why, hint)


UNUSED = "unused-suppression"


def _suppressions(document: Document) -> Iterator[Suppression]:
    text = document.source.text
    stretches = verbatim(text)
    for match in SILENCED.finditer(text):
        inside = within(stretches, match.start())
        if not inside or inside.kind != "comment":
            continue  # shown, as code
        lines: set[int] = set()
        if not match["file"]:
            after = NEXT.search(text, match.end())
            spots = [match.start(), *([after.start()] if after else [])]
            lines = {document.place((spot, spot)).line for spot in spots}
        for name in re.finditer(r"[\w-]+", match["names"]):
            start = match.start("names") + name.start()
            place = document.place((start, start + len(name[0])))
            yield Suppression(name[0], place, frozenset(lines))


def unknown_rules(
    document: Document, rules: Iterable[Rule], others: Iterable[str]
) -> Iterator[Diagnostic]:
    """Severities that the front matter sets for rules that do not exist."""
    names = {each.name for each in rules} | set(others)
    paths: list[tuple[str, ...]] = [("rules", name) for name in document.front.rules]
    for file, own in document.front.rules_by_file.items():
        paths += [("rules-by-file", file, name) for name in own]
    for path in paths:
        name = path[-1]
        if name not in names:
            place = document.places.key(path)
            message = f"there is no rule “{name}”"
            yield Diagnostic(
                "unknown-rule", Severity.ERROR, place, message, did_you_mean(name, names)
            )
