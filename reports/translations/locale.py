"""One language: its terms, and its dates and numbers as Babel writes them."""

import re
import unicodedata
from collections.abc import Mapping
from copy import deepcopy
from decimal import Decimal
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import babel
from babel import localedata
from babel.core import get_global
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal

from reports.dataset.dates import SEASONS, Date, Point, parse_date
from reports.dataset.model import About
from reports.errors import Problem, ReportsError, did_you_mean
from reports.translations.checks import PLURALS, script_of
from reports.translations.collation import Collation
from reports.translations.terms import merged, own_terms, read_terms
from reports.yamlfile import YamlFile

ALPHABETS = Path("locale", "alphabets.yaml")
RIGHT_TO_LEFT = frozenset(("Adlm", "Arab", "Hebr", "Nkoo", "Rohg", "Syrc", "Thaa"))  # scripts, by their codes in ISO 15924

# The fields that each precision shows, as CLDR skeletons: each language has its own pattern for them (https://unicode.org/reports/tr35/
# tr35-dates.html), such as "travanj 2010." where a day is "22. travnja 2010.".
SKELETONS = {"day": "yMMMMd", "month": "yMMMM", "year": "y"}

WORD = re.compile(r"([^\W\d_]+)")


def is_right_to_left(tag: str) -> bool:
    """Return true if the language *tag* is written from right to left; one that nobody knows is not.

    Its script tells: for the order of its characters, Babel reads all that it knows of a language, of which a page may name a dozen.
    """
    return script_of(tag) in RIGHT_TO_LEFT


SCRIPTS = {"LATIN": "Latn", "CYRILLIC": "Cyrl"}  # by the first word of the names of their letters


@lru_cache
def with_region(tag: str, text: str, *around: str) -> str:
    """Return the language *tag* of *text* with a region, by which Word knows dictionaries: "hr-HR", or "bs-Latn-BA" if it has two scripts.

    A language that is also one of those *around* the text has that one's region, and any other the region where most of its speakers are.
    """
    language, *more = tag.split("-")
    if more and len(more[-1]) == 2:
        return tag
    for other in (other for other in around if other.startswith(f"{tag}-")):
        return other
    likely = get_global("likely_subtags")
    _, script, region = (likely.get(tag.replace("-", "_")) or likely.get(language) or f"{language}__").split("_")
    letter = next(filter(str.isalpha, text), " ")
    script = more[0] if more else SCRIPTS.get(unicodedata.name(letter, " ").split(" ")[0], script)
    return "-".join(filter(None, (language, script if localedata.exists(f"{language}_{script}") else "", region)))


class DateText(str):
    """A date in words as it stands alone, "april 2010.", with its words in the other *cases* of the language, "aprila 2010."."""

    __slots__ = ("cases",)
    cases: Mapping[str, str]

    def __new__(cls, text: str, cases: Mapping[str, str] = {}) -> "DateText":
        made = super().__new__(cls, text)
        made.cases = cases
        return made

    def case(self, name: str) -> "DateText":
        """Return the same date in the case *name*; raises LookupError if the language has no such case."""
        return DateText(self.cases[name], self.cases)

    def __format__(self, spec: str) -> str:
        return str(self.case(spec) if spec else self)


class Code(NamedTuple):
    """One code of the data: its *group* of terms, the dotted *key* in it, and the *term* that readers see."""

    group: str
    key: str
    term: str


class _OwnLocale(babel.Locale):
    """A language as CLDR has it, with data of its own.

    In Babel 2.18 languages share what none of them words otherwise, and what it finds there for one, it keeps there for all: in a process
    that has asked for Hebrew months, the Bosnian ones are Hebrew.
    """

    @cached_property
    def _data(self) -> localedata.LocaleDataDict:
        return localedata.LocaleDataDict(deepcopy(super()._data._data))


@cache
def cldr(tag: str) -> babel.Locale:
    """Return the language *tag*, "sr-Cyrl-BA", as CLDR has it; raises ValueError or babel.UnknownLocaleError for what is none."""
    return _OwnLocale.parse(tag, sep="-")


