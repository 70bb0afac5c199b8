"""Data and templates -> the files in build/: only what changed, each replaced as a whole, none that a person edited."""

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from reports.build.manifest import MANIFEST, Manifest, tools
from reports.build.plan import Folders, OutputFile, Project, check_folders, current, read_plan
from reports.build.staleness import JOURNAL, Upkeep, input_digests, made_file
from reports.cache import Cache
from reports.errors import Location, Problem, ReportsError, reason
from reports.files import digest_of, is_file_in, sha256, sweep, write_whole
from reports.renderers import RENDERERS, RenderedFile

if TYPE_CHECKING:
    from reports.build.workers import Task
    from reports.dataset.dataset import Dataset

LOCK = "lock"


class State(StrEnum):
    """What a build did with a file, or would do; the value is what people read."""

    UP_TO_DATE = "up to date"
    STALE = "to be made"
    STARTED = "started"
    DOING = "doing"
    MADE = "made"
    FAILED = "not made"
    EDITED = "edited by hand, left as it is"


@dataclass(frozen=True)
class Event:
    """What has come of the file at *path*: why it is made, what it has become, or what it is *doing*; empty when nothing is new."""

    path: str = ""
    state: State | None = None
    reasons: tuple[str, ...] = ()
    pages: int | None = None
    size: int = 0
    seconds: float = 0
    doing: str = ""


Tell = Callable[[Event], None]


@dataclass(frozen=True)
class BuildOptions:
    """What to make and how: the documents with *names* (all, if empty), the files with *suffixes*, *jobs* at a time.

    *dry* tells what would be made, and makes nothing. *overwrite* replaces files that a person edited, and keeps those beside them.
    """

    names: tuple[str, ...] = ()
    suffixes: Collection[str] = tuple(RENDERERS)
    jobs: int = 0
    dry: bool = False
    overwrite: bool = False


def build(folders: Folders, wanted: BuildOptions, tell: Tell = lambda event: None) -> None:
    """Bring the files of *wanted* up to date, and *tell* what comes of each.

    Raises ReportsError: before anything is written if the data or the declarations have problems; else when all that could be
    made has been made.
    """
    check_folders(folders)
    once = _Once(tell)
    building = _Building(folders, wanted, once.tell, Project(folders, wanted.names))
    stale = building.stale()
    if stale and not wanted.dry:
        _prepare(folders)
        with _lock(folders, tell):
            # By now another build may have made it all, or somebody may have saved other data.
            building = _Building(folders, wanted, once.tell, current(building.loaded))
            stale = building.stale()
            building.sweep(stale)
            building.tell = tell
            building.make(stale)
    if building.problems:
        raise ReportsError(*building.problems)


def check(folders: Folders) -> "Dataset":
    """Return the dataset; raises ReportsError with every problem of the data and of the documents' declarations."""
    _, dataset = Project(folders).parts
    return dataset


@dataclass
class _Once:
    """Tells, of what is looked at twice, only what is new."""

    then: Tell
    told: set[Event] = field(default_factory=set)

    def tell(self, event: Event) -> None:
        if event not in self.told:
            self.told.add(event)
            self.then(event)


