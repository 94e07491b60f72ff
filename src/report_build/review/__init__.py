"""How do the changes of reviewers come from their Word files into the master?

`revisions` reads a file, `places` finds where in the master its words are. What cannot be made by
itself, and comments, become remarks beside the master, which `check` lists until they are settled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from report_build import atomic
from report_build import nodes as n
from report_build.check import Checked
from report_build.diagnostics import MachineError, did_you_mean
from report_build.document import Document
from report_build.importing.written import FORM
from report_build.pandoc import Pandoc
from report_build.remarks import Remark
from report_build.review import places, revisions
from report_build.review.places import Edit, Placed
from report_build.review.revisions import Change, Comment

AROUND = 36
"""Characters shown on both sides of a change."""
NEAR, LONGEST = 3, 16
"""Words on both sides of what a remark is about, and in all."""


@dataclass(frozen=True)
class Item:
    """A change or a comment of a reviewer, and where it belongs."""

    file: str
    kind: str
    author: str
    date: str
    shown: str
    """The words around it, with `[-old-]` and `{+new+}`."""
    about: str
    says: str
    where: str = ""
    edit: Edit | None = None
    why_not: str = ""

    @property
    def remark(self) -> Remark:
        """What is kept of it if it is not made."""
        return Remark(self.kind, self.author, self.date, self.file, self.about, self.says)


def review(
    files: Sequence[Path],
    masters: Sequence[Checked],
    pandoc: Pandoc,
    named: Callable[[Document], str],
    edition: str = "",
) -> Iterator[tuple[Path, Checked, Document, tuple[Item, ...]]]:
    """For each file: the master and the edition that it is of, and all that was said in it.

    `named` tells what stands on the cover of an edition.
    """
    for path in files:
        paragraphs = revisions.read(path)
        found = (
            _named(edition, masters) if edition else places.edition_of(paragraphs, masters, named)
        )
        if not found:
            raise MachineError(
                f"{path.name} is like no edition of the masters here", "name it with --edition"
            )
        checked, document = found
        items = tuple(
            item
            for one in map(places.untracked, places.placed(paragraphs, document))
            for item in _items(path.name, one, document, pandoc)
        )
        yield path, checked, document, items


def _named(edition: str, masters: Sequence[Checked]) -> tuple[Checked, Document]:
    known = {d.edition.id: (one, d) for one in masters for d in one.editions if d.edition}
    if edition not in known:
        raise MachineError(f"no edition “{edition}”; {did_you_mean(edition, known)}".rstrip("; "))
    return known[edition]


def _items(file: str, one: Placed, document: Document, pandoc: Pandoc) -> Iterator[Item]:
    for change in one.paragraph.changes:
        if places.is_made(change, one):
            continue
        made = places.edit(change, one, document.source, _markdown(change.new, pandoc))
        edit, why = (made, "") if isinstance(made, Edit) else (None, made)
        about = _about(one, change.start, change.start + len(change.old))
        says = f"“{change.old.strip()}” → “{change.new.strip()}”"
        yield Item(file, "change", change.author, change.date, _shown(one.paragraph.text, change),
                   about, says, _where(one, change.start, document), edit, why)  # fmt: skip
    for comment in one.paragraph.comments:
        yield _comment(file, one, comment, document)


def _comment(file: str, one: Placed, comment: Comment, document: Document) -> Item:
    about = _about(one, comment.start, comment.end)
    return Item(file, "comment", comment.author, comment.date, comment.says, about, comment.says,
                _where(one, comment.start, document))  # fmt: skip


def _markdown(text: str, pandoc: Pandoc) -> str:
    """Words as Markdown has to be written to mean them, with the space around them."""
    core = text.strip()
    if not core:
        return " " * bool(text)
    written = pandoc.write((n.Plain(n.text(" ".join(core.split()))),), FORM).decode()
    left, right = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return " " * bool(left) + " ".join(written.split()) + " " * bool(right)


def _shown(text: str, change: Change) -> str:
    end = change.start + len(change.old)
    before, after = text[max(0, change.start - AROUND) : change.start], text[end : end + AROUND]
    old = f"[-{change.old}-]" if change.old else ""
    new = f"{{+{change.new}+}}" if change.new else ""
    return " ".join(f"{before}{old}{new}{after}".split())


def _about(one: Placed, start: int, end: int) -> str:
    """Words of the master at which a remark stands."""
    text = one.paragraph.text
    if not text.strip() and one.before:  # a new paragraph stands after another
        return " ".join(one.before.text.split()[-NEAR * 2 :])
    before, inside, after = text[:start].split(" "), text[start:end], text[end:].split(" ")
    words = f"{' '.join(before[-NEAR:])}{inside}{' '.join(after[:NEAR])}".split()
    return " ".join(words[:LONGEST])


def _where(one: Placed, start: int, document: Document) -> str:
    text = one.prose or one.before
    if not text:
        return document.source.path
    last = max(0, len(text.text) - 1)
    at = min(start, last) if one.prose else last
    place = document.place(text.at(at, at + 1))
    return f"{place.file}:{place.line}:{place.column}{'' if one.prose else ' (after it)'}"


# ------------------------------------------------------------------------------ applying


def without_conflicts(items: Sequence[Item]) -> tuple[list[Item], list[Item]]:
    """Changes that can be made together, and those that another reviewer's stand in the way of."""
    edits = [item for item in items if item.edit]
    bad: set[int] = set()
    for index, one in enumerate(edits):
        for other in edits[index + 1 :]:
            if _overlap(one, other):
                bad |= {id(one), id(other)}
    same: dict[Edit, Item] = {}
    good = []
    for item in edits:
        assert item.edit
        if id(item) not in bad and item.edit not in same:
            same[item.edit] = item
            good.append(item)
    return good, [item for item in edits if id(item) in bad]


def _overlap(one: Item, other: Item) -> bool:
    a, b = one.edit, other.edit
    if not a or not b or a.file != b.file or a == b:
        return False
    if a.start == a.end and b.start == b.end:
        return a.start == b.start
    return a.start < b.end and b.start < a.end


def apply(items: Iterable[Item], project: Path) -> tuple[str, ...]:
    """Make changes in the files of the masters; gives the files. Line ends stay as they are."""
    by_file: dict[str, list[Edit]] = {}
    for item in items:
        assert item.edit
        by_file.setdefault(item.edit.file, []).append(item.edit)
    for name, edits in by_file.items():
        path = project / name
        raw = path.read_bytes().decode("utf-8")
        mark = "\ufeff" if raw.startswith("\ufeff") else ""
        windows = "\r\n" in raw
        text = raw.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        for one in sorted(edits, key=lambda edit: edit.start, reverse=True):
            text = text[: one.start] + one.new + text[one.end :]
        atomic.write(path, (mark + (text.replace("\n", "\r\n") if windows else text)).encode())
    return tuple(sorted(by_file))
