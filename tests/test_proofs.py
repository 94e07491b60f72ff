"""Do the proofs find what is wrong with a finished file, and nothing in a good one?"""

from __future__ import annotations

import io
import zipfile
from functools import cache

import pikepdf
import pytest

from report_build import templates
from report_build.pandoc import Pandoc
from report_build.proofs import paper, prove
from report_build.schedule import prepare
from report_build.settings import Settings
from report_build.workshop import Job, make
from support import ROOT, checked

SECRET = "The patrol plan Kestrel starts at the northern bridge on the third night."
TEXT = f"""
# Guatemala {{#sec-gt audience="gtm"}}

Words for one delegation; see @sec-hn and [itself](#sec-gt).[^n]

[^n]: A note.

# Honduras {{#sec-hn audience="hnd"}}

{SECRET}
"""


@cache
def handout(form: str) -> tuple[bytes, Job]:
    """Guatemala's handout in a format, and what it was made from."""
    with Pandoc() as pandoc:
        found = checked(TEXT, pandoc)
    settings = Settings(templates.load().folders, ROOT / ".cache" / "report-build")
    document = next(d for d in found.editions if d.edition and d.edition.id == "gtm")
    ready = prepare(found, document, settings)
    job = Job(form, ready.document, ready.around, ready.about, {}, {}, settings)
    made = make(job)
    assert made.failures == ()
    return made.content, job


def found(form: str, content: bytes) -> set[str]:
    """The proofs that fail."""
    return {failure.check for failure in prove(form, content, handout(form)[1].about)}


def rezipped(content: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """A Word file with something replaced in one part."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(result, "w") as target:
        for item in source.infolist():
            data = source.read(item)
            if item.filename == name:
                assert old in data
                data = data.replace(old, new, 1)
            target.writestr(item, data)
    return result.getvalue()


@pytest.mark.parametrize("form", ["html", "pdf", "docx"])
def test_a_good_file_passes(form: str) -> None:
    assert found(form, handout(form)[0]) == set()


@pytest.mark.parametrize(
    ("old", "new", "check"),
    [
        (b"</main>", f"<p>{SECRET}</p></main>".encode(), "disclosure"),
        (b"</main>", f"<!-- {SECRET} --></main>".encode(), "disclosure"),
        (b"</main>", f'<i title="{SECRET}">x</i></main>'.encode(), "disclosure"),
        (b"<title>", f'<meta name="description" content="{SECRET}"><title>'.encode(), "disclosure"),
        (b"</main>", b'<p id="sec-hn"></p></main>', "disclosure"),
        (b"</main>", b'<p class="sec-hn"></p></main>', "disclosure"),
        (b'id="sec-gt"', b'id="gone"', "links"),
        (b"</main>", b'<p id="sec-gt"></p></main>', "links"),
    ],
)
def test_damage_to_a_page_is_found(old: bytes, new: bytes, check: str) -> None:
    content = handout("html")[0]
    assert old in content
    assert check in found("html", content.replace(old, new, 1))


@pytest.mark.parametrize(
    ("part", "old", "new", "check"),
    [
        ("word/document.xml", b"Words for one delegation", SECRET.encode(), "disclosure"),
        ("word/footnotes.xml", b"A note.", SECRET.encode(), "disclosure"),
        ("docProps/core.xml", b"A seminar", SECRET.encode(), "disclosure"),
        ("word/document.xml", b'w:anchor="', b'w:anchor="x', "links"),
    ],
)
def test_damage_to_a_word_file_is_found(part: str, old: bytes, new: bytes, check: str) -> None:
    assert check in found("docx", rezipped(handout("docx")[0], part, old, new))


def test_damage_to_a_pdf_is_found() -> None:
    content = handout("pdf")[0]
    for check, damage in (("disclosure", _tell), ("disclosure", _title), ("links", _unname)):
        result = io.BytesIO()
        with pikepdf.open(io.BytesIO(content)) as pdf:
            damage(pdf)
            pdf.save(result)
        assert check in found("pdf", result.getvalue()), damage.__name__


def _tell(pdf: pikepdf.Pdf) -> None:
    pdf.docinfo["/Keywords"] = SECRET


def _title(pdf: pikepdf.Pdf) -> None:
    with pdf.open_outline() as outline:
        outline.root[0].title = SECRET


def _unname(pdf: pikepdf.Pdf) -> None:
    tree = pikepdf.NameTree(pdf.Root.Names.Dests)
    del tree["sec-gt"]


@pytest.mark.parametrize(
    ("words", "shown", "page"),
    [
        ("1.1 Session 0 1", "Session 0 15", 5),
        ("3.1 Session 2 0", "Session 2 0 10", 10),
        ("2 Room 4", "2 Room 4 45", 45),
        ("2 Room 4", "Room 45", 5),
        ("1 Room 1", "1 Room 11", 1),
        ("1 Room 1", "Room 1 11", 11),
        ("1 Room 1 1", "Room 1 11", 1),
        ("Introduction", "Introduction7", 7),
        ("Introduction", "7 Introduction", 7),
    ],
)
def test_a_page_number_is_told_from_the_digits_of_a_title(
    words: str, shown: str, page: int
) -> None:
    """PDFium puts it close to the last word, and does not show the number that hangs beside it."""
    assert paper._after(paper._tokens(words), paper._tokens(shown)) == page
