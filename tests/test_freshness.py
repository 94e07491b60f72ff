"""Does a build do nothing exactly when there is nothing to do?"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from report_build import freshness
from support import master, with_fonts

TEXT = """# Perceptions {#sec-a}

{{< include parts/part.md >}}

![A picture](a.svg){alt="A bar"}
"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"><path d="M0 0h2v1z"/></svg>'
NOTHING = "nothing to do"


def build(project: Path, *arguments: str) -> str:
    command = [
        sys.executable,
        "-m",
        "report_build",
        "build",
        *(arguments or ("-e", "full", "-f", "html")),
    ]
    done = subprocess.run(command, cwd=project, capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stderr


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that is built."""
    with_fonts(tmp_path)
    (tmp_path / "source/parts").mkdir(parents=True)
    (tmp_path / "source/a.svg").write_text(SVG)
    (tmp_path / "source/parts/part.md").write_text("Words that are taken in.\n")
    (tmp_path / "source/report.md").write_text(master(TEXT), "utf-8")
    time.sleep(0.05)
    build(tmp_path)
    return tmp_path


def change(path: str, old: str, new: str) -> Callable[[Path], None]:
    def changed(project: Path) -> None:
        file = project / path
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))

    return changed


def new(path: str, text: str) -> Callable[[Path], None]:
    def written(project: Path) -> None:
        (project / path).parent.mkdir(exist_ok=True, parents=True)
        (project / path).write_text(text)

    return written


CHANGES = {
    "a word": change("source/report.md", "Perceptions", "Impressions"),
    "a part taken in": change("source/parts/part.md", "Words", "Text"),
    "a picture": change("source/a.svg", "h2v1", "h1v1"),
    "another master": new("source/other.md", master("# Another\n\nText.\n")),
    "a look of its own": new("templates/theme.yml", "typography: {screen: 20}\n"),
    "a deliverable altered": change("out/report/full/report.html", "taken in", "taken out"),
    "a deliverable gone": lambda project: (project / "out/report/full/report.html").unlink(),
    "the list altered": change("out/index.html", "</html>", "</html> "),
    "the manifest altered": change("out/manifest.json", '"bytes"', '"octets"'),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_seen(name: str, project: Path) -> None:
    assert NOTHING in build(project)
    CHANGES[name](project)
    assert NOTHING not in build(project)


def check(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "report_build", "check", *arguments]
    return subprocess.run(command, cwd=project, capture_output=True, check=False, text=True)


def test_what_was_checked_is_not_checked_again(project: Path) -> None:
    assert check(project).stderr == "no problems\n"
    script = (
        "import sys; from report_build.cli import main; code = main(['check']);"
        "print(code, 'report_build.check' in sys.modules)"
    )
    again = subprocess.run(
        [sys.executable, "-c", script], cwd=project, capture_output=True, check=True, text=True
    )
    assert (again.stdout, again.stderr) == ("0 False\n", "no problems\n")


@pytest.mark.parametrize("words", ["[](#sec-nowhere)", "As section 1 says."])
def test_a_problem_is_told_each_time(words: str, project: Path) -> None:
    """An error and a warning."""
    check(project)
    change("source/report.md", "# Perceptions {#sec-a}", f"# Perceptions {{#sec-a}}\n\n{words}")(
        project
    )
    first, second = check(project), check(project)
    assert "report.md" in first.stdout
    assert (first.returncode, first.stdout) == (second.returncode, second.stdout)


REVIEW = "- kind: comment\n  about: Perceptions\n  says: Is it so?\n"


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("report.review.yml", REVIEW, "comment: Is it so?"),
        ("report.review.yml", "- {kind: comment", "the remarks cannot be read"),
        ("_defaults.yml", "bogus: 1\n", "unknown key"),
    ],
)
def test_a_file_that_comes_beside_a_named_master_is_seen(
    name: str, text: str, told: str, project: Path
) -> None:
    assert check(project, "source/report.md").stderr == "no problems\n"
    (project / "source" / name).write_text(text)
    found = check(project, "source/report.md").stdout
    assert told in found
    assert told != "the remarks cannot be read" or f"source/{name}:1:" in found


def test_a_file_that_comes_beside_a_master_elsewhere_is_seen(project: Path, tmp_path: Path) -> None:
    master = tmp_path / "elsewhere" / "o.md"
    master.parent.mkdir()
    master.write_text((project / "source/report.md").read_text("utf-8"))
    before = check(project, str(master)).stdout
    master.with_name("o.review.yml").write_text(REVIEW)
    after = check(project, str(master)).stdout
    assert "comment: Is it so?" in after
    assert "comment" not in before


def test_touching_all_files_changes_nothing(project: Path) -> None:
    for path in (*project.glob("source/**/*"), *project.glob("out/*/*/*")):
        os.utime(path)
    assert NOTHING in build(project)
    assert NOTHING in build(project)


def test_other_arguments_are_another_question(project: Path) -> None:
    assert NOTHING not in build(project, "-e", "hnd", "-f", "html")
    assert NOTHING in build(project, "-e", "hnd", "-f", "html")
    assert NOTHING not in build(project, "--force", "-f", "html")


def test_a_file_that_changes_during_the_build_leaves_no_stamp(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    watch = freshness.Watch()
    (project / "source/parts/part.md").read_text()
    (project / "source/parts/part.md").write_text("Other words.\n")
    watch.stamp(["build", "x"], "out", {"index.html": ""}, "done")
    assert freshness.told(["build", "x"]) is None


@pytest.mark.parametrize("stamp", ["", "{}", "[]", '{"files": 1}', "\0"])
def test_a_broken_stamp_counts_as_none(stamp: str, project: Path) -> None:
    (file,) = (project / ".cache/report-build/fresh").glob("*.json")
    file.write_text(stamp)
    assert NOTHING not in build(project)


def test_nothing_that_builds_is_loaded(project: Path) -> None:
    code = "import sys; from report_build.cli import main; main(['build', '-e', 'full', '-f', 'html']); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=project, capture_output=True, text=True, check=True)  # fmt: skip
    assert NOTHING in done.stderr
    loaded = set(done.stdout.split())
    assert not loaded & {"weasyprint", "jinja2", "pydantic", "lxml", "argparse", "pathlib", "babel"}
    assert {name for name in loaded if name.startswith("report_build.")} == {
        "report_build.cli", "report_build.freshness", "report_build.atomic",
    }  # fmt: skip
