"""How hard are the streams of a PDF packed?

pydyf 0.13 packs them at zlib's level 9, which takes four times as long as its usual level and saves
three bytes in a hundred.
"""

from __future__ import annotations

import zlib
from typing import Any

import pydyf

LEVEL = zlib.Z_DEFAULT_COMPRESSION


def prepare() -> None:
    """Have streams of every PDF of this process packed at the usual level."""
    pydyf.zlib = _Packing


class _Packing:
    """What pydyf calls of zlib."""

    compress = staticmethod(zlib.compress)

    @staticmethod
    def compressobj(level: int = LEVEL) -> Any:
        """As zlib's, at the usual level whatever is asked for."""
        return zlib.compressobj(LEVEL)
