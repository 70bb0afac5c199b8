"""Decisions become edits of the data: what a model of both sides says, whatever they changed."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from reports.dataset.dataset import Dataset
from reports.dataset.load import load_dataset
from reports.dataset.model import Milestone
from reports.editions.snapshot import snapshot_of
from reports.proposals.apply import apply
from reports.proposals.decisions import Decision, Proposal, read_decisions, to_text
from reports.proposals.differences import Difference, DifferenceKind
from reports.proposals.edits import DatasetEdits, RecordChange
from reports.proposals.merge import Merge
from reports.translations.locale import Locale
from reports.yamledit import Put, edited
from reports.yamlfile import YamlFile
from tests.conftest import PROJECT, TINY
from tests.proposals.test_decisions import received

Edits = Mapping[tuple[str, str], str]  # new values by record and field
PLACES = {
    ("M2018-1", "title"): ("A conference", "Parley: the *second*", "- 1.10"),
    ("M2018-1", "date"): ("2018-05", "2018-06-01", "2018~"),
    ("M2012-1", "kind"): ("meeting", "reform"),
    ("M2008-1", "title"): ("Watch", "# The watch over a new year, which was so long that nobody who kept it ever forgot it afterwards"),
    ("M2004-1", "status"): ("reported", "done"),
    ("league", "publisher"): ("A league", "‘The’ League"),
}
EDITS = st.fixed_dictionaries({}, optional={place: st.sampled_from(values) for place, values in PLACES.items()})


@settings(max_examples=25, phases=[Phase.generate])
@given(theirs=EDITS, ours=EDITS, decision=st.sampled_from([Decision.TAKE, Decision.REFUSE, Decision.LATER]))
def test_merge_and_apply_give_what_a_model_says(tiny: Dataset, theirs: Edits, ours: Edits, decision: Decision) -> None:
    """A change on one side is proposed, the same on both is not; what is taken is in the data then, and nothing else changed."""
    with TemporaryDirectory() as scratch:
        data = shutil.copytree(TINY / "data", Path(scratch, "data"))
        for (record, field), value in ours.items():
            file, keys, _ = DatasetEdits(load_dataset(data), ()).places[record]
            file.path.write_bytes(edited(file, [Put((*keys, field), value)]))
        now = snapshot_of(load_dataset(data))
        differences = [
            Difference(DifferenceKind.CHANGE, "Register!A1", record, field, "", value) for (record, field), value in theirs.items()
        ]
        proposals = Merge(snapshot_of(tiny), now, str).proposals(differences)
        assert {(each.record, each.field): bool(each.conflict) for each in proposals} == {
            place: place in ours for place, value in theirs.items() if ours.get(place) != value
        }
        decided = tuple(each.model_copy(update={"decision": decision, "why": "It is so"}) for each in proposals)
        path = _write(data, decided)
        dataset = load_dataset(data)
        decisions = read_decisions(path, data)
        done = apply(decisions, DatasetEdits(dataset, ()), "Register", Locale(PROJECT / "templates", "en"), load_dataset)
        assert done == (0 if decision == Decision.LATER else len(proposals))
        expected = {**ours, **(theirs if decision == Decision.TAKE else {})}
        found = {name.id: record for name, record in snapshot_of(load_dataset(data)).records.items()}
        known = {name.id: record for name, record in snapshot_of(tiny).records.items()}
        for record in known:
            changed = {field: value for (one, field), value in expected.items() if one == record}
            model = {**known[record], **changed, "evidence": None}
            assert {"status": "done", **found[record], "evidence": None} == {"status": "done", **model}


def _write(data: Path, proposals: tuple[Proposal, ...]) -> Path:
    path = data / "received" / "2021-03-04-guild.yaml"
    path.parent.mkdir()
    path.write_text(to_text(received(*proposals)), "utf-8")
    return path


def test_the_milestones_are_those_of_the_tiny_data() -> None:
    """The places that are edited are there."""
    ids = {record.id for record in load_dataset(TINY / "data").all(Milestone)}
    assert {record for record, _ in PLACES if record[0] == "M"} <= ids


def test_what_a_source_gave_and_the_record_says_now_is_given_no_more(tiny_data: Path) -> None:
    """All else that the source gives stays."""
    change = RecordChange(fields={"date": "2010-04"})
    edits = DatasetEdits(load_dataset(tiny_data), (), changed={"M2010-1": change})
    for path, content in edits.contents().items():
        path.write_bytes(content)
    evidence = load_dataset(tiny_data).by_id["M2010-1"].evidence
    assert [one.gives for one in evidence if one.source in ("courier", "leaflet")] == [{}, {"date": "2010-05-01"}]


def test_a_source_that_is_taken_out_leaves_its_number(tiny_data: Path) -> None:
    """So that no other source gets it; whatever else is withdrawn has none, and a reason of several words may need quotes."""
    edits = DatasetEdits(load_dataset(tiny_data), (), removed={"leaflet": "It was: a forgery", "M2018-1": "yes"})
    (content,) = (content for path, content in edits.contents().items() if path.name == "withdrawn.yaml")
    (tiny_data / "withdrawn.yaml").write_bytes(content)
    assert YamlFile(tiny_data / "withdrawn.yaml").data == [
        {"id": "leaflet", "edition": "1", "reason": "It was: a forgery", "number": "6"},
        {"id": "M2018-1", "edition": "1", "reason": "yes"},
    ]
