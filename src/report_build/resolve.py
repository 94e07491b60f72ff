"""What does each reference say? Numbers, references in words, captions, ledger figures.

`resolve` turns an edition into what the formats print: the conventions of its tree are those
of `ARCHITECTURE.md`, “The resolved document”.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from report_build import editions
from report_build import nodes as n
from report_build.abbreviations import expand
from report_build.countries import direction, language_problem
from report_build.document import CONDITIONS, Document, Edition, elsewhere, meant, refers
from report_build.labels import Labels
from report_build.ledger import printed
from report_build.locate import AT
from report_build.marking import reasons
from report_build.numbering import Number, counted_in_text, numbers
from report_build.wording import NBSP, WORDLESS, Said, Wording, alias, link, number_words, spaced


@dataclass(frozen=True)
class Resolved:
    """A document ready for the formats, and what its surroundings need to know of it."""

    document: Document
    numbers: Mapping[str, Number]
    """The master's numbers, also of what the edition leaves out."""
    abbreviations: tuple[str, ...]
    own: Mapping[str, Number]
    """The numbers that the edition shows."""
    marking: tuple[str, tuple[str, ...]] = ("", ())
    """The highest mark of its blocks and their ids."""


def resolve(document: Document, labels: Labels, full: str = "") -> Resolved:
    """An edition with everything said in words. `full` is the path of the full edition's HTML."""
    master = document.master or document
    numbered = numbers(master, labels)
    local = _numbering(document) != "master"
    own = numbers(document, labels) if local else {**numbered, **counted_in_text(document)}
    blocks, used = expand(document.blocks, document.front.abbreviations)
    words = _Words(document, own, numbered, labels, full)
    done = replace(document, blocks=outlined(words.all(blocks)))
    return Resolved(done, numbered, used, own, reasons(document))


