"""Are drawings made, told of if they cannot be, and made again after that?"""

from __future__ import annotations

from pathlib import Path

import pytest

from report_build import vega
from report_build.diagnostics import MachineError
from report_build.limits import Limits
from support import ROOT

FONTS = ROOT / ".cache" / "report-build" / "fonts"
GOOD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 2"><path d="M0 0h4v2z"/></svg>'
PNG = b"\x89PNG"


def made(svg: str, limits: Limits | None = None) -> bytes:
    return vega.rasterize(svg, Path(FONTS), 4, limits or Limits())


def test_a_drawing_that_cannot_be_made_is_told_and_the_next_one_is_made() -> None:
    with pytest.raises(MachineError, match="a drawing cannot be made"):
        made("<svg")
    assert made(GOOD).startswith(PNG)


def test_a_process_that_dies_takes_no_other_drawing_with_it() -> None:
    assert made(GOOD).startswith(PNG)
    (process,) = vega._running
    process.kill()
    process.wait()
    with pytest.raises(MachineError, match="too much memory or time"):
        made(GOOD)
    assert made(GOOD).startswith(PNG)
    assert vega._running != [process]


def test_a_drawing_gets_no_more_memory_than_the_project_allows() -> None:
    huge = GOOD.replace("viewBox", 'width="6000" height="6000" viewBox')
    with pytest.raises(MachineError):
        made(huge, Limits(memory=300))
    assert made(GOOD).startswith(PNG)
