"""Are the words of the old document those of the master, in the same order?

Compared are letters and digits alone, so that it does not count how words were put together; what
was taken out or moved on purpose is named in the report, and not compared.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

from report_build import nodes as n

LETTERS = re.compile(r"[^\W_]+")
AROUND = 4
"""Words told on both sides of a difference."""


def words(text: str) -> list[str]:
    """The words of a text, without marks; capitals that are only a look do not count."""
    return LETTERS.findall(text.casefold())


def body(blocks: n.Blocks, cited: Sequence[str] = ()) -> str:
    """The text of blocks without notes; references stand for the words that they took the place of."""
    waiting = list(cited)

    def change(node: Any) -> Any:
        if isinstance(node, n.Note):
            return n.Str("")
        if isinstance(node, n.Cite) and waiting:
            return n.Str(waiting.pop(0))
        if isinstance(node, n.Figure):
            return n.Div((n.NO_ATTR, node.caption.blocks))
        return node

    return n.plain(n.rewrite(blocks, change))


def notes(blocks: n.Blocks) -> list[str]:
    """The texts of all notes."""
    return [n.plain(node.c) for node in n.walk(blocks) if isinstance(node, n.Note)]


def differences(old: str, new: str) -> Iterator[tuple[str, str]]:
    """Stretches of words that differ, as they were and as they are; each with what stands around."""
    before, after = words(old), words(new)
    if "".join(before) == "".join(after):
        return
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal" and "".join(before[a:b]) != "".join(after[c:d]):
            near = " ".join(before[max(0, a - AROUND) : a])
            yield " ".join(before[a:b]), f"{near} [{' '.join(after[c:d])}]".strip()


def missing(old: Iterable[str], new: str) -> list[str]:
    """Texts of which most words are nowhere in a new text as often as they were."""
    count = Counter(words(new))
    lost = []
    for text in old:
        asked = Counter(words(text))
        if asked and sum((asked - count).values()) > sum(asked.values()) / 2:
            lost.append(text)
        count -= asked
    return lost
