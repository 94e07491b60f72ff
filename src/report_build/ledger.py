"""How is a quantity of the number ledger printed?"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from report_build.labels import Labels

SIGNS = ("percent", "usd", "rank", "", None)
"""Units that are part of how the number is written; all others are words."""

EN_DASH = "\N{EN DASH}"
NBSP = "\N{NO-BREAK SPACE}"


def printed(figure: Any, labels: Labels) -> str:
    """The quantity as the language of the labels writes it, such as “about 60–75%”."""
    text = amount(figure, labels)
    return f"{labels('qualifier-' + figure.qualifier)} {text}" if figure.qualifier else text


def number_and_unit(figure: Any, labels: Labels) -> tuple[str, str]:
    """The quantity and, apart from it, the word that is counted: (“36”, “activities”)."""
    if figure.unit in SIGNS:
        return amount(figure, labels), ""
    return _range(figure.value, figure.to, labels), figure.unit


def amount(figure: Any, labels: Labels) -> str:
    """The quantity without its qualifier."""
    low, high = figure.value, figure.to
    match figure.unit:
        case "percent":
            return _percent(low, high, labels)
        case "usd":
            return labels.money(low, "USD")
        case "rank":
            return labels.ordinal(int(low))
        case "" | None:
            return _range(low, high, labels)
        case unit:
            return f"{_range(low, high, labels)}{NBSP}{unit}"


def _range(low: Decimal, high: Decimal | None, labels: Labels) -> str:
    text = labels.number(low)
    return f"{text}{EN_DASH}{labels.number(high)}" if high is not None else text


def _percent(low: Decimal, high: Decimal | None, labels: Labels) -> str:
    if high is None:
        return labels.percent(low)
    return f"{labels.number(low)}{EN_DASH}{labels.percent(high)}"
