"""CSV -> Content, by Python's csv."""

import csv
import re
from io import StringIO

from reports.readers.content import Block, Content, Kind


def read(content: bytes) -> Content:
    """Return the content of the table *content*: a row for each line that is not blank, the one of headings too."""
    lines = csv.reader(StringIO(content.decode("utf-8-sig"), newline=""))
    rows = ((number, tuple(map(_plain, cells))) for number, cells in enumerate(lines, start=1) if cells)
    return Content(tuple(Block(Kind.ROW, cells, f"line {number}", table="the table") for number, cells in rows))


def _plain(cell: str) -> str:
    """Return *cell* without the apostrophes that keep a spreadsheet from taking a text, or a part behind a semicolon, for a formula."""
    return re.sub(r"(^|(?<=[;\t\r\n]))'(?=[=+\-@\t\r])", "", cell)
