"""From what, and with what, were the deliverables made? For those who must be able to tell.

A software bill of materials (CycloneDX 1.6) and a statement of provenance (in-toto Statement v1
with SLSA Provenance v1). Neither has a time or a random number in it, so that they are the same
whenever the same is made.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from itertools import chain
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from report_build import __version__
from report_build.machine import engines

SBOM, STATEMENT = "sbom.cdx.json", "provenance.json"
NAME = "report-build"
BUILD_TYPE = "urn:report-build:build:1"
EXTRA = re.compile(r"\bextra\s*==")


@dataclass(frozen=True)
class Package:
    """A package that is installed: its version, its licence if it tells one, and what it needs."""

    name: str
    version: str
    licence: str
    needs: tuple[str, ...]


@cache
def packages() -> tuple[Package, ...]:
    """This package and all that it needs, and what these need."""
    found: dict[str, Package] = {}
    todo = [NAME]
    while todo:
        name = _plain(todo.pop())
        if name in found:
            continue
        with suppress(PackageNotFoundError):  # of another system
            found[name] = _package(name)
            todo += found[name].needs
    return tuple(found[name] for name in sorted(found))


def _package(name: str) -> Package:
    told = distribution(name).metadata  # read and parsed each time that it is asked for
    lines = told.get_all("Requires-Dist") or ()
    needs = [re.findall(r"^[\w.-]+", line) for line in lines if not EXTRA.search(line)]
    licence = next(iter(told.get_all("License-Expression") or ()), "")
    return Package(
        _plain(told["Name"]), told["Version"], licence, tuple(chain.from_iterable(needs))
    )


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def bill() -> bytes:
    """The bill of materials as a file."""
    components = [*map(_component, packages()), *_engine_components()]
    serial = uuid5(NAMESPACE_URL, json.dumps(components, sort_keys=True))
    return _file({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {"component": _component(_package(NAME))},
        "components": [one for one in components if one["name"] != NAME],
    })  # fmt: skip


def _component(one: Package) -> dict[str, Any]:
    reference = f"pkg:pypi/{one.name}@{one.version}"
    kind = "application" if one.name == NAME else "library"
    component: dict[str, Any] = {
        "type": kind, "bom-ref": reference, "name": one.name, "version": one.version,
        "purl": reference,
    }  # fmt: skip
    return component | ({"licenses": [{"expression": one.licence}]} if one.licence else {})


def _engine_components() -> Iterator[dict[str, Any]]:
    for name, number in engines().items():
        yield {
            "type": "library", "bom-ref": f"engine:{name}@{number}", "name": name, "version": number,
        }  # fmt: skip


def statement(manifest: Mapping[str, Any], settings: Mapping[str, str]) -> bytes:
    """The statement of provenance about the files of a manifest.

    `settings` are the templates by their names, with digests.
    """
    inputs = [_input(one["path"], one["sha256"]) for one in manifest["masters"]]
    inputs += [_input(name, digest) for name, digest in sorted(settings.items())]
    made = [
        {"name": entry["path"], "digest": {"sha256": entry["sha256"]}}
        for entry in manifest["deliverables"]
    ]
    needed = [{"uri": f"pkg:pypi/{one.name}@{one.version}"} for one in packages()]
    return _file({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": made,
        "predicateType": "https://slsa.dev/provenance/v1",
        "predicate": {
            "buildDefinition": {
                "buildType": BUILD_TYPE,
                "externalParameters": {"masters": [one["path"] for one in manifest["masters"]]},
                "internalParameters": {"engines": dict(engines())},
                "resolvedDependencies": [*inputs, *needed],
            },
            "runDetails": {
                "builder": {"id": f"pkg:pypi/{NAME}@{__version__}"},
            },
        },
    })  # fmt: skip


def _input(name: str, digest: str) -> dict[str, Any]:
    return {"name": name, "digest": {"sha256": digest}}


def _file(content: Mapping[str, Any] | Iterable[Any]) -> bytes:
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()
