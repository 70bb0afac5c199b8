"""Changes since an edition, told in another language: by today's translations, else by those that the edition kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

from pydantic import BaseModel

from reports.dataset.dataset import Dataset
from reports.editions.changes import LABELS, Change, Run, word_runs
from reports.editions.snapshot import MODELS, NO_PART, parts
from reports.translations.texts import Foreign, Key, Mark, Text, is_told, shape_of


@dataclass(frozen=True)
class ToldChange(Change):
    """A change in the reader's language, of which a text without a translation says that it is in another."""

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """The same as of any change; words that stand in a text without a translation say so too. None is kept in another language."""
        old, new = self._words(self.before), self._words(self.after)
        before, after = _language(self.before), _language(self.after)
        differ = bool(old and new) and before != after
        runs = (Run("deleted", old), Run("inserted", new)) if differ else word_runs(old, new)
        languages = {"deleted": before, "inserted": after, "kept": after}
        return tuple(Run(run.kind, Foreign(run.words, language) if (language := languages[run.kind]) else run.words) for run in runs)


def _language(value: Any) -> str:
    """Return the language that *value* says it is in, or its first text if it is a list; nothing if it is in the reader's."""
    first = next(iter(value), "") if isinstance(value, list | tuple) else value
    return first.language if isinstance(first, Foreign) else ""


class Teller:
    """The translations by which changes are told: the words of each of *catalogues*, the first that has them, and names of records."""

    def __init__(self, dataset: Dataset, catalogues: Iterable[Mapping[Key, str]]) -> None:
        self.language = dataset.about.language
        self._words: dict[Key, str] = {}
        self._told: dict[int, tuple[Change, Change]] = {}  # each change by its id(), as it is and in the language: documents share them
        for catalogue in catalogues:
            for (context, text), words in catalogue.items():
                # What is the same in a record is told the same, wherever it stands in it: of an item that is gone, nobody knows the place.
                self._words.setdefault((context.split("/")[0] if "/" in context else "", text), words)
        for record in dataset.original.records() if dataset.original else ():
            name = getattr(dataset.by_id[record.id], "name", None)
            if name and not isinstance(name, Foreign):
                self._words[Text(record.id, record.name).key] = name  # type: ignore[attr-defined]  # it has one

    def tell(self, change: Change) -> Change:
        """Return *change* in the language."""
        if id(change) not in self._told:
            self._told[id(change)] = change, self._tell(change)
        return self._told[id(change)][1]

    def _tell(self, change: Change) -> Change:
        record = MODELS[change.record_kind]
        model, mark = _field(record, change.path)
        walk = _Walk(self, change.record, record)
        own = {field.name: getattr(change, field.name) for field in fields(change)}
        told = {name: walk.told(own[name], model, mark) for name in ("before", "after")}
        shape = shape_of(record)
        label = walk.told(change.label, None, next((shape[name] for name in LABELS if name in shape), None))
        return ToldChange(**{**own, **told, "label": label, "reason": change.reason and self.words(change.record, change.reason)})

    def words(self, record: str, text: str) -> str:
        """Return *text*, which is one of *record*, in the language, or as it is, with the one that it is in."""
        key = Text(record, text).key
        return self._words.get(key) or self._words.get(("", key[1])) or Foreign(text, self.language)


def _field(model: type[BaseModel], path: Iterable[object]) -> tuple[type[BaseModel] | None, Mark | None]:
    """Return the model, and the mark, of what *path* leads to from a record of the type *model*."""
    at: type[BaseModel] | None = model
    mark: Mark | None = None
    for name in (step for step in path if isinstance(step, str)):
        # Behind the last model stand the fields for which a source gives something else than the record.
        mark = shape_of(at or model).get(name)
        at = parts(at).get(name, NO_PART).model if at else None
    return at, mark


@dataclass(frozen=True)
class _Walk:
    """A walk over a value of the record with an *id*, of the type *record*."""

    teller: Teller
    id: str
    record: type[BaseModel]

    def told(self, value: Any, model: type[BaseModel] | None, mark: Mark | None) -> Any:
        """Return *value*, which is a *model* or a text with a *mark*, in the language."""
        if isinstance(value, Mapping):
            shape = shape_of(model or self.record)
            models = parts(model) if model else {}
            return {
                name: self.told(item, models.get(name, NO_PART).model, shape[name]) if name in shape else item
                for name, item in value.items()
            }
        if isinstance(value, list | tuple):
            return [self.told(item, model, mark) for item in value]
        return self.teller.words(self.id, value) if isinstance(value, str) and is_told(value, mark) else value
