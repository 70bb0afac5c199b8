"""One language: terms, dates and numbers."""

from decimal import Decimal
from pathlib import Path

import pytest

from reports.dataset.dates import parse_date
from reports.errors import ReportsError
from reports.renderers.locale import Locale
from tests.conftest import TINY, Show, edit


@pytest.fixture(scope="module")
def english() -> Locale:
    return Locale(TINY / "templates", "en")


def problem(templates: Path, show: Show, key: str, **values: object) -> str:
    with pytest.raises(ReportsError) as error:
        Locale(templates, "en").term(key, **values)
    (line,) = show(error.value.problems)
    return line


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2010-04-22", "22 April 2010"),
        ("2010-04", "April 2010"),
        ("2010", "2010"),
        ("0987", "987"),
        ("2005-21", "spring 2005"),
        ("2005-22", "summer 2005"),
        ("2005-23", "autumn 2005"),
        ("2005-24", "winter 2005"),
        ("2010~", "about 2010"),
        ("2010-04?", "perhaps April 2010"),
        ("2005-23%", "perhaps about autumn 2005"),
        ("2004-12/..", "since December 2004"),
        ("../2015-03-01", "until 1 March 2015"),
        ("2003/2005", "2003–2005"),
        ("2003-02/2003-05", "February\u2009–\u2009May 2003"),
        ("2003-12/2004-01", "December 2003\u2009–\u2009January 2004"),
        ("2003-02/2003-05-07", "from February 2003 to 7 May 2003"),
        ("2005-23/2006-21", "from autumn 2005 to spring 2006"),
        ("2003~/2005", "from about 2003 to 2005"),
    ],
)
def test_a_date_is_worded_as_precise_as_it_is(text: str, words: str, english: Locale) -> None:
    """Every form of a date has its wording, and none says more than its source."""
    assert english.date(parse_date(text)) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2023-02-14/2023-02-15", "14–15 February 2023"),
        ("2023-02-14/2023-03-15", "14 February – 15 March 2023"),
        ("2022-12-30/2023-01-02", "30 December 2022 – 2 January 2023"),
    ],
)
def test_an_interval_of_days_names_both(text: str, words: str, english: Locale) -> None:
    """An interval of days says from which day to which, its months in full, and repeats no month or year that both share."""
    assert english.date(parse_date(text)).replace("\u2009", " ") == words


def test_numbers_are_written_as_the_language_does(english: Locale) -> None:
    """Digits in groups, and no digit lost."""
    assert [english.number(number) for number in (0, 12, 60000, Decimal("1234.5"))] == ["0", "12", "60,000", "1,234.5"]


def test_a_term_is_found_by_its_keys(english: Locale) -> None:
    """A term is text, with values in its braces if it has any."""
    assert english.term("status.overdue") == "overdue"
    assert english.term("date.about", date="2010") == "about 2010"
    assert english.tag == "en-GB"


def test_a_value_is_not_read_as_a_term(english: Locale) -> None:
    """Braces in a value stay braces."""
    assert english.term("date.about", date="{date}") == "about {date}"


def test_a_missing_term_is_named_with_the_nearest(tiny_templates: Path, show: Show) -> None:
    """A term that is not there is a problem at the group where it should be."""
    line = (tiny_templates / "locale" / "en.yaml").read_text("utf-8").split("\n").index("status:") + 2
    assert problem(tiny_templates, show, "status.overdu") == (
        f"templates/locale/en.yaml:{line}:3: there is no term 'status.overdu' (did you mean 'overdue'?)"
    )
    assert problem(tiny_templates, show, "status") == f"templates/locale/en.yaml:{line}:3: 'status' is a group of terms, not a term"
    assert problem(tiny_templates, show, "tag.x") == "templates/locale/en.yaml:2:6: there is no term 'tag.x'"


@pytest.mark.parametrize("braces", ["{dates}", "{}", "{0}", "{date", "date}", "{date.nothing}", "{date[x]}", "{date!x}", "{date:d}"])
def test_braces_that_nothing_fills(braces: str, tiny_templates: Path, show: Show) -> None:
    """A brace that names no value, or that is none, is a problem at its term, with the values that there are."""
    edit(tiny_templates / "locale" / "en.yaml", "  about: about {date}", f"  about: 'about {braces}'")
    line = (tiny_templates / "locale" / "en.yaml").read_text("utf-8").split("\n").index(f"  about: 'about {braces}'") + 1
    assert problem(tiny_templates, show, "date.about", date="2010") == (
        f"templates/locale/en.yaml:{line}:10: braces in 'date.about' that nothing fills; known here: {{date}}"
    )


def test_a_language_without_terms(tiny_templates: Path, show: Show) -> None:
    """A language whose file is not there is a problem."""
    with pytest.raises(ReportsError) as error:
        Locale(tiny_templates, "sr-Cyrl")
    assert show(error.value.problems) == ["templates/locale/sr-Cyrl.yaml: is missing: the terms for the language 'sr-Cyrl'"]


@pytest.mark.parametrize("tag", ["xx-YY", "not a tag", "''"])
def test_a_tag_that_is_no_language(tag: str, tiny_templates: Path, show: Show) -> None:
    """A tag that Babel does not know is a problem at its place."""
    edit(tiny_templates / "locale" / "en.yaml", "tag: en-GB", f"tag: {tag}")
    with pytest.raises(ReportsError) as error:
        Locale(tiny_templates, "en")
    value = tag.strip("'")
    assert show(error.value.problems) == [f"templates/locale/en.yaml:2:6: '{value}' is not a language that is known"]
