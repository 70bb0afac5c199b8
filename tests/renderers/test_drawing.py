"""Drawings in a web page: shapes and texts come through, and nothing that runs, loads, links or styles the page."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from reports.errors import ReportsError
from reports.files import sha256
from reports.renderers.assets import Resource
from reports.renderers.drawing import drawing
from reports.renderers.html import parse_html
from tests.conftest import Show

SVG = "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' viewBox='0 0 9 9'>{}</svg>"
PATH = Path("templates", "a.svg")


def source(content: str) -> Resource:
    return Resource(PATH, content.encode(), "image/svg+xml", sha256(content.encode()))


def test_shapes_and_texts_come_through() -> None:
    """What a drawing is made of is in the page as it was drawn, and a browser's parser reads it back as the same elements."""
    content = (
        "<title>T</title><defs><clipPath id='c'><rect width='1' height='1'/></clipPath><linearGradient id='g'><stop offset='0'/>"
        "</linearGradient></defs><g clip-path='url(#c)' fill='url( \"#g\")' role='a' aria-label='b'><path d='M0 0'/></g>"
        "<use xlink:href='#c'/><text>&lt;script></text>"
    )
    written = ET.tostring(drawing(source(SVG.format(content))), encoding="unicode", method="html")
    found = [(element.tag.rpartition("}")[2], element.attrib) for element in parse_html(written).iter()]
    assert found[3:] == [
        ("svg", {"viewBox": "0 0 9 9", "aria-hidden": "true"}),
        ("title", {}),
        ("defs", {}),
        ("clipPath", {"id": "c"}),
        ("rect", {"width": "1", "height": "1"}),
        ("linearGradient", {"id": "g"}),
        ("stop", {"offset": "0"}),
        ("g", {"clip-path": "url(#c)", "fill": 'url( "#g")'}),
        ("path", {"d": "M0 0"}),
        ("use", {"href": "#c"}),
        ("text", {}),
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("<script>document.title = 'ran'</script>", "the element <script> can't stand in a drawing of a web page"),
        ("<style>&lt;/style>&lt;script>a()&lt;/script></style>", "the element <style> can't stand in a drawing of a web page"),
        ("<foreignObject/>", "the element <foreignObject> can't stand in a drawing of a web page"),
        ("<a xlink:href='https://a.example/'/>", "the element <a> can't stand in a drawing of a web page"),
        ("<image href='https://a.example/'/>", "the element <image> can't stand in a drawing of a web page"),
        ("<animate/>", "the element <animate> can't stand in a drawing of a web page"),
        (
            "<g xmlns='http://www.w3.org/1999/xhtml'/>",
            "the element <{http://www.w3.org/1999/xhtml}g> can't stand in a drawing of a web page",
        ),
        ("<g onclick='a()'/>", "the attribute 'onclick' of <g> can't stand in a drawing of a web page"),
        ("<g style='fill: red'/>", "the attribute 'style' of <g> can't stand in a drawing of a web page"),
        ("<g href='#a'/>", "the attribute 'href' of <g> leads out of the drawing: '#a'"),
        ("<use href='b.svg#a'/>", "the attribute 'href' of <use> leads out of the drawing: 'b.svg#a'"),
        ("<use xlink:href='javascript:a()'/>", "the attribute 'href' of <use> leads out of the drawing: 'javascript:a()'"),
        ("<g fill='URL( https://a.example/)'/>", "the attribute 'fill' of <g> leads out of the drawing: 'URL( https://a.example/)'"),
        (r"<g fill='\75rl(a)'/>", r"the attribute 'fill' of <g> leads out of the drawing: '\75rl(a)'"),
    ],
)
def test_nothing_else_comes_through(content: str, expected: str, show: Show) -> None:
    """What runs, loads, links or styles the page is a problem at the file, however deep it stands."""
    for wrapped in (content, f"<g><g>{content}</g></g>"):
        with pytest.raises(ReportsError) as error:
            drawing(source(SVG.format(wrapped)))
        assert show(error.value.problems) == [f"templates/a.svg: {expected}"]


def test_a_drawing_is_svg(show: Show) -> None:
    """Another file of XML is no drawing, and everything that is wrong with one is told, each once."""
    with pytest.raises(ReportsError) as error:
        drawing(source("<g><html/><html/></g>"))
    assert show(error.value.problems) == [
        "templates/a.svg: is no SVG: its first element is <g>",
        "templates/a.svg: the element <html> can't stand in a drawing of a web page",
    ]
