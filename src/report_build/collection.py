"""What lists all that was made? A page, by series, year and country, and a feed of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from report_build import workshop
from report_build.check import Checked
from report_build.fonts import screen_css
from report_build.formats import FORMATS
from report_build.schema import FrontMatter
from report_build.settings import Settings
from report_build.templates import Templates

INDEX, FEED = NAMES = ("index.html", "feed.xml")
TEMPLATES = INDEX_TEMPLATE, FEED_TEMPLATE = (f"{INDEX}.j2", f"{FEED}.j2")
LONG_AGO = date(1970, 1, 1)
"""When something was published that does not say when."""
Entry = dict[str, Any]


@dataclass(frozen=True)
class Shelf:
    """A master and its translations, with the entries of all their files."""

    name: str
    front: FrontMatter
    entries: tuple[Entry, ...]

    @property
    def year(self) -> str:
        """The year of the event, else that of publication, if either is known."""
        day = _day(self.front)
        return str(day.year) if day else ""


def pages(masters: list[Checked], entries: list[Entry], settings: Settings) -> dict[str, bytes]:
    """The list of all editions and the feed, from the entries of the manifest."""
    shelves = sorted(_shelves(masters, entries), key=_order)
    front = shelves[0].front
    about: dict[str, Any] = {
        "masters": shelves,
        "countries": tuple(_countries(shelves)),
        "labels": workshop.words(settings, front.lang),
        "formats": FORMATS,
    }
    theme, faces = workshop.look(settings)
    fonts = screen_css(tuple(face for face in faces if not face.fallback), settings.cache)
    templates = Templates(settings.folders)
    index = templates.render(INDEX_TEMPLATE, theme=theme, fonts_css=fonts, **about)
    feed = templates.render(
        FEED_TEMPLATE, items=tuple(_items(shelves)), updated=_updated(shelves), **about
    )
    return {INDEX: index.encode(), FEED: feed.encode()}


def _shelves(masters: Iterable[Checked], entries: list[Entry]) -> Iterator[Shelf]:
    """A shelf for each master, where its translations stand, too."""
    masters = list(masters)
    originals = {one.name: one for one in masters if one.master and not one.master.original}
    known = {one.name: one for one in masters} | originals
    of_master = {one.source.path: one.name for one in masters}
    lang = next(iter(known.values())).front.lang  # type: ignore[union-attr]
    for name, one in known.items():
        if one.front:
            mine = [entry for entry in entries if of_master.get(entry["master"]) == name]
            yield Shelf(name, one.front, tuple(_headed(mine, lang)))


def _order(shelf: Shelf) -> tuple[str, int, str]:
    return shelf.front.series, -int(shelf.year or 0), shelf.front.title


def _headed(entries: list[Entry], lang: str) -> Iterator[Entry]:
    """Entries with the names of their audiences in one language, if there is an edition in it."""
    names = {entry["audience"]: entry["name"] for entry in entries if entry["lang"] == lang}
    for entry in entries:
        yield {**entry, "heading": names.get(entry["audience"], entry["name"])}


def _countries(shelves: list[Shelf]) -> Iterator[dict[str, Any]]:
    """Each country that has reports of several masters, with those, the latest first."""
    found: dict[str, list[tuple[Shelf, list[Entry]]]] = {}
    names: dict[str, str] = {}
    for shelf in sorted(shelves, key=lambda one: -int(one.year or 0)):
        for audience, declared in shelf.front.audiences.items():
            mine = [entry for entry in shelf.entries if entry["audience"] == audience]
            if mine and declared.country:
                found.setdefault(declared.country, []).append((shelf, mine))
                names.setdefault(declared.country, mine[0]["heading"])
    for code, reports in sorted(found.items(), key=lambda item: names[item[0]]):
        if len(reports) > 1:
            yield {"code": code, "name": names[code], "reports": reports}


# --------------------------------------------------------------------------------- feed


def _items(shelves: Iterable[Shelf]) -> Iterator[dict[str, Any]]:
    """What the feed tells: each edition of each master in each language, with its files."""
    for shelf in sorted(shelves, key=lambda one: _published(one.front), reverse=True):
        editions = dict.fromkeys((entry["edition"], entry["lang"]) for entry in shelf.entries)
        for edition, lang in editions:
            files = [e for e in shelf.entries if (e["edition"], e["lang"]) == (edition, lang)]
            name = f"report-build:{shelf.name}:{edition}:{lang}"
            yield {
                "id": uuid.uuid5(uuid.NAMESPACE_URL, name).urn,
                "title": files[0]["title"],
                "name": files[0]["name"],
                "lang": lang,
                "updated": _published(shelf.front).isoformat(),
                "summary": shelf.front.description,
                "publisher": shelf.front.publisher,
                "files": files,
                "base": shelf.front.base_url,
            }


def _updated(shelves: Iterable[Shelf]) -> str:
    return max((_published(one.front) for one in shelves), default=LONG_AGO).isoformat()


def _published(front: FrontMatter) -> date:
    return front.date if isinstance(front.date, date) else _day(front) or LONG_AGO


def _day(front: FrontMatter) -> date | None:
    """The last day of the event, else that of publication."""
    event = front.event
    told = (event.end or event.start) if event else None
    return told or (front.date if isinstance(front.date, date) else None)
