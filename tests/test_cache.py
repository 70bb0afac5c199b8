"""What is kept between builds is made once, and is never anything else than what was made."""

import multiprocessing
import os
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reports import cache
from reports.cache import NO_CACHE, Cache
from reports.files import sha256

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

Make = Callable[[], bytes]


@pytest.fixture
def make() -> Make:
    """A function that makes another result whenever it is asked: 0, 1, 2, …"""
    return map(b"%d".__mod__, count()).__next__


def test_a_result_is_made_once(tmp_path: Path, make: Make) -> None:
    """The same key gives what was made for it, in another build too; another key makes anew."""
    assert [Cache(tmp_path / "kept").keep(key, make) for key in (b"a", b"a", b"b", b"a")] == [b"0", b"0", b"1", b"0"]


def test_a_hint_is_the_last_one(tmp_path: Path) -> None:
    """What is noted takes the place of what was noted before; a cache that only reads remembers it while it lives."""
    for hint in (b"one", b"two"):
        Cache(tmp_path).note(b"a", hint)
    reading = Cache(tmp_path, only_reads=True)
    assert reading.get(b"a") == b"two"
    reading.note(b"a", b"three")
    assert (reading.get(b"a"), Cache(tmp_path).get(b"a")) == (b"three", b"two")


@pytest.mark.parametrize("damage", [lambda kept: kept[:-1], lambda kept: kept + b"x", lambda kept: b"", lambda kept: kept[::-1]])
def test_a_damaged_result_is_made_anew(damage: Callable[[bytes], bytes], tmp_path: Path, make: Make) -> None:
    """What somebody or something changed in the folder never gets into a document."""
    Cache(tmp_path).keep(b"a", make)
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(damage(kept.read_bytes()))
    assert [Cache(tmp_path).keep(b"a", make), Cache(tmp_path).keep(b"a", make)] == [b"1", b"1"]


def test_the_result_of_another_key_is_none(tmp_path: Path, make: Make) -> None:
    """A whole result under the name of another, as a copy of the folder gone wrong may leave it, is not taken for it."""
    Cache(tmp_path).keep(b"a", make)
    (kept,) = tmp_path.iterdir()
    kept.rename(tmp_path / sha256(b"b"))
    assert Cache(tmp_path).keep(b"b", make) == b"1"


def test_what_can_not_be_kept_is_made_all_the_same(tmp_path: Path, make: Make) -> None:
    """Neither a folder that can't be written nor none at all is a reason to fail."""
    (tmp_path / "file").write_bytes(b"")
    caches = (Cache(tmp_path / "file"), Cache(tmp_path / "file"), NO_CACHE, NO_CACHE)
    assert [kept.keep(b"a", make) for kept in caches] == [b"0", b"1", b"2", b"3"]


def test_what_is_not_used_goes(tmp_path: Path, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the results that were used last are kept, as many as have room, however old they are; a lock that was left goes."""
    monkeypatch.setattr(cache, "MOST", 2 * (32 + 1))  # a result of one byte, and its seal
    kept = Cache(tmp_path)
    for day, key in enumerate((b"a", b"b", b"c")):
        kept.keep(key, make)
        for path in tmp_path.iterdir():
            if path.stat().st_mtime > 10:
                os.utime(path, (day, day))
    kept.keep(b"a", make)
    (tmp_path / f"{sha256(b'd')}.lock").touch()
    (tmp_path / "lock").touch()  # that of a build
    kept.prune()
    assert {path.name for path in tmp_path.iterdir()} == {sha256(b"a"), sha256(b"c"), "lock"}
    assert [kept.keep(b"a", make), kept.keep(b"c", make), kept.keep(b"b", make)] == [b"0", b"2", b"3"]
    Cache(tmp_path / "none").prune()
    NO_CACHE.prune()


def test_a_cache_counts_what_it_did(tmp_path: Path, make: Make) -> None:
    """Whoever asks learns how many results were found, and how many had to be made."""
    first, second = Cache(tmp_path / "kept"), Cache(tmp_path / "kept")
    for kept, keys in ((first, (b"a", b"b", b"a")), (second, (b"a", b"c"))):
        for key in keys:
            kept.keep(key, make)
    assert [dict(kept.counts) for kept in (first, second)] == [{"found": 1, "made": 2}, {"found": 1, "made": 1}]


def test_what_two_processes_need_at_once_is_made_once(tmp_path: Path) -> None:
    """A second process waits for what the first one makes, and for nothing else; if that one is killed, it makes it itself."""
    fork = multiprocessing.get_context("fork")
    ours, theirs = fork.Pipe()

    def keep(name: bytes, key: bytes) -> None:
        Cache(tmp_path / "kept").keep(key, lambda: theirs.send(name) or (name if theirs.recv() else b""))
        theirs.send(b"done")

    def start(name: bytes, key: bytes) -> "BaseProcess":
        process = fork.Process(target=keep, args=(name, key))
        process.start()
        return process

    first = start(b"first", b"a")
    assert ours.recv() == b"first"
    second = start(b"second", b"a")
    assert not ours.poll(0.5)  # it waits
    first.kill()
    assert ours.recv() == b"second"
    third = start(b"third", b"a")
    assert not ours.poll(0.5)
    ours.send(True)
    assert [ours.recv(), ours.recv()] == [b"done", b"done"]
    for process in (first, second, third):
        process.join(20)
    assert Cache(tmp_path / "kept").get(b"a") == b"second"
    assert [path.name for path in (tmp_path / "kept").iterdir()] == [sha256(b"a")]


def test_a_cache_that_only_reads_writes_nothing(tmp_path: Path, make: Make) -> None:
    """What it makes it remembers while it lives, and leaves the folder as it is."""
    kept = Cache(tmp_path, only_reads=True)
    assert [kept.keep(b"a", make), kept.keep(b"a", make)] == [b"0", b"0"]
    assert [kept.keep(b"b", bytes), kept.keep(b"b", make)] == [b"", b""]
    assert list(tmp_path.iterdir()) == []
