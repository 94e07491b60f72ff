"""By which name is a paragraph known that went out in a Word file and may come back?

The name is made from the text. Word and LibreOffice keep it when the paragraph is edited, so that
a paragraph whose name is not that of its text was changed after it went out.
"""

from __future__ import annotations

import hashlib

from report_build.formats.word_xml import Element, q


def paragraph_text(paragraph: Element) -> str:
    """The words of a paragraph, before any change that is tracked in it."""
    parts = []
    for node in paragraph.iter(q("w:t"), q("w:delText"), q("w:tab"), q("w:br")):
        if _owner(node) is not paragraph or _is_inserted(node, paragraph):
            continue
        is_text = node.tag in (q("w:t"), q("w:delText"))
        parts.append((node.text or "") if is_text else " ")
    return " ".join("".join(parts).split())


def paragraph_name(text: str, count: int, part: str) -> str:
    """Eight hexadecimal digits: of a text, which paragraph of that text it is, in which part."""
    digest = hashlib.sha256(f"{part} {count} {text}".encode()).digest()
    number = int.from_bytes(digest[:4], "big") & 0x7FFFFFFF or 1
    return f"{number:08X}"


def _owner(node: Element) -> Element:
    """The paragraph that a node belongs to; a text box has paragraphs of its own."""
    while node.tag != q("w:p"):
        node = node.getparent()
    return node


def _is_inserted(node: Element, paragraph: Element) -> bool:
    while node is not paragraph:
        if node.tag in (q("w:ins"), q("w:moveTo")):
            return True
        node = node.getparent()
    return False
