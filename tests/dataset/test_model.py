"""The records: their kinds, their texts, and their plain form."""

import pytest

from reports.dataset import model
from reports.dataset.dates import parse_date
from reports.dataset.model import KINDS, Activity, Period, Record, RefersTo, Source, kind_of, plain

SOURCE = {"id": "a", "title": "  t ", "publisher": "p", "language": "sr-Cyrl", "kind": "news", "published": "2010~"}


def test_every_kind_of_record_is_listed() -> None:
    """KINDS holds every class of record but activities, which stand in their areas."""
    classes = {each for each in vars(model).values() if isinstance(each, type) and issubclass(each, Record)} - {Record, model.Fact}
    assert len(classes) > 10
    assert classes == {*KINDS, Activity}


def test_references_are_to_kinds_that_there_are() -> None:
    """Whatever a field may refer to is the name of a kind of record."""
    references = [getattr(alias, "__metadata__", ()) for name, alias in vars(model).items() if name.endswith("Ref")]
    kinds = {kind for marks in references for mark in marks if isinstance(mark, RefersTo) for kind in mark.kinds}
    assert len(kinds) > 5
    assert kinds <= {kind_of(each) for each in KINDS}


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
