"""Returned sheets -> the issued tables that they were, with their columns, their rows and what is in none of them."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from openpyxl.utils import get_column_letter

from reports.proposals.sheets import Row, Sheet, Value
from reports.proposals.values import KEPT, NOTHING, fold, text_of

# Letters of references that a Cyrillic keyboard writes, by the Latin ones that look the same.
LOOKALIKES = str.maketrans("АВЕКМНОРСТХ", "ABEKMHOPCTX")
HALF = 0.5
LIKE = 0.2  # of all that stands in a sheet or in a table stands in both, if it is the table under headings of another language


class IssuedRow(NamedTuple):
    """A row as it was issued: the id of its *record*, "" if it is of none, and its *values*."""

    record: str
    values: tuple[str, ...]


class IssuedColumn(NamedTuple):
    """A column as it was issued: its *heading*, and the path of its *field*, in that *form*, as far as it says one."""

    heading: str
    field: str
    form: str


@dataclass(frozen=True)
class IssuedTable:
    """The table of the sheet with this *name*, as it was issued."""

    name: str
    columns: tuple[IssuedColumn, ...]
    rows: tuple[IssuedRow, ...]
    by_key: Mapping[str, tuple[IssuedRow, ...]]  # by the reference in their first cell

    @cached_property
    def is_unique(self) -> bool:
        """True if each reference stands in one row."""
        return all(len(rows) == 1 for rows in self.by_key.values())

    def is_empty(self, column: int) -> bool:
        """Return true if nothing was issued in *column*."""
        return all(fold(row.values[column]) in NOTHING for row in self.rows)

    @cached_property
    def words(self) -> frozenset[str]:
        """All that stands in its cells, folded."""
        cells = [column.heading for column in self.columns] + [value for row in self.rows for value in row.values]
        return frozenset(map(_word, cells)) - set(NOTHING)


@dataclass(frozen=True)
class Match:
    """A returned *row*, with the *issued* row that it was, None if it is a new one; *twins* are the other rows with its reference.

    A twin is told only where the reference stood in one row alone.
    """

    row: Row
    key: str
    issued: IssuedRow | None
    twins: tuple[int, ...] = ()


@dataclass(frozen=True)
class ReturnedTable:
    """The returned *sheet* of an *issued* table, with the *places* of its columns, by theirs in the table.

    *inserted* are the headings of the other columns, *gone* the rows that are in none of the *matches*, and *outside* the row of headings
    and what stands above it. *lost* are the headings of columns that are not there any more, unless all headings are others. A copy is
    one more sheet of the same table.
    """

    issued: IssuedTable
    sheet: Sheet
    places: Mapping[int, int]
    inserted: Mapping[int, str]
    matches: tuple[Match, ...]
    gone: tuple[IssuedRow, ...]
    outside: tuple[Row, ...]
    lost: tuple[str, ...]
    is_copy: bool = False

    def cell(self, row: Row, column: int) -> Value:
        """Return the value of *row* in the issued *column*; None if there is no such column any more."""
        return cell_at(row, self.places[column]) if column in self.places else None

    def where(self, row: Row, place: int) -> str:
        """Return the cell of *row* at *place*, from 0, as people see it."""
        return where(self.sheet, row, place)


def where(sheet: Sheet, row: Row, place: int) -> str:
    """Return the name of the cell of *row* in *sheet* at *place*, from 0: "Register!E12"."""
    cell = f"{get_column_letter(place + 1)}{row.number}"
    return f"{sheet.name}!{cell}" if sheet.name else cell


@lru_cache(maxsize=KEPT)
def reference(text: str) -> str:
    """Return the reference *text* without what keyboards and programs make of it: another hyphen, case, spaces, Cyrillic letters."""
    folded = unicodedata.normalize("NFKC", fold(text)).upper().translate(LOOKALIKES)
    return re.sub(r"\s", "", folded).strip("[](){}.,;:'\"")


def issued_tables(issued: Mapping[str, Any]) -> tuple[IssuedTable, ...]:
    """Return the tables of the issued file *issued*, as issued.json has it."""
    return tuple(_issued_table(name, table) for name, table in issued["sheets"].items())


def _issued_table(name: str, table: Mapping[str, Any]) -> IssuedTable:
    columns = tuple(IssuedColumn(column["heading"], column.get("field", ""), column.get("form", "")) for column in table["columns"])
    rows = tuple(IssuedRow(row["record"] or "", tuple(row["values"])) for row in table["rows"])
    return IssuedTable(name, columns, rows, _grouped((reference(row.values[0]), row) for row in rows))


def plain_texts(tables: Sequence[IssuedTable]) -> Mapping[tuple[str, str], str]:
    """Return the texts of prose in *tables*, as readers see them, by record and field."""
    return {
        (row.record, column.field): row.values[number]
        for table in tables
        for number, column in enumerate(table.columns)
        for row in (table.rows if column.form == "plain" else ())
        if fold(row.values[number]) not in NOTHING
    }


def _grouped(pairs: Iterable[tuple[str, IssuedRow]]) -> Mapping[str, tuple[IssuedRow, ...]]:
    groups: dict[str, list[IssuedRow]] = defaultdict(list)
    for key, row in pairs:
        groups[key].append(row)
    return {key: tuple(rows) for key, rows in groups.items()}


@dataclass(frozen=True, eq=False)
class _Contents:
    """The words of a returned *sheet*, as they are compared."""

    sheet: Sheet

    @cached_property
    def rows(self) -> tuple[frozenset[str], ...]:
        """The words of each row."""
        return tuple(frozenset(word for value in row.cells if (word := _word(value)) not in NOTHING) for row in self.sheet.rows)

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of all rows."""
        return frozenset().union(*self.rows)

    @cached_property
    def references(self) -> Mapping[int, Counter[str]]:
        """The texts in each column, as references are compared, and how often they stand there."""
        counts: dict[int, Counter[str]] = defaultdict(Counter)
        for row in self.sheet.rows:
            for place, value in enumerate(row.cells):
                counts[place][reference(text_of(value))] += 1
        return counts

    def likeness(self, table: IssuedTable) -> float:
        """Return how much of all that stands in the sheet, or in *table*, stands in both: from 0 to 1."""
        return len(self.words & table.words) / max(1, len(self.words | table.words))

    def head(self, table: IssuedTable) -> Row | None:
        """Return the row with most headings of *table*; None if none has half of them."""
        headings = {_word(column.heading) for column in table.columns}
        counts = [len(headings & words) for words in self.rows]
        most = max(counts, default=0)
        return self.sheet.rows[counts.index(most)] if counts and most >= HALF * len(headings) else None

    def key(self, table: IssuedTable) -> int | None:
        """Return the column with most references of *table*, or the one with half as many under its heading; None if there is none."""
        counts = {place: sum(found[key] for key in found.keys() & table.by_key.keys()) for place, found in self.references.items()}
        head, most = self.head(table), max(counts.values(), default=0)
        named = {place for place, value in enumerate(head.cells if head else ()) if _word(value) == _word(table.columns[0].heading)}
        best = max(counts, key=lambda place: (place in named and counts[place] >= HALF * most, counts[place], -place), default=None)
        return best if most else None


