"""Verdicts on finished files."""

from pathlib import Path

import pytest

from reports.build.build import BuildOptions, build
from reports.build.plan import Folders
from reports.build.verify import Verdict, verify
from reports.errors import ReportsError
from tests.conftest import Show, edit


def verdicts(folder: Path, folders: Folders | None = None) -> dict[str, Verdict]:
    return {one.path.name: one.verdict for one in verify(folder, folders)}


def test_each_file_has_its_verdict(folders: Folders) -> None:
    """As made, edited, missing, or of an older dataset: the last only where there are data to compare with."""
    build(folders, BuildOptions())
    as_made = {"note.pdf": Verdict.AS_MADE, "short.pdf": Verdict.AS_MADE}
    assert verdicts(folders.out) == verdicts(folders.out, folders) == as_made
    edit(folders.data / "milestones" / "first.yaml", "title: Harbour Agreement", "title: Treaty")
    assert verdicts(folders.out) == as_made
    assert verdicts(folders.out, folders) == {"note.pdf": Verdict.OLDER, "short.pdf": Verdict.OLDER}
    (folders.out / "en" / "note.pdf").write_bytes(b"mine")
    (folders.out / "en" / "short.pdf").unlink()
    assert verdicts(folders.out) == verdicts(folders.out, folders) == {"note.pdf": Verdict.EDITED, "short.pdf": Verdict.MISSING}


def test_what_can_not_be_read_is_not_missing(folders: Folders) -> None:
    """A file that is larger than anything that we make is there, and is not the one that was made."""
    build(folders, BuildOptions(("short",)))
    with (folders.out / "en" / "short.pdf").open("wb") as file:
        file.truncate(2**40)  # a terabyte, of which the disk holds nothing
    assert verdicts(folders.out) == {"short.pdf": Verdict.EDITED}


def test_without_a_manifest_there_is_no_verdict(tmp_path: Path, show: Show) -> None:
    """A folder that holds no manifest is a problem, not a folder in which all is well."""
    with pytest.raises(ReportsError) as error:
        list(verify(tmp_path))
    assert show(error.value.problems) == ["manifest.json: is missing or can't be read: it tells what was made"]
