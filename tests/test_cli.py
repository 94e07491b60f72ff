"""What does the command answer, and with which exit code?"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sarif_pydantic import Sarif

from report_build import rules
from report_build.check import OTHER_RULES
from report_build.cli import main
from support import ROOT, master

TEXT = """
# Opening {#opening}

Words for all.

## Honduras {#sec-hnd audience="hnd"}

Words of Honduras, see @sec-gtm.

## Guatemala {#sec-gtm audience="gtm"}

Words of Guatemala.

::: {#plan only="gtm"}
A plan.
:::
"""
BAD = TEXT + "\nSee @sec-gtn.\n\n| a |\n|---|\n| b |\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A project with one master, in which the command is run."""
    (tmp_path / "source").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    yield write(tmp_path, TEXT)


def write(project: Path, text: str) -> Path:
    (project / "source" / "report.md").write_text(master(text), "utf-8")
    return project


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(list(arguments))
    out, err = capsys.readouterr()
    return status, out, err


# ------------------------------------------------------------------------- coverage, why


def test_coverage_as_a_table(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = said(capsys, "list", "--coverage")
    head, *rows = out.splitlines()
    assert status == 0
    assert head.split()[:2] == ["edition", "for"]
    assert [row.split()[0] for row in rows] == ["full", "hnd", "gtm", "press"]
    assert len({line.rstrip()[-5:] and len(line) for line in (head, *rows)}) == 1, "columns"


def test_coverage_as_json(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = said(capsys, "list", "--coverage", "--message-format", "json")
    (found,) = json.loads(out)
    share = {one["edition"]: one for one in found["editions"]}
    assert found["master"] == "source/report.md"
    assert found["unreceived"] == []
    assert share["hnd"]["own"] == 2
    assert share["hnd"]["elsewhere"] == 1
    assert share["press"]["own"] == share["press"]["shared"] == 0
    assert share["gtm"]["words"] < share["full"]["words"] + 2
    assert share["full"]["pages"] is None


def test_why_names_the_conditions_and_their_lines(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, _ = said(capsys, "list", "--why", "plan")
    assert status == 0
    text = (project / "source" / "report.md").read_text("utf-8").splitlines()
    for line, words in re.findall(r"report\.md:(\d+):\d+: (.+)", out):
        assert words.replace('"', "") in text[int(line) - 1].replace('"', "")
    verdicts = dict(re.findall(r"^  (\w+) +(yes|no)", out, re.M))
    assert verdicts == {"full": "no", "hnd": "no", "gtm": "yes", "press": "no"}


def test_why_of_an_unknown_id(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = said(capsys, "list", "--why", "sec-hdn")
    assert status == 2
    assert "sec-hnd" in err


# ------------------------------------------------------------------------------ messages


def test_sarif_is_valid(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(project, BAD)
    status, out, _ = said(capsys, "check", "--message-format", "sarif")
    log = Sarif.model_validate_json(out)
    assert status == 1
    found = {result.rule_id for result in log.runs[0].results or ()}
    assert {"undefined-reference", "table-without-caption"} <= found


def test_json_has_the_keys_that_are_promised(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(project, BAD)
    _, out, _ = said(capsys, "check", "--message-format", "json")
    for one in json.loads(out)["diagnostics"]:
        assert list(one) == [
            "rule", "severity", "file", "line", "column", "end_line", "end_column",
            "message", "hint", "editions",
        ]  # fmt: skip


def test_warnings_fail_only_under_strict(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(project, TEXT + "\n| a |\n|---|\n| b |\n")
    assert said(capsys, "check")[0] == 0
    assert said(capsys, "check", "--strict")[0] == 1
    assert said(capsys, "build", "--strict")[0] == 1
    assert not (project / "out").exists()


def test_the_same_problem_of_many_editions_is_told_once(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(project, TEXT.replace("Words for all.", "See [it](#sec-gtm)."))
    _, out, _ = said(capsys, "check", "--message-format", "json", "--info")
    found = [d for d in json.loads(out)["diagnostics"] if d["rule"] == "filtered-reference"]
    assert [d["editions"] for d in found] == [["hnd", "press"], ["hnd"]]


# --------------------------------------------------------------- silence and the baseline


def test_a_comment_silences_a_place_a_file_and_is_told_when_in_vain(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (
        "# A\n\n<!-- report-build: ignore placeholder -->\nTODO\n\nTODO\n\n"
        "<!-- report-build: ignore leftover-markup, no-such-rule -->\nWords.\n"
    )
    write(project, text)
    _, out, _ = said(capsys, "check", "--message-format", "json")
    found = [
        (d["rule"], d["message"]) for d in json.loads(out)["diagnostics"] if d["severity"] != "info"
    ]
    assert [rule for rule, _ in found].count("placeholder") == 1
    vain = [message for rule, message in found if rule == "unused-suppression"]
    assert vain == ["“leftover-markup” finds nothing here", "there is no rule “no-such-rule”"]
    write(project, "<!-- report-build: ignore-file placeholder -->\n\n# A\n\nTODO\n\nFIXME\n")
    assert json.loads(said(capsys, "check", "--message-format", "json")[1])["diagnostics"] == []


def test_severity_by_rule_and_file(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "source" / "part.txt").write_text("FIXME\n", "utf-8")
    front = "---\nrules: {placeholder: error}\nrules-by-file: {source/part.md: {placeholder: ignore}}\n---\n"
    write(project, front.replace("part.md", "part.txt") + "# A\n\n{{< include part.txt >}}\n")
    assert said(capsys, "check")[0] == 0
    write(
        project, front.replace("part.md", "part.txt") + "# A\n\nTODO\n\n{{< include part.txt >}}\n"
    )
    _, out, _ = said(capsys, "check", "--message-format", "json")
    (one,) = json.loads(out)["diagnostics"]
    assert (one["severity"], one["file"]) == ("error", "source/report.md")


def test_a_baseline_lets_only_new_problems_fail(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(project, BAD)
    assert said(capsys, "check", "--write-baseline")[0] == 0
    assert (project / ".report-build-baseline.json").is_file()
    assert said(capsys, "check", "--strict")[0] == 0
    write(project, "Words before.\n" + BAD)
    assert said(capsys, "check", "--strict")[0] == 0, "lines may move"
    write(project, BAD + "\nSee @sec-new.\n")
    status, out, _ = said(capsys, "check")
    assert status == 1
    assert "sec-new" in out
    assert "sec-gtn" not in out
    write(project, TEXT)
    status, _, err = said(capsys, "check")
    assert status == 0
    assert "2 known problems are mended" in err


def test_a_broken_baseline_is_wrong_use(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "old.json").write_text("{", "utf-8")
    assert said(capsys, "check", "--baseline", "old.json")[0] == 2
    assert said(capsys, "check", "--baseline", "none.json")[0] == 2


# ------------------------------------------------------------------------------- explain


def test_every_name_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    for name in (*rules.BY_NAME, *OTHER_RULES):
        status, out, _ = said(capsys, "explain", name)
        assert status == 0
        assert out.startswith(name)
        assert len(out.splitlines()) > 2


def test_every_rule_that_the_code_names_is_explained() -> None:
    said_names = set()
    for path in (ROOT / "src").rglob("*.py"):
        text = path.read_text("utf-8")
        said_names |= set(
            re.findall(r"""(?:_error|_RefusedError|Diagnostic)\(\s*"([a-z-]+)\"""", text)
        )
    assert len(said_names) > 8
    assert said_names <= {*rules.BY_NAME, *OTHER_RULES}


def test_an_unknown_rule_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = said(capsys, "explain", "undefined-refrence")
    assert status == 2
    assert "undefined-reference" in err


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_output_that_is_closed_is_no_error(closed: str, project: Path) -> None:
    write(project, "# A {#sec-a}\n\nWords.\n")
    command = f'exec "{sys.executable}" -m report_build list {closed}'
    assert subprocess.run(["sh", "-c", command], cwd=project, check=False).returncode == 0


def test_what_cannot_be_written_is_an_error(project: Path) -> None:
    write(project, "# A {#sec-a}\n\nWords.\n")
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "report_build", "list"]
        done = subprocess.run(command, cwd=project, stdout=full, check=False)
    assert done.returncode != 0
