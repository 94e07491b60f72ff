"""Is pandoc's tree read and written without loss?"""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from report_build import nodes as n
from report_build import pandoc_process
from report_build.pandoc import Pandoc, PandocError
from support import ROOT

EVERYTHING = """
# Head {#h .c k=v}

*a* **b** ~~c~~ ^d^ ~e~ [f]{.smallcaps} 'g' "h" `i` $j$ <http://k.org> ![l](m.png) [n]{.o}^[p]

| line
| block

> quote

1. one
2. two

- bullet

term
:   definition

---

  a     b
---- ----
  1    2

: Caption

![Figure](x.png)

::: {.div}
text
:::

    code
"""


def test_all_kinds_round_trip(pandoc: Pandoc) -> None:
    blocks = pandoc.markdown(EVERYTHING)
    assert n.decode(n.encode(blocks)).blocks == blocks
    assert n.rewrite(blocks, lambda node: node) == blocks


def test_the_proceedings_round_trip(pandoc: Pandoc) -> None:
    text = Path(ROOT / "source/proceedings.md").read_text("utf-8").split("\n---\n", 1)[1]
    blocks = pandoc.markdown(text)
    assert n.decode(n.encode(blocks)).blocks == blocks
    assert len(n.plain(blocks, notes=True).split()) > 6_000


def test_unknown_constructors_fail_loudly() -> None:
    with pytest.raises(Exception, match="Novelty"):
        n.decode(b'{"pandoc-api-version":[1,23],"meta":{},"blocks":[{"t":"Novelty","c":[]}]}')


def test_rewrite_can_drop_and_multiply() -> None:
    a, b = n.Emph((n.Str("a"),)), n.Strong((n.Str("b"),))
    new = n.rewrite((n.Para((a, b, a)),), lambda x: (x, x) if x == a else () if x == b else x)
    assert n.plain(new) == "aaaa"


def test_what_a_rewrite_leaves_alone_is_the_same_object() -> None:
    same, other = n.Para((n.Emph((n.Str("a"),)),)), n.Para((n.Strong((n.Str("b"),)),))
    blocks = (n.Div((n.NO_ATTR, (same,))), other)
    first, second = n.rewrite(blocks, lambda x: x.c if isinstance(x, n.Strong) else x)
    assert first is blocks[0]
    assert second == n.Para((n.Str("b"),))
    assert n.rewrite(blocks, lambda x: x) is blocks


def test_an_empty_document_is_written(pandoc: Pandoc) -> None:
    assert pandoc.html("") == ()
    assert pandoc.write((), "html5") == b""


def test_pandoc_says_what_it_cannot_write(pandoc: Pandoc) -> None:
    with pytest.raises(PandocError):
        pandoc.write((), "no-such-format")
    assert pandoc.markdown("still there") == (n.Para((n.Str("still"), n.Space(), n.Str("there"))),)


def test_texts_that_are_read_ahead_are_not_taken_for_one_another(pandoc: Pandoc) -> None:
    texts = ["# A\n", "", "# B\n", "Words for all. \n\n" * 3000]
    pandoc.ahead(*texts)
    assert pandoc.markdown("# C\n") == pandoc.markdown("# C\n")
    assert n.plain(pandoc.markdown("# B\n")) == "B"
    assert n.plain(pandoc.markdown("# A\n")) == "A"
    assert pandoc.markdown("") == ()
    assert pandoc.version().startswith("3.")
    assert len(pandoc.markdown(texts[-1])) == 3000


def silent(monkeypatch: pytest.MonkeyPatch, does: str) -> None:
    """The first process is one that does something else than to answer; those after it do answer."""
    first = [[sys.executable, "-c", does]]

    def start() -> subprocess.Popen[bytes]:
        if not first:
            return pandoc_process.start()
        return subprocess.Popen(first.pop(), stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    monkeypatch.setattr("report_build.pandoc.start", start)


def test_what_an_alarm_interrupts_is_not_the_answer_to_the_next_question(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class AlarmError(Exception):
        pass

    def ring(*_: object) -> None:
        raise AlarmError

    silent(monkeypatch, "import signal; signal.pause()")
    before = signal.signal(signal.SIGALRM, ring)
    try:
        with Pandoc() as pandoc:
            signal.setitimer(signal.ITIMER_REAL, 0.05)
            with pytest.raises(AlarmError):
                pandoc.markdown("# A\n")
            assert n.plain(pandoc.markdown("# B\n")) == "B"
    finally:
        signal.signal(signal.SIGALRM, before)


def test_what_cannot_be_read_ahead_is_told_when_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    silent(monkeypatch, "input(); print('ok 1\\n3', end='', flush=True); input()")
    with Pandoc() as pandoc:
        pandoc.ahead("# A\n", "# B\n")
        assert pandoc.version() == "3"
        assert n.plain(pandoc.markdown("# B\n")) == "B"
        with pytest.raises(PandocError, match="too much memory or time"):
            pandoc.markdown("# A\n")


def test_a_session_ends_though_it_reads_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    silent(monkeypatch, "import signal; signal.pause()")
    with Pandoc() as pandoc:
        pandoc.ahead("# A\n", "# B\n")
    assert pandoc._process is None
