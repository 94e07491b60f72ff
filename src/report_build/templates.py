"""What stands around the text? This is the only door to Jinja.

Templates are the tool's or the project's own, never the content's; all that they print is
escaped in HTML and XML. The project's folder is asked first, so that it can replace any one.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from report_build import settings
from report_build.diagnostics import ContentError, Diagnostic, Place, Severity
from report_build.labels import packaged

ESCAPED = (".html.j2", ".xml.j2", ".xhtml.j2", ".svg.j2")


@dataclass(frozen=True)
class Templates:
    """The folders of templates, the first one first asked."""

    folders: tuple[Path, ...]

    def render(self, name: str, **context: Any) -> str:
        """A template filled in. What is wrong with it is a `ContentError` with its line."""
        try:
            return _environment(self.folders).get_template(name).render(**context)
        except (TemplateError, TypeError, ValueError, LookupError, ArithmeticError) as error:
            raise ContentError([_diagnostic(error, name, self.folders)]) from error

    def ahead(self, *names: str) -> None:
        """Have templates compiled that are asked for later; what is wrong is told then."""
        for name in names:
            with suppress(TemplateError):
                _environment(self.folders).get_template(name)

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Name and content of every template that can be used, for the keys of deliverables."""
        found = {
            path.relative_to(folder).as_posix(): path
            for folder in reversed(self.folders)
            for path in folder.rglob("*")
            if path.is_file()
        }
        for name in sorted(found):
            yield name, found[name].read_bytes()

    def used_by(self, form: str) -> frozenset[str]:
        """The files that may show in a format: not those that only other formats or pages use."""
        texts = {name: content for name, content in self.files() if name not in THEMES}
        names = texts.keys()
        found: set[str] = set()
        todo = [name for name in names if name.partition("/")[0] not in {*OWN, *PAGES} - {form}]
        while todo:
            name = todo.pop()
            found.add(name)
            text = texts[name].decode("utf-8", "replace") if name.endswith(".j2") else ""
            for other in _named_in(text):
                todo += [one for one in names - found if other in (one, None)]
        return frozenset(found)


OWN = ("html", "pdf", "docx", "epub", "css")
"""Folders of what one format uses, or what templates name that use it."""
PAGES = ("index.html.j2", "feed.xml.j2", "gallery.html.j2", "changes.html.j2")
"""Templates of pages that are no deliverables."""
THEMES = ("theme.yml", "_brand.yml")
"""Files that count by what they say."""


def _named_in(text: str) -> Iterator[str | None]:
    """The templates that one includes, extends or imports; None stands for any."""
    for said in NAMING.findall(text):
        literal = LITERAL.match(said)
        yield literal[2] if literal else None


NAMING = re.compile(r"\{%[-+]?\s*(?:include|extends|import|from)\s+(.*?)%\}", re.S)
LITERAL = re.compile(r"(['\"])([^'\"]*)\1\s*(?:(?:as|ignore|import|with|without)\b|[-+]?$)")
"""A name that is no part of a longer expression."""


def templates_folder() -> Path:
    """The templates that come with the tool."""
    return packaged()


def load(project: Path | None = None) -> Templates:
    """The templates of a project (its own `templates/` first) and the tool's."""
    return Templates(settings.folders(project))


def warm() -> None:
    """Have the tool's own templates of files compiled, for this process and its forks.

    Those that lie in no folder are filled in once, by the process that has the files made.
    """
    own = Templates((templates_folder(),))
    own.ahead(*(name for name, _ in own.files() if name.endswith(".j2") and "/" in name))


@cache
def _environment(folders: tuple[Path, ...]) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader([str(folder) for folder in folders]),
        undefined=StrictUndefined,
        autoescape=lambda name: bool(name and name.endswith(ESCAPED)),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(FILTERS)
    return environment


# ------------------------------------------------------------------------------ filters


