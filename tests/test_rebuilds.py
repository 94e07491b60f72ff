"""Is what a build takes from its cache, byte for byte, what a fresh build makes?

Changes are drawn at random; after each of them one and the same project is built with all that it
has kept, and a copy of it with nothing kept. What was made anew must be what came out otherwise.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from support import master, with_fonts

COMMAND = (sys.executable, "-m", "report_build", "build", "-q")
TEXT = """
# Perceptions {#sec-a}

Words for all, see @sec-g.[^n]

[^n]: A note.

# Honduras {#sec-h audience="hnd"}

Words for Honduras.

# Guatemala {#sec-g audience="gtm"}

Words for Guatemala.

| Word | Count |
|------|------:|
| One  | 1     |

: A table {#tbl-a}
"""


def in_text(old: str, new: str) -> Callable[[Path, str], None]:
    def change(project: Path, mark: str) -> None:
        file = project / "report.md"
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new.format(mark), 1), "utf-8")

    return change


def template(name: str, text: str) -> Callable[[Path, str], None]:
    def change(project: Path, mark: str) -> None:
        file = project / "templates" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text.format(mark), "utf-8")

    return change


ALL = {"full", "hnd", "gtm", "press"}
CHANGES = {
    "a word of all": (in_text("Words for all", "Words for all {}"), ALL, {"html", "docx", "pdf", "epub"}),
    "a word of Honduras": (in_text("for Honduras.", "for Honduras {}."), {"full", "hnd"}, {"html", "docx", "pdf", "epub"}),
    "a cell": (in_text("| One ", "| One {}"), {"full", "gtm"}, {"html", "docx", "pdf", "epub"}),
    "a note": (in_text("A note", "A note {}"), ALL, {"html", "docx", "pdf", "epub"}),
    "the title": (in_text("A seminar", "A seminar {}"), ALL, {"html", "docx", "pdf", "epub"}),
    "the sheet": (template("theme.yml", "page: {{margin: {{top: 3{}}}}}\n"), ALL, {"docx", "pdf"}),
    "a size on screens": (template("theme.yml", "typography: {{screen: 2{}}}\n"), ALL, {"html", "docx", "pdf"}),
    "a label": (template("labels/en.yml", "contents: Contents {}\n"), ALL, {"html", "docx", "pdf", "epub"}),
}  # fmt: skip
"""What is changed, and the editions and formats that may come out otherwise."""


def built(project: Path) -> dict[str, bytes]:
    subprocess.run(COMMAND, cwd=project, check=True, timeout=300)
    return {
        path.relative_to(project / "out").as_posix(): path.read_bytes()
        for path in sorted((project / "out").rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_kept_is_what_would_be_made(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    project, fresh = tmp_path / "kept", tmp_path / "fresh"
    with_fonts(project)
    (project / "report.md").write_text(master(TEXT), "utf-8")
    before = built(project)
    for number, name in enumerate(chance.sample(sorted(CHANGES), 4)):
        change, editions, formats = CHANGES[name]
        change(project, str(number + 1))
        after = built(project)
        with_fonts(fresh)
        shutil.copytree(project, fresh, ignore=shutil.ignore_patterns("out", ".cache"), dirs_exist_ok=True)  # fmt: skip
        assert built(fresh) == after, name
        shutil.rmtree(fresh)
        entries = json.loads(after["manifest.json"])["deliverables"]
        changed = {e["path"] for e in entries if before.get(e["path"]) != after[e["path"]]}
        meant = {e["path"] for e in entries if e["edition"] in editions and e["format"] in formats}
        assert changed <= meant, name
        if changed:
            expected = {e["edition"] for e in entries if e["path"] in meant}
            assert {e["edition"] for e in entries if e["path"] in changed} == expected, name
        before = after
