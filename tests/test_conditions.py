"""Does each kind of condition work on each kind of node, in each format?

One master has a block for each pair, with a word of its own; in the bytes of each finished file
are the words of those that its edition and format get, and no other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product

import pytest

from report_build import templates
from report_build.build import build
from report_build.pandoc import Pandoc
from report_build.schedule import Wish
from report_build.settings import Settings
from support import ROOT, at_once, checked, every_byte

FORMATS = ("html", "pdf", "docx", "epub")
GROUPS = {"north": ("hnd", "gtm")}
Gets = Callable[[str, str], bool]
"""Whether an edition gets it in a format."""

CONDITIONS: Mapping[str, Gets] = {
    'audience="hnd"': lambda edition, form: edition in ("full", "hnd"),
    'audience="hnd press"': lambda edition, form: edition in ("full", "hnd", "press"),
    'audience="north and not gtm"': lambda edition, form: edition in ("full", "hnd"),
    'audience="not (hnd or press)"': lambda edition, form: edition in ("full", "gtm"),
    'only="hnd"': lambda edition, form: edition == "hnd",
    '.content-visible when-profile="north"': lambda edition, form: edition in ("full", "hnd", "gtm"),
    '.content-visible unless-audience="gtm"': lambda edition, form: edition != "gtm",
    '.content-hidden when-audience="hnd"': lambda edition, form: edition != "hnd",
    '.content-visible when-format="html"': lambda edition, form: form == "html",
    '.content-hidden when-format="docx"': lambda edition, form: form != "docx",
    '.content-hidden when-meta="title"': lambda edition, form: False,
    '.content-visible when-meta="lang"': lambda edition, form: True,
}  # fmt: skip
NODES = {
    "section": "## {word} {{{when}}}\n\nText of it.",
    "div": "::: {{{when}}}\n{word}\n:::",
    "nested div": "::: {{.box}}\n> ::: {{{when}}}\n> {word}\n> :::\n:::",
    "span": "Before [{word}]{{{when}}}, after.",
    "stressed": "Before **[{word}]{{{when}}}** after.",
    "item": "- []{{{when}}} {word}\n- another",
    "entry": "[]{{{when}}} Term\n: {word}\n\nOther\n: words",
    "row": "| a | b |\n|---|---|\n| []{{{when}}} {word} | 1 |\n| 2 | 3 |",
    "column": "| a | []{{{when}}} {word} |\n|---|---|\n| 1 | 2 |",
    "caption": "| a |\n|---|\n| 1 |\n\n: Counts [{word}]{{{when}}}",
    "code": "```{{{when}}}\n{word}\n```",
    "note": "Text.[^{word}]\n\n[^{word}]: Note [{word}]{{{when}}} ends.",
    "call": "Text[[^{word}]]{{{when}}} here.\n\n[^{word}]: {word}.",
    "figure": '![Caption {word}](small.png){{#f-{word} {when} alt="Picture {word}"}}',
}
FRONT = """---
groups: {north: [hnd, gtm]}
rules: {unreferenced-exhibit: ignore}
deliverables:
  - {edition: full, formats: [html, pdf, docx, epub]}
  - {edition: country, for-each: [hnd, gtm], formats: [html, pdf, docx, epub]}
  - {edition: press, formats: [html, pdf, docx, epub]}
---
"""
PAIRS = {f"kq{i}zq": pair for i, pair in enumerate(product(NODES, CONDITIONS))}


@pytest.fixture(scope="module")
def files(pandoc: Pandoc) -> Mapping[tuple[str, str], str]:
    """The bytes of each finished file."""
    picture = (ROOT / "tests/met/files/img/small.png").read_bytes()
    parts = [
        f"# Part\n\n{NODES[node].format(word=word, when=when)}"
        for word, (node, when) in PAIRS.items()
    ]
    text = FRONT + "\n\n".join(parts) + "\n"
    found = checked(text, pandoc, {"small.png": picture}, replaces="deliverables")
    assert not found.failed, found.diagnostics
    settings = Settings(templates.load(ROOT).folders, ROOT / ".cache" / "report-build")
    made = build(found, settings, Wish(), lambda name, seconds: None, at_once())
    return {(e["edition"], e["format"]): every_byte(e["format"], c) for c, e in made.values()}


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("edition", ["full", "hnd", "gtm", "press"])
def test_each_edition_has_the_words_that_it_gets(
    files: Mapping[tuple[str, str], str], edition: str, form: str
) -> None:
    wrong = [
        (node, when, "is missing" if gets else "is there")
        for word, (node, when) in PAIRS.items()
        if (word in files[edition, form]) != (gets := CONDITIONS[when](edition, form))
    ]
    assert wrong == []
