"""Returned rows against issued ones: every edit is found, with its field and its record, and nothing else is."""

import random
from collections.abc import Callable
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.editions.snapshot import RecordId
from reports.proposals.differences import Difference, DifferenceKind
from reports.proposals.rows import MONTH, differences
from reports.proposals.sheets import Note, Value
from tests.proposals.register import Register, register

CHANGE, ADD, REMOVE, COMMENT, REMARK = DifferenceKind


def told(found: tuple[Difference, ...]) -> list[tuple[str, ...]]:
    """Return what every one of *found* is, without the place."""
    return [(difference.kind, difference.record, difference.field, difference.base, difference.theirs) for difference in found]


NOISE: dict[str, Callable[[Value], Value]] = {
    "nothing": lambda value: value,
    "whole numbers with a point": lambda value: float(value) if isinstance(value, int) else value,
    "days with an hour": lambda value: datetime(value.year, value.month, value.day) if isinstance(value, date) else value,  # noqa: DTZ001
    "days as texts": lambda value: value.isoformat() if isinstance(value, date) else value,
    "days as serial numbers": lambda value: float((value - date(1899, 12, 30)).days) if isinstance(value, date) else value,
    "days as serial numbers of the Mac": lambda value: (value - date(1904, 1, 1)).days if isinstance(value, date) else value,
    "numbers as texts": lambda value: f"{value:g}" if isinstance(value, float) else value,
    "texts as numbers": lambda value: float(value) if isinstance(value, str) and value.isdigit() else value,
    "no no-break spaces": lambda value: value.replace("\xa0", " ").replace("\u2009", " ") if isinstance(value, str) else value,
    "spaces around": lambda value: f" {value} " if isinstance(value, str) else value,
    "lines of Windows": lambda value: value.replace("\n", "\r\n") if isinstance(value, str) else value,
    "typewriter's quotes": lambda value: value.replace("’", "'").replace("“", '"').replace("”", '"') if isinstance(value, str) else value,
    "typewriter's dashes": lambda value: value.replace("–", "-") if isinstance(value, str) else value,
    "empty for a dash": lambda value: None if value == "–" else value,
    "truth values": lambda value: {"yes": True, "no": False}.get(str(value), value),
}


@pytest.mark.parametrize("edit", NOISE.values(), ids=NOISE)
def test_what_programs_do_is_no_difference(edit: Callable[[Value], Value]) -> None:
    """An untouched copy proposes nothing, whatever a program makes of its cells when it saves them."""
    returned = register()
    assert len(returned.cells) > 10
    returned.change(edit)
    assert returned.differences() == ()


def test_cells_at_the_end_may_be_missing_or_too_many() -> None:
    """Readers give rows as long as what stands in them, or as the longest row."""
    returned = register()
    for rows in returned.cells.values():
        for number, row in enumerate(rows):
            while row and row[-1] is None:
                row.pop()
            rows[number] = [*row, None, None] if number % 2 else row
    assert returned.differences() == ()


