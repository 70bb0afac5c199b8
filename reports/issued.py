"""The issued files that can come back, read back: what each cell and each control in them holds, and of which record and field it is."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from reports.dataset.dataset import Dataset
from reports.documents.document import Document
from reports.editions.issued import shortened
from reports.files import MOST_DIGESTED, read_bytes
from reports.readers import read
from reports.readers.content import Block
from reports.translations.locale import Locale
from reports.translations.translation import languages_of
from reports.yamlfile import YamlFile

# The expression of a column that says one field: `milestone.title`, `milestone.text | plain`, or the word for a code,
# `term("kind." ~ milestone.kind)`; perhaps with a word for none: `framework.step or "none"`.
PATH = r"(?P<path>[a-z_]+(?:\.[a-z_]+)+)"
NONE = r'(?: or "[^"]*"| if .* else (?:none|"[^"]*"|term\([^()]*\)))?'
FIELD = re.compile(rf"{PATH}(?: \| (?P<form>\w+))?{NONE}", re.DOTALL)
CODE = re.compile(rf'term\("(?P<form>\w+)\." ~ {PATH}\){NONE}', re.DOTALL)
TERM = re.compile(r'term\("([\w.]+)"\)')
REFERENCE = re.compile(r"(?P<number>view\.numbers\[)?(?P<subject>\w[\w.]*)\.id\]?")  # of the first column: an id, or a source's number


def issued(out: Path, templates: Path, documents: Sequence[Document], dataset: Dataset) -> Mapping[str, Any]:
    """Return what the files of *documents* in the folder *out* say, by their paths, with the numbers of the sources.

    A workbook, or a table, has its sheets; each of these its *columns*, with the path of the field and the form that it is written in
    where the column says one field, and its *rows*, with the record that each is of and the values as they were issued. A Word document
    has the text of each of its controls. Sheets in other languages are shortened. Raises ReportsError if a file can't be read back.
    """
    outputs = {
        name: template
        for document in documents
        for name, template in document.outputs.items()
        if name not in document.changes or name.endswith(".docx")  # the others hold no record that one could correct
    }
    files: dict[str, Any] = {}
    for language in languages_of(dataset):
        locale = Locale(templates, language)
        for name, template in outputs.items():
            path = out / language / name
            if name.endswith((".xlsx", ".csv")):
                declaration = YamlFile(templates / template, templates).data
                files[f"{language}/{name}"] = {"sheets": dict(_sheets(path, declaration, locale, dataset))}
            elif name.endswith(".docx"):
                from reports.readers.word import controls  # which needs a package that only the audit needs

                files[f"{language}/{name}"] = {"controls": controls(read_bytes(path, out, MOST_DIGESTED))}
    return {"edition": dataset.about.edition, "sources": dataset.source_numbers, "files": shortened(files, dataset.about.language)}


def _sheets(path: Path, declaration: Any, locale: Locale, dataset: Dataset) -> Iterator[tuple[str, Any]]:
    blocks = read(path).blocks
    for sheet in declaration["sheets"]:
        is_table = path.suffix == ".csv" and sheet["name"] == declaration["companion"]
        name = _words(sheet["tab"], locale) if "tab" in sheet else sheet["name"]
        rows = blocks if is_table else [block for block in blocks if block.table == name]
        if rows and "columns" in sheet:
            yield name, _table(rows, sheet["columns"], locale, dataset)


def _table(rows: Sequence[Block], columns: Sequence[Any], locale: Locale, dataset: Dataset) -> Mapping[str, Any]:
    """Return the columns and the rows of a table, whose headings stand in the first of *rows* that begins with the first of them."""
    expressions = {_words(column["heading"], locale): column.get("value", "") for column in columns}
    first, key = next(iter(expressions.items()))
    start = next(index for index, row in enumerate(rows) if row.cells[0] == first)
    reference = REFERENCE.fullmatch(key)
    subject = reference["subject"] if reference else ""
    headings = [heading for heading in rows[start].cells if heading]
    by_number = {str(number): source for source, number in dataset.source_numbers.items()} if reference and reference["number"] else {}
    known = dataset.by_id if ".id" in key else {}
    found = [(by_number.get(row.cells[0], row.cells[0]), row) for row in rows[start + 1 :]]
    return {
        "columns": [{"heading": heading, **_field(expressions.get(heading, ""), subject)} for heading in headings],
        "rows": [
            {"record": record if record in known else None, "where": row.where, "values": row.cells[: len(headings)]}
            for record, row in found
        ],
    }


def _words(expression: str, locale: Locale) -> str:
    """Return the words of a heading or a tab, which is a term or a text in quotes."""
    term = TERM.fullmatch(expression)
    return locale.term(term[1]) if term else expression.strip("'\"")


def _field(expression: str, subject: str) -> Mapping[str, str]:
    """Return the path from the record, which the expression calls *subject*, to the field that *expression* says, and in what form."""
    match = FIELD.fullmatch(expression.strip()) or CODE.fullmatch(expression.strip())
    return {"field": match["path"].removeprefix(f"{subject}."), "form": match["form"] or ""} if match else {}
