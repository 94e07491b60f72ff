"""Does the old set stay whole, whatever happens in the middle of a build?

A build is killed at random moments, finds the disk full, the folder read-only or another build at
work. Afterwards all files are of one set, as its manifest says, nothing of it runs any more, and
the next build leaves nothing but what belongs there. `FAULTS=200` kills as often as the nightly job.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from report_build.publish import BESIDE
from support import master, with_fonts

COUNT = int(os.environ.get("FAULTS", "8"))
COMMAND = (sys.executable, "-m", "report_build", "build", "-q", "-f", "html", "-f", "docx")
TEXT = '# A {{#sec-a}}\n\nWords for all, number {number}.\n\n# B {{#sec-b audience="hnd"}}\n\nFor one.\n'
LEFT = {".cache", "out", "report.md"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that has been built once."""
    folder = tmp_path_factory.mktemp("built") / "project"
    with_fonts(folder)
    write(folder, 0)
    done = run(folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def project(built: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(built, tmp_path / "project", symlinks=True))


def write(project: Path, number: int) -> None:
    (project / "report.md").write_text(master(TEXT.format(number=number)), "utf-8")


def run(project: Path, *more: str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *more], cwd=project, capture_output=True, text=True, check=False, timeout=300,
        **options,
    )  # type: ignore[call-overload,no-any-return]  # fmt: skip


def whole(project: Path) -> dict[str, str]:
    """The set that is published, which is as its manifest says and nothing besides."""
    out = project / "out"
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    listed = {entry["path"]: entry["sha256"] for entry in manifest["deliverables"]}
    there = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert there == {*listed, *BESIDE}
    for path, digest in listed.items():
        assert hashlib.sha256((out / path).read_bytes()).hexdigest() == digest, path
    return listed


def running(project: Path) -> list[str]:
    """Processes that work in a project."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and (entry / "cwd").readlink().is_relative_to(project):
                found.append((entry / "cmdline").read_bytes().decode().replace("\0", " "))
        except OSError:
            continue
    return found


def leftovers(project: Path) -> set[str]:
    names = {path.name for path in project.iterdir()} - LEFT
    return names | {path.name for path in project.rglob("*.part")}


def test_a_build_that_is_killed_leaves_the_old_set_or_the_new_one(project: Path) -> None:
    chance = random.Random(3)
    before = whole(project)
    for number in range(1, COUNT + 1):
        write(project, number)
        with subprocess.Popen(
            COMMAND, cwd=project, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as build:
            try:
                build.wait(chance.uniform(0.05, 3.5))
            except subprocess.TimeoutExpired:
                build.send_signal(chance.choice((signal.SIGKILL, signal.SIGKILL, signal.SIGTERM)))
        after = whole(project)
        assert after == before or not set(after.items()) & set(before.items())
        before = after
    until = time.monotonic() + 60
    while running(project) and time.monotonic() < until:
        time.sleep(0.1)
    assert running(project) == []
    write(project, COUNT + 1)
    assert run(project).returncode == 0
    whole(project)
    assert leftovers(project) == set()


SIZES = [2**n for n in range(20)]


@pytest.mark.parametrize("size", SIZES if len(SIZES) <= COUNT else SIZES[::5])
def test_no_space_leaves_the_old_set_and_one_line(size: int, project: Path) -> None:
    before = whole(project)
    write(project, 1)

    def small() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    done = run(project, preexec_fn=small)
    if done.returncode == 0:
        assert whole(project) != before
    else:
        assert done.returncode == 2
        assert whole(project) == before
        assert len(done.stderr.splitlines()) == 1, done.stderr
        assert done.stderr.startswith("report-build: ")
        assert "unchanged" in done.stderr
    assert leftovers(project) == set()


def test_of_many_builds_at_once_one_wins_and_the_others_say_so(project: Path) -> None:
    write(project, 1)
    builds = [
        subprocess.Popen(COMMAND, cwd=project, stderr=subprocess.PIPE, text=True) for _ in range(8)
    ]
    told = [build.communicate(timeout=300)[1] for build in builds]
    codes = [build.returncode for build in builds]
    assert 0 in codes
    for code, said in zip(codes, told, strict=True):
        assert code in (0, 2)
        assert code == 0 or said.endswith(f"another build is writing {project / 'out'}\n"), said
    whole(project)
    assert leftovers(project) == set()


def test_a_folder_that_cannot_be_written_is_told(project: Path) -> None:
    before = whole(project)
    write(project, 1)
    if os.geteuid() == 0:  # for root everything can be written, but not a file that a build needs
        (project / "out").rename(project / "kept")
        (project / "out").write_text("a file of mine")
        done = run(project)
        assert (project / "out").read_text() == "a file of mine"
        (project / "out").unlink()
        (project / "kept").rename(project / "out")
    else:
        (project / "out").chmod(0o555)
        done = run(project)
        (project / "out").chmod(0o755)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert whole(project) == before
    assert leftovers(project) == set()


def test_a_file_of_the_users_own_stays_and_one_in_the_way_is_told(project: Path) -> None:
    mine = project / "out" / "notes" / "mine.txt"
    mine.parent.mkdir()
    mine.write_text("mine")
    write(project, 1)
    assert run(project).returncode == 0
    assert mine.read_text() == "mine"
    (project / "out" / "manifest.json").unlink()
    write(project, 2)
    done = run(project)
    assert done.returncode == 2
    assert "was not made by a build" in done.stderr


def test_a_link_to_a_folder_elsewhere_stays_one(project: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (project / "out").rename(elsewhere)
    (project / "out").symlink_to(elsewhere)
    write(project, 1)
    assert run(project).returncode == 0
    assert (project / "out").is_symlink()
    whole(project)


def test_a_file_that_somebody_has_open_is_replaced_for_the_next_reader(project: Path) -> None:
    path = next((project / "out").rglob("full/*.html"))
    before = path.read_bytes()
    write(project, 1)
    with path.open("rb") as reader:
        assert run(project).returncode == 0
        assert reader.read() == before
    assert path.read_bytes() != before


@pytest.mark.parametrize(
    "environment",
    [
        {"HOME": "/nonexistent"},
        {"HOME": "/proc", "XDG_CACHE_HOME": "/proc"},
        {"TMPDIR": "/nonexistent"},
        {"SOURCE_DATE_EPOCH": "nonsense"},
        {"LC_ALL": "C", "LANG": "C"},
        {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "7"},
        {"PATH": "/nonexistent"},
    ],
)
def test_what_is_around_changes_no_byte(environment: dict[str, str], project: Path) -> None:
    before = whole(project)
    done = run(project, "--force", env={**os.environ, **environment})
    assert done.returncode == 0, done.stderr
    assert whole(project) == before
