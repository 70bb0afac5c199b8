"""Dataset + document -> View: the records, numbers and labels that the templates of one document may see."""

import json
from collections.abc import KeysView, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, time
from functools import cached_property
from typing import Any, NamedTuple

from pydantic import BaseModel

from reports.dataset import model
from reports.dataset.confidence import Confidence, Disagreement, confidence, disagreements
from reports.dataset.dataset import Dataset, mentions
from reports.dataset.dates import Date
from reports.documents.document import AllOrNone, Choice, Document, Selection
from reports.editions.changes import Change, ChangeKind, for_readers
from reports.editions.editions import DATASET, Comparison
from reports.editions.snapshot import ABOUT, MODELS, outer_kind
from reports.files import sha256
from reports.translations.changes import Teller
from reports.translations.extraction import DECLARED, declared_text
from reports.translations.texts import Foreign, Key, Text, retold, texts_in
from reports.translations.wording import WRITTEN_IN, Wording

# The kinds of records that a document selects, by their names in its declaration and in the view.
SELECTED: Mapping[str, type[model.Record]] = {
    "milestones": model.Milestone,
    "frameworks": model.Framework,
    "areas": model.Area,
    "operations": model.Operation,
    "bodies": model.Body,
    "people": model.Person,
    "statements": model.Statement,
    "measures": model.Measure,
}
IN_A_FIGURE = 40  # key milestones, or points of a measure, which stand on one page with their labels even if each needs a line of its own


class MeasureCount(NamedTuple):
    """One figure, with the measure that it belongs to."""

    measure: model.Measure
    figure: model.Count


class OfficeHolder(NamedTuple):
    """A person, with one of the offices that they hold."""

    person: model.Person
    office: model.Office


class SourceDifference(NamedTuple):
    """A point on which a source says otherwise: what is *followed* in *fact*, and the *value* that *evidence* gives for *field*."""

    fact: model.Fact
    followed: object
    evidence: model.Evidence
    field: str
    value: str


class PastEdition(NamedTuple):
    """An edition that was published: its *number*, its day, and the SHA-256 of its data."""

    number: int
    published: Date
    digest: str


