"""What would a person add to the bare text: ids, audiences, abbreviations, references?

Which country a passage is about is told by the heading above it and by its first sentence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any

from report_build import nodes as n
from report_build.countries import alpha_2, country_name
from report_build.importing.guesses import Guess, Sure
from report_build.importing.passages import SMALL
from report_build.parsing import slug

SHORT_NAMES = {
    "en": {
        "USA": ("U.S.", "US", "U.S.A.", "USA"), "GBR": ("U.K.", "UK", "Britain", "British"),
        "DOM": ("Dominican Republic",), "NLD": ("Dutch",), "FRA": ("French",), "NOR": ("Norwegian",),
        "ESP": ("Spanish",), "PRT": ("Portuguese",), "POL": ("Polish",), "DNK": ("Danish",),
        "SWE": ("Swedish",), "FIN": ("Finnish",), "IRL": ("Irish",), "TUR": ("Turkish",),
        "CHE": ("Swiss",), "GRC": ("Greek",), "THA": ("Thai",), "PER": ("Peruvian",),
        "ARG": ("Argentine",), "PHL": ("Filipino",), "TTO": ("Trinidadian",), "CHL": ("Chilean",),
    },
    "es": {"USA": ("EE. UU.", "EE.UU.", "EEUU"), "GBR": ("Gran Bretaña",)},
}  # fmt: skip
ADJECTIVE = r"(?:n|an|ian|ean|nian|ese|ish|i|eño|eña|és|esa|ano|ana|ien|ienne|ense)?s?"
STEM = 5
"""Letters of a name without its last vowels that an adjective must begin with."""
SENTENCE = re.compile(r"(?<=[^A-Z.][.?!])[”\"’)]*\s+(?=[A-Z“\"«¿¡])")
QUESTIONS = re.compile(r"Q\s?&\s?A|questions? and|preguntas", re.IGNORECASE)
ID_WORDS = 4
SHORT = re.compile(
    r"\(([A-Z][A-Za-z0-9]*[A-Z0-9](?:-[A-Z0-9]+)?)(s?)(?:\s*=[^()]*)?\)"
    r"|,\s+or\s+(?:the\s+)?([A-Z]{3,9})\b"
)
LISTED = re.compile(r"[A-Z][A-Za-z0-9]*[A-Z0-9](?:-[A-Z0-9]+)?s?")
EXPLAINED = re.compile(r"\b([A-Z][A-Z0-9-]{2,9})\s+\((?:the\s+)?([A-Z][^()]{11,90})\)")
EXHIBIT_ID = re.compile(r"(?:tbl|fig)-\d+")
EXHIBIT = re.compile(r"\b(Table|Figure|Tabla|Figura)\s+(\d{1,3})\b")
REFERENCE = re.compile(
    r"\b(?:Section|Sección|Chapter|Capítulo)\s+"
    r"((?:[IVXL]+|\d+)(?:\.\d+)*)(?!\.?\w|\s*[-–]\s*\d)"
)
ELSEWHERE = re.compile(r"\s+(?:of|de|in)\s+(?:Day|Día|Part|Parte)\b")
SENTENCE_BEGINS = re.compile(r"(?<![A-Z])[.;:!?](?=\s+[A-Z][a-z]+\s)|[()]")
WINDOW = 14
"""Words before an abbreviation among which those that it stands for are looked for."""


@dataclass
class Proposal:
    """The tree with what was added, and what belongs into the front matter."""

    blocks: n.Blocks
    audiences: dict[str, str] = field(default_factory=dict)
    """The country's code by the name of its audience."""
    abbreviations: dict[str, str] = field(default_factory=dict)
    guesses: list[Guess] = field(default_factory=list)
    cited: list[str] = field(default_factory=list)
    """The words that references took the place of, in their order."""


