"""The command line: `python -m reports build`, `pdf`, `check`, `verify` in the project's folder; `python <its folder>/reports` anywhere."""

import argparse
import gc
import io
import os
import re
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

# Started by its path, Python looks for modules in this folder, and not in the one around it.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import reports
from reports.asked import asked_in
from reports.errors import NOT_TEXT, Location, Problem, ReportsError, one_line
from reports.files import files_at, write_whole
from reports.renderers import RENDERERS, suffixes

if TYPE_CHECKING:
    from reports.build.build import BuildOptions
    from reports.build.plan import Folders

ROOT = Path(__file__).resolve().parent.parent
PROBLEMS, STOPPED = 1, 130
GARBAGE = 100_000  # objects after which some are looked for: records last, and to look at all of them takes a quarter of the time


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out the command in *arguments* (default: the process's own); return the exit status."""
    options = _parser(sys.argv[1:] if arguments is None else arguments).parse_args(arguments)
    try:
        return int(options.run(options))
    except ReportsError as error:
        return _print_problems(error.problems)
    except BrokenPipeError:
        # Whoever read our messages has gone: say nothing more, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PROBLEMS
    except KeyboardInterrupt:
        with suppress(OSError):  # the terminal may have gone
            print("stopped; every file is whole, old or new", file=sys.stderr)
        return STOPPED


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    columns = 80  # without a terminal; left to itself, argparse loads what asks it, with much else, for a help that nobody wants
    with suppress(OSError):
        columns = os.get_terminal_size().columns
    looks = partial(argparse.HelpFormatter, width=columns - 2)
    parser = argparse.ArgumentParser(prog="python -m reports", description=reports.__doc__, formatter_class=looks)
    parser.add_argument("--version", action="version", version=reports.__version__)
    common = argparse.ArgumentParser(add_help=False, formatter_class=looks)
    common.add_argument("--data", type=Path, default=ROOT / "data", help="the folder of facts (default: the project's data/)")
    common.add_argument("--templates", type=Path, default=ROOT / "templates", help="the folder of templates (default: templates/)")
    common.add_argument("--out", type=Path, default=ROOT / "build", help="the folder for finished files (default: build/)")
    commands = parser.add_subparsers(dest="command", required=True, metavar="command", parser_class=asked_in(arguments))

    def add(name: str, run: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        command: argparse.ArgumentParser = commands.add_parser(name, parents=[common], help=text, formatter_class=looks)
        command.set_defaults(run=run)
        return command

    _add_limit(add("check", _check, "say what is wrong with the data, or that nothing is"), 600)
    edition = add("edition", _edition, "check, build and audit, and freeze all as an edition in data/editions/")
    edition.add_argument("--dry-run", action="store_true", help="say what it would change, and write nothing")
    _add_limit(edition, 600)
    changes = add("changes", _changes, "say what changed since an edition")
    changes.add_argument("--since", type=_number(1, 9999), metavar="N", help="the edition before (default: the last one)")
    changes.add_argument("--until", type=_number(1, 9999), metavar="N", help="the edition after (default: the data now)")
    changes.add_argument("--json", action="store_true", help="say it in JSON, for machines")
    receive = add("receive", _receive, "keep a register or summary that came back, and say what it proposes; put decisions into the data")
    receive.add_argument("file", type=Path, nargs="?", help="what came back; with --apply, the file of decisions")
    receive.add_argument("--from", dest="sender", metavar="NAME", help="the institution that sent it")
    receive.add_argument(
        "--kind", choices=("official", "party"), help="what it is as a source: a public authority, or somebody with a stake"
    )
    receive.add_argument("--edition", type=_number(1, 9999), metavar="N", help="the edition that it is based on, if it does not say so")
    receive.add_argument("--apply", action="store_true", help="put what was decided into the data, and write the answer")
    receive.add_argument("--list", action="store_true", help="say on what nobody has decided yet")
    _add_limit(receive, 600)
    sign = add("sign", _sign, "sign the PDFs and the manifest of an edition, into data/editions/N/signed/")
    sign.add_argument("--key", type=Path, required=True, metavar="FILE", help="the key with its certificate, a PKCS #12 file (.p12, .pfx)")
    sign.add_argument("--edition", type=_number(1, 9999), metavar="N", help="the edition (default: the last one)")
    sign.add_argument("--tsa", default="", metavar="URL", help="the time-stamping authority whose time the signatures are to bear")
    sign.add_argument("--long-term", action="store_true", help="put in what proves later that the certificate was valid")
    verify = add("verify", _verify, "say which files are as made or as issued, and of which edition")
    verify.add_argument("paths", type=Path, nargs="*", metavar="file or folder", help="wherever they are (default: --out)")
    translate = add("translate", _translate, "draw the catalogues of the languages that the dataset declares from its texts")
    translate.add_argument("--language", metavar="TAG", help="only that of this language (default: all)")
    translate.add_argument("--report", action="store_true", help="say what is missing, by language and document, and draw nothing")
    add("audit", _audit, "read the finished files back, and say where they and the data disagree")
    watch = add("watch", _watch, "make the documents again whenever data or templates are saved")
    preview = add("preview", _watch, "the same, and show them on this computer in a browser")
    preview.add_argument("--port", type=_number(0, 65535), default=0, help="the port (default: any that is free)")
    _add_limit(watch, 120)
    _add_limit(preview, 120)
    new = add("new", _new, "make a folder for another dataset: placeholders, an example of each kind of record, schemas")
    new.add_argument("folder", type=Path, help="a folder that is not there yet, or empty")
    add("schemas", _schemas, "write the JSON Schemas that help an editor with the data")
    reference = add("reference", _reference, "write the Word styles as a .docx, to change them in Word")
    reference.add_argument("file", type=Path, metavar="file.docx")
    restyle = add("restyle", _restyle, "take the styles of a changed .docx over into the templates")
    restyle.add_argument("file", type=Path, metavar="file.docx")
    every = add("all", _all, "make the documents of every dataset below a folder, side by side")
    every.add_argument("--root", type=Path, required=True, metavar="FOLDER", help="the folder of datasets; each is a folder in it")
    every.add_argument(
        "--cluster", metavar="ADDRESS", help="a Dask cluster: tls://host:8786, tcp://127.0.0.1:8786, or local:4 for one here"
    )
    _add_making(every)
    _add_build(add("build", _build, "make every document"))
    for suffix in RENDERERS:
        _add_build(add(suffix[1:], _build, f"make the {suffix} files"))
    return parser


def _add_build(command: argparse.ArgumentParser) -> None:
    _add_making(command)
    command.add_argument("--dry-run", action="store_true", help="say what would be made and why, and write nothing")
    command.add_argument("--json", action="store_true", help="say it in JSON, for machines")
    command.add_argument("--edition", type=_number(1, 9999), metavar="N", help="make those of edition N again, in a folder of their own")


def _add_making(command: argparse.ArgumentParser) -> None:
    """Add what the makers of one dataset's documents and of many understand alike."""
    command.add_argument("documents", nargs="*", metavar="document", help="only these documents (default: all)")
    command.add_argument("--overwrite", action="store_true", help="replace files that were edited by hand; each is kept beside the new one")
    command.add_argument("--since", type=_number(1, 9999), metavar="N", help="tell the changes since edition N (default: the last one)")
    command.add_argument("--language", metavar="TAG", help="make the files in this language (default: in all that the dataset declares)")
    command.add_argument("--draft", action="store_true", help="make documents too of which less is translated than they promise")
    jobs = "make N files side by side (default: one for each core)"
    command.add_argument("--jobs", type=_number(0, 1000), default=0, metavar="N", help=jobs)

    _add_limit(command, 600)


def _add_limit(command: argparse.ArgumentParser, seconds: int) -> None:
    text = f"the most seconds that one document may take (default: {seconds})"
    command.add_argument("--limit", type=_number(1, 86400), default=seconds, metavar="SECONDS", help=text)


def _number(least: int, most: int) -> Callable[[str], int]:
    """Return what reads a number from *least* to *most*."""

    def number(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most):
            raise argparse.ArgumentTypeError(f"'{text}' is not a number from {least} to {most}")
        return int(text)

    return number


def _all(options: argparse.Namespace) -> int:
    from reports.collection.collection import build_all, find_datasets
    from reports.collection.executors import cluster, processes, work_by
    from reports.collection.listing import HEADINGS, to_line

    root, folders = options.root.absolute(), _folders(options)
    build_options, datasets = _build_options(options), find_datasets(root)
    problems: list[Problem] = []
    _say(to_line(HEADINGS))
    with cluster(options.cluster) if options.cluster else processes(options.jobs or os.cpu_count() or 1) as executor:
        for result in build_all(datasets, folders.templates, folders.out, build_options, work_by(executor)):
            _say(to_line(result.cells))
            problems += result.problems
    return _print_problems(tuple(problems)) if problems else 0


def _build(options: argparse.Namespace) -> int:
    # Imported here and below, so that each command waits only for what it needs.
    from reports.build.build import build
    from reports.build.overlay import at_origin
    from reports.build.progress import JsonLog, Lines, Terminal

    asked = tuple(RENDERERS) if options.command == "build" else suffixes(options.command)
    build_options = _build_options(options)._replace(suffixes=asked, jobs=options.jobs, dry=options.dry_run)
    if options.json:
        log = JsonLog(options.out.absolute())
        try:
            folders = _unfolded(options)
            log.out = folders.out
            build(folders, build_options, log.tell)
        except ReportsError as error:
            print(log.to_json(at_origin(error.problems)))
            return PROBLEMS
        for path, difference in _differences(options).items():
            log.files.get(path, {})["differs"] = difference
        print(log.to_json())
        return 0
    folders = _unfolded(options)
    lines = (Terminal if sys.stdout.isatty() else Lines)(Path(_short(str(folders.out))), _say, options.dry_run)
    try:
        build(folders, build_options, lines.tell)
    finally:
        lines.close()
    for path, difference in _differences(options).items():
        _say(f"{folders.out / path}: {f'not as issued: {difference}' if difference else 'the same as issued, to the byte'}")
    return 0


def _build_options(options: argparse.Namespace) -> "BuildOptions":
    from reports.build.build import BuildOptions

    names, own = tuple(dict.fromkeys(options.documents)), ("overwrite", "limit", "since", "language", "draft")
    return BuildOptions(names, **{name: getattr(options, name) for name in own})


def _unfolded(options: argparse.Namespace) -> "Folders":
    if options.edition is None:
        return _merged(options)
    from reports.edition import unfold

    if options.dry_run or options.since is not None:
        message = "an old edition is made as it was, to be compared: say it without --dry-run and --since"
        raise ReportsError(Problem(Location(options.out.absolute()), message))
    return unfold(_merged(options), options.edition)


def _differences(options: argparse.Namespace) -> Mapping[str, str]:
    """Return the difference of each file of the edition that was asked for from the one issued, by their paths."""
    if options.edition is None:
        return {}
    from reports.edition import differences

    return differences(_merged(options), options.edition)


def _edition(options: argparse.Namespace) -> int:
    from reports.build.plan import Project
    from reports.build.progress import Lines
    from reports.edition import changes_to_freeze, freeze
    from reports.editions.listing import to_lines

    folders = _merged(options)
    if options.dry_run:
        project = Project(folders)
        for line in to_lines(changes_to_freeze(project)):
            _say(one_line(line))
        if project.comparison is None:
            _say("it would be the first edition, which changes nothing")
        return 0
    folder = freeze(folders, options.limit, Lines(Path(_short(str(folders.out))), _say, quiet=True).tell)
    _say(f"{folder}: frozen; commit it with the files of data")
    return 0


def _changes(options: argparse.Namespace) -> int:
    from reports.edition import changes_between
    from reports.editions.listing import to_json, to_lines

    comparison = changes_between(_folders(options), options.since, options.until)
    if options.json:
        print(to_json(comparison), end="")
        return 0
    if comparison is None:
        _say("there is no edition before, so nothing changed")
        return 0
    lines = [*to_lines(comparison.changes)]
    for line in lines:
        _say(one_line(line))
    editorial = sum(change.editorial and not change.is_of_edition for change in comparison.changes)
    _say(f"{len(lines)} changes since edition {comparison.since.number}; {editorial} more of wording alone, or of how records are shown")
    return 0


def _receive(options: argparse.Namespace) -> int:
    from reports.proposals.receive import all_received, answer, apply

    folders = _merged(options)
    if options.list:
        for file in all_received(folders):
            left = sum(proposal.is_open for proposal in file.received.proposals)
            _say(one_line(f"{file.path}: {file.received.sender}, edition {file.received.edition}: {left or 'nothing'} to decide on"))
        return 0
    if options.file is None:
        raise ReportsError(Problem(Location(folders.data), "name the file that came back, or say --list"))
    path = options.file.absolute()
    if options.apply:
        done = apply(folders, path)
        _say(f"{path}: {done} decisions put into the data")
        _say(f"{answer(folders, path)}: the answer to {path.stem}")
        return 0
    return _keep(options, folders, path)


def _keep(options: argparse.Namespace, folders: "Folders", path: Path) -> int:
    from datetime import datetime
    from unicodedata import normalize

    from reports.dataset.model import SourceKind
    from reports.proposals.listing import to_lines
    from reports.proposals.receive import Return, receive

    sender = " ".join(NOT_TEXT.sub(" ", normalize("NFC", options.sender or "")).split())
    if not sender:
        raise ReportsError(Problem(Location(path), 'say who sent it: --from "Ministry of Defence"'))
    kind = SourceKind(options.kind or _asked_kind(sender))
    today = datetime.now().astimezone().date()  # the day on which it came is a fact about it
    file = receive(folders, Return(path, sender, kind, today, options.edition))
    for line in to_lines(file.received.proposals):
        _say(one_line(line))
    left = sum(proposal.is_open for proposal in file.received.proposals)
    _say(f"{file.path}: {f'decide there on {left}, then say: receive --apply {file.path}' if left else 'nothing to decide on'}")
    return 0


def _asked_kind(sender: str) -> str:
    """Return the kind of source that somebody at the terminal says *sender* is; without one, a party, whose word is believed least."""
    if not sys.stdin.isatty():
        _say("kept as the word of a party; for a public authority, say --kind official")
        return "party"
    answer = input(f"Does '{one_line(sender)}' speak as a public authority? [y/N] ")
    return "official" if answer.strip().casefold() in ("y", "yes") else "party"


def _folders(options: argparse.Namespace) -> "Folders":
    from reports.build.plan import Folders

    return Folders(options.data.absolute(), options.templates.absolute(), options.out.absolute())


def _merged(options: argparse.Namespace) -> "Folders":
    """Return the folders with the templates beside the data in their places."""
    from reports.build.overlay import with_own_templates
    from reports.build.plan import check_folders

    folders = _folders(options)
    check_folders(folders)  # before anything is written
    return with_own_templates(folders)


def _check(options: argparse.Namespace) -> int:
    from reports.build.build import check

    dataset = check(_merged(options), options.limit)
    print(f"no problems in {sum(1 for _ in dataset.records())} records")
    return 0


def _sign(options: argparse.Namespace) -> int:
    from reports.sign import ask_passphrase, sign

    for path in sign(_folders(options), options.key.absolute(), ask_passphrase, options.edition, options.tsa, options.long_term):
        _say(f"{path}: signed")
    return 0


def _verify(options: argparse.Namespace) -> int:
    from reports.build.manifest import MANIFEST
    from reports.build.staleness import Verdict, verify
    from reports.edition import edition_of
    from reports.editions.editions import load_editions

    folders = _merged(options)
    editions, sound = load_editions(folders.data), True
    for place in (path.absolute() for path in options.paths or [options.out]):
        if place in [edition.folder for edition in editions]:
            raise ReportsError(Problem(Location(place), "is what an edition is known by; name the files that you were sent"))
        # Files with a manifest are compared with that, and those of our own output folder with today's data too.
        is_made = place.is_dir() and (not editions or place == folders.out or (place / MANIFEST).is_file())
        verdicts = verify(place, folders if place == folders.out else None) if is_made else dict.fromkeys(files_at(place))
        for path, verdict in verdicts.items():
            is_issued, words = edition_of(path, editions) if verdict is None or (editions and verdict != Verdict.MISSING) else (False, "")
            sound &= is_issued or verdict == Verdict.AS_MADE
            _say(f"{one_line(str(path))}: {'; '.join(filter(None, (verdict, words)))}")
    return 0 if sound else PROBLEMS


def _translate(options: argparse.Namespace) -> int:
    from reports.translate import report, translate

    for line in report(_merged(options), options.language) if options.report else translate(_folders(options), options.language):
        _say(one_line(line))
    return 0


def _audit(options: argparse.Namespace) -> int:
    from reports.audit import audit

    problems: list[Problem] = []
    for audited in audit(_merged(options)):
        _say(str(audited))
        problems += audited.problems
    return _print_problems(problems) if problems else 0


def _watch(options: argparse.Namespace) -> int:
    from reports.build.build import BuildOptions
    from reports.serve import preview, watch

    build_options = BuildOptions(limit=options.limit)
    if options.command == "watch":
        watch(_folders(options), _say, _print_problems, build_options)
    else:
        preview(_folders(options), options.port, _say, _print_problems, build_options)
    return 0


def _new(options: argparse.Namespace) -> int:
    import shlex
    from subprocess import list2cmdline

    from reports.new import new_dataset

    folder, join = options.folder.absolute(), list2cmdline if os.name == "nt" else shlex.join
    new_dataset(folder, _folders(options).templates)
    check = ["nox", "-s", "check", "--", "--data", str(folder)]
    build = ["nox", "--", "--data", str(folder), "--out", str(folder.with_name(f"{folder.name}-build"))]
    _say(f"{folder}: a dataset to begin with; write what its files call TO WRITE, and say: {join(check)}")
    _say(f"then make its documents, in a folder of their own: {join(build)}")
    return 0


def _schemas(options: argparse.Namespace) -> int:
    from reports.schemas import SCHEMAS, schemas

    folder = _folders(options).data / SCHEMAS
    for name, text in schemas().items():
        write_whole(folder / name, text.encode())
    _say(f"{folder}: {len(schemas())} schemas")
    return 0


def _reference(options: argparse.Namespace) -> int:
    from reports.renderers.word import reference_document

    target = options.file.absolute()
    if target.suffix != ".docx":
        raise ReportsError(Problem(Location(target), "the reference document is a Word document: give a name that ends in .docx"))
    if os.path.lexists(target):  # its styles may be a person's
        raise ReportsError(Problem(Location(target), "is there already; take over its styles by 'restyle', or remove it"))
    write_whole(target, reference_document(_folders(options).templates))
    _say(f"{target}: change its styles in Word, then put it back by: nox -s restyle -- {options.file}")
    return 0


def _restyle(options: argparse.Namespace) -> int:
    from reports.renderers.word import restyled

    file, templates = options.file.absolute(), _folders(options).templates
    changed = restyled(templates, file)
    for path, content in changed.items():
        write_whole(path, content)
    _say("\n".join(map(str, changed)) or f"{file}: its styles are those of {templates / 'word'}")
    return 0


def _print_problems(problems: Sequence[Problem]) -> int:
    from reports.build.overlay import at_origin

    for problem in at_origin(problems):
        print(_short(str(problem)), file=sys.stderr)
    print(f"{len(problems)} problem{'s' if len(problems) > 1 else ''}", file=sys.stderr)
    return PROBLEMS


def _say(text: str) -> None:
    print(_short(text), flush=True)


def _short(text: str) -> str:
    """Return *text* with its paths as short as they can be from the current folder."""
    return re.sub(rf"(?<![\w./\\-]){re.escape(f'{Path.cwd()}{os.sep}')}", "", text)  # not within another path


def _run() -> int:
    """Carry out the command of this process; SIGTERM and SIGHUP end it as a key press does, with a status of their own."""
    received: list[int] = []

    def stop(number: int, frame: object) -> None:
        for handled in numbers:
            signal.signal(handled, signal.SIG_IGN)  # nothing disturbs the end
        received.append(number)
        raise KeyboardInterrupt

    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]  # Windows has no SIGHUP
    for handled in numbers:
        if signal.getsignal(handled) != signal.SIG_IGN:  # as `nohup` wants it
            signal.signal(handled, stop)
    gc.set_threshold(GARBAGE)
    status = main()
    gc.freeze()  # at its end, Python would look for garbage among all records
    return 128 + received[0] if received else status


if __name__ == "__main__":
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that lacks a letter of a path, or the "…", shows its code; stderr does so anyway.
        sys.stdout.reconfigure(errors="backslashreplace")
    sys.exit(_run())
