"""What is read back from a workbook has to be what was written."""

from io import BytesIO
from pathlib import Path

import docx
import pytest

from conformance import readers
from conformance.broken import Change, cut, excel, half
from conformance.readers import GNUMERIC_ALWAYS_SAYS, check_calamine, check_writer
from conformance.validator import Fault
from reports.documents.view import View
from reports.renderers.excel import render
from tests.conftest import TINY


@pytest.fixture(scope="module")
def register(tiny_view: View) -> bytes:
    return render(tiny_view, TINY / "templates", "register/register.yaml").content


def test_a_good_workbook_is_read_in_full(register: bytes, tmp_path: Path) -> None:
    """Calamine and openpyxl read the same cells."""
    (tmp_path / "a.xlsx").write_bytes(register)
    assert check_calamine(tmp_path / "a.xlsx", tmp_path) == []


@pytest.mark.parametrize("fault", excel.CALAMINE, ids=lambda fault: fault.what)
def test_a_broken_workbook_is_seen(fault: Fault, register: bytes, tmp_path: Path) -> None:
    """Half a file, half a part and a cell that only one of them reads are found."""
    (tmp_path / "a.xlsx").write_bytes(fault.put(register))
    (finding,) = check_calamine(tmp_path / "a.xlsx", tmp_path)
    assert fault.says.strip("^") in finding.text


def test_what_gnumeric_says_of_tables_is_passed_over() -> None:
    """That it knows no tables is no fault of ours; anything else that it says is."""
    always = "Unexpected element 'tableParts' in state : \n\tworksheet\n"
    assert GNUMERIC_ALWAYS_SAYS.sub("", always * 2) == ""
    assert GNUMERIC_ALWAYS_SAYS.sub("", f"{always}E Unsupported\n{always}") == "E Unsupported\n"
    other = "Unexpected element 'dataParts' in state : \n\tworksheet\n"
    assert GNUMERIC_ALWAYS_SAYS.sub("", other) == other


@pytest.mark.parametrize("broken", [half, lambda content: b"", cut("word/document.xml")], ids=["half a file", "nothing", "half a part"])
def test_a_broken_document_is_seen(broken: Change, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """LibreOffice makes an empty page of nothing, and shows what it can of a half: a file that can't be read is a finding, no accident."""
    target = BytesIO()
    docx.Document().save(target)
    (tmp_path / "a.docx").write_bytes(broken(target.getvalue()))
    (tmp_path / "shown.txt").write_text("")
    monkeypatch.setattr(readers, "_convert", lambda path, to, scratch: tmp_path / "shown.txt")
    (finding,) = check_writer(tmp_path / "a.docx", tmp_path)
    assert finding.text.startswith("the Word document can't be opened: ")
