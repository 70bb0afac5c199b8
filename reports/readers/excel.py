"""Workbook -> Content: the values by calamine, and the links, which it does not read, from the parts of the file."""

import posixpath
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from lxml import etree
from python_calamine import CalamineWorkbook

from reports.readers.content import Block, Content, Kind, Link

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def read(content: bytes) -> Content:
    """Return the content of the workbook *content*: every row with something in it, sheet by sheet."""
    values = CalamineWorkbook.from_filelike(BytesIO(content))
    blocks: list[Block] = []
    with ZipFile(BytesIO(content)) as file:
        paths = _relationships(file, "xl/workbook.xml")
        for sheet in etree.fromstring(file.read("xl/workbook.xml")).iter(f"{S}sheet"):
            rows = values.get_sheet_by_name(sheet.get("name")).to_python(skip_empty_area=False)
            blocks += _rows(sheet.get("name"), rows, _links(file, posixpath.join("xl", paths[sheet.get(f"{R}id")].removeprefix("/xl/"))))
    return Content(tuple(blocks))


def _rows(sheet: str, rows: list[list[Any]], links: Mapping[str, str]) -> Iterator[Block]:
    for number, values in enumerate(rows, start=1):
        cells = tuple(map(_text, values))
        names = {_letters(column) + str(number): cell for column, cell in enumerate(cells)}
        led = tuple(Link(cell, links[name]) for name, cell in names.items() if name in links)
        if any(cells):
            yield Block(Kind.ROW, cells, f"{sheet}!A{number}", table=sheet, links=led)


def _links(file: ZipFile, path: str) -> Mapping[str, str]:
    """Return the targets of the links of the sheet at *path*, by their cells."""
    targets = _relationships(file, path)
    links = etree.fromstring(file.read(path)).iter(f"{S}hyperlink")
    found = ((link.get("ref").partition(":")[0], link) for link in links)
    return {cell: f"#{link.get('location')}" if link.get("location") else targets.get(link.get(f"{R}id"), "") for cell, link in found}


def _relationships(file: ZipFile, path: str) -> Mapping[str, str]:
    folder, name = posixpath.split(path)
    source = f"{folder}/_rels/{name}.rels"
    found = etree.fromstring(file.read(source)) if source in file.namelist() else ()
    return {relationship.get("Id"): relationship.get("Target", "") for relationship in found}


def _letters(column: int) -> str:
    """Return the name that a spreadsheet has for the *column*, counted from 0."""
    return (_letters(column // 26 - 1) if column >= 26 else "") + chr(ord("A") + column % 26)


def _text(value: Any) -> str:
    """Return *value* as a text: a day in ISO 8601, a whole number without a point."""
    if isinstance(value, date):
        return (value.date() if isinstance(value, datetime) else value).isoformat()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
