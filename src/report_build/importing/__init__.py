"""How does an existing document become a master?

Word, OpenDocument, HTML, EPUB and RTF come through pandoc; PDFs, and text that was taken out of
one, by their lines. Both become one tree, to which is proposed what a person would add. The words
of the master are held against those of the document on each import.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from report_build import nodes as n
from report_build.diagnostics import MachineError
from report_build.importing import documents, kept, written
from report_build.importing.guesses import Gone, Guess, Sure
from report_build.importing.joining import Join, Words
from report_build.importing.language import language_of
from report_build.importing.lines import Line, of_text
from report_build.importing.passages import passages
from report_build.importing.proposals import Proposal, propose
from report_build.importing.report import HEAD, Account, report
from report_build.importing.structure import CALL, structure
from report_build.pandoc import Pandoc

__all__ = ["HEAD", "Imported", "bring_in", "report"]
TEXTS = (".txt", ".text")


@dataclass(frozen=True)
class Imported:
    """A master that was made of a document, its pictures by name, and what is told of it."""

    text: str
    pictures: dict[str, bytes]
    account: Callable[[str, n.Blocks, tuple[str, ...]], Account]
    """Takes the master's path, its tree as it is read again, and what is wrong with it."""


@dataclass(frozen=True)
class _Old:
    """A document as it was understood."""

    title: str
    subtitle: str
    blocks: n.Blocks
    headings: tuple[dict[str, str], ...]
    guesses: tuple[Guess, ...]
    gone: tuple[Gone, ...]
    joins: tuple[Join, ...]
    body: str
    """All its words but those of notes."""
    notes: tuple[str, ...]
    raw: tuple[str, ...] = ()
    pictures: tuple[tuple[str, bytes], ...] = ()


def bring_in(path: Path, pandoc: Pandoc, lang: str = "") -> Imported:
    """A document as a master. `lang` is its language, if it is not to be guessed."""
    form = path.suffix.lower()
    if not path.is_file():
        raise MachineError(f"there is no file {path}")
    if form in documents.FORMS:
        old = _of_document(documents.read(path, pandoc))
        lang = lang or language_of(old.body)
    elif form == ".pdf" or form in TEXTS:
        old, lang = _of_lines(path, lang)
    else:
        known = ", ".join((*documents.FORMS, ".pdf", *TEXTS))
        raise MachineError(f"{path}: this is none of {known}")
    return _imported(path, old, lang, pandoc)


def _of_document(found: documents.Read) -> _Old:
    return _Old(
        found.title, found.subtitle, found.blocks, found.headings, tuple(found.guesses),
        tuple(found.gone), (), kept.body(found.before), tuple(kept.notes(found.before)), found.raw,
        tuple(found.pictures.items()),
    )  # fmt: skip


def _of_lines(path: Path, lang: str) -> tuple[_Old, str]:
    gone: tuple[Gone, ...] = ()
    if path.suffix.lower() == ".pdf":
        from report_build.importing import pdf

        lines, gone = pdf.read(path)
        if not lines:
            raise MachineError(
                f"{path} has no text: it is made of pictures", "recognize its text first"
            )
    else:
        lines = of_text(_decoded(path))
    lang = lang or language_of("\n".join(line.text for line in lines))
    words = Words(lines, lang)
    found = passages(lines, words)
    made = structure(found)
    notes = tuple(one.text for one in found if one.kind == "note")
    noted = {line.number for one in found if one.kind == "note" for line in one.lines}
    called = {one.number for one in found if one.kind == "note"}
    text = " ".join(
        _bare(line, called).removeprefix(made.numbers.get(line.number, ""))
        for line in lines
        if line.number not in noted
    )
    for marked, bare in made.marks:
        text = text.replace(marked, bare, 1)
    joins = tuple(join for one in found for join in one.joins)
    old = _Old(
        made.title, "", made.blocks, made.headings, made.guesses, (*gone, *made.gone), joins, text,
        notes,
    )  # fmt: skip
    return old, lang


def _bare(line: Line, called: Collection[str]) -> str:
    """A line without the marks of notes that are called in it."""
    return CALL.sub(lambda mark: "" if mark[1] in called else f" {mark[1]} ", line.text)


def _decoded(path: Path) -> str:
    content = path.read_bytes()
    for name in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(name)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def _imported(path: Path, old: _Old, lang: str, pandoc: Pandoc) -> Imported:
    made = propose(old.blocks, lang)
    title = old.title or path.stem.replace("_", " ").replace("-", " ").strip().capitalize()
    guesses = list(old.guesses)
    if not old.title:
        what = f"the document has no title that could be told; it is called “{title}”"
        guesses.append(Guess("title", what, Sure.UNSURE, "", "title:"))
    front = written.front_matter(
        title, old.subtitle, lang, old.headings, made.audiences, made.abbreviations
    )
    text = front + written.text(made.blocks, pandoc)

    def account(master: str, blocks: n.Blocks, problems: tuple[str, ...]) -> Account:
        return _account(path, master, text, old, made, tuple(guesses), blocks, problems)

    return Imported(text, dict(old.pictures), account)


def _account(
    path: Path, master: str, text: str, old: _Old, made: Proposal, guesses: tuple[Guess, ...],
    blocks: n.Blocks, problems: tuple[str, ...],
) -> Account:  # fmt: skip
    now = kept.body(blocks, made.cited)
    differences = [*kept.differences(old.body, now)]
    lost = Counter(map(_letters, old.notes)) - Counter(map(_letters, kept.notes(blocks)))
    differences += [(note, "a note") for note in old.notes if _letters(note) in lost]
    everything = f"{now} {' '.join(kept.notes(blocks))} {text.split('---', 2)[1]}"
    told = " ".join(gone.text for gone in old.gone)
    gone = [
        Gone(x, "in the file, and not read by pandoc")
        for x in kept.missing(old.raw, f"{everything} {told}")
    ]
    heads = [node for node in n.walk(blocks) if isinstance(node, n.Header)]
    counts = (
        ("words", len(kept.words(now))),
        ("headings", len(heads)),
        ("tables", sum(isinstance(node, n.Table) for node in n.walk(blocks))),
        ("pictures", len(old.pictures)),
        ("notes", len(kept.notes(blocks))),
        ("passages with an audience", sum(x.has("audience") for x in n.attributes(blocks))),
        ("abbreviations", len(made.abbreviations)),
    )
    return Account(
        path.name, master, text, counts, (*guesses, *made.guesses), (*old.gone, *gone), old.joins,
        tuple(differences), problems,
    )  # fmt: skip


def _letters(text: str) -> str:
    return "".join(kept.words(text))
