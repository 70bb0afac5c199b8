"""Footnotes of a Word document, for which python-docx has no API: their part, and what stands in the text (ISO 29500-1, 17.11)."""

from typing import Any

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.part import PartFactory, XmlPart
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

ROLE = "span.footnote"  # of what the HTML of a document for Word has in the place of a footnote: its note

PartFactory.part_type_for[CONTENT_TYPE.WML_FOOTNOTES] = XmlPart  # else python-docx keeps the part as bytes


def add_footnote(document: Any, text: Any, mark: Any) -> tuple[Any, Paragraph]:
    """Add a footnote to *document*; return the run that refers to it, and its paragraph, in the style *text*, to be filled.

    Both bear its number in the style *mark*. Raises KeyError if the reference document has no part for footnotes.
    """
    part = document.part.part_related_by(RELATIONSHIP_TYPE.FOOTNOTES)
    number = str(sum(not footnote.get(qn("w:type")) for footnote in part.element) + 1)
    footnote, paragraph = OxmlElement("w:footnote", {qn("w:id"): number}), OxmlElement("w:p")
    paragraph.style = text.style_id
    space = OxmlElement("w:r")
    space.add_t(" ")
    paragraph.extend((_run(mark, OxmlElement("w:footnoteRef")), space))
    footnote.append(paragraph)
    part.element.append(footnote)
    return _run(mark, OxmlElement("w:footnoteReference", {qn("w:id"): number})), Paragraph(paragraph, part)


def _run(style: Any, content: Any) -> Any:
    run: Any = OxmlElement("w:r")
    run.style = style.style_id
    run.append(content)
    return run
