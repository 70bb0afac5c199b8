"""The table of validators."""

import re

from tests.conformance.report import FORMATS
from tests.conformance.validators import VALIDATORS
from tests.conftest import PROJECT


def test_every_validator_is_put_to_the_test() -> None:
    """Every validator has a fault to see, and says what it is to say of it."""
    assert len(VALIDATORS) > 10
    assert [one.proves for one in VALIDATORS if not one.faults] == []
    assert all(fault.what and re.compile(fault.says).search("") is None for one in VALIDATORS for fault in one.faults)


def test_no_validator_names_a_fault_twice() -> None:
    """The record knows faults by their names."""
    assert [one.proves for one in VALIDATORS if len({fault.what for fault in one.faults}) != len(one.faults)] == []


def test_every_missing_tool_has_a_command_that_is_there() -> None:
    """What a missing tool is answered with is a session of nox, or a file of this project."""
    sessions = re.findall(r"^def (\w+)\(session", (PROJECT / "noxfile.py").read_text("utf-8"), re.MULTILINE)
    commands = {tool.install for one in VALIDATORS for tool in one.tools}
    assert len(commands) > 1
    assert [one for one in commands if one.removeprefix("nox -s ") not in sessions and not (PROJECT / one).is_file()] == []


def test_the_readme_names_every_validator() -> None:
    """The table in the README has a row for each validator, in order: when one is added, `nox -s conformance -- --readme` writes it."""
    (table,) = re.findall(r"(?s)<!-- conformance: begin -->\n(.*?)\n<!-- conformance: end -->", (PROJECT / "README.md").read_text("utf-8"))
    rows = [tuple(row.strip("| ").split(" | ")) for row in table.splitlines()[2:]]
    assert [row[:2] for row in rows] == [(FORMATS[one.suffix], one.proves) for one in VALIDATORS]
