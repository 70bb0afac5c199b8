"""Evaluated sheets -> what Excel can't hold of them, as problems at the expressions that give it."""

import re
from collections import Counter
from collections.abc import Iterator

from reports.dataset.fields import is_web_address
from reports.errors import Problem, ReportsError, did_you_mean
from reports.renderers.workbook import Book, Cell, Sheet, length
from reports.yamlfile import Keys

# What a sheet, a cell and a link hold (https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3).
MOST_ROWS, MOST_LINKS, LONGEST_TEXT, LONGEST_LINK = 1_048_576, 65_530, 32_767, 2079
HEAD = 3  # the row of a table's headings, under the sheet's title and its line of explanation

# What an address can't hold as it is (https://www.rfc-editor.org/rfc/rfc3987); letters of all scripts it can.
NOT_IN_ADDRESS = re.compile(r'%(?![0-9A-Fa-f]{2})|[\x00-\x20"<>\\^`{|}\x7f]')


def check_limits(book: Book) -> None:
    """Raise ReportsError with every place of the declaration of *book* that gives what Excel can't hold."""
    if problems := [Problem(book.file.locate(keys), message) for keys, message in _impossible(book)]:
        raise ReportsError(*problems)


def encode_address(link: str) -> str:
    """Return *link* with a code for each character that no address holds, such as a blank."""
    return NOT_IN_ADDRESS.sub(lambda match: f"%{ord(match[0]):02X}", link)


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
        if (long := length(encode_address(cell.link))) > LONGEST_LINK:
            yield "link", f"the link '{cell.link[:60]}…' of {where} has {long} characters; Excel holds {LONGEST_LINK}"
