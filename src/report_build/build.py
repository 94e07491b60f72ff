"""How does a checked master become a set of finished files?

The shell: it decides the order, keeps the cache and the workers, and publishes. All files are
made and proved before any is written; what fails leaves `out/` as it was.
"""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from report_build import __version__, charts, images, plan, publish, workshop
from report_build import nodes as n
from report_build.check import Checked
from report_build.compose import Surroundings, surroundings
from report_build.diagnostics import ContentError, Diagnostic, Severity
from report_build.document import Document
from report_build.editions import FULL
from report_build.formats import FORMATS
from report_build.plan import Deliverable
from report_build.proofs import PROOFS, subject
from report_build.proofs.subject import Subject
from report_build.resolve import resolve
from report_build.source import Source
from report_build.templates import Templates
from report_build.workshop import Job, Made, Settings

Told = Callable[[str, float], None]


@dataclass(frozen=True)
class Wish:
    """What was asked for: editions and formats (none: all), and how."""

    editions: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    workers: int = 2
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
    full = (
        f"../full/{checked.name}"
        if any(d.edition and d.edition.is_full for d in checked.editions)
        else ""
    )
    resolved = resolve(document, labels, f"{full}.html" if full else "")
    around = surroundings(resolved, labels, full)
    theme, faces = workshop.look(settings)
    shown = images.shown(document, document.images)
    resolved = resolve(shown, labels, f"{full}.html" if full else "")
    drawn = charts.drawn(resolved.document, labels, theme, faces[0].path.parent)
    bare = replace(drawn, source=Source(document.source.path, ""), words={}, master=None, images={},
                   places=replace(document.places, source=Source("", ""), spans={}, keys={}))  # fmt: skip
    authored = tuple(
        anchor.id
        for anchor in document.anchors
        if anchor.authored and anchor.kind in ("section", "block")
    )
    return Ready(bare, around, subject(document), authored, len(n.plain(document.blocks).split()))


class Workshop:
    """Makes files in the right order: what prints pages of another comes after that other."""

    def __init__(
        self, ready: Mapping[str, Ready], wanted: Iterable[Deliverable], settings: Settings,
        executor: Executor, wish: Wish, told: Told,
    ) -> None:  # fmt: skip
        self.ready, self.settings, self.executor = ready, settings, executor
        self.wish, self.told = wish, told
        self.print = workshop.fingerprint(settings)
        self.made: dict[tuple[str, str], Made] = {}
        self.pending = {(d.edition.id, d.form): d for d in wanted}
        self.running: dict[Future[Made], tuple[tuple[str, str], str]] = {}

    def needs(self, one: Deliverable) -> list[tuple[str, str]]:
        """The files whose page numbers a deliverable prints."""
        needed = []
        if (
            one.form == "pdf"
            and not one.edition.is_full
            and self.ready[one.edition.id].around.elsewhere
        ):
            needed.append((FULL, "pdf"))
        if FORMATS[one.form].needs_pages and "pdf" in one.edition.formats:
            needed.append((one.edition.id, "pdf"))
        return needed

    def run(self, everything: Mapping[tuple[str, str], Deliverable]) -> None:
        """Make all that is pending, and what it needs."""
        todo = list(self.pending.values())
        while todo:
            for name in self.needs(todo.pop()):
                if name in everything and name not in self.pending:
                    self.pending[name] = everything[name]
                    todo.append(everything[name])
        while self.pending or self.running:
            self._start()
            if self.running:
                done, _ = wait(self.running, return_when=FIRST_COMPLETED)
                for future in done:
                    name, key = self.running.pop(future)
                    self._keep(name, key, future.result())

    def _start(self) -> None:
        for name in sorted(self.pending, key=lambda name: (name[0] != FULL, name[1] != "pdf")):
            one = self.pending[name]
            needed = self.needs(one)
            if any(other in self.pending or self._is_running(other) for other in needed):
                continue
            del self.pending[name]
            job = self._job(one)
            key = plan.key(
                job.document,
                job.around,
                one.form,
                self.print,
                (sorted(job.pages.items()), sorted(job.full_pages.items())),
            )
            cached = None if self.wish.force else self._cached(key)
            if cached:
                self.made[name] = cached
            else:
                self.running[self.executor.submit(workshop.make, job)] = (name, key)

    def _is_running(self, name: tuple[str, str]) -> bool:
        return any(name == running for running, _ in self.running.values())

    def _job(self, one: Deliverable) -> Job:
        ready = self.ready[one.edition.id]
        full = self.made.get((FULL, "pdf"))
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
            self.settings,
        )  # fmt: skip

    def _keep(self, name: tuple[str, str], key: str, made: Made) -> None:
        self.made[name] = made
        self.told(f"{name[0]} {FORMATS[name[1]].label}", made.seconds)
        if not made.failures:
            folder = self.settings.cache / "made"
            folder.mkdir(parents=True, exist_ok=True)
            about = {
                "pages": dict(made.pages),
                "count": made.page_count,
                "sha256": publish.sha256(made.content),
            }
            (folder / f"{key}.bin").write_bytes(made.content)
            (folder / f"{key}.json").write_text(json.dumps(about), "utf-8")

    def _cached(self, key: str) -> Made | None:
        """A file made before; one that cannot be read or was damaged counts as absent."""
        folder = self.settings.cache / "made"
        try:
            about = json.loads((folder / f"{key}.json").read_text("utf-8"))
            content = (folder / f"{key}.bin").read_bytes()
        except (OSError, ValueError):
            return None
        if publish.sha256(content) != about.get("sha256"):
            return None
        return Made(content, about["pages"], about["count"], (), 0.0)


