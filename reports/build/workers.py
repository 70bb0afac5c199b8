"""Renders outputs side by side in worker processes, and says what each worker is at."""

import gc
import logging
import multiprocessing
import os
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from reports.build.plan import Event, OutputState, Tell
from reports.cache import FOUND, MADE, Cache
from reports.errors import Location, Problem, ReportsError
from reports.files import MOST_DIGESTED, read_bytes, write_whole
from reports.processes import collect_garbage, end_with_parent, ended_by_signal, processes
from reports.renderers import PROGRESS, RenderedFile, renderer

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess
    from multiprocessing.queues import SimpleQueue

    from reports.documents.view import View
    from reports.editions.editions import Comparison

LIMIT = 600.0  # seconds that one output may take
TICK = 0.2  # seconds after which somebody who watches hears that work goes on


class Task(NamedTuple):
    """One output to render, or its draft alone: its *path* below the output folder, and what the renderer for its suffix takes.

    *before* gives by what it tells changes, if it does (see Project.before).
    """

    path: str
    view: "View"
    templates: Path
    template: str
    cache: Cache
    draft: bool = False
    before: "Callable[[], View | Comparison | Sequence[Comparison] | None] | None" = None


class TaskResult(NamedTuple):
    """The end of the task for the output at *path*, *seconds* after its beginning."""

    path: str
    result: RenderedFile | ReportsError
    seconds: float = 0


Work = Callable[[Sequence[Task], int, Tell, float], Iterator[TaskResult]]


class WorkerError(Exception):
    """A worker ended in a bug of ours, which is the cause of this error unless the worker died without a word."""


def work(tasks: Sequence[Task], jobs: int, tell: Tell, limit: float = LIMIT) -> Iterator[TaskResult]:
    """Yield the results of *tasks*, rendered *jobs* side by side in the order given, and *tell* what is being done meanwhile.

    A worker that dies, or that takes more than *limit* seconds for a file, is a problem of that file alone. Raises WorkerError for a
    bug. Whatever ends this, an error, a key press, or the caller losing interest, no worker is left.
    """
    unfinished, _ = yield from _work(tasks, jobs, tell, limit)
    # A worker that ends takes its pool with it. Each file that was left is rendered again, alone, which shows whose fault it was.
    for task in unfinished:
        left, status = yield from _work([task], 1, tell, limit)
        if left and status >= 0:
            raise WorkerError(f"the process that made {task.path} ended with status {status}")
        if left:
            message = f"the process that made {task.path} {ended_by_signal(status)}"
            yield TaskResult(task.path, ReportsError(Problem(Location(task.templates / task.template), message)))


def _work(tasks: Sequence[Task], jobs: int, tell: Tell, limit: float) -> Generator[TaskResult, None, tuple[list[Task], int]]:
    """Yield the results from one pool; return the tasks that it left because a worker ended, and the exit status of its first worker."""
    left, began, is_late = list(tasks), dict[str, float](), False
    with _pool(tasks, jobs) as (pool, events, worker), suppress(BrokenProcessPool):
        futures = {pool.submit(_render, number): task for number, task in enumerate(tasks)}
        while left and not is_late:
            done, _ = wait(futures, TICK, FIRST_COMPLETED)
            tell(Event())  # whoever shows how long it takes goes on
            while not events.empty():
                event = events.get()
                began.setdefault(event.path, monotonic())
                tell(event)
            for future in done:
                result = _result(future, futures[future].path)
                left.remove(futures.pop(future))
                yield result
            for task in [task for task in left if monotonic() - began.get(task.path, monotonic()) > limit]:
                is_late = True
                left.remove(task)
                message = f"takes more than {limit:g} seconds, the most that a document may take (--limit); a loop in it may have no end"
                yield TaskResult(task.path, ReportsError(Problem(Location(task.templates / task.template), message)))
    return left, worker.exitcode or 0


@contextmanager
def _pool(tasks: Sequence[Task], jobs: int) -> "Iterator[tuple[ProcessPoolExecutor, SimpleQueue[Event], BaseProcess]]":
    """Yield a pool of workers, the queue of their events, and the first of them; none is left at the end."""
    context, others = processes(), multiprocessing.active_children()
    events = context.SimpleQueue()
    with TemporaryDirectory() as folder:
        # A worker that is killed while it takes or sends something large leaves the pool waiting for the rest. So workers have the
        # tasks from their beginning, and put what they render into *folder*.
        pool = ProcessPoolExecutor(max(1, min(jobs, len(tasks))), context, _begin, (tasks, jobs, events, Path(folder)))
        try:
            number = pool.submit(os.getpid).result()
            yield pool, events, next(child for child in multiprocessing.active_children() if child.pid == number)
        finally:
            for child in multiprocessing.active_children():
                if child not in others:
                    child.kill()
            pool.shutdown(cancel_futures=True)


def _result(future: "Future[tuple[RenderedFile, Path, float]]", path: str) -> TaskResult:
    """Return the result of the task for *path*; raises WorkerError for a bug, BrokenProcessPool if a worker died."""
    try:
        rendered, place, seconds = future.result()
    except ReportsError as error:
        return TaskResult(path, error)
    except BrokenProcessPool:
        raise
    except Exception as error:
        raise WorkerError(f"while making {path}") from error
    return TaskResult(path, rendered._replace(content=read_bytes(place, place.parent, MOST_DIGESTED)), seconds)


class _Progress(logging.Handler):
    """Makes events of what a renderer says while it makes the output at *path*."""

    path: str
    events: "SimpleQueue[Event]"

    def emit(self, record: logging.LogRecord) -> None:
        self.events.put(Event(self.path, OutputState.DOING, doing=record.getMessage()))


_progress = _Progress()
_given: list[tuple[Sequence[Task], int, Path]] = []  # to this worker: the tasks, how many it may do at once, and the folder for the files


def _begin(tasks: Sequence[Task], jobs: int, events: "SimpleQueue[Event]", folder: Path) -> None:
    end_with_parent()
    gc.disable()  # nothing that a layout makes is garbage before its end: looking for some takes a tenth of the time
    gc.freeze()
    _given.append((tasks, jobs, folder))
    _progress.events = events
    logging.getLogger(PROGRESS).setLevel(logging.INFO)
    logging.getLogger(PROGRESS).addHandler(_progress)


def _render(number: int) -> tuple[RenderedFile, Path, float]:
    """Render the task *number*; return the file without its content, the place of its content, and the seconds taken."""
    collect_garbage()
    tasks, jobs, folder = _given[-1]
    _progress.path, view, templates, template, cache, draft, earlier = tasks[number]
    began, place, before = monotonic(), folder / str(number), cache.counts.copy()
    _progress.events.put(Event(_progress.path, OutputState.STARTED))
    rendered = renderer(Path(_progress.path).suffix, draft, jobs, earlier() if earlier else None)(view, templates, template, cache)
    write_whole(place, rendered.content, lasting=False)
    found, made = (cache.counts[kind] - before[kind] for kind in (FOUND, MADE))
    if found or made:
        _progress.events.put(Event(_progress.path, found=found, cached=made))
    return rendered._replace(content=b""), place, monotonic() - began
