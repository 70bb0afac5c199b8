"""View + declared sheets -> .xlsx: real tables that people filter, sort and print, written by XlsxWriter."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from io import BytesIO
from math import ceil, inf
from pathlib import Path
from typing import Any

from lxml import etree
from xlsxwriter import Workbook

from reports.cache import NO_CACHE, Cache
from reports.dataset.model import is_web_address
from reports.documents.view import View
from reports.errors import Problem, ReportsError, did_you_mean
from reports.renderers import RenderedFile
from reports.renderers.ooxml import pack, unpack
from reports.renderers.row_height import MOST, TEXT_SIZE, height, width
from reports.renderers.workbook import FORMULA_STARTS, Book, Cell, Sheet, Table, Value, evaluate, length
from reports.yamlfile import Keys

BLUE, LINK, WHITE, GREY = "FF12355B", "FF0B5394", "FFFFFFFF", "FFC9D0D6"
# What a sheet, a cell and a link hold (https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3).
MOST_ROWS, MOST_LINKS, LONGEST_TEXT, LONGEST_LINK, LONGEST_TIP = 1_048_576, 65_530, 32_767, 2079, 255
FIRST_DATE = date(1900, 3, 1)  # Excel counts a 29 February 1900 that never was
HEAD = 3  # the row of a table's headings, under the sheet's title and its line of explanation
LINES_WIDTH = 72  # of the column of a sheet without a table: LibreOffice cuts a lone column that is wider than the paper
MOST_GROWN, FEW_LINES = 120, 20  # as wide as a column gets for what has no room in it, and the lines of its longest text then
DEFAULT_WIDTH = 8.43  # of a column of which nothing is said; all widths are in digits
DC = "http://purl.org/dc/elements/1.1/"

# What an address can't hold as it is (https://www.rfc-editor.org/rfc/rfc3987); letters of all scripts it can.
NOT_IN_ADDRESS = re.compile(r'%(?![0-9A-Fa-f]{2})|[\x00-\x20"<>\\^`{|}\x7f]')
# What a text of XML's attributes must not hold: Excel reads _x0041_ as A, and XlsxWriter <r>…</r> as marks of its own.
CODE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)|^<(?=r>)")
# Where the text of a cell is written in parts, so that no code arises: not all programs read what stands for one, and XlsxWriter
# overlooks the second of two codes that touch.
PARTS = re.compile(r"(?<=^<)(?=r>)|(?<=_)(?=x[0-9A-Fa-f]{4}_)")

TOP = {"valign": "top"}
WRAPPED = TOP | {"text_wrap": True}
LINED = {"bottom": 1, "bottom_color": f"#{GREY[2:]}"}  # LibreOffice shows no stripes of a table's style
TITLE = {"font_size": 16, "bold": True, "font_color": f"#{BLUE[2:]}"}
LOOKS: dict[str, dict[str, Any]] = {
    "title": TITLE,
    "cover": TITLE | WRAPPED,
    "intro": TOP,
    "heading": TITLE | WRAPPED | {"font_size": 12},
    "line": WRAPPED,
    "head": WRAPPED | {"bold": True, "font_color": f"#{WHITE[2:]}", "bg_color": f"#{BLUE[2:]}"},
    "text": WRAPPED | LINED | {"num_format": "@"},
    "date": TOP | LINED | {"align": "left", "num_format": "yyyy-mm-dd"},
    "number": TOP | LINED | {"align": "right", "indent": 1},  # off the text of the next column
}
LINKED = {"underline": 1, "font_color": f"#{LINK[2:]}"}


def render(view: View, templates: Path, name: str, cache: Cache = NO_CACHE) -> RenderedFile:
    """Return *view* in the sheets that *name* declares, as a workbook; raises ReportsError for what Excel can't hold."""
    book = evaluate(view, templates, name)
    if problems := [Problem(book.file.locate(keys), message) for keys, message in _impossible(book)]:
        raise ReportsError(*problems)
    target, font = BytesIO(), {"font_name": book.declaration.font, "font_size": TEXT_SIZE}
    workbook = Workbook(target, {"in_memory": True, "default_format_properties": font})
    looks = _Looks(workbook)
    for sheet in book.sheets:
        _write_sheet(workbook.add_worksheet(sheet.name), sheet, looks)
    keywords = f"{view.about.organisation.name}, {view.about.partner.name}"
    properties = {"title": f"{view.title}: {view.document.name}", "author": view.about.publisher, "keywords": keywords}
    workbook.set_properties({**properties, "created": view.moment})
    workbook.close()
    parts = unpack(target.getvalue())
    core = etree.fromstring(parts["docProps/core.xml"])
    etree.SubElement(core, f"{{{DC}}}language").text = book.language  # for which XlsxWriter has no property
    return RenderedFile(pack({**parts, "docProps/core.xml": etree.tostring(core, encoding="UTF-8", standalone=True)}), book.inputs)


