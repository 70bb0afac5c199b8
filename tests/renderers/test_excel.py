"""The finished workbook, read back: values and types, what people find in it on screen and on paper, and what keeps it from being made."""

import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from openpyxl.utils import column_index_from_string, range_boundaries
from python_calamine import CalamineWorkbook

from reports.dataset.dataset import Dataset
from reports.documents.view import View
from reports.errors import ReportsError
from reports.renderers import RenderedFile
from reports.renderers.excel import _append, _make_cell, _Styles, render
from reports.renderers.excel_parts import finish
from reports.renderers.looks import read_looks
from reports.renderers.ooxml import unpack
from reports.renderers.workbook import Cell, evaluate
from reports.translations.locale import Locale
from tests.conftest import PROJECT, TINY, Show, edit, view_of
from tests.renderers.conftest import OFFICES, REGISTER

NAMESPACES = {
    "m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
}


@pytest.fixture(scope="module")
def register(tiny_view: View) -> RenderedFile:
    return render(tiny_view, TINY / "templates", REGISTER)


@pytest.fixture(scope="module")
def workbook(register: RenderedFile) -> Any:
    return openpyxl.load_workbook(BytesIO(register.content))


@pytest.fixture(scope="module")
def parts(register: RenderedFile) -> dict[str, bytes]:
    return unpack(register.content)


def find(part: bytes, path: str) -> list[Any]:
    """Return what the XPath *path* finds in the XML of *part*."""
    found: list[Any] = etree.XPath(path, namespaces=NAMESPACES)(etree.fromstring(part))
    return found


def sheets_of(parts: dict[str, bytes]) -> list[bytes]:
    return [part for name, part in sorted(parts.items()) if name.startswith("xl/worksheets/sheet")]


DECLARED = """\
font: Calibri
companion: Texts
sheets:
  - name: Texts
    title: "'Texts'"
    intro: ["'Under it'"]
    rows: >-
      {rows}
    item: one
    columns:
      - {{ heading: "'Name'", width: 10, value: "'Anna'" }}
      - {{ heading: "'Text'", width: 10, value: one }}
      - {{ heading: "'Link'", width: 10, value: "{linked}", link: "{link}" }}
"""
Write = Callable[..., Any]


@pytest.fixture
def write(tiny_templates: Path, tiny_view: View) -> Write:
    """A function that makes a workbook with a row for each of *rows*, in Jinja, and returns its one sheet and the file."""

    def write(rows: str, link: str = "none", linked: str = "'a'") -> tuple[Any, bytes]:
        (tiny_templates / "register" / "test.yaml").write_text(DECLARED.format(rows=rows, link=link, linked=linked), "utf-8")
        content = render(tiny_view, tiny_templates, "register/test.yaml").content
        return openpyxl.load_workbook(BytesIO(content))["Texts"], content

    return write


def head_of(sheet: Any) -> int:
    """Return the row in which the table of *sheet* has its headings."""
    (table,) = sheet.tables.values()
    row: int = range_boundaries(table.ref)[1]
    return row


def width_of(sheet: Any, letter: str = "B") -> float:
    """Return the width of the column *letter*: the file says it once for columns side by side that are as wide."""
    column = column_index_from_string(letter)
    widths: list[float] = [found.width for found in sheet.column_dimensions.values() if found.min <= column <= found.max]
    return widths[0]


def test_the_text_of_the_file_is_the_text_of_the_template(workbook: Any, register: RenderedFile, tiny_view: View) -> None:
    """What the sheets say stands in the cells in their order: a date as a date, a number as a number, a text as a text.

    Calamine, which shares no code with the library that writes, reads every value as openpyxl does.
    """
    book = evaluate(tiny_view, TINY / "templates", REGISTER)
    other = CalamineWorkbook.from_filelike(BytesIO(register.content))
    assert workbook.sheetnames == other.sheet_names == [sheet.name for sheet in book.sheets]
    for sheet in book.sheets:
        expected: list[tuple[Any, ...]] = [(line,) for line in sheet.above]
        if sheet.table:
            expected += [sheet.table.headings, *(tuple(cell.value for cell in row) for row in sheet.table.rows)]
        else:
            expected += [(cell.value,) for cell, _ in sheet.lines if cell.value]
        rows = [tuple(value.date() if isinstance(value, datetime) else value for value in row) for row in workbook[sheet.name].values]
        assert len(rows) > 5
        assert [row[: len(wanted)] for row, wanted in zip(rows, expected, strict=True)] == expected
        read = other.get_sheet_by_name(sheet.name).to_python()
        assert read == [["" if value is None else value for value in row] for row in rows]
        assert {type(value) for row in read for value in row} <= {str, float, date}


