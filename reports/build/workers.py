"""Rendering side by side: one process for each file, so that each has the memory and the time of a core for itself."""

import gc
import logging
import multiprocessing
import os
import signal
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple

from reports.cache import Cache
from reports.errors import Location, Problem, ReportsError
from reports.renderers import PROGRESS, RenderedFile, renderer

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

    from reports.documents.view import View

TICK = 0.2  # seconds after which somebody who watches hears that work goes on


class Task(NamedTuple):
    """One file to render: its *path* below the output folder, and what the renderer for its suffix takes."""

    path: str
    view: "View"
    templates: Path
    template: str
    cache: Cache


class TaskUpdate(NamedTuple):
    """What a task has come to after *seconds*: *doing* says what it is at; at its end it has a *result*."""

    task: Task
    seconds: float
    doing: str = ""
    result: RenderedFile | ReportsError | None = None


@dataclass(frozen=True)
class Bug:
    """An error of ours in another process, as its traceback."""

    text: str


class WorkerError(Exception):
    """A process ended in a bug of ours."""


def processes() -> Any:
    """Return the way to start a process: where it is safe, as a copy of this one, with all that is loaded; else anew.

    A copy of one in which vl-convert has drawn waits forever, for threads that were not copied.
    """
    copies = sys.platform == "linux" and "vl_convert" not in sys.modules
    return multiprocessing.get_context("fork" if copies else "spawn")


def end_with_parent() -> None:
    """Let this process be ended by the one that started it, not by what reaches every process of a terminal, and end with it.

    However that one ends: where it is killed, nobody is left who could end us.
    """
    for name in ("SIGINT", "SIGHUP"):
        if hasattr(signal, name):  # Windows has no SIGHUP
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # what the one that we are a copy of does about it is not for us
    Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent
    parent.join()
    os._exit(1)


def work(tasks: Sequence[Task], jobs: int) -> Iterator[TaskUpdate | None]:
    """Yield each step of *tasks* as it comes, *jobs* of them side by side, in the order given; None when nothing is new.

    Whatever ends this, an error, a key press, or the caller losing interest, no process is left.
    """
    waiting = list(reversed(tasks))
    running: dict[Connection, tuple[Task, BaseProcess, float]] = {}
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                task = waiting.pop()
                process, end = _start(task)
                running[end] = (task, process, monotonic())
                yield TaskUpdate(task, 0)
            ready = [end for end in wait(list(running), TICK) if isinstance(end, Connection)]
            if not ready:
                yield None
            for end in ready:
                task, process, started = running[end]
                step = _step(_receive(end, task, process), task, monotonic() - started)
                if step.result is not None:
                    process.join()
                    del running[end]
                yield step
    finally:
        for _, process, _ in running.values():
            process.kill()
            process.join()


def _start(task: Task) -> "tuple[BaseProcess, Connection]":
    context = processes()
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_render, args=(theirs, task), daemon=True)
    process.start()
    theirs.close()  # so that we see the end when the process dies
    return process, ours


def _receive(end: Connection, task: Task, process: "BaseProcess") -> object:
    """Return what the process of *task* sends next, or the problem that the system ended it; raises WorkerError if that was a bug."""
    try:
        message = end.recv()
    except (EOFError, OSError):  # in the midst of a message it is an OSError
        process.join()
        status = process.exitcode or 0
        if status < 0:
            return _ended_by(-status, task)
        raise WorkerError(f"the process that made {task.path} ended with status {status}") from None
    if isinstance(message, Bug):
        raise WorkerError(f"while making {task.path}\n{message.text}")
    return message


def _ended_by(number: int, task: Task) -> ReportsError:
    """Return the problem that the signal *number* ended the process of *task*, as V8 ends its own when it has no memory left."""
    name = next((one.name for one in signal.Signals if one == number), str(number))
    message = f"the process that made {task.path} was ended by signal {name}; it may need more memory than there is"
    return ReportsError(Problem(Location(task.templates / task.template), message))


def _step(message: object, task: Task, seconds: float) -> TaskUpdate:
    if isinstance(message, RenderedFile | ReportsError):
        return TaskUpdate(task, seconds, result=message)
    return TaskUpdate(task, seconds, doing=str(message))


def _render(end: Connection, task: Task) -> None:
    """Render *task* in a process of its own, and send what comes of it."""
    end_with_parent()
    gc.disable()  # nothing that a layout makes is garbage before its end: looking for some takes a tenth of the time
    logger = logging.getLogger(PROGRESS)
    logger.setLevel(logging.INFO)
    logger.addHandler(_Sender(end))
    try:
        render = renderer(Path(task.path).suffix)
        message: RenderedFile | ReportsError | Bug = render(task.view, task.templates, task.template, task.cache)
    except ReportsError as error:
        message = error
    except Exception:
        message = Bug(traceback.format_exc())
    with suppress(BrokenPipeError):
        end.send(message)


class _Sender(logging.Handler):
    """Sends what a renderer says of its progress."""

    def __init__(self, end: Connection) -> None:
        super().__init__()
        self.end = end

    def emit(self, record: logging.LogRecord) -> None:
        self.end.send(record.getMessage())
