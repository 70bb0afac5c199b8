"""The dataset that files carry, and its digest."""

import re

from reports.plan import Folders
from tests.audit.conftest import Audit, Change

DATASET = "the dataset that it carries is not that of the data (data)"


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
