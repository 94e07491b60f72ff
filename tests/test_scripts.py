"""Are texts in other scripts set, with fonts that the project declares, and told if there is none?"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest

from support import ROOT, master

COMMAND = (sys.executable, "-m", "report_build", "build", "-q", "-f", "pdf", "-e", "full")
TEXT = "# Scripts {#sec-a}\n\n[مرحبا بالعالم، هذا نص.]{lang=ar dir=rtl} And words.\n"
PACKAGE = "typography:\n  fonts+:\n    - {family: Amiri, package: fontpkg_amiri, fallback: true}\n"
FILE = PACKAGE.replace("package: fontpkg_amiri", "file: fonts/own.ttf")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "report.md").write_text(master(TEXT), "utf-8")
    (tmp_path / "templates").mkdir()
    cache = tmp_path / ".cache/report-build/fonts"
    cache.parent.mkdir(parents=True)
    cache.symlink_to(ROOT / ".cache/report-build/fonts")
    return tmp_path


def build(project: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(COMMAND, cwd=project, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("theme", [PACKAGE, FILE])
def test_a_declared_font_sets_what_the_others_lack(theme: str, project: Path) -> None:
    import fontpkg_amiri

    (project / "templates/theme.yml").write_text(theme, "utf-8")
    (project / "templates/fonts").mkdir()
    font = next((Path(str(fontpkg_amiri.ROOT)) / "files").glob("*Regular.ttf"))
    shutil.copy(font, project / "templates/fonts/own.ttf")
    done = build(project)
    assert done.returncode == 0, done.stdout + done.stderr
    with pikepdf.open(next((project / "out").rglob("*.pdf"))) as pdf:
        names = {
            str(x.BaseFont)
            for x in pdf.objects
            if isinstance(x, pikepdf.Dictionary) and "/BaseFont" in x
        }
    assert any("Amiri" in name for name in names)


def test_a_character_that_no_font_has_is_an_error_at_its_line(project: Path) -> None:
    done = build(project)
    assert done.returncode == 1
    line = (project / "report.md").read_text("utf-8").splitlines().index(TEXT.splitlines()[2]) + 1
    assert f"report.md:{line}:" in done.stdout
    assert "no font has" in done.stdout


def test_a_font_file_that_is_not_there_is_told(project: Path) -> None:
    (project / "templates/theme.yml").write_text(FILE, "utf-8")
    done = build(project)
    assert done.returncode == 2
    assert "fonts/own.ttf is not in templates/" in done.stderr
