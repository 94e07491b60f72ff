"""What does a condition at the start of an item, a row or a column belong to?

Pandoc's Markdown has attributes for headings, divs, spans, links, tables and figures, but not for
items of lists, entries of definition lists, rows and columns. There an empty span says it:
`- []{audience="hnd"} For Honduras`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from report_build import nodes as n
from report_build.document import CONDITIONS
from report_build.locate import AT


def placed_conditions(blocks: n.Blocks) -> n.Blocks:
    """`[]{audience="hnd"}` before anything else in an item, entry, row or column's head is its own.

    An item's or an entry's blocks then stand in a `div.item`; rows and cells have attributes.
    """

    def change(node: Any) -> Any:
        match node:
            case n.BulletList(c=items):
                return n.BulletList(tuple(map(_item, map(_apart, items))))
            case n.OrderedList(c=(style, items)):
                return n.OrderedList((style, tuple(map(_item, map(_apart, items)))))
            case n.DefinitionList(c=entries):
                apart = ((term, tuple(map(_apart, meanings))) for term, meanings in entries)
                return n.DefinitionList(tuple(map(_entry, apart)))
            case n.Table(c=(attr, caption, columns, head, bodies, foot)):
                top = n.TableHead(head.attr, tuple(map(_head_row, head.rows)))
                rows = tuple(
                    n.TableBody(b.attr, b.head_columns, b.head, tuple(map(_row, b.rows)))
                    for b in bodies
                )
                return _with_columns(n.Table((attr, caption, columns, top, rows, foot)))
            case _:
                return node

    return n.rewrite(blocks, change)


def _apart(blocks: n.Blocks) -> n.Blocks:
    """Several paragraphs of a tight list as such: formats would run them together."""
    if sum(isinstance(block, n.Plain) for block in blocks) < 2:
        return blocks
    return tuple(n.Para(block.c) if isinstance(block, n.Plain) else block for block in blocks)


def _taken(inlines: n.Inlines) -> tuple[n.Attr, n.Inlines]:
    """The conditions of an empty span at the start, and the rest."""
    first = inlines[0] if inlines else None
    if not isinstance(first, n.Span) or first.inlines:
        return n.NO_ATTR, inlines
    own = tuple(pair for pair in first.attr.pairs if pair[0] in (*CONDITIONS, AT))
    if not any(name in CONDITIONS for name, _ in own):
        return n.NO_ATTR, inlines
    classes = tuple(name for name in first.attr.classes if name.startswith("content-"))
    rest = inlines[2:] if isinstance(inlines[1:2][:1] and inlines[1], n.Space) else inlines[1:]
    if first.attr.id:
        rest = (n.Span((n.Attr(first.attr.id, (), first.attr.pairs[-1:]), ())), *rest)
    return n.Attr("", classes, own), rest


def _first_taken(blocks: n.Blocks) -> tuple[n.Attr, n.Blocks]:
    first = blocks[0] if blocks else None
    if not isinstance(first, n.Para | n.Plain):
        return n.NO_ATTR, blocks
    attr, inlines = _taken(first.c)
    return attr, (type(first)(inlines), *blocks[1:])


def _item(blocks: n.Blocks) -> n.Blocks:
    attr, rest = _first_taken(blocks)
    return (n.Div((attr.with_classes("item"), rest)),) if attr.pairs else blocks


def _entry(entry: Any) -> Any:
    term, definitions = entry
    attr, rest = _taken(term)
    if not attr.pairs:
        return entry
    inside = tuple((n.Div((attr.with_classes("item"), blocks)),) for blocks in definitions)
    return (n.Span((attr, rest)),), inside


def _row(row: n.Row) -> n.Row:
    if not row.cells:
        return row
    first = row.cells[0]
    attr, blocks = _first_taken(first.blocks)
    if not attr.pairs:
        return row
    cell = n.Cell(first.attr, first.align, first.rows, first.columns, blocks)
    return n.Row(n.Attr(row.attr.id, (*row.attr.classes, *attr.classes), attr.pairs),
                 (cell, *row.cells[1:]))  # fmt: skip


def _head_row(row: n.Row) -> n.Row:
    """The head of each column, with the conditions of its column."""
    cells = []
    for cell in row.cells:
        attr, blocks = _first_taken(cell.blocks)
        joined = n.Attr(cell.attr.id, (*cell.attr.classes, *attr.classes),
                        (*cell.attr.pairs, *attr.pairs))  # fmt: skip
        cells.append(n.Cell(joined, cell.align, cell.rows, cell.columns, blocks))
    return n.Row(row.attr, tuple(cells))


def _with_columns(node: n.Table) -> n.Table:
    """A table whose cells all have the conditions of their column."""
    if not node.c[3].rows:
        return node
    attr, caption, columns, head, bodies, foot = node.c
    own = [n.Attr("", c.attr.classes, c.attr.pairs) for c in head.rows[0].cells]
    if not any(one.pairs for one in own):
        return node
    inside = tuple(
        n.TableBody(b.attr, b.head_columns, b.head, tuple(_columned(r, own) for r in b.rows))
        for b in bodies
    )
    return n.Table((attr, caption, columns, head, inside, foot))


def _columned(row: n.Row, own: Sequence[n.Attr]) -> n.Row:
    if len(row.cells) != len(own):
        return row
    cells = (
        n.Cell(n.Attr(c.attr.id, (*c.attr.classes, *o.classes), (*c.attr.pairs, *o.pairs)),
               c.align, c.rows, c.columns, c.blocks)
        for c, o in zip(row.cells, own, strict=True)
    )  # fmt: skip
    return n.Row(row.attr, tuple(cells))
