"""What does a reader with a screen reader get from a PDF, and which standards does it claim?"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

import pikepdf
import pytest

from support import finished

TEXT = """---
date: 2026-03-12
marking: Chatham House Rule
---

# Perceptions {#sec-a}

Words with a note.[^n] See @tbl-town and [página once]{lang=es}.

| Place | Count |
|-------|------:|
| Town  |     4 |

: Counts of the town {#tbl-town}

::: {lang=fr}
Un paragraphe en français.
:::

## Details {#sec-b}

- One item
- Another item, with `code`

# Answers {#sec-c}

More words.[^m]

[^n]: A note.
[^m]: Another note.
"""


@cache
def content() -> bytes:
    return finished(TEXT, "pdf")


@cache
def opened() -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(content()))


@cache
def elements() -> list[tuple[str, Any]]:
    """All structure elements in reading order, as the path of their tags and themselves."""
    return list(_below(opened().Root.StructTreeRoot, ""))


def _below(node: Any, path: str) -> Iterator[tuple[str, Any]]:
    kids = node.get("/K", ())
    for kid in kids if isinstance(kids, pikepdf.Array) else (kids,):
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield path + str(kid.S), kid
            yield from _below(kid, path + str(kid.S))


def paths() -> list[str]:
    return [path for path, _ in elements()]


def tagged(name: str) -> list[Any]:
    return [element for path, element in elements() if path.endswith(f"/{name}")]


def test_the_file_claims_both_standards() -> None:
    root, metadata = opened().Root, opened().open_metadata()
    assert metadata["pdfuaid:part"] == "1"
    assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
    assert root.MarkInfo.Marked and root.ViewerPreferences.DisplayDocTitle
    assert root.OutputIntents[0].S == "/GTS_PDFA1" and str(root.Lang) == "en"


def test_notes_are_notes_with_an_id_each() -> None:
    notes = tagged("Note")
    assert len({str(note.ID) for note in notes}) == len(notes) == 2
    assert len([p for p in paths() if p.endswith("/Note/Lbl")]) == 2
    assert len(tagged("Reference")) == 2


def test_contents_are_contents() -> None:
    entries = [path for path in paths() if path.endswith("/TOCI")]
    assert {path.count("/TOCI") for path in entries} == {1, 2}  # sections below sections
    assert all(path.endswith("/TOC/TOCI") for path in entries)
    assert not [path for path in paths() if re.search("/Link/.*Link", path)]


@pytest.mark.parametrize("count", [30, 38, 42, 44])
def test_contents_leave_no_few_lines_for_a_page_of_their_own(count: int) -> None:
    sections = "".join(f"## Finding {number}\n\nWords.\n\n" for number in range(count))
    made = finished(f"---\ndate: 2026-03-12\n---\n\n# Findings\n\n{sections}", "pdf")
    with pikepdf.open(io.BytesIO(made)) as file:
        below = list(_below(file.Root.StructTreeRoot, ""))
        links = [x for path, x in below if re.search("/TOCI/.*/?Link$", path) and "/Pg" in x]
        sheets = Counter(link.Pg.objgen for link in links)
    assert min(sheets.values()) > 5, sheets
    assert (len(sheets) == 1) == (count < 44)


@pytest.mark.parametrize("language", ["es", "fr"])
def test_parts_say_their_language(language: str) -> None:
    assert [e for _, e in elements() if str(e.get("/Lang", "")) == language]


def test_header_cells_say_what_they_head() -> None:
    cells = tagged("TH")
    assert cells and all(cell.A.Scope == "/Column" for cell in cells)


def test_headings_and_paragraphs_stand_in_none_of_their_kind() -> None:
    assert not [path for path in paths() if re.search(r"/H\d/.*\bH\d|/P/.*\bP\b", path)]
    assert len(tagged("H1")) == 1 and len(tagged("H2")) == 4  # contents, two sections, the imprint


def test_no_element_is_empty() -> None:
    assert not [path for path, element in elements() if not element.get("/K")]


def test_running_heads_belong_to_the_page() -> None:
    for page in opened().pages[1:]:  # the first one is the cover
        assert page.Contents.read_bytes().count(b"/Type /Pagination") >= 3


LINE = (
    "Colombia’s perspective is unique. The peace accord, whose implementation has begun, is "
    "controversial. Its five key elements are the part that <abbr>FARC</abbr> members may take."
)


@pytest.mark.parametrize("width", range(300, 420, 4))
def test_no_part_of_a_word_stands_alone_in_a_line(width: int) -> None:
    import weasyprint

    from report_build.formats import pdf_lines

    style = f"p {{ width: {width}px; font: 12px serif; hyphens: auto; hyphenate-limit-zone: 0 }}"
    pdf_lines.prepare()
    page = (
        weasyprint.HTML(string=f"<html lang=en><style>{style}</style><p>{LINE}").render().pages[0]
    )
    lines = [line for line in _lines(page._page_box) if line.rstrip("‐").isalpha()]
    assert not [line for line in lines if line.endswith("‐")]


def _lines(box: Any) -> Iterator[str]:
    if type(box).__name__ == "LineBox":
        yield "".join(x.text for x in box.descendants() if hasattr(x, "text")).strip()
    for child in getattr(box, "children", ()):
        yield from _lines(child)


STYLES = """
p { width: 90px; text-align: justify } .a { letter-spacing: 1px; word-spacing: 2px }
.b { hyphens: auto; hyphenate-limit-chars: 4 2 2 } .c { overflow-wrap: anywhere }
.d { white-space: pre-wrap; tab-size: 3 } .e { font-variant: small-caps oldstyle-nums; font-weight: 700 }
.f { font-feature-settings: "ss01"; font-language-override: "SRB" } .g { text-decoration: underline }
.h { word-break: break-all } td { font-stretch: condensed; font-style: italic; direction: rtl }
"""


def _many_styles() -> str:
    kinds = "".join(
        f"<p class={name}>implementation\tof the perspective incomprehensibilities"
        for name in "abcdefgh"
    )
    return f"<html lang=en><style>{STYLES}</style>{kinds}<table><td>perspective soft\u00adhyphen</table>"


def test_a_line_depends_on_nothing_but_what_it_is_remembered_by(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import weasyprint

    from report_build.formats import pdf_lines

    read: set[str] = set()

    class Spy:
        """A style that tells what is asked of it."""

        def __init__(self, style: Any) -> None:
            self._style = style

        def __getitem__(self, name: str) -> Any:
            read.add(name)
            return self._style[name]

        def __getattr__(self, name: str) -> Any:
            return getattr(self._style, name)

    written = pdf_lines._broken_anew

    def spied(text: str, style: Any, *more: Any, **options: Any) -> Any:
        return written(text, Spy(style), *more, **options)

    pdf_lines.prepare()
    pdf_lines._known.clear()
    monkeypatch.setattr(pdf_lines, "_broken_anew", spied)
    weasyprint.HTML(string=_many_styles()).render()
    assert {"font_size", "hyphenate_character", "tab_size", "word_spacing"} <= read
    assert read <= set(pdf_lines.READ)


def test_a_page_of_remembered_lines_is_the_same_page(monkeypatch: pytest.MonkeyPatch) -> None:
    import weasyprint

    from report_build.formats import pdf_lines
    from report_build.formats.pdf import _fonts

    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")

    def made() -> bytes:
        content: bytes = weasyprint.HTML(string=_many_styles()).write_pdf(font_config=_fonts())
        return content

    with monkeypatch.context() as patch:  # as WeasyPrint makes it by itself
        for module in (pdf_lines.inline, pdf_lines.preferred):
            patch.setattr(module, "split_first_line", pdf_lines._broken_anew)
        patch.setattr(pdf_lines.line_break.Layout, "setup", pdf_lines._set_up)
        patch.setattr(pdf_lines.line_break, "font_features", pdf_lines._features)
        first = made()
    pdf_lines.prepare()
    pdf_lines._known.clear()
    assert made() == first
    count = len(pdf_lines._known)
    assert made() == first
    assert count == len(pdf_lines._known) > 10


SHEETS = """@page { size: A7; margin: 8mm; @bottom-right { content: counter(page) " of " counter(pages) } }
@page :first { margin: 20mm; @bottom-right { content: none } }
@page :left { @top-left { content: "left"; color: red } }
@page wide { size: A6 landscape; @top-left { content: "wide" } }
.wide { page: wide }"""
LONG = "".join(f"<p>{number} a line of a text that runs on</p>" for number in range(40))


@pytest.mark.parametrize("more", ["", "@page :nth(3) { margin: 25mm }"])
def test_sheets_of_a_kind_look_as_if_each_was_styled_by_itself(
    more: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import weasyprint

    from report_build.formats import pdf_kinds

    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")

    def made(styles: str) -> bytes:
        text = f"<style>{styles}</style>{LONG}<div class=wide>{LONG}</div>{LONG}"
        content: bytes = weasyprint.HTML(string=text).write_pdf()
        return content

    with monkeypatch.context() as patch:  # as WeasyPrint makes it by itself
        patch.setattr(pdf_kinds.page, "set_page_type_computed_styles", pdf_kinds._found_anew)
        alone = made(SHEETS + more)
    pdf_kinds.prepare()
    assert made(SHEETS + more) == alone
    assert (made(SHEETS) == alone) == (not more)


@pytest.mark.parametrize(
    "head",
    [
        "<style>p { color: red }</style>",
        "<style>.a { color: red }</style><style>p { color: blue }</style>",
        "<style>p { color: red !important }</style><p style='color: blue !important'>Mine</p>",
        "<!-- <style>p { color: red }</style> -->",
        "<style>p { color: red }</style><STYLE>p { color: blue }</STYLE>",
        "<style>@counter-style x { system: cyclic; symbols: '*' } ol { list-style: x }</style>",
    ],
)
def test_styles_that_are_read_once_are_those_of_the_page(
    head: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from report_build.formats import pdf

    page = f"<html lang=en><title>T</title>{head}<p class=a>Words<ol><li>An item</ol>"
    again = [pdf._laid_out(page, "", "") for _ in range(2)]
    monkeypatch.setattr(pdf, "_parted", lambda whole: (whole, {}))
    assert again == [pdf._laid_out(page, "", "")] * 2


@pytest.mark.parametrize(
    "style",
    ["p { color: var(--nope) }", "p { colour: red }", "@page { --a: 3foo; margin: var(--a) }"],
)
def test_a_mistake_in_styles_is_told_of_every_edition(style: str) -> None:
    from report_build.formats import RenderError, pdf

    page = f"<html lang=en><title>T</title><style>{style}</style><p>Words"
    for _ in range(2):
        with pytest.raises(RenderError):
            pdf._laid_out(page, "", "")
