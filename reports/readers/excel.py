"""Workbook -> Content: the values by calamine, and the links, which it does not read, from the parts of the file."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import reduce
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from lxml import etree
from python_calamine import CalamineWorkbook

from reports.readers.content import Block, Content, Link, bound, gather

MOST_BYTES, MOST_CELLS = 100_000_000, 10_000_000
CELL = re.compile(r"([A-Z]+)(\d+)")
ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def read(content: bytes) -> Content:
    """Return the content of the workbook *content*: every row with something in it, sheet by sheet."""
    with ZipFile(BytesIO(content)) as file:
        bound("bytes of text", sum(part.file_size for part in file.infolist()), MOST_BYTES)
        parts = _targets(file, "xl/_rels/workbook.xml.rels")
        paths = {sheet.get("name"): parts[sheet.get(ID)] for sheet in etree.fromstring(file.read("xl/workbook.xml")).iter("{*}sheet")}
        links = {name: _links(file, path.rpartition("/")[2]) for name, path in paths.items()}
    workbook = CalamineWorkbook.from_filelike(BytesIO(content))
    return Content(gather(block for name in paths for block in _rows(workbook.get_sheet_by_name(name), links[name])))


def _rows(sheet: Any, links: Mapping[str, str]) -> Iterator[Block]:
    for number, values in enumerate(sheet.to_python(skip_empty_area=False), start=1):
        cells = tuple(map(_text, values))
        led = ((cell, links.get(f"{_letters(column)}{number}")) for column, cell in enumerate(cells))
        if any(cells):
            found = tuple(Link(cell, target) for cell, target in led if target)
            yield Block("row", cells, f"{sheet.name}!A{number}", table=sheet.name, links=found)


def _links(file: ZipFile, name: str) -> Mapping[str, str]:
    """Return the targets of the links of the sheet in the part *name*, by their cells."""
    targets = _targets(file, f"xl/worksheets/_rels/{name}.rels")
    sheet = etree.fromstring(file.read(f"xl/worksheets/{name}"))
    cells = [place for cell in sheet.iter("{*}c") if (place := CELL.fullmatch(cell.get("r", "")))]
    widest, lowest = (max(numbers, default=0) for numbers in ([_column(cell[1]) for cell in cells], [int(cell[2]) for cell in cells]))
    bound("cells", widest * lowest, MOST_CELLS)  # of a sheet: calamine keeps the empty ones too
    # The part of an address after its # stands apart, and so does the place in this file to which a link leads.
    places = ((link, f"#{link.get('location')}" if link.get("location") else "") for link in sheet.iter("{*}hyperlink"))
    return {link.get("ref").partition(":")[0]: targets.get(link.get(ID), "") + place for link, place in places}


def _targets(file: ZipFile, path: str) -> Mapping[str, str]:
    """Return the targets of the relationships in the part at *path*; none if there is no such part."""
    found = etree.fromstring(file.read(path)) if path in file.namelist() else ()
    return {relationship.get("Id"): relationship.get("Target", "") for relationship in found}


def _letters(column: int) -> str:
    """Return the name that a spreadsheet has for the *column*, counted from 0."""
    return (_letters(column // 26 - 1) if column >= 26 else "") + chr(ord("A") + column % 26)


def _column(letters: str) -> int:
    """Return the number, from 1, of the column that a spreadsheet calls *letters*."""
    return reduce(lambda number, letter: 26 * number + ord(letter) - ord("A") + 1, letters, 0)


def _text(value: Any) -> str:
    """Return *value* as a text: a day in ISO 8601, a whole number without a point."""
    if isinstance(value, date):
        return (value.date() if isinstance(value, datetime) else value).isoformat()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
