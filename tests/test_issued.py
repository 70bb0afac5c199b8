"""The files that can come back, read back: cells, their fields and their records."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from reports.build.plan import Folders
from reports.dataset.load import load_dataset
from reports.documents.document import load_documents
from reports.editions.snapshot import snapshot_of
from reports.issued import _field, issued
from reports.proposals.rows import differences
from reports.proposals.spreadsheets import read_sheets
from reports.renderers import csv_table, excel
from reports.translations.locale import Locale
from tests.audit.conftest import finished  # noqa: F401 - a fixture
from tests.conftest import PROJECT, edit, view_of


@pytest.fixture(scope="module")
def report(finished: Folders) -> Mapping[str, Any]:  # noqa: F811
    """The report of the tiny paper and ledger."""
    documents = load_documents(finished.templates)
    found = issued(finished.out, finished.templates, documents, load_dataset(finished.data))
    return dict(json.loads(json.dumps(found)))


def test_only_what_can_come_back_is_told(report: Mapping[str, Any]) -> None:
    """Workbooks, tables and Word documents, with the edition and the numbers of the sources."""
    assert set(report["files"]) == {"en/ledger.xlsx", "en/ledger.csv", "en/paper.docx"}
    assert (report["edition"], report["sources"]["leaflet"]) == (1, 6)


@pytest.mark.parametrize(("name", "where"), [("en/ledger.xlsx", "Register!A4"), ("en/ledger.csv", "line 2")])
def test_a_table_has_its_fields_and_its_records(name: str, where: str, report: Mapping[str, Any]) -> None:
    """Each column that says one field names it, and the form in which it is written; each row its record, and the values as issued."""
    table = report["files"][name]["sheets"]["Register"]
    assert table["columns"] == [
        {"heading": "Reference", "field": "id", "form": ""},
        {"heading": "Date", "field": "date", "form": "date"},
        {"heading": "Earliest day", "field": "date.earliest", "form": ""},
        {"heading": "Milestone", "field": "title", "form": ""},
        {"heading": "Text", "field": "text", "form": "plain"},
        {"heading": "Sources by number", "field": "evidence", "form": "numbers"},
        {"heading": "First source"},
    ]
    assert len(table["rows"]) == 14
    assert table["rows"][0]["record"] == "M2001-1"
    assert table["rows"][0]["where"] == where
    (row,) = (row for row in table["rows"] if row["record"] == "M2010-1")
    assert row["values"][:4] == ["M2010-1", "22 April 2010", "2010-04-22", "Harbour Agreement"]


def test_a_source_is_known_by_its_number(report: Mapping[str, Any]) -> None:
    """A sheet of sources begins with that; a sheet that begins with neither number nor id has rows of no record."""
    sheets = report["files"]["en/ledger.xlsx"]["sheets"]
    assert [row["record"] for row in sheets["Sources"]["rows"]] == list(report["sources"])
    assert sheets["Sources"]["columns"][1] == {"heading": "Publisher", "field": "publisher", "form": ""}
    assert {row["record"] for row in sheets["Statements"]["rows"]} == {None}
    assert "About" not in sheets


@pytest.mark.parametrize(
    ("expression", "field", "form"),
    [
        ("milestone.title", "title", ""),
        ("milestone.topic | label if milestone.topic else none", "topic", "label"),
        ('framework.step or "none"', "framework.step", ""),
        ('milestone.date | date if milestone.date else term("date.none")', "date", "date"),
        ('term("kind." ~ milestone.kind)', "kind", "kind"),
        ('term("access." ~ source.access) if source.access else none', "source.access", "access"),
    ],
)
def test_the_expression_of_one_field(expression: str, field: str, form: str) -> None:
    """The field is told as its path from the record, and the form by the filter, or the group of its words."""
    assert _field(expression, "milestone") == {"field": field, "form": form}


@pytest.mark.parametrize(
    "expression", ["", "source.url or source.file", "milestone.evidence | length + 1", "milestone", 'term("yes")', "a.b if a.c else a.d"]
)
def test_the_expression_of_more(expression: str) -> None:
    """What is worked out of several fields, or of none, names none."""
    assert _field(expression, "milestone") == {}


def test_a_register_of_another_language_comes_back(tiny_data: Path, tmp_path: Path) -> None:
    """Its sheets are known by their names in the language of the data, and a status in the words of that language."""
    edit(tiny_data / "dataset.yaml", "language: en", "language: bs")
    templates, dataset, locale = PROJECT / "templates", load_dataset(tiny_data), Locale(PROJECT / "templates", "bs")
    (tmp_path / "bs").mkdir()
    path = tmp_path / "bs" / "register.xlsx"
    view = view_of(dataset, "register", templates)
    path.write_bytes(excel.render(view, templates, "register/register.yaml").content)
    path.with_suffix(".csv").write_bytes(csv_table.render(view, templates, "register/register.yaml").content)
    found = issued(tmp_path, templates, load_documents(templates, ["register"]), dataset)["files"]
    assert set(found["bs/register.xlsx"]["sheets"]) < {code.term for code in locale.codes("sheet")}
    assert set(found["bs/register.csv"]["sheets"]) == {"Registar"}
    book = openpyxl.load_workbook(path)
    (row,) = (row for row in book["Registar"].iter_rows() if row[0].value == "M2010-1")
    (status,) = (cell for cell in row if cell.value == "ostvareno")
    status.value = "planirano"
    book.save(path)
    (difference,) = differences(read_sheets(path, ""), found["bs/register.xlsx"], snapshot_of(dataset), locale)
    assert (difference.where, difference.field, difference.theirs) == (f"Registar!{status.coordinate}", "status", "planned")
