"""Does a dry run name exactly what a build would make, and why?"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from support import master, with_fonts

TEXT = """
# Perceptions {#sec-a}

Words for all.

# Honduras {#sec-h audience="hnd"}

Words for one.
"""
HTML = {"full", "hnd", "gtm", "press"}


def run(project: Path, *arguments: str) -> list[list[str]]:
    command = [sys.executable, "-m", "report_build", "build", "-q", "-f", "html", *arguments]
    done = subprocess.run(command, cwd=project, capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return [line.split("\t") for line in done.stdout.splitlines()]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    with_fonts(tmp_path)
    (tmp_path / "report.md").write_text(master(TEXT), "utf-8")
    return tmp_path


def change(old: str, new: str) -> Callable[[Path], None]:
    def changed(project: Path) -> None:
        file = project / "report.md"
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new), "utf-8")

    return changed


def theme(text: str) -> Callable[[Path], None]:
    def changed(project: Path) -> None:
        (project / "templates").mkdir(exist_ok=True)
        (project / "templates/theme.yml").write_text(text)

    return changed


CHANGES = {
    "touched": (lambda project: os.utime(project / "report.md"), set(), ""),
    "words of one": (change("for one", "for a single one"), {"full", "hnd"}, "text changed"),
    "words of all": (change("for all", "for everybody"), HTML, "text changed"),
    "a token": (theme("typography: {screen: 20}\n"), HTML, "theme: typography.screen changed"),
    "the title": (change("title: A seminar", "title: The seminar"), HTML, "front matter changed"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_it_names_what_is_made_and_why(name: str, project: Path) -> None:
    assert {line[0] for line in run(project, "--dry-run")} == HTML
    assert not (project / "out").exists()
    run(project)
    assert run(project, "--dry-run") == []
    alter, made, why = CHANGES[name]
    alter(project)
    lines = run(project, "--dry-run")
    assert {line[0] for line in lines} == made
    assert all(why in line[3] for line in lines)
    before = {p: p.stat().st_mtime_ns for p in project.glob(".cache/report-build/made/*.made")}
    run(project)
    after = {p: p.stat().st_mtime_ns for p in project.glob(".cache/report-build/made/*.made")}
    assert len({p for p in after if before.get(p) != after[p]}) == len(made)
    assert run(project, "--dry-run") == []


def test_what_was_never_made_says_so(project: Path) -> None:
    assert {line[3] for line in run(project, "--dry-run")} == {"it was not made before"}
