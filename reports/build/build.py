"""Data and templates -> the files in build/: only what changed, each replaced as a whole, none that a person edited."""

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from reports.build.manifest import Manifest, ManifestEntry, put, tools
from reports.build.plan import Event, Folders, OutputFile, OutputState, Project, Tell, check_folders, read_plan
from reports.build.staleness import Staleness, check_owner
from reports.cache import FOUND, MADE, Cache
from reports.errors import Location, Problem, ReportsError, reason
from reports.files import digest_of, sha256, sweep
from reports.renderers import RENDERERS, renderer

if TYPE_CHECKING:
    from reports.build.workers import Task, TaskResult, Work
    from reports.dataset.dataset import Dataset
    from reports.renderers import RenderedFile

LOCK = "lock"
LATER = "; one that tells changes is made once there is an edition"
SLOWEST = (".pdf", ".html", ".xlsx", ".docx", ".zip")  # formats, by the time that a file takes


class BuildOptions(NamedTuple):
    """The documents with *names* (all, if empty), the files with *suffixes*, *jobs* at a time (0: one for each core).

    *dry* tells what would be made, and makes nothing. *overwrite* replaces files that a person edited, and keeps those beside them.
    A file that takes more than *limit* seconds is not made. Documents tell the changes *since* that edition (None: the last one), in one
    *language* or in all; a *draft* may have more untranslated passages than its document allows.
    """

    names: tuple[str, ...] = ()
    suffixes: Collection[str] = tuple(RENDERERS)
    jobs: int = 0
    dry: bool = False
    overwrite: bool = False
    limit: float = 600
    since: int | None = None
    language: str | None = None
    draft: bool = False


class EditedError(ReportsError):
    """A person edited a file that was to be replaced."""


def build(folders: Folders, options: BuildOptions, tell: Tell = lambda event: None, work: "Work | None" = None) -> None:
    """Bring the outputs of *options* up to date, and *tell* the news of each; *work* does the tasks, by default processes of this one.

    Raises ReportsError: before anything is written if the data or the declarations have problems; else when all that could be
    made has been made.
    """
    check_folders(folders)
    project = _project(folders, options, Cache(folders.cache, only_reads=options.dry))
    survey = _survey(project, options)
    with _lock(folders, tell) if survey.stale and not options.dry else nullcontext() as locked:
        if locked:  # by now another build may have made it all, or somebody may have saved other data
            project = project if project.is_current() else _project(folders, options, project.cache)
            survey = _survey(project, options)
        for event in survey.events:
            tell(event)
        problems, manifest = [*survey.problems], survey.manifest
        for path, result, seconds in _render(project, survey, options, tell, work) if locked else ():
            try:
                manifest = _put(survey.stale[path], result, manifest, survey.staleness, options.overwrite)
                entry = manifest.files[path]
                tell(Event(path, OutputState.MADE, pages=entry.pages, size=entry.bytes, seconds=seconds))
            except ReportsError as error:
                problems += error.problems
                tell(Event(path, OutputState.EDITED if isinstance(error, EditedError) else OutputState.FAILED))
    tell(Event(found=project.cache.counts[FOUND], cached=project.cache.counts[MADE]))
    if problems:
        raise ReportsError(*_in_data(problems, project.parts[1]))


def _project(folders: Folders, options: BuildOptions, cache: Cache) -> Project:
    return Project(folders, options.names, cache, options.since, options.language, options.draft)


