"""Validator + files -> result: what it finds in our documents, and whether it finds what we have broken."""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp

from tests.conformance.programs import ProgramError
from tests.conformance.validator import Fault, Finding, Validator, missing

PASSED, FAILED, BLIND, NOT_RUN = "passed", "failed", "blind", "not run"
OVERLOOKED = "a file with this fault was passed"


@dataclass(frozen=True)
class Result:
    """What one validator has said of every file of its format."""

    validator: Validator
    not_run: str = ""  # why
    versions: dict[str, str] = field(default_factory=dict)
    found: dict[Path, list[Finding]] = field(default_factory=dict)
    tried: dict[str, str] = field(default_factory=dict)  # each fault, and why it was not seen, if it was not; none if no file was good
    seconds: float = 0.0

    @property
    def unseen(self) -> list[str]:
        return [fault for fault, why in self.tried.items() if why]

    @property
    def errors(self) -> list[Finding]:
        return [one for findings in self.found.values() for one in findings if not one.is_warning]

    @property
    def warnings(self) -> list[Finding]:
        return [one for findings in self.found.values() for one in findings if one.is_warning]

    @property
    def outcome(self) -> str:
        """Return PASSED, FAILED, BLIND or NOT_RUN: who has not looked, or can't see, has not passed anything."""
        if self.not_run:
            return NOT_RUN
        return FAILED if self.errors else BLIND if self.unseen else PASSED


def judge(validator: Validator, folder: Path, scratch: Path) -> Result:
    """Return what *validator* says of the files in *folder*, and of good ones of them when they are broken.

    What it writes goes to the folder *scratch*. A validator that can't be run, or has nothing to look at, has not been run.
    """
    files = sorted(folder.rglob(f"*{validator.suffix}"), key=lambda path: (path.stat().st_size, path))
    if absent := missing(validator.tools):
        return Result(validator, "; ".join(absent))
    if not files:
        return Result(validator, f"there is no {validator.suffix} in {folder}: nox -s build")
    start = time.perf_counter()
    found = {path: _findings(validator, path, scratch) for path in files}
    good = [path for path in files if all(one.is_warning for one in found[path])]
    tried = {fault.what: _try(validator, fault, good, scratch) for fault in validator.faults if good}
    versions = {tool.name: tool.version() or "" for tool in validator.tools}
    return Result(validator, "", versions, found, tried, time.perf_counter() - start)


def _try(validator: Validator, fault: Fault, good: Sequence[Path], scratch: Path) -> str:
    """Put *fault* into the smallest of the *good* files that has what it breaks; return why *validator* does not see it, if it does not."""
    why = "no good file has what it breaks"
    for path in good:
        content = path.read_bytes()
        try:
            broken = fault.put(content)
        except Exception as error:  # a fault is made for the files that were there when it was made: any other may make it stumble
            why = f"it can't be put into {path.name}: {type(error).__name__}: {error}"
            continue
        if broken != content:
            copy = Path(mkdtemp(dir=scratch)) / path.name
            copy.write_bytes(broken)
            said = [one.text for one in _findings(validator, copy, scratch) if not one.is_warning]
            return "" if any(re.search(fault.says, text, re.DOTALL) for text in said) else OVERLOOKED
    return why


def _findings(validator: Validator, path: Path, scratch: Path) -> list[Finding]:
    try:
        return validator.check(path, scratch)
    except ProgramError as error:
        return [Finding(str(error))]
    except Exception as error:  # the libraries' own: a file that one check stumbles over is not to keep the others from looking
        return [Finding(f"can't be checked: {type(error).__name__}: {error}")]
