"""What a screen reader is told of a PDF, read back: one structure element for each HTML element, whole and in order."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from pypdf import PdfReader

from reports.renderers.html import HEADINGS
from tests.renderers.conftest import SetPage
from tests.structure import Structure, faults, is_annotation, is_element, kids, roles, roles_in_html

SMALL = "@page { size: 100mm 60mm; margin: 8mm } "
HEAD = "<thead><tr><th scope='col'>Left</th><th scope='col'>Middle</th><th scope='col'>Right</th></tr></thead>"
ROW = "<tr><th scope='row'>{0}</th><td>one of {0}</td><td>two of {0}</td></tr>"


Make = Callable[..., Structure]


@pytest.fixture
def make(set_page: SetPage) -> Make:
    """A function that sets a body of HTML on small pages and returns the structure tree, in which everything fits together."""

    def made(body: str, css: str = "") -> Structure:
        structure = Structure(PdfReader(BytesIO(set_page(body, SMALL + css).content)))
        assert faults(structure) == []
        return structure

    return made


def table(rows: int, head: str = HEAD, row: str = ROW) -> str:
    return f"<table><caption>Rows</caption>{head}<tbody>{''.join(row.format(f'r{number}') for number in range(rows))}</tbody></table>"


def words(stem: str, count: int) -> str:
    return " ".join(f"{stem}{number}" for number in range(count))


def squeezed(text: str) -> str:
    """Return *text* without spaces: where a line ends, none is drawn."""
    return "".join(text.split())


def names(element: Any) -> list[str]:
    """Return the roles of the elements in *element*."""
    return [str(kid["/S"])[1:] for kid in kids(element) if is_element(kid)]


def texts(structure: Structure, element: Any) -> list[str]:
    """Return the squeezed text of each element in *element*."""
    return [squeezed(structure.text(kid)) for kid in kids(element) if is_element(kid)]


def test_a_table_over_many_pages_is_one(make: Make) -> None:
    """A long table is one Table: a caption, a header row, and a body in which every row stands once, in order.

    Every cell names the header of its row and that of its column, which stands on another page; a header cell says which of the two
    it heads, for not every screen reader follows names. The header that is drawn again on each page is not read again; a link in it
    leads to its aim from each page, and all its places are one Link's.
    """
    structure = make(table(20, HEAD.replace("Left", "<a href='https://a.example/'>Left</a>")))
    (found,) = structure.all("Table")
    pages = structure.pages_of(found)
    assert len(pages) >= 3
    assert names(found) == ["Caption", "THead", "TBody"]
    caption, head, body = kids(found)
    assert structure.text(caption) == "Rows"
    assert (texts(structure, head), structure.pages_of(head)) == (["LeftMiddleRight"], [0])
    assert texts(structure, body) == [f"r{number}oneofr{number}twoofr{number}" for number in range(20)]
    headers = {str(cell["/ID"]): structure.text(cell) for cell in structure.all("TH")}
    named = [[headers[str(header)] for header in cell["/A"]["/Headers"]] for cell in structure.all("TD")]
    assert len(headers) == 23
    assert named == [[f"r{number}", column] for number in range(20) for column in ("Middle", "Right")]
    assert [str(cell["/A"]["/Scope"]) for cell in structure.all("TH")] == ["/Column"] * 3 + ["/Row"] * 20
    assert structure.artifacts(Type="Pagination") == ["Left", "Middle", "Right"] * (len(pages) - 1)
    assert list(structure.texts.values()).count("Left") == 1
    (link,) = structure.all("Link")
    assert len({kid.raw_get("/Pg").idnum for kid in kids(link) if is_annotation(kid)}) == len(pages)
    assert structure.text(link) == "Left"


def test_a_second_head_is_no_repetition(make: Make) -> None:
    """No row of a second <thead> that crosses a page is lost; as a table has one head, it is a body; a caption over pages is one."""
    second = "".join(ROW.format(f"x{number}") for number in range(9))
    structure = make(table(9).replace("<tbody>", f"<thead>{second}</thead><tbody>").replace("Rows", words("a", 200)))
    (found,) = structure.all("Table")
    assert names(found) == ["Caption", "THead", "TBody", "TBody"]
    assert squeezed(structure.text(kids(found)[0])) == squeezed(words("a", 200))
    assert [text.partition("oneof")[0] for body in structure.all("TBody") for text in texts(structure, body)] == [
        f"{stem}{number}" for stem in "xr" for number in range(9)
    ]


def test_equal_tables_on_two_pages_stay_two(make: Make) -> None:
    """Two tables with the same texts, of which one ends a page and one begins the next, are two."""
    structure = make(table(2) + table(2), "table + table { break-before: page }")
    first, second = structure.all("Table")
    assert (structure.pages_of(first), structure.pages_of(second)) == ([0], [1])
    assert names(first) == names(second) == ["Caption", "THead", "TBody"]
    assert structure.text(first) == structure.text(second)


def test_a_row_over_two_pages_is_one(make: Make) -> None:
    """The parts of each cell of a row that is broken by a page come together, cell by cell."""
    row = f"<tr><th scope='row'>{{0}}</th><td>{words('a', 60)}</td><td>{words('b', 80)}</td></tr>"
    structure = make(table(2, row=row))
    body = structure.all("TBody")[0]
    assert all(len(structure.pages_of(kid)) > 1 for kid in kids(body))
    assert [names(row) for row in kids(body)] == [["TH", "TD", "TD"]] * 2
    assert texts(structure, body) == [f"r{number}{squeezed(words('a', 60) + words('b', 80))}" for number in range(2)]


@pytest.mark.parametrize(("element", "style"), [("ol", ""), ("ul", ""), ("ul", "ul { list-style: none }"), ("ul", "ul { columns: 2 }")])
def test_a_list_over_pages_is_one(element: str, style: str, make: Make) -> None:
    """A long list is one L of its items, in order, each one LI with one body, with or without a mark, in one column or more."""
    items = [words(f"i{number}x", 30) for number in range(20)]
    structure = make(f"<{element}>{''.join(f'<li>{item}</li>' for item in items)}</{element}>", style)
    (found,) = structure.all("L")
    assert len(structure.pages_of(found)) >= 3
    assert any(len(structure.pages_of(item)) > 1 for item in kids(found))
    assert {tuple(names(item)) for item in kids(found)} == {("LBody",) if "none" in style else ("Lbl", "LBody")}
    assert texts(structure, found) == [squeezed(item) for item in items]


@pytest.mark.parametrize("style", ["", "ul { list-style: none }"])
def test_a_list_in_a_list_belongs_to_its_item(style: str, make: Make) -> None:
    """A list within an item is read between the texts that it stands between, on whichever page."""
    inner = "".join(f"<li>inner {number}</li>" for number in range(20))
    structure = make(
        f"<ul><li>before <ul>{inner}</ul> after</li><li><ul><li>alone</li></ul></li><li>x <ul><li>y</li></ul> z</li></ul>", style
    )
    outer, within, *short = structure.all("L")
    assert len(structure.pages_of(within)) >= 2
    assert [kid["/S"] for element in (outer, within, *short) for kid in kids(element)] == ["/LI"] * 25
    assert {str(element["/P"]["/S"]) for element in (within, *short)} == {"/LBody"}
    assert texts(structure, outer) == ["before" + "".join(f"inner{number}" for number in range(20)) + "after", "alone", "xyz"]


def test_paragraphs_in_a_list_item_are_in_its_body(make: Make) -> None:
    """An item holds a mark and a body and nothing else, as ISO 32000-1, table 336, has it."""
    structure = make(f"<ul><li><p>{words('a', 200)}</p><p>b</p></li></ul>")
    (item,) = structure.all("LI")
    assert len(structure.pages_of(item)) >= 2
    assert names(item) == ["Lbl", "LBody"]
    assert names(kids(item)[1]) == ["P", "P"]


def test_a_paragraph_over_pages_is_one(make: Make) -> None:
    """A paragraph is one P, and so are the link and the emphasis in it, on however many lines and pages."""
    emphasis, link = words("b", 150), words("c", 150)
    structure = make(
        f"<section><p>{words('a', 50)} <em>{emphasis}</em> <a href='https://a.example/'>{link}</a> {words('d', 50)}</p></section>"
    )
    (paragraph,) = structure.all("P")
    assert len(structure.pages_of(paragraph)) >= 3
    assert names(paragraph) == ["Span", "NonStruct", "Span", "Link", "Span"]
    assert texts(structure, paragraph)[1::2] == [squeezed(emphasis), squeezed(link)]
    assert len(structure.pages_of(structure.all("Link")[0])) >= 2
    assert names(structure.all("Sect")[0]) == ["P"]


@pytest.mark.parametrize(
    ("body", "css", "role", "text"),
    [
        ("<div>a <p>b</p> c <em>d <span class='x'>e</span> f</em> g</div>", ".x { display: block }", "Div", "abcdefg"),
        ("<p><a href='#x'>Part</a></p><h2 id='x'>X</h2>", 'a::after { content: " " target-counter(attr(href), page) }', "Link", "Part1"),
    ],
)
def test_texts_are_read_where_they_stand(body: str, css: str, role: str, text: str, make: Make) -> None:
    """Texts around a block are not drawn together; the page number that a style sets after a link is the same Link's."""
    structure = make(body, css)
    (found,) = structure.all(role)
    assert squeezed(structure.text(found)) == text


