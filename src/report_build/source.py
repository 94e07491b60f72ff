"""What does the text say, with all its parts taken in?

`read` puts the file that a `{{< include part.md >}}` line names in that line's place, as
paragraphs of their own, and makes the footnote labels of each part its own.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

from report_build.diagnostics import Diagnostic, Place, Severity, did_you_mean
from report_build.limits import LIMITS, Limits
from report_build.origin import Segment, Source
from report_build.verbatim import verbatim, within

__all__ = ["FRONT_MATTER", "Source", "decode", "read"]

DEPTH = 8

FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?P<yaml>(?:.*\n)*?)(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
MARK = re.compile(
    r"^ {0,3}\{\{<[ \t]*include[ \t]+(?P<quote>[\"']?)(?P<target>.*?)(?P=quote)[ \t]*>\}\}[ \t]*$"
    r"|(?<!\\)\[\^(?P<label>[^\s^\[\]]+)(?=\])",
    re.MULTILINE,
)
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u034f\u115f\u1160\u180e\u200b\u202a-\u202e\u2060-\u2069"
    "\u3164\ue000-\uf8ff\ufdd0-\ufdef\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff"
    "\U000e0000-\U000e007f\U000f0000-\U0010ffff"
    + "".join(chr(plane << 16 | 0xFFFE) + chr(plane << 16 | 0xFFFF) for plane in range(1, 15))
    + "]"
)
"""Controls, overrides of direction, what has no width, tags, private characters, noncharacters."""
STACK = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{9,}")
"""More marks on one letter than any language has."""

RULES = {
    "not-utf-8": "A file has bytes that are not UTF-8.",
    "forbidden-character": "A character cannot be seen but changes the text around it.",
    "missing-include": "A file that is to be taken in is not there or cannot be read.",
    "include-cycle": "A file takes in itself, at once or by way of others.",
    "outside-project": "A file that is to be taken in lies outside the project.",
    "front-matter-in-part": "A part has front matter; only a master has.",
    "too-large": "The text with all its parts is more than can be worked on.",
}
"""What `read` may report, and what it means."""

ReadBytes = Callable[[Path], bytes]


def read(
    path: Path, project: Path, read_bytes: ReadBytes | None = None, limits: Limits = LIMITS
) -> tuple[Source, tuple[Diagnostic, ...]]:
    """A master with all its parts. Raises OSError if the master itself cannot be read."""
    reading = _Reading(Path(os.path.abspath(project)), read_bytes or _regular_file, limits)
    master = Path(os.path.abspath(path))
    if _leads_out(master, reading.project):
        name = reading.name(master)
        place = Source(name, "").place(0, 0)
        message = f"{name} is a link to a file outside the project"
        return Source(name, ""), (_error("outside-project", place, message),)
    text = reading.load(master)
    if len(text) > limits.characters:
        place = Source(reading.name(master), text).place(limits.characters, limits.characters + 1)
        message = f"this text has more than {limits.characters:,} characters"
        reading.found.append(_error("too-large", place, message))
        text = text[: limits.characters]
    reading.take_in(master, text, ())
    originals = tuple(reading.originals.items())
    text, segments = "".join(reading.pieces), tuple(reading.segments)
    return Source(reading.name(master), text, segments, originals), tuple(reading.found)


def _leads_out(path: Path, project: Path) -> bool:
    """Whether a file of the project is really one that lies elsewhere."""
    inside = Path(os.path.realpath(path)).is_relative_to(os.path.realpath(project))
    return path.is_relative_to(project) and not inside


def decode(file: str, raw: bytes) -> tuple[str, list[Diagnostic]]:
    """The text of a file's bytes: UTF-8, no BOM, `\\n` as line end.

    A character that may not be there is reported and replaced by U+FFFD.
    """
    try:
        text = _one_line_end(raw.decode("utf-8-sig"))
        found = _forbidden(Source(file, text))
    except UnicodeDecodeError as error:
        text = _one_line_end(raw.decode("utf-8-sig", "replace"))
        found = [_not_utf_8(file, raw, error.start)]
    return FORBIDDEN.sub("\ufffd", text) if found else text, found


def _one_line_end(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _error(rule: str, place: Place, message: str, hint: str = "") -> Diagnostic:
    return Diagnostic(rule, Severity.ERROR, place, message, hint)


def _not_utf_8(file: str, raw: bytes, at: int) -> Diagnostic:
    before = _one_line_end(raw[:at].decode("utf-8-sig"))
    place = Source(file, f"{before}?").place(len(before), len(before) + 1)
    message = f"the byte 0x{raw[at]:02X} is not UTF-8"
    return _error("not-utf-8", place, message, "save the file as UTF-8")


def _forbidden(source: Source) -> list[Diagnostic]:
    return [
        _error(
            "forbidden-character",
            source.place(*found.span()),
            f"the character U+{ord(found[0]):04X} "
            f"({unicodedata.name(found[0], 'a control character').lower()}) is not allowed",
            "delete it: it cannot be seen, and it changes what stands around it",
        )
        for found in FORBIDDEN.finditer(source.text)
    ] + [
        _error(
            "forbidden-character",
            source.place(*found.span()),
            f"{len(found[0])} marks on one letter",
        )
        for found in STACK.finditer(source.text)
    ]


def is_hidden(path: Path) -> bool:
    """Whether a file, or a folder that it is in, is hidden: there are settings and secrets."""
    return any(part.startswith(".") for part in path.parts)


def _regular_file(path: Path) -> bytes:
    if path.exists() and not path.is_file():
        raise OSError("it is no file")
    return path.read_bytes()


class _RefusedError(Exception):
    """Why a part is not taken in."""

    def __init__(self, rule: str, message: str, hint: str = "") -> None:
        self.rule, self.message, self.hint = rule, message, hint
        super().__init__(message)


class _Reading:
    """The text under construction."""

    def __init__(self, project: Path, read_bytes: ReadBytes, limits: Limits) -> None:
        self.project, self.limits = project, limits
        self.read_bytes = read_bytes
        self.pieces: list[str] = []
        self.segments: list[Segment] = []
        self.originals: dict[str, str] = {}
        self.found: list[Diagnostic] = []
        self.length = 0
        self.parts = 0
        self.suffix = "-part"

    def name(self, path: Path) -> str:
        """How a file is called in messages: by its path in the project."""
        inside = path.is_relative_to(self.project)
        return (path.relative_to(self.project) if inside else path).as_posix()

    def load(self, path: Path) -> str:
        """The text of a file; each file is read and checked once."""
        name = self.name(path)
        if name not in self.originals:
            text, found = decode(name, self.read_bytes(path))
            self.originals[name] = text
            self.found += found
        return self.originals[name]

    def take_in(self, path: Path, text: str, chain: tuple[Path, ...]) -> None:
        """Add a file's text and that of its parts; `chain` are the files that include it."""
        number = self.parts
        own = Source(self.name(path), text)
        at = body = self.front_matter(own, is_part=bool(chain))
        if not chain:
            at = 0
            while re.search(rf"{self.suffix}\d+\]", text):  # an author has such a label
                self.suffix += "-"
        stretches = verbatim(text)
        for mark in MARK.finditer(text, body):
            if within(stretches, mark.start()):
                continue
            if mark["label"] and chain:
                self.add(own, at, mark.end())
                self.insert(own, mark.end(), f"{self.suffix}{number}")
                at = mark.end()
            elif mark["target"]:
                self.add(own, at, mark.start())
                self.include(own, mark, (*chain, path))
                at = mark.end()
        self.add(own, at, len(text))

    def front_matter(self, own: Source, is_part: bool) -> int:
        """Where the body starts; only the master may have front matter before it."""
        front = FRONT_MATTER.match(own.text)
        if front and is_part:
            message = f"{own.path} is a part, and a part has no front matter"
            hint = "move its keys to the master, or delete them"
            self.found.append(_error("front-matter-in-part", own.place(0, 3), message, hint))
        return front.end() if front else 0

    def include(self, own: Source, mark: re.Match[str], chain: tuple[Path, ...]) -> None:
        """Add the part that a directive names, or say why not."""
        try:
            path = self.path_of(mark["target"], chain)
            text = self.text_of(path, mark["target"])
        except _RefusedError as why:
            place = own.place(*mark.span("target"))
            self.found.append(_error(why.rule, place, why.message, why.hint))
            return
        self.parts += 1
        self.insert(own, mark.start(), "\n")
        self.take_in(path, text.rstrip("\n"), chain)
        self.insert(own, mark.end(), "\n")

    def path_of(self, target: str, chain: tuple[Path, ...]) -> Path:
        """The path of a part, if it may be taken in there."""
        path = Path(os.path.normpath(chain[-1].parent / target.replace("\ufffd", "?")))
        if path.is_relative_to(self.project) and is_hidden(path.relative_to(self.project)):
            raise _RefusedError(
                "outside-project", f"“{target}” is hidden", "give it a name without a dot"
            )
        real_project = Path(os.path.realpath(self.project))
        real = Path(os.path.realpath(path))
        if not path.is_relative_to(self.project) or not real.is_relative_to(real_project):
            hint = "give its path from this file's folder, inside the project"
            raise _RefusedError("outside-project", f"“{target}” is outside the project", hint)
        if path in chain:
            round_trip = " → ".join(map(self.name, (*chain[chain.index(path) :], path)))
            raise _RefusedError("include-cycle", f"this takes in itself: {round_trip}")
        if len(chain) > DEPTH:
            raise _RefusedError("include-cycle", f"parts are more than {DEPTH} levels deep")
        return path

    def text_of(self, path: Path, target: str) -> str:
        """The text of a part, if there is one and it is not too much."""
        try:
            text = self.load(path)
        except OSError as error:
            why = "there is no file" if isinstance(error, FileNotFoundError) else "cannot read"
            raise _RefusedError("missing-include", f"{why} “{target}”", _similar(path)) from error
        most = self.limits
        if self.parts >= most.parts or self.length + len(text) > most.characters:
            limit = f"{most.parts:,} parts or {most.characters:,} characters"
            raise _RefusedError("too-large", f"with “{target}” these are more than {limit}")
        return text

    def add(self, own: Source, start: int, end: int) -> None:
        """Add characters that an author wrote."""
        self._piece(own.text[start:end], Segment(self.length, own.path, start))

    def insert(self, own: Source, at: int, text: str) -> None:
        """Add characters of ours at an author's place."""
        self._piece(text, Segment(self.length, own.path, at, inserted=True))

    def _piece(self, text: str, segment: Segment) -> None:
        if text:
            self.pieces.append(text)
            self.segments.append(segment)
            self.length += len(text)


def _similar(path: Path) -> str:
    """A file of the same folder that may have been meant."""
    try:
        return did_you_mean(path.name, (one.name for one in path.parent.iterdir()))
    except OSError:
        return ""
