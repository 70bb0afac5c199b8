"""Cells read as values of data, by field."""

from datetime import date, datetime, time

import pytest

from reports.proposals.sheets import Value
from reports.proposals.values import Reading, ValueReader, fold, part_of, restore, text_of
from tests.proposals.register import register


@pytest.fixture(scope="module")
def reader() -> ValueReader:
    """A reader of the tiny dataset's values."""
    returned = register()
    return ValueReader(returned.snapshot, returned.locale, {("M2010-1", "text"): "As printed"})


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (5.0, "5"),
        (1234.5, "1234.5"),
        (True, "True"),
        (date(2010, 4, 22), "2010-04-22"),
        (datetime(2010, 4, 22), "2010-04-22"),  # noqa: DTZ001
        (datetime(2010, 4, 22, 8, 30), "2010-04-22 08:30:00"),  # noqa: DTZ001
        (time(8, 30), "08:30:00"),
        (" a\u00a0b \r\n c ", "a b c"),
        ("a\u200bb \u200b\x0bc\u200e", "ab c"),
        ("'=1+1", "=1+1"),
        ("cafe\u0301", "café"),
    ],
)
def test_a_cell_is_a_text_in_one_line(value: Value, text: str) -> None:
    """Days in ISO 8601, whole numbers without a point, spaces collapsed, without the apostrophe that a CSV file needs."""
    assert text_of(value) == text


@pytest.mark.parametrize(
    ("ours", "theirs"), [("NATO’s “plan” 1992–2005…", 'NATO\'s "plan"  1992-2005...'), ("M2010‑1", "\ufeffM2010-1\u200b")]
)
def test_what_programs_change_is_folded(ours: str, theirs: str) -> None:
    """Quotation marks, dashes, dots and spaces compare as equal; letters do not."""
    assert fold(ours) == fold(theirs)
    assert fold(ours) != fold(theirs.replace("M", "N").replace("N", "n"))


def test_typography_is_restored() -> None:
    """Words that differ only by what a program made of them are as they were; a changed word is theirs."""
    base = "NATO’s plan – the “first” – began."
    assert restore(base, 'NATO\'s plan - the "second" - began.') == 'NATO’s plan – the "second" – began.'
    assert restore(base, base) == base
    assert restore("", "New") == "New"


@pytest.mark.parametrize(
    ("value", "issued", "same"),
    [
        (5.0, "5", True),
        (1234.5, "1234,5", True),
        (1.1, "1.10", True),
        ("1.1", "1.10", False),
        (36892, "2001-01-01", True),
        (35430, "2001-01-01", True),
        (36893, "2001-01-01", False),
        (True, "yes", True),
        (False, "yes", False),
        (True, "TRUE", True),
        (None, "–", True),
        (None, "high", False),
        ("high ", "high", True),
        ("hıgh", "high", False),
        ("a" * 255, "a" * 300, True),
        ("a" * 254, "a" * 300, False),
    ],
)
def test_a_value_is_the_issued_one_however_it_was_saved(value: Value, issued: str, same: bool, reader: ValueReader) -> None:
    """A number is compared as a number, a serial number as a day in either epoch, a truth value as its word."""
    assert reader.is_same(value, issued) is same


@pytest.mark.parametrize(
    ("record", "field", "base"),
    [
        ("M2010-1", "date", "2010-04-22"),
        ("M2010-1", "status", "done"),
        ("M2010-1", "frameworks", "charter"),
        ("M2012-1", "frameworks", ""),
        ("M2010-1", "text", "As printed"),
        ("observer", "step", "1"),
        ("charter", "abbreviation", ""),
        ("nobody", "title", ""),
    ],
)
def test_the_base_is_the_value_in_data(record: str, field: str, base: str, reader: ValueReader) -> None:
    """Also where data leave the default out; prose is as readers see it."""
    assert reader.base(record, field) == base


