"""Is each thing that a machine lacks told in one line, with a command that mends it?"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from report_build import machine
from report_build.diagnostics import MachineError

PANGO = "apt-get install --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0"


@pytest.mark.parametrize(
    ("lack", "expected"),
    [
        ({"python": (3, 10)}, "Python 3.11 is missing (this one is 3.10); apt-get install"),
        ({"pandoc": lambda: ""}, "pandoc 3.9 is missing (it reads and writes the formats); "),
        ({"pandoc": lambda: "3.10"}, "pandoc 3.9 is missing (the one here says 3.10); "),
        ({"loads": lambda name: "pango" not in name}, f"Pango is missing (.*); {PANGO}"),
        (
            {"loads": lambda name: "subset" not in name},
            "Pango is missing (.*); apt-get install --no-install-recommends libharfbuzz-subset0",
        ),
        ({"fonts": ["fontpkg_none"]}, "the font package fontpkg-none is missing (.*); "),
    ],
)
def test_a_lack_is_one_line_with_its_cure(lack: dict[str, object], expected: str) -> None:
    (found,) = machine.lacks(**lack)  # type: ignore[arg-type]
    start, _, rest = expected.partition("(.*)")
    assert str(found).startswith(start)
    assert rest in str(found)
    assert "\n" not in str(found)
    assert found.cure.split()[0] in ("apt-get", sys.executable)


def test_every_lack_is_told() -> None:
    found = machine.lacks((3, 9), lambda: "", lambda name: False, ["fontpkg_none"])
    assert [lack.what for lack in found] == [
        "Python 3.11",
        "pandoc 3.9",
        "Pango",
        "the font package fontpkg-none",
    ]


def test_nothing_is_missing_where_tests_run() -> None:
    assert machine.lacks() == ()
    machine.require()


def test_a_lack_stops_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_loads", lambda name: False)
    with pytest.raises(MachineError) as caught:
        machine.require()
    assert caught.value.message == "Pango is missing (WeasyPrint sets the PDF with it)"
    assert caught.value.cure == f"{PANGO} libharfbuzz-subset0"


@pytest.mark.parametrize("script", ["exit 1", "kill -9 $$", "echo hello"])
def test_a_pandoc_that_fails_counts_as_none(
    script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pandoc = tmp_path / "pandoc"
    pandoc.write_text(f"#!/bin/sh\n{script}\n")
    monkeypatch.setattr(machine, "executable", lambda: str(pandoc))
    for mode in (0o644, 0o755):
        pandoc.chmod(mode)
        assert [lack.what for lack in machine.lacks()] == ["pandoc 3.9"]


def test_private_libraries_are_found_by_name_here_and_in_children(tmp_path: Path) -> None:
    """`.sys` beside an environment: one library needs the other, and neither is the system's."""
    compiler = shutil.which("cc")
    folder = machine.private_libraries(str(tmp_path / ".venv"))
    folder.mkdir(parents=True)
    if compiler:
        _library(compiler, folder, "libzz-needed.so.0", "int needed(void) { return 7; }")
        code = "int needed(void); int first(void) { return needed(); }"
        _library(compiler, folder, "libaa-first.so.0", code, "-L", str(folder), "-l:libzz-needed.so.0")
    loads = "import ctypes; ctypes.CDLL('libaa-first.so.0')"
    program = (
        "import pathlib, subprocess, sys; from report_build import machine\n"
        "machine.load_private(pathlib.Path(sys.argv[1]))\n"
        f"{loads if compiler else ''}\n"
        f"subprocess.run([sys.executable, '-c', {loads if compiler else ''!r}], check=True)\n"
        "import os; print(os.environ['LD_LIBRARY_PATH'])"
    )
    environment = {**os.environ, "LD_LIBRARY_PATH": "/nowhere"}
    command = [sys.executable, "-c", program, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert (done.stdout.strip(), done.stderr) == (f"{folder}:/nowhere", "")


def _library(compiler: str, folder: Path, name: str, code: str, *options: str) -> None:
    source = folder / "code.c"
    source.write_text(code)
    command = [compiler, "-shared", "-fPIC", f"-Wl,-soname,{name}", "-o", str(folder / name)]
    subprocess.run([*command, str(source), *options], check=True)