def propose(blocks: n.Blocks, lang: str, numbers: bool = True) -> Proposal:
    """All proposals for a document; `numbers`: whether its headings are numbered by the product."""
    made = Proposal(with_ids(blocks))
    made.abbreviations = dict(_abbreviations(blocks, made.guesses))
    made.blocks = _Audiences(lang, made).over(made.blocks)
    if numbers:
        made.blocks = _references(made.blocks, made)
    return made


# ---------------------------------------------------------------------------------- ids


def with_ids(blocks: n.Blocks) -> n.Blocks:
    """Headings with ids that are made from their words, each another one."""
    taken: Counter[str] = Counter()

    def named(node: Any) -> Any:
        if not isinstance(node, n.Header):
            return node
        words = re.findall(r"[^\W_]+", n.plain(node.inlines).replace(".", ""))
        telling = [word for word in words if len(word) > 3 or word[0].isupper()] or words
        base = slug(" ".join(telling[:ID_WORDS])) or "section"
        taken[base] += 1
        name = base if taken[base] == 1 else f"{base}-{taken[base]}"
        return n.Header((node.level, node.attr.with_id(name), node.inlines))

    return n.rewrite(blocks, named)


# ---------------------------------------------------------------------------- countries


@cache
def _names(lang: str) -> tuple[re.Pattern[str], Mapping[str, str]]:
    """A pattern that finds countries and what is called after them, and their codes."""
    known: dict[str, str] = {}
    for code in alpha_2():
        for name in (country_name(code, lang), country_name(code, "en")):
            known.setdefault(name, code)
            known.setdefault(re.sub(r"^(The|El|La|Las|Los)\s+", "", name), code)
    for code, names in {**SHORT_NAMES["en"], **SHORT_NAMES.get(lang[:2], {})}.items():
        known |= dict.fromkeys(names, code)
    forms: dict[str, str] = {}
    for name, code in known.items():
        forms[re.escape(name)] = code
        stem = name.rstrip("s").rstrip("aeiouyáéíó")
        if len(stem) >= STEM - 1 and not name.endswith(".") and " Republic" not in name:
            forms.setdefault(re.escape(stem) + ADJECTIVE, code)
            forms.setdefault(re.escape(name) + ADJECTIVE, code)
    ordered = sorted(forms, key=lambda form: (ADJECTIVE not in form, len(form)), reverse=True)
    groups = "|".join(f"({form})" for form in ordered)
    pattern = re.compile(rf"(?<![\w-])(?:{groups})(?![\w])")
    return pattern, {str(index): forms[form] for index, form in enumerate(ordered, 1)}


def countries(text: str, lang: str) -> Counter[str]:
    """How often each country is named, by its code; its people and things count, too."""
    pattern, codes = _names(lang)
    return Counter(codes[str(match.lastindex)] for match in pattern.finditer(text))


@dataclass
class _Section:
    level: int
    named: tuple[str, ...]
    questions: bool


