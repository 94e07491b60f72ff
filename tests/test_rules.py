"""Does each rule find what its manual page calls bad, and nothing in what it calls good?"""

from __future__ import annotations

import re
import textwrap

import pytest

from report_build import rules
from report_build.pandoc import Pandoc
from report_build.validation import Rule
from support import checked

EXAMPLE = re.compile(r"^ *(Bad|Good):\n((?:\n|^ .*\n?)*?)(?=^ *(?:Bad|Good):|\Z)", re.M)


def examples(rule: Rule) -> list[tuple[str, str]]:
    """The examples of a rule's manual page."""
    manual = textwrap.dedent("    " + rule.manual)
    return [(m[1], textwrap.dedent(m[2]).strip() + "\n") for m in EXAMPLE.finditer(manual)]


CASES = [
    pytest.param(rule, kind, text, id=f"{rule.name}-{kind}-{index}")
    for rule in rules.ALL
    for index, (kind, text) in enumerate(examples(rule))
]


@pytest.mark.parametrize(("rule", "kind", "text"), CASES)
def test_examples(rule: Rule, kind: str, text: str, pandoc: Pandoc) -> None:
    names = {one.rule for one in checked(text, pandoc).diagnostics}
    assert (rule.name in names) == (kind == "Bad"), names


@pytest.mark.parametrize("rule", rules.ALL, ids=lambda rule: rule.name)
def test_every_rule_has_both_kinds_of_example(rule: Rule) -> None:
    assert {kind for kind, _ in examples(rule)} == {"Bad", "Good"}
