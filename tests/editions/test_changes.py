"""The changes between two snapshots: each field by what it is, and nothing lost."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.dataset.load import load_dataset
from reports.editions.changes import Change, ChangeKind, Place, Run, changes, for_readers, tree, word_runs
from reports.editions.snapshot import MODELS, NO_PART, RecordId, Snapshot, parts
from tests.conftest import TINY

CONTENT: dict[str, Any] = json.loads(load_dataset(TINY / "data").canonical_json)
FIXED = ("id", "edition", "source", "locator")  # fields without which a record is none


def changed(edit: Callable[[Any], object]) -> list[Change]:
    """Return the changes that *edit* makes of the tiny dataset."""
    content = copy.deepcopy(CONTENT)
    edit(content)
    return list(changes(Snapshot(CONTENT), Snapshot(content)))


def record(content: Any, identifier: str) -> Any:
    records = (found for kind in content if kind not in ("about", "withdrawal") for found in content[kind])
    return next(found for found in records if found["id"] == identifier)


def test_nothing_changed() -> None:
    """The same data have no changes."""
    assert changed(lambda content: None) == []


def test_a_field_changed() -> None:
    """It has the value before and after; a value that was left out is the one that it stands for."""
    (date, status) = changed(lambda content: record(content, "M2010-1").update(date="2010-04-23", status="ongoing"))
    assert (date.kind, date.record_kind, date.record, date.field) == (ChangeKind.CHANGED, "milestone", "M2010-1", "date")
    assert (date.before, date.after, date.editorial, date.item) == ("2010-04-22", "2010-04-23", False, ())
    assert (status.field, status.before, status.after) == ("status", "done", "ongoing")
    (reset,) = changes(
        Snapshot(CONTENT | {"milestone": [{**record(CONTENT, "M2018-1"), "status": "missed"}]}),
        Snapshot(CONTENT | {"milestone": [{name: value for name, value in record(CONTENT, "M2018-1").items() if name != "status"}]}),
    )
    assert (reset.before, reset.after) == ("missed", "done")


@pytest.mark.parametrize(
    ("identifier", "field", "value", "form"),
    [
        ("M2010-1", "date", "2010-04", "date"),
        ("observer", "since", "2000", "date"),
        ("M2010-1", "status", "ongoing", "code"),
        ("M2010-1", "title", "Pact", "text"),
        ("M2010-1", "text", "It was signed.", "prose"),
        ("observer", "standing", "It waits.", "prose"),
        ("charter", "follows", ["circle"], "references"),
        ("M2021-1", "topic", None, "references"),
    ],
)
def test_the_form_of_a_value(identifier: str, field: str, value: object, form: str) -> None:
    """It is that of the field, so that a template knows how to print it."""
    (change,) = changed(lambda content: record(content, identifier).update({field: value}))
    assert (change.field, change.form) == (field, form)


def test_records_come_and_go() -> None:
    """A new one and a withdrawn one are told as a whole, with their evidence; the withdrawal says why, and what is in its place."""

    def edit(content: Any) -> None:
        content["milestone"].append({**record(content, "M2018-1"), "id": "M2018-2", "title": "Second conference"})
        content["milestone"].remove(record(content, "M2019-1"))
        content["withdrawal"] = [{"id": "M2019-1", "edition": 2, "reason": "It was another lighthouse", "replaced_by": "M2018-2"}]

    new, gone = changed(edit)
    assert (new.kind, new.record, new.label, new.before, new.path) == (ChangeKind.NEW, "M2018-2", "Second conference", None, ())
    assert (new.added, new.gone) == ((Place("league", "paragraph 6"),), ())
    assert (gone.kind, gone.record, gone.after, gone.gone) == (ChangeKind.WITHDRAWN, "M2019-1", None, (Place("league", "paragraph 7"),))
    assert (gone.reason, gone.replaced_by) == ("It was another lighthouse", "M2018-2")


def test_an_activity_is_a_record() -> None:
    """Its area is not said to have changed with it."""
    (change,) = changed(lambda content: record(content, "harbours")["activities"][0].update(date="../2016"))
    assert (change.record_kind, change.record, change.field) == ("activity", "dredging", "date")


def test_references_are_sets() -> None:
    """Their order does not matter, and what is in them does."""
    about = ["charter", "M2010-1"]
    assert changed(lambda content: record(content, "rudolf-on-harbours").update(about=about[::-1])) == []
    (change,) = changed(lambda content: record(content, "rudolf-on-harbours").update(about=["M2010-1"]))
    assert (change.before, change.after) == (sorted(about), ["M2010-1"])


def test_evidence_is_known_by_its_place() -> None:
    """Its order is no change, another place is; what came and went stands with every change of its record, as their reason does."""
    fact = record(CONTENT, "M2010-1")
    assert len(fact["evidence"]) > 1
    assert changed(lambda content: record(content, "M2010-1")["evidence"].reverse()) == []

    def edit(content: Any) -> None:
        found = record(content, "M2010-1")
        found["evidence"][0] = {"source": "leaflet", "locator": "line 1"}
        found.update(title="Harbour Agreement signed again", reading="The leaflet is later [@gazette].")

    found = changed(edit)
    first = fact["evidence"][0]
    assert {change.field for change in found} == {"evidence", "title", "reading"}
    assert {change.added for change in found} == {(Place("leaflet", "line 1"),)}
    assert {change.gone for change in found} == {(Place(first["source"], first["locator"]),)}
    assert {change.reason for change in found} == {"The leaflet is later [@gazette]."}
    assert {change.field for change in for_readers(found)} == {"title", "reading"}


def test_evidence_alone_is_told_once() -> None:
    """A record of which nothing else changed is told of by one change, with all the places."""

    def edit(content: Any) -> None:
        record(content, "M2018-1")["evidence"] += [{"source": "leaflet", "locator": "line 1"}, {"source": "guild", "locator": "line 2"}]

    found = changed(edit)
    assert len(found) == 2
    (change,) = for_readers(found)
    assert (change.is_evidence, change.added) == (True, (Place("leaflet", "line 1"), Place("guild", "line 2")))


def test_what_a_source_gives_is_evidence() -> None:
    """A source that says otherwise now is told of with its record, and names no other place."""
    (change,) = changed(lambda content: record(content, "M2018-1")["evidence"][0].update(gives={"date": "2017"}))
    assert (change.field, change.item, change.before, change.after) == ("evidence.gives", ("league", "paragraph 6"), None, {"date": "2017"})
    assert (change.is_evidence, change.added, change.gone) == (True, (), ())


def test_who_proposed_a_change_is_told() -> None:
    """Evidence that lies in a file that was sent back makes its publisher the one who proposed the change."""

    def edit(content: Any) -> None:
        content["source"].append({"id": "answer", "publisher": "Admiralty", "file": "received/2020-admiralty.xlsx", "title": "Answer"})
        found = record(content, "M2018-1")
        found["evidence"].append({"source": "answer", "locator": "Register, M2018-1, Date"})
        found["date"] = "2018-05"

        content["milestone"].append({**found, "id": "M2018-2"})

    assert {change.proposed_by for change in changed(edit) if change.record in ("M2018-1", "M2018-2")} == {"Admiralty"}
    assert all(change.proposed_by is None for change in changed(lambda content: record(content, "M2018-1").update(date="2018-05")))


def test_counts_are_known_by_day_counter_and_group() -> None:
    """One whose value changed is no other count; one of another group is."""
    points = record(CONTENT, "open-harbours")["points"]
    (value,) = changed(lambda content: record(content, "open-harbours")["points"][0].update(value="4"))
    assert (value.field, value.item, value.before, value.after) == ("points.value", ("2011", "admiralty", ""), "3", "4")
    found = changed(lambda content: record(content, "open-harbours")["points"][0].update(among="harbours in the south"))
    assert [(change.before, change.after) for change in found] == [
        (None, {**points[0], "among": "harbours in the south"}),
        (points[0], None),
    ]
    assert changed(lambda content: record(content, "open-harbours")["points"].reverse()) == []


def test_two_items_of_one_identity_are_two() -> None:
    """The same place may be named twice, with other notes."""

    def edit(content: Any) -> None:
        evidence = record(content, "M2018-1")["evidence"]
        evidence.append({**evidence[0], "note": "Another paragraph there"})

    (change,) = changed(edit)
    assert (change.item, change.before) == (("league", "paragraph 6", "2"), None)


def test_the_head_is_a_record() -> None:
    """Its number and its day are no news; its lists of prose are compared as one text."""

    def edit(content: Any) -> None:
        content["about"].update(edition=2, published="2021-01-01", as_of="2020-12-31")
        content["about"]["key_points"].insert(1, "The harbours are *closed* [@guild, line 9].")
        content["about"]["matters"][0]["next"] = "Nothing"

    found = changed(edit)
    assert {change.field for change in found if change.editorial} == {"edition", "published"}
    points, as_of, matter = sorted((change for change in found if not change.editorial), key=lambda change: len(change.field) % 10)
    told = {change.field: change for change in (points, as_of, matter)}
    assert set(told) == {"as_of", "key_points", "matters.next"}
    assert told["matters.next"].item == ("Harbour Charter",)
    inserted = [run for run in told["key_points"].runs if run.kind != "kept"]
    assert inserted == [Run("inserted", "The harbours are closed.")]
    assert Place("guild", "line 9") in told["key_points"].added


@pytest.mark.parametrize(
    ("before", "after", "editorial"),
    [
        ("A seat, without a vote.", "*A seat* without a vote", True),
        ("The pilots’ guild – and others", "the pilots' guild - and others", True),
        ("A seat without a vote", "A seat with a vote", False),
        ("One [@league, paragraph 1]", "One [@league, paragraph 2]", False),
        ("One [@league, paragraph 1]", "One [@guild, paragraph 1]", False),
        ("It has 10,000 ships", "It has 10.000 ships", False),
        ("It fell by 5", "It fell by -5", False),
    ],
)
def test_wording_alone_is_editorial(before: str, after: str, editorial: bool) -> None:
    """The same words, numbers and citations in the same order, however they are set."""
    old, new = (CONTENT | {"about": {**CONTENT["about"], "outlook": text}} for text in (before, after))
    (change,) = changes(Snapshot(old), Snapshot(new))
    assert change.editorial == editorial
    assert for_readers([change]) == (() if editorial else (change,))


@pytest.mark.parametrize(
    ("identifier", "field", "value"), [("M2010-1", "short", "Pact"), ("M2010-1", "key", False), ("rudolf-on-harbours", "key", True)]
)
def test_how_a_record_is_shown_is_no_fact(identifier: str, field: str, value: object) -> None:
    """The label of a figure and the choice of a document are editorial."""
    assert [change.editorial for change in changed(lambda content: record(content, identifier).update({field: value}))] == [True]


def test_words_are_kept_inserted_or_deleted() -> None:
    """In the order of reading, a deleted one before what stands in its place."""
    assert word_runs("The council met in May", "The old council met in June 2010") == (
        *(Run("kept", "The"), Run("inserted", "old"), Run("kept", "council met in")),
        *(Run("deleted", "May"), Run("inserted", "June 2010")),
    )
    assert word_runs("It was a long day in May", "It is the end of a very short week in May") == (
        *(Run("kept", "It"), Run("deleted", "was a long day"), Run("inserted", "is the end of a very short week"), Run("kept", "in May")),
    )
    assert word_runs("", "new") == (Run("inserted", "new"),)
    assert word_runs("", "") == ()


WORDS = st.lists(st.sampled_from("abcde"), max_size=12).map(" ".join)


@given(before=WORDS, after=WORDS)
def test_no_word_is_lost(before: str, after: str) -> None:
    """Without the inserted words they are the old text, without the deleted ones the new one."""
    runs = word_runs(before, after)
    assert " ".join(run.words for run in runs if run.kind != "inserted") == before
    assert " ".join(run.words for run in runs if run.kind != "deleted") == after


def apply(found: tuple[Change, ...], before: Snapshot) -> dict[RecordId, Any]:
    """Return the trees of the records of *before* after the changes *found*, each of which has to find what it changes."""
    trees = trees_of(before)
    for change in found:
        key, model = RecordId(change.record_kind, change.record), MODELS[change.record_kind]
        if change.kind == ChangeKind.NEW:
            assert key not in trees
            trees[key] = tree(model, change.after)
        elif change.kind == ChangeKind.WITHDRAWN:
            assert trees.pop(key) == tree(model, change.before)
        else:
            put(trees[key], model, change)
    return {key: pruned(value) for key, value in trees.items()}


def put(node: Any, model: Any, change: Change) -> None:
    part = NO_PART
    for step in change.path[:-1]:
        part = parts(model).get(step, NO_PART) if model and isinstance(step, str) else part
        model = part.model if isinstance(step, str) else model
        node = node.setdefault(step, {})
    last = change.path[-1]
    part = parts(model).get(last, NO_PART) if model and isinstance(last, str) else NO_PART
    within = tree(model, change.after) if isinstance(last, tuple) else tree(part.model, change.after)
    there = node.get(last, part.default)
    assert there == (tree(model if isinstance(last, tuple) else part.model, change.before))
    if change.after is None or change.after == part.default:
        node.pop(last)
    else:
        node[last] = within


def trees_of(snapshot: Snapshot) -> dict[RecordId, Any]:
    return {key: copy.deepcopy(tree(MODELS[key.kind], value)) for key, value in snapshot.records.items()}


def pruned(value: Any) -> Any:
    """Return *value* without what is empty: a list that has lost its last item is not there."""
    if not isinstance(value, dict):
        return value
    return {name: inner for name, item in value.items() if (inner := pruned(item)) not in ({}, [])}


def test_no_field_is_forgotten() -> None:
    """Whatever field is taken out of whatever record, that is a change, and the only one."""
    edits = [
        (kind, index, name) for kind in MODELS for index, found in enumerate(CONTENT.get(kind, ())) for name in found if kind != "about"
    ]
    assert len(edits) > 200
    for kind, index, name in edits:
        content = copy.deepcopy(CONTENT)
        if name not in FIXED:
            del content[kind][index][name]
            found = changes(Snapshot(CONTENT), Snapshot(content))
            assert {change.path[:1] for change in found} <= {(name,), ()}
            assert found
            assert apply(found, Snapshot(CONTENT)) == {key: pruned(value) for key, value in trees_of(Snapshot(content)).items()}


def mutate(draw: Callable[[Any], Any], content: Any) -> None:
    """Make one random edit in *content*, such as a person may make."""
    kind = draw(st.sampled_from([kind for kind in content if kind != "about" and content[kind]]))
    index = draw(st.integers(0, len(content[kind]) - 1))
    match draw(st.sampled_from(("remove", "add", "edit", "edit", "edit", "edit", "head"))):
        case "remove":
            content[kind].pop(index)
        case "add" if kind != "area":
            content[kind].append({**copy.deepcopy(content[kind][index]), "id": f"new-{draw(st.integers(0, 9))}"})
        case "head":
            edit_within(draw, content["about"])
        case _:
            edit_within(draw, content[kind][index])


def edit_within(draw: Callable[[Any], Any], record: Any) -> None:
    """Change, remove, copy or move something somewhere in *record*."""
    name = draw(st.sampled_from(sorted(record)))
    value = record[name]
    if isinstance(value, dict) and value:
        edit_within(draw, value)
    elif isinstance(value, list) and value:
        edit_list(draw, value, is_copied=name != "activities")
    elif name in ("source", "locator"):
        record[name] = draw(st.sampled_from(("guild", "leaflet")))
    elif name not in FIXED and isinstance(value, str):
        record[name] = draw(st.sampled_from(("One", "two [@guild, line 1].", "1.5", value)))
        if draw(st.booleans()):
            del record[name]


def edit_list(draw: Callable[[Any], Any], items: Any, is_copied: bool) -> None:
    index = draw(st.integers(0, len(items) - 1))
    match draw(st.sampled_from(("remove", "copy", "turn", "edit"))):
        case "remove":
            items.pop(index)
        case "copy" if is_copied:
            items.insert(draw(st.integers(0, len(items))), copy.deepcopy(items[index]))
        case "turn":
            items.reverse()
        case _ if isinstance(items[index], dict):
            edit_within(draw, items[index])


def unique(content: Any) -> bool:
    names = [found["id"] for kind in content if kind != "about" for found in content[kind]]
    return len(set(names)) == len(names)


@settings(max_examples=200)
@given(st.data())
def test_changes_applied_to_the_old_give_the_new(data: st.DataObject) -> None:
    """However both were edited: each change finds what it says was before, and all of them together leave no difference."""
    pair = [copy.deepcopy(CONTENT), copy.deepcopy(CONTENT)]
    for content in pair:
        for _ in range(data.draw(st.integers(0, 6))):
            mutate(data.draw, content)
    before, after = map(Snapshot, pair)
    if all(map(unique, pair)):
        found = changes(before, after)
        assert apply(found, before) == {key: pruned(value) for key, value in trees_of(after).items()}


def test_how_the_head_words_codes_is_no_change_for_readers() -> None:
    """A code of the dataset's own, what the ladder is called: such a change is of wording alone, and not counted."""
    found = changed(lambda content: content["about"].update(kinds=[], aim="a seat"))
    assert [change.field for change in found] == ["aim", "kinds"]
    assert all(change.editorial and change.is_of_edition for change in found)
