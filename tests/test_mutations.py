"""Is a single mistake in the real master told at its very line and column, and nothing else?

Mistakes of each kind are made at random places with a fixed seed. `--mutations N` makes N of each
kind instead of a few.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from report_build.check import check
from report_build.diagnostics import Diagnostic, Severity
from report_build.pandoc import Pandoc
from report_build.verbatim import verbatim
from support import ROOT

MASTER = (ROOT / "source" / "proceedings.md").read_text("utf-8")
BODY = MASTER.index("\n---\n", 4) + 5
SHARE = 0.99


@dataclass(frozen=True)
class Mutant:
    """A text with one mistake, and where it must be told."""

    text: str
    rule: str
    at: int
    """The offset of the token in the new text."""
    also: frozenset[str] = frozenset()
    """Rules that the same mistake breaks, too."""


Kind = Callable[[random.Random], Mutant]
KINDS: dict[str, Kind] = {}


def kind(made: Kind) -> Kind:
    KINDS[made.__name__] = made
    return made


def places(pattern: str, text: str = MASTER, start: int = BODY) -> list[re.Match[str]]:
    """All matches in the prose of the master."""
    quiet = verbatim(text)
    found = re.compile(pattern, re.M).finditer(text, start)
    return [m for m in found if not any(s.start <= m.start() < s.end for s in quiet)]


def replaced(match: re.Match[str], new: str, group: int | str = 0) -> str:
    return MASTER[: match.start(group)] + new + MASTER[match.end(group) :]


def misspelt(name: str, dice: random.Random) -> str:
    """The name with two letters changed places or one left out; never the same."""
    at = dice.randrange(len(name) - 1)
    new = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    return new if new != name else name[:at] + name[at + 1 :]


REFERENCES = places(r"(?<![\w@])@(?P<id>[a-z][\w-]*[\w])")
DEFINITIONS = places(r"\{#(?P<id>[\w-]+)[ }]")
REFERRED = {match["id"] for match in REFERENCES}
AUDIENCES = places(r'audience="(?P<name>[a-z]+)"')
CALLS = places(r"\[\^(?P<label>[^\]\s]+)\](?!:)")
TEXTS = places(r"^\[\^(?P<label>[^\]\s]+)\]:")
FIGURES = places(r"^  (?P<name>[\w-]+):\n    value: ", start=0)
PARAGRAPHS = places(r"(?<=\n\n)[A-Z][^\n#|:>]{60,}(?=\n)")
HEADINGS = places(r"^(?P<marks>#{2}) [^\n]+$")


@kind
def misspelt_reference(dice: random.Random) -> Mutant:
    match = dice.choice(REFERENCES)
    return Mutant(replaced(match, misspelt(match["id"], dice), "id"), "undefined-reference",
                  match.start(), frozenset({"unused-anchor"}))  # fmt: skip


@kind
def misspelt_link(dice: random.Random) -> Mutant:
    match = dice.choice(REFERENCES)
    new = f"[the place](#{misspelt(match['id'], dice)})"
    return Mutant(replaced(match, new), "undefined-reference", match.start() + new.index("#"))


@kind
def empty_link(dice: random.Random) -> Mutant:
    match = dice.choice(REFERENCES)
    new = f"[](#{misspelt(match['id'], dice)})"
    return Mutant(replaced(match, new), "undefined-reference", match.start() + 3)


@kind
def renamed_definition(dice: random.Random) -> Mutant:
    once = [m for m in DEFINITIONS if sum(r["id"] == m["id"] for r in REFERENCES) == 1]
    match = dice.choice([m for m in once if f'"@{m["id"]}"' not in MASTER])
    new = match["id"] + "-moved"
    text = replaced(match, new, "id")
    reference = next(r for r in REFERENCES if r["id"] == match["id"])
    shift = len(new) - len(match["id"]) if reference.start() > match.start() else 0
    return Mutant(text, "undefined-reference", reference.start() + shift)


@kind
def duplicate_id(dice: random.Random) -> Mutant:
    match = dice.choice([m for m in DEFINITIONS[1:] if m["id"] not in REFERRED])
    name = dice.choice([m for m in DEFINITIONS if m.start() < match.start()])["id"]
    text = replaced(match, name, "id")
    return Mutant(text, "duplicate-anchor", match.start(), frozenset({"undefined-reference"}))


@kind
def misspelt_audience(dice: random.Random) -> Mutant:
    match = dice.choice(AUDIENCES)
    new = misspelt(match["name"], dice) + "x"
    return Mutant(replaced(match, new, "name"), "unknown-audience", match.start("name"))


@kind
def broken_condition(dice: random.Random) -> Mutant:
    match = dice.choice(AUDIENCES)
    new = f"({match['name']}"
    return Mutant(replaced(match, new, "name"), "audience-syntax", match.start("name"))


@kind
def contradictory_condition(dice: random.Random) -> Mutant:
    match = dice.choice(AUDIENCES)
    new = f"{match['name']} and not {match['name']}"
    start = MASTER.rfind("{", 0, match.start())
    return Mutant(replaced(match, new, "name"), "condition-never-true", start,
                  frozenset({"condition-never-true", "block-without-edition",
                             "condition-without-effect"}))  # fmt: skip


@kind
def renamed_call(dice: random.Random) -> Mutant:
    match = dice.choice(CALLS)
    new = replaced(match, match["label"] + "x", "label")
    return Mutant(new, "undefined-footnote", match.start(), frozenset({"unused-footnote"}))


@kind
def dropped_note(dice: random.Random) -> Mutant:
    match = dice.choice(TEXTS)
    end = MASTER.index("\n", match.start()) + 1
    text = MASTER[: match.start()] + MASTER[end:]
    call = next(m for m in CALLS if m["label"] == match["label"])
    shift = end - match.start() if call.start() > match.start() else 0
    return Mutant(text, "undefined-footnote", call.start() - shift)


@kind
def second_note(dice: random.Random) -> Mutant:
    match = dice.choice(TEXTS)
    end = MASTER.index("\n", match.start()) + 1
    again = f"[^{match['label']}]: Once more.\n"
    return Mutant(MASTER[:end] + again + MASTER[end:], "duplicate-footnote", end)


@kind
def note_without_call(dice: random.Random) -> Mutant:
    match = dice.choice(PARAGRAPHS)
    new = "\n\n[^never]: Words of a note.\n"
    text = MASTER[: match.end()] + new + MASTER[match.end() :]
    return Mutant(text, "unused-footnote", match.end() + 2)


@kind
def misspelt_figure(dice: random.Random) -> Mutant:
    match = dice.choice(PARAGRAPHS)
    new = f"[{misspelt(dice.choice(FIGURES)['name'], dice)}]{{.figure}} "
    text = MASTER[: match.start()] + new + MASTER[match.start() :]
    return Mutant(text, "unknown-figure", match.start() + 1)


@kind
def missing_image(dice: random.Random) -> Mutant:
    match = dice.choice(PARAGRAPHS)
    image = 'See the ![flag](no-such-flag.png){alt="A flag"} here. '
    text = MASTER[: match.start()] + image + MASTER[match.start() :]
    return Mutant(text, "missing-image", match.start() + image.index("no-such"))


@kind
def unknown_variable(dice: random.Random) -> Mutant:
    match = dice.choice(PARAGRAPHS)
    new = "{{< meta event.plcae >}} "
    text = MASTER[: match.start()] + new + MASTER[match.start() :]
    return Mutant(text, "unknown-variable", match.start() + new.index("event"))


@kind
def script_link(dice: random.Random) -> Mutant:
    match = dice.choice(PARAGRAPHS)
    new = "[Press](javascript:alert) and "
    text = MASTER[: match.start()] + new + MASTER[match.start() :]
    return Mutant(text, "forbidden-link", match.start() + new.index("javascript"))


@kind
def raw_html(dice: random.Random) -> Mutant:
    match = dice.choice(PARAGRAPHS)
    text = MASTER[: match.start()] + "<b>Bold</b> " + MASTER[match.start() :]
    return Mutant(text, "raw-markup", match.start(), frozenset({"raw-markup"}))


@kind
def unclosed_div(dice: random.Random) -> Mutant:
    match = dice.choice(PARAGRAPHS)
    text = MASTER[: match.start()] + "::: note\n\n" + MASTER[match.start() :]
    swallowed = frozenset({"condition-never-true", "condition-without-effect"})
    return Mutant(text, "unclosed-fence", match.start(), swallowed)


@kind
def skipped_level(dice: random.Random) -> Mutant:
    after_first = [
        m
        for m in HEADINGS
        if MASTER.rfind("\n# ", 0, m.start()) == MASTER.rfind("\n#", 0, m.start())
    ]
    match = dice.choice(after_first)
    text = replaced(match, "#" * 4, "marks")
    line = text[match.start() : text.index("\n", match.start())]
    braces = line.find("{#")
    return Mutant(text, "skipped-heading-level", match.start() + max(braces, 0),
                  frozenset({"empty-section"}))  # fmt: skip


@kind
def placeholder(dice: random.Random) -> Mutant:
    match = dice.choice(PARAGRAPHS)
    text = MASTER[: match.end()] + " As in Table XX." + MASTER[match.end() :]
    return Mutant(text, "placeholder", match.end() + len(" As in "))


@kind
def misspelt_key(dice: random.Random) -> Mutant:
    match = dice.choice(
        places(r"^(?P<key>subtitle|publisher|keywords|marking|audiences):", start=0)
    )
    new = misspelt(match["key"], dice)
    also = frozenset({"unknown-audience", "front-matter-missing-key", "file-name-clash"})
    return Mutant(replaced(match, new, "key"), "front-matter-unknown-key", match.start(), also)


@kind
def bad_value(dice: random.Random) -> Mutant:
    match = dice.choice(
        [m for m in places(r"^    value: (?P<v>\d+)$", start=0) if m.start() < BODY]
    )
    return Mutant(replaced(match, "many", "v"), "front-matter-value", match.start("v"),
                  frozenset({"unknown-figure"}))  # fmt: skip


@kind
def duplicate_key(dice: random.Random) -> Mutant:
    match = dice.choice([m for m in places(r"^    unit: \w+$", start=0) if m.start() < BODY])
    at = match.end() + 1
    text = MASTER[:at] + "    unit: again\n" + MASTER[at:]
    return Mutant(text, "front-matter-duplicate-key", at + 4)


# -------------------------------------------------------------------------------- judging


def offset(text: str, one: Diagnostic) -> int:
    assert one.place
    lines = text.splitlines(keepends=True)
    return sum(map(len, lines[: one.place.line - 1])) + one.place.column - 1


def judged(text: str, pandoc: Pandoc, folder: Path) -> list[Diagnostic]:
    """The errors and warnings of a text in two of its editions."""
    path = folder / "mutant.md"
    few = re.sub(r"\ndeliverables:\n(?:  .*\n|\n)+", DELIVERABLES, text)
    assert few.count("\n") == text.count("\n"), "lines must stay"
    path.write_text(few, "utf-8")
    found = check(path, folder, pandoc).diagnostics
    return [one for one in found if one.severity in (Severity.ERROR, Severity.WARNING)]


def DELIVERABLES(match: re.Match[str]) -> str:  # noqa: N802 (a constant for re.sub)
    """Two editions on as many lines as there were."""
    new = "\ndeliverables:\n  - {edition: full, formats: [html]}\n  - {edition: hnd, formats: [html]}\n"
    return new + "\n" * (match[0].count("\n") - new.count("\n"))


def verdict(mutant: Mutant, found: list[Diagnostic]) -> str:
    """What is wrong with what was found; nothing if all is right."""
    right = [
        one for one in found if one.rule == mutant.rule and offset(mutant.text, one) == mutant.at
    ]
    others = [one for one in found if one.rule not in {mutant.rule, *mutant.also}]
    if right and not others:
        return ""
    line = mutant.text.count("\n", 0, mutant.at) + 1
    column = mutant.at - mutant.text.rfind("\n", 0, mutant.at)
    said = "; ".join(f"{o.place.line}:{o.place.column} {o.rule}" for o in found if o.place)
    return f"wanted {line}:{column} {mutant.rule}, found {said or 'nothing'}"


def mutants(name: str, count: int) -> Iterator[Mutant]:
    dice = random.Random(name)
    for _ in range(count):
        yield KINDS[name](dice)


def test_the_master_itself_has_no_mistake(pandoc: Pandoc, tmp_path: Path) -> None:
    assert judged(MASTER, pandoc, tmp_path) == []


@pytest.mark.parametrize("name", KINDS)
def test_mistakes_are_told_where_they_are(
    name: str, pandoc: Pandoc, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    count = int(request.config.getoption("--mutations"))
    verdicts = [verdict(m, judged(m.text, pandoc, tmp_path)) for m in mutants(name, count)]
    wrong = [one for one in verdicts if one]
    assert len(wrong) <= (1 - SHARE) * count, "\n".join(wrong)


def test_mistakes_in_a_part_are_told_in_the_part(pandoc: Pandoc, tmp_path: Path) -> None:
    half = MASTER.index("\n# ", BODY + (len(MASTER) - BODY) // 3)
    match = next(m for m in REFERENCES if m.start() > half + 2000)
    part = MASTER[half:]
    at = match.start() - half
    (tmp_path / "part.txt").write_text(part[: at + 1] + "x" + part[at + 1 :], "utf-8")
    whole = MASTER[:half] + "\n\n{{< include part.txt >}}\n"
    (tmp_path / "master.md").write_text(whole, "utf-8")
    found = check(tmp_path / "master.md", tmp_path, pandoc).diagnostics
    (one,) = [d for d in found if d.severity is Severity.ERROR]
    assert one.place
    assert one.rule == "undefined-reference"
    assert (one.place.file, one.place.line) == ("part.txt", part.count("\n", 0, at) + 1)
    assert one.place.column == at - part.rfind("\n", 0, at)
