"""Excel -> what it says: the values read by calamine, and what it does not tell (links, tables, what is hidden) from the parts.

The workbook's properties, its title among them, are not read.
"""

import posixpath
import re
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from itertools import pairwise
from typing import Any

from lxml import etree
from python_calamine import CalamineWorkbook

from reports.audit.readers.looks import FORMATS, ISO_DATE, SMALLEST, Look, S, conditional, is_on, looks
from reports.audit.shown import Concealed, Grid, Kind, Link, Passage, Shown, column_letters, shorten
from reports.renderers.ooxml import unpack

STRINGS = "xl/sharedStrings.xml"  # where Excel keeps the texts, if it has saved the file
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
LONGEST_TEXT = 32767  # what one cell holds (https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3)
USUAL_WIDTH = 8.43
USUAL_HEIGHT = 15
NARROWEST = 3  # characters: a narrower column shows no word
MOST_LINES = 36  # that a row may have is 27 at the usual size, of letters somewhat narrower than the digits that widths are counted in
REFERENCE = re.compile(r"[A-Z]{1,3}[1-9]\d{0,6}")
MOST_CELLS = 5_000_000  # calamine makes a table of all cells up to the last one, and there may be 17,179,869,184


@dataclass(frozen=True)
class Sheet:
    """One sheet: its *values* as calamine reads them, its *part* of the file, and what its relationships lead to."""

    name: str
    state: str
    values: list[list[Any]]
    part: Any
    relationships: Mapping[str, str]
    tables: tuple[Any, ...]


def read(content: bytes) -> Shown:
    """Return what the workbook *content* says."""
    file = unpack(content)
    values = CalamineWorkbook.from_filelike(BytesIO(content))
    workbook = etree.fromstring(file["xl/workbook.xml"])
    sheets = [_sheet(file, one, values) for one in _sheets(file, workbook)]
    styles = etree.fromstring(file["xl/styles.xml"])
    strings = list(etree.fromstring(file[STRINGS])) if STRINGS in file else []
    passages = tuple(passage for sheet in sheets for passage in _passages(sheet))
    concealed = [one for sheet in sheets for one in _concealed(sheet, styles, strings)]
    concealed += [one for sheet in sheets for one in _not_printed(sheet, workbook)]
    grids = tuple(_grid(sheet) for sheet in sheets)
    return Shown("\n".join(passage.text for passage in passages), passages, tuple(concealed), grids=grids)


def _sheets(file: Mapping[str, bytes], workbook: Any) -> Iterator[tuple[str, str, str]]:
    """Yield the name, the state and the path of each sheet."""
    paths = _relationships(file, "xl/workbook.xml")
    for one in workbook.iter(f"{S}sheet"):
        yield one.get("name"), one.get("state", "visible"), paths[one.get(f"{R}id")]


def _sheet(file: Mapping[str, bytes], declared: tuple[str, str, str], values: CalamineWorkbook) -> Sheet:
    name, state, path = declared
    relationships = _relationships(file, path)
    tables = tuple(etree.fromstring(file[one]) for one in relationships.values() if "/tables/" in one)
    part = etree.fromstring(file[path])
    _refuse_far_cells(part)
    rows = values.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return Sheet(name, state, rows, part, relationships, tables)


def _refuse_far_cells(part: Any) -> None:
    """Raise ValueError if a cell of the sheet stands so far off that reading all that lies before it would fill the memory."""
    references = [cell.get("r", "A1") for cell in part.iter(f"{S}c") if len(cell)]
    for reference in references:
        if not REFERENCE.fullmatch(reference):
            raise ValueError(f"'{shorten(reference)}' is no place of a cell")
    rows = [int(reference.lstrip(string.ascii_uppercase)) for reference in references]
    columns = [_column(reference) for reference in references]
    if references and max(rows) * max(columns) > MOST_CELLS:
        raise ValueError(f"the last cells stand in row {max(rows)} and column {max(columns)}, too far off to be meant")


