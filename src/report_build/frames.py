"""Where do the frames of deep calls find room?

CPython since 3.11 keeps frames in pieces of 16 KiB, which it maps when a call needs one and unmaps when
that call returns. A recursion that goes to and fro over the end of a piece has the system do that
each time: in the layout of pages it took a tenth of all time. A frame that is larger than a piece
gets a larger one, in which all calls that are made from it find room, too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

ROOM = 64 * 1024
"""Values that a frame claims to need: half a MiB, as much of which is left for other frames."""
P = ParamSpec("P")
T = TypeVar("T")


def roomy(call: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> T:
    """What a function gives that is called with room for the frames of a deep recursion."""
    return call(*arguments, **options)


roomy.__code__ = roomy.__code__.replace(co_stacksize=ROOM)
