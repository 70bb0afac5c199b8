"""What a style sheet may not ask of the layout, each at its line and column."""

from pathlib import Path

import pytest

from reports.errors import ReportsError
from reports.renderers.assets import Resource
from reports.renderers.stylesheet import MOST_LEVELS, parsed, walk
from tests.conftest import Show

PATH = Path("templates", "a.css")


def problems(css: str, show: Show) -> list[str]:
    try:
        parsed(Resource(PATH, css.encode(), "text/css", ""))
    except ReportsError as error:
        return show(error.problems)
    return []


@pytest.mark.parametrize(
    ("before", "opening", "content", "closing", "after"),
    [
        ("", "@media print {", "h1 { color: red }", "}", ""),
        ("", "h1 {", "color: red", "}", ""),
        ("h1 { width: ", "calc(", "1px", ")", "}"),
        ("h1", ":not(", "a", ")", " { color: red }"),
        ("@media ", "(", "width", ")", " { h1 { color: red } }"),
    ],
)
def test_nesting_has_an_end(before: str, opening: str, content: str, closing: str, after: str, show: Show) -> None:
    """Rules, blocks, functions and brackets may stand in each other, but not so deep that whoever follows them does not return."""

    def nested(times: int) -> str:
        return before + opening * times + content + closing * times + after

    assert problems(nested(MOST_LEVELS // 2), show) == []
    for times in (MOST_LEVELS + 1, 100 * MOST_LEVELS):
        (line,) = problems(nested(times), show)
        place, _, message = line.rpartition(": ")
        assert message == "nested deeper than 50 levels"
        column = int(place.removeprefix("templates/a.css:1:"))
        assert column == pytest.approx(len(before) + MOST_LEVELS * len(opening), abs=3 * len(opening))


def test_what_is_not_nested_is_not_counted(show: Show) -> None:
    """Many rules, one beside the other, are no nesting."""
    assert problems("@media print { h1 { width: calc((1px)) } }" * 1000, show) == []


def test_every_problem_is_told(show: Show) -> None:
    """Syntax errors and imports are problems at their places, all of them, those within other rules too."""
    css = "@import 'b.css';\n@media print {\n  h1 { width: calc(1px]) }\n}\n@import url(c.css);"
    assert problems(css, show) == [
        "templates/a.css:1:1: a style sheet imports no other: link both in the template",
        "templates/a.css:3:23: CSS syntax: Unmatched ]",
        "templates/a.css:5:1: a style sheet imports no other: link both in the template",
    ]


def test_a_walk_goes_everywhere() -> None:
    """Tokens in preludes, blocks and arguments are found."""
    rules = parsed(Resource(PATH, b"@media (width: 1px) { h1 { width: calc((2px)) } }", "text/css", ""))
    assert [node.representation for node in walk(rules) if node.type == "dimension"] == ["1", "2"]


COUNTER = "counter-style a { system: numeric; symbols: '0' '1'; pad: "


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        (f"@{COUNTER}300000000 'x' }}", ["templates/a.css:1:55: 300000000 is too much for 'pad'; 100 is the most"]),
        (f"@media print {{\n@{COUNTER.upper()}101 'x' }} }}", ["templates/a.css:2:55: 101 is too much for 'pad'; 100 is the most"]),
        (
            "@counter-style a { symbols: '*' }",
            ["templates/a.css:1:1: a counter style needs a system: take 'cyclic', 'numeric' or 'alphabetic'"],
        ),
        (
            "@counter-style a { system: Symbolic; symbols: '*' }",
            [
                "templates/a.css:1:20: the system 'Symbolic' writes a large number in as many characters; "
                "take 'cyclic', 'numeric' or 'alphabetic'"
            ],
        ),
        (f"@{COUNTER}100 'x' }}", []),
    ],
)
def test_a_counter_has_a_sane_length(css: str, expected: list[str], show: Show) -> None:
    """A counter style that would fill all memory with one number is a problem at its place."""
    assert problems(css, show) == expected
