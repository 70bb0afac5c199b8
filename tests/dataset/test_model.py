"""The records: their kinds, their texts, and their plain form."""

import pytest

from reports.dataset import model
from reports.dataset.dates import parse_date
from reports.dataset.fields import RefersTo
from reports.dataset.model import KINDS, Activity, Period, Record, Source, kind_of, plain

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


def test_a_record_stays_as_it_was_written() -> None:
    """A declared record can't be changed; as plain data it has its dates as they were written, and nothing that was left out."""
    source = Source.model_validate(SOURCE)
    with pytest.raises(ValueError, match="frozen"):
        source.title = "other"  # type: ignore[misc]
    assert plain(source) == {**SOURCE, "title": "t"}


def test_a_period_covers_what_begins_in_it() -> None:
    """A date belongs to the period in which it begins; the last period is open."""
    fields = {"id": "a", "title": "t", "start": "2001", "text": "t"}
    period, last = Period.model_validate({**fields, "end": "2010"}), Period.model_validate(fields)
    inside, outside = ("2001-01-01", "2010-12-31", "2010-12/2011", "2010"), ("2011", "2000-12-31", "../2005")
    assert [date for date in (*inside, *outside) if period.covers(parse_date(date))] == list(inside)
    assert last.covers(parse_date("9998"))


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("url", ("http://a.example", "https://a.example/b?c=d&e=f#g", "https://č.example/đ")),
        ("language", ("en", "bs", "sr-Cyrl", "en-GB", "sr-Latn-BA", "cnr")),
    ],
)
def test_addresses_and_languages(field: str, values: tuple[str, ...]) -> None:
    """An address of the web is taken as it is, and so is a tag of BCP 47: language, script, region."""
    assert [getattr(Source.model_validate({**SOURCE, field: value}), field) for value in values] == list(values)
