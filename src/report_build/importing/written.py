"""How is an imported document written as a master?"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from report_build import nodes as n
from report_build.pandoc import MARKDOWN, Pandoc

FORM = f"{MARKDOWN}-smart-simple_tables-multiline_tables"
"""Quotation marks are written as they are, tables so that they can be read."""


def front_matter(
    title: str,
    subtitle: str,
    lang: str,
    headings: Sequence[Mapping[str, str]],
    audiences: Mapping[str, str],
    abbreviations: Mapping[str, str],
) -> str:
    """The front matter; values are quoted where YAML could read them otherwise."""
    lines = ["---", f"title: {_value(title)}"]
    lines += [f"subtitle: {_value(subtitle)}"] * bool(subtitle)
    lines += [f"lang: {lang}"]
    if headings:
        lines += [
            "headings:",
            *(f"  - {{kind: {x['kind']}, style: {x['style']}}}" for x in headings),
        ]
    if audiences:
        lines += ["audiences:"]
        lines += [f"  {name}: {{country: {code}}}" for name, code in sorted(audiences.items())]
    if abbreviations:
        lines += ["abbreviations:"]
        lines += [f"  {_value(x)}: {_value(y)}" for x, y in sorted(abbreviations.items())]
    lines += ["deliverables:", "  - {edition: full, formats: [html, pdf, docx]}"]
    if audiences:
        names = ", ".join(sorted(audiences))
        lines += [f"  - {{edition: country, for-each: [{names}], formats: [html, pdf, docx]}}"]
    return "\n".join([*lines, "---", "", ""])


def text(blocks: n.Blocks, pandoc: Pandoc) -> str:
    """Blocks as Markdown, in lines of a hundred characters."""
    return pandoc.write(blocks, FORM).decode().strip() + "\n"


def _value(text: str) -> str:
    plain = text.replace("-", "").replace(" ", "").replace("’", "")
    easy = plain.isalnum() and not plain.isdigit() and text.casefold() not in ("yes", "no", "true")
    return text if easy else json.dumps(text, ensure_ascii=False)
