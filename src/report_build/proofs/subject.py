"""What is a finished file held against?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Run = tuple[str, ...]
At = tuple[int, int]


@dataclass(frozen=True)
class Subject:
    """What an edition withholds, and where each id of the master stands in the source."""

    withheld: Mapping[str, At] = field(default_factory=dict)
    """Texts of which no words in a row may be met, and where their block stands."""
    shown: frozenset[Run] = frozenset()
    """Words in a row of these texts that may be met, since the edition has them, too."""
    ids: frozenset[str] = frozenset()
    """Ids that may not be met."""
    at: Mapping[str, At] = field(default_factory=dict)
    """Where each id stands in the source."""
    cited: Mapping[str, At] = field(default_factory=dict)
    """Where each id is referred to first."""
    date: str = ""
    """The date of publication, which is the only one that a file may tell."""
    said: frozenset[str] = frozenset()
    """What looks like a path or the like but stands in the text itself."""
    pages: Mapping[str, int] = field(default_factory=dict)
    """The page of each id, where a file prints the pages of another one."""
    page_word: str = "page"
    """What stands before the number of a page in a reference."""
    nouns: frozenset[str] = frozenset()
    """What stands before other numbers in references."""


def place_of(target: str, about: Subject) -> At | None:
    """Where the author refers to a target, else where it stands."""
    name = target.rpartition("#")[2]
    known = {**about.at, **about.cited}
    if name not in known:  # Word's bookmarks have no hyphens
        name = next((x for x in known if x.replace("-", "_") == name), name)
    return known.get(name)
