"""What the checklists take for a mistake."""

import pytest

from tests.conformance.checklists import TYPED_ITEM


@pytest.mark.parametrize(
    "text", ["1. First", "22. April was cold", "12) x", "a. x", "• x", "– x", "1. 2010 was the year", "3. mart i april 2010"]
)
def test_an_item_that_somebody_typed_is_found(text: str) -> None:
    """A text that begins with a number or a bullet is an item of a list, which has to be a real one."""
    assert TYPED_ITEM.match(text)


@pytest.mark.parametrize(
    "text",
    [
        "22. april 2010.",
        "9. фебруар 2026.",
        "4. – 15. travnja 2010.",
        "14. veljače\u2009–\u200915. ožujka 2010.",
        "2010. godina",
        "M2010-1",
    ],
)
def test_a_date_is_no_item(text: str) -> None:
    """A day whose number is an ordinal with a full stop begins no list."""
    assert not TYPED_ITEM.match(text)
