"""How do headings, boxes, lists, tables and contents stand on the page?

What a style cannot say, because it depends on what stands in, before or after a paragraph.
"""

from __future__ import annotations

from collections.abc import Callable

from report_build.formats.word_look import from_mm, run_properties
from report_build.formats.word_xml import (
    Element,
    element,
    every,
    local,
    of,
    put,
    q,
    set_style,
    style_of,
)
from report_build.theme import Theme

BOXED = ("Callout", "Question", "KeyFigure", "Abbreviation")
"""Styles of which several paragraphs in a row stand in one box."""
BEFORE_BOX, AFTER_BOX, AFTER_TABLE = 0.75, 1.0, 1.25
"""Lines of the text."""


def close_headings(root: Element, theme: Theme) -> None:
    """A heading that follows a heading leaves the space to that one."""
    for paragraph in every(root, "w:p"):
        if _is(paragraph, "Heading") and _is(paragraph.getprevious(), "Heading"):
            space(paragraph, theme, before=0)


def space_boxes(root: Element, theme: Theme) -> None:
    """Boxes of several paragraphs have space before the first and after the last."""
    for paragraph in every(root, "w:p"):
        box = _box(paragraph)
        if not box:
            continue
        before = paragraph.getprevious()
        if box == "Callout" and _is(paragraph, "CalloutTitle") and _box(before) == box:
            before = _gap()
            paragraph.addprevious(before)
        if _box(before) != box:
            space(paragraph, theme, before=BEFORE_BOX)
            if box == "KeyFigure":
                set_style(paragraph, "KeyFigureFirst")
        if _box(paragraph.getnext()) != box:
            space(paragraph, theme, after=AFTER_BOX)


def end_lists(root: Element, theme: Theme) -> None:
    """The last item of a list has as much space after it as a paragraph."""
    for paragraph in every(root, "w:p"):
        if _is(paragraph, "List") and not _is(paragraph.getnext(), "List"):
            space(paragraph, theme, after=theme.roles["body"].space_after / theme.baseline)


def space_tables(root: Element, theme: Theme) -> None:
    """Tables have no space of their own after them: what follows has it before.

    Two tables in a row would be one without a paragraph between them.
    """
    for table in every(root, "w:tbl"):
        after = table.getnext()
        if after is None or local(after) != "p":
            table.addnext(_gap())
        elif not _is(after, "Heading"):
            space(after, theme, before=AFTER_TABLE)


def hang_numbers(root: Element, theme: Theme) -> None:
    """The numbers of headings hang into the margin; headings without one stay out of it."""
    hang = from_mm(theme.page.hang)
    for style in every(root, "w:rStyle") if hang else ():
        paragraph = next(style.iterancestors(q("w:p")))
        if style.get(q("w:val")) == "HeadingNumber" and _is(paragraph, "Heading"):
            put(of(paragraph, "w:pPr"), element("w:ind", left=0, hanging=hang))


def align_contents(root: Element, theme: Theme) -> None:
    """In the contents only titles with a number beside them leave room for it."""
    column = from_mm(theme.page.hang)
    for paragraph in every(root, "w:p") if column else ():
        marks = [node for node in paragraph.iter(q("w:tab")) if local(node.getparent()) == "r"]
        pages = [node for node in paragraph.iter(q("w:instrText")) if "PAGEREF" in node.text]
        if style_of(paragraph) in ("TOC2", "TOC3") and len(marks) <= len(pages):
            off = element("w:tabs", element("w:tab", val="clear", pos=column))
            put(of(paragraph, "w:pPr"), off)
            put(of(paragraph, "w:pPr"), element("w:ind", left=0, hanging=0))


def ink_labels(root: Element, theme: Theme) -> None:
    """“Day One” in the contents looks as above its heading, also where links hide styles."""
    for style in every(root, "w:rStyle"):
        paragraph = next(style.iterancestors(q("w:p")))
        if style.get(q("w:val")) == "HeadingLabel" and _is(paragraph, "TOC"):
            for look in list(run_properties(theme.roles["heading-number"])):
                if local(look) in ("caps", "color", "spacing"):
                    put(style.getparent(), look)


Step = Callable[[Element, Theme], None]
STEPS: tuple[Step, ...] = (
    close_headings,
    space_boxes,
    end_lists,
    space_tables,
    hang_numbers,
    align_contents,
    ink_labels,
)


def space(paragraph: Element, theme: Theme, **lines: float) -> None:
    """Set the space before or after a paragraph, in lines of the text."""
    spacing = of(paragraph, "w:pPr").find(q("w:spacing"))
    if spacing is None:
        spacing = element("w:spacing")
        put(of(paragraph, "w:pPr"), spacing)
    for side, count in lines.items():
        spacing.set(q(f"w:{side}"), str(round(count * theme.baseline * 20)))


def _is(node: Element, style: str) -> bool:
    return node is not None and local(node) == "p" and style_of(node).startswith(style)


def _box(node: Element) -> str:
    return next((box for box in BOXED if _is(node, box)), "")


def _gap() -> Element:
    """A paragraph that takes no room."""
    made = element("w:p")
    set_style(made, "SectionEnd")
    return made