@dataclass(frozen=True)
class View:
    """The content of one document in one language: selected, ordered and resolved, but still typed.

    *sources* are the ones that its records cite, and *numbers* gives each its number, which is the same in every document.
    *labels* names every record that is mentioned, in the document or not, and *doubtful* are those of them in which confidence is low.
    *changes* are those of its records, in their order, that a reader is told of, *editorial* is the number of the others, and *since* the
    edition that they are counted from; if there is none, there are no changes. *dataset* is the whole as canonical JSON, if it is attached.
    Of its texts and the words of its templates, *passages* in number, those that are *untranslated* stay in their own language: the key
    of each.
    """

    document: Document
    language: str
    about: model.About
    topics: tuple[model.Topic, ...]
    periods: tuple[model.Period, ...]
    milestones: tuple[model.Milestone, ...]
    frameworks: tuple[model.Framework, ...]
    areas: tuple[model.Area, ...]
    operations: tuple[model.Operation, ...]
    bodies: tuple[model.Body, ...]
    people: tuple[model.Person, ...]
    statements: tuple[model.Statement, ...]
    measures: tuple[model.Measure, ...]
    abbreviations: tuple[tuple[str, str], ...]
    sources: tuple[model.Source, ...]
    numbers: Mapping[str, int]
    labels: Mapping[str, str]
    doubtful: tuple[str, ...]
    dataset: str | None
    changes: tuple[Change, ...]
    editorial: int
    since: PastEdition | None
    passages: int = 0
    untranslated: tuple[Key, ...] = ()

    @property
    def title(self) -> str:
        """The title of the document, which is the dataset's unless its declaration has one."""
        return self.document.title or self.about.title

    @property
    def other_language(self) -> str:
        """The language of what is untranslated: that of the data, or that of templates in a document in the language of the data."""
        return self.about.language if self.about.language != self.language else WRITTEN_IN

    @property
    def moment(self) -> datetime:
        """The moment that finished files bear: the first of the day the dataset was published, never the clock's."""
        return datetime.combine(self.about.published.order[0], time(), UTC)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all that the templates can see, in hexadecimal."""
        return _digest({field.name: getattr(self, field.name) for field in fields(self)})

    @property
    def record_digests(self) -> Mapping[str, str]:
        """A short digest of each record of the document, by its id, and of the head and the declaration, by their files."""
        named: dict[str, BaseModel] = {"dataset.yaml": self.about, "document.yaml": self.document}
        named |= {record.id: record for record in (*self.sources, *self.declared) if isinstance(record, model.Record)}
        return {name: _digest(model.plain(declared))[:16] for name, declared in named.items()}

    @cached_property
    def unmarked(self) -> "View":
        """The same, for files that can't say of a part of them that it is in another language."""
        if self.language == self.about.language and not self.untranslated:
            return self
        told: dict[str, Any] = {field.name: _unmarked(getattr(self, field.name)) for field in fields(self)}
        return replace(self, **told)

    @cached_property
    def dataset_digest(self) -> str | None:
        """SHA-256 of the attached dataset, in hexadecimal."""
        return sha256(self.dataset.encode()) if self.dataset else None

    @property
    def declared(self) -> tuple[model.StrictModel, ...]:
        """The dataset's head and all records of the document, sources aside."""
        facts = (*self.milestones, *self.frameworks, *self.areas, *self.operations, *self.bodies, *self.people)
        return (self.about, *self.periods, *facts, *self.statements, *self.measures)

    @property
    def shown(self) -> KeysView[str]:
        """The ids of the records that the document shows in full, and may link to, in the order of the records."""
        return self._shown.keys()

    @cached_property
    def _shown(self) -> Mapping[str, None]:
        # A dict, since the order of a set differs from one build to the next, and its keys alone can't be sent to a worker.
        return dict.fromkeys(record.id for record in (*self.declared, *self._activities) if isinstance(record, model.Record))

    @cached_property
    def _activities(self) -> tuple[model.Activity, ...]:
        return tuple(activity for area in self.areas for activity in area.activities)

    @cached_property
    def all_disagreements(self) -> tuple[SourceDifference, ...]:
        """Every point on which a source of one of the facts says otherwise, in the order of the facts."""
        found = ((fact, disagreement) for fact in self.facts for disagreement in disagreements(fact))
        return tuple(SourceDifference(fact, getattr(fact, disagreement.field), *disagreement) for fact, disagreement in found)

    @cached_property
    def facts(self) -> tuple[model.Fact, ...]:
        """Every record that has evidence of its own, activities too."""
        return tuple(record for record in (*self.declared, *self._activities) if isinstance(record, model.Fact))

    @cached_property
    def facts_by_id(self) -> Mapping[str, model.Fact]:
        """The same, by their ids."""
        return {fact.id: fact for fact in self.facts}

    def citing(self, source: str) -> tuple[str, ...]:
        """Return the ids of the records of the document that cite *source*, in the order of the records."""
        return self._citing.get(source, ())

    @cached_property
    def _citing(self) -> Mapping[str, tuple[str, ...]]:
        citing: dict[str, list[str]] = {}
        for record in (*self.facts, *self.measures):
            own = record.model_copy(update={"activities": ()}) if isinstance(record, model.Area) else record
            for identifier in dict.fromkeys(mentions(own)):
                citing.setdefault(identifier, []).append(record.id)
        return {source: tuple(records) for source, records in citing.items()}

    def differing(self, key: bool) -> tuple[model.Fact, ...]:
        """Return the facts on which sources differ: key milestones and frameworks if *key*, else all others."""
        differing = (fact for fact in self.facts if disagreements(fact))
        return tuple(fact for fact in differing if (isinstance(fact, model.Framework) or getattr(fact, "key", False)) == key)

    @cached_property
    def counts(self) -> tuple[MeasureCount, ...]:
        """Every count of every measure."""
        return tuple(MeasureCount(measure, count) for measure in self.measures for count in measure.points)

    @cached_property
    def fates(self) -> Mapping[str, ChangeKind]:
        """The fate of each record that changed since the edition before, by its id."""
        return {change.record: change.kind for change in self.changes}

    @cached_property
    def changes_of(self) -> Mapping[str, tuple[Change, ...]]:
        """The changes of each record that has some, by its id, in the order of the records."""
        changes: dict[str, list[Change]] = {}
        for change in self.changes:
            changes.setdefault(change.record, []).append(change)
        return {record: tuple(own) for record, own in changes.items()}

    @cached_property
    def office_holders(self) -> tuple[OfficeHolder, ...]:
        """The holders of offices that matter now, by body; those of no body last, and deputies, whose titles are longer, after others."""
        holders = [OfficeHolder(person, office) for person in self.people for office in person.offices if office.current]
        order = {body.id: number for number, body in enumerate(self.bodies)}
        return tuple(sorted(holders, key=lambda held: (order.get(held.office.body or "", len(order)), len(held.office.role))))

    def milestones_of(self, period: model.Period) -> tuple[model.Milestone, ...]:
        """Return the milestones of *period*, in order of date."""
        return tuple(milestone for milestone in self.milestones if period.covers(milestone.date))

    @cached_property
    def latest_key_milestones(self) -> tuple[model.Milestone, ...]:
        """The latest key milestones that a timeline has room for, in order of date; one whose first day is open has no place on it."""
        return tuple(milestone for milestone in self.milestones if milestone.key and milestone.date.earliest)[-IN_A_FIGURE:]

    def latest_points(self, measure: model.Measure) -> tuple[model.Count, ...]:
        """Return the latest figures of *measure* that one drawing has room for, in order of date."""
        return tuple(sorted(measure.points, key=lambda count: count.date.order)[-IN_A_FIGURE:])

    @cached_property
    def drawn_measures(self) -> tuple[model.Measure, ...]:
        """The measures that documents draw: the headline of the dataset, then the key ones."""
        headline = [measure for measure in self.measures if measure.id == self.about.headline]
        return (*headline, *(measure for measure in self.measures if measure.key and measure not in headline))

    def confidence(self, fact: model.Fact) -> Confidence:
        """Return how far the evidence of *fact* carries: high, medium or low."""
        return confidence(fact, self._sources_by_id)

    def disagreements(self, fact: model.Fact) -> tuple[Disagreement, ...]:
        """Return each point on which a source of *fact* says otherwise: its *field*, the *value* given, and the *evidence*."""
        return disagreements(fact)

    def source(self, identifier: str) -> model.Source:
        """Return the source with the id *identifier*."""
        return self._sources_by_id[identifier]

    @cached_property
    def _sources_by_id(self) -> Mapping[str, model.Source]:
        return {source.id: source for source in self.sources}


