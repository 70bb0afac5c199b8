"""The finished web page, read back: all that the template says, and not one request."""

import base64
import hashlib
import re
from copy import deepcopy
from io import BytesIO
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from fontTools.ttLib import TTFont

from reports.documents.view import View
from reports.errors import ReportsError
from reports.renderers import RenderedFile
from reports.renderers.environment import Templates
from reports.renderers.fonts import FONTS
from reports.renderers.html import parse_html, text_of
from reports.renderers.web import render
from tests.conftest import TINY, Show, edit
from tests.renderers.word.conftest import png

pytestmark = pytest.mark.xdist_group("web")

NOTE = "note/note.html.j2"
PAGE = '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>T</title>{}</head><body><h1>T</h1>{}</body></html>'


@pytest.fixture(scope="module")
def note(tiny_view: View) -> RenderedFile:
    """The tiny document `note` as a web page."""
    return render(tiny_view, TINY / "templates", NOTE)


@pytest.fixture(scope="module")
def page(note: RenderedFile) -> Element:
    return parse_html(note.content.decode())


def made(templates: Path, view: View, head: str = "", body: str = "", css: str = "") -> str:
    (templates / "note" / "test.html.j2").write_text(PAGE.format(head, body), "utf-8")
    (templates / "note" / "test.css").write_text(css, "utf-8")
    return render(view, templates, "note/test.html.j2").content.decode()


def problems(templates: Path, view: View, show: Show, **parts: str) -> list[str]:
    with pytest.raises(ReportsError) as error:
        made(templates, view, **parts)
    return show(error.value.problems)


def test_the_page_says_what_the_template_says(page: Element, tiny_view: View) -> None:
    """Every text of the template is on the page, in its order, unchanged."""
    body = parse_html(Templates(TINY / "templates", tiny_view, medium="html").render(NOTE)).find("body")
    found = deepcopy(page).find("body")
    assert body is not None
    assert found is not None
    for drawing in found.iter("div"):
        if drawing.get("class") == "drawing":
            drawing.clear()
    assert len(text_of(body)) > 2000
    assert text_of(found) == text_of(body)


def test_the_page_asks_for_nothing(note: RenderedFile, page: Element) -> None:
    """Nothing on the page has an address that a browser loads: styles, scripts, pictures and fonts are inside."""
    assert list(page.iter("link")) == []
    assert all(element.get("src", "data:").startswith("data:") for element in page.iter())
    styles = [style.text or "" for style in page.iter("style")]
    assert len(styles) == 2
    addresses = re.findall(r"url\(\"?([^)]{0,5})", "".join(styles))
    assert len(addresses) >= 4
    assert set(addresses) == {"data:"}
    assert b"@import" not in note.content


def test_the_policy_allows_only_what_is_inside(page: Element) -> None:
    """The page tells the browser to load nothing, and to run just the styles and scripts that it holds."""
    (policy,) = [meta.get("content", "") for meta in page.iter("meta") if meta.get("http-equiv") == "Content-Security-Policy"]
    allowed = {name: sources for name, *sources in (part.split() for part in policy.split("; "))}
    digests = [base64.b64encode(hashlib.sha256((style.text or "").encode()).digest()).decode() for style in page.iter("style")]
    assert allowed["default-src"] == allowed["script-src"] == allowed["base-uri"] == allowed["form-action"] == ["'none'"]
    assert allowed["style-src"] == [f"'sha256-{digest}'" for digest in digests]
    assert allowed["img-src"] == allowed["font-src"] == ["data:"]


def test_the_fonts_have_every_character_and_weight(page: Element) -> None:
    """Each font of the style sheet is inside, with the characters of the page and the weights from regular to bold."""
    wanted = {character for character in "".join(page.itertext()) if not character.isspace()}
    fonts = re.findall(r"data:font/woff2;base64,([A-Za-z0-9+/=]+)", "".join(style.text or "" for style in page.iter("style")))
    assert len(fonts) == len(FONTS)
    for content in fonts:
        font = TTFont(BytesIO(base64.b64decode(content)))
        assert wanted - set(map(chr, font.getBestCmap())) == set()
        (axis,) = font["fvar"].axes
        assert (axis.axisTag, axis.minValue, axis.maxValue) == ("wght", 400, 700)


