"""Files of decisions: written to be read and filled in by people, and read back; nonsense has a place."""

from pathlib import Path

import pytest

from reports.dataset.model import SourceKind
from reports.errors import ReportsError
from reports.proposals.decisions import Decision, Proposal, Received, all_decisions, read_decisions, to_text
from reports.proposals.differences import DifferenceKind
from tests.conftest import Show, edit

PROPOSALS = (
    Proposal(kind=DifferenceKind.CHANGE, record="M2018-1", field="date", where="Register!B7", base="2018", theirs="2018-05", ours="2018"),
    Proposal(kind=DifferenceKind.ADD, where="Reply!A9", given={"title": "A - B: c #d", "date": "2019"}, comment="1.10\nyes", source="=1+1"),
    Proposal(kind=DifferenceKind.COMMENT, record="M2018-1", where="Register!C7", comment="'quoted' \"twice\" č ć đ Ђ", by="A. B."),
)


def received(*proposals: Proposal) -> Received:
    """Return what the guild sent back, with *proposals* in it."""
    head = {"sender": "The guild", "kind": SourceKind.PARTY, "received": "2021-03-04", "edition": 1, "issued": "en/register.xlsx"}
    return Received.model_validate({**head, "file": "received/2021-03-04-guild.xlsx", "sha256": "0" * 64, "proposals": proposals})


@pytest.fixture
def file(tiny_data: Path) -> Path:
    """A file of decisions on PROPOSALS, beside the tiny data."""
    path = tiny_data / "received" / "2021-03-04-guild.yaml"
    path.parent.mkdir()
    path.write_text(to_text(received(*PROPOSALS)), "utf-8")
    return path


def test_proposals_are_read_back_as_they_were_written(file: Path, tiny_data: Path) -> None:
    """Whatever the texts hold; what can be decided has a place for that, and a comment has none."""
    assert read_decisions(file, tiny_data).received == received(*PROPOSALS)
    text = file.read_text("utf-8")
    assert (text.count("  decision:\n"), text.count("  why:\n")) == (2, 2)
    assert text.startswith("# yaml-language-server: $schema=../schemas/received.json\n")


def test_a_decision_is_filled_in(file: Path, tiny_data: Path) -> None:
    """What nobody has decided on, or wants to later, is open; a comment never is."""
    assert [proposal.is_open for proposal in read_decisions(file, tiny_data).received.proposals] == [True, True, False]
    text = file.read_text("utf-8").replace("decision:\n", "decision: take\n", 1).replace("decision:\n", "decision: later\n", 1)
    file.write_text(text, "utf-8")
    found = read_decisions(file, tiny_data).received.proposals
    assert [proposal.decision for proposal in found] == [Decision.TAKE, Decision.LATER, None]
    assert [proposal.is_open for proposal in found] == [False, True, False]


def test_nonsense_has_a_place(file: Path, tiny_data: Path, show: Show) -> None:
    """All of it at once, in each file."""
    edit(file, "  theirs: 2018-05\n", "  theirs: [2018-05]\n  thiers: x\n")
    file.write_text(file.read_text("utf-8").replace("decision:\n", "decision: tak\n", 1).replace("edition: 1", "edition: one"), "utf-8")
    (tiny_data / "received" / "other.yaml").write_text("- a\n", "utf-8")
    with pytest.raises(ReportsError) as raised:
        all_decisions(tiny_data)
    assert show(raised.value.problems) == [
        "data/received/2021-03-04-guild.yaml:7:10: 'one' is not a whole number",
        "data/received/2021-03-04-guild.yaml:17:11: a text is expected here; a text that begins with '[' has to stand in quotes",
        "data/received/2021-03-04-guild.yaml:18:3: there is no field 'thiers' here (did you mean 'theirs'?)",
        "data/received/2021-03-04-guild.yaml:20:13: 'tak' is not one of take, differs, refuse, later (did you mean 'take'?)",
        "data/received/other.yaml:1:1: fields are expected here, each as 'name: value'",
    ]
