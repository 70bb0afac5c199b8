"""The finished open-data package, read back: tables whose keys and references hold, and descriptions that fit them."""

import csv
import json
from dataclasses import replace
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from reports.dataset import model
from reports.documents.view import View
from reports.errors import ReportsError
from reports.renderers.data_package import render
from reports.renderers.data_package.tables import TABLE_NAMES, make_tables
from tests.conftest import PROJECT, Show, edit

NAME = "package/package.yaml"


@pytest.fixture
def templates(tiny_templates: Path) -> Path:
    """The tiny templates with the package of the project, and its words."""
    (tiny_templates / "package").mkdir()
    for name in (NAME, "locale/en.yaml"):
        (tiny_templates / name).write_text((PROJECT / "templates" / name).read_text("utf-8"), "utf-8")
    return tiny_templates


def files(view: View, templates: Path) -> dict[str, bytes]:
    with ZipFile(BytesIO(render(view, templates, NAME).content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(content.decode(), newline=""), strict=True))


def test_every_reference_leads_to_a_row(tiny_view: View, templates: Path) -> None:
    """As datapackage.json and csv-metadata.json both say: rows are told apart by their keys, and foreign keys are keys there."""
    made = files(tiny_view, templates)
    described = json.loads(made["datapackage.json"])["resources"]
    on_the_web = json.loads(made["csv-metadata.json"])["tables"]
    assert (
        {table["path"] for table in described} == {table["url"] for table in on_the_web} == {name for name in made if name.endswith(".csv")}
    )
    tables = {table["name"]: rows(made[table["path"]]) for table in described}
    for table, other in zip(described, on_the_web, strict=True):
        schema, own = table["schema"], tables[table["name"]]
        key = schema["primaryKey"]
        assert len({tuple(row[name] for name in key) for row in own}) == len(own) > 0, table["name"]
        assert [field["name"] for field in schema["fields"]] == [column["name"] for column in other["tableSchema"]["columns"]] == [*own[0]]
        assert other["tableSchema"]["primaryKey"] == key
        leads = other["tableSchema"].get("foreignKeys", [])
        for lead, same in zip(schema.get("foreignKeys", []), leads, strict=True):
            there = lead["reference"]["resource"] or table["name"]
            assert same["reference"]["resource"] == f"{there}.csv"
            known = {tuple(row[name] for name in lead["reference"]["fields"]) for row in tables[there]}
            named = {tuple(row[name] for name in lead["fields"]) for row in own}
            assert {names for names in named if any(names)} <= known, (table["name"], lead)


def test_the_tables_have_every_field(tiny_view: View) -> None:
    """Of each kind of record there is a table; a field is a column, or a table of its own, or stands in one that several kinds share."""
    tables = {table.name: {column.name for column in table.columns} for table in make_tables(tiny_view)}
    for kind, name in TABLE_NAMES.items():
        for field in kind.model_fields:
            columns = {column for column in tables[name] if column == field or column.startswith(f"{field}_")}
            assert columns or field in tables or field in ("evidence", "counter_evidence", "names", *REFERRING[name]), (kind, field)


REFERRING: Any = dict.fromkeys(TABLE_NAMES.values(), ()) | {
    "milestones": ("frameworks", "areas", "operations", "bodies", "people"),
    "frameworks": ("follows",),
    "statements": ("about",),
}


def test_values_keep_their_precision(tiny_view: View, templates: Path) -> None:
    """A date is what the source gives, with the days that it may mean; codes, numbers and truths are those that the schema names."""
    made = files(tiny_view, templates)
    by_id = {milestone.id: milestone for milestone in tiny_view.milestones}
    for row in rows(made["milestones.csv"]):
        when = by_id[row["id"]].date
        assert (row["date"], row["date_earliest"], row["date_latest"]) == (when.text, str(when.earliest or ""), str(when.latest or ""))
        assert row["key"] in ("true", "false")
        assert row["status"] in list(model.Status)
    assert {row["number"] for row in rows(made["sources.csv"])} == {str(number) for number in tiny_view.numbers.values()}
    assert made["README.md"].decode().startswith(f"# {tiny_view.title}\n\n")


def test_a_text_is_no_formula(tiny_view: View, templates: Path) -> None:
    """A spreadsheet that opens a table runs nothing of it."""
    first, *others = tiny_view.milestones
    view = replace(tiny_view, milestones=(first.model_copy(update={"title": "=1+1"}), *others))
    assert rows(files(view, templates)["milestones.csv"])[0]["title"] == "'=1+1"


def test_the_same_data_give_the_same_bytes(tiny_view: View, templates: Path) -> None:
    """No clock and no order of a set is in it."""
    assert render(tiny_view, templates, NAME).content == render(tiny_view, templates, NAME).content


def test_mistakes_in_the_readme_are_named(tiny_view: View, templates: Path, show: Show) -> None:
    """Each at its line."""
    edit(templates / NAME, "view.about.purpose | plain", "view.about.purpos | plain")
    with pytest.raises(ReportsError) as raised:
        render(tiny_view, templates, NAME)
    assert [problem.split(": ", 1)[1] for problem in show(raised.value.problems)] == ["the about has no 'purpos' (did you mean 'purpose'?)"]
    (templates / NAME).write_text("readme: x\n", "utf-8")
    with pytest.raises(ReportsError, match="paragraphs are expected here"):
        render(tiny_view, templates, NAME)
