"""What may the front matter say? One class for each mapping, one field for each key.

The descriptions go into `schema/front-matter.json`, which editors use. Every scalar arrives
as it was typed (see `yaml_tree`) and gets its meaning here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError

from report_build import headline
from report_build.audiences import NAME, WORDS, Condition
from report_build.audiences import parse as parse_condition
from report_build.countries import country_hint, is_country, language_problem
from report_build.diagnostics import Severity, did_you_mean

FULL, COUNTRY = "full", "country"
RESERVED = WORDS | {FULL, COUNTRY}
NUMBER = re.compile(r"[+-]?\d{1,30}(\.\d{1,30})?")
NUMBER_HINT = "write it with digits and a decimal point, such as 1200.5"
NUMERIC_DATE = re.compile(r"[\d./-]+")
"""What is meant as a date in figures, and must be one that can be told."""
DATE_HINT = "write year-month-day, such as 2017-06-22"


class Declared(NamedTuple):
    """The names of audiences and groups that a front matter declares."""

    audiences: frozenset[str]
    groups: frozenset[str] = frozenset()

    @property
    def all(self) -> frozenset[str]:
        """Names of both kinds."""
        return self.audiences | self.groups


def wrong(message: str, hint: str = "", rule: str = "front-matter-value") -> PydanticCustomError:
    """What a validator raises: pydantic collects it with all others."""
    return PydanticCustomError(rule, "{message}", {"message": message, "hint": hint})


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str | dict) else value


def _number(value: Any) -> Any:
    if isinstance(value, str) and not NUMBER.fullmatch(value.strip()):
        raise wrong(f"“{value}” is no number", NUMBER_HINT)
    return value


def _date(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value) if len(value) == 10 else date.fromisoformat("?")
    except ValueError:
        raise wrong(f"“{value}” is no date", DATE_HINT) from None


def _date_or_words(value: Any) -> date | str:
    """A day as a date; “March 2026” or “31-March-2026” as they are."""
    if not isinstance(value, str) or not value:
        raise wrong("this is no date", DATE_HINT)
    if not NUMERIC_DATE.fullmatch(value):
        return value
    found: date = _date(value)
    return found


def _country(value: str) -> str:
    if not is_country(value):
        raise wrong(f"no country has the code “{value}”", country_hint(value))
    return value


def _language(value: str) -> str:
    if problem := language_problem(value):
        raise wrong(problem, "language tags look like “en”, “es” or “pt-BR”")
    return value


def _free(name: str) -> str:
    if name in RESERVED:
        raise wrong(f"“{name}” has a meaning of its own and cannot be a name")
    return name


def _known(name: str, names: Collection[str], kind: str) -> str:
    if name not in names:
        raise wrong(
            f"no {kind} “{name}” is declared", did_you_mean(name, names), "unknown-audience"
        )
    return name


def _audience(name: str, info: ValidationInfo) -> str:
    known: Declared | None = info.context
    return _known(name, known.audiences, "audience") if known else name


def _audience_or_group(name: str, info: ValidationInfo) -> str:
    known: Declared | None = info.context
    return _known(name, known.all, "audience or group") if known else name


def _edition(name: str, info: ValidationInfo) -> str:
    known: Declared | None = info.context
    if known and name in known.groups:
        hint = f"write “edition: country” and “for-each: [{name}]”"
        raise wrong(f"“{name}” is a group, and an edition has one audience", hint)
    return _known(name, known.audiences | {FULL, COUNTRY}, "audience") if known else name


def _unrepeated(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        if values.count(value) > 1:
            raise wrong(f"“{value}” is listed twice")
    return values


Text = Annotated[str, Field(min_length=1)]


def _web_address(text: str) -> str:
    if text and not re.fullmatch(r"https?://[^\s\"'<>\\]+", text):
        raise wrong(f"“{text}” is no address of the web", "it begins with https://")
    return text


Varied = Annotated[
    str,
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {"type": "object", "additionalProperties": {"type": "string"}},
            ]
        }
    ),
]
WebAddress = Annotated[str, AfterValidator(_web_address)]
Language = Annotated[str, AfterValidator(_language)]
Country = Annotated[str, AfterValidator(_country)]
Day = Annotated[date, BeforeValidator(_date)]
When = Annotated[date | str, PlainValidator(_date_or_words, json_schema_input_type=str)]
Number = Annotated[Decimal, BeforeValidator(_number, json_schema_input_type=float | str)]
Year = Annotated[str, WithJsonSchema({"type": ["string", "integer"]})]
Key = Annotated[str, Field(pattern=rf"^{NAME.pattern}$")]
NewName = Annotated[Key, AfterValidator(_free)]
AudienceName = Annotated[str, AfterValidator(_audience)]
AudienceOrGroup = Annotated[str, AfterValidator(_audience_or_group)]
Texts = Annotated[
    tuple[Text, ...], BeforeValidator(_listed, json_schema_input_type=str | list[str])
]
AudiencesOrGroups = Annotated[
    tuple[AudienceOrGroup, ...], BeforeValidator(_listed, json_schema_input_type=str | list[str])
]
Format = Literal["html", "pdf", "docx", "epub"]
Numbering = Literal["master", "local", "both"]
TLP = ("TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED")
"""FIRST, Traffic Light Protocol 2.0."""
Part = Literal[
    "about", "key-figures", "elsewhere", "concordance", "abbreviations", "full", "colophon"
]
OnFiltered = Literal["text", "external", "omit", "error"]


class Mapped(BaseModel):
    """A mapping of the front matter; a key without a value counts as not given."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=lambda name: name.replace("_", "-"),
        populate_by_name=True,
        str_strip_whitespace=True,
    )

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {key: own for key, own in value.items() if own is not None}


