"""Registers that come back: the plan of edits, the steps of each, and what is said of a copy that is read otherwise."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.table import Table

from tests.conformance.broken import with_twice
from tests.conformance.returned import MAKERS, Copy, Edit, Plan, check_returned, compare, main, make_plan, records


@pytest.fixture
def register(tmp_path: Path) -> Path:
    """A small register: a cover, and a table in the second sheet."""
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Register")
    sheet["A1"] = "Milestones"
    for column, heading in enumerate(("Reference", "Day", "Milestone"), 1):
        sheet.cell(4, column, heading)
        for row in range(5, 14):
            sheet.cell(row, column, f"M2010-{row}" if column == 1 else row if column == 2 else f"A milestone, number {row}")
    sheet.add_table(Table(displayName="Milestones", ref="A4:C13"))
    path = tmp_path / "register.xlsx"
    book.save(path)
    return path


@pytest.fixture
def plan(register: Path) -> Plan:
    return make_plan(register)


def test_the_column_of_texts_is_edited(plan: Plan) -> None:
    """Changes and a note go to the column with the longest texts, and a new row below the table; each is an edit of a record."""
    assert (plan.sheet, plan.header, plan.last, plan.headings) == ("Register", 4, 13, ("Reference", "Day", "Milestone"))
    assert [(edit.kind, edit.record, edit.heading) for edit in plan.edits] == [
        ("change", "M2010-5", "Milestone"),
        ("change", "M2010-9", "Milestone"),
        ("change", "M2010-13", "Milestone"),
        ("note", "M2010-6", "Milestone"),
        ("add", "NEW-1", "Milestone"),
    ]
    assert [(edit.kind, edit.record) for edit in plan.tidy_edits] == [("add", "NEW-2"), ("remove", "M2010-7")]


def test_a_copy_with_every_edit_is_read_as_it_should(register: Path, plan: Plan, tmp_path: Path) -> None:
    """What openpyxl does to the register is what comes back, and a copy that it only saved says what the register does."""
    base = records(register, plan)
    copies = list(MAKERS["openpyxl"](register, plan, tmp_path))
    assert [(copy.path.name, len(copy.edits), list(compare(copy, base, plan))) for copy in copies] == [
        ("openpyxl-untouched.xlsx", 0, []),
        ("openpyxl-edited.xlsx", 5, []),
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda sheet: sheet.delete_rows(6), "'M2010-6' is lost"),
        (lambda sheet: sheet.append(["M1", 1, "a"]), "'M1' is more than was sent"),
        (lambda sheet: sheet.append(["M2010-5", 1, "a"]), "'M2010-5' stands twice"),
        (lambda sheet: sheet.cell(6, 3, "a"), "M2010-6, Milestone: 'a'; it should be 'A milestone, number 6'"),
        (lambda sheet: sheet.cell(6, 2, "6"), "M2010-6, Day: '6'; it should be 6.0"),
    ],
)
def test_whatever_is_read_otherwise_is_named(change: Any, said: str, register: Path, plan: Plan) -> None:
    """A record that is lost, more or there twice, and a cell that differs, are findings."""
    base = records(register, plan)
    book = openpyxl.load_workbook(register)
    change(book["Register"])
    book.save(register)
    assert said in list(compare(Copy("a program", register, ()), base, plan))


def test_an_edit_that_is_not_read_is_named(register: Path, plan: Plan) -> None:
    """A copy without an edit that was made is read wrong: a note too, unless the program keeps none."""
    base, edits = records(register, plan), (Edit("note", "M2010-6", "Milestone", "Why?"), Edit("remove", "M2010-7"))
    copy = Copy("a program", register, edits)
    assert list(compare(copy, base, plan)) == ["'M2010-7' is more than was sent", "M2010-6, note, Milestone: None; it should be 'Why?'"]
    kept = replace(copy, program="sheetjs", path=register.rename(register.with_suffix(".xls")))
    assert list(compare(kept, base, plan)) == ["'M2010-7' is more than was sent"]


def test_a_broken_register_is_seen(register: Path, tmp_path: Path) -> None:
    """A register in which a reference stands twice can't come back."""
    register.write_bytes(with_twice(register.read_bytes()))
    assert [finding.text for finding in check_returned("openpyxl", register, tmp_path)] == ["'M2010-6' stands twice in it"]


def test_copies_are_kept_with_what_was_done(register: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    """The command leaves the copies and a list of their edits, and says of a program that is not there that it was skipped."""

    def absent(path: Path, plan: Plan, folder: Path) -> Any:
        raise FileNotFoundError("no such program")

    monkeypatch.setattr("tests.conformance.returned.MAKERS", {"absent": absent, "openpyxl": MAKERS["openpyxl"]})
    assert main([str(register), str(tmp_path / "out")]) == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["edits.json", "openpyxl-edited.xlsx", "openpyxl-untouched.xlsx"]
    assert '"record": "NEW-1"' in (tmp_path / "out" / "edits.json").read_text("utf-8")
    assert capsys.readouterr().out.splitlines()[0] == "absent: skipped: no such program"