@pytest.mark.parametrize(
    ("sheet", "reference", "heading", "value", "expected"),
    [
        ("Register", "M2010-1", "Milestone", "The Harbour Agreement", ("title", "Harbour Agreement", "The Harbour Agreement")),
        ("Register", "M2010-1", "Kind", "Decision ", ("kind", "agreement", "decision")),
        ("Register", "M2004-1", "Status", "last reported", ("status", "ongoing", "reported")),
        ("Register", "M2010-1", "Status", "ongoing", ("status", "done", "ongoing")),
        ("Register", "M2010-1", "Framework", "Harbour Charter; os", ("frameworks", "charter", "charter, observer")),
        ("Register", "M2010-1", "Framework", None, ("frameworks", "charter", "")),
        ("Register", "M2010-1", "Area", "–", ("areas", "harbours", "")),
        ("Register", "M2010-1", "Date", "23 April 2010", ("date", "2010-04-22", "2010-04-23")),
        ("Register", "M2010-1", "Date", "23. 4. 2010.", ("date", "2010-04-22", "2010-04-23")),
        ("Register", "M2010-1", "Date", date(2010, 4, 23), ("date", "2010-04-22", "2010-04-23")),
        ("Register", "M2010-1", "Date (EDTF)", "2010-04", ("date", "2010-04-22", "2010-04")),
        ("Register", "M2010-1", "Earliest day", date(2010, 4, 23), ("date", "2010-04-22", "2010-04-23")),
        (
            "Details",
            "M2010-1",
            "What happened or what it is",
            "The act was signed.",
            ("text", "The agreement was signed.", "The act was signed."),
        ),
        ("Details", "M2010-1", "Milestone", "The act", ("title", "Harbour Agreement", "The act")),
        ("Frameworks", "observer", "Abbreviation", "OBS", ("abbreviation", "OS", "OBS")),
        ("Frameworks", "observer", "Taken up by the partner", "2004", ("joined", "2003", "2004")),
        ("Frameworks", "charter", "In use since", "May 2001", ("since", "", "2001-05")),
        ("Frameworks", "observer", "Place", "beside the steps", ("place", "ladder", "option")),
        ("Frameworks", "observer", "Step", 3.0, ("step", "1", "3")),
        ("Statements", "rudolf-on-harbours", "Claim", "No harbour is open.", ("gist", "Every harbour is open.", "No harbour is open.")),
        ("Statements", "rudolf-on-harbours", "Who says it", "CL", ("speaker", "rudolf", "council")),
        ("Statements", "rudolf-on-harbours", "Role", "King", ("role", "Envoy", "King")),
        ("Measures", "open-harbours", "Unit", "ports", ("unit", "harbours", "ports")),
    ],
)
def test_an_edit_is_a_change_of_its_field(sheet: str, reference: str, heading: str, value: Value, expected: tuple[str, str, str]) -> None:
    """What data have a field for is proposed, as data would have it: codes, ids and EDTF, whatever words were written."""
    returned = register()
    returned.write(sheet, reference, heading, value)
    (found,) = returned.differences()
    assert told((found,)) == [(CHANGE, reference, *expected)]
    assert found.ask == ""
    assert found.where.startswith(f"{sheet}!")


@pytest.mark.parametrize(
    ("heading", "value", "expected"),
    [
        ("Publisher", "The Government", ("publisher", "Government of Ruritania", "The Government")),
        ("Published", "no date shown", ("published", "2010-04-23", "")),
        ("Kind", "press", ("kind", "official", "news")),
        ("Address", "https://gazette.example/8", ("url", "https://gazette.example/7?part=1&page=2", "https://gazette.example/8")),
    ],
)
def test_a_source_is_known_by_its_number(heading: str, value: Value, expected: tuple[str, str, str]) -> None:
    """The row of a source begins with its number, which leads to its id; of an address, its values say which field it is."""
    returned = register()
    number = next(row[0] for row in returned.cells["Sources"] if "gazette" in row)
    returned.write("Sources", number, heading, value)  # type: ignore[arg-type]
    assert told(returned.differences()) == [(CHANGE, "gazette", *expected)]


@pytest.mark.parametrize(
    ("sheet", "reference", "heading", "value", "base"),
    [
        ("Register", "M2010-1", "Confidence", "low", "high"),
        ("Register", "M2010-1", "Sources by number", "1", "1, 3, 6"),
        ("Register", "M2010-1", "Year", 2011, "2010"),
        ("Details", "M2010-1", "Place in the source", "page 8", "page 7"),
        ("Measures", "open-harbours", "Value", 4, "3"),
        ("Links", "M2010-1", "Name", "Somebody", "Government of Ruritania"),
    ],
)
def test_what_is_worked_out_is_a_remark(sheet: str, reference: str, heading: str, value: Value, base: str) -> None:
    """A column that is no field of the record proposes nothing: both values are told."""
    returned = register()
    returned.write(sheet, reference, heading, value)
    (found,) = returned.differences()
    assert told((found,)) == [(REMARK, reference, "", base, str(value))]
    assert found.where.endswith(f"({heading})")


def test_one_date_in_several_cells_is_one_change() -> None:
    """Whoever changes the date everywhere proposes one date; its year and period follow from it."""
    returned = register()
    days: dict[str, Value] = {"Earliest day": date(2011, 5, 23), "Latest day": date(2011, 5, 23), "Date (EDTF)": "2011-05-23"}
    for heading, value in {"Date": "23 May 2011", "Year": 2011, "Period": "since 2011", **days}.items():
        returned.write("Register", "M2010-1", heading, value)
    (found,) = returned.differences()
    assert (told((found,)), found.ask) == ([(CHANGE, "M2010-1", "date", "2010-04-22", "2011-05-23")], "")


