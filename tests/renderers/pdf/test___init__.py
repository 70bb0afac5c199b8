"""The finished PDF, read back: what it says, what it declares, and what keeps it from being made."""

import platform
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from fontTools.ttLib import TTFont
from PIL import Image
from pypdf import PdfReader
from weasyprint.formatting_structure.boxes import BlockContainerBox, TextBox

from reports.cache import NO_CACHE, Cache
from reports.dataset.dataset import Dataset
from reports.documents.view import View
from reports.errors import ReportsError
from reports.renderers import PROGRESS, RenderedFile
from reports.renderers.environment import Templates
from reports.renderers.fonts import font_file
from reports.renderers.html import HEADINGS, parse_html, text_of
from reports.renderers.pdf import pango_missing, render
from reports.renderers.pdf.compose import Composer
from reports.renderers.pdf.layout import Typesetter
from tests.conftest import PROJECT, TINY, Show, view_of
from tests.renderers.conftest import OFFICES, PAGE, SetPage, house_font
from tests.structure import Structure

SHORT = "short/short.html.j2"


@pytest.mark.parametrize("document", ["note", "short"])
def test_the_text_of_the_file_is_the_text_of_the_template(document: str, tiny: Dataset, reader: PdfReader) -> None:
    """What is read in the order of the structure tree is the text of the HTML: nothing left out, read twice, moved, or changed.

    That of `note` has texts that a format is tempted to change, and Serbian Cyrillic, which is text, not shapes.
    """
    view, name = view_of(tiny, document), f"{document}/{document}.html.j2"
    body = parse_html(Templates(TINY / "templates", view).render(name)).find("body")
    text = "".join("".join(body.itertext()).split())
    found = reader if document == "note" else PdfReader(BytesIO(render(view, TINY / "templates", name).content))
    structure = Structure(found)
    assert len(text) > 100
    hostile = [*OFFICES, "Ђурђевак"] if document == "note" else []
    assert [words for words in hostile if "".join(words.split()) not in text] == []
    assert "".join(structure.text(structure.elements[0]).split()) == text


def outline(items: list[Any], level: int = 1) -> Iterator[tuple[int, str]]:
    """Yield the level and the title of every bookmark."""
    for item in items:
        if isinstance(item, list):
            yield from outline(item, level + 1)
        else:
            yield level, item.title


def test_the_outline_is_the_headings(html: Element, reader: PdfReader) -> None:
    """Every heading is a bookmark, at its level, in its order."""
    headings = [(HEADINGS.index(element.tag) + 1, text_of(element)) for element in html.iter() if element.tag in HEADINGS]
    assert len(headings) > 10
    assert list(outline(reader.outline)) == headings


def test_every_link_leads_somewhere(reader: PdfReader, html: Element) -> None:
    """Links within the document have a destination that exists, and links to the web their address."""
    links = [annotation.get_object() for page in reader.pages for annotation in page.get("/Annots", [])]
    targets = {str(link["/Dest"]) for link in links if "/Dest" in link}
    addresses = {str(link["/A"]["/URI"]) for link in links if "/A" in link}
    expected = {element.get("href", "") for element in html.iter("a")}
    assert targets == {href[1:] for href in expected if href.startswith("#")} <= set(reader.named_destinations)
    assert addresses == {href for href in expected if not href.startswith("#")}
    assert len(targets) > 20
    assert len(addresses) > 4


def test_a_link_leads_into_a_paper_beside_this_one(set_page: SetPage) -> None:
    """It names the file and the destination in it, and no folder of this machine; a screen reader reads both."""
    made = set_page('<p><a href="record.pdf#M2010-1">M2010-1</a></p>')
    (page,) = PdfReader(BytesIO(made.content)).pages
    (link,) = (annotation.get_object() for annotation in page["/Annots"])
    assert {key: str(link["/A"][key]) for key in ("/S", "/F", "/D")} == {"/S": "/GoToR", "/F": "record.pdf", "/D": "M2010-1"}
    assert str(link["/Contents"]) == "record.pdf#M2010-1"
    assert b"file:" not in made.content


