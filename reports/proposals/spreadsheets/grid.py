"""Cells, as a reader comes upon them -> Sheet; no more of them than a register ever has."""

import math
from collections import defaultdict
from datetime import date, datetime, time, timedelta

from openpyxl.utils.datetime import WINDOWS_EPOCH, from_excel

from reports.proposals.sheets import Note, Row, Sheet, Value
from reports.readers.content import bound

MOST_SHEETS, MOST_CELLS = 200, 2_000_000  # a register of 10,000 milestones would have thirteen sheets and 1,440,000 cells


class Allowance:
    """The cells that a file may still have, in all its sheets together."""

    def __init__(self) -> None:
        self._spent = 0

    def spend(self, cells: int) -> None:
        """Take away so many *cells*; raises TooLargeError if there are not as many left."""
        self._spent += cells
        bound("cells", self._spent, MOST_CELLS)


class Grid:
    """A sheet that is being read: what its cells hold, by row from 1 and column from 0, wherever they are and in any order."""

    def __init__(self, name: str, allowance: Allowance) -> None:
        self.name = name
        self._allowance = allowance
        self._values: dict[int, dict[int, Value]] = defaultdict(dict)
        self._notes: dict[int, dict[int, list[Note]]] = defaultdict(lambda: defaultdict(list))
        self._broken: dict[int, dict[int, str]] = defaultdict(dict)

    def put(self, row: int, column: int, value: Value, broken: str = "", times: int = 1) -> None:
        """Let a cell, so many *times* side by side, hold *value*, or in its place what is *broken*; if neither, it is as if not there."""
        if not broken and value in (None, ""):
            return
        self._allowance.spend(times)
        for place in range(column, column + times):
            if broken:
                self._broken[row][place] = broken
            else:
                self._values[row][place] = value

    def annotate(self, row: int, column: int, note: Note) -> None:
        """Add *note* to a cell. Programs write the author, as a line of its own, into the text of a note too: it is taken away."""
        text = note.text.removeprefix(f"{note.author}:") if note.author else note.text
        if text.strip():
            self._allowance.spend(1)
            self._notes[row][column].append(note._replace(text=text.strip()))

    def sheet(self) -> Sheet:
        """Return the sheet, with every row that holds something."""
        numbers = sorted({*self._values, *self._notes, *self._broken})
        return Sheet(self.name, tuple(self._row(number) for number in numbers))

    def _row(self, number: int) -> Row:
        values = self._values.get(number, {})
        width = max(values, default=-1) + 1
        self._allowance.spend(width - len(values))  # the empty ones before the last
        notes = {column: tuple(found) for column, found in sorted(self._notes.get(number, {}).items())}
        return Row(number, tuple(map(values.get, range(width))), notes, dict(sorted(self._broken.get(number, {}).items())))


def day(moment: date) -> date:
    """Return *moment* as a day if it is the midnight by which programs keep days."""
    return moment.date() if isinstance(moment, datetime) and moment.time() == time() else moment


def moment(number: float, epoch: datetime = WINDOWS_EPOCH) -> Value:
    """Return the day, the time or both for which a program has the serial *number*, or the number where no calendar has it."""
    try:
        found: date | time | timedelta = from_excel(number, epoch)
    except (OverflowError, ValueError):
        return number
    return found if isinstance(found, time) else day(found) if isinstance(found, date) else number


def numeral(text: str) -> float | str:
    """Return *text* as a number, or as it is where it is none."""
    try:
        number = float(text)
    except ValueError:
        return text
    return number if math.isfinite(number) else text
