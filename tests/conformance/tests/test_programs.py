"""Programs run in a home of their own, and come to an end."""

import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.conformance import programs
from tests.conformance.programs import ProgramError, find, run, version_of


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


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """A function that puts the program `press` on the path."""
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")

    def install(text: str) -> None:
        (tmp_path / "press").write_text(text, "utf-8")
        (tmp_path / "press").chmod(0o755)

    return install


def test_a_program_tells_its_version(install: Callable[[str], None]) -> None:
    """The first number with a dot that a program gives is its version."""
    install("#!/bin/sh\necho 'Press 2 of 7, version 25.2.3.2 520(Build:2)'\n")
    assert version_of("press") == "25.2.3.2"


def test_a_program_is_asked_for_its_version_once(install: Callable[[str], None], tmp_path: Path) -> None:
    """However many validators need it, it is started once."""
    install(f"#!/bin/sh\necho asked >> {tmp_path}/asked\necho 1.2\n")
    assert [version_of("press") for _ in range(3)] == ["1.2"] * 3
    assert (tmp_path / "asked").read_text("utf-8") == "asked\n"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("#!/bin/sh\necho 'no display'; exit 1\n", "^press says 'no display'$"),
        ("#!/no/such/shell\n", "^press can't be started: No such file or directory$"),
        ("\0", "^press can't be started: Exec format error$"),
        ("#!/bin/sh\nsleep 9\n", "^press took longer than 0.1 seconds$"),
    ],
    ids=["no number", "no shell", "no program", "hangs"],
)
def test_a_program_that_tells_no_version_is_not_missing(
    text: str, why: str, install: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that is there and does not say which it is, is told apart from one that is not, as often as it is asked."""
    monkeypatch.setattr(programs, "run", partial(run, seconds=0.1 if "sleep" in text else 60))
    install(text)
    for _ in range(2):
        with pytest.raises(ProgramError, match=why):
            version_of("press")
