"""Is each thing that a machine lacks told in one line, with a command that mends it?"""

from __future__ import annotations

import os
import shlex
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
    assert shlex.split(found.cure)[0] in ("apt-get", sys.executable)


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
    machine.require(rendering=False)


@pytest.mark.parametrize("script", ["echo pandoc 3.9; exit 1", "kill -9 $$", "echo hello"])
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
    folder = machine.private_libraries(str(tmp_path / ".venv"))
    folder.mkdir(parents=True)
    for library in ("libpango-1.0.so.0", "libpangoft2-1.0.so.0"):
        content, name = _file_of(library).read_bytes(), library.encode()
        for old, new in ((b"libpango-", b"libZango-"), (b"libpangoft2-", b"libXangoft2-")):
            content, name = content.replace(old, new), name.replace(old, new)
        (folder / name.decode()).write_bytes(content)  # the first needs the last
    load = "import ctypes; ctypes.CDLL('libXangoft2-1.0.so.0')"
    program = (
        "import os, pathlib, subprocess, sys; from report_build import machine\n"
        f"machine.load_private(pathlib.Path(sys.argv[1])); {load}\n"
        f"subprocess.run([sys.executable, '-c', {load!r}], check=True)\n"
        "print(os.environ['LD_LIBRARY_PATH'])"
    )
    environment = {**os.environ, "LD_LIBRARY_PATH": os.environ.get("LD_LIBRARY_PATH", "/nowhere")}
    command = [sys.executable, "-c", program, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert (done.stdout, done.stderr) == (f"{folder}:{environment['LD_LIBRARY_PATH']}\n", "")


def _file_of(library: str) -> Path:
    """Where a loaded library lies. Under another name in it, it is one that no system has."""
    assert not machine.missing_packages()
    lines = Path("/proc/self/maps").read_text("utf-8").splitlines()
    return next(Path(line.split(maxsplit=5)[5]) for line in lines if f"/{library}" in line)
