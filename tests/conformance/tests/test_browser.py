"""What axe-core says of a page, as findings."""

from typing import Any

from tests.conformance.browser import findings
from tests.conformance.validator import Finding

VIEW = "(9 pixels, dark)"


def node(html: str, message: str) -> dict[str, Any]:
    """Return an element as axe-core tells of it."""
    return {"html": html, "any": [{"id": "color-contrast", "message": message}], "all": [], "none": []}


def rule(*nodes: dict[str, Any]) -> dict[str, Any]:
    return {"id": "color-contrast", "help": "Elements must meet contrast", "nodes": list(nodes)}


def test_what_axe_objects_to_is_an_error() -> None:
    """A rule that is broken is told once, with the first element that breaks it."""
    results = {"passes": [{}], "violations": [rule(node("<h1>", "pale"), node("<h2>", "pale"))], "incomplete": []}
    assert list(findings(results, VIEW)) == [Finding("color-contrast (9 pixels, dark): Elements must meet contrast: <h1>")]


def test_what_axe_can_not_tell_is_a_warning() -> None:
    """What was not decided has not passed: each reason is told, with how many elements it concerns and the first of them."""
    undecided = rule(node("<text>", "an image"), node("<p>", "an overlap"), node("<tspan>", "an image"))
    assert list(findings({"passes": [{}], "violations": [], "incomplete": [undecided]}, VIEW)) == [
        Finding("color-contrast (9 pixels, dark): axe-core can't tell of 2 elements: an image: <text>", is_warning=True),
        Finding("color-contrast (9 pixels, dark): axe-core can't tell of 1 element: an overlap: <p>", is_warning=True),
    ]


def test_a_page_on_which_nothing_passes_has_not_passed() -> None:
    """Where axe-core has looked at nothing, it has proved nothing."""
    assert list(findings({"passes": [], "violations": [], "incomplete": []}, VIEW)) == [
        Finding("axe-core looked at nothing (9 pixels, dark)")
    ]
