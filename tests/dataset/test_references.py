"""The walk over a record's texts."""

from reports.dataset.dataset import Dataset
from reports.dataset.fields import Markdown, RefersTo
from reports.dataset.model import Area, Measure, Person
from reports.dataset.references import walk


def test_marks_and_keys_of_nested_texts(tiny: Dataset) -> None:
    """References and prose are found at every depth, each with the keys that lead to it and the kinds that are right for it."""
    assert list(walk(tiny.all(Person)[0])) == [
        (("evidence", 0, "source"), "courier", RefersTo(("source",))),
        (("offices", 0, "body"), "admiralty", RefersTo(("body",))),
    ]
    measure = tiny.all(Measure)[0]
    assert [text.keys for text in walk(measure) if isinstance(text.mark, Markdown)] == [("text",)]
    assert [text.value for text in walk(measure) if isinstance(text.mark, RefersTo)] == ["admiralty", "gazette", "institute", "institute"]
    assert ("activities", 0, "evidence", 0, "source") in [text.keys for text in walk(tiny.all(Area)[0])]


def test_the_walk_sees_every_record_with_a_text(tiny: Dataset) -> None:
    """Every declaration but a source and a topic has a text that the walk yields: no other kind is passed over."""
    silent = {type(entry.declared).__name__ for entry in tiny.entries if not list(walk(entry.declared))}
    assert silent == {"Source", "Topic"}
