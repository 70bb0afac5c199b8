"""What the specification of a figure may not ask for: work without end, and what differs from one build to the next.

Whoever writes a specification can keep this computer busy, as with a template; but Vega's machine takes the whole process down when it
has no more memory, so that what makes rows and marks out of a mere number is refused before.
"""

import re
from collections.abc import Iterator
from typing import Any

MOST_STEPS = 1000
LARGEST_SIDE = 4000  # in units, of which a page's width has about 600
# Keys whose number says how many of something are made.
COUNTS = ("maxbins", "steps", "tickCount")
# Keys that make rows out of numbers, or pick some by chance.
GENERATORS = ("graticule", "keyvals", "sample", "sequence")
# Keys of texts that are shown as they are, where 'now (2020)' is none of Vega's functions.
TEXTS = ("description", "label", "name", "subtitle", "text", "title")
# Functions that give something else at each call, or a list of any length (https://vega.github.io/vega/docs/expressions/).
FUNCTIONS = ("now", "pad", "random", "repeat", "sampleLogNormal", "sampleNormal", "sampleUniform", "sequence")
CALL = re.compile(rf"\b({'|'.join(FUNCTIONS)})\s*\(|\b(datetime)\s*\(\s*\)")


def refused(spec: Any) -> Iterator[str]:
    """Yield what *spec*, at any depth, may not ask for."""
    for key, value in _fields(spec):
        if key in GENERATORS and not (key == "keyvals" and isinstance(value, list)):
            yield f"'{key}' makes or picks rows of its own; a figure shows the view's"
        elif key in COUNTS and isinstance(value, int | float) and value > MOST_STEPS:
            yield f"{value} is too much for '{key}'; {MOST_STEPS} is the most"
        elif key == "formatType" and value in FUNCTIONS:
            yield f"the function '{value}' gives something else with each build, or a list without end"
        elif isinstance(value, str) and key not in TEXTS:
            yield from _refused_calls(value)


def wrong_size(width: float, height: float) -> Iterator[str]:
    """Yield what is wrong with a figure of *width* by *height* units."""
    if not (0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE):
        yield f"is {width:g} units wide and {height:g} high; each has to be more than 0, and {LARGEST_SIDE} at most"


def _fields(spec: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each value in *spec* with its key, which a list hands down to what is in it."""
    yield key, spec
    if isinstance(spec, dict):
        for name, value in spec.items():
            yield from _fields(value, name)
    elif isinstance(spec, list):
        for value in spec:
            yield from _fields(value, key)


def _refused_calls(expression: str) -> Iterator[str]:
    # Vega reads '\u006eow' as 'now'.
    plain = re.sub(r"\\u([0-9A-Fa-f]{4})", lambda match: chr(int(match[1], 16)), expression)
    for match in CALL.finditer(plain):
        yield f"the function '{match[1] or match[2]}' gives something else with each build, or a list without end"
