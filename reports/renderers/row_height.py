"""Text + the width of its column -> the height of its row, for programs that fit no rows themselves (LibreOffice 7.4).

Which font a register is shown in is up to the reader's machine: Calibri, Carlito, which has its widths, or whatever stands in for them.
Column widths are counted in digits of that same font. Measured so, texts are as wide in our own sans as in Calibri, DejaVu Sans and
Liberation Sans, or up to a tenth wider; MARGIN is what Excel adds when it draws each letter on whole pixels.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache, lru_cache

from reports.renderers.fonts import font_file

MOST = 409  # points, the highest row that Excel has
TEXT_SIZE, LINE = 11, 15  # points of Calibri, and of one line of it as Excel sets them
OTHER_LINE = 20  # of letters that our font lacks: those of Han, Arabic or Georgian fonts are higher
FRAME = 0.75  # one pixel, so that no height is the default one, which no file states

WEIGHT, MARGIN = 400, 1.07
IDEOGRAPH, OTHER_LETTER = 2.1, 1.3  # the widths, in digits, of letters that our font lacks
WIDEST = 1.8  # of all letters of ASCII
BREAK = "\n"
SEAM = re.compile(r"(?<=[-/–—?&])")  # where programs break an address or another word that is too long for a line


def height(text: str, room: float, size: float = TEXT_SIZE) -> float:
    """Return how high, in points, a row is that shows *text* of that *size* where there is *room* for so many digits; at most MOST."""
    points = _height(text, room * TEXT_SIZE / size) * size / TEXT_SIZE + FRAME
    return min(points, MOST)


def width(text: str, size: float = TEXT_SIZE) -> float:
    """Return how wide *text* of that *size* is on one line, in digits."""
    return sum(map(_advance, text)) * size / TEXT_SIZE


@lru_cache(maxsize=2**16)
def _height(text: str, room: float) -> int:
    # The space lets a line break at the very end begin a line, as it does in a cell.
    lines = sum(_count_lines(line, room) for line in f"{text} ".splitlines())
    return lines * (LINE if text.isascii() or all(map(_is_known, text)) else OTHER_LINE)


def _count_lines(text: str, room: float) -> int:
    """Return how many lines *text* takes."""
    if len(text) * WIDEST <= room and text.isascii():
        return 1
    lines, used = 1, 0.0
    for piece in _pieces(text, room):
        advance = _advance_of_word(piece) if piece != BREAK else room
        if used and used + advance > room and piece not in ("", " "):
            lines, used = lines + 1, 0.0
        used += advance if piece != BREAK else 0
    return lines


def _pieces(text: str, room: float) -> Iterator[str]:
    """Yield the pieces between which *text* is broken: its words, the parts of those too long for a line, their letters if need be.

    LibreOffice begins a new line before it breaks a part between letters.
    """
    for word in text.split(" "):
        for part in (word,) if _advance_of_word(word) <= room else SEAM.split(word):
            yield from (part,) if _advance_of_word(part) <= room else (BREAK, *part)
        yield " "


@lru_cache(maxsize=2**16)
def _advance_of_word(word: str) -> float:
    return sum(map(_advance, word))


@cache
def _advance(letter: str) -> float:
    """Return how wide *letter* is, in digits, with the margin."""
    return (_font()(letter) or _guess(letter)) * MARGIN


def _guess(letter: str) -> float:
    if unicodedata.combining(letter):
        return 0
    return IDEOGRAPH if unicodedata.east_asian_width(letter) in ("F", "W") else OTHER_LETTER


@cache
def _is_known(letter: str) -> bool:
    return letter.isspace() or _font()(letter) is not None


@cache
def _font() -> Callable[[str], float | None]:
    """Return what tells how wide a letter is in our font, in digits; none if it lacks the letter."""
    from fontTools.ttLib import TTFont

    font = TTFont(font_file("sans"), lazy=True)
    names, glyphs = font.getBestCmap(), font.getGlyphSet(location={"wght": WEIGHT})
    digit = glyphs[names[ord("0")]].width
    return lambda letter: glyphs[names[ord(letter)]].width / digit if ord(letter) in names else None
