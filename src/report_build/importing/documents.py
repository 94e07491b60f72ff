"""What do Word, OpenDocument, HTML, EPUB and RTF files say? Pandoc reads them.

What is only made to look like a heading becomes one; styles and marks of the old file go.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from report_build import nodes as n
from report_build.importing.guesses import Gone, Guess, Sure
from report_build.importing.lines import Line
from report_build.importing.passages import BARE, DAY, HEADING_LENGTH, QUESTIONS, Passage
from report_build.importing.structure import Levels
from report_build.pandoc import Pandoc

FORMS: Mapping[str, str] = {
    ".docx": "docx+styles", ".odt": "odt", ".html": "html", ".htm": "html", ".xhtml": "html",
    ".epub": "epub", ".rtf": "rtf",
}  # fmt: skip
"""What pandoc calls a format, by the end of a file's name."""
CONTENTS = re.compile(r"toc|contents|table of figures|inhalt|índice", re.IGNORECASE)
CAPTION = "caption"
COVER = re.compile(r"cover|title|subtitle|marking", re.IGNORECASE)
LABEL = re.compile(
    r"(?:Table|Figure|Tabla|Cuadro|Figura|Gráfico|Tableau|Tabela)\s+(\d{1,3})\s*[.:–—]?\s+",
    re.IGNORECASE,
)
"""What a caption begins with."""
ADDRESS = re.compile(r"(?:https?|mailto|tel|ftp):", re.IGNORECASE)
PARAGRAPH = re.compile(r"<w:p[ >].*?</w:p>|<w:p/>", re.DOTALL)
RUN = re.compile(r"<w:t(?: [^>]*)?>([^<]*)</w:t>|<w:(?:tab|br)\b|<w:delText")
PARTS = re.compile(r"word/(?:document|footnotes|endnotes|comments)\.xml")


LATER = "TODO: say what this picture shows"
"""An alternative text that `check` does not let pass."""


@dataclass
class Read:
    """What a file says: its tree, its own title, its pictures, and what was done."""

    blocks: n.Blocks
    title: str = ""
    subtitle: str = ""
    headings: tuple[dict[str, str], ...] = ()
    pictures: dict[str, bytes] = field(default_factory=dict)
    guesses: list[Guess] = field(default_factory=list)
    gone: list[Gone] = field(default_factory=list)
    before: n.Blocks = ()
    """The tree as it is to be compared: headings as their bare words."""
    raw: tuple[str, ...] = ()
    """The paragraphs of the file as they are in it, whatever pandoc makes of them."""


def read(path: Path, pandoc: Pandoc) -> Read:
    """A file in one of the formats of `FORMS`."""
    content = path.read_bytes()
    tree = pandoc.document(content, FORMS[path.suffix.lower()])
    found = Read(
        tree.blocks, raw=tuple(_paragraphs(content)) if path.suffix.lower() == ".docx" else ()
    )
    for name, value in tree.meta.items():
        words = " ".join(_meta(value).split())
        if name == "title":
            found.title = words
        elif name == "subtitle":
            found.subtitle = words
        elif words and path.suffix.lower() != ".epub":
            found.gone.append(Gone(words, f"the file’s own “{name}” is no part of the text"))
    blocks = _pictures(path, pandoc, tuple(_cleaned(tree.blocks, found)), found)
    blocks = n.rewrite(blocks, lambda node: _labelled(node, found))
    found.blocks, found.headings = _levelled(blocks, found)
    return found


def _meta(value: Any) -> str:
    """The words of a metadata value, which is pandoc's JSON."""
    if isinstance(value, list):
        return "".join(map(_meta, value))
    if not isinstance(value, dict):
        return value if isinstance(value, str) else ""
    if value.get("t") in ("Space", "SoftBreak", "LineBreak"):
        return " "
    return _meta(value.get("c", ""))


