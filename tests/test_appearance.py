"""Is the look of each role read back rightly, and is what differs from the theme found?"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from report_build import appearance, templates, theme
from report_build.appearance import PAPER, WORD, Seen, paper, word
from report_build.theme import Role, Theme
from support import finished

TEXT = """---
date: 2026-03-12
publisher: A centre
marking: Chatham House Rule
---

# Perceptions {#sec-a}

The first paragraph of a section. See @tbl-town.[^n]

Another paragraph, with *emphasis*.

*A paragraph that is all emphasis.*

> Words of others.

| Place | Count |
|-------|------:|
| Town  |     4 |

: Counts of the town {#tbl-town}

## [Detalles]{lang=es} {#sec-b}

Text.

### Oil {#sec-c}

Text.

#### Even more {#sec-d}

Text.

[^n]: A note.
"""
THEME = theme.load(templates.templates_folder() / "theme.yml")
SEEN = {
    PAPER: {
        "cover-title", "contents-title", "contents-1", "contents-2", "contents-3", "heading-1",
        "heading-2", "heading-3", "heading-4", "body", "quotation", "table-header", "table",
        "caption", "footnote", "link", "running-head", "page-number", "marking",
        "heading-number",
    },
    WORD: {
        "cover-title", "cover-marking", "cover-edition", "cover-publisher", "contents-title",
        "contents-1", "contents-2", "contents-3", "heading-1", "heading-2", "heading-3",
        "heading-4", "body", "first-paragraph", "quotation", "table-header", "table", "caption",
        "footnote", "link", "running-head", "page-number", "marking", "heading-number",
    },
}  # fmt: skip

ALIKE = {"link", "heading-number", *appearance.IN_MARGINS}
"""Roles that are told by how they look, or whose look is that of the text around them."""
OWN = [(m, r) for m in SEEN for r in sorted(SEEN[m] - ALIKE)]


@cache
def seen(medium: str) -> tuple[Seen, ...]:
    """All pieces of the full report in a format."""
    if medium == WORD:
        return tuple(word.looks(finished(TEXT, "docx"), THEME))
    return tuple(paper.looks(finished(TEXT, "pdf"), appearance.role_of, THEME))


@pytest.mark.parametrize("medium", [PAPER, WORD])
def test_each_role_is_seen_and_as_the_theme_has_it(medium: str) -> None:
    assert {one.role for one in seen(medium)} == SEEN[medium]
    assert list(appearance.differences(THEME, seen(medium), medium)) == []


def other(role: Role, name: str) -> Role:
    values = {
        "family": "Source Sans 3" if "Serif" in role.family else "Source Serif 4",
        "size": role.size + 1, "weight": 700, "italic": not role.italic,
        "color": "#123456", "space_after": role.space_after + 3,
    }  # fmt: skip
    return replace(role, **{name: values[name]})


@pytest.mark.parametrize("name", ["family", "size", "weight", "italic", "color"])
@pytest.mark.parametrize(("medium", "role"), OWN)
def test_what_differs_is_found(medium: str, role: str, name: str) -> None:
    roles = {**THEME.roles, role: other(THEME.roles[role], name)}
    changed: Theme = replace(THEME, roles=roles)
    found = dict(appearance.differences(changed, seen(medium), medium))
    assert set(found) == {role}


def test_space_is_read_from_word() -> None:
    roles = {**THEME.roles, "body": other(THEME.roles["body"], "space_after")}
    found = list(appearance.differences(replace(THEME, roles=roles), seen(WORD), WORD))
    assert {role for role, _ in found} == {"body"} and "after is" in found[0][1]


def test_the_table_has_a_line_for_each_role() -> None:
    lines = list(appearance.table(THEME, {WORD: list(seen(WORD))}))
    assert len(lines) == 1 + len(appearance.ROLES)
    assert lines[0].split()[0] == "role" and "no" not in {line.split()[-1] for line in lines}
