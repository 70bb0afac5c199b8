"""The finished Word file: the text of its template, properties and languages from the data, and the same bytes each time."""

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import docx
import pytest
from docx.oxml.ns import qn
from lxml import etree

from reports.dataset.dataset import Dataset
from reports.dataset.load import load_dataset
from reports.dataset.model import Assessment
from reports.documents.document import Choice, load_documents
from reports.documents.view import View, make_view
from reports.renderers import RenderedFile
from reports.renderers.environment import Templates
from reports.renderers.html import parse_html
from reports.renderers.ooxml import pack, unpack
from reports.renderers.word import REFERENCE, render
from tests.conftest import PROJECT, TINY, edit, view_of
from tests.renderers.word.conftest import BRIEF, PAGE, WordProblems, WriteWord, blocks, find, text

SUMMARY = "summary/summary.html.j2"
BLOCKS = frozenset({"h1", "h2", "h3", "h4", "p", "li", "caption", "th", "td", "figcaption", "header", "footer"})


@pytest.fixture(scope="module")
def parts(brief: RenderedFile) -> dict[str, bytes]:
    return unpack(brief.content)


def own_text(element: Element) -> str:
    """Return the text of *element* without that of the blocks in it; where Word counts pages, it is 1."""
    if element.get("class") in ("page", "pages"):
        return "1"
    inner = "".join(("" if child.tag in (*BLOCKS, "ul", "ol") else own_text(child)) + (child.tail or "") for child in element)
    return (element.text or "") + inner


def texts_of_page(root: Element) -> Iterator[str]:
    """Yield the text of each block of a page; a no-break space is no space."""
    for element in root.iter():
        if element.tag in BLOCKS and (words := re.sub(r"[ \t\n]+", " ", own_text(element)).strip(" ")):
            yield words


def texts_of_document(document: Any) -> Iterator[str]:
    """Yield the text of each block of a Word document, its header first and its footer last."""
    section = document.sections[0]
    yield from (text(paragraph._p) for paragraph in section.header.paragraphs)
    yield from (words.replace("\n", " ") for _, words in blocks(document) if words)
    yield from (text(paragraph._p) for paragraph in section.footer.paragraphs)


@pytest.mark.parametrize("name", [BRIEF, SUMMARY])
def test_the_text_of_the_file_is_the_text_of_the_template(name: str, brief_templates: Path, tiny_view: View) -> None:
    """Every heading, paragraph, item, cell, caption, header and footer comes in its order, its text unchanged; nothing else does.

    Of the tiny document, in which each element of the HTML subset comes once, and of the summary that is shipped.
    """
    view, templates = tiny_view, brief_templates
    if name == SUMMARY:
        templates = PROJECT / "templates"
        view = view_of(load_dataset(PROJECT / "data"), "summary", templates)
    expected = list(texts_of_page(parse_html(Templates(templates, view, medium="docx").render(name))))
    assert len(expected) > 40
    assert list(texts_of_document(docx.Document(BytesIO(render(view, templates, name).content)))) == expected


def summary_of(view: View) -> Any:
    """Return the shipped summary of *view*, opened by python-docx."""
    return docx.Document(BytesIO(render(view, PROJECT / "templates", SUMMARY).content))


def with_all_claims(dataset: Dataset) -> View:
    """Return the view of the shipped summary, but of all claims."""
    (document,) = load_documents(PROJECT / "templates", ["summary"])
    records = document.records.model_copy(update={"statements": Choice.ALL})
    return make_view(dataset, document.model_copy(update={"records": records}), "en")


def headings(document: Any) -> list[str]:
    """Return the texts of the headings of *document*, its title aside."""
    return [words for style, words in blocks(document) if style.startswith("Heading")]


def test_what_the_summary_cites_is_listed(tiny: Dataset) -> None:
    """Each reference in a text of the summary is a link to an entry with its date, its title and its source, and so is each number."""
    document = summary_of(view_of(tiny, "summary", PROJECT / "templates"))
    links = {text(link): find(link, "@w:anchor")[0] for link in find(document.element, "//w:hyperlink[@w:anchor]")}
    assert {"M2010-1", "CL", "[2]", "[3]"} <= links.keys()
    listed = {find(mark, "@w:name")[0]: text(mark.getparent()) for mark in find(document.element, "//w:p/w:bookmarkStart")}
    assert listed[links["M2010-1"]] == "M2010-1, 22 April 2010: Harbour Agreement. Sources differ. Government of Ruritania\u00a0[1]"
    assert listed[links["CL"]] == "Council of the League. The League\u00a0[2]"
    assert listed[links["[3]"]].startswith("[3] Strelsau Courier, ")
    assert set(links.values()) == listed.keys()
    assert headings(document)[-2:] == ["Records cited", "Other sources cited"]


