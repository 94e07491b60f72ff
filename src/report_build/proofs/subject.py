"""What is a finished file held against?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Run = tuple[str, ...]


@dataclass(frozen=True)
class Subject:
    """What an edition withholds, and where each id of the master stands in the source."""

    runs: Mapping[Run, tuple[int, int]]
    """Runs of words that may not be met, and where their block stands."""
    ids: frozenset[str]
    """Ids that may not be met."""
    at: Mapping[str, tuple[int, int]]
