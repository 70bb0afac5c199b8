"""Plain data -> frozen record: every mismatch with the model becomes a problem at its location."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from reports.errors import Problem, did_you_mean
from reports.yamlfile import Keys, Plain, YamlFile
from reports.yamlsyntax import OPENING, TIGHT_DASH

Model = TypeVar("Model", bound=BaseModel)

# Our words, by pydantic's type of error (https://docs.pydantic.dev/latest/errors/validation_errors/).
_MESSAGES: Mapping[str, str] = {
    "too_short": "is empty; at least one is needed",
    "tuple_type": "a list is expected here; put a dash and a space before each item",
    "dict_type": "fields are expected here, each as 'name: value'",
    "model_type": "fields are expected here, each as 'name: value'",
    "string_type": "a text is expected here",
    "enum": "a text is expected here",
    "bool_parsing": "{input} is neither true nor false",
    "bool_type": "true or false is expected here",
    "int_parsing": "{input} is not a whole number",
    "int_parsing_size": "{input} is not a whole number",
    "int_type": "a whole number is expected here",
    "decimal_parsing": "{input} is not a number",
    "decimal_type": "a number is expected here",
    "finite_number": "{input} is not a number",
    "decimal_max_digits": "{input} has more than {max_digits} digits",
    "greater_than_equal": "{input} is too small; it starts at {ge}",
    "less_than_equal": "{input} is too large; it ends at {le}",
}


def parse(
    model: type[Model], raw: Plain, file: YamlFile, keys: Keys = (), context: Mapping[str, Any] | None = None
) -> tuple[Model | None, list[Problem]]:
    """Return *raw*, which stands in *file* at *keys*, as a *model*; or None and every problem with it.

    The *context* is what its fields have to know of the dataset.
    """
    try:
        return model.model_validate(raw, context=context), []
    except ValidationError as error:
        # A list with items is called too short only since they have problems of their own.
        errors = [details for details in error.errors(include_url=False) if details["type"] != "too_short" or not details["input"]]
        return None, [_problem(model, details, file, keys) for details in errors]


def _problem(model: type[BaseModel], details: Any, file: YamlFile, keys: Keys) -> Problem:
    path: Keys = details["loc"]
    name = str(path[-1]) if path else ""
    match details["type"]:
        case "missing":
            return Problem(file.locate((*keys, *path[:-1])), f"the field '{name}' is missing")
        case "extra_forbidden":
            known = _fields_at(model, path[:-1])
            return Problem(file.locate((*keys, *path), key=True), f"there is no field '{name}' here{did_you_mean(name, known)}")
        case "enum" if isinstance(details["input"], str):
            expected = details["ctx"]["expected"].replace("'", "").replace(" or ", ", ")
            message = f"'{details['input']}' is not one of {expected}{did_you_mean(details['input'], expected.split(', '))}"
        case "string_type" if (sign := file.source((*keys, *path))[:1]) in ("[", "{"):
            message = f"a text is expected here; {OPENING.format(sign)}"
        case "model_type" | "tuple_type" | "dict_type" if tight := _tight(details["input"]):
            message = tight
        case "value_error":
            message = str(details["ctx"]["error"])
            message = message if message.startswith(("'", "the ")) else f"'{name}' {message}"
        case kind if kind in _MESSAGES:
            text = f"'{details['input']}'" if isinstance(details["input"], str) else "this"
            message = _MESSAGES[kind].format(input=text, **details.get("ctx", {}))
            message = f"'{name}' {message}" if message.startswith(("is ", "has ")) else message
        case kind:
            raise NotImplementedError(f"no message for {kind}: {details}")
    return Problem(file.locate((*keys, *path)), message)


def _tight(given: Plain) -> str | None:
    """Return which space is missing in *given*, a text or fields where something else is expected: `id:a`, or `-id: a` for each item."""
    if isinstance(given, str) and (match := re.match(r"([\w-]+):(?=\S)", given)):
        return f"a space is missing after the colon of '{match[1]}'"
    return TIGHT_DASH if isinstance(given, dict) and any(re.match(r"-\w", name) for name in given) else None


def _fields_at(model: type[BaseModel], path: Keys) -> tuple[str, ...]:
    """Return the names of the fields of the model that stands at *path* inside *model*."""
    for key in path:
        if key in model.model_fields:
            model = model_within(model.model_fields[str(key)].annotation) or model
    return tuple(model.model_fields)


def model_within(annotation: Any) -> type[BaseModel] | None:
    """Return the model that *annotation* holds: itself, or the one inside Annotated, a tuple or a `| None`."""
    return next((part for part in annotations_in(annotation) if isinstance(part, type) and issubclass(part, BaseModel)), None)


def annotations_in(annotation: Any) -> Iterator[Any]:
    """Yield *annotation* and every annotation within it."""
    yield annotation
    for part in getattr(annotation, "__args__", ()):
        yield from annotations_in(part)
