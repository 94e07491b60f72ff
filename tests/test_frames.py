"""Do deep calls find room for their frames without asking the system each time?"""

from __future__ import annotations

import resource

import pytest

from report_build.frames import roomy

CALLS, DEPTHS = 200, range(20, 400)
"""How often a recursion goes on from each depth, one of which is at the end of a piece."""


def deep(depth: int) -> int:
    """One more call at the end of a recursion, again and again."""
    if depth:
        return deep(depth - 1)
    for _ in range(CALLS):
        deep_enough()
    return CALLS


def deep_enough() -> int:
    a, b, c, d, e, f = range(6)
    return max(a, b, c, d, e, f)


def faults() -> int:
    """How often the system was asked for memory, by a recursion from each depth."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for depth in DEPTHS:
        deep(depth)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def test_a_recursion_asks_for_memory_once() -> None:
    roomy(faults)
    assert roomy(faults) < CALLS


def test_what_is_called_gets_and_gives_what_it_should() -> None:
    assert roomy(sorted, [2, 1], reverse=False) == [1, 2]
    with pytest.raises(ZeroDivisionError):
        roomy(divmod, 1, 0)
