"""Web page -> the elements that its own styles hide from whoever reads it on a screen.

Not seen is what takes more than one rule to hide, but for colours: a box over a text, a mask, a filter, a line without height. What a
script does is not asked either.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import Any

import tinycss2
from tinycss2.color4 import parse_color

from reports.audit.readers.contrast import WHITE, faint
from reports.audit.readers.inks import blended
from reports.audit.readers.rules import Rule, StrictModel, rules

UNITS = {"px": 1.0, "pt": 1.33, "pc": 16.0, "cm": 37.8, "mm": 3.78, "in": 96.0, "em": 16.0, "rem": 16.0, "ex": 8.0, "ch": 8.0}
UNITS |= {"vw": 13.0, "vh": 8.0, "vmin": 8.0, "vmax": 13.0, "%": 13.0}
SMALLEST = 4.0  # pixels: nobody reads less
FAR = -200.0  # pixels to the left or above: no text of a page stands so far out of its place
FAINTEST = 0.1
OFF = ("hidden", "clip")


def hidden(document: Any) -> Iterator[tuple[Any, str]]:
    """Yield each element of *document* with a text that it hides itself, or that a rule of the page's styles hides, and how.

    What is not displayed, or too small, is told even if a later rule may show it again: on some screen it is hidden. What is moved or
    cut away is told unless another rule brings it back: so are things that wait for the keyboard, or for a wider screen.
    """
    for element in document.iter():
        if element.get("hidden") is not None:
            yield element, "is hidden"
    found = rules(document)
    back = _brought_back(found)
    for rule in found:
        away = _matching(AWAY, rule.declared)
        hides = next(iter(_matching(HIDING, rule.declared)), "")
        for element in filter(_has_text, rule.elements if hides or away else ()):
            if how := hides or ("" if back[element] & set(away) else next(iter(away), "")):
                yield element, "is hidden" if rule.is_own else f"is hidden by the page's styles ({how}: {_said(rule.declared[how])})"
    yield from _faint(found)


def _has_text(element: Any) -> bool:
    return bool(element.text_content().strip())


def _said(value: list[Any]) -> str:
    return str(tinycss2.serialize(value)).strip().lower()


def _matching(checks: "Checks", declared: StrictModel) -> list[str]:
    """Return the names of what is *declared* that one of *checks* finds."""
    return [name for name, check in checks.items() if name in declared and check(declared[name], declared)]


def _brought_back(found: list[Rule]) -> Mapping[Any, set[str]]:
    """Return by which properties each element is moved or cut away in no case, or not always."""
    back: dict[Any, set[str]] = defaultdict(set)
    for rule in found:
        for element in rule.elements:
            back[element] |= AWAY.keys() & rule.declared.keys() - set(_matching(AWAY, rule.declared))
    return back


def _is(*words: str) -> "Check":
    return lambda value, _: any(one.type == "ident" and one.lower_value in words for one in value)


def _is_weak(value: list[Any], _: StrictModel) -> bool:
    return any(_number(one) < FAINTEST for one in value)


def _number(token: Any) -> float:
    return token.value / 100 if token.type == "percentage" else token.value if token.type == "number" else 1.0


def _is_tiny(value: list[Any], _: StrictModel) -> bool:
    """Tell whether the first length in *value* is smaller than letters can be; a percentage is one of their usual size."""
    lengths = [16 * one.value / 100 if one.type == "percentage" else _pixels(one) for one in value if _is_length(one)]
    return bool(lengths) and lengths[0] < SMALLEST


def _is_far(value: list[Any], _: StrictModel) -> bool:
    return any(_pixels(one) < FAR for one in value if _is_length(one))


def _is_shut(value: list[Any], declared: StrictModel) -> bool:
    """Tell whether a box has no size, and shows nothing beside itself."""
    return _is_tiny(value, declared) and any(
        _is(*OFF)(declared[one], declared) for one in ("overflow", "overflow-x", "overflow-y") if one in declared
    )


def _is_cut(value: list[Any], _: StrictModel) -> bool:
    return any(one.type == "function" for one in value)


def _is_shrunk(value: list[Any], declared: StrictModel) -> bool:
    """Tell whether a function in *value* makes the text too small to be read, or moves it far away."""
    functions = [one for one in value if one.type == "function"]
    shrunk = any(
        one.lower_name.startswith(("scale", "matrix")) and _is_weak([part for part in one.arguments if part.type == "number"][:1], declared)
        for one in functions
    )
    return shrunk or any(one.lower_name.startswith("translate") and _is_far(one.arguments, declared) for one in functions)


def _is_length(token: Any) -> bool:
    return token.type in ("dimension", "percentage") or (token.type == "number" and token.value == 0)


def _pixels(length: Any) -> float:
    unit = "%" if length.type == "percentage" else getattr(length, "lower_unit", "px")
    return float(length.value) * UNITS.get(unit, 1.0)


Check = Callable[[list[Any], StrictModel], bool]
Checks = Mapping[str, Check]

# The properties that hide a text, each with the check that finds the values that do.
HIDING: Checks = {
    "display": _is("none"),
    "visibility": _is("hidden", "collapse"),
    "content-visibility": _is("hidden"),
    "opacity": _is_weak,
    "font-size": _is_tiny,
    "font": _is_tiny,
}
AWAY: Checks = {
    **dict.fromkeys(
        ("left", "right", "top", "bottom", "inset", "margin", "margin-left", "margin-top", "text-indent", "translate"), _is_far
    ),
    **dict.fromkeys(("clip-path", "clip"), _is_cut),
    **dict.fromkeys(("width", "height", "max-width", "max-height"), _is_shut),
    "transform": _is_shrunk,
    "scale": _is_weak,
}


def _faint(found: list[Rule]) -> Iterator[tuple[Any, str]]:
    """Yield the elements whose text can't be read on any ground that they, or the nearest around them that have one, may have."""
    variables = _variables(found)
    grounds = _grounds(found, variables)
    for rule in found:
        colours = _colours(rule.declared.get("color", []), variables)
        for element in rule.elements if colours else ():
            around = next((grounds[one] for one in (element, *element.iterancestors()) if one in grounds), {WHITE})
            reasons = [
                bool(ground) and faint(blended(colour, ground, alpha), ground) for (colour, alpha), ground in product(colours, around)
            ]
            if all(reasons) and _has_text(element):
                yield element, f"{reasons[0]} by the page's styles"


