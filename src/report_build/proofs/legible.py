"""What can be read in bytes, and in text that is written in other characters?

A leak need not be in plain words: an address has them percent-encoded, a script or a style sheet
in escapes, a comment in entities, an attachment compressed.
"""

from __future__ import annotations

import base64
import binascii
import gzip
import html
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from urllib.parse import unquote_plus

LONGEST = 50_000_000
"""Bytes of a compressed file that are read."""
NEAR = 500
"""Characters before and after an encoded one that are read with it: more than some words need."""
DEPTH = 3
"""Archives in archives that are opened."""
ESCAPE = re.compile(r"\\(?:u\{?([0-9a-fA-F]{4,6})\}?|x([0-9a-fA-F]{2})|([0-9a-fA-F]{1,6})[ \t\n]?)")
ENCODED = re.compile(r"[A-Za-z0-9+/]{40,}")
EMBEDDED = re.compile(r";base64,([A-Za-z0-9+/]+)")
PRINTED = re.compile(rb"[\x20-\x7e\x80-\xff]{24,}")
LATIN = re.compile(rb"[A-Za-z]{5}")
WIDE = re.compile(rb"(?:[\x20-\x7e]\0){12,}")


def readings(text: str) -> Iterator[str]:
    """A text as it stands, and as what it is when its encodings are undone."""
    if ";base64," in text:
        for run in EMBEDDED.findall(text):
            yield from _decoded(run)
        text = EMBEDDED.sub(" ", text)
    yield text
    for mark, undone in UNDOING.items():
        for stretch in _around(mark, text):
            yield undone(stretch)
    if len(text) >= 40:
        for run in ENCODED.findall(text):
            yield from _decoded(run)


def _around(mark: str, text: str) -> Iterator[str]:
    """The stretches of a text in which a mark stands, with what is near it."""
    start = end = -1
    at = text.find(mark)
    while at >= 0:
        if at - NEAR > end:
            if end >= 0:
                yield text[start:end]
            start = max(at - NEAR, 0)
        end = at + NEAR
        at = text.find(mark, at + 1)
    if end >= 0:
        yield text[start:end]


def _unescaped(text: str) -> str:
    return ESCAPE.sub(lambda met: _character(met[1] or met[2] or met[3]), text)


def _decoded(run: str) -> Iterator[str]:
    try:
        yield from legible_once(base64.b64decode(run + "=" * (-len(run) % 4)))
    except binascii.Error:
        return


def _character(code: str) -> str:
    number = int(code, 16)
    return chr(number) if number <= 0x10FFFF else " "


UNDOING: Mapping[str, Callable[[str], str]] = {
    "%": unquote_plus,
    "&": html.unescape,
    "\\": _unescaped,
}
"""What undoes each kind of encoding, by the mark of what is encoded."""


def legible(data: bytes, depth: int = DEPTH) -> Iterator[str]:
    """What can be read in bytes: of text, of pictures, of archives in any number of layers."""
    if depth and data[:2] == b"PK":
        yield from _archived(data, depth - 1)
    if depth and data[:2] == b"\x1f\x8b":
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            try:
                yield from legible(file.read(LONGEST), depth - 1)
            except (OSError, EOFError):
                return
        return
    head = data[:256].lstrip()
    if head.startswith((b"<", b"{")) or b"<svg" in head:
        yield data.decode("utf-8", "replace")
        return
    for run in PRINTED.findall(data):
        if LATIN.search(run) or _is_utf8(run):
            yield run.decode("utf-8", "replace")
    if b" \0" in data:  # UTF-16, as in EXIF
        for run in WIDE.findall(data):
            yield run.decode("utf-16-le", "replace")


def _is_utf8(data: bytes) -> bool:
    """Whether bytes are a piece of UTF-8, which may begin and end within a character."""
    inside = data.lstrip(bytes(range(0x80, 0xC0)))
    try:
        inside.decode()
    except UnicodeDecodeError as error:
        return error.end >= len(inside) - 2
    return True


@lru_cache(maxsize=256)
def legible_once(data: bytes) -> tuple[str, ...]:
    """The same for what stands in many files, such as fonts."""
    return tuple(legible(data))


def bare(data: bytes) -> bytes:
    """An archive without the data of its items, which are read as such; other bytes as they are."""
    if data[:2] != b"PK":
        return data
    kept, end = [], 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            items = sorted(archive.infolist(), key=lambda item: item.header_offset)
    except (zipfile.BadZipFile, NotImplementedError):
        return data
    for item in items:
        head = data[item.header_offset :][:30]
        names, extra = (int.from_bytes(head[at : at + 2], "little") for at in (26, 28))
        start = item.header_offset + 30 + names + extra
        kept.append(data[end:start])
        end = start + item.compress_size
    return b"\0".join([*kept, data[end:]])


def _archived(data: bytes, depth: int) -> Iterator[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for item in archive.infolist():
                yield item.filename
                if item.file_size <= LONGEST:
                    yield from legible(archive.read(item), depth)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError):  # or one with a password
        return