def test_tables_say_what_their_parts_are(page: Element) -> None:
    """Rows that a phone shows as blocks keep their roles, and each cell names its heading."""
    tables = list(page.iter("table"))
    assert len(tables) == 2
    for table in tables:
        headings = [text_of(cell) for cell in table.iterfind("thead/tr/th")]
        assert table.get("role") == "table"
        assert {row.get("role") for row in table.iter("tr")} == {"row"}
        assert {cell.get("role") for cell in table.iter("th")} <= {"columnheader", "rowheader"}
        assert all([cell.get("data-heading") for cell in row] == headings for row in table.iterfind("tbody/tr"))


def test_a_drawing_has_its_alternative_text_and_can_be_scrolled(page: Element) -> None:
    """A drawing is part of the page, named for screen readers, and reached by keyboard where it is wider than the screen."""
    (frame,) = [element for element in page.iter("div") if element.get("class") == "drawing"]
    assert (frame.get("role"), frame.get("aria-label"), frame.get("tabindex")) == ("img", "An anchor", "0")
    assert [child.tag.rpartition("}")[2] for child in frame] == ["svg"]


def test_a_picture_is_inside(tiny_templates: Path, tiny_view: View) -> None:
    """A picture of dots becomes an address of data, with its alternative text."""
    (tiny_templates / "note" / "a.png").write_bytes(png())
    html = made(tiny_templates, tiny_view, body='<img src="note/a.png" alt="A &amp; B">')
    assert f'<img src="data:image/png;base64,{base64.b64encode(png()).decode()}" alt="A &amp; B">' in html


