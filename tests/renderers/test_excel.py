"""The finished workbook, read back: values and types, the checklist for accessible spreadsheets, and what keeps it from being made.

The checklist is that of the UK Government for accessible spreadsheets; STANDARDS.md says which of its essentials we keep.
"""

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from lxml import etree
from openpyxl.utils import range_boundaries
from python_calamine import CalamineWorkbook

from reports.dataset.load import load_dataset
from reports.dataset.model import Framework, Milestone, Statement
from reports.documents.view import View
from reports.errors import ReportsError
from reports.renderers import RenderedFile
from reports.renderers.excel import FONT_ORDER, render
from reports.renderers.ooxml import unpack
from reports.renderers.workbook import evaluate
from tests.conftest import PROJECT, TINY, Show, edit, view_of

REGISTER = "register/register.yaml"
NAMESPACES = {
    "m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "x14": "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main",
}
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "\tx", "\rx")


@pytest.fixture(scope="module")
def register(tiny_view: View) -> RenderedFile:
    return render(tiny_view, TINY / "templates", REGISTER)


@pytest.fixture(scope="module")
def workbook(register: RenderedFile) -> Any:
    return openpyxl.load_workbook(BytesIO(register.content))


@pytest.fixture(scope="module")
def parts(register: RenderedFile) -> dict[str, bytes]:
    return unpack(register.content)


@pytest.fixture(scope="module")
def tables(workbook: Any) -> list[Any]:
    """Every sheet that has a table."""
    return [sheet for sheet in workbook if sheet.tables]


def find(part: bytes, path: str) -> list[Any]:
    """Return what the XPath *path* finds in the XML of *part*."""
    found: list[Any] = etree.XPath(path, namespaces=NAMESPACES)(etree.fromstring(part))
    return found


def sheets_of(parts: dict[str, bytes]) -> dict[str, bytes]:
    return {name: part for name, part in sorted(parts.items()) if name.startswith("xl/worksheets/sheet")}


def table_of(sheet: Any) -> Any:
    (table,) = sheet.tables.values()
    return table


def head_of(sheet: Any) -> list[Any]:
    """Return the cells of the row of headings."""
    left, top, right, _ = range_boundaries(table_of(sheet).ref)
    return list(next(sheet.iter_rows(top, top, left, right)))


def cells_of(sheet: Any) -> Iterator[Any]:
    """Yield every cell of the table's body."""
    left, top, right, bottom = range_boundaries(table_of(sheet).ref)
    for row in sheet.iter_rows(top + 1, bottom, left, right):
        yield from row


DECLARED = """\
font: Calibri
companion: Texts
sheets:
  - name: Texts
    title: "'Texts'"
    rows: >-
      {rows}
    item: one
    columns:
      - {{ heading: "'Name'", width: 10, value: "'Anna'" }}
      - {{ heading: "'Text'", width: 10, value: "{value}" }}
      - {{ heading: "'Link'", width: 10, value: "'a'", link: "{link}" }}
"""


def write(templates: Path, rows: str, value: str = "one", link: str = "none") -> None:
    (templates / "register" / "test.yaml").write_text(DECLARED.format(rows=rows, value=value, link=link), "utf-8")


def problems(templates: Path, view: View, show: Show) -> list[str]:
    with pytest.raises(ReportsError) as error:
        render(view, templates, "register/test.yaml")
    return show(error.value.problems)


# Values


def test_headings_are_as_declared(workbook: Any) -> None:
    """Sheets and headings come in the order in which they are declared."""
    assert workbook.sheetnames == ["About", "Register", "Offices", "Kinds & sources"]
    assert [cell.value for cell in head_of(workbook["Register"])] == [
        "Reference",
        "Date",
        "Earliest day",
        "Latest day",
        "Milestone",
        "Text",
        "Place",
        "Number of sources",
        "First source",
    ]


