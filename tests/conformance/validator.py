"""Validator + files -> result: its findings in our documents, and the faults of a broken one that it overlooks."""

import re
import textwrap
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp

PASSED, FAILED, BLIND, NOT_RUN = "passed", "failed", "blind", "not run"
FORMATS = {".pdf": "PDF", ".docx": "Word", "-changes.docx": "Word", ".xlsx": "Excel", ".html": "web page", ".zip": "data package"}
WIDTH = 200


@dataclass(frozen=True)
class Finding:
    """One objection to a file. A warning is printed, and fails nothing."""

    text: str
    is_warning: bool = False


@dataclass(frozen=True)
class Tool:
    """A program or library that is not ours."""

    name: str
    version: Callable[[], str | None]  # none where it is not installed; raises where it is damaged
    install: str  # the command
    least: str = ""  # the oldest version that serves

    def missing(self) -> str:
        """Return what to do about a tool that is not installed, tells no version, or is too old; nothing about one that serves."""
        try:
            version = self.version()
        except Exception as error:  # whatever a damaged tool makes it stumble over: the others are asked all the same
            return f"{self.name} does not tell its version ({error}): {self.install}"
        if version is None:
            return f"{self.name} is not installed: {self.install}"
        if _number(version) < _number(self.least):
            return f"{self.name} {version} is too old, {self.least} or newer serves: {self.install}"
        return ""


def _number(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", version)]


@dataclass(frozen=True)
class Validator:
    """One way to look at the files of one format."""

    suffix: str
    proves: str
    tools: tuple[Tool, ...]
    check: Callable[[Path, Path], list[Finding]]  # takes a file, and a folder for what it has to write
    break_file: Callable[[bytes], bytes]  # good file -> broken file
    faults: tuple[str, ...]  # expressions that its errors about the broken file match: another error proves nothing
    in_each: bool = True  # false where it would prove the same of the files in each language


@dataclass(frozen=True)
class Result:
    """The findings of one validator in every file of its format."""

    validator: Validator
    not_run: str = ""  # why
    found: dict[Path, list[Finding]] = field(default_factory=dict)
    overlooked: tuple[str, ...] = ()  # faults of the broken file; none if no file was good enough to break
    seconds: float = 0.0

    @property
    def outcome(self) -> str:
        """PASSED, FAILED, BLIND or NOT_RUN: who has not looked, or can't see, has not passed anything."""
        if self.not_run:
            return NOT_RUN
        return FAILED if any(map(_errors, self.found.values())) else BLIND if self.overlooked else PASSED

    def lines(self) -> Iterator[str]:
        """Yield what a person reads: the outcome, then each finding."""
        tools = (tool.name if self.not_run else f"{tool.name} {tool.version()}" for tool in self.validator.tools)
        by, took = " and ".join(tools) or "ours", "" if self.not_run else f", {self.seconds:.1f} s"
        yield f"{self.outcome:8} {FORMATS[self.validator.suffix]:12} {self.validator.proves} ({by}){took}"
        if self.not_run:
            yield f"    {self.not_run}"
        for path, findings in self.found.items():
            for finding in findings:
                kind = "warning" if finding.is_warning else "error"
                yield "    " + textwrap.shorten(f"{kind}: {path.name}: {finding.text}", WIDTH, placeholder=" …")
        for fault in self.overlooked:
            yield f"    blind: it says nothing like '{fault}' of a broken file"


def judge(validator: Validator, folder: Path, scratch: Path, language: str = "") -> Result:
    """Return what *validator* says of the files in *folder*, and of the smallest good one of them when it is broken.

    Where the language of a file makes no difference to it, it looks at those in the *language* of the data.

    What it writes goes to the folder *scratch*. A validator that can't be run, or has nothing to look at, has not been run.
    """
    place = folder if validator.in_each else folder / language
    files = sorted(place.rglob(f"*{validator.suffix}"), key=lambda path: (path.stat().st_size, path))
    if absent := [missing for tool in validator.tools if (missing := tool.missing())]:
        return Result(validator, "; ".join(absent))
    if not files:
        return Result(validator, f"there is no {validator.suffix} in {place}: nox -s build")
    start = time.perf_counter()
    found = {path: _findings(validator, path, scratch) for path in files}
    good = [path for path in files if not _errors(found[path])]
    overlooked = _overlooked(validator, good[0], scratch) if good else ()
    return Result(validator, "", found, overlooked, time.perf_counter() - start)


def _overlooked(validator: Validator, path: Path, scratch: Path) -> tuple[str, ...]:
    """Return the faults that *validator* does not see in a broken copy of the good file *path*."""
    copy = Path(mkdtemp(dir=scratch)) / path.name
    copy.write_bytes(validator.break_file(path.read_bytes()))
    said = _errors(_findings(validator, copy, scratch))
    return tuple(fault for fault in validator.faults if not any(re.search(fault, text, re.DOTALL) for text in said))


def _errors(findings: list[Finding]) -> list[str]:
    return [finding.text for finding in findings if not finding.is_warning]


def _findings(validator: Validator, path: Path, scratch: Path) -> list[Finding]:
    try:
        return validator.check(path, scratch)
    except Exception as error:  # the libraries' own: a file that one check stumbles over is not to keep the others from looking
        return [Finding(f"can't be checked: {type(error).__name__}: {error}")]
