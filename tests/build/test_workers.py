"""Rendering side by side in worker processes."""

import json
import logging
import multiprocessing
import os
import shutil
import signal
import time
import weakref
from pathlib import Path

import pytest

from reports.build.plan import Event, OutputState
from reports.build.workers import Task, WorkerError, work
from reports.cache import NO_CACHE, Cache
from reports.documents.view import View
from reports.errors import Location, Problem, ReportsError
from reports.processes import MOST_GARBAGE
from reports.renderers import PROGRESS, RenderedFile
from reports.renderers.figures import draw_svg
from tests.conftest import TINY


class Cycle:
    """An object that holds itself."""

    others: list[object]


@pytest.fixture
def task(tiny_view: View) -> Task:
    return Task("en/note.csv", tiny_view, TINY / "templates", "register/register.yaml", NO_CACHE)


def renders(monkeypatch: pytest.MonkeyPatch, render: object) -> None:
    """Let every file be rendered by *render*; the workers are copies of this process."""
    monkeypatch.setattr("reports.build.workers.renderer", lambda *_: render)
    monkeypatch.setattr("reports.build.workers.processes", lambda: multiprocessing.get_context("fork"))


def ends(*tasks: Task, jobs: int = 1) -> dict[str, RenderedFile | ReportsError]:
    """Return the result of each of *tasks*."""
    return {path: result for path, result, _ in work(tasks, jobs, lambda event: None)}


def test_every_task_comes_to_its_end(task: Task) -> None:
    """What a process renders, or finds wrong, comes back; more tasks than jobs wait for their turn."""
    wrong = task._replace(path="en/wrong.csv", template="none.yaml")
    tasks = [task, wrong, task._replace(path="en/third.csv")]
    found = ends(*tasks, jobs=2)
    assert set(found) == {task.path for task in tasks}
    first, problem, third = (found[task.path] for task in tasks)
    assert isinstance(first, RenderedFile)
    assert isinstance(problem, ReportsError)
    assert first == third
    assert problem.problems[0].location.path.name == "none.yaml"


