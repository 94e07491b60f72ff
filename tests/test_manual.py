"""Does a master about something else build with the same command and no code changed?

A product manual in Spanish, for press and partners, in a folder of its own with its own colours.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from lxml import html

from report_build.cli import main

MANUAL = Path(__file__).parent / "manual"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of the project, built in a folder whose name has a space and an accent."""
    folder = tmp_path_factory.mktemp("un lugar") / "manual día"
    shutil.copytree(MANUAL, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert main(["build", "-q"]) == 0
    yield folder


def text(project: Path, name: str) -> str:
    """The words of a page."""
    page = html.fromstring((project / "out/manual" / name).read_bytes())
    return " ".join(page.text_content().replace("\u00a0", " ").split())


def test_all_editions_are_there(project: Path) -> None:
    listed = json.loads((project / "out/manifest.json").read_text())["deliverables"]
    assert [entry["path"] for entry in listed] == [
        "manual/full/manual.docx",
        "manual/full/manual.epub",
        "manual/full/manual.html",
        "manual/full/manual.pdf",
        "manual/prensa/manual-prensa.html",
        "manual/prensa/manual-prensa.pdf",
        "manual/socio/manual-socios-tecnicos.docx",
        "manual/socio/manual-socios-tecnicos.html",
    ]


def test_words_are_spanish_and_by_audience(project: Path) -> None:
    press, partner = (
        text(project, "prensa/manual-prensa.html"),
        text(project, "socio/manual-socios-tecnicos.html"),
    )
    assert "sección" in press
    assert "1,5" in press
    assert "8443" not in press
    assert "8443" in partner
    assert "18 meses" in partner


def test_numbers_are_the_masters_or_the_editions_own(project: Path) -> None:
    """Press keeps 3.2 for what stands there; partners count their own."""
    press = html.fromstring((project / "out/manual/prensa/manual-prensa.html").read_bytes())
    partner = html.fromstring(
        (project / "out/manual/socio/manual-socios-tecnicos.html").read_bytes()
    )
    number = "//*[@id='{}']//*[contains(@class, 'header-section-number')]"
    assert press.xpath(number.format("precision"))[0].text_content() == "3.2"
    assert partner.xpath(number.format("calibracion"))[0].text_content() == "3.2"


def test_its_own_colours_are_in_all_formats(project: Path) -> None:
    page = (project / "out/manual/full/manual.html").read_text()
    assert "#3b1f4a" in page
    assert "#17345a" not in page
    with pikepdf.open(project / "out/manual/full/manual.pdf") as pdf:
        content = b"".join(page.Contents.read_bytes() for page in pdf.pages)
    assert b"0.231373 0.121569 0.290196" in content or b"0.2314 0.1216 0.2902" in content
