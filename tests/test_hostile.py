"""Can a text do what no text should? The cases are in `hostile/`, each with its right answer.

A case is refused by a rule, or harmless: then it is built in all formats and the files are opened.
Whatever happens, nothing is read that lies outside the project, nothing is fetched, nothing runs,
and nothing is written but what a build writes.
"""

from __future__ import annotations

import os
import re
import resource
import socket
import threading
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from lxml import etree, html

from report_build.build import build
from report_build.check import check
from report_build.diagnostics import ContentError
from report_build.pandoc import Pandoc
from report_build.schedule import Wish
from report_build.settings import Settings, folders
from support import ROOT, at_once, every_byte, master

CASES = Path(__file__).parent / "hostile"
CANARY = "canary-5f3a9c"
HEAD = re.compile(
    r"^=== (?P<name>[^\n]*): (?P<right>refused|harmless)(?: (?P<rule>[\w-]+))?\n", re.M
)
ESCAPED = re.compile(r"\\(x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8})")
LARGE = {
    "many quotations in one another": ("too-deep", "> " * 10_000 + "x"),
    "many lists in one another": ("too-deep", "\n".join(f"{'    ' * i}- x" for i in range(300))),
    "many fences in one another": ("too-deep", "\n".join("::: a" for _ in range(500))),
    "many brackets": ("too-deep", "[" * 50_000),
    "many brackets and their ends": ("too-deep", "[" * 20_000 + "x" + "]" * 20_000),
    "many braces": ("too-deep", "[x]{" * 20_000),
    "many marks of code": ("too-deep", "`" * 100_000),
    "many marks of stress": ("too-deep", "*" * 100_000 + "x"),
    "stress in stress": ("too-deep", "*a **b " * 20_000),
    "many marks of notes": ("too-deep", "[^" * 20_000),
    "a long word": ("too-long", "x" * 1_000_000),
    "a long line": ("too-long", "x " * 500_000),
    "many columns": ("too-long", "|" + "a|" * 5_000 + "\n|" + "-|" * 5_000 + "\n|" + "b|" * 5_000),
    "more than can be read": ("too-large", "x y z.\n\n" * 1_000_000),
    "many notes": ("too-many", "".join(f"x[^{i}]\n\n[^{i}]: y\n\n" for i in range(12_000))),
    "many headings": ("too-many", "".join(f"# A {i} {{#a{i}}}\n\nx\n\n" for i in range(25_000))),
}
"""Texts that would keep a machine busy, and the rule that refuses each."""


@dataclass(frozen=True)
class Case:
    name: str
    rule: str
    text: str


def cases() -> Iterator[Case]:
    for file in sorted(CASES.glob("*.txt")):
        text = file.read_text("utf-8")
        heads = list(HEAD.finditer(text))
        for head, after in zip(heads, [*heads[1:], None], strict=True):
            body = text[head.end() : after.start() if after else len(text)]
            yield Case(f"{file.stem}: {head['name']}", head["rule"] or "", body)


ALL = {case.name: case for case in cases()}
REFUSED = [case.name for case in ALL.values() if case.rule]
HARMLESS = [case.name for case in ALL.values() if not case.rule]


