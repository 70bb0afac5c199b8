"""The HTML subset: every check passes the good example and fails the bad one."""

import inspect
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from tinyhtml5 import inputstream

from reports.documents.view import View
from reports.errors import ReportsError
from reports.renderers import html
from reports.renderers.environment import Templates
from reports.renderers.html import CHECKS, Found, Page, check_html, parse_html, text_of
from tests.conftest import TINY, Show

NOTE = "note/note.html.j2"
GOOD = """<!DOCTYPE html>
<html lang="en"><head><title>T</title></head><body><!-- a comment -->
<h1>One</h1><h2 id="two">Two</h2><h3>Three</h3><h2>Four</h2>
<p class="a">A <a href="#two">link</a>, <a href="https://a.example">another</a>, <a href="mailto:a@b.example">a third</a>.</p>
<table><caption>C</caption><thead><tr><th scope="col">A</th><th scope="col">B</th></tr></thead>
<tbody><tr><th scope="row">1</th><td>2</td></tr></tbody></table>
<img src="a.png" alt="A drawing">
</body></html>"""

Check = Callable[..., Found]


def found(check: Check, old: str, new: str) -> list[str]:
    """Return what *check* finds in the good example with *old* replaced by *new*."""
    assert GOOD.count(old) == 1
    return [message for message, _ in check(parse_html(GOOD.replace(old, new)))]


BAD = [
    (
        html.check_characters,
        "<h3>Three</h3>",
        "<h3 title='&#x1f;'>a&#xFFFE;b</h3>c\x01",
        [
            f"the character {name} can't be held by every format"
            for name in ("U+0001 (a control character)", "U+001F (a control character)", "U+FFFE (no character)")
        ],
    ),
    (html.check_elements, "<h3>Three</h3>", "<h5>Three</h5>", ["the element <h5> is not in the HTML subset that all formats share"]),
    (
        html.check_elements,
        "<h3>Three</h3>",
        "<script>1</script>",
        ["the element <script> is not in the HTML subset that all formats share"],
    ),
    (html.check_elements, 'p class="a"', 'p style="a"', ["the attribute 'style' of <p> is not in the HTML subset that all formats share"]),
    (
        html.check_elements,
        'alt="A drawing"',
        'onerror="a"',
        ["the attribute 'onerror' of <img> is not in the HTML subset that all formats share"],
    ),
    (
        html.check_elements,
        "<td>2",
        '<td colspan="2">2',
        ["the attribute 'colspan' of <td> is not in the HTML subset that all formats share"],
    ),
    (html.check_head, ' lang="en"', "", ["<html> has no 'lang'"]),
    (html.check_head, "<title>T</title>", "", ["there is no <title>"]),
    (html.check_head, "<title>T</title>", "<title> </title>", ["there is no <title>"]),
    (html.check_headings, '<h2 id="two">Two</h2>', "", ["the heading 'Three' is an h3, but no h2 stands before it"]),
    (html.check_headings, "<h1>One</h1>", "", ["the heading 'Two' is an h2, but no h1 stands before it"]),
    (html.check_headings, "<h3>Three</h3>", "<h3> </h3>", ["an h3 is empty"]),
    (html.check_links, 'href="#two"', 'href="#three"', ["the link '#three' leads nowhere: nothing here has that id"]),
    (html.check_links, "<h1>", '<h1 id="two">', ["the id 'two' is given twice"]),
    (
        html.check_links,
        "https://a.example",
        "javascript:a",
        ["the link 'javascript:a' leads neither into the document, nor to a PDF beside it, nor to the web"],
    ),
    (
        html.check_links,
        "https://a.example",
        "file:///etc/passwd",
        ["the link 'file:///etc/passwd' leads neither into the document, nor to a PDF beside it, nor to the web"],
    ),
    *(
        (
            html.check_offers,
            '"https://a.example"',
            f'"{address}" download="{file}"',
            [
                f"the link '{address}' offers '{file}', which is no file for machines that we make: "
                "it takes 'output:<template>', and a name in .csv or .json"
            ],
        )
        for address, file in (("output:a.yaml", "a.pdf"), ("a.csv", "a.csv"))
    ),
    (html.check_links, ">another</a>", "> </a>", ["the link 'https://a.example' has no text"]),
    (html.check_tables, "<caption>C</caption>", "", ["a table has no <caption>"]),
    (html.check_tables, "<caption>C</caption>", "<caption> </caption>", ["a table has no <caption>"]),
    (html.check_tables, '<thead><tr><th scope="col">A</th><th scope="col">B</th></tr></thead>', "", ["the table 'C' has no header row"]),
    (html.check_tables, '<th scope="row">', "<th>", ["a header cell of the table 'C' has no 'scope'"]),
    (html.check_tables, "<td>2</td>", "", ["the rows of the table 'C' have different numbers of cells"]),
    (html.check_tables, "<thead>", "<col><thead>", ["the table 'C' has 1 <col>, and not as many cells in a row"]),
    (
        html.check_tables,
        "<thead>",
        '<colgroup><col class="w60"><col class="a w41"></colgroup><thead>',
        ["the columns of the table 'C' are wider than the whole"],
    ),
    (html.check_images, 'alt="A drawing"', 'alt=""', ["the image 'a.png' has no alternative text"]),
    (html.check_images, ' alt="A drawing"', "", ["the image 'a.png' has no alternative text"]),
]


