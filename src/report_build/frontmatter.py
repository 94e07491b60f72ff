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
GONE = object()  # marks what is left out, so that the items of a list keep their numbers


@dataclass(frozen=True)
class FrontMatterPlaces:
    """Where the values and keys of a front matter stand."""

    source: Source
    spans: Mapping[Path_, Span] = field(default_factory=dict, repr=False)
    keys: Mapping[Path_, Span] = field(default_factory=dict, repr=False)
    start: int = 0
    below: FrontMatterPlaces | None = field(default=None, repr=False)
    """Those of the defaults that all masters of a folder share, if there are any."""

    def of(self, path: Path_) -> Place:
        """Where a value stands, such as `("figures", "internet-hnd", "value")`.

        What the author did not give stands where its nearest parent does.
        """
        if self.below and path not in self.spans and path in self.below.spans:
            return self.below.of(path)
        return self._nearest(self.spans, path)

    def key(self, path: Path_) -> Place:
        """Where the key of a value stands; for an item of a list, the item."""
        own = {**self.spans, **self.keys}
        if self.below and path not in own and path in self.below.spans:
            return self.below.key(path)
        return self._nearest(own, path)

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
    tree: Mapping[str, Tree] = field(default_factory=dict, repr=False)
    """What the YAML says, as it was typed, with what a translation has from its original."""


def read_defaults(source: Source) -> Reading:
    """What all masters of a folder say, if they say nothing else: the same keys, without `---`."""
    tree = read_yaml(source.text)
    places = FrontMatterPlaces(source, tree.spans, tree.keys)
    found = tuple(_yaml_mistakes(tree, places))
    value = tree.value if isinstance(tree.value, dict) else {}
    return Reading(None, places, found, value)


def read(
    source: Source, original: Reading | None = None, defaults: Reading | None = None
) -> Reading:
    """The front matter of a master: its leading `---` … `---` block.

    That of a translation says only what is different; all else is said by the original's. What
    neither says is said by the `defaults`.
    """
    block = FRONT_MATTER.match(source.text)
    if not block:
        return Reading(None, FrontMatterPlaces(source), (_absent(source),))
    tree = read_yaml(block["yaml"])
    below = defaults.places if defaults else None
    places = FrontMatterPlaces(source, tree.spans, tree.keys, block.start("yaml"), below)
    found = [*(defaults.diagnostics if defaults else ()), *_yaml_mistakes(tree, places)]
    front = None
    value = {} if tree.value is None and not tree.mistakes else tree.value
    if isinstance(value, dict):
        value = _over(original.tree, value) if original else value
        value = _over(defaults.tree, value) if defaults else value
        front, wrong = _validated(value, places)
        found += wrong
        found += _repeated_editions(value, front, places)
    return Reading(front, places, tuple(found), value if isinstance(value, dict) else {})


WHOLE = ("abbreviations", "people", "placeholders")
"""Keys that a translation says anew or not at all: words, which a mixture would spoil."""


def _over(original: Mapping[str, Tree], own: Mapping[str, Tree]) -> dict[str, Tree]:
    """A mapping over another one: what both have as mappings is joined, key by key."""
    joined: dict[str, Tree] = dict(original)
    for key, value in own.items():
        before = joined.get(key)
        both = isinstance(value, dict) and isinstance(before, dict) and key not in WHOLE
        joined[key] = _over(before, value) if both else value  # type: ignore[arg-type]
    return joined


RULES = {
    "front-matter-syntax": "The front matter is no YAML, or does not end.",
    "front-matter-duplicate-key": "A key of the front matter is given twice.",
    "front-matter-unknown-key": "The front matter has a key that means nothing.",
    "front-matter-missing-key": "The front matter lacks a key that it must have.",
    "front-matter-value": "A value of the front matter is not of the kind that its key takes.",
}
"""What `read` may report besides `unknown-audience`, and what it means."""


WANTED = {
    "string_too_short": "a text that is not empty",
    "too_short": "at least one value",
    "tuple": "a list",
    "model": "keys with values",
    "mapping": "keys with values",
    "dict": "keys with values",
    "date": "a date",
    "decimal": "a number",
    "string": "a text",
    "literal": "a word",
    "enum": "a word",
}
"""What a value must be, by how pydantic's name of the mistake begins."""


def _absent(source: Source) -> Diagnostic:
    place = source.place(0, min(3, len(source.text)))
    if re.match(r"---[ \t]*\n", source.text):
        hint = "end it with a line “---”"
        return _error("front-matter-syntax", place, "this front matter does not end", hint)
    hint = "begin the file with “---”, “title: …”, “lang: en” and “---”"
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
    problems: list[Diagnostic] = []
    for _ in range(8):
        # a name whose declaration is wrong is known in the first round, and then left out
        known = Declared(_names(tree, "audiences"), _names(tree, "groups"))
        try:
            return FrontMatter.model_validate(tree, context=known), problems
        except ValidationError as error:
            details = error.errors()
            # what a later round finds is what leaving out the first mistakes brought about
            problems = problems or [
                _diagnostic(one, tree, places)
                for one in details
                if not (one["type"] == "too_short" and one["input"])  # its items are told
            ]
            tree = _without(tree, details)
    return None, problems


