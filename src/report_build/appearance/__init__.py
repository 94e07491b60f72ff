"""What do finished files look like, and is that what the theme says?

Each kind of text has a role in the theme. Where it stands in a PDF (the path of its structure
elements), in Word (its style) and on a page (a CSS selector) is written here once; readers say how
each piece of it looks there, and what differs from the theme by half a point or any colour is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache

from report_build.theme import Theme

PAPER, WORD, OFFICE, SCREEN, DARK = "PDF", "Word", "Word in LibreOffice", "HTML", "HTML, dark"
MEDIA = (PAPER, WORD, OFFICE, SCREEN, DARK)
HALF_A_POINT = 0.5


@dataclass(frozen=True)
class Look:
    """How a piece of text looks. Lengths are points; what a medium cannot say is None."""

    family: str
    size: float
    weight: int
    italic: bool
    color: str
    before: float | None = None
    after: float | None = None
    align: str | None = None


@dataclass(frozen=True)
class Seen:
    """A piece of text of one role, and how it looks."""

    role: str
    look: Look
    words: str = ""


@dataclass(frozen=True)
class Where:
    """Where a role stands: path in a PDF's structure, styles of Word, CSS selector of a page."""

    paper: str = ""
    styles: tuple[str, ...] = ()
    screen: str = ""
    spaces: bool = True
    """Whether its space before and after is everywhere that of the theme."""
    own_size: bool = False
    """Whether screens have another size of it, since it stands elsewhere there."""
    moved: bool = False
    """Whether the space before it is another one below a heading or a table."""
    only: tuple[str, ...] = ()
    """What alone is its own; all else is that of the text around it."""
    words: str = ".*"
    """What its text is like, where other text stands at the same place in a PDF."""


LETTERS = ("family", "size", "weight", "italic", "color")
PART = r"/Part(/Sect)?"
ROLES: Mapping[str, Where] = {
    "cover-title": Where(r"/Sect/Div/H1", ("Title",), ".cover h1", spaces=False),
    "cover-subtitle": Where("", ("Subtitle",), ".cover-subtitle", spaces=False),
    "cover-marking": Where("", ("Cover Marking",), ".cover-marking", spaces=False),
    "cover-edition": Where("", ("Cover Edition",), ".cover-edition", False, own_size=True),
    "cover-publisher": Where("", ("Cover Publisher",), spaces=False),
    "contents-title": Where(r"/Sect/H2", ("TOC Heading",), spaces=False),
    "contents-1": Where(r"/Sect/TOC/TOCI", ("toc 1",), ".contents-1 > a", False, own_size=True),
    "contents-2": Where(
        r"/Sect(/TOC/TOCI/NonStruct){1}/TOC/TOCI", ("toc 2",), ".contents-2 > a", False, True
    ),
    "contents-3": Where(
        r"/Sect(/TOC/TOCI/NonStruct){2}/TOC/TOCI", ("toc 3",), ".contents-3 > a", False, True
    ),
    "heading-1": Where(f"{PART}/H2", ("heading 1",), "main > .heading > h2", spaces=False),
    "heading-2": Where(f"{PART}/H3", ("heading 2",), "main > .heading > h3", moved=True),
    "heading-3": Where(f"{PART}/H4", ("heading 3",), "main > .heading > h4", moved=True),
    "heading-4": Where(f"{PART}/H5", ("heading 4",), "main > .heading > h5", moved=True),
    "heading-number": Where(
        rf"{PART}/H[3-5]/Span/Span",
        ("Heading Number",),
        "main h3 > .header-section-number",
        only=("color",),
        words=r"[\dA-Z]+(\.\w+)*",
    ),
    "body": Where(rf"{PART}/P", ("Body Text",), "main > p + p:not(:last-child)", moved=True),
    "first-paragraph": Where(
        "", ("First Paragraph",), "main > .heading + p:not(:last-child)", moved=True
    ),
    "quotation": Where(rf"{PART}/BlockQuote/P", ("Block Text",), "main > blockquote", False),
    "callout-title": Where("", ("Callout Title",), ".editors-note .callout-title p", False),
    "table-header": Where(r".*/TR/TH", ("Table Header",), "main table th", only=LETTERS),
    "table": Where(r".*/TR/TD", ("Table Text",), "main table td", only=LETTERS),
    "caption": Where(
        r".*/Caption", ("Table Caption", "Image Caption"), "main caption, main figcaption", False
    ),
    "footnote": Where(r".*/Note", ("footnote text",), spaces=False),
    "link": Where(
        r".*/(P|TD|Note)(/.*)?/Link",
        ("Cross Reference", "Hyperlink"),
        "main p a.ref",
        False,
        only=("color",),
        words=r"(?!\d+$).*",  # not the call of a note
    ),
    "running-head": Where("", ("header",), spaces=False),
    "page-number": Where("", ("footer",), only=LETTERS),  # a tab sets it to the right in Word
    "marking": Where("", ("Marking",), ".end .marking", spaces=False, own_size=True),
}
"""Roles by their names; one that a file has no place for is not looked for in it."""
IN_MARGINS = ("running-head", "page-number", "marking")
"""Roles of what stands in the margins of pages, where no structure element tells them apart."""


