"""Problems and their places."""

from pathlib import Path

import pytest

from reports.errors import Location, Problem, ReportsError, did_you_mean


@pytest.mark.parametrize(
    ("location", "text"),
    [
        (Location(Path("data/a.yaml"), 4, 7), "data/a.yaml:4:7"),
        (Location(Path("data/a.yaml"), 4), "data/a.yaml:4"),
        (Location(Path("data/a.yaml")), "data/a.yaml"),
    ],
)
def test_a_location_is_written_as_editors_read_it(location: Location, text: str) -> None:
    """A place is file:line:column, without the parts that are not known."""
    assert str(location) == text


def test_problems_come_in_order_and_once() -> None:
    """Problems are sorted by file, line as a number, and column, and none is said twice."""
    late = Problem(Location(Path("a.yaml"), 10, 1), "late")
    early = Problem(Location(Path("a.yaml"), 9, 1), "early")
    assert ReportsError(late, early, late).problems == (early, late)
    assert str(ReportsError(late, early)) == "a.yaml:9:1: early\na.yaml:10:1: late"


def test_the_nearest_word_is_named_if_one_is_near() -> None:
    """A misspelt word brings the nearest known one, a strange word none."""
    assert did_you_mean("sourse", ["source", "locator"]) == " (did you mean 'source'?)"
    assert did_you_mean("xyz", ["source", "locator"]) == ""
