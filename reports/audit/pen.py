"""A page of a PDF -> the texts on it: what each reads like, where it stands, and why it is not seen (ISO 32000-1, 8 and 9)."""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, NamedTuple

from pypdf.generic import ContentStream

USUAL_WIDTH = 1000  # of a code whose font does not tell
SLACK = 2.0  # points: an anchor may stand so far below the first line that it leads to, and texts side by side may overlap so far
SMALLEST = 4.0  # points: nobody reads less
INVISIBLE = (3, 7)  # the modes in which letters are not painted

Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]  # left, bottom, right, top
UNMOVED: Matrix = (1, 0, 0, 1, 0, 0)
EVERYWHERE: Box = (-math.inf, -math.inf, math.inf, math.inf)


class Piece(NamedTuple):
    """A text that is drawn at once, and where: the page, from 0, its left end on the page's own axes, and where it ends there.

    If a reader does not see it, or not whole, *unseen* says why.
    """

    text: str
    page: int
    x: float
    y: float
    end: float
    unseen: str = ""


class Font(NamedTuple):
    """What the codes of a font, in four hexadecimal digits each, stand for, and how wide they are, in thousandths of its size."""

    characters: Mapping[str, str]
    widths: Mapping[str, float]


class State(NamedTuple):
    """What is set while a page is drawn, and kept and brought back by the page: the axes, what they let show, colour and font."""

    now: Matrix = UNMOVED
    clip: Box = EVERYWHERE
    is_white: bool = False
    mode: int = 0
    font: Font = Font({}, {})
    size: float = 0.0


def drawn(page: Any, index: int) -> Iterator[tuple[Mapping[str, Any], Piece]]:
    """Yield each text that is drawn on *page*, the number *index* from 0, with the properties of the mark that it stands in."""
    resources = page["/Resources"]
    fonts = {name: Font(_characters(font), _widths(font)) for name, font in resources.get("/Font", {}).items()}
    pen = _Pen(fonts, resources.get("/XObject", {}))
    for operands, operator in ContentStream(page.get_contents(), page.pdf).operations:
        if operator in (b"TJ", b"Tj"):
            text, length = pen.write(operands[0])
            place = _multiplied(pen.text, pen.state.now)
            end = _multiplied((1, 0, 0, 1, length, 0), place)
            yield pen.marks[-1], Piece(text, index, place[4], place[5], end[4], pen.unseen(place, end))
        elif operator in _Pen.FOLLOWS:
            _Pen.FOLLOWS[operator](pen, operands)
        elif operator in _Pen.PAINTS:
            pen.paint(fills=operator in _Pen.FILLS)


