"""Do the numbers that a file counts by agree with the data, and with the rows under them?"""

import re
from collections import defaultdict
from collections.abc import Iterator

from reports.audit.expected import Expected
from reports.audit.findings import Compared, Difference
from reports.audit.shown import Kind, Passage, Shown, shorten, squeeze

BESIDE = 12  # so many characters beside a count, or the whole text, tell that it stands in a text of the data


def compare_counts(shown: Shown, expected: Expected) -> Compared:
    """Compare every count that is worded in *shown* as one of the terms under `count` is."""
    counts = [(number, names, passage) for passage in shown.passages for number, names in _counts(passage, expected)]
    differences = [one for number, names, passage in counts for one in _compare_count(number, names, passage, shown, expected)]
    return Compared("counts", len(counts), tuple(differences))


def _counts(passage: Passage, expected: Expected) -> Iterator[tuple[str, set[str]]]:
    """Yield each number that *passage* counts by, and the names of the counts that are worded as it is.

    The longest wording tells what is counted: '{count} milestones' may be all or some, 'all {count} milestones' may not.
    """
    found: dict[tuple[int, int], dict[str, int]] = defaultdict(dict)
    for name, pattern in expected.wordings:
        for match in pattern.finditer(passage.text):
            if not _is_quoted(match, passage, expected):
                found[match.span(1)][name] = max(len(match[0]), found[match.span(1)].get(name, 0))
    for (start, end), lengths in sorted(found.items()):
        names = {name for name, length in lengths.items() if length == max(lengths.values())}
        yield passage.text[start:end].rstrip(".,"), names


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


def _compare_count(number: str, names: set[str], passage: Passage, shown: Shown, expected: Expected) -> Iterator[Difference]:
    """The *number* is that of one of the counts with *names*, and, in a caption, that of the rows below it."""
    says = f"says '{shorten(passage.text, 80)}'"
    right = {name: expected.counts.get(name) for name in sorted(names)}
    forms = {form for count in right.values() if count is not None for form in (str(count), expected.locale.number(count))}
    if number not in forms:
        data = f"the data have {', '.join(f'{name}: {count}' for name, count in right.items())}"
        where = expected.where_all(one for name in right for one in expected.counted.get(name, ()))
        yield Difference(passage.place, says, data, where, words=tuple(sorted(forms)))
    rows = shown.rows.get(passage.table, ()) if passage.kind == Kind.CAPTION else ()
    if rows and number not in (str(len(rows)), expected.locale.number(len(rows))):
        yield Difference(passage.place, says, f"the table has {len(rows)} rows")