@pytest.mark.parametrize(
    ("kind", "field", "value", "value_of_data"),
    [
        ("milestone", "kind", " Decision", "decision"),
        ("source", "kind", "interested  party", "party"),
        ("milestone", "status", "reported", "reported"),
        ("milestone", "areas", "Open harbours", "harbours"),
        ("milestone", "bodies", "CL; Admiralty of Ruritania", "council, admiralty"),
        ("milestone", "bodies", "council\nadmiralty, Council of the League", "council, admiralty"),
        ("statement", "speaker", "Guild of Pilots", "guild"),
        ("milestone", "title", 7.0, "7"),
        ("milestone", "title", "—", ""),
        ("milestone", "date", 2010, "2010"),
        ("milestone", "date", "No date shown", ""),
        ("framework", "step", "2", "2"),
    ],
)
def test_words_are_read_as_values_of_data(kind: str, field: str, value: Value, value_of_data: str, reader: ValueReader) -> None:
    """Codes by their words or as they are, records by any name of theirs, none by a dash or by the words for it."""
    group = {"source": "source"}.get(kind, field)
    assert reader.read(value, part_of(kind, field), group) == Reading(value_of_data)


@pytest.mark.parametrize(
    ("field", "value", "theirs", "ask"),
    [
        ("date", date(1993, 5, 1), "1993-05-01", "a program may have made the day 1993-05-01 of a month or a year"),
        ("date", 40290, "2010-04-22", "the number 40290 stands for a day, in some programs for 2014-04-23"),
        ("date", "22-Apr-10", "2010-04-22", "'22-Apr-10' may mean 2010-04-22 or 1910-04-22"),
        ("people", "Nobody", "Nobody", "no record, or more than one, is called 'Nobody'"),
        ("kind", "party", "party", "'party' is none of: agreement"),
        ("title", time(1, 10), "01:10:00", "a program may have made the date 01:10:00 of another text"),
    ],
)
def test_what_is_not_clear_asks(field: str, value: Value, theirs: str, ask: str, reader: ValueReader) -> None:
    """The value is told as it was written, or as it is most likely meant, and a person decides."""
    reading = reader.read(value, part_of("milestone", field), field)
    assert reading.value == theirs
    assert reading.ask.startswith(ask)


def test_the_rest_is_as_it_was(reader: ValueReader) -> None:
    """A change takes over no typography of a program; of the years that two figures may mean, the one that was issued counts."""
    assert reader.read('NATO\'s "new" plan', part_of("milestone", "title"), "", "NATO’s “old” plan") == Reading('NATO’s "new" plan')
    assert reader.read_date("22-Apr-99", "1999-04-22") == Reading("1999-04-22")


def test_a_set_in_another_order_is_the_same(reader: ValueReader) -> None:
    """References are a set: as they stood, unless one came or went."""
    part = part_of("milestone", "bodies")
    assert reader.read("Council of the League, Admiralty of Ruritania", part, "", "admiralty, council") == Reading("admiralty, council")


@pytest.mark.parametrize(
    ("changed", "base", "value"),
    [
        ({"earliest": "2010-05-01", "latest": "2010-05-31"}, "2010-04", "2010-05"),
        ({"earliest": date(2011, 1, 1), "latest": date(2011, 12, 31)}, "2010-04", "2011"),
        ({"earliest": date(2011, 1, 1), "latest": date(2012, 6, 30)}, "2010-04", "2011-01-01/2012-06-30"),
        ({"latest": "2010-05-01"}, "2010-04-22", "2010-05-01"),
        ({"earliest": "2011-05-01", "latest": None}, "2010-04", "2011-05-01/.."),
        ({"": "May 2010", "text": "2010-05", "latest": "2010-05-31"}, "2010-04", "2010-05"),
        ({"": "22 April 2010"}, "2010-04-22", "2010-04-22"),
        ({"earliest": "2010/04/01", "latest": "2010/04/30"}, "2010-04?", "2010-04?"),
        ({"": None, "earliest": None, "latest": None, "text": None}, "2010-04-22", ""),
    ],
)
def test_the_cells_of_a_date_are_one_value(changed: dict[str, Value], base: str, value: str, reader: ValueReader) -> None:
    """Words, code and bounds that agree mean one date, as short as it can be written."""
    assert reader.read_dates(changed, base) == Reading(value)


def test_the_months_are_those_of_the_languages_of_the_sources() -> None:
    """A dataset has sources in the languages of its region, and people there write dates in these."""
    returned = register()
    assert {source["language"] for source in returned.snapshot.content["source"]} == {"en", "de", "sr-Cyrl"}
    dates = ValueReader(returned.snapshot, returned.locale, {}).dates
    assert (dates.read("22. Mai 2010"), dates.read("22. маја 2010."), dates.read("22. mája 2010")) == (("2010-05-22",), ("2010-05-22",), ())