def test_columns_may_take_the_whole() -> None:
    """Shares of the width are added up without an error of fractions: 55, 5, 30 and 10 per cent are the whole."""
    columns = "".join(f'<col class="w{share}">' for share in ("55", "05", "30", "10"))
    cells = "<th scope='col'>A</th>" * 4
    root = parse_html(f"<table><caption>C</caption><colgroup>{columns}</colgroup><thead><tr>{cells}</tr></thead></table>")
    assert list(html.check_tables(root)) == []
    assert sum(html.share(column) or 0 for column in root.iter("col")) == 100


def test_every_check_is_listed_and_has_a_bad_example() -> None:
    """Every check of the module is run by `check_html`, and each is proved below."""
    checks = {function for name, function in inspect.getmembers(html, inspect.isfunction) if name.startswith("check_")} - {check_html}
    assert len(checks) > 5
    assert checks == {html.check_elements, *CHECKS} == {check for check, *_ in BAD}


def test_a_good_example_passes() -> None:
    """The good example passes every check."""
    assert list(check_html(parse_html(GOOD))) == []


@pytest.mark.parametrize(("check", "old", "new", "expected"), BAD)
def test_a_bad_example_fails(check: Check, old: str, new: str, expected: list[str]) -> None:
    """What is wrong is said by the check that is about it."""
    assert found(check, old, new) == expected


def test_what_a_format_has_beside_the_subset_is_no_problem() -> None:
    """An element that only a web page has is none of the subset."""
    root = parse_html(GOOD.replace("<h3>Three</h3>", "<output></output>"))
    assert list(check_html(root, html.ON_SCREEN)) == []
    assert [message for message, _ in check_html(root)] == ["the element <output> is not in the HTML subset that all formats share"]


INCLUDED = """{# the second #}
{% if true %}
<p>One</p>
  <sup>2</sup>
{% endif %}
{% for number in [1, 2] %}
<h5>{{ number }}</h5>
{% endfor %}
<p>Below the loop,</p>
<p>two lines</p> <u>4</u>
"""
INCLUDING = """{% macro mark() %}<sub>3</sub>{% endmacro %}
<!DOCTYPE html>
<html lang="en"><head><title>T</title></head><body><h1>T</h1>
<!-- <sup>not one</sup> -->
{% include "short/part.html.j2" %}
<p>{{ mark() }}</p> <p>{{ "a
b" }}</p><p>c</p><h6>d</h6>
<table><caption>C</caption><tr><th scope="col">A</th></tr></table>
<h3>Three</h3></body></html>
"""


