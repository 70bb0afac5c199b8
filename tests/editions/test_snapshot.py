"""Snapshots: what they hold, and the folder of data that each can be written out as."""

import json
from pathlib import Path

from reports.dataset.dataset import Dataset
from reports.dataset.load import load_dataset
from reports.dataset.model import KINDS, kind_of
from reports.editions.snapshot import MODELS, RecordId, Snapshot, outer_kind, snapshot_of, write_folder
from tests.conftest import edit

WITHDRAWN = "- id: leaflet\n  edition: 2\n  reason: It was a forgery\n  replaced_by: guild\n  number: 2\n"


def test_a_snapshot_becomes_data_again(tiny: Dataset, tmp_path: Path) -> None:
    """The folder written from the canonical text is that of the same dataset, to the byte, with its order and its numbers."""
    write_folder(json.loads(tiny.canonical_json), tmp_path / "again")
    again = load_dataset(tmp_path / "again")
    assert again.canonical_json == tiny.canonical_json
    assert list(again.by_id) == list(tiny.by_id)
    assert again.source_numbers == tiny.source_numbers


def test_periods_keep_the_order_of_their_files(tiny_data: Path, tmp_path: Path) -> None:
    """Whatever their ids are."""
    edit(tiny_data / "milestones" / "first.yaml", "id: beginnings", "id: the-beginnings")
    dataset = load_dataset(tiny_data)
    write_folder(json.loads(dataset.canonical_json), tmp_path / "again")
    assert load_dataset(tmp_path / "again").canonical_json == dataset.canonical_json


def test_texts_that_yaml_would_change_stay(tiny_data: Path, tmp_path: Path) -> None:
    """Marks of YAML, lines, spaces at the ends of lines and what was withdrawn are written so that they are read as they were."""
    lines = ["text: |-", "- One: two # three  ", "", "&four *five* {six}", "", "> 'seven' \"eight\""]
    edit(tiny_data / "areas.yaml", "text: Charts are drawn.", f"\n{' ' * 8}".join(lines))
    (tiny_data / "withdrawn.yaml").write_text(WITHDRAWN, "utf-8")
    dataset = load_dataset(tiny_data)
    assert dataset.withdrawals
    write_folder(json.loads(dataset.canonical_json), tmp_path / "again")
    assert load_dataset(tmp_path / "again").canonical_json == dataset.canonical_json


def test_records_of_every_kind_are_found(tiny: Dataset) -> None:
    """By kind and id; one that stands in another is a record of its own, names that one, and is not told twice."""
    snapshot = snapshot_of(tiny)
    assert {identifier.id for identifier in snapshot.records} == {"about", *tiny.by_id}
    assert set(MODELS) == {"about", "activity", *(kind_of(model) for model in KINDS)}
    assert snapshot.records[RecordId("activity", "charts")]["area"] == "harbours"
    assert "activities" not in snapshot.records[RecordId("area", "harbours")]
    assert (outer_kind("activity"), outer_kind("area")) == ("area", "area")


def test_the_number_of_a_withdrawn_source_is_not_given_again(tiny: Dataset, tiny_data: Path) -> None:
    """The others keep theirs, in the dataset and in its snapshot."""
    assert list(tiny.source_numbers.values()) == [1, 2, 3, 4, 5, 6]
    (tiny_data / "withdrawn.yaml").write_text(WITHDRAWN, "utf-8")
    dataset = load_dataset(tiny_data)
    assert list(dataset.source_numbers.values()) == [1, 3, 4, 5, 6, 7]
    assert Snapshot(json.loads(dataset.canonical_json)).source_numbers == dataset.source_numbers
