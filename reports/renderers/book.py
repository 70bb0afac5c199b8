"""templates/<document>/<book>.yaml -> BookDeclaration: the sheets and columns of a register, as somebody declared them."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from reports.dataset.model import Line, StrictModel
from reports.errors import Problem, ReportsError, did_you_mean
from reports.validation import parse
from reports.yamlfile import Keys, YamlFile

# Excel refuses other names, or repairs the file; it allows apostrophes inside a sheet's name, but links then have to double them.
SHEET_NAME = re.compile(r"(?!history$)[^\[\]:*?/\\']{1,31}", re.IGNORECASE)
TABLE_NAME = re.compile(r"[^\W\d]\w{0,254}")
MOST_COLUMNS = 200
OF_TABLES = frozenset(("intro", "table", "item"))  # what a sheet of lines has no place for
CELL_NAME = re.compile(r"[A-Z]{1,3}\d+|R(\d*C\d*)?|C\d*", re.IGNORECASE)


def _check_item(value: str) -> str:
    if not re.fullmatch(r"[a-z][a-z_]*", value):
        raise ValueError(f"'{value}' is not a name for the item of a row, such as 'milestone': small letters and underscores")
    return value


class Column(StrictModel):
    """One column of a table: *width* in characters of text, *link* an address or `#<sheet>`; paper leaves out the last if not *printed*."""

    heading: Line
    value: Line
    width: int = Field(ge=3, le=120)
    link: Line | None = None
    printed: bool = True


class TextLine(StrictModel):
    """One line of running text: *heading* sets it as a heading."""

    text: Line
    link: Line | None = None
    heading: bool = False


class SheetSpec(StrictModel):
    """One sheet: lines of text, or under *intro* a table named *table* with a row for each *item* of *rows*."""

    name: Line
    title: Line
    intro: Line | None = None
    lines: tuple[TextLine, ...] = ()
    table: Line | None = None
    rows: Line | None = None
    item: Annotated[str, AfterValidator(_check_item)] = "row"
    columns: Annotated[tuple[Column, ...], Field(max_length=MOST_COLUMNS)] = ()


class WorkbookSpec(StrictModel):
    """All sheets in order; *companion* names the one that a CSV file holds."""

    font: Line
    companion: Line
    sheets: tuple[SheetSpec, ...] = Field(min_length=1)


def read_book(templates: Path, name: str) -> tuple[WorkbookSpec, YamlFile]:
    """Return the declaration in the file *name* of *templates*, and the file; raises ReportsError with every problem of it."""
    file = YamlFile(templates / name, templates)
    declaration, problems = parse(WorkbookSpec, file.data, file)
    if declaration is None:
        raise ReportsError(*problems)
    problems = [problem for check in (_wrong_sheets, _wrong_columns, _wrong_names) for problem in check(declaration, file)]
    if problems:
        raise ReportsError(*problems)
    return declaration, file


def _wrong_sheets(declaration: WorkbookSpec, file: YamlFile) -> Iterator[Problem]:
    """Yield a problem for each sheet that holds nothing, too much, or what nobody would see, and for names that Excel refuses."""
    for index, sheet in enumerate(declaration.sheets):
        keys: Keys = ("sheets", index)
        if bool(sheet.rows) == bool(sheet.lines) or bool(sheet.rows) != bool(sheet.columns):
            yield Problem(file.locate(keys), f"the sheet '{sheet.name}' needs either lines, or rows and columns")
        if not SHEET_NAME.fullmatch(sheet.name):
            message = f"'{sheet.name}' is no name for a sheet: at most 31 characters, none of []:*?/\\', and not 'History'"
            yield Problem(file.locate((*keys, "name")), message)
        table = sheet.table or sheet.name
        if sheet.rows and (not TABLE_NAME.fullmatch(table) or CELL_NAME.fullmatch(table)):
            message = f"'{table}' is no name for a table: a letter, then letters, digits and underscores, and no cell's name"
            yield Problem(file.locate((*keys, "table" if sheet.table else "name")), message)
        if sheet.lines and not sheet.rows:
            for field in sorted(OF_TABLES & sheet.model_fields_set):
                yield Problem(file.locate((*keys, field)), f"'{field}' is for a table, and the sheet '{sheet.name}' has lines")


def _wrong_columns(declaration: WorkbookSpec, file: YamlFile) -> Iterator[Problem]:
    """Yield a problem for each column that paper can't leave out: it shows one range of cells, which begins at the first column."""
    for index, sheet in enumerate(declaration.sheets):
        last = max((number for number, column in enumerate(sheet.columns) if column.printed), default=0)
        for number, column in enumerate(sheet.columns[: last + 1]):
            if not column.printed:
                place = file.locate(("sheets", index, "columns", number, "printed"))
                yield Problem(place, "only the last columns of a table can be left out on paper, and never all of them")


def _wrong_names(declaration: WorkbookSpec, file: YamlFile) -> Iterator[Problem]:
    """Yield a problem for a companion that is no table, and for sheets or tables of the same name."""
    tables = [sheet.name for sheet in declaration.sheets if sheet.rows]
    if declaration.companion not in tables:
        message = f"no sheet with a table is called '{declaration.companion}'{did_you_mean(declaration.companion, tables)}"
        yield Problem(file.locate(("companion",)), message)
    seen: set[tuple[str, str]] = set()
    for index, sheet in enumerate(declaration.sheets):
        for kind, field, name in (("sheet", "name", sheet.name), ("table", "table", (sheet.table or sheet.name) if sheet.rows else "")):
            if name and (kind, name.casefold()) in seen:
                yield Problem(file.locate(("sheets", index, field)), f"another {kind} is called '{name}' too")
            seen.add((kind, name.casefold()))
