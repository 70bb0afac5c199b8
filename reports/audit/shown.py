"""What a finished file says, read back from it: the same shape for every format."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

ANCHOR = "source-"  # what stands before a source's id in the anchor of its entry
MARK = re.compile(r"\[(\d{1,6})\]")
NUMBER = re.compile(r"(?<!\d)\d{1,6}(?!\d)")  # Python refuses to read a number of thousands of digits, and no list is so long
ADDRESSES = ("http:", "https:", "mailto:")
# A soft hyphen stands where a word may be broken: a PDF leaves it out, or prints the other one where it breaks the word.
HYPHENS = str.maketrans("", "", "\N{SOFT HYPHEN}\N{HYPHEN}")


class Kind(StrEnum):
    """What a passage is."""

    ROW = "row"
    HEAD = "head"
    CAPTION = "caption"
    TEXT = "text"


@dataclass(frozen=True)
class Link:
    """A text that leads somewhere: to `#<anchor>` in the same file, or to an address."""

    text: str
    target: str


@dataclass(frozen=True)
class Passage:
    """One row, caption, paragraph, heading or list item, and the *place* where a person finds it.

    A row has its *cells* and, if the file tells them, the *headings* of their columns; a row of headings has its cells; anything
    else is one cell. A row and a caption know which *table* of the file they belong to. *anchors* are the names by which links lead here.
    """

    kind: Kind
    place: str
    cells: tuple[str, ...]
    table: str = ""
    headings: tuple[str, ...] = ()
    anchors: frozenset[str] = frozenset()
    links: tuple[Link, ...] = ()

    @cached_property
    def text(self) -> str:
        return " ".join(self.cells)

    @cached_property
    def marks(self) -> tuple[tuple[int, Link], ...]:
        """The marks `[n]` in the passage: links, and not out of the file. Other brackets are the texts' own: 'Act [2012] 31'."""
        found = [(MARK.fullmatch(squeeze(link.text)), link) for link in self.links if not link.target.startswith(ADDRESSES)]
        return tuple((int(mark[1]), link) for mark, link in found if mark)

    def under(self, heading: str) -> str | None:
        """Return the cell under *heading*; none if there is no such column, and an empty one if the row is too short for it."""
        if heading not in self.headings:
            return None
        return dict(zip(self.headings, self.cells, strict=False)).get(heading, "")

    @cached_property
    def squeezed(self) -> str:
        return squeeze(self.text)


@dataclass(frozen=True)
class Grid:
    """The values of a sheet, from its first cell, with their types, and where the cells at (row, column), from 0, lead to."""

    name: str
    rows: tuple[tuple[Any, ...], ...]
    links: Mapping[tuple[int, int], str]


@dataclass(frozen=True)
class Concealed:
    """A *place* where a reader does not see what the file holds, and *why*."""

    place: str
    why: str


@dataclass(frozen=True)
class Around:
    """What a file says beside its text: its *properties* by name, what *margins* say by place, and the descriptions of *pictures*."""

    properties: Mapping[str, str]
    margins: tuple[tuple[str, str], ...] = ()
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Shown:
    """All that one file says: its *text* in reading order, its *passages*, what it conceals, and the dataset that it carries.

    A workbook has *grids*, one for each sheet; a CSV file has one, without a name. A PDF has *destinations*, the names by which links
    lead to places, since which passage stands at a place can only be guessed.
    """

    text: str
    passages: tuple[Passage, ...]
    concealed: tuple[Concealed, ...] = ()
    attached: bytes | None = None
    grids: tuple[Grid, ...] = ()
    destinations: frozenset[str] = frozenset()
    around: Around | None = None

    @cached_property
    def squeezed(self) -> str:
        return squeeze(self.text)

    @cached_property
    def by_anchor(self) -> Mapping[str, Passage]:
        """The passage that each anchor leads to: the smallest, where one stands in another."""
        found: dict[str, Passage] = {}
        for passage in self.passages:
            for anchor in passage.anchors:
                if anchor not in found or len(passage.squeezed) < len(found[anchor].squeezed):
                    found[anchor] = passage
        return found

    @cached_property
    def rows(self) -> Mapping[str, tuple[Passage, ...]]:
        """The rows of each table that has any, headings aside."""
        tables: dict[str, list[Passage]] = defaultdict(list)
        for passage in self.passages:
            if passage.kind == Kind.ROW:
                tables[passage.table].append(passage)
        return {table: tuple(rows) for table, rows in tables.items()}


def squeeze(text: str) -> str:
    """Return *text* without its white space, and without the hyphens at which words may be broken, which differ from format to format."""
    return "".join(text.split()).translate(HYPHENS)


def collapse(text: str) -> str:
    """Return *text* with a single space where white space stands, as people see it."""
    return " ".join(text.split())


def stretch(text: str, start: int) -> str:
    """Return some of *text*, from some words before its *start*, which counts what is left when it is squeezed, to some words after it."""
    letters = [at for at, letter in enumerate(text) if squeeze(letter)]
    first, last = max(0, start - 20), min(len(letters), start + 40) - 1
    return collapse(text[letters[first] : letters[last] + 1]) if first <= last else ""


def difference(text: str, written: str) -> tuple[str, str]:
    """Return what a file says with *text*, and what its template says with *written*, from about where the two begin to differ."""
    if max(len(text), len(written)) <= 60:
        return f"says '{text}'", f"the template says '{written}'"
    same = length_in_common(squeeze(text), squeeze(written))
    says = "goes on" if same else "begins"
    return f"{says} '{stretch(text, same)}…'", f"the template {says} '{stretch(written, same)}…'"


def length_in_common(text: str, other: str) -> int:
    """Return with how many of the same letters the two begin."""
    return next((at for at, (one, two) in enumerate(zip(text, other, strict=False)) if one != two), min(len(text), len(other)))


def column_letters(column: int) -> str:
    """Return the name that a spreadsheet has for the *column*, counted from 0."""
    return (column_letters(column // 26 - 1) if column >= 26 else "") + chr(ord("A") + column % 26)


def row_place(where: str, cells: Iterable[str]) -> str:
    """Return *where*, and the first text of the row with these *cells*, by which a person finds it."""
    first = next((cell for cell in cells if cell), "")
    return f"{where}, row '{shorten(first)}'"


def shorten(text: str, length: int = 60) -> str:
    """Return *text* on one line, cut after *length* characters."""
    text = collapse(text)
    return text if len(text) <= length else f"{text[:length]}…"


def numbers_in(text: str) -> list[int]:
    """Return the numbers that stand in *text*, a cell under a heading that announces numbers."""
    return [int(number) for number in NUMBER.findall(text)]
