"""The same files by the programs themselves: a shell loop as people write it.

python -m bench.loop PROJECT JOBS: for each edition pandoc reads the master, with a filter that
leaves out what is for others, and writes HTML, Word and (full only) EPUB; the `weasyprint` command
makes the PDF. So that pages are as rich on both sides, it gets the page that a build makes.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from report_build import masters, workshop
from report_build.compose import compose
from report_build.pandoc_process import executable
from report_build.schedule import Prepared

FILTER = """
local mine = os.getenv("EDITION")
local function keep(x)
  local who = x.attributes and x.attributes.audience
  if who and mine ~= "full" and not (" " .. who .. " "):find(" " .. mine .. " ", 1, true) then
    return {}
  end
end
return {{Blocks = function(blocks)
  local kept = pandoc.List()
  local skip = nil
  for _, block in ipairs(blocks) do
    if block.t == "Header" then
      if skip and block.level <= skip then skip = nil end
      local who = block.attributes.audience
      if not skip and who and mine ~= "full"
         and not (" " .. who .. " "):find(" " .. mine .. " ", 1, true) then
        skip = block.level
      end
    end
    if not skip then kept:insert(block) end
  end
  return kept
end, Div = keep, Span = keep}}
"""


def commands(project: Path, target: Path) -> list[tuple[dict[str, str], list[str]]]:
    """The commands, each with its environment; pages for paper are made ready here."""
    os.chdir(project)
    (found, *_), settings = masters.checked([Path("source/proceedings.md")])
    workshop.look(settings)
    from report_build.formats.pdf import page

    ready = Prepared(found, settings)
    tools = workshop._tools(settings, found.front.lang)
    (target / "keep.lua").write_text(FILTER)
    pandoc = [executable(), "source/proceedings.md", "--lua-filter", str(target / "keep.lua"), "-s"]
    weasyprint = str(Path(sys.executable).parent / "weasyprint")
    made = []
    for name in ready.editions:
        one = ready.of(name, "pdf")
        whole = compose(one.document, one.around, tools.templates, tools.labels, tools.pandoc, {})
        paper = target / f"{name}.paper.html"
        paper.write_text(page(whole, tools), "utf-8")
        env = {**os.environ, "EDITION": name}
        for suffix in ("html", "docx", *(["epub"] if name == "full" else [])):
            made.append((env, [*pandoc, "-o", str(target / f"{name}.{suffix}")]))
        # --pdf-engine=weasyprint: pandoc writes a page, and WeasyPrint lays it out
        made.append((env, [*pandoc, "-t", "html", "-o", str(target / f"{name}.page.html")]))
        pdf = [weasyprint, "--pdf-variant", "pdf/ua-1", str(paper), str(target / f"{name}.pdf")]
        made.append((env, pdf))
    return made


def main(project: Path, jobs: int) -> None:
    """Run them, and print the seconds."""
    target = project / "loop"
    target.mkdir(exist_ok=True)
    todo = commands(project.resolve(), target.resolve())

    def run(one: tuple[dict[str, str], list[str]]) -> None:
        subprocess.run(one[1], env=one[0], check=True, capture_output=True)

    start = time.perf_counter()
    with ThreadPoolExecutor(jobs) as pool:
        list(pool.map(run, todo))
    print(time.perf_counter() - start)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
