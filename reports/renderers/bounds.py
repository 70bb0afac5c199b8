"""What a single operation of a template may take on, and what of its results may be printed.

Nothing ends a single operation of Python's once it has begun, and some take a number by which they can be made as long as one likes.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import wraps
from inspect import signature
from types import BuiltinMethodType, MethodType
from typing import Any

from jinja2 import TemplateRuntimeError
from jinja2.sandbox import MAX_RANGE, SandboxedFormatter
from markupsafe import EscapeFormatter

# Filters that take a number, and the largest; 10 to the power of 308 is the largest that a number with a fraction can be.
FILTERS: Mapping[str, int] = {"batch": MAX_RANGE, "center": MAX_RANGE, "indent": 100, "round": 300, "slice": MAX_RANGE, "tojson": 100}
# Methods of texts and numbers whose result is as long as their argument says.
METHODS = ("center", "expandtabs", "ljust", "rjust", "to_bytes", "zfill")
# One place of a text like '%5.2f', or a '%%', which is none (https://docs.python.org/3/library/stdtypes.html#old-string-formatting).
PERCENT = re.compile(r"%(?:\([^)]*\))?[-#0 +]*(\*|\d*)(?:\.(\*|\d*))?[hlL]?.?", re.DOTALL)
ADDRESS = re.compile(r" at 0x[0-9A-Fa-f]{5,}(>|&gt;)")


def check_percent(text: Any) -> None:
    """Raise TemplateRuntimeError if `text % values` would make one of the values very wide."""
    written = text.decode("latin-1") if isinstance(text, bytes) else text
    for place in PERCENT.finditer(written) if isinstance(written, str) else ():
        if "*" in place.groups():
            raise TemplateRuntimeError("a width '*' of '%' is not known before; write the number")
        _check("%", MAX_RANGE, (int(number) for number in place.groups() if number))


def check_call(called: Any, arguments: tuple[Any, ...], named: Mapping[str, Any]) -> None:
    """Raise TemplateRuntimeError if *called* is a method that would make a very long text of its *arguments*."""
    if isinstance(called, BuiltinMethodType | MethodType) and isinstance(called.__self__, str | bytes | int) and called.__name__ in METHODS:
        _check(called.__name__, MAX_RANGE, _sizes((*arguments, *named.values())))


def bounded(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return *function*, Jinja's filter *name*, so that it refuses numbers that nothing would end."""
    first = 2 if hasattr(function, "jinja_pass_arg") else 1  # what stands before is Jinja's own, and the value that is filtered

    @wraps(function)
    def checked(*arguments: Any, **named: Any) -> Any:
        _check(name, FILTERS[name], _sizes((*arguments[first:], *named.values())))
        return _call(name, function, *arguments, **named)

    return checked


def bounded_format(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return *function*, Jinja's filter `format`, so that it refuses what `check_percent` does."""

    @wraps(function)
    def checked(text: Any, /, *arguments: Any, **named: Any) -> Any:
        check_percent(str(text))
        return _call("format", function, text, *arguments, **named)

    return checked


def _call(name: str, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Any:
    """Call *function*, the filter *name*; raises TemplateRuntimeError if it does not take such arguments."""
    try:
        signature(function).bind(*arguments, **named)
    except TypeError as error:
        raise TemplateRuntimeError(f"{name}: {error}") from None
    return function(*arguments, **named)


def printable(value: Any) -> Any:
    """Return *value*, which is about to be printed; raises TemplateRuntimeError if it says where in memory something is.

    That is what Python prints of functions and the like, and it differs from one build to the next.
    """
    if has_address(value if isinstance(value, str) else str(value)):
        raise TemplateRuntimeError("prints a function or another object of the program, not what it gives; is a '()' missing?")
    return value


def has_address(text: str) -> bool:
    """Tell whether *text* says where in memory something is."""
    return bool(ADDRESS.search(text))


class BoundedFormatter(SandboxedFormatter):
    """Fills a text like '{:>5}': no value becomes very wide, and a day is written in the same way everywhere."""

    def format_field(self, value: Any, format_spec: str) -> Any:
        """Return *value* as *format_spec* says; raises TemplateRuntimeError if that is too much."""
        if isinstance(value, date) and format_spec:  # '%s' and '%c' are of this computer's time zone and language
            raise TemplateRuntimeError(f"'{format_spec}' is no way to write a date; use the filter 'date'")
        _check("format", MAX_RANGE, map(int, re.findall(r"\d+", format_spec)))
        return super().format_field(value, format_spec)


class BoundedEscapeFormatter(BoundedFormatter, EscapeFormatter):
    """The same for a text that is HTML already, into which other texts come escaped."""


def _sizes(arguments: tuple[Any, ...]) -> Iterator[int]:
    """Yield every number of *arguments*, and the length of every text: `indent` takes either."""
    for one in arguments:
        if isinstance(one, int | str):
            yield len(one) if isinstance(one, str) else one


def _check(name: str, most: int, sizes: Iterator[int]) -> None:
    for size in sizes:
        if abs(size) > most:
            raise TemplateRuntimeError(f"{size} is too much for '{name}'; {most} is the most")