def _paragraphs(content: bytes) -> Iterator[str]:
    """The text of each paragraph of a Word file, those in text boxes, too, and without deleted text."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if PARTS.fullmatch(name):
                text = archive.read(name).decode("utf-8", "replace")
                for paragraph in PARAGRAPH.findall(
                    re.sub(r"<mc:Fallback>.*?</mc:Fallback>", "", text, flags=re.S)
                ):
                    words = "".join(x[1] or " " for x in RUN.finditer(paragraph))
                    if words.strip():
                        yield _unescaped(words)


def _unescaped(text: str) -> str:
    for escape, character in (
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", '"'),
        ("&apos;", "'"),
        ("&amp;", "&"),
    ):
        text = text.replace(escape, character)
    return text


# ------------------------------------------------------------------------------ cleaning


def _cleaned(blocks: Iterable[Any], found: Read) -> Iterator[Any]:
    """Blocks without the styles, anchors and contents of the old file."""
    for block in blocks:
        if isinstance(block, n.Div):
            style = block.attr.get("custom-style")
            if CONTENTS.match(style) or "TOC" in block.attr.classes:
                found.gone += _lines_of(block, "contents are made anew")
            elif "caption" in style.lower():
                yield n.Div((n.Attr("", (CAPTION,)), tuple(_cleaned(block.blocks, found))))
            elif COVER.search(style):
                yield from _cover(block, style, found)
            else:
                yield from _cleaned(block.blocks, found)
        elif isinstance(block, n.RawBlock | n.HorizontalRule):
            continue
        else:
            yield from n.rewrite((block,), _plain)


def _cover(block: n.Div, style: str, found: Read) -> Iterator[Any]:
    words = n.plain(block.blocks)
    if "subtitle" in style.lower() and not found.subtitle:
        found.subtitle = words
    elif "title" in style.lower() and "sub" not in style.lower() and not found.title:
        found.title = words
    elif "cover" in style.lower() or "marking" in style.lower():
        found.gone += _lines_of(block, "the cover is made anew")
    else:
        yield from _cleaned(block.blocks, found)


def _lines_of(block: n.Div, why: str) -> Iterator[Gone]:
    for one in block.blocks:
        words = n.plain(one)
        if words:
            yield Gone(words, why)


def _plain(node: Any) -> Any:
    """Without what only the old file's looks and targets needed."""
    if isinstance(node, n.Div):
        return node.blocks
    if isinstance(node, n.Span):
        return node.inlines
    if isinstance(node, n.Table):
        return _with_caption(node, node.caption, n.NO_ATTR)
    if isinstance(node, n.RawInline):
        return n.Str("")
    if isinstance(node, n.Link) and not ADDRESS.match(node.url):
        return node.inlines
    return node


# ------------------------------------------------------------------------------ headings


def _levelled(blocks: n.Blocks, found: Read) -> tuple[n.Blocks, tuple[dict[str, str], ...]]:
    """Headings with their levels, without the numbers that the product makes itself."""
    pieces = [piece for block in blocks for piece in _piece(block, found)]
    heads = [one for one, _ in pieces if one]
    levels = Levels(heads)
    made: list[Any] = []
    before: list[Any] = []
    for one, block in pieces:
        before.append(block if one is None else n.Para(n.text(one.text)))
        if one is None:
            made.append(block)
        elif one.kind == "questions":
            level = next((x.level for x in reversed(made) if isinstance(x, n.Header)), 1)
            made.append(n.Header((level + 1, n.Attr("", ("unnumbered",)), n.text(one.text))))
        else:
            keep = levels.keeps(one)
            words = block.inlines if keep else _after(block.inlines, one.number)
            made.append(n.Header((levels.of(one), levels.attr(one), words)))
            before[-1] = n.Para(n.text(f"{one.number} {one.text}" if keep else one.text))
    found.before = tuple(before)
    found.gone += levels.dropped(one for one in heads if one.kind != "questions")
    return tuple(made), levels.settings


