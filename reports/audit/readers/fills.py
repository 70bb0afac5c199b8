"""What is painted on a page of a PDF -> what lies under a text, and what over it (ISO 32000-1, 8.5.3)."""

from collections.abc import Iterable
from typing import NamedTuple

from reports.audit.readers.contrast import WHITE
from reports.audit.readers.geometry import Box, Point, holds, windings
from reports.audit.readers.inks import blended

OPAQUE = 0.8  # what is painted so thick is not seen through


class Fill(NamedTuple):
    """What is painted at once: an *outline*, of which a *box* lets through a part, in a *colour*, if it is known, and how thick."""

    outline: list[list[Point]]
    box: Box
    colour: str
    alpha: float
    is_odd: bool = False

    def covers(self, point: Point) -> bool:
        """Tell whether *point* is painted over."""
        if not holds(self.box, *point, slack=0):
            return False
        turns, lines = windings(self.outline, *point)
        return lines % 2 == 1 if self.is_odd else turns != 0


def ground_at(point: Point, fills: Iterable[Fill]) -> str:
    """Return the colour that *fills*, one over the other, give to *point*; nothing if it is not known."""
    ground = WHITE
    for fill in fills:
        if fill.covers(point):
            ground = blended(fill.colour, ground, fill.alpha)
    return ground


def are_covered(spots: Iterable[tuple[Point, ...]], fills: Iterable[Fill]) -> bool:
    """Tell whether any of the *spots*, points that belong together, lies under one of the *fills*."""
    return any(all(map(fill.covers, spot)) for fill in fills if fill.alpha >= OPAQUE for spot in spots)