class Listener(threading.Thread):
    """Counts those who try to reach this machine."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.count = 0

    def run(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.count += 1
            connection.close()


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    found = Listener()
    found.start()
    yield found
    found.socket.close()


SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {}>{}</svg>'
)


def chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


def png(width: int = 1, height: int = 1, data: bytes | None = None) -> bytes:
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([1, 0, 0, 0, 0])
    rows = zlib.compress((b"\0" + b"\xff" * ((width + 7) // 8)) * min(height, 9))
    content = chunk(b"IHDR", head) + chunk(b"IDAT", rows if data is None else data)
    return b"\x89PNG\r\n\x1a\n" + content + chunk(b"IEND", b"")


def pictures(canary: Path, port: int) -> dict[str, bytes]:
    laughs = '<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    uses = "".join(
        f'<g id="a{i}"><use href="#a{i + 1}"/><use href="#a{i + 1}"/><use href="#a{i + 1}"/></g>'
        for i in range(16)
    )
    size = 'width="10" height="10"'
    drawings = {
        "script": "<script>alert(1)</script><rect/>",
        "event": '<rect onclick="alert(1)"/>',
        "shows": f'<image href="file://{canary}"/><image xlink:href="http://127.0.0.1:{port}/"/>',
        "style": f"<style>@import url(http://127.0.0.1:{port}/x.css);</style><rect/>",
        "styled": f'<rect style="fill:url(http://127.0.0.1:{port}/x)" fill="url(file://{canary})"/>',
        "animated": '<a><rect/><set attributeName="href" to="javascript:alert(1)"/></a>',
        "uses": uses,
        "foreign": '<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)'
        "</script></body></foreignObject><rect/>",
        "many": "<g/>" * 30_000,
    }
    made = {f"{name}.svg": SVG.format(size, inner).encode() for name, inner in drawings.items()}
    return made | {
        "huge.svg": SVG.format('width="900000" height="900000"', "<rect/>").encode(),
        "entity.svg": f'<!DOCTYPE svg [<!ENTITY x SYSTEM "file://{canary}">]>'.encode()
        + SVG.format(size, "<text>&x;</text>").encode(),
        "laughs.svg": (laughs + SVG.format(size, "<text>&b;</text>")).encode(),
        "ok.png": png(),
        "text.png": b"just text",
        "short.png": png()[:-20],
        "wrong.png": png(data=b"no zlib at all"),
        "bomb.png": png(60_000, 60_000),
        "x.eps": b"%!PS\n(/etc/passwd) run\n",
        "x.pdf": b"%PDF-1.7\n",
    }


@pytest.fixture
def project(tmp_path: Path, listener: Listener) -> Path:
    """A project with all that the cases name; beside it lies what no text may show."""
    folder = tmp_path / "project"
    (folder / "pictures").mkdir(parents=True)
    (folder / "folder.png").mkdir()
    (folder / ".git").mkdir()
    outside = {name: tmp_path / f"canary.{name}" for name in ("png", "md", "bib")}
    for path in (*outside.values(), folder / ".git/config", folder / ".env"):
        path.write_text(f"{CANARY}\n")
    for name, content in pictures(outside["png"], listener.port).items():
        (folder / name).write_bytes(content)
    (folder / "cycle.md").write_text("Text.\n\n{{< include cycle.md >}}\n")
    for name, path in outside.items():
        (folder / f"link.{name}").symlink_to(path)
    (folder / "linked").symlink_to(tmp_path)
    for name in ("pipe.md", "pipe.png"):
        os.mkfifo(folder / name)
    return folder


def prepared(case: Case, folder: Path, port: int) -> Path:
    text = case.text.replace("{port}", str(port)).replace(
        "{canary}", str(folder.parent / "canary.png")
    )
    text = text.replace("NINES", "9" * 200_000).replace("NESTED", "[" * 5_000 + "]" * 5_000)
    raw = (
        text.encode()
        if "\\xed" not in text
        else text.replace("\\xed\\xa0\\x80", "\0pair\0").encode()
    )
    whole = master(raw.decode())
    whole = ESCAPED.sub(lambda met: chr(int(met[1][1:], 16)), whole)
    path = folder / "report.md"
    path.write_bytes(whole.encode("utf-8", "surrogatepass").replace(b"\0pair\0", b"\xed\xa0\x80"))
    return path


def listed(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_text_is_refused_at_its_place(
    name: str, project: Path, listener: Listener, pandoc: Pandoc
) -> None:
    case, before, there = ALL[name], listener.count, listed(project) | {"report.md"}
    found = check(prepared(case, project, listener.port), project, pandoc)
    errors = [one for one in found.diagnostics if one.severity == "error"]
    assert case.rule in {one.rule for one in errors}, errors
    told = next(one for one in errors if one.rule == case.rule)
    assert told.place and told.place.file.endswith(".md") and told.place.line > 1
    assert CANARY not in repr(found.diagnostics) + repr(found.source)
    assert listener.count == before
    assert listed(project) == there


@pytest.mark.parametrize("name", HARMLESS)
def test_a_harmless_text_is_built_and_does_nothing(
    name: str, project: Path, listener: Listener, pandoc: Pandoc
) -> None:
    case, before = ALL[name], listener.count
    path = prepared(case, project, listener.port)
    there = listed(project)
    found = check(path, project, pandoc)
    assert not found.failed, [d for d in found.diagnostics if d.severity == "error"]
    settings = Settings(folders(), ROOT / ".cache" / "report-build", project)
    wish = Wish(editions=("full",))
    try:
        made = build(found, settings, wish, lambda *_: None, at_once())
    except ContentError as error:
        pytest.fail(str(error.diagnostics))
    for file, (content, entry) in made.items():
        assert CANARY not in every_byte(entry["format"], content), file
        FORMATS[entry["format"]](content)
    assert listener.count == before
    assert listed(project) == there


ACTIVE = {
    "script",
    "iframe",
    "object",
    "embed",
    "base",
    "form",
    "link",
    "frame",
    "applet",
    "portal",
}
FETCHED = ("src", "srcset", "poster", "data", "background", "action", "formaction", "ping")


def in_page(content: bytes) -> None:
    page = html.document_fromstring(content, parser=html.HTMLParser(encoding="utf-8"))
    own = {element.get("type") for element in page.iter("script")}
    assert own <= {"application/ld+json"} or not own
    for element in page.iter():
        if not isinstance(element.tag, str):
            continue
        assert element.tag not in ACTIVE - {"link"}, element.tag
        for attribute, value in element.attrib.items():
            assert not attribute.startswith("on"), attribute
            if attribute in FETCHED:
                assert value.startswith(("data:image/", "#", "../images/")), value
            if attribute.endswith("href"):
                assert not re.match(r"(?i)\s*(?:javascript|data|file|vbscript):", value), value
        if element.tag in ("style",) or element.get("style"):
            css = (element.text or "") + (element.get("style") or "")
            assert "@import" not in css
            assert not re.search(r"url\((?!['\"]?(?:data:|#))", css)


def in_word(content: bytes) -> None:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for name in archive.namelist():
            if not name.endswith((".xml", ".rels")):
                continue
            root: Any = etree.fromstring(archive.read(name))
            for element in root.iter():
                tag = etree.QName(element).localname if isinstance(element.tag, str) else ""
                if tag == "Relationship" and element.get("TargetMode") == "External":
                    assert element.get("Type").endswith("/hyperlink")
                    assert element.get("Target").startswith(("http://", "https://", "mailto:"))
                if tag in ("instrText", "fldSimple"):
                    said = (element.text or "") + str(element.attrib)
                    assert not re.search(
                        r"DDE|INCLUDE|LINK\b|MACRO|ASK|FILLIN", said.replace("HYPERLINK", "")
                    ), said
                assert tag not in ("object", "altChunk", "OLEObject", "control")


def in_pdf(content: bytes) -> None:
    with pikepdf.open(BytesIO(content)) as pdf:
        for thing in pdf.objects:
            if not isinstance(thing, pikepdf.Dictionary):
                continue
            assert "/JS" not in thing and "/EF" not in thing and "/AA" not in thing
            action = thing.get("/S")
            assert action not in ("/Launch", "/JavaScript", "/GoToR", "/SubmitForm", "/ImportData")
            if action == "/URI":
                assert str(thing.URI).startswith(("http://", "https://", "mailto:"))


def in_book(content: bytes) -> None:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.endswith(".xhtml"):
                in_page(archive.read(name))
            elif name.endswith((".opf", ".ncx", ".svg")):
                root: Any = etree.fromstring(archive.read(name))
                assert not [x for x in root.iter() if str(x.tag).endswith("script")]


FORMATS = {"html": in_page, "docx": in_word, "pdf": in_pdf, "epub": in_book}


@pytest.mark.parametrize("name", LARGE)
def test_a_text_that_would_keep_the_machine_busy_is_refused(name: str, tmp_path: Path) -> None:
    rule, text = LARGE[name]
    (tmp_path / "report.md").write_text(master(f"Before.\n\n{text}\n"), "utf-8")
    with Pandoc() as pandoc:
        found = check(tmp_path / "report.md", tmp_path, pandoc)
    assert rule in {one.rule for one in found.diagnostics if one.severity == "error"}
    assert all(one.place and one.place.line > 1 for one in found.diagnostics if one.rule == rule)
    used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    assert used < 1_200_000


def test_there_are_as_many_cases_as_are_promised() -> None:
    assert len(ALL) + len(LARGE) >= 150
