"""The sheet Reply, as it came back: corrections, agreement, comments and new records."""

from dataclasses import replace
from datetime import date

import pytest

from reports.proposals.differences import Difference, DifferenceKind
from reports.proposals.sheets import Value
from tests.proposals.register import Register, register

CHANGE, ADD, REMOVE, COMMENT, REMARK = DifferenceKind


def answered(reference: str, reply: str = "", part: str = "", proposed: Value = None, comment: str = "", **more: Value) -> Register:
    """Return a register in which the row of *reference* has this answer."""
    returned = register()
    write(returned, reference, reply=reply, part=part, proposed=proposed, comment=comment, **more)
    return returned


def write(returned: Register, reference: str, **answer: Value) -> None:
    """Write *answer*, by the roles of the columns, into the row of *reference*."""
    for role, value in answer.items():
        returned.write("Reply", reference, returned.locale.term(f"column.{role}"), value or None)


@pytest.mark.parametrize(
    ("part", "proposed", "expected"),
    [
        ("Date", "May 2010", ("date", "2010-04-22", "2010-05")),
        ("Date", date(2010, 5, 2), ("date", "2010-04-22", "2010-05-02")),
        ("date", "2010-05~", ("date", "2010-04-22", "2010-05~")),
        ("Milestone", "The act", ("title", "Harbour Agreement", "The act")),
        ("What happened or what it is", "Signed.", ("text", "The agreement was signed.", "Signed.")),
        ("text", "Signed.", ("text", "The agreement was signed.", "Signed.")),
        ("Kind", "decision", ("kind", "agreement", "decision")),
        ("Status ", "Ongoing", ("status", "done", "ongoing")),
        ("Framework", "OS, Harbour Charter", ("frameworks", "charter", "observer, charter")),
        ("area", "–", ("areas", "harbours", "")),
    ],
)
def test_a_correction_is_a_change_of_the_part(part: str, proposed: Value, expected: tuple[str, str, str]) -> None:
    """The part is named by the heading under which the register shows it, or by its code; the value is read as that column is."""
    returned = answered("M2010-1", "correct", part, proposed)
    (found,) = returned.differences()
    assert (found.kind, found.record, found.field, found.base, found.theirs, found.ask) == (CHANGE, "M2010-1", *expected, "")
    assert found.where == f"Reply!F{returned.where('Reply', returned.row('Reply', 'M2010-1'))}"


def test_a_correction_names_its_source_and_whose_it_is() -> None:
    """With the address of the source go the institution, the day of the reply and the comment."""
    more: dict[str, Value] = {"source_address": "https://a.example/", "institution": "Admiralty of Ruritania", "answered": date(2020, 8, 1)}
    (found,) = answered("M2010-1", "correct", "Date", "2011", "See page 3", **more).differences()
    assert (found.source, found.by, found.when) == ("https://a.example/", "Admiralty of Ruritania", "2020-08-01")
    assert found.comment == "See page 3"


def test_the_same_in_the_register_and_in_the_reply_is_one_change() -> None:
    """What the reply adds, its source and its comment, goes with the change; another value is another one."""
    returned = answered("M2010-1", "correct", "Status", "planned", "Delayed", source_address="https://a.example/")
    returned.write("Register", "M2010-1", "Status", "planned")
    (found,) = returned.differences()
    assert (found.where[:9], found.theirs, found.comment, found.source) == ("Register!", "planned", "Delayed", "https://a.example/")
    returned.write("Register", "M2010-1", "Status", "missed")
    assert [difference.theirs for difference in returned.differences()] == ["missed", "planned"]


@pytest.mark.parametrize(
    ("reply", "part", "proposed", "comment", "expected"),
    [
        ("agree", "", None, "", Difference(REMARK, "", "M2010-1", theirs="agree")),
        ("agree", "Date", None, "Quite so", Difference(REMARK, "", "M2010-1", "date", theirs="agree", comment="Quite so")),
        ("correct", "", None, "All wrong", Difference(COMMENT, "", "M2010-1", comment="All wrong")),
        ("correct", "Date", None, "Too late", Difference(COMMENT, "", "M2010-1", "date", comment="Too late")),
        ("correct", "", "In May", "", Difference(COMMENT, "", "M2010-1", comment="In May")),
        ("add", "Source", "The Courier", "Page 9", Difference(COMMENT, "", "M2010-1", comment="Source: The Courier: Page 9")),
        ("", "", None, "Hm", Difference(COMMENT, "", "M2010-1", comment="Hm")),
        ("perhaps", "", None, "", Difference(COMMENT, "", "M2010-1", ask="'perhaps' is no reply that is offered")),
        ("add", "Area", "Open harbours", "", Difference(REMARK, "", "M2010-1", "areas", "harbours", "harbours")),
        ("add", "Framework", "OS", "", Difference(CHANGE, "", "M2010-1", "frameworks", "charter", "charter, observer")),
    ],
)
def test_an_answer_without_a_value_is_a_comment(reply: str, part: str, proposed: Value, comment: str, expected: Difference) -> None:
    """To agree is a remark; what names no field and value is a comment; what is added to a list leaves the list as it is."""
    (found,) = answered("M2010-1", reply, part, proposed, comment).differences()
    assert replace(found, where="") == expected


