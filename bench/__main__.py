"""Measures whole commands side by side: make bench [ROUNDS=7].

All measurements of a round follow one another, so that a busy machine slows all of them; ratios
are taken within a round, and their median is told. Results go to docs/speed.json and docs/speed.md.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench import plot
from report_build.pandoc_process import executable

ROOT = Path(__file__).parents[1]
COMMAND = (sys.executable, "-m", "report_build")
CORES = len(os.sched_getaffinity(0))
ROUNDS = int(os.environ.get("ROUNDS", "7"))
FORMATS = ("HTML", "PDF", "Word", "EPUB")
COUNTRY = ('audience="hnd"}\n', "Honduran ")
"""After what a word is put that one country gets alone, and the word."""
COMMON = ("## Context {#intro-context}\n", "Indeed ")


@dataclass(frozen=True)
class Row:
    """A ratio that is measured. `goal` is the most that it should be."""

    name: str
    over: str
    under: str
    goal: float


ROWS = (
    Row("a build with nothing to do ÷ python -c 'import json, hashlib'", "nothing", "python", 3.0),
    Row(
        "check of what was checked before ÷ python -c 'import json, hashlib'",
        "checked",
        "python",
        3.0,
    ),
    Row(
        "check of all editions after a change ÷ pandoc reading the masters", "check", "pandoc", 2.0
    ),
    Row("one word of one country, all ÷ cold build", "word of one", "cold", 0.75),
    Row("one word of one country, -e hnd ÷ cold build", "word of one, its edition", "cold", 0.4),
    Row("one word of all, HTML of one edition ÷ cold build", "word of all, one page", "cold", 0.15),
    Row("two workers ÷ one", "cold", "one worker", 0.625),
    Row("English master, without the proofs ÷ floor", "english without proofs", "floor", 1.25),
    Row("English master, with the proofs ÷ floor", "english", "floor", 1.6),
    Row("English master ÷ shell loop, two at a time, of the same pages", "english", "loop 2", 0.25),
    Row("English master ÷ shell loop, one after another", "english", "loop 1", 0.143),
    Row("proofs ÷ all CPU of the build", "proofs", "cpu", 0.25),
    Row("two Dask workers ÷ two local ones", "dask", "cold", 1.2),
)


class Project:
    """A copy of the project, with the fonts of this one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(ROOT / "source", folder / "source")
        self.cache = folder / ".cache" / "report-build"
        self.master = folder / "source" / "proceedings.md"
        self.count = 0
        self.proofs = self.cpu = self.seconds = 0.0

    def run(self, *arguments: str) -> float:
        """Seconds of a command."""
        return timed([*COMMAND, *arguments], self.folder)

    def clean(self) -> None:
        """Nothing is built; fonts are cut, as after the first build."""
        shutil.rmtree(self.cache, ignore_errors=True)
        shutil.rmtree(self.folder / "out", ignore_errors=True)
        self.cache.mkdir(parents=True)
        (self.cache / "fonts").symlink_to(ROOT / ".cache" / "report-build" / "fonts")

    def on_cluster(self) -> float:
        """Seconds of a cold build by two workers of a cluster on this machine, at work already.

        The cluster is there for no other measurement: waiting, it takes a part of a core.
        """
        from distributed import LocalCluster

        with LocalCluster(
            n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
        ) as cluster:
            there = ("build", "-q", "--dask", str(cluster.scheduler_address))
            self.clean()
            self.run(*there, "-f", "html")
            self.clean()
            return self.run(*there)

    def changed(self, place: tuple[str, str], *arguments: str) -> float:
        """Seconds of a command with one word more, which is taken out again after that."""
        before = self.master.read_bytes()
        self.edit(*place)
        seconds = self.run(*arguments)
        self.master.write_bytes(before)
        return seconds

    def edit(self, after: str, word: str) -> None:
        """One word more, another one each time."""
        text = self.master.read_text("utf-8")
        head, found, rest = text.partition(after)
        assert found, after
        self.count += 1
        self.master.write_text(f"{head}{found}\n{word}{self.count} {rest.lstrip()}", "utf-8")


def timed(command: list[str], folder: Path) -> float:
    """Seconds of a command that must succeed."""
    start = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return time.perf_counter() - start


