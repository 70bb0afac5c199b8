"""Style sheets as WeasyPrint reads them."""

import pytest

from reports.renderers.pdf.fetcher import by_sides


@pytest.mark.parametrize(
    ("written", "ltr", "rtl"),
    [
        ("margin-inline-start: 1mm", "margin-left: 1mm", "margin-right: 1mm"),
        ("padding-inline-end:1mm", "padding-right:1mm", "padding-left:1mm"),
        ("border-inline-start-color: red", "border-left-color: red", "border-right-color: red"),
        ("inset-inline-end: 0", "right: 0", "left: 0"),
        ("float: inline-end", "float: right", "float: left"),
        ("margin-left: 1mm", "margin-left: 1mm", "margin-left: 1mm"),
        ("text-align: start", "text-align: start", "text-align: start"),
        ("@page { @top-left { content: 'a' } }", "@page { @top-left { content: 'a' } }", "@page { @top-right { content: 'a' } }"),
        ("@bottom-right-corner { margin: 0 }", "@bottom-right-corner { margin: 0 }", "@bottom-left-corner { margin: 0 }"),
    ],
)
def test_logical_sides_are_those_of_the_document(written: str, ltr: str, rtl: str) -> None:
    """Lines begin at the left or at the right; what is said of the left itself stays, but in the margins of pages."""
    assert [by_sides(written, is_rtl).replace(" ", "") for is_rtl in (False, True)] == [ltr.replace(" ", ""), rtl.replace(" ", "")]


def test_what_follows_stays_in_its_place() -> None:
    """A problem of a declaration is named at the line and column at which a person wrote it."""
    written = "p { margin-inline-start: 1mm; colour: red }"
    assert [by_sides(written, is_rtl).index("colour") for is_rtl in (False, True)] == [written.index("colour")] * 2
