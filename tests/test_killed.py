"""Builds that are killed at any moment: every file is whole, old or new, and the next build puts all right."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from reports.files import sha256
from tests.conftest import PROJECT, TINY

MOMENTS = 50
WORKERS = 5  # the moments are shared out, so that cores can try them side by side
DOCUMENT = """\
name: Table
attach_dataset: true
outputs:
  table.csv: register/register.yaml
  table.xlsx: register/register.yaml
  table.json: register/register.yaml
"""


@pytest.fixture
def line(tmp_path: Path) -> list[str]:
    """The command that builds copies of the tiny folders, with one document of three quick files."""
    shutil.copytree(TINY, tmp_path, dirs_exist_ok=True)
    for name in ("note", "short"):
        (tmp_path / "templates" / name / "document.yaml").unlink()
    (tmp_path / "templates" / "register" / "document.yaml").write_text(DOCUMENT, "utf-8")
    return [sys.executable, "-m", "reports", "build", "--data", "data", "--templates", "templates", "--out", "build"]


def start(line: list[str], folder: Path) -> "subprocess.Popen[bytes]":
    variables = {**os.environ, "PYTHONPATH": str(PROJECT)}
    return subprocess.Popen(line, cwd=folder, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)


def finished(folder: Path) -> dict[str, str]:
    """Return the digest of each finished file."""
    return {path.name: sha256(path.read_bytes()) for path in sorted((folder / "build" / "en").iterdir()) if not path.name.startswith(".")}


@pytest.mark.parametrize("part", range(WORKERS))
def test_a_killed_build_leaves_whole_files(part: int, line: list[str], tmp_path: Path) -> None:
    """Fifty builds are killed with all their processes, each at a random moment of its work."""
    moments, seconds, killed = random.Random(part), 0.0, 0
    milestones = tmp_path / "data" / "milestones" / "first.yaml"
    original = milestones.read_text("utf-8")
    assert "title: Harbour Agreement" in original
    old: dict[str, str] = {}
    for turn in range(MOMENTS // WORKERS + 1):
        milestones.write_text(original.replace("title: Harbour Agreement", f"title: Treaty {turn}"), "utf-8")
        began = time.monotonic()
        between = {}
        if turn:
            with start(line, tmp_path) as build:
                time.sleep(moments.uniform(0.3, 1.0) * seconds)
                os.killpg(build.pid, signal.SIGKILL)
            killed += build.returncode == -signal.SIGKILL
            between = finished(tmp_path)
        with start(line, tmp_path) as build:
            assert build.wait() == 0, "the next build puts all right"
        seconds = seconds or time.monotonic() - began
        new = finished(tmp_path)
        assert set(new) == {"table.csv", "table.xlsx", "table.json"}
        assert set(new.values()).isdisjoint(old.values()), "an edit changes every file"
        assert all(digest in (old[name], new[name]) for name, digest in between.items())
        assert list((tmp_path / "build").rglob(".*.tmp")) == []
        old = new
    assert killed >= MOMENTS // WORKERS / 2, "most builds must have been at work when they were killed"


@pytest.mark.parametrize(
    ("command", "number", "status"),
    [("build", "SIGTERM", 143), ("preview", "SIGTERM", 143), ("preview", "SIGHUP", 129), ("preview", "SIGKILL", -9)],
)
def test_no_process_is_left(command: str, number: str, status: int, line: list[str], tmp_path: Path) -> None:
    """Whatever ends the program, the process that renders without an end, and the one that serves, end with it."""
    endless = "{% for one in range(99999) %}{% for other in range(99999) %}{% endfor %}{% endfor %}"
    (tmp_path / "templates" / "register" / "endless.html.j2").write_text(endless, "utf-8")
    declaration = tmp_path / "templates" / "register" / "document.yaml"
    declaration.write_text("name: Endless\noutputs:\n  endless.html: register/endless.html.j2\n", "utf-8")
    line[line.index("build")] = command
    variables = {**os.environ, "PYTHONPATH": str(PROJECT)}
    with subprocess.Popen(
        line, cwd=tmp_path, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    ) as process:
        try:
            assert process.stdout
            while not process.stdout.readline().endswith("endless.html …\n"):
                assert process.poll() is None
            process.send_signal(getattr(signal, number))
            process.communicate(timeout=30)  # to its end, which comes when nobody is left who could say something
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == status
