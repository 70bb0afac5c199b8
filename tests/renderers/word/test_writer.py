"""The walk over a page: styles, lists, tables, pictures, links and bookmarks, and what Word has no place for."""

import json
import re
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from docx.enum.table import WD_TABLE_DIRECTION
from docx.oxml.ns import qn
from lxml import etree
from PIL import Image

from reports.documents.view import View
from reports.renderers import RenderedFile
from reports.renderers.html import text_of
from reports.renderers.ooxml import unpack
from reports.renderers.word import STYLES, render
from reports.renderers.word.writer import Run, collapse
from tests.conftest import edit
from tests.dataset.test_marks import ORDINARY
from tests.renderers.word.conftest import PAGE, WordProblems, WriteWord, blocks, find, numbering_of, paragraphs, png, text

LONG_ID = "a-very-long-id-that-goes-on-and-on-and-on-beyond-forty"
IMAGE = "<img src='brief/anchor.png' alt='{}'>"


@pytest.fixture(scope="module")
def text_width(brief_document: Any) -> int:
    """The width between the margins, in EMU."""
    section = brief_document.sections[0]
    return int(section.page_width - section.left_margin - section.right_margin)


def test_every_block_has_the_style_of_its_role(brief_document: Any) -> None:
    """Each kind of block takes its style: by its class, by what stands around it, else by its element."""
    styles = [style for style, _ in blocks(brief_document)]
    assert styles == [
        *("Series", "Title", "Subtitle"),
        *("Heading 1", "List Bullet", "List Bullet 2", "List Bullet 3", "List Bullet 2", "List Bullet"),
        *("List Number", "List Number 2", "List Number 2", "List Number", "List Number 2", "List Number", "List Bullet 2"),
        *("Heading 1", "Caption", *["Table Heading"] * 3, *["Table Row Heading", "Table Text", "Table Text"] * 2),
        *("Picture", "Figure Caption", "Heading 1", "Heading 2", "Body Text", "Heading 3", *["Body Text"] * 3, "List Bullet"),
        *("Call-out", "Call-out", "Call-out", "Body Text", "Heading 1", *["Source Entry"] * 3),
    ]


def test_tempting_texts_come_back_unchanged(write_word: WriteWord) -> None:
    """A name or an office of the data that a format is tempted to change is a paragraph of its own, unchanged."""
    html = "<p>{{ person.name }}</p>{% for office in person.offices %}<p>{{ office.role }}</p>{% endfor %}"
    found = blocks(write_word("{% for person in view.people %}" + html + "{% endfor %}"))
    texts = ("<24 h>", "A & B", "Ђурђевак Ђ", "=1+1", "č ć đ š ž", "1.10", "1,2", "None", "007", "no")
    assert {("Body Text", text) for text in texts} <= set(found)


def test_texts_like_fields_are_texts(write_word: WriteWord) -> None:
    """What looks like a field of Word, or like a code that Excel reads as a letter, is a text and no field."""
    texts = ["{ PAGE }", "{ MERGEFIELD Name \\* MERGEFORMAT }", "«Name»", 'HYPERLINK "https://a.example"', "_x0041_", "1-2", "TRUE"]
    document = write_word("".join(f"<p>{text}</p>" for text in texts))
    assert [text for _, text in blocks(document)][1:] == texts
    assert find(document.element.body, ".//w:fldSimple | .//w:instrText | .//w:hyperlink") == []


# Runs before and after, with a bar between two.
SPACES = [(" a | b ", "a |b"), ("a| | |b", "a| |b"), ("a |\n| b", "a |\n|b"), ("\xa0 a\xa0| ", "\xa0 a\xa0"), (" |", "")]


@pytest.mark.parametrize(("texts", "expected"), SPACES)
def test_spaces_are_collapsed_as_in_html(texts: str, expected: str) -> None:
    """Where spaces meet there is one, across runs too, and none at either end; a no-break space stays."""
    assert "|".join(run.text for run in collapse([Run(text) for text in texts.split("|")])) == expected


