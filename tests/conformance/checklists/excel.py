"""The UK Government's checklist for accessible spreadsheets, asked of a finished workbook: RULES lists what it asks.

It advises against filters and frozen panes too. The register is one that people work with: it has both, and says so.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import openpyxl
from lxml import etree
from openpyxl.utils import range_boundaries

from reports.audit.readers.contrast import contrast
from reports.renderers.ooxml import unpack
from tests.conformance.checklists import CONTRAST, tells
from tests.conformance.validator import Finding

NAMESPACES = {
    "m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "x14": "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main",
}
FLOATING = "//m:headerFooter | //m:drawing | //m:legacyDrawing | //m:oleObjects | //m:controls | //m:picture"
TRUE = "[.='1' or .='true']"
# Without height, or narrower than a letter, is as good as hidden.
HIDDEN = (
    f"(//m:row | //m:col)/@hidden{TRUE} | (//m:row | //m:col)/@collapsed{TRUE}"
    f" | //m:row/@ht[. < 1] | //m:col/@width[. < 1] | //m:sheetFormatPr/@zeroHeight{TRUE}"
)
PAPER, INK = "FFFFFF", "000000"
NOTE_SIGN = re.compile(r".*[*†‡¹²³⁴⁵⁶⁷⁸⁹⁰]$", re.DOTALL)


@dataclass(frozen=True)
class Table:
    """One table of a sheet: its name, the cells of its heading and of its body, row by row."""

    sheet: Any
    declared: Any
    head: list[Any]
    body: list[tuple[Any, ...]]


@dataclass(frozen=True)
class Xlsx:
    """A workbook, as its file and as openpyxl reads it."""

    path: Path

    @cached_property
    def parts(self) -> dict[str, bytes]:
        return unpack(self.path.read_bytes())

    @cached_property
    def book(self) -> Any:
        return openpyxl.load_workbook(self.path)

    @cached_property
    def tables(self) -> list[Table]:
        return [_table(sheet, declared) for sheet in self.book for declared in sheet.tables.values()]

    @cached_property
    def cells(self) -> list[Any]:
        """Every cell that holds something."""
        return [cell for sheet in self.book for row in sheet.iter_rows() for cell in row if cell.value is not None]

    def find(self, folder: str, path: str) -> list[Any]:
        """Return what the XPath *path* finds in the XML of the parts whose names begin with xl/*folder*."""
        parts = [part for name, part in self.parts.items() if name.startswith(f"xl/{folder}") and name.endswith(".xml")]
        return [found for part in parts for found in etree.XPath(path, namespaces=NAMESPACES)(etree.fromstring(part))]


def check_excel(path: Path, scratch: Path) -> list[Finding]:
    """Return what the workbook *path* lacks of the checklist."""
    if isinstance(unread := load_book(path), Finding):
        return [unread]
    workbook = Xlsx(path)
    return [Finding(text) for rule in RULES for text in rule(workbook)]


def load_book(path: Path) -> Any:
    """Return the workbook *path* as openpyxl reads it, or a Finding that says why it can't."""
    try:
        return openpyxl.load_workbook(path)
    except Exception as error:  # openpyxl raises what the libraries below it, or its own types, happen to raise
        return Finding(f"the workbook can't be opened: {type(error).__name__}: {error}")


def _table(sheet: Any, declared: Any) -> Table:
    left, top, right, bottom = range_boundaries(declared.ref)
    head, *body = sheet.iter_rows(top, bottom, left, right)
    return Table(sheet, declared, list(head), body)


def check_tables(workbook: Xlsx) -> Iterator[str]:
    """Each table is marked up as one, with a name that means something, a style, and what a screen reader says of it."""
    if not workbook.tables:
        yield "no sheet has a table"
    for table in workbook.tables:
        if re.fullmatch(r"(?i)table\d*", table.declared.displayName):
            yield f"the table '{table.declared.displayName}' has no name that means something"
        if table.declared.tableStyleInfo is None:
            yield f"the table '{table.declared.displayName}' has no style"
    if len(workbook.find("tables/", "//x14:table[normalize-space(@altText)]")) != len(workbook.tables):
        yield "a table has no alternative text"


def check_places(workbook: Xlsx) -> Iterator[str]:
    """A sheet has one table at most, at the left edge, and nothing stands beside or under it."""
    for table in workbook.tables:
        left, _, right, bottom = range_boundaries(table.declared.ref)
        if left != 1 or (right, bottom) != (table.sheet.max_column, table.sheet.max_row):
            yield f"something stands beside or under the table of '{table.sheet.title}'"
    for sheet in workbook.book:
        if len(sheet.tables) > 1:
            yield f"'{sheet.title}' has {len(sheet.tables)} tables"


def check_headings(workbook: Xlsx) -> Iterator[str]:
    """The headings of a table are texts, and no two are the same."""
    for table in workbook.tables:
        texts = [str(cell.value or "").strip().casefold() for cell in table.head]
        if "" in texts or len(set(texts)) < len(texts):
            yield f"a heading of '{table.sheet.title}' is empty or comes twice"
        if [cell.value for cell in table.head] != [column.name for column in table.declared.tableColumns]:
            yield f"the headings of '{table.sheet.title}' are not those that its table declares"


def check_blanks(workbook: Xlsx) -> Iterator[str]:
    """No row or column of a table is blank."""
    for table in workbook.tables:
        lines = [*table.body, *zip(*table.body, strict=True)]
        if not all(any(cell.value is not None for cell in line) for line in lines):
            yield f"a row or column of '{table.sheet.title}' is blank"


def check_merged(workbook: Xlsx) -> Iterator[str]:
    """No cell is merged."""
    if workbook.find("worksheets/", "//m:mergeCell"):
        yield "cells are merged"


def check_wrapping(workbook: Xlsx) -> Iterator[str]:
    """The texts of a table are wrapped."""
    for table in workbook.tables:
        texts = [cell for row in (table.head, *table.body) for cell in row if isinstance(cell.value, str)]
        if not all(cell.alignment.wrap_text for cell in texts):
            yield f"a text of '{table.sheet.title}' is not wrapped"


def check_titles(workbook: Xlsx) -> Iterator[str]:
    """A1 of each sheet holds its title, which stands out."""
    for sheet in workbook.book:
        title = sheet["A1"]
        if not isinstance(title.value, str) or not title.font.b:
            yield f"A1 of '{sheet.title}' holds no title"


def check_notes(workbook: Xlsx) -> Iterator[str]:
    """No symbol or superscript stands for a note."""
    if workbook.find("", "//m:vertAlign"):
        yield "a text is raised or lowered"
    for cell in workbook.cells:
        if isinstance(cell.value, str) and NOTE_SIGN.match(cell.value):
            yield f"'{cell.value[:40]}' in {cell.coordinate} of '{cell.parent.title}' ends with a sign for a note"


def check_links(workbook: Xlsx) -> Iterator[str]:
    """A link's text says where it goes."""
    for cell in workbook.cells:
        if cell.hyperlink and not tells(str(cell.value)):
            yield f"a link's text '{cell.value}' does not say where it goes"


def check_sheets(workbook: Xlsx) -> Iterator[str]:
    """Sheets have different names, none is empty or hidden, and the first is a cover that leads to all others."""
    cover, *others = workbook.book
    if len({name.casefold() for name in workbook.book.sheetnames}) < len(workbook.book.sheetnames):
        yield "two sheets have the same name"
    for sheet in workbook.book:
        if sheet.sheet_state != "visible" or sheet.max_row < 2:
            yield f"the sheet '{sheet.title}' is empty or hidden"
    links = {cell.hyperlink.location for row in cover.iter_rows() for cell in row if cell.hyperlink}
    for sheet in others:
        if f"'{sheet.title}'!A1" not in links:
            yield f"the first sheet does not lead to '{sheet.title}'"


def check_floating(workbook: Xlsx) -> Iterator[str]:
    """Nothing floats over the cells, shows on paper only, or runs."""
    if workbook.find("worksheets/", FLOATING) or any("vbaProject" in name or "comments" in name for name in workbook.parts):
        yield "the workbook has headers, pictures, comments or macros"


def check_colours(workbook: Xlsx) -> Iterator[str]:
    """Texts can be told from their ground, links from texts without their colour, and no colour says anything alone."""
    for cell in workbook.cells:
        colour, ground = _plain(cell.font.color, INK), _ground(cell.fill)
        if not (colour and ground):
            yield f"nobody can tell how {cell.coordinate} of '{cell.parent.title}' is read: its colours are a theme's or a pattern's"
        elif contrast(colour, ground) < CONTRAST:
            yield f"{cell.coordinate} of '{cell.parent.title}' can hardly be read: {colour} on {ground}"
        if cell.hyperlink and not cell.font.u:
            yield f"the link in {cell.coordinate} of '{cell.parent.title}' is told by its colour alone"
    if workbook.find("", "//m:r/m:rPr/m:color"):
        yield "a word in a text has a colour of its own"
    if workbook.find("worksheets/", "//m:conditionalFormatting"):
        yield "a colour says something alone"


def _plain(colour: Any, usual: str) -> str:
    """Return *colour* as RRGGBB, and *usual* if there is none; an empty text for one that a theme or a palette decides."""
    return usual if colour is None else colour.rgb[2:] if colour.type == "rgb" else ""


def _ground(fill: Any) -> str:
    """Return the colour of a cell's *fill* as RRGGBB; an empty text for a pattern or a gradient, which has more than one."""
    if fill.fill_type is None:
        return PAPER
    return _plain(fill.fgColor, "") if fill.fill_type == "solid" else ""


def check_hidden(workbook: Xlsx) -> Iterator[str]:
    """No row or column is hidden."""
    if workbook.find("worksheets/", HIDDEN):
        yield "a row or column is hidden"


def check_properties(workbook: Xlsx) -> Iterator[str]:
    """Title, author and language are in the properties."""
    for name in ("title", "creator", "language"):
        if not getattr(workbook.book.properties, name):
            yield f"the property '{name}' is missing"


def check_cursor(workbook: Xlsx) -> Iterator[str]:
    """The workbook opens on A1 of its first sheet."""
    first = workbook.book.worksheets[0]
    if workbook.book.active is not first or first.sheet_view.selection[0].activeCell != "A1":
        yield "the workbook does not open on its first cell"


def check_values(workbook: Xlsx) -> Iterator[str]:
    """Cells hold values: a formula shows nothing in a preview, and one that comes from data may do harm."""
    if workbook.find("worksheets/", "//m:f"):
        yield "a cell holds a formula"


RULES: tuple[Callable[[Xlsx], Iterator[str]], ...] = (
    check_tables,
    check_places,
    check_headings,
    check_blanks,
    check_merged,
    check_wrapping,
    check_titles,
    check_notes,
    check_links,
    check_sheets,
    check_floating,
    check_colours,
    check_hidden,
    check_properties,
    check_cursor,
    check_values,
)
