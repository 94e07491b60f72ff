"""What did reviewers change and say in a Word file?

ECMA-376 part 1: 17.13.5 (revisions), 17.13.4 (comments). Text is taken as it was before the changes,
and each change with its place in that.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from report_build.diagnostics import MachineError
from report_build.formats.word_names import paragraph_name
from report_build.formats.word_xml import Element, every, local, parse, q

LARGEST = 200_000_000
"""Bytes of all parts of a file together."""
PARTS = {"document": "word/document.xml", "footnotes": "word/footnotes.xml"}
YEAR = re.compile(r"[12]\d{3}-")
OLD, NEW = ("del", "moveFrom"), ("ins", "moveTo")


@dataclass(frozen=True)
class Change:
    """A stretch of the old text of a paragraph that a reviewer replaces by another."""

    start: int
    old: str
    new: str
    author: str = ""
    date: str = ""


@dataclass(frozen=True)
class Comment:
    """What a reviewer says of a stretch of the old text."""

    start: int
    end: int
    says: str
    author: str = ""
    date: str = ""


@dataclass
class Paragraph:
    """A paragraph of the file that came back."""

    text: str = ""
    """As it was before the changes."""
    changes: list[Change] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    whole: str = ""
    """“inserted” or “deleted”, if that was done with all of it."""
    is_as_sent: bool | None = None
    """Whether its text is what went out; none if that cannot be told."""


def read(path: Path) -> list[Paragraph]:
    """The paragraphs of a Word file, those of notes, too."""
    parts = _parts(path)
    said = _comments(parts.get("word/comments.xml"))
    found: list[Paragraph] = []
    for name, file in PARTS.items():
        if file in parts:
            root = parse(parts[file])
            made = [_paragraph(one, said) for one in every(root, "w:p")]
            _as_sent(made, [one.get(q("w14:paraId")) for one in every(root, "w:p")], name)
            found += made
    return found


def _parts(path: Path) -> dict[str, bytes]:
    wanted = {*PARTS.values(), "word/comments.xml"}
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(info.file_size for info in archive.infolist()) > LARGEST:
                raise MachineError(f"{path} is larger than any report")
            return {name: archive.read(name) for name in archive.namelist() if name in wanted}
    except FileNotFoundError:
        raise MachineError(f"there is no file {path}") from None
    except (OSError, zipfile.BadZipFile) as error:
        raise MachineError(f"{path} is no Word file (.docx)") from error


def _comments(content: bytes | None) -> dict[str, Comment]:
    found = {}
    for one in every(parse(content), "w:comment") if content else ():
        says = " ".join("".join(t.text or "" for t in p.iter(q("w:t"))) for p in one.iter(q("w:p")))
        found[one.get(q("w:id"))] = Comment(0, 0, says.strip(), *_who(one))
    return found


def _who(node: Element) -> tuple[str, str]:
    date = node.get(q("w:date")) or ""
    return node.get(q("w:author")) or "", date if YEAR.match(date) else ""


def _paragraph(paragraph: Element, said: dict[str, Comment]) -> Paragraph:
    made = Paragraph()
    open_comments: dict[str, int] = {}
    pending: list[tuple[str, str, tuple[str, str]]] = []
    text = ""

    def end() -> None:
        nonlocal pending
        if pending:
            old = "".join(words for kind, words, _ in pending if kind == "old")
            new = "".join(words for kind, words, _ in pending if kind == "new")
            made.changes.append(Change(len(text) - len(old), old, new, *pending[-1][2]))
            pending = []

    for node in paragraph.iter():
        name = local(node) if isinstance(node.tag, str) else ""
        if name in ("commentRangeStart", "commentRangeEnd", "commentReference"):
            key = node.get(q("w:id"))
            if name == "commentRangeStart":
                open_comments[key] = len(text)
            elif key in said and (name == "commentRangeEnd" or key not in open_comments):
                one = said.pop(key)  # a comment without a stretch stands where it is called
                start = open_comments.pop(key, 0 if name == "commentRangeEnd" else len(text))
                made.comments.append(Comment(start, len(text), one.says, one.author, one.date))
            continue
        if name not in ("t", "delText", "tab", "br", "noBreakHyphen"):
            continue
        words = (
            (node.text or "")
            if name in ("t", "delText")
            else "-"
            if name == "noBreakHyphen"
            else " "
        )
        kind, who = _status(node, paragraph)
        if not kind or not words:
            continue
        if kind == "kept":
            end()
            text += words
            continue
        if pending and pending[-1][2][0] != who[0]:
            end()
        pending.append((kind, words, who))
        text += words if kind == "old" else ""
    end()
    made.text = text
    made.whole = _whole(paragraph, made)
    return made


def _status(node: Element, paragraph: Element) -> tuple[str, tuple[str, str]]:
    """Whether words are kept, old or new, and whose change that is; nothing if another's words."""
    found = "kept", ("", "")
    while node is not paragraph:
        name = local(node)
        if name in ("p", "Fallback", "pPr"):
            return "", ("", "")  # of a text box, or no words at all
        if name in OLD:
            found = "old", _who(node)
        elif name in NEW:
            found = "new", _who(node)
        node = node.getparent()
    return found


def _whole(paragraph: Element, made: Paragraph) -> str:
    """What was done with the paragraph's mark, if all of its text went with it."""
    mark = paragraph.find(f"{q('w:pPr')}/{q('w:rPr')}")
    names = {local(node) for node in mark} if mark is not None else set()
    if "ins" in names and not made.text.strip():
        return "inserted"
    gone = sum(len(one.old) for one in made.changes)
    return "deleted" if "del" in names and made.text.strip() and gone == len(made.text) else ""


def _as_sent(found: list[Paragraph], names: list[str | None], part: str) -> None:
    """Hold each paragraph's name against its text, if most names in the file are still ours."""
    count: Counter[str] = Counter()
    root = "document" if part == "document" else "footnotes"
    good = []
    for one, name in zip(found, names, strict=True):
        words = " ".join(one.text.split())
        count[words] += 1
        good.append(name == paragraph_name(words, count[words], root) if name else None)
    if sum(x is True for x in good) * 2 > len([x for x in good if x is not None]) > 0:
        for one, is_as_sent in zip(found, good, strict=True):
            one.is_as_sent = is_as_sent
