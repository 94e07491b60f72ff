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
        process, self._process = self._process, None
        if process:
            with contextlib.suppress(BrokenPipeError):
                process.stdin.close()  # type: ignore[union-attr]
            try:
                process.wait(GRACE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            process.stdout.close()  # type: ignore[union-attr]

    def version(self) -> str:
        """The version of the pandoc that answers; nothing if none does."""
        with contextlib.suppress(PandocError, OSError):
            return self._ask("version", "-", b"").decode()
        return ""

    def markdown(self, text: str) -> Blocks:
        """The tree of a master's body."""
        return decode(self._ask("read", MARKDOWN, text.encode())).blocks

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
        process = self._process = self._process or start()
        assert process.stdin and process.stdout
        clock = threading.Timer(self.seconds, process.kill)
        clock.daemon = True
        clock.start()
        try:
            process.stdin.write(f"{verb} {form} {len(payload)} {reference}\n".encode() + payload)
            process.stdin.flush()
            status, _, length = process.stdout.readline().decode().strip().partition(" ")
            result = process.stdout.read(int(length or 0))
        except (BrokenPipeError, ValueError) as error:
            self.close()
            raise PandocError(f"pandoc stopped: {error}") from error
        finally:
            clock.cancel()
        if status != "ok":
            said = "pandoc stopped; it needed too much memory or time"
            raise PandocError(result.decode(errors="replace") or said)
        return result


class PandocError(Exception):
    """Pandoc refused a document or died over it."""
