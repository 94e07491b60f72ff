"""Which pages of finished PDFs look different from those of another build?

Each picture has the old page on the left and the new one on the right, for the eyes of whoever
reviews a change; pages that were moved by others are told apart by nothing but their looks.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

import pypdfium2
from PIL import Image

from report_build.diagnostics import MachineError

SCALE = 1.25
"""Pixels for a point."""
GAP = 12
PAPER = (208, 208, 208)
Key = tuple[tuple[int, int], bytes]


def differing(old: Path, new: Path) -> Iterator[tuple[str, int, bytes]]:
    """The path of each PDF with a page that differs, its number, and both pages as a PNG.

    A page that is in the other build, too, at another place, is not told. Raises MachineError.
    """
    for folder in (old, new):
        if not folder.is_dir():
            raise MachineError(f"there is no folder {folder}")
    names = {p.relative_to(f).as_posix() for f in (old, new) for p in f.rglob("*.pdf")}
    for name in sorted(names):
        before, after = _pages(old / name), _pages(new / name)
        known = {_key(page) for page in before}
        for number, (one, other) in enumerate(zip_longest(before, after), 1):
            if other is None or _key(other) not in known:
                yield name, number, _beside(one, other)


def _pages(path: Path) -> list[Image.Image]:
    if not path.is_file():
        return []
    try:
        with pypdfium2.PdfDocument(path) as document:
            return [page.render(scale=SCALE).to_pil().convert("RGB") for page in document]
    except pypdfium2.PdfiumError as error:
        raise MachineError(f"{path} cannot be read: {error}") from error


def _key(page: Image.Image) -> Key:
    return page.size, page.tobytes()


def _beside(*pages: Image.Image | None) -> bytes:
    """Both pages on one picture; where one is missing there is none."""
    sizes = [page.size for page in pages if page]
    width, height = max(x for x, _ in sizes), max(y for _, y in sizes)
    whole = Image.new("RGB", (2 * width + 3 * GAP, height + 2 * GAP), PAPER)
    for index, page in enumerate(pages):
        if page:
            whole.paste(page, (GAP + index * (width + GAP), GAP))
    target = io.BytesIO()
    whole.save(target, "PNG", optimize=True)
    return target.getvalue()
