"""What does an edition look like on a screen? One self-contained file."""

from __future__ import annotations

import html
import re

from report_build.document import Document
from report_build.fonts import screen_css
from report_build.formats import Tools
from report_build.formats.back_references import with_back_references
from report_build.formats.markup import SCREEN, contents, lists, web_tree
from report_build.title_page import facts


def render(document: Document, tools: Tools) -> bytes:
    """The page with its styles, fonts and pictures in it."""
    blocks = with_back_references(document.blocks, tools.labels)
    body = tools.pandoc.write(web_tree(blocks, SCREEN, tools.labels), "html5").decode()
    page = tools.templates.render(
        "html/page.html.j2",
        document=document,
        theme=tools.theme,
        labels=tools.labels,
        facts=facts(document.front, tools.labels),
        body=with_notes_heading(body, tools),
        contents=contents(document),
        identifier=tools.identifier,
        lists=lists(document, tools.labels),
        fonts_css=screen_css(tools.faces, tools.cache),
    )
    return page.encode()


def with_notes_heading(body: str, tools: Tools) -> str:
    """Pandoc's HTML with a heading over the notes, and back-links that say where they lead."""
    heading = html.escape(tools.labels("notes"))
    back = html.escape(tools.labels("back-to-text"))
    body = re.sub(
        r'<section id="footnotes"([^>]*)>\s*<hr />',
        rf'<section id="footnotes"\1 aria-labelledby="notes"><h2 id="notes">{heading}</h2>',
        body,
    )
    body = re.sub(r"<(br|col|hr|img)([^<>]*?) />", r"<\1\2>", body)
    return body.replace('role="doc-backlink">', f'role="doc-backlink" aria-label="{back}">')
