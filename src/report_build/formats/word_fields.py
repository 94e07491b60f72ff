"""Which names and fields do Word's references need?

A field is written with its result in it, so that nothing has to be updated: readers without
fields (previews, converters) show the same text, and updating changes none of it.
ECMA-376 part 1: 17.16.5 (field definitions), 17.13.6 (bookmarks).
"""

from __future__ import annotations

import hashlib
import re

from report_build.formats.word_xml import quoted, run, text

LONGEST = 40
"""Characters that Word reads of a bookmark's name."""
PLAIN = re.compile(r"[a-z][a-z0-9-]*")


def bookmark_name(identifier: str) -> str:
    """The bookmark of an id: letters, digits and underscores, no two ids the same.

    Word does not tell capitals from small letters in it, so that ids with capitals get a
    suffix, as do those that are too long or hold other characters.
    """
    if PLAIN.fullmatch(identifier) and len(identifier) <= LONGEST:
        return identifier.replace("-", "_")
    digest = hashlib.sha256(identifier.encode()).hexdigest()[:10]
    stem = re.sub(r"[^a-z0-9]+", "_", identifier.lower()).strip("_")
    if not stem[:1].isalpha():
        stem = f"id_{stem}"
    return f"{stem[: LONGEST - 11]}_{digest}"


def bookmark(name: str, content: str) -> str:
    """Content with a bookmark around it; the numbers of bookmarks are given when all are there."""
    return bookmark_start(name) + content + bookmark_end(name)


def bookmark_start(name: str) -> str:
    """Where a bookmark begins."""
    return f'<w:bookmarkStart w:id="{name}" w:name="{name}"/>'


def bookmark_end(name: str) -> str:
    """Where a bookmark ends."""
    return f'<w:bookmarkEnd w:id="{name}"/>'


def field(instruction: str, result: str, style: str = "") -> str:
    """A field with its result."""
    code = f'<w:instrText xml:space="preserve"> {instruction} </w:instrText>'
    return (
        run('<w:fldChar w:fldCharType="begin"/>', style)
        + run(code, style)
        + run('<w:fldChar w:fldCharType="separate"/>', style)
        + run(text(result), style)
        + run('<w:fldChar w:fldCharType="end"/>', style)
    )


def number_of(name: str, result: str, style: str = "") -> str:
    """The number that stands in a bookmark; it looks like the words around it."""
    return field(f"REF {name} \\h \\* MERGEFORMAT", result, style)


def page_of(name: str, result: str, style: str = "") -> str:
    """The page that a bookmark is on."""
    return field(f"PAGEREF {name} \\h", result, style)


def sequence(kind: str, number: str, before: int, style: str = "") -> str:
    """The number of a caption; it starts anew where the one before is not one less."""
    if not number.isdecimal():
        return run(text(number), style)
    anew = "" if int(number) == before + 1 else f" \\r {number}"
    return field(f"SEQ {kind} \\* ARABIC{anew}", number, style)


def same_note(name: str, number: str) -> str:
    """The mark of a footnote that was called before."""
    return field(f"NOTEREF {name} \\f \\h", number, "FootnoteReference")


def note_number(name: str, result: str, style: str = "") -> str:
    """The number of a footnote in words that refer to it."""
    return field(f"NOTEREF {name} \\h", result, style)


def item_number(name: str, result: str, style: str = "") -> str:
    """The number of an item of a list."""
    return field(f"REF {name} \\r \\h", result, style)


def hyperlink_start(name: str, tip: str = "") -> str:
    """Where a link to a bookmark begins."""
    hint = f" w:tooltip={quoted(tip)}" if tip else ""
    return f'<w:hyperlink w:anchor="{name}"{hint} w:history="1">'
