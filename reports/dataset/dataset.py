"""Every record of the dataset with the place where it was declared: look-up by kind and id, and the canonical JSON."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

from reports.dataset.fields import RefersTo
from reports.dataset.model import KINDS, About, Area, Record, Source, StrictModel, Withdrawal, kind_of, plain
from reports.dataset.prose import citations
from reports.dataset.references import walk
from reports.errors import Location, Problem
from reports.yamlfile import Keys, YamlFile, texts_in

Model = TypeVar("Model", bound=StrictModel)
Kept = TypeVar("Kept")


@dataclass(frozen=True)
class Entry:
    """One declaration (a record, or the dataset's own head) and the place in the file where it stands."""

    declared: StrictModel
    file: YamlFile
    keys: Keys

    def locate(self, *keys: str | int, within: str = "") -> Location:
        """Return the location of the field at *keys*, or of the text *within* it."""
        return self.file.locate((*self.keys, *keys), within)

    def problem(self, message: str, *keys: str | int, within: str = "") -> Problem:
        return Problem(self.locate(*keys, within=within), message)


@dataclass(frozen=True)
class Dataset:
    """All facts of one partnership; *entries* keep the order of the files, *unparsed* the ids of records that are broken.

    *published* are the ids that editions have, which never change, not even with the date that they bear. One in another language has
    the *original*, of which the canonical JSON is.
    """

    folder: Path
    entries: tuple[Entry, ...]
    unparsed: frozenset[str] = frozenset()
    published: frozenset[str] = frozenset()
    original: "Dataset | None" = None
    _remembered: dict[tuple[str, int], Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def remember(self, name: str, declared: StrictModel, make: Callable[[StrictModel], Kept]) -> Kept:
        """Return what *make* returns for *declared*, one of the entries; of each *name* once, since all documents ask for the same."""
        key = name, id(declared)
        if key not in self._remembered:
            self._remembered[key] = make(declared)
        kept: Kept = self._remembered[key]
        return kept

    def mentions(self, declared: StrictModel) -> frozenset[str]:
        """Return the ids of the records that *declared*, one of the entries, refers to or cites."""
        return self.remember("mentions", declared, lambda declared: frozenset(mentions(declared)))

    def entries_of(self, model: type[Model]) -> Iterator[tuple[Entry, Model]]:
        """Yield the entries that declare a *model*, each with the declaration, in the order of the files."""
        return ((entry, entry.declared) for entry in self.entries if isinstance(entry.declared, model))

    def all(self, model: type[Model]) -> tuple[Model, ...]:
        """Return the records that are a *model*, in the order of the files."""
        return tuple(record for _, record in self.entries_of(model))

    @cached_property
    def by_id(self) -> Mapping[str, Record]:
        return {record.id: record for record in self.records()}

    def located_records(self) -> Iterator[tuple[Entry, Keys, Record]]:
        """Yield every record, an area's activities after it, with its entry and the keys that lead to it from there."""
        for entry, record in self.entries_of(Record):
            yield entry, (), record
            for index, activity in enumerate(record.activities if isinstance(record, Area) else ()):
                yield entry, ("activities", index), activity

    def located_texts(self) -> Iterator[tuple[Entry, Keys, str]]:
        """Yield each text in the fields of the declarations, at any depth, with its entry and the keys that lead to it from there."""
        return ((entry, keys, text) for entry in self.entries for keys, text in texts_in(plain(entry.declared)))

    def records(self) -> Iterator[Record]:
        return (record for _, _, record in self.located_records())

    @cached_property
    def content(self) -> Mapping[str, Any]:
        """The whole dataset as plain data: the head, and the records by their kinds."""
        if self.original:
            return self.original.content
        content: dict[str, Any] = {"about": plain(self.about)}
        content |= {kind_of(model): [plain(record) for record in self.all(model)] for model in KINDS}
        withdrawn = {"withdrawal": [plain(withdrawal) for withdrawal in self.withdrawals]}
        return content | (withdrawn if self.withdrawals else {})

    @cached_property
    def canonical_json(self) -> str:
        """The whole dataset as JSON text that is the same for the same facts: kinds in order, keys sorted."""
        return json.dumps(self.content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"

    @cached_property
    def about(self) -> About:
        return self.all(About)[0]

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        return self.all(Source)

    @cached_property
    def withdrawals(self) -> tuple[Withdrawal, ...]:
        return self.all(Withdrawal)

    @cached_property
    def source_numbers(self) -> Mapping[str, int]:
        """The number of each source, which is the same in every document, and in every edition from its first one on."""
        return numbered((source.id for source in self.sources), {withdrawal.number for withdrawal in self.withdrawals})


def numbered(sources: Iterable[str], taken: Collection[int | None]) -> Mapping[str, int]:
    """Return a number for each of *sources*, in their order, without those that are *taken*."""
    free = (number for number in count(1) if number not in taken)
    return dict(zip(sources, free, strict=False))


def mentions(declared: StrictModel) -> Iterator[str]:
    """Yield the ids of the records that *declared* refers to in fields, or cites in prose."""
    for text in walk(declared):
        if isinstance(text.mark, RefersTo):
            yield text.value
        else:
            yield from (citation.id for citation in citations(text.value))
