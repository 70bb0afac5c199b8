"""Excel's styles -> what each does to a cell: whether it breaks long lines, and why it shows something else than the cell holds.

Colours of a theme are known as far as they are black and white; styles of tables are not asked.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reports.audit.readers.contrast import WHITE, faint

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ISO_DATE = "yyyy-mm-dd"
FORMATS = ("General", "@", ISO_DATE)  # any other shows a value as something else: ';;;' shows nothing at all
BLACK = "000000"
NAMED = {"theme": {"0": WHITE, "1": BLACK}, "indexed": {"0": BLACK, "1": WHITE, "8": BLACK, "9": WHITE, "64": BLACK, "65": WHITE}}
SMALLEST = 4  # points: nobody reads less
USUAL_SIZE = 11


@dataclass(frozen=True)
class Look:
    """What the style of a cell does: whether it breaks long lines, the format of its values, the colours of its *font* and *ground*.

    A colour is RRGGBB, or nothing if it can't be told.
    """

    wraps: bool
    format: str
    font: Any
    ground: str

    def unseen(self, font: Any = None) -> str:
        """Return why a text in this look, or in a *font* of its own, is not seen; nothing if there is no reason."""
        fonts = [one for one in (font, self.font) if one is not None]
        size = next((float(one.get("val")) for font in fonts for one in font.iterfind(f"{S}sz")), USUAL_SIZE)
        if size < SMALLEST:
            return f"is set in letters of {size:.1f} points"
        colour = next((_colour(one) for font in fonts for one in font.iterfind(f"{S}color")), BLACK)
        return faint(colour, self.ground) if colour and self.ground else ""


def looks(styles: Any) -> list[Look]:
    """Return the look of each style of cells."""
    formats = {"0": "General", "49": "@"} | {one.get("numFmtId"): one.get("formatCode", "") for one in styles.iterfind(f"{S}numFmts/*")}
    fonts, grounds = list(styles.find(f"{S}fonts")), [_ground(one) for one in styles.find(f"{S}fills")]
    return [
        Look(
            any(is_on(one, "wrapText") for one in style.iter(f"{S}alignment")),
            formats.get(style.get("numFmtId", "0"), f"number {style.get('numFmtId')}"),
            fonts[int(style.get("fontId", 0))],
            grounds[int(style.get("fillId", 0))],
        )
        for style in styles.find(f"{S}cellXfs")
    ]


def conditional(styles: Any, part: Any) -> Iterator[tuple[str, str]]:
    """Yield the range of each conditional format in *part*, a sheet, under which cells are not seen, or not as they are, and why."""
    differences = list(styles.iterfind(f"{S}dxfs/{S}dxf"))
    for one in part.iter(f"{S}conditionalFormatting"):
        for rule in one.iterfind(f"{S}cfRule[@dxfId]"):
            look = differences[int(rule.get("dxfId"))]
            codes = [code.get("formatCode", "") for code in look.iterfind(f"{S}numFmt")]
            why = Look(False, "", look.find(f"{S}font"), next(map(_ground, look.iterfind(f"{S}fill")), WHITE)).unseen()
            why = why or next((f"is shown in the format '{code}'" for code in codes if code not in FORMATS), "")
            if why:
                yield one.get("sqref", ""), f"{why} under a condition"


def is_on(element: Any, name: str) -> bool:
    """Tell whether the attribute *name* of *element* is set."""
    return element.get(name) in ("1", "true")


def _ground(fill: Any) -> str:
    """Return the colour that a text stands on in *fill*: of a pattern, that of the paper; of a course of colours, none that is known."""
    pattern = fill.find(f"{S}patternFill")
    if pattern is None:
        return ""
    # A fill that a condition adds names no pattern if it is solid, and has its colour as the one behind the pattern.
    place = {"solid": "fgColor", None: "bgColor"}.get(pattern.get("patternType"), "none")
    return next((_colour(one) for one in pattern.iterfind(f"{S}{place}")), WHITE)


def _colour(colour: Mapping[str, str]) -> str:
    if colour.get("rgb"):
        return colour.get("rgb", "")[-6:]
    known = (NAMED[kind].get(colour.get(kind, "")) for kind in NAMED if colour.get(kind))
    return "" if float(colour.get("tint", "0")) else next(known, "") or ""