def test_only_a_break_is_a_break(write_word: WriteWord) -> None:
    """The end of a line between two elements is a space, and a <br> ends the line; a comment leaves nothing."""
    document = write_word("<p>\n<em>a</em>\n<em>b</em><br>\n<em>c</em>\n</p><p><!-- b -->c<!-- d -->e</p>")
    assert blocks(document)[1:] == [("Body Text", "a b\nc"), ("Body Text", "ce")]


def test_runs_take_the_style_of_their_role(brief_document: Any) -> None:
    """Stress, links, marks and details are character styles, never direct formatting."""
    styles = {text(run): find(run, "w:rPr/w:rStyle/@w:val") for run in find(brief_document.element, "//w:r")}
    names = {words: brief_document.styles.element.get_by_id(style[0]).name_val for words, style in styles.items() if style}
    expected = {"stressed": "Emphasis", "strong": "Strong", "small": "Detail", "table": "Source Mark", "[3]": "Source Mark"}
    expected |= {"the League’s ": "Hyperlink", "own": "Emphasis", "the master": "Hyperlink"}
    assert {words: names[words] for words in expected} == expected
    direct = "//w:rPr/*[not(self::w:rStyle or self::w:lang)] | //w:pPr/*[not(self::w:pStyle or self::w:numPr or self::w:sectPr)]"
    assert find(brief_document.element, direct) == []


def test_header_and_footer_run_on_every_page(brief_document: Any) -> None:
    """The running header and footer have their styles, and Word counts the pages."""
    section = brief_document.sections[0]
    (header,), (footer,) = section.header.paragraphs, section.footer.paragraphs
    assert (header.style.name, footer.style.name) == ("Header", "Footer")
    assert [run.style.name for run in header.runs] == ["Default Paragraph Font", "Strong"]
    parts = [(etree.QName(child).localname, child.get(qn("w:instr"))) for child in footer._p if child.tag != qn("w:pPr")]
    assert parts == [("r", None), ("fldSimple", "PAGE"), ("r", None), ("fldSimple", "NUMPAGES")]


def test_paragraphs_are_not_joined(write_word: WriteWord) -> None:
    """Each paragraph in a cell, a caption, a header or a footer is one in Word, and a link to one leads to it."""
    two = "<p>a</p><p id='{0}'>b</p>"
    html = (
        f"<header class='running'>{two.format('h')}</header><footer class='running'>c</footer><footer class='running'><p>d</p></footer>"
        f"<table><caption>{two.format('c')}</caption><thead><tr><th scope='col'>x {two.format('t')}y</th></tr></thead><tbody><tr><td>\n"
        f"{two.format('d')}\n</td></tr></tbody></table><p><a href='#d'>1</a> <a href='#c'>2</a> <a href='#h'>3</a></p>"
    )
    document = write_word(html)
    heading, cell, caption = "Table Heading", "Table Text", "Caption"
    expected = [*((caption, letter) for letter in "ab"), *((heading, letter) for letter in "xaby"), *((cell, letter) for letter in "ab")]
    assert blocks(document)[1:-1] == expected
    section = document.sections[0]
    running = [[(paragraph.style.name, paragraph.text) for paragraph in part.paragraphs] for part in (section.header, section.footer)]
    assert running == [[("Header", "a"), ("Header", "b")], [("Footer", "c"), ("Footer", "d")]]
    marked = [*section.header.paragraphs, *paragraphs(document)]
    found = [(paragraph.style.name, paragraph.text) for paragraph in marked if find(paragraph._p, "w:bookmarkStart")]
    assert found == [("Header", "b"), (caption, "b"), (cell, "b")]


# Lists


