"""What a Word table says beyond its cells: its title and description, which cells are headings, how wide its columns are."""

from typing import Any
from xml.etree.ElementTree import Element

from docx.oxml.ns import qn
from docx.shared import Emu

from reports.renderers.html import share, text_of
from reports.renderers.word.run import ooxml_element


def describe(table: Any, title: str, head: Element) -> None:
    """Give *table* its title and description for screen readers, and say which row and column are headings."""
    properties = table._tbl.tblPr
    for look in properties.findall(qn("w:tblLook")):
        properties.remove(look)
    settings = {"w:firstRow": "1", "w:firstColumn": "1", "w:noHBand": "1", "w:noVBand": "1", "w:val": "06A0"}
    properties.append(ooxml_element("w:tblLook", settings))
    properties.append(ooxml_element("w:tblCaption", {"w:val": title}))
    properties.append(ooxml_element("w:tblDescription", {"w:val": "; ".join(text_of(cell) for cell in head)}))


def set_widths(table: Any, element: Element, section: Any) -> None:
    """Set the widths of columns: a <col> of class w25 takes 25 % of the text's width, the others share the rest."""
    whole = section.page_width - section.left_margin - section.right_margin
    shares = [share(column) for column in element.iter("col")] or [None] * len(table.columns)
    rest = (100 - sum(one or 0 for one in shares)) / max(1, shares.count(None))
    table.autofit = False
    for column, one in zip(table.columns, shares, strict=True):
        width = Emu(int(whole * (rest if one is None else one) / 100))
        column.width = width
        for cell in column.cells:
            cell.width = width
