"""What makes a PDF one of PDF/UA-1 and PDF/A-3a, beyond what WeasyPrint does?

Structure elements that it has no tags for (ISO 32000-1, 14.8.4): notes, contents, references to
notes; the language of parts; the scope of header cells. And metadata that claims both standards
(ISO 14289-1, 5; ISO 19005-3, 6.6.4), since WeasyPrint knows one variant at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from xml.etree.ElementTree import Element

import pydyf
import weasyprint
from weasyprint.formatting_structure.boxes import MarginBox
from weasyprint.pdf import tags
from weasyprint.pdf.stream import Stream

from report_build.diagnostics import MachineError

VERSION = "70."
"""Of WeasyPrint, whose private function for tags is wrapped here."""
VARIANT = "pdf/a-3a"
MARK = "data-in-contents"
"""An attribute of what stands in a table of contents."""
IN_CONTENTS = {"/L": "/TOC", "/LI": "/TOCI", "/LBody": "/NonStruct"}
"""Tags of lists, and those of the same lists in a table of contents."""
TAGS = {
    "header": "/Sect", "nav": "/Sect", "aside": "/Sect", "pre": "/Code", "code": "/Code",
    "a::before": "/Span", "a::after": "/Span",
    "span::footnote-call": "/Reference", "span::footnote-marker": "/Lbl",
}  # fmt: skip
"""Tags of elements and pseudo-elements that WeasyPrint has none for, or another one."""
ONCE = {"/P", "/Link", *(f"/H{level}" for level in range(1, 7))}
"""Tags that make no sense in one another."""
EMPTY = {"/Span", "/NonStruct", "/Div"}
"""Tags of elements that say nothing when there is nothing in them."""

PDFUA = """\
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""
"""PDF/UA-1, and the description of its property that PDF/A asks for."""
IDENTIFIER = """\
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier>{}</dc:identifier></rdf:Description>
"""
"""ISO 16684-1, 8.3."""


def claim(metadata: Any, identifier: str) -> None:
    """Have the XMP metadata claim PDF/UA-1, too, and say which file this is."""
    written = metadata.generate_rdf_metadata
    said = PDFUA + (IDENTIFIER.format(identifier) if identifier else "")

    def with_claims(*variant: Any) -> bytes:
        return bytes(written(*variant).replace(b"</rdf:RDF>", said.encode() + b"</rdf:RDF>"))

    metadata.generate_rdf_metadata = with_claims


def prepare(page: Element) -> None:
    """Have the structure elements of a page corrected as WeasyPrint makes them."""
    if not weasyprint.__version__.startswith(VERSION):
        raise MachineError(
            f"WeasyPrint is {weasyprint.__version__}, not {VERSION}0",
            "make distclean all, or pip install -r requirements.lock",
        )
    tags._build_box_tree = _build_box_tree
    Stream.marked = _marked
    for nav in page.iter("nav"):
        if nav.get("role") == "doc-toc":
            for element in nav.iter():
                element.set(MARK, "")


_written, _drawn = tags._build_box_tree, Stream.marked


def _marked(stream: Any, box: Any, tag: str) -> AbstractContextManager[None]:
    """As WeasyPrint's; text in the margins of pages, which is no element's, is an artifact."""
    return _pagination(stream) if box.element is None else _drawn(stream, box, tag)


@contextmanager
def _pagination(stream: Any) -> Iterator[None]:
    """What is drawn belongs to the page (ISO 32000-1, 14.8.2.2.2)."""
    stream.begin_marked_content("Artifact", pydyf.Dictionary({"Type": "/Pagination"}))
    yield
    stream.end_marked_content()


def _build_box_tree(box: Any, parent: Any, *more: Any) -> Iterator[Any]:
    """As WeasyPrint's, whose arguments and results these are."""
    source = getattr(box, "_box", box)  # of a box that is placed absolutely
    if isinstance(source, MarginBox):
        return
    for element in _written(box, parent, *more):
        if source.element is not None:
            _correct(element, source, parent)
        if element["K"] or element["S"] not in EMPTY:
            yield element


def _correct(element: Any, box: Any, parent: Any) -> None:
    """The tag, language, scope or id of one structure element."""
    source, name, tag = box.element, box.element_tag, element["S"]
    language = source.get("lang") or source.get("{http://www.w3.org/XML/1998/namespace}lang")
    if language and name != "html":
        element["Lang"] = pydyf.String(language)
    if name == "th" and tag == "/TH":
        element["A"]["Scope"] = "/Row" if source.get("scope") == "row" else "/Column"
    elif name == "span" and source.get("role") == "doc-footnote" and tag == "/Span":
        element["S"] = "/Note"
        element["ID"] = pydyf.String(f"note-{element.number}")
    elif name in ("ul", "ol", "li") and MARK in source.attrib:
        element["S"] = IN_CONTENTS.get(tag, tag)
    elif tag == parent["S"] and tag in ONCE and not box.link_annotation:
        element["S"] = "/NonStruct"  # a block of the same element around its lines
    elif name in TAGS:
        element["S"] = TAGS[name]