class _Audiences:
    """Which passages are about which countries."""

    def __init__(self, lang: str, made: Proposal) -> None:
        self.lang, self.made = lang, made
        self.open: list[_Section] = []
        self.before: tuple[str, ...] = ()

    def over(self, blocks: n.Blocks) -> n.Blocks:
        """Blocks with their audiences: on headings, or around passages below one heading."""
        found: list[Any] = []
        for head, below in _sections(blocks):
            if head:
                head = self._heading(head, below)
                found.append(head)
            found += self._passages(head, below)
        return tuple(found)

    def _heading(self, head: n.Header, below: Sequence[Any]) -> n.Header:
        title = n.plain(head.inlines)
        self.open = [one for one in self.open if one.level < head.level]
        above = self.open[-1].named if self.open else ()
        named = tuple(countries(title, self.lang))
        asked = bool(QUESTIONS.match(title))
        exact = bool(named) and _only_countries(title, self.lang)
        self.open.append(_Section(head.level, named or above, asked))
        self.before = ()
        if exact and set(named) & set(above or named):
            return self._marked(head, named, Sure.SURE, "the heading is a country")
        if not above or named or not below:
            return head
        codes, sure = self._about(n.plain(tuple(below)), above, asked)
        if not codes:
            self._for_all(title, head.attr.id, sure)
            return head
        self.open[-1].named = codes
        return self._marked(head, codes, sure, "its text, and the heading above it")

    def _marked(self, head: n.Header, codes: Iterable[str], sure: Sure, why: str) -> n.Header:
        attr = head.attr.with_pairs(audience=" ".join(self._audience(code) for code in codes))
        self._told(attr, sure, why)
        self.open[-1] = _Section(head.level, (), False)  # nothing below needs another one
        return n.Header((head.level, attr, head.inlines))

    def _passages(self, head: n.Header | None, below: Sequence[Any]) -> Iterator[Any]:
        """The blocks below a heading; those about the same countries stand in one `Div`."""
        if not self.open or not self.open[-1].named or not head or head.attr.has("audience"):
            yield from below
            return
        section = self.open[-1]
        runs: list[tuple[tuple[str, ...], Sure, list[Any]]] = []
        for block in below:
            codes, sure = self._about(n.plain(block), section.named, section.questions)
            self.before = codes
            if runs and runs[-1][0] == codes:
                runs[-1][2].append(block)
            else:
                runs.append((codes, sure, [block]))
        count: Counter[str] = Counter()
        for codes, sure, inside in runs:
            if not codes:
                words = n.plain(inside[0])
                self._for_all(words, " ".join(words.split()[:5]), sure)
                yield from inside
                continue
            audiences = " ".join(self._audience(code) for code in codes)
            name = f"{head.attr.id}-{audiences.replace(' ', '-')}"
            count[name] += 1
            name = name if count[name] == 1 else f"{name}-{count[name]}"
            attr = n.Attr(name, (), (("audience", audiences),))
            self._told(attr, sure, f"“{n.plain(tuple(inside))[:50]}…”")
            yield n.Div((attr, tuple(inside)))

    def _about(
        self, text: str, named: tuple[str, ...], asked: bool
    ) -> tuple[tuple[str, ...], Sure]:
        """Which of the countries that a heading names a passage below it is about."""
        first = countries(SENTENCE.split(text, maxsplit=1)[0], self.lang)
        told = tuple(code for code in named if code in first)
        if told:
            return told, Sure.LIKELY
        if asked:
            return (), Sure.LIKELY
        count = countries(text, self.lang)
        if len(named) == 1:
            others = [times for code, times in count.items() if code not in named]
            general = len(others) >= 2 and count[named[0]] <= max(others)
            return ((), Sure.UNSURE) if general else (named, Sure.LIKELY)
        here = [code for code in named if count[code]]
        if not here:
            return self.before, Sure.UNSURE
        if len(here) == 1 and count[here[0]] > 1:
            return (here[0],), Sure.UNSURE
        return (), Sure.UNSURE

    def _audience(self, code: str) -> str:
        name = code.lower()
        self.made.audiences[name] = code
        return name

    def _for_all(self, text: str, words: str, sure: Sure) -> None:
        what = f"“{text[:50]}…” is for everyone, below a heading that names countries"
        where = words if " " in words else f"#{words}"
        self.made.guesses.append(Guess("audiences", what, sure, "", where))

    def _told(self, attr: n.Attr, sure: Sure, why: str) -> None:
        what = f"`{attr.id}` is for `{attr.get('audience')}`: {why}"
        self.made.guesses.append(Guess("audiences", what, sure, "", f"#{attr.id}"))


def _only_countries(title: str, lang: str) -> bool:
    pattern, _ = _names(lang)
    rest = re.sub(r"\b(?:and|y|et|e|the|of|de)\b|[\W\d_]+", "", pattern.sub("", title))
    return not rest


