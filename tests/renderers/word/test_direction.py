"""Which part of a line goes from right to left."""

import pytest

from reports.renderers.word.direction import kinds, stretches


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


def test_kinds_of_characters() -> None:
    """Letters have a direction; numbers and signs have none, and marks that of their letter."""
    assert kinds("aא ا1.\u0301") == "LR.R..M"
