"""OpenDocument spreadsheet (ISO/IEC 26300) -> Sheets, by lxml: calamine loses tabs and comments, and can't read what gnumeric saves."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import groupby
from typing import Any

from reports.proposals.archive import Archive
from reports.proposals.refusal import MACROS, PROTECTED, RefusedError
from reports.proposals.sheets import Note, Sheet, Value
from reports.proposals.spreadsheets.grid import MOST_SHEETS, Allowance, Grid, day, numeral
from reports.readers.content import bound

SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
OFFICE, TABLE, TEXT = ("{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}" % name for name in ("office", "table", "text"))  # noqa: UP031
CALC_TYPE = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
CREATOR, DATE = "{http://purl.org/dc/elements/1.1/}creator", "{http://purl.org/dc/elements/1.1/}date"
CELLS = (f"{TABLE}table-cell", f"{TABLE}covered-table-cell")
MACROS_IN, NO_MACROS = ("Basic/", "Scripts/"), ("script-lc.xml", "script-lb.xml")  # which name the libraries, perhaps empty ones
# The errors of LibreOffice and of gnumeric, which says of no text that it is one.
ERROR = re.compile(r"#[A-Z/0]+[!?]?|Err:\d+")
DURATION = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")
SIGNS = {f"{TEXT}tab": "\t", f"{TEXT}line-break": "\n"}


def read(archive: Archive) -> tuple[Sheet, ...]:
    """Return the sheets of *archive*, hidden ones too; raises RefusedError for a password or macros, TooLargeError for too much."""
    if b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise RefusedError(PROTECTED)
    if any(name.startswith(MACROS_IN) and not name.endswith(("/", *NO_MACROS)) for name in archive.names):
        raise RefusedError(MACROS)
    allowance, sheets = Allowance(), []
    for table, rows in groupby(_rows(archive), lambda row: next(row.iterancestors(f"{TABLE}table"))):
        grid = Grid(table.get(f"{TABLE}name", ""), allowance)
        _fill(grid, rows)
        sheets.append(grid.sheet())
        bound("sheets", len(sheets), MOST_SHEETS)
    return tuple(sheets)


def _rows(archive: Archive) -> Iterator[Any]:
    """Yield the rows of the sheets, but not those in the record of changes, in a cell or in what was taken from another file."""
    for row in archive.elements("content.xml", f"{TABLE}table-row"):
        if next(row.iterancestors(f"{TABLE}table")).getparent().tag == f"{OFFICE}spreadsheet":
            yield row


def _fill(grid: Grid, rows: Iterator[Any]) -> None:
    number = 0
    for row in rows:
        times = _times(row, "rows")
        cells = list(_cells(row))
        for copy in range(1, times + 1 if cells else 1):
            for column, cell, value, broken in cells:
                grid.put(number + copy, column, value, broken, _times(cell, "columns"))
                _annotate(grid, number + copy, column, cell)
        number += times


def _cells(row: Any) -> Iterator[tuple[int, Any, Value, str]]:
    """Yield the cells of *row* that hold something: the column, the element, and its value or what is broken in it."""
    column = 0
    for cell in row.iterchildren(*CELLS):
        broken = _broken(cell)
        value = None if broken else _value(cell)
        if broken or value not in (None, "") or cell.find(f"{OFFICE}annotation") is not None:
            yield column, cell, value, broken
        column += _times(cell, "columns")


def _times(element: Any, of: str) -> int:
    return int(element.get(f"{TABLE}number-{of}-repeated", 1))


def _broken(cell: Any) -> str:
    """Return the error in *cell*, or its formula if that has no value; else nothing."""
    formula = cell.get(f"{TABLE}formula")
    if formula is None:
        return ""
    shown = _text(cell)
    if cell.get(CALC_TYPE) == "error" or ERROR.fullmatch(shown):
        return shown or "#N/A"
    is_without_value = not cell.get(f"{OFFICE}value-type") and cell.find(f"{TEXT}p") is None
    return "=" + formula.partition("=")[2] if is_without_value else ""


def _value(cell: Any) -> Value:
    """Return what *cell* holds, by its type (ODF 1.3, 19.389); as a text, what it shows."""
    kind = cell.get(f"{OFFICE}value-type", "string")
    given = cell.get(f"{OFFICE}{'value' if kind in ('float', 'percentage', 'currency') else f'{kind}-value'}")
    if given is None:
        return _text(cell)
    if kind in ("date", "time"):
        return _moment(given) or _text(cell) or given
    return given == "true" if kind == "boolean" else given if kind == "string" else numeral(given)


def _moment(text: str) -> date | time | None:
    """Return the day, the time or both that *text* is in ISO 8601; none for more than a day, and for years that Python has not."""
    try:
        if match := DURATION.fullmatch(text):
            hours, minutes, seconds = map(int, match.groups())
            return time(hours, minutes, seconds)
        return day(datetime.fromisoformat(text)) if "T" in text else date.fromisoformat(text)
    except ValueError:
        return None


def _annotate(grid: Grid, row: int, column: int, cell: Any) -> None:
    if (note := cell.find(f"{OFFICE}annotation")) is not None:
        grid.annotate(row, column, Note(note.findtext(CREATOR) or "", note.findtext(DATE) or "", _text(note)))


def _text(element: Any) -> str:
    """Return the paragraphs of *element*, each on a line of its own."""
    return "\n".join("".join(_pieces(paragraph)) for paragraph in element.iterfind(f"{TEXT}p"))


def _pieces(element: Any) -> Iterator[str]:
    """Yield the texts in *element*, in which further spaces are elements (ODF 1.3, 6.1.2).

    White space should be read as one space, but beside a tab LibreOffice 25 writes line breaks and spaces as they are.
    """
    yield element.text or ""
    for child in element:
        if child.tag == f"{TEXT}s":
            yield " " * min(int(child.get(f"{TEXT}c", 1)), 1000)
        elif child.tag in SIGNS:
            yield SIGNS[child.tag]
        elif isinstance(child.tag, str) and child.tag != f"{OFFICE}annotation":
            yield from _pieces(child)
        yield child.tail or ""
