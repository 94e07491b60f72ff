"""What was asked? All that the command `report-build` can do, and its exit codes.

0: done. 1: the content has errors (or warnings with `--strict`). 2: wrong use, or something is
missing on the machine.
"""

from __future__ import annotations

import argparse
import io
import os
import signal
import sys
import threading
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from report_build import __version__, answers, baseline, masters
from report_build.answers import CONTENT, DONE
from report_build.diagnostics import (
    ContentError,
    Diagnostic,
    MachineError,
    Severity,
    did_you_mean,
)
from report_build.pandoc import PandocError

MACHINE = 2
UNCHANGED = "what was published before is unchanged"


def run(arguments: list[str]) -> int:
    """Run the command; gives the exit code."""
    options = _parser().parse_args(arguments)
    options.arguments = arguments
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal without UTF-8 gets escapes
            stream.reconfigure(errors="backslashreplace")
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _ended)
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
    except MemoryError:
        print(f"report-build: there is not enough memory; {UNCHANGED}", file=sys.stderr)
        return MACHINE
    except BrokenPipeError:  # whoever read our output has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        print(f"report-build: {error.strerror or error}{where}; {UNCHANGED}", file=sys.stderr)
        return MACHINE
    except KeyboardInterrupt:
        return 130


def _ended(number: int, _: object) -> None:
    """Whoever ends the command gets it ended, but not before it has tidied up."""
    raise SystemExit(128 + number)


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
    shared.add_argument("--baseline", type=Path, metavar="FILE",
                        help=f"known problems, which are not told (default: {baseline.NAME})")  # fmt: skip
    shared.add_argument("-q", "--quiet", action="store_true", help="no progress")
    start = commands.add_parser("init", help="lay out a project that builds at once")
    start.add_argument("folder", nargs="?", type=Path, default=Path(), metavar="DIR")
    start.add_argument("--from", dest="document", type=Path, metavar="FILE",
                       help="begin with an existing document, imported")  # fmt: skip
    start.set_defaults(run=answers.run_init)
    _writing_commands(commands)
    doctor = commands.add_parser("doctor", help="what this machine has, and what it lacks")
    doctor.set_defaults(run=answers.run_doctor)
    _build_command(commands, shared)
    check = commands.add_parser("check", parents=[shared], help="find mistakes without rendering")
    check.add_argument("--info", action="store_true", help="tell what is no problem, too")
    check.add_argument("--write-baseline", type=Path, metavar="FILE", nargs="?",
                       const=Path(baseline.NAME), help="take all problems for known")  # fmt: skip
    check.set_defaults(run=run_check)
    verify = commands.add_parser("verify", help="open finished files again and prove them")
    verify.add_argument("path", nargs="?", type=Path, default=Path("out"))
    verify.add_argument("--message-format", default="human", choices=("human", "json"))
    verify.add_argument("--validators", action="store_true",
                        help="have validators of others look at the files, too")  # fmt: skip
    verify.add_argument("--strict", action="store_true",
                        help="all validators, and one that is missing is a failure")  # fmt: skip
    verify.set_defaults(run=answers.run_verify)
    listing = commands.add_parser("list", parents=[shared], help="what would be built")
    listing.add_argument("--coverage", action="store_true", help="what each edition receives")
    listing.add_argument("--why", metavar="ID", help="who gets the block of an id, and why")
    listing.set_defaults(run=answers.run_list, out=Path("out"))
    _answering_commands(commands)
    complete = commands.add_parser("completion", help="have a shell complete what is typed")
    complete.add_argument("shell", choices=answers.SHELLS)
    complete.set_defaults(run=answers.run_completion, parser=parser)
    explain = commands.add_parser("explain", help="what a rule means")
    explain.add_argument("rule", nargs="?")
    explain.set_defaults(run=answers.run_explain)
    return parser


def _writing_commands(commands: Any) -> None:
    """The commands for those who write: import, preview, review."""
    bring = commands.add_parser("import", help="make masters of existing documents")
    bring.add_argument("files", nargs="+", type=Path, metavar="FILE",
                       help="DOCX, ODT, HTML, EPUB, RTF, PDF, or text taken out of a PDF")  # fmt: skip
    bring.add_argument("-o", "--into", type=Path, default=Path("source"), metavar="FOLDER")
    bring.add_argument("--lang", default="", help="the language, if it is not to be guessed")
    bring.set_defaults(run=answers.run_import)
    again = commands.add_parser("review", help="what reviewers changed and said in Word files")
    again.add_argument("files", nargs="+", type=Path, metavar="FILE.docx")
    again.add_argument(
        "-e", "--edition", default="", help="which edition it is of, if that is not told"
    )
    again.add_argument("--apply", nargs="?", const="all", default="", metavar="NUMBERS",
                       help="make the changes in the master: all, or those such as 1,3-5")  # fmt: skip
    again.set_defaults(run=answers.run_review)
    look = commands.add_parser("preview", help="pages that follow each change, in a browser")
    look.add_argument("masters", nargs="*", type=Path, metavar="MASTER")
    look.add_argument("--port", type=int, default=0, help="default: one that is free")
    look.add_argument("--no-browser", action="store_true", help="only tell the address")
    look.set_defaults(run=answers.run_preview)


