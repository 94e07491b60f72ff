"""What do all tests share?"""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from report_build.pandoc import Pandoc
from support import long_project

# The same examples each time, and no limit of time: a change is not to fail on another's luck.
# `--hypothesis-profile explore` looks for new ones.
_ANY_TIME = [hypothesis.HealthCheck.too_slow]
hypothesis.settings.register_profile(
    "same", derandomize=True, deadline=None, suppress_health_check=_ANY_TIME
)
hypothesis.settings.register_profile(
    "explore", max_examples=5000, deadline=None, suppress_health_check=_ANY_TIME
)
hypothesis.settings.load_profile("same")


@pytest.fixture(scope="session")
def pandoc() -> Iterator[Pandoc]:
    """One pandoc process for all tests of a worker."""
    with Pandoc() as session:
        yield session


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[str, Path, subprocess.Popen[str]]]:
    """The address of a preview, its master, and the process."""
    path = long_project(tmp_path)
    command = [sys.executable, "-m", "report_build", "preview", "--no-browser"]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    address = process.stdout.readline().strip()
    assert address.startswith("http://127.0.0.1:"), address
    yield address, path, process
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--mutations` makes more mistakes. `--update` writes what was found into the cases; look at the difference before you keep it."""
    parser.addoption("--update", action="store_true", help="accept what the cases now give")
    parser.addoption("--mutations", default="2", help="mistakes of each kind in the real master")
