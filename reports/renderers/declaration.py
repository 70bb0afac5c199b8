"""The declaration of a workbook: its sheets and columns in YAML, and what is wrong with it that no value can mend."""

import re
from collections.abc import Iterator, Sequence

from pydantic import Field

from reports.dataset.fields import Line
from reports.dataset.model import StrictModel
from reports.errors import did_you_mean
from reports.yamlfile import Keys

# Excel refuses other names, or repairs the file; it allows apostrophes inside a sheet's name, but links then have to double them.
# It counts in units of UTF-16, and reads codes such as _x0041_ as the letters that they stand for, programs of others do not.
SHEET_NAME = re.compile(r"(?!history$)[^\[\]:*?/\\']+", re.IGNORECASE)
TABLE_NAME = re.compile(r"[^\W\d]\w*")
CODED_NAME = re.compile(r"_x[0-9A-F]{4}_", re.IGNORECASE)
CELL_NAME = re.compile(r"[A-Z]{1,3}\d+|R(\d*C\d*)?|C\d*", re.IGNORECASE)
RESERVED_NAMES = (
    *("auto_activate", "auto_close", "auto_deactivate", "auto_open", "consolidate_area", "criteria", "data_form", "database"),
    *("extract", "false", "print_area", "print_titles", "recorder", "sheet_title", "true", "_filterdatabase"),
)
LONGEST_SHEET_NAME, LONGEST_NAME, MOST_COLUMNS = 31, 255, 16_384


class Answer(StrictModel):
    """The answer for which a column has empty cells: *ask* says beside each what to write.

    *choices* are the texts to choose from, which stand below one another in the sheet of lists, other texts being *free* or refused;
    *since* is the earliest day, where a day is asked.
    """

    ask: Line
    choices: Line | None = None
    free: bool = False
    since: Line | None = None


class Column(StrictModel):
    """One column of a table: *width* in characters of text, *link* an address or `#<sheet>`; paper leaves out the last if not *printed*.

    Its cells have a *value*, of which the texts in *marked* stand out, or are empty for an *answer*. An *optional* one is left out if
    nothing is in any of its rows.
    """

    heading: Line
    value: Line | None = None
    width: int = Field(ge=3, le=120)
    link: Line | None = None
    printed: bool = True
    optional: bool = False
    marked: Line | None = None
    answer: Answer | None = None


class TextLine(StrictModel):
    """One line of running text: *heading* sets it as a heading; without a text, or the sheet that it links to, it is left out."""

    text: Line
    link: Line | None = None
    heading: bool = False


class SheetSpec(StrictModel):
    """One sheet: lines of text, or under those of *intro* a table named *table* with a row for each *item* of *rows*.

    With *parts*, a list that may ask for the item, it has a row for each *part* of each item. Without a row, the sheet is left out.
    Readers see its *name*, by which the declaration itself speaks of it, unless *tab* gives one in their language.
    """

    name: Line
    tab: Line | None = None
    title: Line
    intro: tuple[Line, ...] = ()
    lines: tuple[TextLine, ...] = ()
    table: Line | None = None
    rows: Line | None = None
    item: str = "row"
    parts: Line | None = None
    part: str = "part"
    columns: tuple[Column, ...] = ()

    def table_name(self, name: str) -> str:
        """Return the name of its table, which is the sheet's, *name*, if the table has none of its own; "" for a sheet of lines."""
        own = re.sub(r"\W+", "_", name) if self.tab else name
        return (self.table or own) if self.rows else ""


class WorkbookSpec(StrictModel):
    """All sheets in order; *companion* names the one that a CSV file holds, *lists* the one that has what answers are chosen from.

    *subtitle* stands under the title of each sheet.
    """

    font: Line
    companion: Line
    lists: Line | None = None
    subtitle: Line | None = None
    sheets: tuple[SheetSpec, ...] = Field(min_length=1)


def find_mistakes(declaration: WorkbookSpec) -> Iterator[tuple[Keys, str]]:
    """Yield what is wrong with *declaration*, and where: with its companion, with each sheet, and with names that are given twice."""
    tables = [sheet.name for sheet in declaration.sheets if sheet.rows]
    if declaration.companion not in tables:
        yield ("companion",), f"no sheet with a table is called '{declaration.companion}'{did_you_mean(declaration.companion, tables)}"
    if any(column.answer and column.answer.choices for sheet in declaration.sheets for column in sheet.columns):
        yield from _wrong_lists(declaration.lists, tables)
    for index, sheet in enumerate(declaration.sheets):
        yield from ((("sheets", index, *keys), message) for keys, message in _wrong_sheet(sheet))
    yield from find_wrong_names(declaration, [sheet.name for sheet in declaration.sheets], "name")


