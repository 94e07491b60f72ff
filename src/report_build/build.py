"""How does a checked master become a set of finished files?

The shell: it decides the order, keeps the cache and the workers, and publishes. All files are
made and proved before any is written; what fails leaves `out/` as it was.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import Any

from report_build import __version__, atomic, collection, provenance, publish, workshop
from report_build.check import Checked
from report_build.diagnostics import ContentError, Diagnostic, Severity
from report_build.formats import FORMATS
from report_build.machine import engines
from report_build.plan import Deliverable
from report_build.proofs import PARITY, PROOFS
from report_build.proofs.listing import prove_lists
from report_build.schedule import Prepared, Ready, Told, Wish, Workshop
from report_build.settings import Settings
from report_build.templates import Templates
from report_build.timings import Trace
from report_build.workers import Workers
from report_build.workshop import Made


def build(
    checked: Checked,
    settings: Settings,
    wish: Wish,
    told: Told,
    workers: Workers | None = None,
    trace: Trace | None = None,
) -> dict[str, tuple[bytes, dict[str, Any]]]:
    """All wanted files of a master by their path, each with its entry of the manifest.

    Without `workers` it starts `wish.workers` processes of its own. Raises ContentError if a
    proof fails.
    """
    trace = trace or Trace()
    with nullcontext(workers) if workers else _workers(wish, settings) as those:
        return dict(chain.from_iterable(_built([checked], settings, wish, told, those, trace)))


def _built(
    masters: Iterable[Checked], settings: Settings, wish: Wish, told: Told, workers: Workers,
    trace: Trace,
) -> Iterator[list[tuple[str, tuple[bytes, dict[str, Any]]]]]:  # fmt: skip
    """The files of each master as soon as all of it is made; the next begins before that."""
    waiting, open_ones = list(masters)[::-1], dict[str, Workshop]()
    while waiting or open_ones:
        while waiting and len(workers.names) < AHEAD * workers.count:
            work = Workshop(Prepared(waiting.pop(), settings), settings, workers, wish, told, trace)
            open_ones[work.path] = work
            work.begin()
            work.advance()
        if workers.names:
            for (path, edition, form), made in workers.finished():
                open_ones[path].take((edition, form), made)
            for work in open_ones.values():
                work.advance()
        for path in [path for path, work in open_ones.items() if work.is_done]:
            yield _collected(open_ones.pop(path))


AHEAD = 2
"""Files to be made for each worker, below which the next master is begun."""


def _collected(work: Workshop) -> list[tuple[str, tuple[bytes, dict[str, Any]]]]:
    """The files of a master with their entries of the manifest."""
    work.end()
    checked, made = work.ready.checked, work.made
    if problems := list(_failures(checked, made)):
        raise ContentError(problems)
    found = []
    for one in work.wanted:
        name = one.edition.id, one.form
        entry = _entry(checked, one, work.ready.of(*name), made[name])
        found.append((one.path, (made[name].content, entry)))
    return found


def due(
    masters: Iterable[Checked], settings: Settings, wish: Wish
) -> Iterator[tuple[Deliverable, tuple[str, ...]]]:
    """What would be built, and why."""
    for checked in masters:
        ready = Prepared(checked, settings)
        yield from Workshop(ready, settings, None, wish, lambda *_: None, Trace()).due()


def _workers(wish: Wish, settings: Settings) -> Workers:
    return Workers(wish.workers, wish.dask, memory=settings.limits.memory)


def _failures(checked: Checked, made: Mapping[tuple[str, str], Made]) -> Iterator[Diagnostic]:
    for (edition, form), one in made.items():
        for failure in one.failures:
            at = failure.at or _first(failure.words, checked.source.text)
            place = checked.source.place(*at) if at else None
            message = f"{FORMATS[form].label} of “{edition}”: {failure.message}"
            yield Diagnostic(
                f"proof-{failure.check}", Severity.ERROR, place, message, failure.hint, (edition,)
            )


def _first(words: str, text: str) -> tuple[int, int] | None:
    start = text.find(words) if words else -1
    return (start, start + len(words)) if start >= 0 else None


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
        "identifier": made.identifier,
        "bytes": len(made.content),
        "lang": one.edition.lang,
        "title": ready.document.title,
        "pages": made.page_count or None,
        "words": ready.words,
        "blocks": list(ready.blocks),
        "withheld": len(authored - set(ready.blocks)),
        "checks": dict.fromkeys((*PROOFS, PARITY), "passed"),
    }


def release(
    masters: Iterable[Checked],
    settings: Settings,
    wish: Wish,
    out: Path,
    told: Told,
    trace: Trace | None = None,
) -> list[dict[str, Any]]:
    """Build all masters and exchange `out` for the new set; gives the manifest's entries."""
    masters, trace = list(masters), trace or Trace()
    with publish.locked(out):
        atomic.sweep(settings.cache)
        files: dict[str, bytes] = {}
        entries: dict[str, dict[str, Any]] = {}
        with _workers(wish, settings) as workers, ThreadPoolExecutor(1) as meanwhile:
            bill = meanwhile.submit(provenance.bill)
            meanwhile.submit(Templates(settings.folders).ahead, *collection.TEMPLATES)
            for made in _built(masters, settings, wish, told, workers, trace):
                files |= {path: content for path, (content, _) in made}
                entries |= {path: entry for path, (_, entry) in made}
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
        files |= collection.pages(masters, ordered, settings)
        used = {k: v for form in FORMATS for k, v in workshop.ingredients(settings, form).items()}
        templates = {name: value for name, value in used.items() if name.startswith("templates/")}
        files[provenance.SBOM] = bill.result()
        files[provenance.STATEMENT] = provenance.statement(about, templates)
        files[publish.MANIFEST] = (json.dumps(about, indent=1, ensure_ascii=False) + "\n").encode()
        old = {e["path"]: e["sha256"] for e in publish.manifest(out).get("deliverables", ())}
        if any(
            old.get(p) != publish.sha256(c) or not (out / p).is_file() for p, c in files.items()
        ):
            if problems := list(_told_by_lists(masters, files, settings)):
                raise ContentError(problems)
            with trace.span("publish"):
                publish.publish(out, files, {path: entry["sha256"] for path, entry in kept.items()})
        return ordered


