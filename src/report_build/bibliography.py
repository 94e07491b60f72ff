"""What do works look like that the text cites, and which does an edition cite?

A file that the front matter's `bibliography` names is BibLaTeX or CSL JSON, beside or below the
master. Pandoc reads its text, never a path, and its citeproc writes the citations.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from report_build import nodes as n
from report_build.diagnostics import Diagnostic, Severity
from report_build.document import Document
from report_build.labels import Labels
from report_build.limits import LIMITS, Limits
from report_build.pandoc import Pandoc, PandocError
from report_build.source import is_hidden

FORMS = {".bib": "biblatex", ".json": "csljson"}
PART = "part-bibliography"


def read(
    document: Document, project: Path, pandoc: Pandoc, limits: Limits = LIMITS
) -> tuple[Document, tuple[Diagnostic, ...]]:
    """The document with the works that it may cite, by their keys, and what is wrong with files."""
    works: dict[str, Any] = {}
    problems: list[Diagnostic] = []
    for index, name in enumerate(document.front.bibliography):
        try:
            works |= _works(name, document, project, pandoc, limits)
        except (OSError, ValueError, PandocError) as error:
            at = document.places.of(("bibliography", index))
            message = f"bibliography “{name}”: {_first_line(error)}"
            problems.append(Diagnostic("bibliography", Severity.ERROR, at, message))
    return replace(document, bibliography=works), tuple(problems)


def _works(
    name: str, document: Document, project: Path, pandoc: Pandoc, limits: Limits
) -> Mapping[str, Any]:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or ":" in name:
        raise ValueError("the path leads out of the folder of the text")
    if is_hidden(Path(path)):
        raise ValueError("files that are hidden are not read")
    if path.suffix.lower() not in FORMS:
        raise ValueError("only .bib (BibLaTeX) and .json (CSL JSON) can be read")
    whole = project
    for part in (document.source.folder_of(0) / path).parts:
        whole = whole / part
        if whole.is_symlink():
            raise ValueError("links to files are not followed")
    if not whole.is_file():
        raise ValueError("there is no such file")
    if whole.stat().st_size > limits.bibliography_bytes:
        raise ValueError(f"the file is larger than {limits.bibliography_bytes // 1_000_000} MB")
    text = whole.read_text("utf-8")
    return {work["c"]["id"]["c"]: work for work in pandoc.works(text, FORMS[path.suffix.lower()])}


def _first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)


def cited(document: Document, labels: Labels, pandoc: Pandoc) -> Document:
    """The document with its citations in words and, at its end, the works that it cites."""
    if not any(isinstance(node, n.Cite) for node in n.walk(document.blocks)):
        return document
    done = pandoc.cite(document.blocks, list(document.bibliography.values()), document.lang)
    blocks = n.rewrite(done, _bare)
    text = tuple(block for block in blocks if not _is_list(block))
    works = tuple(block for block in blocks if _is_list(block))
    heading = n.Header((1, n.Attr(PART, ("unnumbered",)), n.text(labels("bibliography"))))
    return replace(document, blocks=(*text, heading, *_entries(works)))


def _is_list(block: n.AnyBlock) -> bool:
    return isinstance(block, n.Div) and block.attr.id == "refs"


def _bare(node: Any) -> Any:
    """A citation as a span; the parts of an entry without pandoc's classes."""
    if isinstance(node, n.Cite):
        return n.Span((n.Attr("", ("citation",)), node.c[1]))
    return node


def _entries(works: n.Blocks) -> Iterator[n.AnyBlock]:
    for work in works:
        assert isinstance(work, n.Div)
        for entry in work.blocks:
            attr = getattr(entry, "attr", n.NO_ATTR)
            yield n.Div((n.Attr(attr.id), entry.blocks)) if isinstance(entry, n.Div) else entry
