"""View + declared sheets -> tables of typed values: what the register says, whatever format it takes.

The declaration is YAML. Every title, heading, value, link and row source in it is a Jinja expression, whose result keeps its type:
a date stays a date and a number a number.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Template, TemplateRuntimeError, TemplateSyntaxError, Undefined, nodes, pass_context
from jinja2.parser import Parser
from pydantic import Field

from reports.dataset.fields import Line
from reports.dataset.model import StrictModel
from reports.documents.view import View
from reports.errors import NOT_WRITABLE, Problem, ReportsError, character_name, did_you_mean
from reports.renderers.environment import Templates, in_words, is_bug
from reports.validation import parse
from reports.yamlfile import Keys, YamlFile

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
LARGEST = 10**15

# What a spreadsheet may take for a formula (https://owasp.org/www-community/attacks/CSV_Injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

Value = str | int | float | Decimal | date | None


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
    item: str = "row"
    columns: tuple[Column, ...] = ()

    @property
    def table_name(self) -> str:
        """The name of its table, which is the sheet's if the table has none of its own; "" for a sheet of lines."""
        return (self.table or self.name) if self.rows else ""


class WorkbookSpec(StrictModel):
    """All sheets in order; *companion* names the one that a CSV file holds."""

    font: Line
    companion: Line
    sheets: tuple[SheetSpec, ...] = Field(min_length=1)


class Cell(NamedTuple):
    """A typed value, and the address or `#<sheet>` that it leads to, if any."""

    value: Value
    link: str | None = None


@dataclass(frozen=True)
class Table:
    """A named table: a heading and a width for each column, and as many cells in each row; paper shows the *printed* first columns."""

    name: str
    headings: tuple[str, ...]
    widths: tuple[int, ...]
    printed: int
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Sheet:
    """One evaluated sheet: *lines* pairs each text with whether it is a heading."""

    name: str
    title: str
    intro: str
    lines: tuple[tuple[Cell, bool], ...]
    table: Table | None


@dataclass(frozen=True)
class Book:
    """The evaluated sheets of *declaration*, which stands in *file*; *inputs* are all files that they were made with, and their digests."""

    file: YamlFile
    declaration: WorkbookSpec
    sheets: tuple[Sheet, ...]
    language: str
    inputs: Mapping[Path, str]

    @property
    def companion(self) -> Table:
        """The table that a CSV file holds."""
        return next(sheet.table for sheet in self.sheets if sheet.name == self.declaration.companion and sheet.table)


def evaluate(view: View, templates: Path, name: str, up_to_companion: bool = False) -> Book:
    """Return the sheets that *name* in the folder *templates* declares, filled from *view*: all, or the last is the one for a CSV file.

    Raises ReportsError with the place of every expression that has no value, or one that no cell can hold.
    """
    file = YamlFile(templates / name, templates)
    declaration, problems = parse(WorkbookSpec, file.data, file)
    if declaration:
        problems = [Problem(file.locate(keys), message) for keys, message in _wrong(declaration)]
    if declaration is None or problems:
        raise ReportsError(*problems)
    made = Templates(templates, view, medium="xlsx")
    evaluation = _Evaluation(file, made, {"view": view, "about": view.about})
    names = [spec.name for spec in declaration.sheets]
    asked = names.index(declaration.companion) + 1 if up_to_companion else len(names)
    sheets = tuple(evaluation.sheet(spec, ("sheets", index)) for index, spec in enumerate(declaration.sheets[:asked]))
    if evaluation.problems:
        raise ReportsError(*evaluation.problems)
    return Book(file, declaration, sheets, made.locale.tag, made.used | {file.path: file.digest})


def _wrong(declaration: WorkbookSpec) -> Iterator[tuple[Keys, str]]:
    """Yield what is wrong with *declaration*, and where: with its companion, with each sheet, and with names that are given twice."""
    tables = [sheet.name for sheet in declaration.sheets if sheet.rows]
    if declaration.companion not in tables:
        yield ("companion",), f"no sheet with a table is called '{declaration.companion}'{did_you_mean(declaration.companion, tables)}"
    seen: set[tuple[str, str]] = set()
    for index, sheet in enumerate(declaration.sheets):
        yield from ((("sheets", index, *keys), message) for keys, message in _wrong_sheet(sheet))
        for kind, field, name in (("sheet", "name", sheet.name), ("table", "table", sheet.table_name)):
            if name and (kind, name.casefold()) in seen:
                yield ("sheets", index, field), f"another {kind} is called '{name}' too"
            seen.add((kind, name.casefold()))


