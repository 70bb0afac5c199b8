"""Rules that need more than one field or record: each takes a Dataset and yields problems; CHECKS lists them."""

import re
from collections.abc import Callable, Iterator
from itertools import chain, pairwise

from reports.dataset import fields, model
from reports.dataset.codes import Place
from reports.dataset.confidence import disagreements
from reports.dataset.dataset import Dataset, Entry
from reports.dataset.dates import Date, parse_date
from reports.dataset.marks import CITATION, MAYBE_FOLDED, faults, folded_marks, line_marks, stray_ids
from reports.dataset.prose import NOTE, citations
from reports.dataset.references import walk
from reports.errors import Problem, did_you_mean
from reports.validation import annotations_in
from reports.yamlfile import Keys

Problems = Iterator[Problem]

MOST_MARKING = 60  # characters, which have three lines


def check_ids(dataset: Dataset) -> Problems:
    """An id names one record."""
    first: dict[str, tuple[Entry, Keys]] = {}
    for entry, keys, record in dataset.located_records():
        other, of_other = first.setdefault(record.id, (entry, keys))
        if other is not entry or of_other != keys:
            yield entry.problem(f"the id '{record.id}' is taken; it stands at {other.locate(*of_other, 'id')} too", *keys, "id")


def check_references(dataset: Dataset) -> Problems:
    """The target of a reference exists, and is of a kind that the field may refer to."""
    for entry in dataset.entries:
        for text in walk(entry.declared):
            if isinstance(text.mark, fields.RefersTo) and (wrong := _wrong_reference(dataset, text.value, text.mark.kinds)):
                yield entry.problem(wrong, *text.keys)


def check_prose(dataset: Dataset) -> Problems:
    """Prose cites what exists, and has no marks but its own, used as they are used."""
    for entry in dataset.entries:
        for text in walk(entry.declared):
            if isinstance(text.mark, fields.Markdown):
                cited = ((f"@{citation.id}", _wrong_reference(dataset, citation.id, ())) for citation in citations(text.value))
                stray = ((f"@{identifier}", CITATION) for identifier in stray_ids(text.value) if _is_meant(dataset, identifier))
                source = entry.file.source((*entry.keys, *text.keys)) if MAYBE_FOLDED.search(text.value) else ""
                wrong = ((fault.within, fault.message) for fault in (*faults(text.value), *folded_marks(text.value, source)))
                yield from (entry.problem(message, *text.keys, within=mark) for mark, message in chain(cited, stray, wrong) if message)


def check_lines(dataset: Dataset) -> Problems:
    """A text that is no prose, such as a title, cites nothing and has no links."""
    prose = {(id(entry), text.keys) for entry in dataset.entries for text in walk(entry.declared) if isinstance(text.mark, fields.Markdown)}
    for entry, keys, text in dataset.located_texts():
        if (id(entry), keys) not in prose:
            yield from (entry.problem(fault.message, *keys, within=fault.within) for fault in line_marks(text))


def check_order_of_dates(dataset: Dataset) -> Problems:
    """Nothing ends before it starts, and what goes on has no end."""
    for entry in dataset.entries:
        yield from _out_of_order(entry, entry.declared, "start", "end")
        yield from _out_of_order(entry, entry.declared, "since", "until")
        for index, office in enumerate(getattr(entry.declared, "offices", ())):
            yield from _out_of_order(entry, office, "since", "until", "offices", index)
    for entry, operation in dataset.entries_of(model.Operation):
        if operation.ongoing and operation.end:
            yield entry.problem(f"'ongoing', with an end on '{operation.end}'", "ongoing")


def check_periods(dataset: Dataset) -> Problems:
    """Periods do not overlap, and a milestone lies in its file's period; a new one bears the year of its date."""
    in_order = sorted(dataset.entries_of(model.Period), key=lambda found: found[1].start.order)
    for (_, before), (entry, after) in pairwise(in_order):
        if before.covers(after.start):
            yield entry.problem(f"begins within the period '{before.id}'; periods do not overlap", "start")
    periods = {entry.file: period for entry, period in dataset.entries_of(model.Period)}
    for entry, milestone in dataset.entries_of(model.Milestone):
        period = periods.get(entry.file)
        if period and not period.covers(milestone.date):
            yield entry.problem(f"'{milestone.date}' is outside this file's period, '{period.start}' to '{period.end or 'today'}'", "date")
        years = {f"{day.year:04}" for day in (milestone.date.earliest, milestone.date.latest) if day}
        if milestone.id[1:5] not in years and milestone.id not in dataset.published:
            yield entry.problem(f"the id '{milestone.id}' bears another year than its date, '{milestone.date}'", "id")


