"""Do the changes of a delegation come back to where they belong, and nowhere else?"""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from report_build import remarks
from report_build.formats.word_xml import NAMESPACES
from support import master, run, with_fonts

W = NAMESPACES["w"]
TEXT = """# Opening {#opening}

Every delegation spoke for *ten minutes*, and the chair thanked all of them.

# Honduras {#honduras audience="hnd"}

The government has built three schools in the valley (see @opening).

It will build more of them, it said.

# Guatemala {#guatemala audience="gtm"}

The ministry has closed the old harbor.
"""
WHO = 'w:id="{id}" w:author="{author}" w:date="2026-11-20T10:00:00Z"'


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose Word files went out."""
    folder = tmp_path_factory.mktemp("sent")
    with_fonts(folder)
    (folder / "report.md").write_text(master(TEXT), "utf-8")
    done = run(folder, "build", "-q", "-f", "docx")
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture
def project(sent: Path, tmp_path: Path) -> Path:
    """The same project, to be changed."""
    with_fonts(tmp_path)
    (tmp_path / "report.md").write_text(master(TEXT), "utf-8")
    return tmp_path


def edited(sent: Path, target: Path, changes: dict[str, str], author: str = "Ana",
           edition: str = "hnd", comments: str = "") -> Path:  # fmt: skip
    """A handout as it comes back. In `changes`, `[-old-]` and `{+new+}` are tracked, `<<words>>`
    have a comment, and all else is changed without being tracked."""
    [path] = (sent / "out/report" / edition).glob("*.docx")
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    text = parts["word/document.xml"].decode()
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, _tracked(new, author), 1)
    parts["word/document.xml"] = text.encode()
    if comments:
        parts["word/comments.xml"] = (
            f'<w:comments xmlns:w="{W}"><w:comment {WHO.format(id=7, author=author)}><w:p><w:r>'
            f"<w:t>{comments}</w:t></w:r></w:p></w:comment></w:comments>"
        ).encode()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target


def _tracked(text: str, author: str) -> str:
    """Words inside a run's text, which is ended and begun again around what is tracked."""
    end, begin = "</w:t></w:r>", '<w:r><w:t xml:space="preserve">'
    who = WHO.format(id=9, author=author)
    text = text.replace("[-", f'{end}<w:del {who}><w:r><w:delText xml:space="preserve">')
    text = text.replace("-]", f"</w:delText></w:r></w:del>{begin}")
    text = text.replace("{+", f"{end}<w:ins {who}>{begin}").replace("+}", f"{end}</w:ins>{begin}")
    text = text.replace("<<", f'{end}<w:commentRangeStart w:id="7"/>{begin}')
    text = text.replace("<>", f'{end}<w:r><w:commentReference w:id="7"/></w:r>{begin}')
    return text.replace(">>", f'{end}<w:commentRangeEnd w:id="7"/>{begin}')


def test_changes_are_shown_with_their_places(project: Path, sent: Path) -> None:
    file = edited(sent, project / "back.docx", {
        "three schools": "[-three-]{+four+} <<schools>>",
        "the chair thanked": "the {+honorable +}chair thanked",
    }, comments="Which ones?")  # fmt: skip
    done = run(project, "review", str(file))
    assert done.returncode == 0, done.stderr
    assert "back.docx: edition “hnd" in done.stdout and "3 changes and comments" in done.stdout
    line = (project / "report.md").read_text("utf-8").split("\n").index(
        "The government has built three schools in the valley (see @opening)."
    ) + 1  # fmt: skip
    assert f"report.md:{line}:26: change by Ana, 2026-11-20" in done.stdout
    assert "[-three-]{+four+} schools" in done.stdout
    assert (
        "comment by Ana, 2026-11-20\n   Which ones?\n   about “built three schools" in done.stdout
    )
    assert (project / "report.md").read_text("utf-8") == master(TEXT)  # only shown


def test_changes_are_made_and_comments_wait_beside_the_master(project: Path, sent: Path) -> None:
    file = edited(sent, project / "back.docx", {
        "three schools": "[-three-]{+four*+} <<schools>>",
        "the chair thanked": "the {+honorable +}chair thanked",
        "more of them, it said": "more[- of them-], it said",
    }, comments="Which ones?")  # fmt: skip
    done = run(project, "review", str(file), "--apply")
    assert done.returncode == 0 and "1 remark left" in done.stdout, done.stdout + done.stderr
    text = (project / "report.md").read_text("utf-8")
    assert "built four\\* schools in the valley (see @opening)" in text
    assert "the honorable chair thanked" in text
    assert "It will build more, it said." in text
    assert "closed the old harbor" in text
    again = run(project, "review", str(file))
    assert "1 change or comment" in again.stdout  # what is made is not told again
    checked = run(project, "check")
    assert checked.returncode == 0
    assert "open-remark: comment of Ana, 2026-11-20: Which ones?" in checked.stdout
    path = project / "report.review.yml"
    path.write_text(path.read_text("utf-8") + "  settled: yes\n", "utf-8")
    assert "open-remark" not in run(project, "check").stdout


