"""The events of a build, in lines, on a terminal and in JSON."""

import json
import os
import pty
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from reports.build.plan import Event, Folders, OutputState
from reports.build.progress import JsonLog, Lines
from reports.errors import Location, Problem
from tests.conftest import PROJECT

TOLD = (
    Event("en/a.pdf", OutputState.UP_TO_DATE),
    Event("en/b.pdf", OutputState.STALE, ("changed: x", "it is gone")),
    Event("en/c.csv", OutputState.STALE, ("it was never made",)),
    Event(doing="another build is at work here; waiting for it"),
    Event("en/b.pdf", OutputState.STARTED),
    Event(),
    Event("en/b.pdf", OutputState.DOING, doing="layout"),
    Event("en/b.pdf", found=3, cached=1),
    Event("en/b.pdf", OutputState.MADE, pages=1, size=2048, seconds=1.26),
    Event("en/c.csv", OutputState.STARTED),
    Event("en/c.csv", OutputState.FAILED),
    Event("en/d.csv", OutputState.EDITED),
    Event(found=1),
)


def lines(dry: bool = False, quiet: bool = False) -> list[str]:
    said: list[str] = []
    shown = Lines(Path("build"), said.append, dry, quiet)
    for event in TOLD:
        shown.tell(event)
    shown.close()
    return said


def test_each_file_has_its_line() -> None:
    """What begins, what it has become, and why; what changes nothing is not said."""
    assert lines() == [
        "build/en/a.pdf: up to date",
        "another build is at work here; waiting for it",
        "build/en/b.pdf …",
        "build/en/b.pdf: made, 1 page, 2 kB, 1.3 s (changed: x; it is gone)",
        "build/en/c.csv …",
        "build/en/c.csv: not made",
        "build/en/d.csv: edited by hand, left as it is",
    ]
    assert "build/en/b.pdf: to be made (changed: x; it is gone)" in lines(dry=True)
    assert lines(quiet=True) == lines()[1:]


def test_machines_get_the_same() -> None:
    """One object: each file with its last state and its reasons, and each problem with its place."""
    log = JsonLog(Path("build"))
    for event in TOLD:
        log.tell(event)
    said = json.loads(log.to_json((Problem(Location(Path("č.yaml"), 2, 3), "is wrong"),)))
    assert said["files"]["en/b.pdf"] == {
        "reasons": ["changed: x", "it is gone"],
        "state": "made",
        "bytes": 2048,
        "pages": 1,
        "seconds": 1.26,
    }
    assert {name: row["state"] for name, row in said["files"].items() if name != "en/b.pdf"} == {
        "en/a.pdf": "up to date",
        "en/c.csv": "not made",
        "en/d.csv": "edited by hand, left as it is",
    }
    assert said["cache"] == {"found": 4, "made": 1}
    assert said["problems"] == [{"path": "č.yaml", "line": 2, "column": 3, "message": "is wrong"}]


def test_a_terminal_sees_the_work(folders: Folders) -> None:
    """On a terminal the line of a file says what is done to it; at the end the lines of all files stand there."""
    try:
        ours, theirs = pty.openpty()
    except OSError as error:
        pytest.skip(f"no pseudo-terminal is to be had here: {error}")
    line = [sys.executable, "-m", "reports", "pdf", "note", "--data", "data", "--templates", "templates", "--out", "build"]
    variables = {**os.environ, "PYTHONPATH": str(PROJECT), "TERM": "xterm", "COLUMNS": "140"}
    with subprocess.Popen(line, cwd=folders.data.parent, env=variables, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        said = b""
        with suppress(OSError):  # the other end is closed
            while piece := os.read(ours, 65536):
                said += piece
        os.close(ours)
    assert process.returncode == 0
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", said.decode())
    assert "creating layout" in text
    assert re.search(r"build/en/note\.pdf: made, 4 pages, .* \(it was never made\)", text)