def _word(value: Value) -> str:
    return fold(text_of(value)).casefold()


def find_tables(sheets: Sequence[Sheet], tables: Sequence[IssuedTable]) -> tuple[ReturnedTable, ...]:
    """Return which of *sheets* each of *tables* came back in, then the copies of tables.

    A table is known by the name of its sheet, or else it is the one most like it; a copy has the headings too.
    """
    contents = [_Contents(sheet) for sheet in sheets]
    named = {_word(content.sheet.name): content for content in contents}
    found = {table.name: content for table in tables if (content := named.get(_word(table.name))) and content.key(table) is not None}
    rest = [content for content in contents if content not in found.values()]
    pairs = [(content.likeness(table), table, content) for table in tables for content in rest if content.key(table) is not None]
    copies: dict[_Contents, IssuedTable] = {}
    for likeness, table, content in sorted(pairs, key=lambda pair: -pair[0]):
        is_headed = content.head(table) is not None
        if content in found.values() or content in copies:
            continue
        if table.name in found and is_headed:
            copies[content] = table
        elif table.name not in found and (is_headed or likeness >= LIKE):
            found[table.name] = content
    own = [_returned(found[table.name], table) for table in tables if table.name in found]
    return (*own, *(replace(_returned(content, table), is_copy=True) for content, table in copies.items()))


