"""How a difference is told."""

import pytest

from reports.audit.findings import Difference


@pytest.mark.parametrize(
    ("difference", "message"),
    [
        (
            Difference("row 3", "says 'a'", "the data say 'b'", "data/a.yaml:1:1", "Date"),
            "row 3, 'Date': says 'a'; the data say 'b' (data/a.yaml:1:1)",
        ),
        (Difference("row 3", "says 'a'"), "row 3: says 'a'"),
        (Difference("", "the sheet 'A' is missing", where="a.yaml"), "the sheet 'A' is missing (a.yaml)"),
    ],
)
def test_a_difference_is_one_line(difference: Difference, message: str) -> None:
    """A difference says where it is, what stands there, what the data have, and where that stands, as far as there is any of it."""
    assert str(difference) == message
