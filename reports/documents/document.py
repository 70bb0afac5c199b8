"""templates/<document>/document.yaml -> Document: what one publication is called, shows, and is made of."""

import re
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import Field

from reports.dataset.model import Declared, Line
from reports.errors import Location, Problem, ReportsError, did_you_mean
from reports.parse import parse
from reports.text import NOT_TEXT
from reports.yamlfile import YamlFile

FILE = "document.yaml"

# A name without a path that every system takes; some keep a character for themselves, all keep it short.
PLAIN_NAME = re.compile(r'(?!\.)[^\n\t/\\:*?"<>|]{1,120}')


class Choice(StrEnum):
    """How many records of a kind a document shows; *key* takes the ones that are marked as key."""

    ALL = "all"
    KEY = "key"
    NONE = "none"


class Selection(Declared):
    """Which records a document shows; an edit of any other record leaves the document as it is."""

    milestones: Choice = Choice.ALL
    frameworks: Choice = Choice.ALL
    areas: Choice = Choice.ALL
    operations: Choice = Choice.ALL
    bodies: Choice = Choice.ALL
    people: Choice = Choice.ALL
    statements: Choice = Choice.ALL
    measures: Choice = Choice.ALL
    abbreviations: Choice = Choice.ALL


class Declaration(Declared):
    """What document.yaml says: *outputs* maps each file to the template that it is made from.

    *pages* is a promise: a PDF with more or fewer is refused.
    """

    name: Line
    title: Line | None = None
    records: Selection = Selection()
    attach_dataset: bool = False
    pages: int | None = Field(default=None, ge=1)
    outputs: Annotated[dict[str, Line], Field(min_length=1)]


class Document(Declaration):
    """One publication: its declaration, and the *id* that is its folder's name."""

    id: str


def load_documents(templates: Path, names: Sequence[str] = ()) -> tuple[Document, ...]:
    """Return the documents declared in the folder *templates*, only the ones with *names* if there are any.

    Raises ReportsError with every problem of the declarations, or with every name that no document has.
    """
    if not templates.is_dir():
        raise ReportsError(Problem(Location(templates), "there is no such folder of templates"))
    files = {path.parent.name: path for path in sorted(templates.glob(f"*/{FILE}"))}
    if not files:
        raise ReportsError(Problem(Location(templates), f"holds no document: no folder in it has a {FILE}"))
    unknown = [
        Problem(Location(templates), f"there is no document '{name}'{did_you_mean(name, files)}; there are: {', '.join(files)}")
        for name in names
        if name not in files
    ]
    if unknown:
        raise ReportsError(*unknown)
    problems: list[Problem] = []
    documents: list[Document] = []
    for name in dict.fromkeys(names) or files:
        try:
            documents.append(_load(files[name], templates))
        except ReportsError as error:
            problems += error.problems
    if problems:
        raise ReportsError(*problems)
    return tuple(documents)


def _load(path: Path, templates: Path) -> Document:
    file = YamlFile(path, templates)
    declaration, problems = parse(Declaration, file.data, file)
    if declaration is None:
        raise ReportsError(*problems)
    if not _is_plain(path.parent.name):
        problems.append(Problem(Location(path.parent), f"'{path.parent.name}' is not a plain name for a folder"))
    for output in declaration.outputs:
        if not _is_plain(output):
            problems.append(Problem(file.locate(("outputs", output), key=True), f"'{output}' is not a plain file name"))
    if problems:
        raise ReportsError(*problems)
    return Document(id=path.parent.name, **dict(declaration))


def _is_plain(name: str) -> bool:
    return bool(PLAIN_NAME.fullmatch(name)) and not NOT_TEXT.search(name)