def sha256_base64(text: str) -> str:
    """The digest by which a content security policy allows a script."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


HEADING = re.compile(r"<h([2-6])([^>]*?) id=\"([^\"]+)\"([^>]*)>(.*?)</h\1>", re.S)

SECTION = re.compile(r"<section id=\"([^\"]+)\"([^>]*)>(\s*)<h([2-6])(?![^>]* id=)")
NOTE, SPAN = '<span class="footnote"', re.compile(r"</?span\b[^>]*>")


def _headed(body: str) -> str:
    """HTML whose headings have their ids: pandoc gives it to the section that a block begins."""
    return SECTION.sub(r'<section\2>\3<h\4 id="\1"', body)


def with_heading_links(body: str, label: Callable[..., str]) -> Markup:
    """HTML with a link to itself beside every heading that has an id."""

    def linked(match: re.Match[str]) -> str:
        level, before, anchor, after, inner = match.groups()
        name = html.escape(label("link-to", title=_text(inner)))
        return (
            f'<div class="heading heading-{level}"><h{level}{before} id="{anchor}"{after}>{inner}'
            f'</h{level}><a class="permalink" href="#{anchor}" aria-label="{name}">#</a></div>'
        )

    return Markup(HEADING.sub(linked, _headed(body)))


NUMBER = re.compile(r"<span class=\"header-section-number[^>]*>(.*?)</span>\s*", re.S)
HEAD_LENGTH = 78
"""Characters of a heading that fit into a running head."""


def with_running_heads(body: str) -> Markup:
    """HTML whose headings say what a running head and a bookmark call them.

    `data-head` is short and has the number of the day before that of a section.
    """
    day = ""

    def named(match: re.Match[str]) -> str:
        nonlocal day
        level, before, anchor, after, inner = match.groups()
        number, title = NUMBER.match(inner), _text(_without_notes(NUMBER.sub("", inner)))
        label = " · ".join(filter(None, (_text(number[1]) if number else "", title)))
        if level == "2":
            day = _text(number[1]) if number else ""
        head = label if level == "2" else " · ".join(filter(None, (day, label)))
        names = f'data-head="{html.escape(_short(head))}" data-label="{html.escape(label)}"'
        return f'<h{level}{before} id="{anchor}" {names}{after}>{inner}</h{level}>'

    return Markup(HEADING.sub(named, _headed(body)))


def _without_notes(fragment: str) -> str:
    """HTML without the footnotes that stand at their calls, whatever spans are in these."""
    start = fragment.find(NOTE)
    if start < 0:
        return fragment
    depth, end = 0, len(fragment)
    for tag in SPAN.finditer(fragment, start):
        depth += -1 if tag[0].startswith("</") else 1
        if not depth:
            end = tag.end()
            break
    return _without_notes(fragment[:start] + fragment[end:])


def _text(fragment: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", fragment)).split())


def _short(text: str) -> str:
    if len(text) <= HEAD_LENGTH:
        return text
    return text[:HEAD_LENGTH].rsplit(" ", 1)[0].rstrip(" ,:;–") + "…"


FILTERS: dict[str, Callable[..., Any]] = {
    "sha256_base64": sha256_base64,
    "with_heading_links": with_heading_links,
    "with_running_heads": with_running_heads,
}


# ------------------------------------------------------------------------------- errors


def _diagnostic(error: Exception, name: str, folders: tuple[Path, ...]) -> Diagnostic:
    if isinstance(error, TemplateSyntaxError):
        name, line = error.name or name, error.lineno
    else:
        name, line = _deepest(error, name, folders)
    place = Place(f"templates/{name}", line, 1, line, 1)
    return Diagnostic("template-error", Severity.ERROR, place, _message(error))


def _message(error: Exception) -> str:
    if isinstance(error, TemplateError):
        return error.message or type(error).__name__
    return str(error) or type(error).__name__


def _deepest(error: Exception, name: str, folders: tuple[Path, ...]) -> tuple[str, int]:
    """The innermost template that was being filled in, and its line."""
    line, trace = 1, error.__traceback__
    while trace:
        path = Path(trace.tb_frame.f_code.co_filename)
        for folder in folders:
            if path.is_relative_to(folder):
                name, line = path.relative_to(folder).as_posix(), trace.tb_lineno
        trace = trace.tb_next
    return name, line
