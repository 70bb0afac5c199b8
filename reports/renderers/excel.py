"""View + declared sheets -> .xlsx: real tables that people filter, sort and print, written by openpyxl."""

from collections.abc import Iterator, Mapping
from copy import copy
from datetime import date
from functools import cache
from math import ceil, inf
from pathlib import Path
from typing import Any, NamedTuple

from openpyxl import Workbook
from openpyxl.cell import Cell as ExcelCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.dimensions import RowDimension
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table as ExcelTable
from openpyxl.worksheet.table import TableColumn, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from reports.cache import NO_CACHE, Cache
from reports.documents.view import View
from reports.renderers import RenderedFile
from reports.renderers.direction import kinds
from reports.renderers.excel_limits import check_limits, encode_address
from reports.renderers.excel_parts import SHARED, encode, finish, tip
from reports.renderers.excel_rules import add_rules, find_lists
from reports.renderers.looks import Looks, read_looks
from reports.renderers.row_height import MOST, TEXT_SIZE, height, width
from reports.renderers.workbook import FORMULA_STARTS, Cell, Question, Sheet, Table, Value, evaluate
from reports.translations.locale import is_right_to_left

FIRST_DATE = date(1900, 3, 1)  # Excel counts a 29 February 1900 that never was
LINES_WIDTH = 72  # of the column of a sheet without a table: LibreOffice cuts a lone column that is wider than the paper
MOST_GROWN, FEW_LINES = 120, 20  # as wide as a column gets for what has no room in it, and the lines of its longest text then
DEFAULT_WIDTH = 8.43  # of a column of which nothing is said; all widths are in digits
PADDING = 5 / 7  # of a column, which a file counts with it: five pixels, where a digit has seven


class _Role(NamedTuple):
    """The looks of a kind of cell: what has a *colour* is bold; colours are named as in the style sheet of all documents."""

    alignment: Alignment
    size: float = TEXT_SIZE
    colour: str = ""
    ground: str = ""
    number_format: str = "General"
    is_lined: bool = False  # LibreOffice shows no stripes of a table's style
    is_boxed: bool = False  # or else empty cells side by side look like one


TOP, WRAPPED = Alignment(vertical="top"), Alignment(vertical="top", wrap_text=True)
LEFT, RIGHT = Alignment(horizontal="left", vertical="top"), Alignment(horizontal="right", vertical="top", indent=1)  # off the next column
MIRRORED = {None: "right", "left": "right", "right": "left"}  # of a sheet from right to left; left is left in it
LEFT_TO_RIGHT, RIGHT_TO_LEFT = 1, 2  # the reading orders of a cell (ISO/IEC 29500-1, 18.8.1); with 0, its first letter tells
ROLES = {
    "title": _Role(TOP, size=16, colour="primary"),
    "cover": _Role(WRAPPED, size=16, colour="primary"),
    "intro": _Role(TOP),
    "heading": _Role(WRAPPED, size=12, colour="primary"),
    "line": _Role(WRAPPED),
    "head": _Role(WRAPPED, colour="paper", ground="primary"),
    "text": _Role(WRAPPED, number_format="@", is_lined=True),
    "date": _Role(LEFT, number_format="yyyy-mm-dd", is_lined=True),
    "number": _Role(RIGHT, is_lined=True),
    # As texts, or else Excel makes a day of "May 1993" that somebody answers.
    "answer": _Role(WRAPPED, ground="tint", number_format="@", is_boxed=True),
    "answered day": _Role(LEFT, ground="tint", number_format="yyyy-mm-dd", is_boxed=True),
}


class _GrowingRow(RowDimension):  # type: ignore[misc]  # openpyxl has no types
    """A row with a height that programs take for one that they have fitted themselves."""

    customHeight = False  # noqa: N815 - the attribute's name in the file


def render(view: View, templates: Path, name: str, cache: Cache = NO_CACHE, names: Mapping[str, object] = {}) -> RenderedFile:
    """Return *view* in the sheets that *name* declares, as a workbook; raises ReportsError for what Excel can't hold.

    Its expressions may use *names*, with their values, too.
    """
    book = evaluate(view, templates, name, names=names)
    check_limits(book)
    colours = read_looks(templates)
    workbook = Workbook(write_only=True)  # each row is written at once, for the cells of a large register take much memory
    is_rtl = is_right_to_left(book.language)
    styles, lists = _Styles(workbook, book.declaration.font, colours, is_rtl), find_lists(book)
    for sheet in book.sheets:
        target = workbook.create_sheet(sheet.name)
        target.sheet_view.rightToLeft = is_rtl or None
        _write_sheet(target, sheet, styles)
        if sheet.table and sheet.table.rows:
            add_rules(target, sheet.table, (sheet.head + 1, sheet.head + len(sheet.table.rows)), lists, colours)
        target.close()
    properties = workbook.properties
    properties.title = f"{view.title}: {view.document.name}"
    properties.creator = properties.lastModifiedBy = view.about.publisher
    properties.language = book.language
    properties.keywords = f"{view.about.organisation.name}, {view.about.partner.name}"
    properties.created = properties.modified = view.moment.replace(tzinfo=None)  # openpyxl knows no time zones
    workbook.security = None
    described = [(sheet.title, " ".join(sheet.above[1:])) for sheet in book.sheets if sheet.table]
    return RenderedFile(finish(workbook, described), {**book.inputs, colours.path: colours.digest})


