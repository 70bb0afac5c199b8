"""Input files are read within bounds and their folder; output files are replaced as a whole."""

import codecs
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from reports import files
from reports.errors import Location, Problem, ReportsError
from tests.conftest import Show


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder for inputs, and beside it a file that is none."""
    (tmp_path / "secret").write_bytes(b"secret")
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


def refused(read: Callable[[], object], show: Show) -> str:
    with pytest.raises(ReportsError) as error:
        read()
    (problem,) = show(error.value.problems)
    return problem


def test_a_file_is_read(folder: Path) -> None:
    """A file is read as it is, also by a link or by a way that stays within the folder."""
    (folder / "a").write_bytes(b"\0content")
    (folder / "b").symlink_to("a")
    (folder.parent / "link").symlink_to("data")
    for path, within in ((folder / "a", folder), (folder / "b", folder), (folder / ".." / "data" / "a", folder)):
        assert files.read_bytes(path, within) == b"\0content"
    assert files.read_bytes(folder.parent / "link" / "a", folder.parent / "link") == b"\0content"


@pytest.mark.parametrize("way", ["link", "folder/secret", "../secret"])
def test_a_way_out_of_the_folder_is_refused(way: str, folder: Path, show: Show) -> None:
    """Neither a link, nor a link to a folder, nor two dots lead out, and what is there is not told."""
    (folder / "link").symlink_to("../secret")
    (folder / "folder").symlink_to("..")
    message = f"data/{way}: leads to 'secret', outside the folder 'data'; put a copy of it here"
    assert refused(lambda: files.read_bytes(folder / way, folder), show) == message
    assert [files.digest_of(folder / way, root) for root in (folder, folder.parent)] == ["", files.sha256(b"secret")]
    assert [files.is_file_in(folder / way, root) for root in (folder, folder.parent)] == [False, True]
    assert [files.lies_in(folder / place, folder) for place in (way, "nothing", "nothing/at/all")] == [False, True, True]
    assert not files.lies_in(folder, Path())


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nothing", "data/nothing: can't be read: no such file or directory"),
        ("a" * 300, f"data/{'a' * 300}: can't be read: file name too long"),
        ("", "data: a folder stands where a file is expected"),
        ("loop", "data/loop: can't be read: too many levels of symbolic links"),
    ],
)
def test_what_is_no_file_is_refused(name: str, message: str, folder: Path, show: Show) -> None:
    """A folder is refused, and so is what is not there, or can't be."""
    (folder / "loop").symlink_to("loop")
    assert files.is_folder(folder / name) is (name == "")
    assert refused(lambda: files.read_bytes(folder / name, folder), show) == message
    assert (files.is_file_in(folder / name, folder), files.digest_of(folder / name, folder)) == (False, "")


def test_a_large_file_is_refused(folder: Path, show: Show) -> None:
    """A file that is too large is refused; one that just fits is read whole."""
    (folder / "a").write_bytes(b"a" * 1_000_001)
    assert len(files.read_bytes(folder / "a", folder, most=1_000_001)) == 1_000_001
    problem = refused(lambda: files.read_bytes(folder / "a", folder, most=1_000_000), show)
    assert problem == "data/a: is larger than 1 MB, the most that we read"


def test_a_text_has_the_same_lines_on_every_system(folder: Path, show: Show) -> None:
    """Line ends are line feeds, a byte order mark is no text, and the first byte that is none is named where an editor shows it."""
    for mark in (b"", codecs.BOM_UTF8):
        (folder / "a").write_bytes(mark + b"a\r\nb\rc\n")
        assert files.read_text(folder / "a", folder) == "a\nb\nc\n"
        for before in ("č\r\nžž", "čč\nab"):
            (folder / "a").write_bytes(mark + before.encode() + b"\xe8x")
            assert (
                refused(lambda: files.read_text(folder / "a", folder), show) == "data/a:2:3: byte 0xe8 is not UTF-8; save the file as UTF-8"
            )


def test_the_place_of_a_character() -> None:
    """Lines and columns count from 1."""
    text = "ab\n\nc"
    places = [files.location_at(Path("a"), text, index) for index in range(len(text) + 1)]
    assert places == [Location(Path("a"), line, column) for line, column in ((1, 1), (1, 2), (1, 3), (2, 1), (3, 1), (3, 2))]


def test_the_names_in_a_folder(folder: Path, show: Show) -> None:
    """Names come in order, without hidden ones; a folder that can't be read is a problem."""
    for name in ("b", "a", ".hidden"):
        (folder / name).touch()
    assert files.names_in(folder, folder) == ["a", "b"]
    assert refused(lambda: files.names_in(folder / "a", folder), show) == "data/a: can't be read: not a directory"
    (folder / "link").symlink_to("..")
    problem = refused(lambda: files.names_in(folder / "link", folder), show)
    assert problem == f"data/link: leads to '{folder.parent}', outside the folder 'data'; put a copy of it here"


