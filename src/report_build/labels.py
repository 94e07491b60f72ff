"""How does the product say what it writes itself, in each language?

The words are in `templates/labels/<lang>.yml`; a language without a file of its own falls back,
es-GT → es → en. Numbers, months and plurals come from CLDR.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date as Day  # noqa: N812 (`date` is a method)
from decimal import Decimal
from functools import cached_property, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import get_month_names
from babel.numbers import (
    format_compact_decimal,
    format_currency,
    format_decimal,
    format_percent,
    get_decimal_symbol,
)

from report_build.diagnostics import ContentError, Diagnostic, Severity, did_you_mean
from report_build.source import Source
from report_build.yaml_tree import read_yaml

FALLBACK = "en"
LARGE = 1_000_000
"""From here on sums are said in words: $3 billion."""

KIB, MIB = 1_000, 1_000_000
NBSP = "\N{NO-BREAK SPACE}"


class UnknownLabelError(LookupError):
    """The code or a template asks for words that no language has."""


@dataclass(frozen=True)
class Labels:
    """The words of one language. `labels("page-of", page=3, pages=20)` → “Page 3 of 20”."""

    lang: str
    words: Mapping[str, Any]
    folders: tuple[Path, ...] = ()
    """Where the words are from."""

    def of_part(self, lang: str) -> Labels:
        """The words of another language, for a part of the text that is in it."""
        return self if lang == self.lang else load(lang, *self.folders)

    def __call__(self, key: str, **values: object) -> str:
        """The words of a key with its placeholders filled; a missing one of either is an error."""
        text = self._found(key)
        if not isinstance(text, str):
            raise UnknownLabelError(f"the label “{key}” is no text")
        if "country" in values:
            values["country"] = self.in_sentence(str(values["country"]))
        try:
            return text.format(**values)
        except KeyError as missing:
            raise UnknownLabelError(f"the label “{key}” needs a value for {missing}") from None

    def _found(self, key: str) -> Any:
        if key not in self.words:
            hint = did_you_mean(key, self.words)
            raise UnknownLabelError(f"no label “{key}”" + (f"; {hint}" if hint else ""))
        return self.words[key]

    def has(self, key: str) -> bool:
        """Whether there is such a label."""
        return key in self.words

    # ------------------------------------------------------------------ words

    def noun(
        self, kind: str, plural: bool = False, capital: bool = False, small: bool = False
    ) -> str:
        """What a number belongs to: “Section”, “secciones”."""
        nouns = self._found("nouns")
        if kind not in nouns:
            raise UnknownLabelError(f"no noun “{kind}”")
        word: str = nouns[kind][plural]
        if capital:
            return word[0].upper() + word[1:]
        return word[0].lower() + word[1:] if small else word

    @property
    def all_nouns(self) -> Sequence[str]:
        """What may stand before a number, singular and plural."""
        return [word for words in self._found("nouns").values() for word in words]

    def article(self, kind: str, plural: bool = False) -> str:
        """What a noun needs before it in a sentence: «la», «los»; nothing in English."""
        articles = self._found("articles")
        return str(articles[kind][plural]) if kind in articles else ""

    def is_determiner(self, word: str) -> bool:
        """Whether a word leaves no need of an article after it: «la», «cada», “this”."""
        return word.casefold() in self._found("determiners")

    def contracted(self, word: str, article: str) -> str:
        """A word and the article after it as one: «de» and «el» are «del»; else nothing."""
        found = str(self._found("contractions").get(f"{word.lower()} {article}", ""))
        return found[:1].upper() + found[1:] if word[:1].isupper() else found

    def named_number(self, kind: str, count: int) -> str:
        """A number that says what it belongs to: “Day Two”; digits where there is no word."""
        numbers = self._found("number-words")
        number = numbers[count - 1] if 0 < count <= len(numbers) else str(count)
        return self("numbered", noun=self.noun(kind, capital=True), number=number)

    def quotes(self, single: bool = False) -> tuple[str, str]:
        """Opening and closing quotation mark."""
        marks = self._found("quotes")
        return (marks[2], marks[3]) if single else (marks[0], marks[1])

    def quoted(self, text: str) -> str:
        """A text in quotation marks."""
        opening, closing = self.quotes()
        return f"{opening}{text}{closing}"

    def in_sentence(self, country: str) -> str:
        """A country's name with the article that a sentence needs: “the United States”."""
        return str(self._found("countries").get(country, country))

    def listed(self, items: Iterable[str]) -> str:
        """“a, b and c”."""
        *first, last = list(items) or [""]
        return f"{', '.join(first)} {self('and')} {last}" if first else last

    def edition(self, edition: Any) -> str:
        """What an edition is called: “Report for Honduras”, “Full report: key points”."""
        name = self("full-report") if edition.is_full else self("report-for", country=edition.name)
        kind = f"kind-{edition.content}"
        return self("edition-kind", edition=name, kind=self(kind)) if self.has(kind) else name

    def counted(self, key: str, count: int) -> str:
        """A count with its word: “1 page”, “20 pages”."""
        return self._plural(key, count).format(count=self.number(Decimal(count)))

    def ordinal(self, number: int) -> str:
        """“14th”."""
        return self._plural("ordinal", number, ordinal=True).format(number=number)

    def _plural(self, key: str, count: int, ordinal: bool = False) -> str:
        forms = self._found(key)
        rule = self.locale.ordinal_form if ordinal else self.locale.plural_form
        return str(forms.get(rule(count)) or forms["other"])

    def language(self, tag: str) -> str:
        """A language's own name: “Español”."""
        name = _locale(tag).get_display_name() or tag
        return name[0].upper() + name[1:]

    # ------------------------------------------------------------------ numbers and dates

    @cached_property
    def locale(self) -> Locale:
        """CLDR's rules for the language."""
        return _locale(self.lang)

    def number(self, value: Decimal) -> str:
        """“1,200”."""
        grouped = abs(value) >= int(self._found("group-from"))
        return format_decimal(value, locale=self.locale, group_separator=grouped)

    def percent(self, value: Decimal) -> str:
        """“3.5%” of 3.5."""
        exact = Decimal(value) / 100
        return format_percent(exact, locale=self.locale, decimal_quantization=False)

    def money(self, value: Decimal, currency: str) -> str:
        """“$250”, “$3 billion”."""
        if value >= LARGE and currency == "USD":
            amount = format_compact_decimal(
                value, format_type="long", locale=self.locale, fraction_digits=1
            )
            return self("usd-large", amount=amount.replace(" ", NBSP))
        text = format_currency(value, currency, locale=self.locale)
        cents = get_decimal_symbol(self.locale) + "00"
        return text.replace(cents, "") if value == int(value) else text

    def size(self, count: int) -> str:
        """The size of a file: “240 kB”, “1.2 MB”."""
        unit, divisor, digits = ("MB", MIB, 1) if count >= MIB else ("kB", KIB, 0)
        number = round(Decimal(max(count, KIB)) / divisor, digits)
        return f"{self.number(number)}{NBSP}{unit}"

    def date(self, day: Day | str) -> str:
        """“22 June 2017”; words are as they are."""
        if isinstance(day, str):
            return day
        return self("date-long", day=day.day, month=self._month(day), year=day.year)

    def dates(self, start: Day, end: Day | None = None) -> str:
        """“20–22 June 2017”."""
        end = end or start
        first, last = start.day, end.day
        if start == end:
            return self("dates-day", date=self.date(start))
        if start.year != end.year:
            return self("dates-years", start=self.date(start), end=self.date(end))
        if start.month != end.month:
            return self("dates-in-year", first=first, first_month=self._month(start),
                        last=last, last_month=self._month(end), year=end.year)  # fmt: skip
        month = self._month(start)
        return self("dates-in-month", first=first, last=last, month=month, year=end.year)

    def _month(self, day: Day) -> str:
        return str(get_month_names("wide", locale=self.locale)[day.month])