class _Styles:
    """The styles of *workbook*, each registered when the first cell needs it: setting fonts cell by cell takes most of the time.

    *is_rtl* tells that its sheets go from right to left.
    """

    def __init__(self, workbook: Workbook, font: str, colours: Looks, is_rtl: bool = False) -> None:
        self._workbook, self._font, self._colours, self.is_rtl = workbook, font, colours, is_rtl
        workbook._named_styles["Normal"].font = Font(name=font, size=TEXT_SIZE)  # in whose digits programs count the widths of columns
        self.find = cache(self._make)

    def _make(self, role: str, is_link: bool, is_quoted: bool, order: int) -> Any:
        alignment, size, colour, ground, number_format, is_lined, is_boxed = ROLES[role]
        cell = ExcelCell(self._workbook.worksheets[0])
        underline, name = ("single", "link") if is_link else (None, colour)
        cell.font = Font(name=self._font, size=size, bold=bool(colour), underline=underline, color=self._rgb(name) if name else None)
        if order:
            alignment = copy(alignment)
            alignment.horizontal, alignment.readingOrder = MIRRORED[alignment.horizontal], order
        cell.alignment, cell.number_format, cell.quotePrefix = alignment, number_format, is_quoted
        if ground:
            cell.fill = PatternFill("solid", fgColor=self._rgb(ground))
        if is_lined or is_boxed:
            side = Side("thin", self._rgb("rule"))
            cell.border = Border(left=side, right=side, bottom=side) if is_boxed else Border(bottom=side)
        return cell._style

    def order(self, value: Value) -> int:
        """Return the reading order of *value* in a sheet from right to left, where an address keeps its own; 0 in any other sheet."""
        return (RIGHT_TO_LEFT if "R" in kinds(str(value)) else LEFT_TO_RIGHT) if self.is_rtl else 0

    def _rgb(self, name: str) -> str:
        return f"FF{self._colours.rgb(name)}"


def _write_sheet(target: Any, sheet: Sheet, styles: _Styles) -> None:
    """Write *sheet* into *target*, to be printed on A4, one page wide."""
    target.sheet_view.showGridLines = False
    target.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    target.page_setup.orientation = "landscape" if sheet.table else "portrait"
    target.page_setup.fitToWidth, target.page_setup.fitToHeight = 1, 0
    target.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    target.page_margins = PageMargins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    if sheet.table:
        _write_table(target, sheet, sheet.table, styles)
    else:
        _write_lines(target, sheet, styles)


def _write_lines(target: Any, sheet: Sheet, styles: _Styles) -> None:
    target.column_dimensions["A"].width = LINES_WIDTH + PADDING
    lines = [(Cell(text), "line" if number else "cover") for number, text in enumerate(sheet.above)]
    lines += [(cell, "heading" if is_heading else "line") for cell, is_heading in sheet.lines if cell.value not in (None, "")]
    for number, (cell, role) in enumerate(lines, start=1):
        written = _make_cell(target, cell._replace(value=_iso(cell.value)), LINES_WIDTH, role, styles)
        _append(target, number, [written], height(str(cell.value), LINES_WIDTH, ROLES[role].size))


