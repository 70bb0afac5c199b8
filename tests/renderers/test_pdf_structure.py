"""What a screen reader is told of a PDF, read back: one structure element for each HTML element, whole and in order."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pytest
import weasyprint
from pydyf import Array, Dictionary
from pypdf import PdfReader

from reports.dataset.dataset import Dataset
from reports.documents.view import View
from reports.renderers.environment import Templates
from reports.renderers.html import HEADINGS, parse_html
from reports.renderers.pdf import render
from reports.renderers.pdf_structure import TagsError, merge_split_elements
from tests.conftest import TINY, view_of
from tests.structure import Structure, faults, is_annotation, is_element, kids, roles, roles_in_html

PAGE = """<!DOCTYPE html>
<html lang="en"><head><title>T</title><link rel="stylesheet" href="shared/fonts.css"><link rel="stylesheet" href="short/test.css"></head>
<body><h1>T</h1>%s</body></html>"""
SMALL = "@page { size: 100mm 60mm; margin: 8mm } "
HEAD = "<thead><tr><th scope='col'>Left</th><th scope='col'>Middle</th><th scope='col'>Right</th></tr></thead>"
ROW = "<tr><th scope='row'>{0}</th><td>one of {0}</td><td>two of {0}</td></tr>"

# With `--dist loadgroup` one process runs these tests, and each tiny document is made once.
pytestmark = pytest.mark.xdist_group("tags")

Make = Callable[..., Structure]


@pytest.fixture
def make(tiny_templates: Path, tiny_view: View) -> Make:
    """A function that sets a body of HTML on small pages and returns the structure tree, in which everything fits together."""

    def made(body: str, css: str = "") -> Structure:
        (tiny_templates / "short" / "test.css").write_text(SMALL + css, "utf-8")
        (tiny_templates / "short" / "test.html.j2").write_text(PAGE % body, "utf-8")
        structure = Structure(PdfReader(BytesIO(render(tiny_view, tiny_templates, "short/test.html.j2").content)))
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
    """A long table is one Table: a caption, a header row, and a body in which every row stands once, in order."""
    structure = make(table(30))
    (found,) = structure.all("Table")
    assert len(structure.pages_of(found)) >= 4
    assert names(found) == ["Caption", "THead", "TBody"]
    caption, head, body = kids(found)
    assert structure.text(caption) == "Rows"
    assert (texts(structure, head), structure.pages_of(head)) == (["LeftMiddleRight"], [0])
    assert texts(structure, body) == [f"r{number}oneofr{number}twoofr{number}" for number in range(30)]


def test_cells_on_later_pages_name_the_one_header_row(make: Make) -> None:
    """Every cell names the header of its row and that of its column, which stands on another page."""
    structure = make(table(30))
    headers = {str(cell["/ID"]): structure.text(cell) for cell in structure.all("TH")}
    named = [[headers[str(one)] for one in cell["/A"]["/Headers"]] for cell in structure.all("TD")]
    assert len(headers) == 33
    assert named == [[f"r{number}", column] for number in range(30) for column in ("Middle", "Right")]


def test_header_cells_have_the_scope_of_the_html(make: Make) -> None:
    """A header cell says whether it heads a column or a row: not every screen reader follows the names of headers."""
    structure = make(table(3))
    assert [str(cell["/A"]["/Scope"]) for cell in structure.all("TH")] == ["/Column"] * 3 + ["/Row"] * 3


def test_a_repeated_header_is_an_artifact(make: Make) -> None:
    """The header that is drawn again on each page is not read again."""
    structure = make(table(30))
    pages = structure.pages_of(structure.all("Table")[0])
    assert structure.artifacts(Type="Pagination") == ["Left", "Middle", "Right"] * (len(pages) - 1)
    assert list(structure.texts.values()).count("Left") == 1


def test_a_link_in_a_repeated_header_is_one_link(make: Make) -> None:
    """A link in a header leads to its aim from each page, and all its places are one Link's."""
    structure = make(table(30, HEAD.replace("Left", "<a href='https://a.example/'>Left</a>")))
    (link,) = structure.all("Link")
    places = {kid.raw_get("/Pg").idnum for kid in kids(link) if is_annotation(kid)}
    assert len(places) == len(structure.pages_of(structure.all("Table")[0])) >= 4
    assert structure.text(link) == "Left"


def test_a_second_head_is_no_repetition(make: Make) -> None:
    """No row of a second <thead> that crosses a page is lost; as a table has one head, it is a body."""
    second = "".join(ROW.format(f"x{number}") for number in range(9))
    structure = make(table(9).replace("<tbody>", f"<thead>{second}</thead><tbody>"))
    (found,) = structure.all("Table")
    assert names(found) == ["Caption", "THead", "TBody", "TBody"]
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
    assert [kid["/S"] for one in (outer, within, *short) for kid in kids(one)] == ["/LI"] * 25
    assert {str(one["/P"]["/S"]) for one in (within, *short)} == {"/LBody"}
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