def test_values_are_shown_as_what_they_are(workbook: Any) -> None:
    """A day is a date that people sort by, shown as ISO 8601 has it; a whole number has no fraction; a text is formatted as text."""
    sheet = workbook["Register"]
    dates = [cell for row in sheet.iter_rows(min_row=4) for cell in row if isinstance(cell.value, datetime)]
    assert len(dates) > 20
    assert {(cell.number_format, cell.data_type, cell.column in (3, 4)) for cell in dates} == {("yyyy-mm-dd", "d", True)}
    share, whole = workbook["Kinds & sources"]["B4:C4"][0]
    assert (share.value, share.data_type, share.number_format) == (1234.5, "n", "General")
    assert (whole.value, type(whole.value), whole.number_format) == (3, int, "General")
    offices = [row[0] for row in workbook["Offices"].iter_rows(min_row=4)]
    assert [cell.value for cell in offices] == OFFICES
    assert {(cell.data_type, cell.number_format) for cell in offices} == {("s", "@")}


def test_nothing_is_a_formula(parts: dict[str, bytes], workbook: Any) -> None:
    """No cell of any sheet holds a formula: titles, introductions, headings, lines and links that begin as one are marked as texts."""
    sheets = sheets_of(parts)
    assert len(sheets) == 5
    for part in sheets:
        assert find(part, "//m:f") == []
        assert set(find(part, "//m:c/@t")) <= {"s", "n"}
    assert "xl/calcChain.xml" not in parts
    sources = workbook["Kinds & sources"]
    marked = [sources["A1"], sources["A2"], sources["A3"], workbook["About"]["A7"], workbook["Offices"]["B8"]]
    assert [(cell.value, bool(cell.quotePrefix)) for cell in marked] == [
        (text, True) for text in ("=Sources", "@sources", "+Title", "=1+1", "=1+1")
    ]
    assert not workbook["Offices"]["B7"].quotePrefix
    assert workbook["Offices"]["B8"].hyperlink.location == "'About'!A1"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "\tx", "\rx"])
def test_a_text_like_a_formula_stays_a_text(text: str, write: Write) -> None:
    """A text that begins as a formula does is a text, which stays one when somebody edits the cell; other cells are not so marked."""
    literal = text.replace("\t", "\\t").replace("\r", "\\r")
    sheet, content = write(f"['{literal}', 'plain']")
    cells = [sheet.cell(row, 2) for row in (4, 5)]
    assert [(cell.data_type, bool(cell.quotePrefix)) for cell in cells] == [("s", True), ("s", False)]
    assert [row[1] for row in CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()][-2:] == [text, "plain"]
    (part,) = sheets_of(unpack(content))
    assert find(part, "//m:f") == []
    assert find(part, "//m:c[@r='B4']/@t") == ["s"]


def test_every_table_is_marked_up_as_a_table(parts: dict[str, bytes], workbook: Any) -> None:
    """Each table is one of Excel's own, with a name, a filter and a style, alone on its sheet, with nothing beside or under it.

    A screen reader finds what it is in the extension that Excel reads, which is the last child of the table.
    """
    cover, *tables = workbook
    assert not cover.tables
    assert [list(sheet.tables) for sheet in tables] == [["Milestones"], ["Offices"], ["Sources"], ["Answers"]]
    for number, sheet in enumerate(tables, start=1):
        (table,) = sheet.tables.values()
        assert (table.headerRowCount, table.totalsRowCount, table.tableStyleInfo.name) == (1, None, "TableStyleLight1")
        assert table.autoFilter.ref == table.ref
        head = head_of(sheet)
        assert [column.name for column in table.tableColumns] == [cell.value for cell in sheet[head]]
        assert range_boundaries(table.ref) == (1, head, sheet.max_column, sheet.max_row)
        (extension,) = find(parts[f"xl/tables/table{number}.xml"], "/m:table/m:extLst[not(following-sibling::*)]/m:ext")
        assert extension.get("uri") == "{504A1905-F514-4f6f-8877-14C23A59335A}"
        assert dict(extension[0].attrib) == {
            "altText": sheet["A1"].value,
            "altTextSummary": " ".join(sheet.cell(row, 1).value for row in range(2, head)),
        }


