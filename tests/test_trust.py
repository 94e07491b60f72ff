"""Whose templates are used, what is told of a build, and are its bytes the same again?"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from report_build import limits, provenance, reproduce
from report_build.diagnostics import ContentError
from report_build.publish import sha256
from support import ROOT, master, with_fonts

COMMAND = (sys.executable, "-m", "report_build")
TEXT = "# A {#sec-a}\n\nWords for all.\n"


def run(project: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments], cwd=project, capture_output=True, text=True, check=False,
        env={**os.environ, **environment}, timeout=300,
    )  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    with_fonts(folder)
    (folder / "report.md").write_text(master(TEXT), "utf-8")
    return folder


@pytest.fixture
def home(tmp_path: Path) -> str:
    """A cache of the user's, with fonts that are cut."""
    cache = tmp_path / "home" / "report-build"
    cache.mkdir(parents=True)
    (cache / "fonts").symlink_to(ROOT / ".cache/report-build/fonts")
    return str(cache.parent)


def git(project: Path, *arguments: str) -> None:
    command = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *arguments]
    subprocess.run(command, cwd=project, check=True, capture_output=True)


def style(project: Path) -> str:
    page = next((project / "out").rglob("full/*.html")).read_text("utf-8")
    return page[page.index("<style") : page.index("</style>")]


def test_a_strangers_change_is_built_with_the_templates_of_another_revision(
    project: Path, home: str
) -> None:
    (project / "templates").mkdir()
    (project / "templates/theme.yml").write_text("typography: {screen: 23}\n")
    git(project, "init", "-q")
    git(project, "add", "report.md", "templates")
    git(project, "commit", "-q", "-m", "The trusted state")
    assert run(project, "build", "-q", "-f", "html").returncode == 0
    before = style(project)
    (project / "templates/theme.yml").write_text("typography: {screen: 31}\n")
    (project / "templates/html").mkdir()
    (project / "templates/html/page.html.j2").write_text("<script>alert(1)</script>")
    (project / "templates/limits.yml").write_text("word: 9999999\n")
    (project / "report.md").write_text(master(TEXT.replace("Words", "Other words")), "utf-8")
    done = run(project, "build", "-q", "-f", "html", "--untrusted", "HEAD", XDG_CACHE_HOME=home)
    assert done.returncode == 0, done.stderr
    page = next((project / "out").rglob("full/*.html")).read_text("utf-8")
    assert "Other words" in page
    assert "alert(1)" not in page
    assert style(project) == before
    assert run(project, "build", "-q", "-f", "html").returncode != 0  # without it, they count


def test_what_a_stranger_has_put_into_the_cache_is_not_taken(project: Path, home: str) -> None:
    (project / "templates").mkdir()
    git(project, "init", "-q")
    git(project, "add", "report.md")
    git(project, "commit", "-q", "-m", "The trusted state")
    assert run(project, "build", "-q", "-f", "html").returncode == 0
    good = reproduce.digests(project / "out")
    page = next((project / "out").rglob("full/*.html"))
    page.write_text("planted", "utf-8")
    done = run(project, "build", "-q", "-f", "html", "--untrusted", "HEAD", XDG_CACHE_HOME=home)
    assert done.returncode == 0, done.stderr
    assert reproduce.digests(project / "out") == good


def test_no_secret_of_the_environment_is_left_in_the_process_that_reads(project: Path) -> None:
    """The command starts itself anew with what it needs: `/proc/self/environ` has nothing else."""
    command = [str(Path(sys.executable).with_name("report-build")), "check", "big.md"]
    environment = {**os.environ, "GITHUB_TOKEN": "ghs_secret"}
    environment.pop("REPORT_BUILD_CONFINED", None)
    big = project / "big.md"
    big.write_text(master("# A {#sec-a}\n\n" + "Words for all. \n\n" * 60_000), "utf-8")
    with subprocess.Popen(command, cwd=project, env=environment, stdout=subprocess.DEVNULL) as one:
        seen = b"ghs_secret"
        until = time.monotonic() + 60
        while b"REPORT_BUILD_CONFINED" not in seen and time.monotonic() < until:
            time.sleep(0.05)
            seen = Path(f"/proc/{one.pid}/environ").read_bytes()
        assert b"ghs_secret" not in seen
        assert b"REPORT_BUILD_CONFINED" in seen
        one.kill()


