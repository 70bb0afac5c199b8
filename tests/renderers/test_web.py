"""The finished web page, read back: all that the template says, and not one request."""

import base64
import hashlib
import re
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from fontTools.ttLib import TTFont
from PIL import Image

from reports.cache import Cache
from reports.documents.view import View
from reports.errors import ReportsError
from reports.readers.html import read
from reports.renderers import RenderedFile, csv_table, draft
from reports.renderers.environment import Templates
from reports.renderers.fonts import FONTS
from reports.renderers.html import parse_html, text_of
from reports.renderers.web import render
from tests.conftest import TINY, Show
from tests.renderers.conftest import NOTE, house_font

PAGE = '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>T</title>{}</head><body><h1>T</h1>{}</body></html>'
NEITHER = "is neither a file in the folder 'templates' nor one of our fonts"

Make = Callable[..., str]


@pytest.fixture(scope="module")
def note(tiny_view: View, cache: Cache) -> RenderedFile:
    """The tiny document `note` as a web page."""
    return render(tiny_view, TINY / "templates", NOTE, cache)


@pytest.fixture(scope="module")
def page(note: RenderedFile) -> Element:
    return parse_html(note.content.decode())


@pytest.fixture
def make(tiny_templates: Path, tiny_view: View, cache: Cache) -> Make:
    """A function that makes a page of such a head, body and style sheet."""

    def make(head: str = "", body: str = "", css: str = "") -> str:
        (tiny_templates / "note" / "test.html.j2").write_text(PAGE.format(head, body), "utf-8")
        (tiny_templates / "note" / "test.css").write_text(css, "utf-8")
        return render(tiny_view, tiny_templates, "note/test.html.j2", cache).content.decode()

    return make


@pytest.fixture
def problems(make: Make, show: Show) -> Callable[..., list[str]]:
    """A function that returns what is wrong with such a page."""

    def problems(**parts: str) -> list[str]:
        with pytest.raises(ReportsError) as error:
            make(**parts)
        return show(error.value.problems)

    return problems


def digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def test_the_text_of_the_file_is_the_text_of_the_template(page: Element, tiny_view: View) -> None:
    """Every text of the template is on the page, in its order, unchanged."""
    body = parse_html(Templates(TINY / "templates", tiny_view, medium="html").render(NOTE)).find("body")
    found = deepcopy(page).find("body")
    assert body is not None
    assert found is not None
    for drawing in found.iterfind(".//span[@class='drawing']"):
        drawing.clear()
    assert len(text_of(body)) > 2000
    assert text_of(found) == text_of(body)


def test_the_page_asks_for_nothing(page: Element) -> None:
    """Styles, scripts, pictures and fonts are inside; the browser is told to load nothing, and to run just what the page holds."""
    assert list(page.iter("link")) == []
    assert all(element.get("src", "data:").startswith("data:") for element in page.iter())
    styles = [style.text or "" for style in page.iter("style")]
    addresses = re.findall(r"url\(\"?([^)]{0,5})", "".join(styles))
    assert len(addresses) >= 4
    assert set(addresses) == {"data:"}
    (policy,) = [meta.get("content", "") for meta in page.iter("meta") if meta.get("http-equiv") == "Content-Security-Policy"]
    allowed = {name: sources for name, *sources in (part.split() for part in policy.split("; "))}
    assert allowed["default-src"] == allowed["script-src"] == allowed["base-uri"] == allowed["form-action"] == ["'none'"]
    assert allowed["style-src"] == [f"'sha256-{digest(style)}'" for style in styles]
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


def test_tables_say_what_their_parts_are(page: Element, make: Make) -> None:
    """Rows that a phone shows as blocks keep their roles, and each cell names the heading right above its column."""
    tables = list(page.iter("table"))
    assert len(tables) == 2
    for table in tables:
        headings = [text_of(cell) for cell in table.iterfind("thead/tr/th")]
        assert table.get("role") == "table"
        assert {row.get("role") for row in table.iter("tr")} == {"row"}
        assert {cell.get("role") for cell in table.iter("th")} <= {"columnheader", "rowheader"}
        assert all([cell.get("data-heading") for cell in row] == headings for row in table.iterfind("tbody/tr"))
    head = "<thead><tr><th scope='col'>A</th></tr><tr><th scope='col'>B</th></tr></thead>"
    body = f"<table><caption>C</caption>{head}<tbody><tr><td>1</td></tr></tbody></table>"
    assert '<td role="cell" data-heading="B">1</td>' in make(body=body)