def _write_table(target: Any, sheet: Sheet, table: Table, styles: _Styles) -> None:
    head, last = sheet.head, sheet.head + max(1, len(table.rows))
    rows = [tuple(map(Cell, table.headings)), *_dated(table.rows)]
    rooms = [max(_least_width(cell, room) for cell in cells) for room, cells in zip(table.widths, zip(*rows, strict=True), strict=True)]
    for column, room in enumerate(rooms, start=1):
        target.column_dimensions[get_column_letter(column)].width = room + PADDING
    target.freeze_panes = f"B{head + 1}"
    for number, text in enumerate(sheet.above, start=1):
        role = "title" if number == 1 else "intro"
        _append(target, number, [_make_cell(target, Cell(text), 0, role, styles)], height(text, inf, ROLES[role].size))
    questions = [column.question for column in table.columns]
    for number, row in enumerate(rows, start=head):
        roles = ["head" if number == head else _role(cell, question) for cell, question in zip(row, questions, strict=True)]
        cells = [_make_cell(target, cell, room, role, styles) for cell, room, role in zip(row, rooms, roles, strict=True)]
        heights = (height(cell.value, room) for cell, room in zip(row, rooms, strict=True) if isinstance(cell.value, str))
        _append(target, number, cells, max(heights, default=height("", 1)), grows=any(questions) and number > head)
    columns = [TableColumn(id=number, name=encode(heading)) for number, heading in enumerate(table.headings, start=1)]
    place = f"A{head}:{get_column_letter(len(columns))}{last}"
    style = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
    declared = {"displayName": table.name, "ref": place, "autoFilter": AutoFilter(place), "tableColumns": columns}
    target.tables.add(ExcelTable(**declared, tableStyleInfo=style))
    target.print_title_rows = f"{head}:{head}"
    target.print_area = f"A1:{get_column_letter(_count_printed(sheet, table, rooms))}{last}"


def _append(target: Any, number: int, cells: list[ExcelCell], high: float, grows: bool = False) -> None:
    """Write the row *number*, with *cells*, *high* so many points; where it *grows*, programs fit it anew to what is written into it."""
    target.row_dimensions[number] = (_GrowingRow if grows else RowDimension)(target, number, ht=high)
    target.append(cells)
    del target.row_dimensions[number]


def _least_width(cell: Cell, declared: float) -> float:
    """Return the width that a column *declared* so wide needs for *cell*.

    A text needs more if its row would be higher than rows can be; so does a link, which LibreOffice does not break into lines, and a
    long number, for which programs show ###.
    """
    if cell.value is None or (isinstance(cell.value, str) and not cell.link and height(cell.value, declared) < MOST):
        return declared
    lines = 1 if cell.link or not isinstance(cell.value, str) else FEW_LINES
    return max(declared, min(ceil(width(str(cell.value)) / lines), MOST_GROWN))


def _count_printed(sheet: Sheet, table: Table, rooms: list[float]) -> int:
    """Return how many columns paper shows: at least two, and so many that the title and the lines under it, which run over them, fit."""
    text = max(width(sheet.title, ROLES["title"].size), *map(width, sheet.above))
    missing = max(0, text - sum(rooms[: table.printed]))
    return max(2, table.printed + ceil(missing / DEFAULT_WIDTH))  # LibreOffice does not make a lone column smaller


def _dated(rows: tuple[tuple[Cell, ...], ...]) -> Iterator[tuple[Cell, ...]]:
    """Yield *rows* with texts in ISO 8601 for all days of each column that has one before FIRST_DATE.

    A column of days and texts would be sorted wrong, since programs put all texts after all days.
    """
    early = {at for row in rows for at, cell in enumerate(row) if isinstance(cell.value, date) and cell.value < FIRST_DATE}
    for row in rows if early else ():
        yield tuple(Cell(_iso(cell.value), cell.link) if at in early else cell for at, cell in enumerate(row))
    yield from () if early else rows


def _iso(value: Value) -> Value:
    return value.isoformat() if isinstance(value, date) else value


def _role(cell: Cell, question: Question | None) -> str:
    if question:
        return "answered day" if question.since else "answer"
    return "text" if isinstance(cell.value, str) else "date" if isinstance(cell.value, date) else "number"


def _make_cell(target: Any, cell: Cell, room: float, role: str, styles: _Styles) -> ExcelCell:
    """Return *cell* for a row of *target*: a text stays a text, whatever it begins with or looks like."""
    written, value, link = ExcelCell(target, 1, 1), cell.value, cell.link if cell.link and _has_room(cell, room) else None
    written._style = styles.find(role, bool(link), isinstance(value, str) and value.startswith(FORMULA_STARTS), styles.order(value))
    if link:
        written.hyperlink = _hyperlink(link, str(value))
    if isinstance(value, str) and value:
        written.value, written.data_type = target.parent.shared_strings.add(value), SHARED
    else:
        written.value = None if value == "" else value
    return written


def _has_room(cell: Cell, room: float) -> bool:
    """Tell whether *cell* has a text with *room* on one line: of a link, LibreOffice shows the beginning, and its lines as one."""
    text = "" if cell.value is None else str(cell.value)
    return bool(text) and "\n" not in text and width(text) <= room


def _hyperlink(link: str, text: str) -> Hyperlink:
    if link.startswith("#"):
        return Hyperlink(ref="", location=f"'{link[1:]}'!A1", tooltip=tip(text))
    address, _, place = encode_address(link).partition("#")  # as Excel has it
    return Hyperlink(ref="", target=address, location=place or None, tooltip=tip(link))
