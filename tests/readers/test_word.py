"""Reading Word documents."""

from io import BytesIO

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from reports.build.plan import Folders
from reports.readers.content import Link
from reports.readers.word import controls, read
from tests.audit.conftest import finished  # noqa: F401 - a fixture


def test_a_document_is_read(finished: Folders) -> None:  # noqa: F811
    """Headings, items, rows, links and bookmarks are those of other formats."""
    blocks = read((finished.out / "en" / "paper.docx").read_bytes()).blocks
    (heading,) = [block for block in blocks if block.text == "Milestones"]
    (row,) = [block for block in blocks if block.cells[0] == "M2010-10"]
    (entry,) = [block for block in blocks if block.text.startswith("[6]")]
    assert heading.kind == "heading"
    assert (row.kind, row.cells[1], row.links) == ("row", "April 2010", (Link("[6]", "#source-leaflet"),))
    assert (entry.kind, entry.anchors) == ("item", {"source-leaflet"})


CONTROL = "<w:sdt {}><w:sdtPr>{}</w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"


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
