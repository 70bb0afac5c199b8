"""Builds that are killed: every file is whole, old or new, and the next build puts all right; no process outlives the program."""

import itertools
import multiprocessing
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from reports.build import manifest
from reports.build.build import BuildOptions, build
from reports.build.plan import Event, Folders, OutputState
from tests.conftest import edit, running, until

KILLED = 9
NAMES = ("note.csv", "short.csv")
# What a build of two files writes, in order: for each the manifest with both digests, the file, the manifest.
WRITES = range(6)


def kill(moment: str) -> Callable[[Path, bytes], None]:
    """Return how a file is written by a process that ends at *moment* of it, as if it were killed there."""
    write_whole = manifest.write_whole

    def write(path: Path, content: bytes) -> None:
        if moment == "rename":  # its content is on the disk, under a name of its own
            os.rename = os.replace = lambda *_: os._exit(KILLED)
        if moment != "write":
            write_whole(path, content)
        os._exit(KILLED)

    return write


def killed_build(folders: Folders, number: int, moment: str) -> None:
    """Build in another process, which is killed at *moment* of its write *number*."""
    numbers, write_whole = itertools.count(), manifest.write_whole

    def run() -> None:
        killing = kill(moment)
        manifest.write_whole = lambda *given: (killing if next(numbers) == number else write_whole)(*given)
        build(folders, BuildOptions(jobs=1))

    process = multiprocessing.get_context("fork").Process(target=run)
    process.start()
    process.join(60)
    assert process.exitcode == KILLED


def run(folders: Folders) -> dict[str, OutputState | None]:
    """Build, and return the last state of each file."""
    told: list[Event] = []
    build(folders, BuildOptions(), told.append)
    return {event.path.removeprefix("en/"): event.state for event in told if event.path}


def contents(folders: Folders) -> dict[str, bytes]:
    return {name: (folders.out / "en" / name).read_bytes() for name in NAMES if (folders.out / "en" / name).exists()}


def retitle(folders: Folders, old: str, new: str) -> None:
    edit(folders.data / "milestones" / "first.yaml", f"title: {old}", f"title: {new}")


@pytest.mark.parametrize("moment", ["write", "rename", "end"])
def test_a_killed_build_leaves_whole_files(moment: str, quick_folders: Folders) -> None:
    """Killed before, within or after any write, a build leaves each file old or new, and the next one makes all new."""
    folders = quick_folders
    run(folders)
    old, title = contents(folders), "Harbour Agreement"
    for number in WRITES:
        retitle(folders, title, f"Treaty {number}")
        title = f"Treaty {number}"
        killed_build(folders, number, moment)
        between = contents(folders)
        assert OutputState.EDITED not in run(folders).values()
        new = contents(folders)
        assert all(content in (old[name], new[name]) for name, content in between.items())
        assert all(title.encode() in content for content in new.values())
        assert run(folders) == dict.fromkeys(NAMES, OutputState.UP_TO_DATE)
        assert list(folders.out.rglob(".*.tmp")) == []
        old = new


def test_a_first_build_that_is_killed(quick_folders: Folders) -> None:
    """Where nothing was made before, the next build goes on too."""
    for number in WRITES:
        killed_build(quick_folders, number, "end")
        assert OutputState.EDITED not in run(quick_folders).values()
        assert run(quick_folders) == dict.fromkeys(NAMES, OutputState.UP_TO_DATE)
        shutil.rmtree(quick_folders.out)


def test_two_builds_that_are_killed_one_after_the_other(quick_folders: Folders) -> None:
    """A file that was new when a first build was killed is made again when the data are as before, whenever the second is killed."""
    run(quick_folders)
    old = contents(quick_folders)
    for number in (0, 1):
        retitle(quick_folders, "Harbour Agreement", "Treaty")
        killed_build(quick_folders, 1, "end")
        retitle(quick_folders, "Treaty", "Harbour Agreement")
        killed_build(quick_folders, number, "end")
        assert OutputState.EDITED not in run(quick_folders).values()
        assert contents(quick_folders) == old
        assert run(quick_folders) == dict.fromkeys(NAMES, OutputState.UP_TO_DATE)


@pytest.mark.parametrize(("number", "status"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129), ("SIGKILL", -9)])
def test_no_process_is_left(number: str, status: int, folders: Folders) -> None:
    """Whatever ends the program, the workers that render without an end, and the one that serves, end with it, at once."""
    endless = "{% for row in range(99999) %}{% for cell in range(99999) %}{% endfor %}{% endfor %}"
    (folders.templates / "short" / "endless.html.j2").write_text(endless, "utf-8")
    (folders.templates / "note" / "document.yaml").unlink()
    edit(folders.templates / "short" / "document.yaml", "short.pdf: short/short.html.j2", "endless.html: short/endless.html.j2")
    options = ("--data", "data", "--templates", "templates", "--out", "build")
    with running("preview", *options, folder=folders.out.parent) as process:
        until(process, r"endless\.html …$")
        process.send_signal(getattr(signal, number))
        process.communicate(timeout=30)  # to its end, which comes when nobody is left who could say something
        assert process.returncode == status
