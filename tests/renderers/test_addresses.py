"""Addresses as people read them."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.renderers.addresses import readable


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://a.example/%D0%9D%D0%90%D0%A2%D0%9E-%C4%8Cesto", "https://a.example/НАТО-Često"),
        ("https://a.example/%d0%bd?q=50%25%26x%3D1%20%2F%3A", "https://a.example/н?q=50%25%26x%3D1%20%2F%3A"),
        ("https://a.example/Op%EF%BF%BD%EF%BF%BD", "https://a.example/Op%EF%BF%BD%EF%BF%BD"),  # no letter
        ("https://a.example/%C4%C4%8C", "https://a.example/%C4%C4%8C"),  # no UTF-8
        ("https://a.example/A%E2%80%93B%E2%80%AE%C2%A0", "https://a.example/A%E2%80%93B%E2%80%AE%C2%A0"),  # dash, direction, space
        ("https://a.example/%D9%85%D8%AC", "https://a.example/%D9%85%D8%AC"),  # from right to left
        ("https://a.example/%E1%83%90", "https://a.example/%E1%83%90"),  # which no text beside it has
        ("https://a.example/e%CC%81", "https://a.example/e%CC%81"),  # an accent of its own
    ],
)
def test_letters_are_shown_and_all_else_stays_encoded(url: str, shown: str) -> None:
    """What parts of an address are told by, and what can't be seen or told from others, is not decoded."""
    assert readable(url) == shown


def test_letters_of_other_scripts_are_shown_beside_a_text_that_has_them() -> None:
    """Then there is a font for them."""
    assert readable("https://a.example/%E1%83%90%E1%83%91", "ბ") == "https://a.example/აბ"


def test_letters_from_right_to_left_are_shown_beside_no_text() -> None:
    """Parts of the address would change places."""
    assert readable("https://a.example/%D9%85%D8%AC", "م") == "https://a.example/%D9%85%D8%AC"


@given(st.text())
def test_what_is_shown_leads_to_the_same_page(text: str) -> None:
    """Encoded again, it is the address that it was."""
    url = f"https://a.example/{quote(text.encode('utf-8', 'replace'), safe='')}"
    assert quote(readable(url, text), safe="/:%") == url