def test_lists_are_lists_at_their_level(brief_document: Any) -> None:
    """Each item is numbered or bulleted by Word, at the level at which it stands."""
    items = [paragraph for paragraph in paragraphs(brief_document) if paragraph.style.name.startswith("List ")]
    found = {paragraph.text: numbering_of(brief_document, paragraph)[:2] for paragraph in items}
    assert found == {
        **dict.fromkeys(("First, with stress", "Second", "Stavka"), ("bullet", 0)),
        **dict.fromkeys(("First a", "First b", "With a bullet"), ("bullet", 1)),
        "First a deep": ("bullet", 2),
        **dict.fromkeys(("One", "Two", "Another one"), ("decimal", 0)),
        **dict.fromkeys(("One a", "One b", "Two a"), ("lowerLetter", 1)),
    }


def test_each_numbered_list_starts_at_one(brief_document: Any) -> None:
    """Each numbered list is a list of its own, which starts again at its own level; its items are in one list."""
    identifiers: set[int] = set()
    for items in (("One", "Two"), ("One a", "One b"), ("Two a",), ("Another one",)):
        numbers = {numbering_of(brief_document, paragraph) for paragraph in paragraphs(brief_document) if paragraph.text in items}
        ((_, level, identifier),) = numbers
        override = f"w:num[@w:numId={identifier}]/w:lvlOverride[@w:ilvl={level}]/w:startOverride/@w:val"
        assert find(brief_document.part.numbering_part.element, override) == ["1"]
        identifiers.add(identifier)
    assert len(identifiers) == 4


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (
            "<ul><li><p>first</p><ul><li>nested</li></ul><p>after</p></li><li>last</li></ul>",
            "Bullet: first, Bullet 2: nested, Continue: after, Bullet: last",
        ),
        (
            "{{ '1. first\n\n   second\n\n   - nested\n\n     more\n\n   after' | prose }}",
            "Number: first, Continue: second, Bullet 2: nested, Continue 2: more, Continue: after",
        ),
        (
            "<ul><li>a <em>b</em><p>c</p> d<ul><li><ol><li>e</li></ol></li></ul> f</li></ul>",
            "Bullet: a b, Continue: c, Continue: d, Bullet 2: , Number 3: e, Continue: f",
        ),
    ],
)
def test_an_item_keeps_its_order(html: str, expected: str, write_word: WriteWord) -> None:
    """Paragraphs and lists in an item stand one behind the other as in the HTML; what follows the first bears no bullet or number."""
    document = write_word(html)
    assert ", ".join(f"{style.removeprefix('List ')}: {words}" for style, words in blocks(document)[1:]) == expected
    assert find(document.element, "//w:p[starts-with(w:pPr/w:pStyle/@w:val, 'ListContinue')]/w:pPr/w:numPr") == []


# Tables and figures


def test_tables_are_announced(brief_document: Any) -> None:
    """The first row is repeated as a header, no row crosses a page; title, description and headings stand as the schema wants."""
    (table,) = find(brief_document.element, "//w:tbl")
    rows = find(table, "w:tr")
    assert [len(find(row, "w:trPr/w:tblHeader")) for row in rows] == [1, 0, 0]
    assert [len(find(row, "w:trPr/w:cantSplit")) for row in rows] == [1, 1, 1]
    (properties,) = find(table, "w:tblPr")
    names = [etree.QName(child).localname for child in properties]
    assert names == ["tblStyle", "tblW", "tblLayout", "tblLook", "tblCaption", "tblDescription"]
    assert find(properties, "w:tblLook/@w:firstRow | w:tblLook/@w:firstColumn") == ["1", "1"]
    assert find(properties, "w:tblCaption/@w:val") == ["Milestones & dates"]
    assert find(properties, "w:tblDescription/@w:val") == ["Reference; Date; Milestone"]


