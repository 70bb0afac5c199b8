"""The records that people declare."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from reports.dataset.codes import KindCode, PlaceCode
from reports.dataset.dates import Date
from reports.dataset.fields import (
    Address,
    AreaRef,
    BodyRef,
    Day,
    FolderName,
    FrameworkRef,
    Id,
    Language,
    Line,
    Locator,
    MeasureRef,
    MilestoneId,
    Number,
    OperationRef,
    PersonRef,
    Prose,
    Publisher,
    RecordRef,
    Script,
    SourceRef,
    SpeakerRef,
    Title,
    TopicRef,
    Verbatim,
    When,
    slug,
)


class SourceKind(StrEnum):
    """The voice of a source: a public authority, the press, scholars, or a party with a stake."""

    OFFICIAL = "official"
    NEWS = "news"
    RESEARCH = "research"
    PARTY = "party"


class Status(StrEnum):
    """The state of a milestone or an activity on the dataset's day; *reported* is going on in its source, and maybe since."""

    DONE = "done"
    REPORTED = "reported"
    ONGOING = "ongoing"
    PLANNED = "planned"
    OVERDUE = "overdue"
    MISSED = "missed"


class Side(StrEnum):
    """The side of the partnership that a body belongs to."""

    ORGANISATION = "organisation"
    PARTNER = "partner"
    JOINT = "joint"
    OTHER = "other"


class Assessment(StrEnum):
    """The verdict of the evidence on a statement."""

    UNASSESSED = "unassessed"
    SUPPORTED = "supported"
    CONTESTED = "contested"
    CONTRADICTED = "contradicted"


class Access(StrEnum):
    """The way to a source whose own address no longer leads to it: it is *gone*, or the address is that of an archive's copy."""

    GONE = "gone"
    ARCHIVED = "archived"


class StrictModel(BaseModel):
    """A declaration in YAML: frozen, and closed to unknown fields.

    In a list, items of one *identity*, the values of these fields, are one item in any edition; *bookkeeping* are the fields that say
    how a record is kept and shown, and no fact.
    """

    identity: ClassVar[tuple[str, ...]] = ()
    bookkeeping: ClassVar[tuple[str, ...]] = ()
    model_config = ConfigDict(frozen=True, extra="forbid")


class Record(StrictModel):
    """A declaration with an id, which never changes once it is published."""

    id: Id

    @property
    def record_kind(self) -> str:
        return kind_of(type(self))


def kind_of(model: type[Record]) -> str:
    """Return the kind of the records that are a *model*: "source", "period" and so on, as RefersTo and the dataset's JSON have it."""
    return model.__name__.lower()


class Evidence(StrictModel):
    """One reason to believe a fact: a place in a source, which may only imply it (*inferred*).

    *gives* holds, by the name of the record's field, what this source says where it differs from the record.
    """

    identity = ("source", "locator")

    source: SourceRef
    locator: Locator
    note: Line | None = None
    inferred: bool = False
    gives: dict[str, Line] = {}


class Fact(Record):
    """A record with evidence; *reading* says which source is followed where they differ, and why."""

    evidence: Annotated[tuple[Evidence, ...], Field(min_length=1)]
    reading: Prose | None = None


class Source(Record):
    """A published text; *mirror* marks another publisher's copy of it, *access* an address that no longer leads to the original."""

    title: Title
    publisher: Publisher
    published: When | None = None
    accessed: When | None = None
    url: Address | None = None
    file: Verbatim | None = None
    language: Language
    kind: SourceKind
    mirror: bool = False
    access: Access | None = None
    note: Line | None = None


class Topic(Record):
    """A thread of the story, which has a lane of its own on the timeline."""

    name: Line


class Period(Record):
    """A stretch of the history, and its story; the milestones in its file lie between *start* and *end*."""

    title: Line
    start: When
    end: When | None = None
    text: Prose

    def covers(self, when: Date) -> bool:
        """Return true if *when* begins within the period; what goes on afterwards does not matter."""
        first, last = self.start.order[0], self.end.order[1] if self.end else date.max
        return first <= when.order[0] <= last


