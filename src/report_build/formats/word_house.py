"""How does a house's own Word file take the place of the theme's styles?

Each of our styles takes the look of the one that has its name there; those that the house lacks
keep the look that the theme gives them. Numbering, tabs, outline levels and page breaks stay ours,
since the text is built on them.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from report_build.diagnostics import ContentError, Diagnostic, Place, Severity
from report_build.formats.word_xml import ORDER, Element, element, local, parse, put, q
from report_build.settings import HOUSE

OURS = {"numPr", "outlineLvl", "tabs", "pageBreakBefore", "framePr", "sectPr", "rPr", "pStyle"}
"""Properties of paragraphs that a house does not decide."""
LIKE = {
    "first paragraph": "body text", "table caption": "caption", "image caption": "caption",
    "block text": "quote", "contents heading": "toc heading",
    **{f"heading {level} unlisted": f"heading {level}" for level in range(1, 10)},
}  # fmt: skip
"""Styles of ours that look like another one, if a house has only that."""
INDENTED = ("list", "toc", "table of figures")
"""What the names of styles begin with whose indents belong to our numbers and tabs."""


@dataclass(frozen=True)
class House:
    """What is taken from a house's file."""

    styles: Element
    theme: bytes
    """Its fonts and colours by name, which its styles may speak of."""


def read(content: bytes) -> House:
    """A house's Word file. `ContentError`: it is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            theme = next((x for x in names if x.startswith("word/theme/theme")), "")
            return House(
                parse(archive.read("word/styles.xml")), archive.read(theme) if theme else b""
            )
    except (zipfile.BadZipFile, KeyError, ValueError, SyntaxError) as error:
        place = Place(f"templates/{HOUSE}", 1, 1, 1, 1)
        message = f"it is no Word file: {error}"
        raise ContentError(
            [Diagnostic("template-error", Severity.ERROR, place, message)]
        ) from error


def lacking(styles: Element, house: House) -> tuple[str, ...]:
    """The names of our styles that a house has not."""
    theirs = _named(house.styles)
    ours = _named(styles).items()
    return tuple(_name(style) for key, style in ours if not _match(key, theirs))


def adopt(styles: Element, house: House) -> None:
    """Give our styles the looks of the house's."""
    ours, theirs = _named(styles), _named(house.styles)
    ids = {key: str(style.get(q("w:styleId"))) for key, style in ours.items()}
    by_id = {str(style.get(q("w:styleId"))): key for key, style in theirs.items()}
    needed: set[tuple[str, str]] = set()
    matched = {key: theirs[found] for key in ours if (found := _match(key, theirs))}
    for style in matched.values():
        needed.update(_ancestors(style, theirs, by_id))
    for key in sorted(needed - ours.keys()):  # what the house's styles are based on
        copy = element("w:style", type=key[0], customStyle=1, styleId=f"House{len(ids)}")
        copy.append(element("w:name", val=_name(theirs[key])))
        ids[key] = str(copy.get(q("w:styleId")))
        styles.append(copy)
        ours[key], matched[key] = copy, theirs[key]
    for key, style in matched.items():
        _take(ours[key], style, ids, by_id)
    defaults, their_defaults = (
        styles.find(q("w:docDefaults")),
        house.styles.find(q("w:docDefaults")),
    )
    if their_defaults is not None:
        _take_defaults(defaults, their_defaults)


Key = tuple[str, str]


def _match(key: Key, theirs: Mapping[Key, Element]) -> Key | None:
    """The house's style of this name, or of one that ours looks like."""
    other = (key[0], LIKE.get(key[1], ""))
    return next((one for one in (key, other) if one in theirs), None)


def _named(styles: Element) -> dict[Key, Element]:
    """Styles by their kind and name; Word does not tell capitals from small letters in these."""
    found = styles.iter(q("w:style"))
    return {(str(s.get(q("w:type"))), _name(s).casefold()): s for s in found}


def _name(style: Element) -> str:
    name = style.find(q("w:name"))
    return "" if name is None else str(name.get(q("w:val")))


def _base(style: Element, by_id: Mapping[str, Key]) -> Key | None:
    based = style.find(q("w:basedOn"))
    return None if based is None else by_id.get(str(based.get(q("w:val"))))


def _ancestors(
    style: Element, theirs: Mapping[Key, Element], by_id: Mapping[str, Key]
) -> Iterator[Key]:
    seen: set[Key] = set()
    key = _base(style, by_id)
    while key and key in theirs and key not in seen:
        seen.add(key)
        yield key
        key = _base(theirs[key], by_id)


def _take(ours: Element, theirs: Element, ids: Mapping[Key, str], by_id: Mapping[str, Key]) -> None:
    """One style's base and looks."""
    base = _base(theirs, by_id)
    old = ours.find(q("w:basedOn"))
    if old is not None:
        ours.remove(old)
    if base and base in ids:
        ours.insert(1, element("w:basedOn", val=ids[base]))
    indented = _name(ours).casefold().startswith(INDENTED)
    kept = OURS | {"ind"} if indented else OURS
    block = element("w:pPr")
    for source, wanted in ((ours, True), (theirs, False)):
        for child in source.find(q("w:pPr")) if source.find(q("w:pPr")) is not None else ():
            name = local(child)
            if name in ORDER["w:pPr"] and (name in kept) == wanted:
                put(block, _copy(child))
    letters = element("w:rPr")
    for child in theirs.find(q("w:rPr")) if theirs.find(q("w:rPr")) is not None else ():
        if local(child) in ORDER["w:rPr"] and local(child) != "rStyle":
            put(letters, _copy(child))
    for name, made in (("w:pPr", block), ("w:rPr", letters)):
        before = ours.find(q(name))
        if before is not None:
            ours.remove(before)
        if len(made):
            _insert(ours, made)


def _insert(style: Element, made: Element) -> None:
    """After the names of a style, before what it says of tables."""
    later = ("tblPr", "trPr", "tcPr", "tblStylePr", *(("rPr",) if local(made) == "pPr" else ()))
    index = sum(1 for child in style if local(child) not in later)
    style.insert(index, made)


def _take_defaults(ours: Element, theirs: Element) -> None:
    """The looks of text that no style speaks of; its language stays that of the edition."""
    lang = ours.find(f".//{q('w:lang')}")
    for name in ("rPr", "pPr"):
        holder, source = ours.find(q(f"w:{name}Default")), theirs.find(q(f"w:{name}Default"))
        found = source.find(q(f"w:{name}")) if source is not None else None
        if found is None:
            continue
        made = element(f"w:{name}")
        for child in found:
            if local(child) in ORDER[f"w:{name}"] and local(child) != "lang":
                put(made, _copy(child))
        if name == "rPr" and lang is not None:
            put(made, _copy(lang))
        holder[:] = [made]


def _copy(node: Element) -> Element:
    """A property with our prefixes and without what only newer versions of Word know."""
    prefix = q("w:x")[:-1]
    made = element(f"w:{local(node)}")
    for key, value in node.attrib.items():
        if key.startswith(prefix):
            made.set(key, value)
    made.extend(_copy(child) for child in node if isinstance(child.tag, str))
    return made
