"""What has to change in the text that pandoc wrote?

`finish` goes through the steps of `STEPS` in order, each of which changes the tree in place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from lxml import etree

from report_build.formats import word_layout, word_tables
from report_build.formats.word_look import (
    callout_inset,
    list_indent,
    text_width,
    wide_width,
)
from report_build.formats.word_names import paragraph_name, paragraph_text
from report_build.formats.word_reference import language, section
from report_build.formats.word_xml import (
    NAMESPACES,
    Element,
    element,
    every,
    local,
    of,
    put,
    q,
    set_style,
    style_of,
)
from report_build.theme import Theme

RUNNING = {
    "portrait": {"header": "rIdHeader", "footer": "rIdFooter"},
    "landscape": {"header": "rIdHeaderWide", "footer": "rIdFooterWide"},
    "cover": {"header": "rIdHeaderCover"},
}
"""The relationships of the running heads of each kind of section."""
NOTES = 10_000
"""First number of bookmarks and pictures in notes, where those of the text never come."""
LISTS = {"bullet": "ListBullet", "number": "ListNumber", "none": "ListContinue"}


def finish(root: Element, theme: Theme, lists: Mapping[str, str]) -> None:
    """The document, or its footnotes, as Word should get it.

    `lists` says what each list is: `bullet`, `number` or `none` (an item's further paragraphs).
    """
    style_lists(root, theme, lists)
    for step in STEPS:
        step(root, theme)


def merge_runs(root: Element, _: Theme) -> None:
    """Neighbouring runs of the same look as one: pandoc writes one for each word."""
    for run in every(root, "w:r"):
        before = run.getprevious()
        if before is None or local(before) != "r" or not (_text_only(run) and _text_only(before)):
            continue
        if _look(run) == _look(before):
            text = "".join(t.text or "" for r in (before, run) for t in r.iter(q("w:t")))
            kept = list(before.iter(q("w:t")))
            for extra in kept[1:]:
                before.remove(extra)
            kept[0].text = text
            kept[0].set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            run.getparent().remove(run)


def _text_only(run: Element) -> bool:
    names = [local(child) for child in run]
    return "t" in names and set(names) <= {"rPr", "t"}


def _look(run: Element) -> bytes:
    found = run.find(q("w:rPr"))
    return etree.tostring(found, method="c14n") if found is not None else b""


def break_pages(root: Element, _: Theme) -> None:
    """A mark of a page break becomes a property of the paragraph after it."""
    for mark in every(root, "rb:page-break"):
        parent, after = mark.getparent(), mark.getnext()
        parent.remove(mark)
        first = next(after.iter(q("w:p")), None) if after is not None else None
        if first is not None:
            put(of(first, "w:pPr"), element("w:pageBreakBefore"))


def end_sections(root: Element, theme: Theme) -> None:
    """A mark of a section's end becomes a property of its last paragraph."""
    body = root.find(q("w:body"))
    if body is None:
        return
    for mark in every(body, "rb:section-end"):
        kind, last = mark.get(q("rb:kind")), mark.getprevious()
        after = mark.getnext()
        body.remove(mark)
        if after is None or local(after) == "sectPr":
            _replace_last_section(body, _section(kind, theme))
        elif last is not None and not _ends_section(last):
            put(of(_paragraph_at_end(last), "w:pPr"), _section(kind, theme))
    if not any(True for _ in body.iterchildren(q("w:sectPr"))) or _unset(body):
        _replace_last_section(body, _section("portrait", theme))


def _section(kind: str, theme: Theme) -> Element:
    return section(theme, kind, RUNNING[kind])


def _ends_section(node: Element) -> bool:
    return node.find(f"{q('w:pPr')}/{q('w:sectPr')}") is not None


def _unset(body: Element) -> bool:
    """Whether the last section is still pandoc's."""
    return body[-1].find(q("w:headerReference")) is None


def _replace_last_section(body: Element, made: Element) -> None:
    for old in body.findall(q("w:sectPr")):
        body.remove(old)
    body.append(made)


def _paragraph_at_end(last: Element) -> Element:
    """The paragraph that can end a section: the last one, or a new one after a table."""
    if local(last) == "p":
        return last
    made = element("w:p")
    set_style(made, "SectionEnd")
    last.addnext(made)
    return made


def style_lists(root: Element, theme: Theme, lists: Mapping[str, str]) -> None:
    """Items of lists get Word's list styles; further paragraphs of an item lose their number."""
    for paragraph in every(root, "w:p"):
        numbers = paragraph.find(f"{q('w:pPr')}/{q('w:numPr')}")
        if numbers is None:
            continue
        level = int(numbers.find(q("w:ilvl")).get(q("w:val")))
        kind = lists.get(numbers.find(q("w:numId")).get(q("w:val")), "bullet")
        inset, step = 0, list_indent(theme)
        if style_of(paragraph).startswith("Callout"):
            set_style(paragraph, "CalloutList")
            inset = callout_inset(theme)
        elif next(paragraph.iterancestors(q("w:tc")), None) is not None:
            set_style(paragraph, "TableText")
        else:
            set_style(paragraph, LISTS[kind] + ("" if level == 0 else str(min(level, 2) + 1)))
        left = inset + step * (level + 1)
        if kind == "none":
            numbers.getparent().remove(numbers)
            put(of(paragraph, "w:pPr"), element("w:ind", left=left, hanging=0))
        elif inset or level > 2:
            put(of(paragraph, "w:pPr"), element("w:ind", left=left, hanging=step))


def finish_tables(root: Element, theme: Theme) -> None:
    """Tables as wide as the text of their section, with space after them."""
    wide = set(_on_wide_pages(root))
    for table in every(root, "w:tbl"):
        inside = next(table.iterancestors(q("w:tc")), None) is not None
        room = wide_width(theme) if table in wide else text_width(theme)
        word_tables.finish(table, room // 2 if inside else room)


def _on_wide_pages(root: Element) -> Iterator[Element]:
    """What stands in sections whose page lies on its side."""
    body = root.find(q("w:body"))
    wide = False
    for node in reversed(list(body if body is not None else ())):
        page = next(node.iter(q("w:pgSz")), None)
        if page is not None:
            wide = page.get(q("w:orient")) == "landscape"
        if wide:
            yield node


def style_links(root: Element, _: Theme) -> None:
    """References within the document are not underlined like links out of it."""
    for link in every(root, "w:hyperlink"):
        if link.get(q("w:anchor")):
            for style in link.iter(q("w:rStyle")):
                if style.get(q("w:val")) == "Hyperlink":
                    style.set(q("w:val"), "CrossReference")


def name_languages(root: Element, _: Theme) -> None:
    """Passages in another language, as Word's proofing wants it."""
    for mark in every(root, "w:lang"):
        mark.set(q("w:val"), language(mark.get(q("w:val"))))


def number_bookmarks(root: Element, _: Theme) -> None:
    """Each bookmark gets a number of its own at both its ends."""
    numbers: dict[str, int] = {}
    first = 1 if root.find(q("w:body")) is not None else NOTES
    for name in ("w:bookmarkStart", "w:bookmarkEnd"):
        for mark in every(root, name):
            known = numbers.setdefault(mark.get(q("w:id")), len(numbers) + first)
            mark.set(q("w:id"), str(known))


def name_paragraphs(root: Element, _: Theme) -> None:
    """Each paragraph is known by its text, so that it can be found again when the file comes back.

    MS-DOCX 2.6.2.3: `w14:paraId` is a number of eight hexadecimal digits below 0x80000000.
    """
    count: Counter[str] = Counter()
    for paragraph in every(root, "w:p"):
        text = paragraph_text(paragraph)
        count[text] += 1
        paragraph.set(q("w14:paraId"), paragraph_name(text, count[text], local(root)))
    root.set(q("mc:Ignorable"), "w14")
    spaces = {name: NAMESPACES[name] for name in ("w14", "mc")}
    etree.cleanup_namespaces(root, top_nsmap=spaces, keep_ns_prefixes=[*NAMESPACES])


def number_pictures(root: Element, _: Theme) -> None:
    """Pictures have numbers of their own, in notes too, and names that say nothing else."""
    first = 1 if root.find(q("w:body")) is not None else NOTES
    for number, picture in enumerate(every(root, "wp:docPr"), first):
        picture.set("id", str(number))
        picture.set("name", f"Picture {number}")


Step = Callable[[Element, Theme], None]
STEPS: tuple[Step, ...] = (
    style_links,
    merge_runs,
    break_pages,
    *word_layout.STEPS,
    end_sections,
    finish_tables,
    name_languages,
    number_bookmarks,
    number_pictures,
    name_paragraphs,
)


def kinds_of_lists(numbering: Element) -> Iterator[tuple[str, str]]:
    """What each list of `word/numbering.xml` is, by its number."""
    forms = {
        kind.get(q("w:abstractNumId")): (
            kind.find(f"{q('w:lvl')}/{q('w:numFmt')}").get(q("w:val")),
            kind.find(f"{q('w:lvl')}/{q('w:lvlText')}").get(q("w:val")),
        )
        for kind in numbering.findall(q("w:abstractNum"))
    }
    for number in numbering.findall(q("w:num")):
        form, mark = forms[number.find(q("w:abstractNumId")).get(q("w:val"))]
        blank = form == "bullet" and not mark.strip()
        kind = "none" if blank else "bullet" if form == "bullet" else "number"
        yield number.get(q("w:numId")), kind
