"""Uncertain dates: what they mean, and what is refused."""

from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from edtf import parse_edtf
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.dataset.dates import FORMS, parse_date


@pytest.mark.parametrize(
    "line",
    [
        "2010-04-22      2010-04-22 2010-04-22",
        "2010-04         2010-04-01 2010-04-30",
        "2012-02         2012-02-01 2012-02-29",
        "2010            2010-01-01 2010-12-31",
        "2005-21         2005-03-01 2005-05-31",
        "2005-22         2005-06-01 2005-08-31",
        "2005-23         2005-09-01 2005-11-30",
        "2005-24         2005-12-01 2006-02-28",
        "2010-04-22%     2010-04-22 2010-04-22",
        "2003-02/2003-05 2003-02-01 2003-05-31",
        "2004-12/..      2004-12-01 None",
        "../2015         None       2015-12-31",
        "2010-06/2010    2010-06-01 2010-12-31",
    ],
)
def test_the_first_and_the_last_day_that_is_meant(line: str) -> None:
    """A date covers the days that its precision leaves open; an open end has no day."""
    when = parse_date(line.split()[0])
    assert [str(when), str(when.earliest), str(when.latest)] == line.split()


NO_FORM = (
    "", "22 April 2010", "20100422", "2010-4", "10", "2010 ", "~2010", "2010~?", "2010/2011/2012", "2010/", "/2010",
    "２０１０", "2010-0４", "201X", "-0044", "Y20100", "2010-04-22T10:00", "2010..2011", "{2010,2011}",
)  # fmt: skip
NO_DAY = (
    "2010-02-29", "2010-13", "2010-04-31", "2010-00", "2010-00-05", "2010-04-00", "2010-20", "2010-25", "0000", "9999-24",
    "2010/2010-02-30",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "message"),
    [
        *((text, f"'{text}' is not a date; write it as {FORMS}") for text in NO_FORM),
        *((text, f"'{text}' is not a date: the calendar has no such day or month") for text in NO_DAY),
        ("2010-21-05", "'2010-21-05' is not a date: a season has no days"),
        ("2011/2010", "the interval '2011/2010' ends before it starts"),
        ("2010-04-22/2010-04-21", "the interval '2010-04-22/2010-04-21' ends before it starts"),
        ("../..", "the interval '../..' has neither a start nor an end"),
    ],
)
def test_what_is_no_date_is_refused(text: str, message: str) -> None:
    """Other forms, days that the calendar does not have and intervals that run backwards are refused, in words."""
    with pytest.raises(ValueError) as error:
        parse_date(text)
    assert str(error.value) == message


def test_doubt_and_precision_are_those_of_the_source() -> None:
    """~ is about, ? is uncertain, % is both; a date knows how precise it is."""
    points: Any = [parse_date(text).start for text in ("2010", "2010-23~", "2010-04?", "2010-04-22%")]
    assert [point.approximate for point in points] == [False, True, False, True]
    assert [point.uncertain for point in points] == [False, False, True, True]
    assert [point.precision for point in points] == ["year", "season", "month", "day"]


def test_dates_sort_by_their_first_day_then_the_last() -> None:
    """Open starts come first; of dates that start together, the shorter one."""
    texts = ["2010", "2010-01", "2010-01-01", "../2015", "2010/..", "2009-12-31", "2010-02", "2009-24"]
    expected = ["../2015", "2009-24", "2009-12-31", "2010-01-01", "2010-01", "2010", "2010/..", "2010-02"]
    assert sorted(texts, key=lambda text: parse_date(text).order) == expected


def test_dates_overlap_if_a_day_may_be_meant_by_both() -> None:
    """A coarser date overlaps the finer one, and dates that touch share the day on which they do, in both directions."""
    together = [("2010-04", "2010-04-22"), ("2003-02/2003-05", "2003-05-31/2003-06"), ("2004/..", "2020")]
    apart = [("2010-04-22", "2010-05"), ("2003-02/2003-05", "2003-06-01/2003-06"), ("../2003", "2004")]
    for first, second in together + apart:
        assert parse_date(first).overlaps(parse_date(second)) is ((first, second) in together), (first, second)
        assert parse_date(second).overlaps(parse_date(first)) is ((first, second) in together), (second, first)


DAYS = st.dates(date(1, 1, 1), date(9998, 12, 31))
MARKS = st.sampled_from(["", "~", "?", "%"])
PLAIN = st.one_of(
    DAYS.map(date.isoformat),
    DAYS.map(lambda day: f"{day.year:04}-{day.month:02}"),
    DAYS.map(lambda day: f"{day.year:04}"),
    st.builds(lambda day, season: f"{day.year:04}-{season}", DAYS, st.integers(21, 24)),
)
POINTS = st.builds(lambda plain, mark: plain + mark, PLAIN, MARKS)


@given(POINTS, POINTS)
def test_an_interval_spans_its_ends(first: str, last: str) -> None:
    """An interval runs from the first day of its start to the last day of its end, or is refused."""
    start, end = parse_date(first), parse_date(last)
    assert (str(start), start.is_interval, start.order) == (first, False, (start.earliest, start.latest, first))
    if start.order[0] > end.order[1]:
        with pytest.raises(ValueError, match="ends before it starts"):
            parse_date(f"{first}/{last}")
    else:
        when = parse_date(f"{first}/{last}")
        assert (when.is_interval, when.earliest, when.latest) == (True, start.earliest, end.latest)
    assert parse_date(f"{first}/..").latest is parse_date(f"../{last}").earliest is None


@given(st.text(max_size=12) | st.from_regex(r"[0-9~?%/.\-]{0,22}", fullmatch=True))
def test_any_text_is_a_date_or_refused(text: str) -> None:
    """No text whatever ends in another error than ValueError."""
    with suppress(ValueError):
        assert str(parse_date(text)) == text


def struct_day(value: Any) -> date:
    return date(*value[:3])


NOT_WINTER = PLAIN.filter(lambda text: text[4:] != "-24")


@settings(max_examples=50)
@given(NOT_WINTER, NOT_WINTER, MARKS)
def test_the_days_agree_with_the_edtf_library(first: str, last: str, mark: str) -> None:
    """An independent reader of EDTF sees the same days; winter apart, which for us runs into February of the next year."""
    first, last = sorted((first, last), key=lambda text: parse_date(text).order)
    doubted = first if first[4:6] == "-2" else first + mark  # The library knows no seasons that are in doubt.
    for text in (doubted, f"{first}/{last}"):
        when, theirs = parse_date(text), parse_edtf(text)
        assert (when.earliest, when.latest) == (struct_day(theirs.lower_strict()), struct_day(theirs.upper_strict()))


def test_a_date_touches_its_years() -> None:
    """An interval touches every year from its start to its end; with an open end, only the one that is known."""
    years = {"2010-04": [2010], "2010~": [2010], "2005-24": [2005, 2006], "2004-12/..": [2004], "../2004-12": [2004]}
    assert {text: list(parse_date(text).years) for text in years} == years
    assert list(parse_date("2009-12/2011-02").years) == [2009, 2010, 2011]
