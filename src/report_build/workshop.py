"""How is one deliverable made? A pure function of its job, run in a worker process."""

from __future__ import annotations

import atexit
import gc
import hashlib
import os
import signal
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from report_build import fonts, labels, templates, theme
from report_build.compose import Surroundings, compose
from report_build.document import Document
from report_build.formats import RenderError, Tools, UnmetError, render
from report_build.formats.word_fields import bookmark_name
from report_build.frames import roomy
from report_build.machine import engines
from report_build.pandoc import Pandoc, PandocError
from report_build.proofs import PARITY, Failure, parity, prove
from report_build.proofs.subject import Subject
from report_build.settings import HOUSE, Settings, binary
from report_build.token_use import used_by


@dataclass(frozen=True)
class Job:
    """One file to be made."""

    form: str
    document: Document
    around: Surroundings
    about: Subject
    full_pages: Mapping[str, int]
    pages: Mapping[str, int]
    settings: Settings
    identifier: str = ""
    """What the file says of itself: a name made from all that it is made from."""


@dataclass(frozen=True)
class Made:
    """A finished file, the pages of its anchors if it has pages, and what is wrong with it."""

    content: bytes
    pages: Mapping[str, int]
    page_count: int
    failures: tuple[Failure, ...]
    seconds: float
    identifier: str = ""
    began: float = 0.0
    """Seconds of the clock; no part of what is made."""
    worker: int = 0
    """The process that made it."""
    proving: float = 0.0
    """Seconds of `seconds` in which it was proved."""


def make(job: Job) -> Made:
    """Render a document and prove the finished file; what cannot be rendered has failed."""
    clock = time.time()
    with _in_time(job.settings.limits.seconds):
        return replace(_tried(job), began=clock, worker=os.getpid())


def make_and_tidy(job: Job) -> Made:
    """`make` in a process that does nothing else.

    Boxes of pages refer to each other: those that the collector has not met by the end of a
    document would pile up, to more than the document itself needs. What is left after the first
    pages (styles, fonts) lives as long as the process, so that it need not be looked at again.
    """
    made = roomy(make, job)
    if gc.get_count()[0] > MANY:
        gc.collect()
        if not _settled:
            gc.freeze()
            _settled.append(True)
    return made


MANY = 250_000
"""Objects that have been left when they are collected: those of twenty pages or more."""
_settled: list[bool] = []


class TookTooLongError(Exception):
    """A file takes more time than it may."""


@contextmanager
def _in_time(seconds: int) -> Iterator[None]:
    """End what takes longer; only a process's first thread can be told the time."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def late(*_: object) -> None:
        raise TookTooLongError(f"it took more than {seconds} seconds")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _tried(job: Job) -> Made:
    began = time.monotonic()
    try:
        return _made(job, began)
    except UnmetError as error:
        failures = tuple(
            Failure(error.kind, message, None, words, error.hint)
            for words, message in error.asked.items()
        )
        return Made(b"", {}, 0, failures, time.monotonic() - began)
    except MemoryError:
        told = f"it needs more than {job.settings.limits.memory:,} MiB of memory"
        return Made(b"", {}, 0, (Failure("rendering", told),), time.monotonic() - began)
    except (RenderError, PandocError, TookTooLongError) as error:
        failure = Failure("rendering", str(error))
        return Made(b"", {}, 0, (failure,), time.monotonic() - began)


def drafted(job: Job) -> tuple[bytes, Document]:
    """A file that is rendered and not yet proved, and the document that it was rendered from."""
    tools = _tools(job.settings, job.document.lang)
    document = compose(
        job.document,
        job.around,
        tools.templates,
        tools.labels,
        tools.pandoc,
        job.full_pages,
    )
    tools = replace(tools, pages=job.pages, identifier=job.identifier)
    return render(job.form, document, tools), document


def forget() -> None:
    """Read templates, themes and labels anew when they are asked for next."""
    for kept in (look, words, _tools, ingredients):
        kept.cache_clear()


def _made(job: Job, began: float) -> Made:
    content, document = drafted(job)
    pages: Mapping[str, int] = {}
    count = 0
    if job.form == "pdf":
        from report_build.formats.pdf import pages as pages_of

        pages, count = pages_of(content)
    proofs_begin = time.monotonic()
    about = replace(job.about, pages={bookmark_name(x): page for x, page in job.pages.items()})
    shown = pages if job.form == "pdf" else job.pages
    said = parity.prove(job.form, content, document, shown, job.about)
    failures = (
        *prove(job.form, content, about),
        *(Failure(PARITY, message, at) for message, at in said),
    )
    now = time.monotonic()
    return Made(
        content, pages, count, failures, now - began, job.identifier, proving=now - proofs_begin
    )


@cache
def look(settings: Settings) -> tuple[theme.Theme, tuple[fonts.Face, ...]]:
    """The theme and its faces; the private font configuration is set for this process."""
    found = theme.of(settings.folders)
    faces = fonts.faces(found, settings.cache)
    os.environ["FONTCONFIG_FILE"] = str(fonts.fontconfig(faces, settings.cache))
    return found, faces


@cache
def words(settings: Settings, lang: str) -> labels.Labels:
    """The labels of a language."""
    return labels.load(lang, *settings.folders)


@cache
def _pandoc() -> Pandoc:
    session = Pandoc()
    atexit.register(session.close)
    return session


@cache
def _tools(settings: Settings, lang: str) -> Tools:
    found, faces = look(settings)
    own = templates.Templates(settings.folders)
    return Tools(
        theme=found,
        templates=own,
        pandoc=_pandoc(),
        labels=words(settings, lang),
        faces=tuple(face for face in faces if not face.fallback),
        cache=settings.cache,
        house=binary(settings.folders, HOUSE),
    )


@cache
def ingredients(settings: Settings, form: str) -> Mapping[str, str]:
    """All that files of a format are made with: program, packages, fonts, templates, theme."""
    found, faces = look(settings)
    own = templates.Templates(settings.folders)
    tokens = {
        f"theme: {name}": value for name, value in found.tokens.items() if form in used_by(name)
    }
    used = own.used_by(form)
    files = {
        f"templates/{name}": hashlib.sha256(content).hexdigest()
        for name, content in own.files()
        if name in used
    }
    return {
        "the program": _code(),
        "packages": _packages(),
        "engines": " ".join(f"{name} {number}" for name, number in engines().items()),
        "fonts": " ".join(face.sha256 for face in faces),
        **files,
        **tokens,
    }


def program() -> str:
    """The program and the packages that have a hand in what a file is."""
    return f"{_code()} {_packages()} {sorted(engines().items())}"


@cache
def _packages() -> str:
    from importlib.metadata import version

    return " ".join(f"{name} {version(name)}" for name in PACKAGES)


@cache
def _code() -> str:
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*")):
        if path.suffix in (".py", ".lua"):
            digest.update(path.read_bytes())
    return digest.hexdigest()


PACKAGES = ("weasyprint", "pydyf", "pypandoc_binary", "jinja2", "babel", "vl-convert-python")
