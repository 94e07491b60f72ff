"""Are the right files made, wherever it is done and whoever dies over it?"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from report_build.pandoc import Pandoc
from report_build.proofs.subject import Subject
from report_build.schedule import prepare
from report_build.settings import of_project
from report_build.workers import KILLED, Workers
from report_build.workshop import Job, Made
from support import ROOT, checked, master, with_fonts

COMMAND = (sys.executable, "-m", "report_build", "build", "-q")
TEXT = """
# Perceptions {#sec-a}

Words for all.

# Honduras {#sec-h audience="hnd"}

Words for one.
"""


@dataclass(frozen=True)
class Poison(Subject):
    """Ends each process that works with it, but for this one."""

    home: int = field(default_factory=os.getpid)

    def __post_init__(self) -> None:
        if os.getpid() != self.home:
            os.kill(os.getpid(), signal.SIGKILL)


def jobs() -> dict[tuple[str, ...], Job]:
    with Pandoc() as pandoc:
        found = checked(TEXT, pandoc)
    settings = of_project(ROOT)
    ready = {d.edition.id: prepare(found, d, settings) for d in found.editions if d.edition}
    return {
        (name, form): Job(form, r.document, r.around, r.about, {}, {}, settings)
        for name, r in ready.items()
        for form in ("html", "docx")
    }


def finished(workers: Workers, wanted: dict[tuple[str, ...], Job]) -> dict[tuple[str, ...], Made]:
    found: dict[tuple[str, ...], Made] = {}
    for name, job in wanted.items():
        workers.submit(name, job)
    while workers.names:
        found |= dict(workers.finished())
    return found


@pytest.fixture(scope="module")
def made() -> dict[tuple[str, ...], bytes]:
    with Workers(1) as workers:
        return {name: one.content for name, one in finished(workers, jobs()).items()}


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A scheduler and two workers on this machine, which are started anew when they die."""
    from distributed import LocalCluster

    folder = tmp_path_factory.mktemp("dask")
    with LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None,
        local_directory=str(folder), silence_logs=50,
    ) as local:  # fmt: skip
        yield local.scheduler_address


def test_a_poisonous_document_fails_alone(made: dict[tuple[str, ...], bytes]) -> None:
    wanted = jobs()
    wanted["hnd", "html"] = replace(wanted["hnd", "html"], about=Poison())
    with Workers(2) as workers:
        found = finished(workers, wanted)
    assert [failure.message for failure in found.pop(("hnd", "html")).failures] == [KILLED]
    assert {name: one.content for name, one in found.items()} == {
        name: content for name, content in made.items() if name != ("hnd", "html")
    }


def test_what_a_killed_worker_was_making_is_made_by_another(
    made: dict[tuple[str, ...], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Workers(2) as workers:
        for name, job in jobs().items():
            workers.submit(name, job)
        time.sleep(0.1)
        executor: Any = workers._executor
        os.kill(next(iter(executor._processes)), signal.SIGKILL)
        found: dict[tuple[str, ...], Made] = {}
        while workers.names:
            found |= dict(workers.finished())
    assert {name: one.content for name, one in found.items()} == made


def test_a_cluster_makes_the_same_bytes_and_a_poisonous_document_fails_alone(
    cluster: str, made: dict[tuple[str, ...], bytes]
) -> None:
    wanted = jobs()
    poisoned = replace(wanted["gtm", "html"], about=Poison())
    with Workers(1, cluster) as workers:
        found = finished(workers, {**wanted, ("bad", "html"): poisoned})
    assert [failure.message for failure in found.pop(("bad", "html")).failures] == [KILLED]
    assert {name: one.content for name, one in found.items()} == made


def test_a_build_survives_the_death_of_a_worker_of_its_cluster(
    cluster: str, tmp_path: Path
) -> None:
    from distributed import Client

    for name in ("here", "there"):
        with_fonts(tmp_path / name)
        (tmp_path / name / "report.md").write_text(master(TEXT), "utf-8")
    subprocess.run(COMMAND, cwd=tmp_path / "here", check=True, timeout=300)
    with Client(cluster) as client:
        pids = list(client.run(os.getpid).values())
    with subprocess.Popen([*COMMAND, "--dask", cluster], cwd=tmp_path / "there") as build:
        time.sleep(2)
        os.kill(pids[0], signal.SIGKILL)
        assert build.wait(300) == 0
    assert contents(tmp_path / "here/out") == contents(tmp_path / "there/out")


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_templates_of_a_project_go_along(cluster: str, tmp_path: Path) -> None:
    with_fonts(tmp_path)
    (tmp_path / "report.md").write_text(master(TEXT), "utf-8")
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/theme.yml").write_text("typography: {screen: 23}\n")
    done = subprocess.run([*COMMAND, "-f", "html", "--dask", cluster], cwd=tmp_path, check=False)
    assert done.returncode == 0
    page = next((tmp_path / "out").rglob("*hnd*/*.html")).read_text("utf-8")
    assert "23" in page.partition("</style>")[0]


def test_a_cluster_that_is_not_there_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "report.md").write_text(master(TEXT), "utf-8")
    command = [*COMMAND, "--dask", "tcp://127.0.0.1:1"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, text=True)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("report-build: no Dask cluster with a worker at")
    assert "Traceback" not in done.stderr


SEEN = """
import json, os, socket, sys
from report_build import confinement
os.environ["GITHUB_TOKEN"] = "secret"
confinement.confine(500)
found = {"names": sorted(os.environ), "interfaces": [name for _, name in socket.if_nameindex()]}
try:
    held = bytearray(501 << 20)
except MemoryError:
    found["memory"] = "refused"
print(json.dumps(found))
"""


def test_processes_with_content_have_no_secrets_and_no_endless_memory() -> None:
    import json

    done = subprocess.run([sys.executable, "-c", SEEN], capture_output=True, check=True, text=True)
    found = json.loads(done.stdout)
    assert "GITHUB_TOKEN" not in found["names"]
    assert found["memory"] == "refused"
