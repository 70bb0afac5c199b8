"""Declared sheets: their values keep their types, and what is wrong has its place in the declaration."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from jinja2.defaults import DEFAULT_FILTERS

from reports.documents.view import View
from reports.errors import ReportsError
from reports.renderers.prose import Prose
from reports.renderers.sheets import Book, Cell, evaluate
from tests.conftest import TINY, Show, edit

REGISTER = "register/register.yaml"
NO_SHEET = "is no name for a sheet: at most 31 characters, none of []:*?/\\', and not 'History'"
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


@pytest.fixture(scope="module")
def book(tiny_view: View) -> Book:
    return evaluate(tiny_view, TINY / "templates", REGISTER)


def write(templates: Path, declaration: str) -> None:
    (templates / "register" / "test.yaml").write_text(declaration, "utf-8")


def problems(templates: Path, view: View, show: Show, declaration: str) -> list[str]:
    """Return what is wrong with *declaration*, without the file's name."""
    write(templates, declaration)
    with pytest.raises(ReportsError) as error:
        evaluate(view, templates, "register/test.yaml")
    return [line.removeprefix("templates/register/test.yaml:") for line in show(error.value.problems)]


def test_the_sheets_are_as_declared(book: Book) -> None:
    """Sheets, tables, headings and widths come in their order; a table without a name has that of its sheet."""
    assert [(sheet.name, sheet.title, sheet.table.name if sheet.table else None) for sheet in book.sheets] == [
        ("About", "Ruritania and the League", None),
        ("Register", "Milestones", "Milestones"),
        ("Offices", "Offices", "Offices"),
        ("Kinds & sources", "=Sources", "Sources"),
    ]
    table = book.sheets[3].table
    assert table is not None
    assert (table.headings, table.widths) == (("+Title", "Share", "Whole"), (30, 8, 8))
    assert book.companion == book.sheets[1].table
    assert book.language == "en-GB"


def test_lines_keep_their_order_links_and_headings(book: Book) -> None:
    """A sheet without a table is lines of text, some of them headings, some of them links."""
    assert book.sheets[0].lines == (
        (Cell("A dataset in which every feature of the data stands once."), False),
        (Cell("Contents"), True),
        (Cell("Register: all 14 milestones", "#Register"), False),
        (Cell("Offices: of all people", "#Offices"), False),
        (Cell("Kinds & sources: where the facts are from", "#Kinds & sources"), False),
        (Cell("=1+1"), False),
    )


def test_values_keep_their_types(book: Book) -> None:
    """A date stays a date, a number a number, a text a text, and what is not known is nothing."""
    table = book.companion
    row = next(row for row in table.rows if row[0].value == "M2004-1")
    assert row[2:4] == (Cell(date(2004, 12, 1)), Cell(None))
    assert (row[7], row[8]) == (Cell(2), Cell("Harbours to open", "https://courier.example/harbours"))
    sources = book.sheets[3].table
    assert sources is not None
    assert sources.rows[0][1:] == (Cell(Decimal("1234.5")), Cell(Decimal(3)))
    types = {type(cell.value).__name__ for row in (*table.rows, *sources.rows) for cell in row}
    assert types == {"str", "date", "int", "Decimal", "NoneType"}


def test_hostile_texts_stay_texts(book: Book) -> None:
    """A text that looks like a number, a truth value, markup or a formula is the same text."""
    table = book.sheets[2].table
    assert table is not None
    offices = ["Envoy", "1.10", "1,2", "None", "=1+1", "<24 h>", "A & B", "č ć đ š ž", "007", "no"]
    assert [row[0].value for row in table.rows] == offices
    assert {type(row[0].value) for row in table.rows} == {str}


def test_a_constant_stands_in_every_row(book: Book, tiny_templates: Path, tiny_view: View) -> None:
    """An expression that does not ask for its record gives the same in each row, as a value and as a link."""
    table = book.sheets[2].table
    assert table is not None
    assert [row[1].link for row in table.rows] == ["#About"] * 10
    write(tiny_templates, SHEET.replace("one.id", "\"'=1'\""))
    assert [row[0] for row in evaluate(tiny_view, tiny_templates, "register/test.yaml").companion.rows] == [Cell("=1")] * 14


