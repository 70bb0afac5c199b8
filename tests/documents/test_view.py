"""The view: what one document shows, in which order, under which numbers."""

from dataclasses import replace
from pathlib import Path

import pytest

from reports.dataset.confidence import Confidence
from reports.dataset.dataset import Dataset
from reports.dataset.dates import parse_date
from reports.dataset.load import load_dataset
from reports.documents.document import Choice, load_documents
from reports.documents.view import IN_A_FIGURE, PastEdition, View, make_view
from reports.editions.editions import compare, load_editions
from reports.editions.snapshot import snapshot_of
from reports.files import sha256
from tests.conftest import TINY, edit, view_of
from tests.editions.conftest import Freeze, freeze  # noqa: F401 - a fixture


@pytest.fixture(scope="module")
def short(tiny: Dataset) -> View:
    return view_of(tiny, "short")


def test_all_records_are_shown_unless_the_document_says_otherwise(tiny: Dataset, tiny_view: View) -> None:
    """A document without a selection shows every record and every source."""
    assert len(tiny_view.shown) > 20
    sources = {source.id for source in tiny.sources}
    assert tiny_view.shown | sources | {"lnh", "trade"} == set(tiny.by_id)
    assert tiny_view.sources == tiny.sources


def test_a_selection_is_followed(short: View, tiny_view: View) -> None:
    """`key` takes the records marked as key, `none` takes none; a document is called what it says, or what the dataset says."""
    assert (tiny_view.title, short.title) == ("Ruritania and the League", "Ruritania in short")
    assert {milestone.id for milestone in short.milestones} == {"M2010-1", "M2021-1"}
    kinds = ("frameworks", "areas", "operations", "bodies", "people", "statements", "measures", "abbreviations")
    assert short.document.records.statements == Choice.NONE
    assert [getattr(short, kind) for kind in kinds] == [()] * 8


def test_what_is_cited_is_shown(tiny: Dataset, short: View, tiny_data: Path) -> None:
    """`cited` takes the records that the head cites, or a record of a kind that is not chosen so; no others."""
    records = short.document.records.model_copy(update={"milestones": Choice.CITED, "areas": Choice.CITED, "bodies": Choice.CITED})
    view = make_view(tiny, short.document.model_copy(update={"records": records}), "en")
    assert [milestone.id for milestone in view.milestones] == ["M2010-1"]
    assert ([body.id for body in view.bodies], view.areas) == (["council"], ())
    edit(tiny_data / "dataset.yaml", "for 2021 [@league, paragraph 8].\nstanding", "for 2021 [@league, paragraph 8; @charts].\nstanding")
    view = make_view(load_dataset(tiny_data), short.document.model_copy(update={"records": records}), "en")
    assert [area.id for area in view.areas] == ["harbours"], "an area with an activity that is cited"


def test_what_is_shown_comes_in_order(short: View, tiny_view: View) -> None:
    """The ids are those of the records, in their order, that of a set would be another with each build; every document has all periods."""
    assert list(short.shown) == ["beginnings", "practice", "M2010-1", "M2021-1"]
    assert [each for each in tiny_view.shown if each.startswith("M")] == [milestone.id for milestone in tiny_view.milestones]


def test_milestones_come_in_order_of_date(tiny_view: View) -> None:
    """By first day, last day, then number: M2010-2 comes before M2010-10; each belongs to one period."""
    expected = "2001-1 2003-1 2004-1 2005-1 2006-1 2008-1 2010-2 2010-10 2010-1 2012-1 2016-1 2018-1 2019-1 2021-1"
    assert " ".join(milestone.id[1:] for milestone in tiny_view.milestones) == expected
    assert len(tiny_view.periods) == 2
    assert sum((tiny_view.milestones_of(period) for period in tiny_view.periods), ()) == tiny_view.milestones


