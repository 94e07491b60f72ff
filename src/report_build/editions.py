"""What belongs to an edition? `extract(master, edition)` gives a document again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from report_build import nodes as n
from report_build.audiences import Condition
from report_build.countries import country_name
from report_build.document import Document, Edition, condition
from report_build.frontmatter import FrontMatter
from report_build.parsing import slug

FULL = "full"


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
    tail = "" if lang == base else f".{lang}"
    return Edition(
        id=(audience or FULL) + tail,
        audience=audience,
        name=_name(front, audience, lang),
        lang=lang,
        formats=tuple(wanted.formats),
        numbering=wanted.numbering or front.numbering,
        on_filtered=wanted.on_filtered or front.on_filtered,
        title=wanted.title or front.title,
        subtitle=wanted.subtitle or front.subtitle or "",
        marking=wanted.marking or front.marking or "",
    )


def stem(master: str, lang: str, edition: Edition) -> str:
    """Where an edition goes in `out/`, without suffix: `proceedings/hnd/proceedings-honduras`.

    `lang` is the language that needs no tag: plain ASCII, one folder for each audience.
    """
    name = master if edition.is_full else f"{master}-{slug(edition.name)[:60]}"
    tag = "" if edition.lang == lang else f".{edition.lang}"
    return f"{master}/{edition.audience or FULL}/{name}{tag}"


def _name(front: FrontMatter, audience: str, lang: str) -> str:
    if not audience:
        return ""
    declared = front.audiences[audience]
    return country_name(declared.country, lang) if declared.country else declared.title


def extract(master: Document, edition: Edition) -> Document:
    """The master without what the edition does not get, and without what that leaves empty."""
    keep = _Keep(master.front, edition)
    return replace(master, blocks=keep.blocks(master.blocks), edition=edition, master=master)


def for_format(document: Document, form: str) -> Document:
    """The document without what `when-format`/`unless-format` keep from a format."""

    def change(node: Any) -> Any:
        attr = getattr(node, "attr", n.NO_ATTR)
        wanted, unwanted = attr.get("when-format"), attr.get("unless-format")
        hidden = "content-hidden" in attr.classes
        shown = (not wanted or form in wanted.split()) and form not in unwanted.split()
        return node if (shown != hidden or not (wanted or unwanted)) else ()

    return replace(document, blocks=n.rewrite(document.blocks, change))


def receives(edition: Edition, front: FrontMatter, when: Condition, reserved: str = "") -> bool:
    """Whether an edition gets what stands under a condition (`reserved`: its `only`)."""
    if edition.is_full:
        return not reserved
    names = frozenset({edition.audience, *front.groups_of(edition.audience)})
    return when.holds(names)


class _Keep:
    """Prunes a tree for one edition."""

    def __init__(self, front: FrontMatter, edition: Edition) -> None:
        self.front, self.edition = front, edition

    def _kept(self, node: Any) -> bool:
        attr = getattr(node, "attr", None)
        if not attr or not attr.pairs:
            return True
        own = condition(attr, self.front)
        return receives(self.edition, self.front, own, attr.get("only"))

    def blocks(self, old: Any) -> Any:
        """A sequence of blocks without the excluded ones, sections as a whole, none left lonely."""
        new: list[tuple[Any, bool]] = []
        skipped = 0
        for node in old:
            if isinstance(node, n.Header) and skipped and node.level <= skipped:
                skipped = 0
            if skipped:
                continue
            if not self._kept(node):
                skipped = node.level if isinstance(node, n.Header) else 0
                new.append((None, True))
                continue
            pruned = n.descend(node, self.sequence)
            empty = pruned is not node and _is_empty(pruned)
            new.append((None if empty else pruned, empty))
        return _without_lonely(new)

    def inlines(self, old: Any) -> Any:
        """A sequence of inlines without the excluded ones and the spaces that they leave double."""
        new: list[Any] = []
        dropped = False
        for node in old:
            if not self._kept(node):
                dropped = True
                continue
            space = isinstance(node, n.Space | n.SoftBreak)
            if dropped and space and (not new or isinstance(new[-1], n.Space | n.SoftBreak)):
                continue
            if dropped and new and isinstance(new[-1], n.Space) and _closes(node):
                new.pop()
            dropped = dropped and space
            new.append(n.descend(node, self.sequence))
        while len(new) < len(old) and new and isinstance(new[-1], n.Space | n.SoftBreak):
            new.pop()
        return tuple(new)

    def sequence(self, old: Any) -> Any:
        """Whichever of the two it is."""
        return self.blocks(old) if isinstance(old[0], n.Block) else self.inlines(old)


def _closes(node: Any) -> bool:
    return isinstance(node, n.Str) and node.c[:1] in ".,;:!?)]”’"


def _is_empty(node: Any) -> bool:
    """Whether pruning left nothing of a block."""
    match node:
        case n.Para() | n.Plain() | n.BlockQuote():
            return not node.c
        case n.Div(c=(_, blocks)):
            return not blocks
        case n.BulletList(c=items) | n.OrderedList(c=(_, items)):
            return not any(items)
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