def test_pictures_and_scripts_are_inside(tiny_templates: Path, make: Make) -> None:
    """A picture becomes an address of data, with its alternative text; a script stands in the page, and its digest in the policy."""
    script = "if (1 < 2 && true) document.title = 'a';\n"
    Image.new("RGB", (4, 2)).save(tiny_templates / "note" / "a.png")
    picture = base64.b64encode((tiny_templates / "note" / "a.png").read_bytes()).decode()
    (tiny_templates / "note" / "a.js").write_text(script, "utf-8")
    html = make(body='<img src="note/a.png" alt="A &amp; B"> stays <script src="note/a.js"></script>')
    assert f'<img src="data:image/png;base64,{picture}" alt="A &amp; B"> stays' in html
    assert f"<script>{script}</script>" in html
    assert f"script-src 'sha256-{digest(script)}'" in html


def test_files_of_a_style_sheet_are_inside(tiny_templates: Path, make: Make) -> None:
    """Both ways to write an address in CSS are followed, from where the style sheet is."""
    css = 'p { background: url(anchor.svg) } li { list-style-image: url("anchor.svg"); color: red }'
    html = make(head='<link rel="stylesheet" href="note/test.css" media="screen">', css=css)
    inside = f"data:image/svg+xml;base64,{base64.b64encode((tiny_templates / 'note' / 'anchor.svg').read_bytes()).decode()}"
    assert html.count(f'url("{inside}")') == 2
    assert '<style media="screen">' in html
    assert "color: red" in html


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        ("p { color: red }\n  @import 'a.css';", "note/test.css:2:3: a style sheet imports no other: link both in the template"),
        ("p { background: url(file:///etc/hostname) }", f"note/test.css:1:17: 'file:///etc/hostname' {NEITHER}"),
        ('p {\n background: url("//a.example/a") }', f"note/test.css:2:18: '//a.example/a' {NEITHER}"),
        ("@media screen { p { background: url(../../a) } }", f"note/test.css:1:33: '../../a' {NEITHER}"),
    ],
)
def test_a_style_sheet_reaches_nothing_else(css: str, expected: str, problems: Callable[..., list[str]]) -> None:
    """An import and an address elsewhere are problems."""
    head = '<link rel="stylesheet" href="note/test.css">'
    assert problems(head=head, css=css) == [f"templates/{expected}"]


def test_what_the_template_gets_wrong_comes_all_at_once(problems: Callable[..., list[str]]) -> None:
    """Missing files, and characters that no font has, are problems."""
    body = '<img src="note/b.png" alt="B"><script src="../a.js"></script>'
    assert sorted(problems(head='<link rel="stylesheet" href="a.css">', body=body)) == [
        f"templates/note/test.html.j2:1:135: 'note/b.png' {NEITHER}",
        f"templates/note/test.html.j2:1:165: '../a.js' {NEITHER}",
        f"templates/note/test.html.j2:1:76: 'a.css' {NEITHER}",
    ]
    fonts = '<link rel="stylesheet" href="shared/fonts.css">'
    (line,) = problems(head=fonts, body="<p>漢</p>")
    assert line.startswith("templates/note/test.html.j2:1:149: no font of the text's style has '漢' (U+6F22 cjk unified ideograph-6f22); ")


def test_a_house_s_font_is_cut_to_the_page(make: Make, tiny_templates: Path) -> None:
    """A font of the templates is taken into the page with the characters that the page has, whatever its kind of file is."""
    (tiny_templates / "note" / "house.ttf").write_bytes(house_font("აბ" + "".join(map(chr, range(0x4E00, 0x5200)))))
    css = "@font-face { font-family: 'House'; src: url('house.ttf') } p { font-family: House }"
    links = "".join(f'<link rel="stylesheet" href="{path}">' for path in ("shared/fonts.css", "note/test.css"))
    made = make(head=links, body="<p>ა一</p>", css=css)
    *ours, font = re.findall(r"data:font/woff2;base64,([^\"]*)", made)
    assert len(ours) == len(FONTS)
    assert set(TTFont(BytesIO(base64.b64decode(font))).getBestCmap()) == {ord(" "), ord("ა"), ord("一")}


