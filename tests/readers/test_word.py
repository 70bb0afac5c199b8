"""Reading Word documents."""

from io import BytesIO

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from reports.build.plan import Folders
from reports.readers.content import Link
from reports.readers.word import controls, read
from tests.audit.conftest import finished  # noqa: F401 - a fixture
from tests.renderers.word.conftest import WriteWord, word_templates, write_word  # noqa: F401 - fixtures


def test_a_document_is_read(finished: Folders) -> None:  # noqa: F811
    """Headings, items, rows, links and bookmarks are those of other formats."""
    blocks = read((finished.out / "en" / "paper.docx").read_bytes()).blocks
    (heading,) = [block for block in blocks if block.text == "Milestones"]
    (row,) = [block for block in blocks if block.cells[0] == "M2010-10"]
    (entry,) = [block for block in blocks if block.text.startswith("[6]")]
    assert heading.kind == "heading"
    assert (row.kind, row.cells[1], row.links) == ("row", "April 2010", (Link("[6]", "#source-leaflet"),))
    assert (entry.kind, entry.anchors) == ("item", {"source-leaflet"})


def test_a_long_name_of_a_bookmark_is_cut(write_word: WriteWord) -> None:  # noqa: F811
    """Word has no room for a long id: its anchor, and the link to it, say that they are cut, and the link leads there all the same."""
    saved, name = BytesIO(), "source-a-long-name-that-goes-on-and-on-and-on"
    write_word(f"<p id='{name}'>A</p><p id='b'>B <a href='#{name}'>a</a><a href='#b'>b</a></p>").save(saved)
    blocks = read(saved.getvalue()).blocks[-2:]
    (anchor,) = blocks[0].anchors
    cut, whole = blocks[1].links
    assert anchor == cut.target.removeprefix("#") == "source-a-long-name-that-goes-on-and-on-…"
    assert (cut.leads_to(f"#{name}"), cut.leads_to("#source-a-long-name-of-another")) == (True, False)
    assert (whole.leads_to("#b"), whole.leads_to("#bc")) == (True, False)


def test_controls_and_no_break_hyphens_are_read(write_word: WriteWord) -> None:  # noqa: F811
    """The text in a content control is that of its block, and a reference has its hyphen, wherever Word has to keep it whole."""
    saved = BytesIO()
    write_word("<p>On <span data-field='M2010-1/date' title='A'>22 April</span>, as in M2010-1 and <em>so‑so</em>.</p>").save(saved)
    assert read(saved.getvalue()).blocks[-1].text == "On 22 April, as in M2010-1 and so‑so."


CONTROL = "<w:sdt {}><w:sdtPr>{}</w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"


def test_tracked_changes_are_read_as_accepted() -> None:
    """What was deleted is not read, in controls or elsewhere: words, paragraphs, rows and bookmarks."""
    document = docx.Document()
    deleted = f'<w:del {nsdecls("w")} w:id="1" w:author="A"><w:bookmarkStart w:id="9" w:name="_a_1"/><w:bookmarkEnd w:id="9"/>{{}}</w:del>'
    run = "<w:r><w:delText>Old</w:delText></w:r>"
    paragraph = document.add_paragraph()._p
    content = deleted.format(run) + '<w:ins w:id="2" w:author="A"><w:r><w:t>New</w:t></w:r></w:ins>'
    paragraph.append(parse_xml(CONTROL.format(nsdecls("w"), '<w:tag w:val="M2010-1/date"/>', content)))
    gone = document.add_paragraph()._p
    gone.append(parse_xml(deleted.format(run)))
    gone.get_or_add_pPr().append(parse_xml(f'<w:rPr {nsdecls("w")}><w:del w:id="3" w:author="A"/></w:rPr>'))
    for text, mark in zip(("Old", "Kept"), ("del", "ins"), strict=True):
        row = document.add_table(1, 1).rows[0]
        row.cells[0].text = text
        row._tr.get_or_add_trPr().append(parse_xml(f'<w:{mark} {nsdecls("w")} w:id="4" w:author="A"/>'))
    target = BytesIO()
    document.save(target)
    assert [(block.text, block.anchors) for block in read(target.getvalue()).blocks if block.text] == [("New", set()), ("Kept", set())]
    assert controls(target.getvalue()) == {"M2010-1/date": "New"}


def test_controls_are_read() -> None:
    """Each that has a tag, within a line and around paragraphs, with its text as people see it; one without a tag names nothing."""
    document = docx.Document()
    tagged = '<w:tag w:val="M2010-1/{}"/>'
    date = "<w:r><w:t>22</w:t><w:noBreakHyphen/><w:t>April</w:t><w:br/><w:t>2010</w:t></w:r>"
    paragraph = document.add_paragraph("On ")._p
    paragraph.append(parse_xml(CONTROL.format(nsdecls("w"), tagged.format("date"), date)))
    paragraph.append(parse_xml(CONTROL.format(nsdecls("w"), "", date)))
    paragraph.addnext(parse_xml(CONTROL.format(nsdecls("w"), tagged.format("text"), "<w:p><w:r><w:t>Signed</w:t></w:r></w:p>")))
    target = BytesIO()
    document.save(target)
    assert controls(target.getvalue()) == {"M2010-1/date": "22-April\n2010", "M2010-1/text": "Signed"}
