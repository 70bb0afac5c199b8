"""The register of the tiny dataset as it was issued, and copies of its cells that a test edits as somebody would."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from python_calamine import CalamineWorkbook

from reports.dataset.dataset import Dataset
from reports.dataset.load import load_dataset
from reports.documents.document import load_documents
from reports.editions.snapshot import Snapshot, snapshot_of
from reports.issued import issued
from reports.proposals.differences import Difference
from reports.proposals.rows import differences
from reports.proposals.sheets import Note, Row, Sheet, Value
from reports.renderers import csv_table, excel
from reports.translations.locale import Locale
from tests.conftest import PROJECT, TINY, view_of

TEMPLATES = PROJECT / "templates"
DECLARED = "register/register.yaml"
Cells = list[list[Value]]


@dataclass
class Register:
    """The *cells* of a returned register, by sheet, with *notes* and *broken* cells by sheet, row and column, and what was *issued*."""

    cells: dict[str, Cells]
    issued: Mapping[str, Any]
    snapshot: Snapshot
    locale: Locale
    notes: dict[tuple[str, int, int], tuple[Note, ...]] = field(default_factory=dict)
    broken: dict[tuple[str, int, int], str] = field(default_factory=dict)

    @property
    def sheets(self) -> list[Sheet]:
        """The cells as a reader of workbooks gives them."""
        return [Sheet(name, tuple(self._rows(name))) for name in self.cells]

    def _rows(self, name: str) -> list[Row]:
        rows = [(number, tuple(cells)) for number, cells in enumerate(self.cells[name], start=1)]
        places = {
            number: {place for sheet, row, place in (*self.notes, *self.broken) if (sheet, row) == (name, number)} for number, _ in rows
        }
        return [
            Row(
                number,
                cells,
                {place: self.notes[name, number, place] for place in places[number] if (name, number, place) in self.notes},
                {place: self.broken[name, number, place] for place in places[number] if (name, number, place) in self.broken},
            )
            for number, cells in rows
            if any(value not in (None, "") for value in cells) or places[number]
        ]

    def head(self, sheet: str) -> int:
        """Return the index of the row of headings."""
        first = self.issued["sheets"][sheet]["columns"][0]["heading"]
        return next(index for index, row in enumerate(self.cells[sheet]) if row and row[0] == first)

    def column(self, sheet: str, heading: str) -> int:
        """Return the index of the column under *heading*."""
        return self.cells[sheet][self.head(sheet)].index(heading)

    def row(self, sheet: str, reference: str, place: int = 0) -> list[Value]:
        """Return the cells of the row of *reference*; of the one at *place* if there are several."""
        return [row for row in self.cells[sheet] if row[0] == reference][place]

    def where(self, sheet: str, row: list[Value]) -> int:
        """Return the number of *row*, from 1."""
        return next(number for number, other in enumerate(self.cells[sheet], start=1) if other is row)

    def write(self, sheet: str, reference: str, heading: str, value: Value, place: int = 0) -> None:
        """Write *value* under *heading* into the row of *reference*."""
        self.row(sheet, reference, place)[self.column(sheet, heading)] = value

    def append(self, sheet: str, blank: int = 0, **values: Value) -> list[Value]:
        """Append a row with *values*, by headings with underscores for spaces, below *blank* empty ones; return it."""
        width = len(self.cells[sheet][self.head(sheet)])
        row: list[Value] = [None] * width
        for heading, value in values.items():
            row[self.column(sheet, heading.replace("_", " "))] = value
        blanks: Cells = [[None] * width for _ in range(blank)]
        self.cells[sheet] += [*blanks, row]
        return row

    def change(self, edit: Callable[[Value], Value]) -> None:
        """Do *edit* to every cell."""
        self.cells = {name: [[edit(value) for value in row] for row in rows] for name, rows in self.cells.items()}

    def differences(self) -> tuple[Difference, ...]:
        """Return what came back other than it was issued."""
        return differences(self.sheets, self.issued, self.snapshot, self.locale)


def register() -> Register:
    """Return a copy of the tiny register as it was issued."""
    cells, report, dataset, locale = _issued()
    copied = {name: [list(row) for row in rows] for name, rows in cells.items()}
    return Register(copied, report["files"]["en/register.xlsx"], snapshot_of(dataset), locale)


@cache
def _issued() -> tuple[dict[str, Cells], Mapping[str, Any], Dataset, Locale]:
    dataset = load_dataset(TINY / "data")
    view = view_of(dataset, "register", TEMPLATES)
    with TemporaryDirectory() as name:
        folder = Path(name, "en")
        folder.mkdir()
        folder.joinpath("register.xlsx").write_bytes(excel.render(view, TEMPLATES, DECLARED).content)
        folder.joinpath("register.csv").write_bytes(csv_table.render(view, TEMPLATES, DECLARED).content)
        report = json.loads(json.dumps(issued(folder.parent, TEMPLATES, load_documents(TEMPLATES, ["register"]), dataset)))
        workbook = CalamineWorkbook.from_path(str(folder / "register.xlsx"))
        sheets: dict[str, list[list[Any]]] = {
            name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in workbook.sheet_names
        }
    cells: dict[str, Cells] = {name: [[None if value == "" else value for value in row] for row in rows] for name, rows in sheets.items()}
    return cells, report, dataset, Locale(TEMPLATES, "en")
