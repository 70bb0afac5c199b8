"""Tables -> what tells programs how to read them: datapackage.json (Data Package 2) and csv-metadata.json (CSVW).

https://datapackage.org/standard/data-package/ and https://www.w3.org/TR/tabular-metadata/
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from reports.documents.view import View
from reports.files import sha256
from reports.renderers.data_package.tables import Column, Table

# The types of columns in a Data Package and in CSVW; a date in EDTF is a text to both.
TABLE_SCHEMA = {"day": "date", "number": "number", "integer": "integer", "boolean": "boolean"}
CSVW = {"day": "date", "number": "decimal", "integer": "integer", "boolean": "boolean"}
TRUE, FALSE = "true", "false"

Describe = Callable[[Table, Column | None], str]


def file_name(table: str) -> str:
    """Return the path of a *table* in the package."""
    return f"{table}.csv"


def data_package(view: View, tables: Mapping[str, tuple[Table, bytes]], describe: Describe) -> bytes:
    """Return datapackage.json: where each of *tables* lies, by its path, with the digest of its content, and what its columns hold."""
    about = view.about
    contributors = [{"title": about.publisher, "roles": ["publisher"]}]
    contributors += [{"title": about.authors, "roles": ["author"]}] if about.authors else []
    content = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": about.slug,
        "title": about.title,
        "version": str(about.edition),
        "created": view.moment.isoformat(),
        **({"homepage": about.address} if about.address else {}),
        "contributors": contributors,
        "resources": [_resource(path, table, content, describe) for path, (table, content) in tables.items()],
    }
    return _json(content)


def _resource(path: str, table: Table, content: bytes, describe: Describe) -> Mapping[str, Any]:
    leads = ((own, "" if to == table.name else to, there) for own, to, there in _leads(table))
    keys = [{"fields": own, "reference": {"resource": to, "fields": there}} for own, to, there in leads]
    return {
        "name": table.name,
        "type": "table",
        "path": path,
        "description": describe(table, None),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{sha256(content)}",
        "schema": {
            "fields": [_field(table, column, describe) for column in table.columns],
            "primaryKey": list(table.key),
            **({"foreignKeys": keys} if keys else {}),
        },
    }


def _field(table: Table, column: Column, describe: Describe) -> Mapping[str, Any]:
    constraints: dict[str, Any] = {"required": True} if column.required else {}
    constraints |= {"unique": True} if table.key == (column.name,) else {}
    constraints |= {"enum": list(column.codes)} if column.codes else {}
    return {
        "name": column.name,
        "type": TABLE_SCHEMA.get(column.kind, "string"),
        "description": describe(table, column),
        **({"trueValues": [TRUE], "falseValues": [FALSE]} if column.kind == "boolean" else {}),
        **({"constraints": constraints} if constraints else {}),
    }


def csvw(view: View, tables: Mapping[str, tuple[Table, bytes]], language: str, describe: Describe) -> bytes:
    """Return csv-metadata.json: the same of *tables* for CSV on the Web, with texts in *language*."""
    content = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": language}],
        "dc:title": view.about.title,
        "dc:publisher": view.about.publisher,
        "dc:modified": {"@value": view.about.published.text, "@type": "xsd:date"},
        "tables": [_csvw_table(path, table, describe) for path, (table, _) in tables.items()],
    }
    return _json(content)


def _csvw_table(path: str, table: Table, describe: Describe) -> Mapping[str, Any]:
    keys = [
        {"columnReference": own, "reference": {"resource": file_name(to), "columnReference": there}} for own, to, there in _leads(table)
    ]
    return {
        "url": path,
        "dc:description": describe(table, None),
        "tableSchema": {
            "columns": [_csvw_column(table, column, describe) for column in table.columns],
            "primaryKey": list(table.key),
            **({"foreignKeys": keys} if keys else {}),
        },
    }


def _csvw_column(table: Table, column: Column, describe: Describe) -> Mapping[str, Any]:
    datatype: Any = CSVW.get(column.kind, "string")
    if column.kind == "boolean":
        datatype = {"base": "boolean", "format": f"{TRUE}|{FALSE}"}
    if column.codes:
        datatype = {"base": "string", "format": "|".join(map(re.escape, column.codes))}
    return {
        "name": column.name,
        "titles": column.name,
        "dc:description": describe(table, column),
        "datatype": datatype,
        **({"required": True} if column.required else {}),
    }


def _leads(table: Table) -> Iterator[tuple[Sequence[str], str, Sequence[str]]]:
    """Yield each reference of *table*: its columns, the table that it leads to, and the columns there."""
    yield from (([column.name], column.to, ["id"]) for column in table.columns if column.to)
    yield from ((names, to, names) for names, to in table.leads)


def _json(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
