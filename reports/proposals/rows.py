"""Returned sheets against the issued ones -> the differences between them, row by row."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Any

from reports.dataset.dates import parse_date
from reports.dataset.model import Milestone, kind_of
from reports.editions.snapshot import Snapshot
from reports.proposals.answers import AnswerReader
from reports.proposals.columns import COMMENT, Columns, Target, homes, parts_by_heading
from reports.proposals.dates import is_date
from reports.proposals.differences import Difference, DifferenceKind
from reports.proposals.sheets import Row, Sheet, Value
from reports.proposals.tables import IssuedRow, Match, ReturnedTable, cell_at, find_tables, issued_tables, plain_texts, reference, where
from reports.proposals.values import NOTHING, Reading, ValueReader, fold, text_of
from reports.readers.content import shorten
from reports.translations.locale import Locale

ADDED = kind_of(Milestone)  # the kind of the records that somebody may add
LONGEST = 500  # characters that are told of a sheet or a column of theirs, or of the rows that are gone
SOME, MOST = 5, 0.5  # rows in which a column differs, above which it may have been sorted alone: a number of them, and a share
ALIKE = 3  # months of a column that all came back as days, if a program made them so
MONTH = re.compile(r"\d{4}-[01]\d")
FEW = 0.1  # of the rows of a sheet that are gone, above which a person is asked


def differences(sheets: Sequence[Sheet], issued: Mapping[str, Any], snapshot: Snapshot, locale: Locale) -> tuple[Difference, ...]:
    """Return what somebody did to a file that was *issued* in the edition whose data are *snapshot*, and came back as *sheets*.

    *issued* is what issued.json says of the file. What programs alone make of cells is no difference, and the same change in several
    places is one.
    """
    tables = issued_tables(issued)
    reader = ValueReader(snapshot, locale, plain_texts(tables))
    columns = {table.name: Columns(table, reader, locale) for table in tables}
    known = [(table, columns[table.name]) for table in tables]
    answers = AnswerReader(reader, locale, ADDED, parts_by_heading(known, ADDED))
    places, returned = homes(known), find_tables(sheets, tables)
    found: list[Difference] = []
    for table in returned:
        name = table.issued.name
        found += _Comparison(table, columns[name], reader).differences()
        if columns[name].is_for_answers:
            found += answers.differences(table, columns[name])
        elif not table.is_copy:  # of which somebody may have copied the rows in sight
            found += _gone(table, {kind for kind, home in places.items() if home == name}, reader)
    strange = [sheet for sheet in sheets if not any(table.sheet is sheet for table in returned)]
    missing = [table.name for table in tables if not any(found.issued is table for found in returned)]
    around = _missing(missing) if any(sheet.name for sheet in sheets) else ()  # a CSV file has one sheet alone
    return tuple(_once([*found, *around, *_strange(strange, locale)]))


class _Comparison:
    """The comparison of one returned *table* with what was issued, whose *columns* say fields of records that *reader* knows."""

    def __init__(self, table: ReturnedTable, columns: Columns, reader: ValueReader) -> None:
        self._table, self._columns, self._reader = table, columns, reader
        self._sorted: set[int] = set()
        self._counting: set[int] = set()
        # In the sheet for answers a row that was empty may bear a reference that somebody copied into it, and so what stood there.
        self._blank = [row for row in table.issued.rows if not row.record] if columns.kinds else []

    def differences(self) -> Iterator[Difference]:
        """Yield what differs in each row, with the notes on its cells and what stands in columns that somebody inserted."""
        if self._table.lost:
            lost = ", ".join(self._table.lost)
            yield Difference(DifferenceKind.REMARK, self._table.sheet.name or self._table.issued.name, ask=f"columns are gone: {lost}")
        yield from self._counts()
        rows = [match for match in self._table.matches if match.issued and (match.issued.record or not self._columns.is_for_answers)]
        changed = {match.row.number: dict(self._changed(match.row, match.issued)) for match in rows if match.issued}
        for place, number in [*self._converted(rows, changed)]:
            del changed[place][number]
        counts = Counter(number for numbers in changed.values() for number in numbers)
        self._sorted = {number for number, count in counts.items() if count > max(SOME, MOST * len(rows))}
        for match in self._table.matches:
            yield from self._notes(match.row, match.issued)
            yield from self._broken(match)
            if match.issued and match.row.number in changed:
                yield from self._row(match, match.issued, changed[match.row.number])
            elif not self._columns.is_for_answers:
                yield from self._new(match)
            yield from self._inserted(match)
        for row in self._table.outside:
            yield from self._notes(row, None)

    def _converted(self, matches: Sequence[Match], changed: Mapping[int, Mapping[int, Value]]) -> Iterator[tuple[int, int]]:
        """Yield the rows and columns of months that a program made days of: "April 2010" and all others in the column became first days."""
        for number in self._table.places:
            first_days = {match.row.number: day for match in matches if (day := self._first_day(number, match.issued))}
            became = [row for row, day in first_days.items() if text_of(changed[row].get(number)) == day]
            if len(became) == len(first_days) >= ALIKE:
                yield from ((row, number) for row in became)

    def _first_day(self, number: int, issued: IssuedRow | None) -> str:
        """Return the first day of the month that the column *number* says in the row *issued*; "" if it says no month."""
        target = self._columns.target(number, issued)
        if issued is None or target is None or target.part.form != "date" or target.cell not in ("", "text"):
            return ""
        base = self._reader.base(issued.record, target.field)
        return f"{base}-01" if MONTH.fullmatch(base) else ""

    def _notes(self, row: Row, issued: IssuedRow | None) -> Iterator[Difference]:
        numbers = {place: number for number, place in self._table.places.items()}
        for place, notes in row.notes.items():
            target = self._columns.target(numbers[place], issued) if issued and place in numbers else None
            for note in notes:
                found = self._difference(DifferenceKind.COMMENT, row, place, issued)
                yield replace(found, field=target.field if target else "", comment=note.text, by=note.author, when=note.when)

    def _broken(self, match: Match) -> Iterator[Difference]:
        for place, name in match.row.broken.items():
            yield replace(self._difference(DifferenceKind.REMARK, match.row, place, match.issued), ask=f"the cell has no value: {name}")

    def _difference(self, kind: DifferenceKind, row: Row, place: int, issued: IssuedRow | None) -> Difference:
        return Difference(kind, self._table.where(row, place), record=issued.record if issued else "")

    def _row(self, match: Match, issued: IssuedRow, changed: Mapping[int, Value]) -> Iterator[Difference]:
        """Yield what differs in a row that was issued, where the columns in *changed* have these values."""
        if self._is_cleared(issued, changed):
            kind = DifferenceKind.REMOVE if self._table.issued.is_unique else DifferenceKind.REMARK
            yield replace(self._difference(kind, match.row, self._table.places[0], issued), ask="all but the reference was emptied")
            return
        fields: dict[str, dict[int, Target]] = defaultdict(dict)
        for number in changed:
            if target := self._columns.target(number, issued):
                fields[target.field][number] = target
        dates = ""
        for field, targets in fields.items():
            difference = self._change(match, issued, field, targets, changed)
            if difference:
                yield difference
                dates = difference.theirs if next(iter(targets.values())).part.form == "date" else dates
        told = {number for targets in fields.values() for number in targets}
        for number in (number for number in changed if number not in told):
            yield from self._other(match, issued, number, changed[number], dates)

    def _is_cleared(self, issued: IssuedRow, changed: Mapping[int, Value]) -> bool:
        """Tell whether nothing is left of what *issued* said beside its reference."""
        said = {number for number in self._table.places if number and fold(issued.values[number]) not in NOTHING}
        return len(said) > 1 and said <= changed.keys() and not any(text_of(value) for value in changed.values())

    def _changed(self, row: Row, issued: IssuedRow) -> Iterator[tuple[int, Value]]:
        """Yield the columns of *row*, with their values, that are not as *issued*."""
        for number, place in self._table.places.items():
            if place in row.broken or (self._columns.is_for_answers and self._columns.roles[number]):
                continue
            value = self._table.cell(row, number)
            if number == 0 and reference(text_of(value)) == reference(issued.values[0]):
                continue
            blank = (other.values[number] for other in self._blank)
            if not self._reader.is_same(value, issued.values[number]) and not any(self._reader.is_same(value, text) for text in blank):
                yield number, value

    def _change(
        self, match: Match, issued: IssuedRow, field: str, targets: Mapping[int, Target], changed: Mapping[int, Value]
    ) -> Difference | None:
        """Return the change of *field*, which the columns in *targets* say; None if it still has the same value."""
        number, target = next(iter(targets.items()))
        base = self._reader.base(issued.record, field)
        if target.part.form == "date":
            reading = self._reader.read_dates({other.cell: changed[column] for column, other in targets.items()}, base)
        else:
            reading = self._reader.read(changed[number], target.part, target.group, base)
        is_elsewhere = base and not target.cell and fold(issued.values[number]) in NOTHING  # the text of a milestone stands in one row
        if reading.value == base:
            return None
        asks = [
            reading.ask,
            self._twins(match),
            "it stands in a row that was issued without it" if is_elsewhere else "",
            "most of this column differs: was it sorted without the others?" if number in self._sorted else "",
        ]
        found = self._difference(DifferenceKind.CHANGE, match.row, self._table.places[number], issued)
        return replace(found, field=field, base=base, theirs=reading.value, ask="; ".join(filter(None, asks)))

    def _twins(self, match: Match) -> str:
        rows = ", ".join(map(str, sorted((match.row.number, *match.twins))))
        return f"the reference stands in several rows, which differ: {rows}" if match.twins else ""

    def _other(self, match: Match, issued: IssuedRow, number: int, value: Value, date: str) -> Iterator[Difference]:
        """Yield the difference in a column that is no field: a comment, or else a remark, unless the new *date* explains it."""
        found = self._difference(DifferenceKind.REMARK, match.row, self._table.places[number], issued)
        role, text = self._columns.roles[number], text_of(value)
        if role == COMMENT:
            yield replace(found, kind=DifferenceKind.COMMENT, comment=text)
        elif not _explains(date, role, text):
            yield replace(found, where=f"{found.where} ({self._columns.heading(number)})", base=issued.values[number], theirs=text)

    def _new(self, match: Match) -> Iterator[Difference]:
        """Yield what a row says that was not issued: a record to add, or a remark if it can be none."""
        cells = {number: self._table.cell(match.row, number) for number in self._table.places}
        texts = {number: text for number, value in cells.items() if (text := text_of(value))}
        given, asks = self._given(match, cells)
        place = min((self._table.places[number] for number in texts), default=0)
        found = self._difference(DifferenceKind.REMARK, match.row, place, None)
        if given and self._columns.kinds == {ADDED} and match.key not in self._table.issued.by_key:
            told = [number for number in texts if number and not self._columns.target(number, None, ADDED)]
            rest = "; ".join(f"{self._columns.heading(number)}: {texts[number]}" for number in told if self._columns.roles[number] == "")
            comment = "; ".join(filter(None, (texts.get(self._columns.role(COMMENT), ""), rest)))
            name = texts.get(0) or found.where
            yield replace(found, kind=DifferenceKind.ADD, record=name, given=given, comment=comment, ask="; ".join(asks))
        elif texts:
            known = self._table.issued.by_key.get(match.key, ())
            yield replace(found, record=known[0].record if known else "", theirs="; ".join(texts.values()))

    def _given(self, match: Match, cells: Mapping[int, Value]) -> tuple[Mapping[str, str], list[str]]:
        """Return the fields of a new record that *cells* have, and what has to be asked about them."""
        fields: dict[str, dict[int, Target]] = defaultdict(dict)
        for number, value in cells.items():
            target = self._columns.target(number, None, ADDED)
            if target and text_of(value):
                fields[target.field][number] = target
        readings: dict[str, Reading] = {}
        for field, targets in fields.items():
            number, target = next(iter(targets.items()))
            if target.part.form == "date":
                readings[field] = self._reader.read_dates({other.cell: cells[column] for column, other in targets.items()}, "")
            else:
                readings[field] = self._reader.read(cells[number], target.part, target.group)
        given = {field: reading.value for field, reading in readings.items() if reading.value}
        return given, [reading.ask for reading in readings.values() if reading.ask]

    def _inserted(self, match: Match) -> Iterator[Difference]:
        """Yield what *match* says in columns that were not issued, unless they are there to count."""
        for place, heading in self._table.inserted.items():
            text = text_of(cell_at(match.row, place))
            if fold(text) not in NOTHING and place not in self._counting:
                found = self._difference(DifferenceKind.COMMENT, match.row, place, match.issued)
                yield replace(found, comment=": ".join(filter(None, (heading, text))))

    def _counts(self) -> Iterator[Difference]:
        """Yield one remark on each column of numbers that somebody inserted, to count or to sort by."""
        for place, heading in self._table.inserted.items():
            cells = [(match.row, value) for match in self._table.matches if text_of(value := cell_at(match.row, place))]
            if len(cells) > SOME and all(isinstance(value, int | float) for _, value in cells):
                self._counting.add(place)
                texts = shorten(", ".join(text_of(value) for _, value in cells), LONGEST)
                yield Difference(DifferenceKind.REMARK, self._table.where(cells[0][0], place), theirs=f"{heading}: {texts}")


def _explains(date: str, role: str, text: str) -> bool:
    """Tell whether the *text* of a column with that *role* follows from the new *date*."""
    if not date or not is_date(date) or role not in ("year", "period"):
        return False
    return role == "period" or text in map(str, parse_date(date).years)


def _gone(table: ReturnedTable, kinds: set[str], reader: ValueReader) -> Iterator[Difference]:
    """Yield the records that are to be removed: those gone from *table*, if it is the one for their *kinds*; or else one remark."""
    name, count = table.sheet.name or table.issued.name, len(table.issued.rows)
    removed = [row for row in table.gone if row.record in reader.ids and reader.ids[row.record].kind in kinds]
    ask = f"{len(table.gone)} of {count} rows are gone: was a filtered view copied?" if len(table.gone) > FEW * count else ""
    for row in removed:
        yield Difference(DifferenceKind.REMOVE, name, record=row.record, ask=ask)
    if table.gone and not removed:
        keys = ", ".join(dict.fromkeys(row.values[0] for row in table.gone))
        yield Difference(DifferenceKind.REMARK, name, ask=f"{len(table.gone)} of {count} rows are gone: {shorten(keys, LONGEST)}")


def _missing(names: Iterable[str]) -> Iterator[Difference]:
    """Yield a remark on each sheet that was issued, by its name, and did not come back."""
    return (Difference(DifferenceKind.REMARK, name, ask="the sheet is gone, or has no reference in it") for name in names)


def _strange(sheets: Iterable[Sheet], locale: Locale) -> Iterator[Difference]:
    """Yield what stands in *sheets* that have no table of ours, and the notes on their cells.

    The sheet that states the edition is ours, and its words are kept nowhere.
    """
    for sheet in sheets:
        for row in sheet.rows:
            for place, notes in row.notes.items():
                for note in notes:
                    yield Difference(DifferenceKind.COMMENT, where(sheet, row, place), comment=note.text, by=note.author, when=note.when)
        if not _states_edition(sheet, locale):
            texts = " ".join(text for row in sheet.rows for value in row.cells if (text := text_of(value)))
            if texts:
                yield Difference(DifferenceKind.REMARK, sheet.name, theirs=shorten(texts, LONGEST))


def _once(found: Iterable[Difference]) -> Iterator[Difference]:
    """Yield each of *found* once, with all that is said about it in several places."""
    groups: dict[tuple[str, ...], list[Difference]] = defaultdict(list)
    for difference in found:
        groups[_identity(difference, len(groups))].append(difference)
    return map(_merged, groups.values())


def _states_edition(sheet: Sheet, locale: Locale) -> bool:
    """Tell whether a cell of *sheet* states an edition, as the line under each title of ours does."""
    words = locale.term("register.edition", edition="\0", published="\0", as_of="\0").split("\0")
    pattern = re.compile(" ?.+ ?".join(re.escape(fold(part)) for part in words))
    return any(pattern.fullmatch(fold(text_of(value))) for row in sheet.rows for value in row.cells)


def _identity(difference: Difference, number: int) -> tuple[str, ...]:
    """Return what the same difference in another place has in common with *difference*; nothing but its *number* if it stands alone."""
    match difference.kind:
        case DifferenceKind.CHANGE:
            return (difference.kind, difference.record, difference.field, fold(difference.theirs))
        case DifferenceKind.ADD:
            return (difference.kind, fold(difference.record).casefold())
        case DifferenceKind.COMMENT if difference.record:
            return (difference.kind, difference.record, difference.field, fold(difference.comment), difference.source, difference.by)
        case _:
            return (str(number),)


def _merged(group: Sequence[Difference]) -> Difference:
    """Return the differences in *group*, which are the same, as one: with all that they give, and what each says about it."""
    first = group[0]
    if len(group) == 1:
        return first
    given = {name: value for difference in reversed(group) for name, value in difference.given.items()}
    asks = [ask for ask in dict.fromkeys(difference.ask for difference in group) if ask]
    asks += [
        f"they give '{difference.given[name]}' for {name} too, at {difference.where}"
        for difference in group
        for name in difference.given
        if difference.given[name] != given[name]
    ]
    comment, source, by, when = (
        "; ".join(dict.fromkeys(filter(None, map(attrgetter(name), group)))) for name in ("comment", "source", "by", "when")
    )
    return replace(first, given=given, ask="; ".join(asks), comment=comment, source=source, by=by, when=when)