def _sections(blocks: n.Blocks) -> Iterator[tuple[n.Header | None, list[Any]]]:
    head: n.Header | None = None
    below: list[Any] = []
    for block in blocks:
        if isinstance(block, n.Header):
            yield head, below
            head, below = block, []
        else:
            below.append(block)
    yield head, below


# ------------------------------------------------------------------------ abbreviations


def _abbreviations(blocks: n.Blocks, guesses: list[Guess]) -> Iterator[tuple[str, str]]:
    """Abbreviations with what the text says they stand for."""
    seen: set[str] = set()
    for short, long in _listed(blocks):
        seen.add(short)
        yield short, long
    for block in _paragraphs(blocks):
        text = n.plain(block, notes=True)
        for short, long, sure in _explained(text):
            if short not in seen:
                seen.add(short)
                if sure is not Sure.SURE:
                    what = f"{short} stands for “{long}”"
                    guesses.append(Guess("abbreviations", what, sure, "", f"{short}:"))
                yield short, long


def _listed(blocks: n.Blocks) -> Iterator[tuple[str, str]]:
    """What a list of abbreviations says: a table of two columns, the first one of capitals."""
    for table in (x for x in n.walk(blocks) if isinstance(x, n.Table)):
        rows = [row.cells for body in table.c[4] for row in body.rows]
        pairs = [
            tuple(n.plain(cell.blocks).strip() for cell in row) for row in rows if len(row) == 2
        ]
        short = [
            pair for pair in pairs if LISTED.fullmatch(pair[0]) and len(pair[1]) > len(pair[0])
        ]
        if len(short) > 2 and len(short) >= 0.8 * len(rows):
            yield from ((pair[0], pair[1]) for pair in short)


def _paragraphs(blocks: n.Blocks) -> Iterator[Any]:
    return (x for x in n.walk(blocks) if isinstance(x, n.Para | n.Plain | n.Header))


def _explained(text: str) -> Iterator[tuple[str, str, Sure]]:
    for match in SHORT.finditer(text):
        before = SENTENCE_BEGINS.split(text[: match.start()])[-1].split()
        short = match[1] or match[3]
        found = _long_form(short, before[-WINDOW:], len(before) <= WINDOW)
        if found:
            yield short + (match[2] or ""), *found
    for match in EXPLAINED.finditer(text):
        yield match[1], re.split(r"[,;]", match[2])[0].strip(), Sure.LIKELY


def _long_form(short: str, words: list[str], begins: bool) -> tuple[str, Sure] | None:
    """The words before an abbreviation that it stands for: by their initials, else by capitals."""
    if begins and words and words[0][1:].islower() and not any(w[0].isupper() for w in words[1:3]):
        words = [words[0].lower(), *words[1:]]  # a capital only because a sentence begins
    letters = [x for x in short.casefold() if x.isalpha()]
    for start in range(len(words) - 1, -1, -1):
        run = [part for word in words[start:] for part in re.split(r"[-/]", word.strip("“”\"'’,"))]
        initials = [part[0].casefold() for part in run if part]
        small = words[start].casefold() in SMALL
        if initials and not small and initials[0] == letters[0] and _in_order(letters, initials):
            if words[start - 1 : start] and _belongs(words[start - 1]) and len(run) < len(letters):
                continue
            return _clean(words[start:]), Sure.SURE
    for start in range(len(words) - 1, -1, -1):
        rest = "".join(words[start:]).casefold()
        near = len(words) - start <= len(letters) + 3
        if near and words[start][:1].casefold() == letters[0] and _in_order(letters, rest):
            return _clean(words[start:]), Sure.LIKELY
    named = len(words)
    while named and (
        words[named - 1][:1].isupper() or words[named - 1] in ("of", "for", "and", "the", "de")
    ):
        named -= 1
    while named < len(words) and not words[named][:1].isupper():
        named += 1
    return (_clean(words[named:]), Sure.UNSURE) if len(words) - named > 1 else None


def _belongs(word: str) -> bool:
    return word[:1].isupper() and not word.endswith((",", ";"))


