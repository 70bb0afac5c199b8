"""What is kept between builds is made once, and is never anything else than what was made."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from reports import cache
from reports.cache import NO_CACHE, Cache


@pytest.fixture
def made() -> list[bytes]:
    """What was made, in order."""
    return []


@pytest.fixture
def make(made: list[bytes]) -> Callable[[], bytes]:
    def make() -> bytes:
        made.append(b"%d" % len(made))
        return made[-1]

    return make


def test_a_result_is_made_once(tmp_path: Path, made: list[bytes], make: Callable[[], bytes]) -> None:
    """The same key gives what was made for it, in another build too; another key makes anew."""
    assert Cache(tmp_path / "kept").keep(b"a", make) == b"0"
    assert Cache(tmp_path / "kept").keep(b"a", make) == b"0"
    assert Cache(tmp_path / "kept").keep(b"b", make) == b"1"
    assert made == [b"0", b"1"]


def test_without_a_folder_nothing_is_kept(made: list[bytes], make: Callable[[], bytes]) -> None:
    """NO_CACHE makes everything anew."""
    assert [NO_CACHE.keep(b"a", make), NO_CACHE.keep(b"a", make)] == [b"0", b"1"]


@pytest.mark.parametrize("damage", [lambda kept: kept[:-1], lambda kept: kept + b"x", lambda kept: b"", lambda kept: kept[::-1]])
def test_a_damaged_result_is_made_anew(damage: Callable[[bytes], bytes], tmp_path: Path, make: Callable[[], bytes]) -> None:
    """What somebody or something changed in the folder never gets into a document."""
    Cache(tmp_path).keep(b"a", make)
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(damage(kept.read_bytes()))
    assert Cache(tmp_path).keep(b"a", make) == b"1"
    assert Cache(tmp_path).keep(b"a", make) == b"1"


def test_what_can_not_be_kept_is_made_all_the_same(tmp_path: Path, make: Callable[[], bytes]) -> None:
    """A folder that can't be written is no reason to fail."""
    (tmp_path / "file").write_bytes(b"")
    assert Cache(tmp_path / "file").keep(b"a", make) == b"0"
    assert Cache(tmp_path / "file").keep(b"a", make) == b"1"


def test_what_is_not_used_goes(tmp_path: Path, make: Callable[[], bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the results that were used last are kept, however old they are."""
    monkeypatch.setattr(cache, "MOST", 2)
    kept = Cache(tmp_path)
    for day, key in enumerate((b"a", b"b", b"c")):
        kept.keep(key, make)
        for path in tmp_path.iterdir():
            if path.stat().st_mtime > 10:
                os.utime(path, (day, day))
    kept.keep(b"a", make)
    kept.prune()
    assert len(list(tmp_path.iterdir())) == 2
    assert [kept.keep(b"a", make), kept.keep(b"c", make), kept.keep(b"b", make)] == [b"0", b"2", b"3"]
    Cache(tmp_path / "none").prune()
    NO_CACHE.prune()


def test_a_pipe_is_no_result(tmp_path: Path, made: list[bytes], make: Callable[[], bytes]) -> None:
    """Nobody waits for a result that will never come: it is made anew, and kept in the place of the pipe."""
    Cache(tmp_path).keep(b"a", make)
    (path,) = tmp_path.iterdir()
    path.unlink()
    os.mkfifo(path)
    assert Cache(tmp_path).keep(b"a", make) == b"1"
    assert Cache(tmp_path).keep(b"a", make) == b"1"
    assert made == [b"0", b"1"]
