"""The worker's side: a task that was sent, and the templates that belong to it -> the finished file, or the problems of it.

Nothing but bytes comes from elsewhere and goes back: a worker keeps templates and results of its own in a folder for temporary files.
"""

import ctypes
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from multiprocessing import current_process
from pathlib import Path
from tempfile import gettempdir
from threading import Timer, get_ident
from zipfile import ZipFile

from reports.build.manifest import tools
from reports.build.workers import Task
from reports.cache import Cache
from reports.errors import Location, Problem, ReportsError
from reports.files import is_folder, paths_below, read_bytes, sha256, write_whole
from reports.renderers import RenderedFile, renderer
from reports.renderers.ooxml import pack

BEGUN = ".begun"
LATE = "takes more than {limit:g} seconds, the most that a document may take (--limit); a loop in it may have no end"
FOLDER = "reports-worker"  # among the temporary files: templates by their digests, and a cache


@dataclass(frozen=True)
class Sent:
    """A *task* as it is sent: its *templates* are those with that digest; *identity* is what a worker has to be made of.

    *before* is by what the file tells changes. A worker on the same computer puts the content into the folder *spool*, lest a worker that
    is killed while it sends something large leave the coordinator waiting for the rest. One elsewhere ends a task of more than *limit*
    seconds itself: nobody else can end what it is at.
    """

    task: Task
    templates: str
    identity: Mapping[str, str]
    before: object = None
    spool: Path | None = None
    limit: float = 600

    @property
    def place(self) -> Path | None:
        """The place in the spool of what the worker makes."""
        return self.spool / sha256(f"{self.task.templates} {self.task.path} {self.task.view.digest}".encode()) if self.spool else None

    @property
    def began(self) -> float | None:
        """The moment when a worker began with it, as far as is known."""
        mark = self.place.with_suffix(BEGUN) if self.place else None
        return mark.stat().st_mtime if mark and mark.exists() else None


@dataclass(frozen=True)
class Returned:
    """The end of a task: the *file*, or *problems* with the paths that templates have below their folder; and the seconds it took.

    The content of the file may be at *place*.
    """

    file: RenderedFile | None
    problems: tuple[Problem, ...] = ()
    seconds: float = 0
    place: Path | None = None


class LateError(BaseException):
    """A task takes too long; no Exception, which the border of templates would take for a mistake in one."""


class AnotherProgramError(Exception):
    """A worker is made of other versions than the coordinator: it would make other bytes."""


def identity() -> Mapping[str, str]:
    """Return what this process is made of, as far as it shapes documents: the program, its libraries, Pango and HarfBuzz."""
    from reports.renderers.pdf import system

    try:
        found = system()
    except (OSError, ReportsError):  # without Pango there are no PDFs, here and there
        found = {}
    return {**tools(), **found}


def packed(templates: Path) -> bytes:
    """Return the files in the folder *templates* as one package, which is the same for the same files."""
    return pack({path.relative_to(templates).as_posix(): read_bytes(path, templates) for path in paths_below(templates) if path.is_file()})


def render(sent: Sent, templates: bytes) -> Returned:
    """Return what comes of *sent*, whose templates are in the package *templates*; raises AnotherProgramError before anything is made."""
    if differing := [name for name, version in sent.identity.items() if identity().get(name) != version]:
        raise AnotherProgramError(f"is made of other versions: {', '.join(differing)}")
    if sent.place:
        sent.place.with_suffix(BEGUN).touch()
    current_process().daemon = False  # as Dask starts its workers, which could then start no process to draw figures in
    began, folder = time.monotonic(), _unpacked(sent.templates, templates)
    suffix, cache = Path(sent.task.path).suffix, Cache(folder.parent / "cache")
    make = renderer(suffix, sent.task.draft, 1, sent.before)
    try:
        with _within(sent.limit) if sent.place is None else nullcontext():
            made = make(sent.task.view, folder, sent.task.template, cache)
    except ReportsError as error:
        return Returned(None, tuple(_moved(problem, folder, sent.task.templates) for problem in error.problems))
    except LateError:
        return Returned(None, (Problem(Location(sent.task.templates / sent.task.template), LATE.format(limit=sent.limit)),))
    roots = (folder, folder.resolve())
    inputs = {_below(path, roots, sent.task.templates): digest for path, digest in made.inputs.items()}
    made, seconds = made._replace(inputs=inputs), time.monotonic() - began
    if sent.place is None:
        return Returned(made, seconds=seconds)
    write_whole(sent.place, made.content, lasting=False)
    return Returned(made._replace(content=b""), seconds=seconds, place=sent.place)


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    """Raise LateError in this thread after so many *seconds*, when Python has its turn again."""
    thread = ctypes.c_ulong(get_ident())
    timer = Timer(seconds, lambda: ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, ctypes.py_object(LateError)))
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


@lru_cache(maxsize=8)
def _unpacked(digest: str, templates: bytes) -> Path:
    """Return the folder that holds *templates*, which have that *digest*: one for all workers of this user on this computer."""
    folder = _own_folder() / digest
    if not is_folder(folder):
        unfinished = folder.with_name(f"{digest}-{os.getpid()}")
        with ZipFile(BytesIO(templates)) as package:
            for name in package.namelist():
                write_whole(unfinished / name, package.read(name), lasting=False)
        try:
            unfinished.rename(folder)
        except OSError:  # another worker was faster
            shutil.rmtree(unfinished, ignore_errors=True)
    return folder


def _own_folder() -> Path:
    """Return the folder of this user's workers; raises ReportsError if it is another's, who could put other templates into it."""
    own = os.getuid() if hasattr(os, "getuid") else 0  # Windows has a folder for the temporary files of each user
    folder = Path(gettempdir(), f"{FOLDER}-{own}")
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != own:
        raise ReportsError(Problem(Location(folder), "belongs to another user: name another place by TMPDIR"))
    return folder


def _moved(problem: Problem, folder: Path, templates: Path) -> Problem:
    """Return *problem* at its place in the coordinator's *templates*."""
    return problem._replace(location=problem.location._replace(path=_below(problem.location.path, (folder, folder.resolve()), templates)))


def _below(path: Path, roots: tuple[Path, ...], target: Path) -> Path:
    return next((target / path.relative_to(root) for root in roots if path.is_relative_to(root)), path)
