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