def make_view(dataset: Dataset, document: Document, language: str, since: Comparison | None = None) -> View:
    """Return the content of *document* in *language*, selected from *dataset*, with its changes *since* an edition."""
    chosen: dict[str, Any] = _choose(dataset, document.records)
    selected = View(
        document=document,
        language=language,
        about=dataset.about,
        topics=dataset.all(model.Topic),
        periods=dataset.all(model.Period),
        **{**chosen, "milestones": tuple(sorted(chosen["milestones"], key=_milestone_order))},
        abbreviations=() if document.records.abbreviations == AllOrNone.NONE else _expansions(dataset),
        sources=(),
        numbers={},
        labels={},
        doubtful=(),
        dataset=dataset.canonical_json if document.attach_dataset else None,
        changes=(),
        editorial=0,
        since=None,
    )
    named = {identifier for declared in selected.declared for identifier in dataset.mentions(declared)}
    named |= {record.id for record in (*selected.declared, *selected._activities) if isinstance(record, model.Record)}
    records = {identifier: dataset.by_id[identifier] for identifier in sorted(named)}
    by_id = {source.id: source for source in dataset.sources}
    selected = replace(
        selected,
        sources=tuple(source for source in dataset.sources if source.id in named),
        numbers={source: number for source, number in dataset.source_numbers.items() if source in named},
        labels={identifier: label(record, dataset.by_id) for identifier, record in records.items()},
        doubtful=tuple(key for key, fact in records.items() if isinstance(fact, model.Fact) and confidence(fact, by_id) == Confidence.LOW),
    )
    selected = _with_changes(selected, since, dataset) if since else selected
    return _counted(selected, dataset) if dataset.original else selected


