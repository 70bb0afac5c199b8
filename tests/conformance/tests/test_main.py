"""The command line of the conformance run, and the table of validators that it goes through."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conformance import __main__ as command
from tests.conformance.tests.test_validator import ABSENT, SPELLING
from tests.conformance.validator import FORMATS
from tests.conformance.validators import VALIDATORS
from tests.conftest import PROJECT

GOOD, NOT_RUN, BLIND = SPELLING, replace(SPELLING, tools=(ABSENT,)), replace(SPELLING, faults=("ship",))


@pytest.mark.parametrize(
    ("validators", "text", "plain", "complete"),
    [
        ((GOOD,), "harbour", 0, 0),
        ((GOOD, BLIND), "harbour", 1, 1),
        ((GOOD, NOT_RUN), "harbour", 0, 1),
        ((GOOD, NOT_RUN), "harbor", 1, 1),
        ((NOT_RUN,), "harbour", 1, 1),
    ],
)
def test_the_run_fails(validators: object, text: str, plain: int, complete: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failure, a blind validator and a run that proves nothing fail; a missing tool does so where the run is to be complete."""
    monkeypatch.setattr(command, "VALIDATORS", validators)
    (tmp_path / "a.pdf").write_text(text, "utf-8")
    assert command.main(["--build", str(tmp_path)]) == plain
    assert command.main(["--build", str(tmp_path), "--complete"]) == complete


def test_the_files_of_one_language_can_be_looked_at_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault in another language then fails nothing, and one in the language of the data does."""
    monkeypatch.setattr(command, "VALIDATORS", (GOOD,))
    for language, text in (("en", "harbour"), ("bs", "harbor")):
        (tmp_path / language).mkdir()
        (tmp_path / language / "a.pdf").write_text(text, "utf-8")
    assert [command.main(["--build", str(tmp_path), *more]) for more in ([], ["--own"], ["--own", "--language", "bs"])] == [1, 0, 1]


def test_every_missing_tool_has_a_command_that_is_there() -> None:
    """A missing tool is answered with a session of nox, or a file of this project."""
    sessions = re.findall(r"^def (\w+)\(session", (PROJECT / "noxfile.py").read_text("utf-8"), re.MULTILINE)
    commands = {tool.install for validator in VALIDATORS for tool in validator.tools}
    assert len(commands) > 1
    assert [line for line in commands if line.removeprefix("nox -s ") not in sessions and not (PROJECT / line).is_file()] == []


def test_the_readme_names_every_validator() -> None:
    """The table in the README has a row for each validator, in order."""
    section = (PROJECT / "README.md").read_text("utf-8").partition("## What is checked")[2]
    rows = re.findall(rf"^\| ({'|'.join(FORMATS.values())}) \| (.+?) \|", section, re.MULTILINE)
    assert len(rows) > 10
    assert rows == [(FORMATS[validator.suffix], validator.proves) for validator in VALIDATORS]
