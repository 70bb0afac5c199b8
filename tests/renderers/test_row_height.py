"""Heights of rows: as many lines as a text takes in its column, by the widths of its letters."""

import pytest

from reports.renderers.row_height import FRAME, IDEOGRAPH, MARGIN, height, width


def lines(text: str, room: float) -> float:
    """Return how many lines of Calibri *text* has room for in a row that is as high as it needs."""
    return (height(text, room) - FRAME) / 15


@pytest.mark.parametrize(
    ("text", "room", "expected"),
    [
        ("", 10, 1),
        ("one", 10, 1),
        ("a" * 9, 10, 1),
        ("a" * 11, 10, 2),
        ("iiiiiiiiiiiiiii", 10, 1),
        ("WWWWWWWW", 10, 2),
        ("word word word", 10, 2),
        ("word word word", 5, 3),
        ("one\ntwo", 10, 2),
        ("one\n\ntwo\n", 10, 4),
        ("0" * 100, 10.8, 10),
        ("a " + "0" * 100, 10.8, 11),
        ("a/" + "0" * 20, 10.8, 3),
        ("https://a.example/" + "0123456789/" * 3, 12, 5),
        ("Ђурђевак и Жабљак", 14, 2),
        ("e\u0301" * 9, 10, 1),
    ],
)
def test_a_row_is_as_high_as_its_text(text: str, room: float, expected: int) -> None:
    """A text takes a line for each break in it, and is broken between words, and in those too long for a line at seams, or anywhere."""
    assert lines(text, room) == expected


def test_letters_that_our_font_lacks_are_allowed_for() -> None:
    """An ideograph is as wide as two digits; a line of it, or of letters of another unknown script, is higher than one of ours."""
    assert width("中") == pytest.approx(IDEOGRAPH * MARGIN)
    assert height("中" * 4, 10) == 20 + FRAME
    assert height("中" * 5, 10) == 40 + FRAME
    assert height("საქართველო", 20) == 20 + FRAME


def test_larger_letters_need_more_room() -> None:
    """Widths and heights grow with the size of the letters, up to the highest row that Excel has."""
    assert width("0", 22) == 2 * width("0") == pytest.approx(2 * MARGIN)
    assert (height("one two", 6), height("one two", 12, 22)) == (30 + FRAME, 60 + FRAME)
    assert height("a\n" * 100, 10) == 409
