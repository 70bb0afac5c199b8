"""What a Word file conceals."""

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
