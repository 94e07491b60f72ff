"""Are the finished files what the manifest says, and do they hold together?"""

from __future__ import annotations

from pathlib import Path

from report_build.proofs import links
from report_build.proofs.opened import opened
from report_build.proofs.subject import Subject
from report_build.publish import manifest, sha256


def verify(path: Path) -> tuple[list[str], bool]:
    """Lines to print, and whether all is well, for a whole `out/` or for one file of it."""
    out = path if path.is_dir() else _folder(path)
    entries = manifest(out)["deliverables"]
    if not entries:
        return [f"{path}: there is no manifest here or above"], False
    if path.is_file():
        name = path.relative_to(out).as_posix()
        digest = sha256(path.read_bytes())
        entries = [e for e in entries if e["path"] == name or e["sha256"] == digest]
        if not entries:
            return [f"{path}: unknown: no build made it"], False
    lines, good = [], True
    for entry in entries:
        problems = list(_problems(out, entry))
        good = good and not problems
        lines += [f"{entry['path']}: {problem}" for problem in problems]
        if path.is_file() and not problems:
            lines.append(
                f"{entry['path']}: authentic; edition “{entry['edition']}” of {entry['master']}, "
                f"{len(entry['blocks'])} blocks"
            )
    if good and path.is_dir():
        lines.append(f"{len(entries)} files: as built, all links land")
    return lines, good


def _problems(out: Path, entry: dict[str, object]) -> list[str]:
    file = out / str(entry["path"])
    if not file.is_file():
        return ["missing"]
    content = file.read_bytes()
    found = [] if sha256(content) == entry["sha256"] else ["altered since it was built"]
    try:
        read = opened(str(entry["format"]), content)
    except Exception as error:
        return [*found, f"cannot be read: {type(error).__name__}"]
    return found + [message for message, _ in links.prove(read, Subject({}, frozenset(), {}))]


def _folder(path: Path) -> Path:
    for folder in path.parents:
        if (folder / "manifest.json").is_file():
            return folder
    return path.parent
