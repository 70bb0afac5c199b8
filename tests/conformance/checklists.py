"""The points of the checklists for accessible documents that no validator, and no test of the renderers, proves of our files.

They are about texts and looks, which data and templates decide. STANDARDS.md has the whole lists.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import openpyxl
from docx.oxml.ns import qn
from openpyxl.utils import get_column_letter, range_boundaries

from tests.conformance.validator import Finding

CONTRAST = 4.5  # WCAG 2.2, success criterion 1.4.3
PAPER, INK = "FFFFFF", "000000"
EMPTY_PHRASES = ("", "here", "click here", "link", "more", "read more", "this page", "page", "website")
# A day, or an interval of days, in a language whose ordinals have a full stop: "22. april 2010."
DAY = r"\d{1,2}\.\s(?:–\s\d{1,2}\.\s)?[^\W\d]+\s(?:–\s\d{1,2}\.\s[^\W\d]+\s)?\d{4}\."
TYPED_ITEM = re.compile(rf"\s*(?!{DAY})([•▪◦–*-]|\d{{1,2}}[.)]|[a-z][.)])\s")
NOTE_SIGN = re.compile(r".*[*†‡¹²³⁴⁵⁶⁷⁸⁹⁰]$", re.DOTALL)
STYLE_FAULTS = {
    "//w:sz[@w:val < 22]": "a style is smaller than 11 points",
    "//w:jc[@w:val!='left' and @w:val!='start']": "a style is not aligned at the left",
    "//@w:themeColor | //@w:themeFill | //w:highlight | //w:shd[@w:val!='clear'] | //w:tblStylePr//w:shd": "a theme decides a colour",
    "//w:style[@w:styleId='Hyperlink' and not(w:rPr/w:u[@w:val!='none'])]": "links are told from the text by their colour alone",
}


def check_word(path: Path, scratch: Path) -> list[Finding]:
    """Return what the Word document *path* lacks of the checklist."""
    document = docx.Document(str(path))
    return [Finding(text) for check in (_word_texts, _word_footers, _word_styles) for text in check(document)]


def check_excel(path: Path, scratch: Path) -> list[Finding]:
    """Return what the workbook *path* lacks of the UK Government's checklist for accessible spreadsheets."""
    checks = (_head, _rows, _cells, _formats)
    return [Finding(text) for sheet in openpyxl.load_workbook(path) for check in checks for text in check(sheet)]


def _word_texts(document: Any) -> Iterator[str]:
    """Lists are real, no paragraph or cell is empty, and links say where they go."""
    for paragraph in document.element.body.xpath(".//w:p[not(.//w:drawing)]"):
        text = _text(paragraph)
        if not text.strip():
            yield "a paragraph is empty"
        if TYPED_ITEM.match(text) and not paragraph.xpath("w:pPr/w:pStyle[starts-with(@w:val, 'List')]"):
            yield f"'{text[:40]}' looks like an item of a list, and is none"
    for link in map(_text, document.element.body.iter(qn("w:hyperlink"))):
        if _vague(link):
            yield f"a link's text '{link}' does not say where it goes"


def _word_footers(document: Any) -> Iterator[str]:
    """Nothing exists in a header or footer only, save the phrase, between dashes, that counts the pages."""
    body = set(re.findall(r"\w+", " ".join(map(_text, document.element.body.iter(qn("w:p")))).casefold()))
    for running in (document.sections[0].header, document.sections[0].footer):
        texts = ["#" if text.xpath("ancestor::w:fldSimple") else text.text or "" for text in running._element.iter(qn("w:t"))]
        phrases = [phrase for phrase in "".join(texts).casefold().split(" – ") if "#" not in phrase]
        for word in sorted(set(re.findall(r"\w+", " ".join(phrases))) - body):
            yield f"'{word}' stands in a header or footer only"


def _word_styles(document: Any) -> Iterator[str]:
    """Every style is large enough, aligned at the left and in a colour that can be told from every ground; links are underlined."""
    styles = document.styles.element
    yield from (message for path, message in STYLE_FAULTS.items() if styles.xpath(path))
    grounds = {PAPER, *styles.xpath("//w:shd/@w:fill[.!='auto']")}
    for colour in sorted(set(styles.xpath("//w:color/@w:val[.!='auto']"))):
        if min(contrast(colour, ground) for ground in grounds) < CONTRAST:
            yield f"{colour} can hardly be read on one of {sorted(grounds)}"