def due(theme: Theme, role: str, medium: str) -> Look:
    """How a role should look in a medium."""
    kind = theme.roles["body" if role == "link" else role]
    if role == "link":
        kind = replace(kind, ink=theme.link, color=theme.colors[theme.link])
    color = theme.dark[kind.ink] if medium == DARK else kind.color
    look = Look(kind.family, kind.size, kind.weight, kind.italic, color)
    if medium in (PAPER, OFFICE):
        return look
    spaces = kind.space_before, kind.space_after
    return replace(look, before=spaces[0], after=spaces[1], align=kind.align)


def differences(theme: Theme, seen: Iterable[Seen], medium: str) -> Iterator[tuple[str, str]]:
    """The role, and in words what is not as it should be; each kind of difference once."""
    pieces = list(seen)
    right = {one.role for one in pieces if not _apart(theme, one, medium)}
    told = set()
    for piece in pieces:
        apart = _apart(theme, piece, medium)
        emphasis = piece.role in right and _is_emphasis(theme, piece, medium, apart)
        if apart and not emphasis and (piece.role, apart) not in told:
            told.add((piece.role, apart))
            yield piece.role, f"{', '.join(x for _, x in apart)} (“{piece.words[:40]}”)"


def _is_emphasis(
    theme: Theme, piece: Seen, medium: str, apart: tuple[tuple[str, str], ...]
) -> bool:
    """Whether it differs only as a text does that its author stresses."""
    wanted, look = due(theme, piece.role, medium), piece.look
    more = look.italic >= wanted.italic and look.weight >= wanted.weight
    return more and {name for name, _ in apart} <= {"italic", "weight"}


def _apart(theme: Theme, piece: Seen, medium: str) -> tuple[tuple[str, str], ...]:
    """Which settings are not as they should be, and what is wrong with them."""
    where, wanted, look = ROLES[piece.role], due(theme, piece.role, medium), piece.look
    found = []
    for name in where.only or [field.name for field in fields(Look)]:
        should, does = getattr(wanted, name), getattr(look, name)
        spaced = name not in ("before", "after") or where.spaces
        sized = name != "size" or not where.own_size or medium not in (SCREEN, DARK)
        if None in (should, does) or not (spaced and sized) or (name == "before" and where.moved):
            continue
        if isinstance(should, float) and abs(should - does) > HALF_A_POINT:
            found.append((name, f"{name} is {does:g} pt, not {should:g} pt"))
        elif not isinstance(should, float) and should != does:
            found.append((name, f"{name} is {does}, not {should}"))
    return tuple(found)


def table(theme: Theme, seen: Mapping[str, list[Seen]]) -> Iterator[str]:
    """A line for each role: how it should look, and in how many pieces of each medium it does."""
    yield f"{'role':<17}{'as the theme has it':<58}" + "  ".join(seen)
    for role in ROLES:
        look = due(theme, role, PAPER)
        slant = " italic" if look.italic else ""
        words = f"{look.family} {look.size:g} pt {look.weight}{slant} {look.color}"
        counts = []
        for medium, pieces in seen.items():
            own = [piece for piece in pieces if piece.role == role]
            wrong = list(differences(theme, own, medium))
            said = "no" if wrong else str(len(own)) if own else "–"
            counts.append(said.rjust(len(medium)))
        yield f"{role:<17}{words:<58}" + "  ".join(counts)


@lru_cache
def placed() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Paths of structure elements, and their roles."""
    return tuple((re.compile(f"/Document{w.paper}"), r) for r, w in ROLES.items() if w.paper)


def role_of(path: str) -> str | None:
    """The role of what stands at a path of structure elements."""
    return next((role for pattern, role in placed() if pattern.fullmatch(path)), None)


@lru_cache
def styled() -> Mapping[str, str]:
    """Names of Word's styles, and their roles."""
    return {name: role for role, where in ROLES.items() for name in where.styles}
