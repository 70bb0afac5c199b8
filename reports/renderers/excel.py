"""View + declared sheets -> .xlsx: real tables that people filter, sort and print, written by openpyxl."""

import re
from collections.abc import Iterator, Mapping
from copy import copy
from datetime import date
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any

from lxml import etree
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.table import Table as ExcelTable
from openpyxl.worksheet.table import TableStyleInfo

from reports.cache import NO_CACHE, Cache
from reports.documents.view import View
from reports.errors import Location, Problem, ReportsError, did_you_mean
from reports.renderers import RenderedFile
from reports.renderers.looks import Looks, read_looks
from reports.renderers.ooxml import pack, unpack
from reports.renderers.workbook import FORMULA_STARTS, Book, Cell, Sheet, Table, evaluate

LONGEST_TEXT = 32767  # what one cell holds (https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3)
LONGEST_LINK, LONGEST_TIP = 2079, 255
FIRST_DATE = date(1900, 3, 1)  # Excel counts a 29 February 1900 that never was
ISO_DATE = "yyyy-mm-dd"
HEAD = 3  # the row of a table's headings, under the sheet's title and its line of explanation
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"

# The order of a font's properties in the schema (ISO/IEC 29500-1, CT_Font); openpyxl writes the first font in another.
FONT_ORDER = "b i strike condense extend outline shadow u vertAlign sz color name family charset scheme"


def render(view: View, templates: Path, name: str, cache: Cache = NO_CACHE) -> RenderedFile:
    """Return *view* in the sheets that *name* declares, as a workbook; raises ReportsError for what Excel can't hold."""
    book = evaluate(view, templates, name)
    if problems := [Problem(Location(templates / name), message) for sheet in book.sheets for message in _impossible(sheet, book)]:
        raise ReportsError(*problems)
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    colours = read_looks(templates)
    looks = _Looks(book.declaration.font, colours)
    for sheet in book.sheets:
        _write_sheet(workbook.create_sheet(sheet.name), sheet, looks)
    properties = workbook.properties
    properties.title = f"{view.title}: {view.document.name}"
    properties.creator = properties.lastModifiedBy = view.about.publisher
    properties.language = book.language
    properties.keywords = f"{view.about.organisation.name}, {view.about.partner.name}"
    properties.created = view.moment.replace(tzinfo=None)  # openpyxl knows no time zones
    workbook.security = None
    target = BytesIO()
    workbook.save(target)
    return RenderedFile(_finished(unpack(target.getvalue()), view, book), {**book.inputs, colours.path: colours.digest})


def _impossible(sheet: Sheet, book: Book) -> Iterator[str]:
    """Yield what Excel can't hold in *sheet* of *book*."""
    links = {f"#{sheet.name}" for sheet in book.sheets}
    rows = sheet.table.rows if sheet.table else ()
    cells = [(f"line {number} of the sheet '{sheet.name}'", cell) for number, (cell, _) in enumerate(sheet.lines, start=1)]
    cells += [(f"'{str(row[0].value)[:60]}' in the sheet '{sheet.name}'", cell) for row in rows for cell in row]
    for where, cell in cells:
        if isinstance(cell.value, str) and len(cell.value) > LONGEST_TEXT:
            yield f"a text of {where} has {len(cell.value)} characters; Excel holds {LONGEST_TEXT}"
        if isinstance(cell.value, date) and cell.value < FIRST_DATE:
            yield f"the date {cell.value} of {where} is before 1900-03-01, where Excel's dates begin"
        if cell.link and cell.link not in links and not re.match(r"https?://", cell.link):
            yield f"the link '{cell.link}' of {where} leads neither to the web nor to a sheet{did_you_mean(cell.link, links)}"
        if cell.link and len(cell.link) > LONGEST_LINK:
            yield f"a link of {where} has {len(cell.link)} characters; Excel holds {LONGEST_LINK}"


class _Looks:
    """The fonts and alignments of all sheets, made once: openpyxl shares equal ones, but compares them cell by cell."""

    def __init__(self, font: str, looks: Looks) -> None:
        primary, link, paper, rule = (f"FF{looks.rgb(role)}" for role in ("primary", "link", "paper", "rule"))
        self.title = Font(name=font, size=16, bold=True, color=primary)
        self.heading = Font(name=font, size=12, bold=True, color=primary)
        self.text = Font(name=font, size=11)
        self.link = Font(name=font, size=11, underline="single", color=link)
        self.head = Font(name=font, size=11, bold=True, color=paper)
        self.fill = PatternFill("solid", fgColor=primary)
        self.wrapped = Alignment(wrap_text=True, vertical="top")
        self.left = Alignment(horizontal="left", vertical="top")
        self.right = Alignment(horizontal="right", vertical="top", indent=1)  # off the text of the next column
        self.plain = Alignment(vertical="top")
        self.line = Border(bottom=Side("thin", rule))  # LibreOffice shows no stripes of a table's style


