"""Word documents that came back, and what is none, or none that is safe to read."""

import re
from pathlib import Path
from typing import Any

import pytest
from docx.oxml.ns import qn

from reports.errors import ReportsError
from reports.proposals.manuscript import Control, Mark, Piece, read_manuscript
from reports.renderers.ooxml import pack, unpack
from tests.conftest import Show
from tests.proposals.conftest import ANA, DAY, Editor, with_comments

TRANSITIONAL, STRICT = "http://schemas.openxmlformats.org", "http://purl.oclc.org/ooxml"
DAMAGED = "a.docx: is damaged: open it in the program that it is from, and save it anew as .docx"
OTHER_KIND = "a.docx: is of a kind that we can't read: open it, and save it as .docx"
PROTECTED = "a.docx: is protected by a password: open it, take the password off, and save it as .docx"


def read(content: bytes, author: str = "The League") -> Any:
    """Return the manuscript *content*, issued by *author*."""
    return read_manuscript(content, Path("a.docx"), author, "2020-01-01")


def test_a_document_is_read(summary: bytes) -> None:
    """Its paragraphs in order, the pieces of each with the controls around them, and what was tracked in them."""
    editor = Editor(summary)
    editor.replace(editor.control("M2010-1/date"), "22", "23")
    manuscript = read(editor.save())
    (number,) = [number for number, control in manuscript.controls.items() if control.tag == "M2010-1/date"]
    control = manuscript.controls[number]
    assert control == Control("M2010-1/date", control.paragraph)
    paragraph = manuscript.paragraphs[control.paragraph]
    assert paragraph.where == "paragraph 17"
    assert [piece for piece in paragraph.pieces if number in piece.controls] == [
        Piece("22", control.paragraph, (number,), (Mark(True, ANA, DAY),), frozenset()),
        Piece("23", control.paragraph, (number,), (Mark(False, ANA, DAY),), frozenset()),
        Piece(" April 2010", control.paragraph, (number,), (), frozenset()),
    ]


def test_what_the_author_tracked_is_accepted(summary: bytes) -> None:
    """On the day of issue; what was taken out is not there, and what was put in was always there."""
    editor = Editor(summary, by="The League", when="2020-01-01T00:00:00Z")
    editor.replace(editor.control("M2010-1/date"), "22", "23")
    editor.remove(editor.around("dataset.yaml/matters.0.stands", "w:tr"))
    manuscript = read(editor.save())
    assert not any(piece.marks for paragraph in manuscript.paragraphs for piece in paragraph.pieces)
    text = "".join(piece.text for paragraph in manuscript.paragraphs for piece in paragraph.pieces)
    assert "23 April 2010: Harbour Agreement" in text
    assert "Harbour Charter" not in text
    assert any(piece.marks for paragraph in read(editor.save(), author="Bo").paragraphs for piece in paragraph.pieces)


def test_a_strict_document_is_the_same(summary: bytes) -> None:
    """Its names are those of another standard (ISO 29500-1, annex A)."""
    parts = {name: content.replace(TRANSITIONAL.encode(), STRICT.encode()) for name, content in unpack(summary).items()}
    parts = {name: content.replace(b"/2006/", b"/") if name.startswith("word/document") else content for name, content in parts.items()}
    assert read(pack(parts)) == read(summary)


def test_what_libreoffice_writes_for_nothing_is_nothing(summary: bytes) -> None:
    """A sign in a row that is empty, so that its insertion is tracked, and the date of a comment that has none."""
    editor = Editor(summary)
    editor.add(editor.around("M2010-1/date", "w:p"), "\N{ZERO WIDTH JOINER}")
    next(editor.body.iter(qn("w:ins"))).set(qn("w:date"), "0-00-00T00:00:00Z")
    added = next(paragraph for paragraph in read(editor.save()).paragraphs if paragraph.marks)
    assert (added.pieces, added.marks) == ((), (Mark(False, ANA, ""),))


def test_a_comment_without_a_number_of_its_paragraph_is_no_thread(summary: bytes) -> None:
    """LibreOffice numbers only those that are resolved or replied to."""
    content = with_comments(Editor(summary).save(), [("Ana", "A", ""), ("Bo", "B", "")], [0])
    parts = unpack(content)
    comments = parts["word/comments.xml"].replace(b' w14:paraId="1"', b"")
    threads = re.sub(rb'<w15:commentEx w15:paraId="1"[^>]*>', b"", parts["word/threads.xml"])
    found = read(pack(parts | {"word/comments.xml": comments, "word/threads.xml": threads})).comments
    assert [(comment.by, comment.to, comment.is_resolved) for comment in found] == [("Ana", "", True), ("Bo", "", False)]