def test_all_that_is_wrong_comes_at_once_at_its_line(tiny_view: View, tiny_templates: Path, show: Show) -> None:
    """The problems of all checks come together, each at the line and column of its element, in an included template too."""
    (tiny_templates / "short" / "part.html.j2").write_text(INCLUDED, "utf-8")
    (tiny_templates / "short" / "test.html.j2").write_text(INCLUDING, "utf-8")
    with pytest.raises(ReportsError) as error:
        Page(Templates(tiny_templates, tiny_view), "short/test.html.j2").check()
    foreign = "is not in the HTML subset that all formats share"
    assert show(error.value.problems) == [
        f"templates/short/part.html.j2:4:3: the element <sup> {foreign}",
        f"templates/short/part.html.j2:7:1: the element <h5> {foreign}",
        f"templates/short/part.html.j2:10:18: the element <u> {foreign}",
        f"templates/short/test.html.j2:6: the element <sub> {foreign}",
        f"templates/short/test.html.j2:7:18: the element <h6> {foreign}",
        "templates/short/test.html.j2:8:1: the table 'C' has no header row",
        "templates/short/test.html.j2:9:1: the heading 'Three' is an h3, but no h2 stands before it",
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>a <strong>b</p>", "4:15: '</p>' stands where <strong> is open; close that one first, or leave this out"),
        ("<section><p>a</p>", "5:1: '</main>' stands where <section> is open; close that one first, or leave this out"),
        ("<p>a</p></section>", "4:9: '</section>' stands where <main> is open; close that one first, or leave this out"),
        ("<p><ul><li>a</li></ul></p>", "4:23: '</p>' closes nothing; leave it out"),
        ("<div>" * 9, "5:1: '</main>' stands where <div> is open; close that one first, or leave this out"),
        ("<table><caption>a<tr></caption></table>", "4:18: <tr> has no place in <caption>"),
        ("<table><p>a</p></table>", "4:8: <p> has no place in <table>"),
        ('<p class="a>b</p>\n<p class="c">d</p>', "5:1: an attribute of this tag is not as HTML writes it; is a quote missing?"),
    ],
)
def test_a_mistake_of_syntax_is_named_where_it_is_seen(body: str, expected: str, tiny_view: View, tiny_templates: Path, show: Show) -> None:
    """What a browser would mend in its own way, such as a tag that is never closed, is the one problem of the page."""
    html = f'<!DOCTYPE html>\n<html lang="en"><head><title>A</title></head>\n<body><main>\n{body}\n</main></body></html>\n'
    (tiny_templates / "short" / "test.html.j2").write_text(html, "utf-8")
    with pytest.raises(ReportsError) as error:
        Page(Templates(tiny_templates, tiny_view), "short/test.html.j2").check()
    assert show(error.value.problems) == [f"templates/short/test.html.j2:{expected}"]


def test_the_tiny_document_is_in_the_subset(tiny_view: View) -> None:
    """The tiny document uses nearly every element of the subset, and passes."""
    page = Page(Templates(TINY / "templates", tiny_view), NOTE)
    page.check()
    assert set(html.ELEMENTS) - {element.tag for element in page.root.iter()} == set()


def test_text_has_single_spaces() -> None:
    """The text of an element is what a reader sees, without the layout of the file."""
    assert text_of(parse_html("<p>a\n  <em>b</em> c</p>")) == "a b c"


def test_comments_leave_their_surroundings() -> None:
    """Comments are left out, wherever they stand, and the text around them stays in its order."""
    root = parse_html("<p><!-- 1 -->a<!-- 2 -->b<em>c</em>d<!-- 3 --><!-- 4 -->e<br><!-- 5 --></p>")
    assert [(element.tag, element.text, element.tail) for element in root.find("body/p").iter()] == [
        ("p", "ab", None),
        ("em", "c", "de"),
        ("br", None, ""),
    ]


def test_the_parser_keeps_its_patterns(tiny_view: View, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page is parsed into the same tree as with tinyhtml5's own patterns, of which it makes one for every run of characters."""
    text = Templates(TINY / "templates", tiny_view).render(NOTE)
    text += "<p id='a' title=b\t>&amp;\0\x0c<!-- - -->-]^\\<script>-</script><title>]</title>"
    tree, kept = ET.tostring(parse_html(text)), inputstream.characters_until_regex
    assert {isinstance(characters, re.Pattern) for characters, _ in kept} == {False}
    own: dict[tuple[object, bool], re.Pattern[str]] = {}
    monkeypatch.setattr(inputstream, "characters_until_regex", own)
    assert ET.tostring(parse_html(text)) == tree
    assert {pattern.pattern for pattern in own.values()} != set()
