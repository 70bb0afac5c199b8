"""Do the sheets of a workbook, and the table of a CSV file, hold what their declaration makes of the data now, cell by cell?"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from reports.audit.aligned import Sequences
from reports.audit.findings import Compared, Difference
from reports.audit.shown import Grid, Shown, column_letters, difference, shorten
from reports.audit.told import Told
from reports.renderers.csv_table import CELL_START
from reports.renderers.workbook import Book, Cell, Sheet, evaluate

INSIDE = re.compile(r"#'?(.*?)'?!A1")


@dataclass(frozen=True)
class MadeSheet:
    """A sheet as its declaration makes it: a *grid*, and the number, from 0, of the row of *headings*, if it has a table."""

    grid: Grid
    headings: int | None = None


def make(told: Told, suffix: str) -> tuple[MadeSheet, ...]:
    """Return the sheets of a file that ends in *suffix*, as its template declares them; raises ReportsError if that can't be evaluated."""
    book = evaluate(told.expected.view, told.template.folder, told.template.name)
    return (_companion(book),) if suffix == ".csv" else tuple(map(_sheet, book.sheets))


def _companion(book: Book) -> MadeSheet:
    rows = ((Cell(heading) for heading in book.companion.headings), *book.companion.rows)
    return MadeSheet(Grid("", tuple(tuple(_csv_text(cell.value) for cell in row) for row in rows), {}), 0)


def _csv_text(value: Any) -> str:
    """Return *value* as a CSV file has it."""
    return CELL_START.sub("'", value) if isinstance(value, str) else "" if value is None else str(value)


def _sheet(sheet: Sheet) -> MadeSheet:
    rows: list[tuple[Cell, ...]] = [(Cell(sheet.title),), *((cell,) for cell, _ in sheet.lines)]
    if sheet.table:
        rows += [(Cell(sheet.intro),), tuple(map(Cell, sheet.table.headings)), *sheet.table.rows]
    links = {(row, column): cell.link for row, cells in enumerate(rows) for column, cell in enumerate(cells) if cell.link}
    grid = Grid(sheet.name, tuple(tuple(cell.value for cell in row) for row in rows), links)
    return MadeSheet(grid, 2 if sheet.table else None)


def compare_cells(shown: Shown, written: Sequence[MadeSheet], told: Told) -> Compared:
    """Compare every cell and every link of *shown* with what is *written* now; what is *told* already is not told again."""
    found, wanted = [grid.name for grid in shown.grids], [one.grid.name for one in written]
    aligned = Sequences(found, wanted, found, wanted).align()
    problems = [f"the sheet '{wanted[other]}' is missing" for other, _ in aligned.missing]
    problems += [f"the sheet '{found[one]}' is one more than the template has" for one in aligned.more]
    problems += [f"the sheet '{found[one]}' stands in another place than in the template" for one, _ in aligned.moved]
    same = [(one, other) for one, other in (*aligned.pairs, *aligned.moved) if found[one] == wanted[other]]
    problems += [
        f"the sheet '{found[one]}' is called '{wanted[other]}' in the template"
        for one, other in aligned.pairs
        if found[one] != wanted[other]
    ]
    comparisons = [_Comparison(shown.grids[one], written[other].grid, told) for one, other in same]
    differences = [Difference("", problem, where=str(told.template)) for problem in problems]
    for comparison, (_, other) in zip(comparisons, same, strict=True):
        differences += comparison.differences(written[other].headings)
    return Compared("cells", sum(one.count for one in comparisons), tuple(differences))


