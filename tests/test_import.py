"""Does a document that comes in keep its words, and is what was guessed told?"""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report_build import nodes as n
from report_build.check import check
from report_build.diagnostics import MachineError
from report_build.importing import bring_in, kept
from report_build.importing.joining import Words, joined
from report_build.importing.language import language_of
from report_build.importing.lines import of_text
from report_build.importing.project import import_all
from report_build.importing.proposals import countries, propose
from report_build.importing.report import Account
from report_build.pandoc import Pandoc
from support import ROOT, run, with_fonts

FILES = Path(__file__).parent / "imports"


def imported(file: Path, folder: Path, pandoc: Pandoc) -> tuple[str, Account]:
    """The master that a document becomes, and what is told of it."""
    [(path, account)] = import_all([file], folder, Path("source"), pandoc)
    return path.read_text("utf-8"), account


@pytest.fixture(scope="module")
def extracted(
    tmp_path_factory: pytest.TempPathFactory, pandoc: Pandoc
) -> tuple[str, Account, n.Blocks]:
    folder = tmp_path_factory.mktemp("extracted")
    text, account = imported(FILES / "extracted.txt", folder, pandoc)
    found = check(folder / "source/extracted.md", folder, pandoc)
    assert found.master
    return text, account, found.master.blocks


def test_all_words_of_a_text_are_kept(extracted: tuple[str, Account, n.Blocks]) -> None:
    _, account, _ = extracted
    assert account.differences == ()
    assert {x.text for x in account.gone} == {"DAY ONE", "DAY TWO", "I.", "II."}


def test_its_paragraphs_are_whole(extracted: tuple[str, Account, n.Blocks]) -> None:
    _, _, blocks = extracted
    texts = [" ".join(n.plain(x).split()) for x in n.walk(blocks) if isinstance(x, n.Para)]
    assert texts[0].startswith("Five delegations met") and texts[0].endswith("for fewer forms.")
    assert "Dr. A. Marlow of the institute opened" in texts[0]
    assert any("fishing grounds, and how the arrangement" in x for x in texts)
    assert any("change often. effects are hard" in x for x in texts)


def test_divided_words_are_put_together(extracted: tuple[str, Account, n.Blocks]) -> None:
    text, account, _ = extracted
    whole = " ".join(text.split())
    for word in ("ministers", "arrangement", "patrols", "Norway", "limits", "Oversight"):
        assert word in whole
    assert "counter-smuggling work" in whole  # as the text writes it within its lines
    assert "min-" not in whole
    assert all(join.why for join in account.joins)


def test_its_headings_are_found(extracted: tuple[str, Account, n.Blocks]) -> None:
    text, _, blocks = extracted
    heads = [(x.level, n.plain(x.inlines)) for x in blocks if isinstance(x, n.Header)]
    assert heads == [
        (1, "Rules and Practice"),
        (2, "Norwegian Experience with Coastal Patrols and Their Costs"),
        (3, "Q&A Session"),
        (2, "Country Perspectives on Quotas: Iceland, Portugal, and the U.K."),
        (1, "Closing"),
    ]
    assert "{kind: day, style: words}" in text and "{kind: section, style: roman}" in text


def test_audiences_notes_abbreviations_and_references_are_proposed(
    extracted: tuple[str, Account, n.Blocks],
) -> None:
    text, account, blocks = extracted
    found = {
        x.attr.get("audience"): n.plain(x.blocks)[:8]
        for x in n.walk(blocks)
        if isinstance(x, n.Div) and x.attr.has("audience")
    }
    assert found == {"nor": "Patrols ", "isl": "Iceland ", "prt": "Portugal", "gbr": "The U.K."}
    assert "FOB: Fisheries Oversight Board" in text
    assert "(see @norwegian-experience-with-coastal)" in text
    [note] = kept.notes(blocks)
    assert note.startswith("The meeting was held behind closed doors")
    kinds = {guess.kind for guess in account.guesses}
    assert {"audiences", "notes", "passages", "references", "title"} <= kinds


def test_a_loss_of_words_is_told() -> None:
    assert not list(kept.differences("a divi- ded word", "a divided word"))
    assert list(kept.differences("one two three", "one three")) == [("two", "one []")]
    assert list(kept.differences("one two", "one too two")) == [("", "one [too]")]
    assert kept.missing(["kept here", "lost words"], "here it is kept") == ["lost words"]


@given(
    st.lists(
        st.sampled_from(["the", "ministers", "patrol", "coastal", "waters", "arrangement"]),
        min_size=1,
    ),
    st.lists(st.integers(2, 4), min_size=1),
)
def test_letters_stay_however_lines_are_divided(words: list[str], cuts: list[int]) -> None:
    parts: list[str] = []
    for index, word in enumerate(words):
        cut = cuts[index % len(cuts)]
        parts.append(f"{word[:cut]}-\n{word[cut:]}" if index % 2 and len(word) > 5 else word)
    lines = of_text(" ".join(parts))
    text, _ = joined(lines, Words(lines, "en"))
    assert "".join(kept.words(text)) == "".join(words)