def test_the_labels_of_a_drawing_are_in_the_fonts(make: Make, tiny_templates: Path) -> None:
    """A drawing on the page is set in the page's fonts, which have its letters too."""
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><text>Ґ</text></svg>'
    (tiny_templates / "note" / "label.svg").write_text(svg, "utf-8")
    made = make(head='<link rel="stylesheet" href="shared/fonts.css">', body='<img src="note/label.svg" alt="A label">')
    font, *_ = re.findall(r"data:font/woff2;base64,([^\"]*)", made)
    assert ord("Ґ") in TTFont(BytesIO(base64.b64decode(font))).getBestCmap()


def test_languages_have_their_direction(make: Make) -> None:
    """An element has the direction of its language, unless the template gives it one, and only where it differs from that around it."""
    body = make(body="<p lang='he'>א <em lang='en'>a</em> <em lang='ar' id='i'>ا</em></p><p lang='de'>b</p><p lang='he' dir='ltr'>c</p>")
    assert [(element.tag, element.get("dir")) for element in parse_html(body).iter() if element.get("lang")] == [
        ("html", None),
        ("p", "rtl"),
        ("em", "ltr"),
        ("em", None),
        ("p", None),
        ("p", "ltr"),
    ]


def test_references_and_addresses_stand_for_themselves(make: Make) -> None:
    """In a text from right to left, a link that has none of its letters goes from left to right."""
    links = [f"<a href='https://a.example/'>{text}</a>" for text in ("https://a.example/", "[2]", "ב 2")]
    body = f"<p lang='he'>א {', '.join(links)}, <strong>2021</strong></p>"
    (paragraph,) = (element for element in parse_html(make(body=body)).iter("p") if element.get("lang") == "he")
    assert [element.get("dir") for element in paragraph] == ["ltr", "ltr", None, None]


def test_the_same_view_makes_the_same_page(note: RenderedFile, tiny_view: View, tiny_templates: Path, cache: Cache) -> None:
    """Same data, same bytes, in another folder too; templates, style sheets, pictures and fonts are told as what it was made of."""
    assert render(tiny_view, tiny_templates, NOTE, cache).content == note.content
    names = {path.name for path in note.inputs}
    assert {"note.html.j2", "note.css", "fonts.css", "anchor.svg", "en.yaml"} <= names
    assert len([name for name in names if name.endswith(".ttf")]) == len(FONTS)


SVG = "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' viewBox='0 0 9 9'>{}</svg>"


def test_the_shapes_and_texts_of_a_drawing_come_through(tiny_templates: Path, make: Make) -> None:
    """What a drawing is made of is in the page as it was drawn, and a browser's parser reads it back as the same elements.

    It is named for screen readers, and reached by keyboard where it is wider than the screen.
    """
    content = (
        "<title>T</title><defs><clipPath id='c'><rect width='1' height='1'/></clipPath></defs><g clip-path='url(#c)' role='a' "
        "aria-label='b'><path d='M0 0'/></g><use xlink:href='#c'/><text>&lt;script></text>"
    )
    (tiny_templates / "note" / "a.svg").write_text(SVG.format(content), "utf-8")
    found = parse_html(make(body="<img src='note/a.svg' alt='A'>")).find(".//span[@class='drawing']")
    assert (found.get("role"), found.get("aria-label"), found.get("tabindex")) == ("img", "A", "0")
    written = [(element.tag.rpartition("}")[2], *element.attrib.items(), element.text) for element in found.iter()]
    font = ("font-family", "'Source Sans 3'")
    assert written[1:4] == [("svg", ("viewBox", "0 0 9 9"), font, ("aria-hidden", "true"), None), ("title", "T"), ("defs", None)]
    assert written[4:6] == [("clipPath", ("id", "c"), None), ("rect", ("width", "1"), ("height", "1"), None)]
    assert written[6:8] == [("g", ("clip-path", "url(#c)"), None), ("path", ("d", "M0 0"), None)]
    assert written[8:] == [("use", ("href", "#c"), None), ("text", "<script>")]


