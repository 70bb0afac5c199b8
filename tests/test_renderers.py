"""The renderers as a whole: each format has one, and what has no end is a problem in each."""

from pathlib import Path

import pytest

from reports.documents.view import View
from reports.errors import ReportsError
from reports.renderers import COMPANIONS, ENDLESS, RENDERERS, RenderedFile, renderer, suffixes
from tests.conftest import Show

PAGE = """<!DOCTYPE html>
<html lang="en"><head><title>T</title><link rel="stylesheet" href="shared/fonts.css"><link rel="stylesheet" href="short/test.css"></head>
<body><h1>T</h1>%s</body></html>"""


@pytest.mark.parametrize("suffix", RENDERERS)
def test_every_format_has_its_renderer(suffix: str) -> None:
    """Each suffix has a function that renders, and a command that makes its files."""
    assert callable(renderer(suffix))
    assert suffix in suffixes(suffix[1:])
    assert set(COMPANIONS.get(suffix, (suffix,))) <= set(RENDERERS)


@pytest.mark.parametrize("body", ["<div>" * 5000, "<p>" + "<em>" * 5000], ids=["div", "em"])
def test_a_page_without_end_is_a_problem(body: str, tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """Elements that are nested thousands of times end as a problem of the template, in whichever library they end."""
    (tiny_templates / "short" / "test.css").write_text("", "utf-8")
    (tiny_templates / "short" / "test.html.j2").write_text(PAGE % body, "utf-8")
    with pytest.raises(ReportsError) as error:
        renderer(".pdf")(tiny_view, tiny_templates, "short/test.html.j2")
    assert show(error.value.problems) == [f"templates/short/test.html.j2: {ENDLESS[RecursionError]}"]


def test_a_bug_is_no_problem_of_the_template(tiny_templates: Path, tiny_view: View, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what has no end is caught here: anything else goes up as it is."""

    def broken(view: View, templates: Path, name: str, cache: object = None) -> RenderedFile:
        raise ZeroDivisionError

    monkeypatch.setattr("reports.renderers.csv_table.render", broken)
    with pytest.raises(ZeroDivisionError):
        renderer(".csv")(tiny_view, tiny_templates, "register/register.yaml")