def test_every_value_comes_back_with_its_type(workbook: Any, tiny_view: View) -> None:
    """What the sheets say stands in the cells: a date as a date, a number as a number, a text as a text."""
    book = evaluate(tiny_view, TINY / "templates", REGISTER)
    count = 0
    for sheet in book.sheets[1:]:
        assert sheet.table is not None
        for row, cells in zip(sheet.table.rows, workbook[sheet.name].iter_rows(min_row=4), strict=True):
            for expected, cell in zip(row, cells, strict=True):
                value = cell.value.date() if isinstance(cell.value, datetime) else cell.value
                assert (value, cell.coordinate) == (expected.value, cell.coordinate)
                assert isinstance(value, str) == isinstance(expected.value, str)
                count += 1
    assert count > 150


def test_dates_are_dates(workbook: Any) -> None:
    """A day is a date that people sort and filter by, shown as ISO 8601 has it; one that is not known is an empty cell."""
    sheet = workbook["Register"]
    (row,) = [row for row in sheet.iter_rows(min_row=4) if row[0].value == "M2004-1"]
    assert (row[2].value, row[2].number_format, row[2].data_type, row[3].value) == (datetime(2004, 12, 1), "yyyy-mm-dd", "d", None)  # noqa: DTZ001
    dates = [cell for cell in cells_of(sheet) if isinstance(cell.value, datetime)]
    assert len(dates) > 20
    assert {cell.number_format for cell in dates} == {"yyyy-mm-dd"}
    assert {cell.column for cell in dates} == {3, 4}


def test_numbers_are_numbers(workbook: Any) -> None:
    """A number is one, whole if it is whole, and is shown as it is."""
    (share, whole) = (workbook["Kinds & sources"].cell(4, column) for column in (2, 3))
    assert (share.value, share.data_type, share.number_format) == (1234.5, "n", "General")
    assert (whole.value, type(whole.value), whole.number_format) == (3, int, "General")


def test_hostile_texts_come_back_unchanged(workbook: Any) -> None:
    """A text that a spreadsheet is tempted to change is the same text, in a cell that is formatted as text."""
    offices = [workbook["Offices"].cell(row, 1) for row in range(4, 14)]
    texts = ["Envoy", "1.10", "1,2", "None", "=1+1", "<24 h>", "A & B", "č ć đ š ž", "007", "no"]
    assert [cell.value for cell in offices] == texts
    assert {(cell.data_type, cell.number_format) for cell in offices} == {("s", "@")}
    assert "Ђурђевак" in next(row[5].value for row in workbook["Register"].iter_rows() if row[0].value == "M2012-1")


def test_nothing_is_a_formula(parts: dict[str, bytes]) -> None:
    """No cell of any sheet holds a formula: every text is a text in the file, and every other cell a number."""
    sheets = sheets_of(parts)
    assert len(sheets) == 4
    for part in sheets.values():
        assert find(part, "//m:f") == []
        assert set(find(part, "//m:c[m:is or m:v]/@t")) <= {"inlineStr", "n"}
    texts = [str(text) for part in sheets.values() for text in find(part, "//m:c[@t='inlineStr']/m:is/m:t/text()")]
    assert {"=1+1", "=Sources", "@sources", "+Title"} <= set(texts)
    assert "xl/calcChain.xml" not in parts


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_like_a_formula_stays_a_text(text: str, tiny_templates: Path, tiny_view: View) -> None:
    """A text that begins as a formula does is a text, which stays one when somebody edits the cell; other cells are not so marked."""
    literal = text.replace("\t", "\\t").replace("\r", "\\r")
    write(tiny_templates, f"['{literal}', 'plain']")
    content = render(tiny_view, tiny_templates, "register/test.yaml").content
    sheet = openpyxl.load_workbook(BytesIO(content))["Texts"]
    assert [sheet.cell(row, 2).value for row in (4, 5)] == [text, "plain"]
    assert [sheet.cell(row, 2).data_type for row in (4, 5)] == ["s", "s"]
    assert [sheet.cell(row, 2).quotePrefix for row in (4, 5)] == [True, False]
    assert [row[1] for row in CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_name("Texts").to_python()][-2:] == [
        text,
        "plain",
    ]
    (part,) = sheets_of(unpack(content)).values()
    assert find(part, "//m:f") == []
    assert find(part, "//m:c[@r='B4']/@t") == ["inlineStr"]


