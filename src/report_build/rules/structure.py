"""Are notes, images and code what they claim to be?"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from report_build import nodes as n
from report_build.audiences import Condition
from report_build.diagnostics import Severity, did_you_mean
from report_build.document import EVERYONE, Document, implies, offsets, once
from report_build.locate import NOTE_CALL, NOTE_TEXT
from report_build.prose import quiet
from report_build.validation import Finding, rule

INLINE_NOTE = re.compile(r"\^\[")


@rule(Severity.ERROR, of="master")
def undefined_footnote(document: Document) -> Iterator[Finding]:
    """A footnote is called, but its text stands nowhere.

    Bad:
        A claim.[^source]

    Good:
        A claim.[^source]

        [^source]: Where it comes from.
    """
    text = quiet(document)
    defined = {match[1] for match in NOTE_TEXT.finditer(text)}
    for match in NOTE_CALL.finditer(text):
        if match[1] not in defined:
            hint = did_you_mean(match[1], defined)
            yield Finding(match.span(), f"the footnote “{match[1]}” has no text", hint)


@rule(Severity.WARNING, of="master")
def unused_footnote(document: Document) -> Iterator[Finding]:
    """A footnote has a text, but nothing calls it, so that it is printed nowhere.

    Bad:
        A claim.

        [^source]: Where it comes from.

    Good:
        A claim.[^source]

        [^source]: Where it comes from.
    """
    text = quiet(document)
    called = {match[1] for match in NOTE_CALL.finditer(text)}
    for match in NOTE_TEXT.finditer(text):
        if match[1] not in called:
            yield Finding(match.span(), f"nothing calls the footnote “{match[1]}”")


@rule(Severity.ERROR, of="master")
def duplicate_footnote(document: Document) -> Iterator[Finding]:
    """Two footnotes have the same label, so that one of the texts is lost.

    Bad:
        A claim.[^1]

        [^1]: One text.

        [^1]: Another text.

    Good:
        A claim.[^1] Another.[^2]

        [^1]: One text.

        [^2]: Another text.
    """
    seen: set[str] = set()
    for match in NOTE_TEXT.finditer(quiet(document)):
        if match[1] in seen:
            yield Finding(match.span(), f"the footnote “{match[1]}” has two texts")
        seen.add(match[1])


@rule(Severity.ERROR, of="master")
def footnote_across_conditions(document: Document) -> Iterator[Finding]:
    """A footnote's text stands in a block for some, but it is called in text for others, too.

    Its text goes wherever its call goes, so that others would get what was not meant for them.

    Bad:
        Words.[^n]

        ::: {audience="hnd"}
        More words.

        [^n]: For Honduras.
        :::

    Bad:
        # Honduras {audience="hnd"}

        Words.[^n]

        ::: {only="hnd"}
        What the full edition does not get.

        [^n]: Nor this.
        :::

    Good:
        ::: {audience="hnd"}
        Words.[^n]

        [^n]: For Honduras.
        :::
    """
    text = quiet(document)
    places = {match.start(1): match.start() for match in NOTE_TEXT.finditer(text)}
    spans, inside = _reserved(document, text)
    seen: set[int] = set()
    for node, when in document.nodes:
        attr = getattr(node, "attr", n.NO_ATTR)
        start = places.get(offsets(attr)[0]) if "note-call" in attr.classes else None
        if start is None or start in seen:
            continue
        around = _condition_at(document, start)
        kept = any(first <= start < last for first, last in spans) and id(node) not in inside
        if kept or not implies(when, around, document.front):
            seen.add(start)
            all_others = "the full edition, too" if kept else str(when)
            message = f"this text stands in a block for {around}; its call is for {all_others}"
            yield Finding(offsets(attr), message, "put the text where its call is")


def _reserved(document: Document, text: str) -> tuple[list[tuple[int, int]], set[int]]:
    """What `only=` keeps from the full edition: stretches of the source, and the nodes there."""
    spans: list[tuple[int, int]] = []
    nodes: set[int] = set()
    if "only=" not in text:
        return spans, nodes
    fences = _fences(text)
    level = 0
    for block in document.blocks:
        if isinstance(block, n.Header):
            at = offsets(block.attr)[0]
            if level and block.level <= level:
                spans[-1], level = (spans[-1][0], at), 0
            if not level and block.attr.has("only"):
                spans.append((at, len(text)))
                level = block.level
        limited = [x for x in n.walk(block) if getattr(x, "attr", n.NO_ATTR).has("only")]
        for node in (block,) if level else limited:
            nodes |= {id(inner) for inner in n.walk(node)}
            line = text.rfind("\n", 0, offsets(getattr(node, "attr", n.NO_ATTR))[0]) + 1
            if isinstance(node, n.Div) and not level:
                spans.append((line, fences.get(line, line)))
    return spans, nodes


def _condition_at(document: Document, offset: int) -> Condition:
    """The condition that stands around an offset of the source."""
    spans = _spans(document)
    last = bisect_right(spans, offset, key=lambda span: span[0])
    around = (when for _, end, when in reversed(spans[:last]) if offset < end)
    return next(around, EVERYONE)


@once
def _spans(document: Document) -> list[tuple[int, int, Condition]]:
    """From where to where in the source a condition stands: divs, and headings up to the next."""
    text = quiet(document)
    fences = _fences(text)
    spans: list[tuple[int, int, Condition]] = []
    heading: tuple[int, Condition] | None = None
    for node, when in document.nodes:
        if isinstance(node, n.Div) and offsets(node.attr)[1]:
            line = text.rfind("\n", 0, offsets(node.attr)[0]) + 1
            spans.append((line, fences.get(line, line), when))
        elif isinstance(node, n.Header):
            start = offsets(node.attr)[0]
            spans += [(heading[0], start, heading[1])] if heading else []
            heading = start, when
    spans += [(heading[0], len(text), heading[1])] if heading else []
    return sorted(spans, key=lambda span: span[0])


def _fences(text: str) -> dict[int, int]:
    """Where each fenced div ends, by the start of its first line."""
    found: dict[int, int] = {}
    open_at: list[int] = []
    for match in re.finditer(r"^[ \t>]*:{3,}([^\n]*)$", text, re.M):
        if match[1].strip(" \t:"):
            open_at.append(match.start())
        elif open_at:
            found[open_at.pop()] = match.end()
    return found


@rule(Severity.INFO, of="master")
def footnote_in_heading(document: Document) -> Iterator[Finding]:
    """A heading has a footnote. Contents and running heads print the heading without its call.

    Bad:
        # Borders and ports[^ports]

        Words.

        [^ports]: Dry ports, too.

    Good:
        # Borders and ports

        Ports[^ports] are open.

        [^ports]: Dry ports, too.
    """
    text = quiet(document)
    for heading in (node for node in document.walked if isinstance(node, n.Header)):
        if any(isinstance(node, n.Note) for node in n.walk(heading)):
            start = text.rfind("\n", 0, offsets(heading.attr)[0]) + 1
            end = text.find("\n", start)
            call = NOTE_CALL.search(text, start, end) or INLINE_NOTE.search(text, start, end)
            at = call.span() if call else offsets(heading.attr)
            yield Finding(at, "a heading has a footnote", "put the call into the text below it")


@rule(Severity.ERROR, of="master")
def missing_image(document: Document) -> Iterator[Finding]:
    """An image cannot be had: the file is missing, unreadable, outside the project, or no image.

    Images are PNG, JPEG or SVG files in the master's own folder or below it; their paths are
    relative to the file that names them.

    Bad:
        ![A map](no-such-map.png){alt="Map of the region"}

    Good:
        No image, no mistake.
    """
    for node in document.walked:
        if isinstance(node, n.Image):
            problem = document.images.get((node.url, offsets(node.attr)[0]), "")
            if problem and not problem.startswith("data:"):
                yield Finding(offsets(node.attr), f"image “{node.url}”: {problem}")


@rule(Severity.WARNING, of="master")
def list_numbers(document: Document) -> Iterator[Finding]:
    """A list goes on with another number than the one after the last list's: a gap or a repeat.

    Bad:
        1. First.
        2. Second.

        Words between them.

        2. Third.

    Good:
        1. First.
        2. Second.

        Words between them.

        3. Third.
    """
    last = 0
    for node in document.walked:
        if isinstance(node, n.Header):
            last = 0
        elif isinstance(node, n.OrderedList):
            (start, style, _), items = node.c
            if last and start not in (1, last + 1) and style.t != "Example":
                at = _first(node, document)
                message = f"the list goes on with {start} after {last}"
                yield Finding(at, message, f"write {last + 1}., or 1. for a new list")
            last = start + len(items) - 1


def _first(node: n.OrderedList, document: Document) -> tuple[int, int]:
    """The number of a list's first item."""
    known = (document.words.get(id(word)) for word in n.words(node))
    at = next((place for place in known if place is not None), 0)
    start = document.source.text.rfind("\n", 0, at) + 1
    return (start, max(at, start + 1))
