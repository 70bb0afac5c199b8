"""The tables of an open-data package + what the data say -> where they differ, by the names of columns and fields alone."""

import csv
from collections.abc import Iterator, Mapping
from io import StringIO
from typing import Any

from pydantic import BaseModel

from reports.audit.expected import Expectation
from reports.dataset.model import Evidence, Record
from reports.readers.content import Content
from reports.readers.csv import KEEPER

Row = Mapping[str, str]


def compare_package(content: Content, expected: Expectation) -> tuple[Mapping[str, int], list[str]]:
    """Return how many fields in the package *content* were compared with what is *expected*, and all differences."""
    tables = {name: _rows(file) for name, file in content.attachments.items() if name.endswith(".csv")}
    found = [*_records(tables, expected), *_evidence(tables.get("evidence.csv", []), expected)]
    attached = content.attachments.get("dataset.json")
    found.append(None if attached == expected.dataset.canonical_json.encode() else "its dataset.json is not the dataset as it is now")
    return {"fields": len(found)}, [difference for difference in found if difference]


def _records(tables: Mapping[str, list[Row]], expected: Expectation) -> Iterator[str | None]:
    """Compare every record with its row, in the one table in which records of its kind have fields."""
    records = dict(expected.records)
    for name, rows in tables.items():
        for row in rows if name != "records.csv" else ():
            if row.get("id") in expected.records:
                records.pop(row["id"], None)
                yield from _fields(f"{name}, row '{row['id']}'", row, expected.records[row["id"]])
    yield from (f"no table has a row for '{missing}'" for missing in records)


def _evidence(rows: list[Row], expected: Expectation) -> Iterator[str | None]:
    """Compare each row with the evidence that the record has in its place, and their number with that of all."""
    for row in rows:
        at: Any = expected.records.get(row["record"])
        for step in (*row["field"].split("."), row["item"]):
            at = getattr(at, step, None) if not step.isdigit() else (at or ())[int(step) - 1 : int(step)] or None
            at = at[0] if step.isdigit() and at else at
        where = f"evidence.csv, row '{row['record']}, {row['field']}, {row['item']}'"
        yield from _fields(where, row, at) if isinstance(at, BaseModel) else (f"{where} is in no record",)
    there = sum(map(_places, expected.records.values()))
    yield None if len(rows) == there else f"evidence.csv has {len(rows)} places in sources, and the data have {there}"


def _places(declared: BaseModel) -> int:
    """Return how many places in sources *declared* names, in all its lists, but not in records that stand in it."""
    lists = (value for value in dict(declared).values() if isinstance(value, tuple))
    inner = [item for items in lists for item in items if isinstance(item, BaseModel) and not isinstance(item, Record)]
    return sum(1 if isinstance(item, Evidence) else _places(item) for item in inner)


def _fields(where: str, row: Row, declared: Record | BaseModel) -> Iterator[str | None]:
    """Compare each cell of *row* whose column is called as a field of *declared*."""
    for name, cell in row.items():
        if name in type(declared).model_fields:
            value = getattr(declared, name)
            own = "" if value is None else str(value).lower() if isinstance(value, bool) else _joined(value)
            yield None if cell == own else f"{where}: {name} is '{cell}', and the data say '{own}'"


def _joined(value: Any) -> str:
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _rows(file: bytes) -> list[Row]:
    rows = csv.DictReader(StringIO(file.decode(), newline=""))
    return [{name: KEEPER.sub("", cell) for name, cell in row.items()} for row in rows]
