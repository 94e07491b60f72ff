"""What was guessed, where, and how sure is it?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Sure(StrEnum):
    """How sure a guess is; what is sure is no guess, and only counted."""

    SURE = "sure"
    LIKELY = "likely"
    UNSURE = "unsure"


@dataclass(frozen=True)
class Guess:
    """Something that a person should look at. `kind` groups it in the report."""

    kind: str
    what: str
    sure: Sure
    source: str = ""
    """Where it is in the old document."""
    words: str = ""
    """By which it is found in the master: an id with its `#`, or words of the text."""


@dataclass(frozen=True)
class Gone:
    """Text of the old document that is not in the master, or at another place in it."""

    text: str
    why: str
    source: str = ""
