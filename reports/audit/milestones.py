"""Do the milestones of a file agree with the data: which they are, their dates, titles, codes and sources?"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from reports.audit.expected import Expected
from reports.audit.findings import Compared, Difference
from reports.audit.shown import Kind, Passage, Shown, length_in_common, shorten, squeeze
from reports.dataset.model import Milestone

REFERENCE = re.compile(r"M\d{4}-[1-9]\d*")

Words = Callable[[Expected, Milestone], str]
About = Sequence[tuple[Milestone, Passage]]

# What stands in a column, by the name of its heading under `column` in the terms; the others are left to the texts.
COLUMNS: Mapping[str, tuple[str, Words]] = {
    "reference": ("id", lambda expected, one: one.id),
    "date": ("date", lambda expected, one: expected.date(one.date)),
    "earliest": ("date", lambda expected, one: str(one.date.earliest or "")),
    "latest": ("date", lambda expected, one: str(one.date.latest or "")),
    "milestone": ("title", lambda expected, one: one.title),
    "text": ("text", lambda expected, one: expected.prose(one.text)),
    "kind": ("kind", lambda expected, one: expected.locale.term(f"kind.{one.kind}")),
    "status": ("status", lambda expected, one: expected.locale.term(f"status.{one.status}")),
    "framework": ("frameworks", lambda expected, one: _labels(expected, one.frameworks)),
    "area": ("areas", lambda expected, one: _labels(expected, one.areas)),
    "confidence": ("evidence", lambda expected, one: expected.locale.term(f"confidence.{expected.view.confidence(one)}")),
    "disputed": ("evidence", lambda expected, one: expected.locale.term("yes" if expected.view.disagreements(one) else "no")),
    "sources": ("evidence", lambda expected, one: ", ".join(map(str, expected.evidence_numbers(one.evidence)))),
    "first_source": ("evidence", lambda expected, one: expected.view.source(one.evidence[0].source).publisher),
    "edtf": ("date", lambda expected, one: one.date.text),
}


def compare_milestones(shown: Shown, expected: Expected) -> Compared:
    """Compare which milestones *shown* holds, and what each row or item about one says of it."""
    found = [(reference, passage) for passage in shown.passages if (reference := _reference(passage))]
    about = [(expected.milestones[reference], passage) for reference, passage in found if reference in expected.milestones]
    differences = (
        *_compare_selection({reference for reference, _ in found}, expected),
        *_compare_times(found, expected),
        *(one for milestone, passage in about for one in _compare_columns(passage, milestone, expected)),
        *_compare_parts(about, expected),
        *_compare_marks(about, expected),
    )
    return Compared("milestones", len({milestone.id for milestone, _ in about}), differences)


def _reference(passage: Passage) -> str:
    """Return the reference of the milestone that *passage* is about, or nothing: one of its cells is it, or it begins with it.

    What is not in a table has to bear the reference as its anchor, too: a sentence may begin with a reference.
    """
    if passage.kind == Kind.ROW:
        return next((cell for cell in passage.cells if REFERENCE.fullmatch(cell)), "")
    found = REFERENCE.match(passage.text)
    return found[0] if found and found[0] in passage.anchors else ""


def _compare_selection(found: set[str], expected: Expected) -> Iterator[Difference]:
    """The milestones that the file holds are those that its declaration selects."""
    if expected.milestones and not found:
        none = f"no milestone was found, and {len(expected.milestones)} are selected by document.yaml"
        yield Difference("", none, where=expected.where_selected("records", "milestones"))
        return
    for milestone in expected.view.milestones:
        if milestone.id not in found:
            missing = f"the milestone {milestone.id}, '{milestone.title}', is missing"
            yield Difference("", missing, where=expected.where(milestone, "id"), words=(milestone.id,))
    for reference in sorted(found - set(expected.milestones)):
        if reference in expected.references:
            where = expected.where_selected("records", "milestones")
            yield Difference("", f"shows the milestone {reference}, which is not selected by document.yaml", where=where)
        else:
            yield Difference("", f"shows the milestone {reference}, which is none of the data")


def _compare_times(found: list[tuple[str, Passage]], expected: Expected) -> Iterator[Difference]:
    """No table holds a milestone twice."""
    for (reference, table), times in Counter((reference, passage.table) for reference, passage in found if passage.table).items():
        if times > 1:
            milestone = expected.milestones.get(reference)
            where = expected.where(milestone, "id") if milestone else ""
            yield Difference(table, f"{reference} stands there {times} times", where=where)


def _compare_columns(passage: Passage, milestone: Milestone, expected: Expected) -> Iterator[Difference]:
    """Each cell under a heading that the terms know says what the data say, all of it and nothing else."""
    for heading, cell in zip(passage.headings, passage.cells, strict=False):
        for name in _columns(heading, expected):
            field, words = COLUMNS[name]
            wanted = words(expected, milestone)
            if squeeze(cell) != squeeze(wanted):
                says, data = f"says '{_short_of(cell, wanted)}'", f"the data say '{_short_of(wanted, cell)}'"
                yield Difference(passage.place, says, data, expected.where(milestone, field), column=heading)


def _short_of(text: str, other: str) -> str:
    """Return *text* as short as shows where it differs from *other*."""
    start = max(0, length_in_common(text, other) - 30)
    return ("…" if start else "") + shorten(text[start:], 80)


def _columns(heading: str, expected: Expected) -> list[str]:
    headings = expected.terms("column")
    return [name for name in COLUMNS if headings.get(name) == heading]


def _labels(expected: Expected, identifiers: tuple[str, ...]) -> str:
    return ", ".join(expected.view.labels[one] for one in identifiers) or "–"


def _compare_parts(about: About, expected: Expected) -> Iterator[Difference]:
    """The date and the title stand beside each reference, but for tables without the ones or the others; somewhere for each milestone."""
    for column, field, words, has in PARTS:
        lacking = [(one, passage) for one, passage in about if not (has(passage, one, expected) or _has_column(passage, column, expected))]
        without = {id(passage) for _, passage in lacking}
        rows, lacks = (Counter(passage.table for _, passage in some) for some in (about, lacking))
        wrong = [(one, passage) for one, passage in lacking if not passage.table or 2 * lacks[passage.table] <= rows[passage.table]]
        shown = {one.id for one, passage in about if id(passage) not in without} | {one.id for one, _ in wrong}
        nowhere = {one.id: (one, passage) for one, passage in reversed(lacking) if one.id not in shown}
        for milestone, passage in (*wrong, *reversed(nowhere.values())):
            wanted = words(expected, milestone)
            says, data = f"says '{shorten(' | '.join(passage.cells), 90)}'", f"the {field} is '{wanted}'"
            yield Difference(passage.place, says, data, expected.where(milestone, field), words=(wanted,))


def _has_column(passage: Passage, name: str, expected: Expected) -> bool:
    """Tell whether a cell of *passage* stands in the column that the terms call *name*: it has been compared as such."""
    return expected.terms("column").get(name) in passage.headings[: len(passage.cells)]


def _has_title(passage: Passage, milestone: Milestone, _: Expected) -> bool:
    return squeeze(milestone.title) in passage.squeezed


def _has_date(passage: Passage, milestone: Milestone, expected: Expected) -> bool:
    """Tell whether a cell of a row is the date, or what follows the reference in any other passage: up to the title, if that is right."""
    if passage.kind == Kind.ROW:
        return any(_is_date(squeeze(cell), milestone, expected) for cell in passage.cells)
    rest = passage.squeezed.removeprefix(milestone.id).lstrip(":,–")
    if _has_title(passage, milestone, expected):
        return _is_date(rest.partition(squeeze(milestone.title))[0].rstrip(":,–"), milestone, expected)
    return rest.startswith(squeeze(expected.date(milestone.date)))


def _is_date(words: str, milestone: Milestone, expected: Expected) -> bool:
    """Tell whether *words* are those of the date, perhaps with the status behind them, and nothing else."""
    wanted = squeeze(expected.date(milestone.date))
    rest = words.removeprefix(wanted).strip(",()")
    return words.startswith(wanted) and (not rest or rest == squeeze(expected.locale.term(f"status.{milestone.status}")))


# What stands beside each reference: its column, its field, its words, and whether a passage has them.
PARTS: tuple[tuple[str, str, Words, Callable[[Passage, Milestone, Expected], bool]], ...] = (
    ("date", "date", COLUMNS["date"][1], _has_date),
    ("milestone", "title", COLUMNS["milestone"][1], _has_title),
)


def _compare_marks(about: About, expected: Expected) -> Iterator[Difference]:
    """Where a table gives the sources of milestones in brackets, it gives those of each, and no others."""
    marked = {passage.table for _, passage in about if passage.marks}
    for milestone, passage in about:
        if passage.headings or passage.table not in marked:
            continue
        found = {number for number, _ in passage.marks}
        needed = set(expected.evidence_numbers(milestone.evidence))
        if found - expected.mentioned_numbers(milestone) or needed - found:
            says, data = f"cites the sources {sorted(found)}", f"the evidence is {sorted(needed)}"
            words = tuple(f"[{number}]" for number in sorted(needed))
            yield Difference(passage.place, says, data, expected.where(milestone, "evidence"), words=words)
