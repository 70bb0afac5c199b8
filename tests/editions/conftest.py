"""Editions of the tiny dataset, frozen without documents."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from reports.dataset.load import EDITIONS, load_dataset
from reports.dataset.model import About
from reports.editions.editions import CHANGES, CHANGES_TABLE, DATASET, FORMAT, ISSUED, MANIFEST
from reports.files import sha256
from reports.yamledit import Put, edited

Freeze = Callable[[], Path]


@pytest.fixture
def freeze(tiny_data: Path) -> Freeze:
    """A function that freezes the copy of the tiny data."""
    return partial(freeze_data, tiny_data)


def freeze_data(folder: Path) -> Path:
    """Freeze the data in *folder* as they are, and raise their edition; return the folder of the frozen one."""
    dataset = load_dataset(folder)
    number = dataset.about.edition
    place = folder / EDITIONS / str(number)
    place.mkdir(parents=True)
    contents = {DATASET: dataset.canonical_json, ISSUED: "{}\n", CHANGES: "{}\n", CHANGES_TABLE: "kind\n"}
    for name, text in contents.items():
        (place / name).write_text(text, "utf-8", newline="\n")
    manifest = {"format": FORMAT, "edition": number, "published": str(dataset.about.published), "files": {}, "tools": {}, "system": {}}
    digests = {name: sha256(text.encode()) for name, text in contents.items()}
    (place / MANIFEST).write_text(json.dumps({**manifest, "templates": {}, "contents": digests}, indent=1), "utf-8")
    (entry,) = (entry for entry, _ in dataset.entries_of(About))
    entry.file.path.write_bytes(edited(entry.file, [Put(("edition",), str(number + 1))]))
    return place
