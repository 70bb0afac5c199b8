"""Programs that stand in for those that are not ours."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conformance import programs


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """A function that installs the program *name*, a script of the shell: it is found before the one that the system has."""
    folder = tmp_path / "programs"
    folder.mkdir()
    find = programs.find

    def install(name: str, script: str) -> None:
        (folder / name).write_text(f"#!/bin/sh\n{script}\n", "utf-8")
        (folder / name).chmod(0o755)

    monkeypatch.setattr(programs, "find", lambda name: str(folder / name) if (folder / name).exists() else find(name))
    return install
