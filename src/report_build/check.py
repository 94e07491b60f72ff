"""What is wrong with a master and its editions? All of it, without rendering."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from report_build import editions, frontmatter, images, plan, rules, source
from report_build.diagnostics import Diagnostic, Severity, merged
from report_build.document import Document
from report_build.frontmatter import FrontMatter
from report_build.pandoc import Pandoc
from report_build.parsing import parse
from report_build.source import Source
from report_build.validation import judge, unknown_rules

OTHER_RULES = (*frontmatter.RULES, *source.RULES, "unknown-rule", "unknown-variable")


@dataclass(frozen=True)
class Checked:
    """A master with its editions, and all that was found in them."""

    name: str
    source: Source
    front: FrontMatter | None
    master: Document | None
    editions: tuple[Document, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def failed(self) -> bool:
        """Whether there are errors."""
        return any(one.severity is Severity.ERROR for one in self.diagnostics)


def check(path: Path, project: Path, pandoc: Pandoc) -> Checked:
    """Everything about one master: it is read, parsed once, extracted and judged."""
    text, found = source.read(path, project)
    reading = frontmatter.read(text)
    problems = [*found, *reading.diagnostics]
    if reading.front is None:
        return Checked(path.stem, text, None, None, (), tuple(merged(problems)))
    master, more = parse(text, reading.front, reading.places, reading.body_offset, pandoc)
    master = replace(master, images=images.read(master, project))
    wanted = editions.editions(reading.front)
    cut = tuple(editions.extract(master, edition) for edition in wanted)
    problems += [*more, *unknown_rules(master, rules.ALL, OTHER_RULES)]
    problems += plan.clashes(plan.deliverables(path.stem, reading.front.lang, wanted))
    problems += judge(master, rules.ALL)
    for document in cut:
        problems += judge(document, rules.ALL)
    return Checked(path.stem, text, reading.front, master, cut, tuple(merged(problems)))


def errors(checked: Iterable[Checked], strict: bool = False) -> bool:
    """Whether any master has errors, or warnings where these count as such."""
    bad = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    return any(d.severity in bad for one in checked for d in one.diagnostics)
