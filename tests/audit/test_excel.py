"""What a workbook conceals."""

import pytest

from tests.audit.conftest import Tamper


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('name="Sources" sheetId="3" state="visible"', 'name="Sources" sheetId="3" state="hidden"', "the sheet 'Sources' is hidden"),
        ('<col width="34" customWidth="1"', '<col width="34" hidden="1" customWidth="1"', "Register, column D is hidden"),
        ('<row r="17">', '<row r="17" hidden="1">', "Register!A17 is in a hidden row"),
        ('<row r="17">', '<row r="17" ht="5" customHeight="1">', "Register!A17 is in a row of a fixed height, which cuts text off"),
        ("'Register'!$A$1:$G$17", "'Register'!$A$1:$G$16", "the sheet 'Register' is printed to row 16 of 17"),
    ],
)
def test_what_is_hidden_is_seen(old: str, new: str, message: str, tamper: Tamper) -> None:
    """A hidden sheet, column or row, a row too low, and a row that paper leaves out are told."""
    assert tamper("ledger.xlsx", old, new) == [message]


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
        f"can't be read back: ValueError: {message}"
    ]