class _Pen:
    """What goes on while a page is drawn: the marks, the state, the path that is laid out, and what has been filled with colour."""

    def __init__(self, fonts: Mapping[Any, Font], objects: Mapping[Any, Any]) -> None:
        self.fonts = fonts
        self.objects = objects
        self.marks: list[Mapping[str, Any]] = [{}]
        self.state = State()
        self.states: list[State] = []
        self.text = UNMOVED
        self.path: list[tuple[float, float]] = []
        self.clips = False
        self.grounds: list[Box] = []

    def begin(self, operands: Any) -> None:
        self.marks.append(operands[1] if len(operands) > 1 else {})

    def end(self, operands: Any) -> None:
        self.marks.pop()

    def save(self, operands: Any) -> None:
        self.states.append(self.state)

    def restore(self, operands: Any) -> None:
        self.state = self.states.pop()

    def move(self, operands: Any) -> None:
        self.state = self.state._replace(now=_multiplied(_matrix(operands), self.state.now))

    def place(self, operands: Any) -> None:
        self.text = _matrix(operands)

    def take(self, operands: Any) -> None:
        self.state = self.state._replace(font=self.fonts[operands[0]], size=float(operands[1]))

    def set_mode(self, operands: Any) -> None:
        self.state = self.state._replace(mode=int(operands[0]))

    def colour(self, operands: Any) -> None:
        self.state = self.state._replace(is_white=all(float(one) == 1 for one in operands))

    def colour_inks(self, operands: Any) -> None:
        self.state = self.state._replace(is_white=not any(float(one) for one in operands))

    def colour_otherwise(self, operands: Any) -> None:
        self.state = self.state._replace(is_white=False)

    def lay(self, operands: Any) -> None:
        numbers = [float(one) for one in operands]
        self.path += [_moved(x, y, self.state.now) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]

    def lay_box(self, operands: Any) -> None:
        x, y, width, height = (float(one) for one in operands)
        self.path += [_moved(*one, self.state.now) for one in ((x, y), (x + width, y), (x, y + height), (x + width, y + height))]

    def cut(self, operands: Any) -> None:
        self.clips = True

    def paint(self, *, fills: bool) -> None:
        """End the path: it is filled, or what is drawn from now on shows in it alone. For a path that is no box, its box counts."""
        if self.path:
            box = _around(self.path)
            if fills and not self.state.is_white:
                self.grounds.append(box)
            if self.clips:
                self.state = self.state._replace(clip=_common(self.state.clip, box))
        self.path, self.clips = [], False

    def insert(self, operands: Any) -> None:
        """Take a drawing or picture for a coloured ground."""
        x, y, right, top = (float(one) for one in self.objects[operands[0]].get_object().get("/BBox", (0, 0, 1, 1)))
        self.grounds.append(_around([_moved(*one, self.state.now) for one in ((x, y), (right, y), (x, top), (right, top))]))

    def write(self, operand: Any) -> tuple[str, float]:
        """Return the text of *operand*, and how long it is before any matrix: its characters, less the gaps taken out between them."""
        parts = operand if isinstance(operand, list) else [operand]
        font = self.state.font
        digits = "".join(part.original_bytes.hex() for part in parts if hasattr(part, "original_bytes"))
        codes = [digits[at : at + 4] for at in range(0, len(digits), 4)]
        text = "".join(font.characters.get(code, "\N{REPLACEMENT CHARACTER}") for code in codes)
        gaps = sum(float(part) for part in parts if not hasattr(part, "original_bytes"))
        return text, (sum(font.widths.get(code, USUAL_WIDTH) for code in codes) - gaps) * self.state.size / 1000

    def unseen(self, place: Matrix, end: Matrix) -> str:
        """Return why a reader does not see a text from *place* to *end*, or not whole; nothing if there is no reason."""
        a, b, c, d, x, y = place
        size = self.state.size * math.sqrt(abs(a * d - b * c))
        if not (_holds(self.state.clip, x, y) and _holds(self.state.clip, end[4], end[5])):
            return "is cut off"
        if size < SMALLEST:
            return f"is set in letters of {size:.1f} points"
        if self.state.mode in INVISIBLE:
            return "is not painted"
        if self.state.is_white and not any(_holds(ground, x, y) for ground in self.grounds):
            return "is written in white on white"
        return ""

    FOLLOWS: ClassVar[Mapping[bytes, Callable[["_Pen", Any], None]]] = {
        b"BDC": begin,
        b"BMC": begin,
        b"EMC": end,
        b"q": save,
        b"Q": restore,
        b"cm": move,
        b"Tm": place,
        b"Tf": take,
        b"Tr": set_mode,
        b"rg": colour,
        b"g": colour,
        b"k": colour_inks,
        b"cs": colour_otherwise,
        b"sc": colour_otherwise,
        b"scn": colour_otherwise,
        b"m": lay,
        b"l": lay,
        b"c": lay,
        b"v": lay,
        b"y": lay,
        b"re": lay_box,
        b"W": cut,
        b"W*": cut,
        b"Do": insert,
    }
    FILLS = (b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*")
    PAINTS = (*FILLS, b"S", b"s", b"n")


def _matrix(operands: Any) -> Matrix:
    a, b, c, d, e, f = (float(one) for one in operands)
    return a, b, c, d, e, f


def _multiplied(one: Matrix, other: Matrix) -> Matrix:
    """Return the matrix that moves by *one*, then by *other* (ISO 32000-1, 8.3.4)."""
    a, b, c, d, e, f = one
    p, q, r, s, t, u = other
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def _moved(x: float, y: float, by: Matrix) -> tuple[float, float]:
    return x * by[0] + y * by[2] + by[4], x * by[1] + y * by[3] + by[5]


def _around(points: list[tuple[float, float]]) -> Box:
    """Return the smallest box in which all *points* lie."""
    columns, rows = zip(*points, strict=True)
    return min(columns), min(rows), max(columns), max(rows)


def _common(one: Box, other: Box) -> Box:
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


def _holds(box: Box, x: float, y: float) -> bool:
    left, bottom, right, top = box
    return left - SLACK <= x <= right + SLACK and bottom - SLACK <= y <= top + SLACK


def _characters(font: Any) -> dict[str, str]:
    """Return what the codes of *font* stand for (ISO 32000-1, 9.10.3)."""
    if "/ToUnicode" not in font:
        return {}
    table = font["/ToUnicode"].get_data().decode().partition("endcodespacerange")[2]
    pairs = re.findall(r"<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]+)>", table)
    return {code.lower(): bytes.fromhex(text).decode("utf-16-be") for code, text in pairs}


def _widths(font: Any) -> dict[str, float]:
    """Return how wide the codes of *font* are, where it says so: code [width …], or first last width (ISO 32000-1, 9.7.4.3)."""
    widths: dict[str, float] = {}
    told = iter(font["/DescendantFonts"][0].get_object().get("/W", []) if "/DescendantFonts" in font else [])
    for first in told:
        following = next(told)
        many = [float(one) for one in following] if isinstance(following, list) else [float(next(told))] * (following - first + 1)
        widths |= {f"{first + at:04x}": width for at, width in enumerate(many)}
    return widths
