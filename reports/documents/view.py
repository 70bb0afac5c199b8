"""Dataset + document -> View: what the templates of one document may see."""

import hashlib
import json
from collections.abc import Iterator, KeysView, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, time
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel

from reports.dataset.confidence import Confidence, Disagreement, confidence, disagreements
from reports.dataset.dataset import Dataset
from reports.dataset.model import (
    Abbreviation,
    About,
    Area,
    Body,
    Count,
    Evidence,
    Fact,
    Framework,
    Markdown,
    Measure,
    Milestone,
    Operation,
    Period,
    Person,
    Record,
    RefersTo,
    Source,
    Statement,
    StrictModel,
    plain,
)
from reports.dataset.prose import citations
from reports.dataset.references import walk
from reports.documents.document import Choice, Document

AnyRecord = TypeVar("AnyRecord", bound=Record)


class MeasureCount(NamedTuple):
    """One figure, and the measure that it belongs to."""

    measure: Measure
    figure: Count


class SourceDifference(NamedTuple):
    """A point on which a source says otherwise: what is *followed* in *fact*, and the *value* that *evidence* gives for *field*."""

    fact: Fact
    followed: object
    evidence: Evidence
    field: str
    value: str


@dataclass(frozen=True)
class View:
    """What one document shows, in one language: selected, ordered and resolved, but still typed.

    *sources* are the ones that the shown records cite, and *numbers* gives each its number, which is the same in every document.
    *labels* names every record that is mentioned, shown or not. *dataset* is the whole as canonical JSON, if it is attached.
    """

    document: Document
    language: str
    about: About
    periods: tuple[Period, ...]
    milestones: tuple[Milestone, ...]
    frameworks: tuple[Framework, ...]
    areas: tuple[Area, ...]
    operations: tuple[Operation, ...]
    bodies: tuple[Body, ...]
    people: tuple[Person, ...]
    statements: tuple[Statement, ...]
    measures: tuple[Measure, ...]
    abbreviations: tuple[tuple[str, str], ...]
    sources: tuple[Source, ...]
    numbers: Mapping[str, int]
    labels: Mapping[str, str]
    dataset: str | None

    @property
    def title(self) -> str:
        return self.document.title or self.about.title

    @property
    def moment(self) -> datetime:
        """The moment that finished files bear: the first of the day the dataset was published, never the clock's."""
        return datetime.combine(self.about.published.order[0], time(), UTC)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all that the templates can see, in hexadecimal."""
        content = {field.name: _jsonable(getattr(self, field.name)) for field in fields(self)}
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    @property
    def record_digests(self) -> Mapping[str, str]:
        """A short digest of each record that is shown, by its id, and of the head and the declaration, by their files."""
        named = {"dataset.yaml": self.about, "document.yaml": self.document, **{one.id: one for one in self.sources}}
        named |= {one.id: one for one in self.declared if isinstance(one, Record)}
        return {name: hashlib.sha256(json.dumps(plain(one), sort_keys=True).encode()).hexdigest()[:16] for name, one in named.items()}

    @cached_property
    def dataset_digest(self) -> str | None:
        """SHA-256 of the attached dataset, in hexadecimal."""
        return hashlib.sha256(self.dataset.encode()).hexdigest() if self.dataset else None

    @property
    def declared(self) -> tuple[StrictModel, ...]:
        """The dataset's head and all records that are shown, sources aside."""
        facts = (*self.milestones, *self.frameworks, *self.areas, *self.operations, *self.bodies, *self.people)
        return (self.about, *self.periods, *facts, *self.statements, *self.measures)

    @property
    def shown(self) -> KeysView[str]:
        """The ids of the records that the document shows in full, and may link to, in the order of the records."""
        return self._shown.keys()

    @cached_property
    def all_disagreements(self) -> tuple["SourceDifference", ...]:
        """Every point on which a source of a shown fact says otherwise, in the order of the facts."""
        return tuple(SourceDifference(fact, getattr(fact, one.field), *one) for fact in self.facts for one in disagreements(fact))

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """Every shown record that has evidence of its own, activities too."""
        return tuple(one for one in (*self.declared, *(one for area in self.areas for one in area.activities)) if isinstance(one, Fact))

    @cached_property
    def facts_by_id(self) -> Mapping[str, Fact]:
        return {fact.id: fact for fact in self.facts}

    def differing(self, key: bool) -> tuple[Fact, ...]:
        """Return the facts on which sources differ: key milestones and frameworks if *key*, else all others."""
        differing = (fact for fact in self.facts if disagreements(fact))
        return tuple(fact for fact in differing if (isinstance(fact, Framework) or getattr(fact, "key", False)) == key)

    @cached_property
    def counts(self) -> tuple["MeasureCount", ...]:
        """Every count of every shown measure."""
        return tuple(MeasureCount(measure, count) for measure in self.measures for count in measure.points)

    def milestones_of(self, period: Period) -> tuple[Milestone, ...]:
        """Return the shown milestones of *period*, in order of date."""
        return tuple(milestone for milestone in self.milestones if period.covers(milestone.date))

    def confidence(self, fact: Fact) -> Confidence:
        return confidence(fact, self._sources_by_id)

    def disagreements(self, fact: Fact) -> tuple[Disagreement, ...]:
        return disagreements(fact)

    def source(self, identifier: str) -> Source:
        return self._sources_by_id[identifier]

    @cached_property
    def _shown(self) -> Mapping[str, None]:
        # A dict, since the order of a set differs from one build to the next.
        records = (*self.declared, *(activity for area in self.areas for activity in area.activities))
        return dict.fromkeys(record.id for record in records if isinstance(record, Record))

    @cached_property
    def _sources_by_id(self) -> Mapping[str, Source]:
        return {source.id: source for source in self.sources}


