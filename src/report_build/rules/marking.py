"""Does the text keep what its handling marks promise?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from report_build import nodes as n
from report_build.diagnostics import Severity, did_you_mean
from report_build.document import Document, offsets, once
from report_build.editions import editions, receives
from report_build.prose import Prose, prose
from report_build.validation import Finding, rule

SHORT_NAME = 3
"""Words of a name of which at most one is a surname."""
CHATHAM = re.compile(r"chatham house", re.I)
NAME = r"[A-ZÁÉÍÓÚÑ][a-záéíóúñüç]+(?:[-’'][A-ZÁÉÍÓÚÑ]?[a-záéíóúñüç]+)*"
SHORT = r"Mr|Mrs|Ms|Dr|Gen|Col|Lt|Capt|Cdr|Adm|Prof|Sr|Sra|Srta|Dra|Lic|Ing|Cnel"
LONG = (
    r"(?:Vice )?(?:General|Colonel|Major|Captain|Admiral|Ambassador|Minister|Professor|Senator"
    r"|Embajador|Embajadora|Ministro|Ministra|Viceministro|Viceministra|Coronel|Almirante|Capitán)"
)
OFFICES = frozenset([
    "Assembly", "Secretary", "Secretariat", "Staff", "Command", "Commander", "Directorate",
    "Director", "Council", "Court", "Office", "Attorney", "Prosecutor", "Counsel", "Counselor",
    "Inspector", "Manager", "Plan", "Public", "Law", "Budget", "Report", "Information",
    "Services", "Coordinator", "Election", "Elections", "Estado", "Mayor", "Asamblea",
    "Secretaría", "Secretario", "Dirección", "Fiscalía", "Consejero", "Comando", "In", "On",
    "At", "The", "And", "For",
])  # fmt: skip
"""What follows a title's word where it is no title: “General Assembly”."""
TITLED = re.compile(rf"\b(?:(?:{SHORT})\.\s+|(?:{LONG})\s+)(?P<name>{NAME}(?:\s{NAME})*)")


@rule(Severity.ERROR, of="master")
def unknown_marking(document: Document) -> Iterator[Finding]:
    """A block has a handling mark that the front matter's `markings` do not order.

    Without a place in the order nobody can say which of two marks a document carries.

    Bad:
        ::: {marking="TLP:ORANGE"}
        Words.
        :::

    Good:
        ::: {marking="TLP:AMBER"}
        Words.
        :::
    """
    known = document.front.markings
    for attr in n.attributes(document.blocks):
        mark = attr.get("marking")
        if mark and mark not in known:
            hint = did_you_mean(mark, known) or "add it to “markings”, in order"
            yield Finding(offsets(attr), f"“{mark}” is no known marking", hint)


@rule(Severity.WARNING, of="master")
def named_person(document: Document) -> Iterator[Finding]:
    """The text names a person although it stands under the Chatham House Rule.

    The names of those who took part are the front matter's `people: {names: […]}`. Who may be
    named, such as the host's officers, stands in `people: {allowed: […]}`.

    Bad:
        ---
        marking: Chatham House Rule
        people: {names: [Ana Pérez]}
        ---

        Pérez said that all went well.

    Bad:
        ---
        markings: [Open, Chatham House Rule]
        people: {names: [Ana Pérez]}
        ---

        ::: {marking="Chatham House Rule"}
        Pérez said that all went well.
        :::

    Good:
        ---
        marking: Chatham House Rule
        people: {names: [Ana Pérez, Luis Gómez], allowed: [Luis Gómez]}
        ---

        A participant said that all went well. Luis Gómez opened the seminar.
    """
    people = document.front.people
    allowed = {form for name in people.allowed for form in _forms(name)}
    wanted = {form for name in people.names for form in _forms(name)} - allowed
    texts = _ruled(document) if wanted else ()
    names = "|".join(re.escape(name) for name in sorted(wanted, key=len, reverse=True))
    pattern = re.compile(rf"(?<!\w)(?:{names})(?!\w)")
    hint = "say “a participant”, or allow the name in “people”"
    for text in texts:
        for match in pattern.finditer(text.text):
            if not _is_within(match, people.allowed):
                yield Finding(text.at(*match.span()), f"“{match[0]}” took part", hint)
    for start, words in _alternatives(document) if texts else ():
        for match in pattern.finditer(words):
            at = (start + match.start(), start + match.end())
            yield Finding(at, f"“{match[0]}” took part", hint)


