"""Do all kinds of references say the right words, and do they lead there in every format?"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from lxml import etree, html

from report_build import labels, masters, templates
from report_build import nodes as n
from report_build.build import build
from report_build.check import Checked, check
from report_build.library import Library
from report_build.pandoc import Pandoc
from report_build.resolve import resolve
from report_build.schedule import Wish
from report_build.settings import Settings
from report_build.texts import Texts
from support import ROOT, checked, master

TEXT = """
# One {#one}

## Alpha {#alpha}

SENTENCE

## Beta {#beta}

A claim.[^a] Another.[^b] The first again.[^a]

## Gamma {#gamma}

1. []{#first} Begin.
2. [Go on]{#second} then.

$$ a = b $$ {#eq-a}

## For Guatemala {#gtm-only audience="gtm"}

Secret words of theirs.

## Delta {#delta}

| a |
|---|
| b |

: Counts {#tbl-a}

[^a]: Text A.
[^b]: Text B.
"""
LANGUAGES = ("en", "es", "fr", "pt")


def said(sentence: str, pandoc: Pandoc, edition: str = "full", extra: str = "") -> str:
    """What a sentence in section 1.1 becomes."""
    found = checked(f"---\n{extra}---\n" + TEXT.replace("SENTENCE", sentence), pandoc)
    assert not found.failed, found.diagnostics
    document = next(d for d in found.editions if d.edition and d.edition.id == edition)
    words = labels.load(document.lang, templates.templates_folder())
    blocks = resolve(document, words, "../full/master.html").document.blocks
    index = next(i for i, b in enumerate(blocks) if getattr(b, "attr", n.NO_ATTR).id == "alpha")
    return n.plain(blocks[index + 1]).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("[@alpha; @beta; @gamma]", "Sections 1.1–1.3"),
        ("[@alpha; @beta; @gamma; @delta]", "Sections 1.1–1.3 and 1.5"),
        ("[@gamma; @beta; @alpha]", "Sections 1.3, 1.2 and 1.1"),
        ("[@alpha; @tbl-a]", "Section 1.1 and Table 1"),
        ("@eq-a", "Equation 1"),
        ("@second", "item 2"),
        ("[](#second)", "item 2"),
        ("@fn-b", "Note 2"),
        ("[Beta]", "Beta"),
        ("[Beta][] and [that][Gamma]", "Beta and that"),
        ("[@alpha, p. 3]", "Section 1.1, p. 3"),
        ("@alpha [p. 3]", "Section 1.1 p. 3"),
        ("[Chapter @alpha, top]", "Chapter 1.1, top"),
    ],
)
def test_forms(sentence: str, words: str, pandoc: Pandoc) -> None:
    assert said(sentence, pandoc) == words


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("One (@gtm-only).", "One (section 1.4 of the full proceedings)."),
        ("One [(see @gtm-only)]{on-filtered=omit}.", "One."),
        ("One [see @gtm-only]{on-filtered=omit} more.", "One more."),
        ("One [@gtm-only]{on-filtered=text}.", "One section 1.4 of the full proceedings."),
        ("[@beta; @gtm-only]", "Section 1.2 and section 1.4 of the full proceedings"),
    ],
)
def test_what_one_reference_says_of_editions_without_its_target(
    sentence: str, words: str, pandoc: Pandoc
) -> None:
    assert said(sentence, pandoc, "hnd") == words


def test_brackets_around_what_is_left_out_go_too(pandoc: Pandoc) -> None:
    assert said("One (@gtm-only) two.", pandoc, "hnd", "on-filtered: omit\n") == "One two."


@pytest.mark.parametrize(
    ("lang", "sentence", "words"),
    [
        ("es", "Como muestra @beta, así es.", "Como muestra la sección 1.2, así es."),
        ("es", "Véase la @beta.", "Véase la sección 1.2."),
        ("es", "El texto de @tbl-a y a @tbl-a.", "El texto del cuadro 1 y al cuadro 1."),
        ("es", "Así (@beta).", "Así (sección 1.2)."),
        ("es", "@Beta lo dice.", "La sección 1.2 lo dice."),
        ("es", "Según [@alpha; @beta; @gamma].", "Según las secciones 1.1–1.3."),
        ("fr", "Le texte de @tbl-a.", "Le texte du tableau 1."),
        ("fr", "Comme dit @eq-a.", "Comme dit l’équation 1."),
        ("pt", "Dito em @beta e de @tbl-a.", "Dito na seção 1.2 e da tabela 1."),
    ],
)
def test_articles_of_other_languages(lang: str, sentence: str, words: str, pandoc: Pandoc) -> None:
    found = checked(TEXT.replace("SENTENCE", sentence), pandoc)
    document = found.editions[0]
    blocks = resolve(document, labels.load(lang, templates.templates_folder())).document.blocks
    index = next(i for i, b in enumerate(blocks) if getattr(b, "attr", n.NO_ATTR).id == "alpha")
    assert n.plain(blocks[index + 1]).replace("\u00a0", " ") == words


@pytest.mark.parametrize(
    ("ids", "text"),
    [
        ("github", "## 4.2 Scope\n\nSee [4.3](#43-terms--definitions).\n\n## 4.3 Terms & Definitions\n\nx"),
        ("github", "# Same\n\nx\n\n# Same\n\nSee [it](#same-1)."),
        ("pandoc", "# 4.2 Scope of it\n\nSee [it](#scope-of-it)."),
        ("plain", "# Café à Paris\n\nSee [it](#cafe-a-paris)."),
    ],
)  # fmt: skip
def test_ids_as_other_tools_make_them(ids: str, text: str, pandoc: Pandoc) -> None:
    assert not checked(f"---\nids: {ids}\n---\n{text}", pandoc).failed
    if ids != "plain":
        found = checked(text, pandoc).diagnostics
        problem = next(one for one in found if one.rule == "undefined-reference")
        assert ids == "pandoc" or "ids: github" in problem.hint or "same" in problem.message


# --------------------------------------------------------------------- several masters


@pytest.fixture
def two(tmp_path: Path, pandoc: Pandoc) -> Checked:
    """A master that refers to another one beside it."""
    (tmp_path / "other.md").write_text(
        "---\ntitle: The other\nlang: en\n---\n\n# There {#there}\n\nWords.\n", "utf-8"
    )
    path = tmp_path / "main.md"
    path.write_text(
        master("# Here\n\nSee @other:there and [words](other.md#there) and @other:thre.\n"), "utf-8"
    )
    return check(path, tmp_path, pandoc)


def test_references_to_another_master(two: Checked) -> None:
    (problem,) = [d for d in two.diagnostics if d.rule == "undefined-reference"]
    assert problem.message == "no anchor “thre” in other.md"
    assert problem.hint == "did you mean “there”?"
    document = two.editions[0]
    blocks = resolve(document, labels.load("en", templates.templates_folder())).document.blocks
    links = [node for node in n.walk(blocks) if isinstance(node, n.Link)]
    assert [link.url for link in links][:2] == ["../../other/full/other.html#there"] * 2
    assert n.plain(links[0].inlines).replace("\u00a0", " ") == "Section 1 of “The other”"


def test_a_master_is_parsed_once(tmp_path: Path, pandoc: Pandoc) -> None:
    path = tmp_path / "main.md"
    path.write_text(master("# Here\n\nWords.\n"), "utf-8")
    library = Library(Texts(tmp_path, pandoc))
    assert library.parsed(path) is library.parsed(path)


def test_each_master_is_read_by_pandoc_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "source").mkdir()
    names = ["a", "b", "a.es", "a.pt", "b.es"]
    for name in names:
        lang = name.partition(".")[2] or "en"
        text = f"---\ntitle: T\nlang: {lang}\n---\n\n# Part of {name} {{#sec-a}}\n\nWords.\n"
        (tmp_path / f"source/{name}.md").write_text(text, "utf-8")
    texts: list[str] = []
    read = Pandoc._read
    monkeypatch.setattr(Pandoc, "_read", lambda self, text: texts.append(text) or read(self, text))
    found, _ = masters.checked([Path(f"source/{name}.md") for name in names], tmp_path)
    assert len(found) == len(names) and sorted(texts) == sorted(set(texts))
    assert len(texts) == len(names)


@pytest.mark.parametrize(
    "words",
    [
        "See [Results].",
        "| See [Results]\n| more",
        "See [Results]\n:   Words.",
        "[See [Results]]{.x}",
    ],
)
def test_an_ambiguous_title_is_told_wherever_it_stands(words: str, pandoc: Pandoc) -> None:
    text = f"# One\n\n## Results\n\nA.\n\n# Two\n\n## Results\n\nB.\n\n{words}\n"
    assert "ambiguous-reference" in {one.rule for one in checked(text, pandoc).diagnostics}


# --------------------------------------------------------------------- finished files

FRONT = """---
lists: [tables]
numbering: master
---
"""
WHOLE = FRONT + TEXT.replace(
    "SENTENCE",
    "See @eq-a, [@alpha; @beta; @gamma], @tbl-a, [@delta]{.page}, @second, @fn-a and $x^2$.",
)


@pytest.fixture(scope="module")
def files(pandoc: Pandoc) -> Mapping[str, bytes]:
    """The full edition in all formats."""
    settings = Settings(templates.load(ROOT).folders, ROOT / ".cache" / "report-build")
    wish = Wish(editions=("full",), workers=1)
    made = build(checked(WHOLE, pandoc), settings, wish, lambda name, seconds: None)
    return {path.rpartition(".")[2]: content for path, (content, _) in made.items()}


def page(files: Mapping[str, bytes]) -> Any:
    return html.fromstring(files["html"])


def test_html_leads_back_from_the_target(files: Mapping[str, bytes]) -> None:
    tree = page(files)
    (details,) = tree.xpath("//h3[@id='gamma']/../following-sibling::*[1][self::details]")
    assert details.findtext("summary") == "1 reference to this"
    for link in details.iter("a"):
        assert tree.get_element_by_id(link.get("href")[1:]).tag == "a"


def test_html_has_one_note_for_several_calls(files: Mapping[str, bytes]) -> None:
    tree = page(files)
    calls = [a.get("href") for a in tree.xpath("//a[@role='doc-noteref']")]
    assert calls == ["#fn1", "#fn2", "#fn1"]
    assert len(tree.xpath("//section[@role='doc-endnotes']//li")) == 2
    assert "Note\u00a01" in tree.xpath("string(//p[a[@href='#fn1' and contains(@class,'ref')]])")


def test_pdf_has_page_numbers_lists_and_described_links(files: Mapping[str, bytes]) -> None:
    import pypdfium2

    document = pypdfium2.PdfDocument(files["pdf"])
    text = " ".join(page.get_textpage().get_text_bounded() for page in document)
    assert re.search(r"page\s(3|4)\b", text)
    assert "Sections 1.1–1.3" in text
    assert text.count("Text A.") == 1
    with pikepdf.open(BytesIO(files["pdf"])) as pdf:
        links = [a for sheet in pdf.pages for a in sheet.get("/Annots", ())]
        told = {str(a.get("/Contents")) for a in links}
    assert {"Equation 1", "1.1 Alpha", "Counts"} <= told | {t.removeprefix("1 ") for t in told}
    assert not any("report.invalid" in str(a.get("/A", "")) for a in links)


def test_word_has_fields_for_notes_items_formulas_and_the_list_of_tables(
    files: Mapping[str, bytes],
) -> None:
    fields = dict(word_fields(files["docx"]))
    assert fields["NOTEREF fn_a \\h"] == "1"
    assert fields["NOTEREF fn_a \\f \\h"] == "1"
    assert fields["REF second \\r \\h"] == "2"
    assert fields["REF eq_a \\h \\* MERGEFORMAT"] == "1"
    assert fields["SEQ Equation \\* ARABIC"] == "1"
    assert 'TOC \\h \\z \\c "Table"' in fields


def word_fields(content: bytes) -> Iterator[tuple[str, str]]:
    """Each field's instruction with the words of its result."""
    w = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    with zipfile.ZipFile(BytesIO(content)) as archive:
        root = etree.fromstring(archive.read("word/document.xml"))
    open_fields: list[list[str]] = []
    for node in root.iter(f"{w}fldChar", f"{w}instrText", f"{w}t"):
        kind = node.get(f"{w}fldCharType")
        if kind == "begin":
            open_fields.append(["", "", ""])
        elif kind == "separate":
            open_fields[-1][2] = "result"
        elif kind == "end":
            instruction, result, _ = open_fields.pop()
            yield instruction.strip(), result
        elif open_fields and node.tag == f"{w}instrText":
            open_fields[-1][0] += node.text or ""
        elif open_fields and open_fields[-1][2]:
            open_fields[-1][1] += node.text or ""


def test_epub_lists_tables_and_keeps_formulas_as_mathml(files: Mapping[str, bytes]) -> None:
    with zipfile.ZipFile(BytesIO(files["epub"])) as archive:
        nav = archive.read("EPUB/nav.xhtml").decode()
        text = "".join(archive.read(x).decode() for x in archive.namelist() if "/ch" in x)
    assert 'epub:type="lot"' in nav
    assert text.count("<math") == 2
    assert "(1)" in text
