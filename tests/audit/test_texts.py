"""The texts of the finished files: the audit sees one that is cut off, changed, or left out."""

import pytest

from tests.audit.conftest import Change, Tamper

SHOWING = ["paper.pdf", "paper.html", "paper.docx", "ledger.xlsx", "ledger.csv"]
LONG = "Envoys met, in a place that *nobody* wrote down."


@pytest.mark.parametrize("name", SHOWING)
def test_a_text_with_another_word_is_seen(name: str, change: Change) -> None:
    """What the file says and what the data say are both told, from where they begin to differ, in every format."""
    messages = change("milestones/first.yaml", LONG, LONG.replace("nobody", "everybody"))[name]
    says = "the text: goes on 'voys met, in a place that nobody wrote down. What they said is in two lette…'"
    data = "text goes on 'voys met, in a place that everybody wrote down. What they said is in two le…' (data/milestones/first.yaml:28:11)"
    assert f"{says}; {data}" in messages


@pytest.mark.parametrize("name", SHOWING)
def test_a_text_that_goes_on_is_seen(name: str, change: Change) -> None:
    """A short text that is cut off, as far as the data go, is missed in its row, in every format."""
    messages = change("milestones/first.yaml", "text: Pilots are exchanged.", "text: Pilots are exchanged, and paid.")[name]
    assert any("M2004-1" in one and "Pilots are exchanged, and paid." in one and "first.yaml:52:11" in one for one in messages)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("paper.html", " wrote down. What they said is in two letters:", "…"),
        ("paper.docx", " wrote down. What they said is in two letters: ", "…"),
        ("ledger.csv", " wrote down. What they said is in two letters:", "…"),
        ("ledger.xlsx", " wrote down. What they said is in two letters:", "…"),
    ],
)
def test_a_text_cut_off_in_the_file_is_seen(name: str, old: str, new: str, tamper: Tamper) -> None:
    """A text of which the file holds only a part is told, with the line of the data."""
    messages = tamper(name, old, new)
    assert any("the text: goes on '" in one and "nobody…" in one and "(data/milestones/first.yaml:28:11)" in one for one in messages)
