"""Watching: what is saved is made, and a mistake does not end it."""

import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from typing import IO

import pytest

from reports.build.plan import Folders
from reports.watch import watch
from tests.conftest import PROJECT, edit


def start(command: str, folders: Folders) -> "subprocess.Popen[str]":
    line = [sys.executable, "-u", "-m", "reports", command, "--data", "data", "--templates", "templates", "--out", "build"]
    variables = {**os.environ, "PYTHONPATH": str(PROJECT)}
    both = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    return subprocess.Popen(line, cwd=folders.data.parent, env=variables, text=True, encoding="utf-8", start_new_session=True, **both)  # type: ignore[call-overload,no-any-return]


@pytest.fixture
def watching(folders: Folders) -> Iterator["subprocess.Popen[str]"]:
    with start("watch", folders) as process:
        yield process
        process.kill()


def until(output: IO[str] | None, pattern: str) -> str:
    """Read lines until one that *pattern* is found in; return it."""
    assert output
    said = []
    for line in output:
        said.append(line)
        if re.search(pattern, line):
            return line
    raise AssertionError("".join(said))


def test_a_save_makes_what_it_changes(watching: "subprocess.Popen[str]", folders: Folders) -> None:
    """An edit remakes the documents that show it and nothing else, problems are told without an end, and Ctrl-C ends at once."""
    until(watching.stdout, "^watching")
    edit(folders.data / "bodies.yaml", "role: It commands the ships.", "role: It commands the boats.")
    assert until(watching.stdout, "made").startswith("build/en/note.pdf: made, ")
    edit(folders.data / "bodies.yaml", "side: other", "side: another")
    assert until(watching.stdout, "another").startswith("data/bodies.yaml:21:9: 'another' is not one of")
    until(watching.stdout, "^1 problem")
    edit(folders.data / "bodies.yaml", "side: another", "side: other")
    edit(folders.templates / "short" / "short.html.j2", "<h1>", "<h1> ")
    assert "changed: templates/short/short.html.j2" in until(watching.stdout, "short.pdf: made")
    watching.send_signal(signal.SIGINT)
    assert until(watching.stdout, "stopped") == "stopped; every file is whole, old or new\n"
    assert watching.wait(10) == 130


def test_a_preview_serves_what_is_made(folders: Folders) -> None:
    """The address that is printed answers while it watches, and no more when it has ended."""
    edit(folders.templates / "short" / "document.yaml", "short.pdf: short/short.html.j2", "short.html: short/short.html.j2")
    with start("preview", folders) as process:
        try:
            address = until(process.stdout, r"^http://127\.0\.0\.1:\d+/$").strip()
            until(process.stdout, "^watching")
            with urllib.request.urlopen(address, timeout=20) as answer:
                page = answer.read().decode()
            assert "Ruritania in short" in page
            assert "new EventSource(" in page
            process.send_signal(signal.SIGINT)
            assert process.wait(10) == 130
            with pytest.raises(OSError, match="refused"):
                urllib.request.urlopen(address, timeout=20)
        finally:
            process.kill()


def test_being_told_to_end_is_an_end_in_order(watching: "subprocess.Popen[str]") -> None:
    """SIGTERM ends it as a key press does, with its own status."""
    until(watching.stdout, "^watching")
    watching.send_signal(signal.SIGTERM)
    assert until(watching.stdout, "stopped") == "stopped; every file is whole, old or new\n"
    assert watching.wait(10) == 143


@pytest.mark.parametrize("command", ["watch", "preview"])
def test_there_must_be_something_to_watch(command: str, folders: Folders) -> None:
    """A folder that is not there is a problem, before anything is served."""
    folders.data.rename(folders.data.with_name("elsewhere"))
    with start(command, folders) as process:
        said, _ = process.communicate(timeout=60)
    assert (process.returncode, said) == (1, "data: there is no such folder of data\n1 problem\n")


def test_a_bug_does_not_end_it(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistake of ours is told in full, and the next save is waited for."""

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    def saves(*_: object, **__: object) -> Iterator[set[str]]:
        yield set()
        yield {"saved"}

    monkeypatch.setattr("reports.watch.build", broken)
    monkeypatch.setattr("watchfiles.watch", saves)
    said: list[str] = []
    watch(folders, said.append, lambda problems: None)
    assert [text.splitlines()[-2:] for text in said] == [
        ["ZeroDivisionError", "this is a mistake in the program; watching goes on"],
        ["watching; Ctrl-C ends it"],
        ["ZeroDivisionError", "this is a mistake in the program; watching goes on"],
    ]
