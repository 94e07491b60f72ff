"""Which lines does a PDF show, in which order are they read, and what stands at its edges?

Letters come with their places and sizes from PDFium. What is repeated at the edges of pages and
the numbers of pages are taken out; columns are read one after another.
"""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium

from report_build.diagnostics import MachineError
from report_build.importing.guesses import Gone
from report_build.importing.lines import FOOT, Line, usual_size

EDGE = 0.2
"""The share of a page's height in which running heads and page numbers stand."""
EDGE_ROWS, APART_ROWS = 3, 1.6
"""So many lines, and so much room between them and the text, in sizes of letters."""
REPEATED = 3
NUMBER = re.compile(
    r"(?:page|página|p\.)?\s*[-–—]?\s*(?:\d{1,4}|[ivxlc]{1,6})\s*[-–—]?(?:\s*(?:/|of|de)\s*\d+)?",
    re.IGNORECASE,
)
GUTTER = 9.0
"""Points between two columns, at least."""
SPACE_CODE = 0x20
SPACE = 0.3
"""Of a letter's size: from so much room on there is a space, even if PDFium sees none."""
APART = 1.9
"""Of a letter's size: room that divides two pieces on one line."""
BULLET = re.compile(r"[•●▪◦‣∙·–*-]")
MARK = re.compile(r"\(?(?:[IVXL]+|\d{1,2}|[A-Za-z])(?:\.\d{1,2})*[.)]?")
CHARACTERS = {0x02: "-"}
"""What PDFium says for a hyphen at the end of a line."""
BOLD = re.compile(r"bold|semibold|black|heavy|demi", re.IGNORECASE)
CONTENTS = re.compile(
    r"(?:table of )?contents|contenido|índice|sumário|sommaire|table des matières|figures|tables|list of (?:figures|tables)",
    re.IGNORECASE,
)
ENTRY = re.compile(r".*\S\s*[.· ]*\s(?:\d{1,4}|[ivxlc]{1,6})")