def _variables(found: list[Rule]) -> "Variables":
    """Return all values that each variable has anywhere: which of them is in force depends on the screen."""
    variables: dict[str, list[list[Any]]] = defaultdict(list)
    for rule in found:
        for name, value in rule.declared.items():
            if name.startswith("--"):
                variables[name].append(value)
    return variables


def _grounds(found: list[Rule], variables: "Variables") -> Mapping[Any, set[str]]:
    """Return the colours that are ever behind each element with a background of its own; nothing stands for one that is not known."""
    grounds: dict[Any, set[str]] = defaultdict(set)
    for rule in found:
        for value in (rule.declared[name] for name in ("background", "background-color") if name in rule.declared):
            its = {blended(colour, WHITE, alpha) for colour, alpha in _colours(value, variables)} or {""}
            for element in rule.elements:
                grounds[element] |= its
    return grounds


Variables = Mapping[str, list[list[Any]]]


def _colours(value: list[Any], variables: Variables, depth: int = 5) -> list[tuple[str, float]]:
    """Return the colours that *value* may stand for, and how thick each is; a variable stands for all that it is anywhere."""
    found = []
    for token in value:
        if token.type == "function" and token.lower_name == "var" and depth:
            names = [one.value for one in token.arguments if one.type == "ident"]
            found += [one for name in names for its in variables.get(name, []) for one in _colours(its, variables, depth - 1)]
        elif (colour := parse_color(token)) not in (None, "currentcolor"):
            found += _known(colour)
    return found


def _known(colour: Any) -> list[tuple[str, float]]:
    try:
        parts = colour.to("srgb").coordinates
    except NotImplementedError:
        return []
    return [("".join(f"{round(min(max(one, 0), 1) * 255):02X}" for one in parts), colour.alpha)]
