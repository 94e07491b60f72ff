"""What would the same files cost at the least? CPU seconds of pandoc and WeasyPrint alone.

python -m bench.floor PROJECT: one pandoc process writes HTML and Word of all editions of a master,
and a warm WeasyPrint lays the same pages out; nothing is proved or put together.
"""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path

from report_build import masters, workshop
from report_build.compose import compose
from report_build.formats.markup import PAPER, SCREEN, inline_notes, web_tree
from report_build.pandoc import Pandoc
from report_build.schedule import Prepared


def _spent(who: int) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def main(project: Path) -> None:
    """Print the seconds of CPU."""
    os.chdir(project)
    (found, *_), settings = masters.checked([Path("source/proceedings.md")])
    workshop.look(settings)

    from report_build.formats import pdf

    ready = Prepared(found, settings)
    pages, webs, words = [], [], []
    tools = workshop._tools(settings, found.front.lang)
    for edition in ready.editions:
        one = ready.of(edition, "pdf")
        whole = compose(one.document, one.around, tools.templates, tools.labels, tools.pandoc, {})
        pages.append(pdf.page(whole, tools))
        webs += [web_tree(whole.blocks, SCREEN, tools.labels)]
        webs += [inline_notes(web_tree(whole.blocks, PAPER, tools.labels))]
        words.append(whole.blocks)
    before = _spent(resource.RUSAGE_CHILDREN)
    with Pandoc() as pandoc:
        pandoc.markdown(found.source.text)
        for blocks in webs:
            pandoc.write(blocks, "html5")
        for blocks in words:
            pandoc.write(blocks, "docx")
    written = _spent(resource.RUSAGE_CHILDREN) - before
    fonts = pdf.FontConfiguration()
    pdf.weasyprint.HTML(string="<p>warm").write_pdf(font_config=fonts)
    before = _spent(resource.RUSAGE_SELF)
    for text in pages:
        pdf.weasyprint.HTML(string=text).write_pdf(font_config=fonts, pdf_variant="pdf/ua-1")
    print(written + _spent(resource.RUSAGE_SELF) - before)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
