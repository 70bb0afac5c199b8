"""The three-way merge: what was issued, what came back, and what the data say now."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.dataset.dataset import Dataset
from reports.dataset.prose import words
from reports.editions.snapshot import Snapshot
from reports.proposals.decisions import Proposal
from reports.proposals.differences import Difference, DifferenceKind
from reports.proposals.merge import Merge

DATE: dict[str, Any] = {"kind": DifferenceKind.CHANGE, "where": "Register!B7", "record": "M2018-1", "field": "date", "base": "2018"}


@pytest.fixture
def base(tiny: Dataset) -> Snapshot:
    """What edition 1 of the tiny data said."""
    return Snapshot(copy.deepcopy(dict(tiny.content)))


def edited(base: Snapshot, kind: str, identifier: str, **fields: Any) -> Snapshot:
    """Return *base* with *fields* in one of its records; with none, without the record."""
    content = copy.deepcopy(dict(base.content))
    (record,) = (record for record in content[kind] if record["id"] == identifier)
    if fields:
        record.update(fields)
    else:
        content[kind].remove(record)
    return Snapshot(content)


def merged(base: Snapshot, now: Snapshot, *differences: Difference) -> tuple[Proposal, ...]:
    return Merge(base, now, lambda text: " ".join(words(text).split())).proposals(differences)


def test_what_only_they_changed_is_proposed(base: Snapshot) -> None:
    """With all three values, and no conflict."""
    (proposal,) = merged(base, base, Difference(**DATE, theirs="2018-05", comment="See the gazette", source="https://g.example"))
    assert (proposal.base, proposal.theirs, proposal.ours, proposal.conflict) == ("2018", "2018-05", "2018", "")
    assert (proposal.comment, proposal.source, proposal.is_open) == ("See the gazette", "https://g.example", True)


def test_what_both_changed_alike_is_settled(base: Snapshot) -> None:
    """There is nothing to decide, unless they said something with it."""
    now = edited(base, "milestone", "M2018-1", date="2018-05")
    assert merged(base, now, Difference(**DATE, theirs="2018-05")) == ()
    (comment,) = merged(base, now, Difference(**DATE, theirs="2018-05", comment="At last"))
    assert (comment.kind, comment.comment, comment.is_decidable) == (DifferenceKind.COMMENT, "At last", False)


def test_what_both_changed_otherwise_is_a_conflict(base: Snapshot) -> None:
    """Shown with all three values; and with who else has proposed something, if our change came from there."""
    now = edited(base, "milestone", "M2018-1", date="2018-06")
    (proposal,) = merged(base, now, Difference(**DATE, theirs="2018-05"))
    assert (proposal.base, proposal.theirs, proposal.ours) == ("2018", "2018-05", "2018-06")
    assert proposal.conflict == "changed here too, since edition 1"
    content = copy.deepcopy(dict(now.content))
    content["source"].append({"id": "theirs", "title": "Register", "publisher": "The League", "file": "received/x.xlsx"})
    (record,) = (record for record in content["milestone"] if record["id"] == "M2018-1")
    record["evidence"].append({"source": "theirs", "locator": "M2018-1, the date"})
    (proposal,) = merged(base, Snapshot(content), Difference(**DATE, theirs="2018-05"))
    assert proposal.conflict == "changed here too, since edition 1, and The League has proposed something for this record"


def test_a_deleted_row_is_a_conflict_if_the_record_changed(base: Snapshot) -> None:
    """The fields that changed are named; a record that is gone on both sides is settled."""
    deleted = Difference(DifferenceKind.REMOVE, "Register", "M2018-1")
    (proposal,) = merged(base, base, deleted)
    assert (proposal.kind, proposal.conflict) == (DifferenceKind.REMOVE, "")
    (proposal,) = merged(base, edited(base, "milestone", "M2018-1", date="2018-06", title="Parley"), deleted)
    assert proposal.conflict == "they deleted it, and here it changed since edition 1: date, title"
    assert merged(base, edited(base, "milestone", "M2018-1"), deleted) == ()


def test_a_change_of_what_was_withdrawn_is_a_conflict(base: Snapshot) -> None:
    """With the reason why it was withdrawn."""
    now = edited(base, "milestone", "M2018-1")
    now = Snapshot({**now.content, "withdrawal": [{"id": "M2018-1", "edition": 2, "reason": "It was a rumour"}]})
    (proposal,) = merged(base, now, Difference(**DATE, theirs="2018-05"))
    assert (proposal.conflict, proposal.ours) == ("'M2018-1' is withdrawn here: It was a rumour", "")


def test_both_added_the_same(base: Snapshot) -> None:
    """A milestone that is new here, and has the date or the title of theirs, is named."""
    added = Difference(DifferenceKind.ADD, "Reply!A30", "New 1", given={"title": "Parley", "date": "2019-02"})
    (proposal,) = merged(base, base, added)
    assert (proposal.conflict, dict(proposal.given)) == ("", {"title": "Parley", "date": "2019-02"})
    content = copy.deepcopy(dict(base.content))
    content["milestone"].append({"id": "M2019-9", "date": "2019-02", "title": "A parley", "evidence": []})
    (proposal,) = merged(base, Snapshot(content), added)
    assert proposal.conflict == "both added: M2019-9 is new here, of 2019-02: A parley"


def test_references_are_a_set(base: Snapshot) -> None:
    """Their order is no difference, and a field that is left out has its default."""
    now = edited(base, "milestone", "M2018-1", frameworks=["pact", "agreement"])
    change = {**DATE, "field": "frameworks", "base": ""}
    assert merged(base, now, Difference(**change, theirs="agreement, pact")) == ()
    status = {**DATE, "record": "M2012-1", "field": "status"}
    assert merged(base, base, Difference(**{**status, "base": "reported"}, theirs="done")) == ()
    (proposal,) = merged(base, base, Difference(**{**status, "base": "done"}, theirs="planned"))
    assert (proposal.base, proposal.ours) == ("done", "done")


def test_prose_keeps_its_marks(base: Snapshot) -> None:
    """The words that they changed are put into the Markdown; what has no place there is asked."""
    source = "Envoys met, in a place that *nobody* wrote down [@guild, line 1]."
    base = edited(base, "milestone", "M2018-1", text=source)
    prose = {**DATE, "field": "text", "base": "Envoys met, in a place that nobody wrote down."}
    (proposal,) = merged(base, base, Difference(**prose, theirs="Envoys met, in a port that nobody wrote down."))
    assert proposal.theirs == "Envoys met, in a port that *nobody* wrote down [@guild, line 1]."
    assert proposal.ask == ""


def test_rivals_are_named(base: Snapshot) -> None:
    """Two other values of one field, from two places of the same file."""
    first, second = merged(base, base, Difference(**DATE, theirs="2018-05"), Difference(**{**DATE, "where": "Reply!F7"}, theirs="2018-06"))
    assert first.ask == "the file proposes other values of this field too: 2018-06"
    assert second.ask == "the file proposes other values of this field too: 2018-05"
    assert len(merged(base, base, Difference(**DATE, theirs="2018-05"), Difference(**DATE, theirs="2018-05"))) == 1


def test_characters_that_nobody_sees_are_left_out(base: Snapshot) -> None:
    """Or else the file of decisions could not be read."""
    (proposal,) = merged(base, base, Difference(**DATE, theirs="2018\u200b-05", comment="a\x00b"))
    assert (proposal.theirs, proposal.comment) == ("2018-05", "ab")


VALUES = st.sampled_from(["2018", "2018-05", "2018-06"])


@given(theirs=VALUES, ours=VALUES)
def test_the_merge_is_what_a_model_says(tiny: Dataset, theirs: str, ours: str) -> None:
    """A change on one side is taken up, the same on both settled, another on each a conflict."""
    base = Snapshot(tiny.content)
    now = edited(base, "milestone", "M2018-1", date=ours)
    differences = [Difference(**DATE, theirs=theirs)] if theirs != "2018" else []
    found = merged(base, now, *differences)
    if theirs in ("2018", ours):
        assert found == ()
    else:
        assert [(proposal.theirs, proposal.ours, bool(proposal.conflict)) for proposal in found] == [(theirs, ours, ours != "2018")]
