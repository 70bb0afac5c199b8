"""The sheets of the finished files, cell by cell: the audit sees whatever they hold otherwise than their declaration makes of the data."""

import csv
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from reports.build.build import BuildOptions, build
from reports.build.plan import Folders
from tests.audit.conftest import Audit
from tests.conftest import edit

DECLARED = "(templates/ledger/ledger.yaml)"
Rows = list[list[str]]


def put(sheet: str, row: int, column: int, value: Any, attribute: str = "value") -> Callable[[Any], None]:
    """Return a function that sets an attribute of one cell of a workbook."""
    return lambda book: setattr(book[sheet].cell(row, column), attribute, value)


GAZETTE = "https://gazette.example/7?part=1&page=2"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (put("Statements", 4, 3, "supported"), "Statements!C4: says 'supported'; the template says 'contested'"),
        (put("Statements", 3, 3, "Verdict"), "Statements!C3: says 'Verdict'; the template says 'Assessment'"),
        (put("Statements", 2, 1, "Edition 3"), "Statements!A2: says 'Edition 3'; the template says 'One row for each statement.'"),
        (put("Sources", 4, 1, "1"), "Sources!A4: holds the text 1; the template makes it a number"),
        (put("Sources", 4, 3, None, "hyperlink"), f"Sources!C4: leads to nothing; the template's leads to {GAZETTE}"),
        (put("About", 2, 1, None, "hyperlink"), "About!A2: leads to nothing; the template's leads to #Register"),
        (lambda book: book["Statements"].delete_rows(5), "Statements!A5: the row 'Guild of Pilots' is missing"),
        (lambda book: book["Sources"].insert_rows(1), "Sources!A1: a row more: '| | | |'"),
        (lambda book: book["Statements"].delete_cols(2), "Statements: the column 'Claim' is missing"),
        (lambda book: book.remove(book["Statements"]), "the sheet 'Statements' is missing"),
        (lambda book: book.move_sheet("Statements", -1), "the sheet 'Sources' stands in another place than in the template"),
        (lambda book: book.create_sheet("More"), "the sheet 'More' is one more than the template has"),
    ],
)
def test_another_workbook_is_seen(change: Callable[[Any], None], message: str, own: Folders, audited: Audit) -> None:
    """Whatever a workbook holds otherwise than its declaration makes of the data is told by its cell."""
    path = own.out / "en" / "ledger.xlsx"
    book = openpyxl.load_workbook(path)
    change(book)
    target = BytesIO()
    book.save(target)
    path.write_bytes(target.getvalue())
    assert f"{message} {DECLARED}" in audited()["ledger.xlsx"]


def without(column: int) -> Callable[[Rows], Rows]:
    return lambda rows: [row[:column] + row[column + 1 :] for row in rows]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (without(2), "the column 'Earliest day' is missing"),
        (lambda rows: [[*row, "More"] for row in rows], "the column 'More' is one more than the template has"),
        (lambda rows: [*rows, ["", "", "", "Note"]], "row 16: a row more: '| | | Note | | |'"),
        (
            lambda rows: [rows[0], rows[2], rows[1], *rows[3:]],
            "row 3: the row 'M2001-1' stands here; the template has it below 'Reference'",
        ),
    ],
    ids=["a column less", "a column more", "a row more", "rows swapped"],
)
def test_another_table_is_seen(change: Callable[[Rows], Rows], message: str, own: Folders, audited: Audit) -> None:
    """Whatever a CSV file holds otherwise than the declaration makes of the data is told by its row."""
    path = own.out / "en" / "ledger.csv"
    _rewrite(path, change)
    assert audited()["ledger.csv"] == [f"{message} {DECLARED}"]


def test_a_last_row_that_is_lost_is_seen(own: Folders, audited: Audit) -> None:
    """A milestone that is lost is told with its line in the data, and not once more as a row."""
    _rewrite(own.out / "en" / "ledger.csv", lambda rows: rows[:-1])
    messages = audited()["ledger.csv"]
    assert messages[0] == "the milestone M2021-1, 'Joint exercise', is missing (data/milestones/second.yaml:41:9)"
    assert not any("the row" in one for one in messages)


def test_a_formula_is_seen(own: Folders, audited: Audit) -> None:
    """A text that a spreadsheet would take for a formula has to keep its apostrophe."""
    edit(own.data / "milestones" / "second.yaml", "title: Joint exercise", "title: =1+1")
    edit(own.data / "milestones" / "second.yaml", "text: The mandate", "text: It ran;-1 was left. The mandate")
    build(own, BuildOptions())
    assert audited()["ledger.csv"] == []
    edit(own.out / "en" / "ledger.csv", "'=1+1", "=1+1")
    assert audited()["ledger.csv"] == [f"row 15, 'Milestone': says '=1+1'; the template says ''=1+1' {DECLARED}"]


def _rewrite(path: Path, change: Callable[[Rows], Rows]) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\r\n").writerows(change(rows))


def test_one_difference_hides_no_other(own: Folders, audited: Audit) -> None:
    """What is told of one cell, or one link, of a row says nothing of the others there."""
    path = own.out / "en" / "ledger.xlsx"
    book = openpyxl.load_workbook(path)
    for change in (put("Sources", 4, 3, "Unofficial Gazette"), put("Sources", 4, 1, "1"), put("Register", 4, 7, None, "hyperlink")):
        change(book)
    put("Register", 4, 2, "about 2002")(book)
    target = BytesIO()
    book.save(target)
    path.write_bytes(target.getvalue())
    assert [one.partition("; ")[0] for one in audited()["ledger.xlsx"]] == [
        "Register!A4, 'M2001-1', 'Date': says 'about 2002'",
        "Sources!A4, '1': says '1 Government of Ruritania Unofficial Gazette 23 April 2010 https://gazette.example/7?part=1&page=2'",
        "Register!G4: leads to nothing",
        "Sources!A4: holds the text 1",
    ]
