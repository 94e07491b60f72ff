"""Is the book whole, and the same every time?"""

from __future__ import annotations

import base64
import io
import posixpath
import zipfile
from typing import Any

import pytest
from lxml import etree

from report_build import labels, templates, theme
from report_build.document import Document, Edition
from report_build.formats import Tools, epub
from report_build.frontmatter import FrontMatterPlaces
from report_build.pandoc import Pandoc
from report_build.schema import FrontMatter
from report_build.source import Source

FOLDER = templates.templates_folder()
THEME = theme.load(FOLDER / "theme.yml")
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"><path d="M0 0h2v1z"/></svg>'
PICTURE = f"data:image/svg+xml;base64,{base64.b64encode(SVG).decode()}"
REPORT = f"""
# Perceptions {{#d1 number="Day One" numbered-as=day}}

## Threats & trade[^a] {{#d1-s1 number=I numbered-as=section}}

See [Day Two](#d2){{.ref}}, [above](#d1){{.ref}}, $x^2$ and [UN]{{.abbr title="United Nations"}}.

![]({PICTURE}){{alt="A bar"}}

# Answers {{#d2 number="Day Two" numbered-as=day}}

Back to [Section I](#d1-s1){{.ref}}, out to [the full report](../full/r.html#x) or
[a site](https://example.org/).[^b]

[^a]: One note, see [Day Two](#d2).
[^b]: Another note.

    In two paragraphs.
"""


class Book:
    """A finished book, opened again."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.zip = zipfile.ZipFile(io.BytesIO(content))
        self.pages = {
            name: etree.fromstring(self.zip.read(name))
            for name in self.zip.namelist()
            if name.endswith((".xhtml", ".opf"))
        }

    def all(self, path: str, name: str = "") -> list[Any]:
        """What an XPath finds in one file or in all, by local names."""
        names = {"h": epub.XHTML, "o": "http://www.idpf.org/2007/opf"}
        names |= {"dc": "http://purl.org/dc/elements/1.1/", "m": epub.MATHML}
        pages = [self.pages[name]] if name else self.pages.values()
        return [found for page in pages for found in page.xpath(path, namespaces=names)]


@pytest.fixture(scope="module")
def make(pandoc: Pandoc, tmp_path_factory: pytest.TempPathFactory) -> Any:
    cache = tmp_path_factory.mktemp("cache")

    def made(markdown: str = REPORT, **front: Any) -> Book:
        source = Source("source/r.md", "")
        about = {"title": "Networks & Co", "lang": "en", "date": "2017-09-01", **front}
        matter = FrontMatter.model_validate({"publisher": "The Center", **about})
        edition = Edition("hnd", "hnd", "Honduras", "en", title=matter.title, marking="Limited")
        document = Document(
            source, matter, FrontMatterPlaces(source), pandoc.markdown(markdown), edition=edition
        )
        words = labels.load("en", FOLDER)
        tools = Tools(THEME, templates.load(), pandoc, words, (), cache)
        return Book(epub.render(document, tools))

    return made


@pytest.fixture(scope="module")
def book(make: Any) -> Book:
    return make()  # type: ignore[no-any-return]


def test_the_archive_begins_with_its_media_type(book: Book) -> None:
    first = book.zip.infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    assert book.content[38:58] == b"application/epub+zip"
    assert {entry.date_time for entry in book.zip.infolist()} == {epub.EPOCH}


def test_is_the_same_every_time(book: Book, make: Any) -> None:
    assert make().content == book.content


def test_a_chapter_for_each_heading_of_the_first_level(book: Book) -> None:
    chapters = [name for name in book.pages if "/ch" in name]
    assert len(chapters) == 2
    for name in chapters:
        assert len(book.all("//h:h1", name)) == 1
    assert book.all("//h:h2/@id") == ["d1-s1"]


def test_all_that_is_declared_is_there_and_the_other_way_round(book: Book) -> None:
    declared = {f"EPUB/{href}" for href in book.all("//o:item/@href")}
    there = {name for name in book.zip.namelist() if name.startswith("EPUB/")}
    assert declared == there - {"EPUB/content.opf"}


def test_links_land_also_across_files(book: Book) -> None:
    checked = 0
    for name, page in book.pages.items():
        for href in page.xpath("//*[local-name()='a']/@href"):
            path, _, anchor = href.partition("#")
            if "://" in path:
                continue
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), path or "."))
            target = target if path else name
            assert target in book.pages, href
            if anchor:
                assert anchor in book.all("//@id", target), href
                checked += 1
    assert checked > 8
    assert "ch002.xhtml#d2" in book.all("//h:a/@href")


def test_what_lies_beside_the_book_is_a_link_only_with_an_address(book: Book, make: Any) -> None:
    assert book.all("//h:a[contains(@href,'full/r.html')]") == []
    with_address = make(**{"base-url": "https://example.org/reports"})
    hrefs = with_address.all("//h:a/@href")
    assert "https://example.org/reports/r/full/r.html#x" in hrefs


def test_notes_stand_in_the_chapter_that_calls_them(book: Book) -> None:
    for name, number in (("EPUB/text/ch001.xhtml", "1"), ("EPUB/text/ch002.xhtml", "2")):
        (note,) = book.all("//h:aside", name)
        assert note.get(f"{{{epub.OPS}}}type") == "footnote"
        assert note.get("id") == f"fn{number}"
        assert "".join(note.itertext()).split()[0] == number
        assert book.all("//h:a[@role='doc-noteref']/@href", name) == [f"#fn{number}"]
        assert book.all("//h:aside//h:a[@role='doc-backlink']/@href", name) == [f"#fnref{number}"]


def test_pictures_are_files(book: Book) -> None:
    (source,) = book.all("//h:img/@src")
    assert book.zip.read(f"EPUB/text/{source}".replace("text/../", "")) == SVG
    assert book.all("//h:img/@alt") == ["A bar"]


def test_says_what_it_is_and_how_accessible(book: Book, make: Any) -> None:
    (title,) = book.all("//dc:title/text()")
    assert title == "Networks & Co: Report for Honduras"
    assert book.all("//dc:language/text()") == ["en"]
    modified = book.all("//o:meta[@property='dcterms:modified']/text()")
    assert modified == ["2017-09-01T00:00:00Z"]
    features = book.all("//o:meta[@property='schema:accessibilityFeature']/text()")
    assert {"tableOfContents", "alternativeText", "MathML"} <= set(features)
    assert book.all("//o:item[@properties='mathml']/@href") == ["text/ch001.xhtml"]
    other = make(title="Other")
    assert other.all("//dc:identifier/text()") != book.all("//dc:identifier/text()")


@pytest.mark.parametrize("text", ["", "Only words.", "Words.\n\n# A {#a}\n"])
def test_short_texts_make_books_too(make: Any, text: str) -> None:
    book = make(text)
    assert book.all("//h:nav//h:a")
    assert book.all("//o:itemref")
