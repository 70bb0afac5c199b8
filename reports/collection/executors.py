"""Those who carry out tasks: processes of this computer, or the workers of a Dask cluster; and how a build has its tasks done by them."""

import multiprocessing
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from time import time
from typing import Any, Protocol
from urllib.parse import urlsplit

from reports.build.plan import Event, Tell
from reports.build.workers import Task, TaskResult, Work
from reports.collection.remote import BEGUN, LATE, AnotherProgramError, Returned, Sent, identity, packed, render
from reports.errors import Location, Problem, ReportsError
from reports.files import MOST_DIGESTED, read_bytes, sha256
from reports.processes import end_with_parent
from reports.renderers import RenderedFile

MOST_DEATHS = 3  # of workers that had begun with a task, before it is given up
TICK = 0.5  # seconds after which somebody looks whether a task takes too long


class Executor(Protocol):
    """Somebody who carries out tasks; *spool* is the folder for what is too large to be sent, if both sides share one."""

    spool: Path | None  # where the two sides share one, a task whose worker died is not tried again by the executor itself

    def submit(self, sent: Sent, templates: bytes) -> "Future[Returned]":
        """Return what will hold the result, or BrokenProcessPool if a worker died that may have had the task."""

    def end(self, future: "Future[Returned]") -> None:
        """End the task behind *future*, which takes too long."""


@contextmanager
def processes(jobs: int) -> Iterator[Executor]:
    """Yield *jobs* processes of this computer."""
    with TemporaryDirectory() as spool:
        executor = _Processes(jobs, Path(spool))
        try:
            yield executor
        finally:
            executor.close()


class _Processes:
    """One that dies takes all with it: they are started anew, as often as it takes."""

    def __init__(self, jobs: int, spool: Path) -> None:
        self.spool: Path | None = spool
        self._others = multiprocessing.active_children()
        self._jobs, self._lock, self._pool = jobs, Lock(), self._start(jobs)

    @staticmethod
    def _start(jobs: int) -> ProcessPoolExecutor:
        # Not copies of this process: it has threads, and in a copy nobody lets go of what another thread had locked.
        return ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), end_with_parent)

    def submit(self, sent: Sent, templates: bytes) -> "Future[Returned]":
        with self._lock:
            try:
                return self._pool.submit(render, sent, templates)
            except BrokenProcessPool:
                self._pool = self._start(self._jobs)
                return self._pool.submit(render, sent, templates)

    def end(self, future: "Future[Returned]") -> None:
        with self._lock:
            self._kill()

    def close(self) -> None:
        self._kill()
        self._pool.shutdown(cancel_futures=True)

    def _kill(self) -> None:
        for child in multiprocessing.active_children():
            if child not in self._others:
                child.kill()


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """Yield the workers of the Dask cluster at *address*, `local:4` for one with so many processes here, without those of other versions.

    Raises ReportsError if there is no such cluster, or if anybody on the network could read or change what is sent there.
    """
    try:
        import dask
        from distributed import Client, LocalCluster
    except ModuleNotFoundError as error:
        raise ReportsError(
            Problem(Location(Path()), f"a cluster needs the package '{error.name}': use `nox -s all`, which installs it")
        ) from None
    settings = {"distributed.worker.profile.enabled": False, "distributed.scheduler.allowed-failures": MOST_DEATHS}
    dask.config.set({**settings, "distributed.nanny.pre-spawn-environ": {}})  # which this process would keep
    scheme, _, rest = address.partition(":")
    if scheme == "local" and rest.isdigit() and int(rest):
        quiet = {"dashboard_address": None, "host": "127.0.0.1"}
        with LocalCluster(n_workers=int(rest), threads_per_worker=1, **quiet) as own, Client(own) as client:  # type: ignore[no-untyped-call]
            yield _Cluster(client)
    elif _is_private(address):
        try:
            with Client(address, timeout=10) as client:  # type: ignore[no-untyped-call]
                yield _Cluster(client)
        except OSError as error:
            raise ReportsError(Problem(Location(Path()), f"no cluster answers at {address}: {error}")) from None
    else:
        said = f"'{address}' is neither a cluster on this computer nor one by TLS: say local:4, tcp://127.0.0.1:8786 or tls://host:8786"
        raise ReportsError(Problem(Location(Path()), said))


def _is_private(address: str) -> bool:
    """Return true if nobody else can read what is sent to *address*."""
    parts = urlsplit(address)
    try:
        is_here = parts.hostname == "localhost" or ip_address(parts.hostname or "").is_loopback
    except ValueError:
        is_here = False
    return bool(parts.hostname) and (parts.scheme == "tls" or (parts.scheme == "tcp" and is_here))


