"""Is what was made before found again, here and elsewhere, and only if it is whole?"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from report_build.store import Store
from support import master, with_fonts

KEY = "a" * 64
ABOUT = {"pages": {"sec-a": 3}, "count": 4, "identifier": "urn:x"}
COMMAND = (sys.executable, "-m", "report_build", "build", "-q", "-f", "html")


def known(found: tuple[bytes, dict[str, object]] | None) -> tuple[bytes, dict[str, object]] | None:
    return (found[0], {name: found[1][name] for name in ABOUT}) if found else None


def test_what_was_put_is_found_with_what_is_known_of_it(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert store.get(KEY) is None
    store.put(KEY, b"line\nline\0", ABOUT)
    assert known(store.get(KEY)) == (b"line\nline\0", ABOUT)


@pytest.mark.parametrize("damage", ["a bit", "cut short", "empty", "another's"])
def test_what_is_damaged_counts_as_absent(damage: str, tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put(KEY, b"content", ABOUT)
    store.put("b" * 64, b"others", ABOUT)
    file = next(tmp_path.glob("a*"))
    whole = file.read_bytes()
    file.write_bytes({
        "a bit": whole[:-1] + bytes([whole[-1] ^ 1]), "cut short": whole[:-3], "empty": b"",
        "another's": next(tmp_path.glob("b*")).read_bytes(),
    }[damage])  # fmt: skip
    assert store.get(KEY) is None
    assert known(store.get("b" * 64)) == (b"others", ABOUT)


@pytest.mark.parametrize("scheme", ["", "file://", "memory://"])
def test_machines_share_what_one_of_them_has_made(scheme: str, tmp_path: Path) -> None:
    place = f"{scheme}{tmp_path / 'shared'}"
    Store(tmp_path / "one", place).put(KEY, b"content", ABOUT)
    assert known(Store(tmp_path / "other", place).get(KEY)) == (b"content", ABOUT)
    assert known(Store(tmp_path / "other").get(KEY)) == (b"content", ABOUT)  # kept, too


def test_a_shared_cache_that_cannot_be_written_is_told_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "shared").write_text("a file, not a folder")
    store = Store(tmp_path / "own", str(tmp_path / "shared"))
    for name in ("a", "b"):
        store.put(name * 64, b"content", ABOUT)
    assert capsys.readouterr().err.count("cannot be written") == 1
    assert known(store.get(KEY)) == (b"content", ABOUT)


def test_a_build_elsewhere_takes_its_files_from_the_shared_cache(tmp_path: Path) -> None:
    outs = []
    for name in ("one", "other"):
        project = tmp_path / name
        with_fonts(project)
        (project / "report.md").write_text(master("# A\n\nText.\n"), "utf-8")
        command = [*COMMAND, "--cache", str(tmp_path / "shared"), "--timings", "times.json"]
        subprocess.run(command, cwd=project, check=True)
        outs.append(
            {p.relative_to(project): p.read_bytes() for p in project.rglob("out/**/*.html")}
        )
        made = (project / "times.json").read_text().count('"proofs"')
        assert made == (4 if name == "one" else 0)
    assert outs[0] == outs[1]
