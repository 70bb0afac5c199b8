"""The milestones of the finished files: the audit sees what is lost, added or changed, in each format."""

import re

import pytest

from reports.build.build import BuildOptions, build
from reports.build.plan import Folders
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
    assert (
        "shows the milestone M2001-1, which is not selected by document.yaml (templates/paper/document.yaml:5:15)" in audited()["paper.pdf"]
    )


def test_a_file_without_any_milestone_is_seen(own: Folders, audited: Audit) -> None:
    """A document that selects milestones and holds none does not agree just because nothing in it is wrong."""
    (own.out / "en" / "ledger.csv").write_text("Reference,Date\r\n")
    declared = "(templates/ledger/ledger.yaml)"
    missing = ("Earliest day", "Milestone", "Text", "Sources by number", "First source")
    assert audited()["ledger.csv"] == [
        "no milestone was found, and 14 are selected by document.yaml (templates/ledger/document.yaml:5:3)",
        *(f"the column '{heading}' is missing {declared}" for heading in missing),
        f"row 2: 14 rows are missing, from 'M2001-1' to 'M2021-1' {declared}",
    ]


def test_a_language_without_the_terms_of_statuses_is_audited(own: Folders, audited: Audit) -> None:
    """A term that no document shows need not be there for the audit."""
    terms = own.templates / "locale" / "en.yaml"
    terms.write_text(re.sub(r"(?m)^status:\n(  .*\n)+", "", terms.read_text("utf-8")), "utf-8")
    build(own, BuildOptions())
    assert set(map(tuple, audited().values())) == {()}


def test_a_term_that_is_missing_does_not_end_the_audit(own: Folders, audited: Audit) -> None:
    """A column for which the language lacks a term is told in its file; the other comparisons and files are made all the same."""
    edit(own.templates / "locale" / "en.yaml", "  text: Text\n", "  kind: Text\n")
    terms = own.templates / "locale" / "en.yaml"
    terms.write_text(re.sub(r"(?m)^kind:\n(  .*\n)+", "", terms.read_text("utf-8")), "utf-8")
    build(own, BuildOptions())
    found = audited()
    assert found["ledger.csv"] == ["can't be compared: templates/locale/en.yaml:2:1: there is no term 'kind.meeting'"]
    assert found["paper.html"] == []


OTHER = """\
<table><caption>Next</caption><thead><tr><th scope="col">Agreement</th><th scope="col">Milestone</th></tr></thead>
<tbody><tr><th scope="row">Harbour Charter</th><td>M2010-1</td></tr></tbody></table>
"""


def test_a_table_about_something_else_may_name_a_milestone(own: Folders, audited: Audit) -> None:
    """A reference in a table needs no date and no title beside it, if the others there have none, and if they stand elsewhere."""
    edit(own.templates / "paper" / "paper.html.j2", "<h2>Claims</h2>", f"{OTHER}<h2>Claims</h2>")
    build(own, BuildOptions())
    assert set(map(tuple, audited().values())) == {()}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("{{ milestone.date | date }}", "{{ milestone.date.earliest }}", "the date is 'June 2021' (data/milestones/second.yaml:42:11)"),
        ("{{ milestone.title }}.", "", "the title is 'Joint exercise' (data/milestones/second.yaml:43:12)"),
    ],
)
@pytest.mark.parametrize("name", ["paper.pdf", "paper.html", "paper.docx"])
def test_a_template_that_shows_nowhere_what_it_should_is_seen(
    name: str, old: str, new: str, says: str, own: Folders, audited: Audit
) -> None:
    """If no row of a document shows its date, or its title, as it is in the data, every milestone is told."""
    edit(own.templates / "paper" / "paper.html.j2", old, new)
    build(own, BuildOptions())
    messages = audited()[name]
    assert len(messages) > 10
    assert messages[-1].endswith(says)


ITEM = (
    '<ul>{% for one in view.milestones %}<li id="{{ one.id }}">{{ one.id }}: {{ one.date | date }}: {{ one.title }}</li>{% endfor %}</ul>'
)


def test_a_wrong_title_in_a_list_does_not_make_the_date_wrong(own: Folders, audited: Audit) -> None:
    """In an item, the title is what ends the date; a date that is right is right without it."""
    paper = own.templates / "paper" / "paper.html.j2"
    paper.write_text(re.sub(r"(?s)<table>.*</table>", ITEM, paper.read_text("utf-8")), "utf-8")
    build(own, BuildOptions())
    edit(own.out / "en" / "paper.html", "2018: Conference", "2018: Congress")
    wrong = "#M2018-1: says 'M2018-1: 2018: Congress'; the title is 'Conference' (data/milestones/second.yaml:25:12)"
    assert audited()["paper.html"] == [wrong]
    edit(own.out / "en" / "paper.html", "2018: Congress", "2019: Conference")
    wrong = "#M2018-1: says 'M2018-1: 2019: Conference'; the date is '2018' (data/milestones/second.yaml:24:11)"
    assert audited()["paper.html"] == [wrong]