def find_wrong_names(declaration: WorkbookSpec, names: Sequence[str], key: str) -> Iterator[tuple[Keys, str]]:
    """Yield what is wrong with *names*, those of the sheets of *declaration*, which their *key* gives, and with those of their tables."""
    seen: set[tuple[str, str]] = set()
    for index, (sheet, name) in enumerate(zip(declaration.sheets, names, strict=True)):
        yield from ((("sheets", index, field), message) for field, message in _wrong_names(sheet, name, key))
        table_key = "table" if sheet.table or not sheet.tab else key
        for kind, field, given in (("sheet", key, name), ("table", table_key, sheet.table_name(name))):
            if given and (kind, given.casefold()) in seen:
                yield ("sheets", index, field), f"another {kind} is called '{given}' too"
            seen.add((kind, given.casefold()))


def _wrong_lists(name: str | None, tables: list[str]) -> Iterator[tuple[Keys, str]]:
    """Yield what is wrong with *name*, the sheet of lists of a workbook that has *tables*."""
    if name is None:
        yield (), "answers are chosen, so 'lists' has to name the sheet in which the choices stand"
    elif name not in tables:
        yield ("lists",), f"no sheet with a table is called '{name}'{did_you_mean(name, tables)}"


def _wrong_sheet(sheet: SheetSpec) -> Iterator[tuple[Keys, str]]:
    """Yield what is wrong with *sheet*, and where in it: what it lacks, what nobody would see, and names that Excel refuses."""
    if bool(sheet.rows) == bool(sheet.lines) or bool(sheet.rows) != bool(sheet.columns):
        yield (), f"the sheet '{sheet.name}' needs either lines, or rows and columns"
    if len(sheet.columns) > MOST_COLUMNS:
        yield ("columns", MOST_COLUMNS), f"the sheet '{sheet.name}' has {len(sheet.columns)} columns; Excel holds {MOST_COLUMNS}"
    for field, name in (("item", sheet.item), ("part", sheet.part)):
        if not re.fullmatch("[a-z][a-z_]*", name):
            yield (field,), f"'{name}' is not a name for the {field} of a row, such as 'milestone': small letters and underscores"
    for field in sorted({"intro", "table", "item", "part", "parts"} & sheet.model_fields_set) if sheet.lines and not sheet.rows else ():
        yield (field,), f"'{field}' is for a table, and the sheet '{sheet.name}' has lines"
    for number, column in enumerate(sheet.columns):
        yield from ((("columns", number, *keys), message) for keys, message in _wrong_column(column))
    yield from _wrong_paper(sheet)


def _wrong_paper(sheet: SheetSpec) -> Iterator[tuple[Keys, str]]:
    """Yield the columns of *sheet* that paper can't leave out: it shows one range of cells, which begins at the first column."""
    last = max((number for number, column in enumerate(sheet.columns) if column.printed), default=0)
    for number, column in enumerate(sheet.columns[: last + 1]):
        if not column.printed:
            yield ("columns", number, "printed"), "only the last columns of a table can be left out on paper, and never all of them"


def _wrong_column(column: Column) -> Iterator[tuple[Keys, str]]:
    """Yield what is wrong with *column*, and where in it: cells have a value or wait for an answer, which is chosen, a day, or free."""
    if bool(column.value) == bool(column.answer):
        yield (), "a column has either a value, or an answer to wait for"
    for field in sorted({"link", "marked", "optional"} & column.model_fields_set) if column.answer else ():
        yield (field,), f"'{field}' is for a value, and the column waits for an answer"
    if column.answer and column.answer.choices and column.answer.since:
        yield ("answer", "since"), "an answer is chosen, or a day, not both"
    if column.answer and column.answer.free and not column.answer.choices:
        yield ("answer", "free"), "'free' is for an answer with choices; without them, it is free anyway"


def _wrong_names(sheet: SheetSpec, name: str, key: str) -> Iterator[tuple[str, str]]:
    """Yield by its key what Excel refuses, or repairs the file for, of the *name* that *key* gives to *sheet*, and of its table's."""
    if not SHEET_NAME.fullmatch(name) or length(name) > LONGEST_SHEET_NAME:
        message = f"at most {LONGEST_SHEET_NAME} characters, none of []:*?/\\', and not 'History'"
        yield key, f"'{name}' is no name for a sheet: {message}"
    table, table_key = sheet.table_name(name), "table" if sheet.table else key
    if table and (not TABLE_NAME.fullmatch(table) or CELL_NAME.fullmatch(table)):
        message = f"'{table}' is no name for a table: a letter, then letters, digits and underscores, and no cell's name"
        yield table_key, message
    if length(table) > LONGEST_NAME:
        yield table_key, f"the name of the table has {length(table)} characters; Excel holds {LONGEST_NAME}"
    if table.casefold() in RESERVED_NAMES:
        yield table_key, f"'{table}' is no name for a table: Excel gives it a meaning of its own"
    for kind, field, given in (("sheet", key, name), ("table", "table", sheet.table or "")):
        if code := CODED_NAME.search(given):
            yield field, f"'{given}' is no name for a {kind}: Excel reads {code[0]} in it as another character"


def length(text: str) -> int:
    """Return how long *text* is as Excel counts: in units of UTF-16, of which some letters and signs have two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2