def _counted(view: View, dataset: Dataset) -> View:
    """Return *view* with the number of its texts, and those that have no translation: of records, and where others are named."""
    declared = (*view.declared, *view.topics, *view.sources)
    told = [text for record in declared for text in dataset.remember("texts", record, lambda record: [*texts_in(record, view.language)])]
    known = {*(text.value for text in told), *view.shown, *(record.id for record in (*view.topics, *view.sources))}
    told += [Text(f"{key}/label", name) for key, name in view.labels.items() if key not in known and name != key]
    told += [Text("abbreviations", text) for pair in view.abbreviations for text in pair if text not in known]
    untranslated = dict.fromkeys(text.key for text in told if isinstance(text.value, Foreign))
    return replace(view, passages=len({text.key for text in told}), untranslated=tuple(untranslated))


def with_told_changes(view: View, teller: Teller) -> View:
    """Return *view* with its changes told by *teller*.

    What they say of today is counted among the texts of records. What was said before is not: of an edition that kept no catalogue,
    nobody can translate it any more.
    """
    changes = tuple(map(teller.tell, view.changes))
    gone = {change.record: change.label for change in changes if change.kind == ChangeKind.WITHDRAWN and change.record in view.labels}
    return replace(view, changes=changes, labels={**view.labels, **gone})


def worded(view: View, texts: Sequence[Text], wording: Wording) -> View:
    """Return *view* with the title and the name of its document in the language of *wording*, and the *texts* of its templates counted."""
    document = view.document
    declared = {name: declared_text(document.id, name, getattr(document, name)) for name in DECLARED if getattr(document, name)}
    told = {name: wording.forms.get(text.key, (Foreign(text.value, WRITTEN_IN),))[0] for name, text in declared.items()}
    missing = tuple(dict.fromkeys(text.key for text in texts if text.key not in wording.forms))
    return replace(
        view,
        document=document.model_copy(update=told),
        passages=view.passages + len({text.key for text in texts}),
        untranslated=(*view.untranslated, *missing),
    )


def _unmarked(value: Any) -> Any:
    """Return *value* with plain texts in the place of those that say that they are in another language."""
    if isinstance(value, Foreign):
        return str(value)
    if isinstance(value, model.StrictModel):
        return retold(value, "", lambda text: str(text.value))
    if isinstance(value, Mapping):
        return {key: _unmarked(item) for key, item in value.items()}
    if isinstance(value, Change):
        return replace(value, **{name: _unmarked(getattr(value, name)) for name in ("label", "before", "after", "reason")})
    return tuple(map(_unmarked, value)) if type(value) in (tuple, list) else value


def _with_changes(view: View, comparison: Comparison, dataset: Dataset) -> View:
    """Return *view* with the changes in *comparison* of the records that it shows, in their order, then of withdrawn ones."""
    order = {
        name: number
        for number, name in enumerate((ABOUT, *(topic.id for topic in view.topics), *view.shown, *(source.id for source in view.sources)))
    }
    shown = [change for change in comparison.changes if change.record in order or _was_shown(view.document.records, change)]
    told = sorted(for_readers(shown), key=lambda change: order.get(change.record, len(order)))  # what was withdrawn comes last
    edition = PastEdition(comparison.since.number, comparison.since.published, comparison.since.manifest.contents[DATASET])
    named = {identifier for change in told for identifier in change.mentions}
    labels = {change.record: change.label for change in comparison.changes if change.record in named}  # the withdrawn ones too
    labels |= {name: label(dataset.by_id[name], dataset.by_id) for name in named if name in dataset.by_id} | dict(view.labels)
    editorial = sum(change.editorial and not change.is_of_edition for change in shown)
    return replace(view, changes=tuple(told), editorial=editorial, since=edition, labels=dict(sorted(labels.items())))


