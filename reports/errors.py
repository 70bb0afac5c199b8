"""Problems that a person has to mend, each at its place, and the characters that a text may hold."""

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

# What XML, of which Word and Excel files are made, can't hold (https://www.w3.org/TR/xml/#charsets).
NOT_WRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

# What nobody sees: controls, marks that turn the direction of writing, fillers and spaces without width, letters of tags. A text
# with them does not say what it shows, nor is it found by what it shows. The no-break space is seen. A soft hyphen, the (non-)joiners
# of Arabic and Indic letters and the selectors of variants are not among them: they shape the letters beside them.
NOT_TEXT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ud800-\udfff\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]"
)


def character_name(character: str) -> str:
    """Return *character* as people look it up: "U+202E (right-to-left override)"."""
    unnamed = "a control character" if unicodedata.category(character) == "Cc" else "no character"
    return f"U+{ord(character):04X} ({unicodedata.name(character, unnamed).lower()})"


def one_line(text: str) -> str:
    """Return *text* as one line that a terminal shows and does not obey, without its middle if it is long."""
    if len(text) > 1000:
        text = f"{text[:700]} … {text[-250:]}"
    return NOT_TEXT.sub(lambda match: match[0].encode("unicode_escape").decode(), text.replace("\t", r"\t").replace("\n", r"\n"))


class Location(NamedTuple):
    """A place in a file; *line* and *column* count from 1, and 0 means the file as a whole."""

    path: Path
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.path, self.line, self.column) if part)


class Problem(NamedTuple):
    """One thing to mend: what is wrong, then what would be right.

    That of a text whose *missing* characters no font of its style has is at the template that shows it. The text may come from the data:
    only the caller can look up where, and tell it with the same *advice*.
    """

    location: Location
    message: str
    missing: frozenset[str] = frozenset()
    advice: str = ""

    def __str__(self) -> str:
        return f"{one_line(str(self.location))}: {one_line(self.message)}"


class ReportsError(Exception):
    """Problems that the user can mend; anything else that is raised is a bug of ours."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = tuple(sorted(set(problems), key=lambda problem: (problem.location, problem.message)))
        super().__init__(*self.problems)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return " (did you mean 'x'?)" for the known word nearest to *word*, or nothing."""
    from difflib import get_close_matches

    nearest = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f" (did you mean '{nearest[0]}'?)" if nearest else ""


def reason(error: OSError) -> str:
    """Return what the system says of *error*, in our style."""
    return (error.strerror or str(error)).lower()
