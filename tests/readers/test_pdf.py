"""Reading tagged PDF files."""

from contextlib import AbstractContextManager, nullcontext
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from reports.build.plan import Folders
from reports.readers.content import Block, Content, Link, TooLargeError
from reports.readers.html import read as read_html
from reports.readers.pdf import read
from tests.audit.conftest import finished  # noqa: F401 - a fixture


@pytest.fixture(scope="module")
def content(finished: Folders) -> Content:  # noqa: F811
    """The paper as a PDF, read back."""
    return read((finished.out / "en" / "paper.pdf").read_bytes())


def test_a_pdf_says_what_the_page_says(content: Content, finished: Folders) -> None:  # noqa: F811
    """The blocks of a PDF are those of the web page that is made from the same template: kinds, cells and links."""

    def said(block: Block) -> tuple[object, ...]:
        cells = tuple("".join(cell.split()) for cell in block.cells)
        return block.kind, cells, block.table, [("".join(link.text.split()), link.target) for link in block.links]

    page = read_html((finished.out / "en" / "paper.html").read_bytes())
    assert [said(block) for block in content.blocks] == [said(block) for block in page.blocks]


def drawn(writer: PdfWriter, kind: str, drawing: bytes, inner: Any = None) -> Any:
    """Add to *writer* a *drawing* of a *kind*, which may draw the *inner* one as /a; return the reference to it."""
    stream = DecodedStreamObject()
    stream.set_data(drawing)
    stream[NameObject("/Subtype")] = NameObject(kind)
    drawings = DictionaryObject({NameObject("/a"): inner} if inner else {})
    stream[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): drawings})
    return writer._add_object(stream)


@pytest.mark.parametrize(
    ("kind", "expectation"),
    [("/Form", pytest.raises(TooLargeError, match="more than 25,000,000 bytes of drawing")), ("/Image", nullcontext())],
)
def test_what_is_drawn_without_end_is_refused(kind: str, expectation: AbstractContextManager[Any], finished: Folders) -> None:  # noqa: F811
    """Forms that draw forms can make much of a small file: how much is reckoned before anything is drawn. An image draws nothing else."""
    writer, target = PdfWriter(clone_from=finished.out / "en" / "paper.pdf"), BytesIO()
    inner = drawn(writer, "/Form", b"q Q")
    for _ in range(40):
        inner = drawn(writer, "/Form", b"/a Do /a Do", inner)
    outer, page = drawn(writer, kind, b"/a Do", inner), writer.pages[0]
    page[NameObject("/Resources")][NameObject("/XObject")] = DictionaryObject({NameObject("/a"): outer})
    page[NameObject("/Contents")] = drawn(writer, "/Form", page.get_contents().get_data() + b" /a Do")
    writer.write(target)
    with expectation:
        read(target.getvalue())


def test_a_block_has_its_page(content: Content) -> None:
    """The place of a block begins with its page, from 1."""
    assert content.blocks[0].place == "page 1, heading 'Ruritania and the League'"
    assert content.blocks[-1].where == "page 2"


def test_a_pdf_has_its_attachments(content: Content) -> None:
    """What is attached is read by its name."""
    assert content.attachments.keys() == {"dataset.json"}
    assert content.attachments["dataset.json"].startswith(b"{")


def test_a_link_has_its_text_and_target(content: Content) -> None:
    """A link is read with its text and where it leads: to an address, or to a name in the file."""
    (row,) = [block for block in content.blocks if block.cells[0] == "M2003-1"]
    assert row.links == (Link("with an agenda", "https://league.example/agenda"), Link("[4]", "#source-institute"))
