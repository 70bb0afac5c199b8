"""What the audit reads in a PDF."""

from io import BytesIO

import pytest
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject

from reports.audit.readers.pdf import read
from reports.audit.shown import Kind
from reports.build.plan import Folders


def test_rows_are_read_by_their_tags(own: Folders) -> None:
    """Each row has its cells and its anchor; links lead to anchors; the caption belongs to the table."""
    shown = read((own.out / "en" / "paper.pdf").read_bytes())
    row = shown.by_anchor["M2010-1"]
    assert (row.kind, row.cells[:2]) == (Kind.ROW, ("M2010-1", "22 April 2010"))
    assert next((link.text, link.target) for link in row.links) == ("[1]", "#source-gazette")
    assert [one.text for one in shown.passages if one.kind == Kind.CAPTION] == ["All 14 milestones"]
    assert shown.by_anchor["source-league"].text == "[2] The League, The League and Ruritania, https://league.example/ruritania"
    assert len(shown.rows["table 1"]) == 14


def written(writer: PdfWriter) -> bytes:
    target = BytesIO()
    writer.write(target)
    return target.getvalue()


def concealed(content: bytes) -> set[tuple[str, str]]:
    return {(one.place, one.why) for one in read(content).concealed}


@pytest.mark.parametrize("box", ["mediabox", "cropbox"])
@pytest.mark.parametrize("right", [300, 500])
def test_what_is_drawn_off_the_page_is_seen(right: int, box: str, own: Folders) -> None:
    """A text that begins or ends outside of its page, or of what is shown of it, is told."""
    writer = PdfWriter(clone_from=own.out / "en" / "paper.pdf")
    getattr(writer.pages[0], box).upper_right = (right, 842)
    assert {why for _, why in concealed(written(writer))} == {"is drawn outside of the page"}


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
        ("color: #12355b; background: #12355b", {"is written in #12355B on #12355B"}),
        ("color: transparent", {"is written in white on white"}),
        ("color: rgba(0, 0, 0, 0.01)", {"is written in #FCFCFC on white"}),
        ("color: lab(100 0 0)", {"is written in white on white"}),
        ("color: lab(30 40 0)", set()),
        ("color: device-cmyk(0 0 0 0)", {"is written in white on white"}),
        ("opacity: 0", {"is written in white on white"}),
        ("opacity: 0.5", set()),
        ("text-decoration: line-through", set()),
        ("color: #fff; background: linear-gradient(red, blue)", set()),
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


BOX = "position: absolute; top: 0; left: 0; width: 20cm; height: 5cm;"


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        (f"{BOX} background: #12355b", {"is painted over"}),
        (f"{BOX} border-radius: 9pt; background: linear-gradient(red, blue)", {"is painted over"}),
        (f"{BOX} height: 0; border-top: 5cm solid red", {"is painted over"}),
        (f"{BOX} background: rgba(18, 53, 91, 0.3)", set()),
        (f"{BOX} background: #12355b; opacity: 0.3", set()),
        (f"{BOX} border: 1pt solid red", set()),
        (f"{BOX} background: #12355b; top: 10cm", set()),
        (f"{BOX} background: #12355b; z-index: -1", set()),
    ],
)
def test_a_text_under_a_box_is_seen(style: str, expected: set[str]) -> None:
    """What is painted over a text, and not beside or under it or so thinly that the text is still read, is told."""
    from weasyprint import HTML

    page = f"<html lang=en><title>T</title><p style='color: #fa0'>A very long name of a body</p><div style='{style}'></div>"
    assert {why for _, why in concealed(HTML(string=page).write_pdf(pdf_tags=True))} == expected


def test_a_text_in_a_form_is_read() -> None:
    """A text that is drawn apart from its page, to be painted on it thinly, belongs to its passage."""
    from weasyprint import HTML

    page = "<html lang=en><title>T</title><table style='opacity: 0.9'><tr><td>One<td>Two</table><p>Next"
    assert [one.cells for one in read(HTML(string=page).write_pdf(pdf_tags=True)).passages] == [("One", "Two"), ("Next",)]


@pytest.mark.parametrize("kind", ["FreeText", "Square"])
def test_what_is_laid_over_a_page_is_seen(kind: str, own: Folders) -> None:
    """A note or a box that a program shows over the page is told; links are not."""
    writer = PdfWriter(clone_from=own.out / "en" / "paper.pdf")
    assert "/Annots" in writer.pages[0]
    rectangle = ArrayObject(map(FloatObject, (50, 700, 300, 800)))
    writer.add_annotation(0, {NameObject("/Subtype"): NameObject(f"/{kind}"), NameObject("/Rect"): rectangle})
    assert concealed(written(writer)) == {("page 1", f"has an annotation over it of the kind {kind}")}


def test_layers_are_seen(own: Folders) -> None:
    """What can be switched off is told, whether it is on or not."""
    writer = PdfWriter(clone_from=own.out / "en" / "paper.pdf")
    writer.root_object[NameObject("/OCProperties")] = DictionaryObject()
    assert concealed(written(writer)) == {("the file", "has layers, which can be switched off")}