def test_what_is_below_a_folder(folder: Path) -> None:
    """Files and folders come in order, at any depth; below no folder there is nothing."""
    (folder / "b" / "c").mkdir(parents=True)
    (folder / "a").touch()
    assert [path.relative_to(folder).as_posix() for path in files.paths_below(folder)] == ["a", "b", "b/c"]
    assert files.paths_below(folder / "none") == []


def test_a_file_is_written_with_its_folders(tmp_path: Path, show: Show) -> None:
    """Folders that are not there yet are made, and nothing else is left in them; a file in their place is the place of the problem."""
    files.write_whole(tmp_path / "a" / "b.txt", b"new")
    assert {path.name: path.read_bytes() for path in (tmp_path / "a").iterdir()} == {"b.txt": b"new"}
    assert refused(partial(files.write_whole, tmp_path / "a" / "b.txt" / "c", b"new"), show).startswith("a/b.txt: can't be written: ")


def test_what_lasts_is_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A finished file waits for the disk; what a process hands to another, or can make again, does not."""
    waited: list[int] = []
    monkeypatch.setattr(os, "fsync", waited.append)
    files.write_whole(tmp_path / "a", b"new", lasting=False)
    assert ((tmp_path / "a").read_bytes(), waited) == (b"new", [])
    files.write_whole(tmp_path / "a", b"newer")
    assert ((tmp_path / "a").read_bytes(), len(waited)) == (b"newer", 1)


def test_what_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, show: Show) -> None:
    """If the last step fails, the old content stands and no half of the new one is left."""
    path = tmp_path / "b.txt"
    path.write_bytes(b"old")

    def fail(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device", str(self))

    monkeypatch.setattr(Path, "replace", fail)
    assert refused(partial(files.write_whole, path, b"new"), show) == "b.txt: can't be written: no space left on device"
    assert path.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["b.txt"]


def test_what_a_killed_program_began_is_swept(tmp_path: Path) -> None:
    """Only files that were being written go; a folder that is not there has none."""
    for name in (".reports-12.tmp", "a.tmp", ".reports-a.tmp"):
        (tmp_path / name).touch()
    files.sweep([tmp_path, tmp_path / "none"])
    assert {path.name for path in tmp_path.iterdir()} == {"a.tmp", ".reports-a.tmp"}


OURS, THEIRS = "<<<<<<< HEAD\na: 1\n=======\n", "a: 2\n>>>>>>> branch\n"


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (OURS + THEIRS, ["1:1"]),
        (f"a: |\n  b\n{OURS}{THEIRS}".replace("<", "  <", 1), ["3:3"]),
        (OURS.replace("=======", "||||||| base\n=======") + THEIRS + OURS + THEIRS, ["1:1", "7:1"]),
        (OURS, ["1:1"]),
        (THEIRS, ["2:1"]),
        ("<<<<<<<\r\na\r\n=======\r\nb\r\n>>>>>>>\r\n", ["1:1"]),
        *((text, []) for text in ("A heading\n=======\n", "||||||| a |", "a <<<<<<< b", "<<<<<<<<<<< b", ">>>> quoted", "<<<<<<<b")),
    ],
)
def test_an_unfinished_merge_is_named_once(text: str, places: list[str], folder: Path) -> None:
    """Each conflict that version control left in a text is one problem, at its first mark; a line under a heading is none."""
    (folder / "a").write_text(text, "utf-8", newline="")
    try:
        files.read_text(folder / "a", folder)
        found: tuple[Problem, ...] = ()
    except ReportsError as error:
        found = error.problems
    assert [str(problem) for problem in found] == [f"{folder / 'a'}:{place}: {files.UNMERGED}" for place in places]


def test_what_editors_and_systems_leave_is_passed_over(folder: Path) -> None:
    """Copies, locks, swap files and settings of a folder are none of a person's files; what only looks like one of them is."""
    kept = ["1.yaml", "4913.yaml", "a#", "origin", "sources.yaml", "sources.yaml.txt", "thumbs.yaml"]
    left = ["#a.yaml#", ".#a.yaml", ".DS_Store", ".a.yaml.swp", ".hidden", "4913", "Thumbs.db", "a.yaml.BAK", "a.yaml.orig", "a.yaml.swo"]
    for name in (*kept, *left, "a.yaml~", "desktop.ini", "ehthumbs.db", "~$a.docx", "Icon\r"):
        (folder / name).touch()
    assert files.names_in(folder, folder) == kept


def test_no_more_conflicts_are_named_than_people_read(folder: Path) -> None:
    """A file full of conflicts has as many problems as a person reads at once."""
    (folder / "a").write_text((OURS + THEIRS) * 200, "utf-8")
    with pytest.raises(ReportsError) as error:
        files.read_text(folder / "a", folder)
    assert len(error.value.problems) == files.MOST_CONFLICTS


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no groups of this kind")
def test_who_may_write_a_file_may_do_so_afterwards(folder: Path) -> None:
    """A group that edits the data together loses nothing by an edit of the program."""
    (folder / "a").write_bytes(b"old")
    (folder / "a").chmod(0o664)
    files.write_whole(folder / "a", b"new")
    assert (folder / "a").stat().st_mode & 0o777 == 0o664
