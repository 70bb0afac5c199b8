"""What one comparison has told, and what is left to tell of the same place."""

from pathlib import Path

import pytest

from reports.audit.expected import Expected
from reports.audit.findings import Difference
from reports.audit.told import Template, Told
from reports.dataset.dataset import Dataset
from reports.documents.view import View
from reports.renderers.locale import Locale
from tests.conftest import TINY

WRITTEN = "Harbour Agreement. It was signed in 2010.[1][2]"
DIFFERENCES = (
    Difference("row 3", "says 'x'", words=("Harbour Agreement", "2010")),
    Difference("Sheet!A4, 'M2010-1'", "says 'x'", column="Date", links=("Gazette",)),
    Difference("", "the milestone M2001-1 is missing", words=("M2001-1",)),
)


@pytest.fixture
def told(tiny: Dataset, tiny_view: View) -> Told:
    """What DIFFERENCES tell."""
    expected = Expected(tiny, tiny_view, Locale(TINY / "templates", "en"))
    return Told(DIFFERENCES, Template(Path("templates"), "a.html.j2"), expected)


@pytest.mark.parametrize(
    ("cell", "is_all"),
    [
        ("Harbour Treaty. It was signed in 2011.[1][2]", True),
        ("HarbourTreaty.It was signed in 2010. [1][2]", True),
        ("Harbour Treaty. It was sealed in 2011.[1][2]", False),
        ("Harbour Treaty. It was signed in 2011.[1][2] Later revoked.", False),
        ("Later revoked. Harbour Treaty. It was signed in 2011.", False),
    ],
)
def test_only_the_words_that_are_told_are(cell: str, is_all: bool, told: Told) -> None:
    """A cell that differs in nothing but the words that are told is told; with any other difference, it is not."""
    assert told.is_all("row 3", "", cell, WRITTEN) is is_all
    assert not told.is_all("row 33", "", cell, WRITTEN)


def test_a_cell_is_told_by_its_column(told: Told) -> None:
    """A difference in one column of a row says nothing of the others, nor of other rows."""
    assert told.is_all("Sheet!A4", "Date", "1", "2")
    assert not told.is_all("Sheet!A4", "Title", "1", "2")
    assert not told.is_all("Sheet!A4", "", "1", "2")
    assert not told.is_all("Sheet!A40", "Date", "1", "2")


def test_a_link_is_told_by_its_text(told: Told) -> None:
    """Where one link leads says nothing of the others."""
    assert told.leads("Sheet!A4", "Gazette")
    assert not told.leads("Sheet!A4", "Courier")
    assert not told.leads("row 3", "Gazette")


def test_what_is_missing_is_told_by_its_name(told: Told) -> None:
    """Only what is told to be missing is; not what other words are told of."""
    assert told.is_missing("M2001-1")
    assert not told.is_missing("M2001-10")
    assert not told.is_missing("2010")
