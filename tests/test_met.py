"""Does each case that people have met with other tools come out right, in the finished files?

A case is a file `met/*.md`: a whole master, a line `%%%`, then what is true of it, line by line:

- `12:5 rule` is a problem that `check` reports; all of them are listed, and no other is reported.
- `html hnd …`: something about the files of that format (or `all` that are made) and edition:
  - `says TEXT`: somebody who reads it meets the text. `lacks TEXT`: it is in no byte of the file.
  - `//xpath = VALUE | VALUE`: what is found in HTML, or in all of Word's parts together.
  - `outline = TITLE | TITLE`, `/Title = VALUE`, `on one page TEXT | TEXT`: of a PDF.

Files that a case needs are in `met/files`, which stands beside every case.
"""

from __future__ import annotations

import re
import shutil
import zipfile
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from lxml import html

from report_build import templates
from report_build.build import build
from report_build.check import Checked, check
from report_build.diagnostics import ContentError, Diagnostic
from report_build.pandoc import Pandoc
from report_build.schedule import Wish
from report_build.settings import Settings
from support import ROOT, at_once, every_byte, word_parts

MET = Path(__file__).parent / "met"
CASES = sorted(MET.glob("*.md"))
CLAIM = re.compile(r"(all|html|pdf|docx|epub) ([\w.-]+) (.+)")
W = {"w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
     "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
     "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
     "dc": "http://purl.org/dc/elements/1.1/",
     "cp": "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"}  # fmt: skip


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path: Path, pandoc: Pandoc, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    text, _, stated = path.read_text("utf-8").partition("\n%%%\n")
    claims = [line for line in stated.splitlines() if CLAIM.fullmatch(line)]
    found = _checked(text, tmp_path, pandoc)
    files, failed = _made(found)
    problems = (*found.diagnostics, *failed)
    told = [f"{one.place.line}:{one.place.column} {one.rule}" for one in problems if one.place]
    if request.config.getoption("--update"):
        path.write_text("\n".join([text, "%%%", *told, *claims, ""]), "utf-8")
        return
    assert [line for line in stated.splitlines() if line not in claims] == told
    wrong = [line for line in claims if not _holds(line, files)]
    assert not wrong, "\n".join(wrong)


def _checked(text: str, folder: Path, pandoc: Pandoc) -> Checked:
    shutil.copytree(MET / "files", folder, dirs_exist_ok=True)
    (folder / "master.md").write_text(text, "utf-8")
    return check(folder / "master.md", folder, pandoc)


def _made(found: Checked) -> tuple[dict[tuple[str, str], bytes], list[Diagnostic]]:
    """The finished files by edition and format, or what is wrong with them."""
    if found.failed:
        return {}, []
    settings = Settings(templates.load(ROOT).folders, ROOT / ".cache" / "report-build")
    try:
        made = build(found, settings, Wish(), lambda name, seconds: None, at_once())
    except ContentError as error:
        return {}, list(error.diagnostics)
    return {(entry["edition"], entry["format"]): content for content, entry in made.values()}, []


def _holds(line: str, files: dict[tuple[str, str], bytes]) -> bool:
    match = CLAIM.fullmatch(line)
    assert match
    form, edition, claim = match.groups()
    if not files:
        return False
    meant = [
        (f, content) for (e, f), content in files.items() if e == edition and form in ("all", f)
    ]
    assert meant, f"{line}: no such file"
    return all(_true(f, content, claim) for f, content in meant)


def _true(form: str, content: bytes, claim: str) -> bool:
    if claim.startswith("says "):
        return claim.removeprefix("says ") in _text(form, content)
    if claim.startswith("lacks "):
        return claim.removeprefix("lacks ").casefold() not in every_byte(form, content).casefold()
    if claim.startswith("on one page "):
        words = claim.removeprefix("on one page ").split(" | ")
        return any(all(word in page for word in words) for page in _pages(content))
    what, _, value = claim.rpartition(" = ")
    values = _found(form, content, what)
    assert values == value.split(" | "), values
    return True


def _text(form: str, content: bytes) -> str:
    """What is read, with single spaces."""
    if form == "pdf":
        return " ".join(_pages(content))
    if form == "docx":
        paragraphs = word_parts(content).iter(f"{{{W['w']}}}p")
        return _plain(" ".join("".join(t.text or "" for t in p.iter(f"{{{W['w']}}}t", f"{{{W['w']}}}tab")) for p in paragraphs))  # fmt: skip
    if form == "epub":
        with zipfile.ZipFile(BytesIO(content)) as archive:
            chapters = [x for x in sorted(archive.namelist()) if x.endswith(".xhtml")]
            return " ".join(_read(archive.read(name)) for name in chapters)
    return _read(content)


def _read(page: bytes) -> str:
    tree = html.fromstring(page)
    for block in tree.xpath("//p | //li | //td | //th | //h1 | //h2 | //h3 | //div | //dd | //dt"):
        block.tail = f" {block.tail or ''}"
    return _plain("".join(tree.xpath("//body//text()[not(parent::script or parent::style)]")))


def _plain(text: str) -> str:
    return re.sub(r"\s+([.,;:)])", r"\1", " ".join(text.replace("\u00ad", "").split()))


def _pages(content: bytes) -> list[str]:
    pages = (page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(content))
    return [_plain(re.sub("[\ufffe\u00ad]\r?\n?", "", page)) for page in pages]


def _found(form: str, content: bytes, what: str) -> list[str]:
    if form == "pdf" and what == "outline":
        return [b.get_title() for b in pypdfium2.PdfDocument(content).get_toc()]
    if form == "pdf":
        with pikepdf.open(BytesIO(content)) as pdf:
            return [str(pdf.docinfo.get(what, pdf.Root.get(what)))]
    tree = html.fromstring(content) if form == "html" else word_parts(content)
    values = tree.xpath(what, namespaces=W)
    if not isinstance(values, list):
        return [str(int(values)) if isinstance(values, float) else str(values)]
    return [_plain(v if isinstance(v, str) else "".join(v.itertext())) for v in values]
