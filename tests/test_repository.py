"""Does the repository keep its own rules? Order of modules, doors of libraries, sizes, names."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "report_build"
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LONGEST_FUNCTION = 60
LEFT_OUT = {".git", "__pycache__", *re.findall(r"^(.+)/$", (ROOT / ".gitignore").read_text(), re.M)}
FOREIGN = re.compile(
    r"pypi\.org|pythonhosted\.org|npmjs\.(com|org)|deb\.debian|(archive|ports)\.ubuntu"
    r"|/(root|home/\w+|Users/\w+)/"
)


def name_of(path: Path) -> str:
    """A module as it is named within the package: `formats.pdf`; `formats` is its `__init__`."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


MODULES = {name_of(path): path for path in sorted(PACKAGE.rglob("*.py"))}
ORDERED = [name for name in MODULES if name not in ("", "__main__")]


@cache
def tree(path: Path) -> ast.Module:
    """The syntax of a file."""
    return ast.parse(path.read_text("utf-8"))


def imports(name: str) -> Iterator[str]:
    """All that a module imports, in full: `report_build.nodes`, `lxml.etree`."""
    for node in ast.walk(tree(MODULES[name])):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{name}: relative import"
            for alias in node.names:
                yield f"{node.module}.{alias.name}"


def own_imports(name: str) -> set[str]:
    """The modules of the package that a module imports, the nearest that exists for each."""
    found = set()
    for full in imports(name):
        root, _, inner = full.partition(".")
        while root == "report_build" and inner not in MODULES:
            inner = inner.rpartition(".")[0]
        if root == "report_build" and inner:
            found.add(inner)
    return found - {name}


def listing() -> list[str]:
    """The modules in the order of the data, as `ARCHITECTURE.md` lists them."""
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    section = text.partition("\n## Code map")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`.+?) \|", section, re.M)
    return [name.rstrip("/") for row in rows for name in re.findall(r"`([\w/]+)`", row)]


def place(name: str) -> int:
    """Where a module stands in the listing; what is in a folder stands where the folder does."""
    return listing().index(name.partition(".")[0])


# ------------------------------------------------------------------------------- modules


def test_the_listing_has_every_module_once() -> None:
    assert sorted(listing()) == sorted(name for name in ORDERED if "." not in name)


@pytest.mark.parametrize("name", ORDERED)
def test_imports_point_upwards(name: str) -> None:
    folder = name.partition(".")[0]
    others = {other for other in own_imports(name) if other.partition(".")[0] != folder}
    below = {other for other in others if place(other) >= place(name)}
    assert not below, f"{name} imports what stands below it: {sorted(below)}"


@pytest.mark.parametrize("folder", ["formats", "proofs", "rules"])
def test_no_circle_within_a_folder(folder: str) -> None:
    inside = [name for name in ORDERED if name.startswith(f"{folder}.")]
    needs = {name: own_imports(name) & set(inside) for name in inside}
    while free := [name for name, needed in needs.items() if not needed]:
        for name in free:
            del needs[name]
        needs = {name: needed - set(free) for name, needed in needs.items()}
    assert not needs


@pytest.mark.parametrize("folder", ["formats", "proofs", "rules"])
def test_folders_know_each_other_only_by_their_face(folder: str) -> None:
    for name in ORDERED:
        if name.startswith(f"{folder}."):
            others = {other for other in own_imports(name) if "." in other}
            assert {other.partition(".")[0] for other in others} <= {folder}, name


# --------------------------------------------------------------------------------- doors


def test_every_library_has_the_doors_that_its_ban_names() -> None:
    banned = SETTINGS["tool"]["ruff"]["lint"]["flake8-tidy-imports"]["banned-api"]
    said = {
        library: set(ban["msg"].removeprefix("only in ").split(", "))
        if not ban["msg"].startswith("nowhere: ")
        else set()
        for library, ban in banned.items()
    }
    found: dict[str, set[str]] = {library: set() for library in said}
    for name in MODULES:
        for full in imports(name):
            if (library := full.partition(".")[0]) in found:
                found[library].add(name)
    assert found == said


def test_every_library_at_runtime_has_a_ban() -> None:
    modules = {"pypandoc-binary": "pypandoc", "pyyaml": "yaml", "vl-convert-python": "vl_convert"}
    modules |= {"fonttools": "fontTools"}
    banned = SETTINGS["tool"]["ruff"]["lint"]["flake8-tidy-imports"]["banned-api"]
    for name in SETTINGS["project"]["dependencies"]:
        library = Requirement(name).name.lower().replace("_", "-")
        if library != "pillow" and not library.startswith("fontpkg"):
            assert modules.get(library, library) in banned, name


# ------------------------------------------------------------------------------- reading


@pytest.mark.parametrize(
    "path",
    [*MODULES.values(), *sorted(ROOT.glob("tests/*.py"))],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_a_file_says_what_it_answers_and_has_short_functions(path: Path) -> None:
    first = (ast.get_docstring(tree(path)) or "").partition("\n\n")[0]
    assert first.rstrip().endswith((".", "?", ":")), f"{path.name}: {first!r}"
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            assert lines <= LONGEST_FUNCTION, f"{path.name}: {node.name} has {lines} lines"


def texts() -> Iterator[tuple[str, str]]:
    """Every text file of the repository."""
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in LEFT_OUT]
        for path in (Path(folder) / name for name in files):
            content = path.read_bytes()
            if b"\0" not in content:
                yield str(path.relative_to(ROOT)), content.decode("utf-8", "replace")


def test_no_file_names_a_registry_or_a_home_folder() -> None:
    found = {name: match[0] for name, text in texts() if (match := FOREIGN.search(text))}
    assert not found


# ------------------------------------------------------------------------ lock and wheel


def test_the_lock_holds_what_is_asked_for() -> None:
    text = (ROOT / "requirements.lock").read_text("utf-8")
    pins = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text, re.M))
    project = SETTINGS["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    for requirement in map(Requirement, asked):
        name = re.sub(r"[-_.]+", "-", requirement.name).lower()
        assert name in pins, f"{name} is not in requirements.lock: make lock"
        assert requirement.specifier.contains(Version(pins[name])), f"{requirement}: make lock"
    assert len(re.findall(r"^[a-z0-9-]+==.*\\\n +--hash=sha256:", text, re.M)) == len(pins)


def test_the_wheel_holds_all_that_the_command_needs(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        found = {name for name in archive.namelist() if ".dist-info/" not in name}
    sources = {"": PACKAGE, "templates/": ROOT / "templates", "schema/": ROOT / "schema"}
    wanted = {
        f"report_build/{below}{path.relative_to(folder).as_posix()}"
        for below, folder in sources.items()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert found == wanted
