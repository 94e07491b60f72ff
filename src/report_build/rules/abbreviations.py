"""Is every abbreviation explained, once and always alike?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from unicodedata import combining, normalize

from report_build.diagnostics import Severity
from report_build.document import Document, once
from report_build.prose import Prose, prose
from report_build.validation import Finding, rule

CAPITALS = re.compile(r"(?<![\w.@-])[A-Z][A-Z0-9]{1,7}(?:-[A-Z0-9]+)*(?![\w-])")
WORD = re.compile(r"[\w-]+")
ROMAN = re.compile(r"[IVXLC]+")
IN_PARENTHESES = re.compile(r"\((?P<short>[A-Z][\w-]*?)s?\)")
BEFORE = re.compile(r"(?:[\w’'-]+ ){2,10}\Z")
UNFINISHED = frozenset({"TODO", "FIXME", "TBD", "TBC"})
"""Capitals that stand for nothing: see the rule `placeholder`."""
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
            if name not in known | parts | codes | UNFINISHED and not ROMAN.fullmatch(name):
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
    texts = [text.text for text in prose(document)]
    texts += [f"{q.label} {q.short}" for q in document.front.figures.values()]
    whole = " ".join(texts)
    words = set(WORD.findall(whole))
    for short in document.front.abbreviations:
        if words.isdisjoint((short, f"{short}s")) and not (
            short in whole and re.search(rf"(?<![\w-]){re.escape(short)}s?(?![\w-])", whole)
        ):
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
    for one in _typed(document):
        if one.same:
            if one.short in seen:
                message = f"“{one.short}” was expanded before"
                yield Finding(one.at, message, "write the abbreviation alone")
            seen.add(one.short)


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
        abbreviations: {OAS: Organization of American States, NGO: non-governmental organization}
        ---

        The Organization of American States (OAS) met non-governmental organizations (NGOs).
    """
    for one in _typed(document):
        if not one.same and one.abbreviates:
            message = f"the front matter says “{one.long}”"
            yield Finding(one.at, message, "say the same in both places")


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
    done: set[str] = set()
    known = document.front.abbreviations
    expanded: dict[int, list[_Expansion]] = {}
    for one in _typed(document):
        expanded.setdefault(id(one.text), []).append(one)
    for text in prose(document) if expanded else ():
        if text.kind == "heading":
            continue
        for one in expanded.get(id(text), ()):
            if one.short in used and one.same and one.short not in done:
                yield Finding(one.at, f"“{one.short}” is used before it is expanded here")
            done |= {one.short} if one.same else set()
        used.update(m[0] for m in CAPITALS.finditer(text.text) if m[0] in known)


@dataclass(frozen=True)
class _Expansion:
    """An abbreviation in parentheses after words that may be what it stands for."""

    text: Prose
    words: str
    short: str
    long: str
    """What the front matter says."""
    at: tuple[int, int]

    @property
    def same(self) -> bool:
        """Whether the words are what the front matter says, be it in the plural."""
        said, long = _singular(self.words), _singular(self.long)
        return said[-len(long) :] == long

    @property
    def abbreviates(self) -> bool:
        """Whether the letters of the abbreviation are initials of the words."""
        parts = re.findall(r"[^\W_]+", self.words)
        capitals = "".join(part[0] for part in parts if part[0].isupper())
        last = "".join(part[0] for part in parts[-len(self.short) :]).upper()
        return len(self.short) > 1 and (self.short in capitals or self.short == last)


def _singular(text: str) -> list[str]:
    """Words in small letters without accents and without the endings of plurals."""
    plain = "".join(c for c in normalize("NFD", text.casefold()) if not combining(c))
    return [re.sub("y$", "i", re.sub("(?:es|s)$", "", word)) for word in plain.split()]


@once
def _typed(document: Document) -> tuple[_Expansion, ...]:
    """Expansions typed by hand of abbreviations that the front matter explains."""
    known = document.front.abbreviations
    found: list[_Expansion] = []
    for text in prose(document) if known else ():
        for match in IN_PARENTHESES.finditer(text.text):
            short = match["short"]
            before = BEFORE.search(text.text[max(match.start() - 150, 0) : match.start()])
            if short in known and before:
                at = text.at(*match.span("short"))
                found.append(_Expansion(text, before[0].rstrip(), short, known[short], at))
    return tuple(found)
