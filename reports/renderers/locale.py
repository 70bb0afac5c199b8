"""One language: its terms, and its dates and numbers as Babel writes them."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import babel
from babel.dates import format_date, format_interval
from babel.numbers import format_decimal

from reports.dataset.dates import SEASONS, Date, Point, parse_date
from reports.errors import Location, Problem, ReportsError, did_you_mean
from reports.files import is_file_in, leads_out
from reports.yamlfile import YamlFile

# The fields that each precision shows: of an interval as a CLDR skeleton, of one date as a pattern of Babel's.
SKELETONS = {"month": "yMMMM", "year": "y"}
PATTERNS = {"day": "long", "month": "MMMM y", "year": "y"}


class Code(NamedTuple):
    """One code of the data: its *group* of terms, the dotted *key* in it, and the *term* that readers see."""

    group: str
    key: str
    term: str


class Locale:
    """The words of one language, from templates/locale/<language>.yaml, and its way to write dates and numbers.

    The file's *tag* is the full BCP 47 tag, such as en-GB; everything else in it is terms, nested as their keys are.
    """

    def __init__(self, templates: Path, language: str) -> None:
        path = templates / "locale" / f"{language}.yaml"
        if not (is_file_in(path, templates) or leads_out(path, templates)):
            raise ReportsError(Problem(Location(path), f"is missing: the terms for the language '{language}'"))
        self.file = YamlFile(path, templates)
        self.tag = self.term("tag")
        try:
            self.babel = babel.Locale.parse(self.tag, sep="-")
        except (ValueError, babel.UnknownLocaleError):
            raise ReportsError(Problem(self.file.locate(("tag",)), f"'{self.tag}' is not a language that is known")) from None

    def term(self, key: str, **values: object) -> str:
        """Return the term at the dotted *key* with *values* in its braces; raises ReportsError if there is none."""
        at: Any = self.file.data
        keys = tuple(key.split("."))
        for depth, part in enumerate(keys):
            if not isinstance(at, dict) or part not in at:
                near = did_you_mean(part, at) if isinstance(at, dict) else ""
                raise ReportsError(Problem(self.file.locate(keys[:depth]), f"there is no term '{key}'{near}"))
            at = at[part]
        if not isinstance(at, str):
            raise ReportsError(Problem(self.file.locate(keys), f"'{key}' is a group of terms, not a term"))
        try:
            return at.format(**values)
        except (AttributeError, LookupError, TypeError, ValueError):
            known = ", ".join(f"{{{name}}}" for name in values) or "none"
            raise ReportsError(Problem(self.file.locate(keys), f"braces in '{key}' that nothing fills; known here: {known}")) from None

    def codes(self, *groups: str) -> list[Code]:
        """Return every term of *groups*, with its group and the key under which its meaning stands."""
        terms: Any = self.file.data
        keys = [(group, f"{group}.{name}") for group in groups for name in terms.get(group, {})]
        return [Code(group, key, self.term(key)) for group, key in keys]

    def value(self, value: object) -> str:
        """Return the value of any field in words: a date, a list, or a text that may be a date in EDTF."""
        if isinstance(value, Date):
            return self.date(value)
        if isinstance(value, tuple):
            return ", ".join(map(str, value))
        try:
            return self.date(parse_date(str(value)))
        except ValueError:
            return "–" if value is None else str(value)

    def number(self, value: Decimal | int | float) -> str:
        return format_decimal(value, locale=self.babel)

    def date(self, date: Date) -> str:
        """Return *date* in words, exactly as precise as it is: "April 2010", "autumn 2005", "since December 2004"."""
        if date.start and date.end:
            return self._interval(date.start, date.end) if date.is_interval else self._point(date.start)
        if date.start:
            return self.term("date.since", date=self._point(date.start))
        return self.term("date.until", date=self._point(date.end)) if date.end else date.text

    def _interval(self, start: Point, end: Point) -> str:
        if start.precision != end.precision or start.precision == "season" or start.mark or end.mark:
            return self.term("date.from_to", start=self._point(start), end=self._point(end))
        if start.precision != "day":
            return str(format_interval(start.earliest, end.earliest, SKELETONS[start.precision], locale=self.babel))
        # CLDR has patterns of intervals of days for short months only; ours are in full.
        differs = "y" if start.year != end.year else "M" if start.month != end.month else "d"
        days = zip((start.earliest, end.earliest), self.babel.interval_formats["yMMMd"][differs], strict=True)
        return "".join(format_date(day, re.sub("MMM+", "MMMM", pattern), locale=self.babel) for day, pattern in days)

    def _point(self, point: Point) -> str:
        if point.precision == "season":
            text = self.term(f"date.{SEASONS[point.month or 0]}", year=point.year)
        else:
            text = format_date(point.earliest, PATTERNS[point.precision], locale=self.babel)
        if point.approximate:
            text = self.term("date.about", date=text)
        return self.term("date.uncertain", date=text) if point.uncertain else text