def _told_by_lists(
    masters: Iterable[Checked], files: Mapping[str, bytes], settings: Settings
) -> Iterator[Diagnostic]:
    """What the list of editions and the manifest tell that some edition withholds."""
    listed = json.loads(files[publish.MANIFEST])["deliverables"]
    without_ids = [{k: v for k, v in entry.items() if k != "blocks"} for entry in listed]
    texts = [
        *(files[name].decode() for name in collection.NAMES),
        json.dumps(without_ids, ensure_ascii=False),
    ]
    for checked in masters:
        told = prove_lists(texts, checked.editions, lambda lang: workshop.words(settings, lang))
        for message, at in told:
            place = checked.source.place(*at) if at else None
            yield Diagnostic(
                "proof-disclosure", Severity.ERROR, place, f"list of editions: {message}"
            )


def _kept(out: Path, masters: list[Checked], new: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Entries of the old manifest that are still declared, intact and not made anew."""
    declared = {deliverable.path for one in masters for deliverable in one.deliverables}
    kept = {}
    for entry in publish.manifest(out).get("deliverables", ()):
        path = out / entry["path"]
        wanted = entry["path"] in declared and entry["path"] not in new and path.is_file()
        if wanted and publish.sha256(path.read_bytes()) == entry["sha256"]:
            kept[entry["path"]] = entry
    return kept


def _generator() -> dict[str, str]:
    packages = ("weasyprint", "pypandoc_binary", "Jinja2", "vl-convert-python")
    known = {name: version(name) for name in packages}
    return {"report_build": __version__, **known, **engines()}
