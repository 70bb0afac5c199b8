"""The faults of a web page: each is in the broken page, and a page without what it breaks is left alone."""

import re

import pytest

from tests.conformance.broken.html import ACCESSIBLE
from tests.conformance.validator import Fault

PAGE = b"""<!DOCTYPE html>
<html lang="en-GB"><head><title>T</title></head><body>
<h1>T</h1>
<label for="year">Year</label> <select id="year"><option>2010</option></select>
<div class="drawing" role="img" aria-label="A drawing"></div>
<table><thead><tr><th>Date</th></tr></thead><tbody>
<tr><td>2010</td></tr></tbody></table>
</body></html>"""
# What the page has instead of what, in each fault.
CHANGES = {
    "no language": (b'<html lang="en-GB"', b"<html"),
    "a field without a label": (b'<label for="year"', b"<label"),
    "a drawing without alternative text": (b'role="img" aria-label="A drawing"', b'role="img"'),
    "pale text": (b"<h1>", b'<h1 style="color: #ccc">'),
    "text wider than the window": (b"<h1>", b'<h1 style="width: 200rem">'),
    "a picture from elsewhere": (b"<h1>", b'<img src="elsewhere.png" alt="a"><h1>'),
    "a script that fails": (b"</body>", b"<script>nothing()</script></body>"),
}


@pytest.mark.parametrize("fault", ACCESSIBLE, ids=lambda fault: fault.what)
def test_a_fault_is_in_the_broken_page(fault: Fault) -> None:
    """The broken page has the one fault, and lacks the rows of its table, which would only take time."""
    old, new = CHANGES[fault.what]
    assert old in PAGE
    assert fault.put(PAGE) == re.sub(rb"<tbody>\n.*</tbody>", b"", PAGE).replace(old, new)


@pytest.mark.parametrize("fault", ACCESSIBLE, ids=lambda fault: fault.what)
def test_a_page_without_what_a_fault_breaks_is_left_alone(fault: Fault) -> None:
    """Where there is nothing to break, the rows are not taken out either: such a page puts nobody to the test."""
    bare = b"<table><tbody><tr><td>2010</td></tr></tbody></table>"
    assert fault.put(bare) == bare
