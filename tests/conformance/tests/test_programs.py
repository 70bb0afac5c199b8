"""Programs run in a home of their own, and come to an end."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conformance.programs import run


def test_a_program_has_a_home_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program sees the folder that it was given as its home, and nothing of our environment but the path."""
    monkeypatch.setenv("XDG_CONFIG_HOME", "/somewhere")
    code = "import os; print(os.path.expanduser('~'), os.environ.get('XDG_CONFIG_HOME'), bool(os.environ['PATH']))"
    assert run([sys.executable, "-c", code], tmp_path).stdout == f"{tmp_path} None True\n"


def test_a_program_that_hangs_is_ended_with_its_children(tmp_path: Path) -> None:
    """`soffice` is a script: when it takes too long, what it has started is ended too."""
    os.mkfifo(tmp_path / "said")
    said = os.open(tmp_path / "said", os.O_RDONLY | os.O_NONBLOCK)
    with pytest.raises(subprocess.TimeoutExpired):
        run(["sh", "-c", f"(echo begun; sleep 9; echo ended) > {tmp_path}/said & wait"], tmp_path, seconds=0.5)
    os.set_blocking(said, True)
    with os.fdopen(said, encoding="utf-8") as pipe:
        assert pipe.read() == "begun\n"
