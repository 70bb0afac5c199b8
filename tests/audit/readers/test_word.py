"""What a Word file conceals."""

import pytest

from tests.audit.conftest import Tamper

NORMAL = '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
CELL = '<w:r><w:t xml:space="preserve">M2012-1</w:t></w:r>'


def test_hidden_text_is_seen(tamper: Tamper) -> None:
    """Text that is formatted as hidden is told."""
    assert tamper("paper.docx", CELL, CELL.replace("<w:r>", "<w:r><w:rPr><w:vanish/></w:rPr>")) == ["'M2012-1' is hidden text"]


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


@pytest.mark.parametrize(
    ("place", "properties", "why"),
    [
        (NORMAL, "<w:vanish/>", "is hidden text"),
        (NORMAL, '<w:sz w:val="2"/>', "is set in letters of 1.0 points"),
        ("<w:rPrDefault><w:rPr>", "<w:vanish/>", "is hidden text"),
        ("<w:rPrDefault><w:rPr>", '<w:color w:val="FEFEFE"/>', "is written in #FEFEFE on white"),
    ],
)
def test_what_a_style_hands_down_is_seen(place: str, properties: str, why: str, tamper: Tamper) -> None:
    """What hides in the style that the others are based on, or in the defaults of all, hides every text that does not undo it."""
    own = f"<w:rPr>{properties}</w:rPr>" if place == NORMAL else properties
    assert f"'The joint exercise is to follow' {why}" in tamper("paper.docx", place, place + own)


def test_a_style_based_on_itself_ends(tamper: Tamper) -> None:
    """A circle of styles is followed once."""
    circle = '<w:basedOn w:val="Normal"/><w:rPr><w:vanish w:val="0"/></w:rPr>'
    assert tamper("paper.docx", NORMAL, NORMAL + circle) == []


@pytest.mark.parametrize(
    ("properties", "messages"),
    [
        ('<w:sz w:val="2"/>', ["'M2012-1' is set in letters of 1.0 points"]),
        ('<w:color w:val="12355B"/><w:shd w:val="clear" w:fill="12355B"/>', ["'M2012-1' is written in #12355B on #12355B"]),
        ('<w:highlight w:val="black"/>', ["'M2012-1' is written in #000000 on #000000"]),
        ('<w:highlight w:val="yellow"/>', []),
        ('<w:vanish w:val="0"/><w:sz w:val="14"/><w:color w:val="5B6670"/>', []),
    ],
)
def test_what_a_run_sets_itself_is_seen(properties: str, messages: list[str], tamper: Tamper) -> None:
    """Letters that nobody can read are told, in whatever colour; small grey ones are not."""
    assert tamper("paper.docx", CELL, CELL.replace("<w:r>", f"<w:r><w:rPr>{properties}</w:rPr>")) == messages


def test_a_hidden_end_is_seen(tamper: Tamper) -> None:
    """A paragraph whose end is hidden runs into the next one."""
    messages = tamper("paper.docx", '<w:pStyle w:val="Title"/>', '<w:pStyle w:val="Title"/><w:rPr><w:vanish/></w:rPr>')
    assert [one.partition("'")[0] for one in messages] == ["the end of the paragraph "]