def test_notes_in_the_margin_do_not_cover_one_another(set_page: SetPage) -> None:
    """Those that stand at one line, and those at the next, are set one below the other; no word of the text is lost at them."""
    css = "p { margin-left: 30mm; position: relative } span { position: absolute; left: -25mm; width: 20mm }"
    words = [f"word{number}" for number in range(60)]
    (page,) = PdfReader(BytesIO(set_page(f"<p>{'. '.join(f'{word}<span>note-{word}</span>' for word in words)}.</p>", css).content)).pages
    drawn: list[tuple[str, float]] = []
    page.extract_text(visitor_text=lambda text, page, at, *_: drawn.append((text.strip(), page[3] * at[5] + page[5])))
    notes = {text: height for text, height in drawn if text.startswith("note-")}
    assert list(notes) == [f"note-{word}" for word in words]
    assert all(above - below > 8 for above, below in pairwise(notes.values()))
    text = " ".join(text for text, _ in drawn)
    assert [word for word in words if not re.search(rf"(?<!-){word}\b", text)] == []


NO_ROOM = pytest.mark.xfail(reason="between the top of the page and the table there is less room than the notes need", strict=True)


@pytest.mark.parametrize("lines", [*range(36, 43), *(pytest.param(lines, marks=NO_ROOM) for lines in range(43, 46))])
def test_notes_in_the_margin_keep_off_the_foot_and_off_tables(lines: int, set_page: SetPage) -> None:
    """Those of a paragraph's last lines, wherever these stand on their page, begin higher: above the foot, and above what stands below."""
    css = """@page { size: A5; margin: 20mm } p { margin: 0 0 0 30mm; line-height: 10pt; position: relative; widows: 1; orphans: 1 }
    span { position: absolute; left: -25mm; width: 20mm; font-size: 8pt; line-height: 10pt } table { margin: 0 }"""
    notes = [f"note-{number}" for number in range(9)]
    last = f"<p>{'word ' * 400}{''.join(f'<span>{note}</span>' for note in notes)}last.</p>"
    table = "<table><caption>Caption</caption><thead><tr><th scope='col'>Head</th></tr></thead></table>"
    pages = PdfReader(BytesIO(set_page(f"{'<p>line</p>' * lines}{last}{table}<p>line</p>", css).content)).pages
    drawn: list[tuple[str, int, float]] = []
    for number, page in enumerate(pages):
        page.extract_text(visitor_text=lambda text, page, at, *_, on=number: drawn.append((text.strip(), on, page[3] * at[5] + page[5])))
    heights = {text: (on, height) for text, on, height in drawn if text}
    found = [heights[note] for note in notes]
    assert {on for on, _ in found} == {heights["last."][0]}
    assert all(above - below > 8 for (_, above), (_, below) in pairwise(found))
    assert min(height for _, height in found) > 20 / 25.4 * 72
    if heights["Caption"][0] == found[0][0]:
        assert min(height for _, height in found) > heights["Caption"][1] + 8


def test_the_dataset_is_attached(reader: PdfReader, tiny: Dataset) -> None:
    """The attachment is the canonical dataset, byte for byte, as the source of the document."""
    assert reader.attachments == {"dataset.json": [tiny.canonical_json.encode()]}
    file = reader.root_object["/AF"][0].get_object()
    names = ("/UF", "/AFRelationship", "/Desc")
    assert [str(file[name]) for name in names] == ["dataset.json", "/Source", "Ruritania and the League"]
    dates = file["/EF"]["/F"].get_object()["/Params"]
    assert (dates["/CreationDate"], dates["/ModDate"]) == ("D:20200701000000Z", "D:20200701000000Z")


def test_the_metadata_declare_both_standards(reader: PdfReader) -> None:
    """One RDF with PDF/A-3a, PDF/UA-1 and the extension schema that the one wants for the other; its dates are the dataset's.

    A reader program knows the language, shows the title, and finds the publisher.
    """
    xmp = reader.root_object["/Metadata"].get_object().get_data().decode()
    assert 'pdfaid:part="3"' in xmp
    assert 'pdfaid:conformance="A"' in xmp
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert "<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>" in xmp
    assert (xmp.count("<rdf:RDF"), xmp.count("</rdf:RDF>")) == (1, 1)
    assert reader.pdf_header == "%PDF-1.7"
    assert [str(intent.get_object()["/S"]) for intent in reader.root_object["/OutputIntents"]] == ["/GTS_PDFA1"]
    assert re.findall(r"<xmp:\w+Date>([^<]+)<", xmp) == ["2020-07-01T00:00:00Z"] * 2
    assert (reader.metadata["/CreationDate"], reader.metadata["/ModDate"]) == ("D:20200701000000Z", "D:20200701000000Z")
    assert (reader.metadata.title, reader.metadata.author) == ("Ruritania and the League", "The keepers of the Ruritanian dataset")
    root = reader.root_object
    assert (root["/Lang"], root["/ViewerPreferences"]["/DisplayDocTitle"], root["/MarkInfo"]["/Marked"]) == ("en-GB", True, True)


