"""Declared sheets: their values keep their types, and what is wrong has its place in the declaration."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from reports.dataset.dataset import Dataset
from reports.dataset.model import Area
from reports.documents.view import View
from reports.errors import ReportsError
from reports.renderers import environment, workbook
from reports.renderers.environment import Environment
from reports.renderers.prose import Prose
from reports.renderers.workbook import Book, Cell, evaluate, relations
from tests.conftest import TINY, Show, edit
from tests.renderers.conftest import OFFICES, REGISTER

NO_SHEET = "is no name for a sheet: at most 31 characters, none of []:*?/\\', and not 'History'"
SMILES = "\U0001f600" * 16  # which are 32 units of UTF-16
MEANT = "is no name for a table: Excel gives it a meaning of its own"
NO_TABLE = "is no name for a table: a letter, then letters, digits and underscores, and no cell's name"

SHEET = """\
font: Calibri
companion: Facts
sheets:
  - name: Facts
    title: "'Facts'"
    rows: view.milestones
    item: one
    columns:
      - { heading: "'Id'", width: 10, value: one.id }
      - { heading: "'Text'", width: 10, value: one.text, link: "'#Facts'" }
"""
Problems = Callable[[str], list[str]]


@pytest.fixture(scope="module")
def book(tiny_view: View) -> Book:
    return evaluate(tiny_view, TINY / "templates", REGISTER)


@pytest.fixture
def evaluated(tiny_templates: Path, tiny_view: View) -> Callable[[str], Book]:
    """A function that evaluates a declaration."""

    def evaluated(declaration: str) -> Book:
        (tiny_templates / "register" / "test.yaml").write_text(declaration, "utf-8")
        return evaluate(tiny_view, tiny_templates, "register/test.yaml")

    return evaluated


@pytest.fixture
def problems(evaluated: Callable[[str], Book], show: Show) -> Problems:
    """A function that returns what is wrong with a declaration, without the file's name."""

    def problems(declaration: str) -> list[str]:
        with pytest.raises(ReportsError) as error:
            evaluated(declaration)
        return [line.removeprefix("templates/register/test.yaml:") for line in show(error.value.problems)]

    return problems


def test_the_sheets_are_as_declared(book: Book) -> None:
    """Sheets, tables, headings and widths come in their order; a table without a name has that of its sheet; the files are told."""
    assert [(sheet.name, sheet.above, sheet.table.name if sheet.table else None) for sheet in book.sheets] == [
        ("About", ("Ruritania and the League",), None),
        ("Register", ("Milestones", "One row for each milestone."), "Milestones"),
        ("Offices", ("Offices", "One row for each office; some are texts that a spreadsheet is tempted to change."), "Offices"),
        ("Kinds & sources", ("=Sources", "@sources"), "Sources"),
        ("Answers", ("Answers", "One row for each source of a milestone.", "Send them back."), "Answers"),
    ]
    table = book.sheets[3].table
    assert (table.headings, table.widths) == (("+Title", "Share", "Whole"), (30, 8, 8))
    assert book.companion == book.sheets[1].table
    assert book.language == "en-GB"
    assert [path.relative_to(TINY / "templates").as_posix() for path in book.inputs] == ["locale/en.yaml", REGISTER]


