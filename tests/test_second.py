"""Another country: a second real dataset, of NATO and Georgia, from which the project's own templates make every document."""

import re
import shutil
from pathlib import Path

import pytest

from reports.audit import FileAudit, audit
from reports.build.build import BuildOptions, build, check
from reports.build.plan import Folders
from reports.dataset import model
from reports.readers import read
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
