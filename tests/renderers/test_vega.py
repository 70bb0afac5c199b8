"""Drawing by vl-convert: in a process of its own, whose end is nobody else's."""

import multiprocessing
import os
import sys
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from reports.cache import NO_CACHE, Cache
from reports.errors import ReportsError
from reports.renderers import vega
from reports.renderers.vega import convert

FORK = multiprocessing.get_context("fork")
PATH = Path("bars.vl.json")
SPEC: dict[str, Any] = {"data": {"values": [{"a": 1}, {"a": 2}]}, "mark": "bar", "encoding": {"x": {"field": "a", "type": "quantitative"}}}
# Draws for minutes, in little memory.
ENDLESS = {
    **SPEC,
    "data": {"sequence": {"start": 0, "stop": 500_000}},
    "transform": [
        {"window": [{"op": "median", "field": "data", "as": "a"}], "frame": [-100_000, 100_000]},
        {"aggregate": [{"op": "max", "field": "a", "as": "a"}]},
    ],
}


@pytest.fixture(autouse=True)
def artist(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the process that draws begin with the test, and end with it."""
    with monkeypatch.context() as patch:
        patch.setattr(vega, "_idle", {})
        yield
        for process, _ in vega._idle.values():
            process.kill()


def svg(spec: dict[str, Any] = SPEC, cache: Cache = NO_CACHE) -> str:
    return convert(PATH, "vegalite_to_svg", spec, cache, allowed_base_urls=[]).decode()


def test_one_process_draws_all() -> None:
    """A second drawing is made where the first was, also after one that could not be made; never in the process that asks."""
    first = svg()
    ((process, _),) = vega._idle.values()
    with pytest.raises(ReportsError, match=r"^bars\.vl\.json: can't be drawn: "):
        svg({"mark": "baar"})
    assert svg() == first
    assert [kept for kept, _ in vega._idle.values()] == [process]
    assert "vl_convert" not in sys.modules


def test_a_process_that_has_had_something_drawn_can_be_copied() -> None:
    """The copy has another process draw, and gets its own drawings, not those of the other."""
    first = svg()
    ours, theirs = FORK.Pipe()
    copy = FORK.Process(target=lambda: theirs.send(svg()))
    copy.start()
    assert ours.poll(20)
    assert ours.recv() == first
    copy.join(20)
    assert copy.exitcode == 0


def test_a_drawing_that_takes_all_memory_is_a_problem() -> None:
    """V8 ends its process; the one that asked goes on, and has the next drawing made."""
    svg()
    ((process, _),) = vega._idle.values()
    process.kill()
    with pytest.raises(ReportsError) as error:
        svg()
    assert str(error.value) == "bars.vl.json: the process that drew it was ended by signal SIGKILL; it may need more memory than there is"
    assert svg().startswith("<svg")


def ask_without_end(line: "Connection[Any, Any]") -> None:
    """Say through *line* that there is a process that draws, and ask it for what it will not finish; both hold an end of *line*."""
    svg()
    line.send(os.getpid())
    svg(ENDLESS)


def test_a_drawing_without_end_is_ended_with_whoever_asks() -> None:
    """Whoever takes too long is killed; the process that draws for it does not go on, though V8 lets no thread have its turn."""
    ours, theirs = FORK.Pipe()
    asker = FORK.Process(target=ask_without_end, args=(theirs,))
    asker.start()
    theirs.close()
    assert ours.recv() == asker.pid
    assert not ours.poll(0.5)
    asker.kill()
    assert ours.poll(20)
    with pytest.raises(EOFError):
        ours.recv()