@pytest.mark.parametrize(
    ("reference", "values", "theirs", "ask"),
    [
        (
            "M2010-1",
            {"Date": "23 May 2011", "Date (EDTF)": "2011-05-24"},
            "2011-05-23",
            "the cells of this date differ: 2011-05-23, 2011-05-24",
        ),
        ("M2010-1", {"Date": "2011", "Latest day": date(2012, 1, 1)}, "2011", "the cells of this date differ: 2011, latest 2012-01-01"),
        ("M2010-2", {"Date": date(2010, 4, 1)}, "2010-04-01", "a program may have made the day 2010-04-01 of a month"),
        ("M2010-2", {"Date": "1 April 2010"}, "2010-04-01", "a program may have made the day 2010-04-01 of a month"),
        ("M2010-2", {"Date": "4/5/2010"}, "2010-05-04", "'4/5/2010' may mean 2010-05-04 or 2010-04-05"),
        ("M2010-2", {"Date": "soon"}, "soon", "'soon' is not a date that is understood"),
        ("M2010-2", {"Latest day": date(2010, 5, 31)}, "2010-04-01/2010-05-31", "of the bounds of 2010-04 only one was changed"),
        ("M2010-2", {"Earliest day": date(2010, 1, 1), "Latest day": date(2010, 12, 31)}, "2010", ""),
        ("M2010-2", {"Date": "Apr-10", "Year": 2010}, "", ""),
        ("M2010-2", {"Date": "april 2010."}, "", ""),
    ],
)
def test_a_date_that_is_not_clear_asks(reference: str, values: dict[str, Value], theirs: str, ask: str) -> None:
    """Cells that contradict each other, and days that a program may have made, are for a person; the same date is no difference."""
    returned = register()
    for heading, value in values.items():
        returned.write("Register", reference, heading, value)
    found = returned.differences()
    assert [difference.theirs for difference in found] == ([theirs] if theirs else [])
    assert all(difference.ask.startswith(ask) and bool(difference.ask) == bool(ask) for difference in found)


def test_months_that_a_program_made_days_are_the_same() -> None:
    """A program that opens a CSV file makes days of all months in it: no person said that; where one month stayed, a person may have."""
    returned = register()
    months = {
        raw["id"]: date.fromisoformat(f"{raw['date']}-01") for raw in returned.snapshot.content["milestone"] if MONTH.fullmatch(raw["date"])
    }
    assert len(months) == 4
    for reference, day in months.items():
        returned.write("Register", reference, "Date", day)
        returned.write("Register", reference, "Date (EDTF)", day)
    assert returned.differences() == ()
    returned.write("Register", next(iter(months)), "Date", "soon")
    assert len(returned.differences()) == len(months)


@pytest.mark.parametrize(
    ("heading", "value", "ask"),
    [
        ("Kind", "treaty", "'treaty' is none of: agreement, decision"),
        ("Framework", "Harbour Charter, Pact of Seas", "no record, or more than one, is called 'Pact of Seas'"),
        ("Milestone", date(2026, 1, 10), "a program may have made the date 2026-01-10"),
    ],
)
def test_a_value_that_is_not_known_asks(heading: str, value: Value, ask: str) -> None:
    """A word that is no code, a name that no record has and a date in place of a text are for a person to decide."""
    returned = register()
    returned.write("Register", "M2010-1", heading, value)
    (found,) = returned.differences()
    assert found.kind == CHANGE
    assert found.ask.startswith(ask)


def test_a_year_that_contradicts_the_date_is_a_remark() -> None:
    """What is worked out from a date follows it, or is told."""
    returned = register()
    returned.write("Register", "M2010-1", "Date", "23 April 2010")
    returned.write("Register", "M2010-1", "Year", 2012)
    assert told(returned.differences()) == [
        (CHANGE, "M2010-1", "date", "2010-04-22", "2010-04-23"),
        (REMARK, "M2010-1", "", "2010", "2012"),
    ]


