"""Reading Word documents."""

from reports.build.plan import Folders
from reports.readers.content import Link
from reports.readers.word import read
from tests.audit.conftest import finished  # noqa: F401 - a fixture


def test_a_document_is_read(finished: Folders) -> None:  # noqa: F811
    """Headings, items, rows, links and bookmarks are those of other formats."""
    blocks = read((finished.out / "en" / "paper.docx").read_bytes()).blocks
    (heading,) = [block for block in blocks if block.text == "Milestones"]
    (row,) = [block for block in blocks if block.cells[0] == "M2010-10"]
    (entry,) = [block for block in blocks if block.text.startswith("[6]")]
    assert heading.kind == "heading"
    assert (row.kind, row.cells[1], row.links) == ("row", "April 2010", (Link("[6]", "#source-leaflet"),))
    assert (entry.kind, entry.anchors) == ("item", {"source-leaflet"})
