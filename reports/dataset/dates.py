"""Uncertain dates: EDTF text <-> their earliest and latest day.

The forms are the ones that sources give, a part of the Extended Date/Time Format (ISO 8601-2,
https://www.loc.gov/standards/datetime/): a day, a month, a season or a year, each perhaps approximate or uncertain, and
intervals of these whose ends may be open.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

Precision = Literal["day", "month", "season", "year"]

FORMS = "2010-04-22, 2010-04, 2005-23 (autumn), 2010, 2010~ (about), 2010? (uncertain), 2003-02/2003-05 or 2004-12/.."
SEASONS = {21: "spring", 22: "summer", 23: "autumn", 24: "winter"}
FIRST_MONTH = {21: 3, 22: 6, 23: 9, 24: 12}

_POINT = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?(?P<mark>[~?%]?)", re.ASCII)


@dataclass(frozen=True)
class Point:
    """One date as precise as its source: *month* may be a season's code (21 to 24), *day* and *month* may be missing."""

    year: int
    month: int | None = None
    day: int | None = None
    mark: str = ""

    @property
    def precision(self) -> Precision:
        if self.day:
            return "day"
        if self.month:
            return "season" if self.month in SEASONS else "month"
        return "year"

    @property
    def approximate(self) -> bool:
        return self.mark in ("~", "%")

    @property
    def uncertain(self) -> bool:
        return self.mark in ("?", "%")

    @property
    def earliest(self) -> date:
        """The first day that is meant; a mark of doubt does not widen it."""
        month = FIRST_MONTH.get(self.month or 1, self.month or 1)
        return date(self.year, month, self.day or 1)

    @property
    def latest(self) -> date:
        """The last day that is meant; winter ends with the February of the next year."""
        if self.day:
            return self.earliest
        if self.month is None:
            return date(self.year, 12, 31)
        year, month = self.year, self.month
        if month in SEASONS:
            year, month = (year + 1, 2) if month == 24 else (year, FIRST_MONTH[month] + 2)
        return date(year, month, calendar.monthrange(year, month)[1])


@dataclass(frozen=True)
class Date:
    """A date or an interval: *text* in EDTF, *start* and *end* (the same point unless an interval; None where open)."""

    text: str
    start: Point | None
    end: Point | None

    @property
    def is_interval(self) -> bool:
        return "/" in self.text

    @property
    def earliest(self) -> date | None:
        return self.start.earliest if self.start else None

    @property
    def latest(self) -> date | None:
        return self.end.latest if self.end else None

    @property
    def order(self) -> tuple[date, date, str]:
        """A key to sort by: the earliest day, then the latest, then the text."""
        return (self.earliest or date.min, self.latest or date.max, self.text)

    @property
    def years(self) -> range:
        """The years that it touches; only the one that is known if an end is open."""
        known = [day.year for day in (self.earliest, self.latest) if day]
        return range(min(known), max(known) + 1)

    def overlaps(self, other: "Date") -> bool:
        """Return true if some day may be meant by both."""
        first, last = self.order[:2]
        return first <= other.order[1] and other.order[0] <= last

    def __str__(self) -> str:
        return self.text


@lru_cache(maxsize=65536)
def parse_date(text: str) -> Date:
    """Return the date that *text* writes in EDTF; raises ValueError that says what would be right."""
    if "/" not in text:
        point = _parse_point(text, text)
        return Date(text, point, point)
    start, end = (None if part == ".." else _parse_point(part, text) for part in text.split("/", maxsplit=1))
    if start is None and end is None:
        raise ValueError(f"the interval '{text}' has neither a start nor an end")
    if start and end and start.earliest > end.latest:
        raise ValueError(f"the interval '{text}' ends before it starts")
    return Date(text, start, end)


def _parse_point(text: str, whole: str) -> Point:
    match = _POINT.fullmatch(text)
    if not match:
        raise ValueError(f"'{whole}' is not a date; write it as {FORMS}")
    year, month, day = (int(match[part]) if match[part] else None for part in ("year", "month", "day"))
    point = Point(year or 0, month, day, match["mark"])
    if month in SEASONS and day:
        raise ValueError(f"'{whole}' is not a date: a season has no days")
    try:
        point.latest, point.earliest  # noqa: B018 - they raise ValueError when the calendar has no such day
        if 0 in (month, day):
            raise ValueError(text)
    except (ValueError, calendar.IllegalMonthError):
        raise ValueError(f"'{whole}' is not a date: the calendar has no such day or month") from None
    return point