def test_a_text_in_a_row_that_had_none_asks() -> None:
    """The text of a milestone stands beside its first source; beside another one, it may be a text on that source."""
    returned = register()
    returned.write("Details", "M2010-1", "What happened or what it is", "In short.", place=1)
    (found,) = returned.differences()
    assert told((found,)) == [(CHANGE, "M2010-1", "text", "The agreement was signed.", "In short.")]
    assert found.ask == "it stands in a row that was issued without it"


def test_a_letter_is_a_change_and_typography_stays() -> None:
    """A person's letter counts, and what a program made of the signs around it is not taken over."""
    returned = register()
    text = str(returned.row("Details", "M2012-1")[2])
    returned.write("Details", "M2012-1", "What happened or what it is", text.replace("š", "s"))
    assert told(returned.differences()) == [(CHANGE, "M2012-1", "text", text, text.replace("š", "s"))]


def test_rows_may_be_anywhere() -> None:
    """Sorted, with blank rows between, and under references that a keyboard or a program has changed, rows are the same rows."""
    returned = register()
    for name in ("Register", "Details", "Links", "Reply"):
        start = returned.head(name) + 1
        rows = returned.cells[name][start:]
        random.Random(1).shuffle(rows)
        returned.cells[name][start:] = [cells for row in rows for cells in (row, list[Value]([None]))]
    for reference, written in {"M2010-1": "М2010–1", "M2010-2": " m2010‑2", "M2012-1": "M 2012-1."}.items():
        returned.row("Register", reference)[0] = written
    assert returned.differences() == ()


def test_columns_and_sheets_may_be_moved_and_renamed() -> None:
    """Columns are known by their headings or else by what stands in them, and sheets too."""
    returned = register()
    order = list(range(len(returned.cells["Register"][returned.head("Register")])))
    random.Random(2).shuffle(order)
    head = returned.head("Register")
    returned.cells["Register"][head:] = [[row[place] for place in order] for row in returned.cells["Register"][head:]]
    for name in ("Details", "Reply"):
        headings = returned.cells[name][returned.head(name)]
        returned.cells[name][returned.head(name)] = [f"Ђ {heading}" for heading in headings]
    returned.cells = {f"Лист {number}": rows for number, rows in enumerate(reversed(returned.cells.values()))}
    assert returned.differences() == ()


def test_a_column_that_is_gone_is_one_remark() -> None:
    """Who deletes a column proposes no change of what was in it; one of theirs with the same heading is no stand-in."""
    returned = register()
    place = returned.column("Register", "Kind")
    for row in returned.cells["Register"]:
        del row[place : place + 1]
    row = returned.row("Register", "M2010-1")
    headings = returned.cells["Register"][returned.head("Register")]
    headings[0], row[len(headings) :] = "Ref.", ["M2010-2"]
    headings.append("Reference")
    returned.cells["Register"].append(list(headings))
    first, second = returned.differences()
    assert (first.kind, first.where, first.ask) == (REMARK, "Register", "columns are gone: Kind")
    assert (second.kind, second.record, second.comment) == (COMMENT, "M2010-1", "Reference: M2010-2")


def test_a_translated_sheet_still_has_its_columns() -> None:
    """Under other headings, edits and comments are found in the same fields; which columns are gone is not known."""
    returned = register()
    for row in returned.cells["Register"]:
        row.pop()
    returned.write("Register", "M2010-1", "Milestone", "The act")
    returned.write("Register", "M2010-2", "Your comment", "Why?")
    head = returned.head("Register")
    returned.cells["Register"][head] = [f"Ђ {heading}" for heading in returned.cells["Register"][head]]
    found = returned.differences()
    assert told(found) == [(COMMENT, "M2010-2", "", "", ""), (CHANGE, "M2010-1", "title", "Harbour Agreement", "The act")]
    assert found[0].comment == "Why?"


def test_a_row_that_is_gone_is_to_be_removed() -> None:
    """One removal for a record, from the sheet that has a row for each of its kind; a row of evidence that is gone is a remark."""
    returned = register()
    for name in ("Register", "Details", "Reply"):
        returned.cells[name] = [row for row in returned.cells[name] if row[0] != "M2012-1"]
    found = returned.differences()
    assert told(found) == [(REMOVE, "M2012-1", "", "", ""), (REMARK, "", "", "", "")]
    assert [difference.ask for difference in found] == ["", "1 of 18 rows are gone: M2012-1"]