def _returned(content: _Contents, table: IssuedTable) -> ReturnedTable:
    """Return the *table* that came back in the sheet with this *content*, in which there are references of it."""
    sheet, head, key = content.sheet, content.head(table), content.key(table) or 0
    keys = {row.number: reference(text_of(cell_at(row, key))) for row in sheet.rows}
    first = next(row.number for row in sheet.rows if keys[row.number] in table.by_key)
    # Under headings of another language the table begins with the first row that is known.
    top = head or next((row for row in reversed(sheet.rows) if row.number < first), None)
    below = top.number if top else 0
    rows = [row for row in sheet.rows if keys[row.number] in table.by_key or (row.number > below and not (top and row.cells == top.cells))]
    places = _places(table, top, rows, keys, key)
    width = max(len(row.cells) for row in rows)
    others = [place for place in range(width) if place not in places.values()]
    inserted = {
        place: text_of(cell_at(top, place)) if top else ""
        for place in others
        if any(_word(cell_at(row, place)) not in NOTHING for row in rows)
    }
    matches, gone = _match_rows(table, rows, keys, places)
    numbers = {row.number for row in rows}
    outside = tuple(row for row in sheet.rows if row.number not in numbers)
    lost = tuple(column.heading for number, column in enumerate(table.columns) if head and number not in places)
    return ReturnedTable(table, sheet, places, inserted, matches, gone, outside, lost)


def cell_at(row: Row, place: int) -> Value:
    """Return the value of *row* at *place*, from 0; None if it ends before."""
    return row.cells[place] if place < len(row.cells) else None


def _places(table: IssuedTable, head: Row | None, rows: Sequence[Row], keys: Mapping[int, str], key: int) -> Mapping[int, int]:
    """Return where each column of *table* stands: by its heading, or else where most values agree, or else beside the one before it."""
    headings: dict[str, list[int]] = defaultdict(list)
    for place, value in enumerate(head.cells if head else ()):
        if place != key:
            headings[_word(value)].append(place)
    named = {column: headings.get(_word(issued.heading), []) for column, issued in enumerate(table.columns) if column}
    places = {0: key, **{column: found[0] for column, found in named.items() if len(found) == 1}}
    if len(places) < len(table.columns):
        for column, place in _agreeing(table, rows, keys):
            if column not in places and place not in places.values():
                places[column] = place
    width = max(len(row.cells) for row in (*rows, *([head] if head else [])))
    for column in range(1, len(table.columns)):  # a column that was issued empty, such as that for comments, under another heading
        beside = next(iter(named[column]), places.get(column - 1, width) + 1)
        if column not in places and beside < width and beside not in places.values() and table.is_empty(column):
            places[column] = beside
    return dict(sorted(places.items()))


def _agreeing(table: IssuedTable, rows: Sequence[Row], keys: Mapping[int, str]) -> list[tuple[int, int]]:
    """Return each column of *table* with each place in *rows* at which most texts are as issued: the pairs that agree most come first."""
    hits: Counter[tuple[int, int]] = Counter()
    filled: Counter[int] = Counter()
    for row in rows:
        words = {place: word for place, value in enumerate(row.cells) if (word := _word(value)) not in NOTHING}
        known = table.by_key.get(keys[row.number], ())
        filled.update(list(words) if known else ())
        for column in range(1, len(table.columns)) if known else ():
            values = {_word(issued.values[column]) for issued in known}
            hits.update((column, place) for place, word in words.items() if word in values)
    agreeing = [(count / filled[pair[1]], count, pair) for pair, count in hits.items() if count >= HALF * filled[pair[1]]]
    return [pair for _, _, pair in sorted(agreeing, key=lambda found: (-found[0], -found[1], found[2]))]


