"""A walk over the texts of a record that refer to other records, or are prose, each with the keys that lead to it."""

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from reports.dataset.fields import Markdown, RefersTo
from reports.validation import annotations_in, model_within
from reports.yamlfile import Keys

Mark = RefersTo | Markdown


class MarkedText(NamedTuple):
    """One marked text of a record: *keys* lead to it from the record, *mark* is the mark of its field's type."""

    keys: Keys
    value: str
    mark: Mark


def walk(model: BaseModel, keys: Keys = ()) -> Iterator[MarkedText]:
    """Yield every text in *model*, nested ones too, that refers to records or is Markdown."""
    for name, mark in _shape(type(model)).items():
        value = getattr(model, name)
        items = [((*keys, name, index), item) for index, item in enumerate(value)] if isinstance(value, tuple) else [((*keys, name), value)]
        for place, item in items:
            if isinstance(item, BaseModel):
                yield from walk(item, place)
            elif item is not None and mark:
                yield MarkedText(place, item, mark)


@cache
def _shape(model: type[BaseModel]) -> dict[str, Mark | None]:
    """Return the fields of *model* that are marked or may hold models, with their marks."""
    shape = {name: mark_of(field) for name, field in model.model_fields.items()}
    return {name: mark for name, mark in shape.items() if mark or model_within(model.model_fields[name].annotation)}


def mark_of(field: FieldInfo) -> Mark | None:
    """Return the mark of the texts in *field*, if they refer to records or are Markdown."""
    return next((mark for mark in metadata_of(field) if isinstance(mark, Mark)), None)


def metadata_of(field: FieldInfo) -> Iterator[Any]:
    """Yield all that the type of *field*, and the types in it, are marked with."""
    yield from field.metadata
    for annotation in annotations_in(field.annotation):
        yield from getattr(annotation, "__metadata__", ())
