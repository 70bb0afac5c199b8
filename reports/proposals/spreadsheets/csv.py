"""Table as text (.csv, .tsv, .txt), in the encodings and with the separators with which programs save it -> one Sheet, by Python's csv."""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Sequence
from io import StringIO

from reports.proposals.refusal import NO_SPREADSHEET, RefusedError
from reports.proposals.sheets import Sheet
from reports.proposals.spreadsheets.grid import Allowance, Grid
from reports.readers.csv import KEEPER

MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
# Of Windows in Central Europe, where ć has the number that æ has in the other one, of Western Europe.
CODE_PAGES = ("cp1250", "cp1252")
SEPARATORS = (",", ";", "\t")
WORD = re.compile(r"\w*[^\W\x00-\x7f]\w*")  # with a letter that is not among those of English


def read(content: bytes, known: str) -> tuple[Sheet]:
    """Return the table *content* as a sheet without a name, all of whose values are texts; raises RefusedError, TooLargeError, csv.Error.

    Where nothing tells in which of two code pages it is, it is that which makes more of its words those of the *known* text.
    """
    rows = _rows(_decode(content, known))
    grid = Grid("", Allowance())
    for number, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            grid.put(number, column, KEEPER.sub("", cell))
    return (grid.sheet(),)


def _decode(content: bytes, known: str) -> str:
    # Without a mark, UTF-16 is told by the empty half of the first letter, which a heading in English or Bosnian has.
    half = {0: "utf-16-be", 1: "utf-16-le"}.get(content[:2].find(b"\0"))
    told = next((encoding for mark, encoding in MARKS.items() if content.startswith(mark)), half)
    encodings = ((told,),) if told else (("utf-8",), CODE_PAGES)
    readings = ([text for encoding in group if (text := _decoded(content, encoding))] for group in encodings)
    texts = next(filter(None, readings), None)
    if not texts or "\0" in texts[0]:
        raise RefusedError(NO_SPREADSHEET)
    return max(texts, key=lambda text: sum(word in known for word in set(WORD.findall(text)))) if len(texts) > 1 else texts[0]


def _decoded(content: bytes, encoding: str) -> str:
    """Return *content* as text, or nothing if it is not in this *encoding*."""
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return ""


def _rows(text: str) -> Sequence[Sequence[str]]:
    """Return the rows of the table *text*, by the separator with which most of them have the same number of cells, at least two."""
    tables = [list(csv.reader(StringIO(text, newline=""), delimiter=separator)) for separator in SEPARATORS]

    def evenness(table: Sequence[Sequence[str]]) -> tuple[int, int]:
        widths = Counter(len(row) for row in table if len(row) > 1)
        return max(((count, width) for width, count in widths.items()), default=(0, 0))

    return max(tables, key=evenness)
