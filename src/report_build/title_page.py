"""Which facts does the title page state below the title?"""

from __future__ import annotations

from report_build.frontmatter import FrontMatter
from report_build.labels import Labels
from report_build.schema import Author

Fact = tuple[str, tuple[str, ...]]
"""What it is, and its lines."""


def facts(front: FrontMatter, labels: Labels) -> tuple[Fact, ...]:
    """Who wrote it, where and when the event was, who held it, and the day it is from.

    A date that is the last day of the event is not said twice.
    """
    event = front.event
    start, end = (event.start, event.end) if event else (None, None)
    own_date = front.date and front.date not in (start, end)
    found: tuple[Fact, ...] = (
        (labels("authors"), tuple(_author(author) for author in front.author)),
        (labels("place"), (event.place,) if event and event.place else ()),
        (labels("dates"), (labels.dates(start, end),) if start else ()),
        (labels("hosts"), event.hosts if event else ()),
        (labels("date"), (labels.date(front.date),) if front.date and own_date else ()),
    )
    return tuple((name, lines) for name, lines in found if lines)


def _author(author: Author) -> str:
    """“Ana Pérez, editor (Institute A; Institute B)”."""
    name = ", ".join(filter(None, (author.name, author.role)))
    return f"{name} ({'; '.join(author.affiliation)})" if author.affiliation else name
