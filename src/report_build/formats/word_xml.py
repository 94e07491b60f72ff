"""How is WordprocessingML written and read?

Names are written with their usual prefix, `w:p`. Properties of paragraphs, runs, tables and so
on are a sequence in the schema (ECMA-376 part 1, annex A); `properties` and `put` keep it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

Element = Any
"""An lxml element; its stubs do not reach far enough to be of use."""

NAMESPACES: Mapping[str, str] = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "asvg": "http://schemas.microsoft.com/office/drawing/2016/SVG/main",
    "rb": "urn:report-build",
    "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
}
for _prefix, _uri in NAMESPACES.items():
    etree.register_namespace(_prefix, _uri)
DECLARED = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

ORDER: Mapping[str, tuple[str, ...]] = {
    "w:pPr": (
        "pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl", "numPr",
        "suppressLineNumbers", "pBdr", "shd", "tabs", "suppressAutoHyphens", "bidi", "spacing", "ind",
        "contextualSpacing", "jc", "textAlignment", "outlineLvl", "rPr", "sectPr",
    ),
    "w:rPr": (
        "rStyle", "rFonts", "b", "bCs", "i", "iCs", "caps", "smallCaps", "strike", "noProof",
        "color", "spacing", "kern", "position", "sz", "szCs", "u", "shd", "vertAlign", "rtl", "lang",
    ),
    "w:tblPr": (
        "tblStyle", "tblpPr", "tblOverlap", "bidiVisual", "tblStyleRowBandSize",
        "tblStyleColBandSize", "tblW", "jc", "tblCellSpacing", "tblInd", "tblBorders", "shd",
        "tblLayout", "tblCellMar", "tblLook", "tblCaption", "tblDescription",
    ),
    "w:tcPr": (
        "cnfStyle", "tcW", "gridSpan", "hMerge", "vMerge", "tcBorders", "shd", "noWrap", "tcMar",
        "textDirection", "tcFitText", "vAlign", "hideMark",
    ),
    "w:trPr": ("cantSplit", "tblHeader"),
    "w:sectPr": (
        "headerReference", "footerReference", "footnotePr", "endnotePr", "type", "pgSz", "pgMar",
        "paperSrc", "pgBorders", "lnNumType", "pgNumType", "cols", "formProt", "vAlign",
        "noEndnote", "titlePg", "textDirection", "bidi", "rtlGutter", "docGrid",
    ),
}  # fmt: skip


def q(name: str) -> str:
    """A prefixed name as lxml wants it."""
    prefix, _, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def element(name: str, /, *children: Element, **attributes: str | int) -> Element:
    """An element; attributes without prefix get the element's own (`r_id` stands for `r:id`)."""
    made = etree.Element(q(name), nsmap={"w": NAMESPACES["w"]})
    prefix = name.partition(":")[0]
    for key, value in attributes.items():
        full = key.replace("_", ":") if "_" in key else f"{prefix}:{key}"
        made.set(q(full), str(value))
    made.extend(children)
    return made


def properties(name: str, /, **values: Any) -> Element:
    """A sequence of properties in the order of the schema.

    True is an empty element, False `val="0"`, text or a number its `val`, a mapping its
    attributes, an element itself; None is left out.
    """
    made = element(name)
    for key, value in values.items():
        if value is not None:
            put(made, _property(key, value))
    return made


def _property(key: str, value: Any) -> Element:
    name = f"w:{key}"
    if value is True:
        return element(name)
    if isinstance(value, bool | str | int):
        return element(name, val=int(value) if isinstance(value, bool) else value)
    if isinstance(value, Mapping):
        return element(name, **value)
    return value


def put(parent: Element, child: Element) -> None:
    """Set a property: in its place in the sequence, instead of one of that name."""
    order = ORDER["w:" + local(parent)]
    rank = order.index(local(child))
    for old in list(parent):
        if local(old) == local(child):
            parent.remove(old)
    index = sum(1 for old in parent if local(old) in order[:rank])
    parent.insert(index, child)


def of(parent: Element, name: str) -> Element:
    """The properties element of a paragraph, run, table …, made if it has none."""
    found = parent.find(q(name))
    if found is None:
        found = element(name)
        parent.insert(
            1 if name == "w:trPr" and parent.find(q("w:tblPrEx")) is not None else 0, found
        )
    return found


def style_of(paragraph: Element) -> str:
    """The id of a paragraph's style, or nothing."""
    found = paragraph.find(f"{q('w:pPr')}/{q('w:pStyle')}")
    return found.get(q("w:val")) if found is not None else ""


def set_style(paragraph: Element, style: str) -> None:
    """Give a paragraph a style."""
    put(of(paragraph, "w:pPr"), element("w:pStyle", val=style))


def local(node: Element) -> str:
    """An element's name without its namespace."""
    return str(etree.QName(node).localname)


def every(root: Element, name: str) -> Iterator[Element]:
    """All elements of a name below another, as a list that may be changed."""
    return iter(list(root.iter(q(name))))


def words(node: Element) -> str:
    """The text that stands in an element."""
    return "".join(text.text or "" for text in node.iter(q("w:t")))


def parse(content: bytes | str) -> Element:
    """A part of the file as its root element; nothing is loaded or expanded."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=False)
    return etree.fromstring(content.encode() if isinstance(content, str) else content, parser)


def fragment(xml: str) -> Element:
    """One element written with the usual prefixes."""
    root = parse(f"<root {DECLARED}>{xml}</root>")
    return root[0]


def serialized(root: Element) -> bytes:
    """A part as bytes, with the namespaces that it uses declared at its head."""
    etree.cleanup_namespaces(root, keep_ns_prefixes=["w", "r"])
    return HEAD.encode() + etree.tostring(root, encoding="UTF-8")


# ------------------------------------------------------------------ as text, for pandoc


def run(content: str, style: str = "") -> str:
    """A run around its content; the style is a character style's id."""
    inner = f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else ""
    return f"<w:r>{inner}{content}</w:r>"


def text(content: str) -> str:
    """Text of a run."""
    return f'<w:t xml:space="preserve">{escape(content)}</w:t>'


def quoted(value: str) -> str:
    """A value as an attribute, with its quotation marks."""
    return quoteattr(value, {"\n": " ", "\t": " "})
