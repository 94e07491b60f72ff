"""What does `report-build` do first? It asks whether there is anything to do.

All else is loaded only then: a build with nothing to do takes hardly longer than Python's start.
"""

from __future__ import annotations

import sys

from report_build import freshness


def main(arguments: list[str] | None = None) -> int:
    """Run the command; gives the exit code."""
    asked = sys.argv[1:] if arguments is None else list(arguments)
    said = freshness.told(asked)
    if said is not None:
        if said:
            print(said, file=sys.stderr)
        return 0
    if arguments is None:
        from report_build import confinement

        confinement.start_anew(asked)
        if confinement.concerns(asked):
            confinement.leave_network()
    from report_build.command import run

    return run(asked)