def _impossible(book: Book) -> Iterator[tuple[Keys, str]]:
    """Yield what Excel can't hold in *book*, and where it is declared."""
    sheets = {f"#{sheet.name}" for sheet in book.sheets}
    for index, sheet in enumerate(book.sheets):
        links: Counter[Keys] = Counter()
        for keys, where, cell in _cells(sheet):
            links[keys] += bool(cell.link)
            for field, message in _impossible_cell(cell, where, sheets):
                yield ("sheets", index, *keys[:-1], field or keys[-1]), message
        if sheet.table and (rows := len(sheet.table.rows)) > MOST_ROWS - HEAD:
            yield ("sheets", index, "rows"), f"gives {rows} rows; a sheet of Excel has room for {MOST_ROWS - HEAD} under its headings"
        if (total := links.total()) > MOST_LINKS:
            most, _ = links.most_common(1)[0]
            message = f"the sheet '{sheet.name}' has {total} links, and Excel holds {MOST_LINKS}: leave out those of a column"
            yield ("sheets", index, *most[:-1], "link"), message


def _cells(sheet: Sheet) -> Iterator[tuple[Keys, str, Cell]]:
    """Yield each cell of *sheet* with the keys of its value in the declaration, and the words by which a person finds it."""
    for number, (cell, _) in enumerate(sheet.lines):
        yield ("lines", number, "text"), f"line {number + 1} of the sheet '{sheet.name}'", cell
    for row in sheet.table.rows if sheet.table else ():
        where = f"'{str(row[0].value)[:60]}' in the sheet '{sheet.name}'"
        yield from ((("columns", column, "value"), where, cell) for column, cell in enumerate(row))


def _impossible_cell(cell: Cell, where: str, sheets: set[str]) -> Iterator[tuple[str, str]]:
    """Yield what Excel can't hold of *cell*, found at *where* in a workbook with links to *sheets*: "link" if it is that, and a message."""
    if isinstance(cell.value, str) and (long := length(cell.value)) > LONGEST_TEXT:
        yield "", f"a text of {where} has {long} characters; Excel holds {LONGEST_TEXT}"
    if cell.link and cell.link not in sheets:
        if not is_web_address(cell.link):
            yield "link", f"the link '{cell.link}' of {where} leads neither to the web nor to a sheet{did_you_mean(cell.link, sheets)}"
        if (long := length(_address(cell.link))) > LONGEST_LINK:
            yield "link", f"a link of {where} has {long} characters; Excel holds {LONGEST_LINK}"


