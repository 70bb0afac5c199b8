"""The finished PDF, read back: what it says, how it is tagged, what it declares, and what keeps it from being made."""

import re
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from pypdf import PdfReader

from reports.dataset.dataset import Dataset
from reports.documents.view import View
from reports.errors import ReportsError
from reports.renderers import RenderedFile
from reports.renderers.environment import Templates
from reports.renderers.html import HEADINGS, parse_html, text_of
from reports.renderers.pdf import render
from reports.renderers.prose import Prose
from tests.conftest import TINY, Show, view_of
from tests.structure import tags

# With `--dist loadgroup` one process runs these tests, and the tiny document is made once.
pytestmark = pytest.mark.xdist_group("pdf")

NOTE = "note/note.html.j2"
HOSTILE = ("1.10", "1,2", "None", "=1+1", "<24 h>", "A & B", "č ć đ š ž", "007", "no")


@pytest.fixture(scope="module")
def note(tiny_view: View) -> RenderedFile:
    """The tiny document `note` as a PDF."""
    return render(tiny_view, TINY / "templates", NOTE)


@pytest.fixture(scope="module")
def reader(note: RenderedFile) -> PdfReader:
    return PdfReader(BytesIO(note.content))


@pytest.fixture(scope="module")
def html(tiny_view: View) -> Element:
    return parse_html(Templates(TINY / "templates", tiny_view).render(NOTE))


@pytest.fixture(scope="module")
def text(reader: PdfReader) -> str:
    """The text of all pages with single spaces."""
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def squeezed(text: str) -> str:
    """Return *text* without any space: where lines end is the layout's."""
    return "".join(text.split())


@pytest.fixture(scope="module")
def structure(reader: PdfReader) -> list[Any]:
    return list(tags(reader.root_object["/StructTreeRoot"]))


def outline(items: list[Any], level: int = 1) -> Iterator[tuple[int, str]]:
    """Yield the level and the title of every bookmark."""
    for item in items:
        if isinstance(item, list):
            yield from outline(item, level + 1)
        else:
            yield level, item.title


def test_every_name_and_title_is_in_the_text(tiny: Dataset, text: str) -> None:
    """Each record's id-free names, titles and units are printed."""
    fields = ("title", "name", "abbreviation", "unit", "stands_for", "role")
    lines = [getattr(record, field, None) for record in tiny.records() for field in fields]
    lines += [office.role for record in tiny.records() for office in getattr(record, "offices", ())]
    named = [line for line in lines if line]
    assert len(named) > 50
    assert [line for line in named if squeezed(line) not in squeezed(text)] == []


def test_every_prose_is_in_the_text(tiny_view: View, tiny: Dataset, text: str) -> None:
    """Each record's texts are printed, with their citations as numbers and names."""
    fields = ("text", "gist", "finding", "state", "standing", "part", "role", "reading")
    prose = Prose(tiny_view)
    texts = [value for record in tiny.records() for field in fields if (value := getattr(record, field, None))]
    texts += [tiny.about.purpose, tiny.about.outlook, *tiny.about.standing.split("\n\n"), *tiny.about.key_points]
    paragraphs = [text_of(part) for value in texts for part in parse_html(prose.block(value)).iter() if part.tag in ("p", "li")]
    assert len(paragraphs) > 40
    assert [one for one in paragraphs if squeezed(one) not in squeezed(text)] == []


def test_every_evidence_is_in_the_text(tiny_view: View, text: str) -> None:
    """Each fact's evidence is printed: the source's number, the place in it, the note."""
    marks = [
        f"[{tiny_view.numbers[one.source]}] {one.locator}" + (f" – {one.note}" if one.note else "")
        for fact in tiny_view.facts
        for one in fact.evidence
    ]
    assert len(marks) > 30
    assert [mark for mark in marks if squeezed(mark) not in squeezed(text)] == []


def test_every_milestone_and_source_is_in_the_text(tiny_view: View, text: str) -> None:
    """References and source numbers, addresses and files are printed."""
    for milestone in tiny_view.milestones:
        assert f" {milestone.id} " in text
    for source in tiny_view.sources:
        assert squeezed(f"[{tiny_view.numbers[source.id]}] {source.publisher}, {source.title}") in squeezed(text)
        assert squeezed(source.url or source.file or "nothing") in squeezed(text)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_texts_come_back_unchanged(hostile: str, reader: PdfReader) -> None:
    """Texts that a format is tempted to change stand in the PDF as lines of their own, as they were written."""
    lines = [line.strip() for page in reader.pages for line in page.extract_text().split("\n")]
    assert hostile in lines


