"""A worker's side of a task: it refuses what it would make otherwise, and keeps templates by their digests."""

import multiprocessing
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from reports.build.workers import Task
from reports.cache import NO_CACHE
from reports.collection.remote import LATE, AnotherProgramError, Returned, Sent, identity, packed, render
from reports.dataset.dataset import Dataset
from reports.documents.view import View
from reports.files import sha256
from tests.conftest import PROJECT, TINY, edit, view_of


def sent(view: View, templates: Path, **changes: str) -> Sent:
    task = Task("en/note.csv", view, templates, "register/register.yaml", NO_CACHE)
    return Sent(task, sha256(packed(templates)), {**identity(), **changes})


def test_a_worker_of_other_versions_makes_nothing(tiny_view: View) -> None:
    """It would make other bytes."""
    with pytest.raises(AnotherProgramError, match="is made of other versions: lxml, pango"):
        render(sent(tiny_view, TINY / "templates", lxml="1", pango="1"), packed(TINY / "templates"))


def test_templates_are_those_that_were_sent(tiny_view: View, tiny_templates: Path) -> None:
    """A change of one is another package, and the worker's copy is not what the coordinator is told of."""
    first = render(sent(tiny_view, tiny_templates), packed(tiny_templates))
    assert first.file is not None
    assert set(first.file.inputs) <= {path for path in tiny_templates.rglob("*") if path.is_file()}
    edit(tiny_templates / "register" / "register.yaml", "{ heading: \"'Earliest day'\"", "{ heading: \"'Event'\"")
    second = render(sent(tiny_view, tiny_templates), packed(tiny_templates))
    assert second.file is not None
    assert first.file.content.replace(b'"Earliest day"', b'"Event"') == second.file.content != first.file.content


def send_drawn(line: Connection, view: View) -> None:
    """Send what comes of the web page, which has figures, or the name of what kept it from being made."""
    task = Task("en/index.html", view, PROJECT / "templates", "web/web.html.j2", NO_CACHE)
    package = packed(task.templates)
    try:
        line.send(render(Sent(task, sha256(package), identity()), package))
    except Exception as error:
        line.send(repr(error))


def test_a_worker_of_dask_can_draw(tiny: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Dask starts its workers as daemons, which may start no process, and figures are drawn in one."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))  # nobody has drawn there before
    processes = multiprocessing.get_context("spawn")
    ours, theirs = processes.Pipe()
    worker = processes.Process(target=send_drawn, args=(theirs, view_of(tiny, "web", PROJECT / "templates")), daemon=True)
    worker.start()
    theirs.close()
    returned = ours.recv()
    worker.join()
    assert isinstance(returned, Returned), returned
    assert returned.file is not None
    assert returned.file.content.count(b"<svg") > 1


def test_a_task_that_takes_too_long_ends_itself(tiny_view: View, tiny_templates: Path) -> None:
    """Where nobody else could end it: a worker on another computer goes on with the next one."""
    loop = "{% for one in range(99999) %}{% for other in range(99999) %}{% endfor %}{% endfor %}"
    (tiny_templates / "note" / "endless.html.j2").write_text(loop, "utf-8")
    package = packed(tiny_templates)
    task = Task("en/note.html", tiny_view, tiny_templates, "note/endless.html.j2", NO_CACHE)
    late = render(Sent(task, sha256(package), identity(), limit=0.2), package)
    assert [problem.message for problem in late.problems] == [LATE.format(limit=0.2)]
    assert render(sent(tiny_view, tiny_templates), package).file is not None
