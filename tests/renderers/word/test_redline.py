"""Tracked changes in Word: what is marked, and that all accepted make the page now, and all rejected the page before."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from reports.documents.view import View
from reports.renderers.word import render
from tests.conftest import PROJECT
from tests.renderers.word.conftest import PAGE, WriteWord, blocks, find, text
from tests.renderers.word.test___init__ import SUMMARY

DATE = "<span data-field='M2010-1/date' title='M2010-1: the date'>{}</span>"
HEAD = "<table><caption>C</caption><thead><tr><th scope='col'>H</th><th scope='col'>I</th></tr></thead><tbody>{}</tbody></table>"
ROW = "<tr><td>{}</td><td>{}</td></tr>"
WORDS = "The treaty was signed by all members of the alliance"

Redline = Callable[[str, str], Any]


@pytest.fixture
def redline(word_templates: Path, tiny_view: View) -> Redline:
    """A function that returns the document in which a page becomes another one, each given as its HTML."""

    def make(before: str, after: str) -> Any:
        page = PAGE % f"{{% if view.document.name == 'Before' %}}{before}{{% else %}}{after}{{% endif %}}"
        (word_templates / "brief" / "test.html.j2").write_text(page, "utf-8")
        old = replace(tiny_view, document=tiny_view.document.model_copy(update={"name": "Before"}))
        return docx.Document(BytesIO(render(tiny_view, word_templates, "brief/test.html.j2", before=old).content))

    return make


def decided(document: Any, accepts: bool) -> Any:
    """Return *document* with all its changes accepted, or else rejected, as ISO 29500-1, 17.13.5, says."""
    gone, kept = ("w:del", "w:ins") if accepts else ("w:ins", "w:del")
    stories = [document.element.body, *(part._element for part in (document.sections[0].header, document.sections[0].footer))]
    for story in stories:
        paragraphs = find(story, f".//w:p[w:pPr/w:rPr/{gone}]")
        for removed in [*find(story, f".//w:tr[w:trPr/{gone}]"), *find(story, f".//{gone}[w:r]")]:
            removed.getparent().remove(removed)
        for paragraph in paragraphs:
            assert not find(paragraph, ".//w:r"), "a paragraph whose end is taken out has nothing left in it"
            paragraph.getparent().remove(paragraph)
        for table in find(story, ".//w:tbl[not(w:tr)]"):
            table.getparent().remove(table)
        for deleted in list(story.iter(qn("w:delText"))):
            deleted.tag = qn("w:t")
        for mark in find(story, f".//{kept}[w:r]"):
            mark.getparent()[:] = [part for child in mark.getparent() for part in (child if child is mark else [child])]
    return document


def tracked(document: Any) -> list[tuple[str, str]]:
    """Return what was deleted, and what was inserted, in their order."""
    marks = find(document.element.body, ".//w:ins[w:r] | .//w:del[w:r]")
    return [(mark.tag.rpartition("}")[2], "".join(part.text or "" for part in mark.iter(qn("w:t"), qn("w:delText")))) for mark in marks]


def test_words_are_tracked(redline: Redline) -> None:
    """What was put in and taken out of a paragraph is marked, by the publisher and of the edition's day; what stayed is not."""
    document = redline(f"<p>{WORDS} in 2010.</p><p>Kept.</p>", f"<p>{WORDS} in May 2011.</p><p>Kept.</p>")
    assert tracked(document) == [("del", "2010."), ("ins", "May 2011.")]
    marks = find(document.element.body, ".//w:ins | .//w:del")
    author = "The keepers of the Ruritanian dataset"
    assert {(mark.get(qn("w:author")), mark.get(qn("w:date"))) for mark in marks} == {(author, "2020-07-01T00:00:00Z")}


PAGES = {
    "the same": ("<p>A</p>", "<p>A</p>"),
    "words": (f"<p>{WORDS} in 2010.</p>", f"<p>{WORDS}, in <em>May</em> 2011 (M2011-1).</p>"),
    "all words": ("<p>A b c</p>", "<p>D e f g h</p>"),
    "looks": (f"<p>{WORDS}</p>", f"<p><strong>{WORDS}</strong></p>"),
    "a style": (f"<p>{WORDS}</p>", f"<h2>{WORDS}</h2>"),
    "a paragraph more": ("<p>A</p><p>B</p>", "<p>A</p><p>New</p><p>B</p>"),
    "a paragraph less": ("<p>A</p><p>Old</p><p>B</p>", "<p>A</p><p>B</p>"),
    "items": ("<ol><li>A b</li><li>C d</li></ol>", "<ol><li>New</li><li>A b</li><li>C d e</li></ol>"),
    "a line": ("<p>A<br>b c d</p>", "<p>A b<br>c d</p>"),
    "rows": (HEAD.format(ROW.format("a", "b") + ROW.format("c", "d")), HEAD.format(ROW.format("c", "d e") + ROW.format("f", "g"))),
    "a table": (f"<p>A</p>{HEAD.format(ROW.format('a', 'b'))}<p>B</p>", "<p>A</p><p>B</p>"),
    "a table more": ("<p>A</p><p>B</p>", f"<p>A</p>{HEAD.format(ROW.format('a', 'b'))}<p>B</p>"),
    "a link": (f"<p>{WORDS} <a href='https://a.example'>there it is</a></p>", f"<p>{WORDS} <a href='https://a.example'>here it is</a></p>"),
    "another link": (f"<p>{WORDS} <a href='https://a.example'>there</a></p>", f"<p>{WORDS} <a href='https://b.example'>there</a></p>"),
    "a control": (f"<p>On {DATE.format('22 April 2010')}.</p>", f"<p>On {DATE.format('May')}, perhaps.</p>"),
    "a control more": (f"<p>{WORDS}</p>", f"<p>{WORDS}: {DATE.format('May')}</p>"),
    "a control less": (f"<p>{WORDS}: {DATE.format('May')}</p>", f"<p>{WORDS}</p>"),
    "a bookmark less": ("<p id='a-1'>Old one</p><p><a href='#a-1'>to it</a></p><p>B</p>", "<p>B</p>"),
    "a page's foot": (
        "<p>A</p><footer class='running'>Edition 1, page <span class='page'></span></footer>",
        "<p>A</p><footer class='running'>Edition 2, page <span class='page'></span></footer>",
    ),
    "a page's head": ("<p>A</p>", "<header class='running'>Head</header><p>A</p>"),
    "a picture": ("<p>A</p>", "<p>A</p><figure><img src='brief/anchor.png' alt='P'><figcaption>F</figcaption></figure>"),
    "footnotes": (
        f"<p>{WORDS}<span class='footnote'>One</span><span class='footnote'>Two</span></p>",
        f"<p>{WORDS}<span class='footnote'>New</span><span class='footnote'>Two</span></p>",
    ),
}


