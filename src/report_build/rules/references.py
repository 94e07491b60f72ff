"""Do all references lead somewhere, and to one place only?"""

from __future__ import annotations

from collections.abc import Iterator

from report_build.diagnostics import Severity, did_you_mean
from report_build.document import Document, Reference
from report_build.validation import Finding, rule


@rule(Severity.ERROR, of="master")
def undefined_reference(document: Document) -> Iterator[Finding]:
    """A reference names an id that nothing in the master has.

    In an edition, a reference to what the edition leaves out is no mistake: see
    `filtered-reference`.

    Bad:
        See @d2-s2-hondruas.

    Bad:
        See [the closing session](#closng).

    Good:
        # Honduras {#d2-s2-honduras}

        See @d2-s2-honduras and [that section](#d2-s2-honduras).
    """
    for reference in document.references:
        if target_of(document, reference) not in document.anchor:
            hint = did_you_mean(reference.target, document.anchor)
            yield Finding(reference.at, f"no anchor “{reference.target}”", hint)


@rule(Severity.ERROR, of="master")
def duplicate_anchor(document: Document) -> Iterator[Finding]:
    """Two places have the same id, so that a reference to it could mean either.

    Bad:
        # Threats in the north {#threats}

        One.

        # Threats in the south {#threats}

        Two.

    Good:
        # Threats in the north {#threats-north}

        One.

        # Threats in the south {#threats-south}

        Two.
    """
    for anchor in document.anchors:
        first = document.anchor[anchor.id]
        if first is not anchor:
            place = document.place(first.at)
            hint = f"it stands first in {place.file}:{place.line}"
            yield Finding(anchor.at, f"the id “{anchor.id}” is given twice", hint)


@rule(Severity.INFO, of="edition")
def filtered_reference(document: Document) -> Iterator[Finding]:
    """A reference leads to what this edition leaves out, so it becomes words.

    That is a decision and no mistake. What stands in its place is set by `on-filtered`:
    `text` (words and the master's number), `external` (a link to the full edition), `omit`
    or `error`.

    Bad:
        # Guatemala {audience="gtm"}

        As described in @honduras.

        # Honduras {#honduras audience="hnd"}

        Words.

    Good:
        # Guatemala {audience="gtm hnd"}

        As described in @honduras.

        # Honduras {#honduras audience="gtm hnd"}

        Words.
    """
    for reference in _filtered(document):
        yield Finding(reference.at, f"“{reference.target}” is not in this edition")


@rule(Severity.ERROR, of="edition")
def refused_reference(document: Document) -> Iterator[Finding]:
    """A reference leads to what this edition leaves out, and `on-filtered: error` forbids that.

    Bad:
        ---
        on-filtered: error
        ---

        # Guatemala {audience="gtm"}

        As described in @honduras.

        # Honduras {#honduras audience="hnd"}

        Words.

    Good:
        # Guatemala {audience="gtm"}

        As described in @honduras.

        # Honduras {#honduras audience="hnd"}

        Words.
    """
    if document.edition and document.edition.on_filtered == "error":
        for reference in _filtered(document):
            hint = "tag both for the same audiences, or set on-filtered"
            yield Finding(reference.at, f"“{reference.target}” is not in this edition", hint)


def _filtered(document: Document) -> Iterator[Reference]:
    master = document.master or document
    for reference in document.references:
        target = target_of(master, reference)
        if target in master.anchor and target not in document.anchor:
            yield reference


def target_of(document: Document, reference: Reference) -> str:
    """The id that is meant: `@Sec-x` at a sentence's start means `sec-x`."""
    name = reference.target
    small = name[:1].lower() + name[1:]
    return small if name not in document.anchor and small in document.anchor else name