def test_a_name_in_cyrillic_comes_back(text: str) -> None:
    """Serbian Cyrillic is text, not shapes."""
    assert "Ђурђевак Ђ" in text
    assert "1.10 and 1,2 and None and =1+1 and <24 h> and A & B and č ć đ š ž and Ђурђевак." in text


def test_the_outline_is_the_headings(html: Element, reader: PdfReader) -> None:
    """Every heading is a bookmark, at its level, in its order."""
    headings = [(HEADINGS.index(element.tag) + 1, text_of(element)) for element in html.iter() if element.tag in HEADINGS]
    assert len(headings) > 10
    assert list(outline(reader.outline)) == headings


def test_every_link_leads_somewhere(reader: PdfReader, html: Element) -> None:
    """Links within the document have a destination that exists, and links to the web their address."""
    targets, addresses = set(), set()
    for page in reader.pages:
        for annotation in page.get("/Annots", []):
            link = annotation.get_object()
            if "/Dest" in link:
                targets.add(str(link["/Dest"]))
            elif "/A" in link:
                addresses.add(str(link["/A"]["/URI"]))
    expected = {element.get("href", "") for element in html.iter("a")}
    assert targets == {href[1:] for href in expected if href.startswith("#")}
    assert addresses == {href for href in expected if not href.startswith("#")}
    assert targets <= set(reader.named_destinations)
    assert len(targets) > 20
    assert len(addresses) > 4


def test_language_and_title_are_declared(reader: PdfReader) -> None:
    """A reader program knows the language, shows the title, and finds the publisher."""
    root = reader.root_object
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert root["/MarkInfo"]["/Marked"]
    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.author) == ("Ruritania and the League", "The keepers of the Ruritanian dataset")


def test_headings_and_lists_are_tagged(structure: list[Any], html: Element) -> None:
    """Headings are tagged at their level, lists as lists of items, and no heading is lost."""
    names = [str(tag["/S"]) for tag in structure]
    assert [name for name in names if re.fullmatch(r"/H\d", name)] == [
        f"/{element.tag.upper()}" for element in html.iter() if element.tag in HEADINGS
    ]
    assert names.count("/L") == len([element for element in html.iter() if element.tag in ("ul", "ol")])
    assert names.count("/LI") == len(list(html.iter("li"))) > 30


def test_tables_are_tagged(structure: list[Any], html: Element) -> None:
    """Every cell names its headers, the row's and the column's, by which a screen reader announces it.

    WeasyPrint writes the `scope` of HTML so, as ISO 32000-1, 14.8.4.3.4 wants it.
    """
    tables = [list(tags(tag)) for tag in structure if tag["/S"] == "/Table"]
    assert len(tables) == len(list(html.iter("table"))) == 2
    rows = 0
    for table in tables:
        headers = [tag for tag in table if tag["/S"] == "/TH"]
        names = [bytes(tag["/ID"].original_bytes) for tag in headers]
        assert len(names) == len(set(names)) > 3
        for cell in [tag for tag in table if tag["/S"] == "/TD"]:
            row, column = (bytes(one.original_bytes) for one in cell["/A"]["/Headers"])
            assert (names.index(column) in (1, 2), names.index(row) >= 3) == (True, True)
            rows += names.index(column) == 1
    assert rows == len(list(html.iter("tr"))) - 2 >= 14


def test_figures_have_their_alternative_text(structure: list[Any]) -> None:
    """A drawing is a figure that says what it shows."""
    assert [str(tag["/Alt"]) for tag in structure if tag["/S"] == "/Figure"] == ["An anchor"]


def test_the_dataset_is_attached(reader: PdfReader, tiny: Dataset, tiny_view: View, text: str) -> None:
    """The attachment is the canonical dataset, byte for byte, as the source of the document; its digest is printed."""
    assert reader.attachments == {"dataset.json": [tiny.canonical_json().encode()]}
    files = [file.get_object() for file in reader.root_object["/AF"]]
    assert {(str(file["/UF"]), str(file["/AFRelationship"]), str(file["/Desc"])) for file in files} == {
        ("dataset.json", "/Source", "Ruritania and the League")
    }
    stream = files[0]["/EF"]["/F"].get_object()
    assert (stream["/Params"]["/CreationDate"], stream["/Params"]["/ModDate"]) == ("D:20200701000000Z", "D:20200701000000Z")
    assert tiny_view.dataset_digest is not None
    assert tiny_view.dataset_digest in squeezed(text)