class Milestone(Fact):
    """An event on a date, past or to come; *key* ones make the short story.

    *short* is its label on the timeline, two or three words, and *topic* its lane there.
    """

    bookkeeping = ("short", "topic", "key")

    id: MilestoneId
    date: When
    title: Line
    short: Line | None = None
    topic: TopicRef | None = None
    text: Prose
    kind: KindCode
    status: Status = Status.DONE
    frameworks: tuple[FrameworkRef, ...] = ()
    areas: tuple[AreaRef, ...] = ()
    operations: tuple[OperationRef, ...] = ()
    bodies: tuple[BodyRef, ...] = ()
    people: tuple[PersonRef, ...] = ()
    key: bool = False


class Comparison(StrictModel):
    """The answers by which a framework is compared with others: what it holds, who adopts it, how long it runs, what of membership,
    or of whatever the aim of the partnership is.
    """

    content: Prose
    adopted_by: Prose
    term: Prose
    membership: Prose


class Framework(Fact):
    """A form of cooperation: *since* when it exists, *joined* when the partner took it up, *step* on the ladder.

    *stage* says in a word or two where the partner stands in it, *state* in a few words, with what shows it, and *standing* in a paragraph.
    """

    name: Line
    abbreviation: Line | None = None
    text: Prose
    since: When | None = None
    joined: When | None = None
    stage: Line | None = None
    state: Prose
    standing: Prose | None = None
    place: PlaceCode
    step: int | None = Field(default=None, ge=1, le=100)
    follows: tuple[FrameworkRef, ...] = ()
    comparison: Comparison | None = None


class Activity(Fact):
    """A project or practice in an area of cooperation."""

    title: Line
    text: Prose
    date: When | None = None
    status: Status = Status.REPORTED


class Area(Fact):
    """A field in which the two sides work together, with its activities."""

    name: Line
    text: Prose
    activities: tuple[Activity, ...] = ()


class Operation(Fact):
    """A mission in the field; *part* is the partner's share in it. Without an *end* it is *ongoing*, or its end is not known."""

    name: Line
    abbreviation: Line | None = None
    led_by: BodyRef
    start: When | None = None
    end: When | None = None
    ongoing: bool = False
    text: Prose
    part: Prose | None = None
    follows: OperationRef | None = None


class Body(Fact):
    """An institution, a headquarters, a committee; *position* is what it wants or decides in the partnership, if that is at issue.

    *names* are its own, by language or script, where it has them.
    """

    bookkeeping = ("names",)

    name: Line
    names: dict[Script, Verbatim] = {}
    abbreviation: Line | None = None
    side: Side
    role: Prose
    position: Prose | None = None
    since: When | None = None
    until: When | None = None


class Office(StrictModel):
    """An office that a person held; *seen* are the days on which a source shows them in it.

    *current* marks one that matters now, and whose holder the newest sources name.
    """

    identity = ("role", "body")
    bookkeeping = ("current",)

    role: Line
    body: BodyRef | None = None
    since: When | None = None
    until: When | None = None
    seen: tuple[When, ...] = ()
    current: bool = False


class Person(Fact):
    """A person who acts or speaks, with the offices held; *names* is the name as other languages or scripts write it."""

    bookkeeping = ("names",)

    name: Line
    names: dict[Script, Verbatim] = {}
    offices: Annotated[tuple[Office, ...], Field(min_length=1)]


class Statement(Fact):
    """A claim that somebody made, in our words; *finding* is what the evidence says beside it."""

    bookkeeping = ("key",)

    speaker: SpeakerRef
    role: Line | None = None
    date: When | None = None
    gist: Prose
    about: tuple[RecordRef, ...] = ()
    assessment: Assessment
    finding: Prose | None = None
    counter_evidence: tuple[Evidence, ...] = ()
    key: bool = False


class Count(StrictModel):
    """One figure of a measure: *value*, perhaps of a *total*, as one body or person counted it, perhaps *among* one group only."""

    identity = ("date", "counted_by", "among")

    date: When
    value: Number
    total: Number | None = None
    among: Line | None = None
    counted_by: SpeakerRef
    evidence: Annotated[tuple[Evidence, ...], Field(min_length=1)]


class Measure(Record):
    """A figure over time, in *unit*; *key* ones are drawn in the briefing."""

    bookkeeping = ("key",)

    name: Line
    unit: Line
    text: Prose
    points: Annotated[tuple[Count, ...], Field(min_length=1)]
    key: bool = False


