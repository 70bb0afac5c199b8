"""Same data, same bytes: on any day, in any folder, time zone and locale, with any hash seed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.conftest import PROJECT, TINY


def build(folder: Path, **environment: str) -> dict[str, bytes]:
    """Copy the tiny folders to *folder*, build everything there in a process of its own, and return every file."""
    shutil.copytree(TINY, folder)
    variables = {**os.environ, "PYTHONPATH": str(PROJECT), **environment}
    line = [sys.executable, "-m", "reports", "build", "--data", "data", "--templates", "templates", "--out", "out"]
    subprocess.run(line, cwd=folder, env=variables, check=True, capture_output=True)
    return {path.relative_to(folder / "out").as_posix(): path.read_bytes() for path in (folder / "out").rglob("*") if path.is_file()}


def test_two_builds_are_equal_to_the_byte(tmp_path: Path) -> None:
    """Two builds under different circumstances make the same files, the manifest too."""
    first = build(tmp_path / "one", TZ="Pacific/Kiritimati", LC_ALL="C", PYTHONHASHSEED="1", SOURCE_DATE_EPOCH="1")
    second = build(
        tmp_path / "a longer path č" / "two", TZ="America/Los_Angeles", LC_ALL="C.UTF-8", LANGUAGE="de", PYTHONHASHSEED="4242", COLUMNS="40"
    )
    assert set(first) >= {"en/note.pdf", "en/short.pdf", "manifest.json"}
    assert set(first) == set(second)
    assert [name for name in first if first[name] != second[name]] == []
