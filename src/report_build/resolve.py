"""What does each reference say? Numbers, references in words, captions, ledger figures.

`resolve` turns an edition into what the formats print: the conventions of its tree are those
of `ARCHITECTURE.md`, “The resolved document”.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from report_build import nodes as n
from report_build.abbreviations import expand
from report_build.document import Document
from report_build.labels import Labels
from report_build.ledger import printed
from report_build.locate import AT
from report_build.numbering import Number, captioned_kind, numbers

NBSP = "\N{NO-BREAK SPACE}"
WORDLESS = ("day", "part")
"""Kinds whose number says what it is: “Day Two”."""


@dataclass(frozen=True)
class Resolved:
    """A document ready for the formats, and what its surroundings need to know of it."""

    document: Document
    numbers: Mapping[str, Number]
    """The master's numbers, also of what the edition leaves out."""
    abbreviations: tuple[str, ...]


def resolve(document: Document, labels: Labels, full: str = "") -> Resolved:
    """An edition with everything said in words. `full` is the path of the full edition's HTML."""
    master = document.master or document
    numbered = numbers(master, labels)
    own = numbered if _numbering(document) != "local" else numbers(document, labels)
    blocks, used = expand(document.blocks, document.front.abbreviations)
    words = _Words(document, own, numbered, labels, full)
    return Resolved(replace(document, blocks=words.all(blocks)), numbered, used)


def _numbering(document: Document) -> str:
    return document.edition.numbering if document.edition else "master"