def test_many_rows_gone_ask_for_a_filter() -> None:
    """More than a tenth of the rows are not taken out without asking whether only those in sight were copied."""
    returned = register()
    returned.cells["Register"] = [row for row in returned.cells["Register"] if row[0] not in ("M2012-1", "M2010-2")]
    found = returned.differences()
    assert [(difference.kind, difference.record) for difference in found] == [(REMOVE, "M2010-2"), (REMOVE, "M2012-1")]
    assert {difference.ask for difference in found} == {"2 of 14 rows are gone: was a filtered view copied?"}


def test_a_sheet_that_is_gone_is_one_remark() -> None:
    """A sheet that did not come back removes nothing."""
    returned = register()
    del returned.cells["Register"]
    (found,) = returned.differences()
    assert (found.kind, found.where, found.ask) == (REMARK, "Register", "the sheet is gone, or has no reference in it")


def test_a_copy_of_a_sheet_is_read_too() -> None:
    """Whoever works in a copy of the sheet, perhaps of the rows in sight, changes the same records, and removes none."""
    returned = register()
    head = returned.head("Register")
    returned.cells["Register (2)"] = [list(row) for row in returned.cells["Register"][head : head + 6]]
    assert returned.differences() == ()
    returned.cells["Register (2)"][1][returned.column("Register", "Milestone")] = "Other"
    (found,) = returned.differences()
    assert (found.where, found.field, found.theirs) == ("Register (2)!E2", "title", "Other")


def test_a_sheet_of_their_own_is_a_remark() -> None:
    """What stands in a sheet that is none of ours is told, but proposes nothing, whatever numbers are in it."""
    returned = register()
    del returned.cells["Sources"]
    returned.cells["Pivot"] = [["Year", "Count"], [2010, 4], [1, 2], [3, 4]]
    first, second = returned.differences()
    assert (first.where, first.ask) == ("Sources", "the sheet is gone, or has no reference in it")
    assert told((second,)) == [(REMARK, "", "", "", "Year Count 2010 4 1 2 3 4")]


def test_a_reference_that_was_changed_or_emptied_is_a_remark() -> None:
    """References never change: the row is known by what else stands in it, and its edits count."""
    returned = register()
    row = returned.row("Register", "M2010-1")
    row[0], row[returned.column("Register", "Status")] = "M2010-1a", "planned"
    returned.row("Register", "M2012-1")[0] = None
    assert told(returned.differences()) == [
        (CHANGE, "M2010-1", "status", "done", "planned"),
        (REMARK, "M2010-1", "", "M2010-1", "M2010-1a"),
        (REMARK, "M2012-1", "", "M2012-1", ""),
    ]


def test_a_row_in_place_of_another_is_a_new_one() -> None:
    """A row that shares its date with one that is gone is no edit of it."""
    returned = register()
    day = returned.row("Register", "M2010-1")[returned.column("Register", "Date")]
    returned.cells["Register"].remove(returned.row("Register", "M2010-1"))
    returned.append("Register", Reference="M2010-99", Date=day, Milestone="Another event")
    assert [(difference.kind, difference.record) for difference in returned.differences()] == [(ADD, "M2010-99"), (REMOVE, "M2010-1")]


def test_a_column_sorted_alone_asks() -> None:
    """Where most of a column differs, each change asks whether the rest of the rows was left where it stood."""
    returned = register()
    place, start = returned.column("Register", "Milestone"), returned.head("Register") + 1
    rows = returned.cells["Register"][start:]
    titles = sorted(str(row[place]) for row in rows)
    for row, title in zip(rows, titles, strict=True):
        row[place] = title
    found = returned.differences()
    assert len(found) > 7
    assert {difference.ask for difference in found} == {"most of this column differs: was it sorted without the others?"}


def test_a_copied_row_is_a_difference_only_where_it_differs() -> None:
    """A row that stands twice says the same twice; where the copies differ, a person has to say which one counts."""
    returned = register()
    returned.cells["Register"].append(list(returned.row("Register", "M2010-1")))
    returned.cells["Links"].append(list(returned.row("Links", "M2010-1")))
    assert returned.differences() == ()
    returned.cells["Register"][-1][returned.column("Register", "Status")] = "planned"
    (found,) = returned.differences()
    assert told((found,)) == [(CHANGE, "M2010-1", "status", "done", "planned")]
    assert found.ask.startswith("the reference stands in several rows, which differ: ")


