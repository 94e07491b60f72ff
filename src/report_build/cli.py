"""What was asked? The command `report-build` and its exit codes.

0: done. 1: the content has errors (or warnings with `--strict`). 2: wrong use, or something is
missing on the machine.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from report_build import __version__
from report_build.diagnostics import ContentError, Diagnostic, MachineError, Severity
from report_build.pandoc import PandocError

DONE, CONTENT, MACHINE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; gives the exit code."""
    options = _parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal without UTF-8 gets escapes
            stream.reconfigure(errors="backslashreplace")
    try:
        return int(options.run(options))
    except ContentError as error:
        _show(error.diagnostics, {}, options)
        return CONTENT
    except MachineError as error:
        cure = f"; {error.cure}" if error.cure else ""
        print(f"report-build: {error.message}{cure}", file=sys.stderr)
        return MACHINE
    except PandocError as error:
        print(f"report-build: pandoc cannot read this: {error}", file=sys.stderr)
        return CONTENT
    except BrokenPipeError:  # whoever read our output has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="report-build", description="One Markdown master, all its deliverables, proved."
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("masters", nargs="*", type=Path, metavar="MASTER",
                        help="the masters (default: all of source/*.md, or *.md here)")  # fmt: skip
    shared.add_argument("--message-format", default="human",
                        choices=("human", "json", "github", "sarif"))  # fmt: skip
    shared.add_argument("--strict", action="store_true", help="warnings count as errors")
    shared.add_argument("-q", "--quiet", action="store_true", help="no progress")
    _build_command(commands, shared)
    check = commands.add_parser("check", parents=[shared], help="find mistakes without rendering")
    check.add_argument("--info", action="store_true", help="tell what is no problem, too")
    check.set_defaults(run=run_check)
    verify = commands.add_parser("verify", help="open finished files again and prove them")
    verify.add_argument("path", nargs="?", type=Path, default=Path("out"))
    verify.add_argument("--message-format", default="human", choices=("human", "json"))
    verify.set_defaults(run=run_verify)
    listing = commands.add_parser("list", parents=[shared], help="what would be built")
    listing.set_defaults(run=run_list)
    explain = commands.add_parser("explain", help="what a rule means")
    explain.add_argument("rule", nargs="?")
    explain.set_defaults(run=run_explain)
    return parser


def _build_command(commands: Any, shared: argparse.ArgumentParser) -> None:
    build = commands.add_parser("build", parents=[shared], help="check, render, prove, publish")
    build.add_argument("-e", "--edition", action="append", default=[], help="only this edition")
    build.add_argument("-f", "--format", action="append", default=[], help="only this format",
                       choices=("html", "pdf", "docx", "epub"))  # fmt: skip
    build.add_argument("-o", "--out", type=Path, default=Path("out"))
    build.add_argument("-j", "--jobs", default="auto", help="workers (default: one a core)")
    build.add_argument("--force", action="store_true", help="make everything anew")
    build.add_argument("--dry-run", action="store_true", help="say what would be built")
    build.set_defaults(run=run_build)


# ------------------------------------------------------------------------------ commands


def run_check(options: argparse.Namespace) -> int:
    """Judge all masters and editions."""
    checked, _ = _checked(options)
    return _report(checked, options)


def run_build(options: argparse.Namespace) -> int:
    """Check, render, prove and publish."""
    from report_build.build import release
    from report_build.publish import PublishError
    from report_build.schedule import Wish
    from report_build.terminal import Progress

    checked, settings = _checked(options)
    status = _report(checked, options, quiet_if_clean=True)
    if status:
        return status
    known = {d.edition.id for one in checked for d in one.editions if d.edition}
    for name in options.edition:
        if name not in known:
            from report_build.diagnostics import did_you_mean

            raise MachineError(f"no edition “{name}”; {did_you_mean(name, known)}".rstrip("; "))
    wish = Wish(
        tuple(options.edition), tuple(options.format), _workers(options.jobs), options.force
    )
    if options.dry_run:
        return _print_deliverables(checked, wish.wants)
    from report_build import machine

    machine.require()
    total = sum(len(d.edition.formats) for one in checked for d in one.editions if d.edition)
    progress = Progress(sys.stderr, total, options.quiet)
    try:
        entries = release(checked, settings, wish, options.out.absolute(), progress.done)
    except PublishError as error:
        raise MachineError(str(error)) from error
    finally:
        progress.close()
    if not options.quiet:
        print(f"{options.out}: {len(entries)} files, proved", file=sys.stderr)
    return DONE


