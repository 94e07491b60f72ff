"""Are the problems of each case reported, where they are and with what helps?

A case is a file `cases/*.md`: a master without the usual front matter (see `support`), then a
line `%%%`, then one line for each problem: `line:column rule message; hint`, lines counted in the
whole master. Without problems it ends after `%%%`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from report_build.diagnostics import Diagnostic
from report_build.pandoc import Pandoc
from support import checked, master

CASES = sorted((Path(__file__).parent / "cases").glob("*.md"))


def said(one: Diagnostic, shift: int) -> str:
    """A problem as a case states it, its line counted from the case's first."""
    assert one.place
    hint = f"; {one.hint}" if one.hint else ""
    return f"{one.place.line - shift}:{one.place.column} {one.rule} {one.message}{hint}"


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path: Path, pandoc: Pandoc, request: pytest.FixtureRequest) -> None:
    text, _, expected = path.read_text("utf-8").partition("\n%%%\n")
    shift = master(text).count("\n") - text.count("\n")
    found = [said(one, shift) for one in checked(text, pandoc).diagnostics]
    if request.config.getoption("--update"):
        path.write_text("\n".join([text, "%%%", *found, ""]), "utf-8")
        return
    assert found == expected.strip().splitlines()
