"""What is in the finished Word file, and what of pandoc's is not?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from report_build.fonts import Face
from report_build.formats import word_body
from report_build.formats.word_house import House
from report_build.formats.word_pictures import Media
from report_build.formats.word_reference import OFFICE, bullet, fonts, list_level, look
from report_build.formats.word_styles import NUMBERS
from report_build.formats.word_xml import (
    HEAD,
    Element,
    element,
    every,
    parse,
    q,
    serialized,
)
from report_build.formats.word_zip import content_types, relationships, unzipped, zipped
from report_build.theme import Theme

NO_DATE = "1980-01-01"
"""For documents without a date: the clock is never asked."""
CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
TARGETS = {
    "styles": "styles.xml", "settings": "settings.xml", "numbering": "numbering.xml",
    "fontTable": "fontTable.xml", "footnotes": "footnotes.xml", "theme": "theme/theme1.xml",
}  # fmt: skip


@dataclass(frozen=True)
class Properties:
    """What the file says about itself."""

    title: str
    subject: str
    description: str
    creator: str
    keywords: str
    lang: str
    date: str
    identifier: str = ""


def package(
    written: bytes,
    theme: Theme,
    faces: tuple[Face, ...],
    house: House | None,
    about: Properties,
    media: tuple[Media, ...],
    running: Mapping[str, str],
) -> bytes:
    """The file from what pandoc wrote; `running` are the heads and feet by part name."""
    old = unzipped(written)
    numbering = parse(old["word/numbering.xml"])
    lists = dict(word_body.kinds_of_lists(numbering))
    roots = {name: parse(old[f"word/{name}.xml"]) for name in ("document", "footnotes")}
    for root in roots.values():
        word_body.finish(root, theme, lists)
    house_lists(numbering, theme)
    parts = {f"word/{name}.xml": serialized(root) for name, root in roots.items()}
    parts["word/styles.xml"] = serialized(used_styles(parse(old["word/styles.xml"]), roots))
    parts["word/numbering.xml"] = serialized(numbering)
    parts |= look(theme, about.lang, house) | fonts(faces)
    parts |= {"docProps/core.xml": core(about).encode(), "docProps/app.xml": APP.encode()}
    for name, root in roots.items():
        links = _links(old.get(f"word/_rels/{name}.xml.rels"))
        rows = _used(root, [*_images(media), *_running(running), *links])
        rows += _ALWAYS if name == "document" else []
        if rows:
            parts[f"word/_rels/{name}.xml.rels"] = relationships(rows)
        shown = {target for _, _, target in rows}
        parts |= {f"word/media/{m.name}": m.content for m in media if f"media/{m.name}" in shown}
        parts |= {f"word/{n}.xml": x.encode() for n, x in running.items() if f"{n}.xml" in shown}
    parts["_rels/.rels"] = relationships(_ROOT)
    names = sorted(parts)
    return zipped({"[Content_Types].xml": content_types(parts)} | {n: parts[n] for n in names})


_ROOT = (
    ("rId1", OFFICE + "officeDocument", "word/document.xml"),
    ("rId2", "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties",
     "docProps/core.xml"),
    ("rId3", OFFICE + "extended-properties", "docProps/app.xml"),
)  # fmt: skip
APP = (
    f'{HEAD}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
    'extended-properties"><DocSecurity>0</DocSecurity></Properties>'
)


_ALWAYS = [(f"rId{name}", OFFICE + name, target) for name, target in TARGETS.items()]


def _images(media: Iterable[Media]) -> list[tuple[str, str, str]]:
    return [(each.relation, OFFICE + "image", f"media/{each.name}") for each in media]


def _running(names: Iterable[str]) -> list[tuple[str, str, str]]:
    return [(f"rId{n[:1].upper()}{n[1:]}", OFFICE + n[:6], f"{n}.xml") for n in names]


def _used(root: Element, rows: Iterable[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """The relationships that a part refers to."""
    names = {q("r:embed"), q("r:id")}
    used = {value for node in root.iter() for key, value in node.attrib.items() if key in names}
    return [row for row in rows if row[0] in used]


def _links(content: bytes | None) -> list[tuple[str, str, str]]:
    """Links to other places are all that is taken from pandoc's relationships."""
    if content is None:
        return []
    rows = [(r.get("Id"), r.get("Type"), r.get("Target")) for r in parse(content)]
    return [row for row in rows if row[1].endswith("/hyperlink")]


def used_styles(styles: Element, roots: Mapping[str, Element]) -> Element:
    """The styles without those that pandoc adds for code and that nothing uses."""
    used = {
        node.get(q("w:val"))
        for root in roots.values()
        for name in ("w:pStyle", "w:rStyle", "w:tblStyle")
        for node in root.iter(q(name))
    }
    for style in every(styles, "w:style"):
        name = style.get(q("w:styleId"))
        if name.endswith("Tok") and name not in used:
            styles.remove(style)
    return styles


def house_lists(numbering: Element, theme: Theme) -> None:
    """Pandoc's lists with the marks and indents of the house."""
    for kind in numbering.findall(q("w:abstractNum")):
        if int(kind.get(q("w:abstractNumId"))) <= NUMBERS:
            continue
        for old in kind.findall(q("w:lvl")):
            level = int(old.get(q("w:ilvl")))
            form, mark = (old.find(q(n)).get(q("w:val")) for n in ("w:numFmt", "w:lvlText"))
            new = list_level(level, theme, form, bullet(level) if form == "bullet" else mark)
            new.replace(new.find(q("w:start")), element("w:start", val=_start(old)))
            kind.replace(old, new)


def _start(level: Element) -> str:
    found = level.find(q("w:start"))
    return found.get(q("w:val")) if found is not None else "1"


def core(about: Properties) -> str:
    """`docProps/core.xml`: nothing in it but what the document says about itself."""
    moment = f"{about.date or NO_DATE}T00:00:00Z"
    texts: dict[str, Any] = {
        "dc:title": about.title, "dc:subject": about.subject, "dc:creator": about.creator, "dc:identifier": about.identifier,
        "cp:keywords": about.keywords, "dc:description": about.description, "dc:language": about.lang,
    }  # fmt: skip
    lines = [f"<{name}>{escape(value)}</{name}>" for name, value in texts.items() if value]
    for name in ("created", "modified"):
        lines.append(f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{moment}</dcterms:{name}>')
    return (
        f'{HEAD}<cp:coreProperties xmlns:cp="{CORE}" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"{''.join(lines)}</cp:coreProperties>"
    )