def test_a_mark_of_a_drawing_leads_to_what_it_is_called_by(tiny_templates: Path, make: Make) -> None:
    """A mark that has the name of an element of the page leads there, for a pointer alone; one that has another name leads nowhere."""
    marks = "".join(f"<g><path d='M{name} 0' aria-label='{name}'/></g>" for name in (1, 2))
    (tiny_templates / "note" / "a.svg").write_text(SVG.format(marks), "utf-8")
    found = parse_html(make(body="<p id='1'><img src='note/a.svg' alt='A'></p>"))
    drawing = found.find(".//p/span[@class='drawing']")
    assert drawing.get("role") == "group"
    (link,) = drawing.iter("{http://www.w3.org/2000/svg}a")
    assert link.attrib == {"href": "#1", "tabindex": "-1"}
    assert [mark.get("d") for mark in link] == ["M1 0"]
    assert [mark.get("d") for mark in drawing.iter("{http://www.w3.org/2000/svg}path")] == ["M1 0", "M2 0"]


def test_files_for_machines_are_in_the_page(tiny_view: View, tiny_templates: Path, make: Make) -> None:
    """A link with `download` holds the file that its template makes, as it would stand beside the page, and the page depends on that."""
    view = replace(tiny_view, dataset='{"a": "100 %41 č #1\\n"}\n')
    links = "".join(f"<a href='output:register/register.yaml' download='{name}'>D</a>" for name in ("a.json", "a.csv"))
    (tiny_templates / "note" / "test.html.j2").write_text(PAGE.format("", links), "utf-8")
    made = render(view, tiny_templates, "note/test.html.j2")
    table = csv_table.render(view, tiny_templates, "register/register.yaml").content
    assert read(made.content).attachments == {"a.json": (view.dataset or "").encode(), "a.csv": table}
    assert tiny_templates / "register" / "register.yaml" in made.inputs
    hrefs = [link.get("href", "") for link in parse_html(made.content.decode()).iter("a")]
    assert [href.partition(",")[0] for href in hrefs] == ["data:application/json;charset=utf-8", "data:text/csv;charset=utf-8"]
    assert not any(re.search(r'[\x00-\x1f"#]', href) for href in hrefs)


def test_a_draft_names_what_is_wrong_with_an_offered_file(tiny_view: View, tiny_templates: Path, show: Show) -> None:
    """A file that a page offers is drafted with it: what passes can be built."""
    link = "<a href='output:none.yaml' download='a.csv'>D</a>"
    (tiny_templates / "note" / "test.html.j2").write_text(PAGE.format("", link), "utf-8")
    with pytest.raises(ReportsError) as error:
        draft.render(tiny_view, tiny_templates, "note/test.html.j2", suffix=".html")
    assert show(error.value.problems) == ["templates/none.yaml: can't be read: no such file or directory"]


def test_a_drawing_with_styles_of_its_own_is_a_picture(tiny_templates: Path, make: Make) -> None:
    """Styles of a drawing would have no effect on the page, or one on all of it: such a drawing stands in it as a picture does."""
    for number, content in enumerate(("<style>path { fill: red }</style>", "<path style='fill: red'/>")):
        drawing = SVG.format(content)
        (tiny_templates / "note" / f"{number}.svg").write_text(drawing, "utf-8")
        address = f"data:image/svg+xml;base64,{base64.b64encode(drawing.encode()).decode()}"
        html = make(body=f"<img src='note/{number}.svg' class='logo' alt='A'>")
        assert f'<img src="{address}" class="logo drawing" alt="A">' in html


def test_pictures_fit_on_the_page_before_any_style_sheet(make: Make) -> None:
    """How pictures fit is the first style sheet of a page, so that any other has its way."""
    html = make(head='<link rel="stylesheet" href="note/test.css">', css="img { width: 1px }")
    assert 0 < html.index("img { max-width: 100%;") < html.index("img { width: 1px }")
