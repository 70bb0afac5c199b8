"""data/ and the declarations in templates/ -> the files to make, each with the digest of what it shows.

A plan is kept in the cache by the digest of all that it was read from: if nothing has changed, no YAML is read.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from reports.cache import Cache
from reports.errors import Location, Problem, ReportsError, did_you_mean
from reports.manifest import digest_of_files
from reports.renderers import RENDERERS

if TYPE_CHECKING:  # they import pydantic, which takes longer than to see that nothing has changed
    from reports.dataset.dataset import Dataset
    from reports.documents.document import Document
    from reports.documents.view import View

CACHE = ".cache"


@dataclass(frozen=True)
class Folders:
    """Where the facts, the templates and the finished files are."""

    data: Path
    templates: Path
    out: Path

    @property
    def cache(self) -> Path:
        """Where what can be made again is kept: figures, cut fonts, plans."""
        return self.out / CACHE


@dataclass(frozen=True)
class Planned:
    """One file to make: *document* in *language*, from *template*, at *path* below the output folder; *view* is the digest of its view."""

    document: str
    language: str
    template: str
    path: str
    view: str

    @property
    def suffix(self) -> str:
        return Path(self.path).suffix


class Change(NamedTuple):
    """What has changed between two views: the ids of records, and whether it can be told at all."""

    ids: tuple[str, ...]
    known: bool


class Loaded:
    """The dataset and the documents of *folders*, read when they are first needed; a view is made once for each document."""

    def __init__(self, folders: Folders, names: Sequence[str] = ()) -> None:
        self.folders = folders
        self.names = names
        self._views: dict[tuple[str, str], View] = {}

    @cached_property
    def parts(self) -> tuple[tuple["Document", ...], "Dataset"]:
        """The documents and the dataset; raises ReportsError with the problems of both."""
        from reports.dataset.load import load_dataset
        from reports.documents.document import load_documents

        problems: list[Problem] = []
        try:
            documents = load_documents(self.folders.templates, self.names)
        except ReportsError as error:
            problems += error.problems
        try:
            dataset = load_dataset(self.folders.data)
        except ReportsError as error:
            problems += error.problems
        if problems:
            raise ReportsError(*problems)
        return documents, dataset

    def view(self, document: str, language: str) -> "View":
        """Return what the document of that id shows in *language*."""
        from reports.documents.view import make_view

        if (document, language) not in self._views:
            documents, dataset = self.parts
            (declared,) = (one for one in documents if one.id == document)
            self._views[document, language] = make_view(dataset, declared, language)
        return self._views[document, language]


def read_plan(loaded: Loaded, cache: Cache, tools: Mapping[str, str]) -> tuple[Planned, ...]:
    """Return every file of the documents, in their order; raises ReportsError with every problem of data and declarations."""
    folders = loaded.folders
    data = digest_of_files(folders.data, sorted(folders.data.rglob("*.yaml")))
    declared = digest_of_files(folders.templates, sorted(folders.templates.glob("*/document.yaml")))
    key = json.dumps(["plan", data, declared, loaded.names, dict(tools)])
    rows = json.loads(cache.keep(key.encode(), lambda: _plan(loaded, cache)))
    return tuple(Planned(**row) for row in rows)


def _plan(loaded: Loaded, cache: Cache) -> bytes:
    documents, dataset = loaded.parts
    language = dataset.about.language
    check_outputs(documents, language)
    rows = []
    for document in documents:
        view = loaded.view(document.id, language)
        cache.keep(_records_key(view.digest), lambda view=view: json.dumps(view.record_digests).encode())  # type: ignore[misc]
        for name, template in document.outputs.items():
            rows.append(asdict(Planned(document.id, language, template, f"{language}/{name}", view.digest)))
    return json.dumps(rows).encode()


def check_outputs(documents: Collection["Document"], language: str) -> None:
    """Raise ReportsError if nothing here makes files of such a kind, or if two documents would make the same file."""
    problems: list[Problem] = []
    owners: dict[str, str] = {}
    for document in documents:
        place = Location(Path(document.id, "document.yaml"))
        for name in document.outputs:
            suffix = Path(name).suffix
            if suffix not in RENDERERS:
                problems.append(Problem(place, f"nothing makes files like '{name}'{did_you_mean(suffix, RENDERERS)}"))
            elif name in owners:
                message = f"is made by two documents, '{owners[name]}' and '{document.id}'"
                problems.append(Problem(Location(Path(language, name)), message))
            owners[name] = document.id
    if problems:
        raise ReportsError(*problems)


def changed_records(before: str, now: str, cache: Cache) -> Change:
    """Return what differs between the views with the digests *before* and *now*, as far as the cache remembers them."""
    old, new = (cache.get(_records_key(view)) for view in (before, now))
    if old is None or new is None:
        return Change((), known=False)
    older, newer = json.loads(old), json.loads(new)
    return Change(tuple(key for key in {**newer, **older} if older.get(key) != newer.get(key)), known=True)


def _records_key(view: str) -> bytes:
    return f"records of {view}".encode()
