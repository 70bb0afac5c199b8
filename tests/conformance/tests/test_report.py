"""What a person, the record and the README are told of a run."""

import hashlib
import json
from pathlib import Path

import pytest

from tests.conformance.judge import OVERLOOKED, Result
from tests.conformance.report import lines, record, summary, table, write_table
from tests.conformance.validator import Fault, Finding, Tool, Validator

FAULTS = (Fault("half a file", lambda content: b"", "."), Fault("no title", lambda content: b"", "."))
READER = Tool("Reader", lambda: "1.2", "get reader")


@pytest.fixture
def results(tmp_path: Path) -> list[Result]:
    """One result of each outcome, about two files."""
    for name in ("b.pdf", "a.pdf"):
        (tmp_path / name).write_bytes(name.encode())
    validator = Validator(".pdf", "opens", (READER,), lambda path, scratch: [], FAULTS)
    good: dict[Path, list[Finding]] = {tmp_path / "b.pdf": [], tmp_path / "a.pdf": []}
    warned = {**good, tmp_path / "b.pdf": [Finding("pale\ntext", is_warning=True)]}
    bad = {**warned, tmp_path / "a.pdf": [Finding("no title")]}
    return [
        Result(validator, "", {"Reader": "1.2"}, good, {"half a file": "", "no title": ""}, 1.25),
        Result(validator, "", {"Reader": "1.2"}, warned, {"half a file": "", "no title": ""}),
        Result(validator, "", {"Reader": "1.2"}, bad, {"half a file": "", "no title": OVERLOOKED}),
        Result(validator, "", {"Reader": "1.2"}, good, {"half a file": "no good file has what it breaks", "no title": OVERLOOKED}),
        Result(Validator(".docx", "our rules", (), lambda path, scratch: [], FAULTS), not_run="there is no .docx"),
    ]


def test_a_person_reads_every_finding(results: list[Result]) -> None:
    """Each validator has a line with its outcome, then one for each finding, and for each fault that it has not seen."""
    assert [line for result in results for line in lines(result)] == [
        "passed   PDF    opens (Reader 1.2), 1.2 s",
        "passed   PDF    opens (Reader 1.2), 0.0 s",
        "    warning: b.pdf: pale text",
        "failed   PDF    opens (Reader 1.2), 0.0 s",
        "    warning: b.pdf: pale text",
        "    error: a.pdf: no title",
        "    blind: a file with this fault was passed: no title",
        "blind    PDF    opens (Reader 1.2), 0.0 s",
        "    blind: no good file has what it breaks: half a file",
        "    blind: a file with this fault was passed: no title",
        "not run  Word   our rules (ours)",
        "    there is no .docx",
    ]


def test_outcomes_are_counted(results: list[Result]) -> None:
    """One line says how many have passed, and how many have not."""
    assert summary(results) == "2 passed, 1 failed, 1 blind, 1 not run"


def test_the_record_is_about_these_bytes(results: list[Result], tmp_path: Path) -> None:
    """The record holds, for each validator, the digest and the findings of each file, and which faults it has seen."""
    entries = json.loads(record(results, tmp_path))
    assert [entry["outcome"] for entry in entries] == ["passed", "passed", "failed", "blind", "not run"]
    assert entries[2] == {
        "format": ".pdf",
        "proves": "opens",
        "tools": {"Reader": "1.2"},
        "outcome": "failed",
        "why": "",
        "files": {
            "b.pdf": {"sha256": hashlib.sha256(b"b.pdf").hexdigest(), "errors": [], "warnings": ["pale\ntext"]},
            "a.pdf": {"sha256": hashlib.sha256(b"a.pdf").hexdigest(), "errors": ["no title"], "warnings": []},
        },
        "faults": {"half a file": True, "no title": False},
    }
    assert (entries[4]["why"], entries[4]["files"], entries[4]["faults"]) == ("there is no .docx", {}, {})


TABLE = """\
| format | what is proved | checked by | result | faults seen |
| --- | --- | --- | --- | --- |
| PDF | opens | Reader 1.2 | passed: a.pdf, b.pdf | 2 of 2 |
| PDF | opens | Reader 1.2 | passed, 1 warning: a.pdf, b.pdf | 2 of 2 |
| PDF | opens | Reader 1.2 | failed, 1 warning: a.pdf, b.pdf | 1 of 2 |
| PDF | opens | Reader 1.2 | blind: a.pdf, b.pdf | 0 of 2 |
| Word | our rules | ours | not run | – |"""


def test_the_table_says_what_was_not_run(results: list[Result]) -> None:
    """A row tells the tool, its version, the outcome and the files; who was not run has seen no fault."""
    assert table(results) == TABLE


def test_the_table_is_written_between_the_marks(results: list[Result], tmp_path: Path) -> None:
    """The table replaces what stands between the two marks, as often as one likes; the rest is left alone."""
    readme = tmp_path / "README.md"
    readme.write_text("# A\n\n<!-- conformance: begin -->\nold \\1\n<!-- conformance: end -->\n\nafter\n", "utf-8")
    for _ in range(2):
        write_table(readme, results)
        assert readme.read_text("utf-8") == f"# A\n\n<!-- conformance: begin -->\n{TABLE}\n<!-- conformance: end -->\n\nafter\n"


@pytest.mark.parametrize("text", ["", "<!-- conformance: begin -->\n", "<!-- conformance: begin --><!-- conformance: end -->" * 2])
def test_a_readme_without_the_marks_is_not_touched(text: str, results: list[Result], tmp_path: Path) -> None:
    """Where the table belongs has to be said, once."""
    readme = tmp_path / "README.md"
    readme.write_text(text, "utf-8")
    with pytest.raises(ValueError, match="once each"):
        write_table(readme, results)
    assert readme.read_text("utf-8") == text
