"""View + words -> .zip: the dataset as an open-data package, tables in CSV with what tells programs how to read them.

*name* is a YAML file: `readme` has a Jinja expression for each paragraph of README.md. What tables and columns hold stands among the terms.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from reports.cache import NO_CACHE, Cache
from reports.documents.view import View
from reports.errors import Problem, ReportsError
from reports.renderers import RenderedFile
from reports.renderers.csv_table import to_csv
from reports.renderers.data_package.descriptors import FALSE, TRUE, csvw, data_package, file_name
from reports.renderers.data_package.tables import Column, Table, make_tables
from reports.renderers.environment import Templates, in_words, is_bug
from reports.renderers.ooxml import pack
from reports.translations.locale import Locale
from reports.yamlfile import YamlFile


def render(view: View, templates: Path, name: str, cache: Cache = NO_CACHE) -> RenderedFile:
    """Return the package of all that *view* shows; raises ReportsError for every paragraph of the README that can't be made."""
    made = Templates(templates, view.unmarked, "zip")
    file = YamlFile(templates / name, templates)
    readme = "\n\n".join(_paragraphs(made, file)) + "\n"
    tables = {file_name(table.name): (table, _to_csv(table)) for table in make_tables(view.unmarked)}

    def describe(table: Table, column: Column | None) -> str:
        return _describe(made.locale, table, column)

    parts = {path: content for path, (_, content) in tables.items()}
    parts |= {"README.md": readme.encode(), "datapackage.json": data_package(made.view, tables, describe)}
    parts |= {"csv-metadata.json": csvw(made.view, tables, made.locale.tag, describe)}
    parts |= {"dataset.json": view.dataset.encode()} if view.dataset else {}
    return RenderedFile(pack(parts), {file.path: file.digest, **made.used})


def _paragraphs(made: Templates, file: YamlFile) -> Iterator[str]:
    """Yield the paragraphs of the README in *file*."""
    expressions: Any = file.data.get("readme") if isinstance(file.data, dict) else None
    if not isinstance(expressions, list):
        raise ReportsError(Problem(file.locate(), "paragraphs are expected here: 'readme', and below it a list of expressions"))
    environment, problems = made.environment(), []
    for place, expression in enumerate(expressions):
        try:
            if (said := environment.compile_expression(str(expression), undefined_to_none=False)(view=made.view)) is not None:
                yield str(said)
        except Exception as error:
            if is_bug(error) or isinstance(error, ReportsError):
                raise
            problems.append(Problem(file.locate(("readme", place)), in_words(error)))
    if problems:
        raise ReportsError(*problems)


def _describe(locale: Locale, table: Table, column: Column | None) -> str:
    """Return what *table*, or one of its columns, holds, in the words of *locale*."""
    if column is None:
        return locale.term(f"data_table.{table.name}")
    name, _, end = column.name.rpartition("_")
    if column.kind == "day" and name:
        return locale.term(f"package.{end}", column=name)
    own = f"data_column.{column.name}"
    return locale.term(own if own in {code.key for code in locale.codes("data_column")} else f"field.{column.name}")


def _to_csv(table: Table) -> bytes:
    """Return *table* as CSV without a mark before it: its descriptors say that it is UTF-8."""
    words = {True: TRUE, False: FALSE}
    rows = ([words[value] if isinstance(value, bool) else value for value in row] for row in table.rows)
    return to_csv(([column.name for column in table.columns], *rows), "utf-8")
