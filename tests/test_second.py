"""Another country: a second real dataset, of NATO and Georgia, from which the project's own templates make every document."""

import re
import shutil
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest

from reports.audit import FileAudit, audit
from reports.build.build import BuildOptions, build, check
from reports.build.plan import Folders, Project
from reports.dataset import model
from reports.readers import read
from reports.renderers.environment import Templates
from reports.renderers.html import parse_html, text_of
from tests.conftest import PROJECT, edit
from tests.renderers.conftest import house_font

DATA = Path(__file__).parent / "second" / "data"
LETTERS = re.compile("[\u0530-\u058f\u10a0-\u10ff]")  # Armenian, Georgian
TABLES = ("register", "summary", "package")


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """The second dataset, and the templates with a font for its letters, put there as README says; nothing is made yet."""
    root = tmp_path_factory.mktemp("second")
    templates = shutil.copytree(PROJECT / "templates", root / "templates")
    letters = {letter for path in DATA.rglob("*.yaml") for letter in LETTERS.findall(path.read_text("utf-8"))}
    (templates / "shared" / "house.ttf").write_bytes(house_font("".join(sorted(letters))))
    fonts = templates / "shared" / "fonts.css"
    edit(fonts, ":root {", '@font-face { font-family: House; src: url("house.ttf"); }\n:root {')
    edit(fonts, '"Source Sans 3", sans-serif', '"Source Sans 3", House, sans-serif')
    edit(fonts, '"Source Sans 3", serif', '"Source Sans 3", House, serif')
    return Folders(DATA, templates, root / "build")


@pytest.fixture(scope="module")
def audited(folders: Folders) -> dict[str, FileAudit]:
    """The audits of its register, summary and data package, by their names; the other documents are not made here."""
    build(folders, BuildOptions(TABLES))
    return {one.path.name: one for one in audit(folders) if one.path.exists()}


def test_nothing_keeps_a_document_from_being_made(folders: Folders) -> None:
    """The drafts of all documents have no problem; the dataset is of another kind than the shipped one, and has each kind of record."""
    dataset = check(folders)
    assert dataset.about.dataset_id == "nato-georgia"
    kinds = (model.Milestone, model.Framework, model.Area, model.Operation, model.Body, model.Person, model.Statement, model.Measure)
    assert [kind.__name__ for kind in kinds if not dataset.all(kind)] == []
    assert {measure.unit for measure in dataset.all(model.Measure)} == {"soldiers", "per cent", "countries", "votes"}
    assert {name for body in dataset.all(model.Body) for name in body.names} == {"ka"}


@pytest.fixture(scope="module")
def record(folders: Folders) -> Element:
    """The HTML of its record."""
    return parse_html(Templates(folders.templates, Project(folders).view("record", "en")).render("record/record.html.j2"))


def test_names_in_georgian_stand_once_in_the_record(record: Element, folders: Folders) -> None:
    """Each where its person or body is introduced, in an element that says the language."""
    dataset = Project(folders).dataset("en")
    expected = [fact.names["ka"] for kind in (model.Body, model.Person) for fact in dataset.all(kind) if fact.names]
    assert len(expected) > 6
    entries = {entry.get("id"): [text_of(span) for span in entry.iter("span") if span.get("lang") == "ka"] for entry in record.iter("div")}
    assert sorted(name for names in entries.values() for name in names) == sorted(expected)
    assert entries["north-atlantic-council"] == ["ჩრდილო-ატლანტიკური საბჭო"]


def test_no_table_of_evidence_has_an_empty_column(record: Element) -> None:
    """A column that has nothing in any row is left out, with its heading."""
    tables = [
        [[text_of(cell) for cell in row] for row in table.iter("tr")] for table in record.iter("table") if table.get("class") == "evidence"
    ]
    assert {len(rows[0]) for rows in tables} >= {2, 3}
    assert [rows for rows in tables if any({*cells} <= {"–", ""} for cells in zip(*rows[1:], strict=True))] == []


@pytest.mark.parametrize("output", ["changes.atom", "other.atom"])
def test_the_page_links_to_the_feed_that_is_made(output: str, folders: Folders) -> None:
    """A program that reads feeds finds it by the page; this dataset has no edition before, and makes none."""
    view = Project(folders).view("web", "en")
    assert "changes.atom" not in view.document.outputs
    made = view.document.model_copy(update={"outputs": {**view.document.outputs, output: "web/web.html.j2"}})
    page = Templates(folders.templates, replace(view, document=made), "html").render("web/web.html.j2")
    links = re.findall('<link[^>]*rel="alternate"[^>]*>', page)
    assert links == ['<link rel="alternate" type="application/atom+xml" href="changes.atom" title="NATO and Georgia">'] * (
        output == "changes.atom"
    )


def test_its_tables_and_its_summary_say_what_the_data_say(audited: dict[str, FileAudit]) -> None:
    """What is made of it agrees with it, in Word, in CSV and in the data package, whose names are in Georgian letters."""
    assert {name for name, one in audited.items() if not one.problems} >= {
        "summary.docx",
        "register.xlsx",
        "register.csv",
        "nato-georgia-data.zip",
    }
    names = read(audited["nato-georgia-data.zip"].path).attachments["names.csv"].decode()
    assert '"north-atlantic-council","ka","ჩრდილო-ატლანტიკური საბჭო"' in names


def test_its_register_has_a_sheet_for_all_that_it_has(audited: dict[str, FileAudit]) -> None:
    """The register holds every milestone, and every sheet that the data fill: no edition came before, so nothing has changed."""
    blocks = read(audited["register.xlsx"].path).blocks
    assert {block.table for block in blocks} == {
        *("About", "Register", "Details", "Open points", "Frameworks", "Statements", "Disagreements"),
        *("Measures", "Links", "Sources", "Reply", "Notes"),
    }
    assert audited["register.xlsx"].counts["milestones"] == 43
