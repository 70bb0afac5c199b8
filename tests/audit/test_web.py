"""What a web page conceals."""

import pytest

from tests.audit.conftest import Tamper


@pytest.mark.parametrize("attribute", ["hidden", 'style="display: none"'])
def test_a_hidden_row_is_seen(attribute: str, tamper: Tamper) -> None:
    """A row that the page itself hides is told."""
    assert tamper("paper.html", 'id="M2012-1"', f'id="M2012-1" {attribute}') == ["#M2012-1 is hidden"]
