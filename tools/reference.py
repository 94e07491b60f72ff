"""Writes docs/source/reference.md from the code: commands, front matter, theme, rules, limits.

python tools/reference.py [FILE]
"""

from __future__ import annotations

import argparse
import inspect
import re
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from report_build import rules, templates, theme
from report_build.check import OTHER_RULES
from report_build.command import _parser
from report_build.frontmatter import json_schema
from report_build.limits import LIMITS
from report_build.token_use import EVERY, used_by

PAGE = Path(__file__).parents[1] / "docs" / "source" / "reference.md"
HEAD = """---
title: Reference
subtitle: Commands, front matter, theme, rules, limits
description: All that can be said, made from the code.
deliverables:
  - {edition: full, formats: [html, pdf]}
rules: {placeholder: ignore, typed-reference: ignore}
---
"""
UNSET = re.compile("[\u0400-\uffff](?<![\u1e00-\u2bff])")
"""Characters that rules show as bad examples, and that the fonts of the pages have not."""
SPECIAL = re.compile(r"([\\*_{}\[\]<>|@#$^~])")


def main(path: Path = PAGE) -> None:
    """Write the page."""
    path.write_text(page(), "utf-8")


def page() -> str:
    """The whole page as Markdown."""
    parts = [HEAD, *_commands(), *_front_matter(), *_theme(), *_rules(), *_limits()]
    return "\n".join(parts).rstrip() + "\n"


def plain(text: str) -> str:
    """Words that mean nothing to Markdown, but for code in backticks."""
    pieces = re.split(r"(`[^`]*`)", " ".join(text.split()))
    return "".join(x if x.startswith("`") else SPECIAL.sub(r"\\\1", x) for x in pieces)


def _commands() -> Iterator[str]:
    yield "# Commands {#top}\n"
    yield "Exit codes: 0, done; 1, the content has problems; 2, wrong use, or something is missing.\n"
    [commands] = [x for x in _parser()._actions if isinstance(x, argparse._SubParsersAction)]
    helps = {x.dest: x.help or "" for x in commands._choices_actions}
    for name, parser in sorted(commands.choices.items()):
        yield f"## report-build {name} {{#command-{name}}}\n"
        yield f"{plain(helps[name]).capitalize()}.\n"
        for action in parser._actions:
            if not isinstance(action, argparse._HelpAction):
                said = ", ".join(f"`{x}`" for x in action.option_strings)
                metavar = action.metavar if isinstance(action.metavar, str) else ""
                word = metavar or (action.dest.upper() if action.nargs != 0 else "")
                what = " ".join(filter(None, (said, f"`{word}`" if word else "")))
                yield f"- {what}: {plain((action.help or '') % vars(action))}".rstrip(": ")
        yield ""


def _kind(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return f"keys of @key-{schema['$ref'].rpartition('/')[2].lower()}"
    if "enum" in schema:
        return ", ".join(f"`{x}`" for x in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    if "anyOf" in schema:
        return " or ".join(
            dict.fromkeys(_kind(x) for x in schema["anyOf"] if x.get("type") != "null")
        )
    kind = schema.get("type", "text")
    if isinstance(kind, list):
        return " or ".join(_name(x) for x in kind)
    if kind == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    if kind == "object" and ("patternProperties" in schema or "additionalProperties" in schema):
        inside = schema.get("patternProperties", {}) or {"": schema["additionalProperties"]}
        value = next(iter(inside.values()))
        return f"by name: {_kind(value)}" if isinstance(value, dict) else "by name"
    return _name(kind)


def _name(kind: str) -> str:
    return {"string": "text", "boolean": "yes or no", "object": "keys with values"}.get(kind, kind)


def _front_matter() -> Iterator[str]:
    schema = json_schema()
    yield "# Front matter {#front-matter}\n"
    yield "Keys that must be there have a star.\n"
    yield from _keys(schema)
    for name, one in sorted(schema["$defs"].items()):
        if "properties" in one:
            yield f"## {name} {{#key-{name.lower()}}}\n"
            yield f"{plain(one.get('description', ''))}\n"
            yield from _keys(one)
        elif "enum" in one:
            yield f"## {name} {{#key-{name.lower()}}}\n"
            yield f"One of {', '.join(f'`{x}`' for x in one['enum'])}.\n"


def _keys(schema: dict[str, Any]) -> Iterator[str]:
    needed = set(schema.get("required", ()))
    for name, one in schema["properties"].items():
        star = "\\*" if name in needed else ""
        kind = _kind(one)
        yield f"- `{name}`{star} ({kind}): {plain(one.get('description', ''))}"
    yield ""


def _theme() -> Iterator[str]:
    found = theme.of(templates.load().folders)
    yield "# Theme {#theme}\n"
    yield "Tokens of `templates/theme.yml` with the values that they have, and the formats that show them.\n"
    groups: dict[str, list[str]] = {}
    for name, value in found.tokens.items():
        formats = used_by(name)
        where = "" if formats == EVERY else f" ({', '.join(sorted(formats)) or 'none by itself'})"
        groups.setdefault(name.partition(".")[0], []).append(
            f"- `{name}`: `{value.strip(chr(39))}`{where}"
        )
    for group, lines in groups.items():
        yield f"## {group} {{#theme-{group}}}\n"
        yield from lines
        yield ""


def _rules() -> Iterator[str]:
    yield "# Rules {#rules}\n"
    yield "`rules: {NAME: ignore}` in front matter sets how bad one is: error, warning, info or ignore.\n"
    for rule in rules.ALL:
        yield f"## {rule.name} {{#rule-{rule.name}}}\n"
        yield f"*{str(rule.severity).capitalize()}.* "
        yield from _manual(inspect.cleandoc(rule.manual))
    yield "## What else is told {#other-rules}\n"
    yield from (f"- `{name}`: {plain(words)}" for name, words in OTHER_RULES.items())
    yield ""


def _manual(text: str) -> Iterator[str]:
    """A rule's manual: paragraphs, and examples that are indented."""
    text = UNSET.sub(lambda match: f"(U+{ord(match[0]):04X})", text)
    for paragraph in text.split("\n\n"):
        lines = paragraph.split("\n")
        prose = [line for line in lines if not line.startswith("    ")]
        code = [line[4:] for line in lines if line.startswith("    ")]
        if prose:
            yield plain(" ".join(prose)) + "\n"
        if code:
            yield "\n".join(("````", *code, "````")) + "\n"


def _limits() -> Iterator[str]:
    yield "# Limits {#limits}\n"
    yield "`templates/limits.yml` raises them; the content cannot.\n"
    yield from (f"- `{one.name}`: {getattr(LIMITS, one.name):,}" for one in fields(LIMITS))
    yield ""


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