def test_modules_in_the_folder_of_the_content_are_not_run(project: Path) -> None:
    for name in ("yaml.py", "report_build.py", "json.py", "sitecustomize.py"):
        (project / name).write_text("raise SystemExit('run by content')\n")
    command = str(Path(sys.executable).with_name("report-build"))
    done = subprocess.run(
        [command, "check"], cwd=project, capture_output=True, text=True, check=False,
        env={**os.environ, "A_SECRET": "x"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_bill_of_materials_names_all_packages_and_engines() -> None:
    found = json.loads(provenance.bill())
    names = {one["name"] for one in found["components"]}
    assert {
        "weasyprint",
        "pypandoc-binary",
        "jinja2",
        "pydantic",
        "pandoc",
        "pango",
        "zlib",
    } <= names
    assert "pytest" not in names
    assert all(one["version"] for one in found["components"])
    assert provenance.bill() == provenance.bill()


def test_a_build_tells_what_it_was_made_from(project: Path) -> None:
    assert run(project, "build", "-q", "-f", "html").returncode == 0
    statement = json.loads((project / "out/provenance.json").read_text("utf-8"))
    for one in statement["subject"]:
        content = (project / "out" / one["name"]).read_bytes()
        assert one["digest"]["sha256"] == sha256(content)
    inputs = {
        one["name"]: one["digest"]["sha256"]
        for one in statement["predicate"]["buildDefinition"]["resolvedDependencies"]
        if "name" in one
    }
    assert inputs["report.md"] == sha256((project / "report.md").read_bytes())
    assert "templates/html/page.html.j2" in inputs
    assert {"pandoc", "pango", "harfbuzz", "zlib", "python"} <= {
        *json.loads((project / "out/manifest.json").read_text("utf-8"))["generator"]
    }


def test_two_builds_make_the_same_bytes(project: Path) -> None:
    done = run(project, "reproduce")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "the same bytes twice" in done.stderr


def test_a_build_is_held_against_one_of_another_machine(project: Path) -> None:
    assert run(project, "build", "-q", "-f", "html").returncode == 0
    theirs = json.loads((project / "out/manifest.json").read_text("utf-8"))
    (project / "theirs.json").write_text(json.dumps(theirs))
    assert run(project, "reproduce", "--against", "theirs.json").returncode == 0
    theirs["generator"]["pango"] = "1.0"
    theirs["deliverables"][0]["sha256"] = "0" * 64
    (project / "theirs.json").write_text(json.dumps(theirs))
    done = run(project, "reproduce", "--against", "theirs.json")
    assert done.returncode == 1
    assert theirs["deliverables"][0]["path"] in done.stdout
    assert "pango: 1.0 there" in done.stdout


def test_a_project_raises_limits_and_a_wrong_one_is_told(tmp_path: Path) -> None:
    (tmp_path / "limits.yml").write_text("word: 5_000\ncolumns: 90\n")
    assert (limits.of([tmp_path]).word, limits.of([tmp_path]).columns) == (5_000, 90)
    assert limits.of([tmp_path]).notes == limits.LIMITS.notes
    (tmp_path / "limits.yml").write_text("words: 5\ncolumns: many\n")
    with pytest.raises(ContentError) as raised:
        limits.of([tmp_path])
    told = [(one.place.line, one.message) for one in raised.value.diagnostics if one.place]
    assert told == [(1, "there is no limit “words”"), (2, "a limit is a whole number")]