def test_a_record_without_a_link_has_none(book: Book) -> None:
    """A link that an expression does not give is no link."""
    table = book.companion
    links = {row[8].value: row[8].link for row in table.rows}
    assert links["Neutral harbours, a study"] is None
    assert len([link for link in links.values() if link]) > 3


def test_a_table_may_have_no_rows(tiny_templates: Path, tiny_view: View) -> None:
    """When there is nothing to tell, the table has its headings."""
    write(tiny_templates, SHEET.replace("rows: view.milestones", "rows: '[]'"))
    table = evaluate(tiny_view, tiny_templates, "register/test.yaml").companion
    assert (table.headings, table.rows) == (("Id", "Text"), ())


def test_inputs_are_told(book: Book) -> None:
    """The declaration and the terms are what the sheets were made with."""
    assert [path.relative_to(TINY / "templates").as_posix() for path in book.inputs] == ["locale/en.yaml", REGISTER]


DIGITS = "for integer string conversion: value has 5000 digits; use sys.set_int_max_str_digits() to increase the limit"
HTML = "gives HTML, which a cell shows as it is written; use 'plain' for a text, and 'label' for the name of a record"
ID = "\"'Id'\", width: 10, value: one.id }"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("one.id", "one.id +", ["9:46: expression syntax: unexpected 'end of template'"]),
        ("one.id", "'\"{{ one.id }}\" ('", ["9:46: expression syntax: unexpected 'end of template'"]),
        ("one.id", "two.id", ["9:46: 'two' is undefined"]),
        ("one.id", "two", ["9:46: 'two' is undefined"]),
        ("one.id", "one.titel", ["9:46: 'reports.dataset.model.Milestone object' has no attribute 'titel'"]),
        ("one.id", "one.date.start.mark.name", ["9:46: 'str object' has no attribute 'name'"]),
        ("one.id", "one.id | uper", ["9:46: expression syntax: No filter named 'uper'."]),
        ("one.id", "one.id.__class__", ["9:46: access to attribute '__class__' of 'str' object is unsafe."]),
        ("one.id", "1 / 0", ["9:46: division by zero"]),
        ("one.id", '"one.id | center(1, 2, 3)"', ["9:46: do_center() takes from 1 to 2 positional arguments but 4 were given"]),
        ("one.id", "one.id | format(value=1)", ["9:46: do_format() got multiple values for argument 'value'"]),
        ("one.id", "one.evidence", ["9:46: gives a tuple, which a cell can't hold; make it a text, a number or a date"]),
        ("one.id", "'[one.id]'", ["9:46: gives a list, which a cell can't hold; make it a text, a number or a date"]),
        ("one.id", "one.key", ["9:46: gives a bool, which a cell can't hold; make it a text, a number or a date"]),
        ("one.id", "one.date", ["9:46: gives a Date, which a cell can't hold; make it a text, a number or a date"]),
        ("one.id", "one.id, link: one.nothing", ["9:60: 'reports.dataset.model.Milestone object' has no attribute 'nothing'"]),
        ("one.id", "term ~ ''", ["9:46: gives a function or another object of the program, not what it gives; is a '()' missing?"]),
        ("one.id", "one.id | link", [f"9:46: {HTML}"]),
        ("one.id", "one.text | inline", [f"9:46: {HTML}"]),
        ("one.id", "one.text | prose", [f"9:46: {HTML}"]),
        ("one.id", "\"'see ' ~ (one.evidence | mark)\"", [f"9:46: {HTML}"]),
        ("one.id", "one.id, link: one.id | link", [f"9:60: {HTML}"]),
        ("\"'Facts'\"", "about.purpose | inline", [f"5:12: {HTML}"]),
        ("one.id", "view.moment", ["9:46: gives a datetime, which a cell can't hold; make it a text, a number or a date"]),
        ("one.id", '"10 ** 15"', ["9:46: gives a number of more than 15 digits, and a spreadsheet keeps no more"]),
        ("one.id", '"1e308 * (one.id | length)"', ["9:46: gives a number of more than 15 digits, and a spreadsheet keeps no more"]),
        (
            "one.id",
            "'view.counts[0].figure.value.from_float(1e308 * (one.id | length) - 1e308 * (one.id | length))'",
            ["9:46: gives a number of more than 15 digits, and a spreadsheet keeps no more"],
        ),
        (
            "one.id",
            '"1e308 * (one.id | length) - 1e308 * (one.id | length)"',
            ["9:46: gives a number of more than 15 digits, and a spreadsheet keeps no more"],
        ),
        ("one.id", "\"'a\\\\x0bb'\"", ["9:46: gives a text with the character U+000B (a control character), which a cell can't hold"]),
        ("one.id", "\"'\\\\ud800'\"", ["9:46: gives a text with the character U+D800 (no character), which a cell can't hold"]),
        ("one.id", "view.source('x')", ["9:46: there is no 'x'"]),
        ("one.id", "view.source(1)", ["9:46: '1' is no identifier for 'source'"]),
        ("one.id", "9" * 5000, [f"9:46: exceeds the limit (4300 digits) {DIGITS}"]),
        ("one.id", "(" * 300 + "1" + ")" * 300, ["9:46: is nested too deeply, or includes or calls itself without end"]),
        ("one.id", "1 + " * 4000 + "1", ["9:46: is nested too deeply, or includes or calls itself without end"]),
        ("\"'Facts'\"", "facts", ["5:12: 'facts' is undefined"]),
        ("\"'Facts'\"", "about", ["5:12: gives a About, which a cell can't hold; make it a text, a number or a date"]),
        ("\"'Id'\"", "id", ["9:20: 'id' is undefined"]),
        ("\"'Id'\"", "\"''\"", ["9:20: gives no text; each column needs a heading"]),
        ("\"'Id'\"", "none", ["9:20: gives no text; each column needs a heading"]),
        ("\"'Id'\"", "\"'TEXT'\"", ["10:20: another column is called 'Text' too"]),
        ("view.milestones", "view.milestone", ["6:11: 'reports.documents.view.View object' has no attribute 'milestone'"]),
        ("view.milestones", "view.title", ["6:11: gives a str, not a list with an item for each row"]),
        ("view.milestones", "view.milestones | length", ["6:11: gives a int, not a list with an item for each row"]),
        ("view.milestones", "none", ["6:11: gives a NoneType, not a list with an item for each row"]),
        ("view.milestones", "view.milestones | nothing", ["6:11: expression syntax: No filter named 'nothing'."]),
        ("companion: Facts", "companion: Fakts", ["2:12: no sheet with a table is called 'Fakts' (did you mean 'Facts'?)"]),
        (
            "  - name: Facts",
            "  - table: Facts\n    name: Facts/1",
            [
                "2:12: no sheet with a table is called 'Facts' (did you mean 'Facts/1'?)",
                f"5:11: 'Facts/1' {NO_SHEET}",
            ],
        ),
        ("width: 10, value: one.id", "width: 2, value: one.id", ["9:35: '2' is too small; it starts at 3"]),
        ("width: 10, value: one.id", "width: 121, value: one.id", ["9:35: '121' is too large; it ends at 120"]),
        ("item: one", "item: One", ["7:11: 'One' is not a name for the item of a row, such as 'milestone': small letters and underscores"]),
        (
            "      - { heading: \"'Id'\"",
            "".join(f"      - {{ heading: \"'{n}'\", width: 3, value: one.id }}\n" for n in range(199)) + "      - { heading: \"'Id'\"",
            ["9:7: 'columns' has 201 items; 200 at most"],
        ),
        ("width: 10, value: one.id", "width: wide, value: one.id", ["9:35: 'wide' is not a whole number"]),
        (
            "width: 10, value: one.id",
            "witdh: 10, value: one.id",
            ["9:9: the field 'width' is missing", "9:28: there is no field 'witdh' here (did you mean 'width'?)"],
        ),
    ],
)
def test_what_is_wrong_has_its_place(old: str, new: str, expected: list[str], tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """An expression that has no value, or one that no cell can hold, is a problem at its line and column."""
    assert SHEET.count(old) >= 1
    assert problems(tiny_templates, tiny_view, show, SHEET.replace(old, new, 1)) == expected


@pytest.mark.parametrize("name", ["../secret.yaml", "/etc/passwd", "register/link.yaml"])
def test_a_declaration_lies_in_the_templates(name: str, tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """A document that names a file elsewhere does not learn what stands in it."""
    (tiny_templates.parent / "secret.yaml").write_text("secret", "utf-8")
    (tiny_templates / "register" / "link.yaml").symlink_to("../../secret.yaml")
    with pytest.raises(ReportsError) as error:
        evaluate(tiny_view, tiny_templates, name)
    (problem,) = show(error.value.problems)
    assert problem.endswith("outside the folder 'templates'; put a copy of it here")


def test_a_term_that_is_missing_is_a_problem_of_the_terms(tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """A term that the language lacks is a problem of the language's file, with the nearest one, since it is there that it is missing."""
    write(tiny_templates, SHEET.replace("one.id", 'term("status." ~ one.status ~ "e")'))
    with pytest.raises(ReportsError) as error:
        evaluate(tiny_view, tiny_templates, "register/test.yaml")
    expected = "templates/locale/en.yaml:17:3: there is no term 'status.donee' (did you mean 'done'?)"
    assert show(error.value.problems) == [expected]


def test_problems_of_several_expressions_come_at_once(tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """One wrong expression does not hide another; one that fails for every row is told once."""
    declaration = SHEET.replace("one.id", "one.idd").replace("one.text", "one.textt").replace("\"'Facts'\"", "facts")
    assert problems(tiny_templates, tiny_view, show, declaration) == [
        "5:12: 'facts' is undefined",
        "9:46: 'reports.dataset.model.Milestone object' has no attribute 'idd'",
        "10:48: 'reports.dataset.model.Milestone object' has no attribute 'textt'",
    ]


def test_a_bug_of_ours_is_not_swallowed(tiny_templates: Path, tiny_view: View, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error from inside the program goes up as it is, from a row and from a title: it is not the declaration's."""

    def broken(self: Prose, identifier: str) -> str:
        return self.no_such_method(identifier)  # type: ignore[no-any-return]

    monkeypatch.setattr(Prose, "name", broken)
    broken.__code__ = broken.__code__.replace(co_filename=evaluate.__code__.co_filename)
    for old, new in (("one.id", "one.id | name"), ("\"'Facts'\"", "\"'a' | name\"")):
        write(tiny_templates, SHEET.replace(old, new, 1))
        with pytest.raises(AttributeError, match="no_such_method"):
            evaluate(tiny_view, tiny_templates, "register/test.yaml")


def test_an_error_without_words_is_called_by_its_name(
    tiny_templates: Path, tiny_view: View, show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No problem is empty: when what a library raised says nothing, its kind is told."""

    def silent(text: str) -> str:
        raise NotImplementedError

    monkeypatch.setitem(DEFAULT_FILTERS, "upper", silent)
    assert problems(tiny_templates, tiny_view, show, SHEET.replace("one.id", "one.id | upper")) == ["9:46: notImplementedError"]


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
        ("facts", "Others", ["11:11: another sheet is called 'facts' too"]),
        ("Others", "FACTS", ["13:12: another table is called 'FACTS' too"]),
        (
            "Others",
            "Other facts",
            [f"13:12: 'Other facts' {NO_TABLE}"],
        ),
        ("Others", "A1", [f"13:12: 'A1' {NO_TABLE}"]),
        ("Others", "R1C1", [f"13:12: 'R1C1' {NO_TABLE}"]),
        ("Others", "1st", [f"13:12: '1st' {NO_TABLE}"]),
        ("Others?", "Others", [f"11:11: 'Others?' {NO_SHEET}"]),
        ("'Other''s'", "Others", [f"11:11: 'Other's' {NO_SHEET}"]),
        ("History", "Others", [f"11:11: 'History' {NO_SHEET}"]),
        (
            "A name of thirty-two characters.",
            "Others",
            [f"11:11: 'A name of thirty-two characters.' {NO_SHEET}"],
        ),
    ],
)
def test_names_are_what_excel_allows(name: str, table: str, expected: list[str], tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """Two sheets or two tables have different names, whatever their case, and names are such that Excel opens the file."""
    assert problems(tiny_templates, tiny_view, show, SHEET + SECOND % (name, table)) == expected


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    rows: view.milestones\n", ""),
        ("    rows: view.milestones\n", "    rows: view.milestones\n    lines:\n      - text: about.title\n"),
        (SHEET[SHEET.index("    columns") :], ""),
        (SHEET[SHEET.index("    rows") :], ""),
    ],
)
def test_a_sheet_is_lines_or_a_table(old: str, new: str, tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """A sheet that holds nothing, half a table, or lines that a table would hide, is a problem."""
    declaration = SHEET.replace(old, new).replace("companion: Facts", "companion: Second") + SECOND % ("Second", "Second")
    assert problems(tiny_templates, tiny_view, show, declaration) == ["4:5: the sheet 'Facts' needs either lines, or rows and columns"]


def test_lines_have_nothing_of_a_table(tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """What a sheet of lines would pass over in silence is a problem where it stands."""
    lines = SHEET[SHEET.index("    rows") :]
    declared = "    intro: facts\n    table: Facts\n    item: fact\n    lines:\n      - text: about.title\n"
    declaration = SHEET.replace(lines, declared).replace("companion: Facts", "companion: Second") + SECOND % ("Second", "Second")
    assert problems(tiny_templates, tiny_view, show, declaration) == [
        "6:12: 'intro' is for a table, and the sheet 'Facts' has lines",
        "7:12: 'table' is for a table, and the sheet 'Facts' has lines",
        "8:11: 'item' is for a table, and the sheet 'Facts' has lines",
    ]


PAPER = "only the last columns of a table can be left out on paper, and never all of them"


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ((True, True), []),
        ((True, False), []),
        ((False, True), ["9:63: " + PAPER]),
        ((False, False), ["9:63: " + PAPER]),
    ],
)
def test_paper_leaves_out_the_last_columns(
    printed: tuple[bool, bool], expected: list[str], tiny_templates: Path, tiny_view: View, show: Show
) -> None:
    """A column that paper would show all the same, and a table of which it would show nothing, are a problem."""
    first, second = (f", printed: {str(one).lower()}" for one in printed)
    declaration = SHEET.replace("one.id", f"one.id{first}").replace("one.text", f"one.text{second}")
    if expected:
        assert problems(tiny_templates, tiny_view, show, declaration) == expected
    else:
        write(tiny_templates, declaration)
        assert evaluate(tiny_view, tiny_templates, "register/test.yaml").companion.printed == sum(printed)


def test_a_declaration_that_is_not_there(tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """A file that is missing, or no YAML, is a problem that names it."""
    with pytest.raises(ReportsError) as error:
        evaluate(tiny_view, tiny_templates, "register/nothing.yaml")
    assert show(error.value.problems) == ["templates/register/nothing.yaml: can't be read: no such file or directory"]
    edit(tiny_templates / REGISTER, "font: Calibri", "font: [Calibri")
    with pytest.raises(ReportsError) as error:
        evaluate(tiny_view, tiny_templates, REGISTER)
    (line,) = show(error.value.problems)
    assert line.startswith("templates/register/register.yaml:3:10: YAML syntax: ")