class _Comparison:
    """The comparison of the sheet *found* with the one *wanted*; it counts the cells that agree."""

    def __init__(self, found: Grid, wanted: Grid, told: Told) -> None:
        self.found, self.wanted, self.told = found, wanted, told
        self.rows = [[_plain(value) for value in row] for row in found.rows]
        self.wanted_rows = [[_plain(value) for value in row] for row in wanted.rows]
        self.headings: list[Any] = []
        self.count = 0

    def differences(self, headings: int | None) -> Iterator[Difference]:
        """Compare the rows down to that of the *headings*, then those below it, column by column as the headings name them."""
        while self.rows and not any(self.rows[-1]):
            self.rows.pop()
        width = max(map(len, (*self.rows, *self.wanted_rows)), default=0)
        every = [(column, column) for column in range(width)]
        if headings is None:
            yield from self._compare_rows((0, len(self.rows)), (0, len(self.wanted_rows)), every)
            return
        names = self.wanted_rows[headings]
        place = self.rows.index(names) if names in self.rows else min(headings, len(self.rows))
        yield from self._compare_rows((0, place), (0, headings), every)
        self.headings = names
        columns, differences = self._columns(self.rows[place] if place < len(self.rows) else [])
        yield from differences
        yield from self._compare_rows((place, len(self.rows)), (headings, len(self.wanted_rows)), columns)

    def _columns(self, found: list[Any]) -> tuple[list[tuple[int, int]], list[Difference]]:
        """Return which columns belong together, by their headings *found*, and what is missing, more, or elsewhere."""
        while found and not found[-1]:
            found.pop()
        aligned = Sequences(found, self.headings, found, self.headings).align()
        problems = [f"the column '{self.headings[other]}' is missing" for other, _ in aligned.missing]
        problems += [f"the column '{found[one]}' is one more than the template has" for one in aligned.more]
        problems += [f"the column '{found[one]}' stands in another place than in the template" for one, _ in aligned.moved]
        differences = [Difference(self.found.name, problem, where=str(self.told.template)) for problem in problems]
        return sorted((*aligned.pairs, *aligned.moved)), differences

    def _compare_rows(self, found: tuple[int, int], wanted: tuple[int, int], columns: list[tuple[int, int]]) -> Iterator[Difference]:
        """Compare the rows between the bounds *found* with those between the bounds *wanted*, in these pairs of *columns*."""
        keys = [tuple(_at(row, one) for one, _ in columns) for row in self.rows[slice(*found)]]
        wanted_keys = [tuple(_at(row, other) for _, other in columns) for row in self.wanted_rows[slice(*wanted)]]
        aligned = Sequences(keys, wanted_keys, list(map(_name, keys)), list(map(_name, wanted_keys))).align()
        for one, other in (*aligned.pairs, *aligned.moved):
            yield from self._compare_row(found[0] + one, wanted[0] + other, columns)
        for one, other in aligned.moved:
            before = f"below '{_name(wanted_keys[other - 1])}'" if other else "first"
            yield self._difference(f"the row '{_name(keys[one])}' stands here; the template has it {before}", found[0] + one)
        for one in aligned.more:
            yield self._difference(f"a row more: '{_told(keys[one])}'", found[0] + one)
        for before, missing in groupby(aligned.missing, key=lambda one: one[1]):
            yield from self._missing([_name(wanted_keys[index]) for index, _ in missing], found[0] + before)

    def _compare_row(self, one: int, other: int, columns: list[tuple[int, int]]) -> Iterator[Difference]:
        row, wanted, place = self.rows[one], self.wanted_rows[other], self._place(one)
        for column, its in columns:
            says, template, heading = _at(row, column), _at(wanted, its), _at(self.headings, its)
            self.count += says == template != ""
            if says != template and not self.told.is_all(place, heading, _words(says), _words(template)):
                yield self._difference("; ".join(_difference(says, template)), one, column, heading)
            led, link = self.found.links.get((one, column)), self.wanted.links.get((other, its))
            led = INSIDE.sub(r"#\1", led) if led and led.startswith("#") else led
            if led != link and not self.told.leads(place, _words(says)):
                yield self._difference(f"leads to {led or 'nothing'}; the template's leads to {link or 'nothing'}", one, column, heading)

    def _missing(self, names: list[str], row: int) -> Iterator[Difference]:
        if len(names) > 1:
            yield self._difference(f"{len(names)} rows are missing, from '{names[0]}' to '{names[-1]}'", row)
        elif not self.told.is_missing(names[0]):
            yield self._difference(f"the row '{names[0]}' is missing", row)

    def _difference(self, says: str, row: int, column: int = 0, heading: str = "") -> Difference:
        heading = "" if self.found.name else heading
        return Difference(self._place(row, column), says, where=str(self.told.template), column=heading)

    def _place(self, row: int, column: int = 0) -> str:
        """Return the place of a cell of a workbook; in a CSV file, of its row."""
        return f"{self.found.name}!{column_letters(column)}{row + 1}" if self.found.name else f"row {row + 1}"


def _plain(value: Any) -> Any:
    """Return *value* as both sides have it: nothing as an empty text, a number as Excel keeps it, a day without its hours."""
    if value is None:
        return ""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return float(value)
    return value.date() if isinstance(value, datetime) else value


def _at(row: Sequence[Any], column: int) -> Any:
    return row[column] if column < len(row) else ""


def _name(row: Iterable[Any]) -> str:
    return shorten(_words(next(iter(row), "")), 40)


def _words(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _told(row: Iterable[Any]) -> str:
    return shorten(" | ".join(map(_words, row)), 90)


def _difference(says: Any, template: Any) -> tuple[str, str]:
    """Return what the two say, and if they read the same, which kind of value each is."""
    if _words(says) != _words(template):
        return difference(_words(says), _words(template))
    return f"holds the {_kind(says)} {_words(says)}", f"the template makes it a {_kind(template)}"


def _kind(value: Any) -> str:
    return "text" if isinstance(value, str) else "date" if isinstance(value, date) else "number"