def test_columns_are_as_wide_as_declared(brief_document: Any, text_width: int) -> None:
    """A column of class w20 takes 20 % of the text's width, and a column without a class the rest, in the grid and in each cell."""
    (table,) = find(brief_document.element, "//w:tbl")
    rows = [find(table, "w:tblGrid/w:gridCol/@w:w"), *(find(row, "w:tc/w:tcPr/w:tcW/@w:w") for row in find(table, "w:tr"))]
    expected = [pytest.approx(text_width / 635 * share / 100, abs=1) for share in (20, 30, 50)]
    assert [[int(width) for width in row] for row in rows] == [expected] * 4
    assert find(table, "w:tblPr/w:tblLayout/@w:type") == ["fixed"]


def test_pictures_are_inline_with_alternative_text(brief: RenderedFile, brief_document: Any) -> None:
    """A picture stands in the line of text, says what it shows, and is the one of the templates."""
    assert find(brief_document.element, "//wp:anchor") == []
    assert find(brief_document.element, "//wp:inline/wp:docPr/@descr") == ["An anchor & a chain"]
    assert find(brief_document.element, "//wp:inline/@*[starts-with(name(), 'dist')]") == ["0"] * 4  # from the text around it
    assert unpack(brief.content)["word/media/image1.png"] == png()


