"""Reading tagged PDF files."""

import pytest

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


def test_what_is_drawn_without_end_is_refused(finished: Folders, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    """Forms that draw forms can make much of a small file: the steps are counted while they are followed."""
    monkeypatch.setattr("reports.readers.pdf.MOST_OPERATORS", 100)
    with pytest.raises(TooLargeError, match="more than 100 steps of drawing"):
        read((finished.out / "en" / "paper.pdf").read_bytes())


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
