"""View -> the tables of an open-data package: one for each kind of record, and for what stands in lists within records.

They follow from the model: a new field is a new column. Each table has a key, and each reference leads to a row of the table it names.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, get_origin

from pydantic import BaseModel

from reports.dataset import model
from reports.dataset.codes import Code
from reports.dataset.confidence import Confidence
from reports.dataset.fields import RefersTo
from reports.documents.view import View
from reports.editions.listing import COLUMNS, in_a_cell
from reports.editions.snapshot import Part, parts
from reports.validation import annotations_in

Value = str | bool | int | Decimal | date | None

# The tables that several kinds of records share.
RECORDS, EVIDENCE, GIVEN, REFERENCES, NAMES, CHANGES = "records", "evidence", "given", "references", "names", "changes"
TABLE_NAMES: Mapping[type[model.Record], str] = {
    **{kind: name.removesuffix(".yaml") for name, kind in model.FILES.items() if kind is not model.Abbreviation},
    model.Period: "periods",
    model.Milestone: "milestones",
    model.Activity: "activities",
}


@dataclass(frozen=True)
class Column:
    """A column: its *kind* is text, date, day, number, integer, boolean or code, one of *codes*; *to* is the table that it leads to.

    A date is a text in EDTF, and a day one in ISO 8601.
    """

    name: str
    kind: str = "text"
    required: bool = False
    codes: tuple[str, ...] = ()
    to: str = ""


@dataclass(frozen=True)
class Table:
    """The rows of one table, each a value for each of *columns*, of which the first *keys* tell it from all others.

    *leads* has the columns that together lead to another table, where one alone does not.
    """

    name: str
    columns: tuple[Column, ...]
    keys: int = 1
    leads: tuple[tuple[tuple[str, ...], str], ...] = ()
    rows: list[tuple[Value, ...]] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns[: self.keys])


def make_tables(view: View) -> tuple[Table, ...]:
    """Return the tables of all records in *view*; one without a row is left out."""
    walk = _Walk(view)
    for record in (*view.sources, *view.topics, *(record for record in view.declared if isinstance(record, model.Record))):
        walk.add(record)
    changes = Table(CHANGES, (Column("number", "integer", required=True), *map(Column, COLUMNS)))
    for number, change in enumerate(view.changes, 1):
        changes.rows.append((number, *(in_a_cell(getattr(change, name)) or None for name in COLUMNS)))
    abbreviations = Table("abbreviations", (Column("abbreviation", required=True), Column("stands_for", required=True)), 2)
    abbreviations.rows.extend(view.abbreviations)
    return tuple(table for table in (*walk.tables.values(), abbreviations, changes) if table.rows)


class _Walk:
    """The walk over records that fills *tables*."""

    def __init__(self, view: View) -> None:
        self._view = view
        place = (_record(), Column("field", required=True))
        item = Column("item", "integer", required=True)
        source = (Column("source", required=True, to=TABLE_NAMES[model.Source]), *_columns(model.Evidence, ("source",)))
        shared = (
            Table(
                RECORDS,
                (
                    Column("id", required=True),
                    Column("kind", "code", True, tuple(map(model.kind_of, TABLE_NAMES))),
                    Column("label", required=True),
                ),
            ),
            Table(EVIDENCE, (*place, item, *source), 3),
            Table(
                GIVEN,
                (*place, item, Column("of", required=True), Column("value", required=True)),
                4,
                ((("record", "field", "item"), EVIDENCE),),
            ),
            Table(REFERENCES, (*place, item, Column("to", required=True, to=RECORDS)), 3),
            Table(NAMES, (_record(), Column("script", required=True), Column("name", required=True)), 2),
        )
        self.tables = {table.name: table for table in shared}
        for kind, name in TABLE_NAMES.items():
            self.tables[name] = Table(name, self._record_columns(kind))
            for part_name, part in parts(kind).items():
                if part.model and _is_table(kind, part_name, part):
                    columns = (_record(to=name), item, *_columns(part.model))
                    self.tables[part_name] = Table(part_name, columns, 2)

    def _record_columns(self, kind: type[model.Record]) -> tuple[Column, ...]:
        added = [Column("number", "integer", required=True)] if kind is model.Source else []
        added += [Column("area", required=True, to="areas")] if kind is model.Activity else []
        added += [Column("period", to="periods")] if kind is model.Milestone else []
        added += [Column("confidence", "code", True, tuple(Confidence))] if issubclass(kind, model.Fact) else []
        own = (self._with_own_codes(kind, column) for column in _columns(kind, ("id",)))
        return (Column("id", required=True, to=RECORDS), *added, *own)

    def _with_own_codes(self, kind: type[model.Record], column: Column) -> Column:
        """Return *column*, of records of the *kind*, with the codes that the dataset adds to it."""
        declared = kind.model_fields[column.name].annotation if column.name in kind.model_fields else None
        if not (isinstance(declared, type) and issubclass(declared, Code)):
            return column
        added = (own.code for own in getattr(self._view.about, declared.added))
        return replace(column, codes=tuple(dict.fromkeys((*column.codes, *added))))

    def add(self, record: model.Record, area: str = "") -> None:
        """Add *record*, and those that stand in it; an activity stands in an *area*."""
        kind = type(record)
        name = getattr(record, "title", None) or getattr(record, "name", None) or self._view.labels[record.id]
        self.tables[RECORDS].rows.append((record.id, record.record_kind, name))
        self.tables[TABLE_NAMES[kind]].rows.append((record.id, *self._added(record, area), *_values(record, kind, ("id",))))
        self._names(record)
        for name, part in parts(kind).items():
            self._listed(record, name, part)

    def _added(self, record: model.Record, area: str) -> Iterator[Value]:
        """Yield the values of *record* that are in no field of it."""
        if isinstance(record, model.Source):
            yield self._view.numbers[record.id]
        if isinstance(record, model.Activity):
            yield area
        if isinstance(record, model.Milestone):
            yield next((period.id for period in self._view.periods if period.covers(record.date)), None)
        if isinstance(record, model.Fact):
            yield str(self._view.confidence(record))

    def _listed(self, record: model.Record, name: str, part: Part) -> None:
        """Add the items of the list in the field *name* of *record*, if it holds one, to the tables where they belong."""
        items = getattr(record, name)
        if not isinstance(items, tuple):
            return
        if _is_table(type(record), name, part):
            for place, item in enumerate(items, 1):
                self.tables[name].rows.append((record.id, place, *_values(item, type(item))))
                self._evidence(record.id, f"{name}.{place}.evidence", getattr(item, "evidence", ()))
        elif part.model is model.Evidence:
            self._evidence(record.id, name, items)
        elif part.model is not None:
            for inner in items:
                self.add(inner, record.id)
        elif part.form == "references":
            self.tables[REFERENCES].rows.extend((record.id, name, place, to) for place, to in enumerate(items, 1))

    def _names(self, record: model.Record) -> None:
        names: Mapping[str, str] = getattr(record, "names", {})
        self.tables[NAMES].rows.extend((record.id, script, name) for script, name in names.items())

    def _evidence(self, record: str, name: str, evidence: Iterable[model.Evidence]) -> None:
        for place, one in enumerate(evidence, 1):
            self.tables[EVIDENCE].rows.append((record, name, place, one.source, *_values(one, model.Evidence, ("source",))))
            self.tables[GIVEN].rows.extend((record, name, place, of, given) for of, given in one.gives.items())


def _record(to: str = RECORDS) -> Column:
    return Column("record", required=True, to=to)


def _is_table(kind: type[BaseModel], name: str, part: Part) -> bool:
    """Return true for a list of models that are neither records nor evidence: the figures of a measure, the offices of a person."""
    others = (model.Record, model.Evidence)
    return _is_list(kind, name) and part.model is not None and not issubclass(part.model, others)


def _is_list(kind: type[BaseModel], name: str) -> bool:
    return tuple in [get_origin(part) for part in annotations_in(kind.model_fields[name].annotation)]


def _is_mapping(kind: type[BaseModel], name: str) -> bool:
    return get_origin(kind.model_fields[name].annotation) is dict


def _fields(kind: type[BaseModel], without: Sequence[str] = ()) -> Iterator[tuple[str, Part]]:
    """Yield the fields of *kind* that are columns: of one value, or of days in a list."""
    for name, part in parts(kind).items():
        is_one = not _is_list(kind, name) or part.form == "date"
        is_evidence = part.model is not None and issubclass(part.model, model.Evidence)
        if name not in without and is_one and not is_evidence and not _is_mapping(kind, name):
            yield name, part


def _columns(kind: type[BaseModel], without: Sequence[str] = ()) -> Iterator[Column]:
    """Yield the columns of the fields of *kind*; those of a model within it bear its name too."""
    for name, part in _fields(kind, without):
        declared = kind.model_fields[name]
        if part.model is not None:
            yield from (Column(f"{name}_{column.name}", column.kind, False, column.codes, column.to) for column in _columns(part.model))
        elif part.form == "date":
            yield Column(name, "date", declared.is_required())
            if not _is_list(kind, name):
                yield from (Column(f"{name}_{end}", "day") for end in ("earliest", "latest"))
        else:
            yield Column(name, *_kind(declared.annotation, part), to=_leads_to(part))


def _kind(annotation: Any, part: Part) -> tuple[str, bool, tuple[str, ...]]:
    """Return the kind of a column, true if it has a value in each row, and its codes."""
    types = [kind for kind in annotations_in(annotation) if isinstance(kind, type)]
    is_required = type(None) not in types
    if codes := next((kind for kind in types if issubclass(kind, StrEnum)), None):
        return "code", is_required, tuple(codes)
    if own := next((kind for kind in types if issubclass(kind, Code)), None):
        return "code", is_required, own.known
    names = {bool: "boolean", int: "integer", Decimal: "number"}
    return next((names[kind] for kind in types if kind in names), "text"), is_required, ()


def _leads_to(part: Part) -> str:
    if not isinstance(part.mark, RefersTo):
        return ""
    tables = [name for kind, name in TABLE_NAMES.items() if model.kind_of(kind) in part.mark.kinds]
    return tables[0] if len(tables) == 1 else RECORDS


def _values(declared: BaseModel | None, kind: type[BaseModel], without: Sequence[str] = ()) -> Iterator[Value]:
    """Yield the values of *declared*, which is of the *kind*, in the order of its columns; nothing for each if it is not there."""
    for name, part in _fields(kind, without):
        value = getattr(declared, name, None)
        if part.model is not None:
            yield from _values(value, part.model)
        elif part.form == "date" and isinstance(value, tuple):
            yield " ".join(when.text for when in value) or None
        elif part.form == "date":
            yield from (value and value.text, value and value.earliest, value and value.latest)
        else:
            yield value
