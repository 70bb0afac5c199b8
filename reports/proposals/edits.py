"""Changes of records -> the new text of each file of data: edits at the places of the values, and all else as it is."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any

from reports.dataset.dataset import Dataset
from reports.dataset.dates import Date, parse_date
from reports.dataset.model import WITHDRAWN, About, Evidence, Fact, Milestone, Period, Source, StrictModel, Withdrawal
from reports.editions.editions import Edition
from reports.editions.snapshot import ABOUT, steps
from reports.yamledit import Append, Edit, Put, Remove, edited
from reports.yamlfile import Keys, Plain, YamlFile
from reports.yamlscalar import scalar

WITHDRAWN_HEAD = "# yaml-language-server: $schema=schemas/withdrawn.json\n"
LAST = ("reading", "evidence")  # fields of every fact, which its model has first

Fields = dict[str, Plain]


@dataclass
class RecordChange:
    """The new values of *fields* of one record, by their paths, None for none; *evidence* is for them, and *reasons* join its reading."""

    fields: dict[str, Plain | None] = field(default_factory=dict)
    evidence: list[Fields] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)


@dataclass
class DatasetEdits:
    """Edits of the files of *dataset*, whose ids and numbers are free of those of its *editions*.

    *changed* are the changes of records by their ids, *removed* why each of those is withdrawn, *added* the fields of new milestones,
    *sources* those of new sources.
    """

    dataset: Dataset
    editions: Sequence[Edition]
    changed: dict[str, RecordChange] = field(default_factory=lambda: defaultdict(RecordChange))
    removed: dict[str, str] = field(default_factory=dict)
    added: list[Fields] = field(default_factory=list)
    sources: list[Fields] = field(default_factory=list)
    _edits: dict[YamlFile, list[Edit]] = field(default_factory=lambda: defaultdict(list))

    def contents(self) -> Mapping[Path, bytes]:
        """Return the new content of each file that is edited, by its path; raises ReportsError if one was saved since it was read."""
        for identifier, change in self.changed.items():
            self._change(identifier, change)
        for identifier in self.removed:
            file, keys, _ = self.places[identifier]
            self._edits[file].append(Remove(keys))
        for milestone in self.added:
            self._add(milestone)
        file = next(entry.file for entry, _ in self.dataset.entries_of(Source))
        self._edits[file] += [Append((), source) for source in self.sources]
        withdrawn = {self.dataset.folder / WITHDRAWN: self._withdrawn()} if self.removed else {}
        return {file.path: edited(file, edits) for file, edits in self._edits.items() if edits} | withdrawn

    def period_file(self, date: Date) -> YamlFile | None:
        """Return the file of the period that covers *date*; None if none does."""
        return next((entry.file for entry, period in self.dataset.entries_of(Period) if period.covers(date)), None)

    @cached_property
    def places(self) -> Mapping[str, tuple[YamlFile, Keys, StrictModel]]:
        """The file, the keys in it, and the record itself, of each record by its id; the head of the dataset is ABOUT."""
        (head,) = ((entry.file, entry.keys, about) for entry, about in self.dataset.entries_of(About))
        located = self.dataset.located_records()
        return {ABOUT: head, **{record.id: (entry.file, (*entry.keys, *keys), record) for entry, keys, record in located}}

    def _change(self, identifier: str, change: RecordChange) -> None:
        file, keys, record = self.places[identifier]
        fields = dict(change.fields)
        if change.reasons and isinstance(record, Fact):
            fields["reading"] = " ".join(filter(None, (record.reading, *change.reasons)))
        date = fields.get("date")
        if isinstance(record, Milestone) and isinstance(date, str) and self.period_file(parse_date(date)) is not file:
            self._edits[file].append(Remove(keys))
            whole = {**_plain_at(file, keys), **fields}
            evidence = [*whole["evidence"], *change.evidence]
            self._add({name: value for name, value in {**whole, "evidence": evidence}.items() if value is not None})
            return
        order, edits = _order(type(record)), self._edits[file]
        places = {(*keys, *steps(path)): value for path, value in fields.items()}
        edits += [Remove(place) if value is None else Put(place, value, order) for place, value in places.items()]
        edits += [Append((*keys, "evidence"), item) for item in change.evidence]
        if isinstance(record, Fact):
            edits += self._settled(record.evidence, keys, fields)

    def _settled(self, evidence: Iterable[Evidence], keys: Keys, fields: Mapping[str, Plain | None]) -> list[Edit]:
        """Return the edits of evidence that gave what the record says itself now."""
        found: list[Edit] = []
        for index, item in enumerate(evidence):
            settled = [name for name, value in item.gives.items() if fields.get(name) == value]
            place = (*keys, "evidence", index, "gives")
            found += [Remove(place)] if settled and len(settled) == len(item.gives) else [Remove((*place, name)) for name in settled]
        return found

    def _add(self, milestone: Fields) -> None:
        """Put *milestone* into the file of the period that covers its date, before the first one that is later."""
        date = parse_date(str(milestone["date"]))
        file = self.period_file(date)
        assert file
        later = (
            entry.keys[-1] for entry, other in self.dataset.entries_of(Milestone) if entry.file is file and other.date.order > date.order
        )
        before = next(later, None)
        fields = {name: milestone[name] for name in _order(Milestone) if milestone.get(name)}
        self._edits[file].append(Append(("milestones",), fields, before if isinstance(before, int) else None))

    def free_id(self, date: str) -> str:
        """Return the next id of the year of *date* that no record has, or had in an edition; it is taken then."""
        when = parse_date(date)
        day = when.earliest or when.latest
        assert day
        found = next(name for number in count(1) if (name := f"M{day.year:04}-{number}") not in self._taken)
        self._taken.add(found)
        return found

    @cached_property
    def _taken(self) -> set[str]:
        published = {name.id for edition in self.editions for name in edition.snapshot.records}
        return published | {withdrawal.id for withdrawal in self.dataset.withdrawals} | set(self.dataset.by_id)

    def _withdrawn(self) -> bytes:
        """Return the content of the file of what is withdrawn, with what is removed."""
        items = [self._withdrawal(identifier, why) for identifier, why in self.removed.items()]
        for entry, _ in self.dataset.entries_of(Withdrawal):
            return edited(entry.file, [Append((), {**item}) for item in items])
        entries = ("\n  ".join(f"{name}: {scalar(text, 4)}" for name, text in item.items()) for item in items)
        return "".join((WITHDRAWN_HEAD, *(f"- {entry}\n" for entry in entries))).encode()

    def _withdrawal(self, identifier: str, why: str) -> dict[str, str]:
        """Return the fields of the withdrawal of a record; a source leaves its number behind."""
        number = self.dataset.source_numbers.get(identifier)
        fields = {"id": identifier, "edition": str(self.dataset.about.edition), "reason": why}
        return fields | ({"number": str(number)} if number else {})


def _order(model: type[StrictModel]) -> tuple[str, ...]:
    """Return the fields of a *model* in the order in which records have them in a file: why we believe them comes last."""
    return *(name for name in model.model_fields if name not in LAST), *(name for name in LAST if name in model.model_fields)


def _plain_at(file: YamlFile, keys: Keys) -> dict[str, Any]:
    """Return the fields that stand in *file* at *keys*."""
    value: Any = file.data
    for key in keys:
        value = value[key]
    return dict(value)
