"""What may the YAML say, and where is it wrong?

The keys themselves are in `schema`. All mistakes are told in one go, each at its key or value.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from report_build.diagnostics import Diagnostic, Place, Severity, did_you_mean
from report_build.schema import COUNTRY, FULL, Declared, FrontMatter
from report_build.source import FRONT_MATTER, Source
from report_build.yaml_tree import Span, Tree, YamlTree, read_yaml

__all__ = ["FrontMatter", "FrontMatterPlaces", "Reading", "json_schema", "read", "write_schema"]

Path_ = tuple[str | int, ...]
STAND_INS: dict[str, Tree] = {"title": "Untitled", "lang": "en"}


@dataclass(frozen=True)
class FrontMatterPlaces:
    """Where the values and keys of a front matter stand."""

    source: Source
    spans: Mapping[Path_, Span] = field(default_factory=dict, repr=False)
    keys: Mapping[Path_, Span] = field(default_factory=dict, repr=False)
    start: int = 0

    def of(self, path: Path_) -> Place:
        """Where a value stands, such as `("figures", "internet-hnd", "value")`.

        What the author did not give stands where its nearest parent does.
        """
        return self._nearest(self.spans, path)

    def key(self, path: Path_) -> Place:
        """Where the key of a value stands; for an item of a list, the item."""
        return self._nearest({**self.spans, **self.keys}, path)

    def _nearest(self, spans: Mapping[Path_, Span], path: Path_) -> Place:
        while path and path not in spans:
            path = path[:-1]
        if not path:
            return self.source.place(0, 3 if self.start else 0)
        first, last = spans[path]
        return self.source.place(self.start + first, self.start + last)


@dataclass(frozen=True)
class Reading:
    """What was read: `front` is None where nothing can be made of it.

    With mistakes in single values `front` lacks these values, so that the text can be checked.
    """

    front: FrontMatter | None
    places: FrontMatterPlaces
    diagnostics: tuple[Diagnostic, ...]
    body_offset: int


def read(source: Source) -> Reading:
    """The front matter of a master: its leading `---` … `---` block."""
    block = FRONT_MATTER.match(source.text)
    if not block:
        return Reading(None, FrontMatterPlaces(source), (_absent(source),), 0)
    tree = read_yaml(block["yaml"])
    places = FrontMatterPlaces(source, tree.spans, tree.keys, block.start("yaml"))
    found = list(_yaml_mistakes(tree, places))
    front = None
    if isinstance(tree.value, dict):
        front, wrong = _validated(tree.value, places)
        found += wrong
        found += _repeated_editions(tree.value, front, places)
    return Reading(front, places, tuple(found), block.end())
