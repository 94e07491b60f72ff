"""Are problems and progress shown as people and machines need them?"""

from __future__ import annotations

import io
import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report_build import terminal
from report_build.diagnostics import Diagnostic, Place, Severity
from report_build.source import Source

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
PLACE = Place("a b.md", 3, 5, 3, 9)
FULL = Diagnostic("some-rule", ERROR, PLACE, "50% are wrong", "mend: it, now", ("gtm", "hnd"))
BARE = Diagnostic("other-rule", WARNING, None, "nowhere")
LONG = Diagnostic("long-rule", INFO, Place("/x/y.md", 1, 2, 4, 1), "long")


def shown(text: str, start: int, end: int, **more: bool) -> list[str]:
    source = Source("m.md", text)
    one = Diagnostic("r", ERROR, source.place(start, end), "m")
    return terminal.human([one], {"m.md": source}, **more).split("\n")


@pytest.mark.parametrize(
    ("text", "token", "line", "carets"),
    [
        ("see @x here", "@x", "see @x here", "    ^^"),
        ("\tsee\t@x", "@x", "    see @x", "        ^^"),
        ("漢字 @x", "@x", "漢字 @x", "     ^^"),
        ("a 漢字 b", "漢字", "a 漢字 b", "  ^^^^"),
        ("cafe\u0301 @x", "@x", "cafe\u0301 @x", "     ^^"),
        ("one [two\nthree]", "[two\nthree]", "one [two", "    ^^^^"),
    ],
)
def test_carets_stand_under_the_token(text: str, token: str, line: str, carets: str) -> None:
    start = text.index(token)
    assert shown(text, start, start + len(token))[1:] == [f"  {line}", f"  {carets}"]


@pytest.mark.parametrize("before", [0, 30, 99, 100, 500])
@pytest.mark.parametrize("after", [0, 60, 500])
def test_of_a_long_line_what_is_around_the_token_is_shown(before: int, after: int) -> None:
    _, line, carets = shown("a" * before + "@x" + "b" * after, before, before + 2)
    assert line[carets.index("^") :].startswith("@x")
    assert carets.count("^") == 2
    assert len(line) <= terminal.WIDTH + 4
    assert ("…" in line) == (before + 2 + after > terminal.WIDTH or before > 75)


@given(st.text(st.characters(exclude_characters="\n")), st.data())
def test_any_line_is_shown_without_commands_to_the_terminal(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    lines = shown(text, start, end)
    assert len(lines) in (1, 3)
    assert not any(unicodedata.category(char) == "Cc" for line in lines for char in line)


def test_human() -> None:
    assert terminal.human([FULL, BARE, LONG], {}).split("\n") == [
        "a b.md:3:5: error: some-rule: 50% are wrong; mend: it, now [gtm, hnd]",
        "warning: other-rule: nowhere",
        "/x/y.md:1:2: info: long-rule: long",
    ]


def test_many_editions_are_counted() -> None:
    one = Diagnostic("r", ERROR, None, "m", editions=tuple("abcdefghi"))
    assert terminal.human([one], {}) == "error: r: m [a, b, c, d, e, f, and 3 more]"


def test_colors_only_when_asked_for() -> None:
    assert "\x1b[1;31merror\x1b[0m" in shown("x", 0, 1, color=True)[0]
    assert "\x1b" not in "".join(shown("x", 0, 1))


def test_a_message_cannot_command_the_terminal() -> None:
    one = Diagnostic("r", ERROR, None, "a\x1b[2Jb\nc\x07")
    assert terminal.human([one], {}) == "error: r: a\ufffd[2Jb c\ufffd"


def test_json() -> None:
    full, bare = json.loads(terminal.as_json([FULL, BARE]))["diagnostics"]
    assert full == {
        "rule": "some-rule",
        "severity": "error",
        "file": "a b.md",
        "line": 3,
        "column": 5,
        "end_line": 3,
        "end_column": 9,
        "message": "50% are wrong",
        "hint": "mend: it, now",
        "editions": ["gtm", "hnd"],
    }
    assert bare.keys() == full.keys()
    assert bare["file"] is None


def test_github() -> None:
    assert terminal.as_github([FULL, BARE, LONG]).split("\n") == [
        (
            "::error file=a b.md,line=3,endLine=3,col=5,endColumn=9,title=some-rule"
            "::50%25 are wrong; mend: it, now [gtm, hnd]"
        ),
        "::warning title=other-rule::nowhere",
        "::notice file=/x/y.md,line=1,endLine=4,title=long-rule::long",
    ]


def test_github_cannot_be_given_other_commands() -> None:
    place = Place("a,b:c\n::error::.md", 1, 1, 1, 1)
    told = terminal.as_github([Diagnostic("r", ERROR, place, "x\n::error::y")])
    assert "\n" not in told
    assert told.startswith("::error file=a%2Cb%3Ac%0A%3A%3Aerror%3A%3A.md,line=1,")


def test_sarif() -> None:
    log = json.loads(terminal.as_sarif([FULL, BARE, LONG, FULL]))
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert (log["version"], run["columnKind"]) == ("2.1.0", "unicodeCodePoints")
    assert rules == ["long-rule", "other-rule", "some-rule"]
    assert [rules[one["ruleIndex"]] for one in run["results"]] == [
        one["ruleId"] for one in run["results"]
    ]
    assert [one["level"] for one in run["results"]] == ["error", "warning", "note", "error"]
    locations = [one["locations"] for one in run["results"]]
    assert locations[0][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "a%20b.md"},
        "region": {"startLine": 3, "startColumn": 5, "endLine": 3, "endColumn": 9},
    }
    assert locations[1] == []
    assert locations[2][0]["physicalLocation"]["artifactLocation"]["uri"] == "file:///x/y.md"


