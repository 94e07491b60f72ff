"""Is every deliverable of the real proceedings what its readers expect?"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from docx import Document as WordDocument
from lxml import html

from report_build.cli import main
from report_build.publish import BESIDE
from support import ROOT

MASTER = ROOT / "source/proceedings.md"
COUNTRIES = {
    "blz": "belize", "can": "canada", "col": "colombia", "cri": "costa-rica",
    "dom": "dominican-republic", "gtm": "guatemala", "hnd": "honduras", "mex": "mexico",
    "pan": "panama", "slv": "el-salvador", "usa": "united-states",
}  # fmt: skip
SPANISH = {
    "col": "colombia", "cri": "costa-rica", "dom": "republica-dominicana", "gtm": "guatemala",
    "hnd": "honduras", "mex": "mexico", "pan": "panama", "slv": "el-salvador",
}  # fmt: skip
"""The delegations that get their handout in Spanish, too."""


def language(path: Path) -> str:
    """The language of a deliverable, by its name."""
    return "es" if path.stem.endswith(".es") else "en"


@cache
def tagged() -> dict[str, set[str]]:
    """The audiences of each block, read from the text by other means than the product's."""
    text = MASTER.read_text("utf-8").split("\n---\n", 1)[1]
    found = {}
    for match in re.finditer(r"^#{3} .*\{#(\S+?)(?: audience=\"([a-z ]+)\")?\}", text, re.M):
        found[match[1]] = set((match[2] or "").split())
    return found


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The whole set, built once."""
    folder = tmp_path_factory.mktemp("proceedings") / "out"
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        assert main(["build", "-q", "-o", str(folder)]) == 0
    yield folder


def entries(out: Path) -> list[dict[str, Any]]:
    """The manifest's deliverables."""
    found: list[dict[str, Any]] = json.loads((out / "manifest.json").read_text())["deliverables"]
    return found


def test_every_file_is_there_and_nothing_else(out: Path) -> None:
    kinds = ("html", "pdf", "docx")
    expected = {
        f"proceedings/full/proceedings{x}.{s}" for x in ("", ".es") for s in (*kinds, "epub")
    }
    for code, name in COUNTRIES.items():
        expected |= {f"proceedings/{code}/proceedings-{name}.{s}" for s in kinds}
    for code, name in SPANISH.items():
        expected |= {f"proceedings/{code}/proceedings-{name}.es.{s}" for s in kinds}
    made = {p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file()}
    assert made == expected | set(BESIDE)
    assert {entry["path"] for entry in entries(out)} == expected


def test_each_country_gets_its_own_blocks_and_those_for_everyone(out: Path) -> None:
    assert len(tagged()) == 34 or len(tagged()) > 30
    for entry in entries(out):
        audience = entry["audience"]
        want = {b for b, who in tagged().items() if not audience or not who or audience in who}
        assert set(entry["blocks"]) & set(tagged()) == want, entry["path"]


@pytest.mark.parametrize("code", COUNTRIES)
def test_a_country_report_names_its_country_and_keeps_the_numbers(out: Path, code: str) -> None:
    path = out / "proceedings" / code / f"proceedings-{COUNTRIES[code]}.html"
    page = html.fromstring(path.read_bytes())
    full = html.fromstring((out / "proceedings/full/proceedings.html").read_bytes())
    numbers = dict(_numbers(full))
    own = dict(_numbers(page))
    assert own.items() <= numbers.items()
    name = {"dom": "the Dominican Republic", "usa": "the United States"}.get(code)
    wanted = name or COUNTRIES[code].replace("-", " ").title()
    assert f"Report for {wanted}" in page.text_content()


@pytest.mark.parametrize("code", SPANISH)
def test_a_spanish_handout_has_the_sections_and_numbers_of_the_english_one(
    out: Path, code: str
) -> None:
    folder = out / "proceedings" / code
    pages = [
        folder / f"proceedings-{COUNTRIES[code]}.html",
        folder / f"proceedings-{SPANISH[code]}.es.html",
    ]
    english, spanish = (html.fromstring(path.read_bytes()) for path in pages)
    assert spanish.get("lang") == "es"
    ids = [
        [h.get("id") for h in page.xpath("//main//*[self::h3 or self::h4][@id]")]
        for page in (english, spanish)
    ]
    assert ids[0] == ids[1]
    numbers = [
        {i: n for i, n in _numbers(page) if i not in ("d1", "d2", "d3")}
        for page in (english, spanish)
    ]
    assert numbers[0] == numbers[1]
    for xpath in ("//main//table[caption]", "//main//a[@role='doc-noteref']", "//main//figure"):
        assert len(english.xpath(xpath)) == len(spanish.xpath(xpath))