class Locale:
    """The words of one language, from templates/locale/<language>.yaml, and its way to write dates and numbers.

    The file's *tag* is the full BCP 47 tag, such as en-GB, and *case* has the names of months and seasons in the cases that the terms
    ask for, `od {date:genitive}`; everything else in it is terms, nested as their keys are. The codes that the dataset *about* which
    it tells adds have their terms there. *used* collects what was read, with its digest.
    """

    def __init__(self, templates: Path, language: str, about: About | None = None) -> None:
        self._templates = templates
        self.file, used = read_terms(templates, language)
        self.terms: Any = merged(self.file.data, own_terms(about)) if about else self.file.data
        self.used: dict[Path, str] = {**used}
        self._dates: dict[Date, DateText] = {}
        self.tag = self.term("tag")
        try:
            self.babel = cldr(self.tag)
        except (ValueError, babel.UnknownLocaleError):
            raise ReportsError(Problem(self.file.locate(("tag",)), f"'{self.tag}' is not a language that is known")) from None

    @cached_property
    def collation(self) -> Collation:
        """The order of the language, by the most special tag that has an alphabet: "sr-Latn" before "sr"."""
        path = self._templates / ALPHABETS
        self.used[path] = ""
        if not path.exists():
            return Collation()
        file = YamlFile(path, self._templates)
        self.used[path] = file.digest
        alphabets: Any = file.data if isinstance(file.data, dict) else {}
        parts = self.tag.split("-")
        tags = ("-".join(parts[:length]) for length in range(len(parts), 0, -1))
        tag = next((tag for tag in tags if tag in alphabets), None)
        alphabet = alphabets.get(tag, "")
        if not isinstance(alphabet, str) or alphabets is not file.data:
            place = file.locate((tag,) if tag else ())
            raise ReportsError(Problem(place, "is no alphabet; write the letters of a language as in 'hr: c č ć, d dž đ'"))
        return Collation(alphabet)

    @cached_property
    def cases(self) -> Mapping[str, Mapping[str, str]]:
        """The names of the months in each case that dates have beside the one in which they stand alone, by those that Babel knows."""
        declared: Any = self.file.data.get("case", {})  # type: ignore[union-attr]  # the tag was found in it
        known = [self.babel.months[context]["wide"] for context in ("stand-alone", "format")]
        cases = {}
        for case, names in declared.items() if isinstance(declared, dict) else ():
            months = names.get("months") if isinstance(names, dict) else None
            if not isinstance(months, list) or len(months) != len(known[0]):
                raise ReportsError(Problem(self.file.locate(("case", case)), f"the {case} needs 'months', the names of all of them"))
            cases[case] = {alone[number]: name for alone in known for number, name in enumerate(months, start=1)}
        return cases

    def term(self, key: str, **values: object) -> str:
        """Return the term at the dotted *key* with *values* in its braces; raises ReportsError if there is none.

        Of one that is a form for each kind of numbers, `{one: "{count} claim", other: "{count} claims"}`, the value *count* chooses; it is
        written as the language writes numbers.
        """
        at: Any = self.terms
        keys = tuple(key.split("."))
        for depth, part in enumerate(keys):
            if not isinstance(at, dict) or part not in at:
                near = did_you_mean(part, at) if isinstance(at, dict) else ""
                raise ReportsError(Problem(self.file.locate(keys[:depth]), f"there is no term '{key}'{near}"))
            at = at[part]
        if is_plural(at):
            at = self._form(at, keys, values.get("count"))
        if not isinstance(at, str):
            raise ReportsError(Problem(self.file.locate(keys), f"'{key}' is a group of terms, not a term"))
        if isinstance(count := values.get("count"), int | float | Decimal):
            values["count"] = self.number(count)
        if values and self.cases:  # a text that is no date reads the same in all of them
            values |= {name: DateText(value, dict.fromkeys(self.cases, value)) for name, value in values.items() if type(value) is str}
        try:
            return at.format(**values)
        except (AttributeError, LookupError, TypeError, ValueError):
            known = ", ".join(f"{{{name}}}" for name in values) or "none"
            raise ReportsError(Problem(self.file.locate(keys), f"braces in '{key}' that nothing fills; known here: {known}")) from None

    def _form(self, forms: Mapping[str, Any], keys: tuple[str, ...], count: object) -> Any:
        """Return the one of *forms*, found at *keys*, in which the language counts *count* things."""
        if not isinstance(count, int | float | Decimal):
            message = f"'{'.'.join(keys)}' has a form for each kind of numbers, and no count to choose by is given here"
            raise ReportsError(Problem(self.file.locate(keys), message))
        return forms.get(self.babel.plural_form(count), forms["other"])

    def codes(self, *groups: str) -> list[Code]:
        """Return every term of *groups*, with its group and the key under which its meaning stands."""
        keys = [(group, f"{group}.{name}") for group in groups for name in self.terms.get(group, {})]
        return [Code(group, key, self.term(key)) for group, key in keys]

    def value(self, value: object) -> str:
        """Return the value of any field in words: a date, a list, a part with fields of its own, or a text that may be a date in EDTF."""
        if isinstance(value, Date):
            return self.date(value)
        if isinstance(value, Mapping):
            return "; ".join(self.value(each) for each in value.values())
        if isinstance(value, list | tuple):
            return ", ".join(self.value(each) for each in value)
        try:
            return self.date(parse_date(str(value)))
        except ValueError:
            return "–" if value is None else value if isinstance(value, str) else str(value)

    def number(self, value: Decimal | int | float) -> str:
        return format_decimal(value, locale=self.babel)

    def date(self, date: Date) -> DateText:
        """Return *date* in words, exactly as precise as it is: "April 2010", "autumn 2005", "since December 2004"."""
        if date not in self._dates:  # a document shows most of them many times
            self._dates[date] = self._in_words(date)
        return self._dates[date]

    def _in_words(self, date: Date) -> DateText:
        if date.start and date.end:
            return self._interval(date.start, date.end) if date.is_interval else self._point(date.start)
        if date.start:
            return self._around("date.since", date=self._point(date.start))
        return self._around("date.until", date=self._point(date.end)) if date.end else self._declined(date.text)

    def _interval(self, start: Point, end: Point) -> DateText:
        if start.precision != end.precision or start.precision == "season" or start.mark or end.mark:
            return self._around("date.from_to", start=self._point(start), end=self._point(end))
        first, last = self._point(start), self._point(end)
        if first == last:
            return first
        differs = "y" if start.year != end.year else "M" if start.month != end.month else "d"
        in_full, short = (self._by_pattern(start, end, key) for key in ("y", differs))
        # CLDR writes some intervals otherwise than the dates in them: Czech months as numbers, Bosnian years without their full stop.
        # A letter for "year" may stand once, behind both.
        agrees = short and in_full.endswith(last) and (start.precision == "year" or in_full.startswith(first))
        return self._declined(short if agrees else str(self.babel.interval_formats[None].format(first, last)))

    def _by_pattern(self, start: Point, end: Point, differs: str) -> str:
        """Return the interval as CLDR writes one whose ends differ in the field *differs*, months in full; nothing if it has no pattern.

        Where CLDR has it wrong, the terms of the language have the patterns of both ends under `interval`, with a bar between them.
        """
        formats, skeleton = self.babel.interval_formats, SKELETONS[start.precision]
        patterns = (formats.get(skeleton) or formats.get("yMMMd", {})).get(differs, ())
        if skeleton in self.file.data.get("interval", {}):  # type: ignore[union-attr]  # the tag was found in it
            patterns = self.term(f"interval.{skeleton}.{differs}").split("|")
        fields = {"d": re.findall("d+", self.babel.date_formats["long"].pattern)[0], "M": "MMMM"}
        if len(patterns) != 2:  # Babel takes a pattern with LLLL and MMMM for one date
            return ""
        days = (start.earliest, end.earliest)
        in_full = [re.sub("'[^']*'|d+|MMM+", lambda match: fields.get(match[0][0], match[0]), pattern) for pattern in patterns]
        return "".join(format_date(day, pattern, locale=self.babel) for day, pattern in zip(days, in_full, strict=True))

    def _point(self, point: Point) -> DateText:
        if point.precision == "season":
            name = SEASONS[point.month or 0]
            cases = {case: self.term(f"case.{case}.{name}", year=point.year) for case in self.cases}
            text = DateText(self.term(f"date.{name}", year=point.year), cases)
        elif point.precision == "day":
            text = self._declined(format_date(point.earliest, "long", locale=self.babel))
        else:
            text = self._declined(format_skeleton(SKELETONS[point.precision], point.earliest, locale=self.babel))
        if point.approximate:
            text = self._around("date.about", date=text)
        return self._around("date.uncertain", date=text) if point.uncertain else text

    def _declined(self, text: str) -> DateText:
        """Return *text*, a date as Babel writes it, with its months in each case of the language."""
        words = WORD.split(text)
        return DateText(text, {case: "".join(names.get(word, word) for word in words) for case, names in self.cases.items()})

    def _around(self, key: str, **dates: DateText) -> DateText:
        """Return the term at *key* around *dates*, and in each case of the language the same around them in that case."""
        cases = {case: self.term(key, **{name: date.case(case) for name, date in dates.items()}) for case in self.cases}
        return DateText(self.term(key, **dates), cases)


def is_plural(term: object) -> bool:
    """Tell whether *term* is a form for each kind of numbers, and no group of terms."""
    return isinstance(term, dict) and "other" in term and term.keys() <= {*PLURALS}