def test_only_our_fonts_are_embedded(reader: PdfReader) -> None:
    """Every font is one of ours, cut to the characters in use, embedded, with its own date, not that of today, and read back as text."""
    found = [font.get_object() for page in reader.pages for font in page["/Resources"].get("/Font", {}).values()]
    fonts = {font["/BaseFont"]: font for font in found}
    assert len(fonts) >= 4
    for name, font in fonts.items():
        assert re.match(r"/[A-Z]{6}\+Source-(Sans-3|Serif-4)\b", name)
        cut = TTFont(BytesIO(font["/DescendantFonts"][0].get_object()["/FontDescriptor"]["/FontFile2"].get_data()))
        name, kind = ("serif" if "Serif" in name else "sans"), "-italic" if "Italic" in name else ""
        assert cut["head"].modified == TTFont(font_file(name + kind))["head"].modified
        assert "/ToUnicode" in font


def test_pages_and_inputs_are_told(note_pdf: RenderedFile, reader: PdfReader) -> None:
    """The result knows its pages and every file that it was made with."""
    assert note_pdf.pages == len(reader.pages) > 1
    inputs = {path.relative_to(TINY / "templates").as_posix() if path.is_relative_to(TINY) else path.name for path in note_pdf.inputs}
    templates = {
        "locale/en.yaml",
        "locale/alphabets.yaml",
        "note/note.html.j2",
        "shared/macros.html.j2",
        "shared/fonts.css",
        "shared/looks.css",
        "note/note.css",
        "note/anchor.svg",
    }
    assert {name for name in inputs if not name.endswith(".ttf")} == templates
    assert {"SourceSans3[wght].ttf", "SourceSerif4[opsz,wght].ttf"} <= inputs


