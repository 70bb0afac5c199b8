"""The command line: `python -m reports build`, `pdf`, `check`, `verify`."""

import argparse
import io
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import reports
from reports.errors import Location, Problem, ReportsError, one_line
from reports.renderers import RENDERERS, suffixes

if TYPE_CHECKING:
    from reports.build.plan import Folders

ROOT = Path(__file__).parent.parent
PROBLEMS, STOPPED = 1, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out the command in *arguments* (default: the process's own); return the exit status."""
    options = _parser().parse_args(arguments)
    try:
        return COMMANDS.get(options.command, _build)(options)
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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m reports", description=reports.__doc__)
    parser.add_argument("--version", action="version", version=reports.__version__)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--data", type=Path, default=ROOT / "data", help="the folder of facts (default: the project's data/)")
    common.add_argument("--templates", type=Path, default=ROOT / "templates", help="the folder of templates (default: templates/)")
    common.add_argument("--out", type=Path, default=ROOT / "build", help="the folder for finished files (default: build/)")
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    commands.add_parser("check", parents=[common], help="say what is wrong with the data, or that nothing is")
    verify = commands.add_parser("verify", parents=[common], help="say which finished files are as made, edited, or of an older dataset")
    verify.add_argument("folder", type=Path, nargs="?", help="a folder with a manifest.json, wherever it is (default: --out)")
    commands.add_parser("audit", parents=[common], help="read the finished files back, and say where they and the data disagree")
    commands.add_parser("watch", parents=[common], help="make the documents again whenever data or templates are saved")
    preview = commands.add_parser("preview", parents=[common], help="the same, and show them on this computer in a browser")
    preview.add_argument("--port", type=_number(65535), default=0, help="the port (default: any that is free)")
    commands.add_parser("schemas", parents=[common], help="write the JSON Schemas that help an editor with the data")
    reference = commands.add_parser("reference", parents=[common], help="write the Word styles as a .docx, to change them in Word")
    reference.add_argument("file", type=Path, metavar="file.docx")
    restyle = commands.add_parser("restyle", parents=[common], help="take the styles of a changed .docx over into the templates")
    restyle.add_argument("file", type=Path, metavar="file.docx")
    formats = {"build": "make every document"} | {suffix[1:]: f"make the {suffix} files" for suffix in RENDERERS}
    for name, text in formats.items():
        _add_build(commands.add_parser(name, parents=[common], help=text))
    return parser


def _add_build(command: argparse.ArgumentParser) -> None:
    command.add_argument("documents", nargs="*", metavar="document", help="only these documents (default: all)")
    command.add_argument("--dry-run", action="store_true", help="say what would be made and why, and write nothing")
    command.add_argument("--json", action="store_true", help="say it in JSON, for machines")
    command.add_argument("--overwrite", action="store_true", help="replace files that were edited by hand; each is kept beside the new one")
    jobs = "make N files side by side (default: one for each core)"
    command.add_argument("--jobs", type=_number(1000), default=0, metavar="N", help=jobs)


def _number(most: int) -> Callable[[str], int]:
    """Return what reads a number from 0 to *most*."""

    def number(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) <= most):
            raise argparse.ArgumentTypeError(f"'{text}' is not a number from 0 to {most}")
        return int(text)

    return number


def _build(options: argparse.Namespace) -> int:
    # Imported here and below, so that each command waits only for what it needs.
    from reports.build.build import BuildOptions, build
    from reports.build.progress import Lines, Record, Terminal

    folders = _folders(options)
    wanted_suffixes = tuple(RENDERERS) if options.command == "build" else suffixes(options.command)
    wanted = BuildOptions(tuple(dict.fromkeys(options.documents)), wanted_suffixes, options.jobs, options.dry_run, options.overwrite)
    if options.json:
        record = Record(folders.out)
        problems: tuple[Problem, ...] = ()
        try:
            build(folders, wanted, record.tell)
        except ReportsError as error:
            problems = error.problems
        print(record.to_json(problems))
        return PROBLEMS if problems else 0
    lines = (Terminal if sys.stdout.isatty() else Lines)(folders.out, _say, options.dry_run, short=_short)
    try:
        build(folders, wanted, lines.tell)
    finally:
        lines.close()
    return 0


def _folders(options: argparse.Namespace) -> "Folders":
    from reports.build.plan import Folders

    return Folders(_absolute(options.data), _absolute(options.templates), _absolute(options.out))


def _absolute(path: Path) -> Path:
    try:
        return path.absolute()
    except FileNotFoundError:
        message = "can't be found from the current folder, which somebody has removed; go to another one"
        raise ReportsError(Problem(Location(path), message)) from None


def _check(options: argparse.Namespace) -> int:
    from reports.build.build import check

    dataset = check(_folders(options))
    print(f"no problems in {sum(1 for _ in dataset.records())} records")
    return 0


def _verify(options: argparse.Namespace) -> int:
    from reports.build.verify import Verdict, verify

    folders = _folders(options)
    folder = _absolute(options.folder or options.out)
    # Files that somebody was sent are compared with their manifest; those of our own output folder with today's data too.
    results = list(verify(folder, folders if folder == folders.out else None))
    for one in results:
        _say(f"{one_line(str(one.path))}: {one.verdict}")
    return 0 if all(one.verdict == Verdict.AS_MADE for one in results) else PROBLEMS


def _audit(options: argparse.Namespace) -> int:
    from reports.audit import audit

    problems: list[Problem] = []
    for audited in audit(_folders(options)):
        _say(str(audited))
        problems += audited.problems
    return _print_problems(problems) if problems else 0


def _watch(options: argparse.Namespace) -> int:
    from reports.watch import preview, watch

    folders = _folders(options)
    if options.command == "preview":
        preview(folders, options.port, _say, _print_problems)
    else:
        watch(folders, _say, _print_problems)
    return 0


def _aids(options: argparse.Namespace) -> int:
    from reports.aids import restyle, write_reference, write_schemas

    folders = _folders(options)
    if options.command == "schemas":
        write_schemas(folders, _say)
    elif options.command == "reference":
        write_reference(folders, _absolute(options.file), _say)
    else:
        restyle(folders, _absolute(options.file), _say)
    return 0


COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "check": _check,
    "verify": _verify,
    "audit": _audit,
    "watch": _watch,
    "preview": _watch,
    "schemas": _aids,
    "reference": _aids,
    "restyle": _aids,
}


