"""Does the preview follow each change in a real browser? Run by `make browser`, which sets one up."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

from report_build.surroundings import FOLDER, browser

SCRIPT = Path(__file__).with_name("preview.cjs")


def test_a_browser_shows_each_change_at_the_place_of_the_reader(
    served: tuple[str, Path, subprocess.Popen[str]],
) -> None:
    address, path, _ = served
    assert browser() and (FOLDER / "node_modules/playwright-core").is_dir(), (
        "make verify sets it up"
    )
    command = ["node", str(SCRIPT), str(FOLDER), browser(), address, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=180)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["complaints"] == []
    assert len(found["editions"]) == 4
    assert found["formats"] == ["html", "pdf", "docx", "epub"]
    assert "first words" in found["text"]
    assert abs(found["before"] - found["after"]) <= 2
    assert "@nowhere" in found["problem"] or "nowhere" in found["problem"]
    assert re.search(r"source\?file=report\.md#L\d+", found["link"])
    assert found["kept"] is True
    assert found["marks"] == ["audience: hnd", "audience: gtm"]
    assert "first words" in found["line"] or "see @nowhere" in found["line"]
