"""Which rules are there? Every `Rule` that a module of this folder defines."""

from __future__ import annotations

from report_build.rules import (
    abbreviations,
    editions,
    exhibits,
    headings,
    ledger,
    leftovers,
    links,
    marking,
    numbering,
    references,
    safety,
    structure,
    translation,
)
from report_build.validation import Rule

ALL: tuple[Rule, ...] = tuple(
    value
    for module in (
        references,
        numbering,
        structure,
        headings,
        exhibits,
        editions,
        abbreviations,
        ledger,
        marking,
        links,
        leftovers,
        safety,
        translation,
    )
    for value in vars(module).values()
    if isinstance(value, Rule)
)
"""In the order of the files and, within each, of their definition."""

BY_NAME = {rule.name: rule for rule in ALL}
