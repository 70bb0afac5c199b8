"""The finished Word document, read back: its styles, texts, lists, tables, links and properties, and what keeps it from being made."""

import json
import os
import re
import shutil
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import docx
import pytest
from docx.oxml.ns import nsmap, qn
from docx.styles import BabelFish
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml import etree

from reports.aids import restyle, write_reference
from reports.build.plan import Folders
from reports.dataset.dataset import Dataset
from reports.dataset.load import load_dataset
from reports.documents.view import View
from reports.errors import ReportsError
from reports.renderers import RenderedFile
from reports.renderers.environment import Templates
from reports.renderers.html import parse_html, text_of
from reports.renderers.ooxml import pack, unpack
from reports.renderers.word import REFERENCE, STYLES, reference_document, render
from reports.yamlfile import YamlFile
from tests.conftest import PROJECT, TINY, Show, edit, view_of

BRIEF = "brief/brief.html.j2"
LONG_ID = "a-very-long-id-that-goes-on-and-on-and-on-beyond-forty"

# Each block of `brief`: its style, and its text.
BLOCKS = [
    ("Series", "Brief"),
    ("Title", "Ruritania and the League"),
    ("Subtitle", "Edition 1\nData as of 30 June 2020"),
    ("Heading 1", "Lists"),
    ("List Bullet", "First, with stress"),
    ("List Bullet 2", "First a"),
    ("List Bullet 3", "First a deep"),
    ("List Bullet 2", "First b"),
    ("List Bullet", "Second"),
    ("List Number", "One"),
    ("List Number 2", "One a"),
    ("List Number 2", "One b"),
    ("List Number", "Two"),
    ("List Number 2", "Two a"),
    ("List Number", "Another one"),
    ("List Bullet 2", "With a bullet"),
    ("Heading 1", "Table and figure"),
    ("Caption", "Milestones & dates"),
    ("Table Heading", "Reference"),
    ("Table Heading", "Date"),
    ("Table Heading", "Milestone"),
    ("Table Row Heading", "M2010-1"),
    ("Table Text", "22 April 2010"),
    ("Table Text", "Harbour Agreement\N{NO-BREAK SPACE}[1][3][6]"),
    ("Table Row Heading", "M2012-1"),
    ("Table Text", "2012"),
    ("Table Text", "A & B, <24 h>\N{NO-BREAK SPACE}[1]"),
    ("Picture", ""),
    ("Figure Caption", "An anchor"),
    ("Heading 1", "Text"),
    ("Heading 2", "Links"),
    (
        "Body Text",
        "See the League’s own page, the master, the deepest list, all lists, table, caption, figure, figcaption, here, M2012-1, "
        f"M2012-1-date, {LONG_ID}.",
    ),
    ("Heading 3", "Emphasis"),
    ("Body Text", "Plain, stressed, strong, small, here and spaced out."),
    ("Body Text", "In Bosnian: Zašto čekati?"),
    ("Body Text", "Sve na See."),
    ("List Bullet", "Stavka"),
    ("Call-out", "Called out."),
    ("Call-out", "Called out too."),
    ("Call-out", "A call-out by its class."),
    (
        "Body Text",
        "<24 h> and A & B and Ђурђевак and =1+1 and č ć đ š ž and 1.10 and 1,2 and None and 007 and no\N{NO-BREAK SPACE}break",
    ),
    ("Heading 1", "Sources"),
    ("Source Entry", "[1] Official Gazette, number 7"),
    ("Source Entry", "[3] Harbours to open"),
    ("Source Entry", "[6] Leaflet without a date"),
]


def png() -> bytes:
    """Return a small picture, four pixels by two."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + b"\x12\x35\x5b" * 4) * 2
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 4, 2, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def copy_templates(target: Path) -> Path:
    """Copy the tiny templates to *target*, with the picture and with our own reference document."""
    shutil.copytree(TINY / "templates", target)
    shutil.copytree(PROJECT / "templates" / "word", target / "word")
    (target / "brief" / "anchor.png").write_bytes(png())
    return target


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The templates as no test changes them."""
    return copy_templates(tmp_path_factory.mktemp("word") / "templates")


@pytest.fixture
def own_templates(tmp_path: Path) -> Path:
    """Templates that a test may change."""
    return copy_templates(tmp_path / "templates")


@pytest.fixture(scope="module")
def brief(tiny_view: View, templates: Path) -> RenderedFile:
    return render(tiny_view, templates, BRIEF)


@pytest.fixture(scope="module")
def document(brief: RenderedFile) -> Any:
    return docx.Document(BytesIO(brief.content))


@pytest.fixture(scope="module")
def parts(brief: RenderedFile) -> dict[str, bytes]:
    return unpack(brief.content)


@pytest.fixture(scope="module")
def body(parts: dict[str, bytes]) -> Any:
    return etree.fromstring(parts["word/document.xml"])


def find(root: Any, path: str) -> list[Any]:
    """Return what the XPath *path* finds in *root*."""
    found: list[Any] = etree.XPath(path, namespaces=nsmap)(root)
    return found


def paragraphs(document: Any) -> Iterator[Paragraph]:
    """Yield every paragraph of the body in order, those in the cells of tables too."""
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            yield from (paragraph for row in block.rows for cell in row.cells for paragraph in cell.paragraphs)
        else:
            yield block


def blocks(document: Any) -> list[tuple[str, str]]:
    return [(str(paragraph.style.name), paragraph.text) for paragraph in paragraphs(document)]


def paragraph_of(document: Any, text: str) -> Paragraph:
    (found,) = [paragraph for paragraph in paragraphs(document) if paragraph.text.startswith(text)]
    return found


def text_width(body: Any) -> int:
    """Return the width between the margins, in twentieths of a point."""
    page, left, right = (int(find(body, f"//w:sectPr/{path}")[0]) for path in ("w:pgSz/@w:w", "w:pgMar/@w:left", "w:pgMar/@w:right"))
    return page - left - right


def style_names(styles: bytes) -> set[str]:
    """Return the names of the styles in the part *styles*, as Word shows them."""
    return {str(BabelFish.internal2ui(name)) for name in find(etree.fromstring(styles), "//w:style/w:name/@w:val")}


def named_styles(templates: Path) -> set[str]:
    """Return every style that the folder's styles.yaml names."""
    roles: Any = YamlFile(templates / STYLES).data
    return {name for kind in ("block", "inline") for name in roles[kind].values()}


PAGE = """<!DOCTYPE html>
<html lang="en-GB"><head><title>T</title></head>
<body><h1>T</h1>%s</body></html>"""


def made(templates: Path, view: View, html: str) -> Any:
    """Return the Word document of a page with *html*."""
    (templates / "brief" / "test.html.j2").write_text(PAGE % html, "utf-8")
    return docx.Document(BytesIO(render(view, templates, "brief/test.html.j2").content))


def problems(templates: Path, view: View, show: Show, html: str) -> list[str]:
    with pytest.raises(ReportsError) as error:
        made(templates, view, html)
    return [line.removeprefix("templates/") for line in show(error.value.problems)]


# Texts, styles and lists


def test_every_block_has_its_style_and_its_text(document: Any) -> None:
    """Each block comes in its order, in the style of its role, with its text unchanged."""
    assert blocks(document) == BLOCKS


