"""Dates as people and programs write them in a cell -> the dates in EDTF that they can mean."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import chain

import babel
from babel import localedata

from reports.dataset.dates import SEASONS, parse_date
from reports.translations.locale import Locale, cldr

SCRIPTS = ("Latn", "Cyrl")
NUMERIC = re.compile(r"(\d{1,2})[./-] ?(\d{1,2})[./-] ?(\d{4}|\d{2})\.?", re.ASCII)  # in this order, as all of Europe writes them
YEAR_FIRST = re.compile(r"(\d{4})[./-] ?(\d{1,2})[./-] ?(\d{1,2})\.?(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?", re.ASCII)
MONTH_AND_YEAR = re.compile(r"(\d{1,2})[./] ?(\d{4})\.?", re.ASCII)
YEAR = re.compile(r"(\d{4})\.?", re.ASCII)
IN_WORDS = re.compile(r"(?:(?P<day>\d{1,2})(?:\.|st|nd|rd|th)?[ -]?)?(?P<month>[^\W\d]+)\.?[ ,-]{1,2}(?P<year>\d{4}|\d{2})\.?")
MONTH_FIRST = re.compile(r"(?P<month>[^\W\d]+)\.? (?P<day>\d{1,2})(?:st|nd|rd|th)?, ?(?P<year>\d{4})")
DAY = re.compile(r"\d{1,2}\.?", re.ASCII)
# A dash between two dates: a long one, a hyphen with spaces around it or behind a full stop, or one between two years.
DASH = re.compile(r"\s*[–—]\s*|\s+-\s+|(?<=\.)-(?=\d)|(?<=^\d{4})-(?=\d{4}$)")
INFLECTED = ("a", "u", "а", "у")  # ends of the names of months in a date, Latin and Cyrillic: aprila, децембра


class DateReader:
    """The reader of dates in the words of *locale*, in the names of months of *languages*, or in figures.

    Where two languages have one name for different months, as Croatian and Polish have "listopad", the first of them is followed.
    """

    def __init__(self, locale: Locale, languages: Iterable[str]) -> None:
        self._locale = locale
        self._months: dict[str, int] = {}
        for known in chain([locale.babel], _locales(languages)):
            for names in (known.months[context][width] for context in ("format", "stand-alone") for width in ("wide", "abbreviated")):
                for number, name in names.items():
                    self._months.setdefault(name.casefold().rstrip("."), number)
        for alone, name in ((alone, name) for case in locale.cases.values() for alone, name in case.items()):
            self._months.setdefault(name.casefold(), self._months[alone.casefold()])

    def read(self, text: str) -> tuple[str, ...]:
        """Return the dates that *text* can mean, the likeliest first; none if it is no date."""
        text = " ".join(unicodedata.normalize("NFC", text).split())
        found = self._worded(text) or self._interval(text) or self._points(text)
        return tuple(dict.fromkeys(date for date in found if is_date(date)))

    def _worded(self, text: str) -> list[str]:
        """Return the dates in *text* as the terms of the locale have them around other dates, or the date that EDTF itself is."""
        if is_date(text):
            return [text]
        for key, mark in (("uncertain", "?"), ("about", "~")):
            if match := self._match(f"date.{key}", text, "date"):
                return [_marked(date, mark) for date in self.read(match[1])]
        if match := self._match("date.since", text, "date"):
            return [f"{date}/.." for date in self.read(match[1])]
        if match := self._match("date.until", text, "date"):
            return [f"../{date}" for date in self.read(match[1])]
        match = self._match("date.from_to", text, "start", "end")
        return [f"{start}/{end}" for start in self.read(match[1]) for end in self.read(match[2])] if match else []

    def _match(self, key: str, text: str, *names: str) -> re.Match[str] | None:
        term = self._locale.term(key, **dict.fromkeys(names, "\0"))
        return re.fullmatch("(.+)".join(map(re.escape, term.split("\0"))), text, re.IGNORECASE)

    def _interval(self, text: str) -> list[str]:
        """Return the intervals in *text*, whose start may lack what the end says: "14–15 February 2023"."""
        parts = DASH.split(text)
        if len(parts) != 2:
            return []
        start, end = parts
        return [f"{first}/{last}" for last in self._points(end) for first in self._starts(start, last)]

    def _starts(self, text: str, last: str) -> list[str]:
        if DAY.fullmatch(text) and last.count("-") == 2:
            return [f"{last[:7]}-{int(text.rstrip('.')):02}"]
        return self._points(text) or self._points(f"{text} {last[:4]}")

    def _points(self, text: str) -> list[str]:
        """Return what *text* means as one day, month, season or year."""
        if match := NUMERIC.fullmatch(text):
            return [date for year in _years(match[3]) for date in (_iso(year, match[2], match[1]), _iso(year, match[1], match[2]))]
        if match := YEAR_FIRST.fullmatch(text):
            return [_iso(*match.groups())]
        if match := MONTH_AND_YEAR.fullmatch(text):
            return [_iso(match[2], match[1])]
        if match := YEAR.fullmatch(text):
            return [match[1]]
        return [*self._seasons(text), *self._named(text)] if not is_date(text) else [text]

    def _seasons(self, text: str) -> Iterator[str]:
        groups = ("date", *(f"case.{case}" for case in self._locale.cases))
        for code, name, group in ((code, name, group) for code, name in SEASONS.items() for group in groups):
            match = self._match(f"{group}.{name}", text, "year")
            if match and YEAR.fullmatch(match[1]):
                yield f"{match[1][:4]}-{code}"

    def _named(self, text: str) -> Iterator[str]:
        """Yield the dates in *text* that has the name of a month."""
        match = MONTH_FIRST.fullmatch(text) or IN_WORDS.fullmatch(text)
        if match and (month := self._month(match["month"].casefold())):
            yield from (_iso(year, month, match["day"]) for year in _years(match["year"]))

    def _month(self, name: str) -> int | None:
        if name in self._months:
            return self._months[name]
        begins = sorted((known for known in self._months if len(known) > 2 and name.startswith(known)), key=len)
        return self._months[begins[-1]] if begins and name.endswith(INFLECTED) else None


def is_date(text: str) -> bool:
    """Return true if *text* is a date in EDTF."""
    try:
        parse_date(text)
    except ValueError:
        return False
    return True


def _locales(languages: Iterable[str]) -> Iterator[babel.Locale]:
    """Yield the locales of *languages*, each in every script that Babel knows it in."""
    for tag in languages:
        language = tag.split("-")[0]
        known = [tag, *(f"{language}-{script}" for script in SCRIPTS)]
        yield from (cldr(name) for name in known if localedata.exists(name.replace("-", "_")))


def _marked(date: str, mark: str) -> str:
    """Return *date* with *mark*, or with the one for both if it has the other."""
    return f"{date[:-1]}%" if date[-1] in "~?%" and date[-1] != mark else f"{date.rstrip(mark)}{mark}"


def _years(year: str) -> tuple[str, ...]:
    """Return *year* in full; of two figures it may be one of two, the later one first."""
    return (year,) if len(year) == 4 else (f"20{year}", f"19{year}")


def _iso(year: str, month: str | int, day: str | None = None) -> str:
    return "-".join([year, f"{int(month):02}", *([f"{int(day):02}"] if day else [])])
