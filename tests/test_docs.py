"""Does everything that the pages for readers show really work?"""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from report_build import frontmatter, templates, theme
from report_build.diagnostics import Severity
from report_build.pandoc import Pandoc
from report_build.source import Source
from support import ROOT, checked, with_fonts

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


# --------------------------------------------------------------- the site of documentation

SITE = ROOT / "docs" / "source"
BLOCK = re.compile(r"^```(?:\{\.(\w+)([^}\n]*)\}|(\w+))\n(.*?)^```$", re.M | re.S)
ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')


def steps(page: str) -> list[tuple[str, dict[str, str], str]]:
    """What a page has its reader do: `sh` to be typed, other blocks to be written to a file."""
    found = []
    for match in BLOCK.finditer((SITE / page).read_text("utf-8")):
        kind, about = match[1] or match[3], dict(ATTRIBUTE.findall(match[2] or ""))
        if kind == "sh" or "file" in about:
            found.append((kind, about, match[4]))
    return found


@pytest.mark.parametrize("pages", [("tutorial.md", "howto.md")], ids=["all"])
def test_every_command_of_the_site_works(pages: tuple[str, ...], tmp_path: Path) -> None:
    folder, ran = tmp_path, 0
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    for kind, about, text in (step for page in pages for step in steps(page)):
        if kind != "sh":
            path = folder / about["file"]
            before = path.read_text("utf-8") if path.is_file() else ""
            assert about.get("replace", "") in before
            new = before.replace(about["replace"], about["by"]) if "by" in about else text
            path.write_text(new, "utf-8")
            continue
        for line in text.strip().splitlines():
            if line.startswith("cd "):
                folder /= line.removeprefix("cd ")
                with_fonts(folder)
                continue
            command = f"timeout -s INT 5 {line} --no-browser" if "preview" in line else line
            done = subprocess.run(
                ["bash", "-c", command], cwd=folder, env=environment, capture_output=True,
                text=True, check=False, timeout=300,
            )  # fmt: skip
            shown = f"{line}\n{done.stdout}{done.stderr}"
            expected = (0, 1) if "pages" in line else (1,) if about.get("fails") else (0,)
            assert done.returncode in ((0, 124) if "preview" in line else expected), shown
            ran += 1
    assert ran > 15


def test_the_message_that_the_tutorial_shows_is_that_of_the_program(tmp_path: Path) -> None:
    text = (SITE / "tutorial.md").read_text("utf-8")
    shown = re.findall(r"^```\n(source/.*?)\n```$", text, re.M | re.S)
    master_text = next(block for _, about, block in steps("tutorial.md") if "file" in about)
    (tmp_path / "source").mkdir()
    (tmp_path / "source/report.md").write_text(master_text.replace("@reports", "@reprots"), "utf-8")
    command = [sys.executable, "-m", "report_build", "check"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert shown and shown[0] in done.stdout


def test_the_reference_is_that_of_the_code() -> None:
    spec = importlib.util.spec_from_file_location("reference", ROOT / "tools" / "reference.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (SITE / "reference.md").read_text("utf-8") == module.page(), "make docs"


def test_the_site_has_no_problem() -> None:
    command = [sys.executable, "-m", "report_build", "check", "--strict"]
    done = subprocess.run(command, cwd=ROOT / "docs", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
