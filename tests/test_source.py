"""Are parts taken in, and is every character found where its author wrote it?"""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report_build import source
from report_build.diagnostics import Diagnostic
from report_build.limits import Limits
from report_build.source import RULES, Source
from report_build.verbatim import verbatim, within

PROJECT = Path("/project")
Files = dict[str, str]


def read(files: Files) -> tuple[Source, tuple[Diagnostic, ...]]:
    """The master `m.md` of a project that is not on any disk."""

    def read_bytes(path: Path) -> bytes:
        name = path.relative_to(PROJECT).as_posix()
        if name not in files:
            raise FileNotFoundError(name)
        return files[name].encode("utf-8", "surrogateescape")

    return source.read(PROJECT / "m.md", PROJECT, read_bytes)


TAKEN_IN: dict[str, tuple[Files, str]] = {
    "a part": ({"m.md": "A\n{{< include p.md >}}\nB\n", "p.md": "P\n"}, "A\n\nP\n\nB\n"),
    "a path with a space": (
        {"m.md": '{{< include "a b/p.md" >}}\n', "a b/p.md": "P"}, "\nP\n\n"),
    "a part of a part, from its own folder": (
        {"m.md": "{{< include d/p.md >}}\n", "d/p.md": "{{< include q.md >}}", "d/q.md": "Q"},
        "\n\nQ\n\n\n"),
    "none in code": (
        {"m.md": "```\n{{< include p.md >}}\n```\n", "p.md": "P"},
        "```\n{{< include p.md >}}\n```\n"),
    "none in a comment": (
        {"m.md": "<!--\n{{< include p.md >}}\n-->\n", "p.md": "P"},
        "<!--\n{{< include p.md >}}\n-->\n"),
    "none within a line": (
        {"m.md": "see {{< include p.md >}}\n", "p.md": "P"}, "see {{< include p.md >}}\n"),
    "footnotes of its own": (
        {"m.md": "M[^1]\n{{< include p.md >}}\n[^1]: m\n", "p.md": "P[^1]\n\n[^1]: p\n"},
        "M[^1]\n\nP[^1-part1]\n\n[^1-part1]: p\n\n[^1]: m\n"),
    "line ends and BOM": ({"m.md": "\ufeffA\r\nB\rC\n"}, "A\nB\nC\n"),
}  # fmt: skip
MISTAKES: dict[str, tuple[Files, str]] = {
    "missing": (
        {"m.md": "A\n{{< include p.md >}}\n"},
        "m.md:2:13 missing-include there is no file “p.md”"),
    "cycle": (
        {"m.md": "{{< include p.md >}}\n", "p.md": "{{< include m.md >}}\n"},
        "p.md:1:13 include-cycle this takes in itself: m.md → p.md → m.md"),
    "outside": (
        {"m.md": "{{< include ../p.md >}}\n"},
        "m.md:1:13 outside-project “../p.md” is outside the project"),
    "front matter": (
        {"m.md": "{{< include p.md >}}\n", "p.md": "---\ntitle: x\n---\nP\n"},
        "p.md:1:1 front-matter-in-part p.md is a part, and a part has no front matter"),
    "not UTF-8": ({"m.md": "A\nB\udce9\n"}, "m.md:2:2 not-utf-8 the byte 0xE9 is not UTF-8"),
    "invisible": (
        {"m.md": "A\u200b\n"},
        "m.md:1:2 forbidden-character the character U+200B (zero width space) is not allowed"),
}  # fmt: skip


@pytest.mark.parametrize("case", TAKEN_IN)
def test_taken_in(case: str) -> None:
    files, expected = TAKEN_IN[case]
    text, found = read(files)
    assert (text.text, found) == (expected, ())


@pytest.mark.parametrize("case", MISTAKES)
def test_mistake(case: str) -> None:
    files, expected = MISTAKES[case]
    _, (found,) = read(files)
    assert found.place
    where = f"{found.place.file}:{found.place.line}:{found.place.column}"
    assert f"{where} {found.rule} {found.message}" == expected


def test_too_much_is_refused(tmp_path: Path) -> None:
    (tmp_path / "m.md").write_text("{{< include p.md >}}\n" * 5)
    (tmp_path / "p.md").write_text("P")
    text, found = source.read(tmp_path / "m.md", tmp_path, limits=Limits(parts=3))
    assert text.text.count("P") == 3
    assert {one.rule for one in found} == {"too-large"} <= set(RULES)


def test_a_master_is_no_link_to_a_file_elsewhere(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (tmp_path / "secret.md").write_text("---\nsecret: yes\n---\n", "utf-8")
    (project / "m.md").symlink_to(tmp_path / "secret.md")
    text, (found,) = source.read(project / "m.md", project)
    assert (found.rule, text.text) == ("outside-project", "")


def test_a_link_does_not_lead_out_of_the_project(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (tmp_path / "secret.md").write_text("secret", "utf-8")
    (project / "p.md").symlink_to(tmp_path / "secret.md")
    (project / "m.md").write_text("{{< include p.md >}}\n", "utf-8")
    text, (found,) = source.read(project / "m.md", project)
    assert found.rule == "outside-project"
    assert "secret" not in text.text


def test_a_device_is_no_part(tmp_path: Path) -> None:
    (tmp_path / "m.md").write_text("{{< include p >}}\n", "utf-8")
    (tmp_path / "p").mkdir()
    _, (found,) = source.read(tmp_path / "m.md", tmp_path)
    assert found.rule == "missing-include"


def test_a_master_that_cannot_be_read_is_the_shells_to_tell(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"m\.md"):
        source.read(tmp_path / "m.md", tmp_path)


WORDS = st.lists(
    st.sampled_from(["word", "é", "漢", " ", "\n", "\n\n", "[^1]", "`x`", "\t"]), max_size=12
).map("".join)


@given(WORDS, WORDS, WORDS)
def test_every_character_is_found_where_it_was_written(one: str, part: str, other: str) -> None:
    text, found = read({"m.md": f"{one}\n{{{{< include p.md >}}}}\n{other}", "p.md": part})
    assert not found
    for offset, char in enumerate(text.text):
        place = text.place(offset, offset + 1)
        if char != "\n" and text.original(offset, offset + 1):
            line = text.line_text(place)
            assert line[place.column - 1 : place.end_column - 1] == char


@given(st.binary(max_size=40))
def test_any_bytes_are_read(raw: bytes) -> None:
    text, found = source.decode("m.md", raw)
    assert "\r" not in text
    assert not source.FORBIDDEN.search(text)
    assert {one.rule for one in found} <= set(RULES)


VERBATIM = {
    "a `b` c": ["`b`"],
    "``a ` b`` c": ["``a ` b``"],
    "a `b\n\nc` d": [],
    "```\nx\n```\ny": ["```\nx\n```"],
    "~~~~\n```\n~~~~\n": ["~~~~\n```\n~~~~"],
    "```\nnever closed": [],
    "a <!-- `b` --> c": ["<!-- `b` -->"],
    "`<!--` a `-->`": ["`<!--`", "`-->`"],
    r"\`a` b": [],
}


@pytest.mark.parametrize("text", VERBATIM)
def test_verbatim(text: str) -> None:
    assert [text[one.start : one.end] for one in verbatim(text)] == VERBATIM[text]


@given(st.text(st.sampled_from("`~<!->a\n \\"), max_size=60))
def test_verbatim_stretches_do_not_overlap(text: str) -> None:
    found = verbatim(text)
    for one, after in itertools.pairwise(found):
        assert one.start < one.end <= after.start
    assert all(within(found, one.start) == one for one in found)