def test_another_process_finds_the_code_of_an_expression(
    evaluated: Callable[[str], Book], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was compiled is kept, as long as the expression is the same, and its names, and how loops are made; once for each place."""
    compiled: list[object] = []
    compile_ = Environment.compile
    monkeypatch.setattr(Environment, "compile", lambda *given: compiled.append(given) or compile_(*given))
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    (tmp_path / "code").mkdir()
    monkeypatch.setattr(environment, "CODE", tmp_path / "code")

    def compiles(declaration: str) -> int:
        monkeypatch.setattr(environment, "COMPILED", {})  # as in another process
        compiled.clear()
        evaluated(declaration)
        return len(compiled)

    assert [compiles(SHEET), compiles(SHEET)] == [7, 0]
    assert compiles(SHEET.replace("item: one", "item: two").replace("one.", "two.")) == 3
    monkeypatch.setattr(workbook, "LOOPS", "another")
    assert compiles(SHEET) == 7
    assert len([*(tmp_path / "code").iterdir()]) == 7


def test_lines_keep_their_order_links_and_headings(book: Book) -> None:
    """A sheet without a table is lines of text, some of them headings, some of them links; of one to a sheet that is left out, nothing."""
    assert book.sheets[0].lines == (
        (Cell("A dataset in which every feature of the data stands once."), False),
        (Cell("Contents"), True),
        (Cell("Register: all 14 milestones", "#Register"), False),
        (Cell("Offices: of all people", "#Offices"), False),
        (Cell("Kinds & sources: where the facts are from", "#Kinds & sources"), False),
        (Cell("=1+1"), False),
        (Cell("Answers: yours", "#Answers"), False),
        (Cell(None), False),
        (Cell(None), False),
    )


def test_a_tab_names_a_sheet_in_the_language(tiny_templates: Path, tiny_view: View, problems: Problems) -> None:
    """Readers see the tab, and links lead there; the declaration speaks of the sheet by its name, and a table without one has the tab's."""
    for name, tab in (("Register", "Registar događaja"), ("Offices", "Дужности")):
        edit(tiny_templates / REGISTER, f"  - name: {name}\n", f"  - name: {name}\n    tab: \"'{tab}'\"\n")
    edit(tiny_templates / REGISTER, "    table: Milestones\n", "")
    book = evaluate(tiny_view, tiny_templates, REGISTER)
    assert [sheet.name for sheet in book.sheets] == ["About", "Registar događaja", "Дужности", "Kinds & sources", "Answers"]
    assert [sheet.table.name for sheet in book.sheets[1:3] if sheet.table] == ["Registar_događaja", "Дужности"]
    assert [cell.link for cell, _ in book.sheets[0].lines if cell.link][:2] == ["#Registar događaja", "#Дужности"]
    assert book.companion == book.sheets[1].table
    assert book.declared("Offices") == [book.sheets[2]]
    second = SECOND % ("Second", "Second")
    tab = "    tab: \"'{}'\"\n    title: \"'Second'\""
    for name, expected in {
        "Facts": "12:10: another sheet is called 'Facts' too",
        "A: b": f"12:10: 'A: b' {NO_SHEET}",
        "": f"12:10: '' {NO_SHEET}",
    }.items():
        assert problems(SHEET + second.replace("    title: \"'Second'\"", tab.format(name))) == [expected]


def test_values_keep_their_types(book: Book) -> None:
    """A date stays a date, a number a number, a text a text, whatever it looks like; what is not known is nothing, also as a link."""
    rows = {row[0].value: row for row in book.companion.rows}
    assert rows["M2004-1"][2:4] == (Cell(date(2004, 12, 1)), Cell(None))
    assert rows["M2004-1"][7:] == (Cell(2), Cell("Harbours to open", "https://courier.example/harbours"))
    assert {row[8].link for row in rows.values() if row[8].value == "Neutral harbours, a study"} == {None}
    sources = book.sheets[3].table
    assert sources.rows[0][1:] == (Cell(Decimal("1234.5")), Cell(Decimal(3)))
    types = {type(cell.value).__name__ for row in (*rows.values(), *sources.rows) for cell in row}
    assert types == {"str", "date", "int", "Decimal", "NoneType"}
    assert [row[0].value for row in book.sheets[2].table.rows] == OFFICES


def test_a_table_has_a_row_for_each_item(book: Book, evaluated: Callable[[str], Book]) -> None:
    """An expression that does not ask for its record gives the same in each row; when there is nothing to tell, there are headings."""
    assert [row[1].link for row in book.sheets[2].table.rows] == ["#About"] * 10
    assert [row[0] for row in evaluated(SHEET.replace("one.id", "\"'=1'\"")).companion.rows] == [Cell("=1")] * 14
    table = evaluated(SHEET.replace("rows: view.milestones", "rows: '[]'")).companion
    assert (table.headings, table.rows) == (("Id", "Text"), ())


def test_a_table_has_a_row_for_each_part(book: Book, tiny_view: View) -> None:
    """With parts, each item has as many rows as it has parts, none if it has none; an optional column of nothing is left out."""
    (table,) = (sheet.table for sheet in book.sheets if sheet.name == "Answers")
    assert table.headings == ("Reference", "Source", "Status", "Verdict", "Whose", "Day of the verdict", "Remark")
    expected = [(milestone.id, evidence.source) for milestone in tiny_view.milestones for evidence in milestone.evidence]
    assert [(row[0].value, row[1].value) for row in table.rows] == [(key, tiny_view.source(source).publisher) for key, source in expected]


def test_what_has_no_row_is_left_out(tiny_templates: Path, tiny_view: View) -> None:
    """A sheet without a row is left out, with what links to it, unless it is the one for a CSV file."""
    edit(tiny_templates / REGISTER, "value: office.role, link: \"'#About'\"", "value: office.role, link: \"'#Nothing'\"")
    sheets = {sheet.name: sheet for sheet in evaluate(tiny_view, tiny_templates, REGISTER).sheets}
    assert list(sheets) == ["About", "Register", "Offices", "Kinds & sources", "Answers"]
    assert {row[1].link for row in sheets["Offices"].table.rows} == {None}
    edit(tiny_templates / REGISTER, "companion: Register", "companion: Nothing")
    sheets = {sheet.name: sheet for sheet in evaluate(tiny_view, tiny_templates, REGISTER).sheets}
    assert (sheets["Nothing"].table.rows, sheets["Offices"].table.rows[0][1].link) == ((), "#Nothing")


def test_a_subtitle_stands_under_each_title(tiny_templates: Path, tiny_view: View) -> None:
    """Each sheet has it in its second row, above its lines or the lines above its table."""
    edit(tiny_templates / REGISTER, "lists: Offices", "lists: Offices\nsubtitle: about.edition")
    sheets = evaluate(tiny_view, tiny_templates, REGISTER).sheets
    assert [(sheet.above[1], sheet.head) for sheet in sheets] == [("1", 3), ("1", 4), ("1", 4), ("1", 4), ("1", 5)]


def test_records_tell_to_what_they_refer(tiny: Dataset) -> None:
    """Each reference of a record to another is told once, with the field that it stands in; sources are told by the evidence."""
    assert relations(tiny.by_id["M2010-1"]) == (
        *(("evidence", source) for source in ("gazette", "courier", "leaflet")),
        *(("frameworks", "charter"), ("areas", "harbours"), ("bodies", "council"), ("people", "rudolf")),
    )
    assert relations(tiny.by_id["rudolf-on-harbours"]) == (
        *(("evidence", "courier"), ("speaker", "rudolf"), ("about", "charter"), ("about", "M2010-1"), ("counter_evidence", "institute")),
    )
    assert set(relations(tiny.by_id["open-harbours"])) >= {("counted_by", "admiralty"), ("evidence", "gazette")}
    areas = [area for area in tiny.all(Area) if area.activities]
    assert areas
    assert all({relation.field for relation in relations(area)} == {"evidence"} for area in areas)


HTML = "gives HTML, which a cell shows as it is written; use 'plain' for a text, and 'label' for the name of a record"
KIND = "which a cell can't hold; make it a text, a number or a date"
DAY = "write '| date' for its words, '.earliest' or '.latest' for a day"
DIGITS = "gives a number of more than 15 digits, and a spreadsheet keeps no more"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("one.id", "'\"{{ one.id }}\" ('", ["9:46: expression syntax: unexpected 'end of template'"]),
        ("one.id", "one.id one", ["9:46: expression syntax: 'one' stands behind its end"]),
        ("one.id", "'one.id }}{{ one.id'", ["9:46: expression syntax: '}}' stands behind its end"]),
        ("one.id", "two", ["9:46: 'two' is undefined"]),
        ("one.id", "one.titel", ["9:46: the milestone has no 'titel' (did you mean 'title'?)"]),
        ("one.id", "one.id | uper", ["9:46: expression syntax: No filter named 'uper'."]),
        ("one.id", "view.source('x')", ["9:46: there is no 'x'"]),
        ("one.id", "(" * 300 + "1" + ")" * 300, ["9:46: is nested too deeply, or includes or calls itself without end"]),
        ("one.id", "one.evidence", [f"9:46: gives a tuple, {KIND}"]),
        ("one.id", "view.moment", [f"9:46: gives a datetime, {KIND}"]),
        ("one.id", "one.date", [f"9:46: gives a date that may be a month or a span; {DAY}"]),
        ("one.id", "one.id | link", [f"9:46: {HTML}"]),
        ("one.id", "\"'see ' ~ (one.evidence | mark)\"", [f"9:46: {HTML}"]),
        ("\"'Facts'\"", "about.purpose | inline", [f"5:12: {HTML}"]),
        ("one.id", '"10 ** 15"', [f"9:46: {DIGITS}"]),
        ("one.id", '"1e308 * (one.id | length) - 1e308 * (one.id | length)"', [f"9:46: {DIGITS}"]),
        ("one.id", "\"'a\\\\x0bb'\"", ["9:46: gives a text with the character U+000B (a control character), which a cell can't hold"]),
        ("one.id", "one.id, link: one.nothing", ["9:60: the milestone has no 'nothing'"]),
        ("\"'Id'\"", "none", ["9:20: gives no text; each column needs a heading"]),
        ("\"'Id'\"", "\"'TEXT'\"", ["10:20: another column is called 'Text' too"]),
        ("\"'Id'\"", "\"'a' * 256\"", ["9:20: gives a text of 256 characters; a heading holds 255"]),
        ("view.milestones", "view.milestone", ["6:11: the view has no 'milestone' (did you mean 'milestones'?)"]),
        ("view.milestones", "view.title", ["6:11: gives a str, not a list with an item for each row"]),
        ("companion: Facts", "companion: Fakts", ["2:12: no sheet with a table is called 'Fakts' (did you mean 'Facts'?)"]),
        ("item: one", "item: One", ["7:11: 'One' is not a name for the item of a row, such as 'milestone': small letters and underscores"]),
    ],
)
def test_what_is_wrong_has_its_place(old: str, new: str, expected: list[str], problems: Problems) -> None:
    """An expression that has no value, or one that no cell can hold, is a problem at its line and column."""
    assert SHEET.count(old) >= 1
    assert problems(SHEET.replace(old, new, 1)) == expected


