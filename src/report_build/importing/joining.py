"""Does a hyphen at the end of a line belong to the word?

What the text itself writes within its lines tells most (“Honduras”, “counter-narcotics”); else
the hyphenation patterns of the language tell whether a word could be divided there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from pyphen import LANGUAGES, Pyphen

from report_build.importing.lines import Line

HYPHENS = "-\u2010\u00ad"
LAST = re.compile(rf"([^\W_]+(?:[’'][^\W_]+)*)[{HYPHENS}]$")
FIRST = re.compile(r"[^\W_]+")
WORDS = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
OWN = 4
"""Letters of a part that can be a word of a compound."""


@dataclass(frozen=True)
class Join:
    """How a divided word was put together, where, and how sure that is."""

    line: Line
    left: str
    right: str
    hyphen: bool
    sure: bool
    why: str

    @property
    def word(self) -> str:
        """What came of it."""
        return f"{self.left}{'-' * self.hyphen}{self.right}"


class Words:
    """The words that a text writes within its lines, and the language's patterns."""

    def __init__(self, lines: Iterable[Line], lang: str) -> None:
        self.lang = lang
        self.whole: Counter[str] = Counter()
        self.compound: Counter[str] = Counter()
        for line in lines:
            text = LAST.sub("", line.text)
            for word in WORDS.findall(text if text != line.text else line.text):
                low = word.casefold()
                if "-" in word:
                    self.compound[low] += 1
                for part in low.split("-"):
                    self.whole[part] += 1
            # what begins a line may be the rest of a divided word
        for before, line in zip((None, *lines), lines, strict=False):
            first = FIRST.match(line.text)
            if before and LAST.search(before.text) and first:
                self.whole[first[0].casefold()] -= 1

    def knows(self, word: str) -> bool:
        """Whether the text writes a word, or one that differs only in its ending."""
        low = word.casefold()
        forms = (low, f"{low}s", low.removesuffix("s"), low.removesuffix("es"))
        return any(self.whole[form] > 0 for form in forms if len(form) > 1)

    def join(self, before: Line, after: Line) -> Join | None:
        """What becomes of the word that two lines divide, if they divide one."""
        left, right = LAST.search(before.text), FIRST.match(after.text)
        if not left or not right:
            return None
        hyphen, sure, why = self._judged(left[1], right[0])
        return Join(before, left[1], right[0], hyphen, sure, why)

    def _judged(self, left: str, right: str) -> tuple[bool, bool, str]:
        solid, compound = f"{left}{right}".casefold(), f"{left}-{right}".casefold()
        own, other = self.knows(solid), self.compound[compound]
        if own and not other:
            return False, True, "the text has this word"
        if other and not own:
            return True, True, "the text has this word with its hyphen"
        if own and other:
            return self.whole[solid] < other, False, "the text has both"
        if right[:1].isupper() and not left.isupper():
            return True, True, "a capital follows"
        if left.isdigit() or right.isdigit():
            return True, True, "a number"
        parts = all(len(part) >= OWN and self.whole[part.casefold()] > 0 for part in (left, right))
        divided = len(left) in _patterns(self.lang).positions(solid)
        if parts:
            return True, False, "the text has both parts as words"
        if divided:
            return False, True, "the patterns of the language divide it here"
        return False, False, "neither the text nor the patterns know it"


@cache
def _patterns(lang: str) -> Pyphen:
    tag = lang.replace("-", "_")
    known = [tag, {"en": "en_US", "pt": "pt_BR"}.get(tag, tag), tag.partition("_")[0]]
    name = next((one for one in known if one in LANGUAGES), "en_US")
    return Pyphen(lang=name, left=2, right=2)


def joined(lines: Sequence[Line], words: Words) -> tuple[str, tuple[Join, ...]]:
    """The text of lines that belong together, and how its divided words were put together."""
    parts, joins = [], []
    for line, after in zip(lines, (*lines[1:], None), strict=True):
        if after is None:
            parts.append(line.text)
        elif line.text[-1:] in HYPHENS and after.text[:1] in "-–—":
            parts.append(line.text)  # a dash of two hyphens
        elif join := words.join(line, after):
            joins.append(join)
            parts.append(line.text[:-1] + "-" * join.hyphen)
        elif line.text.endswith(("–", "—", "/", "-")):
            parts.append(line.text)
        else:
            parts.append(f"{line.text} ")
    return "".join(parts), tuple(joins)
