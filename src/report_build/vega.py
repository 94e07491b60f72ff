"""Who draws charts, and turns drawings into pixels? Vega and resvg, in a process of their own.

Vega takes half a second to start and lets nothing else run while it does: `ahead` has that happen
while masters are read. The process gets what all do that see content: no network, no secrets, and
no more memory than its limit. It reads requests as lines of JSON, and answers each with a line.
"""

from __future__ import annotations

import atexit
import base64
import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from report_build import confinement
from report_build.diagnostics import MachineError
from report_build.limits import LIMITS, Limits

SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
NOTHING = {"$schema": SCHEMA, "data": {"values": []}, "mark": "bar", "encoding": {}}
GRACE = 10
"""Seconds that it gets to end by itself."""
_lock = threading.Lock()
_running: list[subprocess.Popen[bytes]] = []


def ahead() -> None:
    """Have the process start, if it does not run yet."""
    with _lock:
        _process()


def draw(
    specification: Mapping[str, Any], fonts: Path, scale: float, limits: Limits = LIMITS
) -> tuple[str, bytes]:
    """A Vega-Lite specification as SVG, and as PNG with so many pixels to a unit.

    Raises MachineError if it cannot be drawn within the limits.
    """
    answer = _ask({"draw": specification, "fonts": str(fonts), "scale": scale}, limits)
    return str(answer["svg"]), base64.b64decode(answer["png"])


def rasterize(svg: str, fonts: Path, scale: float, limits: Limits = LIMITS) -> bytes:
    """An SVG as PNG with so many pixels to a unit. Raises MachineError as `draw` does."""
    answer = _ask({"svg": svg, "fonts": str(fonts), "scale": scale}, limits)
    return base64.b64decode(answer["png"])


def _ask(request: Mapping[str, Any], limits: Limits) -> dict[str, Any]:
    with _lock:
        process = _process()
        clock = threading.Timer(limits.seconds, process.kill)
        clock.daemon = True
        clock.start()
        try:
            assert process.stdin and process.stdout
            process.stdin.write(json.dumps({**request, "memory": limits.memory}).encode() + b"\n")
            process.stdin.flush()
            answer: dict[str, Any] = json.loads(process.stdout.readline())
        except (OSError, ValueError) as error:
            _end()
            raise MachineError("a drawing takes too much memory or time") from error
        finally:
            clock.cancel()
    if "error" in answer:
        raise MachineError(f"a drawing cannot be made: {answer['error']}")
    return answer


def _process() -> subprocess.Popen[bytes]:
    if not _running:
        command = [sys.executable, "-P", "-m", __name__]
        _running.append(subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=confinement.bare_environment(),
        ))  # fmt: skip
    return _running[0]


@atexit.register
def _end() -> None:
    """Without input it ends by itself."""
    while _running:
        process = _running.pop()
        for pipe in (process.stdin, process.stdout):
            with suppress(BrokenPipeError):
                pipe.close()  # type: ignore[union-attr]
        try:
            process.wait(GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


# ------------------------------------------------------------------------------ in the process


def _answers(requests: IO[str]) -> Iterator[dict[str, Any]]:
    import vl_convert

    vl_convert.vegalite_to_svg(NOTHING, allowed_base_urls=[])
    for line in requests:
        request = json.loads(line)
        confinement.limit(request["memory"])
        try:
            vl_convert.register_font_directory(request["fonts"])
            if "draw" in request:
                svg = str(vl_convert.vegalite_to_svg(request["draw"], allowed_base_urls=[]))
            else:
                svg = request["svg"]
            png = bytes(vl_convert.svg_to_png(svg, scale=request["scale"]))
            yield {"svg": svg, "png": base64.b64encode(png).decode()}
        except Exception as error:
            yield {"error": str(error)}


def main() -> None:
    """Answer requests until there are no more."""
    confinement.confine(LIMITS.memory)
    for answer in _answers(sys.stdin):
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