@dataclass(frozen=True)
class Piece:
    """Letters that stand together on one line."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    bold: bool

    @property
    def height(self) -> float:
        """Of its letters."""
        return self.top - self.bottom


def read(path: Path) -> tuple[tuple[Line, ...], tuple[Gone, ...]]:
    """The lines of a PDF in reading order, and what was taken out of it."""
    try:
        with pypdfium2.PdfDocument(path) as document:
            pages = [(tuple(_pieces(page)), page.get_height()) for page in document]
    except pypdfium2.PdfiumError as error:
        raise MachineError(f"{path} cannot be read as a PDF: {error}") from error
    edges = [_edges(pieces, height) for pieces, height in pages]
    running = _running(edges)
    usual = usual_size([Line(x.text, 0, size=x.size) for pieces, _ in pages for x in pieces])
    lines: list[Line] = []
    gone: list[Gone] = []
    for number, (pieces, height) in enumerate(pages, 1):
        kept = []
        for piece in pieces:
            small = piece.size < usual * FOOT and piece.top > height * (1 - EDGE)
            bare = piece.text.strip()
            counted = bare.isdigit() or (piece.size < usual * 1.05 and NUMBER.fullmatch(bare))
            known = small or _folded(piece) in running or counted
            if piece in edges[number - 1] and known:
                gone.append(Gone(piece.text, "running heads and page numbers", f"page {number}"))
            else:
                kept.append(piece)
        lines += _lines(_ordered(kept), number, len(lines))
    return _without_contents(_noted(_without_cover(lines, usual, gone)), gone)


# ------------------------------------------------------------------------------- letters


def _pieces(page: pypdfium2.PdfPage) -> Iterator[Piece]:
    """The letters of a page, put together where they stand beside each other."""
    text = page.get_textpage()
    current: list[tuple[str, float, float, float, float, float, bool]] = []
    for index in range(text.count_chars()):
        code = pdfium.FPDFText_GetUnicode(text, index)
        if pdfium.FPDFText_IsGenerated(text, index) == 1 or code in (0, 0xFFFE, 0xFFFF):
            if code == SPACE_CODE and current:
                current.append((" ", *current[-1][1:]))
            continue
        left, bottom, right, top = text.get_charbox(index, loose=True)
        size = pdfium.FPDFText_GetFontSize(text, index) * _scale(text, index)
        letter = (
            CHARACTERS.get(code, chr(code)),
            left,
            right,
            top,
            bottom,
            round(size, 1),
            _is_bold(text, index),
        )
        if current and not _beside(current[-1], letter):
            yield _piece(current)
            current = []
        if letter[0].strip() or current:
            current.append(letter)
    if current:
        yield _piece(current)


def _scale(text: pypdfium2.PdfTextPage, index: int) -> float:
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFText_GetMatrix(text, index, matrix):
        return 1.0
    return abs(matrix.d) or abs(matrix.b) or 1.0


def _is_bold(text: pypdfium2.PdfTextPage, index: int) -> bool:
    if pdfium.FPDFText_GetFontWeight(text, index) >= 600:
        return True
    buffer = ctypes.create_string_buffer(128)
    length = pdfium.FPDFText_GetFontInfo(text, index, buffer, 128, None)
    return bool(length and BOLD.search(buffer.value.decode("utf-8", "replace")))


def _beside(
    before: tuple[str, float, float, float, float, float, bool],
    letter: tuple[str, float, float, float, float, float, bool],
) -> bool:
    size = max(before[5], letter[5], 1.0)
    same_line = abs(before[4] - letter[4]) < size * 0.55 or abs(before[3] - letter[3]) < size * 0.55
    room = letter[1] - before[2]
    ligature = letter[1:5] == before[1:5]  # letters that one glyph draws have one box
    return same_line and (ligature or -size < room < size * APART)


def _piece(letters: Sequence[tuple[str, float, float, float, float, float, bool]]) -> Piece:
    sizes = Counter(x[5] for x in letters if x[0].strip())
    size = max(sizes, key=lambda x: sizes[x], default=letters[0][5])
    parts: list[str] = []
    raised = False
    for before, letter in zip((None, *letters), letters, strict=False):
        small = letter[5] < size * 0.8 and letter[0].isdigit()
        lifted = small and letter[4] > min(x[4] for x in letters) + size * 0.12
        if raised and not lifted:
            parts.append("\ue001")
        apart = before and letter[1] - before[2] > letter[5] * SPACE and not raised
        if apart and parts and parts[-1] != " " and letter[0] != " ":
            parts.append(" ")
        if lifted and not raised and parts:
            parts.append("\ue000")
        raised = lifted and (raised or bool(parts))
        parts.append(letter[0])
    text = "".join(parts) + "\ue001" * raised
    return Piece(
        text.strip(), letters[0][1], max(x[2] for x in letters), max(x[3] for x in letters),
        min(x[4] for x in letters), size, sum(x[6] for x in letters) > len(letters) / 2,
    )  # fmt: skip


# --------------------------------------------------------------------------------- edges


def _edges(pieces: Sequence[Piece], height: float) -> frozenset[Piece]:
    """What stands at the top and the bottom of a page, apart from its text."""
    rows = _rows(pieces)
    found: set[Piece] = set()
    for ordered in (rows, rows[::-1]):
        for index, row in enumerate(ordered[:EDGE_ROWS]):
            inside = row[0].top > height * (1 - EDGE) or row[0].bottom < height * EDGE
            if not inside:
                break
            after = ordered[index + 1] if index + 1 < len(ordered) else None
            if after is None or abs(row[0].bottom - after[0].bottom) > APART_ROWS * max(
                row[0].size, after[0].size
            ):
                found.update(piece for row in ordered[: index + 1] for piece in row)
                break
    return frozenset(found)


def _folded(piece: Piece) -> str:
    return re.sub(r"\d+", "#", piece.text.casefold()).strip()


def _running(edges: Sequence[frozenset[Piece]]) -> frozenset[str]:
    """What stands at the edges of several pages."""
    count = Counter(name for edge in edges for name in {_folded(piece) for piece in edge})
    least = min(REPEATED, max(2, len(edges) // 2))
    return frozenset(name for name, times in count.items() if times >= least and name != "#")


# --------------------------------------------------------------------------------- order


def _ordered(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Pieces as lines, in reading order: columns one after another, what spans them between."""
    if len(pieces) < 2:
        return [[piece] for piece in pieces]
    at = _gutter(pieces)
    if at is not None:
        left = [piece for piece in pieces if piece.right <= at]
        right = [piece for piece in pieces if piece.left >= at]
        return _ordered(left) + _ordered(right)
    for above, below in _cuts(pieces):
        if _gutter(above) is not None or _gutter(below) is not None:
            return _ordered(above) + _ordered(below)
    return _rows(pieces)