def _piece(block: Any, found: Read) -> Iterator[tuple[Passage | None, Any]]:
    """A heading with what is known of it, or another block."""
    if isinstance(block, n.Header):
        yield _heading(block), block
        return
    words = n.plain(block) if isinstance(block, n.Para | n.Plain) else ""
    short = 0 < len(words) < HEADING_LENGTH and not words.rstrip().endswith((".", ":", ";", ","))
    bold = short and all(isinstance(x, n.Strong | n.Space | n.SoftBreak) for x in block.c)
    if short and (bold or DAY.fullmatch(words)):
        level = 1 if DAY.fullmatch(words) else 9
        inlines = tuple(y for x in block.c for y in (x.c if isinstance(x, n.Strong) else (x,)))
        head = n.Header((level, n.NO_ATTR, inlines))
        what = f"“{words[:60]}” is a heading, though it has no style of one"
        found.guesses.append(Guess("headings", what, Sure.LIKELY, "", words[:30]))
        yield _heading(head), head
    elif asked := QUESTIONS.match(words):
        yield Passage("questions", asked[1], (Line("", 0, size=1.0),)), None
        yield None, n.Para(_after(block.c, asked[0]))
    else:
        yield None, block


def _heading(block: n.Header) -> Passage:
    words = n.plain(block.inlines)
    line = (Line(words, 0, size=1.0),)
    if day := DAY.fullmatch(words):
        return Passage("day", day[2], line, words[: day.start(2)].strip(" :.–—-"), block.level)
    if numbered := BARE.fullmatch(words):
        return Passage("heading", numbered[2], line, numbered[1], block.level)
    return Passage("heading", words, line, "", block.level)


def _after(inlines: n.Inlines, start: str) -> n.Inlines:
    """Inlines without the words at their beginning, and without the mark that divides these off."""
    rest, _ = _without_first(inlines, len("".join(start.split())))
    while rest and isinstance(rest[0], n.Space | n.SoftBreak | n.LineBreak):
        rest = rest[1:]
    if rest and isinstance(rest[0], n.Str) and rest[0].c in (":", "–", "—", "-", "."):
        return _after(rest, rest[0].c)
    if rest and isinstance(rest[0], n.Str) and rest[0].c[:1] == ":":
        return _after((n.Str(rest[0].c[1:]), *rest[1:]), "")
    return rest


def _without_first(inlines: n.Inlines, count: int) -> tuple[n.Inlines, int]:
    """Inlines without so many letters and marks, and how many of these are still to be left out."""
    kept: list[Any] = []
    for node in inlines:
        if count <= 0:
            kept.append(node)
        elif isinstance(node, n.Str):
            rest = node.c
            while rest and count > 0:
                count -= not rest[0].isspace()
                rest = rest[1:]
            kept += [n.Str(rest)] * bool(rest)
        elif isinstance(node, n.Span):
            inside, count = _without_first(node.inlines, count)
            kept += [n.Span((node.attr, inside))] * bool(inside)
        elif isinstance(node, n.Strong | n.Emph | n.Underline | n.SmallCaps):
            inside, count = _without_first(node.c, count)
            kept += [type(node)(inside)] * bool(inside)
        elif not isinstance(node, n.Space | n.SoftBreak | n.LineBreak):
            kept.append(node)
    return tuple(kept), count


# ------------------------------------------------------------------------------ pictures


def _pictures(path: Path, pandoc: Pandoc, blocks: n.Blocks, found: Read) -> n.Blocks:
    """Pictures with names of ours, and a place for the words of those who cannot see them."""
    media = pandoc.media()
    names: dict[str, str] = {}

    def change(node: Any) -> Any:
        if isinstance(node, n.Figure):
            return _of_figure(node)
        if not isinstance(node, n.Image):
            return node
        target = node.url
        if target not in names:
            content = media.get(target) or _beside(path, target)
            if content is None:
                what = f"the picture {target[:80]} is not in the file"
                found.guesses.append(Guess("pictures", what, Sure.UNSURE))
                return n.Str("")
            suffix = Path(target).suffix.lower() or ".png"
            names[target] = f"{path.stem}-{len(names) + 1}{suffix}"
            found.pictures[names[target]] = content
        alt = n.plain(node.inlines)
        if not alt:
            what = f"{names[target]} has no alternative text: write what it shows"
            found.guesses.append(Guess("pictures", what, Sure.UNSURE, "", names[target]))
        attr = n.Attr("", (), (("alt", alt or LATER),))
        return n.Image((attr, (), (f"images/{names[target]}", "")))

    return _captioned(n.rewrite(blocks, change))