def test_a_timeline_has_room_for_the_latest_key_milestones(tiny_view: View) -> None:
    """In order of date, as many as there is room for; a milestone of which only the last day is known has no place on a timeline."""
    assert [milestone.id for milestone in tiny_view.latest_key_milestones] == ["M2010-1", "M2021-1"]
    keys = [milestone.model_copy(update={"key": True}) for milestone in tiny_view.milestones]
    assert replace(tiny_view, milestones=tuple(keys)).latest_key_milestones == tuple(keys)
    assert replace(tiny_view, milestones=tuple(keys * 4)).latest_key_milestones == tuple(keys * 4)[-IN_A_FIGURE:]
    keys[0] = keys[0].model_copy(update={"date": parse_date("../2001")})
    assert replace(tiny_view, milestones=tuple(keys)).latest_key_milestones == tuple(keys[1:])


def test_a_figure_has_room_for_the_latest_points(tiny_view: View) -> None:
    """In order of date, as many as there is room for; those of one day stay as they are declared."""
    (measure,) = tiny_view.measures
    points = measure.points * 30
    assert tiny_view.latest_points(measure.model_copy(update={"points": points[::-1]})) == points[:1] * 10 + points[1:2] * 30


def test_a_source_has_the_same_number_in_every_document(tiny_view: View, short: View) -> None:
    """Numbers count all sources of the dataset; a document has those that its records cite, with gaps, not with other numbers."""
    assert dict(tiny_view.numbers) == {"gazette": 1, "league": 2, "courier": 3, "institute": 4, "guild": 5, "leaflet": 6}
    assert dict(short.numbers) == {"gazette": 1, "league": 2, "courier": 3, "leaflet": 6}
    assert [source.id for source in short.sources] == list(short.numbers)
    assert {evidence.source for milestone in short.milestones for evidence in milestone.evidence} <= set(short.numbers)
    assert short.source("gazette").publisher == "Government of Ruritania"


def test_labels_are_the_shortest_names(tiny_view: View) -> None:
    """A record is called by its abbreviation, its name or its title; a milestone by its id, a statement and a source by who speaks."""
    labels = {
        "watch": "WW", "second-watch": "Second Watch", "council": "CL", "rudolf": "Rudolf Rassendyll", "harbours": "Open harbours",
        "practice": "The agreement in practice", "M2010-1": "M2010-1", "rudolf-on-harbours": "Rudolf Rassendyll",
        "gazette": "Government of Ruritania",
    }  # fmt: skip
    assert {name: tiny_view.labels[name] for name in labels} == labels


def test_a_record_that_is_not_shown_has_a_label_where_it_is_mentioned(short: View) -> None:
    """A short document can name what it does not show."""
    assert "charter" not in short.shown
    assert short.labels["charter"] == "Harbour Charter"
    assert short.labels["M2001-1"] == "M2001-1"


def test_abbreviations_are_expanded_and_sorted(tiny_view: View, tiny_data: Path) -> None:
    """The list holds the ones of frameworks, operations and bodies, and those that stand alone if there are any, in order of letters."""
    expansions = (("CL", "Council of the League"), ("OS", "Observer status"), ("WW", "Winter Watch"))
    assert tiny_view.abbreviations == tuple(sorted((*expansions, ("LNH", "League of Neutral Harbours"))))
    (tiny_data / "abbreviations.yaml").unlink()
    assert view_of(load_dataset(tiny_data), "note").abbreviations == expansions


def test_confidence_and_disagreement_are_those_of_the_rule(tiny_view: View) -> None:
    """The view asks the stated rule with the document's sources."""
    found = {milestone.id: tiny_view.confidence(milestone) for milestone in tiny_view.milestones}
    assert (found["M2010-1"], found["M2003-1"], found["M2001-1"]) == (Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW)
    (disagreement,) = tiny_view.disagreements(tiny_view.facts_by_id["M2010-1"])
    assert (disagreement.evidence.source, disagreement.field, disagreement.value) == ("leaflet", "date", "2010-05-01")
    assert [(each.fact.id, each.value) for each in tiny_view.all_disagreements if each.fact.id == "M2010-1"] == [("M2010-1", "2010-05-01")]


