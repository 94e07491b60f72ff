"""How do time and memory grow with the text and with the countries? make bench-growth.

Each step runs as a command of its own; results go to docs/growth.json and docs/growth.md.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench import generated, plot
from bench.memory import STEPS

ROOT = Path(__file__).parents[1]
COMMAND = (sys.executable, "-m", "report_build")
TIMES = tuple(int(x) for x in os.environ.get("TIMES", "1 4 16 64").split())
COUNTRIES = tuple(int(x) for x in os.environ.get("COUNTRIES", "11 50 195").split())
MIB = 1 << 10
"""KiB in a MiB: the kernel tells memory in KiB."""
JUST = ("-e", "full", "-j", "1")
MEASURED = "import resource, subprocess, sys, time; t = time.perf_counter(); \
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL); \
print(time.perf_counter() - t, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"


def measured(text: str, arguments: Sequence[str]) -> tuple[float, float]:
    """Seconds of a command on a master in a fresh project, and MiB of its largest process."""
    with tempfile.TemporaryDirectory() as folder:
        project = fresh(Path(folder), text)
        command = [sys.executable, "-c", MEASURED, *COMMAND, *arguments]
        done = subprocess.run(command, cwd=project, check=True, capture_output=True, text=True)
        shutil.rmtree(project / "out", ignore_errors=True)
    seconds, memory = map(float, done.stdout.split())
    return seconds, memory / MIB


def fresh(project: Path, text: str) -> Path:
    """A project with a master, in which fonts are cut, as after the first build."""
    (project / "report.md").write_text(text, "utf-8")
    cache = project / ".cache" / "report-build"
    cache.mkdir(parents=True)
    (cache / "fonts").symlink_to(ROOT / ".cache" / "report-build" / "fonts")
    return project


def main() -> None:
    """Measure, and write what came of it."""
    rows = []
    for name, arguments, most in (
        ("check", ("check",), 64),
        ("HTML", ("build", "-f", "html", *JUST), 64),
        ("Word", ("build", "-f", "docx", *JUST), 64),
        ("PDF", ("build", "-f", "pdf", *JUST), 16),
    ):
        for times in (x for x in TIMES if x <= most):
            text = generated.master(times, "html, docx" if name == "Word" else "html, pdf, docx")
            rows.append(("text", name, times, *measured(text, arguments)))
            print(rows[-1], flush=True)
    for count in COUNTRIES:
        rows.append(
            ("countries", "all", count, *measured(generated.proceedings(count), ("build",)))
        )
        print(rows[-1], flush=True)
    with tempfile.TemporaryDirectory() as folder:
        project = fresh(Path(folder), generated.proceedings(195))
        command = [sys.executable, "-m", "bench.memory", str(project)]
        done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    for count, mib in zip(STEPS, map(float, done.stdout.split()), strict=True):
        rows.append(("documents", "one worker", count, 0.0, mib))
        print(rows[-1], flush=True)
    lines = ["# Growth", "", "`make bench-growth`: one run of each, two cores; a step’s ratio is that of the seconds to that of the", "size. Countries: 2,700 words for everyone and 340 for each, so that the full report grows with them.", "",
             "| what | size | seconds | MiB of the largest process | step |", "| --- | ---: | ---: | ---: | ---: |"]  # fmt: skip
    before: tuple[object, float, float] = ("", 1.0, 1.0)
    for kind, name, size, seconds, memory in rows:
        same = before[0] == (kind, name)
        step = f"{seconds / before[2] / (size / before[1]):.2f}" if same and seconds else ""
        shown = f"{seconds:.1f}" if seconds else ""
        lines.append(f"| {kind}: {name} | {size} | {shown} | {memory:.0f} | {step} |")
        before = ((kind, name), float(size), seconds)
    lines += ["", "![Seconds against the size](growth.svg)"]
    plot.draw("growth", plot.growth(rows))
    (ROOT / "docs" / "growth.md").write_text("\n".join(lines) + "\n", "utf-8")
    (ROOT / "docs" / "growth.json").write_text(json.dumps(rows, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
