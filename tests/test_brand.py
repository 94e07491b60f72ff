"""Is a Quarto `_brand.yml` taken as it is?"""

from __future__ import annotations

from pathlib import Path

import pytest

from report_build import brand, templates, theme
from report_build.diagnostics import ContentError
from report_build.theme import Theme

USUAL = """\
meta:
  name: {full: A Policy Centre, short: Centre}
  link: https://example.org
logo:
  images: {wide: {path: wide.png, alt: Centre}}
  medium: wide
color:
  palette: {blue: "#036", dark-grey: "#333333", house: blue, orange: "#a33c00"}
  background: white
  foreground: dark-grey
  primary: house
  tertiary: orange
  success: "#00ff00"
typography:
  fonts:
    - {family: Source Sans 3, source: google, weight: [400, 600]}
    - {family: Nowhere Grotesk, source: file, files: [a.ttf]}
  base: {family: Nowhere Grotesk, size: 16px, line-height: 1.5}
  headings: {family: Source Sans 3, color: primary}
  monospace: Source Code Pro
  link: {decoration: none, weight: 400}
defaults:
  bootstrap: {defaults: {navbar-bg: $primary}}
"""


def themed(tmp_path: Path, text: str = USUAL) -> Theme:
    (tmp_path / "_brand.yml").write_text(text)
    return theme.of((tmp_path, templates.templates_folder()))


def test_colours_become_those_of_the_theme(tmp_path: Path) -> None:
    look = themed(tmp_path)
    assert look.name == "Centre"
    assert look.colors["primary"] == look.colors["field"] == "#003366"
    assert look.colors["foreground"] == "#333333" and look.colors["accent"] == "#a33c00"
    assert look.dark["foreground"] != "#333333"  # it would not be seen there
    assert look.roles["heading-1"].color == "#003366"


def test_a_field_of_light_colour_has_dark_letters(tmp_path: Path) -> None:
    found = brand.as_theme({"color": {"primary": "#ffd800"}})["color"]
    assert found["palette"][found["on-field"]["light"]] == "#000000"


def test_fonts_count_if_they_are_installed(tmp_path: Path) -> None:
    look = themed(tmp_path)
    assert look.roles["heading-1"].family == "Source Sans 3"
    assert look.roles["body"].family == "Source Serif 4"
    assert look.roles["body"].size == 12 and look.roles["body"].line_height == 1.5
    assert look.link_decoration == "none"
    missing = theme.unavailable((tmp_path,))
    assert missing == (
        ("Nowhere Grotesk", "fontpkg-nowhere-grotesk"),
        ("Source Code Pro", "fontpkg-source-code-pro"),
    )


def test_a_theme_beside_it_goes_before_it(tmp_path: Path) -> None:
    (tmp_path / "theme.yml").write_text(
        "color: {palette: {own: '#400040'}, primary: {light: own}}\n"
    )
    assert themed(tmp_path).colors["primary"] == "#400040"


def test_colours_that_cannot_be_read_are_told_where_they_stand(tmp_path: Path) -> None:
    with pytest.raises(ContentError) as raised:
        themed(tmp_path, "color:\n  foreground: '#bbbbbb'\n")
    problem = raised.value.diagnostics[0]
    assert problem.rule == "low-contrast" and "of" in problem.message


@pytest.mark.parametrize("text", ["", "color: {}\n", "typography: {base: Georgia}\n", "meta: {}\n"])
def test_little_is_enough(tmp_path: Path, text: str) -> None:
    assert themed(tmp_path, text).roles