def test_a_script_is_inside_and_allowed(tiny_templates: Path, tiny_view: View) -> None:
    """A script of the templates is put into the page as it is, and its digest into the policy."""
    (tiny_templates / "note" / "a.js").write_text("if (1 < 2 && true) document.title = 'a';\n", "utf-8")
    html = made(tiny_templates, tiny_view, body='<script src="note/a.js"></script>')
    assert "<script>if (1 < 2 && true) document.title = 'a';\n</script>" in html
    digest = base64.b64encode(hashlib.sha256((tiny_templates / "note" / "a.js").read_bytes()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in html


def test_files_of_a_style_sheet_are_inside(tiny_templates: Path, tiny_view: View) -> None:
    """Both ways to write an address in CSS are followed, from where the style sheet is."""
    css = 'p { background: url(anchor.svg) } li { list-style-image: url("anchor.svg"); color: red }'
    html = made(tiny_templates, tiny_view, head='<link rel="stylesheet" href="note/test.css" media="screen">', css=css)
    inside = f"data:image/svg+xml;base64,{base64.b64encode((tiny_templates / 'note' / 'anchor.svg').read_bytes()).decode()}"
    assert html.count(f'url("{inside}")') == 2
    assert '<style media="screen">' in html
    assert "color: red" in html


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        ("p { color: red }\n  @import 'a.css';", "templates/note/test.css:2:3: a style sheet imports no other: link both in the template"),
        ("@import url(https://a.example/a.css);", "templates/note/test.css:1:1: a style sheet imports no other: link both in the template"),
        ("p { background: url(file:///etc/hostname) }", "templates: 'file:///etc/hostname' is neither a file in here nor one of our fonts"),
        ('p { background: url("//a.example/a") }', "templates: '//a.example/a' is neither a file in here nor one of our fonts"),
        ("@media screen { p { background: url(../../a) } }", "templates: '../../a' is neither a file in here nor one of our fonts"),
        ("p { color: red", None),
        ("p { color: red } }", "templates/note/test.css:1:18: CSS syntax: "),
    ],
)
def test_a_style_sheet_reaches_nothing_else(css: str, expected: str | None, tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """An import, an address elsewhere and a slip in a style sheet are problems at their place."""
    head = '<link rel="stylesheet" href="note/test.css">'
    if expected is None:
        assert "color: red" in made(tiny_templates, tiny_view, head=head, css=css)
        return
    (problem,) = problems(tiny_templates, tiny_view, show, head=head, css=css)
    assert problem.startswith(expected)


def test_what_the_template_gets_wrong_comes_all_at_once(tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """Missing files, and characters that no font has, are problems."""
    body = '<img src="note/b.png" alt="B"><script src="../a.js"></script>'
    assert sorted(problems(tiny_templates, tiny_view, show, head='<link rel="stylesheet" href="a.css">', body=body)) == [
        "templates: '../a.js' is neither a file in here nor one of our fonts",
        "templates: 'a.css' is neither a file in here nor one of our fonts",
        "templates: 'note/b.png' is neither a file in here nor one of our fonts",
    ]
    assert problems(tiny_templates, tiny_view, show, body="<p>漢</p>") == ["templates/note/test.html.j2: the fonts have no '漢' (U+6F22)"]


def test_what_the_page_is_made_of_is_known(note: RenderedFile) -> None:
    """Templates, style sheets, pictures and fonts are inputs."""
    names = {path.name for path in note.inputs}
    assert {"note.html.j2", "note.css", "fonts.css", "anchor.svg", "en.yaml"} <= names
    assert len([name for name in names if name.endswith(".ttf")]) == len(FONTS)


def test_the_same_view_makes_the_same_page(note: RenderedFile, tiny_view: View, tiny_templates: Path) -> None:
    """Same data, same bytes, in another folder too; other words, other bytes."""
    assert render(tiny_view, tiny_templates, NOTE).content == note.content
    edit(tiny_templates / NOTE, "A drawing", "Another drawing")
    assert render(tiny_view, tiny_templates, NOTE).content != note.content


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"a", "1:1: XML syntax: syntax error"),
        (b"", "1:1: XML syntax: no element found"),
        (b"<svg>\n<g></svg>", "2:6: XML syntax: mismatched tag"),
        (b"<!DOCTYPE a [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><svg>&a;</svg>", "1:60: XML syntax: undefined entity &a;"),
        (
            b"<!DOCTYPE a [<!ENTITY b 'bbbbbbbbbb'>"
            + b"".join(b"<!ENTITY b%d '%s'>" % (n, b"&b%s;" % (b"%d" % (n - 1) if n else b"") * 10) for n in range(9))
            + b"]><svg>&b8;</svg>",
            "XML syntax: limit on input amplification factor (from DTD and entities) breached",
        ),
    ],
)
def test_a_drawing_that_is_none_is_a_problem(content: bytes, expected: str, tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """A drawing that is no XML, or a bomb of entities, is named at its line."""
    (tiny_templates / "note" / "a.svg").write_bytes(content)
    (problem,) = problems(tiny_templates, tiny_view, show, body="<img src='note/a.svg' alt='A'>")
    assert problem.startswith("templates/note/a.svg:")
    assert problem.endswith(expected)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("h1 {}\nč\udce8".encode(errors="surrogateescape"), "note/a.{}:2:2: byte 0xe8 is not UTF-8; save the file as UTF-8"),
        (b"@a '</SCRIPT><script>alert(1)';", "note/a.{}: holds '</SCRIPT', which would end it in the page"),
        (b"h1::before { content: '</style><script>a</script>' }", "note/a.{}: holds '</style', which would end it in the page"),
    ],
)
@pytest.mark.parametrize(
    ("kind", "head"), [("css", "<link rel='stylesheet' href='note/a.css'>"), ("js", "<script src='note/a.js'></script>")]
)
def test_what_is_put_inside_can_not_get_out(
    content: bytes, expected: str, kind: str, head: str, tiny_templates: Path, tiny_view: View, show: Show
) -> None:
    """A style sheet or a script that is no text, or that would end its element in the page, is a problem."""
    (tiny_templates / "note" / f"a.{kind}").write_bytes(content)
    assert problems(tiny_templates, tiny_view, show, head=head) == [f"templates/{expected.format(kind)}"]


def test_a_table_may_have_two_rows_of_headings(tiny_templates: Path, tiny_view: View) -> None:
    """Each cell says the heading right above its column."""
    head = "<thead><tr><th scope='col'>A</th></tr><tr><th scope='col'>B</th></tr></thead>"
    page = made(tiny_templates, tiny_view, body=f"<table><caption>C</caption>{head}<tbody><tr><td>1</td></tr></tbody></table>")
    assert '<td role="cell" data-heading="B">1</td>' in page