def test_jobs_run_side_by_side(task: Task, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Two tasks that wait for each other come to their end with two jobs."""

    def render(view: View, templates: Path, name: str, cache: object) -> RenderedFile:
        (tmp_path / name).touch()
        while len(list(tmp_path.iterdir())) < 2:
            time.sleep(0.01)
        return RenderedFile(name.encode(), {})

    renders(monkeypatch, render)
    tasks = [task._replace(path="a", template="1"), task._replace(path="b", template="2")]
    results = ends(*tasks, jobs=2)
    assert {path: result.content for path, result in results.items() if isinstance(result, RenderedFile)} == {
        "a": b"1",
        "b": b"2",
    }


@pytest.mark.parametrize(("much", "expected"), [(2 * MOST_GARBAGE, b"gone"), (MOST_GARBAGE // 10, b"there")])
def test_much_garbage_goes_before_the_next_task(much: int, expected: bytes, task: Task, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a large file has left, which only a collection can free, is gone when the next is rendered; to look for less does not pay."""
    left: list[weakref.ref[Cycle]] = []

    def render(view: View, templates: Path, name: str, cache: object) -> RenderedFile:
        if left:
            return RenderedFile(b"there" if left[0]() else b"gone", {})
        cycle = Cycle()
        cycle.others = [cycle, *([cycle] for _ in range(much))]
        left.append(weakref.ref(cycle))
        return RenderedFile(b"first", {})

    renders(monkeypatch, render)
    made = ends(task, task._replace(path="en/second.csv"))["en/second.csv"]
    assert isinstance(made, RenderedFile)
    assert made.content == expected


def test_a_bug_in_a_process_is_a_traceback_here(task: Task, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of ours is not lost with its process, and is not dressed up as a problem."""

    def broken(*_: object) -> RenderedFile:
        raise ZeroDivisionError("here")

    renders(monkeypatch, broken)
    with pytest.raises(WorkerError, match=r"^while making en/note\.csv$") as error:
        ends(task)
    assert isinstance(error.value.__cause__, ZeroDivisionError)


def test_a_process_that_dies_is_noticed(task: Task, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that ends without a word is a bug, told of and not waited for."""
    renders(monkeypatch, lambda *_: os._exit(3))
    with pytest.raises(WorkerError, match=r"en/note\.csv ended with status 3"):
        ends(task)


@pytest.mark.parametrize(("number", "jobs"), [(signal.SIGTERM, 1), (signal.SIGKILL, 1), (signal.SIGKILL, 3)])
def test_a_worker_that_the_system_ends_is_a_problem(number: signal.Signals, jobs: int, task: Task, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that is killed, for want of memory perhaps, is a problem of its file; the others come to their end."""

    def render(view: View, templates: Path, name: str, cache: object) -> RenderedFile:
        if name == "large":
            os.kill(os.getpid(), number)
        return RenderedFile(b"content", {})

    renders(monkeypatch, render)
    large = task._replace(path="en/large.csv", template="large")
    found = ends(task, large, task._replace(path="en/third.csv"), jobs=jobs)
    wrong = found.pop("en/large.csv")
    expected = f"large: the process that made en/large.csv was ended by signal {number.name}; it may need more memory than there is"
    assert str(wrong) == f"{TINY / 'templates'}/{expected}"
    assert found == dict.fromkeys(("en/note.csv", "en/third.csv"), RenderedFile(b"content", {}))


def test_a_task_without_end_is_a_problem(task: Task, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that takes longer than it may is a problem of its template; the others come to their end."""

    def render(view: View, templates: Path, name: str, cache: object) -> RenderedFile:
        while name == "endless":
            time.sleep(0.01)
        return RenderedFile(b"content", {})

    renders(monkeypatch, render)
    endless = task._replace(path="en/endless.csv", template="endless")
    tasks = [endless, task, task._replace(path="en/third.csv")]
    found = {path: result for path, result, _ in work(tasks, 1, lambda event: None, limit=0.5)}
    expected = "endless: takes more than 0.5 seconds, the most that a document may take (--limit); a loop in it may have no end"
    assert str(found.pop("en/endless.csv")) == f"{TINY / 'templates'}/{expected}"
    assert found == dict.fromkeys(("en/note.csv", "en/third.csv"), RenderedFile(b"content", {}))


def test_what_a_renderer_does_is_told(task: Task, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each file tells of its beginning and of what its renderer says, in order, under its own path, before its end."""

    def render(view: View, templates: Path, name: str, cache: object) -> RenderedFile:
        logging.getLogger(PROGRESS).info("at %s", name)
        return RenderedFile(b"", {})

    renders(monkeypatch, render)
    told: list[Event | str] = []
    for path, _, seconds in work([task._replace(path=name, template=name) for name in ("a", "b")], 1, told.append):
        told.append(path)
        assert 0 < seconds < 60
    for name in ("a", "b"):
        news = [event for event in told if event == name or (isinstance(event, Event) and event.path == name)]
        assert news == [Event(name, OutputState.STARTED), Event(name, OutputState.DOING, doing=f"at {name}"), name]


def test_what_the_cache_did_is_told(task: Task, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """For each file, so many results were found in the cache and so many made, in whichever process."""

    def render(view: View, templates: Path, name: str, cache: Cache) -> RenderedFile:
        return RenderedFile(b"".join(cache.keep(key, lambda: b"made") for key in (b"shared", name.encode())), {})

    renders(monkeypatch, render)
    tasks = [task._replace(path=f"en/{name}.csv", template=name, cache=Cache(tmp_path)) for name in ("a", "b", "a")]
    events: list[Event] = []
    assert len(list(work(tasks, 1, events.append))) == 3
    assert [(event.found, event.cached) for event in events if event.found or event.cached] == [(0, 2), (1, 1), (2, 0)]


def test_no_worker_is_left(task: Task, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whoever stops listening, by a key press perhaps, ends the work at once."""

    def render(*_: object) -> RenderedFile:
        (tmp_path / str(os.getpid())).touch()
        time.sleep(600)
        return RenderedFile(b"", {})

    def press_key(event: Event) -> None:
        if len(list(tmp_path.iterdir())) == 2:
            raise KeyboardInterrupt

    renders(monkeypatch, render)
    with pytest.raises(KeyboardInterrupt):
        list(work([task, task], 2, press_key))
    for path in tmp_path.iterdir():
        with pytest.raises(ProcessLookupError):
            os.kill(int(path.name), 0)


def test_problems_survive_the_way(task: Task, monkeypatch: pytest.MonkeyPatch) -> None:
    """A problem has its place and its words after it has gone from one process to the other."""
    problem = Problem(Location(Path("a.yaml"), 3, 4), "is wrong")

    def wrong(*_: object) -> RenderedFile:
        raise ReportsError(problem)

    renders(monkeypatch, wrong)
    (error,) = ends(task).values()
    assert isinstance(error, ReportsError)
    assert (error.problems, str(error)) == ((problem,), "a.yaml:3:4: is wrong")


def test_a_process_that_has_had_a_figure_drawn_can_be_copied(tiny_view: View, tmp_path: Path) -> None:
    """After a figure was drawn for this process, a worker that is a copy of it makes a file with a figure."""
    templates = tmp_path / "templates"
    shutil.copytree(TINY / "templates", templates)
    (templates / "figures").mkdir()
    spec = {"data": {"name": "operations"}, "mark": "text", "config": {"font": "Source Sans"}, "encoding": {"text": {"field": "name"}}}
    (templates / "figures" / "bars.vl.json").write_text(json.dumps(spec), "utf-8")
    page = '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>T</title></head><body>{}</body></html>'
    (templates / "short" / "bars.html.j2").write_text(page.format('<img src="figure:bars" alt="B">'), "utf-8")
    draw_svg(tiny_view, templates, "bars")
    found = ends(Task("en/bars.html", tiny_view, templates, "short/bars.html.j2", NO_CACHE))
    assert isinstance(found["en/bars.html"], RenderedFile)