def build(
    checked: Checked, settings: Settings, wish: Wish, told: Told
) -> dict[str, tuple[bytes, dict[str, Any]]]:
    """All wanted files of a master by their path, each with its entry of the manifest.

    Raises ContentError if a proof fails.
    """
    assert checked.front
    ready = {d.edition.id: prepare(checked, d, settings) for d in checked.editions if d.edition}
    everything = {
        (d.edition.id, d.form): d
        for d in plan.deliverables(
            checked.name, checked.front.lang, [d.edition for d in checked.editions if d.edition]
        )
    }
    wanted = [d for d in everything.values() if wish.wants(d)]
    with _executor(wish.workers) as executor:
        work = Workshop(ready, wanted, settings, executor, wish, told)
        work.run(everything)
    if problems := list(_failures(checked, work.made)):
        raise ContentError(problems)
    return {
        d.path: (
            work.made[d.edition.id, d.form].content,
            _entry(checked, d, ready[d.edition.id], work.made[d.edition.id, d.form]),
        )
        for d in wanted
    }


def _executor(workers: int) -> Executor:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["report_build.preload"])
    return ProcessPoolExecutor(workers, mp_context=context)


def _failures(checked: Checked, made: Mapping[tuple[str, str], Made]) -> Iterator[Diagnostic]:
    for (edition, form), one in made.items():
        for failure in one.failures:
            place = checked.source.place(*failure.at) if failure.at else None
            message = f"{FORMATS[form].label} of “{edition}”: {failure.message}"
            yield Diagnostic(
                f"proof-{failure.check}", Severity.ERROR, place, message, "", (edition,)
            )


def _entry(checked: Checked, one: Deliverable, ready: Ready, made: Made) -> dict[str, Any]:
    assert checked.master
    authored = {
        a.id for a in checked.master.anchors if a.authored and a.kind in ("section", "block")
    }
    return {
        "master": checked.source.path,
        "edition": one.edition.id,
        "audience": one.edition.audience,
        "name": one.edition.name,
        "format": one.form,
        "path": one.path,
        "sha256": publish.sha256(made.content),
        "bytes": len(made.content),
        "lang": one.edition.lang,
        "title": ready.document.title,
        "pages": made.page_count or None,
        "words": ready.words,
        "blocks": list(ready.blocks),
        "withheld": len(authored - set(ready.blocks)),
        "checks": dict.fromkeys(PROOFS, "passed"),
    }


def release(
    masters: Iterable[Checked], settings: Settings, wish: Wish, out: Path, told: Told
) -> list[dict[str, Any]]:
    """Build all masters and exchange `out` for the new set; gives the manifest's entries."""
    masters = list(masters)
    with publish.locked(out):
        files: dict[str, bytes] = {}
        entries: dict[str, dict[str, Any]] = {}
        for checked in masters:
            for path, (content, entry) in build(checked, settings, wish, told).items():
                files[path], entries[path] = content, entry
        kept = _kept(out, masters, entries)
        entries |= kept
        ordered = [entries[path] for path in sorted(entries)]
        about = {
            "schema": 1,
            "generator": _generator(),
            "masters": [
                {"path": one.source.path, "sha256": publish.sha256(one.source.text.encode())}
                for one in masters
            ],
            "deliverables": ordered,
        }
        files["index.html"] = _index(masters, ordered, settings)
        files[publish.MANIFEST] = (json.dumps(about, indent=1, ensure_ascii=False) + "\n").encode()
        old = {e["path"]: e["sha256"] for e in publish.manifest(out).get("deliverables", ())}
        if any(
            old.get(p) != publish.sha256(c) or not (out / p).is_file() for p, c in files.items()
        ):
            publish.publish(out, files, {path: entry["sha256"] for path, entry in kept.items()})
        return ordered


def _kept(out: Path, masters: list[Checked], new: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Entries of the old manifest that are still declared, intact and not made anew."""
    declared = {
        d.path
        for one in masters
        if one.front
        for d in plan.deliverables(
            one.name, one.front.lang, [x.edition for x in one.editions if x.edition]
        )
    }
    kept = {}
    for entry in publish.manifest(out).get("deliverables", ()):
        path = out / entry["path"]
        wanted = entry["path"] in declared and entry["path"] not in new and path.is_file()
        if wanted and publish.sha256(path.read_bytes()) == entry["sha256"]:
            kept[entry["path"]] = entry
    return kept


def _generator() -> dict[str, str]:
    packages = ("weasyprint", "pypandoc_binary", "Jinja2", "vl-convert-python")
    return {"report_build": __version__, **{name: version(name) for name in packages}}


def _index(masters: list[Checked], entries: list[dict[str, Any]], settings: Settings) -> bytes:
    front = masters[0].front
    assert front
    theme, _ = workshop.look(settings)
    page = Templates(settings.folders).render(
        "index.html.j2",
        masters=[
            {"name": one.name, "front": one.front, "entries": [e for e in entries if e["master"] == one.source.path]}
            for one in masters
        ],
        labels=workshop.words(settings, front.lang),
        theme=theme,
        formats=FORMATS,
        fonts_css=_screen_fonts(settings),
    )  # fmt: skip
    return page.encode()


def _screen_fonts(settings: Settings) -> str:
    from report_build.fonts import screen_css

    return screen_css(workshop.look(settings)[1], settings.cache)
