"""What must the tree say so that pandoc writes the Word file that we want?

Pandoc gets paragraphs, runs, lists, tables and notes to write; what it has no words for stands
in the tree as raw WordprocessingML: bookmarks, fields, pictures.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from report_build import nodes as n
from report_build.document import ordered_items
from report_build.formats import word_fields as fields
from report_build.formats.markup import named_notes
from report_build.formats.word_nodes import (
    GAP,
    NBSP,
    as_paragraphs,
    figure_row,
    inlines_of,
    joined,
    number_run,
    page_break,
    raw,
    raw_block,
    section_end,
    styled,
    term_row,
)  # fmt: skip
from report_build.formats.word_pictures import Pictures
from report_build.formats.word_styles import style_id
from report_build.formats.word_xml import run, text
from report_build.wording import WORDLESS

BOXES = {"editors-note": "Callout", "callout-title": "Callout Title", "qa": "Question"}
"""Styles of paragraphs, by the class of the div that they stand in."""
WORDS = {"key-figure-note": "Key Figure Note", "qualifier": "Key Figure Note"}
"""Styles of words, by the class of their span."""
DEEPEST = 6
"""Levels of headings that have a style."""
LINKED = "CrossReference"
"""The style of the words of references."""
KEPT = ("lang", "dir", "custom-style")
"""Attributes that pandoc's writer understands."""


