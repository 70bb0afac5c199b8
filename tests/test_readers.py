"""The readers of finished files, as a whole."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject, NullObject

from reports.errors import ReportsError
from reports.readers import READERS, read
from reports.renderers import RENDERERS
from tests.conftest import Show


def test_every_kind_of_file_has_a_reader() -> None:
    """What can be made can be read back."""
    assert set(READERS) == set(RENDERERS)


def document(text: bytes) -> bytes:
    """Return a Word document, as far as the reader looks at it."""
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as file:
        file.writestr("word/document.xml", text)
    return target.getvalue()


def sparse() -> bytes:
    """Return a workbook with two cells, as far apart as they can be."""
    book, target = openpyxl.Workbook(), BytesIO()
    book.active["A1"], book.active["XFD1048576"] = "a", "b"
    book.save(target)
    return target.getvalue()


def paper(pages: int = 1, drawing: bytes = b"", depth: int = 0) -> bytes:
    """Return a PDF with so many *pages* and such a *drawing*, whose structure branches twice at each of so many levels."""
    writer, target = PdfWriter(), BytesIO()
    content = DecodedStreamObject()
    content.set_data(drawing)
    for _ in range(pages):
        writer.add_blank_page(9, 9)[NameObject("/Contents")] = writer._add_object(content)
    tree = writer._add_object(DictionaryObject({NameObject("/S"): NameObject("/P"), NameObject("/K"): ArrayObject()}))
    for _ in range(depth):
        branches = {NameObject("/S"): NameObject("/Sect"), NameObject("/K"): ArrayObject([tree, tree])}
        tree = writer._add_object(DictionaryObject(branches))
    writer.root_object[NameObject("/StructTreeRoot")] = tree
    writer.root_object.setdefault(NameObject("/Names"), NullObject())
    writer.write(target)
    return target.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", lambda: b"a\r\n" * 200_001, "holds more than 200,000 texts"),
        ("a.csv", lambda: (b"a" * 99_999 + b"\r\n") * 201, "holds more than 20,000,000 letters"),
        ("a.html", lambda: b"<p>a" * 200_001, "holds more than 200,000 texts"),
        ("a.html", lambda: b"<" * 5_000_001, "holds more than 5,000,000 tags"),
        ("a.docx", lambda: document(b"<" * 1_000_001), "holds more than 1,000,000 tags"),
        ("a.docx", lambda: document(b"a" * 20_000_001), "holds more than 20,000,000 bytes of text"),
        ("a.xlsx", lambda: document(b"a" * 100_000_001), "holds more than 100,000,000 bytes of text"),
        ("a.xlsx", lambda: sparse(), "holds more than 10,000,000 cells"),
        ("a.pdf", lambda: paper(1001), "holds more than 1,000 pages"),
        ("a.pdf", lambda: paper(1, b"q Q\n" * 6_250_001), "holds more than 25,000,000 bytes of drawing"),
    ],
)
def test_a_file_of_a_hostile_size_is_named(name: str, content: Callable[[], bytes], message: str, tmp_path: Path, show: Show) -> None:
    """What would keep a person waiting, or fill the memory, is not read to its end."""
    (tmp_path / name).write_bytes(content())
    with pytest.raises(ReportsError) as error:
        read(tmp_path / name)
    assert show(error.value.problems) == [f"{name}: {message}, the most that are read back; not compared"]


def test_a_structure_that_multiplies_itself_is_refused(tmp_path: Path) -> None:
    """An element of a PDF's structure in two places, and each of these in two, would be read for ever."""
    (tmp_path / "a.pdf").write_bytes(paper(depth=64))
    with pytest.raises(ReportsError, match="a structure element stands in two places"):
        read(tmp_path / "a.pdf")