def _relationships(file: Mapping[str, bytes], path: str) -> Mapping[str, str]:
    """Return what the part at *path* leads to: addresses as they are, parts by their paths."""
    folder, name = posixpath.split(path)
    source = f"{folder}/_rels/{name}.rels"
    if source not in file:
        return {}
    found = {}
    for one in etree.fromstring(file[source]):
        target = one.get("Target", "")
        inside = one.get("TargetMode") != "External"
        found[one.get("Id")] = posixpath.normpath(posixpath.join("/", folder, target))[1:] if inside else target
    return found


def _passages(sheet: Sheet) -> Iterator[Passage]:
    heads = {int(re.findall(r"\d+", table.get("ref"))[0]) for table in sheet.tables}
    links = {one.get("ref"): _target(one, sheet) for one in sheet.part.iter(f"{S}hyperlink")}
    headings: tuple[str, ...] = ()
    for number, values in enumerate(sheet.values, start=1):
        cells = tuple(_text(value) for value in values)
        if number in heads:
            headings = cells
        elif any(cells):
            led = tuple(
                Link(cell, links[f"{column_letters(column)}{number}"])
                for column, cell in enumerate(cells)
                if f"{column_letters(column)}{number}" in links
            )
            kind = Kind.ROW if headings else Kind.TEXT
            yield Passage(kind, f"{sheet.name}!A{number}, '{shorten(cells[0], 40)}'", cells, sheet.name, headings, frozenset(), led)


def _grid(sheet: Sheet) -> Grid:
    links = {}
    for link in sheet.part.iter(f"{S}hyperlink"):
        first = link.get("ref").partition(":")[0]
        links[int(re.findall(r"\d+", first)[0]) - 1, _column(first) - 1] = _target(link, sheet)
    return Grid(sheet.name, tuple(map(tuple, sheet.values)), links)


def _target(link: Any, sheet: Sheet) -> str:
    return f"#{link.get('location')}" if link.get("location") else sheet.relationships.get(link.get(f"{R}id"), "")


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _concealed(sheet: Sheet, styles: Any, strings: list[Any]) -> Iterator[Concealed]:
    """Yield what somebody who opens *sheet* does not see."""
    if sheet.state != "visible":
        yield Concealed(f"the sheet '{sheet.name}'", "is hidden")
    if any(True for part in (sheet.part, *sheet.tables) for _ in part.iter(f"{S}filterColumn")):
        yield Concealed(f"the sheet '{sheet.name}'", "has a filter set, which hides rows")
    for margin in sheet.part.iterfind(f"{S}headerFooter/*"):
        yield Concealed(f"the sheet '{sheet.name}'", f"prints '{shorten(margin.text or '')}' on each page, which no template says")
    for cells, why in conditional(styles, sheet.part):
        yield Concealed(f"{sheet.name}!{cells}", why)
    widths = _widths(sheet)
    yield from _concealed_columns(sheet, widths)
    yield from _concealed_rows(sheet)
    every = looks(styles)
    for row in sheet.part.iter(f"{S}row"):
        yield from _cut_off(sheet, row, widths, every, strings)


def _widths(sheet: Sheet) -> Mapping[int, float]:
    """Return how wide each column that holds something is, in characters."""
    usual = next((float(one.get("defaultColWidth", USUAL_WIDTH)) for one in sheet.part.iter(f"{S}sheetFormatPr")), USUAL_WIDTH)
    widths = dict.fromkeys(range(1, max(map(len, sheet.values), default=0) + 1), usual)
    for column in sheet.part.iter(f"{S}col"):
        its = range(int(column.get("min")), min(int(column.get("max")), len(widths)) + 1)
        widths |= dict.fromkeys(its, float(column.get("width", usual)))
    return widths


def _concealed_columns(sheet: Sheet, widths: Mapping[int, float]) -> Iterator[Concealed]:
    for column in sheet.part.iter(f"{S}col"):
        if is_on(column, "hidden"):
            yield Concealed(f"{sheet.name}, column {column_letters(int(column.get('min')) - 1)}", "is hidden")
    for column, width in widths.items():
        if width < NARROWEST and any(any(row[column - 1 : column]) for row in sheet.values):
            yield Concealed(f"{sheet.name}, column {column_letters(column - 1)}", f"is only {width:g} characters wide")