def test_all_texts_like_formulas_are_marked(workbook: Any) -> None:
    """Titles, introductions, headings, lines and links that begin as a formula does are marked as texts too."""
    sheet = workbook["Kinds & sources"]
    marked = {one: sheet[one].value for one in ("A1", "A2", "A3")} | {
        "About": workbook["About"]["A7"].value,
        "link": workbook["Offices"]["B8"].value,
    }
    assert marked == {"A1": "=Sources", "A2": "@sources", "A3": "+Title", "About": "=1+1", "link": "=1+1"}
    cells = [sheet["A1"], sheet["A2"], sheet["A3"], workbook["About"]["A7"], workbook["Offices"]["B8"]]
    assert [bool(cell.quotePrefix) for cell in cells] == [True] * 5
    assert not workbook["Offices"]["B7"].quotePrefix
    assert workbook["Offices"]["B8"].hyperlink.location == "'About'!A1"


def test_another_reader_sees_the_same(register: RenderedFile, workbook: Any) -> None:
    """Calamine, which shares no code with the library that writes, reads every value as openpyxl does."""
    other = CalamineWorkbook.from_filelike(BytesIO(register.content))
    assert other.sheet_names == workbook.sheetnames
    for sheet in workbook:
        rows = other.get_sheet_by_name(sheet.title).to_python()
        expected = [
            ["" if value is None else value.date() if isinstance(value, datetime) else value for value in row]
            for row in sheet.iter_rows(values_only=True)
        ]
        assert rows == expected
    assert any(isinstance(value, date) for row in other.get_sheet_by_name("Register").to_python() for value in row)


# The checklist for accessible spreadsheets


def test_every_table_is_marked_up_as_a_table(parts: dict[str, bytes], tables: list[Any]) -> None:
    """Each table is one of Excel's own, with a meaningful name, a filter and a style."""
    names = {sheet.title: table_of(sheet).displayName for sheet in tables}
    assert names == {"Register": "Milestones", "Offices": "Offices", "Kinds & sources": "Sources"}
    for sheet in tables:
        table = table_of(sheet)
        assert (table.headerRowCount, table.totalsRowCount, table.tableStyleInfo.name) == (1, None, "TableStyleLight1")
        assert table.autoFilter.ref == table.ref
        assert [column.name for column in table.tableColumns] == [cell.value for cell in head_of(sheet)]
    assert len([name for name in parts if name.startswith("xl/tables/")]) == 3


def test_one_table_per_sheet_at_the_left_with_nothing_under_it(tables: list[Any]) -> None:
    """A table begins in column A, is the only one of its sheet, and nothing stands beside or under it."""
    assert len(tables) == 3
    for sheet in tables:
        assert len(sheet.tables) == 1
        left, top, right, bottom = range_boundaries(table_of(sheet).ref)
        assert (left, top) == (1, 3)
        assert (right, bottom) == (sheet.max_column, sheet.max_row)


def test_no_cells_are_merged(parts: dict[str, bytes]) -> None:
    """No cell is merged or split."""
    assert [name for name, part in sheets_of(parts).items() if find(part, "//m:mergeCells | //m:mergeCell")] == []


def test_no_row_or_column_of_a_table_is_blank(tables: list[Any]) -> None:
    """Each row and each column of a table holds something."""
    for sheet in tables:
        left, top, right, bottom = range_boundaries(table_of(sheet).ref)
        assert bottom - top >= 6
        body = list(sheet.iter_rows(top + 1, bottom, left, right, values_only=True))
        assert [row for row in body if not any(value is not None for value in row)] == []
        assert [column for column in zip(*body, strict=True) if not any(value is not None for value in column)] == []