def test_an_element_in_another_language_says_so(make: Make) -> None:
    """Once: not for each part of the structure that stands for it."""
    structure = make("<p lang='de'>a <em lang='hr'>b</em> <strong>c</strong></p><ul><li lang='bs'>d</li></ul><p>e</p>")
    assert [(str(tag["/S"]), str(tag["/Lang"])) for tag in structure.elements if "/Lang" in tag] == [
        ("/P", "de"),
        ("/NonStruct", "hr"),
        ("/LI", "bs"),
    ]


def test_what_runs_in_the_margins_is_an_artifact(make: Make) -> None:
    """Page headers and footers are not read, and are marked as what they are (ISO 14289-1, 7.8)."""
    css = '@page { @top-left { content: "Above" } @bottom-left { content: element(below) } } footer { position: running(below) }'
    structure = make(f"<footer><p>Below</p></footer><p>{words('a', 300)}</p>", css)
    pages = len(structure.pages)
    assert pages >= 3
    assert structure.artifacts(Type="Pagination", Subtype="Header") == ["Above"] * pages
    assert structure.artifacts(Type="Pagination", Subtype="Footer") == ["Below"] * pages
    assert not {"Above", "Below"} & set(structure.texts.values())


@pytest.fixture(scope="module")
def note(reader: PdfReader) -> Structure:
    return Structure(reader)


def test_the_tree_is_that_of_the_html(note: Structure, html: Element) -> None:
    """Each HTML element with a role of its own has one structure element; headings are at their level, and all of it fits together."""
    assert faults(note) == []
    assert roles(note) == roles_in_html(html)
    levels = [int(role[2:]) for element in note.elements if re.fullmatch(r"/H\d", role := element["/S"])]
    assert levels == [HEADINGS.index(element.tag) + 1 for element in html.iter() if element.tag in HEADINGS]
    assert [str(figure["/Alt"]) for figure in note.all("Figure")] == ["An anchor"]
