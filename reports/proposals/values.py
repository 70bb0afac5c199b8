"""The value of a returned cell -> the value as data have it, by the field that its column says and the form in which it is written."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from difflib import SequenceMatcher
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import Any, NamedTuple

from reports.dataset.dates import parse_date
from reports.dataset.fields import RefersTo
from reports.dataset.model import Source, kind_of
from reports.editions.snapshot import MODELS, NO_PART, Part, Plain, RecordId, Snapshot, parts
from reports.errors import NOT_TEXT
from reports.proposals.dates import DateReader
from reports.proposals.sheets import Value
from reports.readers.csv import KEEPER
from reports.translations.locale import Locale

# What programs write otherwise when they save, and people do not mean: quotation marks, dashes, dots. No-break spaces are spaces.
SIGNS = str.maketrans(
    {**dict.fromkeys("‘’‚ʼ′`", "'"), **dict.fromkeys("“”„«»″", '"'), **dict.fromkeys("‐‑‒–—―−", "-"), "…": "...", "\xad": ""}
)
NOTHING = ("", "-")  # as a cell without a value is compared
EPOCHS = (date(1899, 12, 30), date(1904, 1, 1))  # of the serial numbers of days, in Excel for Windows and as once on the Mac
SERIALS = range(20000, 80000)  # of days from 1954 to 2118
KEPT = 2**18  # texts, each of which is compared many times: those of a register of 10,000 milestones
CUT = 255  # characters that some programs, such as SheetJS, keep of a text in a file of the old kind (.xls)
NAMES = ("abbreviation", "name", "title", "publisher")  # the fields by which a cell may name a record, beside its id


class Reading(NamedTuple):
    """A *value* as data have it, "" for none; *ask* says why it may not be what was meant, "" if it is clear."""

    value: str
    ask: str = ""


def text_of(value: Value) -> str:
    """Return *value* as a text in one line: a day in ISO 8601, a whole number without a point, "" for an empty cell."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _line(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


@lru_cache(maxsize=KEPT)
def _line(text: str) -> str:
    return _seen(KEEPER.sub("", text))


@lru_cache(maxsize=KEPT)
def fold(text: str) -> str:
    """Return *text* in the form in which texts are compared: without what programs change when they save."""
    return _seen(KEEPER.sub("", text).translate(SIGNS))


def _seen(text: str) -> str:
    """Return *text* in one line, without characters that nobody sees: chats and web pages leave them in what is copied from there."""
    return " ".join(NOT_TEXT.sub("", " ".join(unicodedata.normalize("NFC", text).split())).split())


def restore(base: str, theirs: str) -> str:
    """Return *theirs* with the signs of *base* in each word that differs only by what programs change."""
    old, new = (re.findall(r"\S+|\s+", text) for text in (base, theirs))
    matcher = SequenceMatcher(None, [fold(word) for word in old], [fold(word) for word in new], autojunk=False)
    for start, place, size in matcher.get_matching_blocks():
        new[place : place + size] = old[start : start + size]
    return "".join(new)