class Author(Mapped):
    """A person or body that wrote the document; a text alone is a name."""

    name: Text = Field(description="The author's name as printed.")
    affiliation: Texts = Field((), description="Where the author works.")
    role: str = Field("", description="What the author did, such as “editor”.")

    @model_validator(mode="before")
    @classmethod
    def _name_alone(cls, value: Any) -> Any:
        return {"name": value} if isinstance(value, str) else value


Authors = Annotated[
    tuple[Author, ...],
    BeforeValidator(_listed, json_schema_input_type=str | Author | list[str | Author]),
]


class Event(Mapped):
    """The event that the document reports on."""

    name: str = Field("", description="What the event was called.")
    place: str = Field("", description="Where it was held.")
    start: Day | None = Field(None, description="Its first day.")
    end: Day | None = Field(None, description="Its last day.")
    hosts: Texts = Field((), description="Who held it.")

    @field_validator("end")
    @classmethod
    def _not_before_start(cls, end: date | None, info: ValidationInfo) -> date | None:
        start = info.data.get("start")
        if start and end and end < start:
            raise wrong(f"the event ends ({end}) before it starts ({start})")
        return end


class HeadingLevel(Mapped):
    """What the headings of one level are, and how they are numbered."""

    kind: Literal["day", "part", "chapter", "section", "annex"] = Field(
        description="What a heading of this level starts."
    )
    style: Literal["arabic", "roman", "words", "letters"] = Field(
        "arabic", description="How its number is written: 2, II, Two or B."
    )


class People(Mapped):
    """Who took part, for the check under the Chatham House Rule; nothing of it is printed."""

    names: Texts = Field((), description="Persons that the text may not name.")
    allowed: Texts = Field((), description="Those of them, or others, that it may name.")


class Audience(Mapped):
    """Someone that an edition can be made for: a country, or anyone with a title."""

    country: Country | None = Field(
        None, description="The country's ISO 3166-1 alpha-3 code; its name comes from CLDR."
    )
    title: str = Field("", description="The name of an audience that is no country.")
    names: Texts = Field((), description="Other words that the text calls it by, such as Honduran.")
    lang: Language = Field("", description="The language of its edition (BCP 47).")

    @model_validator(mode="after")
    def _one_of_two(self) -> Audience:
        if bool(self.country) == bool(self.title):
            raise wrong("an audience has either a country or a title", "give one of the two")
        return self


class Quantity(Mapped):
    """A quantity of the number ledger."""

    value: Number = Field(description="The number; the lower one of a range.")
    to: Number | None = Field(None, description="The upper number of a range.")
    unit: str = Field("", description="What is counted, such as percent.")
    country: AudiencesOrGroups = Field((), description="The audiences that it is about.")
    qualifier: str = Field("", description="What limits it, such as “about” or “over”.")
    year: Year = Field("", description="The year or years that it holds for, as printed.")
    label: Text = Field(description="What it measures.")
    short: str = Field("", description="The label where there is little room.")
    source: str = Field("", description="Where it comes from: words, or “@id” of a section.")