def _head(sheet: Any) -> Iterator[str]:
    """A sheet begins with its title and lines about it, without a blank one; a table stands under them, at the left edge, alone."""
    tables = [table.ref for table in sheet.tables.values()]
    first, top, _, last = range_boundaries(tables[0]) if tables else (1, sheet.max_row + 1, 1, sheet.max_row)
    if len(tables) > 1 or first != 1 or last != sheet.max_row:
        yield f"'{sheet.title}' has something beside or under its one table"
    if not all(sheet.cell(row, 1).value for row in range(1, top)):
        yield f"a line of '{sheet.title}' is blank"
    if sheet.merged_cells.ranges or sheet.protection.sheet or sheet.sheet_state != "visible":
        yield f"'{sheet.title}' is hidden or locked, or has merged cells"


def _rows(sheet: Any) -> Iterator[str]:
    """No row of a table is blank, and no column but one that says beside each of its cells what is to be written there."""
    asked = {cell for validation in sheet.data_validations.dataValidation if validation.prompt for cell in _cells_of(validation)}
    for table in sheet.tables.values():
        head, *rows = sheet[table.ref]
        if not all(any(cell.value is not None for cell in row) for row in rows):
            yield f"a row of '{sheet.title}' is blank"
        for heading, *cells in zip(head, *rows, strict=True):
            if all(cell.value is None and cell.coordinate not in asked for cell in cells):
                yield f"the column '{heading.value}' of '{sheet.title}' is blank"


def _cells_of(validation: Any) -> set[str]:
    """Return the names of the cells that *validation* is about."""
    return {f"{get_column_letter(column)}{row}" for place in validation.sqref.ranges for row, column in place.cells}


def _formats(sheet: Any) -> Iterator[str]:
    """A word that stands out in its column is told by more than its colour, and can be told from its ground."""
    for place in sheet.conditional_formatting:
        for looks in (rule.dxf for rule in place.rules):
            if not looks.font.b or contrast(looks.font.color.rgb[2:], looks.fill.bgColor.rgb[2:]) < CONTRAST:
                yield f"{place.sqref} of '{sheet.title}' marks a word by its colour alone, or so that it can hardly be read"


def _cells(sheet: Any) -> Iterator[str]:
    """No sign stands for a note, texts can be told from their ground, and links from texts; links say where they go."""
    for cell in (cell for row in sheet.iter_rows() for cell in row if cell.value is not None):
        place = f"{cell.coordinate} of '{sheet.title}'"
        if NOTE_SIGN.match(str(cell.value)):
            yield f"{place} ends with a sign for a note"
        colour = cell.font.color.rgb[2:] if cell.font.color and cell.font.color.type == "rgb" else INK  # a theme's is that of text
        ground = cell.fill.fgColor.rgb[2:] if cell.fill.fill_type else PAPER
        if contrast(colour, ground) < CONTRAST:
            yield f"{place} can hardly be read: {colour} on {ground}"
        if cell.hyperlink and not cell.font.u:
            yield f"the link in {place} is told by its colour alone"
        if cell.hyperlink and _vague(str(cell.value)):
            yield f"a link's text '{cell.value}' does not say where it goes"


def contrast(colour: str, ground: str) -> float:
    """Return the contrast of two colours, RRGGBB, as WCAG 2.2 defines it: from 1, none, to 21, black on white."""
    darker, lighter = sorted(map(_luminance, (colour, ground)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [value / 255 for value in bytes.fromhex(colour)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _text(element: Any) -> str:
    return "".join(text.text or "" for text in element.iter(qn("w:t"), qn("w:delText")))


def _vague(text: str) -> bool:
    """Return whether *text*, a link's, does not tell where it goes; a screen reader spells an address letter by letter."""
    return text.strip().casefold() in EMPTY_PHRASES or bool(re.match(r"https?:|www\.|mailto:|#", text.strip()))