def check_sources(dataset: Dataset) -> Problems:
    """Every source is used, and a reader can find it: at an address, or in a file."""
    cited = {identifier for entry in dataset.entries for identifier in dataset.mentions(entry.declared)}
    for entry, source in dataset.entries_of(model.Source):
        if source.id not in cited:
            yield entry.problem(f"nothing cites the source '{source.id}'", "id")
        if not (source.url or source.file):
            yield entry.problem("a source needs a 'url' or a 'file'", "id")


def check_evidence_in_prose(dataset: Dataset) -> Problems:
    """Evidence is cited by each statement of the head, each period's story, and the state of a framework that was joined."""
    for entry, about in dataset.entries_of(model.About):
        yield from _uncited_in_head(entry, about)
    for entry, period in dataset.entries_of(model.Period):
        yield from _uncited(entry, period.text, "a period's story", "text")
    for entry, framework in dataset.entries_of(model.Framework):
        if framework.joined:
            yield from _uncited(entry, framework.state, "the state of a framework that was joined", "state")


def check_gives(dataset: Dataset) -> Problems:
    """`gives` names a field of the record and a value that differs from the record's; where sources disagree, a reading says why."""
    for entry, keys, fact in _facts(dataset):
        given = [(index, *item) for index, evidence in enumerate(fact.evidence) for item in evidence.gives.items()]
        wrong = [(message, index, field) for index, field, value in given if (message := _wrong_gives(fact, field, value))]
        yield from (entry.problem(message, *keys, "evidence", index, "gives", field) for message, index, field in wrong)
        if not wrong and disagreements(fact) and not fact.reading:
            yield entry.problem("its sources disagree: 'reading' must say which is followed, and why", *keys)
        if not wrong and fact.reading and not disagreements(fact):
            yield entry.problem("'reading' is for sources that disagree, and none here gives anything else", *keys, "reading")


def check_statements(dataset: Dataset) -> Problems:
    """An assessment rests on a finding and on counter-evidence; without an assessment there is neither."""
    for entry, statement in dataset.entries_of(model.Statement):
        assessed = statement.assessment != model.Assessment.UNASSESSED
        if assessed and not (statement.finding and statement.counter_evidence):
            yield entry.problem(f"'{statement.assessment}' needs a 'finding' and 'counter_evidence'", "assessment")
        if not assessed and (statement.finding or statement.counter_evidence):
            found = "counter-evidence" if statement.counter_evidence else "a finding"
            yield entry.problem(f"there is {found}, so the statement is not 'unassessed'", "assessment")


def check_status(dataset: Dataset) -> Problems:
    """A status agrees with its date on the day that the dataset is as of."""
    today = dataset.about.as_of.latest
    for entry, keys, fact in _facts(dataset):
        status, when = getattr(fact, "status", None), getattr(fact, "date", None)
        if not (status and when and today):
            continue
        if status == model.Status.PLANNED and when.latest and when.latest < today:
            yield entry.problem(f"'planned' for '{when}', which is past; make it 'overdue', 'done' or 'missed'", *keys, "status")
        if status == model.Status.OVERDUE and (not when.latest or when.latest >= today):
            yield entry.problem(f"'overdue' on '{when}', which is not past yet; make it 'planned'", *keys, "status")
        if status == model.Status.DONE and when.earliest and when.earliest > today:
            yield entry.problem(f"'done' on '{when}', which is after the dataset's day, '{dataset.about.as_of}'", *keys, "status")


def check_ladder(dataset: Dataset) -> Problems:
    """A step is for a rung of the ladder, and no two frameworks stand on the same one."""
    steps: dict[int | None, str] = {}
    for entry, framework in (found for found in dataset.entries_of(model.Framework) if found[1].step is not None):
        if framework.place != str(Place.LADDER):
            yield entry.problem(f"a framework that is '{framework.place}' has no step", "step")
        elif framework.step in steps:
            yield entry.problem(f"step {framework.step} is taken by '{steps[framework.step]}'", "step")
        steps.setdefault(framework.step, framework.id)


def check_codes(dataset: Dataset) -> Problems:
    """A code that the head adds, or words in its own way, stands there once."""
    for entry, about in dataset.entries_of(model.About):
        for name, codes in (("kinds", about.kinds), ("places", about.places)):
            named = [own.code for own in codes]
            twice = (index for index, code in enumerate(named) if code in named[:index])
            yield from (entry.problem(f"the code '{named[index]}' is taken", name, index, "code") for index in twice)