def _forms(name: str) -> set[str]:
    """How a text may name a person: “Ana María Pérez López”, “Pérez López”, “López”, “PÉREZ”."""
    parts = name.split()
    forms = {name, parts[-1]}
    if len(parts) > SHORT_NAME - 1:  # the second last may be a surname or a second name
        forms |= {" ".join(parts[-2:]), f"{parts[0]} {parts[-2]}", f"{parts[0]} {parts[-1]}"}
    if len(parts) > SHORT_NAME:
        forms.add(parts[-2])
    return forms | {form.upper() for form in forms}


def _is_within(match: re.Match[str], allowed: Iterable[str]) -> bool:
    """Whether a name that is found is part of a longer one that may be said."""
    start, end = match.span()
    return any(
        found.start() <= start and end <= found.end()
        for name in allowed
        for found in re.finditer(re.escape(name), match.string)
    )


@once
def _ruled(document: Document) -> tuple[Prose, ...]:
    """The texts under the Chatham House Rule: of the document, of an edition or of a block."""
    front, texts = document.front, prose(document)
    if CHATHAM.search(front.marking):
        return texts
    bound = [edition for edition in editions(front) if CHATHAM.search(edition.marking)]
    found = [t for t in texts if any(receives(one, front, t.when) for one in bound)]
    for part in _marked(document.blocks):
        found += prose(replace(document, blocks=part))
    return tuple(found)


def _marked(blocks: n.Blocks) -> Iterator[n.Blocks]:
    """The blocks, and the sections, that are under the rule by a mark of their own."""
    level = 0
    section: list[Any] = []
    for block in blocks:
        if isinstance(block, n.Header):
            if level and block.level <= level:
                yield tuple(section)
                level, section = 0, []
            if not level and CHATHAM.search(block.attr.get("marking")):
                level = block.level
        section += [block] if level else []
        for node in n.walk(block):
            if CHATHAM.search(getattr(node, "attr", n.NO_ATTR).get("marking")):
                if isinstance(node, n.Span):
                    yield (n.Para(node.inlines),)
                elif isinstance(node, n.Block):
                    yield (node,)
    if section:
        yield tuple(section)


def _alternatives(document: Document) -> Iterator[tuple[int, str]]:
    """What images say in words, with the place where each begins in the source."""
    for node in document.walked:
        words = node.attr.get("alt") if isinstance(node, n.Image | n.Div) else ""
        words = words or (n.plain(node.inlines) if isinstance(node, n.Image) else "")
        start = document.source.text.find(words, offsets(node.attr)[0]) if words else -1  # type: ignore[union-attr]
        if start >= 0:
            yield start, words


@rule(Severity.INFO, of="master")
def titled_person(document: Document) -> Iterator[Finding]:
    """Under the Chatham House Rule, what looks like a person's title and name stands in the text.

    Bad:
        ---
        marking: Chatham House Rule
        ---

        As Dr. Pérez said, all went well.

    Good:
        ---
        marking: Chatham House Rule
        ---

        As a minister said, all went well in the General Assembly.
    """
    allowed = {part for name in document.front.people.allowed for part in name.split()}
    for text in _ruled(document):
        for match in TITLED.finditer(text.text):
            name = match["name"].split()
            title = text.kind == "heading" and match[0].startswith("General ")  # “General Remarks”
            if not title and name[0] not in OFFICES and name[-1] not in allowed:
                hint = "nobody may be named unless “people” allows it"
                yield Finding(text.at(*match.span()), f"“{match[0]}” looks like a person", hint)
