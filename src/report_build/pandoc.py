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
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from report_build.limits import LIMITS
from report_build.nodes import Blocks, Tree, decode, encode
from report_build.pandoc_process import start

GRACE = 10
"""Seconds that it gets to end by itself."""
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
        self._begun = ""
        """The text that it reads while nobody waits for it."""
        self._next: list[str] = []
        """Texts that it reads after that."""
        self._read: dict[str, bytes] = {}
        """Its answers to texts that nobody has asked for yet."""

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
        """End the process: without input it ends by itself, and leaves no file behind."""
        process, self._process, self._begun = self._process, None, ""
        if process:
            assert process.stdin and process.stdout
            with _ended_after(process, GRACE):
                with contextlib.suppress(BrokenPipeError):
                    process.stdin.close()
                process.stdout.read()
                process.wait()
            process.stdout.close()

    def version(self) -> str:
        """The version of the pandoc that answers; nothing if none does."""
        with contextlib.suppress(PandocError, OSError):
            return self._ask("version", "-", b"").decode()
        return ""

    def ahead(self, *texts: str) -> None:
        """Begin to read bodies of masters, for which `markdown` will ask."""
        self._next += [x for x in texts if x not in (self._begun, *self._next, *self._read)]
        self._go_on()

    def markdown(self, text: str) -> Blocks:
        """The tree of a master's body."""
        if text == self._begun:
            self._settle()
        if text in self._next:
            self._next.remove(text)
        answer = self._read.pop(text, b"") or self._ask("read", MARKDOWN, text.encode())
        self._go_on()
        return decode(answer).blocks

    def html(self, text: str) -> Blocks:
        """The tree of HTML that a template of ours made."""
        return decode(self._ask("read", "html-auto_identifiers", text.encode())).blocks

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
        self._settle()
        try:
            self._send(verb, form, payload, reference)
        except OSError as error:
            self.close()
            raise PandocError(f"pandoc stopped: {error}") from error
        return self._answer()

    def _settle(self) -> None:
        """Wait for what was begun ahead; if it failed, whoever asks for it will be told."""
        if self._begun:
            text, self._begun = self._begun, ""
            with contextlib.suppress(PandocError):
                self._read[text] = self._answer()

    def _go_on(self) -> None:
        """Read the next text, if there is nothing else to do."""
        if self._next and not self._begun:
            with contextlib.suppress(OSError):  # told when it is asked for
                self._send("read", MARKDOWN, self._next[0].encode())
                self._begun = self._next.pop(0)

    def _send(self, verb: str, form: str, payload: bytes, reference: str = "-") -> None:
        process = self._process = self._process or start()
        assert process.stdin
        with _ended_after(process, self.seconds):
            process.stdin.write(f"{verb} {form} {len(payload)} {reference}\n".encode() + payload)
            process.stdin.flush()

    def _answer(self) -> bytes:
        process = self._process
        assert process and process.stdout
        try:
            with _ended_after(process, self.seconds):
                status, _, length = process.stdout.readline().decode().strip().partition(" ")
                result = process.stdout.read(int(length or 0))
        except ValueError as error:
            self.close()
            raise PandocError(f"pandoc stopped: {error}") from error
        if not status:
            self.close()
            raise PandocError("pandoc stopped; it needed too much memory or time")
        if status != "ok":
            raise PandocError(result.decode(errors="replace"))
        return result


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
