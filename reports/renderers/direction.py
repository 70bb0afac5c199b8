"""The direction of the parts of a line: for Word, to which each has to be told, and for drawings, whose letters are placed here."""

import re
import unicodedata
from collections.abc import Iterator

# Letters that go from left to right (L), from right to left (R), and marks on them (M), by their class
# (https://www.unicode.org/reports/tr9/#Bidirectional_Character_Types); all else goes the way of what is around it.
KINDS = {"L": "L", "R": "R", "AL": "R", "NSM": "M"}
# In a line from right to left, what goes from left to right: letters that do, with the numbers and signs between them, and numbers, of
# which "12,5" and "1/2" are one, and "2010, 2015" is two.
FOREIGN = re.compile(r"L(?:[^R]*[LE])?M*|E(?:C?E)*")


def kinds(text: str) -> str:
    """Return for each character of *text* one that says its kind; a dot if it has no direction of its own."""
    return "".join(KINDS.get(unicodedata.bidirectional(character), ".") for character in text)


def stretches(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the parts of *text*, a line from left to right, and for each whether it goes from right to left.

    Such a part begins and ends with letters that do: spaces, signs and numbers between them are in it.
    """
    done = 0
    for match in re.finditer("R([^L]*R)?M*", kinds(text)):
        if before := text[done : match.start()]:
            yield before, False
        yield text[match.start() : match.end()], True
        done = match.end()
    if after := text[done:]:
        yield after, False


def placed(text: str, is_rtl: bool) -> list[tuple[str, bool]]:
    """Return the parts of a line as they stand from left to right, and for each whether it is read from right to left.

    *is_rtl* tells that the line is. It is what the Unicode Bidirectional Algorithm says of a line without marks of embedding.
    """
    if not is_rtl:
        return [*stretches(text)]
    classes = {"EN": "E", "AN": "E", "CS": "C", "ES": "C"}
    signs = "".join(KINDS.get(kind, classes.get(kind, ".")) for kind in map(unicodedata.bidirectional, text))
    parts: list[tuple[str, bool]] = []
    done = 0
    for match in FOREIGN.finditer(signs):
        parts += [(text[done : match.start()], True), (text[match.start() : match.end()], False)]
        done = match.end()
    return [part for part in reversed([*parts, (text[done:], True)]) if part[0]]
