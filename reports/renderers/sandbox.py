"""The sandbox in which templates run: what they may touch, and how they call what is ours.

It keeps them from files, from the network and from code. It does not count their steps: whoever writes a template can keep this
computer busy, as with a style sheet, and Ctrl-C ends it. Single operations that a number makes as long as one likes are refused:
powers, repetitions, widths. What takes all memory step by step ends where the system ends it.
"""

from collections.abc import Iterator, Sequence, Set
from datetime import date
from functools import cache, update_wrapper
from inspect import BoundArguments, Parameter, Signature, signature
from types import FunctionType, MethodType
from typing import Any, get_args, get_origin, get_type_hints

from jinja2 import TemplateRuntimeError, Undefined
from jinja2.sandbox import MAX_RANGE, ImmutableSandboxedEnvironment
from markupsafe import Markup
from pydantic import BaseModel

import reports
from reports.renderers import bounds

MOST_BITS = 10_000  # of a number
PACKAGE = f"{reports.__name__}."
# What a date shows: not the clock, which its methods `now` and `today` ask, nor what hangs on this computer's time zone or language.
OF_DATES = frozenset(
    ("year", "month", "day", "hour", "minute", "second", "weekday", "isoweekday", "isocalendar", "isoformat", "toordinal", "replace"),
)


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, in which a record shows what we declared and nothing that pydantic adds: its `parse_raw` runs a pickle.

    Nothing in it differs from one build to the next, and what it calls of ours gets the arguments that it takes.
    """

    intercepted_binops = frozenset(("*", "**", "%", "-"))

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, finalize=bounds.printable)
        del self.globals["lipsum"], self.filters["random"]
        self.filters |= {name: bounds.bounded(name, self.filters[name]) for name in bounds.FILTERS}
        self.filters["format"] = bounds.bounded_format(self.filters["format"])

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if isinstance(obj, BaseModel):
            return attr in _shown(type(obj))
        if isinstance(obj, date):
            return attr in OF_DATES
        return super().is_safe_attribute(obj, attr, value)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Return what *operator* makes of *left* and *right*; raises TemplateRuntimeError if it can't be held, or has no order."""
        repeated = _repeated(left, right) or _repeated(right, left) if operator == "*" else 0
        if repeated > MAX_RANGE:
            raise TemplateRuntimeError(f"would repeat something to a length of {repeated}; {MAX_RANGE} is the most")
        if operator == "**" and isinstance(left, int) and isinstance(right, int) and left.bit_length() * right > MOST_BITS:
            raise TemplateRuntimeError(f"{left} to the power of {right} is too large")
        if operator == "%":
            bounds.check_percent(left)
        result = super().call_binop(context, operator, left, right)
        if isinstance(result, Set):  # what is left of a mapping's keys
            raise TemplateRuntimeError("would make a set, whose order differs from one build to the next")
        return result

    def wrap_str_format(self, value: Any) -> Any:
        """Return what stands for *value*, a text's method `format` or `format_map`; None if it is another."""
        if super().wrap_str_format(value) is None:
            return None
        text = value.__self__
        is_html = isinstance(text, Markup)
        formatter = bounds.BoundedEscapeFormatter(self, escape=text.escape) if is_html else bounds.BoundedFormatter(self)
        if value.__name__ == "format":
            return update_wrapper(lambda *arguments, **named: type(text)(formatter.vformat(text, arguments, named)), value)
        return update_wrapper(lambda named: type(text)(formatter.vformat(text, (), named)), value)

    def call(self, context: Any, obj: Any, *arguments: Any, **named: Any) -> Any:
        """Call *obj*; raises TemplateRuntimeError if it is ours and does not take such arguments, or if nothing would end it."""
        bounds.check_call(obj, arguments, named)
        if isinstance(obj, FunctionType | MethodType) and (obj.__module__ or "").startswith(PACKAGE):
            written = {name: value for name, value in named.items() if name not in ("_loop_vars", "_block_vars")}  # Jinja's own
            check_arguments(obj.__name__, obj, *arguments, **written)
        return super().call(context, obj, *arguments, **named)


def check_arguments(called: str, function: Any, /, *arguments: Any, **named: Any) -> None:
    """Raise TemplateRuntimeError unless *function*, *called* so by templates, takes these arguments: all it needs, of its types."""
    declared, hints, plain = _contract(getattr(function, "__func__", function), isinstance(function, MethodType))
    if plain and not named and len(arguments) == len(plain) and all(map(isinstance, arguments, plain)):
        return  # as nearly all are; to bind them would take most of the time of a large register
    try:
        bound = declared.bind(*arguments, **named)
    except TypeError as error:
        raise TemplateRuntimeError(f"{called}: {error}") from None
    for name, value in _given(bound):
        if not _fits(value, hints.get(name, object)):
            raise TemplateRuntimeError(f"'{value}' is no {name} for '{called}'")


@cache
def _contract(function: Any, is_bound: bool) -> tuple[Signature, dict[str, Any], tuple[Any, ...]]:
    """Return what *function* takes: its parameters, their types, and the types alone if none of them needs a closer look."""
    declared, hints = signature(function), get_type_hints(function)
    taken = list(declared.parameters.values())[is_bound:]
    types = tuple(hints.get(one.name, object) if one.kind is Parameter.POSITIONAL_OR_KEYWORD else None for one in taken)
    plain = types if all(isinstance(one, type) for one in types) else ()
    return declared.replace(parameters=taken), hints, plain


def _given(bound: BoundArguments) -> Iterator[tuple[str, Any]]:
    """Yield every value with the name of the parameter that takes it."""
    for name, value in bound.arguments.items():
        kind = bound.signature.parameters[name].kind
        values = value if kind is Parameter.VAR_POSITIONAL else value.values() if kind is Parameter.VAR_KEYWORD else (value,)
        yield from ((name, one) for one in values)


def _fits(value: Any, hint: Any) -> bool:
    """Tell whether *value* is of the type *hint*; a value that is not there says so itself."""
    if isinstance(value, Undefined):
        str(value)
    if get_origin(hint) is Sequence:
        (item,) = get_args(hint)
        return isinstance(value, Sequence) and not isinstance(value, str) and all(_fits(one, item) for one in value)
    return isinstance(value, hint)


@cache
def _shown(model: type[BaseModel]) -> frozenset[str]:
    """Return the names in *model* that a template may use: its fields, and the properties and methods of our own classes."""
    own = (vars(base).items() for base in model.__mro__ if base.__module__.startswith(PACKAGE))
    added = (name for names in own for name, value in names if isinstance(value, property | FunctionType) and name[0] != "_")
    return frozenset((*model.model_fields, *added))


def _repeated(content: Any, times: Any) -> int:
    """Return the length of *content* repeated so many *times*; 0 if it is nothing that is repeated."""
    return len(content) * times if isinstance(content, Sequence) and isinstance(times, int) else 0
