"""View + declared sheets -> .csv: the register's table for machines, in UTF-8 with dates in ISO 8601."""

import csv
from datetime import date
from io import StringIO
from pathlib import Path

from reports.cache import NO_CACHE, Cache
from reports.documents.view import View
from reports.renderers import Rendered
from reports.renderers.sheets import FORMULA_STARTS, Cell, evaluate


def render(view: View, templates: Path, name: str, cache: Cache = NO_CACHE) -> Rendered:
    """Return the companion table of the sheets that *name* declares: its headings, then a row for each record."""
    book = evaluate(view, templates, name)
    target = StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    headings = tuple(Cell(heading) for heading in book.companion.headings)
    writer.writerows([_text(cell) for cell in row] for row in (headings, *book.companion.rows))
    return Rendered(target.getvalue().encode(), book.inputs)


def _text(cell: Cell) -> str:
    """Return the text of *cell*; a spreadsheet runs a text that begins like a formula, so an apostrophe keeps it a text."""
    if cell.value is None:
        return ""
    if isinstance(cell.value, date):
        return cell.value.isoformat()
    if isinstance(cell.value, str) and cell.value.startswith(FORMULA_STARTS):
        return f"'{cell.value}"
    return str(cell.value)
