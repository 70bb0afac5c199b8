"""What the audit reads in a PDF."""

from io import BytesIO

from pypdf import PdfWriter

from reports.audit.pdf import read
from reports.audit.shown import Kind
from reports.plan import Folders


def test_rows_are_read_by_their_tags(own: Folders) -> None:
    """Each row has its cells and its anchor; links lead to anchors; the caption belongs to the table."""
    shown = read((own.out / "en" / "paper.pdf").read_bytes())
    row = shown.by_anchor["M2010-1"]
    assert (row.kind, row.cells[:2]) == (Kind.ROW, ("M2010-1", "22 April 2010"))
    assert next((link.text, link.target) for link in row.links) == ("[1]", "#source-gazette")
    assert [one.text for one in shown.passages if one.kind == Kind.CAPTION] == ["All 14 milestones"]
    assert shown.by_anchor["source-league"].text == "[2] The League, The League and Ruritania, https://league.example/ruritania"
    assert len(shown.rows["table 1"]) == 14


def test_what_is_drawn_off_the_page_is_seen(own: Folders) -> None:
    """A text that begins outside of its page is told."""
    writer = PdfWriter(clone_from=own.out / "en" / "paper.pdf")
    writer.pages[0].mediabox.upper_right = (300, 842)
    target = BytesIO()
    writer.write(target)
    concealed = read(target.getvalue()).concealed
    assert concealed != ()
    assert {one.why for one in concealed} == {"is drawn outside of the page"}
