"""Does the Word file hold what its readers take for granted?"""

from __future__ import annotations

import base64
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

import docx as python_docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from report_build import labels, templates, theme
from report_build import nodes as n
from report_build.document import Document, Edition
from report_build.fonts import Face
from report_build.formats import Tools, docx, word_fonts, word_tables
from report_build.formats.word_fields import bookmark_name
from report_build.formats.word_look import text_width
from report_build.formats.word_pictures import EMU, size_of
from report_build.formats.word_styles import style_id
from report_build.formats.word_xml import Element, parse, q, style_of, words
from report_build.frontmatter import FrontMatterPlaces
from report_build.pandoc import Pandoc
from report_build.schema import FrontMatter
from report_build.source import Source

NBSP, GAP = "\N{NO-BREAK SPACE}", "\N{EN SPACE}"
HERE = Path(__file__).parent
THEME = theme.load(templates.templates_folder() / "theme.yml")


class Opened:
    """A finished file, opened again."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.zip = zipfile.ZipFile(io.BytesIO(content))
        self.body = self.part("word/document.xml")[0]

    def part(self, name: str) -> Element:
        return parse(self.zip.read(name))

    def paragraphs(self, style: str) -> list[Element]:
        return [p for p in self.body.iter(q("w:p")) if style_of(p) == style]

    def fields(self, kind: str) -> list[tuple[str, str]]:
        """Instruction and cached result of each field of a kind, in reading order."""
        return [pair for pair in fields(self.body) if pair[0].split()[0] == kind]

    def bookmarks(self) -> dict[str, tuple[Element, str]]:
        """The paragraph and the text of each bookmark, by name."""
        found = {}
        for start in self.body.iter(q("w:bookmarkStart")):
            paragraph = next(start.iterancestors(q("w:p")))
            inside, text = False, ""
            for node in paragraph.iter():
                if node is start:
                    inside = True
                elif (
                    inside
                    and node.tag == q("w:bookmarkEnd")
                    and node.get(q("w:id")) == start.get(q("w:id"))
                ):
                    found[start.get(q("w:name"))] = (paragraph, text)
                    break
                elif inside and node.tag == q("w:t"):
                    text += node.text or ""
        return found


def fields(root: Element) -> Iterator[tuple[str, str]]:
    """Fields with their results; one may stand in another."""
    stack: list[dict[str, Any]] = []
    for node in root.iter(q("w:fldChar"), q("w:instrText"), q("w:t")):
        kind = node.get(q("w:fldCharType"))
        if kind == "begin":
            stack.append({"code": "", "result": "", "shown": False})
        elif kind == "separate":
            stack[-1]["shown"] = True
        elif kind == "end":
            done = stack.pop()
            yield done["code"].strip(), done["result"]
        elif node.tag == q("w:instrText"):
            stack[-1]["code"] += node.text
        elif stack and stack[-1]["shown"]:
            stack[-1]["result"] += node.text


def line(paragraph: Element) -> str:
    """The text of a paragraph with its tabs and line breaks."""
    marks = {q("w:tab"): "\t", q("w:br"): "\n"}
    nodes = paragraph.iter(q("w:t"), q("w:tab"), q("w:br"))
    return "".join(
        marks.get(node.tag) or node.text for node in nodes if node.get(q("w:pos")) is None
    )


class Maker:
    """Makes Word files of Markdown that is written as a resolved tree is."""

    def __init__(self, pandoc: Pandoc, folder: Path) -> None:
        self.pandoc, self.folder = pandoc, folder

    def __call__(
        self,
        markdown: str,
        pages: Mapping[str, int] = MappingProxyType({}),
        lang: str = "en",
        edition: str = "hnd",
        **front: Any,
    ) -> Opened:
        blocks = n.rewrite(self.pandoc.markdown(markdown), _figure_numbers)
        made_for = Edition(
            edition, edition.removeprefix("full"), "Honduras", lang,
            title="Regional Security Seminar", subtitle="Extract", marking="Chatham House Rule",
        )  # fmt: skip
        source = Source("report.md", "")
        document = Document(
            source,
            FrontMatter.model_validate({"title": "Master", "lang": "en", **front}),
            FrontMatterPlaces(source),
            blocks,
            edition=made_for,
        )
        tools = Tools(
            theme=THEME,
            templates=templates.load(),
            pandoc=self.pandoc,
            labels=labels.load(lang, templates.templates_folder()),
            faces=(),
            cache=self.folder,
            pages=pages,
        )
        return Opened(docx.render(document, tools))


def _figure_numbers(node: Any) -> Any:
    """Markdown has no place for a figure's number but its image."""
    if isinstance(node, n.Figure):
        image = next(inner for inner in n.walk(node.blocks) if isinstance(inner, n.Image))
        number = (("number", image.attr.get("number")),)
        return n.Figure((n.Attr(node.attr.id, (), number), node.caption, node.blocks))
    return node


