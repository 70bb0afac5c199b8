"""The direction of text in Word, which has to be told of each run and paragraph that goes from right to left."""

import re
import unicodedata
from collections.abc import Iterator

# Letters that go from left to right (L), from right to left (R), and marks on them (M), by their class
# (https://www.unicode.org/reports/tr9/#Bidirectional_Character_Types); all else goes the way of what is around it.
KINDS = {"L": "L", "R": "R", "AL": "R", "NSM": "M"}


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
