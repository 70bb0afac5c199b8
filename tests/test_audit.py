"""The audit as a whole: what it tells of each file, and what it says when it can't look."""

import sys
from pathlib import Path

import pytest

from reports.__main__ import main
from reports.audit import READERS, Audited, audit
from reports.build.plan import Folders
from reports.errors import ReportsError
from reports.renderers import RENDERERS
from tests.conftest import Show


def test_every_kind_of_file_has_a_reader() -> None:
    """What can be made can be read back."""
    assert set(READERS) == set(RENDERERS)


def test_a_file_that_was_not_made_is_a_problem(folders: Folders, show: Show) -> None:
    """Nothing was compared in a file that is not there."""
    found = list(audit(folders))
    assert [str(one).rpartition(": ")[2] for one in found] == ["nothing compared, not all agree"] * 2
    assert show(found[0].problems) == ["build/en/note.pdf: is not there: build it, then audit"]


def test_a_damaged_file_is_a_problem(folders: Folders, show: Show) -> None:
    """A file that its reader can't open is named, without a traceback."""
    (folders.out / "en").mkdir(parents=True)
    (folders.out / "en" / "note.pdf").write_bytes(b"no PDF")
    (problem,) = next(audit(folders)).problems
    assert show((problem,))[0].startswith("build/en/note.pdf: can't be read back, since it is not built as ours are: ")


def test_a_missing_package_is_named(folders: Folders, show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the packages of the audit, one line says which is missing and how to go on."""
    monkeypatch.setitem(sys.modules, "pypdf", None)
    monkeypatch.delitem(sys.modules, "reports.audit.readers.pdf", raising=False)
    with pytest.raises(ReportsError) as caught:
        list(audit(folders))
    message = "pyproject.toml: the package 'pypdf' is missing, which reads .pdf files back: use `nox -s audit`, which installs it"
    assert show(caught.value.problems) == [message]


def test_the_command_says_what_disagrees(folders: Folders, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """`audit` prints a line for each file, then the problems, and fails."""
    line = ["audit", "--data", str(folders.data), "--templates", str(folders.templates), "--out", str(folders.out)]
    assert main(line) == 1
    output = capsys.readouterr()
    assert len(output.out.splitlines()) == 2
    assert output.err.splitlines()[-1] == "2 problems"


def test_a_file_without_anything_to_compare_does_not_agree() -> None:
    """Where nothing was compared, the audit says so; it does not say that nothing agrees."""
    assert str(Audited(Path("a.csv"), {"milestones": 0}, ())) == "a.csv: there was nothing to compare"


def test_what_is_one_is_not_told_as_many() -> None:
    """One of anything is told in the singular."""
    assert str(Audited(Path("a.json"), {"datasets": 1}, ())) == "a.json: 1 dataset agrees"
    assert str(Audited(Path("a.xlsx"), {"addresses": 1, "texts": 1, "cells": 2}, ())) == "a.xlsx: 1 address, 1 text, 2 cells agree"
