"""Rendering in processes of their own."""

import json
import multiprocessing
import os
import shutil
import signal
import time
from pathlib import Path

import pytest

from reports.build.workers import Task, TaskUpdate, WorkerError, work
from reports.cache import NO_CACHE
from reports.documents.view import View
from reports.errors import Location, Problem, ReportsError
from reports.renderers import RenderedFile
from reports.renderers.figures import draw_svg
from tests.conftest import TINY


@pytest.fixture
def task(tiny_view: View) -> Task:
    return Task("en/note.csv", tiny_view, TINY / "templates", "register/register.yaml", NO_CACHE)


def renders(monkeypatch: pytest.MonkeyPatch, render: object) -> None:
    """Let every file be rendered by *render*; the processes are copies of this one."""
    monkeypatch.setattr("reports.build.workers.renderer", lambda suffix: render)
    monkeypatch.setattr("reports.build.workers.processes", lambda: multiprocessing.get_context("fork"))


def ends(steps: list[TaskUpdate | None]) -> dict[str, RenderedFile | ReportsError]:
    return {step.task.path: step.result for step in steps if step and step.result}


def test_every_task_comes_to_its_end(task: Task) -> None:
    """What a process renders, or finds wrong, comes back; more tasks than jobs wait for their turn."""
    wrong = task._replace(path="en/wrong.csv", template="none.yaml")
    tasks = [task, wrong, task._replace(path="en/third.csv")]
    found = ends(list(work(tasks, 2)))
    assert set(found) == {one.path for one in tasks}
    first, problem, third = (found[one.path] for one in tasks)
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
    results = ends(list(work(tasks, 2)))
    assert {path: result.content for path, result in results.items() if isinstance(result, RenderedFile)} == {
        "a": b"1",
        "b": b"2",
    }


def test_a_bug_in_a_process_is_a_traceback_here(task: Task, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of ours is not lost with its process, and is not dressed up as a problem."""

    def broken(*_: object) -> RenderedFile:
        raise ZeroDivisionError("here")

    renders(monkeypatch, broken)
    with pytest.raises(WorkerError, match=r"(?s)while making en/note\.csv.*ZeroDivisionError: here"):
        list(work([task], 1))


def test_a_process_that_dies_is_noticed(task: Task, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that ends without a word is a bug, told of and not waited for."""
    renders(monkeypatch, lambda *_: os._exit(3))
    with pytest.raises(WorkerError, match=r"en/note\.csv ended with status 3"):
        list(work([task], 1))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_process_that_the_system_ends_is_a_problem(number: signal.Signals, task: Task, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that is killed, for want of memory perhaps, is a problem of its file; the others come to their end."""

    def render(view: View, templates: Path, name: str, cache: object) -> RenderedFile:
        if name == "large":
            os.kill(os.getpid(), number)
        return RenderedFile(b"", {})

    renders(monkeypatch, render)
    found = ends(list(work([task._replace(path="en/large.csv", template="large"), task], 1)))
    wrong = found.pop("en/large.csv")
    expected = f"large: the process that made en/large.csv was ended by signal {number.name}; it may need more memory than there is"
    assert str(wrong) == f"{TINY / 'templates'}/{expected}"
    assert isinstance(found["en/note.csv"], RenderedFile)


def test_no_process_is_left(task: Task, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whoever stops listening, by a key press perhaps, ends the work at once."""

    def render(*_: object) -> RenderedFile:
        (tmp_path / str(os.getpid())).touch()
        time.sleep(600)
        return RenderedFile(b"", {})

    renders(monkeypatch, render)
    steps = work([task, task], 2)
    while len(list(tmp_path.iterdir())) < 2:
        next(steps)
    steps.close()
    for path in tmp_path.iterdir():
        with pytest.raises(ProcessLookupError):
            os.kill(int(path.name), 0)


def test_problems_survive_the_way(task: Task, monkeypatch: pytest.MonkeyPatch) -> None:
    """A problem has its place and its words after it has gone from one process to the other."""
    problem = Problem(Location(Path("a.yaml"), 3, 4), "is wrong")

    def wrong(*_: object) -> RenderedFile:
        raise ReportsError(problem)

    renders(monkeypatch, wrong)
    (error,) = ends(list(work([task], 1))).values()
    assert isinstance(error, ReportsError)
    assert (error.problems, str(error)) == ((problem,), "a.yaml:3:4: is wrong")


def test_a_process_that_has_drawn_is_not_copied(tiny_view: View, tmp_path: Path) -> None:
    """After a figure was drawn here, a file with a figure is still made: by a process that begins anew."""
    templates = tmp_path / "templates"
    shutil.copytree(TINY / "templates", templates)
    (templates / "figures").mkdir()
    spec = {"data": {"name": "operations"}, "mark": "text", "config": {"font": "Source Sans"}, "encoding": {"text": {"field": "name"}}}
    (templates / "figures" / "bars.vl.json").write_text(json.dumps(spec), "utf-8")
    page = '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>T</title></head><body>{}</body></html>'
    (templates / "short" / "bars.html.j2").write_text(page.format('<img src="figure:bars" alt="B">'), "utf-8")
    draw_svg(tiny_view, templates, "bars")
    found = ends(list(work([Task("en/bars.html", tiny_view, templates, "short/bars.html.j2", NO_CACHE)], 1)))
    assert isinstance(found["en/bars.html"], RenderedFile)
