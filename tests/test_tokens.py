"""Does every token of the theme reach the formats, and all of those that have use for it?"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import yaml

from report_build import labels, templates, theme
from report_build.diagnostics import ContentError
from report_build.document import Document
from report_build.formats.word_reference import reference
from report_build.pandoc import Pandoc
from report_build.theme import Theme
from report_build.token_use import styled_by
from support import checked

FILE = templates.templates_folder() / "theme.yml"
MEDIA = {"pdf": "paper", "html": "screen", "epub": "book", "docx": "word"}
FIXED = re.compile(r"meta\.|typography\.fonts|color\.palette\.")
"""Names, and what colours and families are made of: those are changed where they are used."""


def tokens() -> Any:
    """The theme's file; `on` is a word here."""
    return typed(yaml.load(FILE.read_text(), Loader=yaml.BaseLoader))


def typed(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {key: typed(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [typed(value) for value in tree]
    if re.fullmatch(r"-?\d+", tree):
        return int(tree)
    return float(tree) if re.fullmatch(r"-?\d+\.\d+", tree) else tree == "true" or tree


def leaves(tree: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from leaves(value, (*path, key))
    elif isinstance(tree, list):
        for index, value in enumerate(tree):
            yield from leaves(value, (*path, index))
    else:
        yield path


NAMES = [".".join(map(str, path)) for path in leaves(tokens())]
GROUNDS = [name for name in NAMES if name.endswith(".on")]
CHANGED = [name for name in NAMES if not FIXED.match(name) and name not in GROUNDS]


def other(name: str, old: Any) -> Any:
    """Another value of the same kind."""
    if isinstance(old, bool):
        return not old
    if isinstance(old, int | float):
        return old + (100 if name == "cover.field" else 1)
    last = name.rpartition(".")[2]
    choices = {
        "size": ("a4", "letter"), "weight": ("bold", "regular"), "style": ("italic", "normal"),
        "align": ("right", "left"), "decoration": ("underline", "none"),
        "font": ("base", "display"), "family": ("Source Sans 3", "Source Serif 4"),
        "ink": ("on-field", "on-field-accent") if "on-field" in old else ("primary", "accent"),
        "color": ("primary", "accent"), "on": ("background", "surface"), "dark": ("chalk", "ash"), "light": ("ink", "navy"),
    }  # fmt: skip
    grounds = {"white": "sand", "sand": "white", "night": "coal", "coal": "night", "deep": "navy"}
    if name.split(".")[1] in ("background", "surface", "field") and old in grounds:
        return grounds[old]
    pair = choices.get(last, ("white", "straw"))
    return pair[1] if old == pair[0] else pair[0]


def changed(name: str) -> dict[str, Any]:
    """The whole theme with one token changed."""
    whole = tokens()
    at: Any = whole
    *path, last = (int(x) if x.isdigit() else x for x in name.split("."))
    for step in path:
        at = at[step]
    at[last] = other(name, at[last])
    return whole


@cache
def document() -> Document:
    with Pandoc() as pandoc:
        return next(d for d in checked("# A\n\nText.\n", pandoc).editions if d.edition.is_full)


def output(look: Theme) -> Mapping[str, str]:
    """What the theme becomes: style sheets for paper, screen and book, and Word's parts."""
    made = templates.load()
    words = labels.load("en", *made.folders)
    common = {"document": document(), "theme": look, "labels": words, "fonts_css": ""}
    with zipfile.ZipFile(BytesIO(reference(look, "en", (), True))) as archive:
        word = "".join(archive.read(name).decode("latin-1") for name in archive.namelist())
    facts = {"facts": (), "edition": "", "twips": lambda millimetres: round(millimetres * 56.7)}
    word += made.render("docx/cover.xml.j2", **common, **facts)
    sheets = {
        "paper": "css/print.css.j2", "screen": "css/screen.css.j2", "book": "epub/epub.css.j2",
    }  # fmt: skip
    return {**{n: made.render(path, **common) for n, path in sheets.items()}, "word": word}


@cache
def usual() -> Mapping[str, str]:
    return output(theme.load(FILE))


@pytest.mark.parametrize("name", CHANGED)
def test_a_token_reaches_the_formats_that_it_is_for(name: str, tmp_path: Path) -> None:
    file = tmp_path / "theme.yml"
    file.write_text(yaml.safe_dump(changed(name), allow_unicode=True))
    new = output(theme.load(file))
    reached = {medium for medium, text in new.items() if text != usual()[medium]}
    assert reached == {MEDIA[form] for form in styled_by(name)}


@pytest.mark.parametrize("name", GROUNDS)
def test_what_a_text_stands_on_counts_for_its_contrast(name: str, tmp_path: Path) -> None:
    look, role = tokens(), name.split(".")[1]
    look["roles"][role]["on"] = look["roles"][role].get("ink", "foreground")
    file = tmp_path / "theme.yml"
    file.write_text(yaml.safe_dump(look, allow_unicode=True))
    with pytest.raises(ContentError) as raised:
        theme.load(file)
    assert f"roles.{role}" in raised.value.diagnostics[0].message
