"""Can the content do anything but be read?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from report_build import nodes as n
from report_build.diagnostics import Severity
from report_build.document import Document, offsets
from report_build.prose import quiet
from report_build.source import FRONT_MATTER
from report_build.validation import Finding, rule
from report_build.verbatim import blanked, verbatim, within

SCHEME = re.compile(r"\s*([a-zA-Z][a-zA-Z0-9+.\-]*)\s*:")
SCHEMES = frozenset({"http", "https", "mailto", "tel"})
HANDLER = re.compile(r"on(?!ly\Z|-)[a-z]+\Z", re.I)
ACTIVE = frozenset(
    [
        "style",
        "src",
        "srcset",
        "srcdoc",
        "href",
        "action",
        "formaction",
        "background",
        "poster",
        "data",
        "hidden",
        "is",
        "slot",
        "contenteditable",
        "autofocus",
        "accesskey",
        "tabindex",
        "role",
        "xmlns",
    ]
)
TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9-]*(?:\s[^<>]*)?/?>|<!\[CDATA\[|<\?[a-z]|<!DOCTYPE", re.I)
RAW = re.compile(r"^(?:`{3,}|~{3,})\s*\{=[^}\n]*\}|`\{=[^}\n]*\}", re.M)
AUTOLINK = re.compile(r"<(?:https?:|mailto:)?[^\s<>]+[@:/][^\s<>]*>", re.I)


@rule(Severity.ERROR, of="master")
def forbidden_link(document: Document) -> Iterator[Finding]:
    """A link would do something else than open a page or a message.

    Links may begin with http:, https:, mailto: or tel:, lead to an id, or to a file beside.

    Bad:
        [Press here](javascript:alert(1))

    Good:
        [The seminar](https://example.org/seminar) and [below](#below).

        # Below {#below}

        Words.
    """
    for node in document.walked:
        if isinstance(node, n.Link):
            scheme = SCHEME.match(node.url)
            if scheme and scheme[1].lower() not in SCHEMES:
                message = f"links may not begin with “{scheme[1]}:”"
                yield Finding(offsets(node.attr), message, "use https: or mailto:")
            elif node.url.startswith(("//", "?", "\\")):
                message = f"a link may not be “{node.url[:40]}”"
                yield Finding(offsets(node.attr), message, "begin it with https:")


@rule(Severity.ERROR, of="master")
def forbidden_attribute(document: Document) -> Iterator[Finding]:
    """An attribute would run, load or style something, or hide text from readers.

    Bad:
        A [word]{onclick="alert(1)"} here.

    Bad:
        A [word]{style="display:none"} here.

    Good:
        A [palabra]{lang=es} here, and [words]{only="hnd"} for one audience.
    """
    for node in document.walked:
        attr = getattr(node, "attr", n.NO_ATTR)
        for key, _ in attr.pairs:
            if HANDLER.match(key) or key.lower() in ACTIVE or ":" in key:
                message = f"the attribute “{key}” is not allowed"
                yield Finding(offsets(attr), message, "the look of things is the templates' matter")


@rule(Severity.ERROR, of="master")
def lookalike_id(document: Document) -> Iterator[Finding]:
    """An id has letters of two scripts that look alike, so that two different ids look the same.

    Bad:
        # Borders {#sec-pоrts}

        Words.

    Good:
        # Borders {#sec-ports}

        Words.
    """
    for anchor in document.anchors:
        scripts = {unicodedata.name(char, "").split(" ")[0] for char in anchor.id if char.isalpha()}
        mixed = scripts & {"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"}
        if anchor.authored and len(mixed) > 1:
            names = " and ".join(sorted(script.capitalize() for script in mixed))
            yield Finding(
                anchor.at, f"the id “{anchor.id}” mixes {names} letters", "use one script"
            )


@rule(Severity.ERROR, of="master")
def raw_markup(document: Document) -> Iterator[Finding]:
    """HTML or another raw format stands in the text, where it is neither read nor printed well.

    Bad:
        Some <b>bold</b> words.

    Bad:
        Some `<w:p/>`{=openxml} words.

    Good:
        Some **bold** words, a < b, `<b>` in code, and <https://example.org>.
    """
    text = document.source.text
    front = FRONT_MATTER.match(text)
    start = front.end() if front else 0
    raw = blanked(text, "comment")
    prose = quiet(document)
    for match in TAG.finditer(prose, start):
        before = prose[max(start, match.start() - 20) : match.start()]
        escaped = (len(before) - len(before.rstrip("\\"))) % 2
        if not AUTOLINK.fullmatch(match[0]) and not escaped:
            hint = "write Markdown, or put it into code with `…`"
            yield Finding(match.span(), f"“{match[0][:40]}” is no text", hint)
    stretches = verbatim(text)
    for match in RAW.finditer(raw, start):
        inside = within(stretches, text.index("{", match.start()))
        if (inside and "\n" in text[inside.start : match.start()]) or (
            inside and inside.kind == "code"
        ):
            continue  # shown, as code
        yield Finding(match.span(), "raw formats are not allowed", "write Markdown")
