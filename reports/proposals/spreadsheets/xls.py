"""Excel's workbook as it was until 2003 (.xls) -> Sheets, by xlrd, which reads the notes and the errors too, as calamine does not."""

from io import StringIO

import xlrd
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH
from xlrd.compdoc import CompDoc

from reports.proposals.refusal import MACROS, NO_SPREADSHEET, PROTECTED, RefusedError
from reports.proposals.sheets import Note, Sheet, Value
from reports.proposals.spreadsheets.grid import MOST_SHEETS, Allowance, Grid, moment
from reports.readers.content import bound

# What a storage of Microsoft's compound file is called, and why it is not read.
REFUSED = {"EncryptedPackage": PROTECTED, "_VBA_PROJECT_CUR": MACROS}

# Links, which nobody asks for here, are passed over, for which xlrd has no setting: it takes those of SheetJS for damage.
for _name in ("handle_hlink", "handle_quicktip"):
    setattr(xlrd.sheet.Sheet, _name, lambda sheet, data: None)


def read(content: bytes) -> tuple[Sheet, ...]:
    """Return the sheets of the workbook *content*, hidden ones too; raises RefusedError, TooLargeError, and for damage what xlrd does."""
    names = {entry.name for entry in CompDoc(content, logfile=StringIO()).dirlist}
    for name in REFUSED.keys() & names:
        raise RefusedError(REFUSED[name])
    if not names & {"Workbook", "Book"}:
        raise RefusedError(NO_SPREADSHEET)
    try:
        # It tells what seems odd to it: to nobody.
        book = xlrd.open_workbook(file_contents=content, ragged_rows=True, logfile=StringIO())
    except xlrd.XLRDError as error:
        if "encrypted" in str(error):
            raise RefusedError(PROTECTED) from None
        raise
    bound("sheets", book.nsheets, MOST_SHEETS)
    allowance = Allowance()
    return tuple(_sheet(sheet, Grid(sheet.name, allowance)) for sheet in book.sheets())


def _sheet(sheet: xlrd.sheet.Sheet, grid: Grid) -> Sheet:
    for row in range(sheet.nrows):
        for column, cell in enumerate(sheet.row(row)):
            is_error = cell.ctype == xlrd.XL_CELL_ERROR
            broken = xlrd.error_text_from_code.get(cell.value, "#N/A") if is_error else ""
            grid.put(row + 1, column, _value(cell, sheet.book.datemode), broken)
    for (row, column), note in sheet.cell_note_map.items():
        grid.annotate(row + 1, column, Note(note.author.strip(), "", note.text))
    return grid.sheet()


def _value(cell: xlrd.sheet.Cell, datemode: int) -> Value:
    if cell.ctype == xlrd.XL_CELL_DATE:
        return moment(cell.value, MAC_EPOCH if datemode else WINDOWS_EPOCH)
    value: Value = bool(cell.value) if cell.ctype == xlrd.XL_CELL_BOOLEAN else cell.value
    return value