def test_countries_and_their_people_are_told_apart() -> None:
    text = "Hondurans and Nigerians met Dominican Republic officials, not those of Niger; U.S. help"
    assert countries(text, "en") == {"HND": 1, "NGA": 1, "DOM": 1, "NER": 1, "USA": 1}
    assert countries("Latin America", "en") == {}
    assert countries("Los hondureños y Guatemala", "es")["GTM"] == 1


def test_who_is_meant_follows_headings_and_first_sentences() -> None:
    def para(text: str) -> n.Para:
        return n.Para(n.text(text))

    head = n.Header((2, n.NO_ATTR, n.text("Views of Chile and Peru")))
    made = propose(
        (head, para("Chile spoke. Peru listened."), para("It went on."), para("In Peru, no.")), "en"
    )
    audiences = [x.attr.get("audience") for x in made.blocks if isinstance(x, n.Div)]
    assert audiences == ["chl", "per"]
    assert made.audiences == {"chl": "CHL", "per": "PER"}


@pytest.mark.parametrize(
    ("text", "lang"),
    [("the end of the day", "en"), ("el fin de la jornada y los datos", "es"), ("", "en"),
     ("la fin de la journée et les données sont dans le texte", "fr")],
)  # fmt: skip
def test_the_language_is_told(text: str, lang: str) -> None:
    assert language_of(text) == lang


