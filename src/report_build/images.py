"""What is in the image files that a master names?

An image is a PNG, JPEG or SVG file in the folder of the file that names it or below the
project, reached through no link. It is read once; from then on it is a `data:` URI.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from report_build import nodes as n
from report_build.document import Document, offsets
from report_build.limits import LIMITS, Limits
from report_build.pictures import PictureError, bare
from report_build.source import is_hidden

TYPES = {
    ".png": ("image/png", rb"\x89PNG\r\n\x1a\n"),
    ".jpg": ("image/jpeg", rb"\xff\xd8\xff"),
    ".jpeg": ("image/jpeg", rb"\xff\xd8\xff"),
    ".svg": ("image/svg+xml", rb"\s*(?:<\?xml[^>]*>)?\s*(?:<!--.*?-->\s*)*<svg[\s>]"),
}

Images = Mapping[tuple[str, int], str]
"""By target and offset of the image: a `data:` URI, or what is wrong with it."""


def read(document: Document, project: Path, limits: Limits = LIMITS) -> dict[tuple[str, int], str]:
    """All images that a document shows. A value that is no `data:` URI says what is wrong."""
    found: dict[tuple[str, int], str] = {}
    for node in document.walked:
        if isinstance(node, n.Image):
            at = offsets(node.attr)[0]
            found[node.url, at] = _read(node.url, document.source.folder_of(at), project, limits)
    return found


def _read(url: str, folder: PurePosixPath, project: Path, limits: Limits) -> str:
    if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//", url):
        return "images come from files of the project, not from elsewhere"
    name = PurePosixPath(unquote(url))
    if name.is_absolute() or ".." in name.parts:
        return "the path leads out of the folder of the text"
    if is_hidden(Path(folder / name)):
        return "files that are hidden are not shown"
    kind, magic = TYPES.get(name.suffix.lower(), ("", b""))
    if not kind:
        return "only .png, .jpg and .svg files can be shown"
    path = project
    for part in (folder / name).parts:
        path = path / part
        if path.is_symlink():
            return "links to files are not followed"
    return _data_uri(path, kind, magic, limits)


def _data_uri(path: Path, kind: str, magic: bytes, limits: Limits) -> str:
    if not path.is_file():
        near = sorted(p.name for p in path.parent.glob("*")) if path.parent.is_dir() else []
        return f"there is no such file ({', '.join(near[:5])} …)" if near else "no such file"
    if path.stat().st_size > limits.picture_bytes:
        return f"the file is larger than {limits.picture_bytes // 1_000_000} MB"
    content = path.read_bytes()
    if not re.match(magic, content, re.S):
        return f"the file is no {kind.removeprefix('image/').removesuffix('+xml').upper()} image"
    try:
        shown = bare(kind, content, limits)
    except PictureError as error:
        return str(error)
    return f"data:{kind};base64,{base64.b64encode(shown).decode()}"


def shown(document: Document, images: Images) -> Document:
    """The document with every readable image as a `data:` URI."""
    from dataclasses import replace

    def change(node: object) -> object:
        if isinstance(node, n.Image):
            attr, inlines, (url, title) = node.c
            data = images.get((url, offsets(attr)[0]), "")
            if data.startswith("data:"):
                return n.Image((attr, inlines, (data, title)))
        return node

    return replace(document, blocks=n.rewrite(document.blocks, change))
