"""Does everything that the pages for readers show really work?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from report_build import frontmatter, templates, theme
from report_build.diagnostics import Severity
from report_build.pandoc import Pandoc
from report_build.source import Source
from support import ROOT, checked

FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)


def examples(page: Path, kind: str) -> list[str]:
    """The blocks of code of a kind."""
    return [text for name, text in FENCE.findall(page.read_text("utf-8")) if name == kind]


def test_the_examples_on_writing_are_one_master_without_errors(pandoc: Pandoc) -> None:
    body = "\n".join(examples(ROOT / "docs" / "writing.md", "markdown"))
    found = checked(f"---\nvariables: {{venue: Antigua}}\n---\n{body}", pandoc)
    assert [one for one in found.diagnostics if one.severity is Severity.ERROR] == []
    assert len(found.master.anchors if found.master else ()) > 12


def test_the_front_matter_of_the_page_on_writing_is_right() -> None:
    audiences = {"audiences": {"hnd": {"country": "HND"}, "gtm": {"country": "GTM"}, "press": {"title": "P"}}}  # fmt: skip
    text = "\n".join(examples(ROOT / "docs" / "writing.md", "yaml"))
    whole = f"---\n{text}\n{yaml.safe_dump(audiences)}---\n"
    assert frontmatter.read(Source("master.md", whole)).diagnostics == ()


def test_the_example_of_the_readme_has_no_problem(pandoc: Pandoc, tmp_path: Path) -> None:
    from report_build.check import check

    (text,) = examples(ROOT / "README.md", "markdown")
    path = tmp_path / "seminar.md"
    path.write_text(text, "utf-8")
    assert check(path, tmp_path, pandoc).diagnostics == ()


def test_the_theme_of_the_page_on_looks_is_right(tmp_path: Path) -> None:
    colours, scripts = examples(ROOT / "docs" / "look.md", "yaml")
    folders = (tmp_path, templates.templates_folder())
    (tmp_path / "theme.yml").write_text(colours, "utf-8")
    look = theme.of(folders)
    assert look.colors["primary"] == "#5b1a3a" and look.roles["body"].size == 11
    (tmp_path / "theme.yml").write_text(scripts, "utf-8")
    (tmp_path / "fonts").mkdir()
    (tmp_path / "fonts/MyHan.ttf").touch()
    added = [font for font in theme.of(folders).fonts if font.fallback]
    assert [(font.family, Path(font.file).name) for font in added] == [
        ("Amiri", ""), ("My Han", "MyHan.ttf"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "page", ["README.md", "docs/writing.md", "docs/look.md", "CONTRIBUTING.md"]
)
def test_files_that_pages_name_are_there(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    named = re.findall(r"`((?:src|templates|tests|docs|schema|source|tools)/[\w./-]+)`", text)
    named += re.findall(r"\]\((docs/[\w./-]+)\)", text)
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []
