"""Would this text keep the machine busy for long? Asked of its characters, before pandoc reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from report_build.diagnostics import Diagnostic, Severity
from report_build.limits import Limits
from report_build.source import Source

RULES = {
    "too-deep": "Quotations, lists, divs, brackets or marks stand in one another without end.",
    "too-long": "A line, a word or a row of a table is longer than anyone can read.",
    "too-many": "There are more notes or headings than can be worked on.",
}
"""What `problems` reports, and what it means."""
PREFIX = re.compile(r"^[ \t>]*", re.M)
FENCE = re.compile(r"^[ \t>]*:{3,}[ \t:]*([^\s:]?)", re.M)
BRACKETS = re.compile(r"\\.|[\[\]{}]|\n[ \t]*\n", re.S)
STRESS = re.compile(r"\n[ \t]*\n|[*_~^]+")
ROW = re.compile(r"^[ \t]*[|+].*$", re.M)
NOTE = re.compile(r"^ {0,3}\[\^[^\]\s]+\]:", re.M)
HEADING = re.compile(r"^ {0,3}#{1,6}\s", re.M)
INDENT = 4
"""Columns that a list in a list stands further in."""


def problems(source: Source, start: int, limits: Limits) -> list[Diagnostic]:
    """The first place of each kind where a text from `start` on is too much."""
    found: dict[str, Diagnostic] = {}
    for rule, at, message in _all(source.text, start, limits):
        place = source.place(at, at + 1)
        found.setdefault(message, Diagnostic(rule, Severity.ERROR, place, message, HINT))
    return list(found.values())


HINT = "if this is meant, raise the limit in templates/limits.yml"


def _all(text: str, start: int, limits: Limits) -> Iterator[tuple[str, int, str]]:
    for at, line in _lines(text, start):
        if len(line) > limits.line:
            yield "too-long", at, f"this line has more than {limits.line:,} characters"
    for match in re.compile(rf"\S{{{limits.word + 1},}}").finditer(text, start):
        yield "too-long", match.start(), f"this word has more than {limits.word:,} characters"
    for match in re.compile(rf"([^\w\s=:.+#~-])\1{{{limits.repeated},}}").finditer(text, start):
        yield "too-deep", match.start(), f"more than {limits.repeated} equal marks in a row"
    yield from _nested(text, start, limits)
    for match in ROW.finditer(text, start):
        if max(match[0].count("|"), match[0].count("+")) > limits.columns + 1:
            yield "too-long", match.start(), f"this table has more than {limits.columns} columns"
    yield from _counted(text, start, NOTE, limits.notes, "footnotes")
    yield from _counted(text, start, HEADING, limits.headings, "headings")


def _lines(text: str, start: int) -> Iterator[tuple[int, str]]:
    for line in text[start:].splitlines(keepends=True):
        yield start, line
        start += len(line)


def _nested(text: str, start: int, limits: Limits) -> Iterator[tuple[str, int, str]]:
    for match in PREFIX.finditer(text, start):
        columns = len(match[0].replace("\t", " " * INDENT).replace(">", " " * INDENT))
        if columns > limits.nesting * INDENT * 2 or match[0].count(">") > limits.nesting:
            yield "too-deep", match.start(), f"more than {limits.nesting} levels in one another"
    depth = 0
    for match in FENCE.finditer(text, start):
        depth = depth + 1 if match[1] else max(depth - 1, 0)
        if depth > limits.nesting:
            yield "too-deep", match.start(), f"more than {limits.nesting} divs in one another"
    depth = 0
    for match in BRACKETS.finditer(text, start):
        mark = match[0]
        depth = 0 if mark[0] == "\n" else depth + (mark in "[{") - (mark in "]}" and depth > 0)
        if depth > limits.nesting:
            yield "too-deep", match.start(), f"more than {limits.nesting} brackets in one another"
    count = 0
    for match in STRESS.finditer(text, start):
        count = 0 if match[0][0] == "\n" else count + 1
        if count > limits.stresses:
            yield "too-deep", match.start(), f"more than {limits.stresses:,} marks in a paragraph"


def _counted(
    text: str, start: int, pattern: re.Pattern[str], most: int, what: str
) -> Iterator[tuple[str, int, str]]:
    for number, match in enumerate(pattern.finditer(text, start), 1):
        if number > most:
            yield "too-many", match.start(), f"there are more than {most:,} {what}"
            return
