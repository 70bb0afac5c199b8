"""Processes of ours: none is left when the one that began it has ended, whatever it is at."""

import gc
import os
import signal
import weakref
from multiprocessing.connection import Connection

import pytest

from reports.processes import collect_garbage, end_with_parent, ended_by_signal, processes


def begin_one(line: Connection) -> None:
    """Begin a process that holds the other end of *line* without an end, in code of a library that lets no thread have its turn."""
    processes().Process(target=sleep, args=(line,)).start()
    signal.pause()


def sleep(line: Connection) -> None:
    end_with_parent()
    line.send(os.getpid())
    sum(range(10**12))


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_process_ends_with_the_one_that_began_it(number: signal.Signals) -> None:
    """However a process is ended, the one that it began ends too, though it lets none of its threads have its turn."""
    ours, theirs = processes().Pipe()
    process = processes().Process(target=begin_one, args=(theirs,))
    process.start()
    theirs.close()
    assert ours.recv() != process.pid
    assert not ours.poll()
    process.kill() if number == signal.SIGKILL else process.terminate()
    assert ours.poll(20)
    with pytest.raises(EOFError):
        ours.recv()


class Cycle:
    """An object that holds itself."""

    def __init__(self) -> None:
        self.itself = self


def test_what_was_needed_between_parts_is_collected_after_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between parts only what is new is looked at, if it is much: the first part's garbage goes, and what outlives one, at the end."""
    monkeypatch.setattr("reports.processes.MOST_GARBAGE", 100)
    gc.collect()
    gc.disable()
    try:
        garbage, needed = weakref.ref(Cycle()), Cycle()
        collect_garbage(is_between=True)
        assert garbage()
        for _ in range(2):
            much = [[number] for number in range(200)]
            collect_garbage(is_between=True)
            assert len(much) == 200
        assert not garbage()
        outlived = weakref.ref(needed)
        del needed
        collect_garbage(is_between=True)
        assert outlived()
        collect_garbage()
        assert not outlived()
    finally:
        gc.enable()


def test_a_signal_is_named() -> None:
    """Whoever reads of a process that was ended learns by which signal, and what may be the cause."""
    assert ended_by_signal(-9) == "was ended by signal SIGKILL; it may need more memory than there is"
    assert ended_by_signal(-99).startswith("was ended by signal 99;")
