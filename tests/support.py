"""What do many tests need? A master from a text, checked as the command checks it."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from report_build.check import Checked, check
from report_build.pandoc import Pandoc

ROOT = Path(__file__).parents[1]
FRONT = """title: A seminar
lang: en
audiences:
  hnd: {country: HND}
  gtm: {country: GTM}
  press: {title: Press}
  observers: {title: Observers}
deliverables:
  - {edition: full, formats: [html, pdf, docx, epub]}
  - {edition: country, for-each: [hnd, gtm], formats: [html, pdf, docx]}
  - {edition: press, formats: [html]}
"""


def master(text: str) -> str:
    """A whole master: front matter that a text begins with is added to the usual one."""
    own = re.match(r"---\n(.*?)---\n", text, re.S)
    body = text[own.end() :] if own else text
    return f"---\n{FRONT}{own[1] if own else ''}---\n\n{body}"


def checked(text: str, pandoc: Pandoc, files: dict[str, bytes] | None = None) -> Checked:
    """A master in a project of its own, checked."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        for name, content in (files or {}).items():
            (project / name).parent.mkdir(parents=True, exist_ok=True)
            (project / name).write_bytes(content)
        path = project / "master.md"
        path.write_text(master(text), "utf-8")
        return check(path, project, pandoc)
