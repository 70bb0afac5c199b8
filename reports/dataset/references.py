"""A walk over the texts of a record: each with the keys that lead to it and the marks of its type."""

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from pydantic import BaseModel

from reports.dataset.model import Markdown, RefersTo
from reports.yamlfile import Keys

Mark = RefersTo | Markdown


class Text(NamedTuple):
    """One marked text of a record: *keys* lead to it from the record, *mark* says what it holds."""

    keys: Keys
    value: str
    mark: Mark


def walk(model: BaseModel, keys: Keys = ()) -> Iterator[Text]:
    """Yield every text in *model*, nested ones too, that refers to records or is Markdown."""
    for name, mark in _shape(type(model)).items():
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            yield from walk(value, (*keys, name))
        elif isinstance(value, tuple):
            for index, item in enumerate(value):
                if isinstance(item, BaseModel):
                    yield from walk(item, (*keys, name, index))
                elif mark:
                    yield Text((*keys, name, index), item, mark)
        elif value is not None and mark:
            yield Text((*keys, name), value, mark)


@cache
def _shape(model: type[BaseModel]) -> dict[str, Mark | None]:
    """Return the fields of *model* that are marked or may hold models, with their marks."""
    shape = {}
    for name, field in model.model_fields.items():
        mark = next((one for one in (*field.metadata, *_metadata(field.annotation)) if isinstance(one, Mark)), None)
        if mark or _holds_model(field.annotation):
            shape[name] = mark
    return shape


def _metadata(annotation: Any) -> Iterator[Any]:
    yield from getattr(annotation, "__metadata__", ())
    for part in getattr(annotation, "__args__", ()):
        yield from _metadata(part)


def _holds_model(annotation: Any) -> bool:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return True
    return any(_holds_model(part) for part in getattr(annotation, "__args__", ()))
