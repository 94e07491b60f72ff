"""Does each edition's reader learn what is different in it, and nothing of others?"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from report_build.changes import LESS, MORE, SAME, Run, runs
from report_build.cli import main
from support import master

OLD = """
# One {#one}

All read this sentence about borders and ports of the region.

# Honduras {#hnd-part audience="hnd"}

Honduras reports that rates declined by 43 percent this year.

# Guatemala {#gtm-part audience="gtm"}

Guatemala is scaling down its support in the cities.
"""
NEW = OLD.replace("declined", "fell").replace("Guatemala is scaling down its", "It ends all")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project under version control with one change that is not committed."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "source").mkdir()
    path = tmp_path / "source" / "report.md"
    path.write_text(master(OLD), "utf-8")
    git = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "old"]):
        subprocess.run([*git, *command], cwd=tmp_path, check=True)
    path.write_text(master(NEW), "utf-8")
    return tmp_path


def told(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["changes", *arguments]) == 0
    return capsys.readouterr().out


def test_each_edition_learns_its_own(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(told(["HEAD", "--format", "json"], capsys))
    said = {one["edition"]: json.dumps(one, ensure_ascii=False) for one in found}
    assert "43 percent" in said["hnd"]
    assert "support" not in said["hnd"]
    assert "43 percent" not in said["gtm"]
    assert json.loads(said["press"])["state"] == "same"
    assert len(json.loads(said["full"])["changes"]) == 2


def test_text_marks_words(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = told(["HEAD", "-e", "hnd"], capsys)
    assert text.splitlines() == [
        "report hnd (Honduras): 1 change",
        "  paragraph in hnd-part, changed:",
        "    Honduras reports that rates [-declined-] {+fell+} by 43 percent this year.",
    ]


def test_page_marks_words(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told(["HEAD", "--format", "html", "-o", "changes.html"], capsys)
    page = html.fromstring((project / "changes.html").read_bytes())
    (text,) = page.xpath("//section[h2[@id='report-hnd']]/p[@class='text']")
    assert [x.text.strip() for x in text.iter("del", "ins")] == ["declined", "fell"]


def test_two_files(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "old.md").write_text(master(OLD), "utf-8")
    text = told(["old.md", "source/report.md", "-e", "hnd"], capsys)
    assert "[-declined-] {+fell+}" in text


def test_editions_that_come_and_go(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = project / "source" / "report.md"
    path.write_text(path.read_text("utf-8").replace("for-each: [hnd, gtm]", "for-each: [hnd]"))
    assert "report gtm (Guatemala): no longer made" in told(["HEAD"], capsys)


def test_titles_and_numbers_count(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = project / "source" / "report.md"
    text = master(OLD).replace("title: A seminar", "title: Another seminar")
    path.write_text(text.replace("# One {#one}", "# Zero {#zero}\n\nNew.\n\n# One {#one}"), "utf-8")
    text = told(["HEAD", "-e", "press"], capsys)
    assert "[-A-] {+Another+} seminar" in text
    assert "[-1-] {+2+} One" in text


@pytest.mark.parametrize("name", ["no-such", "--output=x"])
def test_what_is_no_revision(project: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["changes", "--", name]) == 2
    assert "neither a file nor a revision" in capsys.readouterr().err
    assert not (project / "x").exists()


@given(st.text("ab "), st.text("ab "))
def test_runs_give_both_texts_back(old: str, new: str) -> None:
    found = list(runs(old, new))
    assert _words(found, SAME, LESS) == old.split()
    assert _words(found, SAME, MORE) == new.split()


def _words(found: list[Run], *kinds: str) -> list[str]:
    return " ".join(run.text for run in found if run.kind in kinds).split()
