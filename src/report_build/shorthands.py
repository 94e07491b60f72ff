"""What do the author's shorthands mean?

`{{< meta key >}}` and `{{< pagebreak >}}`, a formula's `$$ … $$ {#id}`, the label of a
footnote, and a heading's title in brackets, `[Country selection]`, which refers to it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from report_build import nodes as n
from report_build.diagnostics import Diagnostic, Severity, did_you_mean
from report_build.frontmatter import FrontMatter
from report_build.locate import AT, NOTE_TEXT
from report_build.source import Source

LABELLED = re.compile(r"\$\$\s*\{#")
LABEL = re.compile(r"\{#([^\s{}]+)\}")
BRACKET = re.compile(r"\[([^\[\]]+)\](?:\[([^\[\]]*)\])?")
LONGEST = 40
"""Words of a title in brackets, at most."""
NOTE = "fn-"
"""What the id of a footnote begins with; its label follows."""


# ------------------------------------------------------------------------- shortcodes


def shortcodes(
    blocks: n.Blocks,
    words: Mapping[int, int],
    source: Source,
    front: FrontMatter,
    problems: list[Diagnostic],
) -> n.Blocks:
    """`{{< meta key >}}` and `{{< pagebreak >}}` replaced; an unknown one is a problem."""

    def problem(at: int, length: int, message: str, hint: str) -> None:
        place = source.place(at, at + length)
        problems.append(Diagnostic("unknown-variable", Severity.ERROR, place, message, hint))

    def inlines(old: n.Inlines) -> n.Inlines:
        if not any(type(node) is n.Str and node.c.startswith("{{<") for node in old):
            return old
        new: list[n.AnyInline] = []
        index = 0
        while index < len(old):
            node = old[index]
            end = _shortcode_end(old, index)
            if not end or not isinstance(node, n.Str):
                new.append(node)
                index += 1
                continue
            words_in = n.plain(old[index:end]).removeprefix("{{<").split(">}}")[0].split()
            tail = n.plain(old[end - 1]).partition(">}}")[2]
            key = old[min(index + 4, end - 1)]
            at = words.get(id(key), words.get(id(old[min(index + 2, end - 1)]), 0))
            new.extend(
                _expanded(
                    words_in,
                    front,
                    partial(problem, at, len(words_in[-1])),
                )
            )
            if tail:
                new.append(n.Str(tail))
            index = end
        return tuple(new)

    def change(node: Any) -> Any:
        if isinstance(node, n.Para) and n.plain(node.c).split() == ["{{<", "pagebreak", ">}}"]:
            return n.Div((n.Attr("", ("page-break",)), ()))
        return node

    def sequence(old: Any) -> Any:
        if isinstance(old[0], n.Inline):
            old = inlines(old)
        return tuple(
            [node if type(node) in n.WORDS else change(n.descend(node, sequence)) for node in old]
        )

    return sequence(blocks) if "{{<" in source.text and blocks else blocks


def _shortcode_end(old: n.Inlines, start: int) -> int:
    """The index after the shortcode that starts here, or 0."""
    first = old[start]
    if not (isinstance(first, n.Str) and first.c.startswith("{{<")):
        return 0
    for index in range(start, min(start + 8, len(old))):
        node = old[index]
        if isinstance(node, n.Str) and ">}}" in node.c:
            return index + 1
    return 0


def _expanded(words: list[str], front: FrontMatter, problem: Any) -> n.Inlines:
    if words[:1] == ["pagebreak"]:
        return (n.Str("{{< pagebreak >}}"),)
    if words[:1] != ["meta"] or len(words) != 2:
        name = " ".join(words)
        problem(f"unknown shortcode “{name}”", "known are include, meta and pagebreak")
        return ()
    value = front.lookup(words[1])
    if value is None:
        problem(
            f"the front matter has no “{words[1]}”", did_you_mean(words[1], front.variable_names)
        )
        return ()
    return n.text(value)


# ------------------------------------------------------------------ formulas and notes


def equations(blocks: n.Blocks, source: Source) -> n.Blocks:
    """A displayed formula with the label after it as one span that has the label as its id."""

    def sequence(old: Any) -> Any:
        old = tuple(n.descend(node, sequence) for node in old)
        new: list[Any] = []
        for node in old:
            label = LABEL.match(node.c) if isinstance(node, n.Str) else None
            at = -2 if len(new) > 1 and isinstance(new[-1], n.Space | n.SoftBreak) else -1
            if label and new and _is_display(new[at]):
                formula, new[at:] = new[at], []
                attr = n.Attr(label[1], ("equation",), ((AT, _label_at(label[1], source)),))
                new.append(n.Span((attr, (formula,))))
                new += [n.Str(node.c[label.end() :])] if node.c[label.end() :] else []
            else:
                new.append(node)
        return tuple(new)

    return sequence(blocks) if LABELLED.search(source.text) and blocks else blocks


def _is_display(node: object) -> bool:
    return isinstance(node, n.Math) and node.c[0].t == "DisplayMath"


def _label_at(name: str, source: Source) -> str:
    found = re.search(r"\$\$\s*(\{#" + re.escape(name) + r"\})", source.text)
    return f"{found.start(1)}-{found.end(1)}" if found else "0-0"


def labelled_notes(blocks: n.Blocks, words: Mapping[int, int], source: Source) -> n.Blocks:
    """Footnotes with their labels: each in a `span.note-call` whose id is `fn-` and the label.

    Pandoc repeats a note's text at each of its calls; the label tells that they are one.
    """
    found = list(NOTE_TEXT.finditer(source.text))
    if not found:
        return blocks
    starts = [match.start() for match in found]
    typed = [source.original(*match.span(1)) for match in found]

    def change(node: Any) -> Any:
        if not isinstance(node, n.Note):
            return node
        offset = next((words[id(x)] for x in n.words(node.c) if id(x) in words), -1)
        index = bisect_right(starts, offset) - 1
        if index < 0 or re.search(r"\n[ \t]*\n(?! {4}|\t)", source.text[starts[index] : offset]):
            return node
        label, span = found[index][1], found[index].span(1)
        if typed.count(typed[index]) == 1:  # no other part has a note of that label
            label = typed[index]
        attr = n.Attr(NOTE + label, ("note-call",), ((AT, f"{span[0]}-{span[1]}"),))
        return n.Span((attr.with_pairs(data_auto=""), (node,)))

    return n.rewrite(blocks, change)


# ----------------------------------------------------------------- titles in brackets


@dataclass(frozen=True)
class Bracketed:
    """Words in brackets that are the title of a heading."""

    start: int
    end: int
    """The inlines from `start` up to `end` hold them."""
    before: str
    words: n.Inlines
    title: str
    after: str


def bracketed(inlines: n.Inlines, titles: Mapping[str, Sequence[str]]) -> Iterator[Bracketed]:
    """The titles in brackets among inlines; `titles` are in small letters."""
    done = 0
    for index, node in enumerate(inlines):
        if index >= done and type(node) is n.Str and "[" in node.c:
            found = _bracketed(inlines, index, titles)
            if found:
                done = found.end
                yield found


def _bracketed(
    inlines: n.Inlines, start: int, titles: Mapping[str, Sequence[str]]
) -> Bracketed | None:
    for end in range(start + 1, min(start + LONGEST, len(inlines)) + 1):
        last = inlines[end - 1]
        if not isinstance(last, n.Str | n.Space | n.SoftBreak):
            return None
        if isinstance(last, n.Str) and "]" in last.c:
            text = n.plain(inlines[start:end])
            match = BRACKET.search(text)
            title = ((match[2] or match[1]) if match else "").casefold()
            if match and title in titles:
                inner = n.text(match[1])
                before, after = text[: match.start()], text[match.end() :]
                return Bracketed(start, end, before, inner, title, after)
    return None


def titles_of(blocks: n.Blocks) -> Mapping[str, Sequence[str]]:
    """The ids of the headings by their titles in small letters."""
    found: dict[str, list[str]] = {}
    for node in n.walk(blocks):
        if isinstance(node, n.Header) and node.inlines:
            found.setdefault(n.plain(node.inlines).casefold(), []).append(node.attr.id)
    return found


def implicit_references(blocks: n.Blocks, words: Mapping[int, int]) -> n.Blocks:
    """Titles in brackets as links; one that several headings have stays as it is."""
    titles = titles_of(blocks)

    def sequence(old: Any) -> Any:
        new: list[Any] = []
        done = 0
        in_brackets = any(type(node) is n.Str and "[" in node.c for node in old)
        for one in bracketed(old, titles) if in_brackets else ():
            if len(titles[one.title]) > 1:
                continue
            new += map(deeper, old[done : one.start])
            at = words.get(id(old[one.start]), 0)
            attr = n.Attr("", ("implicit",), ((AT, f"{at}-{at + len(n.plain(one.words))}"),))
            link = n.Link((attr, one.words, (f"#{titles[one.title][0]}", "")))
            new += [*n.text(one.before), link, *n.text(one.after)]
            done = one.end
        return (*new, *map(deeper, old[done:]))

    def deeper(node: Any) -> Any:
        return node if type(node) in n.WORDS else n.descend(node, sequence)

    return sequence(blocks) if titles else blocks
