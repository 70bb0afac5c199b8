"""Word's styles -> why a run of text is not seen: the properties in force for it, wherever they are set (ECMA-376-1, 17.7.2).

Not asked is where Word puts a text: frames, indents, distances between letters and heights of lines can take it out of sight, too.
"""

from collections.abc import Iterator
from typing import Any

from reports.audit.readers.contrast import WHITE, faint

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SMALLEST = 8  # half points: nobody reads less
USUAL_SIZE = 20
COLOUR = 6  # digits: anything else stands for one that Word chooses so that it can be read
WHITE_THEMES = ("background1", "light1")
HIGHLIGHTS = {"black": "000000", "white": WHITE}
# Where a kind of element names its style, and which styles it has if it does not.
STYLED = {f"{W}r": ("rPr", "rStyle", ""), f"{W}p": ("pPr", "pStyle", "paragraph"), f"{W}tbl": ("tblPr", "tblStyle", "table")}


class Formatting:
    """The *styles* of a document, and what they make of its runs."""

    def __init__(self, styles: Any) -> None:
        self._by_id = {style.get(f"{W}styleId"): style for style in styles.iter(f"{W}style")}
        self._by_default = {style.get(f"{W}type"): style for style in self._by_id.values() if is_on(style.get(f"{W}default", "0"))}
        self._defaults = list(styles.iterfind(f"{W}docDefaults/{W}rPrDefault/{W}rPr"))

    def unseen(self, run: Any) -> str:
        """Return why nobody sees the text of *run*; nothing if there is no reason."""
        around = [run, *run.iterancestors(*STYLED, f"{W}tc", f"{W}tr")]
        styles = [style for one in around if one.tag in STYLED for style in self._styles(one)]
        properties = [*run.iterfind(f"{W}rPr"), *(one for style in styles for one in style.iterfind(f"{W}rPr")), *self._defaults]
        size = _nearest(properties, "sz")
        if (vanish := _nearest(properties, "vanish")) is not None and is_on(vanish.get(f"{W}val", "true")):
            return "is hidden text"
        if size is not None and float(size.get(f"{W}val", USUAL_SIZE)) < SMALLEST:
            return f"is set in letters of {float(size.get(f'{W}val')) / 2:.1f} points"
        return _faint(properties, [*around, *styles])

    def _styles(self, element: Any) -> Iterator[Any]:
        """Yield the style of *element*, and those that it is based on, each once: a file may base one on itself."""
        properties, name, kind = STYLED[element.tag]
        named = element.find(f"{W}{properties}/{W}{name}")
        style = self._by_id.get(named.get(f"{W}val")) if named is not None else self._by_default.get(kind)
        passed = []
        while style is not None and style not in passed:
            yield style
            passed.append(style)
            based = style.find(f"{W}basedOn")
            style = self._by_id.get(based.get(f"{W}val")) if based is not None else None


def is_on(value: str) -> bool:
    """Tell whether *value* of a property that is on or off means on."""
    return value not in ("0", "false", "off")


def _nearest(properties: list[Any], name: str) -> Any:
    return next((found for one in properties for found in one.iterfind(f"{W}{name}")), None)


def _faint(properties: list[Any], around: list[Any]) -> str:
    """Return why the colour that *properties* give can't be read on the nearest shade *around* it, or else on the paper."""
    colour, highlight = _nearest(properties, "color"), _nearest(properties, "highlight")
    marked = HIGHLIGHTS.get(highlight.get(f"{W}val")) if highlight is not None else None
    value = "" if colour is None else WHITE if colour.get(f"{W}themeColor") in WHITE_THEMES else colour.get(f"{W}val", "")
    if len(value) != COLOUR:
        return faint("000000", marked) if marked else ""
    shades = (one.get(f"{W}fill", "auto") for element in around for one in _shades(element))
    return faint(value, marked or next((fill for fill in shades if len(fill) == COLOUR), WHITE))


def _shades(element: Any) -> Iterator[Any]:
    """Yield the shades that *element* sets itself, or, if it is a table's style, any part of the table may have."""
    if element.get(f"{W}type") == "table":
        yield from element.iter(f"{W}shd")
    for name in ("rPr", "pPr", "tcPr", "tblPr"):
        yield from element.iterfind(f"{W}{name}/{W}shd")
