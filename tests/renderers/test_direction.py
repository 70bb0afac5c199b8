"""Which part of a line goes from right to left."""

import pytest

from reports.renderers.direction import kinds, placed, stretches


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("plain, 12", ["plain, 12"]),
        ("", []),
        ("12", ["12"]),
        ("(אב) 12", ["(", "<אב>", ") 12"]),
        ("see אב, 12: גד.", ["see ", "<אב, 12: גד>", "."]),
        ("אב NATO גד", ["<אב>", " NATO ", "<גד>"]),
        ("اتفاقٌ 2", ["<اتفاقٌ>", " 2"]),
    ],
)
def test_a_line_is_parted_by_direction(text: str, parts: list[str]) -> None:
    """What stands between letters from right to left goes with them, marks on them too; at their ends it goes with the line."""
    found = list(stretches(text))
    assert [f"<{part}>" if is_rtl else part for part, is_rtl in found] == parts
    assert "".join(part for part, _ in found) == text


@pytest.mark.parametrize(
    ("text", "is_rtl", "parts"),
    [
        ("אב NATO 2010, גד", True, ["<, גד>", "NATO 2010", "<אב >"]),
        ("2010–2015: אב (1,5)", True, ["<)>", "1,5", "<: אב (>", "2015", "<–>", "2010"]),
        ("2010 אב", False, ["2010 ", "<אב>"]),
        ("NATO, אב", True, ["<, אב>", "NATO"]),
        ("", True, []),
    ],
)
def test_the_parts_of_a_line_have_their_places(text: str, is_rtl: bool, parts: list[str]) -> None:
    """In a line from right to left the first part is the rightmost; names and numbers in it go from left to right."""
    assert [f"<{part}>" if goes_left else part for part, goes_left in placed(text, is_rtl)] == parts


def test_kinds_of_characters() -> None:
    """Letters have a direction; numbers and signs have none, and marks that of their letter."""
    assert kinds("aא ا1.\u0301") == "LR.R..M"
