"""View + declared sheets -> tables of typed values: what the register says, whatever format it takes.

The declaration is YAML. Every title, heading, value, link and row source in it is a Jinja expression, whose result keeps its type:
a date stays a date and a number a number.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Template, TemplateRuntimeError, TemplateSyntaxError, Undefined, nodes, pass_context
from jinja2.parser import Parser

from reports.dataset.dates import Date
from reports.dataset.fields import RefersTo
from reports.dataset.model import Record
from reports.dataset.references import walk
from reports.documents.view import View
from reports.errors import NOT_WRITABLE, Problem, ReportsError, character_name
from reports.files import digest_of
from reports.renderers.declaration import LONGEST_NAME, Answer, Column, SheetSpec, WorkbookSpec, find_mistakes, find_wrong_names, length
from reports.renderers.environment import KeptCode, Templates, in_words, is_bug
from reports.validation import parse
from reports.yamlfile import Keys, YamlFile

LARGEST = 10**15  # a spreadsheet keeps 15 digits

# What a spreadsheet may take for a formula (https://owasp.org/www-community/attacks/CSV_Injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

# What makes a loop of an expression: its code is kept as long as this is the same.
LOOPS = digest_of(Path(__file__), Path(__file__).parent)

Value = str | int | float | Decimal | date | None


class Cell(NamedTuple):
    """A typed value, and the address or `#<sheet>` that it leads to, if any."""

    value: Value
    link: str | None = None


@dataclass(frozen=True)
class Question:
    """The question of a column of empty cells: the *ask* beside them, the *choices*, whether others are right too, the earliest day."""

    ask: str
    choices: tuple[str, ...] = ()
    is_free: bool = False
    since: date | None = None


@dataclass(frozen=True)
class Head:
    """The head of a column, which is declared at *place*: its *heading* and all that is the same in each of its rows."""

    place: int
    heading: str
    width: int
    is_printed: bool = True
    marked: tuple[str, ...] = ()
    question: Question | None = None


@dataclass(frozen=True)
class Table:
    """A named table: *columns*, and as many cells in each row."""

    name: str
    columns: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def headings(self) -> tuple[str, ...]:
        return tuple(column.heading for column in self.columns)

    @property
    def widths(self) -> tuple[int, ...]:
        return tuple(column.width for column in self.columns)

    @property
    def printed(self) -> int:
        """The number of columns, the first ones, that paper shows."""
        return sum(column.is_printed for column in self.columns)


@dataclass(frozen=True)
class Sheet:
    """One evaluated sheet, which is declared at *place*: *name* is what readers see, *lines* pairs each text with whether it is a heading.

    *above* are the lines above these, or above the table: the title first.
    """

    place: int
    name: str
    above: tuple[str, ...]
    lines: tuple[tuple[Cell, bool], ...]
    table: Table | None

    @property
    def title(self) -> str:
        return self.above[0]

    @property
    def head(self) -> int:
        """The row of the table's headings."""
        return len(self.above) + 1


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
        return next(sheet.table for sheet in self.declared(self.declaration.companion) if sheet.table)

    def declared(self, name: str | None) -> list[Sheet]:
        """Return the sheet that the declaration calls *name*, if it is not left out."""
        return [sheet for sheet in self.sheets if self.declaration.sheets[sheet.place].name == name]


class Relation(NamedTuple):
    """The *field* by which a record refers to another, and the *id* of that."""

    field: str
    id: str


def relations(record: Record) -> tuple[Relation, ...]:
    """Return by which fields *record* refers to which others, each once; what refers to a source is the evidence."""
    found = []
    for keys, identifier, mark in walk(record):
        fields = [key for key in keys if isinstance(key, str)]
        if isinstance(mark, RefersTo) and fields[0] != "activities":  # which are records with relations of their own
            found.append(Relation(fields[-2] if fields[-1] == "source" else fields[-1], identifier))
    return tuple(dict.fromkeys(found))