class _Words:
    """Rewrites the tree of one edition in reading order."""

    def __init__(
        self,
        document: Document,
        own: Mapping[str, Number],
        master: Mapping[str, Number],
        labels: Labels,
        full: str,
    ) -> None:
        self.document, self.own, self.master = document, own, master
        self.labels, self.full = labels, full
        self.day = ""
        self.anchors = document.anchor
        self.all_anchors = (document.master or document).anchor

    def all(self, old: Any) -> Any:
        """A sequence of nodes, resolved."""
        new: list[Any] = []
        for node in old:
            new.extend(self._one(node))
        return tuple(new)

    def _one(self, node: Any) -> tuple[Any, ...]:
        match node:
            case n.Header():
                return (self._header(node),)
            case n.Table() | n.Figure():
                return (self._captioned(node),)
            case n.Div():
                return (self._div(node),)
            case n.Quoted(c=(kind, inlines)):
                opening, closing = self.labels.quotes(kind.t == "SingleQuote")
                return (n.Str(opening), *self.all(inlines), n.Str(closing))
            case n.Span():
                return self._span(node)
            case n.Link() if node.url.startswith("#"):
                return self._link(node)
            case n.Link(c=(attr, inlines, target)):
                return (n.Link((attr.without(AT), self.all(inlines), target)),)
            case n.Image(c=(attr, inlines, target)):
                return (n.Image((attr.without(AT), inlines, target)),)
            case _:
                return (n.descend(node, self.all),)

    # ------------------------------------------------------------------ what has a number

    def _header(self, node: n.Header) -> n.Header:
        level, attr, inlines = node.c
        number = self.own.get(attr.id)
        attr = attr.without(AT, "data-auto", *_CONDITIONS)
        if number:
            attr = attr.with_pairs(number=number.text, numbered_as=number.kind)
        if number and number.kind in WORDLESS:
            self.day = attr.id
        elif number:
            self.day = number.within
        elif level == 1:
            self.day = ""
        return n.Header((level, attr, self.all(inlines)))

    def _captioned(self, node: n.Table | n.Figure) -> n.Table | n.Figure:
        attr, caption, *rest = node.c
        number = self.own.get(attr.id)
        attr = attr.without(AT, "data-auto", *_CONDITIONS)
        if number:
            attr = attr.with_pairs(number=number.text)
            caption = self._labelled(caption, number)
        else:
            caption = n.descend(caption, self.all)
        inner: Any = n.descend(tuple(rest), self.all)
        return type(node)((attr, caption, *inner))

    def _labelled(self, caption: n.Caption, number: Number) -> n.Caption:
        label = n.Span((n.Attr("", ("caption-label",)), (self._noun_number(number),)))
        first, *others = n.descend(caption, self.all).blocks
        inlines = (label, n.Space(), *(first.c if isinstance(first, n.Plain | n.Para) else ()))
        return n.Caption(None, (n.Plain(inlines), *others))

    def _noun_number(self, number: Number) -> n.Str:
        return n.Str(f"{self.labels.noun(number.kind)}{NBSP}{number.text}")

    def _div(self, node: n.Div) -> n.Div | n.Figure:
        attr, blocks = node.c
        clean = attr.without(AT, *_CONDITIONS)
        if "chart" in attr.classes:
            caption = n.Caption(None, self._caption_blocks(blocks))
            figure = n.Figure((attr, caption, (n.Plain((n.Image((clean, (), ("chart:", ""))),)),)))
            return self._captioned(figure)  # type: ignore[return-value]
        inner = self.all(blocks)
        if "editors-note" in attr.classes:
            title = n.Para(n.text(self.labels("editors-note")))
            inner = (n.Div((n.Attr("", ("callout-title",)), (title,))), *inner)
        return n.Div((clean, inner))

    @staticmethod
    def _caption_blocks(blocks: n.Blocks) -> n.Blocks:
        return tuple(n.Plain(b.c) if isinstance(b, n.Para) else b for b in blocks)

    # ------------------------------------------------------------------ what refers

    def _span(self, node: n.Span) -> tuple[n.AnyInline, ...]:
        attr, inlines = node.c
        if "cite" in attr.classes:
            return self._cite(inlines[0])  # type: ignore[arg-type]
        if "figure" in attr.classes:
            return self._figure(n.plain(inlines))
        if "page" in attr.classes and len(inlines) == 1:
            return self._page(inlines[0])
        attr = attr.without(AT, *_CONDITIONS)
        inner = self.all(inlines)
        return (n.Span((attr, inner)),) if attr != n.NO_ATTR else inner

    def _figure(self, name: str) -> tuple[n.AnyInline, ...]:
        figure = self.document.front.figures.get(name)
        return n.text(printed(figure, self.labels)) if figure else n.text(name)

    def _page(self, inner: n.AnyInline) -> tuple[n.AnyInline, ...]:
        cite = inner.inlines[0] if isinstance(inner, n.Span) and inner.inlines else inner
        if not isinstance(cite, n.Cite):
            return (inner,)
        target = self._meant(cite.c[0][0].id)
        if target not in self.anchors:
            return self._withheld(target)
        pairs = (("for", target),)
        words = self._reference_words([target])
        return (n.Span((n.Attr("", ("ref-page",), pairs), words)),)

    def _link(self, node: n.Link) -> tuple[n.AnyInline, ...]:
        inlines = node.inlines
        target = self._meant(node.url[1:])
        if target not in self.anchors:
            return self._withheld(target, self.all(inlines))
        words = self.all(inlines) or self._reference_words([target])
        return (_ref(target, words),)

    def _cite(self, cite: n.Cite) -> tuple[n.AnyInline, ...]:
        citations = cite.c[0]
        first = citations[0]
        capital = first.id[:1].isupper() and first.id not in self.all_anchors
        targets = [self._meant(citation.id) for citation in citations]
        if first.mode.t == "SuppressAuthor":
            return self._joined([self._bare(target) for target in targets])
        if first.prefix:
            return (*self.all(first.prefix), n.Str(NBSP), *self._bare(targets[0]))
        present = [target for target in targets if target in self.anchors]
        parts = [self._many(group, capital) for group in self._grouped(present)]
        parts += [self._withheld(target) for target in targets if target not in self.anchors]
        return self._joined([part for part in parts if part])

    def _meant(self, name: str) -> str:
        small = name[:1].lower() + name[1:]
        return small if name not in self.all_anchors and small in self.all_anchors else name

    def _grouped(self, targets: list[str]) -> Iterator[list[str]]:
        def kind(target: str) -> tuple[str, str]:
            number = self.own.get(target)
            return (number.kind, number.within) if number else (target, "")

        for _, group in groupby(targets, key=kind):
            yield list(group)

    def _many(self, targets: list[str], capital: bool = False) -> n.Inlines:
        """References to targets of one kind: “Section II.3”, “Tables 1 and 2”."""
        if len(targets) == 1:
            return (_ref(targets[0], self._reference_words(targets, capital)),)
        noun = self.labels.noun(self.own[targets[0]].kind, plural=True, capital=capital)
        links = [(_ref(target, self._bare_words(target)),) for target in targets]
        within = self._within(targets[0])
        return (n.Str(noun), n.Str(NBSP), *self._joined(links), *within)

    def _reference_words(self, targets: list[str], capital: bool = False) -> n.Inlines:
        """“Section II.3 of Day Two”, or the title of what has no number."""
        target = targets[0]
        number = self.own.get(target)
        if not number:
            title = self.all_anchors[target].title
            return n.text(f"“{title}”" if title else target)
        if number.kind in WORDLESS:
            return self._bare_words(target)
        noun = self.labels.noun(number.kind, capital=capital)
        return (n.Str(noun + NBSP), *self._bare_words(target), *self._within(target))

    def _within(self, target: str) -> n.Inlines:
        number = self.own[target]
        if not number.within or number.within == self.day:
            return ()
        of = self.labels("of-day", day="\0").split("\0")
        return (*n.text(" " + of[0].strip() + " "), *self._bare_words(number.within))

    def _bare(self, target: str) -> n.Inlines:
        if target not in self.anchors:
            number = self.master.get(target)
            attr = n.Attr("", ("ref-withheld",))
            return (
                n.Span(
                    (attr, n.text(number.text if number else "")),
                ),
            )
        return (_ref(target, self._bare_words(target)),)

    def _bare_words(self, target: str) -> n.Inlines:
        number = self.own.get(target)
        if not number:
            return n.text(self.all_anchors[target].title)
        attr = n.Attr("", ("ref-number",), (("for", target),))
        return (n.Span((attr, n.text(number.text.replace(" ", NBSP)))),)

    def _joined(self, parts: list[Any]) -> n.Inlines:
        if len(parts) < 2:
            return tuple(parts[0]) if parts else ()
        comma, last = n.text(", "), n.text(f" {self.labels('and')} ")
        joined: tuple[Any, ...] = tuple(parts[0])
        for index, part in enumerate(parts[1:], 2):
            joined += (*(last if index == len(parts) else comma), *part)
        return joined

    # ------------------------------------------------------------------ what is left out

    def _withheld(self, target: str, words: n.Inlines = ()) -> n.Inlines:
        """What stands in the place of a reference to what the edition leaves out."""
        how = self.document.edition.on_filtered if self.document.edition else "text"
        if how == "omit":
            return words
        words = words or n.text(self.withheld_words(target))
        if how == "external" and self.full:
            link = n.Attr("", ("ref", "external"))
            return (n.Link((link, words, (f"{self.full}#{target}", ""))),)
        return (n.Span((n.Attr("", ("ref-withheld",)), words)),)

    def withheld_words(self, target: str) -> str:
        """“section II.3 of Day Two of the full proceedings”, never the target's title."""
        return filtered_words(target, self.master, self.labels)


def filtered_words(target: str, master: Mapping[str, Number], labels: Labels) -> str:
    """What a reference to something of the master says where that is not to be had."""
    if target not in master:
        return labels("full-proceedings")
    words = number_words(target, master, labels, small=True)
    return labels("of-full-proceedings", words=words)


def number_words(
    target: str, master: Mapping[str, Number], labels: Labels, small: bool = False
) -> str:
    """“Section II.3 of Day Two”: unique in the master."""
    number = master[target]
    if number.kind in WORDLESS:
        return number.text
    words = f"{labels.noun(number.kind, small=small)}{NBSP}{number.text}"
    within = master.get(number.within)
    return f"{words} {labels('of-day', day=within.text)}" if within else words


def _ref(target: str, words: n.Inlines) -> n.Link:
    return n.Link((n.Attr("", ("ref",)), words, (f"#{target}", "")))


def captioned(document: Document) -> Iterator[n.AnyNode]:
    """All numbered figures and tables of a document."""
    return (node for node in n.walk(document.blocks) if captioned_kind(node))


_CONDITIONS = (
    "audience", "only", "when-profile", "when-audience", "unless-profile", "unless-audience",
    "when-format", "unless-format", "on-filtered", "data-auto",
)  # fmt: skip