def test_the_summary_has_no_section_with_nothing_to_show(tiny: Dataset) -> None:
    """What a dataset does not have is left out; where no matters are declared, the frameworks say where the partner stands."""
    view = view_of(tiny, "summary", PROJECT / "templates")
    assert headings(summary_of(view))[:4] == ["Where Ruritania stands", "Key points", "Issues to watch", "Verify before use"]
    bare = view.about.model_copy(update={"bottom_line": None, "matters": (), "watch": (), "verify": (), "key_points": ("Nothing yet.",)})
    less = replace(view, about=bare.model_copy(update={"standing": "It *stands*.", "outlook": "It goes on."}), statements=())
    document = summary_of(less)
    assert headings(document)[:3] == ["Where Ruritania stands", "Key points", "What comes next"]
    table = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert [len(document.tables), table[0]] == [1, ["Framework", "Where Ruritania stands"]]
    steps = [framework.name for framework in view.frameworks if framework.place != "option"]
    assert [text(row.cells[0]._tc) for row in document.tables[0].rows][1:] == steps
    document = summary_of(replace(less, frameworks=()))
    assert (document.tables, headings(document)) == ([], ["Where Ruritania stands", "Key points", "What comes next"])
    assert ("Body Text", "It stands.") in blocks(document)


def test_the_summary_shows_what_is_disputed(tiny: Dataset) -> None:
    """Of the claims that it selects, those that the evidence contests or contradicts, each with who makes it and the verdict."""
    view = with_all_claims(tiny)
    claims = [view.statements[0].model_copy(update={"id": f"claim-{verdict}", "assessment": verdict}) for verdict in Assessment]
    document = summary_of(replace(view, statements=tuple(claims)))
    assert "What is disputed" in headings(document)
    rows = [[text(cell._tc) for cell in row.cells] for row in document.tables[1].rows]
    assert rows[0] == ["Claim", "By whom", "What the evidence says", "Verdict"]
    assert [row[3] for row in rows[1:]] == ["Contested", "Contradicted"]


def test_a_template_knows_its_format(write_word: WriteWord) -> None:
    """A template may say something else in Word than on paper or on screen."""
    assert blocks(write_word("<p>{{ medium }}</p>"))[1:] == [("Body Text", "docx")]


def test_foreign_texts_have_their_language(brief_document: Any) -> None:
    """A text in another language is marked with it and a region, whichever element around it says so; all other text is not marked."""
    runs = find(brief_document.element, "//w:r[w:rPr/w:lang]")
    marked = {text(run): find(run, "w:rPr/w:lang/@w:val") for run in runs}
    assert marked == {words: ["bs-Latn-BA"] for words in ("Zašto ", "čekati", "?", "Sve na ", ".", "Stavka")} | {"See": ["de-DE"]}


def test_the_language_is_declared(word_templates: Path, tiny: Dataset) -> None:
    """The styles, the settings and the properties say the language of the document, by its full tag."""
    terms, tag = (word_templates / "locale" / "en.yaml").read_text("utf-8"), "bs-Latn-BA"
    (word_templates / "locale" / "bs.yaml").write_text(terms.replace("tag: en-GB", f"tag: {tag}"), "utf-8")
    parts = unpack(render(replace(view_of(tiny, "note"), language="bs"), word_templates, BRIEF).content)
    (declared,) = find(etree.fromstring(parts["word/styles.xml"]), "//w:docDefaults//w:lang")
    assert (declared.get(qn("w:val")), declared.get(qn("w:eastAsia"))) == (tag, tag)
    assert find(etree.fromstring(parts["word/settings.xml"]), "//w:themeFontLang/@w:val") == [tag]
    assert docx.Document(BytesIO(pack(parts))).core_properties.language == tag