def evaluate(view: View, templates: Path, name: str, up_to_companion: bool = False, names: Mapping[str, object] = {}) -> Book:
    """Return the sheets that *name* in the folder *templates* declares, filled from *view*: all, or the last is the one for a CSV file.

    Expressions may use the view, and *names* with their values.

    Raises ReportsError with the place of every expression that has no value, or one that no cell can hold.
    """
    file = YamlFile(templates / name, templates)
    declaration, problems = parse(WorkbookSpec, file.data, file)
    if declaration:
        problems = [Problem(file.locate(keys), message) for keys, message in find_mistakes(declaration)]
    if declaration is None or problems:
        raise ReportsError(*problems)
    view = view.unmarked
    made = Templates(templates, view, medium="xlsx")
    evaluation = _Evaluation(file, made, {"view": view, "about": view.about, "relations": relations, **names})
    tabs = evaluation.tabs(declaration)
    companion = [spec.name for spec in declaration.sheets].index(declaration.companion)
    asked = companion + 1 if up_to_companion else len(declaration.sheets)
    sheets = [evaluation.sheet(index, spec, declaration.subtitle) for index, spec in enumerate(declaration.sheets[:asked])]
    if evaluation.problems:
        raise ReportsError(*dict.fromkeys(evaluation.problems))
    empty = {sheet.name for sheet in sheets if sheet.table and not sheet.table.rows} - {tabs[declaration.companion]}
    kept = tuple(_unlinked(sheet, {f"#{name}" for name in empty}) for sheet in sheets if sheet.name not in empty)
    return Book(file, declaration, kept, made.locale.tag, made.used | {file.path: file.digest})


def _unlinked(sheet: Sheet, left_out: set[str]) -> Sheet:
    """Return *sheet* without its lines that link to a sheet in *left_out*, and without such links of cells."""
    if not left_out:
        return sheet
    lines = tuple((Cell(None) if cell.link in left_out else cell, is_heading) for cell, is_heading in sheet.lines)
    rows = (tuple(Cell(cell.value) if cell.link in left_out else cell for cell in row) for row in sheet.table.rows) if sheet.table else ()
    return replace(sheet, lines=lines, table=replace(sheet.table, rows=tuple(rows)) if sheet.table else None)


