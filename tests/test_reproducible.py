"""Same data, same bytes: on any day, in any folder, time zone and locale, with any hash seed and number of workers."""

import os
import shutil
import subprocess
import sys
from base64 import b64decode
from pathlib import Path

from reports.build.plan import CACHE
from tests.conftest import PROJECT, TINY

# An image of one black pixel.
PNG = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mNgAAAAAgAB5Sfe/AAAAABJRU5ErkJggg==")

# Documents beside the tiny ones, so that every format is made.
MORE = {
    "brief": "  brief.docx: brief/brief.html.j2\n",
    "page": "  page.html: note/note.html.j2\n",
    "register": "  register.xlsx: register/register.yaml\n  register.csv: register/register.yaml\n  dataset.json: register/register.yaml\n",
}


def build(folder: Path, jobs: int, **environment: str) -> dict[str, bytes]:
    """Copy the tiny folders to *folder*, build everything there in a process of its own, and return every file but the cache."""
    shutil.copytree(TINY, folder)
    shutil.copytree(PROJECT / "templates" / "word", folder / "templates" / "word")
    (folder / "templates" / "brief" / "anchor.png").write_bytes(PNG)
    for name, outputs in MORE.items():
        (folder / "templates" / name).mkdir(exist_ok=True)
        (folder / "templates" / name / "document.yaml").write_text(f"name: {name}\nattach_dataset: true\noutputs:\n{outputs}", "utf-8")
    variables = {**os.environ, "PYTHONPATH": str(PROJECT), **environment}
    line = [sys.executable, "-m", "reports", "build", "--data", "data", "--templates", "templates", "--out", "out", "--jobs", str(jobs)]
    subprocess.run(line, cwd=folder, env=variables, check=True, capture_output=True)
    made = {path.relative_to(folder / "out").as_posix(): path.read_bytes() for path in (folder / "out").rglob("*") if path.is_file()}
    return {name: content for name, content in made.items() if not name.startswith(f"{CACHE}/")}


def test_two_builds_are_equal_to_the_byte(tmp_path: Path) -> None:
    """Two builds under different circumstances make the same files of every format, the manifest too."""
    first = build(
        tmp_path / "one", 1, TZ="Pacific/Kiritimati", LC_ALL="C", PYTHONHASHSEED="1", SOURCE_DATE_EPOCH="1", PYTHONDONTWRITEBYTECODE="1"
    )
    second = build(
        tmp_path / "a longer path č" / "two",
        3,
        TZ="America/Los_Angeles",
        LC_ALL="C.UTF-8",
        LANGUAGE="de",
        PYTHONHASHSEED="4242",
        PYTHONDONTWRITEBYTECODE="",
        COLUMNS="40",
    )
    assert {Path(name).suffix for name in first} == {".pdf", ".html", ".docx", ".xlsx", ".csv", ".json"}
    assert {"en/note.pdf", "en/page.html", "manifest.json"} <= set(first)
    assert set(first) == set(second)
    assert [name for name in first if first[name] != second[name]] == []
