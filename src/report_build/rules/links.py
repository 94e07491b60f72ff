"""Do links out of the text go anywhere?"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote, urlsplit

from report_build import nodes as n
from report_build.diagnostics import Severity, did_you_mean
from report_build.document import Document, offsets, refers
from report_build.editions import editions, stem
from report_build.validation import Finding, rule

ADDRESS = re.compile(r"[^@\s<>]+@[\w-]+(\.[\w-]+)+")
FORMATS = (".html", ".pdf", ".docx", ".epub")
NEAR = 300
"""Characters within which the target of a link is looked for."""
DEPTH = 3
"""Parts of a deliverable's path: master, audience, file."""


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
            yield Finding(_target_at(document, link), problem, "write the whole address")


def _target_at(document: Document, link: n.Link) -> tuple[int, int]:
    """Where a link's target is typed, though it be empty or hold spaces."""
    at = offsets(link.attr)
    typed = "|".join(re.escape(form) for form in {link.url, unquote(link.url)})
    pattern = re.compile(rf"\]\(\s*<?(?P<url>{typed})>?(?=[\s)\"])")
    near = pattern.finditer(document.source.text, max(at[0] - NEAR, 0), at[0] + NEAR)
    found = min(near, key=lambda one: abs(one.start() - at[0]), default=None)
    if found and not found["url"]:  # the parentheses then
        return found.start() + 1, found.end() + 1
    return found.span("url") if found else at


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

    Bad:
        See [the report for Honduras](../hnd/master-hondruas.pdf).

    Good:
        See [the annex](https://example.org/annex.xlsx) and
        [the report for Honduras](../hnd/master-honduras.pdf).
    """
    masters = {f"{name}.md" for name in document.others}
    made = _made(document)
    for link in _links(document):
        parts = urlsplit(link.url) if _splits(link.url) else None
        if not parts or parts.scheme or parts.netloc or not parts.path or refers(link.url):
            continue
        path = unquote(parts.path)
        if path.removeprefix("./") not in masters and not _leads(path, document, made):
            hint = did_you_mean(path, {*masters, *made}) or "give an address that readers can open"
            yield Finding(offsets(link.attr), f"readers do not have the file “{path}”", hint)


def _made(document: Document) -> dict[str, str]:
    """The master's deliverables: how each is reached from another folder, and where it is."""
    base = document.base_lang
    stems = [(one, stem(document.name, base, one)) for one in editions(document.front, base)]
    paths = [f"{path}.{form}" for one, path in stems for form in one.formats]
    return {f"../{path.partition('/')[2]}": path for path in paths}


def _leads(path: str, document: Document, made: Mapping[str, str]) -> bool:
    """Whether a path leads from a deliverable's folder to a deliverable, this master's or another's."""
    goals = {
        posixpath.normpath(posixpath.join(posixpath.dirname(start), path))
        for start in made.values()
    }
    if not goals.isdisjoint(made.values()):
        return True
    folders = (goal.split("/") for goal in goals if goal.endswith(FORMATS))
    return any(len(one) == DEPTH and one[0] not in (document.name, "..") for one in folders)


def _links(document: Document) -> Iterator[n.Link]:
    return (node for node in document.walked if isinstance(node, n.Link))
