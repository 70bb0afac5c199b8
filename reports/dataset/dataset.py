"""The dataset: every record, where it was declared, and how to find it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from reports.dataset.model import (
    Abbreviation,
    About,
    Area,
    Body,
    Framework,
    Measure,
    Milestone,
    Operation,
    Period,
    Person,
    Record,
    Source,
    Statement,
    StrictModel,
    plain,
)
from reports.errors import Location, Problem
from reports.yamlfile import Keys, YamlFile

AnyRecord = TypeVar("AnyRecord", bound=Record)

KINDS: tuple[type[Record], ...] = (
    Source,
    Period,
    Milestone,
    Framework,
    Area,
    Operation,
    Body,
    Person,
    Statement,
    Measure,
    Abbreviation,
)


@dataclass(frozen=True)
class Entry:
    """One declaration (a record, or the dataset's own head) and the place in the file where it stands."""

    declared: StrictModel
    file: YamlFile
    keys: Keys

    def locate(self, *keys: str | int, within: str = "") -> Location:
        """Return the place of the field at *keys*, or of the text *within* it."""
        return self.file.locate((*self.keys, *keys), within)

    def problem(self, message: str, *keys: str | int, within: str = "") -> Problem:
        return Problem(self.locate(*keys, within=within), message)


@dataclass(frozen=True)
class Dataset:
    """All facts of one partnership; *entries* keep the order of the files, *unparsed* the ids of records that are broken."""

    folder: Path
    entries: tuple[Entry, ...]
    unparsed: frozenset[str] = frozenset()

    def all(self, model: type[AnyRecord]) -> tuple[AnyRecord, ...]:
        """Return the records that are a *model*, in the order of the files."""
        return tuple(entry.declared for entry in self.entries if isinstance(entry.declared, model))

    @cached_property
    def by_id(self) -> Mapping[str, Record]:
        return {record.id: record for record in self.records()}

    def records(self) -> Iterator[Record]:
        """Yield every record, an area's activities after it."""
        for entry in self.entries:
            if isinstance(entry.declared, Record):
                yield entry.declared
            if isinstance(entry.declared, Area):
                yield from entry.declared.activities

    def canonical_json(self) -> str:
        """Return the whole dataset as JSON text that is the same for the same facts: kinds in order, keys sorted."""
        content: dict[str, Any] = {"about": plain(self.about)}
        for model in KINDS:
            content[model.__name__.lower()] = [plain(record) for record in self.all(model)]
        return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"

    @cached_property
    def about(self) -> About:
        return next(entry.declared for entry in self.entries if isinstance(entry.declared, About))

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        return self.all(Source)
