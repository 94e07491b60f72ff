"""Does the proof of parity find what one format has and another has not, and nothing else?"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pikepdf
import pytest
from lxml import etree, html

from report_build import templates, workshop
from report_build.compose import compose
from report_build.document import Document
from report_build.pandoc import Pandoc
from report_build.proofs import parity
from report_build.proofs.content import Medium, expected
from report_build.proofs.subject import Subject
from report_build.schedule import prepare
from report_build.settings import Settings
from report_build.workshop import Job, make
from support import ROOT, checked

pytestmark = pytest.mark.filterwarnings("ignore:path is deprecated:DeprecationWarning")  # ziamath

FORMS = ("html", "epub", "docx", "pdf")
TEXT = """
# Trees {#trees}

The cedar is tall, and its wood smells of “resin”; see @tbl-trees on [@sec-rivers]{.page}.[^bark]

The maple turns red before the others do, which is why so many people come in autumn.

- a first birch
- a second birch

| Tree | Height |
|------|-------:|
| Oak | 30 metres |
| Elm | 25 metres |

: How tall trees are {#tbl-trees}

![A drawing](leaf.png){#fig-leaf alt="A leaf with five points."}

[^bark]: Its bark is grey and has been used for baskets.

# Rivers {#sec-rivers}

The Danube flows through ten countries: a formula, $a^2$, and `code` follow.

willow
:   a tree that stands at rivers

> A quotation about rivers.
"""
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da63fc"
    "cfc0500f00048501806098b8e90000000049454e44ae426082"
)


@pytest.fixture(scope="module", autouse=True)
def no_process_left() -> Iterator[None]:
    """The workshop's pandoc ends with these tests."""
    yield
    workshop._pandoc().close()


@cache
def made(form: str, text: str = TEXT) -> tuple[bytes, Document, Subject, dict[str, int]]:
    """The full edition of a text in a format, and what it is held against."""
    settings = Settings(templates.load().folders, ROOT / ".cache" / "report-build")
    with Pandoc() as pandoc:
        found = checked(text, pandoc, {"leaf.png": PIXEL})
    document = next(d for d in found.editions if d.edition and d.edition.is_full)
    ready = prepare(found, document, settings)
    pages = made("pdf", text)[3] if form == "docx" else {}
    job = Job(form, ready.document, ready.around, ready.about, {}, pages, settings)
    done = make(job)
    assert done.failures == ()
    labels, parts = workshop.words(settings, "en"), templates.Templates(settings.folders)
    with Pandoc() as pandoc:
        whole = compose(ready.document, ready.around, parts, labels, pandoc, {})
    return done.content, whole, ready.about, dict(done.pages or pages)


def problems(form: str, content: bytes) -> list[tuple[str, tuple[int, int] | None]]:
    """What the proof finds in a file that should be that of the text."""
    _, document, about, pages = made(form)
    return list(parity.prove(form, content, document, pages, about))


@pytest.mark.parametrize("form", FORMS)
def test_a_good_file_passes(form: str) -> None:
    assert problems(form, made(form)[0]) == []


def test_the_sequence_is_that_of_the_text() -> None:
    items = expected(made("html")[1], Medium())
    told = [(item.kind, item.text) for item in items]
    start = told.index(("heading 1", "1 Trees"))
    assert told[start + 1 : start + 5] == [
        ("paragraph", "The cedar is tall, and its wood smells of “resin”; see Table 1 on Section 2.1"),
        ("paragraph", "The maple turns red before the others do, which is why so many people come in autumn."),
        ("list item", "a first birch"),
        ("list item", "a second birch"),
    ]  # fmt: skip
    assert told[start + 5 : start + 12] == [
        ("caption", "Table 1 How tall trees are"),
        ("table cell", "Tree"), ("table cell", "Height"),
        ("table cell", "Oak"), ("table cell", "30 metres"),
        ("table cell", "Elm"), ("table cell", "25 metres"),
    ]  # fmt: skip
    assert told[start + 12 : start + 14] == [
        ("picture", "A leaf with five points."),
        ("caption", "Figure 1 A drawing"),
    ]
    assert told[-1] == ("footnote", "1 Its bark is grey and has been used for baskets.")


@pytest.mark.parametrize("form", FORMS)
def test_all_formats_say_the_same(form: str) -> None:
    """What differs is in the list of what is meant: page references, and formulas on paper."""
    first = parity.said("html", made("html")[0])
    other = parity.said(form, made(form)[0])
    assert len(first) == len(other)
    for one, two in zip(first, other, strict=True):
        if "Danube" in one.text or "cedar" in one.text:
            continue
        assert parity.key(one.text) == parity.key(two.text)


def test_what_is_meant_is_of_known_formats_and_has_a_reason() -> None:
    for difference in parity.MEANT:
        assert difference.what
        assert set(difference.formats) <= set(FORMS)
        assert difference.why.endswith(".")


SENTENCE = (
    "The co-operation of well-known institutions on counter-terrorism and/or internationalisation "
    "went on, see <https://example.org/a/b/c> <https://example.org/d/e/f>; it was re-signed. "
)
LONG = f"""
# Long {{#long}}

{SENTENCE * 30}[^long]

[^long]: {SENTENCE * 12}

- {SENTENCE * 20}
- {SENTENCE * 20}

| Number | Words |
|--------|-------|
{"".join(f"| {number} | {SENTENCE} |{chr(10)}" for number in range(30))}| last | {SENTENCE * 20} |

: Longer than a page {{#tbl-long}}

> {SENTENCE * 20}
"""


@pytest.mark.parametrize("form", FORMS)
def test_what_goes_over_the_end_of_a_page_is_read_as_one(form: str) -> None:
    content, document, about, pages = made(form, LONG)
    assert form != "pdf" or len(set(pages.values())) > 1
    assert list(parity.prove(form, content, document, pages, about)) == []


# ------------------------------------------------------------------ damage to finished files

CHANGES = {
    "a paragraph dropped": ("The maple turns red", "", "The maple turns red"),
    "paragraphs swapped": ("The cedar", "swap", "stands elsewhere"),
    "a word changed": ("maple", "word", "[-maple-]{+walnut+}"),
    "a cell lost": ("30 metres", "", "30 metres"),
    "a note lost": ("Its bark is grey", "", "Its bark is grey"),
    "an item lost": ("a second birch", "", "a second birch"),
    "a caption lost": ("How tall trees are", "", "How tall trees are"),
}
"""What is done to a file: the words to look for, how, and what the message says."""
UNITS = {"p", "li", "td", "caption", "aside", "tc", "footnote"}


def unit(root: Any, words: str) -> Any:
    """The largest paragraph, item, cell, caption or note whose words these are."""
    for node in root.iter():
        kind = str(node.tag).rpartition("}")[2]
        if kind in UNITS and words in "".join(node.itertext()):
            return node
    raise AssertionError(words)


def change(root: Any, words: str, how: str) -> None:
    """Damage to a tree of elements."""
    node = unit(root, words)
    if how == "swap":
        other = unit(root, "The maple turns red")
        index = node.getparent().index(node)
        node.getparent().remove(other)
        node.getparent().insert(index, other)
    elif how == "word":
        for part in node.iter():
            part.text = (part.text or "").replace(words, "walnut") or None
    else:
        node.getparent().remove(node)


def damaged(form: str, words: str, how: str) -> bytes:
    """A finished file with the unit that holds some words changed."""
    content = made(form)[0]
    if form == "html":
        page = html.fromstring(content)
        change(page.find(".//main"), words, how)
        return etree.tostring(page, method="html", encoding="utf-8")
    result = io.BytesIO()
    done = 0
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(result, "w") as target:
        for item in source.infolist():
            data = source.read(item)
            named = item.filename.startswith("EPUB/text/ch") or "word/" in item.filename
            if named and item.filename.endswith("ml") and words in words_of(data):
                root = etree.fromstring(data)
                change(root, words, how)
                data, done = etree.tostring(root), done + 1
            target.writestr(item, data)
    assert done == 1
    return result.getvalue()


def words_of(data: bytes) -> str:
    """The words of a part."""
    return "".join(etree.fromstring(data).itertext())


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("form", ["html", "epub", "docx"])
def test_damage_to_a_file_is_found(form: str, name: str) -> None:
    words, how, message = CHANGES[name]
    found = problems(form, damaged(form, words, how))
    assert message in " ".join(text for text, _ in found)
    assert found[0][1] is not None


def structure(node: Any, kind: str) -> Iterator[Any]:
    """The elements of a type in a PDF's structure tree, in order."""
    kids = node.get("/K", [])
    for kid in list(kids) if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            if kind == kid.S:
                yield kid
            yield from structure(kid, kind)


def untagged(kind: str, index: int) -> Callable[[Any], None]:
    """Takes an element out of the structure tree."""

    def remove(root: Any) -> None:
        element = [x for part in structure(root, "/Part") for x in structure(part, kind)][index]
        kids = element.P.K
        element.P.K = pikepdf.Array([kid for kid in kids if kid != element])

    return remove


def swapped(root: Any) -> None:
    """Two paragraphs in each other's place."""
    first, second = [x for part in structure(root, "/Part") for x in structure(part, "/P")][:2]
    first.K, second.K = pikepdf.Array(second.K), pikepdf.Array(first.K)


def without_note(root: Any) -> None:
    """The foot of the page that has the note."""
    (document,) = structure(root, "/Document")
    kids = list(document.K)
    foot = next(
        i for i, kid in enumerate(kids) if i and kid.S == "/NonStruct" and kids[i - 1].S == "/Part"
    )
    document.K = pikepdf.Array(kids[:foot] + kids[foot + 1 :])


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (untagged("/P", 1), "The maple turns red"),
        (swapped, "stands elsewhere"),
        (untagged("/TD", 1), "30 metres"),
        (untagged("/LI", 1), "a second birch"),
        (untagged("/Caption", 0), "How tall trees are"),
        (without_note, "Its bark is grey"),
    ],
    ids=["paragraph", "swapped", "cell", "item", "caption", "note"],
)
def test_damage_to_the_tags_of_a_pdf_is_found(damage: Callable[[Any], None], message: str) -> None:
    result = io.BytesIO()
    with pikepdf.open(io.BytesIO(made("pdf")[0])) as pdf:
        damage(pdf.Root.StructTreeRoot)
        pdf.save(result)
    found = problems("pdf", result.getvalue())
    assert message in " ".join(text for text, _ in found)


# ------------------------------------------------------------------ files of another text

OTHER = {
    "a paragraph dropped": ("The maple turns red before the others do, which is why so many people come in autumn.\n\n", ""),
    "a word changed": ("maple", "walnut"),
    "a cell lost": ("30 metres", ""),
    "an item lost": ("- a second birch\n", ""),
    "a caption changed": ("How tall trees are", "How tall"),
    "a note changed": ("used for baskets", "used for boats"),
    "another picture": ("five points", "seven points"),
    "another formula": ("a^2", "a"),
    "a heading changed": ("# Rivers", "# Brooks"),
    "a term changed": ("willow", "poplar"),
}  # fmt: skip


@pytest.mark.parametrize("name", OTHER)
def test_a_pdf_of_another_text_is_found(name: str) -> None:
    old, new = OTHER[name]
    assert old in TEXT
    assert problems("pdf", made("pdf", TEXT.replace(old, new))[0])
