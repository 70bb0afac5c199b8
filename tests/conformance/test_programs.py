"""Programs run in a home of their own, and come to an end."""

import os
import sys
from pathlib import Path

import pytest

from conformance.programs import ProgramError, find, run, version_of


def test_a_program_has_a_home_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program sees the folder that it was given as its home, and nothing of our environment but the path."""
    monkeypatch.setenv("XDG_CONFIG_HOME", "/somewhere")
    code = "import os; print(os.path.expanduser('~'), os.environ.get('XDG_CONFIG_HOME'), bool(os.environ['PATH']))"
    done = run([sys.executable, "-c", code], tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{tmp_path} None True\n", "")


def test_a_program_that_hangs_is_ended_with_its_children(tmp_path: Path) -> None:
    """`soffice` is a script: when it takes too long, what it has started is ended too."""
    os.mkfifo(tmp_path / "said")
    said = os.open(tmp_path / "said", os.O_RDONLY | os.O_NONBLOCK)
    with pytest.raises(ProgramError, match=r"^sh took longer than 0.5 seconds$"):
        run(["sh", "-c", f"(echo begun; sleep 9; echo ended) > {tmp_path}/said & wait"], tmp_path, seconds=0.5)
    os.set_blocking(said, True)
    with os.fdopen(said, encoding="utf-8") as pipe:
        assert pipe.read() == "begun\n"


def test_a_program_that_is_not_there_has_no_version() -> None:
    """What is not installed is no error: it has no place and no version."""
    assert (find("no-such-program"), version_of("no-such-program")) == (None, None)


def test_a_program_tells_its_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first number with a dot that a program gives is its version."""
    program = tmp_path / "press"
    program.write_text("#!/bin/sh\necho 'Press 2 of 7, version 25.2.3.2 520(Build:2)'\n", "utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert version_of("press") == "25.2.3.2"
