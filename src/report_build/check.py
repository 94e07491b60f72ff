"""What is wrong with a master and its editions? All of it, without rendering."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from report_build import density, editions, frontmatter, plan, remarks, rules, source
from report_build.diagnostics import Diagnostic, Severity, merged
from report_build.document import Document
from report_build.frontmatter import FrontMatter
from report_build.library import Library
from report_build.pandoc import Pandoc
from report_build.plan import Deliverable
from report_build.source import Source
from report_build.texts import Texts
from report_build.validation import UNUSED, Silence, judge, unknown_rules

OTHER_RULES = {
    **frontmatter.RULES,
    **source.RULES,
    **density.RULES,
    "limits": "A limit of the project cannot be read.",
    "unknown-rule": "The front matter sets how bad a rule is that does not exist.",
    "unknown-variable": "A shortcode asks for what the front matter does not say.",
    UNUSED: "A comment silences a rule that finds nothing there, or that does not exist.",
    remarks.RULE: "A reviewer has said something that nobody has settled.",
    "file-name-clash": "Two editions would be written to the same file.",
    "labels": "A file of labels cannot be read.",
    "template-error": "A template cannot be filled in.",
    "theme": "The theme's file cannot be read.",
    "unknown-token": "The theme has a token that means nothing, or a value that it cannot have.",
    "low-contrast": "A colour of the theme is too close to what it stands on.",
    "bibliography": "A bibliography is missing or cannot be read.",
    "proof-rendering": "A file could not be made.",
    "proof-glyphs": "No font has a character of the text.",
    "proof-styles": "The text asks for a style that Word's template lacks.",
    "proof-links": "A link in a finished file leads nowhere, or a note lacks its call.",
    "proof-numbers": "A finished file says another number, page or title than stands there.",
    "proof-disclosure": "A finished file holds something that its edition withholds.",
    "proof-traces": "A finished file tells of the machine, its user or the time that made it.",
    "proof-parity": "A finished file does not say the same as the other formats.",
}
"""What is reported besides the rules of `rules.ALL`, and what it means."""


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

    @property
    def deliverables(self) -> tuple[Deliverable, ...]:
        """The files that are to be made of it."""
        if not self.master:
            return ()
        wanted = [document.edition for document in self.editions if document.edition]
        return plan.deliverables(self.name, self.master.base_lang, wanted)


def check(
    path: Path, project: Path, pandoc: Pandoc, library: Library | None = None, only: str = ""
) -> Checked:
    """Everything about one master: it is read, parsed once, extracted and judged.

    With `only` the id of an edition, it is the only one that is judged; it and the full one are cut.
    """
    library = library or Library(Texts(project, pandoc))
    parsed = library.parsed(path)
    master, front = parsed.master, parsed.reading.front
    if master is None or front is None:
        return Checked(path.stem, parsed.source, None, None, (), tuple(merged(parsed.problems)))
    master = replace(master, others=library.beside(path, master))
    wanted = [
        edition
        for edition in editions.editions(front, master.base_lang)
        if only in ("", edition.id) or edition.is_full
    ]
    cut = tuple(editions.extract(master, edition) for edition in wanted)
    problems = [*parsed.problems, *unknown_rules(master, rules.ALL, OTHER_RULES)]
    checked = Checked(master.name, parsed.source, front, master, cut, ())
    problems += plan.clashes(checked.deliverables)
    silence = Silence(master)
    for document in (master, *cut):
        if only in ("", document.edition.id if document.edition else only):
            problems += judge(document, rules.ALL, silence)
    problems += remarks.problems(path, parsed.source)
    problems += () if only else silence.unused({*rules.BY_NAME, *OTHER_RULES})
    return replace(checked, diagnostics=tuple(merged(problems)))


def errors(found: Iterable[Diagnostic], strict: bool = False) -> bool:
    """Whether any problem is an error, or a warning where these count as such."""
    bad = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    return any(one.severity in bad for one in found)
