"""In which order are files made, and which need not be made at all?"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from report_build import atomic, charts, images, plan, workshop
from report_build import nodes as n
from report_build.check import Checked
from report_build.compose import Surroundings, surroundings
from report_build.diagnostics import MachineError
from report_build.document import Document, Edition
from report_build.editions import FULL, for_format
from report_build.formats import FORMATS
from report_build.plan import Deliverable
from report_build.proofs import subject
from report_build.proofs.subject import Subject
from report_build.resolve import resolve
from report_build.settings import Settings
from report_build.source import Source
from report_build.store import Store
from report_build.timings import Trace
from report_build.workers import Workers
from report_build.workshop import Job, Made

Told = Callable[[str, float], None]


@dataclass(frozen=True)
class Wish:
    """What was asked for: editions and formats (none: all), and how."""

    editions: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    workers: int = 2
    dask: str = ""
    """The address of a Dask cluster whose workers are to make the files."""
    force: bool = False

    def wants(self, one: Deliverable) -> bool:
        """Whether a deliverable is asked for."""
        return (not self.editions or one.edition.id in self.editions) and (
            not self.formats or one.form in self.formats
        )


@dataclass(frozen=True)
class Ready:
    """An edition of a master, resolved and with its pictures, and what is to be proved of it."""

    document: Document
    around: Surroundings
    about: Subject
    blocks: tuple[str, ...]
    words: int


def prepare(checked: Checked, document: Document, settings: Settings) -> Ready:
    """An edition of a checked master, ready to be rendered in any format."""
    edition = document.edition
    assert edition and checked.front
    labels = workshop.words(settings, edition.lang)
    full = _full(checked)
    shown = images.shown(document, document.images)
    resolved = resolve(shown, labels, f"{full}.html" if full else "")
    around = surroundings(resolved, labels, full)
    settings = _own(settings, edition)
    theme, faces = workshop.look(settings)
    kept = Store(settings.cache / charts.KEPT)
    drawn = charts.drawn(
        resolved.document, labels, theme, faces[0].path.parent, kept, settings.limits
    )
    bare = replace(drawn, source=Source(document.source.path, ""), words={}, master=None, original=None,
                   others={}, images={}, shared={},
                   places=replace(document.places, source=Source("", ""), spans={}, keys={}))  # fmt: skip
    authored = tuple(
        anchor.id
        for anchor in document.anchors
        if anchor.authored and anchor.kind in ("section", "block")
    )
    return Ready(
        bare, around, subject(document, labels), authored, len(n.plain(document.blocks).split())
    )


def _own(settings: Settings, edition: Edition) -> Settings:
    """The settings of an edition that has templates of its own."""
    if not edition.templates:
        return settings
    home = (settings.trusted or settings.project).resolve()
    folder = (home / edition.templates).resolve()
    if not folder.is_dir() or not folder.is_relative_to(home):
        raise MachineError(f"edition “{edition.id}”: there is no folder {edition.templates}")
    return replace(settings, folders=(folder, *settings.folders))


def _full(checked: Checked) -> str:
    """The path of the full edition from an edition's folder, without suffix; "" if none is made."""
    for one in checked.deliverables:
        if one.edition.is_full:
            return f"../full/{PurePosixPath(one.path).stem}"
    return ""


class Prepared:
    """The editions of a master, made ready when asked for, once for all formats that show the same."""

    def __init__(self, checked: Checked, settings: Settings) -> None:
        self.checked, self.settings = checked, settings
        self.editions = {d.edition.id: d for d in checked.editions if d.edition}
        self.order = {name: number for number, name in enumerate(self.editions)}
        self._ready: dict[tuple[str, str], Ready] = {}

    def of(self, edition: str, form: str) -> Ready:
        """An edition as a format shows it."""
        whole = self.editions[edition]
        suited = for_format(whole, form)
        key = (edition, "" if suited is whole else form)
        if key not in self._ready:
            self._ready[key] = prepare(self.checked, suited, self.settings)
        return self._ready[key]

    @property
    def full(self) -> str:
        """The id of the full edition."""
        found = (name for name, d in self.editions.items() if d.edition and d.edition.is_full)
        return next(found, FULL)