def _wrong_sheet(sheet: SheetSpec) -> Iterator[tuple[Keys, str]]:
    """Yield what is wrong with *sheet*, and where in it: what it lacks, what nobody would see, and names that Excel refuses."""
    if bool(sheet.rows) == bool(sheet.lines) or bool(sheet.rows) != bool(sheet.columns):
        yield (), f"the sheet '{sheet.name}' needs either lines, or rows and columns"
    yield from _wrong_names(sheet)
    if len(sheet.columns) > MOST_COLUMNS:
        yield ("columns", MOST_COLUMNS), f"the sheet '{sheet.name}' has {len(sheet.columns)} columns; Excel holds {MOST_COLUMNS}"
    if not re.fullmatch("[a-z][a-z_]*", sheet.item):
        yield ("item",), f"'{sheet.item}' is not a name for the item of a row, such as 'milestone': small letters and underscores"
    for field in sorted({"intro", "table", "item"} & sheet.model_fields_set) if sheet.lines and not sheet.rows else ():
        yield (field,), f"'{field}' is for a table, and the sheet '{sheet.name}' has lines"
    # Paper shows one range of cells, which begins at the first column.
    last = max((number for number, column in enumerate(sheet.columns) if column.printed), default=0)
    for number, column in enumerate(sheet.columns[: last + 1]):
        if not column.printed:
            yield ("columns", number, "printed"), "only the last columns of a table can be left out on paper, and never all of them"


def _wrong_names(sheet: SheetSpec) -> Iterator[tuple[Keys, str]]:
    """Yield the names of *sheet* and of its table that Excel refuses, or repairs the file for, and where they stand."""
    if not SHEET_NAME.fullmatch(sheet.name) or length(sheet.name) > LONGEST_SHEET_NAME:
        message = f"at most {LONGEST_SHEET_NAME} characters, none of []:*?/\\', and not 'History'"
        yield ("name",), f"'{sheet.name}' is no name for a sheet: {message}"
    name, key = sheet.table_name, "table" if sheet.table else "name"
    if name and (not TABLE_NAME.fullmatch(name) or CELL_NAME.fullmatch(name)):
        message = f"'{name}' is no name for a table: a letter, then letters, digits and underscores, and no cell's name"
        yield (key,), message
    if length(name) > LONGEST_NAME:
        yield (key,), f"the name of the table has {length(name)} characters; Excel holds {LONGEST_NAME}"
    if name.casefold() in RESERVED_NAMES:
        yield (key,), f"'{name}' is no name for a table: Excel gives it a meaning of its own"
    for key, name in {"name": sheet.name, "table": sheet.table or ""}.items():
        if code := CODED_NAME.search(name):
            yield (
                (key,),
                f"'{name}' is no name for a {key if key == 'table' else 'sheet'}: Excel reads {code[0]} in it as another character",
            )


