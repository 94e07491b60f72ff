"""Does `verify` find damage done to a finished file, even if the manifest was told of it?"""

from __future__ import annotations

import io
import json
import os
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pikepdf
import pytest

from report_build.cli import main
from report_build.publish import sha256
from report_build.verify import verify
from support import master, with_fonts

TEXT = """---
headings: [{kind: day, style: words}, {kind: section, style: roman}]
lists: [tables]
date: 2026-03-12
---

# First {#one}

## Alpha {#alpha}

See @beta, @tbl-a, [@beta]{.page}, @second, @fn-a and [the end](#two).[^a]

## Beta {#beta}

Words.[^b] Again.[^a]

1. []{#first} Begin.
2. [Go on]{#second} then.

| a |
|---|
| b |

: Counts {#tbl-a}

# Second {#two}

Words.

[^a]: Text A.
[^b]: Text B.
"""
Change = Callable[[bytes], bytes]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A project with its full edition built."""
    project = tmp_path_factory.mktemp("project")
    (project / "source").mkdir()
    (project / "source" / "report.md").write_text(master(TEXT), "utf-8")
    with_fonts(project)
    before = Path.cwd()
    os.chdir(project)
    assert main(["build", "-q", "-e", "full"]) == 0
    yield project
    os.chdir(before)


def page(old: str, new: str, count: int = 1) -> Change:
    def changed(content: bytes) -> bytes:
        text = content.decode()
        assert re.search(old, text), old
        return re.sub(old, new, text, count=count).encode()

    return changed


def part(name: str, old: str, new: str) -> Change:
    def changed(content: bytes) -> bytes:
        result = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(result, "w") as target:
            for item in source.infolist():
                data = source.read(item)
                if re.fullmatch(name, item.filename):
                    assert re.search(old.encode(), data, re.S), old
                    data = re.sub(old.encode(), new.encode(), data, count=1, flags=re.S)
                target.writestr(item, data)
        return result.getvalue()

    return changed


def without(name: str) -> Change:
    def changed(content: bytes) -> bytes:
        result = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(result, "w") as target:
            for item in source.infolist():
                if item.filename != name:
                    target.writestr(item, source.read(item))
        return result.getvalue()

    return changed


def pdf(change: Callable[[pikepdf.Pdf], None]) -> Change:
    def changed(content: bytes) -> bytes:
        result = io.BytesIO()
        with pikepdf.open(io.BytesIO(content)) as opened:
            change(opened)
            opened.save(result)
        return result.getvalue()

    return changed


def _unname(file: pikepdf.Pdf) -> None:
    del pikepdf.NameTree(file.Root.Names.Dests)["beta"]


def _rename(file: pikepdf.Pdf) -> None:
    tree = pikepdf.NameTree(file.Root.Names.Dests)
    tree["gamma"] = tree["beta"]
    del tree["beta"]


def _elsewhere(file: pikepdf.Pdf) -> None:
    tree = pikepdf.NameTree(file.Root.Names.Dests)
    array = tree["two"]
    array[0] = file.pages[0].obj
    tree["two"] = array


def _retarget(file: pikepdf.Pdf) -> None:
    for sheet in file.pages:
        for link in sheet.get("/Annots", ()):
            if str(link.get("/Dest", "")) == "beta":
                link.Dest = pikepdf.String("nowhere")


def _swap_pages(file: pikepdf.Pdf) -> None:
    last = file.pages[-1]
    file.pages.insert(2, last)
    del file.pages[-1]


def _outline(file: pikepdf.Pdf) -> None:
    with file.open_outline() as outline:
        outline.root[0].title = "Day Two · First"


DAMAGE: dict[str, tuple[str, Change, str]] = {
    "html: an id changed": ("html", page('id="beta"', 'id="gamma"'), "beta"),
    "html: an id twice": ("html", page("</main>", '<p id="beta"></p></main>'), "2 times"),
    "html: a link retargeted": ("html", page('href="#tbl-a"', 'href="#tbl-x"'), "tbl-x"),
    "html: a number in a reference": ("html", page('(ref-number">)II<', r"\1III<"), "III"),
    "html: a number at a heading": ("html", page('(number-section">)II<', r"\1IV<"), "IV"),
    "html: a caption's number": ("html", page('(caption-label">Table.)1', r"\g<1>7"), "7"),
    "html: an entry of the contents": ("html", page('(contents-text">)Beta', r"\1Gamma"), "Gamma"),
    "html: contents lack an entry": ("html", page("<li class=\"contents-2[^>]*><a href=\"#beta\">.*?</li>", ""), "lack"),
    "html: contents in another order": ("html", page(r'(<li[^>]*><a href="#alpha">.*?</li>)\s*(<li[^>]*><a href="#beta">.*?</li>)', r"\2\1"), "order"),
    "html: a note gone": ("html", page(r'<li id="fn2">.*?</li>', ""), "fn2"),
    "html: a call gone": ("html", page(r'<a href="#fn2"[^>]*>.*?</a>', ""), "fn2"),
    "html: a call's number": ("html", page(r'(<a href="#fn2"[^>]*><sup>)2', r"\g<1>5"), "5"),
    "html: a way back gone": ("html", page(r'<a href="#fnref1"[^>]*>.*?</a>', ""), "lead back"),
    "docx: a bookmark gone": ("docx", part("word/document.xml", r'<w:bookmarkStart[^>]*w:name="beta"/>', ""), "beta"),
    "docx: a bookmark renamed": ("docx", part("word/document.xml", 'w:name="tbl_a"', 'w:name="tbl_x"'), "tbl_a"),
    "docx: a field's result": ("docx", part("word/document.xml", r"(REF beta .*?<w:t[^>]*>)II<", r"\1IX<"), "IX"),
    "docx: a field's target": ("docx", part("word/document.xml", r"REF beta ", "REF gone "), "gone"),
    "docx: a caption's number": ("docx", part("word/document.xml", r"(SEQ Table .*?<w:t[^>]*>)1<", r"\g<1>4<"), "4"),
    "docx: a page number": ("docx", part("word/document.xml", r"(PAGEREF two .*?<w:t[^>]*>)\d+<", r"\g<1>77<"), "77"),
    "docx: an entry of the contents": ("docx", part("word/document.xml", r'(w:val="TOC2".{0,900}?)Alpha', r"\1Omega"), "Omega"),
    "docx: a note gone": ("docx", part("word/footnotes.xml", r'<w:footnote w:id="\d+"(?:(?!</w:footnote>).)*Text B.*?</w:footnote>', ""), "note"),
    "docx: a picture's part gone": ("docx", without("word/styles.xml"), "not there"),
    "docx: not to be read": ("docx", lambda content: content[: len(content) // 2], "cannot be read"),
    "pdf: a destination gone": ("pdf", pdf(_unname), "beta"),
    "pdf: a destination renamed": ("pdf", pdf(_rename), "beta"),
    "pdf: a destination on another page": ("pdf", pdf(_elsewhere), "two"),
    "pdf: a link retargeted": ("pdf", pdf(_retarget), "nowhere"),
    "pdf: pages in another order": ("pdf", pdf(_swap_pages), "page"),
    "pdf: the outline": ("pdf", pdf(_outline), "Day"),
    "pdf: not to be read": ("pdf", lambda content: b"%PDF-1.7" + content[-200:], "cannot be read"),
    "epub: an id changed": ("epub", part("EPUB/text/ch001.xhtml", 'id="beta"', 'id="gamma"'), "beta"),
    "epub: a link across files": ("epub", part("EPUB/text/ch001.xhtml", "ch002.xhtml#two", "ch002.xhtml#three"), "three"),
    "epub: an entry of the contents": ("epub", part("EPUB/nav.xhtml", "Beta", "Gamma"), "Gamma"),
    "epub: a note gone": ("epub", part("EPUB/text/ch001.xhtml", r"<aside id=\"fn2\".*?</aside>", ""), "fn2"),
    "epub: a file gone": ("epub", without("EPUB/css/book.css"), "book.css"),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_found(name: str, built: Path) -> None:
    form, change, word = DAMAGE[name]
    out = built / "out"
    about = json.loads((out / "manifest.json").read_text("utf-8"))
    entry = next(one for one in about["deliverables"] if one["format"] == form)
    file = out / entry["path"]
    before = file.read_bytes(), (out / "manifest.json").read_bytes()
    try:
        file.write_bytes(change(before[0]))
        entry["sha256"] = sha256(file.read_bytes())  # the manifest was told
        (out / "manifest.json").write_text(json.dumps(about), "utf-8")
        found = verify(out, built)
    finally:
        file.write_bytes(before[0])
        (out / "manifest.json").write_bytes(before[1])
    assert not found.good
    mine = [line for line in found.lines if line.startswith(entry["path"])]
    assert any(word in line for line in mine), found.lines


def test_what_is_as_it_was_built_is_good(built: Path) -> None:
    found = verify(built / "out", built)
    assert found.good, found.lines


def test_what_fails_is_led_back_to_the_authors_line(built: Path) -> None:
    file = built / "out" / "report" / "full" / "report.html"
    before = file.read_bytes()
    try:
        file.write_bytes(before.replace(b'id="beta"', b'id="gamma"', 1))
        lines = verify(built / "out", built).lines
    finally:
        file.write_bytes(before)
    lines = tuple(line for line in lines if "“#beta”" in line)
    text = (built / "source" / "report.md").read_text("utf-8")
    number = next(i for i, line in enumerate(text.splitlines(), 1) if "See @beta" in line)
    assert lines
    assert all(f"source/report.md:{number}:" in line for line in lines)


# ------------------------------------------------------------------- certificates


def told(file: Path, project: Path) -> str:
    return "\n".join(verify(file, project).lines)


@pytest.mark.parametrize("form", ["html", "pdf", "docx", "epub"])
def test_a_copy_under_another_name_is_authentic(form: str, built: Path, tmp_path: Path) -> None:
    copy = tmp_path / f"copy.{form}"
    copy.write_bytes((built / "out" / "report" / "full" / f"report.{form}").read_bytes())
    found = verify(copy, built)
    assert found.good
    assert "authentic" in found.lines[0]
    assert "current" in found.lines[1]
    assert "edition: full" in told(copy, built)


@pytest.mark.parametrize(
    ("form", "change"),
    [
        ("html", page("Words", "Other words")),
        ("pdf", pdf(lambda file: file.docinfo.__setitem__("/Subject", "x"))),
        ("docx", part("word/document.xml", "Words", "Other words")),
        ("epub", part("EPUB/text/ch001.xhtml", "Words", "Other words")),
    ],
)
def test_an_altered_copy_is_told_by_what_it_carries(
    form: str, change: Change, built: Path, tmp_path: Path
) -> None:
    copy = tmp_path / f"copy.{form}"
    copy.write_bytes(change((built / "out" / "report" / "full" / f"report.{form}").read_bytes()))
    found = verify(copy, built)
    assert not found.good
    assert "altered" in found.lines[0]
    assert "edition: full" in told(copy, built)


def test_a_strange_file_is_unknown(built: Path, tmp_path: Path) -> None:
    strange = tmp_path / "strange.html"
    strange.write_text("<p>x</p>", "utf-8")
    assert "unknown" in told(strange, built)


def test_a_file_of_an_older_text_is_outdated(built: Path) -> None:
    source = built / "source" / "report.md"
    before = source.read_text("utf-8")
    try:
        source.write_text(before.replace("Again.", "Once more."), "utf-8")
        found = verify(built / "out" / "report" / "full" / "report.pdf", built)
    finally:
        source.write_text(before, "utf-8")
    assert not found.good
    assert "authentic" in found.lines[0]
    assert "outdated" in found.lines[1]