def run_list(options: argparse.Namespace) -> int:
    """One line for each deliverable."""
    checked, _ = _checked(options)
    return _print_deliverables(checked, lambda one: True)


def _print_deliverables(checked: Iterable[Any], wanted: Callable[[Any], bool]) -> int:

    checked = list(checked)
    for one in checked:
        for deliverable in one.deliverables:
            if wanted(deliverable):
                print(f"{deliverable.edition.id}\t{deliverable.form}\t{deliverable.path}")
    return CONTENT if any(one.front is None for one in checked) else DONE


def run_verify(options: argparse.Namespace) -> int:
    """Hold finished files against the manifest."""
    from report_build import templates
    from report_build.verify import verify

    if not options.path.exists():
        raise MachineError(f"there is no file or folder {options.path}")
    verdict = verify(options.path.absolute(), Path.cwd(), templates.load(Path.cwd()).folders)
    print("\n".join(verdict.lines))
    return DONE if verdict.good else CONTENT


def run_explain(options: argparse.Namespace) -> int:
    """The manual page of a rule, or the list of rules."""
    import inspect

    from report_build import rules
    from report_build.diagnostics import did_you_mean

    if not options.rule:
        for each in rules.ALL:
            print(f"{each.name:24} {each.severity:8} {each.manual.splitlines()[0]}")
        return DONE
    if options.rule not in rules.BY_NAME:
        hint = did_you_mean(options.rule, rules.BY_NAME)
        raise MachineError(f"no rule “{options.rule}”; {hint}".rstrip("; "))
    each = rules.BY_NAME[options.rule]
    print(f"{each.name} ({each.severity})\n\n{inspect.cleandoc(each.manual)}")
    return DONE


# ------------------------------------------------------------------------------- helpers


def _checked(options: argparse.Namespace) -> tuple[list[Any], Any]:
    from report_build import machine, templates
    from report_build.check import check
    from report_build.pandoc import Pandoc
    from report_build.workshop import Settings

    machine.require(rendering=False)
    masters = options.masters or _masters()
    if not masters:
        raise MachineError("no master here: neither source/*.md nor *.md with front matter")
    project = Path.cwd()
    settings = Settings(
        templates.load(project).folders, project / ".cache" / "report-build", project
    )
    with ExitStack() as stack:
        pandoc = stack.enter_context(Pandoc())
        found = []
        for path in masters:
            if not path.is_file():
                raise MachineError(f"there is no file {path}")
            inside = path.absolute().is_relative_to(project)
            found.append(check(path, project if inside else path.absolute().parent, pandoc))
    return found, settings


def _masters() -> list[Path]:
    named = sorted(Path("source").glob("*.md"))
    if named:
        return named
    return sorted(p for p in Path().glob("*.md") if p.read_bytes()[:4] in (b"---\n", b"---\r"))


def _report(
    checked: Iterable[Any], options: argparse.Namespace, quiet_if_clean: bool = False
) -> int:
    from report_build.check import errors

    checked = list(checked)
    diagnostics = [d for one in checked for d in one.diagnostics]
    sources = {file: one.source for one in checked for file in one.source.files}
    if diagnostics or options.message_format != "human":
        if not quiet_if_clean or errors(checked, options.strict):
            _show(diagnostics, sources, options)
    elif not quiet_if_clean and not options.quiet:
        print("no problems", file=sys.stderr)
    return CONTENT if errors(checked, options.strict) else DONE


def _show(diagnostics: Sequence[Diagnostic], sources: Any, options: argparse.Namespace) -> None:
    from report_build import terminal

    form = options.message_format
    if form == "human":
        if not getattr(options, "info", False):
            diagnostics = [one for one in diagnostics if one.severity is not Severity.INFO]
            if not diagnostics:
                print("no problems", file=sys.stderr)
                return
        color = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        print(terminal.human(diagnostics, sources, color))
        print(terminal.summary(diagnostics), file=sys.stderr)
    else:
        print(terminal.FORMATS[form](diagnostics, sources))


def _workers(text: str) -> int:
    if text == "auto":
        return len(os.sched_getaffinity(0))
    if not text.isdigit() or not int(text):
        raise MachineError(f"-j takes a number or “auto”, not “{text}”")
    return int(text)