def test_problems_of_several_expressions_come_at_once(problems: Problems) -> None:
    """One wrong expression does not hide another; one that fails for every row is told once; a missing term is the language's problem."""
    title, term = ("\"'Facts'\"", "facts"), ("one.id", 'term("status." ~ one.status ~ "e")')
    assert problems(SHEET.replace(*title).replace(*term).replace("one.text", "one.textt")) == [
        "templates/locale/en.yaml:17:3: there is no term 'status.donee' (did you mean 'done'?)",
        "5:12: 'facts' is undefined",
        "10:48: the milestone has no 'textt' (did you mean 'text'?)",
    ]


def test_a_bug_of_ours_is_not_swallowed(evaluated: Callable[[str], Book], monkeypatch: pytest.MonkeyPatch) -> None:
    """An error from inside the program goes up as it is: it is not the declaration's."""

    def broken(self: Prose, identifier: str) -> str:
        return self.no_such_method(identifier)  # type: ignore[no-any-return]

    monkeypatch.setattr(Prose, "name", broken)
    broken.__code__ = broken.__code__.replace(co_filename=evaluate.__code__.co_filename)
    with pytest.raises(AttributeError, match="no_such_method"):
        evaluated(SHEET.replace("one.id", "one.id | name"))


SECOND = """\
  - name: %s
    title: "'Second'"
    table: %s
    rows: view.sources
    columns:
      - { heading: "'Id'", width: 10, value: row.id }
"""


