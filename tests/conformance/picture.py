"""The register as a LibreOffice draws it on paper: every text stands whole in its own cell, and in no other.

The rules under the rows part a page into bands, and the widths of the columns part a band into cells. What is drawn in a cell has to
be the cell's text: a line that is drawn over the next row, or cut at the edge, is missing in one cell and too much in another.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
from lxml import etree
from openpyxl.utils import range_boundaries
from pypdf import PdfReader
from pypdf.generic import ContentStream

from tests.conformance.office import convert
from tests.conformance.programs import run
from tests.conformance.validator import Finding

SLACK = 1.5  # points: boxes of letters are a little larger than the letters
MOST = 10


class Word(NamedTuple):
    """A word and its box, in points from the upper left corner of its page."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Page:
    """The drawing of one page: its *words*, the edges of the rows from top to bottom, and where these begin and end."""

    words: tuple[Word, ...]
    edges: tuple[float, ...] = ()
    left: float = 0
    right: float = 0

    def between(self, top: float, bottom: float) -> list[Word]:
        """Return the words of which the middle is between *top* and *bottom*."""
        return [word for word in self.words if top <= (word.top + word.bottom) / 2 < bottom]


def check_picture(program: str, path: Path, scratch: Path) -> list[Finding]:
    """Return the cells of the workbook *path* whose texts *program*, a LibreOffice, does not draw in them, whole."""
    pages = _pages(convert(path, "pdf", scratch, program), scratch)
    found = [finding for sheet in openpyxl.load_workbook(path) for finding in _compare(sheet, pages)]
    found += [Finding(f"a page more than the sheets need: '{page.words[0].text}'") for page in pages]
    return found[:MOST]


def _pages(pdf: Path, scratch: Path) -> list[Page]:
    boxes = run(["pdftotext", "-bbox", str(pdf), "-"], scratch)
    pages = etree.fromstring(boxes.stdout.encode()).iter("{*}page")
    return [_page(drawn, page) for drawn, page in zip(PdfReader(pdf).pages, pages, strict=True)]


def _page(drawn: Any, page: Any) -> Page:
    """Return what is drawn on a page, of which pypdf has the drawing and poppler the words."""
    sides = ("xMin", "yMin", "xMax", "yMax")
    words = tuple(Word(word.text or "", *(float(word.get(side)) for side in sides)) for word in page.iter("{*}word"))
    operations = ContentStream(drawn.get_contents(), drawn.pdf).operations
    # The ground under the headings, then a rule under each row.
    grounds = [tuple(map(float, box)) for (box, drawing), (_, next_one) in pairwise(operations) if (drawing, next_one) == (b"re", b"f*")]
    if not grounds:
        return Page(words)
    height, (left, bottom, width, high) = float(page.get("height")), grounds[0]
    starts = {float(place[1]) for place, drawing in operations if drawing == b"m" and abs(float(place[0]) - left) < SLACK}
    rules = [height - start for start in sorted(starts, reverse=True) if start < bottom]
    return Page(words, (height - bottom - high, height - bottom, *rules), left, left + width)


def _compare(sheet: Any, pages: list[Page]) -> Iterator[Finding]:
    """Yield where *sheet* is not as its *pages* show it, and take these from the list."""
    first = next((row[0].row for row in sheet.iter_rows(max_col=1) if row[0].fill.fill_type), None)
    above = [str(cell.value) for (cell,) in sheet.iter_rows(max_row=(first or sheet.max_row + 1) - 1, max_col=1) if cell.value is not None]
    if first is None:
        yield from _compare_texts(f"'{sheet.title}'", _take_unruled(pages), above)
        return
    _, _, last, _ = range_boundaries(sheet.print_area.rpartition("!")[2])
    head, *rows = sheet.iter_rows(min_row=first, max_col=min(last, sheet.max_column))
    while rows and pages:
        page = pages.pop(0)
        yield from _compare_texts(f"the head of '{sheet.title}'", page.between(0, page.edges[0] if page.edges else 0), above)
        above = []
        bands = list(pairwise(page.edges))
        for row, band in zip((head, *rows), bands, strict=False):
            yield from _compare_row(sheet, row, page, band)
        rows = rows[max(1, len(bands) - 1) :]
    if rows:
        yield Finding(f"'{sheet.title}' ends on paper before its row {rows[0][0].row}")


def _take_unruled(pages: list[Page]) -> list[Word]:
    """Return the words of the first of *pages* that have no table, each page below the one before, and take these from the list."""
    words: list[Word] = []
    while pages and not pages[0].edges:
        below = max((word.bottom for word in words), default=0)
        words += (word._replace(top=word.top + below, bottom=word.bottom + below) for word in pages.pop(0).words)
    return words


def _compare_texts(where: str, words: Sequence[Word], texts: Sequence[str]) -> Iterator[Finding]:
    """Yield what is wrong if the *words*, from top to bottom, are not the *texts*: lines that touch are read in disorder."""
    lines = sorted(words, key=lambda word: (round(word.bottom), word.left))
    if (shown := _squeeze(*(word.text for word in lines))) != (wanted := _squeeze(*texts)):
        yield Finding(f"{where} shows '{shown}'; it should be '{wanted}'")


def _compare_row(sheet: Any, row: Sequence[Any], page: Page, band: tuple[float, float]) -> Iterator[Finding]:
    """Yield the cells of *row*, which *page* shows in the *band*, that do not show their texts."""
    widths = [width for columns in sheet.column_dimensions.values() for width in [columns.width] * (columns.max - columns.min + 1)]
    widths = widths[: len(row)]
    unit = (page.right - page.left) / sum(widths)
    edges = pairwise(page.left + unit * sum(widths[:column]) for column in range(len(widths) + 1))
    words = page.between(*band)
    for cell, (left, right) in zip(row, edges, strict=True):
        # A word of one letter may lie in the slack of two cells: it is in the one that has its middle.
        own = (word for word in words if left <= (word.left + word.right) / 2 < right)
        shown = " ".join(word.text for word in own if left - SLACK < word.left and word.right < right + SLACK)
        text = "" if cell.value is None else str(cell.value.date() if isinstance(cell.value, datetime) else cell.value)
        if Counter(_squeeze(shown)) != Counter(_squeeze(text)):
            yield Finding(f"{cell.coordinate} of '{sheet.title}' shows '{shown}' within its edges; it should be '{text}'")


def _squeeze(*texts: str) -> str:
    return "".join("".join(texts).split())
