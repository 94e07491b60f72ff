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
from report_build.schema import Declared, FrontMatter
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


RULES = (
    "front-matter-syntax", "front-matter-duplicate-key", "front-matter-unknown-key",
    "front-matter-missing-key", "front-matter-value", "unknown-audience",
)  # fmt: skip
"""What `read` may report."""


def _absent(source: Source) -> Diagnostic:
    hint = "begin the file with “---”, “title: …”, “lang: en” and “---”"
    place = source.place(0, min(3, len(source.text)))
    return _error("front-matter-missing-key", place, "there is no front matter", hint)


def _error(rule: str, place: Place, message: str, hint: str = "") -> Diagnostic:
    return Diagnostic(rule, Severity.ERROR, place, message, hint)


def _yaml_mistakes(tree: YamlTree, places: FrontMatterPlaces) -> Iterator[Diagnostic]:
    def place(span: Span) -> Place:
        return places.source.place(places.start + span[0], places.start + span[1])

    for mistake in tree.mistakes:
        hint = mistake.hint
        if mistake.first:
            hint = f"it stands first in line {place(mistake.first).line}"
        rule = "front-matter-duplicate-key" if mistake.first else "front-matter-syntax"
        yield _error(rule, place(mistake.span), mistake.message, hint)
    if tree.value is not None and not isinstance(tree.value, dict):
        yield _error("front-matter-syntax", places.of(()), "this is no list of keys and values")


def _validated(
    tree: dict[str, Tree], places: FrontMatterPlaces
) -> tuple[FrontMatter | None, list[Diagnostic]]:
    """The front matter, with what is wrong left out, and all that is wrong."""
    known = Declared(_names(tree, "audiences"), _names(tree, "groups"))
    problems: list[Diagnostic] = []
    for _ in range(8):
        try:
            return FrontMatter.model_validate(tree, context=known), problems
        except ValidationError as error:
            details = error.errors()
            # what a later round finds is what leaving out the first mistakes brought about
            problems = problems or [_diagnostic(one, places) for one in details]
            for one in details:
                tree = _without(tree, one)
    return None, problems


def _names(tree: dict[str, Tree], key: str) -> frozenset[str]:
    declared = tree.get(key)
    return frozenset(declared) if isinstance(declared, dict) else frozenset()


def _path(error: ErrorDetails) -> Path_:
    """Where it is in the tree, without the names of pydantic's own steps."""
    return tuple(step for step in error["loc"] if step != "[key]")


def _diagnostic(error: ErrorDetails, places: FrontMatterPlaces) -> Diagnostic:
    path, kind = _path(error), error["type"]
    name = str(path[-1]) if path else ""
    context = error.get("ctx", {})
    match kind:
        case "extra_forbidden":
            known = _keys_beside(path)
            message = f"unknown key “{name}”"
            return _error(
                "front-matter-unknown-key", places.key(path), message, did_you_mean(name, known)
            )
        case "missing":
            message = f"the key “{name}” is missing"
            return _error("front-matter-missing-key", places.of(path[:-1]), message)
        case _ if "message" in context:
            rule = kind if kind in RULES else "front-matter-value"
            return _error(rule, places.of(path), str(context["message"]), str(context["hint"]))
        case "string_pattern_mismatch":
            hint = "small letters, digits and hyphens, starting with a letter"
            return _error("front-matter-value", places.key(path), f"“{name}” is no name", hint)
        case "literal_error" | "enum":
            given, expected = error["input"], str(context.get("expected", ""))
            hint = did_you_mean(str(given), re.findall(r"'([^']+)'", expected))
            message = f"“{given}” is not one of {expected.replace(chr(39), '')}"
            return _error("front-matter-value", places.of(path), message, hint)
        case _:
            message = f"{name}: {error['msg'][0].lower()}{error['msg'][1:]}"
            return _error("front-matter-value", places.of(path), message)


def _keys_beside(path: Path_) -> list[str]:
    """The keys that may stand where an unknown one was found."""
    model: Any = FrontMatter
    for step in path[:-1]:
        fields = getattr(model, "model_fields", {})
        named = {field.alias or name: field for name, field in fields.items()}
        if step in named:
            model = _model_in(named[step].annotation)
    return [f.alias or name for name, f in getattr(model, "model_fields", {}).items()]


def _model_in(annotation: Any) -> Any:
    """The model class somewhere inside a type such as `tuple[Author, ...]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for arg in get_args(annotation) if (found := _model_in(arg))), None)


def _without(tree: dict[str, Tree], error: ErrorDetails) -> dict[str, Tree]:
    """The tree without the value that is wrong, or with a stand-in for what must be there."""
    path = _path(error)
    copy: Any = json.loads(json.dumps(tree))
    if len(path) <= 1 and path and path[0] in STAND_INS:
        return {**copy, str(path[0]): STAND_INS[str(path[0])]}
    steps = path[:-1] if error["type"] == "missing" else path
    for depth in range(len(steps), 0, -1):
        parent: Any = copy
        try:
            for step in steps[: depth - 1]:
                parent = parent[step]
            del parent[steps[depth - 1]]
        except (KeyError, IndexError, TypeError):
            continue
        return copy  # type: ignore[no-any-return]
    return copy  # type: ignore[no-any-return]


def _repeated_editions(
    tree: Mapping[str, Tree], front: FrontMatter | None, places: FrontMatterPlaces
) -> Iterator[Diagnostic]:
    """Editions that two entries of `deliverables` declare."""
    if not front or not isinstance(tree.get("deliverables"), list):
        return
    seen: set[tuple[str, str]] = set()
    for index, wanted in enumerate(front.deliverables):
        names = front.expand(wanted.for_each) if wanted.for_each else (wanted.edition,)
        for name in names:
            if (name, wanted.lang) in seen:
                message = f"the edition “{name}” is declared twice"
                yield _error("front-matter-value", places.of(("deliverables", index)), message)
            seen.add((name, wanted.lang))


def json_schema() -> dict[str, Any]:
    """The JSON Schema of the front matter, for editors that complete and check it."""
    schema = FrontMatter.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def write_schema(path: Path) -> None:
    """Write the JSON Schema to a file."""
    text = json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