def test_nothing_is_left_behind(tiny: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What WeasyPrint puts into a temporary folder is gone when the document is made; what attaches nothing has no attachment."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    folders: list[Path] = []
    monkeypatch.setattr("weasyprint.text.fonts.mkdtemp", lambda **names: folders.append(Path(tempfile.mkdtemp(**names))) or folders[-1])
    content = render(view_of(tiny, "short"), TINY / "templates", SHORT).content
    assert folders
    assert list(tmp_path.iterdir()) == []
    assert tempfile.tempdir == str(tmp_path)
    assert PdfReader(BytesIO(content)).attachments == {}


def test_the_same_view_makes_the_same_bytes(tiny: Dataset, tiny_templates: Path) -> None:
    """Two renderings are equal to the byte, and the templates' folder, wherever it is, leaves no trace."""
    first, second = (render(view_of(tiny, "short"), folder, SHORT).content for folder in (TINY / "templates", tiny_templates))
    assert first == second
    assert str(TINY).encode() not in first


def test_steps_are_told_to_who_listens(set_page: SetPage, caplog: pytest.LogCaptureFixture) -> None:
    """Each step of the layout is passed on in a few words; without a listener, nothing is said."""
    set_page()
    assert [record for record in caplog.records if record.name == PROGRESS] == []
    caplog.set_level("INFO", PROGRESS)
    set_page()
    steps = [record.getMessage() for record in caplog.records if record.name == PROGRESS]
    assert len(steps) > 3
    assert [step for step in steps if not re.match("[a-z]", step)] == []


# What keeps it from being made


@pytest.fixture
def problems(set_page: SetPage, show: Show) -> Any:
    """A function that returns the problems of a page with such a body and such styles."""

    def problems(css: str = "", body: str = "") -> list[str]:
        with pytest.raises(ReportsError) as error:
            set_page(body, css)
        return [line.removeprefix("templates/") for line in show(error.value.problems)]

    return problems


@pytest.mark.parametrize(
    ("css", "body", "address"),
    [
        ("h1 { background: url('http://a.example/a.png') }", "", "http://a.example/a.png"),
        ("h1 { background: url('file:///etc/passwd') }", "", "file:///etc/passwd"),
        ("h1 { background: url('data:image/png;base64,AAAA') }", "", "data:image/png;base64,AAAA"),
        ("@font-face { font-family: X; src: url('https://a.example/a') } h1 { font-family: X }", "", "https://a.example/a"),
        ("@font-face { font-family: X; src: url('font:comic') } h1 { font-family: X }", "", "font:comic"),
        ("", "<img src='http://a.example/a' alt='A'>", "http://a.example/a"),
        ("", "<link rel='stylesheet' href='file:///etc/passwd'>", "file:///etc/passwd"),
        ("", "<link rel='stylesheet' href='../secret.css'>", "../secret.css"),
        ("", "<link rel='stylesheet' href='short/nothing.css'>", "short/nothing.css"),
    ],
)
def test_nothing_foreign_is_opened(
    css: str, body: str, address: str, tiny_templates: Path, problems: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An address of the web, of a file elsewhere, or of a font that is not ours is a problem that names it once; nothing is sent."""
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("the network was asked"))
    (tiny_templates.parent / "secret.css").write_text("h1 { color: red }", "utf-8")
    found = problems(css, body)
    assert (
        len([line for line in found if line.endswith(f"'{address}' is neither a file in the folder 'templates' nor one of our fonts")]) == 1
    )
    assert [line for line in found if "Failed" in line] == []


FIGURE = "<figure><img src='short/{}' alt='A'><figcaption>C</figcaption></figure>"


def test_pictures_are_as_large_as_they_are_and_fit_on_a_page(tiny_templates: Path, set_page: SetPage) -> None:
    """A small picture keeps its size, 96 dots to the inch; a wide one is as wide as the text, a high one leaves room for its caption.

    A JPEG stands in the file as `read_picture` makes it, not as it is on the disk: upright, without what the camera wrote into it.
    """
    camera = Image.Exif()
    camera[0x0112], camera[0x010F] = 6, "Camera of a person"
    for name, size in {"small.png": (48, 24), "wide.png": (4000, 400), "high.png": (100, 9000)}.items():
        Image.new("RGB", size, "red").save(tiny_templates / "short" / name)
    Image.new("RGB", (60, 30), "red").save(tiny_templates / "short" / "turned.jpg", exif=camera)
    names = ("small.png", "wide.png", "high.png", "turned.jpg")
    content = set_page("".join(map(FIGURE.format, names)), "@page { size: 400px 600px; margin: 50px } figure, body { margin: 0 }").content
    pages = PdfReader(BytesIO(content)).pages
    assert b"Camera" not in content
    sizes = []
    for page in pages:
        page.extract_text(
            visitor_operand_before=lambda operator, _, matrix, __: (
                sizes.append((round(abs(matrix[0]) / 0.75), round(abs(matrix[3]) / 0.75))) if operator == b"Do" else None
            )
        )
    assert sizes == [(48, 24), (300, 30), (4, 400), (30, 60)]
    assert [page.extract_text().count("C") for page in pages] == [2, 1, 1]


TABLE = "<table><caption>C</caption><thead><tr><th scope='col'>A</th></tr></thead><tbody><tr><td>B</td></tr></tbody></table>"
NO_BOX = "a style may ask for a size or a place that no box can have"
NO_FONT = "no font of the text's style has"
NO_CELL = "is not laid out as one, so that it has no headers: leave its display as it is"


@pytest.mark.parametrize(
    ("css", "body", "expected"),
    [
        ("h1 { colour: red }", "", "test.css:1:6: 'colour: red' is ignored: unknown property"),
        ("h1 { top: 0; margin-inline-start: x }", "", "test.css:1:14: 'margin-inline-start: x' is ignored: invalid value"),
        ("h1 {\n color: reddish }", "", "test.css:2:2: 'color: reddish' is ignored: invalid value"),
        ("p {}\nh1::foo { color: red }", "", "test.css:2:1: 'h1::foo' is ignored: invalid or unsupported selector"),
        ("p {}\n@page :foo { margin: 0 }", "", "test.css:2:7: ':foo' is ignored: unsupported @page selector"),
        ("h1 { font-family: Georgia }", "", "test.css:1:19: no @font-face of this document declares the font 'Georgia'"),
        ("html { font-family: serif }", "", "test.html.j2: the font '"),
        ("h1 { transform: scale(0) }", "", "test.html.j2: the text 'T' is not drawn: a style hides it, or gives it a size"),
        ("h1 { letter-spacing: 1e300px }", "", f"test.html.j2: WeasyPrint can't lay it out (int too big to convert): {NO_BOX}"),
        ("td { display: block }", TABLE, f"test.html.j2: the cell 'B' {NO_CELL}"),
        ("th { float: left }", TABLE, f"test.html.j2: the cell 'A' {NO_CELL}"),
        ("tr { float: left }", TABLE, f"test.html.j2: the cell 'A' {NO_CELL}"),
        ("p { color: red }\n @import 'a.css';", "", "test.css:2:2: a style sheet imports no other: link both in the template"),
        ("", "<p>a 中 b \U0001f600</p>", f"test.html.j2:3:22: {NO_FONT} '中' (U+4E2D cjk unified ideograph-4e2d), '\U0001f600' (U+1F600"),
        ("#x { display: none }", "<p id='x'>a</p><p><a href='#x'>b</a></p>", "test.html.j2: a link leads to '#x', which no page shows"),
        (
            "a[data-page='2'] { display: block; break-after: page } #b { break-before: page }",
            "<div><a href='#b' data-page=''>b</a><p>a</p></div><p id='b'>b</p>",
            "test.html.j2: the page numbers that links show with 'data-page' move their aims to other pages, again and again",
        ),
        ("", "<h3>Deep</h3>", "test.html.j2:3:17: the heading 'Deep' is an h3, but no h2 stands before it"),
    ],
)
def test_what_can_not_be_set_is_a_problem(css: str, body: str, expected: str, problems: Any) -> None:
    """Styles without effect or that crash WeasyPrint, other HTML, missing characters: problems of the template, and no traceback."""
    (problem,) = problems(css, body)
    assert problem.startswith(f"short/{expected}")


def test_a_style_of_the_first_sheet_is_not_blamed_on_the_last(problems: Any, tiny_templates: Path) -> None:
    """A property whose value is that of a `var()`, which is known after all sheets are read, is named in its own sheet."""
    (tiny_templates / "short" / "last.css").write_text("p { margin: 0 }\np { margin: 0 }\n", "utf-8")
    link = '<link rel="stylesheet" href="short/last.css">'
    assert problems("\nh1 { color: var(--primery) }", link) == ["short/test.css:2:13: 'color:' is ignored: no value"]


HYPHEN = "\N{HYPHEN}"
GEORGIAN = "@font-face { font-family: 'House Georgian'; src: url('georgian.ttf') } "


def test_a_house_s_font_sets_what_ours_do_not_have(set_page: SetPage, problems: Any, tiny_templates: Path) -> None:
    """A font of the templates is taken where a style names it, behind ours; elsewhere its letters are missing."""
    (tiny_templates / "short" / "georgian.ttf").write_bytes(house_font("აბ"))
    made = set_page("<p>Aა</p>", f"{GEORGIAN} p {{ font-family: 'Source Sans 3', 'House Georgian', sans-serif }}")
    page = PdfReader(BytesIO(made.content)).pages[0]
    names = {font.get_object()["/BaseFont"].partition("+")[2].strip(",") for font in page["/Resources"]["/Font"].values()}
    assert names == {"Source-Sans-3", "Source-Sans-3-Bold", "House-Georgian"}
    assert "Aა" in page.extract_text()
    assert "georgian.ttf" in {path.name for path in made.inputs}
    assert problems(f"{GEORGIAN} p {{ font-family: 'House Georgian', 'Source Sans 3' }}", "<p>ა</p><h2>ბ</h2>")[0].startswith(
        f"short/test.html.j2:3:29: {NO_FONT} 'ბ' (U+10D1 georgian letter ban); "
    )


def test_languages_have_their_direction(set_page: SetPage, tiny_templates: Path) -> None:
    """A title in a language that is written from right to left is a piece of its own, with what is Latin in its place there."""
    (tiny_templates / "short" / "hebrew.ttf").write_bytes(house_font("אב"))
    css = "@font-face { font-family: H; src: url('hebrew.ttf') } html { font-family: 'Source Sans 3', H }"

    def order(language: str) -> str:
        made = set_page(f"<p>[1] <em lang='{language}'>א NATO: ב</em>, 7</p>", css)
        return "".join(re.findall("[אב]|NATO", PdfReader(BytesIO(made.content)).pages[0].extract_text()))

    assert (order("he"), order("en")) == ("בNATOא", "אNATOב")


@pytest.mark.parametrize(
    ("language", "is_divided"),
    [
        *(("bs", True), ("bs-Latn", True), ("bs-Latn-BA", True), ("hr", True), ("hr-HR", True), ("de", True), ("xx", False), ("ka", False)),
        *(("sr-Cyrl-BA", True), ("sr-Latn", True), ("sr-Latn-BA", True)),
    ],
)
def test_words_are_divided_where_the_language_has_rules(language: str, is_divided: bool, set_page: SetPage) -> None:
    """Hyphenation takes the rules of the text's own language, Bosnian those of Croatian; without any, words stay whole."""
    css = "p { font-family: 'Source Sans 3'; width: 20mm; hyphens: auto }"
    word = "једноставности" if "Cyrl" in language else "jednostavnosti"
    made = set_page(f"<p lang='{language}'>a {word} {word}</p>", css)
    assert (HYPHEN in PdfReader(BytesIO(made.content)).pages[0].extract_text()) == is_divided


def test_an_abbreviation_keeps_its_ending(set_page: SetPage) -> None:
    """No line ends behind the hyphen of "NATO-a", however narrow the column is; what is read and searched has no sign more."""
    narrow = "".join(f'<p class="w{width}">članstvo u NATO-a i dalje</p>' for width in range(25, 35))
    css = "p { font: 10pt 'Source Sans 3' } " + " ".join(f".w{width} {{ width: {width}mm }}" for width in range(25, 35))
    found = set_page(f'<div lang="bs">{narrow}<h2>O NATO-u</h2></div>', css)
    text = PdfReader(BytesIO(found.content)).pages[0].extract_text()
    assert (text.count("NATO-a"), text.count("\N{WORD JOINER}")) == (10, 0)
    assert "O NATO-u" in [title for _, title in outline(PdfReader(BytesIO(found.content)).outline)]


@pytest.mark.parametrize("family", ["Source Sans 3", "Source Serif 4"])
def test_serbian_italics_have_their_own_letters(family: str, set_page: SetPage) -> None:
    """Cyrillic б, г, д, п and т in italics are drawn in Serbian as they are written there, and not as in Russian; the text is the same."""

    def drawn(language: str) -> tuple[str, list[str]]:
        made = set_page(f"<p lang='{language}'><em>бгдпт</em></p>", f"body {{ font-family: '{family}' }} em {{ font-style: italic }}")
        page = PdfReader(BytesIO(made.content)).pages[0]
        return page.extract_text(), re.findall(r"<([0-9a-f]+)>", page.get_contents().get_data().decode("latin-1"))

    serbian, russian = drawn("sr-Cyrl-BA"), drawn("ru")
    assert serbian[0] == russian[0]
    assert "бгдпт" in serbian[0]
    assert serbian[1] != russian[1]
    assert serbian == drawn("sr")


@pytest.mark.parametrize(
    ("css", "expected"),
    [("float: footnote", ["a1 b", "1. note"]), ("display: list-item; list-style: lower-alpha; margin-left: 1cm", ["a", "note", "b", "a."])],
)
def test_a_style_may_ask_for_marks(css: str, expected: list[str], set_page: SetPage) -> None:
    """What is a note or an item of a list by a style has the mark that WeasyPrint gives it."""
    page = PdfReader(BytesIO(set_page("<p>a<span class='n'>note</span> b</p>", f".n {{ {css} }}").content)).pages[0]
    assert [line.strip() for line in page.extract_text().splitlines()][1:] == expected


LONG = "Path_" + "without_any_break" * 10
NARROW = f"""<h2>{LONG}</h2><h3>{LONG}</h3><p>See {LONG} <a class="mark" href="https://a.example/">[{LONG}]</a></p>
<ul><li>{LONG}<ul><li>{LONG}</li></ul></li></ul><ol><li>{LONG}</li></ol>
<figure><figcaption>{LONG}</figcaption></figure>
<div class="key-points"><p>https://a.example/{LONG}</p></div>
<table><caption>{LONG}</caption><colgroup><col class="w11"><col class="w13"><col></colgroup>
<thead><tr><th scope="col">{LONG}</th><th scope="col">A</th><th scope="col">B</th></tr></thead>
<tbody><tr><th scope="row">{LONG}</th><td>a {LONG}</td><td><span class="detail">{LONG}</span></td></tr></tbody></table>"""


def test_a_word_of_any_length_is_broken(set_page: SetPage, monkeypatch: pytest.MonkeyPatch) -> None:
    """With our looks no word and no address leaves the line, the cell or the caption in which it stands."""
    laid: list[Any] = []
    draw = Typesetter.draw
    monkeypatch.setattr(Typesetter, "draw", lambda self, found, *others: laid.append(found) or draw(self, found, *others))
    looks = ("shared/fonts.css", "shared/print.css", "briefing/briefing.css")
    set_page(NARROW, "\n".join((PROJECT / "templates" / name).read_text("utf-8") for name in looks))
    ends = [end for page in laid[0].pages for end in _ends(page._page_box, 0)]
    assert len(ends) > 40
    assert [text for text, end, limit in ends if end > limit + 0.1] == []


def _ends(box: Any, limit: float) -> Iterator[tuple[str, float, float]]:
    """Yield the text of each line in *box*, where it ends, and the *limit* that the block around it sets."""
    if isinstance(box, BlockContainerBox):
        limit = box.content_box_x() + box.width
    if isinstance(box, TextBox):
        yield box.text, box.position_x + box.width, limit
    for child in getattr(box, "children", ()):
        yield from _ends(child, limit)


def test_a_bug_of_ours_is_no_problem_of_the_template(set_page: SetPage, monkeypatch: pytest.MonkeyPatch) -> None:
    """What our own code stumbles over while a page is laid out is not blamed on its styles."""
    monkeypatch.setattr("reports.renderers.pdf.structure.Tagger.add_page", None)
    with pytest.raises(TypeError):
        set_page()


LISTED = """{% set last = (view.milestones | reverse | list)[:4] %}
<ul>{% for point in fit(view.about.key_points) %}<li class="page">{{ point | words }}</li>{% endfor %}</ul>
<ul>{% for milestone in fit(last) %}<li class="page">{{ milestone.title }}</li>{% endfor %}</ul>
<p>End</p>"""


@pytest.mark.parametrize(
    ("pages", "expected"), [(None, (2, 4)), (9, (2, 4)), (5, (2, 2)), (4, (2, 1)), (3, (2, 0)), (2, (1, 0)), (1, (0, 0))]
)
def test_lists_give_way_to_promised_pages(pages: int | None, expected: tuple[int, int], tiny_view: View, tiny_templates: Path) -> None:
    """A document shows of its lists what it has room for, the first items; the last list gives way first."""
    (tiny_templates / "short" / "test.css").write_text(".page { break-after: page }", "utf-8")
    (tiny_templates / "short" / "test.html.j2").write_text(PAGE % LISTED, "utf-8")
    view = replace(tiny_view, document=tiny_view.document.model_copy(update={"pages": pages}))
    made = render(view, tiny_templates, "short/test.html.j2")
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(made.content)).pages)
    points, milestones = expected
    assert made.pages == points + milestones + 1
    last = [milestone.title for milestone in reversed(tiny_view.milestones)][:4]
    assert [title for title in last if title in " ".join(text.split())] == last[:milestones]


