"""The finished CSV file, read back: what the workbook's companion sheet says, for machines."""

import csv
from datetime import date, datetime
from io import BytesIO, StringIO
from pathlib import Path

import openpyxl
import pytest

from reports.documents.view import View
from reports.errors import ReportsError
from reports.readers.csv import read
from reports.renderers import excel
from reports.renderers.csv_table import render
from tests.conftest import TINY, Show, edit

REGISTER = "register/register.yaml"


def rows_of(content: bytes) -> list[list[str]]:
    """Return the rows of the CSV file *content*, as a program reads them."""
    return list(csv.reader(StringIO(content.decode("utf-8"), newline=""), strict=True))


def text_of_cell(value: object) -> str:
    """Return what a CSV file says for the *value* of a cell."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


@pytest.mark.parametrize("companion", ["Register", "Offices", "Kinds & sources"])
def test_the_file_says_what_the_workbook_says(companion: str, tiny_templates: Path, tiny_view: View) -> None:
    """Headings and rows are those of the companion sheet, in their order, whichever sheet that is."""
    edit(tiny_templates / REGISTER, "companion: Register", f"companion: {companion}")
    made, workbook = render(tiny_view, tiny_templates, REGISTER), excel.render(tiny_view, tiny_templates, REGISTER)
    sheet = openpyxl.load_workbook(BytesIO(workbook.content))[companion]
    expected = [[text_of_cell(value) for value in row] for row in sheet.iter_rows(min_row=3, values_only=True)]
    assert len(expected) > 5
    assert rows_of(made.content) == expected
    assert made.inputs == workbook.inputs


def test_dates_are_in_iso_8601(tiny_view: View) -> None:
    """A date is year, month and day; a date that is open at one end has an empty cell."""
    head, *rows = rows_of(render(tiny_view, TINY / "templates", REGISTER).content)
    column = head.index("Earliest day")
    assert [row[column : column + 2] for row in rows if row[0] in ("M2004-1", "M2010-1", "M2010-2")] == [
        ["2004-12-01", ""],
        ["2010-04-01", "2010-04-30"],
        ["2010-04-22", "2010-04-22"],
    ]
    days = [cell for row in rows for cell in row[column : column + 2] if cell]
    assert len(days) > 20
    assert [cell for cell in days if date.fromisoformat(cell).isoformat() != cell] == []


def test_the_file_is_utf_8_with_windows_line_ends(tiny_view: View) -> None:
    """The file is UTF-8 without a mark before it, and its lines end as RFC 4180 has them."""
    content = render(tiny_view, TINY / "templates", REGISTER).content
    assert content.startswith(b'"Reference","Date","Earliest day",')
    assert content.endswith(b"\r\n")
    assert content.count(b"\r\n") == content.count(b"\n") == content.count(b"\r") == len(tiny_view.milestones) + 1
    assert "Ђурђевак" in content.decode("utf-8")


def test_hostile_texts_come_back_unchanged(tiny_templates: Path, tiny_view: View) -> None:
    """Texts come back as they were written; only the one that a spreadsheet would run has an apostrophe before it."""
    edit(tiny_templates / REGISTER, "companion: Register", "companion: Offices")
    _, *rows = rows_of(render(tiny_view, tiny_templates, REGISTER).content)
    offices = [role for role, _ in rows]
    assert offices == ["Envoy", "1.10", "1,2", "None", "'=1+1", "<24 h>", "A & B", "č ć đ š ž", "007", "no"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "\tx", "\rx"])
def test_a_text_like_a_formula_stays_a_text(text: str, tiny_templates: Path, tiny_view: View) -> None:
    """A text that a spreadsheet would run has an apostrophe before it, as a value and as a heading; a number has none."""
    quoted = "'" + text.replace("\t", "\\t").replace("\r", "\\r") + "'"
    declaration = f"""
font: Calibri
companion: Texts
sheets:
  - name: Texts
    title: "'Texts'"
    rows: "[1]"
    columns:
      - heading: >-
          {quoted}
        width: 9
        value: "'a'"
      - heading: "'Value'"
        width: 9
        value: >-
          {quoted}
      - heading: "'Number'"
        width: 9
        value: "-1"
"""
    (tiny_templates / "register" / "texts.yaml").write_text(declaration, "utf-8")
    assert rows_of(render(tiny_view, tiny_templates, "register/texts.yaml").content) == [
        [f"'{text}", "Value", "Number"],
        ["a", f"'{text}", "-1"],
    ]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("x;=1+1;y", "x;'=1+1;y"),
        ("x\t=1+1", "x\t'=1+1"),
        ("x\n@SUM(A1)", "x\n'@SUM(A1)"),
        (";-1;;+1", ";'-1;;'+1"),
        ("a; -1, =1", "a; -1, =1"),
    ],
)
def test_no_part_of_a_text_becomes_a_formula(text: str, written: str, tiny_templates: Path, tiny_view: View) -> None:
    """Texts stand in quotes, numbers do not; where a spreadsheet may part the file otherwise, an apostrophe stands before the part too."""
    expression = f"'{text}'".replace("\t", r"\\t").replace("\n", r"\\n")
    declaration = f"""
font: Calibri
companion: Texts
sheets:
  - name: Texts
    title: "'Texts'"
    rows: "[1]"
    columns:
      - {{heading: "'Value'", width: 9, value: "{expression}"}}
      - {{heading: "'Number'", width: 9, value: "-1.5"}}
      - {{heading: "'Nothing'", width: 9, value: "none"}}
"""
    (tiny_templates / "register" / "texts.yaml").write_text(declaration, "utf-8")
    content = render(tiny_view, tiny_templates, "register/texts.yaml").content
    assert content.decode() == f'"Value","Number","Nothing"\r\n"{written}",-1.5,""\r\n'
    assert read(content).blocks[1].cells[0] == text


def test_the_same_view_makes_the_same_bytes(tiny_templates: Path, tiny_view: View) -> None:
    """Two files, from two folders, are equal to the byte."""
    assert render(tiny_view, tiny_templates, REGISTER).content == render(tiny_view, TINY / "templates", REGISTER).content


def test_problems_of_the_declaration_are_told(tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """What is wrong with the sheets is a problem of the CSV file too."""
    edit(tiny_templates / REGISTER, "companion: Register", "companion: Registre")
    with pytest.raises(ReportsError) as error:
        render(tiny_view, tiny_templates, REGISTER)
    assert show(error.value.problems) == [
        "templates/register/register.yaml:3:12: no sheet with a table is called 'Registre' (did you mean 'Register'?)"
    ]
