"""Results -> what a person reads, the record in build/, and the table in the README."""

import hashlib
import json
import re
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.conformance.judge import NOT_RUN, Result

FORMATS = {".pdf": "PDF", ".docx": "Word", ".xlsx": "Excel", ".html": "web page"}
BEGIN, END = "<!-- conformance: begin -->", "<!-- conformance: end -->"
WIDTH = 200


def lines(result: Result) -> Iterator[str]:
    """Yield what a person reads of *result*: the outcome, then each finding."""
    validator = result.validator
    took = "" if result.not_run else f", {result.seconds:.1f} s"
    yield f"{result.outcome:8} {FORMATS[validator.suffix]:6} {validator.proves} ({checked_by(result)}){took}"
    if result.not_run:
        yield f"    {result.not_run}"
    for path, findings in result.found.items():
        for one in findings:
            kind = "warning" if one.is_warning else "error"
            yield "    " + textwrap.shorten(f"{kind}: {path.name}: {one.text}", WIDTH, placeholder=" …")
    for fault in result.unseen:
        yield f"    blind: {result.tried[fault]}: {fault}"


def checked_by(result: Result) -> str:
    """Return the tools of *result*, with their versions if they were asked."""
    return " and ".join(" ".join(filter(None, (tool.name, result.versions.get(tool.name)))) for tool in result.validator.tools) or "ours"


def summary(results: Sequence[Result]) -> str:
    """Return one line that counts the outcomes."""
    outcomes = [result.outcome for result in results]
    return ", ".join(f"{outcomes.count(outcome)} {outcome}" for outcome in dict.fromkeys(outcomes))


def record(results: Sequence[Result], folder: Path) -> str:
    """Return the results as JSON, with the digest of every file that was looked at: a record is about these bytes only."""
    return json.dumps([_entry(result, folder) for result in results], ensure_ascii=False, indent=2) + "\n"


def _entry(result: Result, folder: Path) -> dict[str, Any]:
    return {
        "format": result.validator.suffix,
        "proves": result.validator.proves,
        "tools": {tool.name: result.versions.get(tool.name) for tool in result.validator.tools},
        "outcome": result.outcome,
        "why": result.not_run,
        "files": {
            path.relative_to(folder).as_posix(): {
                "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
                "errors": [one.text for one in findings if not one.is_warning],
                "warnings": [one.text for one in findings if one.is_warning],
            }
            for path, findings in result.found.items()
        },
        "faults": {fault: not why for fault, why in result.tried.items()},
    }


def table(results: Sequence[Result]) -> str:
    """Return the results as a Markdown table."""
    rows = [_row(result) for result in results]
    head = ("format", "what is proved", "checked by", "result", "faults seen")
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *rows))


def _row(result: Result) -> tuple[str, ...]:
    count = len(result.warnings)
    warnings = f", {count} warning{'s' if count > 1 else ''}" if count else ""
    names = ", ".join(sorted(path.name for path in result.found))
    seen = "–" if result.outcome == NOT_RUN else f"{len(result.tried) - len(result.unseen)} of {len(result.validator.faults)}"
    said = f"{result.outcome}{warnings}{f': {names}' if names else ''}"
    return (FORMATS[result.validator.suffix], result.validator.proves, checked_by(result), said, seen)


def write_table(readme: Path, results: Sequence[Result]) -> None:
    """Put the table of *results* between the two marks of *readme*, in the place of what is there.

    Raises:
        ValueError: when *readme* has not both marks, once each.
    """
    text, count = re.subn(f"(?s){BEGIN}.*?{END}", lambda _: f"{BEGIN}\n{table(results)}\n{END}", readme.read_text("utf-8"))
    if count != 1:
        raise ValueError(f"{readme} should have {BEGIN} and {END} once each")
    readme.write_text(text, "utf-8")
