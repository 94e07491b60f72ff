"""Who may look at a preview? Browsers of this machine that know its token, and nobody else.

It listens on the loopback address only, under a path that nobody can guess; requests that another
site's page makes, or that name another host, are refused.
"""

from __future__ import annotations

import hmac
import html
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qs, urlsplit

from report_build.diagnostics import ContentError, MachineError
from report_build.preview.marks import CLASS
from report_build.preview.session import Session, Shown

HOST = "127.0.0.1"
HOSTS = (HOST, "localhost")
BEAT = 15.0
"""Seconds after which a browser that waits hears that nothing has happened."""
DARK = "@media screen and (prefers-color-scheme:dark)"
SCHEMES = {"light": "@media not all", "dark": "@media screen"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; "
    "base-uri 'none'; form-action 'none'"
)
TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "epub": "application/epub+zip",
}
MARKS = (
    f".{CLASS}{{display:inline-block;font:600 .75rem/1.6 sans-serif;padding:0 .5em;border-radius:3px;"
    "background:#7a1f5c;color:#fff}"
)


class Server(ThreadingHTTPServer):
    """Serves a session under a token."""

    daemon_threads = True

    def __init__(self, session: Session, port: int = 0) -> None:
        self.session, self.token = session, secrets.token_urlsafe(24)
        self.stopped = threading.Event()
        try:
            super().__init__((HOST, port), _Handler)
        except OSError as error:
            raise MachineError(
                f"port {port} cannot be used: {error.strerror}", "take another --port"
            ) from error

    def handle_error(self, *_: Any) -> None:
        """A browser that goes away is no error; all else is told to it as far as it listens."""

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        return f"http://{HOST}:{self.server_port}/{self.token}/"


@contextmanager
def serving(session: Session, port: int = 0) -> Iterator[Server]:
    """A server that runs in a thread, and ends with the block."""
    server = Server(session, port)
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True
    )
    thread.start()
    try:
        yield server
    finally:
        server.stopped.set()
        session.close()
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "report-build", ""

    def log_message(self, *_: Any) -> None:
        """Nobody wants to read that."""

    def do_GET(self) -> None:
        """Answer what a browser of ours asks."""
        path = urlsplit(self.path)
        _, token, name = (*path.path.split("/", 2), "", "")[:3]
        if not self._is_ours(token):
            self._send(HTTPStatus.FORBIDDEN, b"", "text/plain")
            return
        asked = {key: values[0] for key, values in parse_qs(path.query).items()}
        answer = {"": self._shell, "preview.js": self._part, "preview.css": self._part,
                  "state": self._state, "events": self._events, "page": self._page,
                  "file": self._file, "source": self._source}.get(name)  # fmt: skip
        if not answer:
            self._send(HTTPStatus.NOT_FOUND, b"", "text/plain")
            return
        try:
            answer(name, asked)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _is_ours(self, token: str) -> bool:
        host = self.headers.get("Host", "")
        site = self.headers.get("Sec-Fetch-Site", "none")
        origin = self.headers.get("Origin")
        return (
            hmac.compare_digest(token.encode(), self.server.token.encode())
            and host in [f"{name}:{self.server.server_port}" for name in HOSTS]
            and site in ("none", "same-origin")
            and origin in (None, f"http://{host}")
        )

    def _send(self, status: HTTPStatus, content: bytes, kind: str, **headers: str) -> None:
        self.send_response(status)
        told = {"Content-Type": kind, "Content-Length": str(len(content)), "Cache-Control": "no-store",
                "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
                "Cross-Origin-Resource-Policy": "same-origin", "X-Frame-Options": "SAMEORIGIN"}  # fmt: skip
        for key, value in {**told, **{k.replace("_", "-"): v for k, v in headers.items()}}.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(content)

    # ------------------------------------------------------------------------ answers

    def _shell(self, *_: Any) -> None:
        content = (files(__package__) / "preview.html").read_bytes()
        self._send(
            HTTPStatus.OK, content, "text/html; charset=utf-8", Content_Security_Policy=POLICY
        )

    def _part(self, name: str, _: Any) -> None:
        kind = "text/javascript" if name.endswith(".js") else "text/css"
        self._send(
            HTTPStatus.OK, (files(__package__) / name).read_bytes(), f"{kind}; charset=utf-8"
        )

    def _state(self, *_: Any) -> None:
        session = self.server.session
        told = {"revision": session.revision, "editions": list(session.editions()),
                "problems": session.problems}  # fmt: skip
        self._send(HTTPStatus.OK, json.dumps(told).encode(), "application/json")

    def _events(self, _: str, asked: dict[str, str]) -> None:
        """A stream that tells each new state, for as long as the browser listens."""
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        known = int(asked.get("known", "0"))
        while not self.server.stopped.is_set():
            now = self.server.session.wait(known, BEAT)
            if now < 0:
                self.wfile.write(b"event: stopped\ndata: 0\n\n")
                return
            self.wfile.write(f"data: {now}\n\n".encode() if now != known else b": nothing new\n\n")
            self.wfile.flush()
            known = now

    def _page(self, _: str, asked: dict[str, str]) -> None:
        text = self.server.session.page(_shown(asked)).decode()
        scheme = SCHEMES.get(asked.get("scheme", ""))
        text = text.replace(DARK, scheme) if scheme else text
        text = text.replace("</head>", f"<style>{MARKS}</style></head>", 1)
        if not text:
            text = "<!DOCTYPE html><title>report-build</title><p>There is no good page yet."
        self._send(HTTPStatus.OK, text.encode(), "text/html; charset=utf-8")

    def _file(self, _: str, asked: dict[str, str]) -> None:
        """A finished file, made now; what is wrong with it is told as a page."""
        form = asked.get("format", "pdf")
        try:
            content = self.server.session.file(_shown(asked), form)
        except (ContentError, MachineError, KeyError, StopIteration) as error:
            told = "\n".join(map(str, getattr(error, "diagnostics", (error,))))
            page = f"<!DOCTYPE html><title>Not made</title><pre>{html.escape(told)}</pre>"
            self._send(HTTPStatus.OK, page.encode(), "text/html; charset=utf-8")
            return
        place = "inline" if form == "pdf" else f'attachment; filename="{asked["edition"]}.{form}"'
        self._send(HTTPStatus.OK, content, TYPES[form], Content_Disposition=place)

    def _source(self, _: str, asked: dict[str, str]) -> None:
        """An author's text with its lines numbered; a problem's link leads to its line."""
        texts = {name: text for one in self.server.session.checked.values()
                 for name, text in one.source.originals}  # fmt: skip
        text = texts.get(asked.get("file", ""))
        if text is None:
            self._send(HTTPStatus.NOT_FOUND, b"", "text/plain")
            return
        lines = "".join(
            f'<li id="L{number}">{html.escape(line) or " "}'
            for number, line in enumerate(text.split("\n"), 1)
        )
        page = (
            f"<!DOCTYPE html><title>{html.escape(asked['file'])}</title><style>li:target{{background:#fe9}}"
            f"li{{white-space:pre-wrap;font-family:monospace}}</style><ol>{lines}</ol>"
        )
        self._send(HTTPStatus.OK, page.encode(), "text/html; charset=utf-8")


def _shown(asked: dict[str, str]) -> Shown:
    return Shown(asked.get("master", ""), asked.get("edition", ""), asked.get("proof") == "1")
