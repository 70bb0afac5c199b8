"""The documents are made again whenever data or templates are saved, in a process that has everything loaded."""

import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module

from reports.build.build import BuildOptions, build
from reports.build.plan import Folders, check_folders
from reports.build.progress import Lines
from reports.errors import Location, Problem, ReportsError
from reports.files import is_folder
from reports.preview import Server
from reports.renderers import RENDERERS

LOOK = 300  # milliseconds

Say = Callable[[str], None]
Show = Callable[[Sequence[Problem]], object]


def watch(folders: Folders, say: Say, show: Show) -> None:
    """Bring everything up to date now and after each save, until a key press; *show* the problems and go on.

    Raises ReportsError if there is nothing to watch, or if the finished files would be among what is watched.
    """
    check_folders(folders)
    _look_for(folders)
    from watchfiles import watch as saves

    begun = False
    # It also yields when nothing was saved, the first time when it has begun to look: what is saved from then on is never missed.
    for saved in saves(folders.data, folders.templates, yield_on_timeout=True, rust_timeout=LOOK):
        if saved or not begun:
            _rebuild(folders, say, show)
        if not begun:
            _warm()
            say("watching; Ctrl-C ends it")
            begun = True


def preview(folders: Folders, port: int, say: Say, show: Show) -> None:
    """Do the same, and show the files on this computer alone; a web page in a browser reloads itself when it was made again."""
    check_folders(folders)  # before anything is shown
    _look_for(folders)
    with Server(folders.out, port) as server:
        say(f"http://127.0.0.1:{server.port}/")
        watch(folders, say, show)


def _look_for(folders: Folders) -> None:
    sources = {"data": folders.data, "templates": folders.templates}
    problems = [Problem(Location(path), f"there is no such folder of {name}") for name, path in sources.items() if not is_folder(path)]
    if problems:
        raise ReportsError(*problems)


def _rebuild(folders: Folders, say: Say, show: Show) -> None:
    lines = Lines(folders.out, say, quiet=True)
    try:
        build(folders, BuildOptions(), lines.tell)
    except ReportsError as error:
        show(error.problems)
    except Exception:  # a bug of ours: whoever is writing goes on writing, and the next save may not meet it
        say(f"{traceback.format_exc()}this is a mistake in the program; watching goes on")


def _warm() -> None:
    """Load every renderer now: the processes that we copy ourselves into have them then."""
    for module in RENDERERS.values():
        with suppress(ReportsError):  # one that is missing something says so when it is asked for
            import_module(module)