class _Cluster:
    """The workers of the cluster of *client*; what is the same for many tasks is sent once, by its digest."""

    spool: Path | None = None

    def __init__(self, client: Any) -> None:
        own = dict(identity())
        found = client.run(identity)
        if foreign := [worker for worker, theirs in found.items() if theirs != own]:
            client.retire_workers(foreign)
        if len(foreign) == len(found):
            raise ReportsError(
                Problem(Location(Path()), f"none of the {len(found)} workers has the program, libraries and Pango of this one")
            )
        self._client, self._executor = client, client.get_executor(pure=False)
        self._there: dict[str, Any] = {}  # what was sent; it stays there as long as somebody here has it
        self._lock = Lock()

    def submit(self, sent: Sent, templates: bytes) -> "Future[Returned]":
        from distributed import KilledWorker

        with self._lock:
            if sent.templates not in self._there:
                self._there[sent.templates] = self._client.scatter(templates)
        future: Future[Returned] = self._executor.submit(render, sent, self._there[sent.templates])
        told: Future[Returned] = Future()

        def ended(done: "Future[Returned]") -> None:
            error = CancelledError() if done.cancelled() else done.exception()
            if isinstance(error, KilledWorker):
                error = BrokenProcessPool()  # the cluster has tried it MOST_DEATHS times
            told.set_exception(error) if error else told.set_result(done.result())

        future.add_done_callback(ended)
        return told

    def end(self, future: "Future[Returned]") -> None:
        future.cancel()


def work_by(executor: Executor) -> Work:
    """Return what does the tasks of a build by *executor*, as reports.build.workers.work does; several builds may do so at once."""
    own = dict(identity())

    def work(tasks: Sequence[Task], jobs: int, tell: Tell, limit: float) -> Iterator[TaskResult]:
        packages = {folder: packed(folder) for folder in {task.templates for task in tasks}}
        out = _Out(executor, {sha256(package): package for package in packages.values()})
        for task in tasks:
            before = task.before() if task.before else None
            out.submit(Sent(task._replace(before=None), sha256(packages[task.templates]), own, before, executor.spool, limit))
        while out.left:
            tell(Event())
            yield from out.ended()
            yield from out.late(limit)

    return work


class _Out:
    """Tasks that are out, each by what will hold its result; *packages* are the templates of all, by their digests."""

    def __init__(self, executor: Executor, packages: Mapping[str, bytes]) -> None:
        self.left: dict[Future[Returned], Sent] = {}
        self._executor, self._packages, self._deaths = executor, packages, Counter[str]()

    def submit(self, sent: Sent) -> None:
        self.left[self._executor.submit(sent, self._packages[sent.templates])] = sent

    def ended(self) -> Iterator[TaskResult]:
        """Yield the results of those that have ended by now, or end soon; one whose worker died is sent again."""
        done, _ = wait(self.left, TICK, FIRST_COMPLETED)
        for future in done:
            sent = self.left.pop(future)
            is_dead = isinstance(future.exception(), BrokenProcessPool)
            self._deaths[sent.task.path] += is_dead and sent.began is not None
            if is_dead and sent.place and self._deaths[sent.task.path] < MOST_DEATHS:
                sent.place.with_suffix(BEGUN).unlink(missing_ok=True)  # the time that it waits again is not its own
                self.submit(sent)
            else:
                yield TaskResult(sent.task.path, *_outcome(sent, future))

    def late(self, limit: float) -> Iterator[TaskResult]:
        """End those that take more than *limit* seconds, and yield the problem of each."""
        for future, sent in [*self.left.items()]:
            if sent.began and time() - sent.began > limit:
                del self.left[future]
                self._executor.end(future)
                yield TaskResult(sent.task.path, _problem(sent, LATE.format(limit=limit)))


def _outcome(sent: Sent, future: "Future[Returned]") -> tuple[RenderedFile | ReportsError, float]:
    """Return what came of the task that was *sent*, and the seconds that it took; raises what is a bug."""
    try:
        returned = future.result()
    except BrokenProcessPool:
        return _problem(
            sent, f"the process that made {sent.task.path} was ended {MOST_DEATHS} times; it may need more memory than there is"
        ), 0
    except AnotherProgramError as error:
        return _problem(sent, f"the worker that was to make {sent.task.path} {error}"), 0
    if returned.file is None:
        return ReportsError(*returned.problems), returned.seconds
    if returned.place is None:
        return returned.file, returned.seconds
    content = read_bytes(returned.place, returned.place.parent, MOST_DIGESTED)
    returned.place.unlink()
    return returned.file._replace(content=content), returned.seconds


def _problem(sent: Sent, message: str) -> ReportsError:
    return ReportsError(Problem(Location(sent.task.templates / sent.task.template), message))
