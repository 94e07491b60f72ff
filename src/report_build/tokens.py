"""Which tokens may a theme have, and where is one wrong?

One class for each mapping of `theme.yml`, one field for each token. All mistakes are told at
once, each at its key or value in the file that it came from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from report_build.brand import NAME as BRAND
from report_build.brand import as_theme
from report_build.diagnostics import ContentError, Diagnostic, Place, Severity, did_you_mean
from report_build.source import Source
from report_build.yaml_tree import Tree, YamlTree, read_yaml

PathOf = tuple[str | int, ...]

ROLES = (
    "title", "subtitle", "heading-1", "heading-2", "heading-3", "heading-4", "heading-number",
    "body", "first-paragraph", "list", "quotation", "callout", "callout-title", "question",
    "table", "table-header", "caption", "caption-label", "footnote", "code",
    "contents-title", "contents-1", "contents-2", "contents-3",
    "running-head", "page-number", "marking",
    "cover-marking", "cover-title", "cover-subtitle", "cover-edition", "cover-event",
    "cover-label", "cover-publisher",
    "key-figure-value", "key-figure-label", "key-figure-note",
)  # fmt: skip


class Mapped(BaseModel):
    """A mapping of tokens; an unknown one is an error."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=lambda name: name.replace("_", "-"),
        populate_by_name=True,
    )


Hex = Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]
Positive = Annotated[float, Field(gt=0)]
Length = Annotated[float, Field(ge=0)]
Pair = tuple[Length, Length]


class Meta(Mapped):
    name: str = ""


class Schemes(Mapped):
    light: str
    dark: str


Shade = str | Schemes


class Colors(Mapped):
    palette: Mapping[str, Hex]
    foreground: Shade
    background: Shade
    primary: Shade
    secondary: Shade
    accent: Shade
    surface: Shade
    rule: Shade
    field: Shade
    on_field: Shade
    on_field_accent: Shade

    def named(self) -> Iterator[tuple[str, str, str]]:
        """Name, and the palette's names for a light and a dark screen."""
        for key in type(self).model_fields:
            value = getattr(self, key)
            if isinstance(value, str):
                yield key.replace("_", "-"), value, value
            elif isinstance(value, Schemes):
                yield key.replace("_", "-"), value.light, value.dark

    def scheme(self, which: str) -> dict[str, str]:
        """Name → `#rrggbb` in one scheme."""
        pairs = ((name, dark if which == "dark" else light) for name, light, dark in self.named())
        return {name: self.palette.get(color, color) for name, color in pairs}


class FontTokens(Mapped):
    """A family, and which of its faces are cut from the package's variable fonts."""

    family: str
    package: str = ""
    file: str = ""
    """A font file beside the theme, in the place of a package."""
    fallback: bool = False
    """Whether it is for the characters that the other families lack, and keeps all of its own."""
    weight: tuple[int, ...] = (400,)
    style: tuple[Literal["normal", "italic"], ...] = ("normal",)
    optical_size: float | None = None


class Base(Mapped):
    family: str
    size: Positive
    line_height: Positive


class Family(Mapped):
    family: str


class Link(Mapped):
    color: str
    decoration: Literal["underline", "none"] = "underline"


class Scale(Mapped):
    ratio: Annotated[float, Field(gt=1)]


class Typography(Mapped):
    fonts: tuple[FontTokens, ...]
    base: Base
    headings: Family
    display: Family
    monospace: Family
    link: Link
    scale: Scale
    screen: Positive

    def family(self, font: str) -> str:
        """The family of `base`, `headings`, `display` or `monospace`."""
        return cast("Family", getattr(self, font)).family


class Margin(Mapped):
    top: Length
    right: Length
    bottom: Length
    left: Length


class PageTokens(Mapped):
    size: Literal["a4", "letter"]
    margin: Margin
    hang: Length


class Spacing(Mapped):
    list_indent: Length
    quotation_indent: Length
    measure: Positive


class Table(Mapped):
    padding: Pair
    rule: Length
    frame: Length


class Callout(Mapped):
    padding: Pair
    bar: Length


class Cover(Mapped):
    field: Length


class RoleTokens(Mapped):
    font: Literal["base", "headings", "display", "monospace"]
    step: float = 0
    weight: Literal["regular", "bold"] = "regular"
    style: Literal["normal", "italic"] = "normal"
    line_height: Positive | None = None
    tracking: float = 0
    caps: bool = False
    ink: str = "foreground"
    on: str = "background"
    before: Length = 0
    after: Length = 0
    align: Literal["left", "right", "center", "justify"] = "left"
    keep: bool = False


class Tokens(Mapped):
    """All of a theme."""

    meta: Meta = Meta()
    color: Colors
    typography: Typography
    page: PageTokens
    spacing: Spacing
    table: Table
    callout: Callout
    cover: Cover
    roles: Mapping[str, RoleTokens]


@dataclass(frozen=True)
class Reading:
    """What the files say; `tokens` is None where that is wrong."""

    tokens: Tokens | None
    files: tuple[tuple[Source, YamlTree], ...]
    diagnostics: tuple[Diagnostic, ...] = ()

    def place(self, path: PathOf, key: bool = False) -> Place:
        """Where a token stands, in the last file that has it; else its nearest parent."""
        while path:
            for source, tree in reversed(self.files):
                spans = {**tree.spans, **tree.keys} if key else {**tree.keys, **tree.spans}
                if path in spans:
                    return source.place(*spans[path])
            path = path[:-1]
        return self.files[-1][0].place(0, 0)


