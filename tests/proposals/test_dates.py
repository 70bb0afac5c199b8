"""Dates as people and programs write them, read back into EDTF."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.dataset.dates import parse_date
from reports.proposals.dates import DateReader
from reports.translations.locale import Locale
from tests.conftest import PROJECT

LOCALE = Locale(PROJECT / "templates", "en")
LOCALES = {language: Locale(PROJECT / "templates", language) for language in ("bs", "hr", "sr-Cyrl-BA")}
READER = DateReader(LOCALE, ["en", "bs", "sr", "hr", "pl"])

DAYS = st.dates(date(1600, 1, 1), date(2199, 12, 31)).map(date.isoformat)
SEASONS = st.builds("{}-{}".format, st.integers(1600, 2199), st.sampled_from(["21", "22", "23", "24"]))
POINTS = st.builds(
    "{}{}".format, st.one_of(DAYS, DAYS.map(lambda day: day[:7]), DAYS.map(lambda day: day[:4]), SEASONS), st.sampled_from(["", *"~?%"])
)


def _is_date(text: str) -> bool:
    try:
        parse_date(text)
    except ValueError:
        return False
    return True


ENDS = st.one_of(POINTS, st.just(".."))
DATES = st.one_of(POINTS, st.builds("{}/{}".format, ENDS, ENDS).filter(_is_date))


@given(DATES)
def test_every_date_is_read_as_documents_print_it(text: str) -> None:
    """Whatever date data can hold, its words, with every qualifier, mean that date and no other."""
    words = LOCALE.date(parse_date(text))
    assert READER.read(words) == (text,) or LOCALE.date(parse_date(READER.read(words)[0])) == words


@pytest.mark.parametrize("language", ["bs", "hr", "sr-Cyrl-BA"])
@given(POINTS)
def test_a_date_is_read_in_every_case(language: str, text: str) -> None:
    """What stands alone and what the grammar makes of it mean the same date, as does a date since then."""
    locale = LOCALES[language]
    reader, date = DateReader(locale, ["en"]), locale.date(parse_date(text))
    for words in (date, date.case("genitive"), date.case("locative")):
        assert locale.date(parse_date(reader.read(words)[0])) == date
    assert locale.date(parse_date(reader.read(locale.term("date.since", date=date))[0])) == locale.date(parse_date(f"{text}/.."))


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("22.4.2010", ("2010-04-22",)),
        ("22. 4. 2010.", ("2010-04-22",)),
        ("22/04/2010", ("2010-04-22",)),
        ("04/22/2010", ("2010-04-22",)),
        ("4/5/2010", ("2010-05-04", "2010-04-05")),
        ("5/5/2010", ("2010-05-05",)),
        ("2010/4/22", ("2010-04-22",)),
        ("2010-04-22T00:00:00", ("2010-04-22",)),
        ("22. aprila 2010.", ("2010-04-22",)),
        ("april 2010", ("2010-04",)),
        ("22. travnja 2010.", ("2010-04-22",)),
        ("listopad 2005.", ("2005-10",)),
        ("decembra 2010.", ("2010-12",)),
        ("22. децембра 2010.", ("2010-12-22",)),
        ("22nd April 2010", ("2010-04-22",)),
        ("April 22, 2010", ("2010-04-22",)),
        ("22-Apr-10", ("2010-04-22", "1910-04-22")),
        ("Apr-10", ("2010-04", "1910-04")),
        ("4.2010", ("2010-04",)),
        ("2010.", ("2010",)),
        ("AUTUMN 2005", ("2005-23",)),
        ("perhaps about November 2016", ("2016-11%",)),
        ("2.-4. maj 2010.", ("2010-05-02/2010-05-04",)),
        ("28.2.–4.3.2010", ("2010-02-28/2010-03-04", "2010-02-28/2010-04-03")),
        ("1992 - 2005", ("1992/2005",)),
        ("2003-02/2003-05", ("2003-02/2003-05",)),
        ("", ()),
        ("soon", ()),
        ("32.1.2010", ()),
        ("Marble 2010", ()),
        ("from 2010 to 2005", ()),
    ],
)
def test_local_forms(text: str, dates: tuple[str, ...]) -> None:
    """Figures in the order of the region, months in its languages, years of two figures: all that a text can mean, the likeliest first."""
    assert READER.read(text) == dates
