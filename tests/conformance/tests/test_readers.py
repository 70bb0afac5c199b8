"""What is read back from a workbook has to be what was written."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import docx
import pytest

from reports.documents.view import View
from reports.renderers.excel import render
from tests.conformance import readers
from tests.conformance.broken import Change, cut, excel, half
from tests.conformance.readers import GNUMERIC_ALWAYS_SAYS, check_calamine, check_calc, check_gnumeric, check_writer
from tests.conformance.validator import Fault, Finding
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


Install = Callable[[str, str], None]


@pytest.fixture
def others(register: bytes, tmp_path: Path) -> tuple[Path, str]:
    """A workbook, and the same with other cells in row 4: where they are, and what is said of them."""
    (tmp_path / "a.xlsx").write_bytes(register)
    (fault,) = (fault for fault in excel.CALC if fault.what == "a formula")
    (tmp_path / "other.xlsx").write_bytes(fault.put(register))
    return tmp_path / "a.xlsx", fault.says


def test_what_gnumeric_saves_is_what_it_was_given(others: tuple[Path, str], install: Install, tmp_path: Path) -> None:
    """The cells of the file that gnumeric has saved are compared with those of ours."""
    path, says = others
    install("ssconvert", 'cp "$1" "$2"')
    assert check_gnumeric(path, tmp_path) == []
    install("ssconvert", f'cp {tmp_path}/other.xlsx "$2"')
    (finding,) = check_gnumeric(path, tmp_path)
    assert re.search(says, finding.text)


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ('cp "$1" "$2"; echo "E Unsupported" >&2', "E Unsupported"),
        ('cp "$1" "$2"; echo "it failed"; exit 1', "it failed\n"),
        ('echo "nothing saved"', "nothing saved\n"),
    ],
    ids=["complains", "fails", "saves nothing"],
)
def test_what_gnumeric_complains_of_is_told(script: str, said: str, others: tuple[Path, str], install: Install, tmp_path: Path) -> None:
    """A complaint, a failure and a file that is not there are findings, whatever else was saved."""
    install("ssconvert", script)
    assert check_gnumeric(others[0], tmp_path) == [Finding(f"gnumeric says: {said}")]


def test_what_libreoffice_saves_is_what_it_was_given(others: tuple[Path, str], install: Install, tmp_path: Path) -> None:
    """The cells of the file that LibreOffice has saved are compared with those of ours; that it ends well says nothing."""
    path, says = others
    script = '[ "$4 $5 $6" = "--convert-to xlsx --outdir" ] && cp {} "$7/a.xlsx"'
    install("soffice", script.format('"$8"'))
    assert check_calc(path, tmp_path) == []
    install("soffice", script.format(f"{tmp_path}/other.xlsx"))
    (finding,) = check_calc(path, tmp_path)
    assert re.search(says, finding.text)
    install("soffice", "exit 0")
    assert check_calc(path, tmp_path) == [Finding("LibreOffice can't open it")]


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