@pytest.mark.parametrize("name", ["w:tr", "w:tbl"])
def test_a_cell_that_stands_in_no_table_is_read(name: str, summary: bytes) -> None:
    """No program writes one, and Word would not open it."""
    editor = Editor(summary)
    around = editor.around("dataset.yaml/matters.0.stands", name)
    for part in list(around):
        around.addprevious(part)
    around.getparent().remove(around)
    (found,) = [control for control in read(editor.save()).controls.values() if control.tag == "dataset.yaml/matters.0.stands"]
    assert read(editor.save()).paragraphs[found.paragraph].where.startswith("paragraph ")


def test_a_row_level_control_begins_with_its_first_paragraph(summary: bytes) -> None:
    """It stands around cells, in no paragraph."""
    editor = Editor(summary)
    control, cell = editor.control("dataset.yaml/matters.0.stands"), editor.around("dataset.yaml/matters.0.stands", "w:tc")
    cell.addprevious(control)
    control.find(qn("w:sdtContent")).append(cell)
    manuscript = read(editor.save())
    (found,) = [control for control in manuscript.controls.values() if control.tag == "dataset.yaml/matters.0.stands"]
    assert manuscript.paragraphs[found.paragraph].where == "table 1, row 2, column 2"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "a.docx: is empty: nothing came with it; ask for it again"),
        (b"Minutes", "a.docx: is no Word document (.docx)"),
        (b"%PDF-1.7", "a.docx: is a PDF, in which nothing can be told apart; ask for the Word document (.docx)"),
        (b"{\\rtf1", "a.docx: is an RTF file, which keeps no fields; ask for the Word document (.docx)"),
        (b"\xd0\xcf\x11\xe0", OTHER_KIND),
        (b"\xd0\xcf\x11\xe0E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0", PROTECTED),
        (b"PK\x03\x04", DAMAGED),
        (pack({"content.xml": b"", "mimetype": b""}), OTHER_KIND),
        (pack({"a.txt": b""}), "a.docx: is no Word document (.docx)"),
        (pack({"[Content_Types].xml": b""}), DAMAGED),
    ],
)
def test_what_is_no_word_document_is_named(content: bytes, message: str, show: Show) -> None:
    """With what to do about it."""
    with pytest.raises(ReportsError) as error:
        read(content)
    assert show(error.value.problems) == [message]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<w:body>", b"<w:body"),
        (b"<w:document", b'<!DOCTYPE a [<!ENTITY e "e">]><w:document'),
        (b"<w:document", b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><w:document'),
    ],
)
def test_a_damaged_or_hostile_part_is_named(old: bytes, new: bytes, summary: bytes, show: Show) -> None:
    """No entity is looked up, nor does one grow."""
    parts = unpack(summary)
    assert old in parts["word/document.xml"]
    start = parts["word/document.xml"].index(old)
    document = parts["word/document.xml"]
    with pytest.raises(ReportsError) as error:
        read(pack(parts | {"word/document.xml": document[:start] + new + document[start + len(old) :]}))
    assert show(error.value.problems) == [DAMAGED]


def test_every_cut_is_named(summary: bytes, show: Show) -> None:
    """A file that did not arrive whole, and one with a byte that turned over, are refused, or are read: nothing else happens."""
    said = set()
    for place in range(0, len(summary), len(summary) // 60):
        for content in (summary[:place], summary[:place] + b"\xff" + summary[place + 1 :]):
            try:
                read(content)
            except ReportsError as error:
                said |= set(show(error.problems))
    assert {DAMAGED, "a.docx: is no Word document (.docx)"} <= said


def test_macros_other_files_and_bombs_are_refused(summary: bytes, show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before any of it is read."""
    said = []
    parts = unpack(summary)
    types = parts["[Content_Types].xml"].replace(b"wordprocessingml.document.main", b"ms-word.document.macroEnabled.main")
    workbook = parts | {"word/document.xml": b"<workbook/>"}
    bomb = parts | {"word/document.xml": parts["word/document.xml"] + b" " * 2_000_000}
    monkeypatch.setattr("reports.proposals.archive.MOST_PARSED", 2_000_000)
    macros = (parts | {"word/vbaProject.bin": b""}, parts | {"[Content_Types].xml": types})
    for changed in (*macros, workbook, bomb, parts | {"../a.xml": b""}):
        with pytest.raises(ReportsError) as error:
            read(pack(changed))
        said += show(error.value.problems)
    assert said == [
        *["a.docx: holds macros, and a file with them is not opened: save it as .docx, which has none"] * 2,
        "a.docx: is no Word document (.docx)",
        "a.docx: holds more than 2,000,000 bytes of XML: delete what does not belong to it, empty rows at the end too, and save it again",
        DAMAGED,
    ]