@pytest.mark.parametrize(
    ("reply", "ask"),
    [
        ("add", "they reply that something is to be added: is this to stand instead of what is there, or beside it?"),
        ("agree", "they reply that they agree, and propose another value"),
        ("wrong", "'wrong' is no reply that is offered"),
        ("", ""),
    ],
)
def test_a_reply_that_contradicts_its_value_asks(reply: str, ask: str) -> None:
    """The value is a change all the same."""
    (found,) = answered("M2010-1", reply, "Milestone", "The act").differences()
    assert (found.kind, found.theirs, found.ask) == (CHANGE, "The act", ask)


def test_what_is_added_to_a_list_has_to_be_known() -> None:
    """A name that no record has is told as it was written."""
    (found,) = answered("M2010-1", "add", "Framework", "Pact of Seas").differences()
    assert (found.base, found.theirs, found.ask) == ("charter", "Pact of Seas", "no record, or more than one, is called 'Pact of Seas'")


def test_a_copied_reference_is_one_more_correction() -> None:
    """A row for additions may bear the reference of a milestone: what stood in it before is no edit of that milestone."""
    returned = answered("M2010-1", "correct", "Date", "2011")
    returned.row("Reply", "New 1")[0] = "M2010-1"
    row = returned.row("Reply", "M2010-1", 1)
    row[returned.column("Reply", "Your reply")], row[returned.column("Reply", "Which part")] = "correct", "Kind"
    row[returned.column("Reply", "Proposed value")] = "ruling"
    assert [(difference.kind, difference.field, difference.theirs) for difference in returned.differences()] == [
        (CHANGE, "date", "2011"),
        (CHANGE, "kind", "ruling"),
    ]


def test_rows_for_additions_give_a_record() -> None:
    """The title and the date in its cells, or part by part in several rows of one name; what nobody filled in gives nothing."""
    returned = register()
    write(returned, "New 1", reply="add", part="Date", proposed="May 1993", milestone="A treaty", institution="Admiralty of Ruritania")
    row = returned.row("Reply", "New 2")
    row[0] = "New 1"
    row[returned.column("Reply", "Which part")], row[returned.column("Reply", "Proposed value")] = "Kind", "agreement"
    write(returned, "New 3", institution="Admiralty of Ruritania")
    write(returned, "New 4", date="2019", milestone="A second one", comment="Found in the archive")
    write(returned, "New 5", comment="No more")
    write(returned, "New 6", reply="add", part="Kind", proposed="treaty")
    returned.append("Reply", 1, Reference="New 11", Milestone="A third one")
    first, second, third, fourth, fifth = returned.differences()
    assert (first.kind, first.record, first.by, first.ask) == (ADD, "New 1", "Admiralty of Ruritania", "")
    assert first.given == {"title": "A treaty", "date": "1993-05", "kind": "agreement"}
    assert (second.record, second.given, second.comment) == ("New 4", {"title": "A second one", "date": "2019"}, "Found in the archive")
    assert (third.kind, third.comment) == (COMMENT, "No more")
    assert (fourth.given, fourth.ask[:24]) == ({"kind": "treaty"}, "'treaty' is none of: agr")
    assert (fifth.kind, fifth.record, fifth.given) == (ADD, "New 11", {"title": "A third one"})


def test_what_two_rows_give_of_one_record_asks() -> None:
    """Two titles of one new record are for a person to choose between."""
    returned = register()
    write(returned, "New 1", part="Milestone", proposed="A treaty")
    row = returned.row("Reply", "New 2")
    row[0] = "New 1"
    row[returned.column("Reply", "Milestone")] = "A pact"
    (found,) = returned.differences()
    assert found.given == {"title": "A treaty"}
    assert found.ask.startswith("they give 'A pact' for title too, at Reply!")


def test_a_title_edited_in_the_reply_is_a_change() -> None:
    """The columns beside the answers say fields of the milestone, and an edit there counts."""
    returned = register()
    returned.write("Reply", "M2010-1", "Milestone", "The act")
    returned.write("Reply", "M2010-1", "Date", "2011")
    assert [(difference.field, difference.theirs) for difference in returned.differences()] == [("title", "The act"), ("date", "2011")]