COST = {"pdf": 4.0, "docx": 1.0, "html": 1.0, "epub": 1.0}
WHOLE = 4.0
"""How long a format takes as against others, and the full edition as against a handout."""


def costs(wanted: Iterable[Deliverable]) -> dict[str, float]:
    """About how long each file takes, by the name that it is told with."""
    return {
        _label(d.edition.id, d.form): COST[d.form] * (WHOLE if d.edition.is_full else 1.0)
        for d in wanted
    }


def _label(edition: str, form: str) -> str:
    return f"{edition} {FORMATS[form].label}"


LAST = "made-from.json"
"""In the cache: what each deliverable was made from when it was made last."""


def _last(cache: Path) -> dict[str, dict[str, dict[str, str]]]:
    try:
        found = json.loads((cache / LAST).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


class Workshop:
    """Has the files of a master made in the right order: what prints pages of another after that.

    `begin`, `advance` whenever something is finished, `take` that, and `end`.
    """

    def __init__(
        self, ready: Prepared, settings: Settings, workers: Workers | None, wish: Wish,
        told: Told, trace: Trace,
    ) -> None:  # fmt: skip
        self.ready, self.settings, self.workers = ready, settings, workers
        self.path = ready.checked.source.path
        self.everything = {(d.edition.id, d.form): d for d in ready.checked.deliverables}
        self.wanted = [d for d in self.everything.values() if wish.wants(d)]
        self.store = Store(settings.cache / "made", settings.shared)
        self.wish, self.told, self.trace = wish, told, trace
        self.full = ready.full
        self.made: dict[tuple[str, str], Made] = {}
        self.parts: dict[tuple[str, str], dict[str, str]] = {}
        self.pending = {(d.edition.id, d.form): d for d in self.wanted}
        self.running: set[tuple[str, str]] = set()
        self.keys: dict[tuple[str, str], str] = {}

    def needs(self, one: Deliverable) -> list[tuple[str, str]]:
        """The files whose page numbers a deliverable prints."""
        needed = []
        if one.form == "pdf" and not one.edition.is_full and self._elsewhere(one):
            needed.append((self.full, "pdf"))
        if FORMATS[one.form].needs_pages and "pdf" in one.edition.formats:
            needed.append((one.edition.id, "pdf"))
        return needed

    def _elsewhere(self, one: Deliverable) -> bool:
        """Whether an edition refers to the full one, which must be known only while it waits."""
        return bool(self.ready.of(one.edition.id, one.form).around.elsewhere)

    def begin(self) -> None:
        """Have all made that is needed by what is wanted, too."""
        todo = list(self.pending.values())
        while todo:
            one = todo.pop()
            if one.form == "pdf" and (self.full, "pdf") in self.pending:
                continue  # what it may need is wanted anyway, so that nobody need ask yet
            for name in self.needs(one):
                if name in self.everything and name not in self.pending:
                    self.pending[name] = self.everything[name]
                    todo.append(self.everything[name])

    def _order(self, name: tuple[str, str]) -> tuple[bool, int, bool]:
        edition, form = name
        return edition != self.full, self.ready.order[edition], form != "pdf"

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to be made or is being made."""
        return not (self.pending or self.running)

    def advance(self) -> None:
        """Hand on all that waits for nothing: an edition as soon as it is ready, its PDF first."""
        for name in sorted(self.pending, key=self._order):
            one = self.pending[name]
            needed = self.needs(one)
            if any(other in self.pending or other in self.running for other in needed):
                continue
            del self.pending[name]
            job = self._job(one)
            self.parts[name] = parts = self._parts(job)
            key = plan.key(parts)
            job = replace(job, identifier=plan.identifier(key))
            cached = None if self.wish.force else self._cached(key)
            if cached:
                self.made[name] = cached
            else:
                assert self.workers
                self.keys[name] = key
                self.running.add(name)
                self.workers.submit((self.path, *name), job)

    def end(self) -> None:
        """What each file was made from, to tell later what has changed."""
        good = [name for name, made in self.made.items() if not made.failures]
        last = _last(self.settings.cache)
        files = {**last.get("files", {}), **{
            "/".join(self.everything[name].id): self.parts[name] for name in good if name in self.parts
        }}  # fmt: skip
        made_with = {**last.get("made with", {}), **self._made_with()}
        used = {parts[plan.MADE_WITH] for parts in files.values()}
        known = {"files": files, "made with": {k: v for k, v in made_with.items() if k in used}}
        with suppress(OSError):  # then it is not known next time why a file is made
            atomic.write(self.settings.cache / LAST, json.dumps(known).encode())

    @staticmethod
    def _parts(job: Job) -> dict[str, str]:
        pages = (sorted(job.pages.items()), sorted(job.full_pages.items()))
        made_with = plan.key(workshop.ingredients(job.settings, job.form))
        return plan.parts(job.document, job.around, job.form, made_with, pages)

    def due(self) -> Iterator[tuple[Deliverable, tuple[str, ...]]]:
        """What would be made now, and why; what is kept from before counts as made."""
        last = _last(self.settings.cache)
        made_with = {**last.get("made with", {}), **self._made_with()}
        order = sorted(
            self.pending.values(), key=lambda d: (not d.edition.is_full, d.form != "pdf")
        )
        for one in order:
            parts = self._parts(self._job(one))
            if cached := self._cached(plan.key(parts)):
                self.made[one.edition.id, one.form] = cached
                continue
            waits = [name for name in self.needs(one) if name not in self.made]
            if waits:
                parts["page numbers"] = "those of a file that is made anew"
            old = last.get("files", {}).get("/".join(one.id))
            yield one, plan.reasons(old, parts, made_with)

    def _made_with(self) -> dict[str, plan.Parts]:
        """The ingredients of all editions by their digest."""
        editions = [d.edition for d in self.ready.editions.values() if d.edition]
        kinds = dict.fromkeys(_own(self.settings, edition) for edition in editions)
        found = [workshop.ingredients(settings, form) for settings in kinds for form in FORMATS]
        return {plan.key(one): one for one in found}

    def _job(self, one: Deliverable) -> Job:
        ready = self.ready.of(one.edition.id, one.form)
        full = self.made.get((self.full, "pdf"))
        own = self.made.get((one.edition.id, "pdf"))
        pages = {
            name: full.pages[name]
            for name, _ in ready.around.elsewhere
            if full and name in full.pages
        }
        return Job(
            one.form, ready.document, ready.around, ready.about,
            pages if one.form == "pdf" else {},
            own.pages if own and FORMATS[one.form].needs_pages else {},
            _own(self.settings, one.edition),
        )  # fmt: skip

    def take(self, name: tuple[str, str], made: Made) -> None:
        """Take what is finished."""
        self.running.discard(name)
        self.made[name] = made
        label = _label(*name)
        self.told(label, made.seconds)
        self.trace.note(label, made.began, made.seconds, made.worker)
        start = made.began + made.seconds - made.proving
        self.trace.note("proofs", start, made.proving, made.worker)
        if not made.failures:
            about = {
                "pages": dict(made.pages),
                "count": made.page_count,
                "identifier": made.identifier,
            }
            self.store.put(self.keys[name], made.content, about)

    def _cached(self, key: str) -> Made | None:
        """A file made before."""
        found = self.store.get(key)
        if not found:
            return None
        content, about = found
        return Made(content, about["pages"], about["count"], (), 0.0, about["identifier"])
