"""What was made before, here or elsewhere? Files by the key of all that they were made from.

Each entry is one file: a line of JSON with the digest of what follows, then the content. What
cannot be read or has another digest counts as absent. A second place can be shared by machines: a
folder, or the address of an object store that fsspec knows (`s3://…`, extra `[cache]`).
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from report_build import atomic
from report_build.diagnostics import MachineError

SUFFIX = ".made"
VERSION = 1
T = TypeVar("T")


@dataclass
class Store:
    """A folder of this project, and a place that others share, if there is one."""

    folder: Path
    shared: str = ""
    _unreachable: bool = field(default=False, repr=False)

    def get(self, key: str) -> tuple[bytes, dict[str, Any]] | None:
        """The content of an entry and what is known of it."""
        own = _opened(_tried(lambda: self._own(key).read_bytes()), key)
        if own or not self.shared or self._unreachable:
            return own
        packed = _tried(lambda: self._read(key))
        if found := _opened(packed, key):
            _tried(lambda: atomic.write(self._own(key), packed or b""))
        return found

    def put(self, key: str, content: bytes, about: dict[str, Any]) -> None:
        """Keep an entry; a cache that cannot be written is done without."""
        packed = _packed(key, content, about)
        _tried(lambda: atomic.write(self._own(key), packed))
        if self.shared and not self._unreachable and not _tried(lambda: self._send(key, packed)):
            self._unreachable = True
            print(f"report-build: the cache {self.shared} cannot be written", file=sys.stderr)

    def _own(self, key: str) -> Path:
        return self.folder / f"{key}{SUFFIX}"

    def _read(self, key: str) -> bytes:
        if not _is_address(self.shared):
            return Path(self.shared, f"{key}{SUFFIX}").read_bytes()
        system, root = _filesystem(self.shared)
        return bytes(system.cat_file(f"{root}/{key}{SUFFIX}"))

    def _send(self, key: str, packed: bytes) -> bool:
        if not _is_address(self.shared):
            atomic.write(Path(self.shared, f"{key}{SUFFIX}"), packed)
        else:
            system, root = _filesystem(self.shared)
            system.makedirs(root, exist_ok=True)
            system.pipe_file(f"{root}/{key}{SUFFIX}", packed)
        return True


def _packed(key: str, content: bytes, about: dict[str, Any]) -> bytes:
    known = json.dumps({**about, "version": VERSION, "key": key}, sort_keys=True).encode()
    digest = hashlib.sha256(known + b"\n" + content).hexdigest().encode()
    return digest + b"\n" + known + b"\n" + content


def _opened(packed: bytes | None, key: str) -> tuple[bytes, dict[str, Any]] | None:
    digest, _, rest = (packed or b"").partition(b"\n")
    if not rest or hashlib.sha256(rest).hexdigest().encode() != digest:
        return None
    known, _, content = rest.partition(b"\n")
    about = json.loads(known)
    return (content, about) if (about["version"], about["key"]) == (VERSION, key) else None


def _tried(attempt: Callable[[], T]) -> T | None:
    """What an attempt gives; nothing if the place cannot be reached."""
    try:
        return attempt()
    except MachineError:
        raise
    except Exception:  # object stores have errors of their own
        return None


def _is_address(place: str) -> bool:
    return "://" in place


def _filesystem(address: str) -> tuple[Any, str]:
    try:
        import fsspec
    except ModuleNotFoundError:
        raise MachineError(
            f"the cache {address} needs fsspec", "pip install 'report-build[cache]'"
        ) from None
    system, root = fsspec.core.url_to_fs(address)
    return system, str(root).rstrip("/")