# ----------------------------------------------------------------------- files of others


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project that `init` lays out, built."""
    project = tmp_path_factory.mktemp("project")
    with_fonts(project)
    for arguments in (("init",), ("build", "-q", "-e", "full")):
        command = [sys.executable, "-m", "report_build", *arguments]
        subprocess.run(command, cwd=project, check=True, capture_output=True, timeout=300)
    return project / "out/report/full"


@pytest.mark.parametrize("form", ["pdf", "docx", "html", "epub"])
def test_a_deliverable_comes_back_with_all_its_words(
    form: str, built: Path, tmp_path: Path, pandoc: Pandoc
) -> None:
    text, account = imported(built / f"report.{form}", tmp_path, pandoc)
    assert account.differences == ()
    heads = [
        line.lstrip("#").split(" {")[0].strip() for line in text.splitlines() if line[:1] == "#"
    ]
    asked = ["Welcome", "What each country said", "Honduras", "Guatemala", "Figures"]
    assert [head for head in heads if head in asked] == asked
    assert '{#honduras audience="hnd"}' in text
    assert "CTOC: Countering Transnational Organized Crime" in text
    assert "| Honduras" in text


def test_columns_are_read_one_after_another(tmp_path: Path, pandoc: Pandoc) -> None:
    import weasyprint

    words = [f"{name} word {i}" for name in ("first", "second") for i in range(150)]
    paragraphs = "".join(f"<p>{' '.join(words[i : i + 25])}.</p>" for i in range(0, 300, 25))
    page = (
        "<style>@page{size:A4;@top-center{content:'Old report'}@bottom-right{content:counter(page)}}"
        "div{columns:2;column-gap:8mm;text-align:justify;hyphens:auto}h1{font-size:26pt}</style>"
        f"<html lang=en><h1>Two columns</h1><div>{paragraphs}</div></html>"
    )
    path = tmp_path / "columns.pdf"
    weasyprint.HTML(string=page).write_pdf(path)
    text, account = imported(path, tmp_path, pandoc)
    body = text.split("---\n", 2)[2]
    assert kept.words(body) == kept.words(" ".join(words))
    assert "title: Two columns" in text
    assert account.differences == ()


def _with_box(path: Path) -> None:
    """A Word file with a text box, which pandoc passes over."""
    box = (
        '<w:p><w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-'
        'compatibility/2006"><mc:Choice Requires="wps"><w:drawing><wps:txbx xmlns:wps="http://'
        'schemas.microsoft.com/office/word/2010/wordprocessingShape"><w:txbxContent><w:p><w:r>'
        "<w:t>A sidebar nobody may lose</w:t></w:r></w:p></w:txbxContent></wps:txbx></w:drawing>"
        "</mc:Choice></mc:AlternateContent></w:r></w:p>"
    )
    before = path.read_bytes()
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(before)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "word/document.xml":
                content = content.replace(b"<w:sectPr", box.encode() + b"<w:sectPr", 1)
            new.writestr(name, content)
    path.write_bytes(target.getvalue())


def test_what_pandoc_passes_over_is_told(tmp_path: Path, pandoc: Pandoc) -> None:
    path = tmp_path / "box.docx"
    path.write_bytes(pandoc.write((n.Para(n.text("Plain text of the report.")),), "docx"))
    _with_box(path)
    text, account = imported(path, tmp_path, pandoc)
    told = [gone.text for gone in account.gone if "not read" in gone.why]
    assert "sidebar nobody may lose" in text or any("sidebar" in x for x in told)


def test_bold_lines_and_numbers_become_headings(tmp_path: Path, pandoc: Pandoc) -> None:
    page = tmp_path / "old.html"
    page.write_text(
        "<p><b>1. Background</b></p><p>Text one.</p><p><b>2. Outlook</b></p><p>Text two, see "
        "<a href='#x'>there</a>.</p><p><img src='chart.png'></p>"
    )
    (tmp_path / "chart.png").write_bytes((ROOT / "docs/pages.png").read_bytes())
    text, account = imported(page, tmp_path, pandoc)
    assert "# Background {#background}" in text and "# Outlook {#outlook}" in text
    assert "{kind: section, style: arabic}" in text
    assert '![](images/old-1.png){alt="TODO: ' in text
    assert any("missing-alternative-text" in problem for problem in account.problems)
    assert (tmp_path / "source/images/old-1.png").is_file()
    assert account.differences == ()
    assert {guess.kind for guess in account.guesses} >= {"headings", "pictures"}


# ------------------------------------------------------------------------------- command


def test_init_begins_with_a_document(tmp_path: Path) -> None:
    done = run(tmp_path, "init", "seminar", "--from", str(FILES / "extracted.txt"))
    assert done.returncode == 0, done.stderr
    project = tmp_path / "seminar"
    assert (project / "source/extracted.md").is_file()
    assert not (project / "source/report.md").exists()
    assert (project / "import.md").read_text("utf-8").startswith("# What was imported")
    assert run(project, "check").returncode == 0


def test_nothing_that_is_there_is_changed(tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    (tmp_path / "source/extracted.md").write_text("mine")
    done = run(tmp_path, "import", str(FILES / "extracted.txt"))
    assert done.returncode == 2 and "already" in done.stderr
    assert (tmp_path / "source/extracted.md").read_text() == "mine"
    (tmp_path / "source/extracted.md").unlink()
    (tmp_path / "import.md").write_text("my notes")
    assert run(tmp_path, "import", str(FILES / "extracted.txt")).returncode == 2
    assert (tmp_path / "import.md").read_text() == "my notes"


def test_what_cannot_be_read_is_told(tmp_path: Path, pandoc: Pandoc) -> None:
    for name, content in (("a.xyz", b"x"), ("b.docx", b"no zip"), ("c.pdf", b"no pdf")):
        (tmp_path / name).write_bytes(content)
        done = run(tmp_path, "import", name)
        assert done.returncode in (1, 2), name
        assert "Traceback" not in done.stderr and done.stderr.count("\n") == 1, done.stderr
    with pytest.raises(MachineError):
        bring_in(tmp_path / "none.txt", pandoc)


def test_a_page_number_between_two_columns_divides_them_no_less(
    tmp_path: Path, pandoc: Pandoc
) -> None:
    import weasyprint

    words = [f"w{'o' * (i * i % 7)}{i}" for i in range(1200)]
    page = (
        "<style>@page{size:letter;margin:30mm 30mm 45mm;@bottom-center{content:counter(page);"
        "vertical-align:top;padding-top:4mm}}div{columns:2;column-gap:4mm;text-align:justify;"
        "font-size:8pt}</style>"
        f"<html lang=en><div><p>{' '.join(words)}</p></div></html>"
    )
    path = tmp_path / "columns.pdf"
    weasyprint.HTML(string=page).write_pdf(path)
    text, account = imported(path, tmp_path, pandoc)
    assert kept.words(text.split("---\n", 2)[2]) == words
    assert any(gone.text == "1" for gone in account.gone)


def test_letters_that_one_glyph_draws_stay_together(tmp_path: Path, pandoc: Pandoc) -> None:
    """A ligature such as “ffi” is one glyph in a PDF, and three letters of one word."""
    with_fonts(tmp_path)
    text = "The traffic office was efficient: difficulties suffice, fluffy flags fly."
    (tmp_path / "report.md").write_text(
        f"---\ntitle: Old\nlang: en\ndeliverables: [{{edition: full, formats: [pdf]}}]\n---\n\n"
        f"# Words {{#words}}\n\n{text}\n"
    )
    assert run(tmp_path, "build", "-q").returncode == 0
    made, account = imported(tmp_path / "out/report/full/report.pdf", tmp_path, pandoc)
    assert text in " ".join(made.split())
    assert account.differences == ()


def test_what_comes_in_can_be_built(built: Path, tmp_path: Path) -> None:
    with_fonts(tmp_path)
    assert run(tmp_path, "import", str(built / "report.docx")).returncode == 0
    done = run(tmp_path, "build", "-q", "-f", "html")
    assert done.returncode == 0, done.stdout
    assert (tmp_path / "out/report/hnd/report-honduras.html").is_file()