def _numbers(page: Any) -> Iterator[tuple[str, str]]:
    for heading in page.xpath("//main//*[self::h2 or self::h3 or self::h4][@id]"):
        number = heading.xpath(".//*[contains(@class, 'header-section-number')]")
        if number:
            yield heading.get("id"), number[0].text_content()


def test_pdfs_are_tagged_with_title_language_and_outline(out: Path) -> None:
    for path in out.rglob("*.pdf"):
        with pikepdf.open(path) as pdf:
            assert "/StructTreeRoot" in pdf.Root
            assert str(pdf.Root.Lang) == language(path)
            title = {"en": "Networks Against Networks", "es": "Redes contra redes"}[language(path)]
            assert title in str(pdf.docinfo["/Title"])
            with pdf.open_outline() as outline:
                titles = [str(item.title) for item in outline.root]
            assert len(titles) >= 4
            assert not any(title[-1:].isdigit() for title in titles)


def test_word_files_have_a_filled_contents_real_notes_and_fields(out: Path) -> None:
    for path in out.rglob("*.docx"):
        document = WordDocument(str(path))
        styles = {p.style.name for p in document.paragraphs}
        assert {"Heading 1", "Heading 2"} <= styles
        contents = [p.text for p in document.element.body.iter(f"{W}p") if _style(p) == "TOC1"]
        headings = [p for p in document.element.body.iter(f"{W}p") if _style(p) == "Heading1"]
        assert len(contents) == len(headings)
        assert document.core_properties.language == language(path)
        with zipfile.ZipFile(BytesIO(path.read_bytes())) as archive:
            notes = archive.read("word/footnotes.xml").decode()
        assert "Bridgetown" in notes


W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def _style(paragraph: Any) -> str:
    found = paragraph.find(f"{W}pPr/{W}pStyle")
    return "" if found is None else str(found.get(f"{W}val"))


def test_a_second_build_changes_nothing_and_a_damaged_file_is_found(out: Path) -> None:
    before = {p: p.read_bytes() for p in out.rglob("*") if p.is_file()}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        assert main(["build", "-q", "-o", str(out)]) == 0
    assert {p: p.read_bytes() for p in out.rglob("*") if p.is_file()} == before
    assert main(["verify", str(out)]) == 0
    handout = out / "proceedings/hnd/proceedings-honduras.html"
    assert main(["verify", str(handout)]) == 0
    original = handout.read_bytes()
    handout.write_bytes(original.replace(b'id="d2-s2-honduras"', b'id="gone"'))
    try:
        assert main(["verify", str(out)]) == 1
        assert main(["verify", str(handout)]) == 1
    finally:
        handout.write_bytes(original)


def test_each_link_of_a_pdf_is_one_link(out: Path) -> None:
    """PDF/UA-1, 7.18.5: what stands inside a link is no second one in the same place."""
    for path in out.rglob("*.pdf"):
        with pikepdf.open(path) as pdf:
            for page in pdf.pages:
                boxes = [
                    (str(a.get("/Dest", a.get("/A"))), [float(x) for x in a.Rect])
                    for a in page.get("/Annots", ())
                ]
                for index, (target, box) in enumerate(boxes):
                    for other, inner in boxes[index + 1 :]:
                        assert target != other or not _inside(inner, box), (path.name, target)


def _inside(inner: list[float], outer: list[float]) -> bool:
    x1, y1, x2, y2 = inner
    return outer[0] <= x1 and x2 <= outer[2] and outer[1] <= y1 <= y2 <= outer[3]


def test_no_letter_is_printed_over_another(out: Path) -> None:
    """Such as a page number of the contents that no longer fits into its line."""
    for path in out.rglob("*.pdf"):
        for number, page in enumerate(pypdfium2.PdfDocument(path), 1):
            assert list(_overlapping(page.get_textpage())) == [], (path.name, number)


def _overlapping(text: pypdfium2.PdfTextPage) -> Iterator[str]:
    """Letters that cover a third of each other; those of a ligature (“ffi”) share its box."""
    letters = [(at, text.get_text_range(at, 1)) for at in range(text.count_chars())]
    boxes = [(*text.get_charbox(at), at, letter) for at, letter in letters if letter.strip()]
    boxes.sort()
    for index, (left, bottom, right, top, at, letter) in enumerate(boxes):
        for other_left, other_bottom, other_right, other_top, then, other in boxes[index + 1 :]:
            if other_left >= right:
                break
            wide = min(right, other_right) - other_left
            high = min(top, other_top) - max(bottom, other_bottom)
            narrow, low = (
                min(right - left, other_right - other_left),
                min(top - bottom, other_top - other_bottom),
            )
            ligature = "f" in (letter, other) and abs(then - at) <= 2
            if wide > narrow / 3 and high > low / 3 and not ligature:
                yield letter + other