class Abbreviation(Fact):
    """An abbreviation that no other record bears, and its full form."""

    abbreviation: Line
    stands_for: Line


class Party(StrictModel):
    """One of the two sides of the partnership: its name in full, and as it stands in running text."""

    name: Line
    short: Line


class Matter(StrictModel):
    """A row of the table on page one: a *name*, where it *stands*, the day of that, the *next* decision and who *decides*.

    *about* is the record in which a reader finds more.
    """

    identity = ("name",)

    name: Line
    about: RecordRef | None = None
    stands: Prose
    as_of: When
    next: Prose
    decides: Prose


class Watch(StrictModel):
    """An issue to watch: what would change the picture, by *when* (None if nobody has set a day), and who *decides*."""

    identity = ("title",)

    title: Line
    text: Prose
    when: When | None = None
    decides: Prose


class OwnCode(StrictModel):
    """A code that a dataset adds to those of the program, or words in its own way: its *name*, and what it means in a sentence."""

    identity = ("code",)
    bookkeeping = ("name", "meaning")

    code: Id
    name: Line
    meaning: Line


class About(StrictModel):
    """The head of the dataset: its title, its two sides, its day and the *edition* that is being written, and what it says first.

    *id* tells the dataset from others; without one, it goes by the short names of its two sides. *number*, *authors* and the *address* at
    which the current edition is found stand on papers; *bottom_line* is what a reader with half a minute needs; *verify* lists what to
    check before the papers are used. Documents are made in *languages*, by default in the *language* of the data alone.
    *aim* is what the partnership may lead to, "membership", and *ladder* what the frameworks on the ladder are, "steps towards membership";
    *kinds* of milestones and *places* of frameworks are the dataset's own. *headline* is the measure that is drawn first. The folder
    *templates*, beside the head, has terms and templates in the place of the house's.
    """

    bookkeeping = ("id", "edition", "published", "languages", "aim", "ladder", "headline", "kinds", "places", "templates")

    id: Id | None = None
    title: Line
    partner: Party
    organisation: Party
    as_of: Day
    edition: int = Field(ge=1, le=9999)
    published: Day
    language: Language
    languages: tuple[Language, ...] = ()
    publisher: Line
    contact: Line
    marking: Line | None = None
    number: Line | None = None
    authors: Line | None = None
    address: Address | None = None
    aim: Line | None = None
    ladder: Line | None = None
    headline: MeasureRef | None = None
    kinds: tuple[OwnCode, ...] = ()
    places: tuple[OwnCode, ...] = ()
    templates: FolderName | None = None
    purpose: Prose
    bottom_line: Prose | None = None
    matters: tuple[Matter, ...] = ()
    key_points: Annotated[tuple[Prose, ...], Field(min_length=1)]
    standing: Prose
    outlook: Prose
    watch: tuple[Watch, ...] = ()
    verify: tuple[Prose, ...] = ()
    further_reading: tuple[SourceRef, ...] = ()

    @property
    def dataset_id(self) -> str:
        return self.id or f"{self.organisation.short} – {self.partner.short}"

    @property
    def slug(self) -> str:
        """The id of the dataset as part of a file's name: in small Latin letters, digits and hyphens."""
        return slug(self.dataset_id) or "dataset"


class Withdrawal(StrictModel):
    """A record that was published, and is no more since *edition*: its *id*, and why. A source's *number* is not given again."""

    id: Verbatim
    edition: int = Field(ge=1, le=9999)
    reason: Line
    replaced_by: RecordRef | None = None
    number: int | None = Field(default=None, ge=1)


WITHDRAWN = "withdrawn.yaml"
FILES: dict[str, type[Record]] = {
    "sources.yaml": Source,
    "topics.yaml": Topic,
    "frameworks.yaml": Framework,
    "areas.yaml": Area,
    "operations.yaml": Operation,
    "bodies.yaml": Body,
    "people.yaml": Person,
    "statements.yaml": Statement,
    "measures.yaml": Measure,
    "abbreviations.yaml": Abbreviation,
}
KINDS: tuple[type[Record], ...] = (*FILES.values(), Period, Milestone)  # these two share the files in milestones/


def plain(record: BaseModel) -> dict[str, Any]:
    """Return *record* as plain JSON data, without the fields that were left out."""
    return record.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