def measurements(project: Project) -> dict[str, Callable[[], float]]:
    """What is measured, in the order of a round."""

    def cold(*more: str) -> float:
        project.clean()
        return project.run("build", "-q", *more)

    def edited(place: tuple[str, str], *more: str) -> float:
        project.edit(*place)
        return project.run("build", "-q", *more)

    pandoc = [str(executable()), "-t", "json", "-o", os.devnull]
    masters = [str(path) for path in sorted(project.folder.glob("source/*.md"))]
    english = ("source/proceedings.md",)

    def traced() -> float:
        project.clean()
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds = project.run("build", "-q", "--timings", "trace.json", *english)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        events = json.loads((project.folder / "trace.json").read_text("utf-8"))["traceEvents"]
        spans = [event for event in events if event["name"] == "proofs"]
        jobs = [e for e in events if e.get("name", "").rpartition(" ")[2] in FORMATS]
        project.proofs = sum(event["dur"] for event in spans) / 1e6
        # what workers do is told by the trace: they are nobody's children when they end
        own = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        project.cpu = own + sum(event["dur"] for event in jobs) / 1e6
        project.seconds = seconds
        return seconds

    def script(name: str, *more: str) -> float:
        command = [sys.executable, "-m", f"bench.{name}", str(project.folder), *more]
        done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
        return float(done.stdout)

    return {
        "english": traced,
        "proofs": lambda: project.proofs,
        "cpu": lambda: project.cpu,
        "english without proofs": lambda: project.seconds * (1 - project.proofs / project.cpu),
        "floor": lambda: script("floor") / CORES,
        "loop 2": lambda: script("loop", "2"),
        "loop 1": lambda: script("loop", "1"),
        "dask": project.on_cluster,
        "one worker": lambda: cold("-j", "1"),
        "cold": cold,
        "nothing": lambda: (project.run("build", "-q"), project.run("build", "-q"))[1],
        "python": lambda: timed([sys.executable, "-c", "import json, hashlib"], project.folder),
        "check": lambda: project.changed(COMMON, "check", "-q"),
        "checked": lambda: (project.run("check", "-q"), project.run("check", "-q"))[1],
        "pandoc": lambda: sum(timed([*pandoc, name], project.folder) for name in masters),
        "word of one": lambda: edited(COUNTRY),
        "word of one, its edition": lambda: edited(COUNTRY, "-e", "hnd"),
        "word of all, one page": lambda: edited(COMMON, "-e", "hnd", "-f", "html"),
    }


def main() -> None:
    """Measure, and write what came of it after each round."""
    found: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        project = Project(Path(folder) / "project")
        for number in range(1, ROUNDS + 1):
            for name, measure in measurements(project).items():
                found.setdefault(name, []).append(measure())
                print(f"{number}/{ROUNDS} {name}: {found[name][-1]:.2f} s", flush=True)
            lines = written(found, number)
    print("\n".join(lines[4:]))


def written(found: dict[str, list[float]], rounds: int) -> list[str]:
    """The table of so many rounds, which is in docs/speed.md; all figures are in docs/speed.json."""
    about = (
        f"Medians of {rounds} rounds on {os.cpu_count()} cores, Python "
        f"{platform.python_version()}; ratios are taken within a round (`make bench`)."
    )
    head = ("| what | ratio | goal, at most | seconds |", "| --- | ---: | ---: | ---: |")
    lines = ["# Speed", "", about, "", *head]
    results = []
    for row in ROWS:
        pairs = zip(found[row.over], found[row.under], strict=True)
        ratio = statistics.median(over / under for over, under in pairs)
        seconds = statistics.median(found[row.over])
        lines.append(f"| {row.name} | {ratio:.2f} | {row.goal:g} | {seconds:.2f} |")
        results.append({"name": row.name, "ratio": ratio, "goal": row.goal, "seconds": seconds})
    lines += ["", "![Each ratio as a share of its goal](speed.svg)"]
    (ROOT / "docs" / "speed.md").write_text("\n".join(lines) + "\n", "utf-8")
    plot.draw("speed", plot.speed(results))
    told = {"rounds": rounds, "ratios": results, "seconds": found}
    (ROOT / "docs" / "speed.json").write_text(json.dumps(told, indent=1) + "\n", "utf-8")
    return lines


if __name__ == "__main__":
    main()