@pytest.mark.parametrize(
    ("name", "table", "expected"),
    [
        ("facts", "Others", "11:11: another sheet is called 'facts' too"),
        ("Others", "FACTS", "13:12: another table is called 'FACTS' too"),
        ("Others", "Other facts", f"13:12: 'Other facts' {NO_TABLE}"),
        ("Others", "A1", f"13:12: 'A1' {NO_TABLE}"),
        ("Others", "R1C1", f"13:12: 'R1C1' {NO_TABLE}"),
        ("Others?", "Others", f"11:11: 'Others?' {NO_SHEET}"),
        ("'Other''s'", "Others", f"11:11: 'Other's' {NO_SHEET}"),
        ("History", "Others", f"11:11: 'History' {NO_SHEET}"),
        ("A name of thirty-two characters.", "Others", f"11:11: 'A name of thirty-two characters.' {NO_SHEET}"),
        (SMILES, "Others", f"11:11: '{SMILES}' {NO_SHEET}"),
        ("Others", "XFD1048576", f"13:12: 'XFD1048576' {NO_TABLE}"),
        ("Others", "r", f"13:12: 'r' {NO_TABLE}"),
        ("Others", "rc", f"13:12: 'rc' {NO_TABLE}"),
        ("Others", "Print_Area", f"13:12: 'Print_Area' {MEANT}"),
        ("Others", "true", f"13:12: 'true' {MEANT}"),
        ("_x0041_", "Others", "11:11: '_x0041_' is no name for a sheet: Excel reads _x0041_ in it as another character"),
        ("Others", "a_xAbCd_", "13:12: 'a_xAbCd_' is no name for a table: Excel reads _xAbCd_ in it as another character"),
        ("Others", "a" * 256, "13:12: the name of the table has 256 characters; Excel holds 255"),
    ],
)
def test_names_are_what_excel_allows(name: str, table: str, expected: str, problems: Problems) -> None:
    """Two sheets or two tables have different names, whatever their case, and names are such that Excel opens the file."""
    assert problems(SHEET + SECOND % (name, table)) == [expected]


