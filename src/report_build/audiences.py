"""Who is meant? The conditions that `audience="…"` and its like hold.

    condition = conjunction { [ "or" ] conjunction }      a space alone means “or”
    conjunction = negation { "and" negation }
    negation = "not" negation | "(" condition ")" | name

A name is that of an audience or of a group. `everyone` and `nobody` are names, too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from report_build.diagnostics import did_you_mean

NAME = re.compile(r"[a-z][a-z0-9-]*")
WORDS = frozenset({"and", "or", "not", "everyone", "nobody"})
DEPTH = 40
SYNTAX = "audience-syntax"
UNKNOWN = "unknown-audience"
TOKEN = re.compile(r"[()]|[^\s()]+")
SIGNS = {"&&": "and", "&": "and", "+": "and", "||": "or", "|": "or", "!": "not", "-": "not"}

Groups = Mapping[str, Collection[str]]
NO_GROUPS: Groups = {}


class Condition:
    """What must be so of an edition; `holds` says whether it is."""

    def holds(self, names: frozenset[str], groups: Groups = NO_GROUPS) -> bool:
        """Whether an edition that goes by these names is meant."""
        raise TypeError(type(self))


@dataclass(frozen=True)
class Everyone(Condition):
    """Always holds."""

    def holds(self, names: frozenset[str], groups: Groups = NO_GROUPS) -> bool:
        """Yes."""
        return True

    def __str__(self) -> str:
        return "everyone"


@dataclass(frozen=True)
class Nobody(Condition):
    """Never holds."""

    def holds(self, names: frozenset[str], groups: Groups = NO_GROUPS) -> bool:
        """No."""
        return False

    def __str__(self) -> str:
        return "nobody"


@dataclass(frozen=True)
class Name(Condition):
    """An audience, or a group of which one audience is enough."""

    name: str

    def holds(self, names: frozenset[str], groups: Groups = NO_GROUPS) -> bool:
        """Whether the edition goes by that name or by one of the group."""
        return self.name in names or not names.isdisjoint(groups.get(self.name, ()))

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Not(Condition):
    """Holds where its part does not."""

    part: Condition

    def holds(self, names: frozenset[str], groups: Groups = NO_GROUPS) -> bool:
        """The opposite of the part."""
        return not self.part.holds(names, groups)

    def __str__(self) -> str:
        return f"not {_bracketed(self.part, Any, All)}"


@dataclass(frozen=True)
class All(Condition):
    """Holds where every part does."""

    parts: tuple[Condition, ...]

    def holds(self, names: frozenset[str], groups: Groups = NO_GROUPS) -> bool:
        """Whether every part holds."""
        return all(part.holds(names, groups) for part in self.parts)

    def __str__(self) -> str:
        return " and ".join(_bracketed(part, Any) for part in self.parts) or "everyone"


@dataclass(frozen=True)
class Any(Condition):
    """Holds where one part does."""

    parts: tuple[Condition, ...]

    def holds(self, names: frozenset[str], groups: Groups = NO_GROUPS) -> bool:
        """Whether any part holds."""
        return any(part.holds(names, groups) for part in self.parts)

    def __str__(self) -> str:
        return " or ".join(str(part) for part in self.parts) or "nobody"


@dataclass(frozen=True)
class Problem:
    """What is wrong between two offsets of the text of a condition."""

    start: int
    end: int
    message: str
    hint: str = ""
    rule: str = SYNTAX


def parse(
    text: str, declared: Collection[str] | None = None
) -> tuple[Condition | None, list[Problem]]:
    """The condition that a text states; `declared` are the names that it may use.

    With a mistake in its grammar there is no condition. With an undeclared name there is one.
    """
    reader = _Reader(text)
    try:
        condition = reader.whole()
    except _StopError as stop:
        return None, [stop.problem]
    unknown = [] if declared is None else list(_undeclared(text, set(declared)))
    return condition, unknown


def simplify(condition: Condition) -> Condition:
    """The same condition without nesting, repetition, double negation and contradiction."""
    match condition:
        case Not(part):
            return _negated(simplify(part))
        case All(parts):
            return _joined(All, parts, neutral=Everyone(), absorbing=Nobody())
        case Any(parts):
            return _joined(Any, parts, neutral=Nobody(), absorbing=Everyone())
    return condition


def names_in(condition: Condition) -> frozenset[str]:
    """The audiences and groups that a condition mentions."""
    match condition:
        case Name(name):
            return frozenset({name})
        case Not(part):
            return names_in(part)
        case All(parts) | Any(parts):
            return frozenset().union(*(names_in(part) for part in parts))
    return frozenset()


def satisfiable_by(
    condition: Condition, audiences: Iterable[str], groups: Groups = NO_GROUPS
) -> list[str]:
    """Those of the audiences whose editions the condition lets in, in the order given."""
    return [name for name in audiences if condition.holds(frozenset({name}), groups)]


def _bracketed(condition: Condition, *kinds: type[Condition]) -> str:
    several = isinstance(condition, kinds) and len(getattr(condition, "parts", ())) > 1
    return f"({condition})" if several else str(condition)


def _negated(condition: Condition) -> Condition:
    match condition:
        case Everyone():
            return Nobody()
        case Nobody():
            return Everyone()
        case Not(part):
            return part
    return Not(condition)


def _joined(
    kind: type[All | Any],
    parts: tuple[Condition, ...],
    neutral: Condition,
    absorbing: Condition,
) -> Condition:
    flat: dict[Condition, None] = {}
    for part in map(simplify, parts):
        flat |= dict.fromkeys(part.parts if isinstance(part, kind) else (part,))
    flat.pop(neutral, None)
    if absorbing in flat or any(_negated(part) in flat for part in flat):
        return absorbing
    left = tuple(flat)
    return kind(left) if len(left) > 1 else left[0] if left else neutral


def _undeclared(text: str, declared: set[str]) -> Iterator[Problem]:
    for token in TOKEN.finditer(text):
        name = token[0]
        if name not in declared | WORDS and name not in "()":
            yield Problem(
                *token.span(),
                f"no audience or group “{name}” is declared",
                did_you_mean(name, declared | WORDS),
                UNKNOWN,
            )


class _StopError(Exception):
    """Ends the reading at the first mistake in the grammar."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.message)


