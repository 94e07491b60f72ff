"""What does the command answer without making any deliverable?"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

from report_build import masters
from report_build.diagnostics import ContentError, MachineError, Severity, did_you_mean

DONE, CONTENT = 0, 1


def run_list(options: argparse.Namespace) -> int:
    """One line for each deliverable, what each edition receives, or who gets a block."""
    from report_build import coverage
    from report_build.publish import manifest

    checked, _ = masters.checked(options.masters)
    if options.why:
        return _why(checked, options.why)
    if options.coverage:
        shares = [(one, coverage.coverage(one, manifest(options.out))) for one in checked]
        if options.message_format == "json":
            print(
                json.dumps(
                    [coverage.as_json(*pair) for pair in shares], indent=1, ensure_ascii=False
                )
            )
        else:
            print("\n\n".join(coverage.table(share) for _, share in shares))
            for name in (name for one in checked for name in coverage.unreceived(one)):
                print(f"no edition gets “{name}”")
        return DONE
    if options.message_format == "json":
        found = [
            {"master": one.source.path, "edition": d.edition.id, "format": d.form, "path": d.path}
            for one in checked
            for d in one.deliverables
        ]
        print(json.dumps(found, indent=1, ensure_ascii=False))
        return DONE
    return print_deliverables(checked, lambda one: True)


def _why(checked: Iterable[Any], name: str) -> int:
    from report_build import coverage

    masters = [one for one in checked if one.master]
    lines = [line for one in masters for line in coverage.why(one, name)]
    if not lines:
        known = [anchor.id for one in masters for anchor in one.master.anchors]
        raise MachineError(
            f"no block has the id “{name}”; {did_you_mean(name, known)}".rstrip("; ")
        )
    print("\n".join(lines))
    return DONE


def print_deliverables(checked: Iterable[Any], wanted: Callable[[Any], bool]) -> int:
    """One line for each file that is wanted."""
    checked = list(checked)
    for one in checked:
        for deliverable in one.deliverables:
            if wanted(deliverable):
                print(f"{deliverable.edition.id}\t{deliverable.form}\t{deliverable.path}")
    return CONTENT if any(one.front is None for one in checked) else DONE


def run_explain(options: argparse.Namespace) -> int:
    """The manual page of a rule, or the list of rules."""
    import inspect

    from report_build import rules
    from report_build.check import OTHER_RULES

    known = {each.name: each.manual.splitlines()[0] for each in rules.ALL} | OTHER_RULES
    name = options.rule
    if not name:
        for each, words in known.items():
            severity = rules.BY_NAME[each].severity if each in rules.BY_NAME else Severity.ERROR
            print(f"{each:32} {severity:8} {words}")
        return DONE
    if name not in known:
        raise MachineError(f"no rule “{name}”; {did_you_mean(name, known)}".rstrip("; "))
    if name in OTHER_RULES:
        print(f"{name}\n\n{OTHER_RULES[name]}")
        return DONE
    rule = rules.BY_NAME[name]
    print(f"{rule.name} ({rule.severity})\n\n{inspect.cleandoc(rule.manual)}")
    print(f"\nTo silence one place, write <!-- report-build: ignore {name} --> before it; for a whole "
          f"file, ignore-file;\nfor a document, “rules: {{{name}: ignore}}” in its front matter.")  # fmt: skip
    return DONE


def run_changes(options: argparse.Namespace) -> int:
    """What readers of each edition will see differently."""
    from report_build import changes, workshop

    project = Path.cwd()
    with ExitStack() as stack:
        old, _ = _state(options.old, project, stack)
        new, settings = _state(options.new, project, stack)
        files = all(Path(name).is_file() for name in (options.old, options.new) if name)
        pairs = [(old[0], new[0])] if files and options.new else _by_path(old, new)
        found = [
            one
            for before, after in pairs
            for one in changes.changes(before, after, lambda lang: workshop.words(settings, lang))
            if not options.edition or one.edition in options.edition
        ]
        names = (options.old, options.new or "the present text")
        if options.format == "json":
            text = json.dumps(changes.as_json(found), indent=1, ensure_ascii=False)
        elif options.format == "html":
            text = _page(found, names, settings)
        else:
            text = changes.as_text(found)
    if options.output:
        options.output.write_text(text + "\n", "utf-8")
    else:
        print(text)
    return DONE


def _page(found: Iterable[Any], names: tuple[str, str], settings: Any) -> str:
    from report_build.templates import Templates

    made = Templates(settings.folders).render(
        "changes.html.j2", found=list(found), old=names[0], new=names[1]
    )
    return str(made)


def _state(name: str | None, project: Path, stack: ExitStack) -> tuple[list[Any], Any]:
    """The masters of a revision, a master in a file, or the present ones; errors end it."""
    from report_build import changes
    from report_build.check import errors

    if name is None:
        found, settings = masters.checked((), project)
    elif (project / name).is_file():
        found, settings = masters.checked([Path(name)], project)
    else:
        folder = stack.enter_context(changes.revision(name, project))
        found, settings = masters.checked((), folder)
    problems = [d for one in found for d in one.diagnostics]
    if errors(problems):
        raise ContentError(d for d in problems if d.severity is Severity.ERROR)
    return found, settings


def _by_path(old: Iterable[Any], new: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    """Masters of two states; one that there is but once is new, or gone."""
    before, after = ({one.source.path: one for one in side} for side in (old, new))
    if len(before) == len(after) == 1 and before.keys() != after.keys():
        return iter([(next(iter(before.values())), next(iter(after.values())))])
    return ((before.get(path), after.get(path)) for path in dict.fromkeys((*after, *before)))


def run_verify(options: argparse.Namespace) -> int:
    """Hold finished files against the manifest; if asked, have validators look at them."""
    from report_build import templates
    from report_build.verify import verify

    if not options.path.exists():
        raise MachineError(f"there is no file or folder {options.path}")
    as_json = options.message_format == "json"
    verdict = verify(options.path.absolute(), Path.cwd(), templates.load(Path.cwd()).folders)
    if not as_json:
        print("\n".join(verdict.lines), flush=True)
    reports = _validated(options) if options.validators or options.strict else ()
    good = verdict.good and all(not one.complaints for one in reports)
    if options.strict:
        good = good and not any(one.missing for one in reports)
    if as_json:
        found = {
            "good": good,
            "findings": verdict.lines,
            "validators": [asdict(one) for one in reports],
        }
        print(json.dumps(found, indent=1, ensure_ascii=False))
    return DONE if good else CONTENT


def _validated(options: argparse.Namespace) -> tuple[Any, ...]:
    """What validators of others say; each one is told as it ends."""
    from report_build.validators import Report, validate

    def said(report: Report) -> None:
        if options.message_format != "human":
            return
        name = f"{report.name} {report.version}".strip()
        if report.missing:
            print(f"{name}: NOT RUN, {report.missing}", flush=True)
            return
        count = len(report.complaints)
        found = f"{count} problem{'s' * (count != 1)}" if count else "nothing found"
        known = f", {len(report.accepted)} known false alarms" if report.accepted else ""
        print(f"{name}: {report.files} files, {found}{known} ({report.seconds:.0f} s)", flush=True)
        for line in report.details:
            print(f"  {line}")
        for one in report.complaints:
            print(f"  {_near(one.file)}: {one.rule}: {one.message}", flush=True)

    return validate(list(_published(options.path)), said)


def _published(path: Path) -> Iterator[Path]:
    """One file, or all deliverables of a folder and their list."""
    from report_build.publish import manifest

    if path.is_file():
        yield path
        return
    yield from (path / str(one["path"]) for one in manifest(path).get("deliverables", ()))
    if (path / "index.html").is_file():
        yield path / "index.html"


def _near(name: str) -> str:
    """A path as it is seen from here."""
    path, here = Path(name), Path.cwd()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else name


def run_gallery(options: argparse.Namespace) -> int:
    """Pictures of finished files, and the page that shows them."""
    from report_build import templates
    from report_build.gallery import hang

    if not options.path.is_dir():
        raise MachineError(f"there is no folder {options.path}", "report-build build")
    print(hang(options.path, options.edition, templates.load(Path.cwd()), print))
    return DONE


def run_init(options: argparse.Namespace) -> int:
    """A project in a folder; what is there already stays."""
    from report_build.starter import start

    folder = options.folder
    if folder.exists() and not folder.is_dir():
        raise MachineError(f"{folder} is no folder")
    if options.document and not options.document.is_file():
        raise MachineError(f"there is no file {options.document}")
    added, kept = start(folder, with_master=options.document is None)
    for path in kept:
        print(f"is there already: {path}")
    for path in added:
        print(f"added: {path}")
    if options.document:
        _import([options.document.absolute()], folder.resolve(), Path("source"), "")
    where = f"cd {folder} && " if folder != Path() else ""
    print(f"next: {where}report-build build, then open out/index.html", file=sys.stderr)
    return DONE


def run_import(options: argparse.Namespace) -> int:
    """Masters of existing documents; 1 if words are not kept."""
    return _import(
        [path.absolute() for path in options.files], Path.cwd(), options.into, options.lang
    )


def _import(files: list[Path], project: Path, into: Path, lang: str) -> int:
    from report_build.importing.project import REPORT, import_all
    from report_build.importing.report import counted
    from report_build.pandoc import Pandoc

    good = True
    with Pandoc() as pandoc:
        for path, account in import_all(files, project, into, pandoc, lang):
            counts = ", ".join(counted(account))
            print(f"{path.relative_to(project)}: {counts}")
            unsure = len(account.guesses) + sum(not join.sure for join in account.joins)
            print(f"  {_counted(unsure, 'guess', 'guesses')}, and what was taken out: see {REPORT}")
            if account.differences:
                good = False
                print(f"  {len(account.differences)} places where words differ: see {REPORT}")
    return DONE if good else CONTENT


def run_review(options: argparse.Namespace) -> int:
    """Show what reviewers changed and said; make the changes if asked; 1 if some are left."""
    from report_build import remarks, workshop
    from report_build.pandoc import Pandoc
    from report_build.review import apply, review, without_conflicts

    def named(document: Any) -> str:
        return str(workshop.words(settings, document.lang).edition(document.edition))

    found, settings = masters.checked()
    with Pandoc() as pandoc:
        reviewed = list(
            review(
                [path.absolute() for path in options.files], found, pandoc, named, options.edition
            )
        )
    items = [item for *_, each in reviewed for item in each]
    for path, checked, document, each in reviewed:
        edition = document.edition.id if document.edition else ""
        print(
            f"{path.name}: edition “{edition}” of {checked.source.path}, {_counted(len(each), 'change or comment', 'changes and comments')}"
        )
    _show_items(items)
    wanted = _numbers(options.apply, len(items))
    good, conflicts = without_conflicts([item for i, item in enumerate(items, 1) if i in wanted])
    for item in conflicts:
        print(f"in conflict: {item.where}: {item.says} ({item.author}, {item.file})")
    if not options.apply:
        return DONE
    changed = apply(good, Path.cwd())
    made = {id(item) for item in good} | {
        id(item) for item in items if item.edit in {x.edit for x in good}
    }
    count = 0
    for _, checked, _, each in reviewed:
        left = [item.remark for item in each if id(item) not in made]
        count += len(left)
        remarks.add(Path.cwd() / checked.source.path, left)
    where = f" in {', '.join(changed)}" if changed else ""
    rest = f"; {_counted(count, 'remark')} left: report-build check lists them" if count else ""
    print(f"{_counted(len(good), 'change')} made{where}{rest}")
    return DONE


def _counted(count: int, one: str, several: str = "") -> str:
    """A number with its word."""
    return f"{count:,} {one if count == 1 else several or f'{one}s'}"


def _show_items(items: Sequence[Any]) -> None:
    for number, item in enumerate(items, 1):
        who = ", ".join(filter(None, (item.author, item.date[:10])))
        print(f"{number}. {item.where}: {item.kind} by {who or 'somebody'}\n   {item.shown}")
        if item.kind == "comment":
            print(f"   about “{item.about}”")
        if item.why_not:
            print(f"   cannot be made by itself: {item.why_not}")


def _numbers(asked: str, count: int) -> frozenset[int]:
    """The numbers that a list such as `1,3-5` means."""
    if asked in ("", "all"):
        return frozenset(range(1, count + 1))
    found: set[int] = set()
    for part in asked.split(","):
        first, _, last = part.partition("-")
        if not first.isdigit() or (last and not last.isdigit()):
            raise MachineError(f"“{asked}” is no list of numbers such as 1,3-5")
        found.update(range(int(first), int(last or first) + 1))
    return frozenset(found)


def run_preview(options: argparse.Namespace) -> int:
    """Serve pages of the masters until somebody stops it."""
    import signal
    import threading

    from report_build import confinement, machine
    from report_build.preview import preview

    def show(address: str) -> None:
        print(f"{address}\nstop with Ctrl+C", flush=True)
        if not options.no_browser:
            import webbrowser

            webbrowser.open(address)

    machine.require()
    for name in os.environ.keys() - confinement.ENVIRONMENT - confinement.SCREEN:
        del os.environ[name]
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    preview(Path.cwd(), options.masters, options.port, stop, show)
    return DONE


SHELLS = ("bash", "zsh", "fish", "powershell")


def run_completion(options: argparse.Namespace) -> int:
    """A script that a shell loads to complete commands and options."""
    import shtab

    print(shtab.complete(options.parser, options.shell))
    return DONE


def run_pages(options: argparse.Namespace) -> int:
    """Pictures of changed pages, the old one beside the new one; 1 if there are any."""
    from report_build.pages import differing

    count = 0
    for name, number, picture in differing(options.old, options.new):
        folder = options.into / Path(name).parent
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{Path(name).stem}-{number:03}.png"
        path.write_bytes(picture)
        print(path)
        count += 1
    print(f"{count} pages differ", file=sys.stderr)
    return CONTENT if count else DONE


def run_doctor(_: argparse.Namespace) -> int:
    """What the machine has and lacks; 2 if something is missing that a build needs."""
    import shutil

    from report_build import machine
    from report_build.validators import lacking

    for name, number in machine.engines().items():
        print(f"{name:12} {number or 'missing'}")
    free = shutil.disk_usage(Path.cwd()).free >> 20
    print(f"{'disk':12} {free:,} MiB free here")
    for name, lack in lacking().items():
        print(f"{name:16} {'for verify: ' + lack if lack else 'there'}")
    needed = machine.lacks()
    for one in needed:
        print(f"report-build: {one}", file=sys.stderr)
    return 2 if needed else DONE


def run_sign(options: argparse.Namespace) -> int:
    """Signed copies of all PDFs of a build, beside it."""
    from report_build import sign

    files = sorted(options.path.rglob("*.pdf")) if options.path.is_dir() else [options.path]
    root = options.path if options.path.is_dir() else options.path.parent
    if not files or not all(file.is_file() for file in files):
        raise MachineError(f"there is no PDF at {options.path}", "report-build build")
    by = sign.signer(options.key, sign.password())
    for made in sign.sign_all(files, options.into, root, by, options.reason):
        print(made)
    return DONE


def run_reproduce(options: argparse.Namespace) -> int:
    """Whether builds make the same bytes."""
    from report_build import reproduce
    from report_build.publish import MANIFEST

    if options.against:
        out = Path("out")
        told = list(reproduce.against(reproduce.digests(out), options.against, out / MANIFEST))
    else:
        one, other = reproduce.builds(Path.cwd())
        told = [f"{path} is not the same twice" for path in reproduce.differences(one, other)]
        if not told:
            print(f"{len(one)} files, the same bytes twice", file=sys.stderr)
    print("\n".join(told), end="\n" * bool(told))
    return CONTENT if told else DONE


def tell_look(settings: Any) -> bool:
    """Say what a house's own Word file lacks, and which fonts of a brand; gives whether any does."""
    found = list(_look(settings))
    for line in found:
        print(line, file=sys.stderr)
    return bool(found)


def _look(settings: Any) -> Iterator[str]:
    from report_build import brand
    from report_build.settings import HOUSE, binary

    if any((folder / brand.NAME).is_file() for folder in settings.folders):
        from report_build import theme

        for family, package in theme.unavailable(settings.folders):
            hint = f"pip install {package}, if there is one"
            yield f"the brand's font “{family}” is not installed: {hint}"
    content = binary(settings.folders, HOUSE)
    if not content:
        return
    from report_build import theme
    from report_build.formats import word_house, word_reference

    look = theme.of(settings.folders)
    names = word_reference.made_up(look, word_house.read(content))
    if names:
        yield (
            f"{HOUSE} has no style of these names, they are made from the theme: "
            + ", ".join(names)
        )
