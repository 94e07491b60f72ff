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
from collections.abc import Iterator
from urllib.parse import unquote_plus

LONGEST = 50_000_000
"""Bytes of a compressed file that are read."""
DEPTH = 3
"""Archives in archives that are opened."""
ESCAPE = re.compile(r"\\(?:u\{?([0-9a-fA-F]{4,6})\}?|x([0-9a-fA-F]{2})|([0-9a-fA-F]{1,6})[ \t\n]?)")
ENCODED = re.compile(r"[A-Za-z0-9+/]{40,}")
EMBEDDED = re.compile(r";base64,([A-Za-z0-9+/]+)")
PRINTED = re.compile(rb"[\x20-\x7e\xc0-\xff\x80-\xbf]{24,}")
WIDE = re.compile(rb"(?:[\x20-\x7e]\0){12,}")


def readings(text: str) -> Iterator[str]:
    """A text as it stands, and as what it is when its encodings are undone."""
    if ";base64," in text:
        for run in EMBEDDED.findall(text):
            yield from _decoded(run)
        text = EMBEDDED.sub(" ", text)
    yield text
    if "%" in text:
        yield unquote_plus(text)
    if "&" in text:
        yield html.unescape(text)
    if "\\" in text:
        yield ESCAPE.sub(lambda met: _character(met[1] or met[2] or met[3]), text)
    if len(text) >= 40:
        for run in ENCODED.findall(text):
            yield from _decoded(run)


def _decoded(run: str) -> Iterator[str]:
    try:
        yield from legible(base64.b64decode(run + "=" * (-len(run) % 4)))
    except binascii.Error:
        return


def _character(code: str) -> str:
    number = int(code, 16)
    return chr(number) if number <= 0x10FFFF else " "


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
        yield run.decode("utf-8", "replace")
    if b" \0" in data:  # UTF-16, as in EXIF
        for run in WIDE.findall(data):
            yield run.decode("utf-16-le", "replace")


def _archived(data: bytes, depth: int) -> Iterator[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for item in archive.infolist():
                yield item.filename
                if item.file_size <= LONGEST:
                    yield from legible(archive.read(item), depth)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError):  # or one with a password
        return
