"""Columns with marked texts, and columns that ask -> conditional formats and data validations, which Excel lays over whole columns."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from reports.renderers.looks import Looks
from reports.renderers.workbook import Book, Question, Sheet, Table

LONGEST_ASK, LONGEST_ASK_TITLE = 225, 32  # of the message about a wrong answer, and of its title; the one beside the cell holds more
BEFORE_EXCEL = date(1899, 12, 30)  # on which day 0 falls, for whoever counts from March 1900 on

Lists = Mapping[tuple[str, ...], str]


def find_lists(book: Book) -> Lists:
    """Return the ranges of cells where the choices of each question in *book* stand below one another, in its sheet of lists."""
    asked = {column.question.choices for sheet in book.sheets if sheet.table for column in sheet.table.columns if column.question}
    return {
        choices: place
        for sheet in book.declared(book.declaration.lists)
        for choices in asked
        if choices and (place := _find(choices, sheet))
    }


def _find(choices: tuple[str, ...], sheet: Sheet) -> str:
    """Return the range in *sheet* where *choices* stand below one another; "" if there is none."""
    rows = sheet.table.rows if sheet.table else ()
    for number, column in enumerate(zip(*rows, strict=True), start=1):
        texts = [cell.value for cell in column]
        for row in (row for row, text in enumerate(texts) if text == choices[0]):
            if tuple(texts[row : row + len(choices)]) == choices:
                letter, first = get_column_letter(number), sheet.head + 1 + row
                return f"'{sheet.name}'!${letter}${first}:${letter}${first + len(choices) - 1}"
    return ""


def add_rules(target: Any, table: Table, rows: tuple[int, int], lists: Lists, colours: Looks) -> None:
    """Lay over *target*, the worksheet that has *table*, what its columns mark and ask in all *rows*, the first and the last."""
    # On paper, not on the grey of every second row in Excel, from which the accent can hardly be told.
    accent, paper = (f"FF{colours.rgb(name)}" for name in ("accent", "paper"))
    for number, column in enumerate(table.columns, start=1):
        letter = get_column_letter(number)
        place = f"{letter}{rows[0]}:{letter}{rows[1]}"
        for text in column.marked:
            looks = DifferentialStyle(font=Font(b=True, color=accent), fill=PatternFill("solid", bgColor=paper))
            quoted = '"{}"'.format(text.replace('"', '""'))
            target.conditional_formatting.add(place, Rule("cellIs", operator="equal", formula=[quoted], dxf=looks))
        if column.question:
            validation = _validation(column.heading, column.question, lists)
            validation.add(place)
            target.data_validations.append(validation)


def _validation(heading: str, question: Question, lists: Lists) -> DataValidation:
    """Return what shows the *question* under *heading* beside each cell, offers its choices, and refuses what is no answer."""
    told = {"promptTitle": heading[:LONGEST_ASK_TITLE], "prompt": question.ask, "errorTitle": heading[:LONGEST_ASK_TITLE]}
    told |= {"error": question.ask}
    shown = {"showInputMessage": True, "showErrorMessage": True, "allow_blank": True, **told}
    if question.choices:
        style = "information" if question.is_free else "stop"
        return DataValidation(type="list", formula1=lists[question.choices], errorStyle=style, **shown)
    if question.since:
        return DataValidation(type="date", operator="greaterThanOrEqual", formula1=str((question.since - BEFORE_EXCEL).days), **shown)
    return DataValidation(**shown)
