"""CSV -> what it says, read by Python's csv."""

import csv
import re
from io import StringIO

from reports.audit.shown import Grid, Kind, Passage, Shown


def read(content: bytes) -> Shown:
    """Return what the table in *content* says; its first row holds the headings."""
    written = tuple(tuple(row) for row in csv.reader(StringIO(content.decode(), newline="")))
    headings, *rows = [tuple(_plain(cell) for cell in row) for row in written] or [()]
    passages = tuple(
        Passage(Kind.ROW, f"row {number}, '{row[0]}'", row, table="the table", headings=headings)
        for number, row in enumerate(rows, start=2)
        if row  # a blank line is none
    )
    return Shown("\n".join(passage.text for passage in passages), passages, grids=(Grid("", written, {}),))


def _plain(cell: str) -> str:
    """Return *cell* without the apostrophes that keep a spreadsheet from taking a text, or a part behind a semicolon, for a formula."""
    return re.sub(r"(^|(?<=[;\t\r\n]))'(?=[=+\-@\t\r])", "", cell)