class _Reader:
    """Recursive descent over the tokens of one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(TOKEN.finditer(text))
        self.at = 0
        self.depth = 0

    def whole(self) -> Condition:
        if not self.tokens:
            raise _StopError(Problem(0, len(self.text), "no audience is named"))
        condition = self.condition()
        if self.next:  # only a closing parenthesis ends a condition early
            raise self.stop("“)” closes nothing", "remove it, or add the “(” that it closes")
        return condition

    @property
    def next(self) -> str:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""

    def stop(self, message: str, hint: str = "") -> _StopError:
        end = len(self.text.rstrip())
        span = self.tokens[self.at].span() if self.next else (max(end - 1, 0), end)
        return _StopError(Problem(*span, message, hint))

    def condition(self) -> Condition:
        parts = [self.conjunction()]
        while self.next and self.next != ")":
            self.at += self.next == "or"
            parts.append(self.conjunction())
        return parts[0] if len(parts) == 1 else Any(tuple(parts))

    def conjunction(self) -> Condition:
        parts = [self.negation()]
        while self.next == "and":
            self.at += 1
            parts.append(self.negation())
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def negation(self) -> Condition:
        token = self.next
        if token == "not":
            return Not(self.deeper(self.negation))
        if token == "(":
            return self.parenthesis()
        return self.name()

    def parenthesis(self) -> Condition:
        opening = self.at
        condition = self.deeper(self.condition)
        if self.next != ")":
            self.at = opening
            raise self.stop("“(” is not closed", "add a “)”")
        self.at += 1
        return condition

    def deeper(self, read: Callable[[], Condition]) -> Condition:
        self.depth += 1
        if self.depth > DEPTH:
            raise self.stop(f"more than {DEPTH} levels of “not” and parentheses")
        self.at += 1
        condition = read()
        self.depth -= 1
        return condition

    def name(self) -> Condition:
        token = self.next
        if token in {"", ")", "and", "or"}:
            before = f" after “{self.tokens[self.at - 1][0]}”" if self.at else ""
            raise self.stop(f"a name is missing{before}")
        if not NAME.fullmatch(token):
            raise self.stop(f"“{token}” is no name", _spelling(token))
        self.at += 1
        return {"everyone": Everyone(), "nobody": Nobody()}.get(token, Name(token))


def _spelling(token: str) -> str:
    if token in SIGNS:
        return f"write “{SIGNS[token]}”"
    if "," in token or ";" in token:
        return "put spaces between names, nothing else"
    lowered = token.lower()
    if NAME.fullmatch(lowered):
        return f"did you mean “{lowered}”?"
    return "a name has small letters, digits and hyphens, and starts with a letter"
