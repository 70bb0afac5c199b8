"""Spreadsheets as they are returned: values, notes and errors of each format, and files that nobody should open."""

import csv
import os
import re
import struct
import zipfile
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.utils.datetime import MAC_EPOCH
from python_calamine import CalamineWorkbook

from reports.documents.view import View
from reports.errors import ReportsError
from reports.proposals.sheets import Note, Row, Sheet, Value
from reports.proposals.spreadsheets import read_sheets
from reports.readers.csv import read as read_table
from reports.readers.excel import _text
from reports.readers.excel import read as read_finished
from reports.renderers import RenderedFile
from reports.renderers.csv_table import render as render_csv
from reports.renderers.excel import render
from reports.renderers.ooxml import pack, unpack
from tests.conftest import TINY
from tests.renderers.conftest import REGISTER

DAMAGED = "is damaged: open it in the program that it is from, and save it anew as .xlsx"
MACROS = "holds macros, and a file with them is not opened: save it as .xlsx, which has none"
NO_SPREADSHEET = "is no spreadsheet that we can read: .xlsx, .ods, .xls, or a table as .csv, .tsv or .txt"
PROTECTED = "is protected by a password: open it, take the password off, and save it as .xlsx"
WEB_PAGE = "is a web page or another text in XML, whatever its name says: open it in a spreadsheet program, and save it as .xlsx"
TOO_MUCH = "holds more than {}: delete what does not belong to it, empty rows at the end too, and save it again"