def _clean(words: Iterable[str]) -> str:
    return " ".join(words).strip(' ,“”"‘’')


def _in_order(letters: Iterable[str], among: Iterable[str]) -> bool:
    rest = iter(among)
    return all(letter in rest for letter in letters)


# --------------------------------------------------------------------------- references


def _references(blocks: n.Blocks, proposal: Proposal) -> n.Blocks:
    """“Section III” as a reference to the third section of the same part, if there is one."""
    known = _numbers(blocks)
    exhibits = {attr.id: attr.id for attr in n.attributes(blocks) if EXHIBIT_ID.fullmatch(attr.id)}
    found: list[Any] = []
    top = ""
    for block in blocks:
        if isinstance(block, n.Header):
            top = block.attr.id if block.level == 1 else top
            found.append(block)
        else:
            ids = {**known.get(top, {}), **exhibits}
            change = partial(_cited, known=ids, proposal=proposal)
            found += n.rewrite((block,), change)
    return tuple(found)


def _numbers(blocks: n.Blocks) -> dict[str, dict[str, str]]:
    """By the id of a heading of the first level: the ids of sections in it by their numbers."""
    found: dict[str, dict[str, str]] = {"": {}}
    top, section, deeper = "", 0, 0
    for head in (x for x in blocks if isinstance(x, n.Header)):
        if head.level == 1:
            top, section = head.attr.id, 0
            found[top] = {}
        elif "unnumbered" not in head.attr.classes and head.level == 2:
            section, deeper = section + 1, 0
            found[top][str(section)] = head.attr.id
        elif "unnumbered" not in head.attr.classes and head.level == 3:
            deeper += 1
            found[top][f"{section}.{deeper}"] = head.attr.id
    return found


def _cited(node: Any, known: Mapping[str, str], proposal: Proposal) -> Any:
    """A paragraph in which the words of references have become references."""
    if not isinstance(node, n.Para | n.Plain) or not known:
        return node
    made: list[Any] = []
    for words in _runs(node.c):
        if not isinstance(words, str):
            made.append(words)
            continue
        end = 0
        matches = (*REFERENCE.finditer(words), *EXHIBIT.finditer(words))
        for match in sorted(matches, key=lambda one: one.start()):
            name = known.get(_target(match))
            if not name or ELSEWHERE.match(words, match.end()):
                continue
            one = n.Citation(name, (), (), n.Tag("AuthorInText"), 0, 0)
            made += [*n.text(words[end : match.start()]), n.Cite(((one,), n.text(f"@{name}")))]
            end = match.end()
            what = f"“{match[0]}” is a reference to `{name}`"
            proposal.cited.append(match[0])
            proposal.guesses.append(Guess("references", what, Sure.LIKELY, "", f"@{name}"))
        made += n.text(words[end:])
    return type(node)(tuple(made))


def _runs(inlines: n.Inlines) -> Iterator[Any]:
    """Words and the space between them as text; all else as it is."""
    run = ""
    for node in inlines:
        if isinstance(node, n.Str):
            run += node.c
        elif isinstance(node, n.Space | n.SoftBreak):
            run += " "
        else:
            if run:
                yield run
            yield node
            run = ""
    if run:
        yield run


def _target(match: re.Match[str]) -> str:
    """What a match refers to: the number of a section, or the id of a table or a picture."""
    if match.re is EXHIBIT:
        return f"{'tbl' if match[1].startswith('Tab') else 'fig'}-{match[2]}"
    return _plain_number(match[1])


def _plain_number(number: str) -> str:
    first, dot, rest = number.partition(".")
    return f"{_roman(first) if first.isalpha() else first}{dot}{rest}"


def _roman(number: str) -> int:
    digits = {"I": 1, "V": 5, "X": 10, "L": 50}
    values = [digits[letter] for letter in number]
    return sum(-x if x < y else x for x, y in zip(values, (*values[1:], 0), strict=True))
