"""How is a Word file put together so that the same parts give the same bytes?

ECMA-376 part 2: every part has a content type, and the first one says which.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from copy import copy
from functools import lru_cache

from report_build.formats.word_xml import HEAD, quoted

TIME = (1980, 1, 1, 0, 0, 0)
PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
DEFAULTS = {
    "jpeg": "image/jpeg",
    "odttf": "application/vnd.openxmlformats-officedocument.obfuscatedFont",
    "png": "image/png",
    "rels": "application/vnd.openxmlformats-package.relationships+xml",
    "svg": "image/svg+xml",
    "xml": "application/xml",
}
TYPES = {
    "word/document.xml": f"{WORD}document.main+xml",
    "word/styles.xml": f"{WORD}styles+xml",
    "word/settings.xml": f"{WORD}settings+xml",
    "word/numbering.xml": f"{WORD}numbering+xml",
    "word/fontTable.xml": f"{WORD}fontTable+xml",
    "word/footnotes.xml": f"{WORD}footnotes+xml",
    "word/theme/theme1.xml": "application/vnd.openxmlformats-officedocument.theme+xml",
    "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    "docProps/app.xml": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
}


def unzipped(content: bytes) -> dict[str, bytes]:
    """The parts of a package by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """A package: its parts in their order, with neither clock nor machine in it."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            if name.endswith(FONT):
                _add(archive, target, *_packed(name, content))
            else:
                archive.writestr(_info(name), content)
    return target.getvalue()


FONT = ".odttf"
"""What most of a package is, and the same in all of them."""


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, TIME)
    info.create_system = 0
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


@lru_cache(maxsize=32)
def _packed(name: str, content: bytes) -> tuple[zipfile.ZipInfo, bytes]:
    """An entry as it stands in every package: what is said of it, and its bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(_info(name), content)
        return archive.getinfo(name), target.getvalue()


def _add(archive: zipfile.ZipFile, target: io.BytesIO, info: zipfile.ZipInfo, entry: bytes) -> None:
    """Add an entry that is packed already, for which `zipfile` has no function."""
    info = copy(info)
    info.header_offset = target.tell()
    target.write(entry)
    archive.filelist.append(info)
    archive.NameToInfo[info.filename] = info
    archive.start_dir = target.tell()


def content_types(names: Iterable[str]) -> bytes:
    """`[Content_Types].xml` for parts of these names."""
    names = sorted(names)
    suffixes = sorted({name.rpartition(".")[2] for name in names} | {"rels", "xml"})
    lines = [
        f'<Default Extension="{suffix}" ContentType="{DEFAULTS[suffix]}"/>' for suffix in suffixes
    ]
    for name in names:
        kind = TYPES.get(name) or _running_type(name)
        if kind:
            lines.append(f'<Override PartName="/{name}" ContentType="{kind}"/>')
    return f'{HEAD}<Types xmlns="{PACKAGE}content-types">{"".join(lines)}</Types>'.encode()


def _running_type(name: str) -> str:
    kind = name.removeprefix("word/")[:6]
    return f"{WORD}{kind}+xml" if kind in ("header", "footer") else ""


def relationships(rows: Iterable[tuple[str, str, str]]) -> bytes:
    """A `.rels` part from rows of id, type and target; a target with a scheme is outside."""
    lines = []
    for relation, kind, target in rows:
        outside = ' TargetMode="External"' if kind.endswith("/hyperlink") else ""
        lines.append(
            f'<Relationship Id="{relation}" Type="{kind}" Target={quoted(target)}{outside}/>'
        )
    return f'{HEAD}<Relationships xmlns="{PACKAGE}relationships">{"".join(lines)}</Relationships>'.encode()