def test_sarif_describes_the_rules_that_have_a_manual_page() -> None:
    log = json.loads(terminal.as_sarif([Diagnostic("undefined-reference", ERROR, None, "m")]))
    (rule,) = log["runs"][0]["tool"]["driver"]["rules"]
    assert rule["shortDescription"]["text"]


@pytest.mark.parametrize(
    ("severities", "expected"),
    [
        ([], "no problems"),
        ([ERROR], "1 error"),
        ([WARNING, ERROR, ERROR, ERROR], "3 errors, 1 warning"),
        ([INFO, INFO], "2 notes"),
    ],
)
def test_summary(severities: list[Severity], expected: str) -> None:
    assert terminal.summary([Diagnostic("r", one, None, "m") for one in severities]) == expected


@pytest.mark.parametrize("form", terminal.FORMATS)
def test_every_format_shows_nothing_too(form: str) -> None:
    assert isinstance(terminal.FORMATS[form]([], {}), str)


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def progressed(stream: io.StringIO, quiet: bool = False) -> str:
    progress = terminal.Progress(stream, 12, quiet)
    progress.done("hnd/a.pdf", 1.26)
    progress.done("b" * 200, 0)
    progress.close()
    return stream.getvalue()


def test_progress_in_plain_lines() -> None:
    assert progressed(io.StringIO()).splitlines() == [
        "[ 1/12] hnd/a.pdf (1.3 s)",
        f"[ 2/12] {'b' * 200} (0.0 s)",
    ]


def test_progress_as_a_bar_that_fits_and_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    first, second, last = progressed(Terminal()).split("\r")[1:]
    assert first == "[==                      ]  1/12 hnd/a.pdf\x1b[K"
    assert len(second) == 79 + len("\x1b[K")
    assert last == "\x1b[K"


def test_a_bar_tells_how_long_what_is_left_will_take(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    now = [100.0]
    monkeypatch.setattr(terminal.time, "monotonic", lambda: now[0])
    stream = Terminal()
    names = [f"hnd {number}" for number in range(8)]
    progress = terminal.Progress(stream, 8, costs=dict.fromkeys(names, 1.0) | {names[0]: 5.0})
    for name in names:
        now[0] += 50 if name == names[0] else 10
        progress.done(name, 10)
    lines = stream.getvalue().split("\x1b[K")
    assert [line.rpartition(", ")[2] for line in lines[4:7]] == [
        "30 s left", "20 s left", "10 s left",
    ]  # fmt: skip
    assert "left" not in lines[3] + lines[7]


def test_progress_on_a_simple_terminal_is_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    assert "\x1b" not in progressed(Terminal())


@pytest.mark.parametrize("stream", [io.StringIO, Terminal])
def test_no_progress_when_quiet(stream: type[io.StringIO]) -> None:
    assert progressed(stream(), quiet=True) == ""
