"""The finished workbook, read back: values and types, what people find in it on screen and on paper, and what keeps it from being made."""

import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from lxml import etree
from openpyxl.utils import range_boundaries
from python_calamine import CalamineWorkbook

from reports.documents.view import View
from reports.errors import ReportsError
from reports.renderers import RenderedFile
from reports.renderers.excel import render
from reports.renderers.ooxml import unpack
from reports.renderers.workbook import evaluate
from tests.conftest import TINY, Show, edit
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
    rows: >-
      {rows}
    item: one
    columns:
      - {{ heading: "'Name'", width: 10, value: "'Anna'" }}
      - {{ heading: "'Text'", width: 10, value: one }}
      - {{ heading: "'Link'", width: 10, value: "'a'", link: "{link}" }}
"""
Write = Callable[..., Any]


@pytest.fixture
def write(tiny_templates: Path, tiny_view: View) -> Write:
    """A function that makes a workbook with a row for each of *rows*, in Jinja, and returns its one sheet and the file."""

    def write(rows: str, link: str = "none") -> tuple[Any, bytes]:
        (tiny_templates / "register" / "test.yaml").write_text(DECLARED.format(rows=rows, link=link), "utf-8")
        content = render(tiny_view, tiny_templates, "register/test.yaml").content
        return openpyxl.load_workbook(BytesIO(content))["Texts"], content

    return write


def test_the_text_of_the_file_is_the_text_of_the_template(workbook: Any, register: RenderedFile, tiny_view: View) -> None:
    """What the sheets say stands in the cells in their order: a date as a date, a number as a number, a text as a text.

    Calamine, which shares no code with the library that writes, reads every value as openpyxl does.
    """
    book = evaluate(tiny_view, TINY / "templates", REGISTER)
    other = CalamineWorkbook.from_filelike(BytesIO(register.content))
    assert workbook.sheetnames == other.sheet_names == [sheet.name for sheet in book.sheets]
    for sheet in book.sheets:
        expected: list[tuple[Any, ...]] = [(sheet.title,)]
        if sheet.table:
            expected += [(sheet.intro,), sheet.table.headings, *(tuple(cell.value for cell in row) for row in sheet.table.rows)]
        else:
            expected += [(cell.value,) for cell, _ in sheet.lines]
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
    assert len(sheets) == 4
    for part in sheets:
        assert find(part, "//m:f") == []
        assert set(find(part, "//m:c[m:is or m:v]/@t")) <= {"inlineStr", "n"}
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
    assert [(cell.value, cell.data_type, cell.quotePrefix) for cell in cells] == [(text, "s", True), ("plain", "s", False)]
    assert [row[1] for row in CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()][-2:] == [text, "plain"]
    (part,) = sheets_of(unpack(content))
    assert find(part, "//m:f") == []
    assert find(part, "//m:c[@r='B4']/@t") == ["inlineStr"]


def test_every_table_is_marked_up_as_a_table(parts: dict[str, bytes], workbook: Any) -> None:
    """Each table is one of Excel's own, with a name, a filter and a style, alone on its sheet, with nothing beside or under it.

    A screen reader finds what it is in the extension that Excel reads, which is the last child of the table.
    """
    cover, *tables = workbook
    assert not cover.tables
    assert [list(sheet.tables) for sheet in tables] == [["Milestones"], ["Offices"], ["Sources"]]
    for number, sheet in enumerate(tables, start=1):
        (table,) = sheet.tables.values()
        assert (table.headerRowCount, table.totalsRowCount, table.tableStyleInfo.name) == (1, None, "TableStyleLight1")
        assert table.autoFilter.ref == table.ref
        assert [column.name for column in table.tableColumns] == [cell.value for cell in sheet[3]]
        assert range_boundaries(table.ref) == (1, 3, sheet.max_column, sheet.max_row)
        (extension,) = find(parts[f"xl/tables/table{number}.xml"], "/m:table/m:extLst[not(following-sibling::*)]/m:ext")
        assert extension.get("uri") == "{504A1905-F514-4f6f-8877-14C23A59335A}"
        assert dict(extension[0].attrib) == {"altText": sheet["A1"].value, "altTextSummary": sheet["A2"].value}


def test_texts_are_wrapped(workbook: Any) -> None:
    """A long text is wrapped in its cell, in tables, headings and lines; the title of each sheet is larger than the rest."""
    cover, *tables = workbook
    rows = [*cover.iter_rows(min_row=2), *(row for sheet in tables for row in sheet.iter_rows(min_row=3))]
    cells = [cell for row in rows for cell in row if isinstance(cell.value, str)]
    assert len(cells) > 100
    assert [cell.coordinate for cell in cells if not (cell.alignment.wrap_text and cell.alignment.vertical == "top")] == []
    assert [(sheet["A1"].font.sz, sheet["A1"].font.b) for sheet in workbook] == [(16, True)] * 4


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
    assert [find(part, "//m:sheetView/@tabSelected") for part in sheets_of(parts)] == [[]] * 4


def test_sheets_are_printed_one_page_wide_on_a4(workbook: Any) -> None:
    """Paper is A4, across for tables, and no sheet is wider than a page; a column that is too wide for paper is left out.

    The row of headings and the first column stay when one scrolls, and the headings are printed on every page.
    """
    layouts = [(sheet.page_setup.paperSize, sheet.page_setup.orientation) for sheet in workbook]
    assert layouts == [(9, "portrait"), *[(9, "landscape")] * 3]
    assert [(sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) for sheet in workbook] == [(1, 0)] * 4
    assert all(sheet.sheet_properties.pageSetUpPr.fitToPage for sheet in workbook)
    _, *tables = workbook
    assert [(sheet.freeze_panes, sheet.print_title_rows) for sheet in tables] == [("B4", "$3:$3")] * 3
    areas = ["'Register'!$A$1:$I$17", "'Offices'!$A$1:$B$13", "'Kinds & sources'!$A$1:$B$9"]
    assert [sheet.print_area for sheet in tables] == areas


NOWHERE = "of 'Anna' in the sheet 'Texts' leads neither to the web nor to a sheet"
LONG = "'https://a.example/' ~ 'b' * 20{}"
DAY = "[view.milestones[0].date.earliest.replace(1900, {}, {})]"


@pytest.mark.parametrize(
    ("rows", "link", "expected"),
    [
        ("['a' * 32768]", "none", "a text of 'Anna' in the sheet 'Texts' has 32768 characters; Excel holds 32767"),
        (DAY.format(2, 28), "none", "the date 1900-02-28 of 'Anna' in the sheet 'Texts' is before 1900-03-01, where Excel's dates begin"),
        ("[1]", "'mailto:a@b.example'", f"the link 'mailto:a@b.example' {NOWHERE}"),
        ("[1]", "'#Text'", f"the link '#Text' {NOWHERE} (did you mean '#Texts'?)"),
        ("[1]", "'Texts'", f"the link 'Texts' {NOWHERE} (did you mean '#Texts'?)"),
        ("[1]", LONG.format(62), "a link of 'Anna' in the sheet 'Texts' has 2080 characters; Excel holds 2079"),
    ],
)
def test_what_excel_can_not_hold_is_a_problem(rows: str, link: str, expected: str, write: Write, show: Show) -> None:
    """A text that Excel would cut, a day before its calendar, and a link that leads nowhere are problems that name record and sheet."""
    with pytest.raises(ReportsError) as error:
        write(rows, link)
    assert show(error.value.problems) == [f"templates/register/test.yaml: {expected}"]


def test_what_excel_just_holds_is_none(write: Write) -> None:
    """32,767 characters, the day after the 29 February 1900 that never was, and an address of 2,079 characters, with a shorter tip."""
    assert len(write("['a' * 32767]")[0]["B4"].value) == 32767
    sheet, content = write(DAY.format(3, 1), LONG.format(61))
    assert sheet["B4"].value == datetime(1900, 3, 1)  # noqa: DTZ001
    assert CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()[-1][1] == date(1900, 3, 1)
    assert (len(sheet["C4"].hyperlink.target), len(sheet["C4"].hyperlink.tooltip)) == (2079, 255)


def test_a_problem_of_a_long_text_is_short(tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """When what is too long is a record's name, it is told by its beginning; what is wrong in a line, by the line's number."""
    edit(tiny_templates / REGISTER, "value: milestone.id }", "value: \"'a' * 40000\" }")
    edit(tiny_templates / REGISTER, "\"'#Offices'\"", "\"'#Officers'\"")
    with pytest.raises(ReportsError) as error:
        render(tiny_view, tiny_templates, REGISTER)
    where = "line 4 of the sheet 'About' leads neither to the web nor to a sheet (did you mean '#Offices'?)"
    assert [problem.removeprefix("templates/register/register.yaml: ") for problem in show(error.value.problems)] == [
        f"a text of '{'a' * 60}' in the sheet 'Register' has 40000 characters; Excel holds 32767",
        f"the link '#Officers' of {where}",
    ]


def test_a_table_without_rows_is_still_a_table(write: Write) -> None:
    """Excel wants a row in each table: when there is nothing to tell, it is an empty one."""
    sheet, _ = write("[]")
    assert [table.ref for table in sheet.tables.values()] == ["A3:C4"]
    assert [cell.value for cell in sheet[4]] == [None] * 3


def test_fonts_are_in_the_order_of_the_schema(parts: dict[str, bytes]) -> None:
    """The properties of every font stand in the order of ISO/IEC 29500-1, which openpyxl breaks."""
    fonts = find(parts["xl/styles.xml"], "//m:fonts/m:font")
    assert len(fonts) >= 6
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
    assert [len(find(part, "//m:tablePart/@r:id")) for part in sheets_of(parts)] == [0, 1, 1, 1]


def test_the_same_view_makes_the_same_bytes(register: RenderedFile, tiny_view: View, tiny_templates: Path) -> None:
    """Two workbooks, from two folders, are equal to the byte; no entry bears the clock's time."""
    assert render(tiny_view, tiny_templates, REGISTER).content == register.content
    assert [path.relative_to(TINY / "templates").as_posix() for path in register.inputs] == ["locale/en.yaml", REGISTER, "shared/looks.css"]
    with zipfile.ZipFile(BytesIO(register.content)) as archive:
        assert archive.namelist()[0] == "[Content_Types].xml"
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
