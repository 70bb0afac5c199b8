"""Writes those parts of authors.md that the program knows best: elements, filters, fields, keys. No part of the program: `nox -s docs`."""

import dataclasses
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from functools import partial
from inspect import Parameter, cleandoc, signature
from pathlib import Path
from types import NoneType, SimpleNamespace
from typing import Any, cast, get_args, get_type_hints

from pydantic import BaseModel

from reports.dataset import fields, model
from reports.dataset.codes import Code
from reports.documents.document import Declaration, Selection
from reports.documents.view import View
from reports.editions.changes import Change
from reports.renderers import html
from reports.renderers.declaration import Answer, Column, SheetSpec, TextLine, WorkbookSpec
from reports.renderers.environment import Templates

PAGE = Path(__file__).with_suffix(".md")
TEMPLATES = PAGE.parent.parent / "templates"
SECTION = re.compile(r"(<!-- (\w+): made by docs/authors\.py -->\n).*?(<!-- end -->)", re.DOTALL)
STARS: Mapping[object, str] = {Parameter.VAR_KEYWORD: "**", Parameter.VAR_POSITIONAL: "*"}
MACRO = re.compile(r"\{# (?P<what>[^#]+?) #\}\s+\{% macro (?P<call>\w+\((?:[^()]|\([^()]*\))*\))")
# The types of fields, by their names.
TYPES = {
    "Line": "line",
    "Locator": "line",
    "Publisher": "line",
    "Script": "language tag or script",
    "Title": "line",
    "Verbatim": "line",
    "Prose": "prose",
    "Id": "id",
    "MilestoneId": "id",
    "Address": "address",
    "Language": "language tag",
    "When": "date",
    "Day": "date",
    "Number": "number",
}
PLAIN = {bool: "yes or no", int: "whole number", str: "text", NoneType: "nothing"}
RECORDS = (
    *(
        model.About,
        model.OwnCode,
        model.Party,
        model.Matter,
        model.Watch,
        model.Topic,
        model.Period,
        model.Milestone,
        model.Framework,
        model.Comparison,
        model.Area,
        model.Activity,
        model.Operation,
    ),
    *(model.Body, model.Person, model.Office, model.Statement, model.Measure, model.Count, model.Source, model.Evidence),
)
# What the program's own words, written for whoever reads its code, don't say to an author.
WORDS = {
    "begin": "nothing to print: what follows stands in this section, for `cited_in`",
    "cite": "the marks of the sources, each once, bound to the word before them",
    "cited_in": "the sections that have cited a source or a record so far, each with its `section`, `anchor` and `locators`",
    "fit": "as many of the items, the most important first, as the `pages` of the document have room for",
    "notes": "the notes of the footnotes printed so far, each with its `id`, `mark` and `text`: see `shared/notes.html.j2`",
    "language_tag": "the language of the document, for `<html lang>`",
    "mark": "the marks of the sources, each once",
    "medium": "what is made: `pdf`, `html` or `docx`, for what only one of them has",
    "number": "a number as the language writes it",
    "program_version": "the version of this program",
    "view.abbreviations": "pairs of an abbreviation and its full form",
    "view.about": "the head of the dataset",
    "view.changes": "each [change](#changes) since an edition of a record that is shown, in the order of these, without editorial ones",
    "view.editorial": "the number of changes of wording, of order and of how records are shown",
    "view.since": "the edition that changes are counted from: its `number`, and the day on which it was `published`; none for the first",
    "view.dataset": "the whole dataset as JSON, if the document attaches it",
    "view.document": "what document.yaml says: its `name`, `title`, `outputs`; and its `id`, the name of the folder",
    "view.doubtful": "the ids of the records that are mentioned and in which confidence is low",
    "view.labels": "the short name of each record that is mentioned, by its id",
    "view.language": "the language of the document",
    "view.passages": "in another language than that of the data, the number of texts of the records that are shown",
    "view.untranslated": "those of them that stay in the language of the data: the context in the catalogue, and the words",
    "view.unmarked": "the same, without what says of a text that it is in another language: for figures and the register, where it is so",
    "view.numbers": "the number of each source that is cited, by its id; the same in every document",
}

