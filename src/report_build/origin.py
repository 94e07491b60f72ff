"""Where was this character written?

A master's text is one string, with all its parts taken in. A table of segments says which
file each of its characters came from.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from report_build.diagnostics import Place


@dataclass(frozen=True)
class Segment:
    """From `start` of the text on, characters are those of a file from `offset` on.

    Those of an inserted segment are ours and stand, without width, at `offset`.
    """

    start: int
    file: str
    offset: int
    inserted: bool = False


@dataclass(frozen=True)
class Source:
    """A text, with all parts taken in, and where each of its characters was written.

    `originals` holds the text of each file as its author typed it (line ends made `\\n`,
    no BOM). Files are named by their path in the project, with `/`.
    """

    path: str
    text: str
    segments: tuple[Segment, ...] = ()
    originals: tuple[tuple[str, str], ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        """The files that were read, the master first."""
        return tuple(self._texts)

    def place(self, start: int, end: int) -> Place:
        """Where the characters from `start` up to `end` of the text were written."""
        file, first = self._written(start)
        last_file, last = self._written(end - 1, after=True) if end > start else (file, first)
        text = self._texts[file]
        if last_file != file or last < first:  # it runs over into another part
            last = text.find("\n", first) if "\n" in text[first:] else len(text)
        return Place(file, *self._line_column(file, first), *self._line_column(file, last))

    def line_text(self, place: Place) -> str:
        """The line on which a place starts, as the author typed it; "" for an unknown file."""
        starts = self._line_starts.get(place.file, [])
        if not 1 <= place.line <= len(starts):
            return ""
        return self._texts[place.file][starts[place.line - 1] :].partition("\n")[0]

    def original(self, start: int, end: int) -> str:
        """What the author typed there, without the characters that we inserted."""
        kept = (i for i in range(start, end) if not self._segment(i).inserted)
        return "".join(self.text[i] for i in kept)

    def folder_of(self, offset: int) -> PurePosixPath:
        """The folder, in the project, of the file that a character was written in."""
        return PurePosixPath(self._segment(offset).file).parent

    @cached_property
    def _table(self) -> tuple[Segment, ...]:
        return self.segments or (Segment(0, self.path, 0),)

    @cached_property
    def _starts(self) -> list[int]:
        return [segment.start for segment in self._table]

    @cached_property
    def _texts(self) -> dict[str, str]:
        return dict(self.originals) or {self.path: self.text}

    @cached_property
    def _line_starts(self) -> dict[str, list[int]]:
        return {
            file: [0, *(found.end() for found in re.finditer("\n", text))]
            for file, text in self._texts.items()
        }

    def _segment(self, offset: int) -> Segment:
        return self._table[max(0, bisect_right(self._starts, offset) - 1)]

    def _written(self, offset: int, after: bool = False) -> tuple[str, int]:
        segment = self._segment(offset)
        if segment.inserted:
            return segment.file, segment.offset
        return segment.file, segment.offset + offset - segment.start + after

    def _line_column(self, file: str, offset: int) -> tuple[int, int]:
        starts = self._line_starts[file]
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1
