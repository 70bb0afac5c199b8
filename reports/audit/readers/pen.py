"""A page of a PDF -> the texts on it: what each reads like, where it stands, and why it is not seen (ISO 32000-1, 8 and 9).

Not seen are thick lines that are drawn over a text, masks, and letters that are narrowed or outlined in the colour of their ground.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, NamedTuple

from pypdf.generic import ContentStream

from reports.audit.readers.contrast import faint
from reports.audit.readers.fills import Fill, are_covered, ground_at
from reports.audit.readers.fonts import Font, read_font
from reports.audit.readers.geometry import EVERYWHERE, UNMOVED, Box, Matrix, Point, around, common, corners, holds, moved, multiplied
from reports.audit.readers.inks import blended, colour_of, space_of

SMALLEST = 4.0  # points: nobody reads less
INVISIBLE = (3, 7)  # the modes in which letters are not painted
DEEPEST = 20  # forms within forms
HEIGHTS = (0.1, 0.45)  # of the size: a stroke through a word covers one of these, a box both
PLACES = (0.05, 0.25, 0.5, 0.75, 0.95)  # of the length


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


class State(NamedTuple):
    """What is set while a page is drawn, and kept and brought back by the page: the axes, what they let show, colour and font.

    *veil* is how thick the form is painted in which all this stands, *alpha* how thick in it.
    """

    now: Matrix = UNMOVED
    clip: Box = EVERYWHERE
    space: tuple[str, int] = ("/DeviceGray", 1)
    colour: str = "000000"
    alpha: float = 1.0
    veil: float = 1.0
    mode: int = 0
    font: Font = Font({}, {})
    size: float = 0.0


class Drawn(NamedTuple):
    """A text as it is drawn: its mark, and pairs of points that it stands on, when so many *fills* have been painted."""

    mark: Mapping[str, Any]
    piece: Piece
    spots: list[tuple[Point, ...]]
    fills: int


def drawn(page: Any, index: int) -> Iterator[tuple[Mapping[str, Any], Piece]]:
    """Yield each text that is drawn on *page*, the number *index* from 0, with the properties of the mark that it stands in."""
    pen = _Pen(page.pdf, index)
    pen.draw(page.get_contents(), page["/Resources"])
    for mark, piece, spots, fills in pen.texts:
        covered = not piece.unseen and are_covered(spots, pen.fills[fills:])
        yield mark, piece._replace(unseen="is painted over") if covered else piece


class _Pen:
    """What goes on while a page is drawn: the marks, the state, the path that is laid out, the texts, and what has been painted."""

    def __init__(self, reader: Any, index: int) -> None:
        self.reader, self.index = reader, index
        self.resources: Any = {}
        self.fonts: Mapping[str, Font] = {}
        self.marks: list[Mapping[str, Any]] = [{}]
        self.state = State()
        self.states: list[State] = []
        self.line = self.text = UNMOVED
        self.leading = 0.0
        self.path: list[list[Point]] = []
        self.clips = False
        self.fills: list[Fill] = []
        self.texts: list[Drawn] = []
        self.depth = 0

    def draw(self, content: Any, resources: Any) -> None:
        """Follow every operator of *content*, which finds what it names in *resources*."""
        before = self.resources, self.fonts
        self.resources = resources
        self.fonts = {name: read_font(font.get_object()) for name, font in resources.get("/Font", {}).items()}
        for operands, operator in ContentStream(content, self.reader).operations:
            if operator in self.FOLLOWS:
                self.FOLLOWS[operator](self, operands)
            elif operator in self.PAINTS:
                self.paint(fills=operator in self.FILLS, is_odd=operator.endswith(b"*"))
        self.resources, self.fonts = before

    def begin(self, operands: Any) -> None:
        """Begin a mark: what is in it belongs to the marks around it, too, unless it is an artifact."""
        named = operands[1] if len(operands) > 1 else {}
        properties = named if isinstance(named, dict) else self._resource("/Properties", named)
        self.marks.append({**({} if operands[0] == "/Artifact" else self.marks[-1]), **properties})

    def end(self, operands: Any) -> None:
        self.marks.pop()

    def save(self, operands: Any) -> None:
        self.states.append(self.state)

    def restore(self, operands: Any) -> None:
        self.state = self.states.pop()

    def move(self, operands: Any) -> None:
        self.state = self.state._replace(now=multiplied(_matrix(operands), self.state.now))

    def begin_text(self, operands: Any) -> None:
        self.line = self.text = UNMOVED

    def place(self, operands: Any) -> None:
        self.line = self.text = _matrix(operands)

    def place_line(self, operands: Any) -> None:
        self.line = self.text = multiplied((1, 0, 0, 1, float(operands[0]), float(operands[1])), self.line)

    def place_and_lead(self, operands: Any) -> None:
        self.leading = -float(operands[1])
        self.place_line(operands)

    def lead(self, operands: Any) -> None:
        self.leading = float(operands[0])

    def next_line(self, operands: Any) -> None:
        self.place_line((0, -self.leading))

    def take(self, operands: Any) -> None:
        self.state = self.state._replace(font=self.fonts[operands[0]], size=float(operands[1]))

    def set_mode(self, operands: Any) -> None:
        self.state = self.state._replace(mode=int(operands[0]))

    def set_state(self, operands: Any) -> None:
        self.state = self.state._replace(alpha=float(self._resource("/ExtGState", operands[0]).get("/ca", self.state.alpha)))

    def choose(self, operands: Any) -> None:
        space = space_of(operands[0], self.resources.get("/ColorSpace", {}))
        self.state = self.state._replace(space=space, colour=colour_of([0] * space[1], space))

    def colour(self, operands: Any) -> None:
        self.state = self.state._replace(colour=colour_of(operands, self.state.space))

    def colour_plainly(self, operands: Any) -> None:
        self.state = self.state._replace(colour=colour_of(operands, ("", len(operands))))

    def start(self, operands: Any) -> None:
        self.path.append([])
        self.lay(operands)

    def lay(self, operands: Any) -> None:
        numbers = [float(one) for one in operands]
        self.path[-1] += [moved(x, y, self.state.now) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]

    def lay_box(self, operands: Any) -> None:
        x, y, width, height = (float(one) for one in operands)
        self.path.append(corners((x, y, x + width, y + height), self.state.now))

    def cut(self, operands: Any) -> None:
        self.clips = True

    def paint(self, *, fills: bool, is_odd: bool) -> None:
        """End the path: it is filled, or what is drawn from now on shows in it alone. As a clip, a path counts for the box around it."""
        if self.path:
            box = around([point for path in self.path for point in path])
            if fills:
                self.fill(self.path, self.state.colour, self.state.alpha * self.state.veil, is_odd=is_odd)
            if self.clips:
                self.state = self.state._replace(clip=common(self.state.clip, box))
        self.path, self.clips = [], False

    def fill(self, outline: list[list[Point]], colour: str, alpha: float, *, is_odd: bool = False) -> None:
        box = common(self.state.clip, around([point for path in outline for point in path]))
        self.fills.append(Fill(outline, box, colour, alpha, is_odd))

    def shade(self, operands: Any) -> None:
        """Paint all that the clip lets through."""
        self.fills.append(Fill([corners(self.state.clip, UNMOVED)], self.state.clip, "", self.state.alpha * self.state.veil))

    def insert(self, operands: Any) -> None:
        """Draw a form, or paint a picture, of which no colour is known."""
        content = self._resource("/XObject", operands[0])
        if content.get("/Subtype") != "/Form":
            is_thick = not {"/SMask", "/Mask", "/ImageMask"} & set(content)
            self.fill([corners((0, 0, 1, 1), self.state.now)], "", self.state.alpha * self.state.veil if is_thick else 0)
        elif self.depth < DEEPEST:
            self._insert_form(content)

    def insert_here(self, operands: Any) -> None:
        """Paint a picture that stands in the page's own content."""
        self.fill([corners((0, 0, 1, 1), self.state.now)], "", self.state.alpha * self.state.veil)

    def _insert_form(self, form: Any) -> None:
        kept, states, marks, line, text = self.state, self.states, len(self.marks), self.line, self.text
        now = multiplied(_matrix(form.get("/Matrix", UNMOVED)), kept.now)
        box = around(corners(_box(form["/BBox"]), now))
        self.state = kept._replace(now=now, clip=common(kept.clip, box), alpha=1.0, veil=kept.veil * kept.alpha)
        self.states, self.depth = [], self.depth + 1
        self.draw(form, form.get("/Resources", self.resources))
        self.state, self.states, self.depth = kept, states, self.depth - 1
        self.line, self.text = line, text
        del self.marks[marks:]

    def write(self, operands: Any) -> None:
        """Draw a text, which the next one follows."""
        text, thousandths = self.state.font.read(operands[-1])
        length = thousandths * self.state.size / 1000
        place = multiplied(self.text, self.state.now)
        self.text = multiplied((1, 0, 0, 1, length, 0), self.text)
        end = multiplied(self.text, self.state.now)
        spots = [tuple(moved(length * at, self.state.size * high, place) for high in HEIGHTS) for at in PLACES]
        why = self._unseen(place, end, spots[len(spots) // 2][0])
        piece = Piece(text, self.index, place[4], place[5], end[4], why)
        self.texts.append(Drawn(self.marks[-1], piece, spots, len(self.fills)))

    def write_next(self, operands: Any) -> None:
        self.next_line(())
        self.write(operands)

    def _unseen(self, place: Matrix, end: Matrix, middle: Point) -> str:
        """Return why a reader does not see a text from *place* to *end*, or not whole; nothing if there is no reason."""
        a, b, c, d, x, y = place
        size = self.state.size * math.sqrt(abs(a * d - b * c))
        if not (holds(self.state.clip, x, y) and holds(self.state.clip, end[4], end[5])):
            return "is cut off"
        if size < SMALLEST:
            return f"is set in letters of {size:.1f} points"
        if self.state.mode in INVISIBLE:
            return "is not painted"
        ground = ground_at(middle, self.fills)
        colour = blended(self.state.colour, ground, self.state.alpha * self.state.veil)
        return faint(colour, ground) if colour and ground else ""

    def _resource(self, kind: str, name: str) -> Any:
        return self.resources.get(kind, {})[name].get_object()

    FOLLOWS: ClassVar[Mapping[bytes, Callable[["_Pen", Any], None]]] = {
        b"BDC": begin,
        b"BMC": begin,
        b"EMC": end,
        b"q": save,
        b"Q": restore,
        b"cm": move,
        b"gs": set_state,
        b"BT": begin_text,
        b"Tm": place,
        b"Td": place_line,
        b"TD": place_and_lead,
        b"TL": lead,
        b"T*": next_line,
        b"Tf": take,
        b"Tr": set_mode,
        b"Tj": write,
        b"TJ": write,
        b"'": write_next,
        b'"': write_next,
        b"rg": colour_plainly,
        b"g": colour_plainly,
        b"k": colour_plainly,
        b"cs": choose,
        b"sc": colour,
        b"scn": colour,
        b"m": start,
        b"l": lay,
        b"c": lay,
        b"v": lay,
        b"y": lay,
        b"re": lay_box,
        b"W": cut,
        b"W*": cut,
        b"sh": shade,
        b"Do": insert,
        b"INLINE IMAGE": insert_here,
    }
    FILLS = (b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*")
    PAINTS = (*FILLS, b"S", b"s", b"n")


def _matrix(operands: Any) -> Matrix:
    a, b, c, d, e, f = (float(one) for one in operands)
    return a, b, c, d, e, f


def _box(numbers: Any) -> Box:
    left, bottom, right, top = (float(one) for one in numbers)
    return left, bottom, right, top
