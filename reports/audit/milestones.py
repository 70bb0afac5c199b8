"""Do the milestones of a file agree with the data: which they are, their dates, titles, codes and sources?"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from reports.audit.expected import Expected
from reports.audit.findings import Compared
from reports.audit.shown import Kind, Passage, Shown, shorten, squeeze
from reports.dataset.model import Milestone

REFERENCE = re.compile(r"M\d{4}-[1-9]\d*")

# What stands in a column, by the name of its heading under `column` in the terms; the others are left to the texts.
COLUMNS: Mapping[str, tuple[str, Callable[[Expected, Milestone], str]]] = {
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
    compared = Compared("milestones")
    about = [(reference, passage) for passage in shown.passages if (reference := _reference(passage))]
    _compare_selection({reference for reference, _ in about}, expected, compared)
    for (reference, table), times in Counter((one, passage.table) for one, passage in about if passage.table).items():
        if times > 1:
            compared.disagreements.append(f"{table}: {reference} stands there {times} times")
    for reference, passage in about:
        if milestone := expected.milestones.get(reference):
            _compare_passage(passage, milestone, expected, compared)
    compared.count = len({one for one, _ in about} & set(expected.milestones))
    _compare_marks([(expected.milestones[one], passage) for one, passage in about if one in expected.milestones], expected, compared)
    return compared


def _reference(passage: Passage) -> str:
    """Return the reference of the milestone that *passage* is about, or nothing: one of its cells is it, or it begins with it.

    What is not in a table has to bear the reference as its anchor, too: a sentence may begin with a reference.
    """
    if passage.kind == Kind.ROW:
        return next((cell for cell in passage.cells if REFERENCE.fullmatch(cell)), "")
    found = REFERENCE.match(passage.text)
    return found[0] if found and found[0] in passage.anchors else ""


def _compare_selection(found: set[str], expected: Expected, compared: Compared) -> None:
    """The milestones that the file holds are those that its declaration selects."""
    if expected.milestones and not found:
        compared.disagreements.append(f"no milestone was found, and {len(expected.milestones)} are selected by document.yaml")
        return
    for milestone in expected.view.milestones:
        if milestone.id not in found:
            where = expected.where(milestone, "id")
            compared.disagreements.append(f"the milestone {milestone.id}, '{milestone.title}', is missing ({where})")
    for reference in sorted(found - set(expected.milestones)):
        why = "is not selected by document.yaml" if reference in expected.references else "is none of the data"
        compared.disagreements.append(f"shows the milestone {reference}, which {why}")


def _compare_passage(passage: Passage, milestone: Milestone, expected: Expected, compared: Compared) -> None:
    told = _compare_columns(passage, milestone, expected, compared)
    if "date" not in told and not any(_is_date(cell, milestone, expected) for cell in _dated(passage, milestone)):
        wanted = expected.date(milestone.date)
        compared.disagree(passage.place, f"says '{_seen(passage)}'", f"the date is '{wanted}'", expected.where(milestone, "date"))
    if "milestone" not in told and squeeze(milestone.title) not in passage.squeezed:
        title = f"the title is '{milestone.title}'"
        compared.disagree(passage.place, f"says '{_seen(passage)}'", title, expected.where(milestone, "title"))


def _seen(passage: Passage) -> str:
    return shorten(" | ".join(passage.cells), 90)


def _dated(passage: Passage, milestone: Milestone) -> Iterator[str]:
    """Yield what may be the date: each cell of a row; what follows the reference, up to the title, in any other passage."""
    if passage.kind == Kind.ROW:
        yield from passage.cells
    else:
        yield passage.squeezed.removeprefix(milestone.id).partition(squeeze(milestone.title))[0].strip(":,–")


def _is_date(cell: str, milestone: Milestone, expected: Expected) -> bool:
    """Tell whether *cell* holds the date's words, perhaps with the status behind them, and nothing else."""
    rest = squeeze(cell)
    wanted = squeeze(expected.date(milestone.date))
    status = squeeze(expected.locale.term(f"status.{milestone.status}"))
    return rest.startswith(wanted) and rest[len(wanted) :].strip(",()") in ("", status)


def _compare_columns(passage: Passage, milestone: Milestone, expected: Expected, compared: Compared) -> set[str]:
    """Each cell under a heading that the terms know says what the data say, all of it and nothing else; return those columns."""
    told = set()
    for heading, cell in zip(passage.headings, passage.cells, strict=False):
        for name in _columns(heading, expected):
            told.add(name)
            field, words = COLUMNS[name]
            wanted = words(expected, milestone)
            if squeeze(cell) != squeeze(wanted):
                place, where = f"{passage.place}, '{heading}'", expected.where(milestone, field)
                compared.disagree(place, f"says '{_short_of(cell, wanted)}'", f"the data say '{_short_of(wanted, cell)}'", where)
    return told


def _short_of(text: str, other: str) -> str:
    """Return *text* as short as shows where it differs from *other*."""
    same = next((at for at, (one, two) in enumerate(zip(text, other, strict=False)) if one != two), min(len(text), len(other)))
    start = max(0, same - 30)
    return ("…" if start else "") + shorten(text[start:], 80)


def _columns(heading: str, expected: Expected) -> list[str]:
    headings = expected.terms("column")
    return [name for name in COLUMNS if headings.get(name) == heading]


def _labels(expected: Expected, identifiers: tuple[str, ...]) -> str:
    return ", ".join(expected.view.labels[one] for one in identifiers) or "–"


def _compare_marks(about: list[tuple[Milestone, Passage]], expected: Expected, compared: Compared) -> None:
    """Where a table gives the sources of milestones in brackets, it gives those of each, and no others."""
    marked = {passage.table for _, passage in about if passage.marks}
    for milestone, passage in about:
        if passage.headings or passage.table not in marked:
            continue
        found = {number for number, _ in passage.marks}
        needed = set(expected.evidence_numbers(milestone.evidence))
        wrong = sorted(found - expected.mentioned_numbers(milestone)) + sorted(needed - found)
        if wrong:
            data = f"the evidence is {sorted(needed)}"
            compared.disagree(passage.place, f"cites the sources {sorted(found)}", data, expected.where(milestone, "evidence"))
