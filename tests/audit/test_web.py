"""What a web page conceals."""

import pytest

from tests.audit.conftest import Tamper


@pytest.mark.parametrize("attribute", ["hidden", 'style="display: none"'])
def test_a_hidden_row_is_seen(attribute: str, tamper: Tamper) -> None:
    """A row that the page itself hides is told."""
    assert tamper("paper.html", 'id="M2012-1"', f'id="M2012-1" {attribute}') == ["#M2012-1 is hidden"]


@pytest.mark.parametrize(
    ("style", "messages"),
    [
        ("#M2012-1 { display: none }", ["#M2012-1 is hidden by the page's styles (display: none)"]),
        (
            "@media (min-width: 1px) { tr[id=M2012-1] { color: red; visibility: Hidden !important } }",
            1,
        ),
        ("p, #M2012-1 > td { font-size: 0px }", 6),
        ("#M2012-1 { opacity: 0.0 }", ["#M2012-1 is hidden by the page's styles (opacity: 0)"]),
        ("@media print { #M2012-1 { display: none } }", []),
        ("#M2012-1 { display: table-row; font-size: 0.9em } #M2012-1::before { display: none } a:hover:is( { display: none }", []),
    ],
)
def test_what_a_style_of_the_page_hides_is_seen(style: str, messages: list[str] | int, tamper: Tamper) -> None:
    """A rule in the page's own styles that hides a text on a screen is told, with each element that it hides."""
    found = tamper("paper.html", "<body>", f"<style>{style}</style><body>")
    assert (len(found) if isinstance(messages, int) else found) == messages


def test_a_row_that_hides_itself_otherwise_is_seen(tamper: Tamper) -> None:
    """Letters without size are as good as hidden."""
    assert tamper("paper.html", 'id="M2012-1"', 'id="M2012-1" style="font-size:0"') == ["#M2012-1 is hidden"]