class DeliverableEntry(Mapped):
    """Editions and the formats that they are made in."""

    edition: Annotated[str, AfterValidator(_edition)] = Field(
        description="`full`, `country` (one edition for each name of `for-each`) or an audience."
    )
    for_each: AudiencesOrGroups = Field(
        (), description="The audiences or groups of `country`; none means all countries."
    )
    formats: Annotated[tuple[Format, ...], AfterValidator(_unrepeated)] = Field(
        min_length=1, description="The formats to make."
    )
    numbering: Numbering | None = Field(None, description="Overrides the document's numbering.")
    lang: Language = Field("", description="The language of these editions (BCP 47).")
    title: str = Field("", description="Overrides the document's title.")
    subtitle: str = Field("", description="Overrides the document's subtitle.")
    marking: str = Field("", description="Overrides the document's marking.")
    content: Literal["all", "own", "digest", "proof"] = Field(
        "all",
        description="What they hold: all that they get, only what names the audience (`own`), only "
        "key points (`.key-point`), or everything with marks of who gets it (`proof`).",
    )
    cover: str = Field("", description="A line on the cover, below the edition's name.")
    before: tuple[Part, ...] | None = Field(None, description="The parts before the text.")
    after: tuple[Part, ...] | None = Field(None, description="The parts after the text.")
    templates: str = Field(
        "", description="A folder of the project whose templates replace the others here."
    )
    on_filtered: OnFiltered | None = Field(
        None, description="Overrides what the document says about references to what is left out."
    )

    @field_validator("for_each")
    @classmethod
    def _of_country_only(cls, names: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if names and info.data.get("edition", COUNTRY) != COUNTRY:
            raise wrong("“for-each” goes with “edition: country” only")
        return names


def _is_varied(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(text, str) for text in value.values())


VARIED = ("title", "subtitle", "description", "marking")
"""Keys whose value may depend on the audience."""
ELSE = "else"


class FrontMatter(Mapped):
    """All that a master says about itself before its text.

    `title`, `subtitle`, `description` and `marking` are texts, or texts by condition with one
    for `else`: `subtitle: {hnd: For Honduras, else: For all}`.
    """

    title: Varied = Field(description="The title of the document.", min_length=1)
    subtitle: Varied = Field("", description="The subtitle.")
    short_title: str = Field("", description="The title as running heads have it.")
    lang: Language = Field(description="The language of the text (BCP 47), such as en.")
    date: When | None = Field(
        None, description="The date of publication, YYYY-MM-DD, or words to be printed as they are."
    )
    author: Authors = Field((), description="Who wrote it: a name, or a list of authors.")
    publisher: str = Field("", description="Who publishes it.")
    variables: Mapping[Key, Text] = Field(
        {}, description="Words of your own, for `{{< meta name >}}`."
    )
    description: Varied = Field("", description="What it is about, in a sentence or two.")
    keywords: Texts = Field((), description="Words to find it by.")
    event: Event | None = Field(None, description="The event that it reports on.")
    series: str = Field("", description="The series that it belongs to, for the list of editions.")
    marking: Varied = Field("", description="A marking that stands on every page.")
    markings: tuple[Text, ...] = Field(
        TLP, description="Markings that blocks can have, from the lowest to the highest."
    )
    headings: tuple[HeadingLevel, ...] = Field(
        (), description="What headings are and how they are numbered, level by level."
    )
    audiences: Mapping[NewName, Audience] = Field(
        {}, description="Everyone that an edition can be made for, by a short name."
    )
    groups: Mapping[NewName, tuple[AudienceName, ...]] = Field(
        {}, description="Names for several audiences at once."
    )
    abbreviations: Mapping[str, Text] = Field(
        {}, description="Abbreviations and what they stand for."
    )
    figures: Mapping[Key, Quantity] = Field(
        {}, description="The number ledger: each quantity once, by its id."
    )
    deliverables: tuple[DeliverableEntry, ...] = Field(
        (DeliverableEntry(edition=FULL, formats=("html", "pdf", "docx")),),
        description="Which editions are made, in which formats.",
    )
    numbering: Numbering = Field(
        "master", description="Whether editions keep the master's numbers."
    )
    ids: Literal["plain", "github", "pandoc"] = Field(
        "plain",
        description="How ids are made from titles: plain ASCII, or as GitHub or pandoc make them.",
    )
    lists: tuple[Literal["figures", "tables"], ...] = Field(
        (), description="Which lists stand after the contents: of figures, of tables."
    )
    on_filtered: OnFiltered = Field(
        "text", description="What becomes of a reference to what an edition leaves out."
    )
    bibliography: Texts = Field(
        (), description="Files of the works that the text cites: .bib or CSL .json."
    )
    people: People = Field(People(), description="Who took part, and who may be named.")
    placeholders: Texts = Field(
        (), description="Words that mark what is still to be done, besides the usual ones."
    )
    rules: Mapping[str, Severity] = Field({}, description="How bad each rule's problems are.")
    rules_by_file: Mapping[str, Mapping[str, Severity]] = Field(
        {}, description="How bad they are in single files, by their paths in the project."
    )
    base_url: WebAddress = Field("", description="Where the deliverables are published.")
    headline: SkipJsonSchema[str] = Field("", description="The title with its marks (`headline`).")
    variants: SkipJsonSchema[Mapping[str, tuple[tuple[str, str], ...]]] = Field(
        {}, description="The texts by condition of each key that has such."
    )

    @model_validator(mode="before")
    @classmethod
    def _by_condition(cls, value: Any, info: ValidationInfo) -> Any:
        if not isinstance(value, dict) or "variants" in value:
            return value
        found = {key: value[key] for key in VARIED if _is_varied(value.get(key))}
        variants = {
            key: tuple((c, t) for c, t in own.items() if c != ELSE) for key, own in found.items()
        }
        new = {**value, **{key: own.get(ELSE, "") for key, own in found.items()}}
        if isinstance(title := new.get("title"), str):
            new |= {"title": headline.plain(title), "headline": title}
        return {**new, "variants": variants}

    def said(self, key: str, names: frozenset[str]) -> str:
        """The text of a key for an edition that goes by these names."""
        for condition, text in self.variants.get(key, ()):
            parsed, _ = parse_condition(condition)
            if names and parsed and parsed.holds(names):
                return text
        return str(getattr(self, "headline" if key == "title" else key))

    @property
    def day(self) -> Day | None:
        """The day of publication, if the date is one."""
        return None if isinstance(self.date, str) else self.date

    @property
    def audience_names(self) -> tuple[str, ...]:
        """The names of the audiences, in their order."""
        return tuple(self.audiences)

    @cached_property
    def conditions(self) -> dict[tuple[object, ...], Condition]:
        """What conditions of the text mean, by what they say: each is read once."""
        return {}

    @cached_property
    def known_names(self) -> frozenset[str]:
        """The names of audiences and groups, which conditions may use."""
        return frozenset(self.audiences) | frozenset(self.groups)

    @property
    def authors(self) -> tuple[str, ...]:
        """The names of the authors."""
        return tuple(author.name for author in self.author)

    def groups_of(self, name: str) -> tuple[str, ...]:
        """The groups that an audience is in."""
        return self._groups.get(name, ())

    @cached_property
    def _groups(self) -> dict[str, tuple[str, ...]]:
        members = {name for group in self.groups.values() for name in group}
        return {
            name: tuple(group for group, names in self.groups.items() if name in names)
            for name in members
        }

    def expand(self, names: Iterable[str]) -> tuple[str, ...]:
        """Groups replaced by their audiences; each audience once, in order."""
        return tuple(dict.fromkeys(one for name in names for one in self.groups.get(name, (name,))))

    @property
    def variable_names(self) -> tuple[str, ...]:
        """The names that `{{< meta name >}}` may use, such as event.place."""
        return tuple(dict(self._texts()))

    def lookup(self, name: str) -> str | None:
        """The text of a variable; a list's texts are separated by commas."""
        return dict(self._texts()).get(name)

    def _texts(self) -> Iterator[tuple[str, str]]:
        yield from self.variables.items()
        singles = {"title", "subtitle", "lang", "date", "publisher", "description", "marking"}
        for name, value in self.model_dump(mode="json", by_alias=True, include=singles).items():
            yield from [(name, value)] if value else []
        for name, texts in (("author", self.authors), ("keywords", self.keywords)):
            yield from [(name, ", ".join(texts))] if texts else []
        event = self.event.model_dump(mode="json", by_alias=True) if self.event else {}
        for name, value in event.items():
            text = value if isinstance(value, str) else ", ".join(value or ())
            yield from [(f"event.{name}", text)] if text else []