def outlined(blocks: n.Blocks) -> n.Blocks:
    """Headings whose levels have no gap, as those need who go from heading to heading."""
    above: list[int] = []

    def level(node: Any) -> Any:
        if not isinstance(node, n.Header):
            return node
        while above and above[-1] >= node.level:
            above.pop()
        above.append(node.level)
        return n.Header((len(above), node.attr, node.inlines))

    return n.rewrite(blocks, level)


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
        self.quoting = labels
        """The labels of the language that the text is in just here."""
        self.both = _numbering(document) == "both"
        self.day = ""
        self.anchors = document.anchor
        self.all_anchors = (document.master or document).anchor
        self.wording = Wording(own, master, self.anchors, self.all_anchors, labels)
        self.how = document.edition.on_filtered if document.edition else "text"
        self.calls = Counter(
            node.attr.id
            for node in document.walked
            if isinstance(node, n.Span) and "note-call" in node.attr.classes
        )
        self.referred = {meant(r.target, self.all_anchors) for r in document.references}
        self.noted: set[str] = set()
        self.before: list[Any] = []
        """What stands before the node in its sequence."""

    def all(self, old: Any) -> Any:
        """A sequence of nodes, resolved."""
        outer, self.before = self.before, []
        new = self.before
        for node in old:
            new.extend(self._one(node))
        self.before = outer
        return tuple(new)

    def _directed(self, attr: n.Attr) -> n.Attr:
        """A part whose language runs the other way says so."""
        lang = attr.get("lang")
        if not lang or attr.has("dir") or language_problem(lang):
            return attr
        found = direction(lang)
        return attr if found == self.document.direction else attr.with_pairs(dir=found)

    def _within(self, attr: n.Attr, nodes: Any) -> Any:
        """What is in a part, which may be in a language of its own."""
        lang, outer = attr.get("lang"), self.quoting
        self.quoting = self.labels.of_part(lang) if lang else outer
        new = self.all(nodes)
        self.quoting = outer
        return new

    def _one(self, node: Any) -> tuple[Any, ...]:
        match node:
            case n.Header():
                return (self._header(node),)
            case n.Table(c=(attr, caption, columns, head, bodies, foot)):
                rows = _without_conditions((head, bodies, foot))
                return (self._captioned(n.Table((attr, caption, columns, *rows))),)
            case n.Figure():
                return (self._captioned(node),)
            case n.Div() if "item" in node.attr.classes:
                return _led(self._marks(node.attr), self.all(node.blocks))
            case n.Div():
                return (self._div(node),)
            case n.Quoted(c=(kind, inlines)):
                opening, closing = self.quoting.quotes(kind.t == "SingleQuote")
                return (n.Str(opening), *self.all(inlines), n.Str(closing))
            case n.Span():
                return self._span(node)
            case n.Link() if refers(node.url):
                return self._link(node)
            case n.Link(c=(attr, inlines, target)):
                return (n.Link((attr.without(AT), self.all(inlines), target)),)
            case n.Image(c=(attr, inlines, target)):
                return (n.Image((attr.without(AT), inlines, target)),)
            case n.Code(c=(attr, text)) | n.CodeBlock(c=(attr, text)):
                return (type(node)((attr.without(*_GONE), text)),)
            case n.Str() if self._closes_nothing(node.c):
                return self._without_brackets(node)
            case _:
                return (n.descend(node, self.all),)

    # ------------------------------------------------------------------ what has a number

    def _header(self, node: n.Header) -> n.Header:
        level, attr, inlines = node.c
        number = self.own.get(attr.id)
        attr = attr.without(*_GONE)
        if number:
            attr = attr.with_pairs(number=number.text, numbered_as=number.kind)
        attr = self._aliased(attr)
        if number and number.kind in WORDLESS:
            self.day = attr.id
        elif number:
            self.day = number.within
        elif level == 1:
            self.day = ""
        marks = self._marks(node.attr)
        gap = (n.Space(),) if marks else ()
        words = (*self.all(inlines), *self._masters(attr.id), *gap, *marks)
        return n.Header((level, attr, words))

    def _aliased(self, attr: n.Attr) -> n.Attr:
        """What the full edition has, other editions refer to by its number."""
        edition = self.document.edition
        name = alias(attr.id, self.master, self.labels) if edition and edition.is_full else ""
        return attr.with_pairs(alias=name) if name and name not in self.anchors else attr

    def _marks(self, attr: n.Attr) -> n.Inlines:
        """What is said of a block before its words: its handling mark; in a proof copy, who gets it."""
        marks = []
        if mark := attr.get("marking"):
            marks.append(n.Span((n.Attr("", ("portion-mark",)), n.text(f"({mark})"))))
        edition = self.document.edition
        if edition and edition.content == "proof":
            said = [f"{key}: {value}" for key, value in attr.pairs if key in CONDITIONS]
            if said:
                words = n.text(f"[{'; '.join(said)}]")
                marks.append(n.Span((n.Attr("", ("proof-mark",)), words)))
        return spaced(marks)

    def _masters(self, target: str) -> n.Inlines:
        """The number in the full proceedings, where an edition shows both."""
        number = self.master.get(target) if self.both else None
        if not number:
            return ()
        words = (n.Str(f"[{number.text.replace(' ', NBSP)}]"),)
        return (n.Space(), n.Span((n.Attr("", ("master-number",)), words)))

    def _captioned(self, node: n.Table | n.Figure) -> n.Table | n.Figure:
        attr, caption, *rest = node.c
        number = self.own.get(attr.id)
        attr = attr.without(*_GONE)
        if number:
            caption = self._labelled(caption, number, attr.id)
            attr = self._aliased(attr.with_pairs(number=number.text))
        else:
            caption = n.descend(caption, self.all)
        inner: Any = n.descend(tuple(rest), self.all)
        return type(node)((attr, caption, *inner))

    def _labelled(self, caption: n.Caption, number: Number, target: str) -> n.Caption:
        label = n.Span((n.Attr("", ("caption-label",)), (self._noun_number(number),)))
        first, *others = n.descend(caption, self.all).blocks
        words = first.c if isinstance(first, n.Plain | n.Para) else ()
        inlines = (label, n.Space(), *words, *self._masters(target))
        return n.Caption(None, (n.Plain(inlines), *others))

    def _noun_number(self, number: Number) -> n.Str:
        noun = self.labels.noun(number.kind, capital=True)
        return n.Str(f"{noun}{NBSP}{number.text}")

    def _div(self, node: n.Div) -> n.Div | n.Figure:
        attr, blocks = node.c
        clean = self._directed(attr.without(*_GONE))
        if "chart" in attr.classes:
            caption = n.Caption(None, self._caption_blocks(blocks))
            figure = n.Figure((attr, caption, (n.Plain((n.Image((clean, (), ("chart:", ""))),)),)))
            return self._captioned(figure)  # type: ignore[return-value]
        inner = _led(self._marks(attr), self._within(attr, blocks))
        if "editors-note" in attr.classes:
            title = n.Para(n.text(self.labels("editors-note")))
            inner = (n.Div((n.Attr("", ("callout-title",)), (title,))), *inner)
        return n.Div((clean, inner))

    @staticmethod
    def _caption_blocks(blocks: n.Blocks) -> n.Blocks:
        return tuple(n.Plain(b.c) if isinstance(b, n.Para) else b for b in blocks)

    def _equation(self, attr: n.Attr, inlines: n.Inlines) -> n.Inlines:
        number = self.own.get(attr.id)
        if not number:
            return inlines
        pairs = attr.without(*_GONE).with_pairs(number=number.text).pairs
        return (n.Span((n.Attr(attr.id, ("equation",), pairs), inlines)),)

    def _note(self, attr: n.Attr, note: n.AnyInline) -> n.Inlines:
        """A footnote: at its further calls in the edition its number alone."""
        if attr.id in self.noted:
            number = self.wording.number(attr.id)
            return (n.Span((n.Attr("", ("note-again",), (("for", attr.id),)), number)),)
        self.noted.add(attr.id)
        inner = n.descend(note, self.all)
        if self.calls[attr.id] < 2 and attr.id not in self.referred:
            return (inner,)
        return (n.Span((n.Attr(attr.id, ("note-named",)), (inner,))),)

    # ------------------------------------------------------------------ what refers

    def _span(self, node: n.Span) -> tuple[n.AnyInline, ...]:
        attr, inlines = node.c
        classes = attr.classes
        if attr.get("on-filtered"):
            return self._with_own_way(node)
        if "cite" in classes:
            return self._cite(inlines[0])  # type: ignore[arg-type]
        if "note-call" in classes:
            return self._note(attr, inlines[0])
        if attr.id in self.own and self.own[attr.id].kind == "equation":
            return self._equation(attr, inlines)
        if "figure" in classes:
            return self._figure(n.plain(inlines))
        if "page" in classes and len(inlines) == 1:
            return self._page(inlines[0])
        marks = self._marks(attr)
        attr = self._directed(attr.without(*_GONE))
        inner = (*marks, *((n.Space(),) if marks else ()), *self._within(attr, inlines))
        return (n.Span((attr, inner)),) if attr != n.NO_ATTR else inner

    def _with_own_way(self, node: n.Span) -> tuple[n.AnyInline, ...]:
        """A span that says itself what becomes of the references in it."""
        attr, inlines = node.c
        how, self.how = self.how, attr.get("on-filtered")
        gone = [name for name in _targets(inlines) if self._is_filtered(name)]
        found = (
            ()
            if gone and self.how == "omit"
            else self._span(n.Span((attr.without("on-filtered"), inlines)))
        )
        self.how = how
        return found or self._nothing()

    def _is_filtered(self, name: str) -> bool:
        target = meant(name, self.all_anchors)
        return target in self.all_anchors and target not in self.anchors

    def _figure(self, name: str) -> tuple[n.AnyInline, ...]:
        figure = self.document.front.figures.get(name)
        return n.text(printed(figure, self.labels)) if figure else n.text(name)

    def _page(self, inner: n.AnyInline) -> tuple[n.AnyInline, ...]:
        cite = inner.inlines[0] if isinstance(inner, n.Span) and inner.inlines else inner
        if not isinstance(cite, n.Cite):
            return (inner,)
        target = meant(cite.c[0][0].id, self.all_anchors)
        if target not in self.anchors:
            return self._withheld(target)
        return self._page_of(target)

    def _page_of(self, target: str) -> n.Inlines:
        words, _ = self.wording.one(target, self.day)
        return (n.Span((n.Attr("", ("ref-page",), (("for", target),)), (link(target, words),))),)

    def _link(self, node: n.Link) -> tuple[n.AnyInline, ...]:
        attr, inlines, _ = node.c
        how, self.how = self.how, attr.get("on-filtered") or self.how
        name = node.url.removeprefix("#")
        target = meant(name, self.all_anchors)
        if other := elsewhere(name, self.document.others):
            found = self._other(other[0], other[1], self.all(inlines))
        elif target in self.anchors:
            words = self.all(inlines)
            found = (link(target, words),) if words else self._empty(target)
            if "page" in attr.classes and not words:
                found = self._page_of(target)
        else:
            found = self._withheld(target, self.all(inlines))
        self.how = how
        return found

    def _empty(self, target: str) -> n.Inlines:
        words, article = self.wording.one(target, self.day)
        return self._in_sentence(Said((link(target, words),), article))

    def _cite(self, cite: n.Cite) -> tuple[n.AnyInline, ...]:
        citations = cite.c[0]
        first = citations[0]
        if first.id in self.document.bibliography:
            return (cite,)
        capital = first.id[:1].isupper() and first.id not in self.all_anchors
        targets = [meant(citation.id, self.all_anchors) for citation in citations]
        after = self.all(citations[-1].suffix)
        if after and not n.plain(after).startswith((",", ";", ":", " ")):
            after = (n.Space(), *after)
        if first.mode.t == "SuppressAuthor":
            return (*self.wording.joined([self.wording.bare(t) for t in targets]), *after)
        if first.prefix:
            words = self.all(first.prefix)
            return (*words, n.Str(NBSP), *self.wording.bare(targets[0]), *after)
        present = [target for target in targets if target in self.anchors]
        said = self.wording.several(present, self.day, capital) if present else Said(())
        parts = [self._in_sentence(said, capital)]
        for target in targets:
            if other := elsewhere(target, self.document.others):
                parts.append(self._other(*other))
            elif target not in self.anchors:
                parts.append(self._withheld(target, capital=capital and not present))
        return (*self.wording.joined(parts), *after)

    def _in_sentence(self, said: Said, capital: bool = False) -> n.Inlines:
        """The words with the article that the sentence needs, contracted with the word before."""
        article = said.article
        spaced = bool(self.before) and isinstance(self.before[-1], n.Space | n.SoftBreak)
        word = n.plain(tuple(self.before[-2:-1])) if spaced else ""
        needless = not word or self.labels.is_determiner(word) or not word[-1].isalnum()
        if not article or not said.words or (needless and not (capital and not word)):
            return said.words
        if contracted := self.labels.contracted(word, article):
            self.before[-2] = n.Str(contracted)
            return said.words
        gap = () if article.endswith("’") else (n.Space(),)
        if capital:
            article, words = article[0].upper() + article[1:], _small(said.words)
            return (n.Str(article), *gap, *words)
        return (n.Str(article), *gap, *said.words)

    # ------------------------------------------------------------------ what is elsewhere

    def _other(self, other: Document, target: str, words: n.Inlines = ()) -> n.Inlines:
        """A reference to another master, as a link where the reader's edition of it has it."""
        numbered = numbers(other, self.labels)
        if not words:
            known = number_words(target, numbered, self.labels) if target in numbered else ""
            title = self.labels.quoted(other.front.title)
            words = n.text(self.labels("of-other", words=known, title=title) if known else title)
        edition = self._edition_of(other, target)
        if not edition:
            return (n.Span((n.Attr("", ("ref-withheld",)), words)),)
        stem = editions.stem(other.name, other.base_lang, edition)
        return (
            n.Link((n.Attr("", ("ref", "external")), words, (f"../../{stem}.html#{target}", ""))),
        )

    def _edition_of(self, other: Document, target: str) -> Edition | None:
        mine = self.document.edition
        anchor = other.anchor.get(target)
        if not mine or not anchor:
            return None
        for one in editions.editions(other.front, other.base_lang):
            same = one.audience == mine.audience or (one.is_full and self.how == "external")
            gets = editions.receives(one, other.front, anchor.when, "x" if anchor.reserved else "")
            if same and gets and "html" in one.formats:
                return one
        return None

    def _withheld(self, target: str, words: n.Inlines = (), capital: bool = False) -> n.Inlines:
        """What stands in the place of a reference to what the edition leaves out."""
        if self.how == "omit":
            return words or self._nothing()
        said = Said(words) if words else self.wording.withheld(target)
        if self.how == "external" and self.full:
            attr = n.Attr("", ("ref", "external"))
            known = alias(target, self.master, self.labels)
            url = f"{self.full}#{known}" if known else self.full
            made: n.AnyInline = n.Link((attr, said.words, (url, "")))
        else:
            made = n.Span((n.Attr("", ("ref-withheld",)), said.words))
        return self._in_sentence(Said((made,), said.article), capital)

    def _nothing(self) -> n.Inlines:
        """Nothing, and no space before it."""
        if self.before and isinstance(self.before[-1], n.Space | n.SoftBreak):
            self.before.pop()
        return ()

    def _closes_nothing(self, text: str) -> bool:
        """Whether what was left out leaves empty brackets: “(” and then “)”."""
        before = self.before[-1] if self.before else None
        return text.startswith(")") and isinstance(before, n.Str) and before.c.endswith("(")

    def _without_brackets(self, node: n.Str) -> n.Inlines:
        opened = self.before.pop().c[:-1]
        if opened:
            self.before.append(n.Str(opened))
        elif self.before and isinstance(self.before[-1], n.Space | n.SoftBreak):
            self.before.pop()
        return (n.Str(node.c[1:]),) if node.c[1:] else ()