def test_texts_are_wrapped(workbook: Any) -> None:
    """A long text is wrapped in its cell, in tables, headings and lines; the title of each sheet is larger than the rest."""
    cover, *tables = workbook
    rows = [*cover.iter_rows(min_row=2), *(row for sheet in tables for row in sheet.iter_rows(min_row=head_of(sheet)))]
    cells = [cell for row in rows for cell in row if isinstance(cell.value, str)]
    assert len(cells) > 100
    assert [cell.coordinate for cell in cells if not (cell.alignment.wrap_text and cell.alignment.vertical == "top")] == []
    assert [(sheet["A1"].font.sz, sheet["A1"].font.b) for sheet in workbook] == [(16, True)] * 5


def test_nothing_is_hidden_merged_or_floats(parts: dict[str, bytes]) -> None:
    """No row or column is hidden or too narrow, no cell is merged, and nothing exists that only paper shows or that floats over cells."""
    for part in sheets_of(parts):
        assert find(part, "//*[@hidden or @collapsed] | //m:mergeCells | //m:headerFooter | //m:drawing | //m:legacyDrawing") == []
        assert all(float(width) >= 3 for width in find(part, "//m:col/@width"))


def test_links_say_where_they_go(workbook: Any) -> None:
    """A link's text is words, not an address, looks like a link not by colour alone, and has a tip that tells its target.

    The first sheet has a link to each of the other sheets, in their order.
    """
    links = [cell for sheet in workbook for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert len(links) > 20
    assert [cell.coordinate for cell in links if not cell.value or re.match(r"https?:|www\.|#", str(cell.value))] == []
    assert {cell.font.u for cell in links} == {"single"}
    for cell in links:
        assert cell.hyperlink.tooltip == (cell.value if cell.hyperlink.location else cell.hyperlink.target)
    by_text = {cell.value: cell.hyperlink.target for cell in links}
    assert by_text["Official Gazette, number 7"] == "https://gazette.example/7?part=1&page=2"
    assert all(not cell.font.u for cell in workbook["Offices"]["A"])
    cover, *others = workbook
    assert [cell.hyperlink.location for (cell,) in cover.iter_rows() if cell.hyperlink] == [f"'{sheet.title}'!A1" for sheet in others]


def test_the_properties_come_from_the_data(workbook: Any, parts: dict[str, bytes]) -> None:
    """Title, author, language, keywords and dates are the dataset's; nothing is the clock's."""
    properties = workbook.properties
    assert (properties.title, properties.creator, properties.lastModifiedBy, properties.language, properties.keywords) == (
        "Ruritania and the League: Note",
        "The keepers of the Ruritanian dataset",
        "The keepers of the Ruritanian dataset",
        "en-GB",
        "League of Neutral Harbours, Kingdom of Ruritania",
    )
    assert re.findall(rb"\d{4}-\d\d-\d\dT[\d:]+Z", parts["docProps/core.xml"]) == [b"2020-07-01T00:00:00Z"] * 2


def test_the_workbook_opens_on_its_first_cell(parts: dict[str, bytes], workbook: Any) -> None:
    """The first sheet is shown, with the cursor in A1, and no other is selected."""
    assert find(parts["xl/workbook.xml"], "//m:workbookView/@activeTab | //m:workbookView/@firstSheet") == ["0", "0"]
    assert find(parts["xl/worksheets/sheet1.xml"], "//m:selection/@activeCell") == ["A1"]
    assert workbook.active.title == "About"
    assert [find(part, "//m:sheetView/@tabSelected") for part in sheets_of(parts)] == [[]] * 5


def test_sheets_are_printed_one_page_wide_on_a4(workbook: Any) -> None:
    """Paper is A4, across for tables, and no sheet is wider than a page; a column that is too wide for paper is left out.

    It shows so many empty columns that an introduction has room that is wider than the table. The row of headings and the first column
    stay when one scrolls, and the headings are printed on every page.
    """
    layouts = [(sheet.page_setup.paperSize, sheet.page_setup.orientation) for sheet in workbook]
    assert layouts == [(9, "portrait"), *[(9, "landscape")] * 4]
    assert [(sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) for sheet in workbook] == [(1, 0)] * 5
    assert all(sheet.sheet_properties.pageSetUpPr.fitToPage for sheet in workbook)
    _, *tables = workbook
    assert [(sheet.freeze_panes, sheet.print_title_rows) for sheet in tables] == [*[("B4", "$3:$3")] * 3, ("B5", "$4:$4")]
    areas = ["'Register'!$A$1:$I$17", "'Offices'!$A$1:$F$13", "'Kinds & sources'!$A$1:$B$9", "'Answers'!$A$1:$G$22"]
    assert [sheet.print_area for sheet in tables] == areas


NOWHERE = "of 'Anna' in the sheet 'Texts' leads neither to the web nor to a sheet"
LONG = "'https://a.example/' ~ 'b' * 20{}"


@pytest.mark.parametrize(
    ("rows", "link", "expected"),
    [
        ("['a' * 32768]", "none", "12:48: a text of 'Anna' in the sheet 'Texts' has 32768 characters; Excel holds 32767"),
        ("['\\U0001f600' * 16384]", "none", "12:48: a text of 'Anna' in the sheet 'Texts' has 32768 characters; Excel holds 32767"),
        ("[1]", "'mailto:a@b.example'", f"13:61: the link 'mailto:a@b.example' {NOWHERE}"),
        ("[1]", "'http://a b/c'", f"13:61: the link 'http://a b/c' {NOWHERE}"),
        ("[1]", "'#Text'", f"13:61: the link '#Text' {NOWHERE} (did you mean '#Texts'?)"),
        ("[1]", "'Texts'", f"13:61: the link 'Texts' {NOWHERE} (did you mean '#Texts'?)"),
        (
            "[1]",
            LONG.format(62),
            f"13:61: the link 'https://a.example/{'b' * 42}…' of 'Anna' in the sheet 'Texts' has 2080 characters; Excel holds 2079",
        ),
        (
            "[1]",
            "'https://a.example/' ~ ' ' * 688",
            f"13:61: the link 'https://a.example/{' ' * 42}…' of 'Anna' in the sheet 'Texts' has 2082 characters; Excel holds 2079",
        ),
    ],
)
def test_what_excel_can_not_hold_is_a_problem(rows: str, link: str, expected: str, write: Write, show: Show) -> None:
    """A text that Excel would cut, and a link that is too long or leads nowhere, are problems at their place that name record and sheet."""
    with pytest.raises(ReportsError) as error:
        write(rows, link)
    assert show(error.value.problems) == [f"templates/register/test.yaml:{expected}"]


def test_what_excel_just_holds_is_none(write: Write) -> None:
    """32,767 characters, and an address of 2,079, with a shorter tip."""
    assert len(write("['a' * 32767]")[0]["B4"].value) == 32767
    sheet, _ = write("[1]", LONG.format(61))
    assert (len(sheet["C4"].hyperlink.target), len(sheet["C4"].hyperlink.tooltip)) == (2079, 255)


def test_a_sheet_has_so_many_rows_and_links(write: Write, show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes beyond the last row of a sheet, and more links than Excel opens a file with, are a problem of the rows and of the links."""
    monkeypatch.setattr("reports.renderers.excel_limits.MOST_ROWS", 5)
    monkeypatch.setattr("reports.renderers.excel_limits.MOST_LINKS", 2)
    assert write("[1, 2]", "'#Texts'")[0].max_row == 5
    with pytest.raises(ReportsError) as error:
        write("[1, 2, 3]", "'#Texts'")
    assert show(error.value.problems) == [
        "templates/register/test.yaml:7:11: gives 3 rows; a sheet of Excel has room for 2 under its headings",
        "templates/register/test.yaml:13:61: the sheet 'Texts' has 3 links, and Excel holds 2: leave out those of a column",
    ]


def test_what_no_address_holds_is_written_as_a_code(write: Write) -> None:
    """A blank and other characters that no address may hold are percent-encoded, codes and letters of other scripts are left alone."""
    links = ["https://a.example/b c", "https://a.example/%20?x=100%#č d", "https://a.example/НАТО|`^"]
    sheet, _ = write("[1, 2, 3]", f"{links}[loop.index0]".replace('"', "'"))
    targets = [
        f"{link.target}{'#' if link.location else ''}{link.location or ''}" for link in (sheet.cell(row, 3).hyperlink for row in (4, 5, 6))
    ]
    assert targets == ["https://a.example/b%20c", "https://a.example/%20?x=100%25#č%20d", "https://a.example/НАТО%7C%60%5E"]


DAYS = "[view.milestones[0].date.earliest.replace(1878, 7, 13), view.milestones[0].date.earliest, none, 'spring', 7]"


def test_days_before_excel_are_texts_that_sort(write: Write) -> None:
    """Where a column has a day before 1 March 1900, all its days are texts in ISO 8601, so that they sort; a later one stays a date."""
    sheet, content = write(DAYS)
    assert [cell.value for (cell,) in sheet["B4:B8"]] == ["1878-07-13", "2001-01-01", None, "spring", 7]
    assert {cell.number_format for (cell,) in sheet["B4:B5"]} == {"@"}
    for year, month, day in ((1900, 2, 28), (1900, 3, 1), (9999, 12, 31)):
        sheet, content = write(f"[view.milestones[0].date.earliest.replace({year}, {month}, {day})]")
        expected = date(year, month, day) if year > 1900 or month > 2 else f"{year}-0{month}-{day}"
        assert CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()[-1][1] == expected


def test_a_problem_of_a_long_text_is_short(tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """When what is too long is a record's name, it is told by its beginning; what is wrong in a line, by the line's number."""
    edit(
        tiny_templates / REGISTER,
        "width: 11, value: milestone.id }\n      - { heading: \"'Date'\"",
        "width: 11, value: \"'a' * 40000\" }\n      - { heading: \"'Date'\"",
    )
    edit(tiny_templates / REGISTER, "\"'#Offices'\"", "\"'#Officers'\"")
    with pytest.raises(ReportsError) as error:
        render(tiny_view, tiny_templates, REGISTER)
    where = "line 4 of the sheet 'About' leads neither to the web nor to a sheet (did you mean '#Offices'?)"
    assert [problem.removeprefix("templates/register/register.yaml:") for problem in show(error.value.problems)] == [
        f"16:15: the link '#Officers' of {where}",
        f"33:53: a text of '{'a' * 60}' in the sheet 'Register' has 40000 characters; Excel holds 32767",
    ]


def test_a_table_without_rows_is_still_a_table(write: Write) -> None:
    """Excel wants a row in each table: when there is nothing to tell, it is an empty one."""
    sheet, _ = write("[]")
    assert [table.ref for table in sheet.tables.values()] == ["A3:C4"]
    assert [cell.value for cell in sheet[4]] == [None] * 3


TEMPTING = [
    *("_x0041_", "_x000D_ a_x0041_x0042_x0043_", "_x005F_x0041_", "<r>x</r>", "<r><t>x</t></r>", "a_xb", "1-2", "3/4", "1E5", "00123"),
    *(
        "TRUE",
        "+387 33 250 100",
        "-5 °C",
        "@x",
        "'quoted'",
        " led and trailed ",
        "two\n\nlines\n",
        "50%",
        "#REF!",
        "#N/A",
        "&amp;",
        "\U0001f600",
    ),
]


@pytest.mark.parametrize("link", ["none", "'https://a.example/'", "'#Texts'"])
def test_a_text_is_read_as_it_was_written(link: str, write: Write) -> None:
    """What a spreadsheet reads as a code, a mark, a day, a number or an error is the text that it is, in linked cells too."""
    _, content = write(f"{TEMPTING}", link)
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()[3:]
    assert [row[1] for row in rows] == TEMPTING


@settings(max_examples=10)
@given(st.lists(st.text(st.sampled_from("_x0041DF<r>/ =\n"), min_size=1, max_size=24), min_size=50, max_size=50))
def test_texts_of_codes_come_back(texts: list[str]) -> None:
    """However codes and marks touch, what is read back is what was written."""
    workbook = openpyxl.Workbook(write_only=True)
    styles = _Styles(workbook, "Calibri", read_looks(TINY / "templates"))
    sheet = workbook.create_sheet()
    for row, text in enumerate(texts, start=1):
        _append(sheet, row, [_make_cell(sheet, Cell(text), 100, "text", styles)], 15)
    content = finish(workbook, [])
    assert CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python() == [[text] for text in texts]


def test_sheets_in_a_language_from_right_to_left_go_that_way(tiny_view: View, tiny_templates: Path) -> None:
    """Their first column is the rightmost, texts begin at the right, and a text without such letters keeps its own order."""
    terms = (tiny_templates / "locale" / "en.yaml").read_text("utf-8").replace("tag: en-GB", "tag: he", 1)
    (tiny_templates / "locale" / "he.yaml").write_text(terms, "utf-8")
    milestones = tuple(replace_title(milestone) for milestone in tiny_view.milestones)
    made = render(replace(tiny_view, language="he", milestones=milestones), tiny_templates, REGISTER)
    workbook = openpyxl.load_workbook(BytesIO(made.content))
    assert all(sheet.sheet_view.rightToLeft for sheet in workbook)
    found = {cell.value: cell.alignment for sheet in workbook for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert (found["M2010-1"].horizontal, found["M2010-1"].readingOrder) == ("right", 1)
    assert (found["א 1"].horizontal, found["א 1"].readingOrder) == ("right", 2)
    assert {found[number].horizontal for number in found if isinstance(number, int | float)} == {"left"}
    assert {found[day].horizontal for day in found if isinstance(day, datetime)} == {"right"}


def replace_title(milestone: Any) -> Any:
    return milestone.model_copy(update={"title": "א 1"} if milestone.id == "M2010-1" else {})


def test_sheets_in_other_languages_say_no_direction(parts: dict[str, bytes]) -> None:
    """Nothing of it stands in their files."""
    assert not any(word in part for part in parts.values() for word in (b"rightToLeft", b"readingOrder"))


def test_texts_are_shared(parts: dict[str, bytes]) -> None:
    """Texts stand in the list that Excel keeps them in, each once: Numbers shows no others."""
    texts = find(parts["xl/sharedStrings.xml"], "//m:si/m:t/text()")
    assert len(texts) == len(set(texts)) > 50
    assert [find(part, "//m:is") for part in sheets_of(parts)] == [[]] * 5


def test_headings_with_codes_name_columns(tiny_templates: Path, tiny_view: View) -> None:
    """Excel repairs a file in which a table's column has another name than its heading: codes in the name say the same, however long."""
    declared = DECLARED.format(rows="[1]", link="none", linked="1")
    for old, new in (("'Name'", "'_x0041_'"), ("'Text'", "'<r>b</r>'"), ("'Link'", "'_x0041_' * 36")):
        declared = declared.replace(old, new)
    (tiny_templates / "register" / "test.yaml").write_text(declared, "utf-8")
    content = render(tiny_view, tiny_templates, "register/test.yaml").content
    assert find(unpack(content)["xl/tables/table1.xml"], "//m:tableColumn/@name") == ["_x005F_x0041_", "<r>b</r>", "_x005F_x0041_" * 36]
    assert CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()[2] == ["_x0041_", "<r>b</r>", "_x0041_" * 36]


def test_every_row_has_a_height(parts: dict[str, bytes], workbook: Any) -> None:
    """No program has to work out how high a row is: LibreOffice 7.4 would not; rows with more text are higher, up to what Excel has.

    Rows to write into are not set to that height, so that they grow.
    """
    for part, sheet in zip(sheets_of(parts), workbook, strict=True):
        assert len(find(part, "//m:row[@ht]")) == len(find(part, "//m:row")) == sheet.max_row
        growing = sheet.max_row - head_of(sheet) if sheet.title == "Answers" else 0
        assert len(find(part, "//m:row[@customHeight='1']")) == sheet.max_row - growing
    heights = {row[0].value: workbook["Register"].row_dimensions[row[0].row].height for row in workbook["Register"].iter_rows()}
    assert heights["M2003-1"] > heights["M2010-2"] == 15.75


def test_rows_are_as_high_as_their_texts(write: Write) -> None:
    """A row has room for as many lines as its longest cell; where more is needed than Excel has, the column is wider, within limits."""
    sheet, _ = write(r"['one', 'a\nb\nc', 'a' * 15, 'č' * 9]")
    assert [sheet.row_dimensions[row].height for row in range(4, 8)] == [15.75, 45.75, 30.75, 15.75]
    assert width_of(sheet) == pytest.approx(10.71, abs=0.01)
    sheet, _ = write("['word ' * 200]")
    assert sheet.row_dimensions[4].height < 409
    assert width_of(sheet) > 40
    sheet, _ = write("['word ' * 6000]")
    assert sheet.row_dimensions[4].height == 409
    assert width_of(sheet) == pytest.approx(120.71, abs=0.01)


def test_days_in_lines_are_texts(tiny_templates: Path, tiny_view: View) -> None:
    """A line that is a day says it in ISO 8601, however early; one of nothing is left out."""
    first = "view.milestones[0].date.earliest"
    for old, new in (
        ("about.purpose | plain", first),
        ("\"'Contents'\"", f"{first}.replace(1878)"),
        ("\"'=1+1'\"", "none"),
    ):
        edit(tiny_templates / REGISTER, f": {old}\n", f": {new}\n")
    sheet = openpyxl.load_workbook(BytesIO(render(tiny_view, tiny_templates, REGISTER).content))["About"]
    assert [sheet.cell(row, 1).value for row in (2, 3, 7)] == ["2001-01-01", "1878-01-01", "Answers: yours"]


def test_columns_have_room_for_what_is_not_broken(write: Write) -> None:
    """LibreOffice breaks no link into lines, and programs show ### for a number or a day without room: their columns are wider."""
    texts = ["'a'", "12345678901234", "view.milestones[0].date.earliest"]
    widths = [width_of(write(f"[{text}]")[0]) for text in (*texts, "'a' * 40")]
    assert widths == pytest.approx([10.71, 15.71, 10.71, 10.71], abs=0.01)
    sheet, _ = write("[1]", "'https://a.example/'", "'word' * 9")
    assert width_of(sheet, "C") == pytest.approx(42.71, abs=0.01)
    assert sheet["C4"].hyperlink


@pytest.mark.parametrize(("linked", "value"), [("'word ' * 40", "word " * 40), (r"'a\\nb'", "a\nb"), ("none", None), ("''", None)])
@pytest.mark.parametrize("link", ["'https://a.example/'", "'#Texts'"])
def test_a_link_without_room_is_a_text(link: str, linked: str, value: str | None, write: Write) -> None:
    """A link of a text that has no room on a line of the widest column is left out, for LibreOffice would cut it; so is one of no text."""
    sheet, _ = write("[1]", link, linked)
    assert (sheet["C4"].value, sheet["C4"].hyperlink, sheet["C4"].font.u) == (value, None, None)


def test_nought_is_a_number(write: Write) -> None:
    """A cell with the number 0 is not an empty one."""
    sheet, _ = write("[0, 0.0, '', none]")
    assert [(cell.value, cell.data_type) for (cell,) in sheet["B4:B7"]] == [(0, "n"), (0, "n"), (None, "n"), (None, "n")]


def test_columns_are_as_wide_as_digits_of_the_font(tiny_templates: Path, tiny_view: View) -> None:
    """Programs count the widths of columns in digits of the workbook's normal font, which is the declared one."""
    edit(tiny_templates / REGISTER, "font: Calibri", "font: Arial")
    styles = unpack(render(tiny_view, tiny_templates, REGISTER).content)["xl/styles.xml"]
    (number,) = find(styles, "//m:cellStyleXfs/m:xf/@fontId")
    assert find(styles, "//m:fonts/m:font")[int(number)].find("m:name", NAMESPACES).get("val") == "Arial"


def test_fonts_are_in_the_order_of_the_schema(parts: dict[str, bytes]) -> None:
    """The properties of every font stand in the order of ISO/IEC 29500-1, and every cell has the font that is declared."""
    fonts = find(parts["xl/styles.xml"], "//m:fonts/m:font")
    assert len(fonts) >= 5
    order = "b i strike condense extend outline shadow u vertAlign sz color name family charset scheme".split()  # noqa: SIM905
    for font in fonts:
        names = [etree.QName(child).localname for child in font]
        assert names == sorted(names, key=order.index)
    assert set(find(parts["xl/styles.xml"], "//m:cellXfs/m:xf[@fontId!='0']/@fontId")) <= {str(number) for number in range(1, len(fonts))}
    assert set(find(parts["xl/styles.xml"], "//m:font[position()>1]/m:name/@val")) == {"Calibri"}


def test_the_namespace_of_relationships_is_declared_once_at_the_root(parts: dict[str, bytes]) -> None:
    """Each sheet declares it where gnumeric looks for it, and names the relationship of its table."""
    for part in sheets_of(parts):
        assert etree.fromstring(part).nsmap["r"] == NAMESPACES["r"]
        assert part.count(b"xmlns:r=") == 1
    assert [len(find(part, "//m:tablePart/@r:id")) for part in sheets_of(parts)] == [0, 1, 1, 1, 1]


def test_the_same_view_makes_the_same_bytes(register: RenderedFile, tiny_view: View, tiny_templates: Path) -> None:
    """Two workbooks, from two folders, are equal to the byte; no entry bears the clock's time."""
    assert render(tiny_view, tiny_templates, REGISTER).content == register.content
    assert [path.relative_to(TINY / "templates").as_posix() for path in register.inputs] == ["locale/en.yaml", REGISTER, "shared/looks.css"]
    with zipfile.ZipFile(BytesIO(register.content)) as archive:
        assert archive.namelist()[0] == "[Content_Types].xml"
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_tables_are_found_from_their_sheets(tiny_view: View) -> None:
    """The relations of a sheet lead to its table beside it, where exceljs looks, too; from the root on is right, but not for all."""
    parts = unpack(render(tiny_view, TINY / "templates", "register/register.yaml").content)
    targets = [
        re.findall(rb'Target="([^"]*tables/[^"]*)"', part) for name, part in parts.items() if name.startswith("xl/worksheets/_rels/")
    ]
    assert len([target for found in targets for target in found]) > 2
    assert all(target.startswith(b"../tables/") for found in targets for target in found)


@pytest.mark.parametrize(
    ("language", "register", "status", "edition"),
    [
        ("en", "Register", "Status", "Edition 1 of 1 July 2020. Data as of 30 June 2020."),
        ("bs", "Registar", "Status", "Izdanje 1 od 1. jula 2020. Stanje podataka na dan 30. juna 2020."),
        ("hr", "Registar", "Status", "Izdanje 1 od 1. srpnja 2020. Stanje podataka na dan 30. lipnja 2020."),
        ("sr-Cyrl-BA", "Регистар", "Статус", "Издање 1 од 1. јула 2020. Стање података на дан 30. јуна 2020."),
    ],
)
def test_the_register_speaks_the_language(language: str, register: str, status: str, edition: str, tiny: Dataset) -> None:
    """Names of sheets and tables, links and lists of choices are in the language, and lead where they say; Excel takes them all."""
    templates = PROJECT / "templates"
    view, locale = replace(view_of(tiny, "register", templates), language=language), Locale(templates, language)
    workbook = openpyxl.load_workbook(BytesIO(render(view, templates, REGISTER).content))
    named = {code.key: code.term for code in locale.codes("sheet")}
    assert set(workbook.sheetnames) == {named[key] for key in named.keys() - {"sheet.changes", "sheet.answer", "sheet.comments"}}
    assert [*workbook[register].tables] == [register]
    assert {name for sheet in workbook for name in sheet.tables} == {re.sub(r"\W+", "_", name) for name in workbook.sheetnames[1:]}
    assert (workbook[register]["A2"].value, workbook.properties.language) == (edition, locale.tag)
    assert status in [cell.value for row in workbook[register].iter_rows(max_row=6) for cell in row]
    headings = {
        str(cell.value) for name in (register, named["sheet.details"]) for row in workbook[name].iter_rows(max_row=6) for cell in row
    }
    assert {code.term for code in locale.codes("part")} <= headings
    linked = [cell.hyperlink.location for (cell,) in workbook.worksheets[0].iter_rows() if cell.hyperlink]
    assert linked == [f"'{name}'!A1" for name in workbook.sheetnames[1:]]
    lists = [rule.formula1 for rule in workbook[named["sheet.reply"]].data_validations.dataValidation if rule.type == "list"]
    ranges = [range_boundaries(place.partition("!")[2]) for place in lists]
    assert [place.partition("!")[0] for place in lists] == [f"'{named['sheet.notes']}'"] * 3
    notes = workbook[named["sheet.notes"]]
    chosen = [[notes.cell(row, column).value for row in range(first, last + 1)] for column, first, _, last in ranges]
    assert chosen[:2] == [[code.term for code in locale.codes(group)] for group in ("reply", "part")]
