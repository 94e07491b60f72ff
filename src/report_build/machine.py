"""What does this machine lack? Asked before anything is imported that would crash without it.

Without Pango `import weasyprint` ends in a traceback, and without any font in a segmentation
fault. Libraries that the set-up unpacked into `.sys` beside the environment (`tools/setup`)
count as there: they are loaded here, by name they are then found by this process, and by those
that it starts.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from shlex import quote

from report_build.diagnostics import MachineError
from report_build.pandoc_process import NEEDED, executable

PYTHON = (3, 11)
LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
"""What WeasyPrint loads, and the packages of Debian and Ubuntu that bring it."""

FONTS = ("fontpkg_source_serif_4", "fontpkg_source_sans_3")
APT = "apt-get install --no-install-recommends"
PIP = f"{quote(sys.executable)} -m pip install --force-reinstall"


@dataclass(frozen=True)
class Lack:
    """Something missing: what, what for, and a command that mends it."""

    what: str
    why: str
    cure: str

    def __str__(self) -> str:
        return f"{self.what} is missing ({self.why}); {self.cure}"


def lacks(
    python: tuple[int, ...] = sys.version_info[:2],
    pandoc: Callable[[], str] | None = None,
    loads: Callable[[str], bool] | None = None,
    fonts: Iterable[str] = FONTS,
    rendering: bool = True,
) -> tuple[Lack, ...]:
    """All that is missing; each question can be answered by the caller.

    Pango and fonts are asked for only if something is to be rendered.
    """
    found = [*_python(python), *_pandoc((pandoc or pandoc_version)())]
    if rendering:
        found += [*_libraries(missing_packages(loads)), *_fonts(fonts)]
    return tuple(found)


def require(rendering: bool = True, pandoc: Callable[[], str] | None = None) -> None:
    """Raise MachineError if anything is missing; it says the first thing that is.

    `pandoc` tells the version of one that runs already.
    """
    for lack in lacks(rendering=rendering, pandoc=pandoc):
        raise MachineError(f"{lack.what} is missing ({lack.why})", cure=lack.cure)


def missing_packages(loads: Callable[[str], bool] | None = None) -> list[str]:
    """The packages of Debian and Ubuntu whose libraries cannot be loaded."""
    if loads is None:
        load_private(private_libraries())
    return [package for name, package in LIBRARIES.items() if not (loads or _loads)(name)]


@cache
def engines() -> Mapping[str, str]:
    """What shapes and packs a file besides Python packages, with versions: bytes depend on it."""
    said = {
        "pango": ("libpango-1.0.so.0", "pango_version_string"),
        "harfbuzz": ("libharfbuzz.so.0", "hb_version_string"),
    }
    found = {"python": ".".join(map(str, sys.version_info[:2])), "zlib": zlib.ZLIB_RUNTIME_VERSION,
             "pandoc": pandoc_version()}  # fmt: skip
    load_private(private_libraries())
    for name, (library, function) in said.items():
        try:
            call = getattr(ctypes.CDLL(library), function)
        except (OSError, AttributeError):
            continue
        call.restype = ctypes.c_char_p
        found[name] = call().decode()
    return found


# ---------------------------------------------------------------------------- questions


def _python(found: tuple[int, ...]) -> Iterator[Lack]:
    if found < PYTHON:
        wanted = ".".join(map(str, PYTHON))
        have = ".".join(map(str, found))
        yield Lack(f"Python {wanted}", f"this one is {have}", f"{APT} python3 python3-venv")


def _pandoc(found: str) -> Iterator[Lack]:
    if found.split(".")[:2] != NEEDED.split("."):
        why = f"the one here says {found}" if found else "it reads and writes the formats"
        yield Lack(f"pandoc {NEEDED}", why, f"{PIP} 'pypandoc_binary>=1.17,<1.18'")


def _libraries(missing: list[str]) -> Iterator[Lack]:
    if missing:
        yield Lack("Pango", "WeasyPrint sets the PDF with it", f"{APT} {' '.join(missing)}")


def _fonts(modules: Iterable[str]) -> Iterator[Lack]:
    for module in modules:
        if not any(_font_files(module)):
            name = module.replace("_", "-")
            yield Lack(f"the font package {name}", "the text is set in it", f"{PIP} {name}")


# ------------------------------------------------------------------------------ answers


def pandoc_version() -> str:
    """The version of the pandoc that `pypandoc_binary` brings, whatever else is on PATH."""
    try:
        found = subprocess.run([executable(), "--version"], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError, ImportError, MachineError):
        return ""
    return found.stdout.decode(errors="replace").partition("\n")[0].removeprefix("pandoc ")


def _font_files(module: str) -> Iterator[Path]:
    spec = find_spec(module)
    for folder in (spec and spec.submodule_search_locations) or ():
        yield from Path(folder).rglob("*.ttf")


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def private_libraries(prefix: str = sys.prefix) -> Path:
    """Where the set-up unpacks libraries: beside the environment that it made."""
    return Path(prefix).parent / ".sys" / "lib"


def load_private(folder: Path) -> None:
    """Load a folder's libraries into this process, and let those that it starts find them.

    A library loads once those that it needs are loaded, so the rest is tried again.
    """
    waiting = sorted(folder.glob("*.so.*"))
    while waiting:
        failed = [path for path in waiting if not _loads(str(path))]
        waiting = failed if len(failed) < len(waiting) else []
    known = os.environ.get("LD_LIBRARY_PATH", "").split(os.pathsep)
    if folder.is_dir() and str(folder) not in known:
        os.environ["LD_LIBRARY_PATH"] = os.pathsep.join([str(folder), *filter(None, known)])


def main() -> int:
    """Say all that is missing, one line each; 2 if anything is."""
    found = lacks()
    for lack in found:
        print(f"report-build: {lack}", file=sys.stderr)
    return 2 if found else 0


if __name__ == "__main__":
    sys.exit(main())
