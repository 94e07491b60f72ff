"""Do the headings make an outline that can be followed?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from report_build import nodes as n
from report_build.diagnostics import Severity
from report_build.document import Document, offsets
from report_build.validation import Finding, rule
from report_build.verbatim import blanked

BARE = re.compile(r"^ {0,3}(#{1,6})[ \t]*#*[ \t]*$", re.M)


@rule(Severity.WARNING, of="master")
def skipped_heading_level(document: Document) -> Iterator[Finding]:
    """A heading is more than one level below the one before it, so the outline has a hole.

    Bad:
        # One

        ### Three

        Words.

    Good:
        # One

        ## Two

        Words.
    """
    before = 0
    for heading in _headings(document):
        if before and heading.level > before + 1:
            message = f"a heading of level {heading.level} follows one of level {before}"
            yield Finding(offsets(heading.attr), message, f"use {'#' * (before + 1)}")
        before = heading.level


@rule(Severity.ERROR, of="master")
def empty_heading(document: Document) -> Iterator[Finding]:
    """A heading has no words: nobody can refer to it, and readers by ear hear nothing.

    Bad:
        # {#start}

        Words.

    Good:
        # Start {#start}

        Words.
    """
    silent = [node for node in _headings(document) if not n.plain(node.inlines).strip()]
    bare = BARE.finditer(blanked(document.source.text, "comment", "fence")) if silent else iter(())
    for heading in silent:
        inner = next(iter(n.attributes(heading.inlines)), heading.attr)
        found = None if heading.inlines or _is_authored(heading) else next(bare, None)
        at = found.span(1) if found else offsets(inner)
        yield Finding(at, "this heading has no words")


@rule(Severity.WARNING, of="master")
def heading_without_letters(document: Document) -> Iterator[Finding]:
    """A heading of digits or signs alone has no id of its own, so its address is made of little.

    An address that is made of a place or a number changes or clashes when headings are added.

    Bad:
        # 2025

        Words.

    Good:
        # 2025 {#year-2025}

        Words.
    """
    for heading in _headings(document):
        words = n.plain(heading.inlines).strip()
        if words and not any(c.isalpha() for c in words) and not _is_authored(heading):
            at = _words_at(document, heading, words)
            yield Finding(at, f"“{words}” makes no address that lasts", "give it an id: {#…}")


def _is_authored(heading: n.Header) -> bool:
    """Whether the author gave the heading an id."""
    return bool(heading.attr.id) and not heading.attr.has("data-auto")


def _words_at(document: Document, heading: n.Header, words: str) -> tuple[int, int]:
    """Where a heading's words stand, though they may have no letters to be known by."""
    pattern = re.compile(rf"^#{{1,6}}[ \t]+({re.escape(words)})", re.M)
    near = offsets(heading.attr)[0]
    found = min(
        pattern.finditer(document.source.text), key=lambda m: abs(m.start() - near), default=None
    )
    return found.span(1) if found else offsets(heading.attr)


@rule(Severity.INFO, of="master")
def duplicate_heading(document: Document) -> Iterator[Finding]:
    """Two headings side by side in one section have the same words.

    Bad:
        # One

        ## Results

        Words.

        ## Results

        Words.

    Good:
        # One

        ## Results of the first day

        Words.

        ## Results of the second day

        Words.
    """
    seen: dict[tuple[str, ...], n.Header] = {}
    above: list[tuple[int, str]] = []
    for heading in _headings(document):
        above = [one for one in above if one[0] < heading.level]
        title = n.plain(heading.inlines).casefold().strip()
        first = seen.setdefault((*(name for _, name in above), title), heading)
        above.append((heading.level, heading.attr.id))
        if first is not heading and title:
            place = document.place(offsets(first.attr))
            message = "a section beside this one has the same title"
            yield Finding(offsets(heading.attr), message, f"see {place.file}:{place.line}")


@rule(Severity.WARNING, of="master")
def second_title(document: Document) -> Iterator[Finding]:
    """A heading repeats the title, which the cover already has.

    Bad:
        ---
        title: A seminar
        ---

        # A seminar

        Words.

    Good:
        ---
        title: A seminar
        ---

        # Opening

        Words.
    """
    title = document.front.title.casefold().strip()
    for heading in _headings(document):
        if heading.level == 1 and n.plain(heading.inlines).casefold().strip() == title:
            yield Finding(offsets(heading.attr), "this heading repeats the title", "delete it")


@rule(Severity.WARNING, of="master")
def empty_section(document: Document) -> Iterator[Finding]:
    """A section has neither text nor sections of its own.

    Bad:
        # Methods

        # Results

        Words.

    Good:
        # Methods

        Words.

        # Results

        Words.
    """
    last: n.Header | None = None
    for block in (*document.blocks, None):
        if last and (block is None or (isinstance(block, n.Header) and block.level <= last.level)):
            words = n.plain(last.inlines).strip()
            if words:  # else see `empty-heading`
                yield Finding(offsets(last.attr), f"the section “{words}” is empty")
        last = block if isinstance(block, n.Header) else None


def _headings(document: Document) -> Iterator[n.Header]:
    return (node for node in document.walked if isinstance(node, n.Header))
