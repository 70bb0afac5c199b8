"""Real footnotes in Word: their part, their styles, the links in them, and where Word has none."""

from typing import Any

import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn

from reports.renderers.word import REFERENCE
from tests.conftest import edit
from tests.renderers.word.conftest import WordProblems, WriteWord, blocks, find, text

NOTE = "<span class='footnote'>{}</span>"
PAGE = f"""<h2>A{NOTE.format("In a heading")}</h2><p>B{NOTE.format("One <em>two</em> <a href='https://a.example'>three</a> & four")} C.</p>
<table><caption>D</caption><thead><tr><th scope="col">E</th></tr></thead>
<tbody><tr><td>F{NOTE.format("In a cell")}</td></tr></tbody></table>
<ul><li>G{NOTE.format("<a href='#here'>there</a>")}</li></ul><p>{NOTE.format("Alone")}</p><p id="here">H</p>"""


def footnotes(document: Any) -> list[Any]:
    """Return the footnotes of *document*, without the lines that part them from the text."""
    return find(document.part.part_related_by(RELATIONSHIP_TYPE.FOOTNOTES).element, "w:footnote[not(@w:type)]")


def test_footnotes_are_words_own(write_word: WriteWord) -> None:
    """Each note is a footnote of Word's, numbered in the order of the text, wherever its mark stands, and in Word's own styles."""
    document = write_word(PAGE)
    marks = find(document.element, "//w:footnoteReference")
    assert [mark.get(qn("w:id")) for mark in marks] == [note.get(qn("w:id")) for note in footnotes(document)] == ["1", "2", "3", "4", "5"]
    assert [text(note).strip() for note in footnotes(document)] == ["In a heading", "One two three & four", "In a cell", "there", "Alone"]
    assert [words for _, words in blocks(document)[1:4]] == ["A", "B C.", "D"]
    names = {style.style_id: style.name for style in document.styles}
    for mark in (*marks, *(find(note, ".//w:footnoteRef")[0] for note in footnotes(document))):
        assert [names[style] for style in find(mark.getparent(), "w:rPr/w:rStyle/@w:val")] == ["footnote reference"]
    assert {names[style] for note in footnotes(document) for style in find(note, "w:p/w:pPr/w:pStyle/@w:val")} == {"footnote text"}


def test_a_footnote_has_stress_and_links(write_word: WriteWord) -> None:
    """What stands in a note is written as in the text; an address is one of the part of the footnotes, an anchor is in the text."""
    document = write_word(PAGE)
    part = document.part.part_related_by(RELATIONSHIP_TYPE.FOOTNOTES)
    _, note, _, inner, _ = footnotes(document)
    assert find(note, ".//w:r[w:rPr/w:rStyle/@w:val='Emphasis']/w:t/text()") == ["two"]
    assert [part.rels[number].target_ref for number in find(note, ".//w:hyperlink/@r:id")] == ["https://a.example"]
    assert find(inner, ".//w:hyperlink/@w:anchor") == find(document.element, "//w:bookmarkStart/@w:name")


def test_a_document_without_footnotes_has_none(write_word: WriteWord) -> None:
    """The part of the footnotes holds the two lines that Word wants there, and nothing else."""
    document = write_word("<p>A</p>")
    assert footnotes(document) == []
    types = find(document.part.part_related_by(RELATIONSHIP_TYPE.FOOTNOTES).element, "w:footnote/@w:type")
    assert types == ["separator", "continuationSeparator"]
    assert find(document.settings.element, "w:footnotePr/w:footnote/@w:id") == ["-1", "0"]


@pytest.mark.parametrize(
    ("file", "old", "new", "html", "expected"),
    [
        (
            "styles.yaml",
            "",
            "",
            f"<footer class='running'>A{NOTE.format('B')}</footer>",
            "can't stand at the head or the foot of every page",
        ),
        ("styles.yaml", "  span.footnote: footnote text # what stands at the foot of the page\n", "", NOTE, "no role for a footnote"),
        ("styles.yaml", "footnote reference", "footnote mark", NOTE, "has no character style 'footnote mark'"),
        ("reference/word/_rels/document.xml.rels", '/footnotes"', '/endnotes"', NOTE, "has no part for footnotes"),
    ],
)
def test_where_word_has_no_footnote(
    file: str, old: str, new: str, html: str, expected: str, word_problems: WordProblems, word_templates: Any
) -> None:
    """A footnote in a running header or footer is a problem, and one that the styles or the reference document have no place for."""
    if old:
        edit(word_templates / REFERENCE.parent / file, old, new)
    found = word_problems(html if "<" in html[:1] and "footer" in html else f"<p>A{html}</p>")
    assert len(found) == 1
    assert expected in found[0]
