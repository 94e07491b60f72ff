"""What will the readers of each edition see differently?

Two states of a master are checked; each edition is resolved as for a build, and the sequences of
what it says are compared, item by item and then word by word. An edition is compared with itself
alone, so that it tells nothing of what others get.
"""

from __future__ import annotations

import io
import re
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from report_build import nodes as n
from report_build.check import Checked
from report_build.diagnostics import MachineError
from report_build.document import Document
from report_build.labels import Labels
from report_build.proofs.content import Item, Medium, expected
from report_build.resolve import resolve

ALIKE = 0.4
"""From this share of common words on, an item is told as changed, not as replaced."""
SAME, LESS, MORE = "same", "deleted", "inserted"


@dataclass(frozen=True)
class Run:
    """Words that are the same, deleted or inserted."""

    kind: str
    text: str


@dataclass(frozen=True)
class Change:
    """An item that an edition shows differently."""

    kind: str
    """changed, added or removed."""
    item: str
    """What it is: heading 2, paragraph, table cell …"""
    id: str
    """The nearest id before it."""
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class EditionChanges:
    """What is different in an edition; `state` is changed, same, new or gone."""

    master: str
    edition: str
    name: str
    state: str
    changes: tuple[Change, ...]


def changes(
    old: Checked | None, new: Checked | None, labels: Callable[[str], Labels]
) -> Iterator[EditionChanges]:
    """All editions of either state; `labels` gives the words of a language."""
    before, after = _editions(old), _editions(new)
    for name in dict.fromkeys((*after, *before)):
        one, other = before.get(name), after.get(name)
        document = other or one
        assert document and document.edition
        found = tuple(_compared(_said(one, labels), _said(other, labels)))
        state = "new" if one is None else "gone" if other is None else "changed"
        if state == "changed" and not found:
            state = "same"
        told = found if state == "changed" else ()
        yield EditionChanges(document.name, name, document.edition.name, state, told)


def _editions(checked: Checked | None) -> dict[str, Document]:
    documents = checked.editions if checked else ()
    return {d.edition.id: d for d in documents if d.edition}


def _said(document: Document | None, labels: Callable[[str], Labels]) -> tuple[Item, ...]:
    """All that an edition says: its title page, its text, its notes."""
    if document is None:
        return ()
    shown = resolve(document, labels(document.lang)).document
    top = (("title", shown.title), ("subtitle", shown.subtitle), ("marking", shown.marking))
    first = tuple(Item(kind, text) for kind, text in top if text)
    charts = tuple(_charts(shown))
    return (*first, *expected(shown, Medium()), *charts)


def _charts(document: Document) -> Iterator[Item]:
    """The quantities behind the charts, which are drawn and not written."""
    for node in n.walk(document.blocks):
        attr = getattr(node, "attr", n.NO_ATTR)
        if "chart" in attr.classes:
            for name in attr.get("figures").split():
                if quantity := document.front.figures.get(name):
                    yield Item("bar of a chart", f"{quantity.label}: {quantity.value}", attr.id)


def _compared(old: Sequence[Item], new: Sequence[Item]) -> Iterator[Change]:
    before, after = ([(item.kind, item.text) for item in side] for side in (old, new))
    for how, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if how != "equal":
            yield from _paired(old[a:b], new[c:d])


def _paired(old: Sequence[Item], new: Sequence[Item]) -> Iterator[Change]:
    """Items of a stretch that differs: those alike are changed, the others removed or added."""
    rest = list(old)
    for item in new:
        partner = next((one for one in rest if one.kind == item.kind and _alike(one, item)), None)
        if partner is None:
            yield Change("added", item.kind, item.id, (Run(MORE, item.text),))
            continue
        for gone in rest[: rest.index(partner)]:
            yield _removed(gone)
        rest = rest[rest.index(partner) + 1 :]
        yield Change("changed", item.kind, item.id, tuple(runs(partner.text, item.text)))
    for gone in rest:
        yield _removed(gone)


def _removed(item: Item) -> Change:
    return Change("removed", item.kind, item.id, (Run(LESS, item.text),))


def _alike(one: Item, other: Item) -> bool:
    """Whether an item has become another: a heading by its id, other items by their words."""
    before, after = one.text.split(), other.text.split()
    if one.kind.startswith("heading") or len(before) < 3:
        return one.id == other.id
    return SequenceMatcher(None, before, after, autojunk=False).ratio() >= ALIKE


def runs(old: str, new: str) -> Iterator[Run]:
    """Two texts as one, word by word."""
    before, after = (re.findall(r"\S+\s*", text) for text in (old, new))
    for how, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if how == "equal":
            yield Run(SAME, "".join(after[c:d]))
            continue
        if a < b:
            yield Run(LESS, "".join(before[a:b]))
        if c < d:
            yield Run(MORE, "".join(after[c:d]))


# ------------------------------------------------------------------------------- in words


def as_text(found: Sequence[EditionChanges]) -> str:
    """For a terminal: `[-deleted-]` and `{+inserted+}`, as `git diff --word-diff` writes them."""
    return "\n\n".join("\n".join(_lines(one)) for one in found)


def _lines(one: EditionChanges) -> Iterator[str]:
    said = {"same": "nothing changes", "new": "a new edition", "gone": "no longer made"}
    count = len(one.changes)
    summary = said.get(one.state) or f"{count} change" + ("s" if count != 1 else "")
    yield f"{one.master} {one.edition}" + (f" ({one.name})" if one.name else "") + f": {summary}"
    for change in one.changes:
        where = f" in {change.id}" if change.id else ""
        yield f"  {change.item}{where}, {change.kind}:"
        yield "    " + "".join(_marked(run) for run in change.runs).strip()


def _marked(run: Run) -> str:
    text, space = run.text.rstrip(), run.text[len(run.text.rstrip()) :]
    marks = {LESS: ("[-", "-]"), MORE: ("{+", "+}"), SAME: ("", "")}[run.kind]
    return f"{marks[0]}{text}{marks[1]}{space}"


def as_json(found: Sequence[EditionChanges]) -> list[dict[str, Any]]:
    """The same for programs."""
    return [asdict(one) for one in found]


# ------------------------------------------------------------------------------ two states


@contextmanager
def revision(name: str, project: Path) -> Iterator[Path]:
    """A folder with the project as it was at a git revision, for as long as it is needed."""
    command = ["git", "-C", str(project), "archive", "--format=zip", "--end-of-options", name, "."]
    try:
        done = subprocess.run(command, capture_output=True, check=False)
    except FileNotFoundError:
        raise MachineError("git is missing", "apt-get install git") from None
    if done.returncode:
        why = done.stderr.decode(errors="replace").strip().splitlines() or ["git failed"]
        raise MachineError(f"“{name}” is neither a file nor a revision: {why[-1]}")
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(io.BytesIO(done.stdout)) as archive:
            archive.extractall(folder)
        yield Path(folder)
