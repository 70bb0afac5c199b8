"""Which colours can be told apart."""

import pytest

from reports.audit.readers.contrast import faint


@pytest.mark.parametrize(
    ("colour", "ground", "expected"),
    [
        ("FFFFFF", "FFFFFF", "is written in white on white"),
        ("fefefe", "FFFFFF", "is written in #FEFEFE on white"),
        ("12355B", "12355B", "is written in #12355B on #12355B"),
        ("FFFFFF", "12355B", ""),
        ("5B6670", "F1F4F7", ""),
    ],
)
def test_a_text_without_contrast_is_faint(colour: str, ground: str, expected: str) -> None:
    """Two colours that differ by nothing, or by a trace, can't be told apart; grey on a tint can."""
    assert faint(colour, ground) == expected