def check(folders: Folders, limit: float = 600) -> "Dataset":
    """Return the dataset; raises ReportsError with every problem that would keep a document from being made.

    Each file that is not up to date is drafted. What a draft does not show, the pages that a PDF promises and the styles that Word
    has, is seen by making the file, in *limit* seconds at most.
    """
    from reports.build.workers import work

    cache = Cache(folders.cache, only_reads=True)
    project = Project(folders, cache=cache)
    documents, dataset = project.parts
    promised = {document.id for document in documents if document.pages}
    staleness = Staleness(folders, cache, tools())
    tasks = []
    for output in (output for output in read_plan(project, cache, tools()) if staleness.reasons(output)):
        is_fitted = output.suffix == ".pdf" and output.document in promised and _can_render(".pdf")
        is_made = is_fitted or output.suffix in (".docx", ".zip", ".atom")  # of which a draft would see nothing
        tasks.append(_task(project, output, cache)._replace(draft=not is_made))
    tasks.sort(key=lambda task: task.draft)  # what takes longest goes first
    results = [result for _, result, _ in work(tasks, os.cpu_count() or 1, lambda event: None, limit)] if tasks else []
    if errors := [result for result in results if isinstance(result, ReportsError)]:
        raise ReportsError(*_in_data([problem for error in errors for problem in error.problems], dataset))
    return dataset


def _in_data(problems: Sequence[Problem], dataset: "Dataset") -> Iterator[Problem]:
    """Yield *problems*; those of letters that no font has, in any of the files, once at each place in the data where they stand."""
    from reports.renderers.fonts import missing_glyphs

    of_letters = [problem for problem in problems if problem.missing]
    yield from (problem for problem in problems if not problem.missing)
    for advice in dict.fromkeys(problem.advice for problem in of_letters):
        same = [problem for problem in of_letters if problem.advice == advice]
        left = characters = frozenset[str]().union(*(problem.missing for problem in same))
        for entry, keys, text in dataset.located_texts():
            if missing := characters.intersection(text):
                yield missing_glyphs(min(entry.locate(*keys, within=character) for character in missing), missing, advice)
                left -= missing
        yield from (problem for problem in same if problem.location.line or problem.missing & left)  # which stand in a template


def _can_render(suffix: str) -> bool:
    """Tell whether this system has what files that end in *suffix* are made with."""
    try:
        renderer(suffix)
    except ReportsError:
        return False
    return True


class _Survey(NamedTuple):
    """The outputs that are *stale*, by their paths, and the *events* and *problems* of all that were asked for.

    *manifest* is the one to which they will be added.
    """

    staleness: Staleness
    manifest: Manifest
    stale: Mapping[str, OutputFile]
    events: Sequence[Event]
    problems: Sequence[Problem]


def _survey(project: Project, options: BuildOptions) -> _Survey:
    """Read the plan, and compare it with the files that are there; raises ReportsError if data or declarations have problems."""
    folders, cache = project.folders, project.cache
    plan, staleness = read_plan(project, cache, tools()), Staleness(folders, cache, tools())
    dataset = plan[0].dataset  # there is no folder of templates without a document
    check_owner(staleness.manifest, folders.out, dataset)
    stale, events, problems = {}, [], _other_formats(plan, options, folders)
    for output in plan:
        if output.suffix not in options.suffixes:
            continue
        reasons = staleness.reasons(output)
        if not reasons:
            events.append(Event(output.path, OutputState.UP_TO_DATE))
        elif output.path in staleness.manifest.files and not options.overwrite and staleness.is_edited(output.path):
            events.append(Event(output.path, OutputState.EDITED))
            problems += _edited(folders, output).problems
        else:
            events.append(Event(output.path, OutputState.STALE, reasons))
            stale[output.path] = output
    return _Survey(staleness, staleness.manifest._replace(dataset=dataset), stale, events, problems)


def _other_formats(plan: Sequence[OutputFile], options: BuildOptions, folders: Folders) -> list[Problem]:
    """Return a problem for each document that was asked for by its name and makes none of the files that were asked for."""
    problems = []
    for name in options.names:
        outputs = [output for output in plan if output.document == name]
        if not any(output.suffix in options.suffixes for output in outputs):
            from reports.documents.document import FILE

            asked, others = " or ".join(sorted(options.suffixes)), ", ".join(Path(output.path).name for output in outputs)
            later = LATER if ".atom" in options.suffixes else ""
            message = f"'{name}' makes no {asked} file; it makes {others}{later}"
            problems.append(Problem(Location(folders.templates / name / FILE), message))
    return problems