def test_the_title_comes_once_and_headings_in_order(document: Any) -> None:
    """One title, and headings that skip no level, with the outline levels that Word's navigation shows."""
    names = [name for name, _ in blocks(document)]
    assert names.count("Title") == 1
    levels = [int(name[-1]) for name in names if name.startswith("Heading ")]
    assert levels == [1, 1, 1, 2, 3, 1]
    outline = [find(document.styles[f"Heading {level}"].element, "w:pPr/w:outlineLvl/@w:val") for level in (1, 2, 3)]
    assert outline == [["0"], ["1"], ["2"]]


@pytest.mark.parametrize("text", ["<24 h>", "A & B", "Ђурђевак Ђ", "=1+1", "č ć đ š ž", "1.10", "1,2", "None", "007", "no"])
def test_hostile_data_come_back_unchanged(text: str, own_templates: Path, tiny_view: View) -> None:
    """A name or an office of the data that a format is tempted to change is a paragraph of its own, unchanged."""
    html = (
        "{% for one in view.people %}<p>{{ one.name }}</p>{% for office in one.offices %}<p>{{ office.role }}</p>{% endfor %}{% endfor %}"
    )
    assert ("Body Text", text) in blocks(made(own_templates, tiny_view, html))


def test_no_paragraph_is_empty(document: Any) -> None:
    """Space is made by styles: the one paragraph without text holds the picture."""
    (empty,) = [paragraph for paragraph in paragraphs(document) if not paragraph.text.strip()]
    assert len(find(empty._p, ".//w:drawing")) == 1


def numbering_of(document: Any, paragraph: Paragraph) -> tuple[str, int, int]:
    """Return a list item's kind of number, its level, and the id of its list."""
    own, of_style = (find(where, "w:pPr/w:numPr") for where in (paragraph._p, paragraph.style.element))
    (number,) = own or of_style
    level, identifier = (int(find(number, f"w:{name}/@w:val")[0]) for name in ("ilvl", "numId"))
    numbering = document.part.numbering_part.element
    (abstract,) = find(numbering, f"w:num[@w:numId={identifier}]/w:abstractNumId/@w:val")
    (kind,) = find(numbering, f"w:abstractNum[@w:abstractNumId={abstract}]/w:lvl[@w:ilvl={level}]/w:numFmt/@w:val")
    return str(kind), level, identifier


def test_lists_are_lists_at_their_level(document: Any) -> None:
    """Each item is numbered or bulleted by Word, at the level at which it stands."""
    found = {
        paragraph.text: numbering_of(document, paragraph)[:2]
        for paragraph in paragraphs(document)
        if paragraph.style.name.startswith("List ")
    }
    assert found == {
        "First, with stress": ("bullet", 0),
        "First a": ("bullet", 1),
        "First a deep": ("bullet", 2),
        "First b": ("bullet", 1),
        "Second": ("bullet", 0),
        "One": ("decimal", 0),
        "One a": ("lowerLetter", 1),
        "One b": ("lowerLetter", 1),
        "Two": ("decimal", 0),
        "Two a": ("lowerLetter", 1),
        "Another one": ("decimal", 0),
        "With a bullet": ("bullet", 1),
        "Stavka": ("bullet", 0),
    }


def test_each_numbered_list_starts_at_one(document: Any) -> None:
    """Each numbered list is a list of its own, which starts again at its own level; its items are in one list."""
    lists = [("One", "Two"), ("One a", "One b"), ("Two a",), ("Another one",)]
    ids: list[int] = []
    for items in lists:
        ((_, level, identifier),) = {numbering_of(document, one) for one in paragraphs(document) if one.text in items}
        numbering = document.part.numbering_part.element
        override = f"w:num[@w:numId={identifier}]/w:lvlOverride[@w:ilvl={level}]/w:startOverride/@w:val"
        assert find(numbering, override) == ["1"]
        ids.append(identifier)
    assert len(set(ids)) == 4


def test_lists_are_numbered_as_their_style_is(own_templates: Path, tiny_view: View) -> None:
    """Word gives lists other numbers when it saves a file; a numbered list stays one, whatever its number in the reference document."""
    path = own_templates / REFERENCE / "word" / "numbering.xml"
    text = path.read_text("utf-8")
    for old, new in (
        ('abstractNumId="0"', 'abstractNumId="9"'),
        ('abstractNumId="1"', 'abstractNumId="0"'),
        ('abstractNumId="9"', 'abstractNumId="1"'),
    ):
        text = text.replace(old, new)
    text = re.sub(r'<w:abstractNumId w:val="(\d)"/>', lambda match: f'<w:abstractNumId w:val="{1 - int(match[1])}"/>', text)
    path.write_text(text, "utf-8")
    document = made(own_templates, tiny_view, "<ol><li>One<ol><li>Two</li></ol></li></ol><ul><li>Three</li></ul>")
    found = [numbering_of(document, paragraph)[0] for paragraph in list(document.paragraphs)[1:]]
    assert found == ["decimal", "lowerLetter", "bullet"]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (
            "<ul><li><p>first</p><ul><li>nested</li></ul><p>after</p></li><li>last</li></ul>",
            [("List Bullet", "first"), ("List Bullet 2", "nested"), ("List Continue", "after"), ("List Bullet", "last")],
        ),
        (
            "{{ '1. first\n\n   second\n\n   - nested\n\n     more\n\n   after' | prose }}",
            [
                ("List Number", "first"),
                ("List Continue", "second"),
                ("List Bullet 2", "nested"),
                ("List Continue 2", "more"),
                ("List Continue", "after"),
            ],
        ),
        (
            "<ul><li>a <em>b</em><p>c</p> d<ul><li><ol><li>e</li></ol></li></ul> f<ul><li>g</li></ul></li></ul>",
            [
                ("List Bullet", "a b"),
                ("List Continue", "c"),
                ("List Continue", "d"),
                ("List Bullet 2", ""),
                ("List Number 3", "e"),
                ("List Continue", "f"),
                ("List Bullet 2", "g"),
            ],
        ),
    ],
)
def test_what_an_item_holds_keeps_its_order(html: str, expected: list[tuple[str, str]], own_templates: Path, tiny_view: View) -> None:
    """Paragraphs and lists in an item stand one behind the other as in the HTML; what follows the first bears no bullet or number."""
    document = made(own_templates, tiny_view, html)
    assert blocks(document)[1:] == expected
    continued = [one._p for one in paragraphs(document) if one.style.name.startswith("List Continue")]
    assert [find(one, "w:pPr/w:numPr") for one in continued] == [[]] * len(continued)


def test_further_paragraphs_stand_under_their_item(document: Any) -> None:
    """The style of what continues an item is indented as the text of the item is, and has no number of its own."""
    numbering = document.part.numbering_part.element
    indents = [find(numbering, f"w:abstractNum/w:lvl[@w:ilvl={level}]/w:pPr/w:ind/@w:left") for level in (0, 1, 2)]
    for level, expected in enumerate(indents):
        style = document.styles["List Continue" if not level else f"List Continue {level + 1}"].element
        assert find(style, "w:pPr/w:ind/@w:left") == expected[:1]
        assert find(style, "w:pPr/w:numPr") == []
        assert len(set(expected)) == 1


def test_only_a_break_is_a_break(own_templates: Path, tiny_view: View) -> None:
    """The end of a line between two elements is a space, and a <br> ends the line."""
    document = made(own_templates, tiny_view, "<p>\n<em>a</em>\n<em>b</em><br>\n<em>c</em>\n</p>")
    assert blocks(document)[1:] == [("Body Text", "a b\nc")]