def test_what_is_not_translated_has_the_region_of_the_data(word_templates: Path, tiny: Dataset) -> None:
    """An English text in a Croatian document is British, as the terms of the templates say; their file is an input then."""
    terms = (word_templates / "locale" / "en.yaml").read_text("utf-8")
    (word_templates / "locale" / "hr.yaml").write_text(terms.replace("tag: en-GB", "tag: hr-HR"), "utf-8")
    edit(word_templates / BRIEF, "</h1>", "</h1><p>Ono <span lang='en'>colour</span></p>")
    view = replace(view_of(tiny, "note"), language="hr")
    document = render(view, word_templates, BRIEF)
    runs = find(docx.Document(BytesIO(document.content)).element, "//w:r[w:rPr/w:lang]")
    assert {text(run): find(run, "w:rPr/w:lang/@w:val") for run in runs}["colour"] == ["en-GB"]
    assert {word_templates / "locale" / name for name in ("en.yaml", "hr.yaml")} <= set(document.inputs)
    (word_templates / "locale" / "en.yaml").unlink()
    runs = find(docx.Document(BytesIO(render(view, word_templates, BRIEF).content)).element, "//w:r[w:rPr/w:lang]")
    assert {text(run): find(run, "w:rPr/w:lang/@w:val") for run in runs}["colour"] == ["en-US"]


def test_the_properties_come_from_the_data(brief_document: Any) -> None:
    """Title, author, subject, keywords and dates are the dataset's; nothing is the clock's or the library's."""
    properties = brief_document.core_properties
    assert properties.title == "Ruritania and the League: brief"
    assert (properties.author, properties.last_modified_by) == ("The keepers of the Ruritanian dataset",) * 2
    assert (properties.subject, properties.keywords) == ("A brief", "League of Neutral Harbours, Kingdom of Ruritania")
    assert (properties.created, properties.modified) == (datetime(2020, 7, 1, tzinfo=UTC),) * 2
    assert (properties.revision, properties.last_printed) == (1, None)
    assert (properties.comments, properties.category, properties.version) == ("", "", "")


def test_a_property_that_is_too_long_is_a_problem(write_word: WriteWord, word_problems: WordProblems) -> None:
    """Word's properties are short; a title or a publisher that is longer than they is named, and 255 characters are not."""
    head = "<meta name='author' content='{0}'><meta name='keywords' content='{0}'><meta name='digest' content='{0}'><title>{0}</title>"
    page = PAGE.replace("<title>T</title>", head) % ""
    assert write_word(page.format("a" * 255)).core_properties.title == "a" * 255
    expected = [f"brief/test.html.j2: the {name} has 256 characters; Word holds 255" for name in ("title", "author", "keywords", "digest")]
    assert sorted(word_problems(page.format("a" * 256))) == sorted(expected)


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


def test_every_input_is_known(brief: RenderedFile, brief_templates: Path) -> None:
    """The result names every file that it was made with, the reference document and the picture too; it counts no pages."""
    inputs = {path.resolve().relative_to(brief_templates.resolve()).as_posix() for path in brief.inputs}
    files = {path.relative_to(brief_templates).as_posix() for path in (brief_templates / REFERENCE).rglob("*") if path.is_file()}
    assert len(files) > 8
    assert inputs == {BRIEF, "brief/anchor.png", "locale/en.yaml", "word/styles.yaml", "shared/looks.css"} | files
    assert brief.pages is None


def test_the_same_view_makes_the_same_bytes(brief: RenderedFile, tiny_view: View, word_templates: Path) -> None:
    """Two renderings, from two folders, are equal to the byte."""
    assert render(tiny_view, word_templates, BRIEF).content == brief.content


RENDER = """
import sys
from pathlib import Path
sys.modules["weasyprint"] = None  # as where Pango is missing
from reports.dataset.load import load_dataset
from reports.documents.document import load_documents
from reports.documents.view import make_view
from reports.renderers.word import render
data, templates = map(Path, sys.argv[1:3])
view = make_view(load_dataset(data), load_documents(templates, ["note"])[0], "en")
print(len(render(view, templates, sys.argv[3]).content))
"""


def test_word_needs_no_weasyprint(brief: RenderedFile, brief_templates: Path) -> None:
    """Who has no Pango can make the Word document all the same."""
    line = [sys.executable, "-c", RENDER, str(TINY / "data"), str(brief_templates), BRIEF]
    assert int(subprocess.run(line, cwd=PROJECT, check=True, capture_output=True).stdout) == len(brief.content)