def _answering_commands(commands: Any) -> None:
    """The commands that make something of what is built, or of two states of it."""
    changes = commands.add_parser(
        "changes", help="what readers of each edition will see differently"
    )
    changes.add_argument("old", metavar="OLD", help="a git revision, or a master")
    changes.add_argument("new", metavar="NEW", nargs="?",
                         help="another one (default: the masters as they are)")  # fmt: skip
    changes.add_argument("-e", "--edition", action="append", default=[], help="only this edition")
    changes.add_argument("--format", default="text", choices=("text", "json", "html"))
    changes.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="default: to the terminal"
    )
    changes.set_defaults(run=answers.run_changes)
    pages = commands.add_parser(
        "pages", help="pictures of the pages that differ from another build"
    )
    pages.add_argument("old", type=Path, metavar="OLD", help="the folder of another build")
    pages.add_argument("new", type=Path, nargs="?", default=Path("out"), metavar="NEW")
    pages.add_argument("-o", "--into", type=Path, default=Path("pages"), metavar="FOLDER")
    pages.set_defaults(run=answers.run_pages)
    gallery = commands.add_parser("gallery", help="pictures of the finished files, side by side")
    gallery.add_argument("-e", "--edition", action="append", default=[], help="only this edition")
    gallery.add_argument("path", nargs="?", type=Path, default=Path("out"))
    gallery.set_defaults(run=answers.run_gallery)
    sign = commands.add_parser("sign", help="sign the PDFs with a key of yours")
    sign.add_argument("path", nargs="?", type=Path, default=Path("out"))
    sign.add_argument("--key", type=Path, required=True, metavar="FILE",
                      help="a PKCS#12 file; its password is in REPORT_BUILD_KEY_PASSWORD")  # fmt: skip
    sign.add_argument("--reason", default="", help="why it is signed")
    sign.add_argument("-o", "--into", type=Path, default=Path("signed"), metavar="FOLDER")
    sign.set_defaults(run=answers.run_sign)
    again = commands.add_parser(
        "reproduce", help="build twice under different conditions, and compare the bytes"
    )
    again.add_argument("--against", type=Path, metavar="MANIFEST",
                       help="hold what is in out/ against a build on another machine")  # fmt: skip
    again.set_defaults(run=answers.run_reproduce)


def _build_command(commands: Any, shared: argparse.ArgumentParser) -> None:
    build = commands.add_parser("build", parents=[shared], help="check, render, prove, publish")
    build.add_argument("-e", "--edition", action="append", default=[], help="only this edition")
    build.add_argument("-f", "--format", action="append", default=[], help="only this format",
                       choices=("html", "pdf", "docx", "epub"))  # fmt: skip
    build.add_argument("-o", "--out", type=Path, default=Path("out"))
    build.add_argument("-j", "--jobs", default="auto", help="workers (default: one a core)")
    build.add_argument("--dask", default="", metavar="ADDRESS",
                       help="have the workers of a Dask cluster make the files")  # fmt: skip
    build.add_argument("--cache", metavar="PLACE", default=os.environ.get("REPORT_BUILD_CACHE", ""),
                       help="a cache that others share: a folder, or an address such as s3://…")  # fmt: skip
    build.add_argument("--untrusted", default="", metavar="REVISION",
                       help="the content is a stranger's: templates are those of a git revision")  # fmt: skip
    build.add_argument("--force", action="store_true", help="make everything anew")
    build.add_argument("--dry-run", action="store_true", help="say what would be built")
    build.add_argument("--timings", type=Path, metavar="FILE",
                       help="write when what was made, as a trace for Perfetto or Chrome")  # fmt: skip
    build.set_defaults(run=run_build)


# ------------------------------------------------------------------------------ commands


def run_check(options: argparse.Namespace) -> int:
    """Judge all masters and editions; what was found good is known next time."""
    from report_build.freshness import Watch

    watch = Watch()
    checked, settings = masters.checked(options.masters)
    told = answers.tell_look(settings)
    if options.write_baseline:
        found = [d for one in checked for d in one.diagnostics if d.severity is not Severity.INFO]
        count = baseline.write(options.write_baseline, found, _sources(checked))
        print(f"{options.write_baseline}: {count} known problems", file=sys.stderr)
        return DONE
    status = _report(checked, options)
    good = all(d.severity is Severity.INFO for one in checked for d in one.diagnostics)
    if good and not told and options.message_format == "human" and not options.info:
        watch.stamp(options.arguments, "out", {}, "" if options.quiet else "no problems")
    return status


