"""What do all workers share? Imported once, before they are forked.

WeasyPrint asks for each of its libraries by several names, and for each one that is not there the
standard library starts compilers and linkers to find it; on Linux the last name is always right.
What is imported lives as long as a worker, so that the collector need not look at it.
"""

import contextlib
import ctypes.util
import gc
import importlib
import sys
from collections.abc import Iterator

from report_build import templates

YOUNG = 500_000
"""Objects made before the collector looks at the young ones: boxes stay until their pages are done."""


@contextlib.contextmanager
def _by_their_names() -> Iterator[None]:
    """Libraries are opened by their very names only."""
    usual = ctypes.util.find_library
    if sys.platform == "linux":
        ctypes.util.find_library = lambda name: None
    try:
        yield
    finally:
        ctypes.util.find_library = usual


MODULES = (
    "report_build.workers", "report_build.formats.docx", "report_build.formats.epub",
    "report_build.formats.html", "report_build.formats.pdf", "report_build.proofs.paper",
    "report_build.proofs.paper_content", "report_build.proofs.web",
    "report_build.proofs.web_content", "report_build.proofs.word",
    "report_build.proofs.word_content", "pypdfium2",
)  # fmt: skip
"""What a worker uses sooner or later."""

with contextlib.suppress(OSError):  # without Pango the machine is told about it in words
    with _by_their_names():
        import weasyprint  # noqa: F401

    for name in MODULES:
        importlib.import_module(name)
    templates.warm()

gc.freeze()
gc.set_threshold(YOUNG)
