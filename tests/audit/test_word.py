"""What a Word file conceals."""

import pytest

from tests.audit.conftest import Tamper

CELL = '<w:r><w:t xml:space="preserve">M2012-1</w:t></w:r>'


def test_hidden_text_is_seen(tamper: Tamper) -> None:
    """Text that is formatted as hidden is told."""
    assert tamper("paper.docx", CELL, CELL.replace("<w:r>", "<w:r><w:rPr><w:vanish/></w:rPr>")) == [
        "the paragraph 'M2012-1' is hidden text"
    ]


def test_a_tracked_deletion_is_seen(tamper: Tamper) -> None:
    """Text that one reader sees as deleted, and another as it was, is told; the file does not hold it any more."""
    messages = tamper("paper.docx", CELL, f"<w:del>{CELL.replace('w:t', 'w:delText')}</w:del>")
    assert "'' is a tracked change, which one reader sees and another does not" in messages
    assert "the milestone M2012-1, 'A & B, <24 h>', is missing (data/milestones/second.yaml:6:9)" in messages


@pytest.mark.parametrize("colour", ['w:val="FFFFFF"', 'w:val="auto" w:themeColor="background1"'])
def test_white_text_is_seen(colour: str, tamper: Tamper) -> None:
    """Text in the colour of the paper is told."""
    white = CELL.replace("<w:r>", f"<w:r><w:rPr><w:color {colour}/></w:rPr>")
    assert tamper("paper.docx", CELL, white) == ["'M2012-1' is written in white on white"]


def test_white_text_on_a_shade_can_be_read(tamper: Tamper) -> None:
    """White on blue is no secret."""
    shaded = '<w:r><w:rPr><w:color w:val="FFFFFF"/><w:shd w:val="clear" w:color="auto" w:fill="12355B"/></w:rPr>'
    assert tamper("paper.docx", CELL, CELL.replace("<w:r>", shaded)) == []


def test_a_style_that_writes_in_white_is_seen(tamper: Tamper) -> None:
    """A style in the colour of the paper conceals whatever has it."""
    old = '<w:style w:type="paragraph" w:styleId="Heading1">'
    messages = tamper("paper.docx", old, f'{old}<w:rPr><w:color w:val="FFFFFF"/></w:rPr>')
    assert messages == [f"'{one}' is written in white on white" for one in ("Milestones", "Claims", "Sources")]
