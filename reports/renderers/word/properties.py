"""Custom properties of a Word document, for which python-docx has no API (ISO 29500-1, 22.3)."""

from collections.abc import Mapping
from typing import Any

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from lxml import etree

NAMESPACE = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
OWN_SET = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"  # of those that a document's author names, as all programs write it
FIRST = 2  # number of a property; 0 and 1 are taken


def add_properties(document: Any, texts: Mapping[str, str]) -> None:
    """Add *texts* to *document* as properties of their names."""
    root = etree.Element(f"{{{NAMESPACE}}}Properties", nsmap={None: NAMESPACE, "vt": TYPES})
    for number, (name, text) in enumerate(texts.items(), FIRST):
        own = etree.SubElement(root, f"{{{NAMESPACE}}}property", fmtid=OWN_SET, pid=str(number), name=name)
        etree.SubElement(own, f"{{{TYPES}}}lpwstr").text = text
    package = document.part.package
    content = etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
    part = Part(PackURI("/docProps/custom.xml"), CONTENT_TYPE.OFC_CUSTOM_PROPERTIES, content, package)
    package.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_PROPERTIES)