def read(paths: Sequence[Path]) -> Reading:
    """The tokens of these files; each later one overrides single tokens."""
    files = tuple(_file(path) for path in paths)
    reading = Reading(None, files)
    syntax = tuple(_syntax(files))
    if syntax:
        return Reading(None, files, syntax)
    merged: Tree = {}
    for path, (_, tree) in zip(paths, files, strict=True):
        merged = _merged(merged, as_theme(tree.value) if path.name == BRAND else tree.value)
    _add_fonts(merged)
    try:
        tokens = Tokens.model_validate(merged)
    except ValidationError as error:
        found = tuple(_diagnostic(each, reading) for each in error.errors(include_url=False))
        return Reading(None, files, found)
    wrong = tuple(_meaning(tokens, reading))
    return Reading(None if wrong else tokens, files, wrong)


def _file(path: Path) -> tuple[Source, YamlTree]:
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        problem = Diagnostic("theme", Severity.ERROR, None, f"{path} cannot be read: {reason}")
        raise ContentError([problem]) from None
    return Source(_shown(path), text), read_yaml(text)


def _shown(path: Path) -> str:
    return path.name if path.is_absolute() else str(path)


def _syntax(files: Sequence[tuple[Source, YamlTree]]) -> Iterator[Diagnostic]:
    for source, tree in files:
        for mistake in tree.mistakes:
            place = source.place(*mistake.span)
            yield Diagnostic("theme", Severity.ERROR, place, mistake.message, mistake.hint)


def _merged(old: Tree, new: Tree) -> Tree:
    if not (isinstance(old, dict) and isinstance(new, dict)):
        return old if new is None else new
    return {**old, **{key: _merged(old.get(key), value) for key, value in new.items()}}


def _add_fonts(merged: Tree) -> None:
    """A brand's fonts come besides those that are there."""
    typography: Any = merged.get("typography") if isinstance(merged, dict) else None
    if isinstance(typography, dict) and "fonts+" in typography:
        added = typography.pop("fonts+")
        known = {font.get("family") for font in typography.get("fonts", ())}
        more = [font for font in added if font["family"] not in known]
        typography["fonts"] = [*typography.get("fonts", ()), *more]


def _diagnostic(error: ErrorDetails, reading: Reading) -> Diagnostic:
    path = tuple(part for part in error["loc"] if part not in ("str", "Schemes"))
    name = ".".join(str(part) for part in path)
    unknown = error["type"] == "extra_forbidden"
    hint = did_you_mean(str(path[-1]), _names(path[:-1])) if unknown else ""
    message = f"unknown token “{name}”" if unknown else f"{name}: {_said(error)}"
    rule = "unknown-token" if unknown else "theme"
    return Diagnostic(rule, Severity.ERROR, reading.place(path, key=unknown), message, hint)


def _said(error: ErrorDetails) -> str:
    if error["type"] == "missing":
        return "this token is missing"
    given = error["input"]
    shown = f"“{given}”: " if isinstance(given, str) else ""
    return shown + error["msg"].replace("Input should", "should").replace("String should", "should")


def _names(path: PathOf) -> list[str]:
    """The tokens that a mapping may have."""
    model: Any = Tokens
    for part in path:
        if not (isinstance(model, type) and issubclass(model, BaseModel)):
            model = RoleTokens if path[0] == "roles" else FontTokens
            break
        fields = {field.alias: field.annotation for field in model.model_fields.values()}
        model = fields.get(str(part), Tokens)
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        model = RoleTokens if path[:1] == ("roles",) else FontTokens
    return [str(field.alias) for field in model.model_fields.values()]


def _meaning(tokens: Tokens, reading: Reading) -> Iterator[Diagnostic]:
    """Names that lead nowhere: colours, families and roles."""

    def unknown(path: PathOf, what: str, name: str, known: Sequence[str]) -> Diagnostic:
        message, hint = f"no {what} “{name}”", did_you_mean(name, known)
        return Diagnostic("unknown-token", Severity.ERROR, reading.place(path), message, hint)

    palette, named = list(tokens.color.palette), [name for name, *_ in tokens.color.named()]
    for name, *shades in tokens.color.named():
        for shade in dict.fromkeys(shades):
            if shade not in palette:
                yield unknown(("color", name), "colour in the palette", shade, palette)
    families = [font.family for font in tokens.typography.fonts]
    for font in ("base", "headings", "display", "monospace"):
        family = tokens.typography.family(font)
        if family not in families:
            yield unknown(("typography", font, "family"), "font", family, families)
    if tokens.typography.link.color not in named:
        yield unknown(
            ("typography", "link", "color"), "colour", tokens.typography.link.color, named
        )
    for name, role in tokens.roles.items():
        if name not in ROLES:
            yield unknown(("roles", name), "role", name, ROLES)
        for key in ("ink", "on"):
            if getattr(role, key) not in named:
                yield unknown(("roles", name, key), "colour", getattr(role, key), named)
    for name in ROLES:
        if name not in tokens.roles:
            message = f"the role “{name}” is missing"
            yield Diagnostic("theme", Severity.ERROR, reading.place(("roles",)), message)
