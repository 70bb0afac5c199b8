"""The records: their kinds, their texts, and their plain form."""

import pytest

from reports.dataset.dataset import KINDS
from reports.dataset.dates import parse_date
from reports.dataset.load import FILES
from reports.dataset.model import Activity, Milestone, Period, Record, RecordKind, Source, plain

SOURCE = {"id": "a", "title": "  t ", "publisher": "p", "language": "sr-Cyrl", "kind": "news", "published": "2010~"}


def test_every_kind_of_record_has_a_name() -> None:
    """Every class of record has its kind, and every kind its class."""
    kinds = (*KINDS, Activity)
    assert len(kinds) > 10
    assert {model.__name__.lower() for model in kinds} == set(RecordKind)


def test_every_kind_of_record_has_a_file() -> None:
    """Every kind of record is read from some file."""
    assert len(FILES) > 5
    assert {*FILES.values(), Period, Milestone} == set(KINDS)
    assert all(issubclass(model, Record) for model in FILES.values())


def test_a_record_is_frozen() -> None:
    """A declared record can't be changed."""
    source = Source.model_validate(SOURCE)
    with pytest.raises(ValueError, match="frozen"):
        source.title = "other"  # type: ignore[misc]


def test_the_plain_form_leaves_out_what_was_left_out() -> None:
    """A record as plain data has its dates as they were written, and nothing that was not."""
    assert plain(Source.model_validate(SOURCE)) == {**SOURCE, "title": "t"}


@pytest.mark.parametrize(
    ("when", "covered"),
    [
        ("2001-01-01", True),
        ("2010-12-31", True),
        ("2010-12/2011", True),
        ("2010", True),
        ("2011", False),
        ("2000-12-31", False),
        ("../2005", False),
    ],
)
def test_a_period_covers_what_begins_in_it(when: str, covered: bool) -> None:
    """A date belongs to the period in which it begins."""
    period = Period.model_validate({"id": "a", "title": "t", "start": "2001", "end": "2010", "text": "t"})
    assert period.covers(parse_date(when)) is covered


def test_a_period_without_end_covers_all_that_follows() -> None:
    """The last period is open."""
    period = Period.model_validate({"id": "a", "title": "t", "start": "2001", "text": "t"})
    assert period.covers(parse_date("9998"))


@pytest.mark.parametrize("address", ["http://a.example", "https://a.example/b?c=d&e=f#g", "https://č.example/đ"])
def test_web_addresses(address: str) -> None:
    """An address of the web is taken as it is."""
    assert Source.model_validate({**SOURCE, "url": address}).url == address


@pytest.mark.parametrize("language", ["en", "bs", "sr-Cyrl", "en-GB", "sr-Latn-BA", "cnr"])
def test_language_tags(language: str) -> None:
    """A language is a tag of BCP 47: language, script, region."""
    assert Source.model_validate({**SOURCE, "language": language}).language == language
