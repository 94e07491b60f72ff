"""What do all workers share? Imported once, before they are forked.

WeasyPrint asks for each of its libraries by several names, and for each one that is not there the
standard library starts compilers and linkers to find it; on Linux the last name is always right.
What is imported lives as long as a worker, so that the collector need not look at it.
"""

import contextlib
import ctypes.util
import gc
import sys
from collections.abc import Iterator

YOUNG = 50_000
"""Objects made before the collector looks at the young ones: layout makes many that stay."""


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


with contextlib.suppress(OSError), _by_their_names():
    # without Pango the machine is told about it in words
    import weasyprint  # noqa: F401

gc.freeze()
gc.set_threshold(YOUNG)
