"""The register as other programs send it back: edited there and untouched, and whether every edit is read, and nothing else.

`python -m tests.conformance.returned FILE FOLDER` leaves the copies in FOLDER, and with them edits.json, which says what was done.
"""

import argparse
import json
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

import openpyxl
from openpyxl.comments import Comment
from openpyxl.utils.cell import range_boundaries

from reports.errors import ReportsError
from reports.proposals.spreadsheets import read_sheets
from reports.proposals.spreadsheets.grid import moment
from tests.conformance import macros, node, programs
from tests.conformance.validator import Finding

UNTOUCHED, EDITED, SORTED = "untouched", "edited", "sorted"
MOST = 10
FEWEST = 6  # rows that a table must have to be edited
SUFFIXES = {".xlsx": "Calc MS Excel 2007 XML", ".ods": "calc8", ".xls": "MS Excel 97", ".csv": "Text - txt - csv (StarCalc)"}
# What a program does not keep, whatever is done: no fault of ours.
WITHOUT_NOTES = {
    ("sheetjs", ".ods"),
    ("sheetjs", ".xls"),
    ("gnumeric", ".csv"),
    ("sheetjs", ".csv"),
    ("soffice", ".csv"),
    ("soffice-7.4", ".csv"),
}


@dataclass(frozen=True)
class Step:
    """One thing that a person does to a sheet, at a place counted from 1: set a cell, note, insert or remove a row or a column, sort."""

    does: str
    row: int = 0
    column: int = 0
    value: str = ""


@dataclass(frozen=True)
class Edit:
    """The meaning of a step: a *record* is changed, removed, added or noted, under the *heading* of a column."""

    kind: str
    record: str
    heading: str = ""
    value: str = ""


@dataclass(frozen=True)
class Plan:
    """The steps for one table of a register, and the edits that they are; *tidy* ones need a program that keeps rows together."""

    sheet: str
    last: int
    width: int
    headings: tuple[str, ...]
    header: int
    steps: tuple[Step, ...]
    edits: tuple[Edit, ...]
    tidy_steps: tuple[Step, ...]
    tidy_edits: tuple[Edit, ...]


@dataclass(frozen=True)
class Copy:
    """A file that a program has saved, and the edits that are in it."""

    program: str
    path: Path
    edits: tuple[Edit, ...]