def _led(marks: n.Inlines, blocks: n.Blocks) -> n.Blocks:
    """Blocks with marks before the words of the first of them."""
    if not marks:
        return blocks
    first = blocks[0] if blocks else None
    if isinstance(first, n.Para | n.Plain):
        return (type(first)((*marks, n.Space(), *first.c)), *blocks[1:])
    return (n.Para(marks), *blocks)


def _without_conditions(value: Any) -> Any:
    """A table's parts whose rows and cells say nothing of who gets them."""
    if isinstance(value, tuple):
        return tuple(map(_without_conditions, value))
    match value:
        case n.TableHead(attr=attr, rows=rows):
            return n.TableHead(attr.without(*_GONE), _without_conditions(rows))
        case n.TableBody(attr=attr, head_columns=columns, head=head, rows=rows):
            inner = _without_conditions((head, rows))
            return n.TableBody(attr.without(*_GONE), columns, *inner)
        case n.Row(attr=attr, cells=cells):
            return n.Row(attr.without(*_GONE), _without_conditions(cells))
        case n.Cell():
            attr = value.attr.without(*_GONE)
            return n.Cell(attr, value.align, value.rows, value.columns, value.blocks)
    return value


def _small(words: n.Inlines) -> n.Inlines:
    """Words that begin with a small letter, since an article stands before them."""
    match words[0]:
        case n.Str(c=text):
            return (n.Str(text[:1].lower() + text[1:]), *words[1:])
        case n.Link(c=(attr, inlines, target)) if inlines:
            return (n.Link((attr, _small(inlines), target)), *words[1:])
        case _:
            return words


def _targets(nodes: object) -> list[str]:
    found = []
    for node in n.walk(nodes):
        if isinstance(node, n.Link) and node.url.startswith("#"):
            found.append(node.url[1:])
        elif isinstance(node, n.Cite):
            found += [citation.id for citation in node.c[0]]
    return found


_GONE = (*CONDITIONS, "on-filtered", "data-auto", "marking", AT)
"""Attributes that no format gets."""
