"""What must a table have in Word: widths, header rows, rows that stay whole, a name?"""

from __future__ import annotations

from itertools import zip_longest

from report_build.formats.word_xml import (
    Element,
    element,
    every,
    of,
    put,
    q,
    set_style,
    style_of,
    words,
)

CHARACTER = 105
"""Width of an average character of a table, in twentieths of a point."""
MARGINS = 160
"""What the two side margins of a cell take, in twentieths of a point."""
LONGEST = 60
"""Characters of a cell that are wished for on one line, at most."""
SMALL = 8
"""Rows of a table that is not parted between pages."""
PLAIN = {"", "Compact", "BodyText", "FirstParagraph"}
"""Styles of paragraphs that get those of tables in a cell."""


def finish(table: Element, width: int) -> None:
    """A table of pandoc's as wide as the text (`width` in twentieths of a point)."""
    rows = table.findall(q("w:tr"))
    caption = table.getprevious()
    captioned = caption is not None and style_of(caption) == "TableCaption"
    _set_widths(table, _widths(table, rows, width), rows)
    _flush(rows)
    _look(table, words(caption) if captioned else "", rows)
    _keep_together(rows)
    for row in rows:
        of_row = of(row, "w:trPr")
        put(of_row, element("w:cantSplit"))
        head = of_row.find(q("w:tblHeader"))
        if head is not None:
            put(of_row, element("w:tblHeader"))
        for cell in row.findall(q("w:tc")):
            _finish_cell(cell, "TableHeader" if head is not None else "TableText")


def _look(table: Element, caption: str, rows: list[Element]) -> None:
    of_table = of(table, "w:tblPr")
    put(of_table, element("w:tblW", w=5000, type="pct"))
    put(of_table, element("w:tblLayout", type="fixed"))
    heads = [words(cell).strip() for cell in rows[0].findall(q("w:tc"))] if rows else []
    if caption:
        put(of_table, element("w:tblCaption", val=caption))
    put(of_table, element("w:tblDescription", val=", ".join(head for head in heads if head) or "–"))


def _keep_together(rows: list[Element]) -> None:
    """A small table stands on one page: each row but the last keeps with the next."""
    for row in rows[:-1] if len(rows) <= SMALL else ():
        for paragraph in every(row, "w:p"):
            put(of(paragraph, "w:pPr"), element("w:keepNext"))


def _flush(rows: list[Element]) -> None:
    """The outer cells begin and end where the text does."""
    for row in rows:
        cells = row.findall(q("w:tc"))
        for side, cell in (("left", cells[0]), ("right", cells[-1])) if cells else ():
            of_cell = of(cell, "w:tcPr")
            margins = of_cell.find(q("w:tcMar"))
            edges = list(margins) if margins is not None else []
            edges.append(element(f"w:{side}", w=0, type="dxa"))
            put(of_cell, element("w:tcMar", *edges))


def _finish_cell(cell: Element, style: str) -> None:
    for paragraph in every(cell, "w:p"):
        if style_of(paragraph) in PLAIN:
            set_style(paragraph, style)
    if len(cell) and cell[-1].tag == q("w:tbl"):
        cell.append(element("w:p"))


def _widths(table: Element, rows: list[Element], width: int) -> list[int]:
    """The width of each column: as the source says, or as its cells need."""
    given = [int(column.get(q("w:w"))) for column in every(table, "w:gridCol")]
    sized = table.find(f"{q('w:tblPr')}/{q('w:tblLayout')}") is not None
    if sized and _explicit(given):
        return _shared(width, [float(share) for share in given])
    return by_content([_texts(row) for row in rows], len(given), width)


def _explicit(given: list[int]) -> bool:
    return bool(given) and all(given)


def _texts(row: Element) -> list[str]:
    """The text of each column; none for a cell that spans several."""
    found = []
    for cell in row.findall(q("w:tc")):
        span = cell.find(f"{q('w:tcPr')}/{q('w:gridSpan')}")
        count = int(span.get(q("w:val"))) if span is not None else 1
        lines = [words(paragraph) for paragraph in every(cell, "w:p")]
        found += [max(lines, key=len, default="") if count == 1 else ""] * count
    return found


def by_content(rows: list[list[str]], columns: int, width: int) -> list[int]:
    """Widths as a browser gives them: each column gets its longest word, then what it wishes."""
    texts = [list(column) for column in zip_longest(*rows, fillvalue="")] or [[]] * columns
    least = [_needed(max((_longest_word(t) for t in column), default=0)) for column in texts]
    wished = [
        max(low, _needed(max((min(len(t), LONGEST) for t in column), default=0)))
        for low, column in zip(least, texts, strict=True)
    ]
    if sum(wished) <= width or sum(least) >= width:
        return _shared(width, wished if sum(wished) <= width else least)
    room, more = width - sum(least), sum(wished) - sum(least)
    pairs = zip(least, wished, strict=True)
    return _shared(width, [low + room * (high - low) / more for low, high in pairs])


def _needed(characters: int) -> float:
    return float(characters * CHARACTER + MARGINS)


def _longest_word(line: str) -> int:
    return max(map(len, line.split(" ")), default=0)


def _shared(width: int, shares: list[float]) -> list[int]:
    """A width in whole parts that sum up to it."""
    total = sum(shares) or 1.0
    ends = [round(width * sum(shares[: index + 1]) / total) for index in range(len(shares))]
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]


def _set_widths(table: Element, widths: list[int], rows: list[Element]) -> None:
    grid = table.find(q("w:tblGrid"))
    for _ in widths[len(grid) :]:  # pandoc leaves the grid of a table in a cell empty
        grid.append(element("w:gridCol"))
    for column, width in zip(grid, widths, strict=True):
        column.set(q("w:w"), str(width))
    for row in rows:
        at = 0
        for cell in row.findall(q("w:tc")):
            of_cell = of(cell, "w:tcPr")
            span = of_cell.find(q("w:gridSpan"))
            count = int(span.get(q("w:val"))) if span is not None else 1
            put(of_cell, element("w:tcW", w=sum(widths[at : at + count]), type="dxa"))
            at += count