def test_a_caption_over_pages_is_one(make: Make) -> None:
    """A long caption is one Caption, and its table's first part."""
    structure = make(table(9).replace("Rows", words("a", 200)))
    (found,) = structure.all("Table")
    assert names(found) == ["Caption", "THead", "TBody"]
    assert squeezed(structure.text(kids(found)[0])) == squeezed(words("a", 200))


def test_what_goes_on_after_a_block_is_read_after_it(make: Make) -> None:
    """Texts around a block, and the parts of an emphasis around one, are not drawn together."""
    structure = make("<div>a <p>b</p> c <em>d <span class='block'>e</span> f</em> g</div>", ".block { display: block }")
    (found,) = structure.all("Div")
    assert squeezed(structure.text(found)) == "abcdefg"


def test_what_a_style_adds_to_a_link_is_in_it(make: Make) -> None:
    """The page number that a style sets after a link, as in a list of contents, is the same Link's."""
    structure = make("<p><a href='#x'>Part</a></p><h2 id='x'>X</h2>", 'a::after { content: " " target-counter(attr(href), page) }')
    (link,) = structure.all("Link")
    assert squeezed(structure.text(link)) == "Part1"
    assert names(link) == []


def test_sections_are_one_over_pages(make: Make) -> None:
    """<main> and <section> are one element each, and headings stand in their sections."""
    chapters = "".join(
        f"<section><h2>H{one}</h2><p>{words('a', 150)}</p><h3>I{one}</h3><p>{words('b', 150)}</p></section>" for one in range(3)
    )
    structure = make(f"<main>{chapters}</main>")
    (main,) = structure.all("Part")
    assert names(main) == ["Sect"] * 3
    assert [names(section) for section in kids(main)] == [["H2", "P", "H3", "P"]] * 3


def test_what_runs_in_the_margins_is_an_artifact(make: Make) -> None:
    """Page headers and footers are not read, and are marked as what they are (ISO 14289-1, 7.8)."""
    css = '@page { @top-left { content: "Above" } @bottom-left { content: element(below) } } footer { position: running(below) }'
    structure = make(f"<footer><p>Below</p></footer><p>{words('a', 300)}</p>", css)
    pages = len(structure.pages)
    assert pages >= 3
    assert structure.artifacts(Type="Pagination", Subtype="Header") == ["Above"] * pages
    assert structure.artifacts(Type="Pagination", Subtype="Footer") == ["Below"] * pages
    assert not {"Above", "Below"} & set(structure.texts.values())


@pytest.fixture(scope="module", params=["note", "short"])
def document(request: pytest.FixtureRequest, tiny: Dataset) -> tuple[Structure, Element]:
    """A document of the tiny dataset: its structure tree, and its HTML."""
    name = f"{request.param}/{request.param}.html.j2"
    view, templates = view_of(tiny, request.param), TINY / "templates"
    html = parse_html(Templates(templates, view).render(name))
    return Structure(PdfReader(BytesIO(render(view, templates, name).content))), html


def test_everything_fits_together(document: tuple[Structure, Element]) -> None:
    """From each text, link and header on the pages its element is found, and from the element they are."""
    assert faults(document[0]) == []


def test_there_are_as_many_elements_as_in_the_html(document: tuple[Structure, Element]) -> None:
    """Each HTML element with a role of its own has one structure element."""
    structure, html = document
    assert roles(structure) == roles_in_html(html)


def test_the_reading_order_is_that_of_the_html(document: tuple[Structure, Element]) -> None:
    """The text that the tree leads to is the text of the HTML: nothing left out, nothing read twice, nothing moved."""
    structure, html = document
    body = html.find("body")
    assert body is not None
    text = squeezed("".join(body.itertext()))
    assert len(text) > 100
    assert squeezed(structure.text(structure.elements[0])) == text


def test_headings_skip_no_level(document: tuple[Structure, Element]) -> None:
    """Headings go down one level at a time, and are those of the HTML."""
    structure, html = document
    levels = [int(role[2:]) for element in structure.elements if re.fullmatch(r"/H\d", role := element["/S"])]
    assert levels == [HEADINGS.index(element.tag) + 1 for element in html.iter() if element.tag in HEADINGS]
    assert all(below <= above + 1 for above, below in zip([0, *levels], levels, strict=False))


def add(pdf: Any, element: Any, _: Any) -> None:
    pdf.add_object(Dictionary({"Type": "/StructElem", "S": "/Span", "K": Array(), "P": element["P"]}))


def exchange(_: Any, element: Any, other: Any) -> None:
    element["P"], other["P"] = other["P"], element["P"]


@pytest.mark.parametrize("change", [add, exchange])
def test_other_elements_of_weasyprints_are_noticed(change: Callable[[Any, Any, Any], None]) -> None:
    """If WeasyPrint came to make other elements for its boxes, no file would be written: none is taken for another."""

    def finish(document: Any, pdf: Any) -> None:
        change(pdf, *(one for one in pdf.objects if isinstance(one, dict) and one.get("S") == "/Span"))
        merge_split_elements(document, pdf)

    html = weasyprint.HTML(string="<html lang='en'><title>T</title><p>a</p><p>b</p>")
    with pytest.raises(TagsError, match="WeasyPrint makes structure elements"):
        html.render().write_pdf(pdf_tags=True, finisher=finish)
