"""Does the preview follow each change, at the place of the reader, and answer nobody else?"""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from report_build.preview.session import Session, Shown, states
from support import long_project


def asked(address: str, **headers: str) -> int:
    """The status of an answer."""
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        with urllib.request.urlopen(
            urllib.request.Request(address, headers=told), timeout=30
        ) as got:
            return int(got.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_nobody_else_is_answered(served: tuple[str, Path, subprocess.Popen[str]]) -> None:
    address, _, process = served
    port = int(address.split(":")[2].split("/")[0])
    assert asked(address) == 200
    assert asked(f"http://localhost:{port}/{address.split('/', 3)[3]}") == 200
    assert asked(f"http://127.0.0.1:{port}/") == 403
    assert asked(f"http://127.0.0.1:{port}/x{address.split('/', 3)[3]}state") == 403
    assert asked(f"{address}state", Host="evil.example") == 403
    assert asked(f"{address}state", Origin="http://evil.example") == 403
    assert asked(f"{address}state", Sec_Fetch_Site="cross-site") == 403
    assert asked(f"{address}source?file=../../etc/passwd") == 404
    assert asked(f"{address}anything") == 404
    with socket.socket() as other:  # not from another address
        other.settimeout(2)
        assert other.connect_ex((_outer_address(), port)) != 0
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 0


def _outer_address() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.2"


def test_a_pdf_and_a_word_file_are_made_when_asked_for(
    served: tuple[str, Path, subprocess.Popen[str]],
) -> None:
    address, path, _ = served
    asked_for = "file?master=report.md&edition=hnd-country&format="
    for form, start in (("pdf", b"%PDF-"), ("docx", b"PK")):
        edition = json.load(urllib.request.urlopen(f"{address}state", timeout=30))["editions"][1][
            "id"
        ]
        url = f"{address}{asked_for}{form}".replace("hnd-country", edition)
        with urllib.request.urlopen(url, timeout=120) as got:
            assert got.read().startswith(start)
    path.write_text(path.read_text("utf-8").replace("first words", "see @nowhere"))
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with urllib.request.urlopen(f"{address}{asked_for}pdf", timeout=120) as got:
            if b"nowhere" in got.read():
                return
    pytest.fail("the mistake was not told")


def test_only_what_changed_is_read_anew(tmp_path: Path) -> None:
    path = long_project(tmp_path)
    other = tmp_path / "second.md"
    other.write_text(path.read_text("utf-8"))
    session = Session(tmp_path)
    session.begin()
    before = session.checked["second.md"]
    page = session.page(Shown("report.md", "full"))
    assert b"first words" in page
    path.write_text(path.read_text("utf-8").replace("first words", "new words"))
    session.changed(frozenset({path}))
    assert session.checked["second.md"] is before
    assert b"new words" in session.page(Shown("report.md", "full"))
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/theme.yml").write_text("color:\n  palette: {}\n")
    session.changed(frozenset({tmp_path / "templates/theme.yml"}))
    assert session.checked["second.md"] is not before
    session.close()


def test_what_is_made_is_not_watched(tmp_path: Path) -> None:
    for name in ("report.md", "out/index.md", ".cache/x.md", "source/a.md", "templates/a.html.j2"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "link.md").symlink_to(tmp_path / "report.md")
    found = {path.relative_to(tmp_path).as_posix() for path in states(tmp_path)}
    assert found == {"report.md", "source/a.md", "templates/a.html.j2"}