def test_only_some_changes_are_made(project: Path, sent: Path) -> None:
    file = edited(sent, project / "back.docx", {
        "three schools": "[-three-]{+four+} schools",
        "more of them, it said": "more[- of them-], it said",
    })  # fmt: skip
    done = run(project, "review", str(file), "--apply", "2")
    assert done.returncode == 0 and "1 change made in report.md; 1 remark left" in done.stdout
    text = (project / "report.md").read_text("utf-8")
    assert "built three schools" in text and "It will build more, it said." in text
    assert [one.says for one in remarks.read(project / "report.md")] == ["“three” → “four”"]


def test_what_the_product_made_is_no_text_of_the_master(project: Path, sent: Path) -> None:
    file = edited(sent, project / "back.docx", {
        "Section\u00a0": "[-Section\u00a0-]{+Part +}",
        "ten minutes": "[-ten-]{+five+} minutes",
    })  # fmt: skip
    done = run(project, "review", str(file), "--apply")
    assert "made by the product" in done.stdout
    text = (project / "report.md").read_text("utf-8")
    assert "(see @opening)" in text and "*five minutes*" in text


def test_reviewers_who_differ_are_told(project: Path, sent: Path) -> None:
    one = edited(sent, project / "a.docx", {"three schools": "[-three-]{+four+} schools"})
    two = edited(sent, project / "b.docx", {"three schools": "[-three-]{+five+} schools"}, "Luis")
    done = run(project, "review", str(one), str(two), "--apply")
    assert done.stdout.count("in conflict:") == 2
    assert "built three schools" in (project / "report.md").read_text("utf-8")
    assert len(remarks.read(project / "report.md")) == 2
    same = edited(sent, project / "c.docx", {"three schools": "[-three-]{+four+} schools"}, "Luis")
    (project / "report.review.yml").unlink()
    done = run(project, "review", str(one), str(same), "--apply")
    assert done.returncode == 0 and "built four schools" in (project / "report.md").read_text(
        "utf-8"
    )


def test_a_change_that_was_not_tracked_is_found(project: Path, sent: Path) -> None:
    file = edited(sent, project / "back.docx", {"build more of them": "build many of them"})
    done = run(project, "review", str(file))
    assert "change by not tracked" in done.stdout and "[-more-]{+many+}" in done.stdout


def test_nothing_changes_outside_the_edition(project: Path, sent: Path) -> None:
    file = edited(sent, project / "back.docx", {
        "three schools": "[-three schools-]{+The ministry has closed the old harbor+}"
    })  # fmt: skip
    run(project, "review", str(file), "--apply")
    text = (project / "report.md").read_text("utf-8")
    assert text.split("# Guatemala")[1] == master(TEXT).split("# Guatemala")[1]


def test_a_master_that_went_on_and_windows_line_ends_are_no_hindrance(
    project: Path, sent: Path
) -> None:
    text = "A new paragraph comes first.\n\n" + TEXT.split("\n\n", 1)[1]
    text = "# Opening {#opening}\n\n" + text
    (project / "report.md").write_bytes(
        b"\xef\xbb\xbf" + master(text).replace("\n", "\r\n").encode()
    )
    file = edited(sent, project / "back.docx", {"three schools": "[-three-]{+four+} schools"})
    assert run(project, "review", str(file), "--apply").returncode == 0
    written = (project / "report.md").read_bytes()
    assert written.startswith(b"\xef\xbb\xbf---\r\n") and b"built four schools" in written
    assert b"\n" not in written.replace(b"\r\n", b"")


def test_a_comment_without_a_stretch_stands_where_it_is_called(project: Path, sent: Path) -> None:
    file = edited(sent, project / "back.docx", {"three schools": "three<> schools"}, comments="Hm?")
    done = run(project, "review", str(file))
    assert "Hm?\n   about “has built three" in done.stdout


def test_a_new_paragraph_is_told_after_which_it_stands(project: Path, sent: Path) -> None:
    file = edited(sent, project / "back.docx", {
        "It will build": "{+Whole new words.+}It will build"
    })  # fmt: skip
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    new = (
        f"<w:p><w:pPr><w:rPr><w:ins {WHO.format(id=3, author='Ana')}/></w:rPr></w:pPr><w:ins "
        f"{WHO.format(id=4, author='Ana')}><w:r><w:t>A new one.</w:t></w:r></w:ins></w:p>"
    )
    text = parts["word/document.xml"].decode()
    at = text.rindex("</w:p>", 0, text.index("Whole new words.")) + len("</w:p>")
    parts["word/document.xml"] = (text[:at] + new + text[at:]).encode()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    done = run(project, "review", str(file))
    assert "a whole paragraph was inserted" in done.stdout
    assert "(after it): change by Ana" in done.stdout


def test_the_full_report_is_no_handout(project: Path, sent: Path) -> None:
    file = edited(sent, project / "full.docx", {}, edition="full")
    assert "full.docx: edition “full” of report.md" in run(project, "review", str(file)).stdout


def test_what_is_no_word_file_is_told(project: Path) -> None:
    (project / "x.docx").write_bytes(b"no")
    done = run(project, "review", "x.docx")
    assert done.returncode == 2 and done.stderr.count("\n") == 1
    with zipfile.ZipFile(project / "y.docx", "w") as archive:
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{W}"><w:body/></w:document>')
    assert run(project, "review", "y.docx").returncode == 2