@dataclass
class _Building:
    """One build: what was found, and what went wrong."""

    folders: Folders
    wanted: BuildOptions
    tell: Tell
    loaded: Project
    problems: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tools = tools()
        self.cache = Cache(self.folders.cache, only_reads=self.wanted.dry)
        self.upkeep = Upkeep(self.folders, self.cache, self.tools)
        self.files = dict(self.upkeep.files)

    def stale(self) -> dict[str, OutputFile]:
        """Return the files that have to be made, by their paths; tells of the others, and of why."""
        plan = read_plan(self.loaded, self.cache, self.tools)
        self._refuse_other_formats(plan)
        stale = {}
        for planned in plan:
            if planned.suffix not in self.wanted.suffixes:
                continue
            reasons = self.upkeep.reasons(planned)
            if not reasons:
                self.tell(Event(planned.path, State.UP_TO_DATE))
            elif planned.path in self.files and not self.wanted.overwrite and self.upkeep.is_edited(planned.path):
                self._refuse(planned.path)
            else:
                stale[planned.path] = planned
                self.tell(Event(planned.path, State.STALE, reasons))
        return stale

    def _refuse_other_formats(self, plan: Sequence[OutputFile]) -> None:
        """Add a problem for each document that was asked for by its name and makes none of the files that were asked for."""
        for name in self.wanted.names:
            made = [one for one in plan if one.document == name]
            if not any(one.suffix in self.wanted.suffixes for one in made):
                from reports.documents.document import FILE

                place = Location(self.folders.templates / name / FILE)
                asked, others = " or ".join(sorted(self.wanted.suffixes)), ", ".join(Path(one.path).name for one in made)
                self.problems.append(Problem(place, f"'{name}' makes no {asked} file; it makes {others}"))

    def sweep(self, paths: Iterable[str]) -> None:
        """Remove what a build that was killed has left where this one will write *paths*."""
        sweep({self.folders.out, self.folders.cache, *((self.folders.out / path).parent for path in paths)})

    def make(self, stale: dict[str, OutputFile]) -> None:
        """Render what is *stale*, and put each file in its place as soon as it is there; then tell the manifest."""
        from reports.build.workers import work

        for step in work([self._task(planned) for planned in stale.values()], self.wanted.jobs or os.cpu_count() or 1):
            if step is None:
                self.tell(Event())
                continue
            path = step.task.path
            if isinstance(step.result, RenderedFile):
                self._put(stale[path], step.result, step.seconds)
            elif step.result:
                self._fail(path, step.result.problems)
            else:
                self.tell(Event(path, State.DOING if step.doing else State.STARTED, doing=step.doing))
        self._forget()
        self.cache.prune()

    def _task(self, planned: OutputFile) -> "Task":
        from reports.build.workers import Task

        view = self.loaded.view(planned.document, planned.language)
        return Task(planned.path, view, self.folders.templates, planned.template, self.cache)

    def _put(self, planned: OutputFile, rendered: RenderedFile, seconds: float) -> None:
        """Put *rendered* in its place: its digest into the journal, the file, then the manifest; a stop between them loses nothing."""
        path = self.folders.out / planned.path
        digest = sha256(rendered.content)
        try:
            if self.upkeep.is_edited(planned.path) and digest_of(path, self.folders.out) != digest:
                if not self.wanted.overwrite:
                    self._refuse(planned.path)
                    return
                path.rename(_free_name(path))
            self._note(digest)
            write_whole(path, rendered.content)
            self.files[planned.path] = made_file(
                rendered.content, rendered.pages, planned, input_digests(rendered.inputs, self.folders.templates), self.tools
            )
            self._write_manifest()
        except ReportsError as error:
            self._fail(planned.path, error.problems)
            return
        except OSError as error:
            self._fail(planned.path, (Problem(Location(path), f"can't be written: {reason(error)}"),))
            return
        self.tell(Event(planned.path, State.MADE, pages=rendered.pages, size=len(rendered.content), seconds=seconds))

    def _note(self, digest: str) -> None:
        """Write *digest* into the journal, so that the next build knows the file for ours even if this one is stopped now."""
        with (self.folders.cache / JOURNAL).open("a", encoding="utf-8") as journal:
            journal.write(f"{digest}\n")
            journal.flush()
            os.fsync(journal.fileno())

    def _write_manifest(self) -> None:
        there = {path: made for path, made in self.files.items() if is_file_in(self.folders.out / path, self.folders.out)}
        write_whole(self.folders.out / MANIFEST, Manifest(there).to_json().encode())

    def _forget(self) -> None:
        """End the journal: the manifest tells everything now."""
        if not self.problems:
            with suppress(OSError):
                (self.folders.cache / JOURNAL).unlink()

    def _fail(self, path: str, problems: tuple[Problem, ...]) -> None:
        self.problems += problems
        self.tell(Event(path, State.FAILED))

    def _refuse(self, path: str) -> None:
        message = "was edited by hand, or not made here: move it elsewhere, or say --overwrite, which keeps it beside the new one"
        self.problems.append(Problem(Location(self.folders.out / path), message))
        self.tell(Event(path, State.EDITED))


def _free_name(path: Path) -> Path:
    """Return a name beside *path* that says that the file was edited, and that no file has."""
    number, name = 1, path.with_name(f"{path.stem}.edited{path.suffix}")
    while os.path.lexists(name):
        number += 1
        name = path.with_name(f"{path.stem}.edited-{number}{path.suffix}")
    return name


def _prepare(folders: Folders) -> None:
    """Make the output folder ready to be written to; raises ReportsError now, before anything is rendered, if that can't be."""
    from tempfile import TemporaryFile

    try:
        folders.out.mkdir(parents=True, exist_ok=True)
        folders.cache.mkdir(exist_ok=True)
        TemporaryFile(dir=folders.out).close()
    except OSError as error:
        raise ReportsError(Problem(Location(folders.out), f"can't be written: {reason(error)}")) from None


@contextmanager
def _lock(folders: Folders, tell: Tell) -> Iterator[None]:
    """Wait until no other build is at work in the output folder; raises ReportsError if nobody could tell."""
    from filelock import FileLock, Timeout

    lock = FileLock(folders.cache / LOCK)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        tell(Event(doing="another build is at work here; waiting for it"))
        lock.acquire()
    except OSError as error:
        raise ReportsError(Problem(Location(folders.cache / LOCK), f"can't be written: {reason(error)}")) from None
    try:
        yield
    finally:
        lock.release()
