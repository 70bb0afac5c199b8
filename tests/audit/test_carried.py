"""The dataset that files carry, and its digest."""

import re

import pytest

from reports.build.plan import Folders
from tests.audit.conftest import Audit, Change, Tamper

DATASET = "the dataset that it carries is not that of the data (data/dataset.yaml:2:1)"


def test_another_dataset_is_seen(change: Change) -> None:
    """A dataset that is attached, and one that is a file, have to be that of the data, to the byte."""
    found = change("dataset.yaml", "edition: 1", "edition: 2")
    assert DATASET in found["paper.pdf"]
    assert DATASET in found["dataset.json"]
    assert any("gives the digest" in one for one in found["paper.pdf"])


def test_a_wrong_digest_is_seen(own: Folders, audited: Audit) -> None:
    """A digest that is printed is that of the dataset."""
    path = own.out / "en" / "paper.html"
    path.write_text(re.sub(r"[0-9a-f]{64}", "0" * 64, path.read_text("utf-8")), "utf-8")
    (message,) = audited()["paper.html"]
    assert f"gives the digest {'0' * 64}; the dataset's is " in message


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("Lighthouse", "Beacon", "data/milestones/second.yaml:32:5"),
        ('"id": "M2019-1",', "", "data/milestones/second.yaml:32:5"),
        ('"milestone": [', '"milestone": [ 7,', "data"),
        ('"milestone": [', '"milestone": [}', "data"),
    ],
    ids=["a field", "an id", "a record more", "no JSON"],
)
def test_the_first_record_that_is_otherwise_is_told(old: str, new: str, where: str, tamper: Tamper) -> None:
    """A dataset that carries other facts is told with the line of the first of them, as far as it can be read."""
    assert tamper("dataset.json", old, new) == [f"the dataset that it carries is not that of the data ({where})"]