def test_a_new_row_is_a_record_to_add() -> None:
    """Below the table or in it, with a new reference or none; the same reference in two sheets is one record."""
    returned = register()
    values = {
        "Milestone": "Charter in force",
        "Date": "maj 2019.",
        "Kind": "decision",
        "Framework": "Harbour Charter",
        "Your_comment": "At last",
    }
    returned.append("Register", 2, Reference="M2019-new", **values, Confidence="high")
    returned.append("Details", Reference="M2019-new", Milestone="Charter in force", What_happened_or_what_it_is="It is in force.")
    returned.append("Register", Milestone="A second one")
    first, second = returned.differences()
    fields = {"title": "Charter in force", "date": "2019-05", "kind": "decision", "frameworks": "charter", "text": "It is in force."}
    assert (first.kind, first.record, first.given, first.ask) == (ADD, "M2019-new", fields, "")
    assert first.comment == "At last; Confidence: high"
    assert (second.kind, second.given) == (ADD, {"title": "A second one"})
    assert second.record == second.where == f"Register!E{len(returned.cells['Register'])}"


def test_a_word_below_the_table_is_a_remark() -> None:
    """What somebody wrote outside rows is kept, and adds no record; nor does a new row of another kind."""
    returned = register()
    returned.append("Register", 1, Reference="Checked by the Admiralty")
    returned.append("Frameworks", Reference="pact", Framework="Pact of Seas", What_happened_or_what_it_is="A pact.")
    returned.append("Details", Reference="M2010-1", Milestone="Harbour Agreement", Place_in_the_source="page 9")
    found = returned.differences()
    assert told(found) == [
        (REMARK, "", "", "", "Checked by the Admiralty"),
        (REMARK, "M2010-1", "", "", "M2010-1; Harbour Agreement; page 9"),
        (REMARK, "", "", "", "pact; Pact of Seas; A pact."),
    ]


def test_an_inserted_column_is_told_row_by_row() -> None:
    """What stands in a column of their own is a comment on each row, under its heading."""
    returned = register()
    head = returned.head("Register")
    for row in returned.cells["Register"][head:]:
        row.insert(2, "Our file" if row[0] == "Reference" else "17/3" if row[0] == "M2010-1" else None)
    (found,) = returned.differences()
    assert (found.kind, found.record, found.comment) == (COMMENT, "M2010-1", "Our file: 17/3")
    assert found.where.startswith("Register!C")


def test_a_column_of_numbers_is_one_remark() -> None:
    """Who numbers the rows says nothing about each."""
    returned = register()
    head = returned.head("Register")
    for number, row in enumerate(returned.cells["Register"][head:]):
        row.insert(0, float(number) if number else "No.")
    (found,) = returned.differences()
    assert (found.kind, found.where) == (REMARK, f"Register!A{head + 2}")
    assert found.theirs == f"No.: {', '.join(map(str, range(1, 15)))}"


def test_a_cleared_row_is_to_be_removed_if_a_person_says_so() -> None:
    """Whoever empties a row, and leaves its reference, may mean to delete it; a row of evidence is a remark."""
    returned = register()
    for name in ("Register", "Details"):
        row = returned.row(name, "M2012-1")
        row[1:] = [None] * (len(row) - 1)
    found = returned.differences()
    assert told(found) == [(REMOVE, "M2012-1", "", "", ""), (REMARK, "M2012-1", "", "", "")]
    assert {difference.ask for difference in found} == {"all but the reference was emptied"}


def test_comments_and_broken_cells_are_told() -> None:
    """A note on a cell is a comment on its field, with who wrote it; a cell without a value asks; neither changes the field."""
    returned = register()
    number = returned.where("Register", returned.row("Register", "M2010-1"))
    returned.notes["Register", number, returned.column("Register", "Milestone")] = (
        Note("Rudolf", "2020-08-01", "No act?"),
        Note("", "", "Yes"),
    )
    returned.broken["Register", number, returned.column("Register", "Status")] = "#REF!"
    returned.write("Register", "M2010-1", "Status", None)
    returned.notes["About", 1, 0] = (Note("", "", "Thanks"),)
    found = returned.differences()
    assert [(difference.kind, difference.field, difference.comment, difference.by, difference.when) for difference in found] == [
        (COMMENT, "title", "No act?", "Rudolf", "2020-08-01"),
        (COMMENT, "title", "Yes", "", ""),
        (REMARK, "", "", "", ""),
        (COMMENT, "", "Thanks", "", ""),
    ]
    assert found[2].ask == "the cell has no value: #REF!"


