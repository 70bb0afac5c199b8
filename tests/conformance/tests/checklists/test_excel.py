"""The checklist for accessible spreadsheets: each of its rules sees what it is there for."""

import re
from pathlib import Path

import pytest

from reports.documents.view import View
from reports.renderers.excel import render
from tests.conformance.broken import excel
from tests.conformance.checklists.excel import RULES, Xlsx, check_excel
from tests.conformance.validator import Fault
from tests.conftest import TINY


@pytest.fixture(scope="module")
def register(tiny_view: View) -> bytes:
    return render(tiny_view, TINY / "templates", "register/register.yaml").content


def found(content: bytes, folder: Path) -> list[str]:
    (folder / "a.xlsx").write_bytes(content)
    return [one.text for one in check_excel(folder / "a.xlsx", folder)]


def test_a_good_workbook_keeps_the_checklist(register: bytes, tmp_path: Path) -> None:
    """Nothing is found in the workbook of the tiny dataset."""
    assert found(register, tmp_path) == []


@pytest.mark.parametrize("fault", excel.CHECKLIST, ids=lambda fault: fault.what)
def test_every_fault_is_seen(fault: Fault, register: bytes, tmp_path: Path) -> None:
    """Each fault is found, and named."""
    assert [text for text in found(fault.put(register), tmp_path) if re.search(fault.says, text)] != []


def test_every_rule_has_its_fault(register: bytes, tmp_path: Path) -> None:
    """None is a rule that never finds anything."""
    spoken = set()
    for fault in excel.RULED:
        (tmp_path / "a.xlsx").write_bytes(fault.put(register))
        workbook = Xlsx(tmp_path / "a.xlsx")
        spoken |= {rule for rule in RULES if list(rule(workbook))}
    assert [rule.__name__ for rule in RULES if rule not in spoken] == []