SHEET, LINKS, TYPES = "xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"
STRICT = {
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": b"http://purl.oclc.org/ooxml/officeDocument/relationships",
}
THREADS = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (("office", "office"), ("table", "table"), ("text", "text"))
)
Read = Callable[[bytes], tuple[Sheet, ...]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """A function that reads a file with the content it is given, whose name says nothing."""

    def read_content(content: bytes) -> tuple[Sheet, ...]:
        (tmp_path / "returned").write_bytes(content)
        return read_sheets(tmp_path / "returned")

    return read_content


def moment(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001 - spreadsheets know no time zones


def saved(book: openpyxl.Workbook) -> bytes:
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def workbook(*rows: list[Value]) -> bytes:
    """Return a workbook with *rows* in its one sheet, no text of which is a formula."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for cell in (cell for cells in book.active.iter_rows() for cell in cells if isinstance(cell.value, str)):
        cell.data_type = "s"
    return saved(book)


def with_cells(cells: str) -> bytes:
    """Return a workbook whose one sheet has the elements *cells* for rows."""
    parts = unpack(workbook())
    return pack({**parts, SHEET: re.sub(rb"<sheetData ?/?>(</sheetData>)?", f"<sheetData>{cells}</sheetData>".encode(), parts[SHEET])})


def changed(content: bytes, **parts: bytes) -> bytes:
    """Return the archive *content* with other or more *parts*."""
    return pack(unpack(content) | parts)


def opendocument(body: str, **parts: bytes) -> bytes:
    """Return an OpenDocument spreadsheet with the elements *body*."""
    content = (
        f'<office:document-content {NAMESPACES} xmlns:dc="http://purl.org/dc/elements/1.1/"><office:body><office:spreadsheet>'
        f"{body}</office:spreadsheet></office:body></office:document-content>"
    )
    return pack({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": content.encode(), **parts})


def compound(streams: Mapping[str, bytes]) -> bytes:
    """Return a compound file ([MS-CFB]) with *streams*, each padded to 4,096 bytes, in which .xls and protected .xlsx files are kept."""
    free, end = 0xFFFFFFFF, 0xFFFFFFFE
    table, entries, data = [0xFFFFFFFD, end], [("Root Entry", 5, 1 if streams else free, end, 0)], b""
    for number, (name, content) in enumerate(streams.items(), 1):
        entries.append((name, 2, number + 1 if number < len(streams) else free, len(table), 4096))
        table += [*range(len(table) + 1, len(table) + 8), end]
        data += content.ljust(4096, b"\0")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0, 0) + struct.pack("<108I", *[free] * 108)
    directory = b""
    for name, kind, next_one, start, size in entries:
        letters = name.encode("utf-16-le") + b"\0\0"
        sides = (free, free, next_one) if kind == 5 else (free, next_one, free)
        directory += letters.ljust(64, b"\0") + struct.pack("<HBB3I36xIII", len(letters), kind, 1, *sides, start, size, 0)
    return header + struct.pack("<128I", *table, *[free] * (128 - len(table))) + directory.ljust(512, b"\0") + data


def record(code: int, *data: bytes) -> bytes:
    return struct.pack("<HH", code, sum(map(len, data))) + b"".join(data)


def old_workbook(*cells: bytes, first: bytes = b"") -> bytes:
    """Return an .xls of 1997 ([MS-XLS]) with *cells* in its one sheet."""
    name = b"R\0e\0g\0"
    bound_sheet = record(0x85, struct.pack("<IHBB", 0, 0, 3, 1), name)
    begin = {kind: record(0x809, struct.pack("<HHHHII", 0x600, kind, 0, 0, 0, 6)) for kind in (0x05, 0x10)}
    end = record(0x0A)
    before = len(begin[0x05] + first + bound_sheet + end)
    bound_sheet = record(0x85, struct.pack("<IHBB", before, 0, 3, 1), name)
    return compound({"Workbook": begin[0x05] + first + bound_sheet + end + begin[0x10] + b"".join(cells) + end})


def values(sheet: Sheet) -> list[tuple[Value, ...]]:
    return [row.cells for row in sheet.rows]


def test_values_keep_their_types(read: Read) -> None:
    """A number, a text that looks like one, a day, a time and a truth come back as what they are; an empty cell is None."""
    row: list[Value] = [
        "007",
        "'1",
        "=1+1",
        "",
        1500,
        1.5,
        True,
        date(2010, 4, 22),
        moment(2010, 4, 22, 12, 30, 15),
        time(12, 30),
        None,
        "č\nđ",
    ]
    (sheet,) = read(workbook(row))
    assert sheet == Sheet("Sheet", (Row(1, tuple(value if value != "" else None for value in row)),))
    assert [type(value) for value in sheet.rows[0].cells[:10]] == [str, str, str, type(None), float, float, bool, date, datetime, time]


def test_days_are_counted_from_either_epoch(read: Read) -> None:
    """The same day stands in a workbook that counts from 1900 and in one that counts from 1904, and no day of before is an hour."""
    book = openpyxl.Workbook()
    book.epoch = MAC_EPOCH
    book.active.append([date(2010, 4, 22), date(1993, 5, 1)])
    assert values(*read(saved(book))) == [(date(2010, 4, 22), date(1993, 5, 1))]
    assert values(*read(workbook([date(1878, 7, 13), date(9999, 12, 31)]))) == [(date(1878, 7, 13), date(9999, 12, 31))]


def test_a_number_that_no_calendar_has_stays_one(read: Read) -> None:
    """A cell that shows a number as a date may hold any number."""
    content = workbook([date(2010, 4, 22)])
    part = unpack(content)[SHEET].replace(b"<v>40290</v>", b"<v>9e99</v>")
    assert values(*read(changed(content, **{SHEET: part}))) == [(9e99,)]


def test_what_is_hidden_is_read(read: Read) -> None:
    """Hidden sheets, rows and columns come back like others, and rows have the numbers that people see."""
    book = openpyxl.Workbook()
    book.active["B3"] = "here"
    book.active.row_dimensions[3].hidden = True
    book.active.column_dimensions["B"].hidden = True
    book.create_chartsheet("Chart")
    hidden = book.create_sheet("Hidden")
    hidden.sheet_state = "veryHidden"
    hidden["A1"] = "there"
    assert read(saved(book)) == (Sheet("Sheet", (Row(3, (None, "here")),)), Sheet("Hidden", (Row(1, ("there",)),)))


TEXTS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=20)
# What openpyxl writes as the code of a character, it means as a text.
VALUES: st.SearchStrategy[Value] = st.one_of(
    st.none(),
    TEXTS.filter(lambda text: not re.search("_x[0-9A-Fa-f]{4}_", text)),
    st.floats(allow_nan=False, allow_infinity=False).map(lambda number: float(f"{number:.14g}")),  # openpyxl writes fifteen digits
    st.booleans(),
    st.dates(date(1900, 3, 1)),
    st.datetimes(moment(1900, 3, 1), moment(9999, 1, 1)).map(lambda found: found.replace(hour=found.hour or 1, microsecond=0)),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(VALUES, min_size=1, max_size=6).filter(lambda row: row[-1] is not None), min_size=1, max_size=4))
def test_whatever_is_written_comes_back(read: Read, rows: list[list[Value]]) -> None:
    """Any values, wherever they are; openpyxl wrote them, which knows nothing of this."""
    assert values(*read(workbook(*rows))) == [tuple(row) for row in rows]


@pytest.fixture(scope="module")
def register(tiny_view: View) -> RenderedFile:
    return render(tiny_view, TINY / "templates", REGISTER)


def test_an_untouched_register_is_what_others_read(register: RenderedFile, read: Read) -> None:
    """A register as it was made has the rows that the audit's reader finds, and the values that calamine does."""
    sheets = read(register.content)
    blocks = read_finished(register.content).blocks
    told = [
        (f"{sheet.name}!A{row.number}", tuple("" if cell is None else _text(cell) for cell in row.cells))
        for sheet in sheets
        for row in sheet.rows
    ]
    assert len(told) > 20
    assert told == [(block.where, cut(block.cells)) for block in blocks]
    book = CalamineWorkbook.from_filelike(BytesIO(register.content))
    others = [[value for row in book.get_sheet_by_name(sheet.name).to_python() for value in row if value != ""] for sheet in sheets]
    assert [[value for row in sheet.rows for value in row.cells if value is not None] for sheet in sheets] == others


def cut(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Return *cells* without the empty ones at the end."""
    return cells[: max(number for number, cell in enumerate(cells, 1) if cell)]


def test_a_strict_workbook_is_read(register: RenderedFile, read: Read) -> None:
    """Excel's "Strict Open XML" has other namespaces, and days in ISO 8601."""
    parts = unpack(register.content)
    for old, new in STRICT.items():
        parts = {name: part.replace(old, new) for name, part in parts.items()}
    assert read(pack(parts)) == read(register.content)
    row = '<row r="2"><c r="B2" t="d"><v>2010-04-22</v></c><c r="C2" t="d"><v>2010-04-22T10:00:00</v></c></row>'
    assert values(*read(with_cells(row))) == [(None, date(2010, 4, 22), moment(2010, 4, 22, 10))]


def test_cells_need_not_say_where_they_are(read: Read) -> None:
    """A row and a cell without a place stand behind the one before; a text in pieces is one, without its pronunciation."""
    text = '<is><r><t>Sara</t></r><r><t xml:space="preserve">jevo </t></r><rPh sb="0" eb="1"><t>no</t></rPh></is>'
    rows = f'<row><c t="inlineStr">{text}</c><c><v>1</v></c></row><row r="4"><c r="C4"><v>2</v></c><c><v>3</v></c></row>'
    assert read(with_cells(rows))[0].rows == (Row(1, ("Sarajevo ", 1.0)), Row(4, (None, None, 2.0, 3.0)))


def test_what_is_broken_is_named(read: Read) -> None:
    """An error, and a formula that no program has worked out, are no values, and are named by their columns."""
    cells = '<c t="e"><v>#REF!</v></c><c><f>A1+1</f></c><c t="str"><f>""</f><v></v></c><c><f>1+1</f><v>2</v></c>'
    assert read(with_cells(f"<row>{cells}</row>"))[0].rows == (Row(1, (None, None, None, 2.0), {}, {0: "#REF!", 1: "=A1+1"}),)


def test_notes_come_with_their_cells(read: Read) -> None:
    """A note has an author and a text, without the author's name that Excel puts above it, also beside an empty cell."""
    book = openpyxl.Workbook()
    book.active["A1"] = "text"
    book.active["A1"].comment = Comment("Ana:\nIs this right?", "Ana")
    book.active["C9"].comment = Comment("Nothing here?", "Bob")
    (sheet,) = read(saved(book))
    assert sheet.rows == (
        Row(1, ("text",), {0: (Note("Ana", "", "Is this right?"),)}),
        Row(9, (), {2: (Note("Bob", "", "Nothing here?"),)}),
    )


def threaded(is_kept: bool) -> bytes:
    """Return a workbook with a thread of two, as Excel writes it, or as a program does that knows no threads."""
    book = openpyxl.Workbook()
    said = "[Threaded comment]\n\nYour version of Excel allows you to read this.\n\nComment:\n    Why 2010?\nReply:\n    See page 3."
    book.active["B2"].comment = Comment(said, "tc={1A}")
    parts = unpack(saved(book))
    if is_kept:
        comments = (
            f'<ThreadedComments xmlns="{THREADS}"><threadedComment ref="B2" dT="2026-11-02T09:30:00.00" personId="{{P1}}" id="{{1A}}">'
            '<text>Why 2010?</text></threadedComment><threadedComment ref="B2" dT="2026-11-03T10:00:00.00" personId="{P2}" id="{1B}" '
            'parentId="{1A}"><text>See page 3.</text></threadedComment></ThreadedComments>'
        )
        people = (
            f'<personList xmlns="{THREADS}"><person displayName="Ana" id="{{P1}}"/><person displayName="Bob" id="{{P2}}"/></personList>'
        )
        link = '<Relationship Id="rId99" Type="http://schemas.microsoft.com/office/2017/10/relationships/{}" Target="{}"/></Relationships>'
        for name, kind, target in (
            ("xl/worksheets/_rels/sheet1.xml.rels", "threadedComment", "../threadedComments/threadedComment1.xml"),
            ("xl/_rels/workbook.xml.rels", "person", "/xl/persons/person.xml"),
        ):
            parts[name] = parts[name].replace(b"</Relationships>", link.format(kind, target).encode())
        parts |= {"xl/threadedComments/threadedComment1.xml": comments.encode(), "xl/persons/person.xml": people.encode()}
    return pack(parts)


def test_threads_come_with_persons_and_replies(read: Read) -> None:
    """A thread is a note for each who spoke; what Excel writes beside it for older programs is no note, unless it is all that is left."""
    (sheet,) = read(threaded(is_kept=True))
    said = (Note("Ana", "2026-11-02T09:30:00.00", "Why 2010?"), Note("Bob", "2026-11-03T10:00:00.00", "See page 3."))
    assert sheet.rows == (Row(2, (), {1: said}),)
    assert read(threaded(is_kept=False))[0].rows == (Row(2, (), {1: (Note("", "", "Why 2010?\nSee page 3."),)}),)


BODY = """<table:tracked-changes><table:table><table:table-row><table:table-cell office:value-type="string"><text:p>gone</text:p>
</table:table-cell></table:table-row></table:table></table:tracked-changes>
<table:table table:name="A"><table:table-header-rows><table:table-row><table:table-cell table:number-columns-repeated="2"/>
<table:table-cell office:value-type="float" office:value="5" table:number-columns-repeated="2"><text:p>5,00</text:p></table:table-cell>
</table:table-row></table:table-header-rows>
<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>
<table:table-row table:number-rows-repeated="2"><table:table-cell office:value-type="string"><text:p>two  <text:span>s<text:s text:c="2"/>p
</text:span><text:tab/><text:line-break/>a</text:p><text:p>b</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell office:value-type="boolean" office:boolean-value="true"/>
<table:table-cell office:value-type="date" office:date-value="2010-04-22"/>
<table:table-cell office:value-type="date" office:date-value="2010-04-22T12:30:15"/>
<table:table-cell office:value-type="time" office:time-value="PT12H30M00S"/>
<table:table-cell office:value-type="time" office:time-value="PT30H00M00S"><text:p>30:00</text:p></table:table-cell>
<table:table-cell office:value-type="date" office:date-value="-0044-03-15"><text:p>44 BC</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell table:formula="of:=#REF!" office:value-type="string" office:string-value=""><text:p>#REF!</text:p>
</table:table-cell><table:table-cell table:formula="of:=1+1"/>
<table:table-cell table:formula="of:=&quot;&quot;"><text:p/></table:table-cell>
<table:covered-table-cell><office:annotation><dc:creator>Ana</dc:creator><dc:date>2026-11-02T09:30:00</dc:date><text:p>Why</text:p>
<text:p>2010?</text:p></office:annotation></table:covered-table-cell></table:table-row>
<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
</table:table>
<table:table table:name="B"><table:table-row><table:table-cell/></table:table-row></table:table>"""


def test_an_opendocument_is_read(read: Read) -> None:
    """Repeated cells and rows, values by their types, text with its elements, notes and errors; not what a record of changes keeps."""
    text = "two  s  p\n\t\na\nb"
    moments = (date(2010, 4, 22), moment(2010, 4, 22, 12, 30, 15), time(12, 30))
    assert read(opendocument(BODY)) == (
        Sheet(
            "A",
            (
                Row(1, (None, None, 5.0, 5.0)),
                Row(4, (text,)),
                Row(5, (text,)),
                Row(6, (True, *moments, "30:00", "44 BC")),
                Row(7, (), {3: (Note("Ana", "2026-11-02T09:30:00", "Why\n2010?"),)}, {0: "#REF!", 1: "=1+1"}),
            ),
        ),
        Sheet("B", ()),
    )


def test_a_library_without_macros_is_none(read: Read) -> None:
    """LibreOffice names a library of macros in which there is none, if somebody looked for one."""
    assert read(opendocument("", **{"Basic/script-lc.xml": b"<a/>", "Basic/Standard/script-lb.xml": b"<a/>"})) == ()


def test_an_old_workbook_is_read(read: Read) -> None:
    """An .xls is read by its cells: texts, numbers, truths and errors, whatever the file is called."""
    place = struct.Struct("<HHH")
    cells = (
        record(0x204, place.pack(1, 0, 0), struct.pack("<HB", 3, 1), "čđš".encode("utf-16-le")),
        record(0x203, place.pack(1, 2, 0), struct.pack("<d", 1500.5)),
        record(0x205, place.pack(1, 3, 0), b"\x01\x00"),
        record(0x205, place.pack(1, 4, 0), b"\x17\x01"),
    )
    assert read(old_workbook(*cells)) == (Sheet("Reg", (Row(2, ("čđš", None, 1500.5, True), {}, {4: "#REF!"}),)),)


HEADING, LINES = ("Reference", "Title", "Text"), [("M2010-1", "Šefik Džaferović; a", 'He said, "no"'), ("M2010-2", "", "two\nlines")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1250"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_as_text_is_read(separator: str, encoding: str, read: Read) -> None:
    """Separators and encodings are told by the file, as Excel saves it in one country or another, with commas in its texts."""
    file = StringIO(newline="")
    csv.writer(file, delimiter=separator).writerows([("All, milestones", "", ""), (), HEADING, *LINES])
    rows = read(file.getvalue().encode(encoding))[0].rows
    assert rows == (Row(1, ("All, milestones",)), Row(3, HEADING), Row(4, LINES[0]), Row(5, ("M2010-2", None, "two\nlines")))


@pytest.mark.parametrize("encoding", ["cp1250", "cp1252"])
def test_known_words_tell_one_code_page_from_another(encoding: str, tmp_path: Path) -> None:
    """The same bytes are č in Central Europe and è in Western Europe: the words of the dataset decide."""
    word = {"cp1250": "Bečić", "cp1252": "siège"}[encoding]
    (tmp_path / "returned.csv").write_bytes(f"Reference;Title\nM2010-1;{word}".encode(encoding))
    assert read_sheets(tmp_path / "returned.csv", "Bečić; siège")[0].rows[1].cells == ("M2010-1", word)


def test_an_untouched_table_as_text_comes_back(tiny_view: View, read: Read) -> None:
    """The CSV file that goes with the register says in its cells what the register does, without the keepers of formulas."""
    content = render_csv(tiny_view, TINY / "templates", REGISTER).content
    assert [tuple(cell or "" for cell in row) for row in values(*read(content))] == [
        cut(block.cells) for block in read_table(content).blocks
    ]
    assert read(b"Reference,Text\nA,'=1+1\nB,'b")[0].rows[1:] == (Row(2, ("A", "=1+1")), Row(3, ("B", "'b")))


def bomb(member: str) -> bytes:
    """Return a workbook with a part that is 300 MB when unpacked."""
    file = BytesIO(workbook(["a"]))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive, archive.open(member, "w") as part:
        for _ in range(300):
            part.write(bytes(1_000_000))
    return file.getvalue()


def renamed(name: str) -> bytes:
    """Return a workbook with one more part, of that *name*."""
    return changed(workbook(["a"]), **{name: b"a"})


def flagged() -> bytes:
    """Return a workbook that says of its first part that a password is needed."""
    content = bytearray(workbook(["a"]))
    content[content.rindex(b"PK\x01\x02", 0, content.index(b"PK\x01\x02") + 4) + 8] |= 1
    return bytes(content)


def with_entity(declaration: str) -> bytes:
    """Return a workbook whose texts call an entity that *declaration* declares."""
    parts = unpack(with_cells('<row><c t="inlineStr"><is><t>&amp;e;</t></is></c></row>'))
    return pack({**parts, SHEET: f"<!DOCTYPE worksheet {declaration}>".encode() + parts[SHEET].replace(b"&amp;e;", b"&e;")})


LAUGHS = "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghe", strict=True))
PLAIN = workbook(["a"])
BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (bytes, "is empty: nothing came with it; ask for it again"),
    "blank": (lambda: b" \n", "is empty: nothing came with it; ask for it again"),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", NO_SPREADSHEET),
    "other archive": (lambda: pack({"word/document.xml": b"<a/>"}), NO_SPREADSHEET),
    "other compound file": (lambda: compound({"WordDocument": b""}), NO_SPREADSHEET),
    "web page": (lambda: b"<html><table><tr><td>M2010-1</table>", WEB_PAGE),
    "marked web page": (lambda: "\ufeff <!DOCTYPE html>".encode(), WEB_PAGE),
    "archived web page": (lambda: b"MIME-Version: 1.0\n", WEB_PAGE),
    "binary workbook": (lambda: pack({"xl/workbook.bin": b"\0"}), "is of a kind that we can't read: open it, and save it as .xlsx"),
    "protected xlsx": (lambda: compound({"EncryptionInfo": b"", "EncryptedPackage": b""}), PROTECTED),
    "protected xls": (lambda: old_workbook(first=record(0x2F, bytes(6))), PROTECTED),
    "protected ods": (lambda: opendocument("", **{"META-INF/manifest.xml": b"<m:encryption-data/>"}), PROTECTED),
    "protected zip": (flagged, PROTECTED),
    "half": (lambda: PLAIN[: len(PLAIN) // 2], DAMAGED),
    "changed byte": (lambda: PLAIN.replace(b"PK\x01\x02", b"PK\x01\x03", 1), DAMAGED),
    "damaged part": (lambda: changed(PLAIN, **{SHEET: unpack(PLAIN)[SHEET][:-20]}), DAMAGED),
    "damaged sum": (lambda: re.sub(rb"(?s)^(.{14})....", rb"\g<1>abcd", PLAIN).replace(PLAIN[14:18], b"abcd"), DAMAGED),
    "missing part": (lambda: pack({name: part for name, part in unpack(PLAIN).items() if "_rels" not in name}), DAMAGED),
    "missing text": (lambda: with_cells('<row><c t="s"><v>9</v></c></row>'), DAMAGED),
    "damaged xls": (lambda: old_workbook()[:1600], DAMAGED),
    "damaged text": (lambda: b"\xff\xfea", NO_SPREADSHEET),
    "macros": (lambda: changed(PLAIN, **{TYPES: unpack(PLAIN)[TYPES].replace(b"sheet.main", b"sheet.macroEnabled.main")}), MACROS),
    "macros of another name": (
        lambda: changed(PLAIN, **{LINKS: unpack(PLAIN)[LINKS].replace(b"relationships/theme", b"relationships/vbaProject")}),
        MACROS,
    ),
    "macros as a part": (lambda: changed(PLAIN, **{"xl/vbaProject.bin": b"a"}), MACROS),
    "macros in ods": (lambda: opendocument("", **{"Basic/Standard/Module1.xml": b"<a/>"}), MACROS),
    "macros in xls": (lambda: compound({"Workbook": b"", "_VBA_PROJECT_CUR": b""}), MACROS),
    "external entity": (lambda: with_entity('[<!ENTITY e SYSTEM "file:///etc/hostname">]'), DAMAGED),
    "external document type": (lambda: with_entity('SYSTEM "http://127.0.0.1:9/a.dtd"'), DAMAGED),
    "entities that multiply": (lambda: with_entity(f'[<!ENTITY a "lol">{LAUGHS}]'), DAMAGED),
    "deep XML": (lambda: with_cells(f"<row><c>{'<a>' * 5000}{'</a>' * 5000}</c></row>"), DAMAGED),
    "name that leads out": (lambda: renamed("../../etc/passwd"), DAMAGED),
    "name from the root": (lambda: renamed("/etc/passwd"), DAMAGED),
    "bomb": (lambda: bomb("xl/media/image1.png"), TOO_MUCH.format("200,000,000 bytes when unpacked")),
    "large part": (
        lambda: changed(PLAIN, **{"xl/styles.xml": unpack(PLAIN)["xl/styles.xml"] + b" " * 20_000_000}),
        TOO_MUCH.format("20,000,000 bytes of XML"),
    ),
    "many parts": (lambda: pack({f"a{number}": b"" for number in range(5001)}), TOO_MUCH.format("5,000 parts")),
    "many sheets": (
        lambda: opendocument('<table:table table:name="A"><table:table-row/></table:table>' * 201),
        TOO_MUCH.format("200 sheets"),
    ),
    "many cells": (
        lambda: opendocument(
            '<table:table><table:table-row table:number-rows-repeated="9"><table:table-cell table:number-columns-repeated="9000000" '
            'table:formula="of:=1+1"><text:p>#REF!</text:p></table:table-cell></table:table-row></table:table>'
        ),
        TOO_MUCH.format("2,000,000 cells"),
    ),
    "wide rows": (
        lambda: with_cells("".join(f'<row><c r="XFD{number}"><v>1</v></c></row>' for number in range(1, 200))),
        TOO_MUCH.format("2,000,000 cells"),
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_in_one_line(name: str, tmp_path: Path) -> None:
    """Whatever is wrong with a file is said in a person's words, with what to do, at its name."""
    path = tmp_path / "returned.xlsx"
    path.write_bytes(BAD[name][0]())
    with pytest.raises(ReportsError) as caught:
        read_sheets(path)
    assert [(problem.location.path, problem.message) for problem in caught.value.problems] == [(path, BAD[name][1])]


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    """A folder, a file that is not there, and one that is larger than any register are named."""
    large = tmp_path / "large.xlsx"
    large.touch()
    os.truncate(large, 200_000_001)
    said = {tmp_path: "a folder stands where", tmp_path / "a.xlsx": "can't be read: no such file", large: "is larger than 20 MB"}
    for path, message in said.items():
        with pytest.raises(ReportsError, match=message):
            read_sheets(path)


def test_empty_rows_are_nothing(read: Read) -> None:
    """Rows that have looks and hold nothing, and a cell in the last corner of the sheet, cost no memory for what is between."""
    rows = b"".join(b'<row r="%d" s="1"/>' % number for number in range(3, 200_000))
    content = with_cells('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>')
    part = unpack(content)[SHEET].replace(b'<row r="1048576">', rows + b'<row r="1048576">')
    first, last = read(changed(content, **{SHEET: part}))[0].rows
    assert (first, last.number, last.cells[-1], len(last.cells)) == (Row(1, (1.0,)), 1_048_576, 2.0, 16_384)


def test_anything_but_a_spreadsheet_is_read_or_refused(register: RenderedFile, tmp_path: Path) -> None:
    """A file that was cut off or damaged anywhere gives sheets or a problem, and nothing else."""
    path, content = tmp_path / "returned", register.content
    outcomes: list[Any] = []
    for place in range(0, len(content), len(content) // 40):
        for damaged in (content[:place], content[:place] + b"\0\xff" + content[place + 2 :]):
            path.write_bytes(damaged)
            try:
                outcomes.append(read_sheets(path))
            except ReportsError as error:
                outcomes.append(str(error))
    assert len(outcomes) > 60
    assert sum(isinstance(outcome, str) for outcome in outcomes) > 40
