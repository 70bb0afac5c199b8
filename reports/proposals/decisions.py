"""Decisions on what came back: the file data/received/<date>-<who>.yaml, in which people decide on each proposal."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from reports.dataset.fields import Day, Line
from reports.dataset.load import RECEIVED
from reports.dataset.model import SourceKind, StrictModel
from reports.errors import Problem, ReportsError
from reports.files import is_folder, names_in
from reports.proposals.differences import DifferenceKind
from reports.validation import parse
from reports.yamlfile import YamlFile, to_yaml

HEAD = """\
# yaml-language-server: $schema=../schemas/received.json
# Decide on each proposal, and say why: `take` puts theirs into the data, or what you write under `value`; `differs` keeps ours, and notes
# theirs as what this source gives; `refuse` keeps ours; `later` leaves it open. Then: python -m reports receive --apply <this file>
"""


class Decision(StrEnum):
    """The decision on a proposal: theirs becomes the data's, or is noted as what a source gives, or neither, or nobody knows yet."""

    TAKE = "take"
    DIFFERS = "differs"
    REFUSE = "refuse"
    LATER = "later"


# A text that may be empty; a YAML editor takes 2010 for a number, and no text for null.
Text = Annotated[str, WithJsonSchema({"type": ["string", "number", "boolean", "null"]})]


def _none_if_empty(value: Any) -> Any:
    return None if value == "" else value


class Proposal(StrictModel):
    """One difference, and what the data say to it: the value of a *field* as it was issued (*base*), returned (*theirs*), and *ours* now.

    An empty text stands for no value; references are ids with ", " between them, and prose is Markdown. *conflict* says in what way both
    sides changed it, and *ask* what nobody but a person can tell. *value* is what is taken in the place of *theirs*. *given* are the
    fields of an addition. *applied* is true once the decision is in the data. All else is as Difference has it.

    A file in another *language* than the data's changes a translation, where the data have the *original* text.
    """

    kind: DifferenceKind
    record: Text = ""
    field: Text = ""
    where: Line
    base: Text = ""
    theirs: Text = ""
    ours: Text = ""
    language: Text = ""
    original: Text = ""
    given: dict[str, Text] = Field(default={})
    conflict: Text = ""
    ask: Text = ""
    comment: Text = ""
    source: Text = ""
    by: Text = ""
    when: Text = ""
    value: Text = ""
    decision: Annotated[Decision | None, BeforeValidator(_none_if_empty)] = None
    why: Text = ""
    applied: bool = False

    @property
    def is_decidable(self) -> bool:
        """True for what would change the data; comments and remarks are there to be read."""
        return self.kind in (DifferenceKind.CHANGE, DifferenceKind.ADD, DifferenceKind.REMOVE)

    @property
    def is_open(self) -> bool:
        """True if nobody has decided on it yet."""
        return self.is_decidable and self.decision in (None, Decision.LATER)


class Received(StrictModel):
    """A *file* that one institution, the *sender*, sent back, as it is kept, with the proposals in it.

    *kind* is what the file is as a source. It is based on the file *issued* with the *edition*, and was *received* on a day.
    """

    sender: Line
    kind: SourceKind
    received: Day
    edition: int = Field(ge=1, le=9999)
    issued: Line
    file: Line
    sha256: Line
    proposals: tuple[Proposal, ...] = ()

    @property
    def language(self) -> str:
        """The language of the file."""
        return self.issued.partition("/")[0]


@dataclass(frozen=True)
class DecisionsFile:
    """The content of a file of decisions, and the *file*, whose texts know their places."""

    file: YamlFile
    received: Received

    @property
    def path(self) -> Path:
        return self.file.path

    def problem(self, index: int, message: str, field: str) -> Problem:
        """Return the problem of the *field* of the proposal with that *index*."""
        return Problem(self.file.locate(("proposals", index, field)), message)


def read_decisions(path: Path, folder: Path) -> DecisionsFile:
    """Return the decisions in the file *path*, which lies in *folder*; raises ReportsError with every problem of it."""
    file = YamlFile(path, folder)
    received, problems = parse(Received, file.data, file)
    if received is None:
        raise ReportsError(*problems)
    return DecisionsFile(file, received)


def all_decisions(data: Path) -> tuple[DecisionsFile, ...]:
    """Return the files of decisions in the folder *data*, by their names; raises ReportsError with the problems of all."""
    folder = data / RECEIVED
    found: list[DecisionsFile] = []
    problems: list[Problem] = []
    for name in names_in(folder, data) if is_folder(folder) else ():
        if name.endswith(".yaml"):
            try:
                found.append(read_decisions(folder / name, data))
            except ReportsError as error:
                problems += error.problems
    if problems:
        raise ReportsError(*problems)
    return tuple(found)


def to_text(received: Received) -> str:
    """Return *received* as the text of its file: what is empty is left out, but for what people fill in."""
    head = received.model_dump(mode="json", exclude={"proposals"})
    return HEAD + to_yaml(head | {"proposals": [_plain(proposal) for proposal in received.proposals]})


def _plain(proposal: Proposal) -> dict[str, Any]:
    """Return what *proposal* says; what can be decided on has places for that, and what was emptied shows it."""
    empty: tuple[str, ...] = ("theirs",) if proposal.kind == DifferenceKind.CHANGE else ()
    empty += ("decision", "why") if proposal.is_decidable else ()
    return {name: value or None for name, value in proposal.model_dump(mode="json").items() if value or name in empty}