class Tree:
    """Rewrites the blocks of one document in reading order."""

    def __init__(
        self,
        blocks: n.Blocks,
        pages: Mapping[str, int],
        pictures: Pictures,
        hang: bool,
        page_word: str = "page",
    ) -> None:
        self.pages, self.pictures, self.hang = pages, pictures, hang
        self.page_word = page_word
        self.anchors = {_attr(node).id for node in n.walk(blocks)} - {""}
        self.targets = set(_targets(blocks))
        self.waiting: list[str] = []
        """Bookmarks of blocks that go to the next paragraph."""
        self.style = LINKED
        """The look of the words of references."""
        self.counted = {"Figure": 0, "Table": 0, "Equation": 0}
        self.note_numbers = named_notes(blocks)
        self.targets |= self.note_numbers.keys()
        lists = (node for node in n.walk(blocks) if isinstance(node, n.OrderedList))
        self.items = {name for one in lists for name, _ in ordered_items(one)}

    def all(self, old: Any) -> Any:
        """A sequence of nodes, rewritten."""
        if not old:
            return old
        new: list[Any] = []
        for node in old:
            new.extend(self._block(node) if isinstance(node, n.Block) else self._inline(node))
        return tuple(new)

    # ------------------------------------------------------------------ blocks

    def _block(self, node: n.Block) -> n.Blocks:
        match node:
            case n.Header():
                return (self._heading(node),)
            case n.Para(c=inlines) if _is_equation(inlines):
                return (styled("Equation", (n.Para((*self._arrived(), *self.all(inlines))),)),)
            case n.Para(c=inlines) | n.Plain(c=inlines):
                return (type(node)((*self._arrived(), *self.all(inlines))),)
            case n.Table():
                return (self._table(node),)
            case n.Figure():
                return self._figure(node)
            case n.Div():
                return self._div(node)
            case n.CodeBlock(c=(attr, code)):
                return (*self._mark(attr), n.CodeBlock((n.NO_ATTR, code)))
            case n.HorizontalRule():
                return (styled("Horizontal Line", (n.Para(()),)),)
            case _:
                return (n.descend(node, self.all),)  # type: ignore[return-value]

    def _heading(self, node: n.Header) -> n.AnyBlock:
        level, attr, inlines = min(node.level, DEEPEST), node.attr, node.inlines
        name = fields.bookmark_name(attr.id)
        inner = (*self._arrived(), *self.all(inlines))
        number = attr.get("number")
        wordless = attr.get("numbered-as") in WORDLESS
        marked = (raw(number_run(number, wordless)),) if number else inner
        if attr.id:
            marked = (raw(fields.bookmark_start(name)), *marked, raw(fields.bookmark_end(name)))
        line = (*marked, self._gap(wordless), *inner) if number else marked
        if "unlisted" in attr.classes:
            return styled(f"Heading {level} Unlisted", (n.Para(line),))
        return n.Header((level, n.NO_ATTR, line))

    def _gap(self, wordless: bool) -> n.AnyInline:
        """What parts a number from its heading. Contents leave the line break out, not the gap."""
        if wordless:
            return raw(run(text(GAP) + "<w:br/>"))
        return raw(run("<w:tab/>" if self.hang else text(GAP)))

    def _table(self, node: n.Table) -> n.Table:
        attr, caption, columns, head, bodies, foot = node.c
        self._expect(attr, captioned=bool(caption.blocks))
        caption = n.Caption(None, self._caption(caption.blocks, attr, "Table"))
        width, height = self.pictures.room
        with self.pictures.within(width / max(1, len(columns)), height):
            rows = n.descend((head, bodies, foot), self.all)
        return n.Table((n.NO_ATTR, caption, columns, *rows))

    def _figure(self, node: n.Figure) -> n.Blocks:
        attr, caption, blocks = node.c
        self._expect(attr, captioned=bool(caption.blocks))
        picture = styled("Captioned Figure" if caption.blocks else "Figure", self.all(blocks))
        words = self._caption(caption.blocks, attr, "Figure")
        return (picture, styled("Image Caption", words)) if words else (picture,)

    def _caption(self, blocks: n.Blocks, attr: n.Attr, kind: str) -> n.Blocks:
        new: list[n.AnyBlock] = []
        for block in blocks:
            inlines = block.c if isinstance(block, n.Para | n.Plain) else n.text(n.plain(block))
            first = inlines[0] if inlines else None
            if isinstance(first, n.Span) and "caption-label" in first.attr.classes:
                label = self._label(n.plain(first), attr, kind)
                inlines = (*self._arrived(), *label, *self.all(inlines[1:]))
            else:
                inlines = (*self._arrived(), *self.all(inlines))
            new.append(n.Para(inlines))
        return tuple(new)

    def _label(self, label: str, attr: n.Attr, kind: str) -> n.Inlines:
        """“Table 3”: its number is a field, and has the bookmark around it."""
        number = attr.get("number")
        noun = label.removesuffix(number)
        field = fields.sequence(kind, number, self.counted[kind], "CaptionLabel")
        self.counted[kind] = int(number) if number.isdecimal() else self.counted[kind]
        name = fields.bookmark_name(attr.id)
        words = run(text(noun), "CaptionLabel") if noun else ""
        return (raw(words + fields.bookmark(name, field)),)

    def _div(self, node: n.Div) -> n.Blocks:
        attr, blocks = node.c
        classes = attr.classes
        if "page-break" in classes:
            return (page_break(),)
        self._expect(attr)
        if "landscape" in classes:
            with self.pictures.within(*self.pictures.wide):
                return (section_end("portrait"), *self.all(blocks), section_end("landscape"))
        if "key-figures" in classes:
            return self._rows(blocks, figure_row)
        if "part-abbreviations" in classes:
            return self._rows(blocks, term_row)
        inner: n.Blocks = self.all(blocks)
        style = next((BOXES[name] for name in classes if name in BOXES), "")
        if style and not attr.has("custom-style"):
            attr = attr.with_pairs(custom_style=style)
        kept = _kept(attr)
        if kept.has("custom-style"):
            inner = as_paragraphs(inner)
        return (n.Div((kept, inner)),) if kept.pairs else inner

    def _rows(self, blocks: n.Blocks, row: Callable[[n.Inlines, n.Inlines], n.Div]) -> n.Blocks:
        """The items of definition lists as one paragraph each."""
        new: list[n.AnyBlock] = []
        for block in blocks:
            if not isinstance(block, n.DefinitionList):
                new.extend(self.all((block,)))
                continue
            for term, meanings in block.c:
                meaning = joined(tuple(inlines_of(part) for part in meanings))
                new.extend(self.all((row(term, meaning),)))
        return tuple(new)

    # ------------------------------------------------------------------ inlines

    def _inline(self, node: n.AnyInline) -> n.Inlines:
        match node:
            case n.Link(c=(_, inlines, (url, title))):
                return self._link(inlines, url, title)
            case n.Span():
                return self._span(node)
            case n.Image():
                return (raw(run(self.pictures.drawing(node))),)
            case n.Note(c=blocks):
                return (n.Note(self.all(blocks)),)
            case n.Code(c=(_, code)):
                return (n.Code((n.NO_ATTR, code)),)
            case _:
                return (n.descend(node, self.all),)

    def _link(self, inlines: n.Inlines, url: str, title: str) -> n.Inlines:
        if not url.startswith("#"):
            return (n.Link((n.NO_ATTR, self.all(inlines), (url, title))),)
        inner = self._linked(inlines)
        if url[1:] not in self.anchors:
            return inner
        name = fields.bookmark_name(url[1:])
        if self.style != LINKED:  # pandoc would give the words the look of a link
            return (raw(fields.hyperlink_start(name)), *inner, raw("</w:hyperlink>"))
        return (n.Link((n.NO_ATTR, inner, (f"#{name}", ""))),)

    def _linked(self, inlines: n.Inlines) -> n.Inlines:
        new: list[n.AnyInline] = []
        for node in inlines:
            if isinstance(node, n.Span) and "ref-number" in node.attr.classes:
                new.extend(self._number(node, self.style))
            else:
                new.extend(self._inline(node))
        return tuple(new)

    def _number(self, node: n.Span, style: str = "") -> n.Inlines:
        target = node.attr.get("for")
        if target not in self.anchors:
            return self.all(node.inlines)  # type: ignore[no-any-return]
        name = fields.bookmark_name(target)
        number = fields.number_of
        if target in self.note_numbers:
            number = fields.note_number
        elif target in self.items:
            number = fields.item_number
        return (raw(number(name, n.plain(node.inlines), style)),)

    def _span(self, node: n.Span) -> n.Inlines:
        attr, inlines = node.c
        if "ref-number" in attr.classes:
            return self._number(node)
        if "ref-page" in attr.classes and attr.get("for") in self.anchors:
            return self._page(node)
        if "note-again" in attr.classes and attr.get("for") in self.note_numbers:
            return (self._note_again(attr.get("for")),)
        if "equation" in attr.classes and attr.has("number"):
            return self._equation(attr, inlines)
        style = next((WORDS[name] for name in attr.classes if name in WORDS), "")
        before, self.style = self.style, style_id(style) if style else self.style
        inner = self.all(inlines)
        self.style = before
        if attr.id in self.targets:
            name = fields.bookmark_name(attr.id)
            inner = (raw(fields.bookmark_start(name)), *inner, raw(fields.bookmark_end(name)))
        kept = _kept(attr.with_pairs(custom_style=style) if style else attr)
        return (n.Span((kept, inner)),) if kept.pairs else inner

    def _page(self, node: n.Span) -> n.Inlines:
        target = node.attr.get("for")
        name, page = fields.bookmark_name(target), self.pages.get(target)
        if not page:
            return self.all(node.inlines)  # type: ignore[no-any-return]
        words = run(text(self.page_word + NBSP), self.style)
        field = fields.page_of(name, str(page), self.style)
        return (raw(fields.hyperlink_start(name) + words + field + "</w:hyperlink>"),)

    def _equation(self, attr: n.Attr, inlines: n.Inlines) -> n.Inlines:
        """A formula in the middle of its line, with its number at the end of it."""
        number = attr.get("number")
        formula = tuple(
            n.Math((n.Tag("InlineMath"), x.c[1])) for x in inlines if isinstance(x, n.Math)
        )
        field = fields.sequence("Equation", number, self.counted["Equation"])
        self.counted["Equation"] = int(number)
        marked = fields.bookmark(fields.bookmark_name(attr.id), field)
        end = raw(run("<w:tab/>" + text("(")) + marked + run(text(")")))
        return (raw(run("<w:tab/>")), *formula, end)

    def _note_again(self, name: str) -> n.RawInline:
        return raw(fields.same_note(fields.bookmark_name(name), str(self.note_numbers[name])))

    # ------------------------------------------------------------------ bookmarks of blocks

    def _expect(self, attr: n.Attr, captioned: bool = False) -> None:
        """Have the next paragraph carry the bookmark of a block, if anything refers to it."""
        labelled = captioned and attr.get("number")
        if attr.id in self.targets and not labelled:
            self.waiting.append(fields.bookmark_name(attr.id))

    def _mark(self, attr: n.Attr) -> n.Blocks:
        """The bookmark of a block that cannot hold one."""
        name = fields.bookmark_name(attr.id)
        return (raw_block(fields.bookmark(name, "")),) if attr.id in self.targets else ()

    def _arrived(self) -> n.Inlines:
        names, self.waiting = self.waiting, []
        return tuple(raw(fields.bookmark(name, "")) for name in names)


def _attr(node: object) -> n.Attr:
    found = getattr(node, "attr", n.NO_ATTR)
    return found if isinstance(found, n.Attr) else n.NO_ATTR


def _is_equation(inlines: n.Inlines) -> bool:
    """Whether a paragraph is a formula with a number."""
    spans = [x for x in inlines if isinstance(x, n.Span) and "equation" in x.attr.classes]
    return len(inlines) == len(spans) == 1 and spans[0].attr.has("number")


def _kept(attr: n.Attr) -> n.Attr:
    return n.Attr("", (), tuple(pair for pair in attr.pairs if pair[0] in KEPT))


def _targets(blocks: n.Blocks) -> list[str]:
    found = []
    for node in n.walk(blocks):
        if isinstance(node, n.Link) and node.url.startswith("#"):
            found.append(node.url[1:])
        elif isinstance(node, n.Span) and node.attr.has("for"):
            found.append(node.attr.get("for"))
    return found
