"""Matrices, boxes and outlines on a page of a PDF (ISO 32000-1, 8.3 and 8.5)."""

import math

Point = tuple[float, float]
Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]  # left, bottom, right, top
UNMOVED: Matrix = (1, 0, 0, 1, 0, 0)
EVERYWHERE: Box = (-math.inf, -math.inf, math.inf, math.inf)
SLACK = 2.0  # points: an anchor may stand so far below the first line that it leads to, and texts side by side may overlap so far


def multiplied(one: Matrix, other: Matrix) -> Matrix:
    """Return the matrix that moves by *one*, then by *other* (ISO 32000-1, 8.3.4)."""
    a, b, c, d, e, f = one
    p, q, r, s, t, u = other
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def moved(x: float, y: float, by: Matrix) -> Point:
    """Return where the point at *x* and *y* comes to stand if moved *by* a matrix."""
    return x * by[0] + y * by[2] + by[4], x * by[1] + y * by[3] + by[5]


def corners(box: Box, by: Matrix) -> list[Point]:
    """Return the corners of *box*, one after the other, moved *by* a matrix."""
    left, bottom, right, top = box
    return [moved(x, y, by) for x, y in ((left, bottom), (right, bottom), (right, top), (left, top))]


def around(points: list[Point]) -> Box:
    """Return the smallest box in which all *points* lie."""
    columns, rows = zip(*points, strict=True)
    return min(columns), min(rows), max(columns), max(rows)


def common(one: Box, other: Box) -> Box:
    """Return what two boxes have in common: if nothing, a box in which nothing lies."""
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


def holds(box: Box, x: float, y: float, slack: float = SLACK) -> bool:
    """Tell whether the point at *x* and *y* lies in *box*, or hardly out of it."""
    left, bottom, right, top = box
    return left - slack <= x <= right + slack and bottom - slack <= y <= top + slack


def windings(outline: list[list[Point]], x: float, y: float) -> tuple[int, int]:
    """Return how often the paths of *outline* go round the point at *x* and *y*, and how many lines there are to its right (8.5.3.3)."""
    turns = lines = 0
    for path in outline:
        for (left, bottom), (right, top) in zip(path, [*path[1:], *path[:1]], strict=True):
            if (bottom <= y) != (top <= y) and x < left + (y - bottom) * (right - left) / (top - bottom):
                turns += 1 if top > bottom else -1
                lines += 1
    return turns, lines
