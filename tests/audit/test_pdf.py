"""What the audit reads in a PDF."""

from io import BytesIO

import pytest
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


def concealed(content: bytes) -> set[tuple[str, str]]:
    return {(one.place, one.why) for one in read(content).concealed}


@pytest.mark.parametrize("right", [300, 500])
def test_what_is_drawn_off_the_page_is_seen(right: int, own: Folders) -> None:
    """A text that begins or ends outside of its page is told."""
    writer = PdfWriter(clone_from=own.out / "en" / "paper.pdf")
    writer.pages[0].mediabox.upper_right = (right, 842)
    target = BytesIO()
    writer.write(target)
    assert {why for _, why in concealed(target.getvalue())} == {"is drawn outside of the page"}


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("width: 2cm", set()),
        ("width: 2cm; white-space: nowrap", {("page 1, 'A long name of a body'", "is drawn over by '2010'")}),
        ("width: 100%; white-space: nowrap; text-indent: 18cm", {("page 1, 'A long name of a body'", "is drawn outside of the page")}),
        ("width: 100%; text-align: right; margin-right: -0.9mm", set()),
    ],
)
def test_where_a_text_ends_is_known(style: str, expected: set[tuple[str, str]]) -> None:
    """A name that does not fit into its column runs over the next one, or off the page; one that just fits does neither."""
    from weasyprint import HTML

    styles = "@page { size: A4; margin: 1cm 1mm } body, p { margin: 0; font: 11pt serif } .next { position: absolute; left: 2cm; top: 0 }"
    following = "<p class=next>2010</p>" if "2cm" in style else ""
    page = f"<html lang=en><title>T</title><style>{styles}</style><p style='{style}'>A long name of a body</p>{following}"
    assert concealed(HTML(string=page).write_pdf(pdf_tags=True)) == expected


CLIPPED = "overflow: hidden; width: 3cm; height: 1cm"


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        (CLIPPED, {"is cut off"}),
        ("overflow: hidden; width: 3cm; white-space: nowrap", {"is cut off"}),
        ("overflow: hidden; width: 12cm; height: 1cm", set()),
        ("font-size: 2pt", {"is set in letters of 2.0 points"}),
        ("font-size: 7pt", set()),
        ("color: #fff", {"is written in white on white"}),
        ("color: #fff; background: #12355b", set()),
        ("color: #fff; background: #12355b; border-radius: 4pt", set()),
        ("color: #fff; background: #fff", {"is written in white on white"}),
    ],
)
def test_what_a_page_does_not_show_is_seen(style: str, expected: set[str]) -> None:
    """A text that is cut off by the box it stands in, one that nobody can read, and one in the colour of the paper are told."""
    from weasyprint import HTML

    page = f"<html lang=en><title>T</title><p style='{style}'>A very long name of a body, with some more words to it</p><p>Next"
    assert {why for _, why in concealed(HTML(string=page).write_pdf(pdf_tags=True))} == expected


def test_what_stands_after_a_cut_is_whole() -> None:
    """What is cut off ends with its box: the next text has the whole page again."""
    from weasyprint import HTML

    page = f"<html lang=en><title>T</title><p style='{CLIPPED}'>A</p><p>A line much longer than the box above it, and lower than that"
    assert concealed(HTML(string=page).write_pdf(pdf_tags=True)) == set()
