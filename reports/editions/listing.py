"""Changes -> plain data, rows of a table, and lines for people."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reports.editions.changes import Change, ChangeKind, Place, for_readers
from reports.editions.editions import Comparison

COLUMNS = (
    *("kind", "record_kind", "record", "label", "field", "item", "form", "before", "after", "editorial", "added", "gone"),
    *("reason", "replaced_by", "proposed_by"),
)
MARKS = {"kept": "{}", "inserted": "{{+{}+}}", "deleted": "[-{}-]"}  # as wdiff has them
NEAR, LONGEST = 6, 90  # words beside a change that are printed; characters of a value


def to_plain(comparison: Comparison | None) -> Mapping[str, Any]:
    """Return *comparison* as plain data, with the numbers of its two editions; without one, there are no changes."""
    if comparison is None:
        return {"since": None, "changes": []}
    changes = [_plain(change) for change in comparison.changes]
    return {"since": comparison.since.number, "until": comparison.until, "changes": changes}


def to_json(comparison: Comparison | None) -> str:
    """Return *comparison* as the text of a JSON file."""
    return json.dumps(to_plain(comparison), ensure_ascii=False, indent=1) + "\n"


def to_rows(comparison: Comparison | None) -> Iterator[tuple[str, ...]]:
    """Yield a row of headings, and one for each change in *comparison*."""
    yield COLUMNS
    for change in comparison.changes if comparison else ():
        yield tuple(in_a_cell(getattr(change, name)) for name in COLUMNS)


def to_lines(changes: Iterable[Change]) -> Iterator[str]:
    """Yield what people are told of *changes*, a line for each."""
    for change in for_readers(changes):
        name = f"{change.record} ({_shorten(change.label)})"
        if change.kind == ChangeKind.NEW:
            yield f"{name}: new"
        elif change.kind == ChangeKind.WITHDRAWN:
            yield f"{name}: withdrawn: {change.reason or 'nobody says why'}"
        elif change.is_evidence:
            yield f"{name}: evidence: {in_a_cell(change.added) or 'none'} for {in_a_cell(change.gone) or 'none'}"
        else:
            item = f" of {', '.join(filter(None, change.item))}" if change.item else ""
            yield f"{name}: {change.field}{item}: {_difference(change)}"


def _difference(change: Change) -> str:
    if change.is_prose and change.before and change.after:
        runs = ((run.kind, run.words.split(" ")) for run in change.runs)
        return " ".join(MARKS[kind].format(" ".join(_near(words) if kind == "kept" else words)) for kind, words in runs)
    return f"{_shorten(in_a_cell(change.before)) or 'nothing'} → {_shorten(in_a_cell(change.after)) or 'nothing'}"


def _near(words: list[str]) -> list[str]:
    return words if len(words) <= 2 * NEAR else [*words[:NEAR], "…", *words[-NEAR:]]


def _shorten(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _plain(change: Change) -> Mapping[str, Any]:
    """Return *change* as plain data, without what it does not have, and with the words of a text that was changed."""
    fields = {name: getattr(change, name) for name in COLUMNS}
    fields |= {name: [place._asdict() for place in fields[name]] for name in ("added", "gone")}
    words = [list(run) for run in change.runs] if change.is_prose and not change.editorial else None
    return {name: value for name, value in {**fields, "words": words}.items() if value not in (None, "", (), [], False)}


def in_a_cell(value: Any) -> str:
    """Return *value* as one text: a list with semicolons between its items, a record by its fields."""
    if isinstance(value, Place):
        return f"{value.source}, {value.locator}".removesuffix(", ")
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {in_a_cell(item)}" for name, item in value.items())
    if isinstance(value, list | tuple):
        return "; ".join(in_a_cell(item) for item in value)
    return {None: "", True: "yes", False: "no"}[value] if value is None or isinstance(value, bool) else str(value)
