"""Reading workbooks."""

import datetime as dt
from io import BytesIO

import openpyxl

from reports.readers.content import Link
from reports.readers.excel import read


def test_a_workbook_is_read_by_its_rows() -> None:
    """Each row with something in it is a block: days in ISO 8601, whole numbers without a point, links by their cells, of each sheet."""
    book = openpyxl.Workbook()
    first = book.active
    first.title = "A & B"
    first.append(["Day", "Number", "Text"])
    first.append([])
    first.append([dt.date(2010, 4, 22), 1500, "=1+1"])
    first["C3"].data_type = "s"
    first["C3"].hyperlink = openpyxl.worksheet.hyperlink.Hyperlink(ref="C3", target="https://league.example/?a=1&b=2", location="c")
    second = book.create_sheet("Second")
    second["AB2"] = 1.5
    second["AB2"].hyperlink = openpyxl.worksheet.hyperlink.Hyperlink(ref="AB2", location="'A & B'!A1")
    file = BytesIO()
    book.save(file)
    blocks = read(file.getvalue()).blocks
    assert [(block.where, block.table, block.cells) for block in blocks[:2]] == [
        ("A & B!A1", "A & B", ("Day", "Number", "Text")),
        ("A & B!A3", "A & B", ("2010-04-22", "1500", "=1+1")),
    ]
    assert blocks[1].links == (Link("=1+1", "https://league.example/?a=1&b=2#c"),)
    assert (blocks[2].where, blocks[2].cells[-1], blocks[2].links) == ("Second!A2", "1.5", (Link("1.5", "#'A & B'!A1"),))
