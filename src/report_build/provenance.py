"""From what, and with what, were the deliverables made? For those who must be able to tell.

A software bill of materials (CycloneDX 1.6) and a statement of provenance (in-toto Statement v1
with SLSA Provenance v1). Neither has a time or a random number in it, so that they are the same
whenever the same is made.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from report_build import __version__
from report_build.machine import engines

SBOM, STATEMENT = "sbom.cdx.json", "provenance.json"
NAME = "report-build"
BUILD_TYPE = "urn:report-build:build:1"
EXTRA = re.compile(r"\bextra\s*==")


@cache
def packages() -> tuple[Distribution, ...]:
    """This package and all that it needs, and what these need."""
    found: dict[str, Distribution] = {}
    todo = [NAME]
    while todo:
        name = _plain(todo.pop())
        if name in found:
            continue
        try:
            found[name] = one = distribution(name)
        except PackageNotFoundError:  # of another system
            continue
        todo += [
            requirement
            for line in one.requires or ()
            if not EXTRA.search(line)
            for requirement in re.findall(r"^[\w.-]+", line)
        ]
    return tuple(found[name] for name in sorted(found))


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
        "metadata": {"component": _component(distribution(NAME))},
        "components": [one for one in components if one["name"] != NAME],
    })  # fmt: skip


def _component(one: Distribution) -> dict[str, Any]:
    name = _plain(one.metadata["Name"])
    reference = f"pkg:pypi/{name}@{one.version}"
    said = next(iter(one.metadata.get_all("License-Expression") or ()), "")
    kind = "application" if name == NAME else "library"
    component: dict[str, Any] = {
        "type": kind, "bom-ref": reference, "name": name, "version": one.version, "purl": reference,
    }  # fmt: skip
    return component | ({"licenses": [{"expression": said}]} if said else {})


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
    needed = [{"uri": f"pkg:pypi/{_plain(x.metadata['Name'])}@{x.version}"} for x in packages()]
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