def test_disagreements_on_frameworks_and_key_milestones_come_first(tiny_data: Path) -> None:
    """They are one group; the other facts on which sources differ are the second."""
    given = "  evidence:\n    - {source: gazette, locator: page 9, gives: {joined: 1998}}\n"
    edit(tiny_data / "frameworks.yaml", "  step: 1\n  evidence:\n", f"  step: 1\n  reading: The League is followed.\n{given}")
    given = "    evidence:\n      - {source: gazette, locator: page 9, gives: {date: 1999}}\n"
    edit(
        tiny_data / "milestones" / "first.yaml",
        "    kind: meeting\n    evidence:\n",
        f"    kind: meeting\n    reading: The Guild is followed.\n{given}",
    )
    view = view_of(load_dataset(tiny_data), "note")
    assert [fact.id for fact in view.differing(key=True)] == ["M2010-1", "observer"]
    assert [fact.id for fact in view.differing(key=False)] == ["M2001-1"]


def test_a_source_is_cited_by_records(tiny_view: View) -> None:
    """A source leads back to the records that cite it, in evidence or in prose, an activity's own to the activity alone."""
    assert tiny_view.citing("guild")[:2] == ("M2001-1", "M2006-1")
    assert "charter" in tiny_view.citing("gazette")
    activity = next(activity for area in tiny_view.areas for activity in area.activities)
    area = next(area for area in tiny_view.areas if area.activities)
    assert activity.id in tiny_view.citing(activity.evidence[0].source)
    only_of_activity = {evidence.source for evidence in activity.evidence} - {evidence.source for evidence in area.evidence}
    assert all(area.id not in tiny_view.citing(source) for source in only_of_activity)
    assert tiny_view.citing("nothing") == ()


def test_only_a_document_that_attaches_it_sees_the_dataset(tiny: Dataset, tiny_view: View, short: View) -> None:
    """The canonical text is in the view of a document that says so, and in no other."""
    assert tiny_view.dataset == tiny.canonical_json
    assert (short.dataset, short.dataset_digest) == (None, None)
    assert tiny_view.dataset_digest is not None
    assert len(tiny_view.dataset_digest) == 64


SHOWN = [
    ("milestones/first.yaml", "title: Harbour Agreement", "title: Treaty"),
    ("milestones/first.yaml", "date: 2010-04-22\n", "date: 2010-04-23\n"),
    ("milestones/first.yaml", "locator: page 2\n", "locator: page 3\n"),
    ("milestones/second.yaml", "    key: true\n", ""),
    ("sources.yaml", "title: Official Gazette, number 7", "title: Official Gazette, number 8"),
    ("dataset.yaml", "edition: 1\n", "edition: 2\n"),
    ("frameworks.yaml", "name: Harbour Charter", "name: Charter of the Harbours"),
]
NOT_SHOWN = [
    ("milestones/first.yaml", "title: First contact", "title: Contact"),
    ("statements.yaml", "Pilots are content.", "Pilots are not content."),
    ("measures.yaml", "value: 1234.5", "value: 1234.6"),
    ("frameworks.yaml", "state: Signed", "state: Ratified"),
    ("bodies.yaml", "role: It reports.", "role: It tells."),
    ("abbreviations.yaml", "abbreviation: LNH", "abbreviation: LN"),
]


@pytest.mark.parametrize(("file", "old", "new"), SHOWN + NOT_SHOWN)
def test_the_digest_is_that_of_what_is_shown(file: str, old: str, new: str, short: View, tiny_view: View, tiny_data: Path) -> None:
    """A change of anything that the document can show changes its digest, and no other does; whoever attaches the dataset sees each."""
    edit(tiny_data / file, old, new)
    dataset = load_dataset(tiny_data)
    assert (view_of(dataset, "short").digest != short.digest) is ((file, old, new) in SHOWN)
    assert view_of(dataset, "note").digest != tiny_view.digest