def _write_sheet(target: Any, sheet: Sheet, looks: _Looks) -> None:
    """Write *sheet* into *target*, to be printed on A4, one page wide."""
    _put(target["A1"], Cell(sheet.title))
    target["A1"].font = looks.title
    if sheet.table:
        _put(target["A2"], Cell(sheet.intro))
        target["A2"].font, target["A2"].alignment = looks.text, looks.plain
        _write_table(target, sheet.table, looks)
    else:
        target.column_dimensions["A"].width = 100
    for number, (cell, is_heading) in enumerate(sheet.lines, start=2):
        written = target.cell(number, 1)
        _put(written, cell)
        written.alignment = looks.wrapped
        written.font = looks.heading if is_heading else looks.link if cell.link else looks.text
    target.sheet_view.showGridLines = False
    target.page_setup.paperSize = target.PAPERSIZE_A4
    target.page_setup.orientation = "landscape" if sheet.table else "portrait"
    target.page_setup.fitToWidth, target.page_setup.fitToHeight = 1, 0
    target.sheet_properties.pageSetUpPr.fitToPage = True
    target.page_margins = PageMargins(left=0.5, right=0.5, top=0.6, bottom=0.6)


def _write_table(target: Any, table: Table, looks: _Looks) -> None:
    for column, (heading, width) in enumerate(zip(table.headings, table.widths, strict=True), start=1):
        cell = target.cell(HEAD, column)
        _put(cell, Cell(heading))
        cell.font, cell.fill, cell.alignment = looks.head, looks.fill, looks.wrapped
        target.column_dimensions[get_column_letter(column)].width = width
    styles = _cell_styles(target, looks)
    for number, row in enumerate(table.rows, start=HEAD + 1):
        for column, cell in enumerate(row, start=1):
            written = target.cell(number, column)
            _put(written, cell)
            written._style = styles[_style_of(cell)]
    last = HEAD + max(1, len(table.rows))
    reference = f"A{HEAD}:{get_column_letter(len(table.headings))}{last}"
    style = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
    target.add_table(ExcelTable(displayName=table.name, ref=reference, tableStyleInfo=style))
    target.freeze_panes = f"B{HEAD + 1}"
    target.print_title_rows = f"{HEAD}:{HEAD}"
    target.print_area = f"A1:{get_column_letter(table.printed)}{last}"


def _cell_styles(target: Any, looks: _Looks) -> Mapping[tuple[str, bool], Any]:
    """Return the style of each kind of cell, registered once in the workbook: setting fonts cell by cell takes most of the time."""
    styles = {}
    for kind, quoted in product(("text", "link", "date", "number"), (False, True)):
        cell = target.cell(HEAD + 1, 1)
        cell.font = looks.link if kind == "link" else looks.text
        cell.alignment = looks.left if kind == "date" else looks.right if kind == "number" else looks.wrapped
        cell.border = looks.line
        cell.number_format = ISO_DATE if kind == "date" else "@" if kind == "text" else "General"
        cell.quotePrefix = quoted
        styles[kind, quoted] = copy(cell._style)
    return styles


def _style_of(cell: Cell) -> tuple[str, bool]:
    """Return the kind of *cell*, and whether it is a text that Excel would take for a formula when somebody edits it."""
    text = isinstance(cell.value, str)
    kind = "link" if cell.link else "text" if text else "date" if isinstance(cell.value, date) else "number"
    return kind, text and str(cell.value).startswith(FORMULA_STARTS)


def _put(target: Any, cell: Cell) -> None:
    """Write *cell*: a text stays a text, whatever it begins with."""
    target.value = None if cell.value == "" else cell.value
    if isinstance(target.value, str):
        target.data_type = "s"
        target.quotePrefix = _style_of(cell)[1]
    if cell.link and cell.link.startswith("#"):
        place = f"{quote_sheetname(cell.link[1:])}!A1"
        target.hyperlink = Hyperlink(ref=target.coordinate, location=place, tooltip=str(cell.value)[:LONGEST_TIP])
    elif cell.link:
        target.hyperlink = Hyperlink(ref=target.coordinate, target=cell.link, tooltip=cell.link[:LONGEST_TIP])


def _finished(parts: Mapping[str, bytes], view: View, book: Book) -> bytes:
    """Mend what openpyxl leaves undone: the moment of saving, the order of a font's properties, the tables' alternative texts."""
    trees = {name: etree.fromstring(part) for name, part in parts.items() if re.match("docProps/core|xl/styles|xl/tables/", name)}
    for modified in trees["docProps/core.xml"].iter("{http://purl.org/dc/terms/}modified"):
        modified.text = view.moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    for font in trees["xl/styles.xml"].iter(f"{{{MAIN}}}font"):
        font[:] = sorted(font, key=lambda child: FONT_ORDER.split().index(etree.QName(child).localname))
    for number, sheet in enumerate((sheet for sheet in book.sheets if sheet.table), start=1):
        # The title and description of a table for screen readers are an extension that openpyxl lacks.
        extensions = etree.SubElement(trees[f"xl/tables/table{number}.xml"], f"{{{MAIN}}}extLst")
        extension = etree.SubElement(extensions, f"{{{MAIN}}}ext", {"uri": "{504A1905-F514-4f6f-8877-14C23A59335A}"}, nsmap={"x14": X14})
        etree.SubElement(extension, f"{{{X14}}}table", {"altText": sheet.title, "altTextSummary": sheet.intro})
    mended = {name: etree.tostring(tree, encoding="UTF-8", xml_declaration=True, standalone=True) for name, tree in trees.items()}
    # gnumeric looks for the namespace of relationships at the root of a sheet.
    declaration = f' xmlns:r="{RELATIONSHIPS}"'.encode()
    for name, part in parts.items():
        if name.startswith("xl/worksheets/sheet"):
            mended[name] = part.replace(declaration, b"").replace(b"<worksheet", b"<worksheet" + declaration, 1)
    return pack({**parts, **mended})
