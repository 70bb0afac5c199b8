"""The rules across records: that all of them are asked, and what they let pass (what they refuse stands in bad/)."""

import inspect
from dataclasses import replace
from pathlib import Path

import pytest

from reports.dataset import checks
from reports.dataset.checks import CHECKS
from reports.dataset.dataset import Dataset
from reports.dataset.load import load_dataset
from reports.errors import ReportsError
from tests.conftest import Show, edit
from tests.dataset.test_load import BAD_FILES


def test_every_check_is_listed() -> None:
    """CHECKS holds every function of the module that is called check_…."""
    functions = [function for name, function in inspect.getmembers(checks, inspect.isfunction) if name.startswith("check_")]
    assert len(functions) > 10
    assert set(functions) == set(CHECKS)
    assert len(CHECKS) == len(functions)


def test_every_check_is_proved_by_a_bad_file() -> None:
    """Without any one of the checks, some bad file would lose a problem: each check's own words stand in one."""
    words = {
        checks.check_ids: ("is taken; it stands at",),
        checks.check_references: ("has the id",),
        checks.check_prose: (
            "no record has the id",
            "is HTML",
            "does not lead to the web",
            "nested deeper",
            "a citation looks like",
            "is code",
        ),
        checks.check_lines: ("would be printed as it stands",),
        checks.check_order_of_dates: ("is before", "with an end on"),
        checks.check_periods: ("is outside this file's period", "periods do not overlap", "bears another year"),
        checks.check_sources: ("nothing cites the source", "a source needs"),
        checks.check_evidence_in_prose: ("a key point needs evidence", "a period's story needs", "a framework that was joined needs"),
        checks.check_gives: ("its sources disagree", "'reading' is for", "what the record says itself", "has no field"),
        checks.check_statements: ("needs a 'finding'", "there is a finding"),
        checks.check_status: ("which is past", "which is not past yet", "which is after the dataset's day"),
        checks.check_ladder: ("has no step", "is taken by"),
        checks.check_codes: ("the code 'regatta' is taken",),
        checks.check_counts: ("more than all",),
        checks.check_marking: ("have room at the head of a page",),
    }
    assert len(BAD_FILES) > 50
    expected = "\n".join(line for path in BAD_FILES for line in path.read_text("utf-8").split("\n") if line.startswith("# "))
    assert set(words) == set(CHECKS)
    assert [(check.__name__, text) for check, texts in words.items() for text in texts if text not in expected] == []


def test_a_check_lets_right_data_pass(tiny: Dataset) -> None:
    """No check finds anything in the tiny data, and asking twice is asking once: a check changes nothing."""
    before = tiny.canonical_json
    assert [problem for check in (*CHECKS, *CHECKS) for problem in check(tiny)] == []
    assert replace(tiny).canonical_json == before  # of another dataset with the same entries, since the text is kept


@pytest.mark.parametrize(
    ("old", "new"), [("2019-03", "2020-06-29"), ("2021-06", "2020-06-30"), ("2021-06", "2020"), ("2021-06", "2012/..")]
)
def test_a_status_at_the_edge_of_its_date(old: str, new: str, tiny_data: Path) -> None:
    """Planned until the last day that is meant is over, overdue from the next."""
    path = tiny_data / "milestones" / "second.yaml"
    edit(path, f"date: {old}\n", f"date: {new}\n")
    edit(path, f"id: M{old[:4]}-1", f"id: M{new[:4]}-9")
    load_dataset(tiny_data)


@pytest.mark.parametrize(
    ("old", "new"), [("end: 2010\n", "end: 2008\n"), ("end: 2010\n", "end: 2008-12\n"), ("start: 2008-24", "start: ../2011")]
)
def test_dates_that_may_be_in_order_are(old: str, new: str, tiny_data: Path) -> None:
    """An end is wrong only if its last day is before the first day of the start."""
    edit(tiny_data / "operations.yaml", old, new)
    load_dataset(tiny_data)


@pytest.mark.parametrize("date", ["2009-12/2010-02", "2010/2011", "2010-06"])
def test_a_milestone_bears_the_year_of_its_start_or_end(date: str, tiny_data: Path) -> None:
    """A milestone that runs over the new year may bear either year."""
    edit(tiny_data / "milestones" / "first.yaml", "date: 2010-04\n    title: Tenth", f"date: {date}\n    title: Tenth")
    load_dataset(tiny_data)


def test_a_year_has_four_digits_in_an_id(tiny_data: Path) -> None:
    """A milestone of the first millennium bears its year as it is written."""
    for path in tiny_data.rglob("*.yaml"):
        path.write_text(path.read_text("utf-8").replace("M2001-1", "M0901-1").replace("2001~", "0901~"), "utf-8")
    edit(tiny_data / "milestones" / "first.yaml", "start: 2001", "start: 0901")
    load_dataset(tiny_data)


@pytest.mark.parametrize("blank", ["\n", "\n\n\n", "\n  \n", "\n   \n\n"])
def test_a_paragraph_without_evidence_is_named_at_its_line(blank: str, tiny_data: Path, show: Show) -> None:
    """Blank lines, however many, with spaces or without, part paragraphs; the problem is at the one that cites nothing."""
    edit(tiny_data / "dataset.yaml", "  The harbours are open", f"  The first one cites [@gazette].\n{blank}  The harbours are open")
    load_dataset(tiny_data)
    edit(tiny_data / "dataset.yaml", "The first one cites [@gazette].", "The first one cites nothing.")
    with pytest.raises(ReportsError) as error:
        load_dataset(tiny_data)
    assert show(error.value.problems) == ["data/dataset.yaml:23:3: this paragraph needs evidence: cite a source or a record"]


def test_evidence_may_stand_in_a_note(tiny_data: Path, show: Show) -> None:
    """A note is no paragraph that needs evidence, and what it cites counts for the one that it belongs to."""
    edit(tiny_data / "dataset.yaml", "[@gazette, page 7; @charter].", "[^1].\n\n  [^1]: As is written [@gazette; @charter].")
    load_dataset(tiny_data)
    edit(tiny_data / "dataset.yaml", "As is written [@gazette; @charter].", "As is known.")
    with pytest.raises(ReportsError) as error:
        load_dataset(tiny_data)
    assert "data/dataset.yaml:23:3: this paragraph needs evidence: cite a source or a record" in show(error.value.problems)