def _print_problems(problems: Sequence[Problem]) -> int:
    for problem in problems:
        print(_short(str(problem)), file=sys.stderr)
    print(f"{len(problems)} problem{'s' if len(problems) > 1 else ''}", file=sys.stderr)
    return PROBLEMS


def _say(text: str) -> None:
    print(_short(text), flush=True)


def _short(text: str) -> str:
    """Return *text* with its paths as short as they can be from the current folder."""
    try:
        return text.replace(f"{Path.cwd()}{os.sep}", "")
    except FileNotFoundError:  # somebody has removed it
        return text


def _run() -> int:
    """Carry out the command of this process; SIGTERM and SIGHUP end it as a key press does, with a status of their own."""
    received: list[int] = []

    def stop(number: int, frame: object) -> None:
        for one in numbers:
            signal.signal(one, signal.SIG_IGN)  # nothing disturbs the end
        received.append(number)
        raise KeyboardInterrupt

    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]  # Windows has no SIGHUP
    for one in numbers:
        if signal.getsignal(one) != signal.SIG_IGN:  # as `nohup` wants it
            signal.signal(one, stop)
    status = main()
    return 128 + received[0] if received else status


if __name__ == "__main__":
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that lacks a letter of a path, or the "…", shows its code; stderr does so anyway.
        sys.stdout.reconfigure(errors="backslashreplace")
    sys.exit(_run())