def test_paragraphs_are_not_joined(own_templates: Path, tiny_view: View) -> None:
    """Each paragraph in a cell, a caption, a header or a footer is one in Word, and a link to one leads to it."""
    two = "<p>a</p><p id='{0}'>b</p>"
    html = (
        f"<header class='running'>{two.format('h')}</header><footer class='running'>c</footer><footer class='running'><p>d</p></footer>"
        f"<table><caption>{two.format('c')}</caption><thead><tr><th scope='col'>x {two.format('t')}y</th></tr></thead>"
        f"<tbody><tr><td>\n{two.format('d')}\n</td></tr></tbody></table><p><a href='#d'>1</a> <a href='#c'>2</a></p>"
    )
    document = made(own_templates, tiny_view, html)
    heading, text, caption = "Table Heading", "Table Text", "Caption"
    assert blocks(document)[1:-1] == [
        *((caption, one) for one in "ab"),
        *((heading, one) for one in "xaby"),
        *((text, one) for one in "ab"),
    ]
    section = document.sections[0]
    assert [[(one.style.name, one.text) for one in part.paragraphs] for part in (section.header, section.footer)] == [
        [("Header", "a"), ("Header", "b")],
        [("Footer", "c"), ("Footer", "d")],
    ]
    marked = [(one.style.name, one.text) for one in paragraphs(document) if find(one._p, "w:bookmarkStart")]
    assert marked == [(caption, "b"), (text, "b")]


# Tables and figures


def test_header_rows_are_announced_and_rows_do_not_split(body: Any) -> None:
    """The first row is repeated and announced as a header; no row crosses a page; the first column is known as headings."""
    (table,) = find(body, "//w:tbl")
    rows = find(table, "w:tr")
    assert [len(find(row, "w:trPr/w:tblHeader")) for row in rows] == [1, 0, 0]
    assert [len(find(row, "w:trPr/w:cantSplit")) for row in rows] == [1, 1, 1]
    (look,) = find(table, "w:tblPr/w:tblLook")
    assert (look.get(qn("w:firstRow")), look.get(qn("w:firstColumn"))) == ("1", "1")


def test_tables_have_title_and_description(body: Any) -> None:
    """A screen reader says what the table is about and what its columns are, in the order of elements that the schema wants."""
    (properties,) = find(body, "//w:tbl/w:tblPr")
    assert find(properties, "w:tblCaption/@w:val") == ["Milestones & dates"]
    assert find(properties, "w:tblDescription/@w:val") == ["Reference; Date; Milestone"]
    names = [etree.QName(child).localname for child in properties]
    assert names == ["tblStyle", "tblW", "tblLayout", "tblLook", "tblCaption", "tblDescription"]


