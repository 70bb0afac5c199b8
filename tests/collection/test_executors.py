"""Who may carry out tasks: nobody to whom data would travel in the open; and what becomes of a task that nobody ends."""

import os
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from reports.build.workers import Task
from reports.cache import NO_CACHE
from reports.collection.executors import MOST_DEATHS, cluster, work_by
from reports.collection.remote import BEGUN, Returned, Sent
from reports.documents.view import View
from reports.errors import ReportsError
from tests.conftest import TINY, Show


@pytest.mark.parametrize(
    "address", ["tcp://10.0.0.1:8786", "tcp://example.org:8786", "local:0", "local:x", "http://localhost:1", "tls:", ""]
)
def test_a_cluster_is_here_or_behind_tls(address: str) -> None:
    """Any other address is refused before anything is sent."""
    with pytest.raises(ReportsError, match="is neither a cluster on this computer nor one by TLS"), cluster(address):
        pytest.fail("it was let in")


class Begun:
    """An executor whose workers begin with a task, and die if they are *mortal*, or have been at it for ever."""

    def __init__(self, spool: Path, mortal: bool) -> None:
        self.spool: Path | None = spool
        self.mortal, self.submitted, self.stopped = mortal, 0, 0

    def submit(self, sent: Sent, templates: bytes) -> "Future[Returned]":
        future: Future[Returned] = Future()
        self.submitted += 1
        assert sent.place
        sent.place.with_suffix(BEGUN).touch()
        if self.mortal:
            future.set_exception(BrokenProcessPool())
        else:
            os.utime(sent.place.with_suffix(BEGUN), (1, 1))
        return future

    def end(self, future: "Future[Returned]") -> None:
        self.stopped += 1


@pytest.mark.parametrize(
    ("mortal", "said", "submitted", "stopped"),
    [(True, "the process that made en/a.csv was ended 3 times", MOST_DEATHS, 0), (False, "takes more than 5 seconds", 1, 1)],
)
def test_a_task_that_does_not_end_is_given_up(
    mortal: bool, said: str, submitted: int, stopped: int, tiny_view: View, tmp_path: Path, show: Show
) -> None:
    """It is sent again as often as its worker dies, up to a bound; one that takes too long is ended."""
    executor = Begun(tmp_path, mortal)
    task = Task("en/a.csv", tiny_view, TINY / "templates", "register/register.yaml", NO_CACHE)
    (result,) = work_by(executor)([task], 1, lambda event: None, 5)
    assert isinstance(result.result, ReportsError)
    assert said in show(result.result.problems)[0]
    assert (executor.submitted, executor.stopped) == (submitted, stopped)
