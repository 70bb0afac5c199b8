"""The milestones of the finished files: the audit sees what is lost, added or changed, in each format."""

import pytest

from reports.plan import Folders
from tests.audit.conftest import Audit, Change, Tamper
from tests.conftest import edit

FIRST, SECOND = "milestones/first.yaml", "milestones/second.yaml"
SHOWING = ["paper.pdf", "paper.html", "paper.docx", "ledger.xlsx", "ledger.csv"]
LAST = "  - id: M2021-1\n    date: 2021-06\n    title: Joint exercise\n"
DATE = "(data/milestones/first.yaml:87:11)"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "paper.docx",
            "table 1, row 'M2010-1': says 'M2010-1 | 23 April 2010 | Harbour Agreement. The agreement was signed. The Gazette is foll…'",
        ),
        ("ledger.xlsx", "Register!A12, 'M2010-1', 'Date': says '23 April 2010'"),
        ("ledger.csv", "row 10, 'M2010-1', 'Date': says '23 April 2010'"),
        ("paper.html", "#M2010-1: says 'M2010-1 | 23 April 2010 | Harbour Agreement. The agreement was signed. The Gazette is foll…'"),
    ],
)
def test_a_date_changed_in_the_file_is_seen(name: str, message: str, tamper: Tamper) -> None:
    """A date that somebody changed in the finished file is told with its place there and the line of the data."""
    wanted = "the data say" if name.startswith("ledger") else "the date is"
    assert tamper(name, "22 April 2010", "23 April 2010") == [f"{message}; {wanted} '22 April 2010' {DATE}"]


@pytest.mark.parametrize("name", SHOWING)
@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (FIRST, "date: 2010-04-22\n", "date: 2010-04-23\n", "'23 April 2010' (data/milestones/first.yaml:87:11)"),
        (FIRST, "date: 2004-12/..", "date: 2004-12", "'December 2004' (data/milestones/first.yaml:50:11)"),
        (FIRST, "title: Exchange of pilots", "title: Exchange of masters", "'Exchange of masters' (data/milestones/first.yaml:51:12)"),
        (
            SECOND,
            LAST,
            LAST.replace("M2021-1", "M2021-2"),
            "the milestone M2021-2, 'Joint exercise', is missing (data/milestones/second.yaml:41:9)",
        ),
        (SECOND, LAST, LAST.replace("M2021-1", "M2021-2"), "shows the milestone M2021-1, which is none of the data"),
    ],
)
def test_a_file_of_other_data_is_seen(file: str, old: str, new: str, message: str, name: str, change: Change) -> None:
    """A file whose data have changed since disagrees, in every format, and the audit says that it is old."""
    messages = change(file, old, new)[name]
    assert [one for one in messages if one.endswith(message)] != []
    assert messages[-1] == "was made from other data than there are now; build it again, then audit"


@pytest.mark.parametrize("name", SHOWING)
def test_other_evidence_is_seen(name: str, change: Change) -> None:
    """A milestone that cites another source than in the data is seen, in every format."""
    messages = change(FIRST, "- source: league\n        locator: paragraph 4", "- source: courier\n        locator: paragraph 4")[name]
    cites = "says '2'; the data say '3'" if name.startswith("ledger") else "cites the sources [2]; the evidence is [3]"
    assert any("M2008-1" in one and one.endswith(f"{cites} (data/milestones/first.yaml:84:7)") for one in messages)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("ledger.csv", '"M2012-1","2012","2012-01-01"', '"X2012-1","2012","2012-01-01"'),
        ("paper.docx", ">M2012-1<", "><"),
        ("ledger.xlsx", ">M2012-1<", ">–<"),
        ("paper.html", ">M2012-1</th>", ">–</th>"),
    ],
)
def test_a_lost_milestone_is_seen(name: str, old: str, new: str, tamper: Tamper) -> None:
    """A milestone that the finished file has lost is named, with its line in the data."""
    assert "the milestone M2012-1, 'A & B, <24 h>', is missing (data/milestones/second.yaml:6:9)" in tamper(name, old, new)


def test_a_milestone_that_is_not_selected_is_seen(own: Folders, audited: Audit) -> None:
    """A file that shows more than its declaration selects disagrees."""
    edit(own.templates / "paper" / "document.yaml", "attach_dataset: true", "attach_dataset: true\nrecords:\n  milestones: key")
    assert "shows the milestone M2001-1, which is not selected by document.yaml" in audited()["paper.pdf"]


def test_a_file_without_any_milestone_is_seen(own: Folders, audited: Audit) -> None:
    """A document that selects milestones and holds none does not agree just because nothing in it is wrong."""
    (own.out / "en" / "ledger.csv").write_text("Reference,Date\r\n")
    declared = "(templates/ledger/ledger.yaml)"
    missing = ("Earliest day", "Milestone", "Text", "Sources by number", "First source")
    assert audited()["ledger.csv"] == [
        "no milestone was found, and 14 are selected by document.yaml",
        *(f"the column '{heading}' is missing {declared}" for heading in missing),
        f"row 2: 14 rows are missing, from 'M2001-1' to 'M2021-1' {declared}",
    ]