def make_view(dataset: Dataset, document: Document, language: str) -> View:
    """Return what *document* shows of *dataset* in *language*."""
    choose = _Chooser(dataset, document)
    selected = View(
        document=document,
        language=language,
        about=dataset.about,
        periods=dataset.all(Period),
        milestones=tuple(sorted(choose(Milestone, "milestones"), key=lambda one: (one.date.order, _number(one.id)))),
        frameworks=choose(Framework, "frameworks"),
        areas=choose(Area, "areas"),
        operations=choose(Operation, "operations"),
        bodies=choose(Body, "bodies"),
        people=choose(Person, "people"),
        statements=choose(Statement, "statements"),
        measures=choose(Measure, "measures"),
        abbreviations=_expansions(dataset, document),
        sources=(),
        numbers={},
        labels={},
        dataset=dataset.canonical_json() if document.attach_dataset else None,
    )
    mentioned = frozenset(one for declared in selected.declared for one in _mentions(declared))
    return replace(
        selected,
        sources=tuple(source for source in dataset.sources if source.id in mentioned),
        numbers={source.id: number for number, source in enumerate(dataset.sources, 1) if source.id in mentioned},
        labels={identifier: label(dataset.by_id[identifier], dataset.by_id) for identifier in sorted(mentioned)},
    )


def label(record: Record, by_id: Mapping[str, Record]) -> str:
    """Return the shortest name of *record* that a reader understands: its abbreviation, its name, its title, or its id.

    A milestone is known by its id, which is what readers quote, and a statement by who makes it.
    """
    if isinstance(record, Statement):
        return label(by_id[record.speaker], by_id)
    if isinstance(record, Source):
        return record.publisher
    if isinstance(record, Milestone):
        return record.id
    found = (getattr(record, field, None) for field in ("abbreviation", "name", "title"))
    return next((str(one) for one in found if one), record.id)


@dataclass(frozen=True)
class _Chooser:
    dataset: Dataset
    document: Document

    def __call__(self, model: type[AnyRecord], kind: str) -> tuple[AnyRecord, ...]:
        """Return the records of *model* that the document's selection of *kind* takes."""
        choice = getattr(self.document.records, kind)
        if choice == Choice.NONE:
            return ()
        return tuple(record for record in self.dataset.all(model) if choice == Choice.ALL or getattr(record, "key", True))


def _expansions(dataset: Dataset, document: Document) -> tuple[tuple[str, str], ...]:
    """Return every abbreviation with what it stands for: the records' own, and the names of frameworks, operations and bodies."""
    if document.records.abbreviations == Choice.NONE:
        return ()
    found = {one.abbreviation: one.stands_for for one in dataset.all(Abbreviation)}
    named: tuple[Record, ...] = (*dataset.all(Framework), *dataset.all(Operation), *dataset.all(Body))
    for record in named:
        if short := getattr(record, "abbreviation", None):
            found[short] = getattr(record, "name", "")
    return tuple(sorted(found.items(), key=lambda pair: pair[0].casefold()))


def _mentions(declared: BaseModel) -> Iterator[str]:
    """Yield the ids that *declared* mentions, in fields or in prose; its own too."""
    if isinstance(declared, Record):
        yield declared.id
    for text in walk(declared):
        if isinstance(text.mark, RefersTo):
            yield text.value
        elif isinstance(text.mark, Markdown):
            yield from (cited.id for cited in citations(text.value))


def _number(milestone_id: str) -> int:
    """Return the number at the end of a milestone's id, so that M2010-10 follows M2010-9."""
    return int(milestone_id.rpartition("-")[2])


def _jsonable(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return plain(value)
    if isinstance(value, tuple):
        return [_jsonable(item) for item in value]
    return dict(value) if isinstance(value, Mapping) else value