def packaged() -> Path:
    """The folder of the templates and labels that come with the tool."""
    inside = Path(str(files("report_build"))) / "templates"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "templates"


def load(lang: str, *folders: Path) -> Labels:
    """The labels of a language, from template folders of which the first one wins."""
    words: dict[str, Any] = {}
    for tag in _chain(lang):
        for folder in folders:
            path = folder / "labels" / f"{tag}.yml"
            if path.is_file():
                words = {**_read(path), **words}
    if not words:
        where = ", ".join(str(folder) for folder in folders)
        raise UnknownLabelError(f"no labels in {where}")
    return Labels(lang, words, folders)


def _chain(lang: str) -> Sequence[str]:
    parts = lang.split("-")
    tags = ["-".join(parts[:length]) for length in range(len(parts), 0, -1)]
    return list(dict.fromkeys([*tags, FALLBACK]))


def _read(path: Path) -> dict[str, Any]:
    return _words_of(path.read_text("utf-8"), path.name)


@lru_cache(maxsize=64)
def _words_of(text: str, name: str) -> dict[str, Any]:
    tree = read_yaml(text)
    if tree.mistakes or not isinstance(tree.value, dict):
        source = Source(f"labels/{name}", text)
        mistakes = [(m.span, m.message, m.hint) for m in tree.mistakes]
        found = mistakes or [((0, 1), "this file is no mapping", "")]
        raise ContentError(
            Diagnostic("labels", Severity.ERROR, source.place(*span), message, hint)
            for span, message, hint in found
        )
    return {key: value for key, value in tree.value.items() if value is not None}


def _locale(tag: str) -> Locale:
    for part in _chain(tag):
        try:
            return Locale.parse(part, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale(FALLBACK)