def test_the_same_change_in_two_sheets_is_one() -> None:
    """A title stands in three sheets: the same edit counts once, another one is another change."""
    returned = register()
    returned.write("Register", "M2010-1", "Milestone", "The act")
    returned.write("Details", "M2010-1", "Milestone", "The act")
    assert told(returned.differences()) == [(CHANGE, "M2010-1", "title", "Harbour Agreement", "The act")]
    returned.write("Details", "M2010-1", "Milestone", "The law", place=1)
    assert [difference.theirs for difference in returned.differences()] == ["The act", "The law"]


def test_a_table_of_a_csv_file_is_found_by_what_it_says() -> None:
    """A CSV file is one sheet without a name: the others are not missed."""
    returned = register()
    returned.write("Register", "M2010-1", "Milestone", "'=act")
    returned.cells = {"": returned.cells["Register"][returned.head("Register") :]}
    (found,) = differences(returned.sheets, returned.issued, returned.snapshot, returned.locale)
    assert (found.where, found.theirs) == ("E10", "=act")


# What an edit writes, and where: the cells of a row, by sheet and heading, with the field that changes and its new value.
WRITTEN: dict[str, tuple[str, dict[str, str], str, str]] = {
    "title": ("Register", {"Milestone": "Edited {}"}, "title", "Edited {}"),
    "status": ("Register", {"Status": "Missed"}, "status", "missed"),
    "date": ("Register", {"Date": "7. maja 2015."}, "date", "2015-05-07"),
    "text": ("Details", {"What happened or what it is": "All about {}."}, "text", "All about {}."),
    "reply": ("Reply", {"Your reply": "correct", "Which part": "Milestone", "Proposed value": "Better {}"}, "title", "Better {}"),
    "comment": ("Register", {"Your comment": "Hm"}, "", ""),
}
EDITS = st.sampled_from([*WRITTEN, "delete", "copy", "nothing"])


def _edit(returned: Register, reference: str, edit: str) -> tuple[str, ...] | None:
    """Do *edit* to the row of *reference*, and return what is to be found of it; None if nothing is."""
    row = returned.row("Register", reference)
    if edit in WRITTEN:
        sheet, cells, field, theirs = WRITTEN[edit]
        raw = {"status": "done", **returned.snapshot.records[RecordId("milestone", reference)]}
        text = returned.row("Details", reference)[returned.column("Details", "What happened or what it is")]
        base = str({**raw, "text": text}.get(field, ""))
        for heading, value in cells.items():
            returned.write(sheet, reference, heading, value.format(reference))
        return (CHANGE if field else COMMENT, reference, field, base, theirs.format(reference)) if base != theirs or not field else None
    if edit == "delete":
        returned.cells["Register"].remove(row)
        return (REMOVE, reference, "", "", "")
    if edit == "copy":
        returned.cells["Register"].append(list(row))
    return None


@given(st.dictionaries(st.integers(0, 13), EDITS, max_size=6), st.randoms(use_true_random=False), st.booleans(), st.booleans())
@settings(max_examples=60)
def test_random_edits_are_found_and_nothing_else(edits: dict[int, str], chance: random.Random, translated: bool, moved: bool) -> None:
    """Whatever rows are edited, copied, deleted and shuffled, under whatever headings, these edits are the differences."""
    returned = register()
    head = returned.head("Register")
    references = [str(row[0]) for row in returned.cells["Register"][head + 1 :]]
    expected = [found for number, edit in edits.items() if (found := _edit(returned, references[number], edit))]
    rows = returned.cells["Register"][head + 1 :]
    chance.shuffle(rows)
    headings = [f"Ђ {heading}" for heading in returned.cells["Register"][head]] if translated else returned.cells["Register"][head]
    order = list(range(len(headings)))
    if moved and not translated:
        chance.shuffle(order)
    returned.cells["Register"][head:] = [[row[place] for place in order] for row in [headings, *rows]]
    assert sorted(told(returned.differences())) == sorted(expected)
