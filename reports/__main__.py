"""The command line: `python -m reports build`, `pdf`, `check`, `schemas`."""

import argparse
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import reports
from reports.errors import Problem, ReportsError
from reports.renderers import RENDERERS, suffixes

ROOT = Path(__file__).parent.parent
PROBLEMS, STOPPED = 1, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out the command in *arguments* (default: the process's own); return the exit status."""
    options = _parser().parse_args(arguments)
    try:
        _run(options)
    except ReportsError as error:
        for problem in error.problems:
            print(_shown(problem), file=sys.stderr)
        print(f"{len(error.problems)} problem{'s' if len(error.problems) > 1 else ''}", file=sys.stderr)
        return PROBLEMS
    except BrokenPipeError:
        # Whoever read our messages has gone: say nothing more, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PROBLEMS
    except KeyboardInterrupt:
        print("stopped; every file is whole, old or new", file=sys.stderr)
        return STOPPED
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m reports", description=reports.__doc__)
    parser.add_argument("--version", action="version", version=reports.__version__)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--data", type=Path, default=ROOT / "data", help="the folder of facts (default: the project's data/)")
    common.add_argument("--templates", type=Path, default=ROOT / "templates", help="the folder of templates (default: templates/)")
    common.add_argument("--out", type=Path, default=ROOT / "build", help="the folder for finished files (default: build/)")
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    commands.add_parser("check", parents=[common], help="say what is wrong with the data, or that nothing is")
    commands.add_parser("schemas", parents=[common], help="write the JSON Schemas that help an editor with the data")
    reference = commands.add_parser("reference", parents=[common], help="write the Word styles as a .docx, to change them in Word")
    reference.add_argument("file", type=Path, metavar="file.docx")
    restyle = commands.add_parser("restyle", parents=[common], help="take the styles of a changed .docx over into the templates")
    restyle.add_argument("file", type=Path, metavar="file.docx")
    formats = {"build": "make every document"} | {suffix[1:]: f"make the {suffix} files" for suffix in RENDERERS}
    for name, text in formats.items():
        command = commands.add_parser(name, parents=[common], help=text)
        command.add_argument("documents", nargs="*", metavar="document", help="only these documents (default: all)")
    return parser


def _run(options: argparse.Namespace) -> None:
    # Imported here, so that --help needs no library.
    from reports.build import Folders, build, check, restyle, write_reference, write_schemas

    folders = Folders(options.data.absolute(), options.templates.absolute(), options.out.absolute())
    if options.command == "check":
        print(f"no problems in {sum(1 for _ in check(folders).records())} records")
    elif options.command == "schemas":
        write_schemas(folders, _say)
    elif options.command == "reference":
        write_reference(folders, options.file.absolute(), _say)
    elif options.command == "restyle":
        restyle(folders, options.file.absolute(), _say)
    else:
        wanted = tuple(RENDERERS) if options.command == "build" else suffixes(options.command)
        build(folders, options.documents, wanted, _say)


def _say(text: str) -> None:
    print(text.replace(f"{Path.cwd()}{os.sep}", ""), flush=True)


def _shown(problem: Problem) -> str:
    """Return *problem* with its path as short as it can be from the current folder."""
    return str(problem).replace(f"{Path.cwd()}{os.sep}", "")


if __name__ == "__main__":
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that lacks a letter of a path, or the "…", shows its code; stderr does so anyway.
        sys.stdout.reconfigure(errors="backslashreplace")
    sys.exit(main())