CHANGE = {
    "record": "the id of the record; `about` for the head",
    "record_kind": "the kind of the record",
    "label": "its name, title or claim",
    "path": "the names of fields, and what identifies an item, that lead to what changed",
    "before": "the value before, as it stands in the data; none if there was none",
    "after": "the value after",
    "form": "of the value: `prose`, `references`, `date`, `code`, `text`, `item` or `record`",
    "added": "the places in sources that came with it, each with its `source` and `locator`",
    "gone": "the places that went with it",
    "reason": "why, or none",
    "replaced_by": "the id of the record in the place of a withdrawn one, or none",
    "proposed_by": "who sent it in, or none",
}


def written(page: str) -> str:
    """Return *page*, the text of authors.md, with each section between its marks as the program is now."""
    return SECTION.sub(lambda found: "\n".join((found[1], *SECTIONS[found[2]](), "", found[3])), page)


def _table(*heads: str, rows: Iterable[Iterable[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{' --- |' * len(heads)}"
    yield from (f"| {' | '.join(cell.replace('|', '&#124;') for cell in row)} |" for row in rows)


def _elements() -> Iterator[str]:
    """Yield a line for all elements that have the same attributes."""
    alike: dict[tuple[bool, tuple[str, ...]], list[str]] = {}
    for is_everywhere, elements in ((True, html.ELEMENTS), (False, html.ON_SCREEN)):
        for element, attributes in elements.items():
            alike.setdefault((is_everywhere, tuple(sorted(attributes))), []).append(element)
    rows = [
        (_codes(f"<{name}>" for name in names), _codes(attributes) or "–", "all" if is_everywhere else "web page")
        for (is_everywhere, attributes), names in alike.items()
    ]
    yield from _table("elements", "attributes of their own", "in", rows=rows)


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _first_sentence(documented: Any) -> str:
    """Return what the docstring of *documented* says first, without the stars around its arguments."""
    paragraph = " ".join(cleandoc(documented.__doc__ or "").partition("\n\n")[0].split())
    return re.sub(r"\*(\w+)\*", r"\1", paragraph.partition("; raises ")[0]).rstrip(".")


def _call(name: str, function: Callable[..., Any], skipped: int = 0) -> str:
    """Return how *function* is called by *name*, without the first *skipped* of its arguments."""
    arguments = [f"{STARS.get(argument.kind, '')}{argument.name}" for argument in list(signature(function).parameters.values())[skipped:]]
    return f"{name}({', '.join(arguments)})" if arguments or not skipped else name


def _environment() -> Any:
    return Templates(TEMPLATES, cast("View", SimpleNamespace(language="en", about=None))).environment()


def _filters() -> Iterator[str]:
    """Yield a line for each filter of the program's own."""
    partials = {name: filter_ for name, filter_ in _environment().filters.items() if isinstance(filter_, partial)}
    own = {name: filter_.args[1] for name, filter_ in partials.items() if filter_.args[0] == name}  # not Jinja's own `sort`
    named = [(name, own[name], next(iter(signature(own[name]).parameters))) for name in sorted(own)]
    rows = [(f"`{_call(name, function, 1)}`", first, _gives(name, function)) for name, function, first in named]
    yield from _table("filter", "of", "gives", rows=rows)


def _gives(name: str, documented: Any) -> str:
    """Return in words what comes of *documented*, which authors know by *name*."""
    sentence = _first_sentence(documented).removeprefix("Return ")
    return WORDS.get(name, sentence if sentence[1:2].isupper() else sentence[:1].lower() + sentence[1:])


def _globals() -> Iterator[str]:
    """Yield a line for each name that templates have beside `view`."""
    standard = {"range", "dict", "cycler", "joiner", "namespace"}
    own = {name: value for name, value in _environment().globals.items() if name not in standard}
    rows = [(f"`{_call(name, own[name]) if callable(own[name]) else name}`", _gives(name, own[name])) for name in sorted(own)]
    yield from _table("name", "gives", rows=rows)


def _macros() -> Iterator[str]:
    """Yield a line for each macro that documents share."""
    rows = [
        (f"`{path.relative_to(TEMPLATES)}`", f"`{macro['call']}`", " ".join(macro["what"].split()).rstrip("."))
        for path in sorted((TEMPLATES / "shared").glob("*.j2"))
        for macro in MACRO.finditer(path.read_text("utf-8"))
    ]
    yield from _table("in", "macro", "makes", rows=rows)


def _view() -> Iterator[str]:
    """Yield a line for each field, property and method of the view."""
    hints = get_type_hints(View, include_extras=True)
    rows = [(f"`view.{field.name}`", WORDS.get(f"view.{field.name}", _type(hints[field.name]))) for field in dataclasses.fields(View)]
    for name, member in vars(View).items():
        function = getattr(member, "fget", None) or getattr(member, "func", None)  # of a property, of a cached one
        if not name.startswith("_") and name not in hints and (function or callable(member)):
            rows.append((f"`view.{name if function else _call(name, member, 1)}`", _gives(f"view.{name}", function or member)))
    yield from _table("name", "holds", rows=rows)


def _changes() -> Iterator[str]:
    """Yield a line for each field and property of a change."""
    hints = get_type_hints(Change)
    rows = [
        (f"`{field.name}`", CHANGE[field.name] if field.name in CHANGE else _type(hints[field.name]))
        for field in dataclasses.fields(Change)
    ]
    properties = {name: getattr(member, "fget", None) or getattr(member, "func", None) for name, member in vars(Change).items()}
    rows += [(f"`{name}`", _gives(name, member)) for name, member in properties.items() if member and not name.startswith("_")]
    yield from _table("of a change", "holds", rows=rows)


def _records() -> Iterator[str]:
    """Yield a line for each kind of record, with all its fields."""
    rows = [(f"**{record.__name__.lower()}**", _first_sentence(record), _fields(record)) for record in RECORDS]
    yield from _table("record", "what it is", "fields (those in brackets may be missing)", rows=rows)


def _fields(record: type[BaseModel]) -> str:
    hints = get_type_hints(record, include_extras=True)
    told = (
        f"`{name}` {_type(hints[name])}" if field.is_required() else f"(`{name}` {_type(hints[name])})"
        for name, field in record.model_fields.items()
    )
    return "; ".join(told)


def _keys(*declarations: type[BaseModel]) -> Iterator[str]:
    """Yield a line for each key of *declarations*."""
    for declaration in declarations:
        hints = get_type_hints(declaration, include_extras=True)
        yield f"**{_first_sentence(declaration)}.**"
        yield ""
        rows = [(f"`{name}`", _type(hints[name]), _default(field)) for name, field in declaration.model_fields.items()]
        yield from _table("key", "takes", "if left out", rows=rows)
        yield ""


def _default(field: Any) -> str:
    if field.is_required():
        return "has to be there"
    plain = {"None": "none", "True": "yes", "False": "no"}  # as texts, since 0 is False
    value = field.default
    if isinstance(value, BaseModel | tuple):
        return "all records" if isinstance(value, Selection) else "none"
    return plain.get(str(value), f"`{value.value if isinstance(value, Enum) else value}`")


def _type(hint: Any) -> str:
    """Return the type *hint* in the words of authors."""
    if names := [words for name, words in TYPES.items() if getattr(fields, name) == hint]:
        return names[0]
    marks = getattr(hint, "__metadata__", ())
    if references := [mark for mark in marks if isinstance(mark, fields.RefersTo)]:
        return f"id of {' or '.join(references[0].kinds) or 'any record'}"
    if hint in PLAIN:
        return PLAIN[hint]
    if isinstance(hint, type) and issubclass(hint, Enum):
        return f"one of {_codes(choice.value for choice in hint)}"
    if isinstance(hint, type) and issubclass(hint, Code):
        return f"one of {_codes(map(str, hint.known))}, or of the dataset’s own `{hint.added}`"
    return hint.__name__.lower().removesuffix("spec") if isinstance(hint, type) and not get_args(hint) else _composite(hint)


def _composite(hint: Any) -> str:
    origin, parts = getattr(hint, "__origin__", None), get_args(hint)
    if getattr(hint, "__metadata__", ()):
        return _type(parts[0])
    if origin is tuple:
        return f"list of {_type(parts[0])}" if parts[-1] is Ellipsis else f"pair of {' and '.join(map(_type, parts))}"
    if origin in (dict, Mapping):
        return f"{_type(parts[1])} by {_type(parts[0])}"
    return " or ".join(_type(part) for part in parts if part is not NoneType)


SECTIONS: Mapping[str, Callable[[], Iterator[str]]] = {
    "elements": _elements,
    "filters": _filters,
    "globals": _globals,
    "macros": _macros,
    "view": _view,
    "changes": _changes,
    "records": _records,
    "document": partial(_keys, Declaration, Selection),
    "register": partial(_keys, WorkbookSpec, SheetSpec, TextLine, Column, Answer),
}


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")
    sys.stdout.write(f"{PAGE}\n")
