"""Is the page on screen whole, reachable and self-contained?"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from report_build import labels, templates, theme
from report_build import nodes as n
from report_build.document import Document, Edition
from report_build.formats import FORMATS, Tools
from report_build.formats import html as page_format
from report_build.frontmatter import FrontMatterPlaces
from report_build.pandoc import Pandoc
from report_build.schema import FrontMatter
from report_build.source import Source

FOLDER = templates.templates_folder()
THEME = theme.load(FOLDER / "theme.yml")
REPORT = """
# Perceptions {#d1 number="Day One" numbered-as=day}

## Threats & <trade>[^a] {#d1-s1 number=I numbered-as=section}

See [Table [1]{.ref-number for=tbl-a}](#tbl-a){.ref} and [UN]{.abbr title="United Nations"}.[^b]

::: {#tbl-a}
| Unit  | Count |
|-------|-------|
| First | 2     |

: Units
:::

# Annex {#annex}

End.

[^a]: One note.
[^b]: Another note.
"""
FRONT = {
    "title": "Networks <Against> Networks",
    "lang": "en",
    "publisher": "The Center",
    "description": "What was said.",
    "keywords": ["security"],
    "event": {"name": "Seminar", "place": "Antigua", "start": "2017-06-20", "hosts": ["A", "B"]},
}


@pytest.fixture(scope="module", params=["en", "es"])
def page(request: pytest.FixtureRequest, pandoc: Pandoc, tmp_path_factory: Any) -> Any:
    """A country's report as an opened page."""
    lang, source = request.param, Source("report.md", "")
    front = FrontMatter.model_validate(FRONT)
    edition = Edition(
        "hnd", "hnd", "Honduras", lang, title=front.title, subtitle="Extract", marking="Limited"
    )
    blocks: n.Blocks = pandoc.markdown(REPORT)
    document = Document(source, front, FrontMatterPlaces(source), blocks, edition=edition)
    words = labels.load(lang, FOLDER)
    cache = tmp_path_factory.mktemp("cache")
    tools = Tools(THEME, templates.load(), pandoc, words, (), cache)
    content = page_format.render(document, tools)
    assert content == page_format.render(document, tools)
    return html.document_fromstring(content.decode()), words


def names(root: Any) -> Counter[str]:
    return Counter(root.xpath("//@id"))


def test_says_what_it_is(page: Any) -> None:
    root, words = page
    report = words("report-for", country="Honduras")
    assert root.get("lang") == words.lang
    assert root.findtext(".//title") == f"Networks <Against> Networks: {report}"
    assert root.xpath("//meta[@name='author']/@content") == ["The Center"]
    assert root.xpath("//meta[@name='keywords']/@content") == ["security"]


def test_has_one_title_and_its_landmarks(page: Any) -> None:
    root, _ = page
    assert [h.text_content() for h in root.xpath("//h1")] == ["Networks <Against> Networks"]
    for landmark in ("body/header", "body//nav", "body//main", "body/footer"):
        assert len(root.xpath(f"/html/{landmark}")) == 1
    levels = [int(h.tag[1]) for h in root.xpath("//h1|//h2|//h3|//h4|//h5|//h6")]
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_marking_stands_above_and_below(page: Any) -> None:
    root, _ = page
    assert root.xpath("string(//header//p[@class='cover-marking'])") == "Limited"
    assert root.xpath("string(//footer//p[@class='marking'])") == "Limited"


def test_ids_are_unique_and_links_land(page: Any) -> None:
    root, _ = page
    ids = names(root)
    assert [name for name, count in ids.items() if count > 1] == []
    targets = [href[1:] for href in root.xpath("//a/@href") if href.startswith("#")]
    assert "part-text" in targets
    assert [target for target in targets if target not in ids] == []


def test_asks_the_network_for_nothing(page: Any) -> None:
    root, _ = page
    policy = root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert policy.startswith("default-src 'none'")
    assert root.xpath("//script|//link|//iframe|//object|//form") == []
    style = "".join(root.xpath("//style/text()"))
    assert "@import" not in style
    assert not re.search(r"url\((?!data:)", style)


def test_every_heading_links_to_itself(page: Any) -> None:
    root, words = page
    links = root.xpath("//main//a[@class='permalink']")
    assert [link.get("href") for link in links][:2] == ["#d1", "#d1-s1"]
    named = links[0].get("aria-label")
    assert named == words("link-to", title="Day One Perceptions")


def test_wide_tables_can_be_scrolled_by_keyboard(page: Any) -> None:
    root, _ = page
    (wrap,) = root.xpath("//div[@class='table-wrap'][.//table]")
    assert (wrap.get("role"), wrap.get("tabindex")) == ("region", "0")
    assert root.xpath("//th/@scope") == ["col", "col"]


def test_notes_lead_there_and_back(page: Any) -> None:
    root, words = page
    assert len(root.xpath("//section[contains(@class,'footnotes')]//li")) == 2
    back = root.xpath("//a[@role='doc-backlink']")
    assert {link.get("aria-label") for link in back} == {words("back-to-text")}


def entry(audience: str, name: str, form: str, pages: int | None = None) -> dict[str, Any]:
    return {
        "edition": audience or "full", "audience": audience, "name": name, "format": form,
        "path": f"r/{audience or 'full'}/a & b.{form}", "bytes": 240_000, "pages": pages,
        "lang": "en", "title": "T", "heading": name,
    }  # fmt: skip


@pytest.mark.parametrize("count", [1, 2])
def test_the_list_of_editions(count: int) -> None:
    entries = [
        entry("slv", "El Salvador", "pdf", 1), entry("hnd", "Honduras", "pdf", 8),
        entry("hnd", "Honduras", "html"), entry("", "", "pdf", 30),
    ]  # fmt: skip
    front = FrontMatter.model_validate(FRONT)
    master = {"name": "r", "front": front, "year": "", "entries": entries}
    text = templates.load().render(
        "index.html.j2", masters=[master] * count, labels=labels.load("en", FOLDER),
        theme=THEME, formats=FORMATS, fonts_css="", countries=(),
    )  # fmt: skip
    root = html.document_fromstring(text)
    assert len(root.xpath("//h1")) == 1
    assert [name for name, times in names(root).items() if times > 1] == []
    found = [" ".join(a.text_content().split()) for a in root.xpath("//main//a")]
    assert found == [
        "The full report, PDF, 30 pages, 240 kB",
        "El Salvador, PDF, 1 page, 240 kB",
        "Honduras, HTML, 240 kB",
        "Honduras, PDF, 8 pages, 240 kB",
    ] * count  # fmt: skip
    assert root.xpath("//main//a/@href")[0] == "r/full/a%20%26%20b.pdf"


def test_every_template_is_found() -> None:
    for name in ("html/page.html.j2", "css/screen.css.j2", "index.html.j2"):
        assert (Path(FOLDER) / name).is_file()
