"""The counts in the finished files: the audit sees a wrong one, and one that the rows below it belie."""

import pytest

from tests.audit.conftest import Change, Tamper


@pytest.mark.parametrize(
    ("name", "old", "messages"),
    [
        (
            "paper.html",
            "All 14 milestones",
            ["<caption> 'All 15 milestones': {}", "<caption> 'All 15 milestones': says 'All 15 milestones'; the table has 14 rows"],
        ),
        ("paper.docx", ">All 14 milestones<", ["paragraph 4 'All 15 milestones': {}"]),
        ("ledger.xlsx", "<t>All 14 milestones<", ["About!A2, 'All 15 milestones': {}"]),
    ],
)
def test_a_wrong_count_is_seen(name: str, old: str, messages: list[str], tamper: Tamper) -> None:
    """A count that was changed in the finished file disagrees with the data."""
    says = "says 'All 15 milestones'; the data have milestones: 14 (data)"
    assert tamper(name, old, old.replace("14", "15")) == [message.format(says) for message in messages]


ANOTHER = """\
  - id: M2018-2
    date: 2018
    title: Another
    text: It was.
    kind: meeting
    evidence:
      - source: league
        locator: page 1
"""


def test_a_count_in_a_pdf_is_compared(change: Change) -> None:
    """The count in a PDF's caption is that of the data."""
    found = change("milestones/second.yaml", "  - id: M2021-1\n", f"{ANOTHER}  - id: M2021-1\n")
    assert "page 1, 'All 14 milestones': says 'All 14 milestones'; the data have milestones: 15 (data)" in found["paper.pdf"]
