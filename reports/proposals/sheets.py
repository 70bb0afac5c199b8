"""Cells of a returned workbook or table, as they came back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import NamedTuple

Value = str | int | float | bool | date | time | None  # a datetime is a date too


class Note(NamedTuple):
    """A comment on a cell: who wrote it, when (ISO 8601, "" if the file does not say), and the text; a reply in a thread is one more."""

    author: str
    when: str
    text: str


@dataclass(frozen=True)
class Row:
    """A row with its *number*, from 1, as people see it: the values of its *cells* from column A on, and the *notes* by column, from 0.

    The cells end with the last that holds a value; an empty one, and an empty text, is None, and every number a float. An error such
    as #REF!, and a formula without a value, is None in *cells*, and is named in *broken*, by column.
    """

    number: int
    cells: tuple[Value, ...]
    notes: Mapping[int, tuple[Note, ...]] = field(default_factory=dict)
    broken: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sheet:
    """A sheet by its *name*, "" for a CSV file, with its *rows*: all that hold something, in order."""

    name: str
    rows: tuple[Row, ...]
