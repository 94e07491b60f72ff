"""Does every condition mean somebody who exists?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from report_build import audiences
from report_build import nodes as n
from report_build.audiences import All, Condition, names_in, simplify
from report_build.countries import country_name
from report_build.diagnostics import Severity
from report_build.document import AUDIENCES, EVERYONE, PROFILES, Document, condition, offsets, once
from report_build.editions import editions as editions_of
from report_build.editions import receives
from report_build.prose import prose
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


@rule(Severity.WARNING, of="master")
def condition_without_effect(document: Document) -> Iterator[Finding]:
    """A condition changes nothing, since what it stands in is for the same or for fewer.

    Bad:
        # Honduras {audience="hnd"}

        ::: {audience="hnd or gtm"}
        Words.
        :::

    Good:
        # Honduras {audience="hnd or gtm"}

        ::: {audience="hnd"}
        Words.
        :::

    Good:
        # Honduras {audience="hnd"}

        ::: {only="hnd"}
        What the full edition does not get.
        :::
    """
    for one in _conditioned(document):
        if one.outer == EVERYONE or (one.attr.has("only") and not one.reserved):
            continue
        before = _who(one.outer, document)
        if before and before == _who(one.whole, document):
            message = f"all around it is for {one.outer} already"
            yield Finding(offsets(one.attr), message, "delete it")


@rule(Severity.WARNING, of="master")
def condition_never_true(document: Document) -> Iterator[Finding]:
    """Nobody can get a block: its condition contradicts itself or what it stands in.

    Bad:
        # Honduras {audience="hnd"}

        ::: {audience="gtm"}
        Words.
        :::

    Bad:
        ::: {audience="hnd and gtm"}
        Words.
        :::

    Good:
        # Both {audience="hnd or gtm"}

        ::: {audience="gtm"}
        Words.
        :::
    """
    for one in _conditioned(document):
        alone = _who(condition(one.attr, document.front), document)
        if not _who(one.whole, document) and (not alone or _who(one.outer, document)):
            why = f"around it all is for {one.outer}" if alone else "no audience is all of this"
            yield Finding(offsets(one.attr), f"nobody is meant: {why}")


@rule(Severity.WARNING, of="master")
def block_without_edition(document: Document) -> Iterator[Finding]:
    """A block is for audiences none of which gets an edition, not even the full one.

    Bad:
        ::: {only="observers"}
        Words.
        :::

    Good:
        ::: {only="hnd"}
        Words.
        :::
    """
    front = document.front
    declared = editions_of(front)
    for one in _conditioned(document):
        kept = one.attr.get("only")
        got = any(receives(edition, front, one.whole, kept) for edition in declared)
        if not got and _who(one.whole, document):
            message = "no edition that is made gets this"
            yield Finding(offsets(one.attr), message, "see “deliverables”")


@rule(Severity.INFO, of="master")
def country_named_elsewhere(document: Document) -> Iterator[Finding]:
    """A block names a country that does not get it. That may be meant; the editor should know.

    Bad:
        # Guatemala {audience="gtm"}

        As in Honduras, all went well.

    Good:
        # Both {audience="gtm hnd"}

        As in Honduras, all went well.
    """
    names = _names(document)
    everyone = frozenset(names)
    for text in prose(document):
        gets = _who(text.when, document)
        if not gets or gets >= everyone:
            continue
        for name, called in names.items():
            match = called.search(text.text) if name not in gets else None
            if match:
                yield Finding(
                    text.at(*match.span()), f"“{match[0]}” is named, and {name} does not get this"
                )


@rule(Severity.INFO, of="master")
def country_never_named(document: Document) -> Iterator[Finding]:
    """A section is for one country alone but never names it.

    Bad:
        # Results {audience="hnd"}

        All went well.

    Good:
        # Results {audience="hnd"}

        All went well in Honduras.
    """
    names = _names(document)
    texts: dict[str, list[str]] = {}
    for text in prose(document):
        texts.setdefault(text.section, []).append(text.text)
    for anchor in document.anchors:
        gets = _who(anchor.when, document)
        if anchor.level and len(gets) == 1 and anchor.when != EVERYONE:
            (name,) = gets
            called = names.get(name)
            if called and not called.search(" ".join(texts.get(anchor.id, ()))):
                yield Finding(anchor.at, f"this section is for {name} alone and does not name it")


@dataclass(frozen=True)
class _Called:
    """What a country is called, as whole words."""

    names: tuple[str, ...]
    pattern: re.Pattern[str]

    def search(self, text: str) -> re.Match[str] | None:
        """Where a text names it first."""
        there = any(name in text for name in self.names)  # much sooner told
        return self.pattern.search(text) if there else None


def _names(document: Document) -> dict[str, _Called]:
    """How the text names each country."""
    found = {}
    for name, audience in document.front.audiences.items():
        if audience.country:
            words = {country_name(audience.country, document.front.lang), *audience.names}
            alternatives = "|".join(re.escape(word) for word in sorted(words))
            pattern = re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)")
            found[name] = _Called(tuple(words), pattern)
    return found


@dataclass(frozen=True)
class _Conditioned:
    """A node that has a condition: its attributes, the condition around it, and with its own."""

    attr: n.Attr
    outer: Condition
    whole: Condition
    reserved: bool
    """Whether what it stands in is kept from the full edition already."""


@once
def _conditioned(document: Document) -> tuple[_Conditioned, ...]:
    found: list[_Conditioned] = []
    sections: list[tuple[int, Condition, bool]] = []
    for block in document.blocks:
        if isinstance(block, n.Header):
            sections = [one for one in sections if one[0] < block.level]
        _, around, reserved = sections[-1] if sections else (0, EVERYONE, False)
        _inside(block, around, reserved, document, found)
        if isinstance(block, n.Header):
            whole = simplify(All((around, condition(block.attr, document.front))))
            sections.append((block.level, whole, reserved or block.attr.has("only")))
    return tuple(found)


def _inside(
    node: Any, around: Condition, reserved: bool, document: Document, found: list[_Conditioned]
) -> None:
    kind = type(node)
    if kind is tuple:
        for item in node:
            if type(item) not in n.WORDS:
                _inside(item, around, reserved, document, found)
    elif kind in n.FIELDS and kind is not n.Attr:
        attr = getattr(node, "attr", n.NO_ATTR)
        whole, limited = around, reserved
        if any(key in CONDITIONS for key, _ in attr.pairs):
            whole = simplify(All((around, condition(attr, document.front))))
            limited = reserved or attr.has("only")
            if names_in(whole) <= document.front.known_names:
                found.append(_Conditioned(attr, around, whole, reserved))
        for name in n.FIELDS[kind]:
            _inside(getattr(node, name), whole, limited, document, found)


def _who(when: Condition, document: Document) -> frozenset[str]:
    """The audiences that a condition lets in."""
    front = document.front
    return frozenset(
        name for name in front.audiences if when.holds(frozenset({name, *front.groups_of(name)}))
    )


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
