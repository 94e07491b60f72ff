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


def master(times: int = 1, for_countries: int = 11, formats: str = "html, pdf, docx") -> str:
    """A master of `times` 6,500 words for everyone, with a section for each country."""
    chance = random.Random(7)
    codes = countries(for_countries)
    names = [f"x{code.lower()}" for code in codes]

    def sentence() -> str:
        chosen = [chance.choice(WORDS) for _ in range(chance.randint(8, 24))]
        return " ".join(chosen).capitalize() + "."

    def paragraph() -> str:
        return " ".join(sentence() for _ in range(chance.randint(3, 7)))

    audiences = ", ".join(
        f"{name}: {{country: {code}}}" for name, code in zip(names, codes, strict=True)
    )
    lines = [
        "---", "title: A generated report", "lang: en", f"audiences: {{{audiences}}}",
        "deliverables:", f"  - {{edition: full, formats: [{formats}]}}",
        f"  - {{edition: country, for-each: [{', '.join(names)}], formats: [{formats}]}}", "---", "",
    ]  # fmt: skip
    for day in range(times):
        lines += [f"# Day {day} {{#d{day}}}", ""]
        for number in range(8):
            name = f"d{day}-s{number}"
            lines += [f"## Session {day} {number} {{#{name}}}", ""]
            for _ in range(9):
                lines += [paragraph(), ""]
            lines += [f"As @d{day}-s0 says.[^{name}]", "", f"[^{name}]: {sentence()}", ""]
            rows = [f"| {chance.choice(WORDS)} | {chance.randint(1, 99)} |" for _ in range(5)]
            lines += [
                "| Word | Count |",
                "|---|---:|",
                *rows,
                "",
                f": Words {name} {{#tbl-{name}}}",
                "",
            ]
    lines += ["# Countries {#countries}", ""]
    for name in names:
        lines += [
            f'## Of {name.upper()} {{#of-{name} audience="{name}"}}',
            "",
            paragraph(),
            "",
            paragraph(),
            "",
        ]
    return "\n".join(lines)