def test_one_row_of_headings_with_unique_texts(tables: list[Any]) -> None:
    """Every column has a heading, which is a text, and no two in a table are the same, whatever their case."""
    for sheet in tables:
        headings = [cell.value for cell in head_of(sheet)]
        assert all(isinstance(heading, str) and heading.strip() for heading in headings)
        assert len({heading.casefold() for heading in headings}) == len(headings) > 1


def test_texts_are_wrapped(workbook: Any, tables: list[Any]) -> None:
    """A long text is wrapped in its cell, in tables, headings and lines."""
    cells = [cell for sheet in tables for cell in (*cells_of(sheet), *head_of(sheet)) if isinstance(cell.value, str)]
    cells += [row[0] for row in workbook["About"].iter_rows(min_row=2)]
    assert len(cells) > 100
    assert [cell.coordinate for cell in cells if not (cell.alignment.wrap_text and cell.alignment.vertical == "top")] == []


def test_a1_holds_the_title_of_each_sheet(workbook: Any) -> None:
    """The first cell says what the sheet is, and is larger than the rest; under it stands what a table shows."""
    assert [sheet["A1"].value for sheet in workbook] == ["Ruritania and the League", "Milestones", "Offices", "=Sources"]
    assert [(sheet["A1"].font.sz, sheet["A1"].font.b) for sheet in workbook] == [(16, True)] * 4
    assert workbook["Register"]["A2"].value == "One row for each milestone."


def test_sheets_have_unique_names_and_none_is_empty_or_hidden(workbook: Any, parts: dict[str, bytes]) -> None:
    """Names of sheets differ, every sheet holds something, and no sheet, row or column is hidden."""
    names = [name.casefold() for name in workbook.sheetnames]
    assert len(names) == len(set(names)) == 4
    assert all(sheet.max_row > 3 for sheet in workbook)
    assert {sheet.sheet_state for sheet in workbook} == {"visible"}
    for part in sheets_of(parts).values():
        assert find(part, "//m:row[@hidden] | //m:col[@hidden] | //m:row[@collapsed] | //m:col[@collapsed]") == []
        assert all(float(width) >= 3 for width in find(part, "//m:col/@width"))


def test_the_cover_comes_first_and_leads_to_every_sheet(workbook: Any) -> None:
    """The first sheet has no table, and a link to each of the other sheets, in their order."""
    cover, *others = workbook
    assert not cover.tables
    links = [cell.hyperlink.location for (cell,) in cover.iter_rows() if cell.hyperlink]
    assert links == [f"'{sheet.title}'!A1" for sheet in others]