class _Evaluation:
    """The evaluation of one declaration: expressions of *file*, with *names* in reach, and the *problems* of all of them."""

    def __init__(self, file: YamlFile, templates: Templates, names: Mapping[str, Any]) -> None:
        self.file = file
        self.name = file.path.relative_to(templates.folder).as_posix()
        self.environment = templates.environment()
        self.names = names
        self.problems: list[Problem] = []
        self._tabs: dict[str, str] = {}

    def tabs(self, declaration: WorkbookSpec) -> Mapping[str, str]:
        """Return the names that readers see of the sheets of *declaration*, by those that it gives them itself; links lead to them."""
        words = [
            self._result(spec.tab, ("sheets", index, "tab"), _text) if spec.tab else spec.name
            for index, spec in enumerate(declaration.sheets)
        ]
        if not self.problems:
            self.problems += [Problem(self.file.locate(keys), message) for keys, message in find_wrong_names(declaration, words, "tab")]
        if self.problems:
            raise ReportsError(*dict.fromkeys(self.problems))
        self._tabs = {spec.name: word for spec, word in zip(declaration.sheets, words, strict=True)}
        return self._tabs

    def _link(self, result: Any) -> str:
        """Return *result* as a link; one to a sheet, by the name that readers see of it."""
        link = _text(result)
        return f"#{self._tabs.get(link[1:], link[1:])}" if link.startswith("#") else link

    def sheet(self, index: int, spec: SheetSpec, subtitle: str | None) -> Sheet:
        """Return the sheet that *spec*, the declaration at *index*, gives, under its title and the *subtitle* of all."""
        keys: Keys = ("sheets", index)
        lines = []
        for number, line in enumerate(spec.lines):
            place = (*keys, "lines", number)
            link = self._result(line.link, (*place, "link"), self._link) if line.link else None
            lines.append((Cell(self._result(line.text, (*place, "text"), _value), link), line.heading))
        above = [self._result(spec.title, (*keys, "title"), _text)]
        above += [self._result(subtitle, ("subtitle",), _text)] if subtitle else []
        above += [self._result(line, (*keys, "intro", number), _text) for number, line in enumerate(spec.intro)]
        table = self._table(spec, spec.rows, keys) if spec.rows else None
        return Sheet(index, self._tabs[spec.name], tuple(above), tuple(lines), table)

    def _table(self, spec: SheetSpec, rows: str, keys: Keys) -> Table:
        names: tuple[str, ...] = (spec.item,)
        items = self._result(rows, (*keys, "rows"), _items) or []
        if spec.parts:
            parts = self._results(spec.parts, (*keys, "parts"), _items, items, names)
            items = [(item, part) for item, own in zip(items, parts, strict=True) for part in own or ()]
            names = (spec.item, spec.part)
        heads: list[Head] = []
        columns: list[list[Cell]] = []
        for index, column in enumerate(spec.columns):
            place = (*keys, "columns", index)
            heading = self._heading(column, place, [head.heading for head in heads])
            marked = self._result(column.marked, (*place, "marked"), _texts) if column.marked else ()
            question = self._question(column.answer, (*place, "answer")) if column.answer else None
            heads.append(Head(index, heading, column.width, column.printed, tuple(marked or ()), question))
            values = self._results(column.value, (*place, "value"), _value, items, names) if column.value else [None] * len(items)
            links = self._results(column.link, (*place, "link"), self._link, items, names) if column.link else [None] * len(items)
            columns.append([Cell(value, link or None) for value, link in zip(values, links, strict=True)])
        shown = [index for index, cells in enumerate(columns) if not (spec.columns[index].optional and _are_empty(cells))]
        return Table(
            spec.table_name(self._tabs[spec.name]),
            tuple(heads[index] for index in shown),
            tuple(zip(*(columns[index] for index in shown), strict=True)),
        )

    def _heading(self, column: Column, place: Keys, others: list[str]) -> str:
        heading: str | None = self._result(column.heading, (*place, "heading"), _text)
        if heading == "":
            self._add((*place, "heading"), "gives no text; each column needs a heading")
        elif heading and length(heading) > LONGEST_NAME:
            self._add((*place, "heading"), f"gives a text of {length(heading)} characters; a heading holds {LONGEST_NAME}")
        elif heading and heading.casefold() in map(str.casefold, others):  # Excel would call the file damaged
            self._add((*place, "heading"), f"another column is called '{heading}' too")
        return heading or ""

    def _question(self, answer: Answer, place: Keys) -> Question:
        ask = self._result(answer.ask, (*place, "ask"), _text) or ""
        choices = self._result(answer.choices, (*place, "choices"), _texts) if answer.choices else ()
        since = self._result(answer.since, (*place, "since"), _day) if answer.since else None
        return Question(ask, tuple(choices or ()), answer.free, since)

    def _result(self, expression: str, keys: Keys, take: Callable[[Any], Any]) -> Any:
        """Return what *take* makes of the result of *expression*; None, and a problem at *keys*, if it has none."""
        return self._results(expression, keys, take, [None], ("item_",))[0]  # `_` is a function of gettext

    def _results(self, expression: str, keys: Keys, take: Callable[[Any], Any], items: list[Any], names: tuple[str, ...]) -> list[Any]:
        """Return what *take* makes of the result of *expression* for each of *items*, which it knows by its *names*, one for each part.

        The first that fails is a problem at *keys*, and ends the list, for the others would fail too: None stands for all of them.
        """
        results: list[Any] = []
        # With the context, so that Jinja does not work out a constant such as '#About' once, before the loop.
        self.environment.filters["keep_"] = pass_context(lambda _, result: results.append(take(result)))
        try:
            self._loop(expression, keys, names).render(**self.names, items_=items)
        except ReportsError as error:
            self.problems += error.problems
        except TemplateSyntaxError as error:
            self._add(keys, f"expression syntax: {error.message}")
        except Exception as error:
            if is_bug(error):
                raise
            self._add(keys, in_words(error))
        return results + [None] * (len(items) - len(results))

    def _loop(self, expression: str, keys: Keys, names: tuple[str, ...]) -> Template:
        """Return a template that gives the value of *expression*, for each item of `items_` by its *names*, to the filter `keep_`.

        The loop runs inside one template: an expression called from here would build a context of its own for every cell. It is put
        together as a tree, since to parse the expression alone, and in the text of a loop again, takes twice the time. Its code is kept
        as that of templates is, by the place of the expression: where *keys* lead to in its file.
        """
        kept = KeptCode()
        bucket = kept.get_bucket(self.environment, f"{self.name} {keys}", None, f"{expression} {names} {LOOPS}")
        if bucket.code is None:
            bucket.code = self.environment.compile(self._tree(expression, names))
            kept.set_bucket(bucket)
        return Template.from_code(self.environment, bucket.code, self.environment.make_globals(None))

    def _tree(self, expression: str, names: tuple[str, ...]) -> nodes.Template:
        """Return the template of `_loop` as Jinja compiles it; raises TemplateSyntaxError."""
        parser = Parser(self.environment, expression, state="variable")
        value = parser.parse_expression()
        if not parser.stream.eos:
            raise TemplateSyntaxError(f"'{parser.stream.current.value}' stands behind its end", parser.stream.current.lineno)
        keep = nodes.ExprStmt(nodes.Filter(value, "keep_", [], [], None, None))
        targets = [nodes.Name(name, "store") for name in names]
        target = targets[0] if len(targets) == 1 else nodes.Tuple(targets, "store")
        loop = nodes.For(target, nodes.Name("items_", "load"), [keep], [], None, False)
        tree = nodes.Template([loop], lineno=1)
        tree.set_environment(self.environment)
        return tree

    def _add(self, keys: Keys, message: str) -> None:
        self.problems.append(Problem(self.file.locate(keys), message))


