"""Does somebody who starts get a project that builds, and lose nothing?"""

from __future__ import annotations

import json
from pathlib import Path

from report_build.check import check
from report_build.pandoc import Pandoc
from support import ROOT, run


def test_a_new_project_builds_at_once(tmp_path: Path) -> None:
    done = run(tmp_path, "init", "seminar")
    assert done.returncode == 0, done.stderr
    project = tmp_path / "seminar"
    (project / ".cache/report-build").mkdir(parents=True)
    (project / ".cache/report-build/fonts").symlink_to(ROOT / ".cache/report-build/fonts")
    assert run(project, "check", "--strict").returncode == 0
    built = run(project, "build", "-q")
    assert built.returncode == 0, built.stdout + built.stderr
    entries = json.loads((project / "out/manifest.json").read_text("utf-8"))["deliverables"]
    assert len(entries) == 10
    handout = next(project.glob("out/report/hnd/*.html")).read_text("utf-8")
    assert "30%" in handout or "30 %" in handout
    assert "Guatemala alone" not in handout


def test_its_master_has_nothing_to_complain_of(tmp_path: Path) -> None:
    run(tmp_path, "init")
    with Pandoc() as pandoc:
        found = check(tmp_path / "source/report.md", tmp_path, pandoc)
    assert [one for one in found.diagnostics if one.severity != "info"] == []


def test_what_is_there_stays_and_is_named(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text("all: mine\n")
    (tmp_path / "notes.md").write_text("---\ntitle: Mine\n---\n")
    done = run(tmp_path, "init")
    assert done.returncode == 0
    assert "is there already: Makefile" in done.stdout
    assert (tmp_path / "Makefile").read_text() == "all: mine\n"
    assert not (tmp_path / "source").exists()  # a master of one's own is there
    assert "added: templates/theme.yml" in done.stdout
    again = run(tmp_path, "init")
    assert "added" not in again.stdout


def test_the_doctor_tells_what_is_there(tmp_path: Path) -> None:
    done = run(tmp_path, "doctor")
    assert done.returncode == 0, done.stderr
    assert "pandoc       3.9" in done.stdout
    assert "pango" in done.stdout
