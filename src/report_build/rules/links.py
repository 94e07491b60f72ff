"""Do links out of the text go anywhere?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from report_build import nodes as n
from report_build.diagnostics import Severity, did_you_mean
from report_build.document import Document, offsets, refers
from report_build.validation import Finding, rule

ADDRESS = re.compile(r"[^@\s<>]+@[\w-]+(\.[\w-]+)+")
FORMATS = (".html", ".pdf", ".docx", ".epub")


@rule(Severity.ERROR, of="master")
def malformed_link(document: Document) -> Iterator[Finding]:
    """A link's target is empty, or no address of the kind that it claims to be.

    Bad:
        Write to [the office](mailto:office at example.org).

    Bad:
        See [the page]().

    Good:
        Write to [the office](mailto:office@example.org), see <https://example.org>.
    """
    for link in _links(document):
        if problem := _malformed(link.url):
            yield Finding(offsets(link.attr), problem, "write the whole address")


def _malformed(url: str) -> str:
    if not url.strip():
        return "this link leads nowhere"
    parts = urlsplit(url) if _splits(url) else None
    if parts is None:
        return f"“{url}” is no address"
    if parts.scheme == "mailto":
        wrong = [one for one in parts.path.split(",") if not ADDRESS.fullmatch(unquote(one))]
        return f"“{unquote(wrong[0])}” is no e-mail address" if wrong else ""
    if parts.scheme in ("http", "https"):
        host = parts.hostname or ""
        return "" if re.fullmatch(r"[^\s.]+(\.[^\s.]+)*\.?", host) else f"“{url}” has no host"
    return ""


def _splits(url: str) -> bool:
    try:
        return bool(urlsplit(url).hostname) or True
    except ValueError:
        return False


@rule(Severity.ERROR, of="master")
def dead_link(document: Document) -> Iterator[Finding]:
    """A link leads to a file that is neither a deliverable nor another master of the project.

    Deliverables go to readers alone, without the files that lay beside the master.

    Bad:
        See [the annex](annex.xlsx).

    Good:
        See [the annex](https://example.org/annex.xlsx).
    """
    masters = {f"{name}.md" for name in document.others}
    for link in _links(document):
        parts = urlsplit(link.url) if _splits(link.url) else None
        if not parts or parts.scheme or parts.netloc or not parts.path or refers(link.url):
            continue
        path = unquote(parts.path)
        made = path.startswith("../") and path.endswith(FORMATS)
        if path.removeprefix("./") not in masters and not made:
            hint = did_you_mean(path, masters) or "give an address that readers can open"
            yield Finding(offsets(link.attr), f"readers do not have the file “{path}”", hint)


def _links(document: Document) -> Iterator[n.Link]:
    return (node for node in document.walked if isinstance(node, n.Link))
