"""What a workbook conceals."""

from collections.abc import Callable
from io import BytesIO
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

import pytest

from reports.audit.readers import excel, word
from reports.build.plan import Folders
from tests.audit.conftest import Audit, Tamper, replaced


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('name="Sources" sheetId="3" state="visible"', 'name="Sources" sheetId="3" state="hidden"', "the sheet 'Sources' is hidden"),
        ('<col width="34" customWidth="1"', '<col width="34" hidden="1" customWidth="1"', "Register, column D is hidden"),
        ('<row r="17">', '<row r="17" hidden="1">', "Register!A17 is in a hidden row"),
        ('<row r="17">', '<row r="17" ht="0.5">', "Register!A17 is in a row of a fixed height, which cuts text off"),
        ('<col width="60"', '<col width="0.1"', "Register, column E is only 0.1 characters wide"),
        ('<row r="17">', '<row r="17" ht="5" customHeight="1">', "Register!A17 is in a row of a fixed height, which cuts text off"),
        ("'Register'!$A$1:$G$17", "'Register'!$A$1:$G$16", "the sheet 'Register' is printed to row 16 of 17"),
    ],
)
def test_what_is_hidden_is_seen(old: str, new: str, message: str, tamper: Tamper) -> None:
    """A hidden sheet, column or row, a row too low, and a row that paper leaves out are told."""
    messages = tamper("ledger.xlsx", old, new)
    assert [one for one in messages if "more lines" not in one] == [message]


def test_a_text_under_the_next_cell_is_seen(tamper: Tamper) -> None:
    """A long line that does not break, with another cell beside it, shows less than it holds."""
    style = '<xf numFmtId="49" fontId="3" fillId="0" borderId="1" applyAlignment="1" pivotButton="0" quotePrefix="0" xfId="0">'
    old = f'{style}<alignment vertical="top" wrapText="1"/>'
    messages = tamper("ledger.xlsx", old, old.replace('wrapText="1"', 'wrapText="0"'))
    assert "Register!E4 is cut off by the cell beside it" in messages


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('<col width="12"', '<col width="2"', "Register!C4 is wider than its column, which shows #### instead"),
        ('formatCode="yyyy-mm-dd"', 'formatCode="dd.mm.yy"', "Register!C4 is shown in the format 'dd.mm.yy'"),
        ('formatCode="yyyy-mm-dd"', 'formatCode=";;;"', "Register!C4 is shown in the format ';;;'"),
        ('<font><sz val="11"/><name', '<font><sz val="11"/><color rgb="FFFFFFFF"/><name', "Register!A4 is written in white on white"),
        ('<font><sz val="11"/><name', '<font><sz val="11"/><color theme="0"/><name', "Register!C4 is written in white on white"),
        ('<font><sz val="11"/><name', '<font><sz val="1"/><name', "Register!C4 is set in letters of 1.0 points"),
        ('<fgColor rgb="FF12355B"/>', '<fgColor rgb="FFFFFFFF"/>', "Register!A3 is written in white on white"),
    ],
)
def test_what_a_cell_does_not_show_is_seen(old: str, new: str, message: str, tamper: Tamper) -> None:
    """A date in a narrow column or in another format, and white text, are told."""
    assert message in tamper("ledger.xlsx", old, new)


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ('<c r="XFD1048576"><v>1</v></c>', "the last cells stand in row 1048576 and column 16384, too far off to be meant"),
        ('<c r="A99999999999"><v>1</v></c>', "'A99999999999' is no place of a cell"),
    ],
)
def test_a_stray_cell_is_a_problem(cell: str, message: str, tamper: Tamper) -> None:
    """A cell so far off that its sheet does not fit into the memory is told, and not read."""
    end = '</c></row></sheetData><hyperlinks><hyperlink ref="G4"'
    assert tamper("ledger.xlsx", end, end.replace("</row>", f'</row><row r="1048576">{cell}</row>')) == [
        f"can't be read back, since it is not built as ours are: ValueError: {message}"
    ]


FIRST = '<c r="A12" s="5" t="inlineStr"><is><t>M2010-1</t></is></c>'
DATA = '<cols><col width="11" customWidth="1" min="1" max="1"/><col width="17"'


