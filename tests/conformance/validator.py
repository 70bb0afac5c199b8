"""What a validator is: the tools that it needs, how it looks at a file, and the faults that it has to see."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Check = Callable[[Path, Path], list["Finding"]]


@dataclass(frozen=True)
class Finding:
    """What a validator says of a file. A warning is printed and recorded, and fails nothing."""

    text: str
    is_warning: bool = False


@dataclass(frozen=True)
class Tool:
    """A program or library that is not ours."""

    name: str
    version: Callable[[], str | None]  # none where it is not installed; raises where it is damaged
    install: str  # the command
    least: str = ""  # the oldest version that serves


@dataclass(frozen=True)
class Fault:
    """One thing that can be wrong with a file: how to put it into a good one, and what a validator has to say of it."""

    what: str
    put: Callable[[bytes], bytes]  # returns the same bytes where there is nothing to break
    says: str  # a regular expression: a file that fails for another reason proves nothing


@dataclass(frozen=True)
class Validator:
    """One way to look at the files of one format."""

    suffix: str
    proves: str
    tools: tuple[Tool, ...]
    check: Check  # takes a file, and a folder for what it has to write
    faults: tuple[Fault, ...]


def missing(tools: tuple[Tool, ...]) -> list[str]:
    """Return what to do about each of *tools* that is not installed, tells no version, or is too old."""
    return [say for tool in tools if (say := _missing(tool))]


def _missing(tool: Tool) -> str:
    try:
        version = tool.version()
    except Exception as error:  # whatever a damaged tool makes it stumble over: the others are asked all the same
        return f"{tool.name} does not tell its version ({error}): {tool.install}"
    if version is None:
        return f"{tool.name} is not installed: {tool.install}"
    if _number(version) < _number(tool.least):
        return f"{tool.name} {version} is too old, {tool.least} or newer serves: {tool.install}"
    return ""


def _number(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", version)]