NEITHER = ["4:5: the sheet 'Facts' needs either lines, or rows and columns"]
LINES = "    lines:\n      - text: about.title\n"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("    rows: view.milestones\n", "", NEITHER),
        ("    rows: view.milestones\n", f"    rows: view.milestones\n{LINES}", NEITHER),
        (SHEET[SHEET.index("    columns") :], "", NEITHER),
        (
            SHEET[SHEET.index("    rows") :],
            f"    intro: [facts]\n    table: Facts\n    item: fact\n{LINES}",
            [
                "6:12: 'intro' is for a table, and the sheet 'Facts' has lines",
                "7:12: 'table' is for a table, and the sheet 'Facts' has lines",
                "8:11: 'item' is for a table, and the sheet 'Facts' has lines",
            ],
        ),
    ],
)
def test_a_sheet_is_lines_or_a_table(old: str, new: str, expected: list[str], problems: Problems) -> None:
    """A sheet that holds nothing, half a table, or what nobody would see, is a problem."""
    declaration = SHEET.replace(old, new).replace("companion: Facts", "companion: Second") + SECOND % ("Second", "Second")
    assert problems(declaration) == expected


def test_a_sheet_has_so_many_columns(problems: Problems, monkeypatch: pytest.MonkeyPatch) -> None:
    """A column beyond the last that Excel has is a problem at its place."""
    monkeypatch.setattr("reports.renderers.declaration.MOST_COLUMNS", 1)
    assert problems(SHEET) == ["10:9: the sheet 'Facts' has 2 columns; Excel holds 1"]


def test_paper_leaves_out_the_last_columns(evaluated: Callable[[str], Book], problems: Problems) -> None:
    """A column that paper would show all the same, and a table of which it would show nothing, are a problem."""
    last = SHEET.replace("one.text", "one.text, printed: false")
    wrong = ["9:63: only the last columns of a table can be left out on paper, and never all of them"]
    assert (evaluated(SHEET).companion.printed, evaluated(last).companion.printed) == (2, 1)
    for declaration in (SHEET, last):
        assert problems(declaration.replace("one.id", "one.id, printed: false")) == wrong


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("register/nothing.yaml", "templates/register/nothing.yaml: can't be read: no such file or directory"),
        ("register/link.yaml", "outside the folder 'templates'; put a copy of it here"),
        ("register/broken.yaml", "templates/register/broken.yaml:1:7: a text that begins with '[' has to stand in quotes"),
    ],
)
def test_a_declaration_is_yaml_among_the_templates(name: str, expected: str, tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """A file that is missing, that lies elsewhere, or that is no YAML, is a problem that names it."""
    (tiny_templates.parent / "secret.yaml").write_text("secret", "utf-8")
    (tiny_templates / "register" / "link.yaml").symlink_to("../../secret.yaml")
    (tiny_templates / "register" / "broken.yaml").write_text("font: [Calibri", "utf-8")
    with pytest.raises(ReportsError) as error:
        evaluate(tiny_view, tiny_templates, name)
    (problem,) = show(error.value.problems)
    assert expected in problem