class _Evaluation:
    """The evaluation of one declaration: expressions of *file*, with *names* in reach, and the *problems* of all of them."""

    def __init__(self, file: YamlFile, templates: Templates, names: Mapping[str, Any]) -> None:
        self.file = file
        self.environment = templates.environment()
        self.names = names
        self.problems: list[Problem] = []

    def sheet(self, spec: SheetSpec, keys: Keys) -> Sheet:
        lines = []
        for index, line in enumerate(spec.lines):
            place = (*keys, "lines", index)
            link = self._result(line.link, (*place, "link"), _text) if line.link else None
            lines.append((Cell(self._result(line.text, (*place, "text"), _value), link), line.heading))
        title = self._result(spec.title, (*keys, "title"), _text)
        intro = self._result(spec.intro, (*keys, "intro"), _text) if spec.intro else ""
        return Sheet(spec.name, title, intro, tuple(lines), self._table(spec, spec.rows, keys) if spec.rows else None)

    def _table(self, spec: SheetSpec, rows: str, keys: Keys) -> Table:
        items = self._result(rows, (*keys, "rows"), _items) or []
        headings: list[str] = []
        columns: list[list[Cell]] = []
        for index, column in enumerate(spec.columns):
            place = (*keys, "columns", index)
            heading = self._result(column.heading, (*place, "heading"), _text)
            if heading == "":
                self._add((*place, "heading"), "gives no text; each column needs a heading")
            elif heading and length(heading) > LONGEST_NAME:
                self._add((*place, "heading"), f"gives a text of {length(heading)} characters; a heading holds {LONGEST_NAME}")
            elif heading and heading.casefold() in map(str.casefold, headings):  # Excel would call the file damaged
                self._add((*place, "heading"), f"another column is called '{heading}' too")
            headings.append(heading or "")
            values = self._results(column.value, (*place, "value"), _value, items, spec.item)
            links = self._results(column.link, (*place, "link"), _text, items, spec.item) if column.link else [None] * len(items)
            columns.append([Cell(value, link or None) for value, link in zip(values, links, strict=True)])
        widths = tuple(column.width for column in spec.columns)
        printed = sum(column.printed for column in spec.columns)
        return Table(spec.table_name, tuple(headings), widths, printed, tuple(zip(*columns, strict=True)))

    def _result(self, expression: str, keys: Keys, take: Callable[[Any], Any]) -> Any:
        """Return what *take* makes of the result of *expression*; None, and a problem at *keys*, if it has none."""
        return self._results(expression, keys, take, [None], "_")[0]

    def _results(self, expression: str, keys: Keys, take: Callable[[Any], Any], items: list[Any], item: str) -> list[Any]:
        """Return what *take* makes of the result of *expression* for each of *items*, which it knows by the name *item*.

        The first that fails is a problem at *keys*, and ends the list, for the others would fail too: None stands for all of them.
        """
        results: list[Any] = []
        # With the context, so that Jinja does not work out a constant such as '#About' once, before the loop.
        self.environment.filters["keep_"] = pass_context(lambda _, result: results.append(take(result)))
        try:
            self._loop(expression, item).render(**self.names, items_=items)
        except ReportsError as error:
            self.problems += error.problems
        except TemplateSyntaxError as error:
            self._add(keys, f"expression syntax: {error.message}")
        except Exception as error:
            if is_bug(error):
                raise
            self._add(keys, in_words(error))
        return results + [None] * (len(items) - len(results))

    def _loop(self, expression: str, item: str) -> Template:
        """Return a template that gives the value of *expression*, for each *item* of `items_`, to the filter `keep_`.

        The loop runs inside one template: an expression called from here would build a context of its own for every cell. It is put
        together as a tree, since to parse the expression alone, and in the text of a loop again, takes twice the time.
        """
        parser = Parser(self.environment, expression, state="variable")
        value = parser.parse_expression()
        if not parser.stream.eos:
            raise TemplateSyntaxError(f"'{parser.stream.current.value}' stands behind its end", parser.stream.current.lineno)
        keep = nodes.ExprStmt(nodes.Filter(value, "keep_", [], [], None, None))
        loop = nodes.For(nodes.Name(item, "store"), nodes.Name("items_", "load"), [keep], [], None, False)
        tree = nodes.Template([loop], lineno=1)
        tree.set_environment(self.environment)
        return self.environment.from_string(tree)

    def _add(self, keys: Keys, message: str) -> None:
        self.problems.append(Problem(self.file.locate(keys), message))


def length(text: str) -> int:
    """Return how long *text* is as Excel counts: in units of UTF-16, of which some letters and signs have two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _value(result: Any) -> Value:
    """Return *result* if a cell can hold it; raises TemplateRuntimeError if not."""
    if isinstance(result, Undefined):
        str(result)  # a missing last name comes back as an object that complains only when it is used
    if isinstance(result, bool | datetime) or not isinstance(result, Value):
        wrong = f"gives a {type(result).__name__}, which a cell can't hold; make it a text, a number or a date"
    elif hasattr(result, "__html__"):
        wrong = "gives HTML, which a cell shows as it is written; use 'plain' for a text, and 'label' for the name of a record"
    elif isinstance(result, str) and (found := NOT_WRITABLE.search(result)):
        wrong = f"gives a text with the character {character_name(found[0])}, which a cell can't hold"
    elif isinstance(result, int | float | Decimal) and not -LARGEST < result < LARGEST:
        wrong = "gives a number of more than 15 digits, and a spreadsheet keeps no more"
    else:
        return result
    raise TemplateRuntimeError(wrong)


def _text(result: Any) -> str:
    value = _value(result)
    return "" if value is None else str(value)


def _items(result: Any) -> list[Any]:
    """Return what each row is about; raises TemplateRuntimeError if *result* is no list of it."""
    if isinstance(result, str) or not isinstance(result, Iterable):
        raise TemplateRuntimeError(f"gives a {type(result).__name__}, not a list with an item for each row")
    return list(result)