def changed_view(data: Path, document: str, since: int | None = None) -> View:
    """Return what *document* shows of *data*, with what changed."""
    dataset = load_dataset(data)
    comparison = compare(snapshot_of(dataset), load_editions(data), data, since)
    return make_view(dataset, load_documents(TINY / "templates", [document])[0], "en", comparison)


def test_the_first_edition_has_no_changes(tiny_view: View) -> None:
    """It is the first that its readers see."""
    assert (tiny_view.changes, tiny_view.editorial, tiny_view.since) == ((), 0, None)


def test_changes_are_those_of_the_records_shown(tiny_data: Path, freeze: Freeze) -> None:  # noqa: F811
    """In the order of the records; editorial ones are counted, and an edit of any other record leaves the view as it is."""
    freeze()
    unchanged = [changed_view(tiny_data, name) for name in ("note", "short")]
    assert [(view.changes, view.editorial) for view in unchanged] == [((), 0)] * 2  # the number of the edition is none
    second = tiny_data / "milestones" / "second.yaml"
    edit(second, "date: 2018\n", "date: 2018-05\n")
    edit(tiny_data / "areas.yaml", "title: Dredging", "title: Dredging of harbours")
    assert changed_view(tiny_data, "short").digest == unchanged[1].digest
    edit(second, "title: Joint exercise", "title: Common exercise")
    edit(second, "short: Exercise", "short: Drill")
    edit(tiny_data / "dataset.yaml", "purpose: A dataset in which", "purpose: The dataset in which")
    note, short = (changed_view(tiny_data, name) for name in ("note", "short"))
    assert [(change.record, change.field) for change in note.changes] == [
        *(("about", "purpose"), ("M2018-1", "date"), ("M2021-1", "title"), ("dredging", "title"))
    ]
    assert [change.record for change in short.changes] == ["about", "M2021-1"]
    assert (note.editorial, short.editorial) == (1, 1)
    assert note.since == short.since
    assert note.since == PastEdition(1, parse_date("2020-07-01"), sha256((tiny_data / "editions" / "1" / "dataset.json").read_bytes()))
    assert short.digest != unchanged[1].digest


def test_withdrawn_records_are_told_where_they_stood(tiny_data: Path, freeze: Freeze) -> None:  # noqa: F811
    """Only in a document that would have shown them."""
    freeze()
    second = tiny_data / "milestones" / "second.yaml"
    text = second.read_text("utf-8")
    first, last = text.index("  - id: M2018-1"), text.index("  - id: M2021-1")
    second.write_text(text[:first] + text[text.index("  - id: M2019-1") : last], "utf-8")
    note, short = (changed_view(tiny_data, name) for name in ("note", "short"))
    assert [change.record for change in note.changes] == ["M2018-1", "M2021-1"]
    assert [change.record for change in short.changes] == ["M2021-1"]
    assert (note.labels["M2018-1"], note.labels["league"]) == ("Conference", "The League")


def test_changes_since_an_older_edition(tiny_data: Path, freeze: Freeze) -> None:  # noqa: F811
    """They are all that came since, and another content of the view."""
    freeze()
    edit(tiny_data / "milestones" / "second.yaml", "date: 2018\n", "date: 2018-05\n")
    freeze()
    views = [changed_view(tiny_data, "note", since) for since in (None, 2, 1)]
    assert [len(view.changes) for view in views] == [0, 0, 1]
    assert [view.since.number for view in views if view.since] == [2, 2, 1]
    assert views[0].digest == views[1].digest != views[2].digest
    again = replace(views[2])  # the same view, as another document finds it
    assert [len(change.runs) for change in again.changes] == [2]
    assert again.digest == views[2].digest