def _was_shown(choices: Selection, change: Change) -> bool:
    """Return true if *change* withdrew a record that *choices* would have taken, or a period or a source, of which there is no choice."""
    if change.kind != ChangeKind.WITHDRAWN:
        return False
    kind = outer_kind(change.record_kind)
    names = {model.kind_of(selected): name for name, selected in SELECTED.items()}
    is_key = bool(change.before.get("key", "key" not in MODELS[change.record_kind].model_fields))
    choice = getattr(choices, names[kind]) if kind in names else None
    is_always_shown = kind in [model.kind_of(one) for one in (model.Period, model.Source, model.Topic)]
    return is_always_shown or choice == Choice.ALL or (choice == Choice.KEY and is_key)


def _choose(dataset: Dataset, choices: Selection) -> dict[str, tuple[Any, ...]]:
    """Return the records of each kind that *choices* name, in the order of the files."""
    chosen: dict[str, tuple[Any, ...]] = dict.fromkeys(SELECTED, ())
    for name, kind in SELECTED.items():
        choice = getattr(choices, name)
        if choice in (Choice.ALL, Choice.KEY):
            chosen[name] = tuple(record for record in dataset.all(kind) if choice == Choice.ALL or getattr(record, "key", True))
    citing = (dataset.about, *(record for records in chosen.values() for record in records))
    cited = {identifier for declared in citing for identifier in dataset.mentions(declared)}
    for name in (name for name in SELECTED if getattr(choices, name) == Choice.CITED):
        chosen[name] = tuple(record for record in dataset.all(SELECTED[name]) if _ids(record) & cited)
    return chosen


def _ids(record: model.Record) -> set[str]:
    """Return the id of *record*, and those of the activities in it."""
    return {record.id, *(activity.id for activity in getattr(record, "activities", ()))}


def label(record: model.Record, by_id: Mapping[str, model.Record]) -> str:
    """Return the shortest name of *record* that a reader understands: its abbreviation, its name, its title, or its id.

    A milestone is known by its id, which is what readers quote, and a statement by who makes it.
    """
    if isinstance(record, model.Statement):
        return label(by_id[record.speaker], by_id)
    if isinstance(record, model.Source):
        return record.publisher
    if isinstance(record, model.Milestone):
        return record.id
    names: list[str | None] = [getattr(record, field, None) for field in ("abbreviation", "name", "title")]
    return next(filter(None, names), record.id)  # as it is: a name that is not translated says so


def _expansions(dataset: Dataset) -> tuple[tuple[str, str], ...]:
    """Return every abbreviation with its full form: the records' own, and the names of frameworks, operations and bodies."""
    expansions = {abbreviation.abbreviation: abbreviation.stands_for for abbreviation in dataset.all(model.Abbreviation)}
    named = (record for record in dataset.records() if isinstance(record, model.Framework | model.Operation | model.Body))
    expansions |= {record.abbreviation: record.name for record in named if record.abbreviation}
    return tuple(sorted(expansions.items(), key=lambda pair: pair[0].casefold()))


def _milestone_order(milestone: model.Milestone) -> tuple[Any, int]:
    """Return a key to sort by: the date, then the number at the end of the id, so that M2010-10 follows M2010-9."""
    return milestone.date.order, int(milestone.id.rpartition("-")[2])


def _digest(content: Any) -> str:
    return sha256(json.dumps(content, sort_keys=True, default=_jsonable).encode())


def _jsonable(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return model.plain(value)
    if isinstance(value, Date):
        return str(value)
    # The fields alone: what was worked out from them is kept beside them, and is there or not by who has asked before.
    return dict(value) if isinstance(value, Mapping) else {field.name: getattr(value, field.name) for field in fields(value)}