def test_lists_are_as_long_whatever_they_were_before(
    tiny_view: View, tiny_templates: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a list has as many items as in the build before, two layouts show it: with these, and with one more. Bytes are the same."""
    (tiny_templates / "short" / "test.css").write_text(".page { break-after: page }", "utf-8")
    (tiny_templates / "short" / "test.html.j2").write_text(PAGE % LISTED, "utf-8")
    tried, lay_out = list[int](), Composer.compose
    monkeypatch.setattr(Composer, "compose", lambda self, is_cut: tried.append(1) or lay_out(self, is_cut))

    def made(pages: int, cache: Cache) -> tuple[bytes, int]:
        tried.clear()
        view = replace(tiny_view, document=tiny_view.document.model_copy(update={"pages": pages}))
        return render(view, tiny_templates, "short/test.html.j2", cache).content, len(tried)

    alone, cache, before = {pages: made(pages, NO_CACHE) for pages in range(1, 8)}, Cache(tmp_path), None
    for now in (7, 4, 3, 3, 5, 5, 2, 7, 1, 1, 4, 4, 2, 2):
        content, count = made(now, cache)
        assert content == alone[now][0]
        assert count < alone[now][1] or now != before
        before = now


def test_what_is_too_long_is_not_laid_out_to_its_end(tiny_view: View, tiny_templates: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a document has too many pages before its last part, that part is laid out only with what there is room for."""
    (tiny_templates / "short" / "test.css").write_text(".page { break-after: page } .new-page { break-before: page }", "utf-8")
    (tiny_templates / "short" / "test.html.j2").write_text(PAGE % f"{LISTED}<p class='new-page'>Behind</p>", "utf-8")
    view = replace(tiny_view, document=tiny_view.document.model_copy(update={"pages": 4}))
    laid, lay_out = list[bool](), Typesetter.lay_out

    def note(self: Typesetter, root: Element, *sheets: Any, **options: Any) -> Any:
        laid.append("Behind" in text_of(root))
        return lay_out(self, root, *sheets, **options)

    monkeypatch.setattr(Typesetter, "lay_out", note)
    assert render(view, tiny_templates, "short/test.html.j2").pages == 4
    assert (laid.count(False) > 2, laid.count(True)) == (True, 1)


def test_more_pages_than_promised_are_a_problem(set_page: SetPage, tiny_view: View, tiny_templates: Path, show: Show) -> None:
    """A document that has too many pages without its lists too is refused; one with fewer is made."""
    view = replace(tiny_view, document=tiny_view.document.model_copy(update={"pages": 1}))
    (tiny_templates / "short" / "test.css").write_text("p { break-after: page }", "utf-8")
    (tiny_templates / "short" / "test.html.j2").write_text(PAGE % f"<p>One</p>{LISTED}", "utf-8")
    with pytest.raises(ReportsError) as caught:
        render(view, tiny_templates, "short/test.html.j2")
    assert show(caught.value.problems) == [
        "templates/note/document.yaml: 'note' has 2 pages, however short its lists are, and 1 are promised: "
        "shorten the texts that it shows, or change 'pages'"
    ]


@pytest.mark.parametrize(
    ("system", "release", "step"),
    [
        ("linux", {"ID": "debian"}, "install it with: apt-get install -y libpangoft2-1.0-0"),
        ("linux", {"ID": "linuxmint", "ID_LIKE": "ubuntu debian"}, "install it with: apt-get install -y libpangoft2-1.0-0"),
        ("linux", {"ID": "rocky", "ID_LIKE": "rhel centos fedora"}, "install it with: dnf install -y pango"),
        ("linux", {"ID": "plan9"}, "install Pango with this system's package manager"),
        ("linux", None, "install Pango with this system's package manager"),
        ("darwin", None, "install it with: brew install pango"),
        ("freebsd14", None, "install Pango with this system's package manager"),
    ],
)
def test_a_system_without_pango_is_told_its_command(
    system: str, release: dict[str, str] | None, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A system, or a distribution of Linux, or one that is like it, has its own command; any other is told what is missing."""

    def os_release() -> dict[str, str]:
        if release is None:
            raise FileNotFoundError("/etc/os-release")
        return release

    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(platform, "freedesktop_os_release", os_release)
    assert str(pango_missing()) == f"Pango: the library that sets the text of a PDF is not on this system; {step}"


@pytest.mark.skipif(sys.platform != "linux", reason="only there are others asked where libraries are")
def test_libraries_are_found_without_asking_compilers() -> None:
    """To load what sets a page starts no other program, and loads nothing that only spreadsheets need."""
    program = (
        "import sys; begun = []; sys.addaudithook(lambda name, _: name == 'subprocess.Popen' and begun.append(name))\n"
        "import reports.renderers.pdf; print(len(sys.modules) > 200, 'openpyxl' in sys.modules, begun)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert done.stdout == "True False []\n"
