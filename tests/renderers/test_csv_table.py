"""The finished CSV file, read back: what the workbook's companion sheet says, for machines."""

import csv
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.documents.view import View
from reports.errors import ReportsError
from reports.readers.csv import read
from reports.renderers.csv_table import _written, render
from reports.renderers.workbook import evaluate
from tests.conftest import TINY, edit
from tests.renderers.conftest import REGISTER


def rows_of(content: bytes) -> list[list[str]]:
    """Return the rows of the CSV file *content*, as a program reads them."""
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


def text_of_cell(value: object) -> str:
    """Return what a CSV file says for the *value* of a cell."""
    if isinstance(value, date):
        return value.isoformat()
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


@pytest.mark.parametrize("companion", ["Register", "Offices", "Kinds & sources"])
def test_the_text_of_the_file_is_the_text_of_the_template(companion: str, tiny_templates: Path, tiny_view: View) -> None:
    """Headings and rows are those of the companion sheet, in their order, whichever sheet that is; so are the files it is made with."""
    edit(tiny_templates / REGISTER, "companion: Register", f"companion: {companion}")
    book, made = evaluate(tiny_view, tiny_templates, REGISTER), render(tiny_view, tiny_templates, REGISTER)
    (table,) = (sheet.table for sheet in book.sheets if sheet.name == companion)
    expected = [table.headings, *(tuple(cell.value for cell in row) for row in table.rows)]
    assert len(expected) > 5
    assert rows_of(made.content) == [[text_of_cell(value) for value in row] for row in expected]
    assert made.inputs == book.inputs


def test_no_sheet_behind_the_companion_is_worked_out(tiny_templates: Path, tiny_view: View) -> None:
    """A mistake behind the companion sheet keeps the workbook from being made, and not this file, which would say the same."""
    made = render(tiny_view, tiny_templates, REGISTER)
    edit(tiny_templates / REGISTER, "intro: [\"'@sources'\"]", "intro: [about.nothing]")
    assert render(tiny_view, tiny_templates, REGISTER).content == made.content
    with pytest.raises(ReportsError):
        evaluate(tiny_view, tiny_templates, REGISTER)


def test_the_file_is_utf_8_with_windows_line_ends(tiny_view: View) -> None:
    """The file is UTF-8 with the mark by which Excel knows that, its lines end as RFC 4180 has them, its days are in ISO 8601."""
    content = render(tiny_view, TINY / "templates", REGISTER).content
    assert content.startswith(b'\xef\xbb\xbf"Reference","Date","Earliest day",')
    assert content.endswith(b"\r\n")
    assert content.count(b"\r\n") == content.count(b"\n") == content.count(b"\r") == len(tiny_view.milestones) + 1
    assert "Ђурђевак" in content.decode("utf-8")
    rows = {row[0]: row[2:4] for row in rows_of(content)}
    assert [rows[name] for name in ("M2004-1", "M2010-2")] == [["2004-12-01", ""], ["2010-04-01", "2010-04-30"]]


TEXTS = """
font: Calibri
companion: Texts
sheets:
  - name: Texts
    title: "'Texts'"
    rows: "[1]"
    columns:
      - {{ heading: "{text}", width: 9, value: "{text}" }}
      - {{ heading: "'Number'", width: 9, value: "-1.5" }}
      - {{ heading: "'Nothing'", width: 9, value: "none" }}
"""


@pytest.mark.parametrize(
    ("text", "written"),
    [
        *((text, f"'{text}") for text in ("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx")),
        ("x;=1+1;y", "x;'=1+1;y"),
        ("x\t=1+1", "x\t'=1+1"),
        ("x\n@SUM(A1)", "x\n'@SUM(A1)"),
        (";-1;;+1", ";'-1;;'+1"),
        ("a; -1, =1", "a; -1, =1"),
        ("+387 33 250 100 answers", "'+387 33 250 100 answers"),
        ("-5 °C on the quay", "'-5 °C on the quay"),
        ("@harbour opens an account", "'@harbour opens an account"),
    ],
)
def test_no_text_becomes_a_formula(text: str, written: str, tiny_templates: Path, tiny_view: View) -> None:
    """An apostrophe stands before what a spreadsheet would run, in headings too, also where it may part the file otherwise.

    Texts stand in quotes, numbers do not, and have no apostrophe.
    """
    expression = f"'{text}'".replace("\t", r"\\t").replace("\n", r"\\n").replace("\r", r"\\r")
    (tiny_templates / "register" / "texts.yaml").write_text(TEXTS.format(text=expression), "utf-8")
    content = render(tiny_view, tiny_templates, "register/texts.yaml").content
    assert content.decode("utf-8-sig") == f'"{written}","Number","Nothing"\r\n"{written}",-1.5,""\r\n'


@given(st.text(st.sampled_from("'=+-@;a\t\n\r\"")))
def test_whoever_takes_one_apostrophe_away_has_the_text(text: str) -> None:
    """The reader of such files gets back every text, whatever apostrophes it has of its own."""
    target = StringIO()
    csv.writer(target, quoting=csv.QUOTE_ALL).writerow([_written(text), "end"])
    assert read(target.getvalue().encode("utf-8-sig")).blocks[0].cells == (text, "end")