def _concealed_rows(sheet: Sheet) -> Iterator[Concealed]:
    if any(is_on(one, "zeroHeight") for one in sheet.part.iter(f"{S}sheetFormatPr")):
        yield Concealed(f"the sheet '{sheet.name}'", "hides every row that does not say otherwise")
    for row in sheet.part.iter(f"{S}row"):
        if is_on(row, "hidden"):
            yield Concealed(f"{sheet.name}!A{row.get('r')}", "is in a hidden row")
        if is_on(row, "customHeight") or float(row.get("ht", USUAL_HEIGHT)) < SMALLEST:
            yield Concealed(f"{sheet.name}!A{row.get('r')}", "is in a row of a fixed height, which cuts text off")


def _cut_off(sheet: Sheet, row: Any, widths: Mapping[int, float], every: list[Look], strings: list[Any]) -> Iterator[Concealed]:
    """Yield the cells of *row* that hold more than they show: too much for Excel or for their column, or what their look hides."""
    cells = [(_column(cell.get("r")), cell) for cell in row.iter(f"{S}c")]
    for (column, cell), (following, _) in pairwise([*cells, (0, None)]):
        width, look = widths.get(column, USUAL_WIDTH), every[int(cell.get("s", 0))]
        held = strings[int(cell.findtext(f"{S}v"))] if cell.get("t") == "s" else cell
        text = "".join(held.itertext())
        if cell.get("t") in ("inlineStr", "str", "s"):
            reasons = _cut_text(text, width, look, following == column + 1)
        else:
            reasons = _cut_value(text, width, look) if cell.get("t", "n") == "n" else iter(())
        for why in dict.fromkeys((*reasons, *_unseen(text, look, held))):
            yield Concealed(f"{sheet.name}!{cell.get('r')}", why)


def _cut_text(text: str, width: float, look: Look, in_the_way: bool) -> Iterator[str]:
    if len(text) > LONGEST_TEXT:
        yield f"holds {len(text)} characters, and Excel shows {LONGEST_TEXT}"
    if look.wraps and len(text) > width * MOST_LINES:
        yield "is cut off: it has more lines in its column than a row can show"
    if in_the_way and not look.wraps and len(text) > width:
        yield "is cut off by the cell beside it"


def _cut_value(text: str, width: float, look: Look) -> Iterator[str]:
    """Excel shows signs `#` for a date or number that is wider than its column; digits behind the point it leaves out."""
    if len(look.format if look.format == ISO_DATE and text else text.partition(".")[0]) > width:
        yield "is wider than its column, which shows #### instead"


def _unseen(text: str, look: Look, held: Any) -> Iterator[str]:
    """Yield why *text* is not seen, or one of its parts in *held* that has a font of its own."""
    fonts = [one.find(f"{S}rPr") for one in held.iter(f"{S}r") if "".join(one.itertext()).strip()]
    yield from filter(None, map(look.unseen, fonts or [None])) if text else ()
    if text and look.format not in FORMATS:
        yield f"is shown in the format '{look.format}'"


def _column(reference: str) -> int:
    """Return the number of the column of the cell *reference*, counted from 1."""
    number = 0
    for letter in reference.rstrip("0123456789"):
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _not_printed(sheet: Sheet, workbook: Any) -> Iterator[Concealed]:
    """Yield a message if paper shows fewer rows of *sheet* than there are; fewer columns may be meant."""
    for area in workbook.iter(f"{S}definedName"):
        if area.get("name") == "_xlnm.Print_Area" and (area.text or "").replace("'", "").startswith(f"{sheet.name}!"):
            last = int(re.findall(r"\d+", area.text)[-1])
            if last < len(sheet.values):
                yield Concealed(f"the sheet '{sheet.name}'", f"is printed to row {last} of {len(sheet.values)}")
