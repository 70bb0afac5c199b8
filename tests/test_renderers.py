"""The renderers as a whole: each format has one, and what has no end is a problem in each."""

from pathlib import Path

import pytest

from reports.documents.view import View
from reports.errors import ReportsError
from reports.renderers import COMPANIONS, RENDERERS, RenderedFile, renderer, suffixes
from tests.conftest import Show

PAGE = """<!DOCTYPE html>
<html lang="en"><head><title>T</title><link rel="stylesheet" href="shared/fonts.css"></head>
<body><h1>T</h1>{{ ("<div>" * 300) | safe }}{{ ("</div>" * 300) | safe }}</body></html>"""


@pytest.mark.parametrize("suffix", RENDERERS)
def test_every_format_has_its_renderer(suffix: str) -> None:
    """Each suffix has a function that renders, and a command that makes its files."""
    assert callable(renderer(suffix))
    assert suffix in suffixes(suffix[1:])
    assert set(COMPANIONS.get(suffix, (suffix,))) <= set(RENDERERS)


def test_a_page_that_is_too_deep_is_a_problem(tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """Elements within elements are too deep for some library at last, which is a problem of the template."""
    (tiny_templates / "short" / "test.html.j2").write_text(PAGE, "utf-8")
    with pytest.raises(ReportsError) as error:
        renderer(".pdf")(tiny_view, tiny_templates, "short/test.html.j2")
    expected = "templates/short/test.html.j2: is nested too deeply, or includes or calls itself without end"
    assert show(error.value.problems) == [expected]


def test_a_bug_is_no_problem_of_the_template(tiny_templates: Path, tiny_view: View, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what has no end is caught here: anything else goes up as it is."""

    def broken(*_: object, **__: object) -> RenderedFile:
        raise ZeroDivisionError

    monkeypatch.setattr("reports.renderers.csv_table.render", broken)
    with pytest.raises(ZeroDivisionError):
        renderer(".csv")(tiny_view, tiny_templates, "register/register.yaml")