def _value(result: Any) -> Value:
    """Return *result* if a cell can hold it; raises TemplateRuntimeError if not."""
    if isinstance(result, Undefined):
        str(result)  # a missing last name comes back as an object that complains only when it is used
    if isinstance(result, Date):
        wrong = "gives a date that may be a month or a span; write '| date' for its words, '.earliest' or '.latest' for a day"
    elif isinstance(result, bool | datetime) or not isinstance(result, Value):
        wrong = f"gives a {type(result).__name__}, which a cell can't hold; make it a text, a number or a date"
    elif hasattr(result, "__html__"):
        wrong = "gives HTML, which a cell shows as it is written; use 'plain' for a text, and 'label' for the name of a record"
    elif isinstance(result, str) and (found := NOT_WRITABLE.search(result)):
        wrong = f"gives a text with the character {character_name(found[0])}, which a cell can't hold"
    elif isinstance(result, int | float | Decimal) and not -LARGEST < result < LARGEST:
        wrong = "gives a number of more than 15 digits, and a spreadsheet keeps no more"
    else:
        return str(result) if isinstance(result, str) else result  # a date in words is only that here
    raise TemplateRuntimeError(wrong)


def _text(result: Any) -> str:
    value = _value(result)
    return "" if value is None else str(value)


def _items(result: Any) -> list[Any]:
    """Return what each row is about; raises TemplateRuntimeError if *result* is no list of it."""
    if isinstance(result, str) or not isinstance(result, Iterable):
        raise TemplateRuntimeError(f"gives a {type(result).__name__}, not a list with an item for each row")
    return list(result)


def _texts(result: Any) -> list[str]:
    return [_text(item) for item in _items(result)]


def _day(result: Any) -> date:
    """Return *result* if it is a day; raises TemplateRuntimeError if not."""
    if not isinstance(value := _value(result), date):
        raise TemplateRuntimeError(f"gives a {type(result).__name__}, not a day")
    return value


def _are_empty(cells: list[Cell]) -> bool:
    """Tell whether there are *cells*, and nothing is in any of them, or the dash that says so."""
    return bool(cells) and all(cell.value in (None, "", "–") for cell in cells)