def _render(project: Project, survey: _Survey, options: BuildOptions, tell: Tell, work: "Work | None") -> "Iterator[TaskResult]":
    """Yield the result of each stale output as workers render them, and *tell* what they are at."""
    from reports.build import workers

    folders, cache = project.folders, survey.staleness.cache
    sweep({folders.out, folders.cache, *((folders.out / path).parent for path in survey.stale)})
    tasks = [_task(project, output, cache) for output in survey.stale.values()]
    # What takes longest goes first, so that no worker is left with it at the end; PDFs also draw the figures that web pages show.
    pages = {path: entry.pages or 0 for path, entry in survey.manifest.files.items()}
    tasks.sort(key=lambda task: (_rank(task.path), -pages.get(task.path, 0)))
    yield from (work or workers.work)(tasks, options.jobs or os.cpu_count() or 1, tell, options.limit)
    cache.prune()


def _rank(path: str) -> int:
    suffix = Path(path).suffix
    return SLOWEST.index(suffix) if suffix in SLOWEST else len(SLOWEST)


def _task(project: Project, output: OutputFile, cache: Cache) -> "Task":
    from reports.build.workers import Task

    view = project.view(output.document, output.language)
    before = partial(project.before, output.document, output.language, Path(output.path).name)
    return Task(output.path, view, project.folders.templates, output.template, cache, before=before)


def _put(output: OutputFile, result: "RenderedFile | ReportsError", manifest: Manifest, staleness: Staleness, overwrite: bool) -> Manifest:
    """Put the *result* in the place of *output*, and return the manifest that tells of it; raises ReportsError if there is none to put.

    Raises EditedError if meanwhile a person edited the file. If it may be overwritten, it is kept beside the new one.
    """
    if isinstance(result, ReportsError):
        raise result
    folders, digest = staleness.folders, sha256(result.content)
    path = folders.out / output.path
    if staleness.is_edited(output.path) and digest_of(path, folders.out) != digest:
        if not overwrite:
            raise _edited(folders, output)
        try:
            path.rename(_free_name(path))
        except OSError as error:
            raise ReportsError(Problem(Location(path), f"can't be written: {reason(error)}")) from None
    # Of the inputs only templates have digests: a font goes by the version of its package, among the tools.
    roots = (folders.templates, folders.templates.resolve())  # addresses in a page are resolved, names of templates are not
    inputs = {
        path.relative_to(root).as_posix(): digest for path, digest in result.inputs.items() for root in roots if path.is_relative_to(root)
    }
    of_it = (digest, len(result.content), result.pages)
    entry = ManifestEntry(*of_it, output.document, output.view, inputs, staleness.tools, system=result.system)
    return put(folders.out, manifest, output.path, result.content, entry)


def _edited(folders: Folders, output: OutputFile) -> EditedError:
    message = "was edited by hand, or not made here: move it elsewhere, or say --overwrite, which keeps it beside the new one"
    return EditedError(Problem(Location(folders.out / output.path), message))


def _free_name(path: Path) -> Path:
    """Return a name beside *path* that says that the file was edited, and that no file has."""
    names = (path.with_name(f"{path.stem}.edited{f'-{number}' if number > 1 else ''}{path.suffix}") for number in count(1))
    return next(name for name in names if not os.path.lexists(name))


@contextmanager
def _lock(folders: Folders, tell: Tell) -> Iterator[bool]:
    """Make the output folder, and wait until no other build is at work in it; raises ReportsError if it can't be written."""
    from tempfile import TemporaryFile

    from filelock import FileLock, Timeout

    lock = FileLock(folders.cache / LOCK)
    place = folders.out
    try:
        folders.out.mkdir(parents=True, exist_ok=True)
        folders.cache.mkdir(exist_ok=True)
        TemporaryFile(dir=folders.out).close()  # before anything is rendered for nothing
        place = folders.cache / LOCK
        try:
            lock.acquire(blocking=False)
        except Timeout:
            tell(Event(doing="another build is at work here; waiting for it"))
            lock.acquire()
    except OSError as error:
        raise ReportsError(Problem(Location(place), f"can't be written: {reason(error)}")) from None
    try:
        yield True
    finally:
        lock.release()