class ValueReader:
    """The reader of cells of one edition, whose data are *snapshot*, in the words of *locale*.

    *plain* has the texts that readers of the issued file see of prose, by record and field.
    """

    def __init__(self, snapshot: Snapshot, locale: Locale, plain: Mapping[tuple[str, str], str]) -> None:
        self._snapshot, self._locale, self._plain = snapshot, locale, plain
        spoken = Counter(source.get("language", "") for source in snapshot.content.get(kind_of(Source), ()))
        self.dates = DateReader(locale, [language for language, _ in spoken.most_common() if language])
        self._names: dict[tuple[str, ...], Mapping[str, tuple[str, ...]]] = {}

    @cached_property
    def ids(self) -> Mapping[str, RecordId]:
        """Every record by its id alone."""
        return {record.id: record for record in self._snapshot.records}

    @cached_property
    def is_nothing(self) -> frozenset[str]:
        """The words, folded, that stand where a record has no value."""
        return frozenset((*NOTHING, *(fold(self._locale.term(key)).casefold() for key in ("date.none",))))

    def record(self, identifier: str) -> Plain:
        """Return the record with the id *identifier*; an empty one if there is none."""
        return self._snapshot.records.get(self.ids[identifier], {}) if identifier in self.ids else {}

    def part(self, identifier: str, field: str) -> Part:
        """Return the declaration of *field* of the record with the id *identifier*."""
        return part_of(self.ids[identifier].kind, field) if identifier in self.ids else NO_PART

    def base(self, identifier: str, field: str) -> str:
        """Return the value of *field* in the record with the id *identifier*, as data have it; prose as readers see it."""
        if (identifier, field) in self._plain:
            return self._plain[identifier, field]
        value = self.record(identifier).get(field, self.part(identifier, field).default)
        if value is None:
            return ""
        return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)

    def printed(self, value: str, form: str) -> str:
        """Return *value* of a field of that *form* as documents print it, where that needs no other record."""
        return self._locale.date(parse_date(value)) if form == "date" and value else value

    def is_same(self, value: Value, issued: str) -> bool:
        """Return true if *value* is what was *issued*, whatever a program made of it."""
        if isinstance(value, bool):
            words = (str(value).casefold(), self._locale.term("yes" if value else "no").casefold(), "1" if value else "0")
            return fold(issued).casefold() in words
        if isinstance(value, int | float) and (_number(issued) == value or issued in _days(value)):
            return True
        theirs, ours = fold(text_of(value)), fold(issued)
        is_cut = isinstance(value, str) and len(value) == CUT and issued.startswith(value)
        return theirs == ours or is_cut or (theirs in NOTHING and ours in NOTHING)

    def read(self, value: Value, part: Part, group: str, base: str = "") -> Reading:
        """Return *value* as a field that is declared as *part* has it, where *base* stood; codes are words of the *group* of terms."""
        text = text_of(value)
        if fold(text).casefold() in self.is_nothing:
            return Reading("")
        if part.form == "date":
            return self.read_date(value, base)
        if part.form == "code":
            return self._code(text, group)
        if part.form == "references" and isinstance(part.mark, RefersTo):
            return self._references(value, part.mark.kinds, base)
        if isinstance(value, bool):
            text = self._locale.term("yes" if value else "no")
        is_guess = isinstance(value, date | time) and text != base
        restored = base if fold(text) == fold(base) else restore(base, text)
        return Reading(restored, f"a program may have made the date {text} of another text" if is_guess else "")

    def read_date(self, value: Value, base: str = "") -> Reading:
        """Return the date that *value* means, where *base* stood."""
        if fold(text_of(value)).casefold() in self.is_nothing:
            return Reading("")
        found = tuple(days) if (days := _days(value)) else self.dates.read(text_of(value))
        if base and base in found:
            return Reading(base)
        if not found:
            return Reading(text_of(value), f"'{text_of(value)}' is not a date that is understood")
        if days:
            return Reading(found[0], f"the number {text_of(value)} stands for a day, in some programs for {found[1]}")
        if len(found) > 1:
            return Reading(found[0], f"'{text_of(value)}' may mean {' or '.join(found)}: the first is taken")
        if _is_guess(value, base, found[0]):
            return Reading(found[0], f"a program may have made the day {found[0]} of a month or a year: did the person mean this day?")
        return Reading(found[0])

    def read_dates(self, changed: Mapping[str, Value], base: str) -> Reading:
        """Return the one date that the *changed* cells of a record mean, where *base* stood.

        A cell is called "" if it has the whole date in words, "text" if it has it in EDTF, and "earliest" or "latest" if it has a bound.
        """
        whole = [self.read_date(value, base) for name, value in changed.items() if name in ("", "text")]
        whole = [reading for reading in whole if reading.value != base]
        bounds = {name: self.read_date(text_of(value)) for name, value in changed.items() if name in ("earliest", "latest")}
        values = list(dict.fromkeys(reading.value for reading in whole))
        ask = next((reading.ask for reading in (*whole, *bounds.values()) if reading.ask), "")
        if not values:
            return self._bounded({name: reading.value for name, reading in bounds.items()}, base, ask) if bounds else Reading(base)
        told = [*values, *(f"{name} {bound.value}" for name, bound in bounds.items() if _bound(values[0], name) != bound.value)]
        return Reading(values[0], f"the cells of this date differ: {', '.join(told)}" if len(told) > 1 else ask)

    def _bounded(self, bounds: Mapping[str, str], base: str, ask: str) -> Reading:
        """Return the date that lies between *bounds*, of which one may be as it was in *base*."""
        first, last = (bounds.get(name, _bound(base, name)) for name in ("earliest", "latest"))
        if len(bounds) == 1 and base and _bound(base, "earliest") == _bound(base, "latest"):
            (first,) = (last,) = bounds.values()
        elif len(bounds) == 1:
            ask = ask or f"of the bounds of {base or 'no date'} only one was changed"
        if (first, last) == (_bound(base, "earliest"), _bound(base, "latest")):
            return Reading(base)  # written otherwise
        return Reading(_shortest(first, last), ask)

    def _code(self, text: str, group: str) -> Reading:
        codes = self._locale.codes(group)
        words = {fold(word).casefold(): code.key.split(".")[1] for code in codes for word in (code.key.split(".")[1], code.term)}
        code = words.get(fold(text).casefold())
        return Reading(code) if code else Reading(text, f"'{text}' is none of: {', '.join(code.term for code in codes)}")

    def _references(self, value: Value, kinds: tuple[str, ...], base: str) -> Reading:
        """Return the ids of the records that *value* names, between commas; those of *base*, if they are the same in another order."""
        found: list[str] = []
        unknown: list[str] = []
        for names in re.split(r"[;\n]", str(value)):
            known, strange = self._named(text_of(names), kinds)
            found, unknown = [*found, *known], [*unknown, *strange]
        if unknown:
            return Reading(text_of(value), f"no record, or more than one, is called {', '.join(map(repr, unknown))}")
        ids = list(dict.fromkeys(found))
        return Reading(base if set(ids) == set(base.split(", ")) else ", ".join(ids))

    def _named(self, names: str, kinds: tuple[str, ...]) -> tuple[list[str], list[str]]:
        """Return the ids of the records of *kinds* in *names*, between commas, which a name may have too; and the names that none has."""
        known, rest = self._names_of(kinds), [part.strip() for part in names.split(",") if part.strip()]
        found: list[str] = []
        strange: list[str] = []
        while rest:
            longer = list(accumulate(rest, "{}, {}".format))
            size = next((size for size in range(len(rest), 0, -1) if len(known.get(fold(longer[size - 1]).casefold(), ())) == 1), 0)
            if size:
                found += known[fold(longer[size - 1]).casefold()]
            else:
                strange.append(rest[0])
            rest = rest[size or 1 :]
        return found, strange

    def _names_of(self, kinds: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
        """Return the ids of the records of *kinds* that bear each name; an id is the name of its own record alone."""
        if kinds not in self._names:
            names: dict[str, tuple[str, ...]] = {}
            own = {record: raw for record, raw in self._snapshot.records.items() if not kinds or record.kind in kinds}
            for record, raw in own.items():
                for name in {fold(str(raw[field])).casefold() for field in NAMES if field in raw}:
                    names[name] = (*names.get(name, ()), record.id)
            self._names[kinds] = names | {record.id.casefold(): (record.id,) for record in own}
        return self._names[kinds]


def part_of(kind: str, field: str) -> Part:
    """Return the declaration of *field* in records of the *kind*."""
    return parts(MODELS[kind]).get(field, NO_PART) if kind in MODELS else NO_PART


def _number(text: str) -> float | None:
    """Return the number that *text* is, with a point or a comma; None if it is none."""
    return float(text.replace(",", ".")) if re.fullmatch(r"-?\d+(?:[.,]\d+)?", text, re.ASCII) else None


def _days(value: Any) -> list[str]:
    """Return the days that *value* stands for, if it is a serial number: in either epoch."""
    is_serial = isinstance(value, int | float) and not isinstance(value, bool) and value in SERIALS
    return [(epoch + timedelta(days=int(value))).isoformat() for epoch in EPOCHS] if is_serial else []


def _is_guess(value: Value, base: str, theirs: str) -> bool:
    """Tell whether a program may have made the day *theirs* of less: "May 1993" becomes the first day of it, in a cell of a real day.

    As a text it may be one too, if it is the first day of *base*, which is less precise.
    """
    is_first = theirs[-3:] == "-01" and len(theirs) == len("1993-05-01")
    return is_first and (isinstance(value, date) or (theirs == _bound(base, "earliest") != _bound(base, "latest")))


def _bound(text: str, name: str) -> str:
    """Return the "earliest" or the "latest" day of the date *text*, "" if it is open or *text* is no date."""
    try:
        day: date | None = getattr(parse_date(text), name)
    except ValueError:
        return ""
    return day.isoformat() if day else ""


def _shortest(first: str, last: str) -> str:
    """Return the shortest text of the date from the day *first* until the day *last*."""
    return next(_shorter(first, last), f"{first or '..'}/{last or '..'}") if first != last else first


def _shorter(first: str, last: str) -> Iterator[str]:
    for text in (first[:4], first[:7]):
        if text and (_bound(text, "earliest"), _bound(text, "latest")) == (first, last):
            yield text
