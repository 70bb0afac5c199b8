"""The picture of a register: what stands whole in its cell, what does not, and what is missing."""

from dataclasses import replace
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import PatternFill

from tests.conformance.picture import Page, Word, _compare

# Two columns of 50 points each, under a title a row of headings and two of texts, 20 points high.
WORDS = (
    *(Word("Title", 10, 0, 40, 8), Word("Name", 11, 22, 30, 28), Word("Text", 61, 22, 80, 28)),
    *(Word("one", 11, 42, 30, 48), Word("first", 61, 42, 80, 48), Word("line", 61, 50, 80, 56)),
    *(Word("two", 11, 62, 30, 68), Word("2010-04-22", 61, 62, 100, 68)),
)
PAGE = Page(WORDS, (20, 40, 60, 80), 10, 110)


@pytest.fixture
def sheet() -> Any:
    """A sheet with a title, a row of headings and two of texts, of which paper shows all."""
    book, file = openpyxl.Workbook(), BytesIO()
    sheet = book.active
    sheet.title = "Texts"
    for row in (["Title"], ["Name", "Text"], ["one", "first line"], ["two", "2010-04-22"]):
        sheet.append(row)
    sheet["A2"].fill = PatternFill("solid", fgColor="FF12355B")
    for letter in "AB":
        sheet.column_dimensions[letter].width = 10
    sheet.print_area = "A1:B4"
    book.save(file)
    return openpyxl.load_workbook(file).active


def moved(page: Page, text: str, **sides: Any) -> Page:
    """Return *page* with the word *text* in another place."""
    return replace(page, words=tuple(word._replace(**sides) if word.text == text else word for word in page.words))


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (PAGE, []),
        (
            moved(PAGE, "line", top=60, bottom=66),
            [
                "B3 of 'Texts' shows 'first' within its edges; it should be 'first line'",
                "B4 of 'Texts' shows 'line 2010-04-22' within its edges; it should be '2010-04-22'",
            ],
        ),
        (moved(PAGE, "first", right=112), ["B3 of 'Texts' shows 'line' within its edges; it should be 'first line'"]),
        (moved(PAGE, "one", left=8), ["A3 of 'Texts' shows '' within its edges; it should be 'one'"]),
        (moved(PAGE, "Title", top=18, bottom=26), ["the head of 'Texts' shows ''; it should be 'Title'"]),
        (replace(PAGE, edges=PAGE.edges[:3]), ["'Texts' ends on paper before its row 4"]),
    ],
    ids=["whole", "over the next row", "out of the page", "out of the column", "under the headings", "no page"],
)
def test_every_text_stands_whole_in_its_cell(page: Page, expected: list[str], sheet: Any) -> None:
    """A line that is drawn over another row is missing in its own; so is what is drawn over an edge, or not at all."""
    assert [finding.text for finding in _compare(sheet, [page])][: len(expected) or None] == expected


def test_a_table_goes_on_under_its_headings(sheet: Any) -> None:
    """Rows follow one another from page to page, each under the headings; the pages that a sheet has used are gone."""
    first = Page(tuple(word for word in WORDS if word.top < 60), (20, 40, 60), 10, 110)
    below = tuple(word._replace(top=word.top - 20, bottom=word.bottom - 20) for word in WORDS if word.top > 60)
    second = Page((*(word for word in WORDS if 20 < word.top < 40), *below), (20, 40, 60), 10, 110)
    pages = [first, second, PAGE]
    assert list(_compare(sheet, pages)) == []
    assert pages == [PAGE]


def test_lines_that_touch_are_in_disorder(sheet: Any) -> None:
    """A sheet without a table is its lines from top to bottom."""
    sheet["A2"].fill = PatternFill()
    sheet.delete_cols(2)
    words = [Word(text, 10, top, 40, top + 8) for top, text in ((0, "Title"), (20, "Name"), (40, "one"), (60, "two"))]
    assert list(_compare(sheet, [Page(tuple(words))])) == []
    second = tuple(word._replace(top=word.top - 40, bottom=word.bottom - 40) for word in words[2:])
    assert list(_compare(sheet, [Page(tuple(words[:2])), Page(second)])) == []
    (finding,) = _compare(sheet, [Page((*words[:2], words[2]._replace(bottom=70), words[3]))])
    assert finding.text == "'Texts' shows 'TitleNametwoone'; it should be 'TitleNameonetwo'"
