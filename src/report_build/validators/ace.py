"""Is each book open to everyone? Asked of Ace by DAISY."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from report_build.surroundings import asked, browser, lacking, package
from report_build.validators import Complaint

SCRIPT = package("@daisy/ace-cli") / "bin/ace.js"


def missing() -> str:
    """What it lacks, in words."""
    lacks = lacking(node="@daisy/ace-cli", programs=("node",))
    return lacks or ("" if browser() else "chromium is not installed")


def version() -> str:
    """Of its package."""
    return str(json.loads((package("@daisy/ace-cli") / "package.json").read_text())["version"])


def complaints(files: Sequence[Path]) -> Iterator[Complaint]:
    """All that its report says has failed."""
    settings = {"PUPPETEER_EXECUTABLE_PATH": browser(), "ACE_TIMEOUT_INITIAL": "30000"}
    for path in files:
        with tempfile.TemporaryDirectory() as folder:
            said = asked("node", SCRIPT, "--force", "--outdir", folder, path.absolute(), **settings)
            report = Path(folder) / "report.json"
            if not report.is_file():
                yield Complaint(str(path), "error", said.strip().splitlines()[-1])
                continue
            for part in json.loads(report.read_text())["assertions"]:
                for found in part["assertions"]:
                    rule = found["earl:test"]["dct:title"]
                    words = found["earl:result"]["dct:description"]
                    where = part["earl:testSubject"]["url"]
                    yield Complaint(str(path), rule, f"{where}: {' '.join(words.split())}")