def test_a_document_that_attaches_nothing(tiny: Dataset) -> None:
    """A document that does not say so has no attachment."""
    made = render(view_of(tiny, "short"), TINY / "templates", "short/short.html.j2")
    assert PdfReader(BytesIO(made.content)).attachments == {}


def test_nothing_is_left_in_the_temporary_folder(tiny: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What WeasyPrint puts into a temporary folder is gone when the document is made, whenever Python collects it."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    made: list[Path] = []
    monkeypatch.setattr("weasyprint.text.fonts.mkdtemp", lambda **names: made.append(Path(tempfile.mkdtemp(**names))) or made[-1])
    render(view_of(tiny, "short"), TINY / "templates", "short/short.html.j2")
    assert made
    assert list(tmp_path.iterdir()) == []
    assert tempfile.tempdir == str(tmp_path)


def test_the_metadata_declare_both_standards(reader: PdfReader) -> None:
    """One RDF with PDF/A-3a, PDF/UA-1 and the extension schema that the one wants for the other."""
    xmp = reader.root_object["/Metadata"].get_object().get_data().decode()
    assert 'pdfaid:part="3"' in xmp
    assert 'pdfaid:conformance="A"' in xmp
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert "<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>" in xmp
    assert (xmp.count("<rdf:RDF"), xmp.count("</rdf:RDF>")) == (1, 1)
    assert reader.pdf_header == "%PDF-1.7"
    assert [str(one.get_object()["/S"]) for one in reader.root_object["/OutputIntents"]] == ["/GTS_PDFA1"]


def test_dates_come_from_the_data(reader: PdfReader) -> None:
    """The file bears the day on which the dataset was published, not the clock's."""
    xmp = reader.root_object["/Metadata"].get_object().get_data().decode()
    assert re.findall(r"<xmp:\w+Date>([^<]+)<", xmp) == ["2020-07-01T00:00:00Z"] * 2
    assert reader.metadata is not None
    assert (reader.metadata["/CreationDate"], reader.metadata["/ModDate"]) == ("D:20200701000000Z", "D:20200701000000Z")


def test_only_our_fonts_are_embedded(reader: PdfReader) -> None:
    """Every font is one of ours, cut to the characters in use, embedded, and can be read back as text."""
    fonts = {}
    for page in reader.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            fonts[font.get_object()["/BaseFont"]] = font.get_object()
    assert len(fonts) >= 4
    for name, font in fonts.items():
        assert re.match(r"/[A-Z]{6}\+Source-(Sans-3|Serif-4)\b", name)
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert {"/FontFile2", "/FontFile3"} & set(descriptor)
        assert "/ToUnicode" in font


def test_pages_and_inputs_are_told(note: RenderedFile, reader: PdfReader) -> None:
    """The result knows its pages and every file that it was made with."""
    assert note.pages == len(reader.pages) > 1
    inputs = {path.relative_to(TINY / "templates").as_posix() if path.is_relative_to(TINY) else path.name for path in note.inputs}
    fonts = {"SourceSans3[wght].ttf", "SourceSans3-Italic[wght].ttf", "SourceSerif4[opsz,wght].ttf", "SourceSerif4-Italic[opsz,wght].ttf"}
    assert inputs - fonts == {
        "locale/en.yaml",
        "note/note.html.j2",
        "shared/macros.html.j2",
        "shared/fonts.css",
        "note/note.css",
        "note/anchor.svg",
    }
    assert {"SourceSans3[wght].ttf", "SourceSerif4[opsz,wght].ttf"} <= inputs & fonts


PAGE = """<!DOCTYPE html>
<html lang="en"><head><title>T</title><link rel="stylesheet" href="shared/fonts.css"><link rel="stylesheet" href="short/test.css"></head>
<body><h1>T</h1>%s</body></html>"""


def problems(templates: Path, view: View, show: Show, css: str = "", body: str = "") -> list[str]:
    (templates / "short" / "test.css").write_text(css, "utf-8")
    (templates / "short" / "test.html.j2").write_text(PAGE % body, "utf-8")
    with pytest.raises(ReportsError) as error:
        render(view, templates, "short/test.html.j2")
    return [line.removeprefix("templates/") for line in show(error.value.problems)]


def refused(lines: list[str], url: str) -> bool:
    """Tell whether the problems in *lines* say once that *url* may not be opened, in our words and not in WeasyPrint's."""
    said = [line for line in lines if line.endswith(f"'{url}' is neither a file in here nor one of our fonts")]
    return len(said) == 1 and not any("Failed" in line for line in lines)


@pytest.mark.parametrize(
    "url",
    [
        "http://a.example/a.png",
        "https://a.example/a.png",
        "ftp://a.example/a.png",
        "file:///etc/passwd",
        "file://localhost/etc/passwd",
        "data:image/png;base64,AAAA",
        "font:comic",
        "font:../../etc/passwd",
    ],
)
@pytest.mark.parametrize(
    "css",
    ["h1 {{ background: url('{}') }}", "@font-face {{ font-family: X; src: url('{}') }} h1 {{ font-family: X }}"],
)
def test_nothing_foreign_is_opened(
    url: str, css: str, tiny_templates: Path, tiny_view: View, show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An address of the web, of the system's files, or of a font that is not ours is a problem that names it; nothing is sent."""
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("the network was asked"))
    assert refused(problems(tiny_templates, tiny_view, show, css.format(url)), url)


@pytest.mark.parametrize("element", ["<img src='{}' alt='A'>", "<link rel='stylesheet' href='{}'>"])
@pytest.mark.parametrize("url", ["http://a.example/a", "file:///etc/passwd"])
def test_no_element_opens_anything_foreign(element: str, url: str, tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """Images and style sheets come from the templates, whatever the HTML says."""
    assert refused(problems(tiny_templates, tiny_view, show, body=element.format(url)), url)


def test_a_way_out_of_the_folder_is_no_way(tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """Two dots, or a symbolic link, do not lead out of the templates."""
    (tiny_templates.parent / "secret.css").write_text("h1 { color: red }", "utf-8")
    (tiny_templates / "short" / "link.css").symlink_to(tiny_templates.parent / "secret.css")
    for name, url in (("../secret.css", "file://secret.css"), ("short/link.css", "file://templates/short/link.css")):
        assert refused(problems(tiny_templates, tiny_view, show, body=f"<link rel='stylesheet' href='{name}'>"), url)


def test_an_image_of_the_templates_may_not_open_anything_else(tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """A drawing that refers to the web or to the system's files is a problem."""
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><image href="file:///etc/passwd" width="9" height="9"/></svg>'
    (tiny_templates / "short" / "drawing.svg").write_text(drawing, "utf-8")
    assert refused(problems(tiny_templates, tiny_view, show, body="<img src='short/drawing.svg' alt='A'>"), "file:///etc/passwd")


@pytest.mark.parametrize(
    ("css", "message"),
    [
        ("h1 { colour: red }", "Ignored `colour: red ` at 1:6, unknown property."),
        ("h1 { color: reddish }", "Ignored `color: reddish ` at 1:6, invalid value."),
        ("h1 { font-family: Georgia }", "the font '"),
    ],
)
def test_a_style_that_has_no_effect_is_a_problem(css: str, message: str, tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """A property or value that is not known, and a font that is not ours, are not passed over in silence."""
    (line,) = problems(tiny_templates, tiny_view, show, css)
    assert line.startswith(f"short/test.html.j2: {message}")


NO_BOX = "a style may ask for a size or a place that no box can have"
TABLE = """<table><caption>C</caption><thead><tr><th scope='col'>A</th></tr></thead><tbody><tr><td>B</td></tr></tbody></table>"""


@pytest.mark.parametrize(
    ("css", "message"),
    [
        ("h1 { transform: scale(0) }", f"WeasyPrint can't lay it out (<TextBox h1>): {NO_BOX}"),
        ("h1 { letter-spacing: 1e300px }", f"WeasyPrint can't lay it out (int too big to convert): {NO_BOX}"),
        ("td { display: block }", "the cell 'B' is not laid out as one, so that it has no headers: leave its display as it is"),
        ("th { float: left }", "the cell 'A' is not laid out as one, so that it has no headers: leave its display as it is"),
        ("tr { float: left }", "the cell 'A' is not laid out as one, so that it has no headers: leave its display as it is"),
    ],
)
def test_a_style_that_can_not_be_laid_out_is_a_problem(css: str, message: str, tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """Styles that crash WeasyPrint, or make cells of a table something else, are a problem at the template and no traceback."""
    assert problems(tiny_templates, tiny_view, show, css, TABLE) == [f"short/test.html.j2: {message}"]


def test_a_style_sheet_is_checked(tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """What a style sheet may not ask of the layout is a problem at its place, whatever WeasyPrint makes of it."""
    found = problems(tiny_templates, tiny_view, show, "@counter-style a { system: cyclic; pad: 300000000 'x' } li { list-style: a }", "<p>")
    assert found == ["short/test.css:1:36: 300000000 is too much for 'pad'; 100 is the most"]
    found = problems(tiny_templates, tiny_view, show, "@media print {" * 3000 + "}" * 3000)
    assert found == ["short/test.css:1:701: nested deeper than 50 levels"]


def test_a_counter_style_is_followed(tiny_templates: Path, tiny_view: View) -> None:
    """A counter of a sane length is written as its style says."""
    css = "@counter-style a { system: cyclic; symbols: '*'; pad: 3 'x'; suffix: ' ' } li { list-style: a }"
    (tiny_templates / "short" / "test.css").write_text(css, "utf-8")
    (tiny_templates / "short" / "test.html.j2").write_text(PAGE % "<ol><li>B</li></ol>", "utf-8")
    made = render(tiny_view, tiny_templates, "short/test.html.j2")
    assert "xx*" in PdfReader(BytesIO(made.content)).pages[0].extract_text()


def test_a_bug_of_ours_is_no_problem_of_the_template(tiny_templates: Path, tiny_view: View, monkeypatch: pytest.MonkeyPatch) -> None:
    """What our own code stumbles over while a page is laid out is not blamed on its styles."""
    monkeypatch.setattr("reports.renderers.pdf_structure._mark_artifacts", None)
    with pytest.raises(TypeError):
        render(tiny_view, tiny_templates, "short/short.html.j2")


def test_a_missing_style_sheet_is_a_problem(tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """A style sheet or an image that is not there is named."""
    found = problems(tiny_templates, tiny_view, show, body="<link rel='stylesheet' href='short/nothing.css'>")
    assert refused(found, "file://templates/short/nothing.css")


def test_characters_that_the_fonts_lack_are_named(tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """A character that would be drawn as a box, or by another font, stops the document."""
    expected = ["short/test.html.j2: the fonts have no '中' (U+4E2D), '\U0001f600' (U+1F600)"]
    assert problems(tiny_templates, tiny_view, show, body="<p>a 中 b \U0001f600</p>") == expected


def test_html_outside_the_subset_is_a_problem(tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """The checks of the HTML subset are asked before anything is set."""
    assert problems(tiny_templates, tiny_view, show, body="<h3>Deep</h3>") == [
        "short/test.html.j2: the heading 'Deep' is an h3, but no h2 stands before it"
    ]


def test_the_same_view_makes_the_same_bytes(tiny: Dataset) -> None:
    """Two renderings are equal to the byte."""
    view = view_of(tiny, "short")
    first, second = (render(view, TINY / "templates", "short/short.html.j2") for _ in range(2))
    assert first.content == second.content


def test_the_folder_does_not_show_in_the_file(tiny: Dataset, tiny_templates: Path) -> None:
    """The templates' folder, wherever it is, leaves no trace in the file."""
    view = view_of(tiny, "short")
    here = render(view, TINY / "templates", "short/short.html.j2").content
    assert here == render(view, tiny_templates, "short/short.html.j2").content
    assert str(TINY).encode() not in here


def test_promised_pages_are_kept(tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """A document with more or fewer pages than it promises is refused, and the problem names it."""
    pages = render(tiny_view, tiny_templates, "note/note.html.j2").pages
    assert pages is not None
    kept = replace(tiny_view, document=tiny_view.document.model_copy(update={"pages": pages}))
    assert render(kept, tiny_templates, "note/note.html.j2").pages == pages
    broken = replace(tiny_view, document=tiny_view.document.model_copy(update={"pages": pages + 1}))
    with pytest.raises(ReportsError) as caught:
        render(broken, tiny_templates, "note/note.html.j2")
    assert show(caught.value.problems) == [f"templates/note/document.yaml: 'note' has {pages} pages, and {pages + 1} are promised"]
