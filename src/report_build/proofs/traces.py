"""Does the finished file tell anything of the machine, its user or the time that made it?"""

from __future__ import annotations

import getpass
import re
import socket
from collections.abc import Iterator
from functools import cache

from report_build.proofs.opened import Opened
from report_build.proofs.subject import At, Subject

PATH = re.compile(
    r"(?<![\w.:/])(?:/(?:home|Users|root|tmp|var|private|work|mnt|opt|srv|builds?|runner)/[\w.~+/-]+"
    r"|[A-Za-z]:\\(?:Users|Temp|work)\\[\w.\\-]+|file:/{1,3}[\w./-]+)"
)
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
        found = PATH.findall(text) if "/" in text or "\\" in text else ()
        for path in sorted(set(found) - about.said):
            yield f"it tells of the path “{path}”", None
    pattern = _machine()
    for text in dict.fromkeys(file.texts) if pattern else ():
        met = pattern.search(text) if pattern else None
        if met and met[0] not in about.said:
            yield f"it tells of the machine: “{met[0]}”", None
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
def _machine() -> re.Pattern[str] | None:
    """The names of the machine and its user, unless they are words."""
    names = {getpass.getuser(), socket.gethostname()} - COMMON
    telling = [name for name in names if len(name) > 3 and not name.isalpha()]
    return (
        re.compile("|".join(rf"(?<!\w){re.escape(x)}(?!\w)" for x in telling)) if telling else None
    )