def test_links_say_where_they_go(workbook: Any) -> None:
    """A link's text is words, not an address, looks like a link not by colour alone, and has a tip that tells its target."""
    links = [cell for sheet in workbook for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert len(links) > 20
    assert [cell.coordinate for cell in links if not cell.value or re.match(r"https?:|www\.|#", str(cell.value))] == []
    assert {cell.font.u for cell in links} == {"single"}
    for cell in links:
        assert cell.hyperlink.tooltip == (cell.value if cell.hyperlink.location else cell.hyperlink.target)
    by_text = {cell.value: cell.hyperlink.target for cell in links}
    assert by_text["Official Gazette, number 7"] == "https://gazette.example/7?part=1&page=2"
    assert all(not cell.font.u for cell in workbook["Offices"]["A"])


def test_there_are_no_headers_footers_pictures_or_macros(parts: dict[str, bytes]) -> None:
    """Nothing exists that only paper shows, floats over the cells, or runs."""
    for part in sheets_of(parts).values():
        assert find(part, "//m:headerFooter | //m:drawing | //m:legacyDrawing | //m:oleObjects | //m:controls") == []
    assert sorted(name.split("/")[1] for name in parts if name.startswith("xl/") and name.count("/") > 1) == sorted(
        ["_rels", *["tables"] * 3, "theme", *["worksheets"] * 7]
    )


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
    published = datetime(2020, 7, 1)  # noqa: DTZ001 - openpyxl tells UTC without saying so
    assert (properties.created, properties.modified) == (published, published)
    assert re.findall(rb"\d{4}-\d\d-\d\dT[\d:]+Z", parts["docProps/core.xml"]) == [b"2020-07-01T00:00:00Z"] * 2


def test_the_workbook_opens_on_its_first_cell(parts: dict[str, bytes], workbook: Any) -> None:
    """The first sheet is shown, with the cursor in A1."""
    assert find(parts["xl/workbook.xml"], "//m:workbookView/@activeTab") == ["0"]
    assert find(parts["xl/workbook.xml"], "//m:workbookView/@firstSheet") == ["0"]
    (view,) = find(parts["xl/worksheets/sheet1.xml"], "//m:sheetView")
    assert [(one.get("activeCell"), one.get("sqref")) for one in view] == [("A1", "A1")]
    assert view.get("topLeftCell") is None
    assert workbook.active.title == "About"
    others = [part for name, part in sheets_of(parts).items() if not name.endswith("sheet1.xml")]
    assert [find(part, "//m:sheetView/@tabSelected") for part in others] == [[]] * 3


def test_tables_have_an_alternative_text(parts: dict[str, bytes], workbook: Any) -> None:
    """A screen reader finds what each table is, in the extension that Excel reads, which is the last child of the table."""
    texts = {}
    for name, part in parts.items():
        if name.startswith("xl/tables/"):
            (extension,) = find(part, "/m:table/m:extLst[not(following-sibling::*)]/m:ext")
            assert extension.get("uri") == "{504A1905-F514-4f6f-8877-14C23A59335A}"
            (table,) = find(part, "//x14:table")
            texts[find(part, "/m:table/@displayName")[0]] = (table.get("altText"), table.get("altTextSummary"))
    assert texts == {table_of(sheet).displayName: (sheet["A1"].value, sheet["A2"].value) for sheet in workbook if sheet.tables}
    assert len(texts) == 3


# On screen and on paper


def test_headings_stay_in_sight_and_on_every_page(tables: list[Any]) -> None:
    """The row of headings and the first column stay when one scrolls, and the headings are printed on every page."""
    assert [(sheet.freeze_panes, sheet.print_title_rows) for sheet in tables] == [("B4", "$3:$3")] * 3


def test_sheets_are_printed_one_page_wide_on_a4(workbook: Any) -> None:
    """Paper is A4, across for tables, and no sheet is wider than a page; a column that is too wide for paper is left out."""
    layouts = [(sheet.page_setup.paperSize, sheet.page_setup.orientation) for sheet in workbook]
    assert layouts == [(9, "portrait"), *[(9, "landscape")] * 3]
    assert [(sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) for sheet in workbook] == [(1, 0)] * 4
    assert all(sheet.sheet_properties.pageSetUpPr.fitToPage for sheet in workbook)
    areas = {sheet.title: sheet.print_area for sheet in workbook if sheet.tables}
    assert areas == {
        "Register": "'Register'!$A$1:$I$17",
        "Offices": "'Offices'!$A$1:$B$13",
        "Kinds & sources": "'Kinds & sources'!$A$1:$B$9",
    }


# What Excel can't hold


def test_a_text_that_is_too_long_is_a_problem(tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """A text of more than 32,767 characters, which Excel would cut, is a problem that names record and sheet; one of so many is none."""
    write(tiny_templates, "['a' * 40000, 'b' * 32767, 'c' * 32768]")
    assert problems(tiny_templates, tiny_view, show) == [
        "templates/register/test.yaml: a text of 'Anna' in the sheet 'Texts' has 32768 characters; Excel holds 32767",
        "templates/register/test.yaml: a text of 'Anna' in the sheet 'Texts' has 40000 characters; Excel holds 32767",
    ]


def test_a_long_text_does_not_make_a_long_problem(tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """When the text that is too long is the record's name, or a line's, the problem stays short."""
    edit(tiny_templates / REGISTER, "value: milestone.id }", "value: \"'a' * 40000\" }")
    edit(tiny_templates / REGISTER, "- text: \"'=1+1'\"", "- text: \"'b' * 40000\"")
    edit(tiny_templates / REGISTER, "\"'One row for each milestone.'\"", "\"'c' * 40000\"")
    with pytest.raises(ReportsError) as error:
        render(tiny_view, tiny_templates, REGISTER)
    place = "templates/register/register.yaml: a text of"
    assert show(error.value.problems) == [
        f"{place} '{'a' * 60}' in the sheet 'Register' has 40000 characters; Excel holds 32767",
        f"{place} line 6 of the sheet 'About' has 40000 characters; Excel holds 32767",
        f"{place} the introduction of the sheet 'Register' has 40000 characters; Excel holds 32767",
    ]


def test_a_date_before_excel_s_calendar_is_a_problem(tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """Excel's calendar begins in 1900 and has a 29 February that never was: a date before March of that year is a problem."""
    day = "view.milestones[0].date.earliest.replace(1900, {}, {})"
    write(tiny_templates, f"[{day.format(2, 28)}, {day.format(3, 1)}]")
    assert problems(tiny_templates, tiny_view, show) == [
        "templates/register/test.yaml: the date 1900-02-28 of 'Anna' in the sheet 'Texts' is before 1900-03-01, where Excel's dates begin"
    ]
    write(tiny_templates, f"[{day.format(3, 1)}]")
    content = render(tiny_view, tiny_templates, "register/test.yaml").content
    assert openpyxl.load_workbook(BytesIO(content))["Texts"]["B4"].value == datetime(1900, 3, 1)  # noqa: DTZ001
    assert CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()[-1][1] == date(1900, 3, 1)


@pytest.mark.parametrize(
    ("link", "near"),
    [
        ("mailto:a@b.example", ""),
        ("file:///etc/passwd", ""),
        ("javascript:alert(1)", ""),
        ("#Text", " (did you mean '#Texts'?)"),
        ("Texts", " (did you mean '#Texts'?)"),
    ],
)
def test_a_link_that_leads_nowhere_is_a_problem(link: str, near: str, tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """A link leads to the web or to a sheet that is there; anything else is a problem that names record and sheet."""
    write(tiny_templates, "[1]", link=f"'{link}'")
    assert problems(tiny_templates, tiny_view, show) == [
        f"templates/register/test.yaml: the link '{link}' of 'Anna' in the sheet 'Texts' leads neither to the web nor to a sheet{near}"
    ]


def test_a_link_of_the_cover_that_leads_nowhere_is_a_problem(tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """The links of the contents are checked as those of the tables are."""
    edit(tiny_templates / REGISTER, "\"'#Offices'\"", "\"'#Officers'\"")
    with pytest.raises(ReportsError) as error:
        render(tiny_view, tiny_templates, REGISTER)
    assert show(error.value.problems) == [
        "templates/register/register.yaml: the link '#Officers' of line 4 of the sheet 'About' leads neither to the web nor to a sheet "
        "(did you mean '#Offices'?)"
    ]


def test_a_long_address_has_a_short_tip(tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """Excel allows tips of 255 characters and addresses of 2,079."""
    write(tiny_templates, "[1]", link="'https://a.example/' ~ 'b' * 2061")
    content = render(tiny_view, tiny_templates, "register/test.yaml").content
    link = openpyxl.load_workbook(BytesIO(content))["Texts"]["C4"].hyperlink
    assert (len(link.target), len(link.tooltip)) == (2079, 255)
    write(tiny_templates, "[1]", link="'https://a.example/' ~ 'b' * 2062")
    assert problems(tiny_templates, tiny_view, show) == [
        "templates/register/test.yaml: a link of 'Anna' in the sheet 'Texts' has 2080 characters; Excel holds 2079"
    ]


def test_a_table_without_rows_is_still_a_table(tiny_templates: Path, tiny_view: View) -> None:
    """Excel wants a row in each table: when there is nothing to tell, it is an empty one."""
    write(tiny_templates, "[]")
    sheet = openpyxl.load_workbook(BytesIO(render(tiny_view, tiny_templates, "register/test.yaml").content))["Texts"]
    assert table_of(sheet).ref == "A3:C4"
    assert [cell.value for cell in sheet[4]] == [None] * 3


# The file


def test_fonts_are_in_the_order_of_the_schema(parts: dict[str, bytes]) -> None:
    """The properties of every font stand in the order of ISO/IEC 29500-1, which openpyxl breaks."""
    fonts = find(parts["xl/styles.xml"], "//m:fonts/m:font")
    assert len(fonts) >= 6
    order = [
        "b",
        "i",
        "strike",
        "condense",
        "extend",
        "outline",
        "shadow",
        "u",
        "vertAlign",
        "sz",
        "color",
        "name",
        "family",
        "charset",
        "scheme",
    ]
    assert list(FONT_ORDER) == order
    for font in fonts:
        names = [etree.QName(child).localname for child in font]
        assert names == sorted(names, key=order.index)
    assert set(find(parts["xl/styles.xml"], "//m:cellXfs/m:xf[@fontId!='0']/@fontId")) <= {str(number) for number in range(1, len(fonts))}
    assert set(find(parts["xl/styles.xml"], "//m:font[position()>1]/m:name/@val")) == {"Calibri"}


def test_the_namespace_of_relationships_is_declared_once_at_the_root(parts: dict[str, bytes]) -> None:
    """Each sheet declares it where gnumeric looks for it, and every relationship that it names is there."""
    for name, part in sheets_of(parts).items():
        assert etree.fromstring(part).nsmap["r"] == NAMESPACES["r"]
        assert part.count(b"xmlns:r=") == 1
        used = set(find(part, "//@r:id"))
        relations = parts.get(name.replace("worksheets/", "worksheets/_rels/") + ".rels", b"<a/>")
        assert used == {str(one) for one in find(relations, "//@Id")}
    assert find(parts["xl/worksheets/sheet2.xml"], "//m:tablePart/@r:id")


def test_the_same_view_makes_the_same_bytes(register: RenderedFile, tiny_view: View, tiny_templates: Path) -> None:
    """Two workbooks, from two folders, are equal to the byte; no entry bears the clock's time."""
    assert render(tiny_view, tiny_templates, REGISTER).content == register.content
    with zipfile.ZipFile(BytesIO(register.content)) as archive:
        assert archive.namelist()[0] == "[Content_Types].xml"
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_inputs_are_told(register: RenderedFile) -> None:
    """The result knows the declaration and the terms that it was made with; it counts no pages."""
    assert [path.relative_to(TINY / "templates").as_posix() for path in register.inputs] == ["locale/en.yaml", REGISTER]
    assert register.pages is None


# The register that is shipped


def test_the_shipped_register_has_every_record() -> None:
    """Each table of the register has a row for each record of the dataset, and the cover leads to every sheet."""
    dataset = load_dataset(PROJECT / "data")
    view = view_of(dataset, "register", PROJECT / "templates")
    workbook = openpyxl.load_workbook(BytesIO(render(view, PROJECT / "templates", REGISTER).content))
    counts = {sheet.title: len(list(cells_of(sheet))) // len(head_of(sheet)) for sheet in workbook if sheet.tables}
    expected = {
        "Register": len(dataset.all(Milestone)),
        "Frameworks": len(dataset.all(Framework)),
        "Statements": len(dataset.all(Statement)),
        "Disagreements": len(view.all_disagreements),
        "Measures": len(view.counts),
        "Sources": len(dataset.sources),
    }
    assert min(expected.values()) > 0
    assert {name: counts[name] for name in expected} == expected
    assert [row[0] for row in workbook["Register"].iter_rows(min_row=4, values_only=True)] == [one.id for one in view.milestones]
    cover, *others = workbook
    links = [cell.hyperlink.location for (cell,) in cover.iter_rows() if cell.hyperlink]
    assert links == [f"'{sheet.title}'!A1" for sheet in others]
