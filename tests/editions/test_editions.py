"""data/editions/: what was frozen is read whole, or every problem with it is named."""

import json
import shutil
from pathlib import Path

import pytest

from reports.dataset.load import load_dataset
from reports.editions.editions import CHANGES, DATASET, MANIFEST, compare, find, load_editions
from reports.editions.snapshot import snapshot_of
from reports.errors import ReportsError
from reports.files import sha256
from tests.conftest import Show, edit
from tests.editions.conftest import Freeze


def problems(data: Path, show: Show) -> list[str]:
    with pytest.raises(ReportsError) as error:
        load_editions(data)
    return show(error.value.problems)


def forge(folder: Path, text: str) -> None:
    """Put *text* in the place of the dataset of the edition in *folder*, with the digest that its manifest needs."""
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    manifest["contents"][DATASET] = sha256(text.encode())
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1), "utf-8")
    (folder / DATASET).write_text(text, "utf-8")


def test_no_edition(tiny_data: Path) -> None:
    """Data that were never frozen have none, and nothing has changed since."""
    assert load_editions(tiny_data) == ()
    assert compare(snapshot_of(load_dataset(tiny_data)), (), tiny_data) is None


def test_editions_come_in_order(tiny_data: Path, freeze: Freeze) -> None:
    """By their numbers, 10 after 9; each has what was frozen, and changes are those since the last unless another is asked for."""
    edit(tiny_data / "dataset.yaml", "edition: 1", "edition: 8")
    freeze()
    edit(tiny_data / "dataset.yaml", "published: 2020-07-01", "published: 2020-08-01")
    edit(tiny_data / "milestones" / "second.yaml", "date: 2018\n", "date: 2018-05\n")
    freeze()
    edit(tiny_data / "milestones" / "second.yaml", "date: 2018-05", "date: 2018-06")
    freeze()
    editions = load_editions(tiny_data)
    assert [(edition.number, str(edition.published)) for edition in editions] == [(8, "2020-07-01"), (9, "2020-08-01"), (10, "2020-08-01")]
    now = snapshot_of(load_dataset(tiny_data))
    last, older = compare(now, editions, tiny_data), compare(now, editions, tiny_data, since=8)
    assert last
    assert older
    assert [change.field for change in last.changes] == ["edition"]
    assert (last.since.number, last.until, older.since.number) == (10, 11, 8)
    assert [(change.before, change.after) for change in older.changes if change.record == "M2018-1"] == [("2018", "2018-06")]


def test_an_edition_that_is_not_there(tiny_data: Path, freeze: Freeze, show: Show) -> None:
    """Whoever asks for it is told which there are."""
    freeze()
    with pytest.raises(ReportsError) as error:
        find(load_editions(tiny_data), 2, tiny_data)
    assert show(error.value.problems) == ["data/editions: there is no edition 2; there are: 1"]


def test_what_was_edited_or_is_gone_is_named(tiny_data: Path, freeze: Freeze, show: Show) -> None:
    """An edition never changes; all that is wrong with all of them is said at once."""
    edit(freeze() / DATASET, "Signed, not in force", "Signed and in force")
    second = freeze()
    (second / CHANGES).unlink()
    assert problems(tiny_data, show) == [
        "data/editions/1/dataset.json: was edited by hand, and an edition never changes: bring it back, from git or a copy",
        "data/editions/2/changes.json: is missing, or can't be read: bring it back, from git or a copy",
    ]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('"format": 1', '"format": 2', ":2:12: was frozen by a newer program (format 2, and this one knows 1): use that"),
        ('"edition": 1', '"edition": 3', ":3:13: edition 3 stands in the folder '1': each has a folder of its own, called by its number"),
        ('"edition": 1', '"edition": "one"', ":3:13: 'one' is not a whole number"),
        ('"edition": 1', '"edition": ' + "9" * 5000, ":1:1: was edited by hand"),
        ('"published": "2020-07-01"', '"published": "in July"', ":4:15: 'in July' is not a date"),
        ('"tools": {}', '"tools": []', ":6:11: fields are expected here"),
        ('"tools": {},\n', "", ":1:1: the field 'tools' is missing"),
        ('"format": 1,', '"format": 1', ":3:2: was edited by hand, and an edition never changes"),
    ],
)
def test_a_manifest_that_is_none(old: str, new: str, problem: str, tiny_data: Path, freeze: Freeze, show: Show) -> None:
    """Each mistake is named at its line."""
    edit(freeze() / MANIFEST, old, new)
    (told,) = problems(tiny_data, show)
    assert told.startswith(f"data/editions/1/manifest.json{problem}")


def test_a_missing_manifest(tiny_data: Path, freeze: Freeze, show: Show) -> None:
    """Without it, nothing tells what is as it was."""
    (freeze() / MANIFEST).unlink()
    assert problems(tiny_data, show) == ["data/editions/1/manifest.json: can't be read: no such file or directory"]


@pytest.mark.parametrize(
    "text", ["{", "[]", "{}", '{"about": {"edition": 2}, "source": []}', '{"about": {"edition": 1}, "milestone": [1]}', "[" * 100_000]
)
def test_a_forged_dataset(text: str, tiny_data: Path, freeze: Freeze, show: Show) -> None:
    """Also with a manifest to match, what is no dataset of that edition is refused."""
    forge(freeze(), text)
    (problem,) = problems(tiny_data, show)
    assert problem.startswith("data/editions/1/dataset.json: was edited by hand")


def test_gaps_and_other_names(tiny_data: Path, freeze: Freeze, show: Show) -> None:
    """Editions follow one another, each in a folder called by its number; a copy is no second one of that number."""
    first = freeze()
    freeze()
    freeze()
    shutil.rmtree(tiny_data / "editions" / "2")
    assert problems(tiny_data, show) == ["data/editions/2: is missing: editions follow one another"]
    shutil.copytree(first, tiny_data / "editions" / "2")
    shutil.copytree(first, tiny_data / "editions" / "01")
    (tiny_data / "editions" / "notes.txt").touch()
    assert problems(tiny_data, show) == [
        "data/editions/01: is no edition: its folder is called by its number, such as 2",
        "data/editions/2/manifest.json:3:13: edition 1 stands in the folder '2': each has a folder of its own, called by its number",
        "data/editions/notes.txt: is no edition: its folder is called by its number, such as 2",
    ]