def _of_figure(node: n.Figure) -> Any:
    """A figure as its picture with the caption; what else is in it stays as blocks."""
    pictures = [x for x in n.walk(node.blocks) if isinstance(x, n.Image)]
    if len(pictures) != 1:
        return n.Div((n.NO_ATTR, (*node.blocks, *node.caption.blocks)))
    words = tuple(y for x in node.caption.blocks if isinstance(x, n.Para | n.Plain) for y in x.c)
    attr, _, target = pictures[0].c
    return n.Para((n.Image((attr, words, target)),))


def _captioned(blocks: n.Blocks) -> n.Blocks:
    """A caption belongs to the table below it, or else to the picture above it."""
    made: list[Any] = []
    for block, after in zip(blocks, (*blocks[1:], None), strict=True):
        before = made[-1] if made else None
        if isinstance(block, n.Div) and CAPTION in block.attr.classes:
            inside = block.blocks[0] if len(block.blocks) == 1 else None
            words = inside.c if isinstance(inside, n.Para | n.Plain) else None
            alone = isinstance(before, n.Para) and len(before.c) == 1
            picture = before.c[0] if isinstance(before, n.Para) and alone else None
            if words and isinstance(after, n.Table) and not after.caption.blocks:
                made.append(block)
            elif words and isinstance(picture, n.Image):
                made[-1] = n.Para((n.Image((picture.attr, words, picture.c[2])),))
            else:
                made += block.blocks
        elif isinstance(block, n.Table) and isinstance(before, n.Div):
            made[-1] = _with_caption(block, n.Caption(None, before.blocks))
        else:
            made.append(block)
    return tuple(made)


def _with_caption(table: n.Table, caption: n.Caption, attr: n.Attr | None = None) -> n.Table:
    _, _, columns, head, bodies, foot = table.c
    return n.Table((attr or table.attr, caption, columns, head, bodies, foot))


def _labelled(node: Any, found: Read) -> Any:
    """A table or a picture whose caption begins with its number has an id instead of that."""
    if isinstance(node, n.Table):
        caption = node.caption
        first = caption.blocks[0] if caption.blocks else None
        label = LABEL.match(n.plain(first)) if isinstance(first, n.Para | n.Plain) else None
        if label and isinstance(first, n.Para | n.Plain):
            found.gone.append(Gone(label[0].strip(), "numbers of captions are made anew"))
            words = n.Plain(_after(first.c, label[0]))
            caption = n.Caption(None, (words, *caption.blocks[1:]))
            return _with_caption(node, caption, n.Attr(f"tbl-{label[1]}"))
    if isinstance(node, n.Image):
        label = LABEL.match(n.plain(node.inlines))
        if label:
            found.gone.append(Gone(label[0].strip(), "numbers of captions are made anew"))
            attr = node.attr.with_id(f"fig-{label[1]}")
            return n.Image((attr, _after(node.inlines, label[0]), node.c[2]))
    return node


def _beside(path: Path, target: str) -> bytes | None:
    """A picture that lies beside an HTML page, or below it."""
    if re.match(r"[a-z][a-z0-9+.-]*:|/|\\", target, re.IGNORECASE):
        return None
    file = (path.parent / target).resolve()
    inside = file.is_relative_to(path.parent.resolve()) and file.is_file()
    return file.read_bytes() if inside else None
