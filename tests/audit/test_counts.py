"""The counts in the finished files: the audit sees a wrong one, and one that the rows below it belie."""

import pytest

from reports.build.build import BuildOptions, build
from reports.build.plan import Folders
from tests.audit.conftest import Audit, Change, Tamper
from tests.conftest import edit


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
    says = "says 'All 15 milestones'; the data have milestones: 14 (data/milestones/first.yaml:7:5 to data/milestones/second.yaml:41:5)"
    assert tamper(name, old, old.replace("14", "15")) == [message.format(says) for message in messages]


PLACES = "(data/milestones/first.yaml:7:5 to data/milestones/second.yaml:49:5)"
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
    assert f"page 1, 'All 14 milestones': says 'All 14 milestones'; the data have milestones: 15 {PLACES}" in found["paper.pdf"]


COUNTED = '  milestones: "all {count} milestones"'


def test_each_count_of_a_passage_is_compared(own: Folders, audited: Audit) -> None:
    """A count is right by its own name: that there are 14 milestones does not excuse 14 sources beside them."""
    edit(own.templates / "locale" / "en.yaml", COUNTED, f'{COUNTED}\n  sources: "{{count}} sources"')
    edit(own.templates / "paper" / "paper.html.j2", "<h2>Claims</h2>", "<p>Of all 14 milestones, 14 sources tell.</p><h2>Claims</h2>")
    build(own, BuildOptions())
    (message,) = audited()["paper.html"]
    assert message.endswith(
        ": says 'Of all 14 milestones, 14 sources tell.'; the data have sources: 6 (data/sources.yaml:1:3 to data/sources.yaml:38:3)"
    )


@pytest.mark.parametrize("wording", ["all {count} milestones |", "all milestones", "{count} of {count}"])
def test_a_wording_without_a_number_is_refused(wording: str, own: Folders, audited: Audit) -> None:
    """A wording that would find every number, or none, is told with its line; whatever else there is to compare is compared."""
    edit(own.templates / "locale" / "en.yaml", COUNTED, COUNTED.replace("all {count} milestones", wording))
    first, *_ = audited()["paper.html"]
    assert first.startswith("can't be compared: templates/locale/en.yaml:")
    assert first.endswith(": each wording of a count, between two '|', has to hold {count} once")


@pytest.mark.parametrize(
    ("says", "right"),
    [
        ("The 14 milestones there are", True),
        ("Of these, 2 milestones are key", True),
        ("The 13 milestones there are", False),
        ("All 2 milestones", False),
    ],
)
def test_the_longest_wording_tells_what_is_counted(says: str, right: bool, own: Folders, audited: Audit) -> None:
    """A short wording of two counts finds what a template words as it likes, and is either; a longer one is what it says."""
    edit(own.templates / "locale" / "en.yaml", COUNTED, f'{COUNTED[:-1]} | {{count}} milestones"\n  key_milestones: "{{count}} milestones"')
    edit(own.templates / "paper" / "paper.html.j2", "<h2>Claims</h2>", f"<p>{says}</p><h2>Claims</h2>")
    build(own, BuildOptions())
    assert [one.partition(": ")[0] for one in audited()["paper.html"]] == ([] if right else [f"<p> '{says}'"])