def story_texts(document: Any) -> list[Any]:
    """Return the blocks of *document*, and the texts at the head and the foot of its pages."""
    section = document.sections[0]
    return [blocks(document), *(text(part._element) for part in (section.header, section.footer))]


@pytest.mark.parametrize("name", PAGES)
def test_all_changes_make_either_page(name: str, redline: Redline, write_word: WriteWord) -> None:
    """Accepted, they make the page now, to the letter and the style; rejected, the page before; marks are unique, links go round them."""
    for accepts, page in zip((False, True), PAGES[name], strict=True):
        document = redline(*PAGES[name])
        for story in (document.element, *(part._element for part in (document.sections[0].header, document.sections[0].footer))):
            assert not find(story, ".//w:ins//w:hyperlink | .//w:del//w:hyperlink | .//w:sdt//w:sdt")
        ids = find(document.element, "//@w:id[not(parent::w:bookmarkEnd | parent::w:footnoteReference)]")
        tags = find(document.element, "//w:tag/@w:val")
        assert (len(set(ids)), len(set(tags))) == (len(ids), len(tags))
        names = set(find(document.element, "//w:bookmarkStart/@w:name"))
        assert set(find(document.element, "//@w:anchor")) <= names
        assert story_texts(decided(document, accepts)) == story_texts(write_word(page))
    assert bool(find(redline(*PAGES[name]).element, "//w:ins | //w:del")) != (name in ("the same", "a page's foot", "a page's head"))


def test_a_bookmark_goes_with_its_text(redline: Redline) -> None:
    """A bookmark has the same name whatever stands before it; that of a text which was deleted is deleted with it, for links that were."""
    page = "<ul>{}<li id='a-1'>A one</li></ul><p>To <a href='#a-1'>a</a>{}</p>"
    before = page.format("<li id='b-1'>B two</li>", " and <a href='#b-1'>b</a>")
    document = redline(before, page.format("", ""))
    found = {mark.get(qn("w:name")): mark.getparent() for mark in find(document.element, "//w:bookmarkStart")}
    assert {name: parent.tag for name, parent in found.items()} == {"_b_1": qn("w:del"), "_a_1": qn("w:p")}


def test_footnotes_of_no_text_are_left_out(redline: Redline) -> None:
    """A footnote that both pages have is there once."""
    package = redline(*PAGES["footnotes"]).part.package
    (part,) = (part for part in package.iter_parts() if part.partname == "/word/footnotes.xml")
    notes = find(part.element, "//w:footnote[not(@w:type)]")
    assert sorted(text(note).strip() for note in notes) == ["New", "One", "Two"]


def test_a_control_stays_where_its_field_was(redline: Redline) -> None:
    """A field that both pages have is one control with what it held and holds; a field of one page has none: none could be tracked."""
    (control,) = find(redline(*PAGES["a control"]).element, "//w:sdt")
    assert find(control, ".//w:delText/text()") + find(control, ".//w:t/text()") == ["22 April 2010", "May"]
    assert find(redline(*PAGES["a control more"]).element, "//w:sdt") == []


def test_a_record_is_compared_with_itself(redline: Redline) -> None:
    """Items that hold the same field are one that was changed, however few words stayed; items of other fields are not."""
    may, june, other = DATE.format("May"), DATE.format("June"), DATE.replace("M2010", "M2011").format("May")
    document = redline(f"<ul><li>A b c {may}</li></ul>", f"<ul><li>A b c {other}</li><li>D {june}</li></ul>")
    assert [mark.tag.rpartition("}")[2] for mark in find(document.element, "//w:p/w:pPr/w:rPr/*")] == ["ins"]
    assert ("ins", "D June") in tracked(document)


def test_the_summary_tells_of_its_changes(tiny_view: View) -> None:
    """The summary as shipped, accepted, has the text of the new one, and rejected, of the old one."""
    matters = tiny_view.about.matters[1:]
    old = replace(tiny_view, about=tiny_view.about.model_copy(update={"matters": matters, "edition": 1, "bottom_line": None}))
    templates = PROJECT / "templates"
    redline = render(tiny_view, templates, SUMMARY, before=old).content
    for accepts, view in ((True, tiny_view), (False, old)):
        expected = docx.Document(BytesIO(render(view, templates, SUMMARY).content))
        assert story_texts(decided(docx.Document(BytesIO(redline)), accepts)) == story_texts(expected)
    assert redline == render(tiny_view, templates, SUMMARY, before=old).content
