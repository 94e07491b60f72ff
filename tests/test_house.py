"""Does a house's own Word file give our styles its looks, and is what it lacks told?"""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import docx
import pytest
from docx.shared import Pt, RGBColor

from report_build import templates, theme
from report_build.diagnostics import ContentError
from report_build.formats import word_house
from report_build.formats.word_reference import made_up, reference
from support import master, with_fonts

THEME = theme.load(templates.templates_folder() / "theme.yml")
TEXT = "# Perceptions\n\nText.\n\n## Details\n\n- One\n- Two\n\n> Words.\n"


def house() -> bytes:
    """Word's usual file, with headings, quotations and a style of its own of another look."""
    file = docx.Document()
    styles = file.styles
    styles["Heading 1"].font.name = "Georgia"
    styles["Heading 1"].font.size = Pt(30)
    styles["Heading 1"].font.color.rgb = RGBColor(0xAA, 0x11, 0x22)
    styles["Heading 1"].paragraph_format.space_before = Pt(40)
    styles["Quote"].base_style = styles.add_style("House Words", 1)
    styles["House Words"].font.name = "Courier New"
    styles["Quote"].font.italic = False
    styles["List Bullet"].font.name = "Verdana"
    result = io.BytesIO()
    file.save(result)
    return result.getvalue()


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("house")
    (folder / "templates/docx").mkdir(parents=True)
    (folder / "templates/docx/house.docx").write_bytes(house())
    with_fonts(folder)
    (folder / "report.md").write_text(master(TEXT), "utf-8")
    return folder


@pytest.fixture(scope="module")
def built(project: Path) -> tuple[Path, str]:
    command = [
        sys.executable,
        "-m",
        "report_build",
        "build",
        "-e",
        "full",
        "-f",
        "docx",
        "-f",
        "pdf",
    ]
    done = subprocess.run(command, cwd=project, capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stderr
    return next(project.glob("out/*/full/*.docx")), done.stderr


def test_styles_take_the_looks_of_the_house(built: tuple[Path, str]) -> None:
    styles = docx.Document(str(built[0])).styles
    heading = styles["Heading 1"]
    assert (heading.font.name, heading.font.size) == ("Georgia", Pt(30))
    assert str(heading.font.color.rgb) == "AA1122"
    assert heading.paragraph_format.space_before == Pt(40)
    quote = styles["Quote"]
    assert not quote.font.italic and quote.base_style.name == "House Words"
    assert quote.base_style.font.name == "Courier New"


def test_numbering_stays_ours(built: tuple[Path, str]) -> None:
    bullet = docx.Document(str(built[0])).styles["List Bullet"]
    assert bullet.font.name == "Verdana"
    ours = docx.Document(io.BytesIO(reference(THEME, "en", (), True))).styles["List Bullet"]
    properties = [style.element.pPr.numPr.numId.val for style in (bullet, ours)]
    assert properties[0] == properties[1]


def test_what_the_house_lacks_is_told_and_made_from_the_theme(built: tuple[Path, str]) -> None:
    assert "Callout" in built[1] and "Heading 1" not in built[1]
    missing = made_up(THEME, word_house.read(house()))
    assert "Callout Title" in missing and "heading 1" not in missing
    callout = docx.Document(str(built[0])).styles["Callout"]
    assert callout.font.name == THEME.roles["callout"].family


def test_colours_and_fonts_that_the_styles_speak_of_come_along(built: tuple[Path, str]) -> None:
    with zipfile.ZipFile(built[0]) as made, zipfile.ZipFile(io.BytesIO(house())) as own:
        assert made.read("word/theme/theme1.xml") == own.read("word/theme/theme1.xml")


@pytest.mark.parametrize("content", [b"no archive", b"PK\x05\x06" + bytes(18)])
def test_a_file_that_is_no_word_file_is_told(content: bytes) -> None:
    with pytest.raises(ContentError) as raised:
        word_house.read(content)
    assert "no Word file" in raised.value.diagnostics[0].message