def test_pictures_are_as_large_as_they_are_and_fit_on_a_page(word_templates: Path, write_word: WriteWord, text_width: int) -> None:
    """A small picture keeps its size, 96 dots to the inch; a wide one is as wide as the text, a high one leaves room for its caption.

    A drawing is as wide as the text, or as high as a picture may be.
    """
    for name, size in {"small.png": (48, 24), "wide.png": (4000, 400), "high.png": (100, 9000)}.items():
        Image.new("RGB", size, "red").save(word_templates / "brief" / name)
    for name, box in {"broad.svg": "0 0 100 10", "tower.svg": "0 0 10 100"}.items():
        (word_templates / "brief" / name).write_text(f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='{box}'/>", "utf-8")
    names = ("small.png", "wide.png", "high.png", "broad.svg", "tower.svg")
    document = write_word("".join(f"<figure><img src='brief/{name}' alt='A'></figure>" for name in names))
    section = document.sections[0]
    highest = (section.page_height - section.top_margin - section.bottom_margin) * 0.8
    expected = [(48 * 9525, 24 * 9525), (text_width, text_width / 10), (highest / 90, highest), (text_width, text_width / 10)]
    expected.append((highest / 10, highest))
    found = [(shape.width, shape.height) for shape in document.inline_shapes]
    assert found == [pytest.approx(size, rel=0.001) for size in expected]


def test_a_figure_keeps_its_order(write_word: WriteWord) -> None:
    """Every picture and every caption of a figure is there, in the order of the HTML."""
    images = IMAGE.format("A") + IMAGE.format("B")
    document = write_word(f"<figure><figcaption>a</figcaption>{images}<figcaption>b</figcaption></figure>")
    assert blocks(document)[1:] == [("Figure Caption", "a"), ("Picture", ""), ("Picture", ""), ("Figure Caption", "b")]
    assert find(document.element, "//wp:inline/wp:docPr/@descr") == ["A", "B"]


def test_a_figure_has_two_hundred_dots_to_the_inch(word_templates: Path, tiny_view: View, write_word: WriteWord) -> None:
    """`figure:<name>` becomes a PNG as wide as the text, sharp enough for paper, with its alternative text."""
    (word_templates / "figures").mkdir()
    spec = {"data": {"name": "operations"}, "mark": "text", "config": {"font": "Source Sans"}, "encoding": {"text": {"field": "name"}}}
    (word_templates / "figures" / "bars.vl.json").write_text(json.dumps(spec | {"width": 150}), "utf-8")
    document = write_word("<figure><img src='figure:bars' alt='Bars'></figure>")
    (shape,) = document.inline_shapes
    (part,) = [part for part in document.part.package.iter_parts() if part.partname.endswith(".png")]
    assert part.image.px_width / shape.width.inches >= 200
    assert shape._inline.docPr.get("descr") == "Bars"
    assert word_templates / "figures" / "bars.vl.json" in render(tiny_view, word_templates, "brief/test.html.j2").inputs


def test_bookmarks_are_where_links_lead(brief_document: Any, brief_page: Element) -> None:
    """Exactly the ids that are linked to have a bookmark; names and numbers are unique, and names as Word wants them."""
    linked = {link.get("href", "")[1:] for link in brief_page.iter("a") if link.get("href", "").startswith("#")}
    names = find(brief_document.element, "//w:bookmarkStart/@w:name")
    assert len(names) == len(set(names)) == len(linked) == 13
    assert [name for name in names if not re.fullmatch(r"[A-Za-z_]\w{0,39}", name, re.ASCII)] == []
    numbers = find(brief_document.element, "//w:bookmarkStart/@w:id")
    assert sorted(set(numbers)) == sorted(numbers) == sorted(find(brief_document.element, "//w:bookmarkEnd/@w:id"))


def test_links_within_lead_to_what_they_name(brief_document: Any) -> None:
    """Every internal link has the name of a bookmark, which stands in the block that the link means."""
    found = {}
    for link in find(brief_document.element, "//w:hyperlink[@w:anchor]"):
        (paragraph,) = find(brief_document.element, f"//w:p[w:bookmarkStart/@w:name='{link.get(qn('w:anchor'))}']")
        found[text(link)] = text(paragraph)
    expected = {"the deepest list": "First a deep", "all lists": "Lists", "M2012-1": "M2012-1", "M2012-1-date": "2012"}
    expected |= {"table": "Milestones & dates", "caption": "Milestones & dates", "figure": "", "figcaption": "An anchor"}
    expected |= dict.fromkeys(("here", LONG_ID), "Plain, stressed, strong, small, here and spaced out.")
    expected |= {"[1]": "[1] Official Gazette, number 7", "[3]": "[3] Harbours to open", "[6]": "[6] Leaflet without a date"}
    assert found == expected


def test_every_link_says_where_it_goes(brief_document: Any, brief_page: Element) -> None:
    """Every link has a tooltip, its title or else its text; one out of the document has its address, byte for byte."""
    links, relationships = find(brief_document.element, "//w:hyperlink"), brief_document.part.rels
    expected = [(text_of(link), link.get("title") or text_of(link)) for link in brief_page.iter("a")]
    assert ("the master", "Write to the master") in expected
    assert [(text(link), link.get(qn("w:tooltip"))) for link in links] == expected
    outward = [relationships[link.get(qn("r:id"))] for link in links if not link.get(qn("w:anchor"))]
    addresses = [link.get("href", "") for link in brief_page.iter("a") if not link.get("href", "").startswith("#")]
    assert "https://league.example/a?b=1&c=2" in addresses
    assert [relationship.target_ref for relationship in outward if relationship.is_external] == addresses


# What Word has no place for


TABLE = "<table><caption>a</caption><thead><tr><th scope='col'>b</th></tr></thead><tr><td>{}</td></tr></table>"


@pytest.mark.parametrize(
    ("html", "message"),
    [
        (IMAGE.format("A"), "Word has no role for <img>; put it into a <figure>"),
        ("<strong>a</strong>", "Word has no role for <strong>"),
        (f"<p>a {IMAGE.format('A')}</p>", "Word has no role for <img> within a line; put it into a <figure>"),
        ("<ul><li>a <span>b <ul><li>c</li></ul></span></li></ul>", "Word has no role for <ul> within a line"),
        ("<ul><li><em>a<p>b</p></em></li></ul>", "Word has no role for <p> within a line"),
        (TABLE.format("<ul><li>c</li></ul>"), "Word has no role for <ul> within a line"),
        (f"<figure>{IMAGE.format('A')}<p>a</p></figure>", "Word has no role for <p> in a figure"),
        ("<h3>a</h3>", "the heading 'a' is an h3, but no h2 stands before it"),
        ("a", "the text 'a' in <body> stands in no paragraph"),
        ("<div><p>a</p> b  c</div>", "the text 'b c' in <div> stands in no paragraph"),
        ("<ul>a<li>b</li></ul>", "the text 'a' in <ul> stands in no paragraph"),
        (f"<figure>{IMAGE.format('A')}a</figure>", "the text 'a' in <figure> stands in no paragraph"),
        ("<ul><li>1<ul><li>2<ol><li>3<ul><li>4</li></ul></li></ol></li></ul></li></ul>", "a list is nested deeper than 3 levels"),
        ("<p><a href='#end'>a</a></p><div id='end'></div>", "the link '#end' leads to where Word can't put a bookmark"),
    ],
)
def test_something_without_a_place_is_a_problem(html: str, message: str, word_problems: WordProblems) -> None:
    """An element without a role, a text, picture or bookmark that would be lost, and a list too deep are named, with the template."""
    assert word_problems(html) == [f"brief/test.html.j2: {message}"]


def test_all_that_is_missing_comes_at_once(word_templates: Path, word_problems: WordProblems) -> None:
    """Elements that styles.yaml gives no style, what continues an item too, and pictures that are not there are named together."""
    for line in ("  h4: Heading 3\n", "  ul: List Bullet\n", "  table: Register Table\n"):
        edit(word_templates / STYLES, line, "")
    edit(word_templates / STYLES, "  li.continued: List Continue # what comes in an item after its first paragraph\n", "")
    messages = ("<h4>", "<ul>", "<table>", "a further paragraph of a list's item (li.continued)")
    html = f"<h2>a</h2><h3>b</h3><h4>c</h4><ul><li>d</li></ul>{TABLE.format('e')}<ol><li><p>a</p><p>b</p></li></ol>"
    missing = "<figure><img src='brief/a.png' alt='A'></figure>"
    expected = [f"brief/test.html.j2: Word has no role for {message}" for message in messages]
    expected.append("brief/test.html.j2: 'brief/a.png' is neither a file in the folder 'templates' nor one of our fonts")
    assert sorted(word_problems(html + missing)) == sorted(expected)


# Quotations and footnotes


def test_a_quotation_has_its_style(write_word: WriteWord) -> None:
    """The paragraphs of a quotation are in Word's own style for them; a list in it stays a list."""
    document = write_word("{{ '> So it *is*.\n>\n> - a\n> - b\n\nText.' | prose }}")
    assert blocks(document)[1:] == [("Quote", "So it is."), ("List Bullet", "a"), ("List Bullet", "b"), ("Body Text", "Text.")]
    assert document.styles["Quote"].element.get(qn("w:customStyle")) is None


def test_ordinary_signs_come_back_letter_by_letter(write_word: WriteWord) -> None:
    """Signs that are no marks stand in the paragraphs of a Word document as they were typed."""
    html = "".join(f"{{{{ {json.dumps(text, ensure_ascii=False)} | prose }}}}" for text in ORDINARY)
    expected = [" ".join(paragraph.split()) for text in ORDINARY for paragraph in text.split("\n\n")]
    assert [words for _, words in blocks(write_word(html))[1:]] == expected


def test_a_reference_does_not_break_at_its_hyphen(write_word: WriteWord) -> None:
    """In a text, a link or a heading, a reference has Word's no-break hyphen; all other hyphens are as they were typed.

    The one that begins a paragraph, as that of a record in a list or a table, can't be torn: there, Find finds it by its hyphen.
    """
    document = write_word(
        "<h2>On M2010-1</h2><p>See <a href='#a'>M2010-1</a>, M2010-12 and well-known XM2010-1, 2010-1.</p>"
        "<ul><li id='a'>M2010-1, as M2010-2</li><li><a href='#a'>M2010-1</a>, M2010-2</li></ul>"
    )
    whole, plain = ([text(run) for run in find(document.element, path)] for path in ("//w:r[w:noBreakHyphen]", "//w:r[contains(., '-')]"))
    assert whole == ["On M2010-1", "M2010-1", ", M2010-12 and well-known XM2010-1, 2010-1.", "M2010-1, as M2010-2", ", M2010-2"]
    assert ["".join(find(run, "w:t/text()")) for run in find(document.element, "//w:r")[1:]] == [
        *("On M20101", "See ", "M20101", ", M201012 and well-known XM2010-1, 2010-1.", "M2010-1, as M20102", "M2010-1", ", M20102")
    ]
    assert len(plain) == 3


def run_marks(document: Any) -> list[tuple[str, list[str], dict[str, str]]]:
    """Return each run behind the title: its text, its properties by their names, and where its languages stand."""
    found = []
    for run in find(document.element, "//w:r")[1:]:
        names = [etree.QName(mark).localname for mark in find(run, "w:rPr/*")]
        languages = {etree.QName(name).localname: value for mark in find(run, "w:rPr/w:lang") for name, value in mark.attrib.items()}
        found.append((text(run), names, languages))
    return found


def test_runs_say_their_direction_and_their_language_where_word_looks_for_it(write_word: WriteWord) -> None:
    """A text in a language from right to left is marked as a whole, in another only its letters; East Asian letters have a place too."""
    body = (
        "<p>a <em lang='ar'>ا NATO 2</em>, 7 <a href='https://a.example/' lang='he'>ב</a></p><p>see א, 1 ב!</p><p lang='zh-Hant'>“文”</p>"
    )
    assert run_marks(write_word(body)) == [
        ("a ", [], {}),
        ("ا NATO 2", ["rStyle", "rtl", "lang"], {"bidi": "ar-EG"}),
        (", 7 ", [], {}),
        ("ב", ["rStyle", "rtl", "lang"], {"bidi": "he-IL"}),
        ("see ", [], {}),
        ("א, 1 ב", ["rtl"], {}),
        ("!", [], {}),
        ("“文”", ["rFonts", "lang"], {"eastAsia": "zh-Hant-TW"}),
    ]


def test_paragraphs_say_their_direction(write_word: WriteWord) -> None:
    """A paragraph, an item or a cell goes from right to left if all of its text does, by its language or its letters."""
    cell = "<table><caption>C</caption><thead><tr><th scope='col'>א</th></tr></thead><tbody><tr><td>b</td></tr></tbody></table>"
    body = f"<p lang='ar'>ا NATO</p><p>א 1</p><p>א b</p><ol><li lang='he'>א</li><li>c</li></ol>{cell}"
    document = write_word(body)
    assert [paragraph.text for paragraph in paragraphs(document) if find(paragraph._p, "w:pPr/w:bidi")] == ["ا NATO", "א 1", "א", "א"]
    assert document.tables[0].table_direction is None


def test_a_document_from_right_to_left(write_word: WriteWord) -> None:
    """In a document in such a language all paragraphs and tables go that way, but for those in another language."""
    cell = "<table><caption>א</caption><thead><tr><th scope='col'>א</th></tr></thead><tbody><tr><td>ב</td></tr></tbody></table>"
    body = f"<p>א <a href='https://a.example/'>https://a.example/</a></p><p>2010</p><p lang='en'>Not translated [1].</p>{cell}"
    document = write_word((PAGE % body).replace('lang="en-GB"', 'lang="he"'))
    assert [names for text, names, _ in run_marks(document) if text.startswith("https")] == [["rStyle"]]
    assert [paragraph.text for paragraph in paragraphs(document) if not find(paragraph._p, "w:pPr/w:bidi")] == [
        "Not translated [1].",
    ]
    assert document.tables[0].table_direction == WD_TABLE_DIRECTION.RTL


def test_what_is_for_the_web_page_alone_is_left_out(write_word: WriteWord) -> None:
    """Whatever stands around it stays, in its place."""
    html = "<p class='skip'>a</p><p>b<span class='unseen'>c</span>d<em>e</em><span class='skip'>f</span>g</p>"
    assert blocks(write_word(html))[1:] == [("Body Text", "bdeg")]