def test_what_only_paper_says_is_told(tamper: Tamper) -> None:
    """A header or footer appears when somebody prints the sheet."""
    end = '</sheetData><hyperlinks><hyperlink ref="G4"'
    footer = "<headerFooter><oddFooter>&amp;CEdition 9</oddFooter></headerFooter>"
    assert tamper("ledger.xlsx", end, end.replace("<hyperlinks>", f"{footer}<hyperlinks>")) == [
        "the sheet 'Register' prints '&CEdition 9' on each page, which no template says"
    ]


@pytest.mark.parametrize("part", ['<color rgb="FFFFFFFF"/>', '<color theme="0"/>', '<sz val="2"/>'])
def test_a_part_of_a_cell_that_is_not_seen_is_told(part: str, tamper: Tamper) -> None:
    """A cell whose text has a font of its own is judged by that."""
    rich = FIRST.replace("<t>M2010-1</t>", f"<r><t>M2010</t></r><r><rPr>{part}</rPr><t>-1</t></r>")
    why = "is set in letters of 2.0 points" if "sz" in part else "is written in white on white"
    assert tamper("ledger.xlsx", FIRST, rich) == [f"Register!A12 {why}"]


def test_a_text_without_end_in_a_narrow_column_is_seen(tamper: Tamper) -> None:
    """Excel shows no more lines than fit on 409 points."""
    messages = tamper("ledger.xlsx", FIRST, FIRST.replace("M2010-1", "M2010-1" + " and so on" * 50))
    assert "Register!A12 is cut off: it has more lines in its column than a row can show" in messages


def test_rows_that_are_hidden_by_default_are_seen(tamper: Tamper) -> None:
    """A sheet can hide all its rows at once."""
    old = f'<sheetFormatPr baseColWidth="8" defaultRowHeight="15"/>{DATA}'
    assert tamper("ledger.xlsx", old, old.replace("<sheetFormatPr", '<sheetFormatPr zeroHeight="1"')) == [
        "the sheet 'Register' hides every row that does not say otherwise"
    ]


@pytest.mark.parametrize(
    ("look", "why"),
    [
        ('<font><color rgb="FFFFFFFF"/></font>', "is written in white on white under a condition"),
        ('<fill><patternFill><bgColor rgb="FF000000"/></patternFill></fill>', "is written in #000000 on #000000 under a condition"),
        ('<numFmt numFmtId="200" formatCode=";;;"/>', "is shown in the format ';;;' under a condition"),
        ('<font><color rgb="FF12355B"/></font>', ""),
    ],
)
def test_a_condition_that_hides_is_seen(look: str, why: str, own: Folders, audited: Audit) -> None:
    """A conditional format that writes in the colour of the paper, on black or as nothing is told, whether the condition holds or not."""
    path = own.out / "en" / "ledger.xlsx"
    rule = '<conditionalFormatting sqref="A4:A9"><cfRule type="expression" dxfId="0" priority="1"><formula>1</formula></cfRule>'
    end = "</conditionalFormatting>"
    path.write_bytes(replaced(path.read_bytes(), "</styleSheet>", f'<dxfs count="1"><dxf>{look}</dxf></dxfs></styleSheet>'))
    path.write_bytes(
        replaced(
            path.read_bytes(), '</sheetData><hyperlinks><hyperlink ref="G4"', f'</sheetData>{rule}{end}<hyperlinks><hyperlink ref="G4"'
        )
    )
    assert audited()["ledger.xlsx"] == ([f"Register!A4:A9 {why}"] if why else [])


@pytest.mark.parametrize("read", [excel.read, word.read])
def test_a_package_is_of_a_sane_size(read: Callable[[bytes], object]) -> None:
    """A file that unpacks to more than anything of ours is refused before it is unpacked."""
    bomb = BytesIO()
    with ZipFile(bomb, "w", ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", bytes(210_000_000))
    assert len(bomb.getvalue()) < 1_000_000
    with pytest.raises(BadZipFile, match="unpacks to more than 200000000 bytes"):
        read(bomb.getvalue())