def check_counts(dataset: Dataset) -> Problems:
    """No figure is larger than what it is counted of."""
    for entry, measure in dataset.entries_of(model.Measure):
        for index, count in enumerate(measure.points):
            if count.total is not None and count.value > count.total:
                yield entry.problem(f"'{count.value}' of '{count.total}': more than all", "points", index, "total")


def check_marking(dataset: Dataset) -> Problems:
    """The handling mark has room at the head of a page, in three lines."""
    for entry, about in dataset.entries_of(model.About):
        if about.marking and len(about.marking) > MOST_MARKING:
            yield entry.problem(f"has {len(about.marking)} characters; {MOST_MARKING} have room at the head of a page", "marking")


CHECKS: tuple[Callable[[Dataset], Problems], ...] = (
    check_ids,
    check_references,
    check_prose,
    check_lines,
    check_order_of_dates,
    check_periods,
    check_sources,
    check_evidence_in_prose,
    check_gives,
    check_statements,
    check_status,
    check_ladder,
    check_codes,
    check_counts,
    check_marking,
)


def _facts(dataset: Dataset) -> Iterator[tuple[Entry, Keys, model.Fact]]:
    return ((entry, keys, record) for entry, keys, record in dataset.located_records() if isinstance(record, model.Fact))


def _wrong_reference(dataset: Dataset, identifier: str, kinds: tuple[str, ...]) -> str | None:
    names = " or ".join(kinds) or "record"
    record = dataset.by_id.get(identifier)
    if identifier in dataset.unparsed or (record and (not kinds or record.record_kind in kinds)):
        return None
    if record:
        return f"'{identifier}' is {_a(record.record_kind)}, and {_a(names)} is expected here"
    known = [record.id for record in dataset.records() if not kinds or record.record_kind in kinds]
    return f"no {names} has the id '{identifier}'{did_you_mean(identifier, known)}"


def _is_meant(dataset: Dataset, identifier: str) -> bool:
    """Tell whether *identifier* is that of a record, or looks like one: "M2010-1", "nato-2017"."""
    return identifier in dataset.by_id or identifier in dataset.unparsed or bool(re.search(r"[a-z]-\d|^M\d{4}-", identifier))


def _a(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeio" else f"a {noun}"


def _uncited(entry: Entry, text: str, name: str, *keys: str | int) -> Problems:
    if not any(citations(text)):
        yield entry.problem(f"{name} needs evidence: cite a source or a record", *keys, within=text.split("\n")[0][:40])


def _uncited_in_head(entry: Entry, about: model.About) -> Problems:
    for index, point in enumerate(about.key_points):
        yield from _uncited(entry, point, "a key point", "key_points", index)
    if about.bottom_line:
        yield from _uncited(entry, about.bottom_line, "the bottom line", "bottom_line")
    for index, matter in enumerate(about.matters):
        yield from _uncited(entry, matter.stands, "where a matter stands", "matters", index, "stands")
    for index, issue in enumerate(about.watch):
        yield from _uncited(entry, issue.text, "an issue to watch", "watch", index, "text")
    for field in ("standing", "outlook"):
        paragraphs = re.split(r"\n\s*\n", getattr(about, field))
        notes = [paragraph for paragraph in paragraphs if NOTE.match(paragraph.lstrip())]
        for paragraph in (paragraph for paragraph in paragraphs if paragraph not in notes):
            yield from _uncited(entry, "\n\n".join((paragraph, *notes)), "this paragraph", field)


def _out_of_order(entry: Entry, declared: object, first: str, last: str, *keys: str | int) -> Problems:
    start, end = getattr(declared, first, None), getattr(declared, last, None)
    if isinstance(start, Date) and isinstance(end, Date) and start.earliest and end.latest and end.latest < start.earliest:
        yield entry.problem(f"'{last}' ('{end}') is before '{first}' ('{start}')", *keys, last)


def _wrong_gives(fact: model.Fact, field: str, value: str) -> str | None:
    known = [name for name in type(fact).model_fields if name not in ("id", "evidence", "reading")]
    if field not in known:
        return f"{_a(fact.record_kind)} has no field '{field}' that a source could give{did_you_mean(field, known)}"
    own = getattr(fact, field)
    if Date in annotations_in(type(fact).model_fields[field].annotation):  # whether the record has one or not
        try:
            parse_date(value)
        except ValueError as error:
            return str(error)
    if own is not None and str(own) == value:
        return f"'{value}' is what the record says itself; leave it out"
    return None
