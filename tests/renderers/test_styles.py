"""The rules of style sheets, and what is wrong with them."""

from pathlib import Path

import pytest

from reports.errors import ReportsError
from reports.renderers.styles import parse_styles, walk_styles
from tests.conftest import Show


def test_every_problem_of_a_style_sheet_is_told(show: Show) -> None:
    """Syntax errors and imports are problems at their places, all of them, those within other rules too."""
    css = b"@import 'b.css';\n@media print {\n  h1 { width: calc(1px]) }\n}\n@import url(c.css);"
    with pytest.raises(ReportsError) as error:
        parse_styles(Path("a.css"), css)
    assert show(error.value.problems) == [
        "a.css:1:1: a style sheet imports no other: link both in the template",
        "a.css:3:23: CSS syntax: Unmatched ]",
        "a.css:5:1: a style sheet imports no other: link both in the template",
    ]


@pytest.mark.parametrize("css", ["h1 { color: red\nh2 { color: red }", "h1 { }\na { } /* one", "a { } b { c: (d"])
def test_what_is_never_closed_is_told(css: str, show: Show) -> None:
    """CSS itself closes at its end all that is open, and the rules in it are lost without a word."""
    with pytest.raises(ReportsError) as error:
        parse_styles(Path("a.css"), css.encode())
    assert "is never closed" in show(error.value.problems)[0]


def test_a_walk_goes_everywhere() -> None:
    """Tokens in preludes, blocks and arguments are found."""
    rules = parse_styles(Path("a.css"), b"@media (width: 1px) { h1 { width: calc((2px)) } }")
    assert [node.representation for node in walk_styles(rules) if node.type == "dimension"] == ["1", "2"]
