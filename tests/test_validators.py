"""Is what a validator finds told, and also that it is missing or has failed?"""

from __future__ import annotations

import io
import os
from pathlib import Path

import docx
import pytest

from report_build import validators
from report_build.validators import Complaint, qpdf, word_checker
from support import finished

TEXT = "---\ndate: 2026-03-12\n---\n\n# Perceptions\n\nText.\n\n## Details\n\nMore text.\n"


def saved(tmp_path: Path, form: str) -> Path:
    file = tmp_path / f"a.{form}"
    file.write_bytes(finished(TEXT, form))
    return file


def test_a_good_file_has_no_complaint(tmp_path: Path) -> None:
    assert list(qpdf.complaints([saved(tmp_path, "pdf")])) == []
    assert list(word_checker.complaints([saved(tmp_path, "docx")])) == []


def test_a_broken_pdf_is_found(tmp_path: Path) -> None:
    file = saved(tmp_path, "pdf")
    file.write_bytes(file.read_bytes()[:-2000])
    assert {one.rule for one in qpdf.complaints([file])} == {"syntax"}


def test_what_word_would_find_is_found(tmp_path: Path) -> None:
    file = docx.Document()
    file.core_properties.title = ""
    file.add_heading("One", 1)
    file.add_heading("Three", 3)
    file.add_heading("", 2)
    file.add_table(1, 2)
    file.add_paragraph("a          b")
    for _ in range(3):
        file.add_paragraph()
    file.add_picture(io.BytesIO(picture()))
    path = tmp_path / "b.docx"
    file.save(str(path))
    assert {one.rule for one in word_checker.complaints([path])} == {
        "title", "heading-order", "blank-heading", "header-row", "layout-by-spaces",
        "alternative-text",
    }  # fmt: skip


def picture() -> bytes:
    from PIL import Image

    made = io.BytesIO()
    Image.new("RGB", (4, 4)).save(made, "PNG")
    return made.getvalue()


def test_one_that_fails_is_a_complaint(tmp_path: Path) -> None:
    (report,) = validators.validate([tmp_path / "nothing.pdf"], lambda _: None)[2:3]
    assert report.name == "qpdf" and report.complaints[0].rule == "failure"


def test_one_that_is_missing_says_what_it_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "PATH", str(tmp_path))
    reports = validators.validate([tmp_path / "a.html"], lambda _: None)
    assert {one.name: bool(one.missing) for one in reports} == {
        "axe": True, "vnu": True, "appearance": True,
    }  # fmt: skip


def test_false_alarms_are_known_by_rule_and_message() -> None:
    known = validators.ACCEPTED[0]
    same = Complaint("a.pdf", known.rule, f"1 page(s) {known.message}")
    assert validators._is_accepted(known.validator, same)
    assert not validators._is_accepted(known.validator, Complaint("a.pdf", known.rule, "other"))
    assert not validators._is_accepted("qpdf", same)
