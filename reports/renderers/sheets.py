"""View + declared sheets -> tables of typed values: what the register says, whatever format it takes.

The declaration is YAML. Every title, heading, value, link and row source in it is a Jinja expression, whose result keeps its type:
a date stays a date and a number a number.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import TemplateSyntaxError, Undefined, pass_context

from reports.documents.view import View
from reports.errors import NOT_WRITABLE, Problem, ReportsError, character_name
from reports.renderers.book import Column, SheetSpec, WorkbookSpec, read_book
from reports.renderers.environment import Templates, has_address, in_words, is_bug
from reports.yamlfile import Keys, YamlFile

# What a spreadsheet may take for a formula (https://owasp.org/www-community/attacks/CSV_Injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
# Where a text may begin a cell of a CSV file: at its own beginning, and where a spreadsheet parts the file at another character than
# our comma. LibreOffice and Excel do at semicolons in half of Europe, and Excel does not mind then that the text is in quotes.
CELL_START = re.compile(rf"(?:^|(?<=[;\t\r\n]))(?=[{re.escape(''.join(FORMULA_STARTS))}])")

LARGEST = 10**15

Value = str | int | float | Decimal | date | None


def harmless(text: str) -> str:
    """Return *text* for a CSV file: a spreadsheet runs what begins like a formula, so an apostrophe before it keeps it a text."""
    return CELL_START.sub("'", text)


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
    """All evaluated sheets; *inputs* are the files that they were made with, and their digests."""

    declaration: WorkbookSpec
    sheets: tuple[Sheet, ...]
    language: str
    inputs: Mapping[Path, str]

    @property
    def companion(self) -> Table:
        """The table that a CSV file holds."""
        return next(sheet.table for sheet in self.sheets if sheet.name == self.declaration.companion and sheet.table)


def evaluate(view: View, templates: Path, name: str) -> Book:
    """Return the sheets that *name* in the folder *templates* declares, filled from *view*.

    Raises ReportsError with the place of every expression that has no value, or one that no cell can hold.
    """
    declaration, file = read_book(templates, name)
    made = Templates(templates, view, medium="xlsx")
    evaluation = _Evaluation(file, made, {"view": view, "about": view.about})
    sheets = tuple(evaluation.sheet(sheet, ("sheets", index)) for index, sheet in enumerate(declaration.sheets))
    if evaluation.problems:
        raise ReportsError(*evaluation.problems)
    return Book(declaration, sheets, made.locale.tag, made.used | {file.path: file.digest})


class _ColumnError(Exception):
    """Ends a column at its first cell that has a problem."""


class _Evaluation:
    """The evaluation of one declaration: expressions of *file*, with *names* in reach, and what was wrong with them."""

    def __init__(self, file: YamlFile, templates: Templates, names: Mapping[str, Any]) -> None:
        self.file = file
        self.environment = templates.environment()
        self.names = names
        self.problems: list[Problem] = []

    def sheet(self, declared: SheetSpec, keys: Keys) -> Sheet:
        lines = tuple(
            (
                Cell(self._value(line.text, (*keys, "lines", index, "text")), self._link(line.link, (*keys, "lines", index, "link"))),
                line.heading,
            )
            for index, line in enumerate(declared.lines)
        )
        return Sheet(
            name=declared.name,
            title=self._text(declared.title, (*keys, "title")),
            intro=self._text(declared.intro, (*keys, "intro")) if declared.intro else "",
            lines=lines,
            table=self._table(declared, keys) if declared.rows else None,
        )

    def _table(self, declared: SheetSpec, keys: Keys) -> Table:
        headings = self._headings(declared.columns, (*keys, "columns"))
        items = self._items(declared.rows or "", (*keys, "rows"))
        columns = [self._column(column, items, declared.item, (*keys, "columns", index)) for index, column in enumerate(declared.columns)]
        widths = tuple(column.width for column in declared.columns)
        printed = sum(column.printed for column in declared.columns)
        return Table(declared.table or declared.name, headings, widths, printed, tuple(zip(*columns, strict=True)))

    def _headings(self, columns: tuple[Column, ...], keys: Keys) -> tuple[str, ...]:
        """Return the heading of each of *columns*; an empty one, or the same twice, is a problem: Excel would call the file damaged."""
        headings: list[str] = []
        for index, column in enumerate(columns):
            place, before = (*keys, index, "heading"), len(self.problems)
            heading = self._text(column.heading, place)
            if not heading and len(self.problems) == before:
                self._add(place, "gives no text; each column needs a heading")
            if heading and heading.casefold() in {one.casefold() for one in headings}:
                self._add(place, f"another column is called '{heading}' too")
            headings.append(heading)
        return tuple(headings)

    def _items(self, expression: str, keys: Keys) -> list[Any]:
        """Return what each row is about; anything but a list of it is a problem."""
        before = len(self.problems)
        rows = self._result(expression, keys)
        if isinstance(rows, Undefined):
            self._checked(rows, keys)
        elif isinstance(rows, Iterable) and not isinstance(rows, str):
            return list(rows)
        elif len(self.problems) == before:
            self._add(keys, f"gives a {type(rows).__name__}, not a list with an item for each row")
        return []

    def _column(self, column: Column, items: list[Any], item: str, keys: Keys) -> list[Cell]:
        """Return the cells of *column*, one for each of *items*."""
        values = self._results(column.value, items, item, (*keys, "value"))
        if column.link is None:
            return [Cell(value) for value in values]
        links = self._results(column.link, items, item, (*keys, "link"))
        return [Cell(value, str(link) if link else None) for value, link in zip(values, links, strict=True)]

    def _results(self, expression: str, items: list[Any], item: str, keys: Keys) -> list[Value]:
        """Return what *expression* gives with each of *items*; the first that fails ends the column, for the others would too.

        The loop runs inside one template: an expression called from here would build a context of its own for every cell.
        """
        results: list[Value] = []
        before = len(self.problems)

        # With the context, so that Jinja does not work out a constant such as '#About' once, before the loop.
        @pass_context
        def keep(_: Any, result: Any) -> None:
            results.append(self._checked(result, keys))
            if len(self.problems) > before:
                raise _ColumnError

        if self._compiled(expression, keys):
            # A filter, since the sandbox looks long at everything that a template calls.
            self.environment.filters["keep_"] = keep
            loop = f"{{% for {item} in items_ %}}{{% if ({expression}) | keep_ %}}{{% endif %}}{{% endfor %}}"
            with self._border(keys), suppress(_ColumnError):
                self.environment.from_string(loop).render(**self.names, items_=items)
        return results + [None] * (len(items) - len(results))

    def _text(self, expression: str, keys: Keys) -> str:
        value = self._value(expression, keys)
        return "" if value is None else str(value)

    def _link(self, expression: str | None, keys: Keys) -> str | None:
        return self._text(expression, keys) if expression else None

    def _value(self, expression: str, keys: Keys) -> Value:
        return self._checked(self._result(expression, keys), keys)

    def _compiled(self, expression: str, keys: Keys) -> Callable[..., Any] | None:
        with self._border(keys):
            return self.environment.compile_expression(expression, undefined_to_none=False)
        return None

    def _result(self, expression: str, keys: Keys) -> Any:
        """Return what *expression* gives; None, and a problem at *keys*, if it fails."""
        compiled = self._compiled(expression, keys)
        with self._border(keys):
            return compiled(**self.names) if compiled else None

    @contextmanager
    def _border(self, keys: Keys) -> Iterator[None]:
        """Give what goes wrong in an expression its place, *keys*."""
        try:
            yield
        except ReportsError as error:
            self.problems += error.problems
        except _ColumnError:
            raise
        except TemplateSyntaxError as error:
            self._add(keys, f"expression syntax: {error.message}")
        except Exception as error:
            if is_bug(error):
                raise
            self._add(keys, in_words(error))

    def _checked(self, result: Any, keys: Keys) -> Value:
        """Return *result* if a cell can hold it; else None, and a problem at *keys*."""
        if isinstance(result, Undefined):
            # A missing last name comes back as an object that complains only when it is used.
            with self._border(keys):
                str(result)
            return None
        if wrong := _unfit(result):
            self._add(keys, wrong)
            return None
        value: Value = result
        return value

    def _add(self, keys: Keys, message: str) -> None:
        self.problems.append(Problem(self.file.locate(keys), message))


def _unfit(result: Any) -> str | None:
    """Return why no cell can hold *result*, or None."""
    if isinstance(result, bool | datetime) or not isinstance(result, Value):
        return f"gives a {type(result).__name__}, which a cell can't hold; make it a text, a number or a date"
    if hasattr(result, "__html__"):
        return "gives HTML, which a cell shows as it is written; use 'plain' for a text, and 'label' for the name of a record"
    if isinstance(result, str) and (found := NOT_WRITABLE.search(result)):
        return f"gives a text with the character {character_name(found[0])}, which a cell can't hold"
    if isinstance(result, str) and has_address(result):
        return "gives a function or another object of the program, not what it gives; is a '()' missing?"
    # What is no number differs from itself; to ask a Decimal of the kind whether it is smaller is an error.
    if isinstance(result, int | float | Decimal) and (result != result or not -LARGEST < result < LARGEST):
        return "gives a number of more than 15 digits, and a spreadsheet keeps no more"
    return None
