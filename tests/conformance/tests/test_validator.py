"""What is said of a tool that is missing, or too old."""

import pytest

from tests.conformance.programs import ProgramError
from tests.conformance.validator import Tool, missing


@pytest.mark.parametrize(
    ("version", "say"),
    [
        (None, ["Press is not installed: apt-get install press"]),
        ("7.4.7.2", ["Press 7.4.7.2 is too old, 25.2 or newer serves: apt-get install press"]),
        ("25.1", ["Press 25.1 is too old, 25.2 or newer serves: apt-get install press"]),
        ("25.2", []),
        ("25.2.3.2", []),
        ("25.10", []),
        ("101", []),
    ],
)
def test_a_missing_tool_is_named_with_its_command(version: str | None, say: list[str]) -> None:
    """What is not installed, or too old to serve, is named with the command that installs it; versions are compared as numbers."""
    assert missing((Tool("Press", lambda: version, "apt-get install press", least="25.2"),)) == say


def test_a_tool_that_tells_no_version_is_named() -> None:
    """A tool that stumbles when it is asked is not run, and the others are asked all the same."""

    def hang() -> str:
        raise ProgramError("press took longer than 120 seconds")

    tools = (Tool("Press", hang, "apt-get install press"), Tool("A", lambda: None, "get a"))
    say = "Press does not tell its version (press took longer than 120 seconds): apt-get install press"
    assert missing(tools) == [say, "A is not installed: get a"]


def test_every_missing_tool_is_named() -> None:
    """A validator that needs several tools names all that are missing; any version serves where none is asked for."""
    tools = (Tool("A", lambda: None, "get a"), Tool("B", lambda: "0", "get b"), Tool("C", lambda: None, "get c"))
    assert missing(tools) == ["A is not installed: get a", "C is not installed: get c"]
