"""Does the text keep what its handling marks promise?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from report_build import nodes as n
from report_build.diagnostics import Severity, did_you_mean
from report_build.document import Document, offsets
from report_build.prose import prose
from report_build.validation import Finding, rule

CHATHAM = re.compile(r"chatham house", re.I)
TITLED = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Gen|Col|Lt|Capt|Prof|Sr|Sra|Dra|Lic|Ing)\.\s+(?P<a>[A-ZÁÉÍÓÚÑ][\w’'-]+)"
    r"|\b(?:General|Colonel|Admiral|Ambassador|Minister|Vice Minister|Professor|Embajador|Embajadora"
    r"|Ministro|Ministra|Coronel|Almirante)\s+(?P<b>[A-ZÁÉÍÓÚÑ][\w’'-]+ [A-ZÁÉÍÓÚÑ][\w’'-]+)"
)


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

    Good:
        ---
        marking: Chatham House Rule
        people: {names: [Ana Pérez, Luis Gómez], allowed: [Luis Gómez]}
        ---

        A participant said that all went well. Luis Gómez opened the seminar.
    """
    front = document.front
    if not CHATHAM.search(front.marking):
        return
    allowed = {part for name in front.people.allowed for part in (name, name.split()[-1])}
    wanted = {part for name in front.people.names for part in (name, name.split()[-1])} - allowed
    if not wanted:
        return
    names = "|".join(re.escape(name) for name in sorted(wanted, key=len, reverse=True))
    pattern = re.compile(rf"(?<!\w)(?:{names})(?!\w)")
    for text in prose(document):
        for match in pattern.finditer(text.text):
            hint = "say “a participant”, or allow the name in “people”"
            yield Finding(text.at(*match.span()), f"“{match[0]}” took part", hint)


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

        As a minister said, all went well.
    """
    front = document.front
    if not CHATHAM.search(front.marking):
        return
    allowed = {name.split()[-1] for name in front.people.allowed}
    for text in prose(document):
        for match in TITLED.finditer(text.text):
            name = match["a"] or match["b"]
            if name.split()[-1] not in allowed:
                hint = "nobody may be named unless “people” allows it"
                yield Finding(text.at(*match.span()), f"“{match[0]}” looks like a person", hint)