class _Looks:
    """The formats of a workbook, each made when the first cell needs it."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self.find = cache(self._make)

    def _make(self, role: str, is_link: bool, is_quoted: bool) -> Any:
        return self._workbook.add_format({**LOOKS[role], **(LINKED if is_link else {}), "quote_prefix": is_quoted})


def _write_sheet(target: Any, sheet: Sheet, looks: _Looks) -> None:
    """Write *sheet* into *target*, to be printed on A4, one page wide."""
    if sheet.table:
        _write_table(target, sheet, sheet.table, looks)
        target.set_landscape()
    else:
        _write_lines(target, sheet, looks)
    target.hide_gridlines(2)
    target.set_paper(9)  # A4
    target.fit_to_pages(1, 0)
    target.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)


def _write_lines(target: Any, sheet: Sheet, looks: _Looks) -> None:
    target.set_column(0, 0, LINES_WIDTH)
    lines = [(Cell(sheet.title), "cover"), *((cell, "heading" if is_heading else "line") for cell, is_heading in sheet.lines)]
    for number, (cell, role) in enumerate(lines, start=1):
        _put(target, number, 1, cell._replace(value=_iso(cell.value)), LINES_WIDTH, role, looks)
        target.set_row(number - 1, height(str(cell.value), LINES_WIDTH, LOOKS[role].get("font_size", TEXT_SIZE)))


def _write_table(target: Any, sheet: Sheet, table: Table, looks: _Looks) -> None:
    last = HEAD + max(1, len(table.rows))
    for number, (text, role) in enumerate(((sheet.title, "title"), (sheet.intro, "intro")), start=1):
        _put(target, number, 1, Cell(text), 0, role, looks)
        target.set_row(number - 1, height(text, inf, LOOKS[role].get("font_size", TEXT_SIZE)))
    # Before the headings, for XlsxWriter writes them too, as they are in the table's own part.
    columns = [{"header": CODE.sub(_encode, heading)} for heading in table.headings]
    texts = {"name": table.name, "columns": columns, "title": _attribute(sheet.title), "description": _attribute(sheet.intro)}
    target.add_table(HEAD - 1, 0, last - 1, len(columns) - 1, {**texts, "style": "Table Style Light 1"})
    rows = [tuple(map(Cell, table.headings)), *_dated(table.rows)]
    rooms = [max(_least_width(cell, room) for cell in cells) for room, cells in zip(table.widths, zip(*rows, strict=True), strict=True)]
    for number, row in enumerate(rows, start=HEAD):
        for column, (cell, room) in enumerate(zip(row, rooms, strict=True), start=1):
            _put(target, number, column, cell, room, "head" if number == HEAD else _role(cell), looks)
        heights = (height(cell.value, room) for cell, room in zip(row, rooms, strict=True) if isinstance(cell.value, str))
        target.set_row(number - 1, max(heights, default=height("", 1)))
    for column, room in enumerate(rooms):
        target.set_column(column, column, room)
    target.freeze_panes(HEAD, 1)
    target.repeat_rows(HEAD - 1)
    target.print_area(0, 0, last - 1, _count_printed(sheet, table, rooms) - 1)


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
    """Return how many columns paper shows: at least two, and so many that the title and the introduction, which run over them, fit."""
    text = max(width(sheet.title, LOOKS["title"]["font_size"]), width(sheet.intro))
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


def _role(cell: Cell) -> str:
    return "text" if isinstance(cell.value, str) else "date" if isinstance(cell.value, date) else "number"


def _put(target: Any, row: int, column: int, cell: Cell, room: float, role: str, looks: _Looks) -> None:
    """Write *cell* into *row* and *column*, counted from 1: a text stays a text, whatever it begins with or looks like.

    A link of which the text has no *room* on a line is left out, for LibreOffice would cut the text.
    """
    at, value = (row - 1, column - 1), cell.value
    link = cell.link if cell.link and width(str(value)) <= room else None
    look = looks.find(role, bool(link), isinstance(value, str) and value.startswith(FORMULA_STARTS))
    if link:
        address = f"internal:'{link[1:]}'!A1" if link.startswith("#") else _address(link)
        tip = str(value) if link.startswith("#") else link
        target.write_url(*at, address, look, _attribute(str(value)), _attribute(tip))
    if value is None or value == "":
        target.write_blank(*at, None, look)
    elif isinstance(value, date):
        target.write_datetime(*at, value, look)
    elif not isinstance(value, str):
        target.write_number(*at, value, look)
    elif ("_x" in value or value.startswith("<r>")) and len(parts := PARTS.split(value)) > 1:
        target.write_rich_string(*at, *(each for part in parts for each in (look, part)), look)
    else:
        target.write_string(*at, value, look)


def _address(link: str) -> str:
    """Return *link* with a code for each character that no address holds, such as a blank."""
    return NOT_IN_ADDRESS.sub(lambda match: f"%{ord(match[0]):02X}", link)


def _attribute(text: str) -> str:
    """Return *text* as Excel reads it in an attribute, cut to what a tip or an alternative text holds."""
    return CODE.sub(_encode, text).encode("utf-16-le")[: 2 * LONGEST_TIP].decode("utf-16-le", "ignore")


def _encode(match: "re.Match[str]") -> str:
    return f"_x{ord(match[0]):04X}_"
