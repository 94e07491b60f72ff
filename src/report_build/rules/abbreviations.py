"""Is every abbreviation explained, once and always alike?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from report_build.diagnostics import Severity
from report_build.document import Document
from report_build.prose import Prose, prose
from report_build.validation import Finding, rule

CAPITALS = re.compile(r"(?<![\w.@-])[A-Z][A-Z0-9]{1,7}(?:-[A-Z0-9]+)*(?![\w-])")
ROMAN = re.compile(r"[IVXLC]+")
TYPED = re.compile(r"((?:[\w’'-]+ ){1,9}[\w’'-]+) \((?P<short>[A-Z][\w-]*?)s?\)")
OFTEN = 2
"""How often capitals must stand in the text to be taken for an abbreviation."""


@rule(Severity.INFO, of="master")
def undefined_abbreviation(document: Document) -> Iterator[Finding]:
    """Capitals stand in the text more than once, but the front matter does not explain them.

    Country codes and single uses are left alone.

    Bad:
        The OAS met. Then the OAS left.

    Good:
        ---
        abbreviations: {OAS: Organization of American States}
        ---

        The OAS met. Then the OAS left.
    """
    known = set(document.front.abbreviations)
    parts = {part for short in known for part in re.split(r"[-\s]", short)}
    codes = {a.country for a in document.front.audiences.values()}
    found: dict[str, tuple[int, int]] = {}
    count: Counter[str] = Counter()
    for text in prose(document):
        for match in CAPITALS.finditer(text.text):
            name = match[0].removesuffix("s")
            if name not in known | parts | codes and not ROMAN.fullmatch(name):
                count[name] += 1
                found.setdefault(name, text.at(*match.span()))
    for name, at in found.items():
        if count[name] >= OFTEN:
            hint = f"add “{name}: …” to the abbreviations"
            yield Finding(at, f"“{name}” is not explained anywhere", hint)


@rule(Severity.WARNING, of="master")
def unused_abbreviation(document: Document) -> Iterator[Finding]:
    """The front matter explains an abbreviation that the text does not use.

    Bad:
        ---
        abbreviations: {OAS: Organization of American States}
        ---

        Nobody came.

    Good:
        ---
        abbreviations: {OAS: Organization of American States}
        ---

        The OAS came.
    """
    whole = " ".join(text.text for text in prose(document))
    labels = " ".join(f"{q.label} {q.short}" for q in document.front.figures.values())
    for short in document.front.abbreviations:
        if not re.search(rf"(?<![\w-]){re.escape(short)}s?(?![\w-])", f"{whole} {labels}"):
            place = document.places.key(("abbreviations", short))
            yield Finding(place, f"nothing uses the abbreviation “{short}”")


@rule(Severity.INFO, of="master")
def expansion_typed_twice(document: Document) -> Iterator[Finding]:
    """An abbreviation is explained by hand more than once.

    The first use in each edition is expanded by itself; nothing needs to be typed.

    Bad:
        ---
        abbreviations: {OAS: Organization of American States}
        ---

        The Organization of American States (OAS) met.

        Later the Organization of American States (OAS) left.

    Good:
        ---
        abbreviations: {OAS: Organization of American States}
        ---

        The OAS met. Later the OAS left.
    """
    seen: set[str] = set()
    for text, match, long in _typed(document):
        short = match["short"]
        if match[1].casefold().endswith(long.casefold()):
            if short in seen:
                at = text.at(match.start("short"), match.end("short"))
                yield Finding(at, f"“{short}” was expanded before", "write the abbreviation alone")
            seen.add(short)


@rule(Severity.WARNING, of="master")
def different_expansion(document: Document) -> Iterator[Finding]:
    """The text expands an abbreviation otherwise than the front matter does.

    Bad:
        ---
        abbreviations: {OAS: Organization of American States}
        ---

        The Office of American Studies (OAS) met.

    Good:
        ---
        abbreviations: {OAS: Organization of American States}
        ---

        The Organization of American States (OAS) met.
    """
    for text, match, long in _typed(document):
        words = match[1].casefold()
        initials = "".join(word[0] for word in match[1].split() if word[:1].isupper())
        same = words.endswith(long.casefold())
        if not same and match["short"] in initials and len(match["short"]) > 1:
            at = text.at(match.start("short"), match.end("short"))
            yield Finding(at, f"the front matter says “{long}”", "say the same in both places")


@rule(Severity.INFO, of="master")
def late_expansion(document: Document) -> Iterator[Finding]:
    """An abbreviation is used before the place where it is expanded by hand.

    The first use in each edition is expanded by itself, so the later expansion is one too many.

    Bad:
        ---
        abbreviations: {OAS: Organization of American States}
        ---

        The OAS met.

        The Organization of American States (OAS) left.

    Good:
        ---
        abbreviations: {OAS: Organization of American States}
        ---

        The Organization of American States (OAS) met. Then the OAS left.
    """
    used: set[str] = set()
    known = document.front.abbreviations
    for text in prose(document) if known else ():
        if text.kind == "heading":
            continue
        for match in TYPED.finditer(text.text):
            short = match["short"]
            if short in used and match[1].casefold().endswith(known[short].casefold()):
                at = text.at(match.start("short"), match.end("short"))
                yield Finding(at, f"“{short}” is used before it is expanded here")
        used.update(m[0] for m in CAPITALS.finditer(text.text) if m[0] in known)


def _typed(document: Document) -> Iterator[tuple[Prose, re.Match[str], str]]:
    """Expansions typed by hand: the text, the match, and what the front matter says."""
    known = document.front.abbreviations
    for text in prose(document) if known else ():
        for match in TYPED.finditer(text.text):
            if match["short"] in known:
                yield text, match, known[match["short"]]
