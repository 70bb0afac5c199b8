"""The workbook that openpyxl writes -> the package that Excel, gnumeric and Numbers want: shared texts, alternative texts."""

import re
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from lxml import etree
from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

from reports.renderers.ooxml import CONTENT_TYPES, pack, unpack

LONGEST_TIP = 255
# The type of a cell that holds the number of a text in *shared_strings* of its workbook, until that is finished: for "s", openpyxl writes
# the text into the cell, where Numbers does not find it.
SHARED = "shared"

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
TEXTS, TEXTS_TYPE = "sharedStrings.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
WORKBOOK_RELATIONS = "xl/_rels/workbook.xml.rels"
CHANGED = re.compile(rf"xl/styles\.xml|xl/tables/.*|{re.escape(WORKBOOK_RELATIONS)}|{re.escape(CONTENT_TYPES)}")

# The order of a font's properties in the schema (ISO/IEC 29500-1, CT_Font); openpyxl writes the first font in another.
FONT_ORDER = "b i strike condense extend outline shadow u vertAlign sz color name family charset scheme".split()  # noqa: SIM905

# Within a code such as _x0041_, which Excel reads as A.
CODE = re.compile(r"(?<=_)(?=x[0-9A-Fa-f]{4}_)")


def encode(text: str) -> str:
    """Return *text* as it stands in an attribute, where Excel reads codes too."""
    return CODE.sub("x005F_", text)


def tip(text: str) -> str:
    """Return *text* as an attribute, cut to what a tip or an alternative text holds."""
    return encode(text).encode("utf-16-le")[: 2 * LONGEST_TIP].decode("utf-16-le", "ignore")


def finish(workbook: Workbook, described: Sequence[tuple[str, str]]) -> bytes:
    """Return *workbook* as a file, with the title and the description of each of its tables, in their order."""
    target = BytesIO()
    ExcelWriter(workbook, ZipFile(target, "w")).save()  # which Workbook.save would do too, with the moment of the clock, and packed tight
    parts = unpack(target.getvalue())
    trees = {name: etree.fromstring(part) for name, part in parts.items() if CHANGED.fullmatch(name)}
    for font in trees["xl/styles.xml"].iter(f"{{{MAIN}}}font"):
        font[:] = sorted(font, key=lambda child: FONT_ORDER.index(etree.QName(child).localname))
    for number, (title, description) in enumerate(described, start=1):
        _describe(trees[f"xl/tables/table{number}.xml"], title, description)
    trees[f"xl/{TEXTS}"] = _shared(workbook.shared_strings)
    override = {"PartName": f"/xl/{TEXTS}", "ContentType": TEXTS_TYPE}
    etree.SubElement(trees[CONTENT_TYPES], f"{{{PACKAGE}/content-types}}Override", override)
    relation = {"Id": "texts", "Type": f"{OFFICE}/sharedStrings", "Target": TEXTS}
    etree.SubElement(trees[WORKBOOK_RELATIONS], f"{{{PACKAGE}/relationships}}Relationship", relation)
    written = {name: etree.tostring(tree, encoding="UTF-8", xml_declaration=True, standalone=True) for name, tree in trees.items()}
    return pack({**parts, **_sheets(parts), **written})


def _describe(table: Any, title: str, description: str) -> None:
    """Give *table* its texts for screen readers, an extension that openpyxl lacks."""
    extensions = etree.SubElement(table, f"{{{MAIN}}}extLst")
    extension = etree.SubElement(extensions, f"{{{MAIN}}}ext", {"uri": "{504A1905-F514-4f6f-8877-14C23A59335A}"}, nsmap={"x14": X14})
    etree.SubElement(extension, f"{{{X14}}}table", {"altText": tip(title), "altTextSummary": tip(description)})


def _shared(texts: Sequence[str]) -> Any:
    """Return the list of *texts*; one like a code stands in several runs, so that there is none, for not all programs read codes."""
    table = etree.Element(f"{{{MAIN}}}sst", nsmap={None: MAIN})
    for text in texts:
        item, runs = etree.SubElement(table, f"{{{MAIN}}}si"), CODE.split(text)
        for run in runs:
            place = etree.SubElement(item, f"{{{MAIN}}}r") if len(runs) > 1 else item
            written = etree.SubElement(place, f"{{{MAIN}}}t", {SPACE: "preserve"} if run != run.strip() else {})
            written.text = run
    return table


def _sheets(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the sheets of *parts* with the namespace of relationships at their roots, where gnumeric looks for it, and shared texts.

    Their relations lead to the tables beside them: exceljs finds none from the root on.
    """
    declaration = f' xmlns:r="{OFFICE}"'.encode()
    relations = {name: part for name, part in parts.items() if name.startswith("xl/worksheets/_rels/")}
    return {name: part.replace(b'Target="/xl/tables/', b'Target="../tables/') for name, part in relations.items()} | {
        name: part.replace(declaration, b"")
        .replace(b"<worksheet", b"<worksheet" + declaration, 1)
        .replace(f' t="{SHARED}"'.encode(), b' t="s"')
        for name, part in parts.items()
        if name.startswith("xl/worksheets/sheet")
    }
