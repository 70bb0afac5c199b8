"""Dataset <-> snapshot: the canonical JSON of one edition, and a folder of data made from it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined, to_jsonable_python

from reports.dataset.codes import Code
from reports.dataset.dataset import Dataset, numbered
from reports.dataset.dates import Date, parse_date
from reports.dataset.fields import Markdown, RefersTo
from reports.dataset.load import HEAD, PERIODS
from reports.dataset.model import FILES, KINDS, WITHDRAWN, About, Milestone, Period, Record, Source, kind_of
from reports.dataset.references import mark_of
from reports.files import write_whole
from reports.validation import annotations_in, model_within
from reports.yamlfile import Keys, to_yaml

Plain = Mapping[str, Any]
ABOUT = "about"  # the kind, and the id, of the dataset's head among the records


class Part(NamedTuple):
    """A field as declared: the *model* of what it holds, its *mark*, the value that it has if left out, each None if there is none.

    *form* says what its value is: "prose", the "references" of records, a "date", a "code" of an enumeration, or else a "text".
    """

    model: type[BaseModel] | None
    mark: RefersTo | Markdown | None
    default: Any
    form: str


NO_PART = Part(None, None, None, "text")


class RecordId(NamedTuple):
    """The kind and the id of a record; those of the head are ABOUT."""

    kind: str
    id: str


@dataclass(frozen=True)
class Snapshot:
    """The *content* of a dataset at one time, as its canonical JSON holds it."""

    content: Plain

    @property
    def edition(self) -> int:
        """The number of the edition that it is, or that is being written."""
        return int(self.content[ABOUT]["edition"])

    @cached_property
    def records(self) -> Mapping[RecordId, Plain]:
        """Every record: the head, then kind by kind; those that stand in another one come after it, and name it."""
        return dict(self._records())

    def _records(self) -> Iterator[tuple[RecordId, Plain]]:
        yield RecordId(ABOUT, ABOUT), self.content[ABOUT]
        for kind, nested in NESTED.items():
            for record in self.content.get(kind, ()):
                yield RecordId(kind, record["id"]), {name: value for name, value in record.items() if name not in nested}
                for name, inner in nested.items():
                    yield from ((RecordId(kind_of(inner), item["id"]), {**item, kind: record["id"]}) for item in record.get(name, ()))

    @cached_property
    def source_numbers(self) -> Mapping[str, int]:
        """The number of each source, as Dataset.source_numbers has it."""
        taken = {withdrawal.get("number") for withdrawal in self.withdrawals.values()}
        return numbered((source["id"] for source in self.content.get(kind_of(Source), ())), taken)

    @cached_property
    def withdrawals(self) -> Mapping[str, Plain]:
        """Each withdrawal, by the id of the record."""
        return {withdrawal["id"]: withdrawal for withdrawal in self.content.get("withdrawal", ())}


def snapshot_of(dataset: Dataset) -> Snapshot:
    """Return what *dataset* holds now."""
    return Snapshot(dataset.content)


def write_folder(content: Plain, folder: Path) -> None:
    """Write *content* as a *folder* of data, from which the same dataset is loaded; raises ReportsError as write_whole does."""
    lists = {name: kind_of(model) for name, model in FILES.items()} | {WITHDRAWN: "withdrawal"}
    files = {HEAD: content[ABOUT]} | {name: content[kind] for name, kind in lists.items() if kind in content}
    for index, raw in enumerate(content[kind_of(Period)]):
        # Of an older program's period only its stretch is needed: what else is wrong with it, whoever loads the folder says.
        stretch: dict[str, Any] = {name: parse_date(raw[name]) if name in raw else None for name in ("start", "end")}
        period = Period.model_construct(**stretch)
        milestones = [milestone for milestone in content[kind_of(Milestone)] if period.covers(parse_date(milestone["date"]))]
        # Records keep the order of the names of their files.
        files[f"{PERIODS}/{index:04}-{raw['id']}.yaml"] = {**raw, "milestones": milestones}
    for name, data in files.items():
        write_whole(folder / name, to_yaml(data).encode(), lasting=False)


@cache
def parts(model: type[BaseModel]) -> Mapping[str, Part]:
    """Return the fields of *model*, as it declares them."""
    return {
        name: Part(model_within(field.annotation), mark_of(field), _plain(field.get_default()), _form(field))
        for name, field in model.model_fields.items()
    }


def part_at(kind: str, path: str) -> Part:
    """Return the declaration of the field that *path* leads to in records of the *kind*: "date", "matters.2.stands"."""
    part, model = NO_PART, MODELS.get(kind)
    for name in (step for step in path.split(".") if not step.isdecimal()):
        part = parts(model).get(name, NO_PART) if model else NO_PART
        model = part.model
    return part


def value_at(kind: str, record: Plain, path: str) -> Any:
    """Return what *path* leads to in *record*, which is of the *kind*; if it is left out, what stands for that."""
    value: Any = record
    for step in steps(path):
        if isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            value = value.get(step) if isinstance(value, Mapping) else None
    return part_at(kind, path).default if value is None and record else value


def steps(path: str) -> Keys:
    """Return the names, and the numbers of items, that *path* consists of."""
    return tuple(int(step) if step.isdecimal() else step for step in path.split("."))


def _form(field: FieldInfo) -> str:
    if mark := mark_of(field):
        return "prose" if isinstance(mark, Markdown) else "references"
    names = {Date: "date", StrEnum: "code", Code: "code"}
    types = [annotation for annotation in annotations_in(field.annotation) if isinstance(annotation, type)]
    return next((name for known, name in names.items() if any(issubclass(annotation, known) for annotation in types)), "text")


def _plain(default: Any) -> Any:
    """Return the *default* of a field as JSON has it; None for an empty one, and for that of a field that has to be there."""
    return None if default is PydanticUndefined or default in ((), {}) else to_jsonable_python(default)


def outer_kind(kind: str) -> str:
    """Return the kind of the records in which those of *kind* stand; *kind* itself, if they stand by themselves."""
    return next((outer for outer, nested in NESTED.items() if kind in map(kind_of, nested.values())), kind)


def _records_in(model: type[BaseModel]) -> Mapping[str, type[Record]]:
    """Return the fields of *model* that hold records, with their models."""
    return {name: part.model for name, part in parts(model).items() if part.model and issubclass(part.model, Record)}


# The fields that hold records, by the kind of the records that have them; and the model of each kind.
NESTED: Mapping[str, Mapping[str, type[Record]]] = {kind_of(model): _records_in(model) for model in KINDS}
MODELS: Mapping[str, type[BaseModel]] = {
    ABOUT: About,
    **{kind_of(model): model for model in (*KINDS, *(inner for nested in NESTED.values() for inner in nested.values()))},
}
