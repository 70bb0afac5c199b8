"""Evaluated sheets -> what Excel can't hold of them, as problems at the expressions that give it."""

import re
from collections import Counter
from collections.abc import Iterator

from reports.dataset.fields import is_web_address
from reports.errors import Problem, ReportsError, did_you_mean
from reports.renderers.declaration import length
from reports.renderers.excel_rules import LONGEST_ASK, Lists, find_lists
from reports.renderers.workbook import Book, Cell, Question, Sheet
from reports.yamlfile import Keys

# What a sheet, a cell and a link hold (https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3).
MOST_ROWS, MOST_LINKS, LONGEST_TEXT, LONGEST_LINK = 1_048_576, 65_530, 32_767, 2079

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
    sheets, lists = {f"#{sheet.name}" for sheet in book.sheets}, find_lists(book)
    for sheet in book.sheets:
        links: Counter[Keys] = Counter()
        for keys, where, cell in _cells(sheet):
            links[keys] += bool(cell.link)
            for field, message in _impossible_cell(cell, where, sheets):
                yield ("sheets", sheet.place, *keys[:-1], field or keys[-1]), message
        for column in sheet.table.columns if sheet.table else ():
            for field, message in _impossible_question(column.question, lists, book) if column.question else ():
                yield ("sheets", sheet.place, "columns", column.place, "answer", field), message
        if sheet.table and (rows := len(sheet.table.rows)) > MOST_ROWS - sheet.head:
            message = f"gives {rows} rows; a sheet of Excel has room for {MOST_ROWS - sheet.head} under its headings"
            yield ("sheets", sheet.place, "rows"), message
        if (total := links.total()) > MOST_LINKS:
            most, _ = links.most_common(1)[0]
            message = f"the sheet '{sheet.name}' has {total} links, and Excel holds {MOST_LINKS}: leave out those of a column"
            yield ("sheets", sheet.place, *most[:-1], "link"), message


def _impossible_question(question: Question, lists: Lists, book: Book) -> Iterator[tuple[str, str]]:
    """Yield what Excel can't hold of *question*, by its field, and a message."""
    if (long := length(question.ask)) > LONGEST_ASK:
        yield "ask", f"gives a text of {long} characters; what is told beside a cell holds {LONGEST_ASK}"
    if question.choices and question.choices not in lists:
        told = f"'{question.choices[0]}' and what follows it"
        yield "choices", f"{told} do not stand below one another in a column of the sheet '{book.declaration.lists}'"


def _cells(sheet: Sheet) -> Iterator[tuple[Keys, str, Cell]]:
    """Yield each cell of *sheet* with the keys of its value in the declaration, and the words by which a person finds it."""
    for number, (cell, _) in enumerate(sheet.lines):
        yield ("lines", number, "text"), f"line {number + 1} of the sheet '{sheet.name}'", cell
    if sheet.table:
        places = [("columns", column.place, "value") for column in sheet.table.columns]
        for row in sheet.table.rows:
            where = f"'{str(row[0].value)[:60]}' in the sheet '{sheet.name}'"
            yield from ((place, where, cell) for place, cell in zip(places, row, strict=True))


def _impossible_cell(cell: Cell, where: str, sheets: set[str]) -> Iterator[tuple[str, str]]:
    """Yield what Excel can't hold of *cell*, found at *where* in a workbook with links to *sheets*: "link" if it is that, and a message."""
    if isinstance(cell.value, str) and (long := length(cell.value)) > LONGEST_TEXT:
        yield "", f"a text of {where} has {long} characters; Excel holds {LONGEST_TEXT}"
    if cell.link and cell.link not in sheets:
        if not is_web_address(cell.link):
            yield "link", f"the link '{cell.link}' of {where} leads neither to the web nor to a sheet{did_you_mean(cell.link, sheets)}"
        if (long := length(encode_address(cell.link))) > LONGEST_LINK:
            yield "link", f"the link '{cell.link[:60]}…' of {where} has {long} characters; Excel holds {LONGEST_LINK}"