def _gutter(pieces: Sequence[Piece]) -> float | None:
    """Where two columns of running text are divided, if they are."""
    rows = _rows(pieces)
    if len(rows) < 6:
        return None
    edges = sorted({piece.right for piece in pieces})
    for edge in edges:
        right = [piece for piece in pieces if piece.left >= edge]
        left = [piece for piece in pieces if piece.right <= edge + 0.1]
        if len(left) + len(right) != len(pieces) or len(left) < 5 or len(right) < 5:
            continue
        room = min(piece.left for piece in right) - max(piece.right for piece in left)
        if room >= GUTTER and all(_is_column(side) for side in (left, right)):
            return edge + 0.1
    return None


def _is_column(pieces: Sequence[Piece]) -> bool:
    """Running text: most lines reach nearly from edge to edge, and no gap goes through all of them."""
    width = max(x.right for x in pieces) - min(x.left for x in pieces)
    rows = _rows(pieces)
    full = sum(row[-1].right - row[0].left > width * 0.7 for row in rows)
    whole = len(_merged((x.left, x.right) for x in pieces)) == 1
    return width > 90 and full >= len(rows) * 0.5 and whole


def _cuts(pieces: Sequence[Piece]) -> Iterator[tuple[list[Piece], list[Piece]]]:
    ordered = sorted(pieces, key=lambda x: -x.top)
    for index in range(1, len(ordered)):
        above, below = ordered[:index], ordered[index:]
        if min(x.bottom for x in above) >= max(x.top for x in below) - 1:
            yield above, below


def _rows(pieces: Iterable[Piece]) -> list[list[Piece]]:
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda x: (-x.bottom, x.left)):
        row = rows[-1] if rows else None
        if row and abs(row[0].bottom - piece.bottom) < max(2.0, piece.size * 0.35):
            row.append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda x: x.left) for row in rows]


def _lines(rows: Sequence[Sequence[Piece]], page: int, count: int) -> Iterator[Line]:
    """Rows as lines; more room than usual between two, or another indentation, begins something."""
    usual: dict[float, float] = {}
    for (row, *_), (below, *_) in pairwise(rows):
        gap = row.bottom - below.bottom
        if 0 < gap < row.size * 2.2 and abs(below.size - row.size) < 0.3:
            usual[row.size] = min(usual.get(row.size, gap), gap)
    index = 0
    before: Sequence[Piece] | None = None
    while index < len(rows):
        columns, end = _table(rows, index)
        if columns:
            for cells, pieces in _cells(rows[index:end], columns):
                count += 1
                yield _line(pieces, before, usual, page, count, cells)
                before = pieces
            index = end
            continue
        count += 1
        yield _line(rows[index], before, usual, page, count)
        before = rows[index]
        index += 1


def _line(
    row: Sequence[Piece], before: Sequence[Piece] | None, usual: dict[float, float], page: int,
    number: int, cells: tuple[str, ...] = (),
) -> Line:  # fmt: skip
    largest = max(row, key=lambda x: len(x.text))
    gap = before[0].bottom - row[0].bottom if before else 0.0
    turns = before is None or gap < 0
    starts = turns
    bold = all(piece.bold for piece in row if piece.text.strip())
    if before:
        room = gap > 1.25 * usual.get(largest.size, largest.size * 1.3)
        indent = row[0].left > before[0].left + largest.size * 0.8 and len(before[-1].text) > 3
        other = abs(max(before, key=lambda x: len(x.text)).size - largest.size) > 0.3
        starts = turns or room or other or (indent and not bold)
    text = " ".join(cells) if cells else " ".join(piece.text for piece in row)
    width = max(x.right for x in row) - row[0].left
    return Line(text, number, starts, turns, page, largest.size, bold, row[0].left, width, cells)


# -------------------------------------------------------------------------------- tables


