"""How do we talk to pandoc? This is the only door to it.

One pandoc process runs for the whole life of a `Pandoc` session and reads and writes
documents on request (`pandoc.lua`), so that nothing is started twice. It never sees the
front matter, reads no file but the reference document that we made, and gets no more
memory than `MEMORY` of `pandoc_process`.
"""

from __future__ import annotations

import contextlib
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from report_build.limits import LIMITS
from report_build.nodes import Blocks, Tree, decode, encode
from report_build.pandoc_process import start

FRAGMENTS = 100
"""Pieces of HTML whose trees are remembered."""
MARKDOWN = (
    "markdown-raw_html-raw_tex-raw_attribute-native_divs-native_spans-markdown_in_html_blocks"
    "-yaml_metadata_block-pandoc_title_block-mmd_title_block-latex_macros-auto_identifiers"
    "-implicit_header_references-abbreviations+autolink_bare_uris"
)


class Pandoc:
    """A session with one pandoc process; use it as a context manager."""

    def __init__(self, seconds: float = LIMITS.reading_seconds) -> None:
        self.seconds = seconds
        """For one answer; a pandoc that takes longer is ended."""
        self._process: subprocess.Popen[bytes] | None = None
        self._one = threading.Lock()
        """Requests are made one after another."""
        self._starting = threading.Lock()
        """No process is started while a session is closed."""
        self._is_closing = False
        self._reader: ThreadPoolExecutor | None = None
        self._fragments: dict[str, Blocks] = {}
        self._version: Future[str] | None = None
        self._begun: dict[str, Future[bytes]] = {}
        """Texts that are read, or will be, before anybody asks for them."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process: between two requests it has nothing to lose."""
        self._stop_reading()
        with self._one:
            self._end()
        self._is_closing = False

    def _stop_reading(self) -> None:
        """Nobody will ask for what is read ahead."""
        reader, self._reader = self._reader, None
        if reader:
            reader.shutdown(wait=False, cancel_futures=True)
            with self._starting:
                self._is_closing = True
                if self._process and not all(one.done() for one in self._begun.values()):
                    self._process.kill()
        self._begun.clear()
        self._version = None

    def _end(self) -> None:
        """End the process at once: nobody wants what it would answer, or waits until it is gone."""
        process, self._process = self._process, None
        if process:
            process.kill()
            threading.Thread(target=process.wait, daemon=True).start()
            for pipe in (process.stdin, process.stdout):
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()  # type: ignore[union-attr]

    def version(self) -> str:
        """The version of the pandoc that answers; nothing if none does."""
        return self._version.result() if self._version else self._asked_version()

    def _asked_version(self) -> str:
        with contextlib.suppress(PandocError, OSError):
            return self._ask("version", "-", b"").decode()
        return ""

    def ahead(self, *texts: str) -> None:
        """Begin to read bodies of masters, for which `markdown` will ask."""
        if not self._reader:
            self._reader = ThreadPoolExecutor(1)
            self._version = self._reader.submit(self._asked_version)
        for text in texts:
            if text not in self._begun:
                self._begun[text] = self._reader.submit(self._read, text)

    def markdown(self, text: str) -> Blocks:
        """The tree of a master's body."""
        begun = self._begun.pop(text, None)
        return decode(begun.result() if begun else self._read(text)).blocks

    def _read(self, text: str) -> bytes:
        return self._ask("read", MARKDOWN, text.encode())

    def html(self, text: str) -> Blocks:
        """The tree of HTML that a template of ours made; formats of an edition have the same."""
        if text not in self._fragments:
            if len(self._fragments) >= FRAGMENTS:
                self._fragments.clear()
            answer = self._ask("read", "html-auto_identifiers", text.encode())
            self._fragments[text] = decode(answer).blocks
        return self._fragments[text]

    def write(self, blocks: Blocks, to: str, reference: Path | None = None) -> bytes:
        """Blocks in another format: `html5` as a fragment, `docx` as a whole file."""
        return self._ask("write", to, encode(blocks), str(reference or "-"))

    def document(self, content: bytes, form: str) -> Tree:
        """A whole document in another format, with its metadata; its pictures wait in `media`."""
        return decode(self._ask("read", form, content))

    def media(self) -> dict[str, bytes]:
        """The pictures of the document that was read last, by name; they are given once."""
        found, rest = {}, self._ask("media", "-", b"")
        while rest:
            head, _, rest = rest.partition(b"\n")
            size, _, name = head.decode().partition(" ")
            found[name], rest = rest[: int(size)], rest[int(size) :]
        return found

    def works(self, text: str, form: str) -> list[dict[str, Any]]:
        """The works of a bibliography (`biblatex` or `csljson`), as pandoc's metadata."""
        tree = decode(self._ask("read", form, text.encode()))
        return list(tree.meta.get("references", {}).get("c", ()))

    def cite(self, blocks: Blocks, works: list[dict[str, Any]], lang: str) -> Blocks:
        """Blocks with their citations in words, and a `Div` with id `refs` of the works cited."""
        meta = {
            "references": {"t": "MetaList", "c": works},
            "link-citations": {"t": "MetaBool", "c": True},
            "lang": {"t": "MetaString", "c": lang},
        }
        return decode(self._ask("cite", "json", encode(blocks, meta))).blocks

    def _ask(self, verb: str, form: str, payload: bytes, reference: str = "-") -> bytes:
        with self._one:
            with self._starting:
                if self._is_closing:
                    raise PandocError("the session is closed")
                process = self._process = self._process or start()
            try:
                with _ended_after(process, self.seconds):
                    status, result = _answer(process, verb, form, payload, reference)
            except (OSError, ValueError) as error:
                self._end()
                raise PandocError(f"pandoc stopped: {error}") from error
            except BaseException:  # an alarm: the answer would be taken for that to another request
                self._end()
                raise
            if not status:
                self._end()
                raise PandocError("pandoc stopped; it needed too much memory or time")
        if status != "ok":
            raise PandocError(result.decode(errors="replace"))
        return result


def _answer(
    process: subprocess.Popen[bytes], verb: str, form: str, payload: bytes, reference: str
) -> tuple[str, bytes]:
    """What a process answers to a request: a status, none if it has ended, and a result."""
    assert process.stdin and process.stdout
    process.stdin.write(f"{verb} {form} {len(payload)} {reference}\n".encode() + payload)
    process.stdin.flush()
    status, _, length = process.stdout.readline().decode().strip().partition(" ")
    result = process.stdout.read(int(length or 0))
    return (status, result) if len(result) == int(length or 0) else ("", b"")


@contextlib.contextmanager
def _ended_after(process: subprocess.Popen[bytes], seconds: float) -> Iterator[None]:
    """End a process that takes longer, so that nobody waits for it in vain."""
    clock = threading.Timer(seconds, process.kill)
    clock.daemon = True
    clock.start()
    try:
        yield
    finally:
        clock.cancel()


class PandocError(Exception):
    """Pandoc refused a document or died over it."""