@pytest.fixture(scope="module")
def make(pandoc: Pandoc, tmp_path_factory: pytest.TempPathFactory) -> Maker:
    return Maker(pandoc, tmp_path_factory.mktemp("cache"))


def png(width: int, height: int) -> bytes:
    """A blue picture."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content))
            + kind
            + content
            + struct.pack(">I", zlib.crc32(kind + content))
        )

    rows = (b"\0" + b"\x20\x40\x80" * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )  # fmt: skip


def uri(content: bytes, kind: str = "png") -> str:
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


# ------------------------------------------------------------------ references

REPORT = f"""
# General perceptions {{#d1 number="Day One" numbered-as=day}}

## Threats[^h] {{#d1-s1 number=I numbered-as=section}}

As [Section{NBSP}[II]{{.ref-number for=d2-s2}} of [Day{NBSP}Two]{{.ref-number for=d2}}](#d2-s2){{.ref}}
and [Tables]{{}} [[1]{{.ref-number for=tbl-units}}](#tbl-units){{.ref}} show on page
[Section II]{{.ref-page for=d2-s2}}; [section IV of the full proceedings]{{.ref-withheld}}.[^n]

[^h]: Memorandum signed after the seminar.
[^n]: See [Figure{NBSP}[2]{{.ref-number for=fig-a}}](#fig-a){{.ref}}.

| Unit | Count |
|------|------:|
| A    |     3 |

: [Table{NBSP}1]{{.caption-label}} Units {{#tbl-units number=1}}

| Unit | Lost |
|------|-----:|
| A    |    1 |

: [Table{NBSP}4]{{.caption-label}} Losses; see [Table{NBSP}[1]{{.ref-number for=tbl-units}}](#tbl-units){{.ref}} {{#tbl-losses number=4}}

![[Figure{NBSP}2]{{.caption-label}} Routes]({uri(png(96, 64))}){{#fig-a number=2 alt="Map with two arrows"}}

# Countercrime {{#d2 number="Day Two" numbered-as=day}}

## The Military and Police in Citizen Security {{#d2-s2 number=II numbered-as=section}}

Text.

# Colophon {{#colophon .unlisted}}

Text.
"""


def test_reference_is_a_field_that_holds_the_text_of_its_bookmark(make: Maker) -> None:
    opened = make(REPORT)
    marks = opened.bookmarks()
    found = opened.fields("REF") + [
        pair for pair in fields(opened.part("word/footnotes.xml")) if pair[0].startswith("REF")
    ]
    assert [(code.split()[1], result) for code, result in found] == [
        ("d2_s2", "II"), ("d2", f"Day{NBSP}Two"), ("tbl_units", "1"), ("tbl_units", "1"),
        ("fig_a", "2"),
    ]  # fmt: skip
    for code, result in found:
        assert code.split()[2] == "\\h"
        assert marks[code.split()[1]][1] == result


def test_bookmarks_begin_and_end_in_one_paragraph(make: Maker) -> None:
    opened = make(REPORT)
    starts = list(opened.body.iter(q("w:bookmarkStart")))
    assert len(opened.bookmarks()) == len(starts) == 8
    assert len({start.get(q("w:id")) for start in starts}) == len(starts)


def test_page_reference_has_the_page_of_the_pdf(make: Maker) -> None:
    assert make(REPORT, {"d2-s2": 14}).fields("PAGEREF")[-1] == ("PAGEREF d2_s2 \\h", "14")
    assert make(REPORT).fields("PAGEREF") == []  # without pages its words stand there


def test_captions_count_by_fields_that_keep_the_masters_numbers(make: Maker) -> None:
    opened = make(REPORT)
    assert opened.fields("SEQ") == [
        ("SEQ Table \\* ARABIC", "1"),
        ("SEQ Table \\* ARABIC \\r 4", "4"),
        ("SEQ Figure \\* ARABIC \\r 2", "2"),
    ]
    captions = [words(p) for p in opened.paragraphs("TableCaption")]
    assert captions == [f"Table{NBSP}1 Units", f"Table{NBSP}4 Losses; see Table{NBSP}1"]
    assert [words(p) for p in opened.paragraphs("ImageCaption")] == [f"Figure{NBSP}2 Routes"]


def test_reference_to_what_is_left_out_is_words(make: Maker) -> None:
    opened = make("See [section IV of the full proceedings]{.ref-withheld} and [x](#gone).")
    assert words(opened.body).endswith("See section IV of the full proceedings and x.")
    assert not list(opened.body.iter(q("w:hyperlink")))


def test_link_to_a_block_finds_a_bookmark_in_its_first_paragraph(make: Maker) -> None:
    opened = make("[see](#note)\n\n::: {#note .editors-note}\nFirst.\n\nSecond.\n:::")
    paragraph, _ = opened.bookmarks()["note"]
    assert words(paragraph) == "First."


# ------------------------------------------------------------------ contents


def test_contents_are_filled_with_the_headings_and_their_pages(make: Maker) -> None:
    opened = make(REPORT, {"d1": 3, "d1-s1": 3, "d2": 11, "d2-s2": 12})
    lines = [line(p) for level in (1, 2) for p in opened.paragraphs(f"TOC{level}")]
    assert lines == [
        f"Day{NBSP}One{GAP}\nGeneral perceptions\t3",
        f"Day{NBSP}Two{GAP}\nCountercrime\t11",
        "I\tThreats\t3",
        "II\tThe Military and Police in Citizen Security\t12",
    ]
    assert [code for code, _ in opened.fields("TOC")] == ['TOC \\o "1-3" \\h \\z']
    assert words(opened.paragraphs("TOCHeading")[0]) == "Contents"


def test_contents_lead_to_bookmarks_and_ask_nothing(make: Maker) -> None:
    opened = make(REPORT)
    sdt = next(opened.body.iter(q("w:sdt")))
    anchors = [link.get(q("w:anchor")) for link in sdt.iter(q("w:hyperlink"))]
    assert anchors == ["d1", "d1_s1", "d2", "d2_s2"]
    assert set(anchors) <= set(opened.bookmarks())
    everything = b"".join(opened.zip.read(name) for name in opened.zip.namelist())
    assert b"w:dirty" not in everything
    assert b"updateFields" not in everything


def test_contents_are_titled_in_the_language(make: Maker) -> None:
    opened = make("# Apertura {#a}\n\nTexto.", lang="es")
    assert words(opened.paragraphs("TOCHeading")[0]) == labels.load(
        "es", templates.templates_folder()
    )("contents")


def test_note_of_a_heading_is_not_in_the_contents(make: Maker) -> None:
    opened = make(REPORT)
    sdt = next(opened.body.iter(q("w:sdt")))
    assert not list(sdt.iter(q("w:footnoteReference")))
    heading = opened.paragraphs("Heading2")[0]
    assert len(list(heading.iter(q("w:footnoteReference")))) == 1


def test_headings_carry_words_styles_and_typed_numbers(make: Maker) -> None:
    opened = make(REPORT)
    assert [line(p) for p in opened.paragraphs("Heading1")] == [
        f"Day{NBSP}One{GAP}\nGeneral perceptions",
        f"Day{NBSP}Two{GAP}\nCountercrime",
    ]
    assert line(opened.paragraphs("Heading2")[1]).startswith("II\tThe Military")
    assert [words(p) for p in opened.paragraphs("Heading1Unlisted")] == ["Colophon"]


def test_numbers_hang_into_the_margin_and_only_they(make: Maker) -> None:
    opened = make(REPORT + "\n## Unnumbered {#u}\n\nText.\n")
    hanging = [
        p.find(f"{q('w:pPr')}/{q('w:ind')}") is not None for p in opened.paragraphs("Heading2")
    ]
    assert hanging == [True, True, False]


# ------------------------------------------------------------------ notes


def test_footnotes_are_real_and_run_through(make: Maker) -> None:
    opened = make(REPORT)
    notes = [f for f in opened.part("word/footnotes.xml") if f.get(q("w:type")) is None]
    assert len(notes) == len(list(opened.body.iter(q("w:footnoteReference")))) == 2
    everything = opened.zip.read("word/document.xml") + opened.zip.read("word/settings.xml")
    assert b"numRestart" not in everything


def test_note_that_is_called_again_is_one_note(make: Maker) -> None:
    opened = make(
        "A[[^p]]{.note-named #fn-p} b[]{.note-again for=fn-p} c[]{.note-again for=fn-p}.\n\n"
        "[^p]: Provisional figure."
    )
    assert len(list(opened.body.iter(q("w:footnoteReference")))) == 1
    assert opened.fields("NOTEREF") == [("NOTEREF fn_p \\f \\h", "1")] * 2
    paragraph, _ = opened.bookmarks()["fn_p"]
    assert words(paragraph) == "A b1 c1."


# ------------------------------------------------------------------ tables and lists

TABLE = """
| No. | Name                  | Institution |
|----:|-----------------------|-------------|
|   1 | Delegate 1, of a long name | Directorate of Something |

: Participants {#tbl-part}

After.
"""


def test_table_has_a_header_row_whole_rows_and_a_name(make: Maker) -> None:
    table = next(make(TABLE).body.iter(q("w:tbl")))
    rows = table.findall(q("w:tr"))
    assert [row.find(f"{q('w:trPr')}/{q('w:tblHeader')}") is not None for row in rows] == [
        True,
        False,
    ]
    assert all(row.find(f"{q('w:trPr')}/{q('w:cantSplit')}") is not None for row in rows)
    look = table.find(q("w:tblPr"))
    assert look.find(q("w:tblCaption")).get(q("w:val")) == "Participants"
    assert look.find(q("w:tblDescription")).get(q("w:val")) == "No., Name, Institution"
    styles = [style_of(p) for p in table.iter(q("w:p"))]
    assert styles == ["TableHeader"] * 3 + ["TableText"] * 3


def test_table_is_as_wide_as_the_text(make: Maker) -> None:
    table = next(make(TABLE).body.iter(q("w:tbl")))
    grid = [int(column.get(q("w:w"))) for column in table.iter(q("w:gridCol"))]
    cells = [int(width.get(q("w:w"))) for width in table.iter(q("w:tcW"))]
    assert sum(grid) == text_width(THEME)
    assert cells == grid * 2
    assert grid[0] < grid[1]


def test_columns_get_their_longest_word_first() -> None:
    rows = [["Country", "Remark"], ["Honduras", "word " * 40]]
    narrow, wide = word_tables.by_content(rows, 2, 6000)
    assert narrow >= len("Honduras") * word_tables.CHARACTER
    assert narrow + wide == 6000


def test_neighbouring_tables_stay_two(make: Maker) -> None:
    opened = make("| a |\n|---|\n| b |\n\n<!-- -->\n\n| c |\n|---|\n| d |\n")
    tables = list(opened.body.iter(q("w:tbl")))
    assert len(tables) == 2
    assert all(table.getnext().tag == q("w:p") for table in tables)


def test_small_table_is_not_parted_between_pages(make: Maker) -> None:
    def kept(opened: Opened) -> list[bool]:
        rows = next(opened.body.iter(q("w:tbl"))).findall(q("w:tr"))
        return [row.find(f".//{q('w:keepNext')}") is not None for row in rows]

    assert kept(make(TABLE)) == [True, False]
    long = "| a |\n|---|\n" + "| b |\n" * 20
    assert not any(kept(make(long)))


def test_lists_have_words_list_styles(make: Maker) -> None:
    opened = make("- one\n    - two\n\n1.  three\n\n    more\n")
    styles = [
        style_of(p)
        for p in opened.body.iter(q("w:p"))
        if words(p) in {"one", "two", "three", "more"}
    ]
    assert styles == ["ListBullet", "ListBullet2", "ListNumber", "ListContinue"]


def test_rows_of_parts_are_paragraphs_of_two_columns(make: Maker) -> None:
    opened = make(
        "::: key-figures\nPopulation online [2015]{.key-figure-note}\n:   30%\n\n"
        "Homicides\n:   almost three times\n:::\n\n"
        "::: part-abbreviations\nCTOC\n:   Countering Transnational Organized Crime\n:::"
    )
    rows = opened.paragraphs("KeyFigureFirst") + opened.paragraphs("KeyFigure")
    assert [line(row) for row in rows] == [
        "30%\tPopulation online\n2015",
        "almost three times\nHomicides",
    ]
    assert (
        line(opened.paragraphs("Abbreviation")[0])
        == "CTOC\tCountering Transnational Organized Crime"
    )


def test_two_boxes_in_a_row_stay_two(make: Maker) -> None:
    box = "::::: editors-note\n:::: callout-title\nNote\n::::\n\nText.\n:::::\n"
    body = make(box + "\n" + box).body
    styles = [style_of(p) for p in body.findall(q("w:p"))][-5:]
    assert styles == ["CalloutTitle", "Callout", "SectionEnd", "CalloutTitle", "Callout"]


def test_box_is_paragraphs_and_no_table(make: Maker) -> None:
    opened = make(
        "::::: editors-note\n:::: callout-title\nEditor’s note\n::::\n\nText.\n\n- item\n:::::"
    )
    styles = {words(p): style_of(p) for p in opened.body.iter(q("w:p"))}
    assert styles["Editor’s note"] == "CalloutTitle"
    assert styles["Text."] == "Callout"
    assert styles["item"] == "CalloutList"
    assert not list(opened.body.iter(q("w:tbl")))


def test_styles_that_are_used_are_there_once(make: Maker) -> None:
    opened = make(
        REPORT + TABLE + "\n> Quotation.\n\nTerm\n:   Meaning\n\n``` python\nx = 1\n```\n"
    )
    root = opened.part("word/styles.xml")
    ids = [style.get(q("w:styleId")) for style in root.iter(q("w:style"))]
    names = [style.find(q("w:name")).get(q("w:val")).lower() for style in root.iter(q("w:style"))]
    used = {
        node.get(q("w:val"))
        for part in ("word/document.xml", "word/footnotes.xml")
        for name in ("w:pStyle", "w:rStyle", "w:tblStyle")
        for node in opened.part(part).iter(q(name))
    }
    assert used <= set(ids)
    assert len(ids) == len(set(ids))
    assert len(names) == len(set(names))
    assert not [name for name in ids if name.endswith("Tok")]


# ------------------------------------------------------------------ pictures


def test_picture_has_its_alternative_text_and_a_neutral_name(make: Maker) -> None:
    opened = make(f'![Caption]({uri(png(96, 64))}){{#f alt="Bars: 12 to 17 & “more”"}}')
    properties = next(opened.body.iter(q("wp:docPr")))
    assert properties.get("descr") == "Bars: 12 to 17 & “more”"
    assert properties.get("name") == "Picture 1"
    assert [name for name in opened.zip.namelist() if "media" in name] == ["word/media/image1.png"]


@pytest.mark.parametrize(
    ("picture", "width", "expected"),
    [
        ((96, 64), "", 1.0),
        ((96, 64), "width=100%", None),
        ((4000, 100), "", None),
        ((96, 64), "width=2in", 2.0),
    ],
)
def test_picture_is_as_wide_as_asked_and_never_wider_than_the_text(
    make: Maker, picture: tuple[int, int], width: str, expected: float | None
) -> None:
    opened = make(f'![Caption]({uri(png(*picture))}){{#f alt="x" {width}}}')
    extent = next(opened.body.iter(q("wp:extent")))
    across, down = int(extent.get("cx")), int(extent.get("cy"))
    assert across == pytest.approx((expected or text_width(THEME) / 1440) * EMU, rel=0.001)
    assert across / down == pytest.approx(picture[0] / picture[1], rel=0.01)


def test_chart_is_a_png_with_its_svg_beside_it(make: Maker) -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="192" height="96"/>'
    opened = make(f'![C]({uri(svg, "svg+xml")}){{#f alt="x" png="{uri(png(768, 384))}"}}')
    names = [name for name in opened.zip.namelist() if "media" in name]
    assert names == ["word/media/image1.svg", "word/media/image2.png"]
    assert next(opened.body.iter(q("wp:extent"))).get("cx") == str(2 * EMU)
    rels = {r.get("Id"): r.get("Target") for r in opened.part("word/_rels/document.xml.rels")}
    assert rels[next(opened.body.iter(q("a:blip"))).get(q("r:embed"))] == "media/image2.png"
    assert rels[next(opened.body.iter(q("asvg:svgBlip"))).get(q("r:embed"))] == "media/image1.svg"


def test_size_of_a_jpeg_is_found() -> None:
    start = b"\xff\xd8\xff\xe0\x00\x10JFIF\0\x01\x01\x01\x00\x48\x00\x48\0\0"
    frame = b"\xff\xc0\x00\x11\x08" + struct.pack(">HH", 144, 72) + bytes(12)
    assert size_of(start + frame, "image/jpeg") == (1.0, 2.0)


# ------------------------------------------------------------------ pages


def test_cover_has_no_running_heads_and_a_wide_page_is_a_section(make: Maker) -> None:
    opened = make("# A {#a}\n\nText.\n\n::: landscape\nWide.\n:::\n\nAfter.")
    sections = list(opened.body.iter(q("w:sectPr")))
    rels = {r.get("Id"): r.get("Target") for r in opened.part("word/_rels/document.xml.rels")}
    pages = [
        (
            section.find(q("w:pgSz")).get(q("w:orient")),
            words(opened.part("word/" + rels[section.find(q("w:headerReference")).get(q("r:id"))])),
        )
        for section in sections
    ]
    head = "Regional Security SeminarReport for Honduras"
    assert pages == [(None, ""), (None, head), ("landscape", head), (None, head)]
    assert sections[0].find(q("w:footerReference")) is None
    assert len({section.getparent() for section in sections}) == 4


def test_wide_page_at_the_end_leaves_no_empty_one(make: Maker) -> None:
    opened = make("# A {#a}\n\nText.\n\n::: landscape\nWide.\n:::\n")
    orients = [s.find(q("w:pgSz")).get(q("w:orient")) for s in opened.body.iter(q("w:sectPr"))]
    assert orients == [None, None, "landscape"]


def test_page_break_is_a_property_of_what_follows(make: Maker) -> None:
    opened = make("Before.\n\n::: page-break\n:::\n\nAfter.")
    broken = [
        words(p)
        for p in opened.body.iter(q("w:p"))
        if p.find(f"{q('w:pPr')}/{q('w:pageBreakBefore')}") is not None
    ]
    assert "After." in broken
    assert "Before." not in broken[1:]


def test_days_of_the_full_report_open_a_page_and_handouts_run_on(make: Maker) -> None:
    for edition, opens in (("full", True), ("hnd", False)):
        root = make("# A {#a}\n\nText.", edition=edition).part("word/styles.xml")
        style = next(s for s in root.iter(q("w:style")) if s.get(q("w:styleId")) == "Heading1")
        assert (style.find(f"{q('w:pPr')}/{q('w:pageBreakBefore')}") is not None) == opens


def test_running_heads_say_title_marking_and_page(make: Maker) -> None:
    opened = make("# A {#a}\n\nText.")
    heads = "".join(words(opened.part(f"word/{name}.xml")) for name in ("header", "footer"))
    assert "Regional Security Seminar" in heads
    assert "Chatham House Rule" in heads
    codes = [code for code, _ in fields(opened.part("word/footer.xml"))]
    assert codes == ["PAGE", "NUMPAGES"]


# ------------------------------------------------------------------ the file itself


def test_properties_say_what_the_document_says(make: Maker) -> None:
    front: dict[str, Any] = {
        "author": ["Secretariat", "William J. Perry Center"], "keywords": ["puertos", "fronteras"],
        "date": "2017-06-22", "description": "Lo que se dijo.",
    }  # fmt: skip
    opened = make("Texto.", lang="es", **front)
    core = python_docx.Document(io.BytesIO(opened.content)).core_properties
    assert core.title == "Regional Security Seminar: Informe para Honduras"
    assert core.author == "Secretariat; William J. Perry Center"
    assert core.keywords == "puertos, fronteras"
    assert core.subject == "Extract"
    assert core.comments == "Lo que se dijo."
    assert core.language == "es"
    assert core.created is not None and core.modified is not None
    assert core.created.date() == core.modified.date() == date(2017, 6, 22)
    assert core.last_modified_by == ""


def test_without_a_date_the_clock_is_not_asked(make: Maker) -> None:
    assert b"1980-01-01T00:00:00Z" in make("Text.").zip.read("docProps/core.xml")


def test_language_is_the_documents_and_of_each_passage(make: Maker) -> None:
    opened = make("Texto [in English]{lang=en}.", lang="es")
    defaults = opened.part("word/styles.xml").find(f".//{q('w:rPrDefault')}//{q('w:lang')}")
    assert defaults.get(q("w:val")) == "es-ES"
    settings = opened.part("word/settings.xml")
    assert settings.find(q("w:themeFontLang")).get(q("w:val")) == "es-ES"
    assert [node.get(q("w:val")) for node in opened.body.iter(q("w:lang"))] == ["en-US"]


def test_same_document_gives_the_same_bytes(make: Maker) -> None:
    assert make(REPORT).content == make(REPORT).content


def test_package_has_no_clock_no_path_and_nothing_from_outside(make: Maker) -> None:
    opened = make(REPORT + "\n[site](https://www.example.org/)\n")
    assert {info.date_time for info in opened.zip.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert opened.zip.namelist()[0] == "[Content_Types].xml"
    outside = [
        (r.get("Type").rpartition("/")[2], r.get("Target"))
        for name in opened.zip.namelist() if name.endswith(".rels")
        for r in opened.part(name) if r.get("TargetMode") == "External"
    ]  # fmt: skip
    assert outside == [("hyperlink", "https://www.example.org/")]
    everything = b"".join(opened.zip.read(name) for name in opened.zip.namelist())
    assert str(HERE).encode() not in everything
    assert b"Microsoft" not in opened.zip.read("docProps/app.xml")


def test_words_of_a_run_are_together(make: Maker) -> None:
    paragraph = make("Several words of one look.").body.findall(q("w:p"))[-1]
    assert [words(run) for run in paragraph.iter(q("w:r"))] == ["Several words of one look."]


def test_fonts_are_embedded_and_can_be_read_back(tmp_path: Path) -> None:
    path = tmp_path / "face.ttf"
    path.write_bytes(_smallest_font(ascent=800, descent=-200, gap=100, units=1000))
    face = Face("House Sans", 400, False, path, "")
    assert word_fonts.line_heights([face]) == {"House Sans": 1.1}
    [(name, content)] = word_fonts.embedded([face]).items()
    assert name == "word/fonts/font1.odttf"
    assert content != path.read_bytes() == word_fonts.hidden(content, 1)
    table = word_fonts.font_table([face])
    embed = next(table.iter(q("w:embedRegular")))
    assert embed.get(q("w:fontKey")) == "{01010101-0101-0101-0101-010101010101}"


def _smallest_font(ascent: int, descent: int, gap: int, units: int) -> bytes:
    """A font of two tables, `head` and `hhea`."""
    head = bytes(18) + struct.pack(">H", units) + bytes(34)
    hhea = bytes(4) + struct.pack(">hhh", ascent, descent, gap) + bytes(26)
    first = 12 + 2 * 16
    records = struct.pack(">4sIII", b"head", 0, first, len(head))
    records += struct.pack(">4sIII", b"hhea", 0, first + len(head), len(hhea))
    return b"\0\1\0\0" + struct.pack(">HHHH", 2, 0, 0, 0) + records + head + hhea


# ------------------------------------------------------------------ names of bookmarks

IDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=80)


@given(IDS)
def test_bookmark_names_are_what_word_allows(identifier: str) -> None:
    name = bookmark_name(identifier)
    assert len(name) <= 40
    assert name[0].isalpha()
    assert name.isascii()
    assert name.replace("_", "a").isalnum()
    assert name == bookmark_name(identifier)


@given(IDS, IDS)
def test_two_ids_never_share_a_bookmark(one: str, other: str) -> None:
    """Word does not tell capitals from small letters in names of bookmarks."""
    same = bookmark_name(one).lower() == bookmark_name(other).lower()
    assert same == (one == other)


@pytest.mark.parametrize(
    "pair", [("a-b", "a_b"), ("Tbl-x", "tbl-x"), ("x" * 60 + "a", "x" * 60 + "b")]
)
def test_ids_that_look_alike_have_different_bookmarks(pair: tuple[str, str]) -> None:
    assert bookmark_name(pair[0]).lower() != bookmark_name(pair[1]).lower()


def test_style_ids_are_words_own() -> None:
    assert [style_id(name) for name in ("heading 1", "toc 2", "Body Text", "footnote text")] == [
        "Heading1", "TOC2", "BodyText", "FootnoteText",
    ]  # fmt: skip