def _match_rows(
    table: IssuedTable, rows: Sequence[Row], keys: Mapping[int, str], places: Mapping[int, int]
) -> tuple[tuple[Match, ...], tuple[IssuedRow, ...]]:
    """Return each of *rows* with the row of *table* that it was, by its reference and then by what else is the same; and those gone."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[keys[row.number]].append(row)
    matches: list[Match] = []
    gone = [row for key, own in table.by_key.items() if key not in groups for row in own]
    for key, returned in groups.items():
        issued = table.by_key.get(key, ())
        pairs, missing = _pair(returned, issued, places)
        gone += missing
        numbers = tuple(row.number for row in returned) if len(issued) == 1 < len(returned) else ()
        matches += [Match(row, key, was, tuple(number for number in numbers if number != row.number)) for row, was in pairs]
    if table.is_unique:
        matches = _known_otherwise(matches, gone, places)
    return tuple(sorted(matches, key=lambda match: match.row.number)), tuple(gone)


def _known_otherwise(matches: Sequence[Match], gone: list[IssuedRow], places: Mapping[int, int]) -> list[Match]:
    """Return *matches*; those whose reference is not known with the row of *gone* that says most of the same, which is gone no more."""
    texts = [(fold(issued.values[column]), issued) for issued in gone for column in places if column]
    counts = Counter(text for text, _ in texts if text not in NOTHING)
    owners = {text: issued for text, issued in texts if counts[text] == 1}
    found = []
    for match in matches:
        near = [owners[text] for value in match.row.cells if (text := fold(text_of(value))) in owners] if match.issued is None else []
        issued = next((issued for issued in near if issued in gone and _is_mostly(match.row, issued, places)), None)
        if issued:
            gone.remove(issued)
        found.append(replace(match, issued=issued) if issued else match)
    return found


def _is_mostly(row: Row, issued: IssuedRow, places: Mapping[int, int]) -> bool:
    """Tell whether *row* has two thirds of what *issued* says beside its reference."""
    said = {column: place for column, place in places.items() if column and fold(issued.values[column]) not in NOTHING}
    return len(said) > 1 and 3 * _count_same(row, issued, said) >= 2 * len(said)


def _pair(
    rows: Sequence[Row], issued: Sequence[IssuedRow], places: Mapping[int, int]
) -> tuple[list[tuple[Row, IssuedRow | None]], list[IssuedRow]]:
    """Return each of *rows* of one reference with that of *issued* to which it is most alike, and the rows of *issued* that none is.

    A row that is left over is a copy: of the one row that was issued, or of the one that it is the same as.
    """
    alike = sorted(
        ((_count_same(row, was, places), -order, -number) for order, row in enumerate(rows) for number, was in enumerate(issued)),
        reverse=True,
    )
    pairs: dict[int, IssuedRow] = {}
    used: set[int] = set()
    for _, order, number in alike:
        if -order not in pairs and -number not in used:
            pairs[-order] = issued[-number]
            used.add(-number)
    for order, row in enumerate(rows):
        if order not in pairs and issued:
            nearest = max(issued, key=lambda was: _count_same(row, was, places))
            if len(issued) == 1 or _count_same(row, nearest, places) == len(places):
                pairs[order] = nearest
    return [(row, pairs.get(order)) for order, row in enumerate(rows)], [was for number, was in enumerate(issued) if number not in used]


def _count_same(row: Row, issued: IssuedRow, places: Mapping[int, int]) -> int:
    """Return in how many columns *row* is as *issued*."""
    texts: Iterator[tuple[str, str]] = (
        (fold(text_of(cell_at(row, place))), fold(issued.values[column])) for column, place in places.items()
    )
    return sum(theirs == ours or (theirs in NOTHING and ours in NOTHING) for theirs, ours in texts)
