"""Is anything in the text that was meant for the machine, or still to be done?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from report_build.diagnostics import Severity
from report_build.document import Document
from report_build.prose import Prose, prose, quiet
from report_build.source import FRONT_MATTER
from report_build.validation import Finding, rule

LEFT = (
    (re.compile(r":{3,}"), "a fence of a div that was not understood"),
    (re.compile(r"\{[#.][\w.:-]+(?:\s[^{}]*)?\}"), "attributes that belong to nothing"),
    (re.compile(r"\{#[\w.:-]+(?![^{}]*\})"), "attributes that do not end"),
    (re.compile(r"\{[\w-]+=[^{}]*\}"), "attributes that belong to nothing"),
    (re.compile(r"\]\{"), "a span that was not understood"),
    (re.compile(r"(?<![\w.@/])@(?:sec|fig|tbl|eq|fn)-[\w-]+|\[@[\w:.-]+"), "a reference as text"),
    (
        re.compile(r"\*\*(?=\S)|(?<=\S)\*\*|(?<!\w)__(?=\w)|(?<=\w)__(?!\w)"),
        "a mark of emphasis that closes nothing",
    ),
    (re.compile(r"\|[\s:]*(?:-{3,}|[–—]+-*)[\s:]*\|"), "a table that was not understood"),
    (re.compile(r"\{\{<(?![^\n]*>\}\})"), "a shortcode that does not end"),
    (re.compile(r"\]\((?:https?:|#|mailto:)[^\s)]*"), "a link that was not understood"),
    (re.compile(r"^#{1,6}(?=[^\W\d_])"), "a heading without a space after its marks"),
    (re.compile(r"^#{1,6}(?=\u00a0)"), "a heading with a no-break space after its marks"),
    (re.compile(r"(?<= )#{1,6}(?= \S)"), "a heading without a blank line before it"),
    (re.compile(r"(?<= )[-*](?= \S)"), "an item of a list without a blank line before it"),
)
"""What markup that was not understood looks like in the text, and what it is."""
MARK = re.compile(r"[{\]*_@|#[]|:::| - ")
"""What all of it has."""
AT_LINE = ("#", "-", "*")
"""Marks that are markup at the start of a line only."""
RULE_OF_TABLE = re.compile(r"\|[ \t:]*-{3,}[ \t:]*\|")
NOUNS = r"(?:Table|Figure|Page|Tabla|Cuadro|Figura|Página|Tableau|Quadro|Tabela)"
LARGE = r"(?:Section|Chapter|Annex|Sección|Capítulo|Anexo|Chapitre|Annexe|Seção)"
"""Nouns whose X may be a ten."""
PLACEHOLDERS = (
    r"TODO", r"FIXME", r"TBD", r"TBC", r"XXX+", r"\?\?+", r"[Ll]orem ipsum",
    rf"{NOUNS}\s(?:XX?|YY?|NN?|\?+|_+)", rf"{LARGE}\s(?:XX|YY?|NN?|\?+|_+)",
    r"\[(?:insert|add|check|citation needed|insertar|verificar)\b[^\]]*\]",
    r"<(?:insert|add)\b[^>]*>",
)  # fmt: skip
FENCE = re.compile(r"^[ \t>]*(?P<fence>:{3,})(?P<rest>[^\n]*)$", re.M)
CODE = re.compile(r"^ {0,3}(?P<fence>`{3,}|~{3,})(?P<rest>[^`\n]*)$", re.M)


@rule(Severity.WARNING, of="master")
def leftover_markup(document: Document) -> Iterator[Finding]:
    """Markup stands in the text as it was typed, since it was not understood.

    Write it in code (`…`) if it is meant to be read.

    Bad:
        Words before a fence
        ::: note
        Words.
        :::

    Bad:
        Words {#id} with attributes that belong to nothing.

    Bad:
        These came:
        - Honduras
        - Guatemala

    Good:
        ::: note
        Words.
        :::

        A colon: and `{#id}` in code.
    """
    for words in prose(document):
        for pattern, what in LEFT if MARK.search(words.text) else ():
            for match in pattern.finditer(words.text):
                at = _typed_at(document, words, match)
                if at:
                    token = document.source.text[slice(*at)]
                    yield Finding(at, f"“{token[:30]}”: {what}", _cure(token, what))


def _typed_at(document: Document, words: Prose, match: re.Match[str]) -> tuple[int, int] | None:
    """Where a mark stands in the source as it does in the text: not escaped, not code."""
    text, token = quiet(document), match[0]
    start, end = words.at(*match.span())
    if text[start:end] != token:  # a token without words is looked for between its neighbours
        known = [offset for offset in words.offsets if offset >= 0]
        first = min(known, default=0)
        low = max((k for k in known if k <= start), default=max(first - 40, 0))
        high = min((k for k in known if k > low), default=low + len(words.text) + 40)
        pattern = RULE_OF_TABLE if token[0] == "|" else re.compile(re.escape(token))
        found = pattern.search(text, low, max(high, low + len(token))) if known else None
        if not found:
            return None
        start, end = found.span()
    before = text[start - 1] if start else "\n"
    at_line = before == "\n" and text[start - 2 : start - 1] != "\n"
    needed = token[0] in AT_LINE and token != "**" and match.start() > 0
    return None if before == "\\" or (needed and not at_line) else (start, end)


def _cure(token: str, what: str) -> str:
    if token.startswith(":::") or "blank line" in what:
        return "put a blank line before it"
    if token.startswith("#"):
        return "put a space after the marks"
    return "write it in code if it is meant to be read"


@rule(Severity.ERROR, of="master")
def unclosed_fence(document: Document) -> Iterator[Finding]:
    """A div or a block of code begins and does not end, so that it takes in all that follows.

    Bad:
        ::: note

        Words.

    Bad:
        ```
        code

    Good:
        ::: note
        Words.
        :::
    """
    text = document.source.text
    front = FRONT_MATTER.match(text)
    start = front.end() if front else 0
    prose_only = quiet(document)
    open_divs: list[re.Match[str]] = []
    for match in FENCE.finditer(prose_only, start):
        rest = match["rest"].strip(" \t:")
        if rest:
            open_divs.append(match)
        elif open_divs:
            open_divs.pop()
        else:
            hint = "delete it, or open the div that it closes"
            yield Finding(match.span("fence"), "this fence closes nothing", hint)
    for match in open_divs:
        yield Finding(match.span("fence"), "this div does not end", "end it with a line “:::”")
    code = CODE.search(prose_only, start)
    if code:
        hint = f"end it with a line “{code['fence']}”"
        yield Finding(code.span("fence"), "this code does not end", hint)


@rule(Severity.WARNING, of="master")
def placeholder(document: Document) -> Iterator[Finding]:
    """The text says that something is still to be done: “TODO”, “Table XX”, “Section ??”.

    The front matter's `placeholders` adds words to the usual ones. A comment excuses a place:
    `<!-- report-build: ignore placeholder -->`.

    Bad:
        Attributes are in Table XX.

    Bad:
        ---
        placeholders: [FROM COLLEAGUE]
        ---

        FROM COLLEAGUE

    Good:
        Attributes are in the annex. What should one do?
    """
    own = [re.escape(words) for words in document.front.placeholders]
    pattern = re.compile(rf"(?<![\w]){'(?:' + '|'.join((*PLACEHOLDERS, *own)) + ')'}(?![\w])")
    for text in prose(document):
        for match in pattern.finditer(text.text):
            yield Finding(text.at(*match.span()), f"“{match[0]}” is still to be done")
