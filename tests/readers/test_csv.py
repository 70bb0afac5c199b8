"""Reading tables of comma-separated values."""

import pytest

from reports.readers.csv import read


@pytest.mark.parametrize("blank", ["", "\r\n", "\r\n\r\n"])
def test_each_line_is_a_row(blank: str) -> None:
    """Each line is a row by its number; a blank one, with which some programs end a file, is none."""
    blocks = read(f'A,B\r\n1,"two\nlines"\r\n{blank}'.encode()).blocks
    assert [(block.where, block.cells) for block in blocks] == [("line 1", ("A", "B")), ("line 2", ("1", "two\nlines"))]


@pytest.mark.parametrize(("written", "text"), [("'=1+1", "=1+1"), ("a;'=1", "a;=1"), ("''=1", "'=1"), ("'tis", "'tis")])
def test_apostrophes_that_guard_formulas_are_no_text(written: str, text: str) -> None:
    """The apostrophe that keeps a text from being a formula is not the text's own; any other is."""
    assert read(written.encode()).blocks[0].cells == (text,)


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_the_mark_of_utf_8_is_no_text(mark: str) -> None:
    """The mark that tells Excel how a file is written belongs to no heading; programs that save the file again leave it out."""
    assert read(f'{mark}"Č",B\r\n'.encode()).blocks[0].cells == ("Č", "B")
