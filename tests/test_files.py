"""Files are replaced as a whole, and what stands in the way is named."""

from pathlib import Path

import pytest

from reports.errors import ReportsError
from reports.files import write_whole
from tests.conftest import Show


def test_a_file_is_written_with_its_folders(tmp_path: Path) -> None:
    """Folders that are not there yet are made, and nothing else is left in them."""
    write_whole(tmp_path / "a" / "b.txt", b"new")
    assert (tmp_path / "a" / "b.txt").read_bytes() == b"new"
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b.txt"]


def test_what_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, show: Show) -> None:
    """If the last step fails, the old content stands and no half of the new one is left."""
    path = tmp_path / "b.txt"
    path.write_bytes(b"old")

    def fail(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device", str(self))

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(ReportsError) as error:
        write_whole(path, b"new")
    assert show(error.value.problems) == ["b.txt: can't be written: no space left on device"]
    assert path.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["b.txt"]


def test_what_stands_in_the_way_is_named(tmp_path: Path, show: Show) -> None:
    """A file where a folder should be is the place of the problem."""
    (tmp_path / "a").write_bytes(b"")
    with pytest.raises(ReportsError) as error:
        write_whole(tmp_path / "a" / "b.txt", b"new")
    (problem,) = show(error.value.problems)
    assert problem.startswith("a: can't be written: ")
