"""Does the finished file tell anything of the machine, its user or the time that made it?"""

from __future__ import annotations

import getpass
import re
import socket
from collections.abc import Iterator, Mapping
from functools import cache

from report_build.proofs.opened import Opened
from report_build.proofs.subject import At, Subject

ROOTS = (
    "home", "Users", "root", "tmp", "var", "private", "work", "mnt", "opt", "srv", "build", "builds",
    "runner",
)  # fmt: skip
PATH = re.compile(
    rf"(?<![\w.:/])(?:/(?:{'|'.join(ROOTS)})/[\w.~+/-]+"
    r"|[A-Za-z]:\\(?:Users|Temp|work)\\[\w.\\-]+|file:/{1,3}[\w./-]+)"
)
SIGNS = (*(f"/{root}/" for root in ROOTS), ":\\", "file:/")
"""One of them is in every such path."""
COMMON = frozenset({"root", "user", "admin", "build", "runner", "ubuntu", "debian", "nobody"})
"""Names of users that are words."""
PICTURE_MARKS = (
    (b"Exif\0\0", "EXIF"), (b"http://ns.adobe.com/xap", "XMP"), (b"Photoshop 3.0\0", "IPTC"),
    (b"eXIf", "EXIF"), (b"tEXt", "text"), (b"zTXt", "text"), (b"iTXt", "text"), (b"tIME", "a time"),
    (b"<rdf:RDF", "XMP"), (b"inkscape:", "an editor's marks"), (b"sodipodi:", "an editor's marks"),
)  # fmt: skip
"""What metadata in the bytes of a picture begins with."""


def prove(file: Opened, about: Subject) -> Iterator[tuple[str, At | None]]:
    """Paths, users, hosts, times, and metadata of pictures."""
    for text in dict.fromkeys((*file.texts, *file.names)):
        slashed = "/" in text or "\\" in text
        found = PATH.findall(text) if slashed and any(sign in text for sign in SIGNS) else ()
        for path in sorted(set(found) - about.said):
            yield f"it tells of the path “{path}”", None
    for name, pattern in _machine().items():
        for text in dict.fromkeys(file.texts) if name not in about.said else ():
            if name in text and pattern.search(text):
                yield f"it tells of the machine: “{name}”", None
    for date in sorted(set(file.dates)):
        if not about.date.startswith(date) and not date.startswith(about.date or "1980-01-01"):
            yield f"it tells of the time {date}", None
    for name, data in file.pictures:
        if data[:4] == b"wOF2" or b"%PDF" in data[:8]:
            continue
        for mark, what in PICTURE_MARKS:
            if mark in data:
                yield f"the picture “{name}” has metadata: {what}", None


@cache
def _machine() -> Mapping[str, re.Pattern[str]]:
    """The names of the machine and its user as words, unless they are words of a language."""
    names = {getpass.getuser(), socket.gethostname()} - COMMON
    telling = [name for name in sorted(names) if len(name) > 3 and not name.isalpha()]
    return {name: re.compile(rf"(?<!\w){re.escape(name)}(?!\w)") for name in telling}
