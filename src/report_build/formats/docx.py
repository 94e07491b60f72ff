"""What does an edition look like in Word?

The tree is prepared (`word_tree`, `word_contents`), pandoc writes it with the styles of a
generated reference document (`word_reference`), and what it wrote is finished (`word_body`)
and packed (`word_package`).
"""

from __future__ import annotations

from collections.abc import Mapping

from report_build import nodes as n
from report_build.diagnostics import did_you_mean
from report_build.document import Document
from report_build.formats import Tools, UnmetError
from report_build.formats.markup import lists
from report_build.formats.word_contents import contents, listing
from report_build.formats.word_house import read
from report_build.formats.word_look import from_mm, text_height, text_width, wide_width
from report_build.formats.word_nodes import page_break, raw_block, section_end
from report_build.formats.word_package import Properties, package
from report_build.formats.word_pictures import EMU, Pictures
from report_build.formats.word_reference import reference_file
from report_build.formats.word_styles import character_styles, paragraph_styles
from report_build.formats.word_tree import Tree
from report_build.theme import Theme
from report_build.title_page import facts

INCH = 1440
"""Twentieths of a point."""
SHARE = 0.85
"""How much of a page's height a picture may take."""


def render(document: Document, tools: Tools) -> bytes:
    """The document as a Word file: cover, contents, text, running heads, real fields."""
    theme = tools.theme
    pictures = _pictures(theme)
    hang = theme.page.hang > 0
    page_word = tools.labels("page", page="").strip()
    tree = Tree(document.blocks, tools.pages, pictures, hang, page_word)
    blocks = (
        raw_block(_templated("cover", document, tools)),
        section_end("cover"),
        *contents(document.blocks, tools.labels("contents"), tools.pages, hang),
        *(block for one in lists(document, tools.labels) for block in listing(one, tools.pages)),
        page_break(),
        *tree.all(document.blocks),
    )
    opening = document.edition is None or document.edition.is_full  # a handout runs on
    _expect_styles(document, theme, opening)
    house = read(tools.house) if tools.house else None
    reference = reference_file(theme, document.lang, tools.faces, opening, tools.cache, tools.house)
    written = tools.pandoc.write(blocks, "docx", reference=reference)
    return package(
        written,
        theme,
        tools.faces,
        house,
        _about(document, tools),
        tuple(pictures.media.values()),
        _running(document, tools),
    )


def _expect_styles(document: Document, theme: Theme, opening: bool) -> None:
    """Word would make up, without any look, what `custom-style` names and the theme lacks."""
    known = {*character_styles(theme), *(s.name for s in paragraph_styles(theme, opening))}
    named = (attr.get("custom-style") for attr in n.attributes(document.blocks))
    asked = {
        name: f"there is no style “{name}”; {did_you_mean(name, known)}".removesuffix("; ")
        for name in named
        if name and name not in known
    }
    if asked:
        raise UnmetError("styles", asked, "use a class that the templates know")


def _pictures(theme: Theme) -> Pictures:
    """Pictures as wide as the text at most, and low enough to have a caption on their page."""
    width, height, wide = text_width(theme), text_height(theme), wide_width(theme)
    return Pictures(
        (width / INCH, height / INCH * SHARE),
        (wide / INCH, (width + height - wide) / INCH * SHARE),
    )


def _templated(name: str, document: Document, tools: Tools, **more: object) -> str:
    return tools.templates.render(
        f"docx/{name}.xml.j2",
        document=document,
        edition=_edition(document, tools),
        theme=tools.theme,
        labels=tools.labels,
        facts=facts(document.front, tools.labels),
        twips=from_mm,
        emu=lambda millimetres: round(millimetres * EMU / 25.4),
        **more,
    ).strip()


def _edition(document: Document, tools: Tools) -> str:
    return tools.labels.edition(document.edition) if document.edition else ""


def _running(document: Document, tools: Tools) -> Mapping[str, str]:
    """Heads and feet, for the cover, for upright and for wide pages."""
    last = max(tools.pages.values(), default=1)
    found = {"headerCover": _templated("header-cover", document, tools)}
    for suffix, width in (("", text_width(tools.theme)), ("Wide", wide_width(tools.theme))):
        for name in ("header", "footer"):
            part = _templated(name, document, tools, width=width, pages=last)
            found[name + suffix] = part
    return found


def _about(document: Document, tools: Tools) -> Properties:
    front = document.front
    full = document.edition is None or document.edition.is_full
    return Properties(
        title=document.title if full else f"{document.title}: {_edition(document, tools)}",
        subject=document.subtitle,
        description=front.description,
        creator="; ".join(front.authors) or front.publisher,
        keywords=", ".join(front.keywords),
        lang=document.lang,
        date=front.day.isoformat() if front.day else "",
        identifier=tools.identifier,
    )
