"""Issued columns -> the fields of records that they say, or the role that their heading gives them."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from reports.editions.snapshot import MODELS, NO_PART, Part, parts
from reports.proposals.tables import IssuedRow, IssuedTable
from reports.proposals.values import NOTHING, ValueReader, fold, part_of
from reports.translations.locale import Locale

COMMENT = "comment"
ANSWERS = ("reply", "part", "proposed", "source_address", "institution", "answered", COMMENT)  # of the sheet for answers, and comments
WORKED_OUT_OF_A_DATE = ("year", "period")
CELLS_OF_A_DATE = ("", "earliest", "latest", "text")


class Target(NamedTuple):
    """The *field* of a record that a column says, which is declared as *part*, and of a date which *cell*, see CELLS_OF_A_DATE.

    Codes are written as words of the *group* of terms.
    """

    field: str
    cell: str
    part: Part
    group: str


class Columns:
    """The columns of the issued *table*, by their numbers, as *reader* knows the data and *locale* the headings."""

    def __init__(self, table: IssuedTable, reader: ValueReader, locale: Locale) -> None:
        roles = {fold(code.term): code.key.partition(".")[2] for code in reversed(locale.codes("column"))}
        self._reader = reader
        self._columns = table.columns
        self._fields = [
            (column.field,) if column.field else _said(number, table.rows, reader) for number, column in enumerate(table.columns)
        ]
        is_asked = [not any(row.values[number] for row in table.rows) for number in range(len(table.columns))]
        named = [roles.get(fold(column.heading), "") for column in table.columns]
        self.roles = tuple(
            role if role in (ANSWERS if asked else WORKED_OUT_OF_A_DATE) else "" for role, asked in zip(named, is_asked, strict=True)
        )
        self.kinds = frozenset(reader.ids[row.record].kind for row in table.rows if row.record in reader.ids)

    @property
    def is_for_answers(self) -> bool:
        """True if the sheet is there for answers alone, and not only for comments."""
        return "reply" in self.roles

    def role(self, name: str) -> int:
        """Return the number of the column that has the role *name*; -1 if there is none."""
        return self.roles.index(name) if name in self.roles else -1

    def heading(self, number: int) -> str:
        """Return the heading of the column *number*."""
        return self._columns[number].heading

    def target(self, number: int, issued: IssuedRow | None, kind: str = "") -> Target | None:
        """Return the field that the column *number* says of the record of the row *issued*, or of a new one of that *kind*."""
        fields = self._fields[number]
        if issued and issued.record in self._reader.ids:
            kind = self._reader.ids[issued.record].kind
            value = issued.values[number]
            fields = tuple(field for field in fields if len(fields) == 1 or self._reader.base(issued.record, field) == value)[:1]
        return _target(kind, fields[0], self._columns[number].form) if len(fields) == 1 else None


def _target(kind: str, path: str, group: str) -> Target | None:
    field, _, cell = path.partition(".")
    part = part_of(kind, field)
    is_whole = not cell or (part.form == "date" and cell in CELLS_OF_A_DATE)
    return Target(field, cell, part, group) if part is not NO_PART and not part.model and field != "id" and is_whole else None


def _said(number: int, rows: Sequence[IssuedRow], reader: ValueReader) -> tuple[str, ...]:
    """Return the fields that a column says by what stands in *rows*: each value is one of the record's own, such as its address or file."""
    found: dict[str, None] = {}
    for row in rows:
        if row.record not in reader.ids or fold(row.values[number]) in NOTHING:
            continue
        declared: Mapping[str, Part] = parts(MODELS[reader.ids[row.record].kind])
        names = (name for name, part in declared.items() if part.form in ("text", "date") and not part.model and name != "id")
        name = next(
            (name for name in names if reader.printed(reader.base(row.record, name), declared[name].form) == row.values[number]), ""
        )
        if not name:
            return ()
        found[name] = None
    return tuple(found)


def parts_by_heading(tables: Sequence[tuple[IssuedTable, Columns]], kind: str) -> Mapping[str, Target]:
    """Return the fields of records of the *kind*, by the headings, folded, of the columns in which *tables* show them."""
    found: dict[str, Target] = {}
    for table, columns in tables:
        for number in range(len(table.columns)) if columns.kinds == {kind} else ():
            target = columns.target(number, None, kind)
            if target and not target.cell:
                found.setdefault(fold(columns.heading(number)).casefold(), target)
    return found


def homes(tables: Sequence[tuple[IssuedTable, Columns]]) -> Mapping[str, str]:
    """Return the name of the table, by the kind of its records, that has a row for each of them: the first that has most."""
    found: dict[str, IssuedTable] = {}
    for table, columns in tables:
        if len(columns.kinds) == 1 and table.is_unique and not columns.is_for_answers:
            (kind,) = columns.kinds
            if kind not in found or len(table.rows) > len(found[kind].rows):
                found[kind] = table
    return {kind: table.name for kind, table in found.items()}
