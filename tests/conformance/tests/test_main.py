"""The command line of the conformance run: what fails it."""

import json
from pathlib import Path

import pytest

from tests.conformance import __main__ as command
from tests.conformance.validator import Fault, Finding, Tool, Validator

SEEN = (Fault("empty", lambda content: b"", "empty"),)


def validator(finding: str = "", sees: bool = True, version: str | None = "1") -> Validator:
    """Return a validator that finds *finding*, and, if it *sees*, that a file is empty."""

    def check(path: Path, scratch: Path) -> list[Finding]:
        empty = [Finding("empty")] if sees and not path.read_bytes() else []
        return empty + ([Finding(finding)] if finding else [])

    return Validator(".pdf", "words", (Tool("Reader", lambda: version, "get reader"),), check, SEEN)


GOOD, BAD, BLIND, ABSENT = validator(), validator("wrong"), validator(sees=False), validator(version=None)


@pytest.mark.parametrize(
    ("validators", "plain", "complete"),
    [
        ((GOOD,), 0, 0),
        ((GOOD, BAD), 1, 1),
        ((GOOD, BLIND), 1, 1),
        ((GOOD, ABSENT), 0, 1),
        ((BAD, ABSENT), 1, 1),
        ((ABSENT,), 1, 1),
    ],
)
def test_what_fails_the_run(
    validators: tuple[Validator, ...], plain: int, complete: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A failure, a blind validator and a run that proves nothing fail; a missing tool does so where the run is to be complete."""
    monkeypatch.setattr(command, "VALIDATORS", validators)
    (tmp_path / "a.pdf").write_bytes(b"a")
    assert command.main(["--build", str(tmp_path)]) == plain
    assert command.main(["--build", str(tmp_path), "--complete"]) == complete
    assert len(json.loads((tmp_path / "tests.conformance.json").read_text("utf-8"))) == len(validators)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Who asks about a folder that is not there is told so."""
    with pytest.raises(SystemExit) as end:
        command.main(["--build", str(tmp_path / "nothing")])
    assert end.value.code == 2
    assert f"there is no folder {tmp_path}/nothing: nox -s build" in capsys.readouterr().err


def test_what_was_not_run_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever runs it without a tool reads what was not run, and the command that installs it."""
    monkeypatch.setattr(command, "VALIDATORS", (GOOD, ABSENT))
    (tmp_path / "a.pdf").write_bytes(b"a")
    command.main(["--build", str(tmp_path)])
    said = capsys.readouterr().out
    assert "    Reader is not installed: get reader\n" in said
    assert said.endswith("1 passed, 1 not run\n")


def test_the_readme_is_written_on_request(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """--readme, and nothing else, changes the README."""
    monkeypatch.setattr(command, "VALIDATORS", (GOOD,))
    monkeypatch.setattr(command, "ROOT", tmp_path)
    readme = tmp_path / "README.md"
    readme.write_text("<!-- conformance: begin --><!-- conformance: end -->", "utf-8")
    (tmp_path / "a.pdf").write_bytes(b"a")
    command.main(["--build", str(tmp_path)])
    assert "Reader" not in readme.read_text("utf-8")
    command.main(["--build", str(tmp_path), "--readme"])
    assert "| PDF | words | Reader 1 | passed: a.pdf | 1 of 1 |" in readme.read_text("utf-8")
