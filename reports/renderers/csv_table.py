"""View + declared sheets -> .csv: the register's table for machines, in UTF-8 with dates in ISO 8601, and every text in quotes.

People open it too, by a double click: the mark before it tells Excel that it is UTF-8, and an apostrophe keeps a text from being run.
"""

import csv
import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path

from reports.cache import NO_CACHE, Cache
from reports.documents.view import View
from reports.editions.editions import Comparison
from reports.editions.listing import to_rows
from reports.renderers import RenderedFile
from reports.renderers.workbook import FORMULA_STARTS, Value, evaluate

# Where a text may begin a cell: at its own beginning, and where a spreadsheet parts the file at another character than our comma.
# LibreOffice and Excel do at semicolons in half of Europe, and Excel does not mind then that the text is in quotes.
# A text that has an apostrophe there of its own gets another one, so that whoever takes one away has the text again.
CELL_START = re.compile(rf"(?:^|(?<=[;\t\r\n]))(?='*[{re.escape(''.join(FORMULA_STARTS))}])")


def render(view: View, templates: Path, name: str, cache: Cache = NO_CACHE, before: Comparison | None = None) -> RenderedFile:
    """Return the companion table of the sheets that *name* declares, or that of the comparison *before*: headings, then the rows."""
    if before:
        return RenderedFile(to_csv(to_rows(before)), {})
    book = evaluate(view, templates, name, up_to_companion=True)
    rows = ([cell.value for cell in row] for row in book.companion.rows)
    return RenderedFile(to_csv((book.companion.headings, *rows)), book.inputs)


def to_csv(rows: Iterable[Iterable[Value]], encoding: str = "utf-8-sig") -> bytes:
    """Return *rows* as the content of a CSV file (RFC 4180): texts in quotes, an apostrophe before one that a spreadsheet would run."""
    target = StringIO()
    writer = csv.writer(target, lineterminator="\r\n", quoting=csv.QUOTE_NONNUMERIC)
    writer.writerows([_written(value) for value in row] for row in rows)
    return target.getvalue().encode(encoding)


def _written(value: Value) -> str | int | float | Decimal:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    # A spreadsheet runs what begins like a formula; an apostrophe before it keeps it a text.
    return CELL_START.sub("'", value) if isinstance(value, str) else value
