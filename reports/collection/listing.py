"""The results of datasets -> the lines of a table."""

from collections.abc import Sequence

HEADINGS = ("", "made", "up to date", "not made", "edited", "problems", "seconds")
WIDTHS = (32, 6, 11, 9, 7, 9, 8)


def to_line(cells: Sequence[str]) -> str:
    """Return *cells* as one line: the name, then numbers."""
    first, *others = zip(cells, WIDTHS, strict=True)
    return f"{first[0]:<{first[1]}}" + "".join(f"{cell:>{width}}" for cell, width in others)
