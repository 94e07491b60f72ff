"""Do shells, hooks, CI and editors get what they are promised?"""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from PIL import Image

from report_build.pages import differing
from support import ROOT, master, run, with_fonts


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_shells_complete_commands_and_options(shell: str, tmp_path: Path) -> None:
    done = run(tmp_path, "completion", shell)
    assert done.returncode == 0, done.stderr
    for word in ("build", "preview", "message-format", "untrusted"):
        assert word in done.stdout


def test_bash_takes_the_completion(tmp_path: Path) -> None:
    (tmp_path / "complete").write_text(run(tmp_path, "completion", "bash").stdout)
    script = (
        "source ./complete; COMP_WORDS=(report-build pre); COMP_CWORD=1; "
        '"$(complete -p report-build | sed -E "s/.*-F ([^ ]+).*/\\1/")" report-build pre report-build; '
        'echo "${COMPREPLY[@]}"'
    )
    done = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["preview"]


def test_changed_pages_are_shown_beside_the_old_ones(tmp_path: Path) -> None:
    for name, words in (("old", "Some words."), ("new", "Other words.")):
        folder = tmp_path / name
        folder.mkdir()
        with_fonts(folder)
        (folder / "report.md").write_text(
            master(f'# One {{#one}}\n\nThe same.\n\n# Two {{#two audience="hnd"}}\n\n{words}\n')
        )
        assert run(folder, "build", "-q", "-f", "pdf").returncode == 0
    done = run(tmp_path, "pages", "old/out", "new/out", "-o", "pictures")
    assert done.returncode == 1, done.stderr
    names = sorted(Path(line).parent.name for line in done.stdout.split("\n") if line)
    assert set(names) == {"full", "hnd"}  # Guatemala's delegation sees nothing of it
    [picture] = (tmp_path / "pictures/report/hnd").glob("*.png")
    with Image.open(picture) as whole:
        assert whole.width > whole.height
    again = run(tmp_path, "pages", "old/out", "old/out")
    assert again.returncode == 0 and again.stdout == ""
    shutil.rmtree(tmp_path / "old/out/report/hnd")
    assert {name for name, *_ in differing(tmp_path / "old/out", tmp_path / "new/out")} == {
        "report/full/report.pdf", "report/hnd/report-honduras.pdf"
    }  # fmt: skip


def test_the_hook_and_the_action_call_commands_that_there_are(tmp_path: Path) -> None:
    [hook] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    asked = [hook["entry"].split()[1:]]
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    steps = action["runs"]["steps"]
    text = "\n".join(step.get("run", "") for step in steps)
    asked += [
        found.split()
        for found in re.findall(r'/report-build"? ((?:check|build|pages)[^)\n]*)', text)
    ]
    assert [each[0] for each in asked] == ["check", "check", "build", "build", "pages"]
    for each in asked:
        known = run(tmp_path, each[0], "--help").stdout
        for option in (word for word in each if word.startswith("-")):
            assert option.rstrip("'") in known, option
    assert all(re.search(r"@[0-9a-f]{40}$", step["uses"]) for step in steps if "uses" in step)
    assert "${{" not in text  # what others write comes in by the environment only


def test_the_containers_files_are_there() -> None:
    text = (ROOT / "Containerfile").read_text("utf-8")
    for line in re.findall(r"^COPY (.+) \S+$", text, re.M):
        for name in line.split():
            assert (ROOT / name).exists(), name
    assert "--require-hashes" in text and "USER writer" in text


def test_an_editor_reads_the_problems(tmp_path: Path) -> None:
    run(tmp_path, "init")
    tasks = json.loads((tmp_path / ".vscode/tasks.json").read_text("utf-8"))["tasks"]
    pattern = tasks[0]["problemMatcher"]["pattern"]
    path = tmp_path / "source/report.md"
    path.write_text(path.read_text("utf-8").replace("see @countries", "see @nowhere"), "utf-8")
    done = run(tmp_path, *tasks[0]["command"].split()[1:])
    found = [
        match for line in io.StringIO(done.stdout) if (match := re.match(pattern["regexp"], line))
    ]
    assert found and found[0][pattern["file"]] == "source/report.md"
    assert "nowhere" in found[0][pattern["message"]]
