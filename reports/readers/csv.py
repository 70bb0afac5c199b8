"""CSV -> Content, by Python's csv."""

import csv
import re
from io import StringIO

from reports.readers.content import Block, Content, gather

# The apostrophe that keeps a spreadsheet from taking a text, or a part behind a semicolon, for a formula: the first, if there are more.
KEEPER = re.compile(r"(^|(?<=[;\t\r\n]))'(?='*[=+\-@\t\r])")


def read(content: bytes) -> Content:
    """Return the content of the table *content*: a row for each line that is not blank, the one of headings too."""
    rows = ([KEEPER.sub("", cell) for cell in row] for row in csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))
    return Content(gather(Block("row", tuple(row), f"line {line}", table="the table") for line, row in enumerate(rows, 1) if row))
