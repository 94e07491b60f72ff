"""Masters of any length and for any number of countries, always the same for the same size."""

from __future__ import annotations

import random

from report_build.countries import alpha_2

WORDS = [
    "the",
    "of",
    "and",
    "to",
    "in",
    "security",
    "networks",
    "crime",
    "regional",
    "states",
    "border",
    "cooperation",
    "illicit",
    "trade",
    "judicial",
    "police",
    "institutions",
    "violence",
    "policy",
    "partners",
    "agencies",
    "intelligence",
    "capacity",
    "reform",
    "citizens",
    "drug",
    "trafficking",
    "communities",
    "government",
    "strategy",
    "information",
    "trust",
    "development",
]


def countries(count: int) -> list[str]:
    """Codes of so many countries."""
    return sorted(alpha_2())[:count]


def master(times: int = 1, formats: str = "html, pdf, docx") -> str:
    """A master of `times` 6,500 words for everyone, with a section for each of eleven countries."""
    text = _Text()
    lines = text.begun(names(11), formats)
    for day in range(times):
        lines += text.day(day, sessions=8, paragraphs=9)
    lines += text.of_countries(names(11), paragraphs=2)
    return "\n".join(lines)


def proceedings(count: int) -> str:
    """A master as proceedings are: 2,700 words for everyone, and 340 for each of the countries."""
    text = _Text()
    lines = text.begun(names(count), "html, pdf, docx")
    for day in range(3):
        lines += text.day(day, sessions=3, paragraphs=3)
    lines += text.of_countries(names(count), paragraphs=4)
    return "\n".join(lines)


def names(count: int) -> list[str]:
    """What so many countries are called as audiences."""
    return [f"x{code.lower()}" for code in countries(count)]


class _Text:
    """The same words for the same questions, asked in the same order."""

    def __init__(self) -> None:
        self.chance = random.Random(7)

    def sentence(self) -> str:
        chosen = [self.chance.choice(WORDS) for _ in range(self.chance.randint(8, 24))]
        return " ".join(chosen).capitalize() + "."

    def paragraph(self) -> str:
        return " ".join(self.sentence() for _ in range(self.chance.randint(3, 7)))

    def begun(self, named: list[str], formats: str) -> list[str]:
        """The front matter."""
        audiences = ", ".join(f"{name}: {{country: {name[1:].upper()}}}" for name in named)
        return [
            "---", "title: A generated report", "lang: en", f"audiences: {{{audiences}}}",
            "deliverables:", f"  - {{edition: full, formats: [{formats}]}}",
            f"  - {{edition: country, for-each: [{', '.join(named)}], formats: [{formats}]}}",
            "---", "",
        ]  # fmt: skip

    def day(self, day: int, sessions: int, paragraphs: int) -> list[str]:
        """Sessions for everyone, each with a reference, a note and a table."""
        lines = [f"# Day {day} {{#d{day}}}", ""]
        for number in range(sessions):
            name = f"d{day}-s{number}"
            lines += [f"## Session {day} {number} {{#{name}}}", ""]
            for _ in range(paragraphs):
                lines += [self.paragraph(), ""]
            lines += [f"As @d{day}-s0 says.[^{name}]", "", f"[^{name}]: {self.sentence()}", ""]
            rows = [
                f"| {self.chance.choice(WORDS)} | {self.chance.randint(1, 99)} |" for _ in range(5)
            ]
            lines += ["| Word | Count |", "|---|---:|", *rows, "", f": Words {name} {{#tbl-{name}}}", ""]  # fmt: skip
        return lines

    def of_countries(self, named: list[str], paragraphs: int) -> list[str]:
        """A section for each country."""
        lines = ["# Countries {#countries}", ""]
        for name in named:
            lines += [f'## Of {name.upper()} {{#of-{name} audience="{name}"}}', ""]
            for _ in range(paragraphs):
                lines += [self.paragraph(), ""]
        return lines
