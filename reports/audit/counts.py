"""Do the numbers that a file counts by agree with the data, and with the rows under them?"""

import re
from collections.abc import Iterator

from reports.audit.expected import Expected
from reports.audit.findings import Compared
from reports.audit.shown import Kind, Passage, Shown, shorten, squeeze

BESIDE = 12  # so many characters beside a count, or the whole text, tell that it stands in a text of the data


def compare_counts(shown: Shown, expected: Expected) -> Compared:
    """Compare every count that is worded in *shown* as one of the terms under `count` is."""
    compared = Compared("counts")
    for passage in shown.passages:
        found: dict[str, set[str]] = {}
        for name, pattern in expected.wordings:
            for match in (one for one in pattern.finditer(passage.text) if not _is_quoted(one, passage, expected)):
                found.setdefault(match[1].rstrip(".,"), set()).add(name)
        for number, names in found.items():
            compared.count += 1
            _compare_count(number, names, passage, shown, expected, compared)
    return compared


def _is_quoted(count: "re.Match[str]", passage: Passage, expected: Expected) -> bool:
    """Tell whether *count* stands within a text of the data, which may count what it likes: '12 of the points'. No caption does."""
    if passage.kind == Kind.CAPTION:
        return False
    start = len(squeeze(passage.text[: count.start()]))
    end = start + len(squeeze(count[0]))
    words = passage.squeezed
    around = [words[max(0, start - BESIDE) : end]] * (start >= BESIDE) + [words[start : end + BESIDE]] * (len(words) >= end + BESIDE)
    return any(
        any(one in text for one in around) or any(at <= start and end <= at + len(text) for at in _places(text, words))
        for text in expected.quotable
        if words[start:end] in text
    )


def _places(text: str, within: str) -> Iterator[int]:
    return (found.start() for found in re.finditer(re.escape(text), within))


def _compare_count(number: str, names: set[str], passage: Passage, shown: Shown, expected: Expected, compared: Compared) -> None:
    """The *number* is that of one of the counts with *names*, and, in a caption, that of the rows below it."""
    right = {name: expected.counts.get(name) for name in sorted(names)}
    if number not in {form for count in right.values() if count is not None for form in (str(count), expected.locale.number(count))}:
        told = ", ".join(f"{name}: {count}" for name, count in right.items())
        compared.disagree(passage.place, f"says '{shorten(passage.text, 80)}'", f"the data have {told}", str(expected.dataset.folder))
    rows = shown.rows.get(passage.table, ()) if passage.kind == Kind.CAPTION else ()
    if rows and number not in (str(len(rows)), expected.locale.number(len(rows))):
        compared.disagreements.append(f"{passage.place}: says '{shorten(passage.text, 80)}'; the table has {len(rows)} rows")