def _names(tree: dict[str, Tree], key: str) -> frozenset[str]:
    declared = tree.get(key)
    return frozenset(declared) if isinstance(declared, dict) else frozenset()


def _path(error: ErrorDetails, tree: Tree) -> Path_:
    """Where it is in the tree, without pydantic's own steps: those to a key, and that into the
    list around a mapping that stands alone where a list may."""
    path: list[str | int] = []
    for step in error["loc"]:
        if step != "[key]" and not (isinstance(step, int) and isinstance(tree, dict)):
            path.append(step)
            tree = _inside(tree, step)
    return tuple(path)


def _inside(tree: Tree, step: str | int) -> Tree:
    if isinstance(tree, dict) and isinstance(step, str):
        return tree.get(step)
    return tree[step] if isinstance(tree, list) and isinstance(step, int) else None


def _diagnostic(error: ErrorDetails, tree: Tree, places: FrontMatterPlaces) -> Diagnostic:
    path, kind = _path(error, tree), error["type"]
    name = next((step for step in reversed(path) if isinstance(step, str)), "")
    context = error.get("ctx", {})
    place = places.key(path) if "[key]" in error["loc"] else places.of(path)
    rule = "front-matter-value"
    match kind:
        case "extra_forbidden":
            hint = did_you_mean(name, _keys_beside(path))
            return _error(
                "front-matter-unknown-key", places.key(path), f"unknown key “{name}”", hint
            )
        case "missing":
            message = f"the key “{name}” is missing"
            return _error("front-matter-missing-key", places.of(path[:-1]), message)
        case _ if "message" in context:
            rule = kind if kind in RULES or kind == "unknown-audience" else rule
            return _error(rule, place, str(context["message"]), str(context["hint"]))
        case "string_pattern_mismatch":
            hint = "small letters, digits and hyphens, starting with a letter"
            return _error(rule, place, f"“{name}” is no name", hint)
        case "literal_error" | "enum" if isinstance(error["input"], str):
            given, expected = error["input"], str(context.get("expected", ""))
            hint = did_you_mean(given, re.findall(r"'([^']+)'", expected))
            message = f"“{given}” is not one of {expected.replace(chr(39), '')}"
            return _error(rule, place, message, hint)
    wanted = next((words for start, words in WANTED.items() if kind.startswith(start)), "")
    message = f"“{name}” takes {wanted}" if wanted else f"“{name}”: {error['msg']}"
    return _error(rule, place, message)


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


def _without(tree: dict[str, Tree], details: list[ErrorDetails]) -> dict[str, Tree]:
    """The tree without the values that are wrong, or with stand-ins for what must be there."""
    copy: Any = json.loads(json.dumps(tree))
    for error in details:
        path = _path(error, tree)
        if path[0] in STAND_INS:
            copy[path[0]] = STAND_INS[str(path[0])]
        elif path[0] == "audiences" and len(path) > 1 and "[key]" not in error["loc"]:
            copy["audiences"][path[1]] = {"title": path[1]}  # the text may name it
        else:
            _mark(copy, path[:-1] if error["type"] == "missing" else path)
    return _pruned(copy)  # type: ignore[no-any-return]


def _mark(tree: Any, path: Path_) -> None:
    """Put `GONE` at a path, or where a text stands for the list or mapping that it goes into."""
    for index, step in enumerate(path):
        child = _inside(tree, step)
        if index == len(path) - 1 or not isinstance(child, list | dict):
            tree[step] = GONE
            return
        tree = child


def _pruned(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {key: _pruned(own) for key, own in tree.items() if own is not GONE}
    if isinstance(tree, list):
        return [_pruned(own) for own in tree if own is not GONE]
    return tree


def _repeated_editions(
    tree: Mapping[str, Tree], front: FrontMatter | None, places: FrontMatterPlaces
) -> Iterator[Diagnostic]:
    """Editions that two entries of `deliverables` declare."""
    entries = tree.get("deliverables")
    if not front or not isinstance(entries, list) or len(entries) != len(front.deliverables):
        return
    seen: set[tuple[str, str]] = set()
    for index, wanted in enumerate(front.deliverables):
        names = front.expand(wanted.for_each) if wanted.for_each else (wanted.edition,)
        for name in (f"{name} {wanted.content}" for name in names):
            if (name, wanted.lang) in seen:
                message = f"the edition “{name.partition(' ')[0]}” is declared twice"
                yield _error("front-matter-value", places.of(("deliverables", index)), message)
            seen.add((name, wanted.lang))


def json_schema() -> dict[str, Any]:
    """The JSON Schema of the front matter, for editors that complete and check it."""
    schema = FrontMatter.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def write_schema(path: Path) -> None:
    """Write the JSON Schema to a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(schema_text(), "utf-8")


def schema_text() -> str:
    """The JSON Schema as text."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
