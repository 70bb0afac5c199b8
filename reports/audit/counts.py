"""Do the numbers that a file counts by agree with the data, and with the rows under them?"""

from reports.audit.expected import Expected
from reports.audit.findings import Compared
from reports.audit.shown import Kind, Passage, Shown, shorten


def compare_counts(shown: Shown, expected: Expected) -> Compared:
    """Compare every count that is worded in *shown* as one of the terms under `count` is."""
    compared = Compared("counts")
    for passage in shown.passages:
        found: dict[str, set[str]] = {}
        for name, pattern in expected.wordings:
            for match in pattern.finditer(passage.text):
                found.setdefault(match[1].rstrip(".,"), set()).add(name)
        for number, names in found.items():
            compared.count += 1
            _compare_count(number, names, passage, shown, expected, compared)
    return compared


def _compare_count(number: str, names: set[str], passage: Passage, shown: Shown, expected: Expected, compared: Compared) -> None:
    """The *number* is that of one of the counts with *names*, and, in a caption, that of the rows below it."""
    right = {name: expected.counts.get(name) for name in sorted(names)}
    if number not in {form for count in right.values() if count is not None for form in (str(count), expected.locale.number(count))}:
        told = ", ".join(f"{name}: {count}" for name, count in right.items())
        compared.disagree(passage.place, f"says '{shorten(passage.text, 80)}'", f"the data have {told}", str(expected.dataset.folder))
    rows = shown.rows.get(passage.table, ()) if passage.kind == Kind.CAPTION else ()
    if rows and number not in (str(len(rows)), expected.locale.number(len(rows))):
        compared.disagreements.append(f"{passage.place}: says '{shorten(passage.text, 80)}'; the table has {len(rows)} rows")
