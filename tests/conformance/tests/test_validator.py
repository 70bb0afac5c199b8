"""Validators of words: which pass, fail, are blind or were not run, and what a person reads of it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.programs import ProgramError
from tests.conformance.validator import Finding, Tool, Validator, judge


def spell(path: Path, scratch: Path) -> list[Finding]:
    """Find an American harbour, and, as a warning, shouting."""
    text = path.read_text("utf-8")
    if text.startswith("slow"):
        raise ProgramError("speller took longer than 120 seconds")
    found = [Finding("'harbor' is\nno word")] if "harbor" in text else []
    return found + ([Finding("'!' shouts", is_warning=True)] if "!" in text[text.index("h") :] else [])


SPELLER = Tool("Speller", lambda: "25.2.3", "get speller", least="25.2")
SPELLING = Validator(".pdf", "words", (SPELLER,), spell, lambda good: good.replace(b"our", b"or"), ("^'harbor'.*word$",))
ABSENT, OLD, DAMAGED = (replace(SPELLER, version=version) for version in (lambda: None, lambda: "7.10", lambda: str(1 / 0)))
WRONG = "    error: a.pdf: "
SAYS_NOTHING = "    blind: it says nothing like '{}' of a broken file"


@pytest.mark.parametrize(
    ("text", "change", "outcome", "said"),
    [
        ("harbour", {}, "passed", []),
        ("harbour!", {}, "passed", ["    warning: a.pdf: '!' shouts"]),
        ("harbor", {}, "failed", [f"{WRONG}'harbor' is no word"]),
        ("slow", {}, "failed", [f"{WRONG}can't be checked: ProgramError: speller took longer than 120 seconds"]),
        ("", {}, "failed", [f"{WRONG}can't be checked: ValueError: substring not found"]),
        ("harbour", {"break_file": bytes.strip}, "blind", [SAYS_NOTHING.format("^'harbor'.*word$")]),
        ("harbour", {"faults": ("harbor", "ship")}, "blind", [SAYS_NOTHING.format("ship")]),
        ("harbour", {"break_file": lambda good: good + b"!", "faults": ("shouts",)}, "blind", [SAYS_NOTHING.format("shouts")]),
        ("harbour", {"suffix": ".docx"}, "not run", ["    there is no .docx in build: nox -s build"]),
        ("harbour", {"tools": (SPELLER, ABSENT)}, "not run", ["    Speller is not installed: get speller"]),
        ("harbour", {"tools": (OLD,)}, "not run", ["    Speller 7.10 is too old, 25.2 or newer serves: get speller"]),
        ("harbour", {"tools": (DAMAGED,)}, "not run", ["    Speller does not tell its version (division by zero): get speller"]),
    ],
)
def test_an_outcome_is_told_with_its_reasons(
    text: str, change: dict[str, Any], outcome: str, said: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error in a file fails; one that passes a broken file, or objects to something else in it, is blind; no tool, no run."""
    monkeypatch.chdir(tmp_path)
    Path("build").mkdir()
    Path("build", "a.pdf").write_text(text, "utf-8")
    first, *rest = judge(replace(SPELLING, **change), Path("build"), tmp_path).lines()
    assert (first[:9].strip(), rest) == (outcome, said)
    assert "words (Speller" in first
    assert Path("build", "a.pdf").read_text("utf-8") == text


def test_a_good_file_is_broken(tmp_path: Path) -> None:
    """The smallest file that is good shows whether a validator sees; without one nobody is put to the test."""
    (tmp_path / "bad.pdf").write_text("harbor", "utf-8")
    assert judge(SPELLING, tmp_path, tmp_path).overlooked == ()
    (tmp_path / "larger.pdf").write_text("shore, no port", "utf-8")
    assert judge(SPELLING, tmp_path, tmp_path).overlooked == SPELLING.faults