def make_plan(path: Path) -> Plan:
    """Return what is to be done to the first table of the register *path* that has rows enough: in its column of the longest texts."""
    book = openpyxl.load_workbook(path)
    sheet = next(sheet for sheet in book if any(len(list(sheet[place])) > FEWEST for _, place in sheet.tables.items()))
    _, header, width, last = range_boundaries(next(iter(sheet.tables.items()))[1])
    headings = tuple(cell.value for cell in sheet[header][:width])
    lengths = [sum(len(str(sheet.cell(row, column).value)) for row in range(header + 1, last + 1)) for column in range(2, width + 1)]
    column = lengths.index(max(lengths)) + 2
    rows = list(range(header + 1, last + 1))
    first, second, third, middle, final = (rows[place] for place in (0, 1, 2, len(rows) // 2, -1))
    names = {row: str(sheet.cell(row, 1).value) for row in rows}
    heading = headings[column - 1]
    said = "Amended: č ć đ š ž – “a” & <b>, 1,5; no more"
    steps = (
        Step("set", first, column, said),
        Step("set", middle, column, "=1+1 is a text\nof two lines"),
        Step("set", final, column, "007"),
        Step("note", second, column, "Is this right?"),
        Step("set", last + 1, 1, "NEW-1"),
        Step("set", last + 1, column, "A new milestone, below the table"),
    )
    edits = (
        *(Edit("change", names[step.row], heading, step.value) for step in steps[:3]),
        Edit("note", names[second], heading, steps[3].value),
        Edit("add", "NEW-1", heading, steps[5].value),
    )
    tidy_steps = (
        Step("insert row", middle),
        Step("set", middle, 1, "NEW-2"),
        Step("set", middle, column, "A new milestone, in the table"),
        Step("remove row", third),
        Step("insert column", 0, column),
    )
    tidy_edits = (Edit("add", "NEW-2", heading, "A new milestone, in the table"), Edit("remove", names[third]))
    return Plan(sheet.title, last, width, headings, header, steps, edits, tidy_steps, tidy_edits)


def _openpyxl(path: Path, plan: Plan, folder: Path) -> Iterator[Copy]:
    for name, steps, edits in ((UNTOUCHED, (), ()), (EDITED, plan.steps, plan.edits)):
        book = openpyxl.load_workbook(path)
        for step in steps:
            cell = book[plan.sheet].cell(step.row, step.column)
            if step.does == "note":
                cell.comment = Comment(step.value, "Ana")
            else:
                cell.value, cell.data_type = step.value, "s"
        saved = folder / f"openpyxl-{name}.xlsx"
        book.save(saved)
        yield Copy("openpyxl", saved, edits)


def _npm(program: str, suffixes: Sequence[str], path: Path, plan: Plan, folder: Path) -> Iterator[Copy]:
    for name, steps, edits in ((UNTOUCHED, (), ()), (EDITED, plan.steps, plan.edits)):
        told = Path(mkdtemp(dir=folder)) / "steps.json"
        told.write_text(json.dumps({"sheet": plan.sheet, "todo": [asdict(step) for step in steps]}), "utf-8")
        saved = [folder / f"{program}-{name}{suffix}" for suffix in suffixes]
        line = ["node", str(Path(__file__).with_suffix(".cjs")), str(node.FOLDER), program, str(path), str(told), *map(str, saved)]
        _run(line, folder, saved)
        yield from (Copy(program, copy, edits) for copy in saved)


def _gnumeric(path: Path, plan: Plan, folder: Path) -> Iterator[Copy]:
    """Yield copies by gnumeric, which nobody is there to edit: what it has to keep, openpyxl has done."""
    for copy in list(_openpyxl(path, plan, Path(mkdtemp(dir=folder)))):
        for suffix in (".xlsx", ".ods", ".xls", ".csv"):
            saved = folder / copy.path.with_suffix(suffix).name.replace("openpyxl", "gnumeric")
            as_text = ["-T", "Gnumeric_stf:stf_assistant", "-O", f"sheet={plan.sheet} separator=;"] if suffix == ".csv" else []
            _run(["ssconvert", *as_text, str(copy.path), str(saved)], folder, [saved])
            yield Copy("gnumeric", saved, copy.edits)


def _office(program: str, path: Path, plan: Plan, folder: Path) -> Iterator[Copy]:
    """Yield copies by LibreOffice, which does each step as a person does, by a macro in a profile of its own."""
    tidy = (*plan.steps, *plan.tidy_steps)
    variants = (
        (UNTOUCHED, (), ()),
        (EDITED, tidy, (*plan.edits, *plan.tidy_edits)),
        (SORTED, (Step("sort"), Step("filter"), Step("hide")), ()),
    )
    copies = [Copy(program, folder / f"{program}-{name}{suffix}", edits) for name, _, edits in variants for suffix in SUFFIXES]
    number = openpyxl.load_workbook(path, read_only=True).sheetnames.index(plan.sheet) + 1
    # Of a text: a semicolon, quotation marks, UTF-8, as shown, and which sheet.
    options = {".csv": f"59,34,76,1,,0,false,true,false,false,false,{number}"}
    lines = []
    for name, steps, _ in variants:
        lines += [macros.load(path), f"S = D.Sheets.getByName({macros.text(plan.sheet)})", f"N = {plan.last - 1}"]
        lines += [_basic(step, plan) for step in steps]
        saved = {suffix: folder / f"{program}-{name}{suffix}" for suffix in SUFFIXES}
        lines += [macros.save(saved[suffix], kind, options.get(suffix, "")) for suffix, kind in SUFFIXES.items()]
        lines.append(macros.CLOSE)
    macros.run(lines, folder, program=program)
    for copy in copies:
        # Where a sheet is named, LibreOffice puts its name into that of the file.
        if copy.path.suffix == ".csv" and (named := copy.path.with_stem(f"{copy.path.stem}-{plan.sheet}")).exists():
            named.rename(copy.path)
    yield from _there(copies)


def _basic(step: Step, plan: Plan) -> str:
    """Return *step* in LibreOffice's Basic; N is the last row, counted from 0, S the sheet."""
    cell = f"S.getCellByPosition({step.column - 1}, {step.row - 1})"
    text = macros.text(step.value)
    table = f"S.getCellRangeByPosition(0, {plan.header}, {plan.width - 1}, N)"
    return {
        "set": f"{cell}.setString({text})",
        "note": f"S.Annotations.insertNew({cell}.CellAddress, {text})",
        "insert row": f"S.Rows.insertByIndex({step.row - 1}, 1)",
        "remove row": f"S.Rows.removeByIndex({step.row - 1}, 1)",
        "insert column": f"S.Columns.insertByIndex({step.column - 1}, 1)",
        "sort": "Dim F(0) As New com.sun.star.table.TableSortField\nF(0).Field = 0\nF(0).IsAscending = False\n"
        f'{table}.sort(Array(Named("SortFields", F()), Named("ContainsHeader", False)))',
        "filter": "Dim T(0) As New com.sun.star.sheet.TableFilterField\nT(0).Field = 0\n"
        f"T(0).Operator = com.sun.star.sheet.FilterOperator.EQUAL\nT(0).StringValue = S.getCellByPosition(0, N).String\n"
        f"FD = {table}.createFilterDescriptor(True)\nFD.setFilterFields(T())\n{table}.filter(FD)",
        "hide": "S.Columns.getByIndex(1).IsVisible = False",
    }[step.does]


def _run(line: Sequence[str], folder: Path, saved: Sequence[Path]) -> None:
    done = programs.run(line, folder)
    if not all(path.exists() for path in saved):
        raise programs.ProgramError(f"{line[0]} saved nothing: {(done.stderr or done.stdout).strip()[-300:]}")


def _there(copies: Sequence[Copy]) -> Sequence[Copy]:
    if missing := [copy.path.name for copy in copies if not copy.path.exists()]:
        raise programs.ProgramError(f"LibreOffice saved no {', '.join(missing)}")
    return copies


MAKERS: Mapping[str, Callable[[Path, Plan, Path], Iterator[Copy]]] = {
    "soffice": partial(_office, "soffice"),
    "soffice-7.4": partial(_office, "soffice-7.4"),
    "gnumeric": _gnumeric,
    "openpyxl": _openpyxl,
    "exceljs": partial(_npm, "exceljs", (".xlsx",)),
    "sheetjs": partial(_npm, "sheetjs", (".xlsx", ".ods", ".xls", ".csv")),
}


@dataclass(frozen=True)
class Record:
    """A row of the table, as read_sheets gives it: its cells and the texts of its notes, by the headings of their columns."""

    name: str
    cells: dict[str, Any]
    notes: dict[str, str]


def check_returned(program: str, path: Path, scratch: Path) -> list[Finding]:
    """Return where copies of the register *path* that *program* has saved are read otherwise than with what was done there."""
    plan = make_plan(path)
    base = records(path, plan)
    if twice := _twice(base):
        return [Finding(f"'{name}' stands twice in it") for name in twice]
    copies = MAKERS[program](path, plan, Path(mkdtemp(dir=scratch)))
    return [Finding(f"{copy.path.name}: {said}") for copy in copies for said in compare(copy, base, plan)]


def records(path: Path, plan: Plan) -> list[Record]:
    """Return the rows of the planned table in *path*, wherever the sheet, the table and its columns are now."""
    (sheet,) = [sheet for sheet in read_sheets(path) if sheet.name in ("", plan.sheet)]
    start = next(index for index, row in enumerate(sheet.rows) if row.cells[:1] == plan.headings[:1])
    names = {column: name for column, name in enumerate(sheet.rows[start].cells) if isinstance(name, str)}
    return [
        Record(
            str(row.cells[0]),
            {name: row.cells[column] for column, name in names.items() if column < len(row.cells) and row.cells[column] is not None},
            {name: " ".join(note.text for note in row.notes[column]) for column, name in names.items() if column in row.notes},
        )
        for row in sheet.rows[start + 1 :]
        if row.cells
    ]


def compare(copy: Copy, base: Sequence[Record], plan: Plan) -> Iterator[str]:
    """Yield where the records of *copy* are not those of *base* with its edits; their order is no matter."""
    try:
        found = records(copy.path, plan)
    except ReportsError as error:
        yield str(error)
        return
    yield from (f"'{name}' stands twice" for name in _twice(found))
    wanted, by_name = edited(base, copy.edits, plan), {record.name: record for record in found}
    yield from (f"'{name}' is lost" for name in wanted.keys() - by_name.keys())
    yield from (f"'{name}' is more than was sent" for name in by_name.keys() - wanted.keys())
    keeps_notes = (copy.program, copy.path.suffix) not in WITHOUT_NOTES
    for name in wanted.keys() & by_name.keys():
        yield from _differences(name, wanted[name].cells, by_name[name].cells, is_text=copy.path.suffix == ".csv")
        if keeps_notes:
            yield from _differences(f"{name}, note", wanted[name].notes, by_name[name].notes)


def _differences(name: str, wanted: Mapping[str, Any], found: Mapping[str, Any], is_text: bool = False) -> Iterator[str]:
    """Yield where *found* differs from *wanted*; a table as text shows days and numbers as the program does, and only its texts count."""
    for heading in sorted(wanted.keys() | found.keys()):
        value, other = wanted.get(heading), found.get(heading)
        if isinstance(value, date) and isinstance(other, float):  # SheetJS saves no days in an .xls, but their numbers
            other = moment(other)
        if value != other and (isinstance(value, str) or not is_text):
            yield f"{name}, {heading}: {other!r}; it should be {value!r}"


def edited(base: Sequence[Record], edits: Sequence[Edit], plan: Plan) -> dict[str, Record]:
    """Return the records *base* by their names, with *edits*."""
    wanted = {record.name: Record(record.name, {**record.cells}, {**record.notes}) for record in base}
    for edit in edits:
        if edit.kind == "add":
            wanted[edit.record] = Record(edit.record, {plan.headings[0]: edit.record, edit.heading: edit.value}, {})
        elif edit.kind == "remove":
            del wanted[edit.record]
        else:
            (wanted[edit.record].notes if edit.kind == "note" else wanted[edit.record].cells)[edit.heading] = edit.value
    return wanted


def _twice(found: Sequence[Record]) -> list[str]:
    return [name for name, count in Counter(record.name for record in found).items() if count > 1]


def main(arguments: Sequence[str] | None = None) -> int:
    """Leave copies of a register by every program that is there, and say of each how it is read; return 1 if one is read wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.conformance.returned", description="Edit a register in other programs.")
    parser.add_argument("file", type=Path, metavar="FILE", help="the register, an .xlsx")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where the copies and edits.json go")
    given = parser.parse_args(arguments)
    given.folder.mkdir(parents=True, exist_ok=True)
    plan, done, is_bad = make_plan(given.file), {}, False
    base = records(given.file, plan)
    with TemporaryDirectory(prefix="returned-") as scratch:
        for program, maker in MAKERS.items():
            try:
                copies = list(maker(given.file, plan, Path(mkdtemp(dir=scratch))))
            except (OSError, programs.ProgramError) as error:
                print(f"{program}: skipped: {error}")
                continue
            for copy in copies:
                shutil.copy(copy.path, given.folder)
                said = list(compare(copy, base, plan))
                is_bad = is_bad or bool(said)
                told = "read otherwise:" if said else "nothing else, and nothing less"
                print("\n    ".join([f"{copy.path.name}: {len(copy.edits)} edits, {told}", *said[:MOST]]), flush=True)
                done[copy.path.name] = [asdict(edit) for edit in copy.edits]
    content = {"sheet": plan.sheet, "files": done}
    (given.folder / "edits.json").write_text(json.dumps(content, ensure_ascii=False, indent=2), "utf-8")
    return int(is_bad)


if __name__ == "__main__":
    sys.exit(main())
