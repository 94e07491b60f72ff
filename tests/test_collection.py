"""Does a folder of many masters build as one, and can everything be found in it?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lxml import etree, html

from support import run, with_fonts

ATOM = {"a": "http://www.w3.org/2005/Atom"}
DEFAULTS = """lang: en
publisher: The institute
series: Coastal seminars
audiences:
  hnd: {country: HND}
  gtm: {country: GTM}
deliverables:
  - {edition: full, formats: [html, pdf]}
  - {edition: country, for-each: [hnd, gtm], formats: [html]}
"""


def master(year: int, *more: str, text: str = "") -> str:
    return f"""---
title: Seminar of {year}
date: {year}-06-01
description: What was said in {year}.
{chr(10).join(more)}
---

# Opening {{#opening}}

{text or "For everyone."}

## Honduras {{#honduras audience="hnd"}}

What Honduras said in {year}.

## Guatemala {{#guatemala audience="gtm"}}

What Guatemala said in {year}.
"""


def laid_out(folder: Path) -> Path:
    with_fonts(folder)
    source = folder / "source"
    source.mkdir()
    (source / "_defaults.yml").write_text(DEFAULTS, "utf-8")
    (source / "2023.md").write_text(master(2023), "utf-8")
    (source / "2024.md").write_text(master(2024, text="As in @2023:opening."), "utf-8")
    (source / "2025.md").write_text(
        master(2025, "series: Other seminars", "publisher: Another house", "audiences: {hnd: {country: HND}, gtm: {country: GTM}}"), "utf-8"
    )  # fmt: skip
    return folder


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = laid_out(tmp_path_factory.mktemp("collection"))
    done = run(folder, "build", "-q")
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "out"


def test_masters_share_what_their_folder_says(built: Path) -> None:
    entries = json.loads((built / "manifest.json").read_text("utf-8"))["deliverables"]
    assert len(entries) == 3 * 4
    first = (built / "2023/full/2023.html").read_text("utf-8")
    assert "The institute" in first
    assert "Another house" in (built / "2025/full/2025.html").read_text("utf-8")


def test_one_refers_to_another(built: Path) -> None:
    page = html.parse(str(built / "2024/full/2024.html"))
    links = [a.get("href") for a in page.iter("a") if "2023" in (a.get("href") or "")]
    assert links and all((built / "2024/full" / link.split("#")[0]).is_file() for link in links)


def test_the_list_is_by_series_year_and_country(built: Path) -> None:
    page = html.parse(str(built / "index.html")).getroot()
    heads = [
        " ".join(x.text_content().split())
        for x in page.xpath("//main/h2 | //main/p[@class='series']")
    ]
    assert heads == [
        "Coastal seminars", "Seminar of 2024 2024", "Seminar of 2023 2023",
        "Other seminars", "Seminar of 2025 2025",
    ]  # fmt: skip
    card = page.get_element_by_id("country-hnd")
    assert [" ".join(x.text_content().split()) for x in card.xpath("./h4")] == [
        "Seminar of 2025 2025", "Seminar of 2024 2024", "Seminar of 2023 2023"
    ]  # fmt: skip
    for link in page.xpath("//main//a/@href"):
        assert (built / link).is_file(), link
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_the_feed_tells_all_that_was_made(built: Path) -> None:
    feed = etree.parse(built / "feed.xml").getroot()
    assert feed.tag == f"{{{ATOM['a']}}}feed"
    for needed in ("id", "title", "updated", "author/a:name"):
        assert feed.findtext(f"a:{needed}", namespaces=ATOM)
    entries = feed.findall("a:entry", ATOM)
    assert len(entries) == 9
    assert len({entry.findtext("a:id", namespaces=ATOM) for entry in entries}) == 9
    assert entries[0].findtext("a:updated", namespaces=ATOM) == "2025-06-01T00:00:00Z"
    for link in feed.findall(".//a:link", ATOM):
        assert (built / link.get("href")).is_file()
        if link.get("length"):
            assert int(link.get("length")) == (built / link.get("href")).stat().st_size


def test_what_defaults_say_wrong_is_told_at_its_place(tmp_path: Path) -> None:
    laid_out(tmp_path)
    path = tmp_path / "source/_defaults.yml"
    path.write_text(DEFAULTS.replace("lang: en", "lang: xx-nowhere").replace("series:", "serries:"))
    done = run(tmp_path, "check")
    assert done.returncode == 1
    assert "source/_defaults.yml:1:7: error: front-matter-value" in done.stdout
    assert "source/_defaults.yml:3:1: error: front-matter-unknown-key" in done.stdout


def test_a_change_of_the_defaults_is_a_change(tmp_path: Path) -> None:
    laid_out(tmp_path)
    assert run(tmp_path, "build", "-q", "-f", "html", "-e", "full").returncode == 0
    path = tmp_path / "source/_defaults.yml"
    path.write_text(DEFAULTS.replace("The institute", "The academy"))
    assert run(tmp_path, "build", "-q", "-f", "html", "-e", "full").returncode == 0
    assert "The academy" in (tmp_path / "out/2023/full/2023.html").read_text("utf-8")