def _table(rows: Sequence[Sequence[Piece]], start: int) -> tuple[list[tuple[float, float]], int]:
    """The columns of a table that begins at a row, and the row after its last; none if none does."""
    columns: list[tuple[float, float]] = []
    end = start
    while end < len(rows):
        wider = _merged([*columns, *((x.left, x.right) for x in rows[end])])
        inside = [_column(piece, wider) for piece in rows[end]]
        far = (
            end > start
            and not 0 < rows[end - 1][0].bottom - rows[end][0].bottom < rows[end][0].size * 4
        )
        if len(wider) < max(2, len(columns) and 2) or len(set(inside)) < len(inside) or far:
            break
        if end == start and len(rows[end]) < 2:
            break
        columns, end = wider, end + 1
    several = sum(len(row) > 1 for row in rows[start:end])
    first = [row[0].text for row in rows[start:end] if len(row) > 1]
    listed = all(BULLET.fullmatch(text) or MARK.fullmatch(text) for text in first)
    if end - start < 3 or several < (end - start) * 0.5 or listed or len(columns) < 2:
        return [], start
    return columns, end


def _merged(intervals: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    found: list[tuple[float, float]] = []
    for left, right in sorted(intervals):
        if found and left < found[-1][1] + 2:
            found[-1] = (found[-1][0], max(found[-1][1], right))
        else:
            found.append((left, right))
    return found


def _column(piece: Piece, columns: Sequence[tuple[float, float]]) -> int:
    return next((i for i, (a, b) in enumerate(columns) if a - 1 <= piece.left <= b + 1), -1)


def _cells(
    rows: Sequence[Sequence[Piece]], columns: Sequence[tuple[float, float]]
) -> Iterator[tuple[tuple[str, ...], list[Piece]]]:
    """The rows of a table: what stands closer than rows do goes on with the cells above it."""
    gaps = [a[0].bottom - b[0].bottom for a, b in pairwise(rows)]
    close = min(gaps, default=0.0) * 1.2
    divided = bool(gaps) and max(gaps) > close
    cells: list[str] = []
    pieces: list[Piece] = []
    for row, gap in zip(rows, (None, *gaps), strict=True):
        if gap is not None and not (divided and gap <= close) and cells:
            yield tuple(cells), pieces
            cells, pieces = [], []
        cells = cells or [""] * len(columns)
        for piece in row:
            index = _column(piece, columns)
            cells[index] = f"{cells[index]} {piece.text}".strip()
        pieces += row
    if cells:
        yield tuple(cells), pieces


def _without_cover(lines: list[Line], usual: float, gone: list[Gone]) -> list[Line]:
    """A first page without running text is a cover: of it stay what is largest and what comes next."""
    cover = [line for line in lines if line.page == 1]
    rest = lines[len(cover) :]
    text = sum(abs(line.size - usual) < 0.3 and line.width > 150 for line in cover)
    largest = max((line.size for line in cover), default=0.0)
    if not rest or text > 5 or largest < usual * 1.6:
        return lines
    title = [line for line in cover if line.size == largest]
    kept = [replace(line, starts=line is title[0], turns=line is title[0]) for line in title]
    gone += [Gone(x.text, "the cover is made anew", x.place) for x in cover if x not in title]
    return [*kept, *rest]


def _noted(lines: list[Line]) -> list[Line]:
    """What follows a note at the foot of a page may go on with what stood above it."""
    size = usual_size(lines)
    foot = False
    made = []
    for line in lines:
        small = 0 < line.size < size * FOOT
        made.append(replace(line, starts=True, turns=True) if foot and not small else line)
        foot = small
    return made


def _without_contents(
    lines: Sequence[Line], gone: list[Gone]
) -> tuple[tuple[Line, ...], tuple[Gone, ...]]:
    """Contents are made anew: their heading goes, and what has page numbers below it."""
    kept: list[Line] = []
    inside, page = False, 0
    for line in lines:
        if CONTENTS.fullmatch(line.text.strip()) and any(
            ENTRY.fullmatch(x.text) for x in lines if line.number < x.number <= line.number + 4
        ):
            inside, page = True, line.page
        entry = bool(ENTRY.fullmatch(line.text)) or CONTENTS.fullmatch(line.text.strip())
        near = any(
            ENTRY.fullmatch(x.text)
            for x in lines
            if line.number < x.number <= line.number + 3 and x.page == line.page
        )
        inside = inside and (bool(entry) or near) and line.page <= page + 1
        page = line.page if inside else page
        if inside:
            gone.append(Gone(line.text, "contents are made anew", line.place))
        else:
            kept.append(line)
    return tuple(kept), tuple(gone)
