"""How is a file made on another machine? By the same function, from a parcel that has everything.

A parcel holds the job and the project's own templates as bytes. The worker has the same version of
this product and of what it uses, else it refuses.
"""

from __future__ import annotations

import hashlib
import os
import socket
import tempfile
import threading
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from report_build import machine
from report_build.diagnostics import MachineError
from report_build.labels import packaged
from report_build.proofs import Failure
from report_build.settings import Settings
from report_build.workshop import Job, Made, make_and_tidy, program

if TYPE_CHECKING:
    from concurrent.futures import Executor

ONE_AT_A_TIME = threading.Lock()
"""A worker may have several threads; WeasyPrint and pandoc's session serve one."""
WAIT = 10
"""Seconds in which a cluster must have a worker."""
Files = tuple[tuple[str, bytes], ...]


@dataclass(frozen=True)
class Parcel:
    """A job without paths of the machine that sent it."""

    job: Job
    folders: tuple[Files, ...]
    """The project's folders of templates, the first one first asked."""
    made_by: str
    """The program and the packages that the sender has."""


def parcel(job: Job) -> Parcel:
    """A job as it can be sent."""
    own = tuple(folder for folder in job.settings.folders if folder != packaged().resolve())
    bare = replace(job, settings=Settings((), Path(), Path()))
    return Parcel(bare, tuple(map(_files, own)), program())


@cache
def _files(folder: Path) -> Files:
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return tuple((path.relative_to(folder).as_posix(), path.read_bytes()) for path in found)


def make(sent: Parcel) -> Made:
    """The file that a parcel asks for, made by this worker."""
    if sent.made_by != program():
        told = "a worker of the cluster has another version of report-build or of what it uses"
        return Made(b"", {}, 0, (Failure("rendering", told),), 0.0)
    with ONE_AT_A_TIME:
        machine.require()
        import_module("report_build.preload")
        own = tuple(_unpacked(files) for files in sent.folders)
        settings = Settings((*own, packaged().resolve()), _place(), Path())
        return make_and_tidy(replace(sent.job, settings=settings))


@cache
def _place() -> Path:
    """A folder for fonts and templates that only this user can write."""
    folder = Path(tempfile.gettempdir(), f"report-build-{os.getuid()}")
    folder.mkdir(mode=0o700, exist_ok=True)
    about = folder.lstat()
    if about.st_uid != os.getuid() or about.st_mode & 0o077 or folder.is_symlink():
        raise MachineError(f"{folder} belongs to somebody else; move it away")
    return folder


def _unpacked(files: Files) -> Path:
    digest = hashlib.sha256(repr(files).encode()).hexdigest()[:16]
    folder = _place() / "templates" / digest
    if not folder.is_dir():
        part = Path(tempfile.mkdtemp(dir=_place()))
        for name, content in files:
            target = part / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        folder.parent.mkdir(exist_ok=True)
        try:
            part.rename(folder)
        except OSError:  # another process was quicker
            if not folder.is_dir():
                raise
    return folder


def _knock(address: str) -> None:
    """Raise OSError at once if nobody is at an address; Dask would go on trying."""
    place = urlsplit(address)
    if place.scheme in ("tcp", "tls") and place.hostname and place.port:
        socket.create_connection((place.hostname, place.port), WAIT).close()


def connect(address: str) -> tuple[Any, Executor]:
    """A client of a Dask cluster and its executor, which makes equal jobs as often as asked."""
    try:
        distributed: Any = import_module("distributed")
    except ModuleNotFoundError:
        raise MachineError(
            "--dask needs the package distributed", "pip install 'report-build[dask]'"
        ) from None
    try:
        _knock(address)
        client = distributed.Client(address, timeout=WAIT)
        client.wait_for_workers(1, timeout=WAIT)
    except (OSError, TimeoutError, ValueError) as error:
        raise MachineError(f"no Dask cluster with a worker at {address}: {error}") from error
    return client, client.get_executor(pure=False)
