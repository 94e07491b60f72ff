"""What belongs to an edition? `extract(master, edition)` gives a document again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from report_build import headline
from report_build import nodes as n
from report_build.audiences import Condition, Nobody
from report_build.countries import country_name
from report_build.document import EVERYONE, FORMATS, Document, Edition, condition, limits, once
from report_build.frontmatter import FrontMatter
from report_build.marking import carried
from report_build.parsing import slug

FULL = "full"
KEY_POINT = "key-point"
"""The class of what a digest is made of."""
PAIRS = ("()", "[]", "“”", "‘’", "«»")
"""Marks between which nothing may be left."""


def editions(front: FrontMatter, base_lang: str = "") -> tuple[Edition, ...]:
    """All editions that the front matter declares, in its order.

    Those of another language than `base_lang` (if not given: the front matter's) have a tag.
    """
    base = base_lang or front.lang
    return tuple(
        edition for wanted in front.deliverables for edition in _declared(front, wanted, base)
    )


def _declared(front: FrontMatter, wanted: Any, base: str) -> list[Edition]:
    if wanted.edition == FULL:
        names = [""]
    elif wanted.for_each:
        names = list(front.expand(wanted.for_each))
    elif wanted.edition in front.audiences:
        names = [wanted.edition]
    else:
        names = list(front.audiences)
    return [_edition(front, wanted, name, base) for name in names]


def _edition(front: FrontMatter, wanted: Any, audience: str, base: str) -> Edition:
    own = front.audiences[audience].lang if audience else ""
    lang = wanted.lang or own or front.lang
    names = frozenset({audience, *front.groups_of(audience)}) if audience else frozenset()
    kind = "" if wanted.content == "all" else f"-{wanted.content}"
    tail = "" if lang == base else f".{lang}"
    return Edition(
        id=(audience or FULL) + kind + tail,
        audience=audience,
        name=_name(front, audience, lang),
        lang=lang,
        formats=tuple(wanted.formats),
        numbering=wanted.numbering or front.numbering,
        on_filtered=wanted.on_filtered or front.on_filtered,
        title=headline.plain(title := wanted.title or front.said("title", names)),
        headline=title,
        subtitle=wanted.subtitle or front.said("subtitle", names),
        marking=wanted.marking or front.said("marking", names),
        content=wanted.content,
        cover=wanted.cover,
        before=wanted.before,
        after=wanted.after,
        templates=wanted.templates,
    )


def stem(master: str, lang: str, edition: Edition) -> str:
    """Where an edition goes in `out/`, without suffix: `proceedings/hnd/proceedings-honduras`.

    `lang` is the language that needs no tag: plain ASCII, one folder for each audience.
    """
    name = master if edition.is_full else f"{master}-{slug(edition.name)[:60]}"
    kind = "" if edition.content == "all" else f"-{edition.content}"
    tag = "" if edition.lang == lang else f".{edition.lang}"
    return f"{master}/{edition.audience or FULL}/{name}{kind}{tag}"


def _name(front: FrontMatter, audience: str, lang: str) -> str:
    if not audience:
        return ""
    declared = front.audiences[audience]
    return country_name(declared.country, lang) if declared.country else declared.title


def extract(master: Document, edition: Edition) -> Document:
    """The master without what the edition does not get, and without what that leaves empty."""
    blocks = _Keep(master.front, edition, free=_free(master)).blocks(master.blocks)
    cut = replace(master, blocks=blocks, edition=edition, master=master)
    return replace(cut, edition=replace(edition, marking=carried(cut, edition.marking)))


def for_format(document: Document, form: str) -> Document:
    """The document without what `when-format`/`unless-format` keep from a format."""
    if not _by_format(document.master or document):
        return document
    return replace(document, blocks=_Keep(document.front, form=form).blocks(document.blocks))


@once
def _by_format(document: Document) -> bool:
    return any(attr.has(name) for attr in n.attributes(document.blocks) for name in FORMATS)


@once
def _free(document: Document) -> frozenset[int]:
    """The blocks, by their identity, in which nothing says who or what gets it."""
    found: set[int] = set()

    def free(value: Any) -> bool:
        kind = type(value)
        if kind is tuple:
            parts = [free(item) for item in value if type(item) not in n.WORDS]
            return all(parts)
        if kind is n.Attr:
            return not limits(value)
        if kind not in n.FIELDS:
            return True
        parts = [free(getattr(value, name)) for name in n.FIELDS[kind]]
        if all(parts) and isinstance(value, n.Block):
            found.add(id(value))
        return all(parts)

    free(document.blocks)
    return frozenset(found)


def receives(edition: Edition, front: FrontMatter, when: Condition, reserved: str = "") -> bool:
    """Whether an edition gets what stands under a condition (`reserved`: its `only`)."""
    if edition.content == "proof":
        return True
    if edition.is_full:
        return not reserved and when != Nobody()
    names = frozenset({edition.audience, *front.groups_of(edition.audience)})
    return when.holds(names)


def _suits(attr: n.Attr, form: str) -> bool:
    wanted, unwanted = attr.get("when-format"), attr.get("unless-format")
    if not (wanted or unwanted):
        return True
    shown = (not wanted or form in wanted.split()) and form not in unwanted.split()
    return shown != ("content-hidden" in attr.classes)


class _Keep:
    """Prunes a tree for one edition or for one format."""

    def __init__(
        self,
        front: FrontMatter,
        edition: Edition | None = None,
        form: str = "",
        free: frozenset[int] = frozenset(),
    ) -> None:
        self.front, self.edition, self.form = front, edition, form
        self.content = edition.content if edition else "all"
        self.free = free if self.content in ("all", "proof") else frozenset[int]()
        """The blocks that are kept as they are."""
        self.chosen = self.content in ("all", "proof")
        """Whether what stands here is wanted, in an edition that wants not all."""

    def _kept(self, node: Any) -> bool:
        attr = getattr(node, "attr", None)
        if not attr or not attr.pairs:
            return True
        if self.edition is None:
            return _suits(attr, self.form)
        own = condition(attr, self.front)
        return receives(self.edition, self.front, own, attr.get("only"))

    def _chooses(self, node: Any) -> bool:
        """Whether a node is what an edition of selected blocks selects."""
        attr = getattr(node, "attr", n.NO_ATTR)
        if self.content == "digest":
            return KEY_POINT in attr.classes
        return self.content == "own" and condition(attr, self.front) != EVERYONE

    # ------------------------------------------------------------------ sequences

    def sequence(self, old: Any) -> Any:
        """Blocks or inlines, whichever of the two it is."""
        return self.blocks(old) if isinstance(old[0], n.Block) else self.inlines(old)

    def blocks(self, old: Any) -> Any:
        """A sequence of blocks without the excluded ones, sections as a whole, none left lonely."""
        new: list[tuple[Any, bool]] = []
        skipped = chosen = 0
        outer = self.chosen
        for node in old:
            if isinstance(node, n.Header):
                skipped = 0 if node.level <= skipped else skipped
                chosen = 0 if node.level <= chosen else chosen
            if skipped:
                continue
            if id(node) in self.free:
                new.append((node, False))
                continue
            if not self._kept(node):
                skipped = node.level if isinstance(node, n.Header) else 0
                new.append((None, True))
                continue
            if isinstance(node, n.Header) and not chosen and self._chooses(node):
                chosen = node.level
            self.chosen = outer or bool(chosen) or self._chooses(node)
            pruned = self._block(node)
            new.append((pruned, pruned is None))
            self.chosen = outer
        return _without_lonely(new)

    def inlines(self, old: Any) -> Any:
        """A sequence of inlines without the excluded ones and the spaces that they leave double."""
        new: list[Any] = []
        dropped = False
        for node in old:
            kept = n.descend(node, self.sequence) if self._kept(node) else None
            if kept is None or (_is_hollow(kept) and not _is_hollow(node)):
                dropped = True
                continue
            if dropped:
                kept = _closing_up(new, kept)
                dropped = kept is None or isinstance(kept, n.Space | n.SoftBreak)
            if kept is not None:
                new.append(kept)
        while len(new) < len(old) and new and isinstance(new[-1], n.Space | n.SoftBreak):
            new.pop()
        return tuple(new)

    # ------------------------------------------------------------------ blocks

    def _block(self, node: Any) -> Any:
        """A block without what is excluded in it; None if that leaves nothing."""
        match node:
            case n.Header():
                return n.descend(node, self.sequence)
            case n.BulletList(c=items):
                return self._list(node, items, n.BulletList)
            case n.OrderedList(c=(style, items)):
                return self._list(node, items, lambda kept: n.OrderedList((style, kept)))
            case n.DefinitionList(c=entries):
                kept = tuple(entry for old in entries if (entry := self._entry(old)))
                return n.DefinitionList(kept) if kept or not entries else None
            case n.Div():
                return self._unless_emptied(node)
            case _ if not self.chosen:
                return None
            case n.Table():
                return self._table(node)
            case n.Figure(c=(attr, caption, blocks)):
                inner = self.blocks(blocks)
                gone = blocks and not n.plain(inner) and not _has_image(inner)
                kept_caption = n.descend(caption, self.sequence)
                return None if gone else n.Figure((attr, kept_caption, inner))
            case _:
                return self._unless_emptied(node)

    def _unless_emptied(self, node: Any) -> Any:
        pruned = n.descend(node, self.sequence)
        return None if _is_empty(pruned) and not _is_empty(node) else pruned

    def _list(self, node: Any, items: Any, made: Callable[[Any], Any]) -> Any:
        kept = [(self.blocks(item) if item else item, item) for item in items]
        left = tuple(new for new, old in kept if new or not old)
        return made(left) if left or not items else None

    def _entry(self, entry: Any) -> Any:
        """A term and its definitions; nothing if pruning left nothing of either."""
        term, definitions = entry
        kept_term = self.inlines(term) if term else term
        kept = [(self.blocks(one) if one else one, one) for one in definitions]
        left = tuple(new for new, old in kept if new or not old)
        gone = (term and not kept_term) or (definitions and not left)
        return None if gone else (kept_term, left)

    def _table(self, table: n.Table) -> n.Table | None:
        attr, caption, columns, head, bodies, foot = table.c
        dropped = self._dropped_columns(head, bodies, len(columns))

        def rows(old: tuple[n.Row, ...]) -> tuple[n.Row, ...]:
            return tuple(self._row(row, dropped) for row in old if self._kept(row))

        new_head = n.TableHead(head.attr, rows(head.rows))
        new_foot = n.TableHead(foot.attr, rows(foot.rows))
        new_bodies = tuple(
            n.TableBody(b.attr, b.head_columns, rows(b.head), rows(b.rows)) for b in bodies
        )
        had, has = (any(b.rows for b in group) for group in (bodies, new_bodies))
        new_columns = tuple(c for index, c in enumerate(columns) if index not in dropped)
        if (had and not has) or not new_columns:
            return None
        kept_caption = n.descend(caption, self.sequence)
        return n.Table((attr, kept_caption, new_columns, new_head, new_bodies, new_foot))

    def _row(self, row: n.Row, dropped: frozenset[int]) -> n.Row:
        cells = (cell for index, cell in enumerate(row.cells) if index not in dropped)
        return n.Row(row.attr, tuple(n.descend(cell, self.sequence) for cell in cells))

    def _dropped_columns(
        self, head: n.TableHead, bodies: tuple[n.TableBody, ...], count: int
    ) -> frozenset[int]:
        """The columns whose heads are excluded, in a table whose rows have a cell for each."""
        rows = [*head.rows, *(row for body in bodies for row in (*body.head, *body.rows))]
        if any(len(row.cells) != count for row in rows):
            return frozenset()
        return frozenset(
            index for row in head.rows for index, cell in enumerate(row.cells)
            if not self._kept(cell)
        )  # fmt: skip


def _closing_up(before: list[Any], node: Any) -> Any:
    """What follows something left out, without the space or comma that was that one's."""
    space = isinstance(node, n.Space | n.SoftBreak)
    spaced = bool(before) and isinstance(before[-1], n.Space | n.SoftBreak)
    if space and (spaced or not before):
        return None
    if not isinstance(node, n.Str):
        return node
    text = node.c
    if spaced and text[:1] in ".,;:!?)]”’":
        before.pop()
    last = n.plain(tuple(before[-1:]))[-1:]
    if text[:1] in ",;" and (not last or last in ",;(["):
        text = text[1:]
    elif last + text[:1] in PAIRS:
        before[-1:] = [n.Str(before[-1].c[:-1])] if len(before[-1].c) > 1 else []
        text = text[1:]
        if before and isinstance(before[-1], n.Space | n.SoftBreak):
            before.pop()
    return n.Str(text) if text else None


def _has_image(nodes: object) -> bool:
    return any(isinstance(node, n.Image | n.RawInline) for node in n.walk(nodes))


def _is_hollow(node: Any) -> bool:
    """Whether pruning left nothing in an inline."""
    if isinstance(node, n.Str | n.Space | n.SoftBreak):
        return False
    match node:
        case n.Note(c=blocks):
            return not blocks
        case n.Quoted(c=(_, inlines)) | n.Span(c=(_, inlines)) | n.Link(c=(_, inlines, _)):
            return not inlines
        case n.Cite() | n.Image():
            return False
        case _:
            return hasattr(node, "inlines") and not node.inlines


def _is_empty(node: Any) -> bool:
    """Whether pruning left nothing of a block."""
    match node:
        case n.Para() | n.Plain() | n.BlockQuote():
            return not node.c
        case n.Div(c=(_, blocks)):
            return not blocks
        case n.LineBlock(c=lines):
            return not any(lines)
        case _:
            return False


def _without_lonely(items: list[tuple[Any, bool]]) -> n.Blocks:
    """Drop headings whose sections held something, all of which was excluded."""
    kept: list[Any] = []
    for index, (node, _) in enumerate(items):
        if node is None:
            continue
        if isinstance(node, n.Header):
            section = _section(items, index, node.level)
            gone = any(excluded for _, excluded in section)
            if gone and not any(_is_text(other) for other, _ in section):
                continue
        kept.append(node)
    return tuple(kept)


def _section(items: list[tuple[Any, bool]], start: int, level: int) -> list[tuple[Any, bool]]:
    end = start + 1
    while end < len(items):
        node = items[end][0]
        if isinstance(node, n.Header) and node.level <= level:
            break
        end += 1
    return items[start + 1 : end]


def _is_text(node: Any) -> bool:
    return node is not None and not isinstance(node, n.Header)