def test_columns_are_as_wide_as_declared(body: Any) -> None:
    """A column of class w20 takes 20 % of the text's width, and a column without a class the rest, in the grid and in each cell."""
    whole = text_width(body)
    (table,) = find(body, "//w:tbl")
    expected = [whole * share // 100 for share in (20, 30, 50)]
    grid = [int(width) for width in find(table, "w:tblGrid/w:gridCol/@w:w")]
    cells = [[int(width) for width in find(row, "w:tc/w:tcPr/w:tcW/@w:w")] for row in find(table, "w:tr")]
    for widths in (grid, *cells):
        assert [abs(width - one) <= 1 for width, one in zip(widths, expected, strict=True)] == [True] * 3
    assert find(table, "w:tblPr/w:tblLayout/@w:type") == ["fixed"]


def test_no_cell_is_merged_or_empty(body: Any) -> None:
    """Every row has as many cells as there are columns, each with a text."""
    (table,) = find(body, "//w:tbl")
    assert find(table, ".//w:gridSpan | .//w:vMerge | .//w:hMerge") == []
    assert [len(find(row, "w:tc")) for row in find(table, "w:tr")] == [3, 3, 3]
    assert all("".join(find(cell, ".//w:t/text()")).strip() for cell in find(table, ".//w:tc"))


def test_pictures_are_inline_with_alternative_text(document: Any, body: Any, parts: dict[str, bytes]) -> None:
    """A picture stands in the line of text, as wide as the text, says what it shows, and is the one of the templates."""
    assert find(body, "//wp:anchor") == []
    assert find(body, "//wp:inline/wp:docPr/@descr") == ["An anchor & a chain"]
    (picture,) = document.inline_shapes
    assert (picture.width, picture.height) == (text_width(body) * 635, text_width(body) * 635 // 2)
    assert parts["word/media/image1.png"] == png()


# Links and languages


def test_bookmarks_are_where_links_lead(body: Any, tiny_view: View, templates: Path) -> None:
    """Exactly the ids that are linked to have a bookmark; names and numbers are unique, and names as Word wants them."""
    html = parse_html(Templates(templates, tiny_view).render(BRIEF))
    linked = {link.get("href", "")[1:] for link in html.iter("a") if link.get("href", "").startswith("#")}
    names = find(body, "//w:bookmarkStart/@w:name")
    assert len(names) == len(set(names)) == len(linked) == 13
    assert [name for name in names if not re.fullmatch(r"[A-Za-z_]\w{0,39}", name, re.ASCII)] == []
    assert {re.sub(r"^_\d+_", "", name) for name in names} == {re.sub(r"\W", "_", one)[:37] for one in linked}
    numbers = find(body, "//w:bookmarkStart/@w:id")
    assert sorted(numbers) == sorted(find(body, "//w:bookmarkEnd/@w:id"))
    assert len(numbers) == len(set(numbers))


def test_links_within_lead_to_what_they_name(body: Any) -> None:
    """Every internal link has the name of a bookmark, which stands in the block that the link means."""
    anchors = find(body, "//w:hyperlink/@w:anchor")
    assert len(anchors) > 12
    assert set(anchors) == set(find(body, "//w:bookmarkStart/@w:name"))
    where = {}
    for link in find(body, "//w:hyperlink[@w:anchor]"):
        (paragraph,) = find(body, f"//w:p[w:bookmarkStart/@w:name='{link.get(qn('w:anchor'))}']")
        where["".join(find(link, ".//w:t/text()"))] = "".join(find(paragraph, ".//w:t/text()"))
    assert where == {
        "the deepest list": "First a deep",
        "all lists": "Lists",
        "table": "Milestones & dates",
        "caption": "Milestones & dates",
        "figure": "",
        "figcaption": "An anchor",
        "here": "Plain, stressed, strong, small, here and spaced out.",
        "M2012-1": "M2012-1",
        "M2012-1-date": "2012",
        LONG_ID: "Plain, stressed, strong, small, here and spaced out.",
        "[1]": "[1] Official Gazette, number 7",
        "[3]": "[3] Harbours to open",
        "[6]": "[6] Leaflet without a date",
    }


def test_links_to_the_web_have_their_address(document: Any, body: Any) -> None:
    """A link out of the document is a relationship to its address, byte for byte."""
    found = {"".join(find(link, ".//w:t/text()")): document.part.rels[link.get(qn("r:id"))] for link in find(body, "//w:hyperlink[@r:id]")}
    assert {text: (rel.target_ref, rel.is_external) for text, rel in found.items()} == {
        "the League’s own page": ("https://league.example/a?b=1&c=2", True),
        "the master": ("mailto:master@harbour.example", True),
        "Official Gazette, number 7": ("https://gazette.example/7?part=1&page=2", True),
        "Harbours to open": ("https://courier.example/harbours", True),
        "Leaflet without a date": ("https://leaflet.example/", True),
    }


def test_every_link_says_where_it_goes(body: Any, tiny_view: View, templates: Path) -> None:
    """Every link has a tooltip: its title, or else its text."""
    html = parse_html(Templates(templates, tiny_view).render(BRIEF))
    expected = [(text_of(link), link.get("title") or text_of(link)) for link in html.iter("a")]
    assert len(expected) > 15
    assert ("the master", "Write to the master") in expected
    assert [("".join(find(link, ".//w:t/text()")), link.get(qn("w:tooltip"))) for link in find(body, "//w:hyperlink")] == expected


def test_runs_take_the_style_of_their_role(document: Any) -> None:
    """Stress, links, marks and details are character styles, never direct formatting."""
    runs = {run.text: run.style.name for run in paragraph_of(document, "Plain").runs}
    assert runs["stressed"] == "Emphasis"
    assert runs["strong"] == "Strong"
    assert runs["small"] == "Detail"
    assert {link.text: link.runs[0].style.name for link in paragraph_of(document, "See").hyperlinks}["table"] == "Source Mark"
    links = {run.text: run.style.name for link in paragraph_of(document, "See").hyperlinks for run in link.runs}
    assert (links["the League’s "], links["own"], links["the master"]) == ("Hyperlink", "Emphasis", "Hyperlink")
    direct = "//w:rPr/*[not(self::w:rStyle or self::w:lang)] | //w:pPr/*[not(self::w:pStyle or self::w:numPr or self::w:sectPr)]"
    assert find(document.element, direct) == []


def test_foreign_texts_have_their_language(body: Any) -> None:
    """A text in another language is marked with it, whichever element around it says so; all other text is not marked."""
    marked = {"".join(find(run, "w:t/text()")): find(run, "w:rPr/w:lang/@w:val") for run in find(body, "//w:r[w:rPr/w:lang]")}
    assert marked == {
        "Zašto ": ["bs"],
        "čekati": ["bs"],
        "?": ["bs"],
        "Sve na ": ["bs"],
        "See": ["de"],
        ".": ["bs"],
        "Stavka": ["bs"],
    }


@pytest.mark.parametrize(("language", "tag"), [("en", "en-GB"), ("bs", "bs-Latn-BA")])
def test_the_language_is_declared(language: str, tag: str, own_templates: Path, tiny: Dataset) -> None:
    """The styles, the settings and the properties say the language of the document, by its full tag."""
    terms = (own_templates / "locale" / "en.yaml").read_text("utf-8")
    (own_templates / "locale" / f"{language}.yaml").write_text(terms.replace("tag: en-GB", f"tag: {tag}"), "utf-8")
    view = replace(view_of(tiny, "note"), language=language)
    parts = unpack(render(view, own_templates, BRIEF).content)
    (declared,) = find(etree.fromstring(parts["word/styles.xml"]), "//w:docDefaults//w:lang")
    assert (declared.get(qn("w:val")), declared.get(qn("w:eastAsia"))) == (tag, tag)
    assert find(etree.fromstring(parts["word/settings.xml"]), "//w:themeFontLang/@w:val") == [tag]
    assert docx.Document(BytesIO(pack(parts))).core_properties.language == tag


# Header, footer, properties


def test_header_and_footer_run_on_every_page(document: Any) -> None:
    """The running header and footer have their style and text, and Word counts the pages."""
    section = document.sections[0]
    (header,), (footer,) = section.header.paragraphs, section.footer.paragraphs
    assert (header.style.name, header.text) == ("Header", "Ruritania and the League – For testing")
    assert [run.style.name for run in header.runs] == ["Default Paragraph Font", "Strong"]
    assert (footer.style.name, "".join(find(footer._p, ".//w:t/text()"))) == (
        "Footer",
        "The keepers of the Ruritanian dataset – page 1 of 1",
    )
    assert [(etree.QName(child).localname, child.get(qn("w:instr"))) for child in footer._p if child.tag != qn("w:pPr")] == [
        ("r", None),
        ("fldSimple", "PAGE"),
        ("r", None),
        ("fldSimple", "NUMPAGES"),
    ]


def test_nothing_exists_in_a_header_or_footer_only(document: Any) -> None:
    """The title, which the header repeats, stands in the text."""
    assert ("Title", "Ruritania and the League") in blocks(document)
    assert [name for name, _ in blocks(document) if name in ("Header", "Footer")] == []


def test_the_properties_come_from_the_data(document: Any) -> None:
    """Title, author, subject, keywords, language and dates are the dataset's; nothing is the clock's or the library's."""
    properties = document.core_properties
    assert (properties.title, properties.author, properties.last_modified_by) == (
        "Ruritania and the League: brief",
        "The keepers of the Ruritanian dataset",
        "The keepers of the Ruritanian dataset",
    )
    assert (properties.subject, properties.keywords) == ("A brief", "League of Neutral Harbours, Kingdom of Ruritania")
    assert (properties.language, properties.revision) == ("en-GB", 1)
    published = datetime(2020, 7, 1, tzinfo=UTC)
    assert (properties.created, properties.modified) == (published, published)
    assert (properties.comments, properties.category, properties.version, properties.last_printed) == ("", "", "", None)


def test_the_library_leaves_no_trace(parts: dict[str, bytes]) -> None:
    """Nothing tells of python-docx's own template: no name, no year, no picture of a page, no compatibility with older Word."""
    assert len(parts) > 10
    everything = b"\n".join([*parts.values(), *(name.encode() for name in parts)]).lower()
    traces = (rb"python-docx", rb"\b2013\b", rb"thumbnail", rb"steve canny", rb"en-us")
    assert [trace for trace in traces if re.search(trace, everything)] == []
    settings = etree.fromstring(parts["word/settings.xml"])
    assert find(settings, "//w:compatSetting[@w:name='compatibilityMode']/@w:val") == ["15"]
    assert find(settings, "//w:updateFields") == []
    assert not {name for name in parts if name.startswith(("customXml", "docProps/app", "docProps/thumb"))}


# Styles


def test_every_style_in_use_is_in_the_reference_document(parts: dict[str, bytes], templates: Path) -> None:
    """Each style that a paragraph, a run or a table of any part takes is defined in the reference document."""
    reference = etree.fromstring((templates / REFERENCE / "word" / "styles.xml").read_bytes())
    known = set(find(reference, "//w:style/@w:styleId"))
    used = {
        str(one)
        for name in ("word/document.xml", "word/header1.xml", "word/footer1.xml")
        for one in find(etree.fromstring(parts[name]), "//w:pStyle/@w:val | //w:rStyle/@w:val | //w:tblStyle/@w:val")
    }
    assert len(used) > 15
    assert used - known == set()


def test_every_style_of_the_table_is_in_the_reference_document(templates: Path) -> None:
    """Each style that styles.yaml names is there, with its deeper levels if it is a list, and each is based on one that is there."""
    styles = (templates / REFERENCE / "word" / "styles.xml").read_bytes()
    names = named_styles(templates)
    assert len(names) > 15
    lists = {f"{name} {level}" for name in names if name.startswith("List ") for level in (2, 3)}
    assert (names | lists) - style_names(styles) == set()
    root = etree.fromstring(styles)
    assert set(find(root, "//w:basedOn/@w:val | //w:next/@w:val")) <= set(find(root, "//w:style/@w:styleId"))


def test_a_style_that_is_missing_is_a_problem(own_templates: Path, tiny_view: View, show: Show) -> None:
    """A style of styles.yaml that the reference document lacks, or has as another kind, is named."""
    edit(own_templates / STYLES, "p: Body Text\n", "p: Body Txt\n")
    assert problems(own_templates, tiny_view, show, "<p>a</p>") == [
        "word/styles.yaml: the reference document has no paragraph style 'Body Txt'"
    ]
    edit(own_templates / STYLES, "p: Body Txt\n", "p: Strong\n")
    assert problems(own_templates, tiny_view, show, "<p>a</p>") == [
        "word/styles.yaml: the reference document has no paragraph style 'Strong'"
    ]
    edit(own_templates / STYLES, "em: Emphasis", "em: Body Text")
    assert problems(own_templates, tiny_view, show, "<h2><em>a</em></h2>") == [
        "word/styles.yaml: the reference document has no character style 'Body Text'"
    ]
    edit(own_templates / STYLES, "ol: List Number", "ol: Body Text")
    assert problems(own_templates, tiny_view, show, "<ol><li>a</li></ol>") == [
        "word/styles.yaml: the style 'Body Text' of the reference document has no numbers"
    ]


def test_wrong_styles_are_a_problem_at_their_place(own_templates: Path, tiny_view: View, show: Show) -> None:
    """A mistake in styles.yaml has its line and column; a folder without the reference document is told."""
    edit(own_templates / STYLES, "inline:", "inlin:")
    assert problems(own_templates, tiny_view, show, "<p>a</p>") == [
        "word/styles.yaml:3:1: the field 'inline' is missing",
        "word/styles.yaml:25:1: there is no field 'inlin' here (did you mean 'inline'?)",
    ]
    edit(own_templates / STYLES, "inlin:", "inline:")
    shutil.rmtree(own_templates / REFERENCE)
    assert problems(own_templates, tiny_view, show, "<p>a</p>") == ["word/reference: is missing: the reference document of all Word files"]


# What can't be shown


@pytest.mark.parametrize(
    ("html", "message"),
    [
        ("<img src='brief/anchor.png' alt='A'>", "Word has no role for <img>"),
        ("<strong>a</strong>", "Word has no role for <strong>"),
        ("<p>a <img src='brief/anchor.png' alt='A'></p>", "Word has no role for <img> within a line"),
        ("<ul><li>a <span>b <ul><li>c</li></ul></span></li></ul>", "Word has no role for <ul> within a line"),
        ("<figure><img src='brief/anchor.png' alt='A'><p>a</p></figure>", "Word has no role for <p> in a figure"),
        ("<figure><figcaption>a</figcaption></figure>", "a <figure> has no <img>"),
        ("<figure><img src='note/anchor.svg' alt='A'></figure>", "Word can't show the image 'note/anchor.svg'; make it a PNG or a JPEG"),
        ("a", "the text 'a' in <body> stands in no paragraph"),
        ("<div><p>a</p> b  c</div>", "the text 'b c' in <div> stands in no paragraph"),
        ("<ul><li><em>a<p>b</p></em></li></ul>", "Word has no role for <p> within a line"),
        ("<ul>a<li>b</li></ul>", "the text 'a' in <ul> stands in no paragraph"),
        ("<figure><img src='brief/anchor.png' alt='A'>a</figure>", "the text 'a' in <figure> stands in no paragraph"),
        (
            "<table><caption>a</caption><thead><tr><th scope='col'>b</th></tr></thead><tr><td><ul><li>c</li></ul></td></tr></table>",
            "Word has no role for <ul> within a line",
        ),
        (
            "<ul><li>1<ul><li>2<ol><li>3<ul><li>4</li></ul></li></ol></li></ul></li></ul>",
            "a list is nested deeper than 3 levels",
        ),
    ],
)
def test_what_word_can_not_show_is_a_problem(html: str, message: str, own_templates: Path, tiny_view: View, show: Show) -> None:
    """An element without a role, a text or a picture that would be lost, and a list too deep are named, with the template."""
    (own_templates.parent / "a.png").write_bytes(png())
    assert problems(own_templates, tiny_view, show, html) == [f"brief/test.html.j2: {message}"]


def test_further_paragraphs_without_a_style_are_a_problem(own_templates: Path, tiny_view: View, show: Show) -> None:
    """A styles.yaml that does not say how an item goes on is told so, not passed over with the text."""
    edit(own_templates / STYLES, "  li.continued: List Continue # what comes in an item after its first paragraph\n", "")
    expected = ["brief/test.html.j2: Word has no role for a further paragraph of a list's item (li.continued)"]
    assert problems(own_templates, tiny_view, show, "<ul><li><p>a</p><p>b</p></li></ul>") == expected


def test_a_figure_keeps_its_order(own_templates: Path, tiny_view: View) -> None:
    """Every picture and every caption of a figure is there, in the order of the HTML."""
    picture = "<img src='brief/anchor.png' alt='{}'>"
    html = f"<figure><figcaption>a</figcaption>{picture.format('A')}{picture.format('B')}<figcaption>b</figcaption></figure>"
    document = made(own_templates, tiny_view, html)
    pictures = [("Figure Caption", "a"), ("Picture", ""), ("Picture", ""), ("Figure Caption", "b")]
    assert blocks(document)[1:] == pictures
    assert find(document.element, "//wp:inline/wp:docPr/@descr") == ["A", "B"]


@pytest.mark.parametrize("address", ["brief/a.png", "../a.png", "https://a.example/a.png"])
def test_a_picture_that_is_not_there_is_a_problem(address: str, own_templates: Path, tiny_view: View, show: Show) -> None:
    """A picture comes from the folder of templates; one that is not there, or is elsewhere, is named."""
    (own_templates.parent / "a.png").write_bytes(png())
    expected = [f"templates: '{address}' is neither a file in here nor one of our fonts"]
    assert problems(own_templates, tiny_view, show, f"<figure><img src='{address}' alt='A'></figure>") == expected


def test_a_figure_has_two_hundred_dots_to_the_inch(own_templates: Path, tiny_view: View) -> None:
    """`figure:<name>` becomes a PNG as wide as the text, sharp enough for paper, with its alternative text."""
    (own_templates / "figures").mkdir()
    spec = {"data": {"name": "operations"}, "mark": "text", "config": {"font": "Source Sans"}, "encoding": {"text": {"field": "name"}}}
    (own_templates / "figures" / "bars.vl.json").write_text(json.dumps(spec | {"width": 150}), "utf-8")
    document = made(own_templates, tiny_view, "<figure><img src='figure:bars' alt='Bars'><figcaption>Bars</figcaption></figure>")
    (shape,) = document.inline_shapes
    (part,) = [part for part in document.part.package.iter_parts() if part.partname.endswith(".png")]
    assert part.image.px_width / shape.width.inches >= 200
    assert shape._inline.docPr.get("descr") == "Bars"
    assert [paragraph.style.name for paragraph in document.paragraphs[-2:]] == ["Picture", "Figure Caption"]
    assert own_templates / "figures" / "bars.vl.json" in render(tiny_view, own_templates, "brief/test.html.j2").inputs


DAMAGED = {
    "empty": b"",
    "signature": png()[:8],
    "cut": png()[:30],
    "no-size": png()[:16] + bytes(8) + png()[24:],
    "jpeg": b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1",
    "gif": b"GIF89a",
    "tiff": b"MM\0*\0\0\0\x08\xff\xff" + bytes(20),
    "bmp": b"BM" + bytes(10),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_image_is_a_problem(name: str, own_templates: Path, tiny_view: View, show: Show) -> None:
    """Whatever python-docx stumbles over in an image, the image is named."""
    (own_templates / "brief" / "damaged.png").write_bytes(DAMAGED[name])
    expected = ["brief/test.html.j2: Word can't show the image 'brief/damaged.png'; make it a PNG or a JPEG"]
    assert problems(own_templates, tiny_view, show, "<figure><img src='brief/damaged.png' alt='A'></figure>") == expected


def test_an_image_lies_in_the_templates(own_templates: Path, tiny_view: View, show: Show) -> None:
    """Neither a link out of the folder, nor a pipe, nor a name too long for a file is an image."""
    (own_templates.parent / "a.png").write_bytes(png())
    (own_templates / "link.png").symlink_to("../a.png")
    os.mkfifo(own_templates / "pipe.png")
    for name in ("link.png", "pipe.png", "a" * 500):
        expected = [f"templates: '{name}' is neither a file in here nor one of our fonts"]
        assert problems(own_templates, tiny_view, show, f"<figure><img src='{name}' alt='A'></figure>") == expected


def test_a_property_that_is_too_long_is_a_problem(own_templates: Path, tiny_view: View, show: Show) -> None:
    """Word's properties are short; a title or a publisher that is longer than they is named, and 255 characters are not."""
    head = "<meta name='author' content='{}'><meta name='keywords' content='{}'><title>{}</title>"
    page = PAGE.replace("<title>T</title>", head)
    for length, expected in ((255, []), (256, ["author", "keywords", "title"])):
        text = page.format(*["a" * length] * 3)
        (own_templates / "brief" / "test.html.j2").write_text(text % "<p>a</p>", "utf-8")
        try:
            render(tiny_view, own_templates, "brief/test.html.j2")
            found = []
        except ReportsError as error:
            found = show(error.problems)
        assert found == [f"templates/brief/test.html.j2: the {name} has 256 characters; Word holds 255" for name in expected]


@pytest.mark.parametrize(
    ("part", "old", "new", "expected"),
    [
        ("numbering", r"<w:num w:numId=\"2\"", '<w:num w:numId="9"', "numbering.xml: has no list with the number '2', which a style takes"),
        ("numbering", r"<w:num w:numId=\"2\"", '<w:num w:numId="two"', "numbering.xml: 'two' is no number of a list"),
        (
            "styles",
            r"<w:numId w:val=\"2\"",
            '<w:numId w:val="two"',
            "numbering.xml: has no list with the number 'two', which a style takes",
        ),
        ("numbering", r"(?s)<w:numbering\b.*", "<a/>", "numbering.xml: does not begin with the element <w:numbering>"),
        ("styles", r"(?s)<w:styles\b.*", "<a/>", "styles.xml: does not begin with the element <w:styles>"),
        ("settings", r"(?s)<w:settings\b.*", "<a/>", "settings.xml: does not begin with the element <w:settings>"),
        ("document", r"(?s)<w:document\b.*", "<a/>", "document.xml: does not begin with the element <w:document>"),
        ("document", r"(?s)<w:sectPr\b.*</w:sectPr>", "", "document.xml: has no section (<w:sectPr>), which says how large the pages are"),
        ("document", r"<w:pgSz\b", "<w:a", "document.xml: does not say how wide its pages and their margins are (<w:pgSz>, <w:pgMar>)"),
        (
            "document",
            r"w:left=\"\d+",
            'w:left="a',
            "document.xml: does not say how wide its pages and their margins are (<w:pgSz>, <w:pgMar>)",
        ),
    ],
)
def test_a_part_that_lacks_what_a_text_needs_is_a_problem(
    part: str, old: str, new: str, expected: str, own_templates: Path, tiny_view: View, show: Show
) -> None:
    """Lists without numbers, parts of another kind and pages without a size are problems at their part."""
    path = own_templates / REFERENCE / "word" / f"{part}.xml"
    text, changes = re.subn(old, new, path.read_text("utf-8"))
    assert changes > 0
    path.write_text(text, "utf-8")
    assert problems(own_templates, tiny_view, show, "<ol><li>A</li></ol>") == [f"word/reference/word/{expected}"]


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("word/styles.xml", r'<w:name w:val="[^"]*"', "<w:name"),
        ("word/styles.xml", r'w:type="paragraph"', 'w:type="a"'),
        ("docProps/core.xml", r"(?s)<(\w+:)?coreProperties\b.*", "<a/>"),
        ("word/_rels/document.xml.rels", r' Target="settings.xml"', ""),
    ],
)
def test_a_part_that_is_not_as_word_writes_it_is_a_problem(
    part: str, old: str, new: str, own_templates: Path, tiny_view: View, show: Show
) -> None:
    """Whatever python-docx stumbles over in the reference document is a problem of that document."""
    path = own_templates / REFERENCE / part
    text, changes = re.subn(old, new, path.read_text("utf-8"))
    assert changes > 0
    path.write_text(text, "utf-8")
    (problem,) = problems(own_templates, tiny_view, show, "<p>A</p>")
    assert re.fullmatch(r"word/reference: can't be filled \(.+\): a part of it is not as Word writes it", problem)


def test_a_reference_document_without_numbering_is_a_problem(own_templates: Path, tiny_view: View, show: Show) -> None:
    """Numbered lists need the part in which their numbers are; a text without such lists does not."""
    folder = own_templates / REFERENCE
    (folder / "word" / "numbering.xml").unlink()
    for name in ("[Content_Types].xml", "word/_rels/document.xml.rels"):
        text = (folder / name).read_text("utf-8")
        (folder / name).write_text(re.sub(r"<(Override|Relationship) [^>]*numbering[^>]*>", "", text), "utf-8")
    expected = "word/reference/word/numbering.xml: is missing: the numbering that numbered lists take"
    assert problems(own_templates, tiny_view, show, "<ol><li>A</li></ol>") == [expected]
    assert [text for _, text in blocks(made(own_templates, tiny_view, "<p>a</p>"))] == ["T", "a"]


def test_a_broken_reference_document_is_a_problem(own_templates: Path, tiny_view: View, show: Show) -> None:
    """A part that is no XML is named at its line, and a part that leads elsewhere, or is missing, is too."""
    folder = own_templates / REFERENCE
    styles = (folder / "word" / "styles.xml").read_bytes()
    (folder / "word" / "styles.xml").write_bytes(b"<a>\n<b></a>")
    expected = ["word/reference/word/styles.xml:2:7: XML syntax: opening and ending tag mismatch: b line 2 and a"]
    assert problems(own_templates, tiny_view, show, "<p>a</p>") == expected
    (folder / "word" / "styles.xml").write_bytes(styles)
    (folder / "word" / "secret.bin").symlink_to("/etc/passwd")
    expected = ["word/reference/word/secret.bin: leads to '/etc/passwd', outside the folder 'templates'; put a copy of it here"]
    assert problems(own_templates, tiny_view, show, "<p>a</p>") == expected
    (folder / "word" / "secret.bin").unlink()
    for name in ("[Content_Types].xml", "word/document.xml"):
        content = (folder / name).read_bytes()
        (folder / name).unlink()
        assert problems(own_templates, tiny_view, show, "<p>a</p>") == ["word/reference: lacks a part that every Word document has"]
        (folder / name).write_bytes(content)


def test_an_entity_brings_in_nothing(own_templates: Path, tiny_view: View) -> None:
    """What an entity of a part would read from this computer is not in the document."""
    (own_templates.parent / "secret").write_text("hunter2", "utf-8")
    path = own_templates / REFERENCE / "word" / "styles.xml"
    entity = f"<!DOCTYPE a [<!ENTITY secret SYSTEM '{own_templates.parent / 'secret'}'>]><w:styles"
    text = path.read_text("utf-8").replace("<w:styles", entity, 1)
    assert "</w:styles>" in text
    path.write_text(text.replace("</w:styles>", "&secret;</w:styles>"), "utf-8")
    (own_templates / "brief" / "test.html.j2").write_text(PAGE % "<p>a</p>", "utf-8")
    parts = unpack(render(tiny_view, own_templates, "brief/test.html.j2").content)
    assert all(b"hunter2" not in content for content in parts.values())


def test_a_role_that_the_table_lacks_is_a_problem(own_templates: Path, tiny_view: View, show: Show) -> None:
    """An element that styles.yaml gives no style is named, with the template, and all of them come at once."""
    edit(own_templates / STYLES, "  h4: Heading 3\n", "")
    edit(own_templates / STYLES, "  ul: List Bullet\n", "")
    html = "<h2>a</h2><h3>b</h3><h4>c</h4><ul><li>d</li></ul>"
    assert problems(own_templates, tiny_view, show, html) == [
        "brief/test.html.j2: Word has no role for <h4>",
        "brief/test.html.j2: Word has no role for <ul>",
    ]


def test_a_link_to_what_has_no_place_is_a_problem(own_templates: Path, tiny_view: View, show: Show) -> None:
    """A link within the document never leads nowhere: what comes after the last paragraph can't bear a bookmark."""
    html = "<p><a href='#end'>a</a></p><div id='end'></div>"
    expected = ["brief/test.html.j2: the link '#end' leads to where Word can't put a bookmark"]
    assert problems(own_templates, tiny_view, show, html) == expected


def test_html_outside_the_subset_is_a_problem(own_templates: Path, tiny_view: View, show: Show) -> None:
    """The checks of the HTML subset are asked before anything is written."""
    expected = ["brief/test.html.j2: the heading 'Deep' is an h3, but no h2 stands before it"]
    assert problems(own_templates, tiny_view, show, "<h3>Deep</h3>") == expected


def test_comments_are_no_text(own_templates: Path, tiny_view: View) -> None:
    """A comment in a template leaves nothing, and takes nothing of what follows it with it."""
    html = "<!-- a --><p><!-- b -->c<!-- d -->e <em>f</em><!-- g -->h</p><ul><!-- i --><li>j</li></ul>"
    assert blocks(made(own_templates, tiny_view, html)) == [("Title", "T"), ("Body Text", "ce fh"), ("List Bullet", "j")]


def test_a_control_character_never_gets_here(tiny_data: Path, show: Show) -> None:
    """What XML can't hold is refused with its place when the data are loaded."""
    edit(tiny_data / "milestones" / "first.yaml", "title: First contact", 'title: "First\\x0bcontact"')
    with pytest.raises(ReportsError) as error:
        load_dataset(tiny_data)
    assert show(error.value.problems) == [
        "data/milestones/first.yaml:27:12: the character U+000B (a control character) has no place in a text; remove it"
    ]


# The file


def test_inputs_are_told(brief: RenderedFile, templates: Path) -> None:
    """The result knows every file that it was made with, the reference document and the picture too; it counts no pages."""
    inputs = {path.resolve().relative_to(templates.resolve()).as_posix() for path in brief.inputs}
    reference = {path.relative_to(templates).as_posix() for path in (templates / REFERENCE).rglob("*") if path.is_file()}
    assert len(reference) > 8
    assert inputs == {BRIEF, "brief/anchor.png", "locale/en.yaml", "word/styles.yaml"} | reference
    assert brief.pages is None


def test_the_same_view_makes_the_same_bytes(brief: RenderedFile, tiny_view: View, own_templates: Path) -> None:
    """Two renderings, from two folders, are equal to the byte; no entry bears the clock's time."""
    assert render(tiny_view, own_templates, BRIEF).content == brief.content
    with ZipFile(BytesIO(brief.content)) as archive:
        assert archive.namelist()[0] == "[Content_Types].xml"
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


RENDER = """
import hashlib, sys
from pathlib import Path
from reports.dataset.load import load_dataset
from reports.documents.document import load_documents
from reports.documents.view import make_view
from reports.renderers import renderer
data, templates, name = (Path(one) for one in sys.argv[1:])
view = make_view(load_dataset(data), load_documents(templates, ["note"])[0], "en")
print(hashlib.sha256(renderer(".docx")(view, templates, name.as_posix()).content).hexdigest(), "weasyprint" in sys.modules)
"""


def run(templates: Path, *path: Path, **variables: str) -> str:
    """Render `brief` in a process of its own, with *path* before the project on its way to modules; return what it says."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (*path, PROJECT))), **variables}
    line = [sys.executable, "-c", RENDER, str(TINY / "data"), str(templates), BRIEF]
    return subprocess.run(line, env=environment, check=True, capture_output=True, text=True).stdout


def test_clock_locale_and_hash_seed_leave_no_trace(templates: Path) -> None:
    """In another time zone, language and order of hashes the bytes are the same."""
    first = run(templates, TZ="Pacific/Kiritimati", LC_ALL="C", PYTHONHASHSEED="1")
    assert first == run(templates, TZ="America/Los_Angeles", LC_ALL="C.UTF-8", LANGUAGE="de", PYTHONHASHSEED="4242", SOURCE_DATE_EPOCH="1")


def test_word_needs_no_weasyprint(templates: Path, tmp_path: Path) -> None:
    """Who has no Pango can make the Word document all the same."""
    (tmp_path / "weasyprint.py").write_text("raise OSError('cannot load library libpango-1.0-0')\n", "utf-8")
    digest, is_loaded = run(templates, tmp_path).split()
    assert (len(digest), is_loaded) == (64, "False")


# The reference document, to Word and back


@pytest.fixture
def folders(own_templates: Path, tmp_path: Path) -> Folders:
    return Folders(TINY / "data", own_templates, tmp_path / "build")


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def canonical(xml: bytes) -> str:
    return str(etree.canonicalize(xml.decode(), strip_text=True, with_comments=False))


def test_styles_survive_the_way_to_word_and_back(folders: Folders, tmp_path: Path, tiny_view: View) -> None:
    """The reference document written, opened, saved and taken back is the same, and makes the same documents."""
    said: list[str] = []
    write_reference(folders, tmp_path / "out" / "looks.docx", said.append)
    document = docx.Document(str(tmp_path / "out" / "looks.docx"))
    document.save(str(tmp_path / "saved.docx"))
    before, blocks_before = files(folders.templates), render(tiny_view, folders.templates, BRIEF).content
    restyle(folders, tmp_path / "saved.docx", said.append)
    after = files(folders.templates)
    assert set(after) == set(before)
    assert [name for name in after if name.endswith(".xml") and canonical(after[name]) != canonical(before[name])] == []
    assert [name for name in after if not name.endswith(".xml") and after[name] != before[name]] == []
    again = unpack(render(tiny_view, folders.templates, BRIEF).content)
    assert {name: canonical(part) for name, part in again.items() if name.endswith("xml")} == {
        name: canonical(part) for name, part in unpack(blocks_before).items() if name.endswith("xml")
    }
    assert said[0] == f"{tmp_path}/out/looks.docx: change its styles in Word, then put it back by: python -m reports restyle looks.docx"
    restyled = ("fontTable.xml", "numbering.xml", "styles.xml", "theme/theme1.xml")
    assert sorted(said[1:]) == [f"{folders.templates}/word/reference/word/{name}" for name in restyled]


def test_a_changed_style_is_taken_over(folders: Folders, tmp_path: Path, tiny_view: View) -> None:
    """What a person changes in Word shows in the next document, and the file stays one that people read line by line."""
    document = docx.Document(BytesIO(reference_document(folders.templates)))
    document.styles["Body Text"].font.italic = True
    document.save(str(tmp_path / "saved.docx"))
    restyle(folders, tmp_path / "saved.docx", lambda text: None)
    again = docx.Document(BytesIO(render(tiny_view, folders.templates, BRIEF).content))
    assert again.styles["Body Text"].font.italic is True
    assert (folders.templates / REFERENCE / "word" / "styles.xml").read_text("utf-8").count("\n") > 300


def refused(folders: Folders, document: Path, show: Show) -> list[str]:
    """Return why *document* is not taken, having seen that nothing was written."""
    before = files(folders.templates)
    with pytest.raises(ReportsError) as error:
        restyle(folders, document, lambda text: None)
    assert files(folders.templates) == before
    return show(error.value.problems)


def test_a_document_without_a_style_in_use_is_refused(folders: Folders, tmp_path: Path, show: Show) -> None:
    """A document that has lost styles that are in use, the deeper levels of lists too, is not taken, and each is named."""
    document = docx.Document(BytesIO(reference_document(folders.templates)))
    for name in ("Detail", "Heading 2", "List Bullet 2", "List Number 3"):
        document.styles[name].delete()
    document.save(str(tmp_path / "looks.docx"))
    assert refused(folders, tmp_path / "looks.docx", show) == [
        f"looks.docx: has lost the style '{name}', which word/styles.yaml uses"
        for name in ("Detail", "Heading 2", "List Bullet 2", "List Number 3")
    ]


EMBEDDED = '<w:embedRegular r:id="rId1" w:fontKey="{00000000-0000-0000-0000-000000000000}"/>'
PICTURE = '<v:imagedata xmlns:v="urn:schemas-microsoft-com:vml" r:id="rId1"/>'
BULLET = f'<w:numPicBullet w:numPicBulletId="0"><w:pict>{PICTURE}</w:pict></w:numPicBullet>'
FILLED = '<a:blipFill><a:blip r:embed="rId1"/></a:blipFill>'


@pytest.mark.parametrize(
    ("part", "place", "added", "expected"),
    [
        (
            "word/fontTable.xml",
            "</w:font>",
            f"{EMBEDDED}</w:font>",
            "has its fonts in it; switch off 'Embed fonts in the file' in Word's options, under 'Save'",
        ),
        (
            "word/numbering.xml",
            "<w:abstractNum ",
            f"{BULLET}<w:abstractNum ",
            "has a list with a picture as its bullet; choose a character instead",
        ),
        (
            "word/theme/theme1.xml",
            "</a:bgFillStyleLst>",
            f"{FILLED}</a:bgFillStyleLst>",
            "has a theme with a picture in it; choose another theme",
        ),
        (
            "word/styles.xml",
            "<w:pPr>",
            '<w:pPr r:id="rId1">',
            "has a style that needs another file; make that style anew",
        ),
    ],
)
def test_looks_that_need_another_file_are_refused(
    part: str, place: str, added: str, expected: str, folders: Folders, tmp_path: Path, show: Show
) -> None:
    """A part that leads to a font or a picture, which is not taken over, would leave every later document with a dead end."""
    parts = unpack(reference_document(folders.templates))
    text = parts[part].decode()
    assert place in text
    with_r = added.replace(" r:", f' xmlns:r="{nsmap["r"]}" r:')
    (tmp_path / "looks.docx").write_bytes(pack({**parts, part: text.replace(place, with_r, 1).encode()}))
    assert refused(folders, tmp_path / "looks.docx", show) == [f"looks.docx: {expected}"]


def test_a_file_that_is_no_word_document_is_refused(folders: Folders, tmp_path: Path, show: Show) -> None:
    """A text, an empty file, another package, a broken one, a folder and a file that is not there are not taken."""
    good = reference_document(folders.templates)
    middle = good.index(b"word/styles.xml") + 400
    broken = {
        "text.docx": b"Dear reader,",
        "empty.docx": b"",
        "sheet.docx": pack({"[Content_Types].xml": b"<a/>", "xl/workbook.xml": b"<a/>"}),
        "xml.docx": pack({**unpack(good), "word/styles.xml": b"<a>"}),
        "cut.docx": good[: len(good) // 2],
        "encrypted.docx": good.replace(b"PK\3\4\x14\0\0", b"PK\3\4\x14\0\1").replace(b"PK\1\2\x14\3\x14\0\0", b"PK\1\2\x14\3\x14\0\1"),
        "changed.docx": good[:middle] + bytes(200) + good[middle + 200 :],
    }
    for name, content in broken.items():
        (tmp_path / name).write_bytes(content)
    for name in broken:
        assert refused(folders, tmp_path / name, show) == [f"{name}: is not a Word document (.docx)"]
    (tmp_path / "folder.docx").mkdir()
    assert refused(folders, tmp_path / "folder.docx", show) == ["folder.docx: a folder stands where a file is expected"]
    assert refused(folders, tmp_path / "nothing.docx", show) == ["nothing.docx: can't be read: no such file or directory"]


# The document that is shipped


@pytest.fixture(scope="module")
def summary() -> Any:
    """The summary of the shipped data in the shipped templates, and the HTML that it was made from."""
    view = view_of(load_dataset(PROJECT / "data"), "summary", PROJECT / "templates")
    content = render(view, PROJECT / "templates", "summary/summary.html.j2").content
    return docx.Document(BytesIO(content)), parse_html(Templates(PROJECT / "templates", view).render("summary/summary.html.j2"))


def test_the_shipped_summary_says_what_its_template_says(summary: Any) -> None:
    """Every heading, paragraph, item and cell of the summary is a block of the document, in a style of the reference document."""
    document, html = summary
    found = blocks(document)
    known = style_names((PROJECT / "templates" / REFERENCE / "word" / "styles.xml").read_bytes())
    assert {name for name, _ in found} - known == set()
    expected = [
        text_of(element)
        for element in html.find("body/main").iter()
        if element.tag in ("h1", "h2", "p", "li", "caption", "th", "td", "figcaption")
    ]
    assert len(expected) > 60
    assert [" ".join(text.split()) for style, text in found if style != "Picture"] == expected


def test_the_shipped_summary_has_no_dead_link(summary: Any) -> None:
    """Every internal link of the summary has its bookmark, and every link a tooltip."""
    document, _ = summary
    anchors = find(document.element, "//w:hyperlink/@w:anchor")
    assert len(anchors) > 20
    assert set(anchors) == set(find(document.element, "//w:bookmarkStart/@w:name"))
    assert find(document.element, "//w:hyperlink[not(@w:tooltip) or @w:tooltip='']") == []