def run_build(options: argparse.Namespace) -> int:
    """Check, render, prove and publish."""
    from report_build import charts
    from report_build.freshness import Watch
    from report_build.settings import cache_of
    from report_build.timings import Trace

    watch, trace = Watch(), Trace()
    if not options.dry_run:
        charts.ahead(masters.meant(options.masters), cache_of(Path.cwd()))
    with ExitStack() as stack:
        trusted = _trusted(options, stack)
        with trace.span("check"):
            checked, settings = masters.checked(options.masters, trusted=trusted)
        return _build(options, checked, settings, watch, trace)


def _trusted(options: argparse.Namespace, stack: ExitStack) -> Path | None:
    """The project as it was at the revision whose templates are trusted, if one is named."""
    if not options.untrusted:
        return None
    from report_build.changes import revision

    return stack.enter_context(revision(options.untrusted, Path.cwd()))


def _build(options: argparse.Namespace, checked: Any, settings: Any, watch: Any, trace: Any) -> int:
    """What is checked is rendered, proved and published."""
    from report_build import machine
    from report_build.build import due, release
    from report_build.publish import BESIDE, PublishError
    from report_build.schedule import Wish, costs
    from report_build.terminal import Progress
    from report_build.workers import count

    status = _report(checked, options, quiet_if_clean=True)
    if status:
        return status
    answers.tell_look(settings)
    warned = sum(d.severity is Severity.WARNING for one in checked for d in one.diagnostics)
    if warned and not options.quiet:
        what = "1 warning" if warned == 1 else f"{warned} warnings"
        print(f"{what}: report-build check shows what", file=sys.stderr)
    known = {d.edition.id for one in checked for d in one.editions if d.edition}
    for name in options.edition:
        if name not in known:
            raise MachineError(f"no edition “{name}”; {did_you_mean(name, known)}".rstrip("; "))
    wish = Wish(
        editions=tuple(options.edition),
        formats=tuple(options.format),
        workers=count(options.jobs),
        dask=options.dask,
        force=options.force,
    )
    settings = replace(settings, shared=options.cache)
    if options.dry_run:
        for one, why in due(checked, settings, wish):
            print(f"{one.edition.id}\t{one.form}\t{one.path}\t{', '.join(why)}")
        return DONE
    machine.require()
    wanted = [d for one in checked for d in one.deliverables if wish.wants(d)]
    progress = Progress(sys.stderr, len(wanted), options.quiet, costs(wanted))
    try:
        entries = release(checked, settings, wish, options.out.resolve(), progress.done, trace)
    except PublishError as error:
        raise MachineError(str(error)) from error
    finally:
        progress.close()
    said = "" if options.quiet else f"{options.out}: {len(entries)} files, proved"
    if said:
        print(said, file=sys.stderr)
    if options.timings:
        trace.write(options.timings)
    elif not (options.force or options.untrusted):
        made = {entry["path"]: entry["sha256"] for entry in entries}
        made |= dict.fromkeys(BESIDE, "")
        watch.stamp(options.arguments, str(options.out), made, said and f"{said}; nothing to do")
    return DONE


# ------------------------------------------------------------------------------- helpers


def _report(
    checked: Iterable[Any], options: argparse.Namespace, quiet_if_clean: bool = False
) -> int:
    from report_build.check import errors

    checked = list(checked)
    sources = _sources(checked)
    diagnostics = _unknown([d for one in checked for d in one.diagnostics], sources, options)
    failed = errors(diagnostics, options.strict)
    if diagnostics or options.message_format != "human":
        if not quiet_if_clean or failed:
            _show(diagnostics, sources, options)
    elif not quiet_if_clean and not options.quiet:
        print("no problems", file=sys.stderr)
    return CONTENT if failed else DONE


def _sources(checked: Iterable[Any]) -> dict[str, Any]:
    return {file: one.source for one in checked for file in one.source.files}


def _unknown(
    found: list[Diagnostic], sources: Any, options: argparse.Namespace
) -> list[Diagnostic]:
    """The problems that no baseline lists."""
    path = options.baseline or Path(baseline.NAME)
    if not path.is_file():
        if options.baseline:
            raise MachineError(f"there is no file {path}")
        return found
    try:
        known = baseline.read(path)
    except (ValueError, KeyError, TypeError) as error:
        raise MachineError(f"{path} is no baseline: {error}", "write it anew") from error
    fresh, mended = baseline.new(found, known, sources)
    if mended and not options.quiet:
        print(f"{path}: {mended} known problems are mended; write it anew", file=sys.stderr)
    return fresh


def _show(diagnostics: Sequence[Diagnostic], sources: Any, options: argparse.Namespace) -> None:
    from report_build import terminal

    form = options.message_format
    if form == "human":
        if not getattr(options, "info", False):
            diagnostics = [one for one in diagnostics if one.severity is not Severity.INFO]
            if not diagnostics:
                if not options.quiet:
                    print("no problems", file=sys.stderr)
                return
        color = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        print(terminal.human(diagnostics, sources, color))
        print(terminal.summary(diagnostics), file=sys.stderr)
    else:
        print(terminal.FORMATS[form](diagnostics, sources))
