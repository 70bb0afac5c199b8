"""Differences + the edition that was issued + the data now -> proposals: a three-way merge, decided by people."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from reports.dataset.model import Milestone, kind_of
from reports.editions.changes import places, proposer
from reports.editions.snapshot import Part, Plain, Snapshot, part_at, value_at
from reports.errors import NOT_TEXT
from reports.proposals.decisions import Proposal
from reports.proposals.differences import Difference, DifferenceKind
from reports.proposals.prose import dropped_citations, respliced

BETWEEN = ", "  # references in one text


@dataclass(frozen=True)
class Merge:
    """The merge of what came back with the data *now*, on the *base* of the edition that was issued.

    *plain* gives the text of a prose as it was issued.
    """

    base: Snapshot
    now: Snapshot
    plain: Callable[[str], str]

    def proposals(self, differences: Iterable[Difference]) -> tuple[Proposal, ...]:
        """Return what *differences* propose to the data now: nothing for what both sides changed alike."""
        found = [proposal for difference in differences for proposal in self._proposals(difference)]
        return tuple(_with_rivals([*{proposal.model_dump_json(): proposal for proposal in found}.values()]))

    def _proposals(self, difference: Difference) -> Iterator[Proposal]:
        match difference.kind:
            case DifferenceKind.CHANGE:
                yield from self._changed(difference)
            case DifferenceKind.ADD:
                yield _proposal(difference, conflict=self._also_added(difference.given))
            case DifferenceKind.REMOVE if difference.record in self._now:
                yield _proposal(difference, conflict=self._also_changed(difference.record))
            case DifferenceKind.COMMENT | DifferenceKind.REMARK:
                yield _proposal(difference)

    def _changed(self, difference: Difference) -> Iterator[Proposal]:
        if difference.record not in self._now:
            yield _proposal(difference, conflict=self._withdrawn(difference.record))
            return
        base, ours = (as_text(self._value(records, difference)) for records in (self._base, self._now))
        theirs, ask = difference.theirs, difference.ask
        part = self._part(difference)
        if part.form == "prose" and theirs and base:
            theirs, ask = self._marked(difference, base)
        if _is_same(part, theirs, ours):
            if difference.comment:
                yield _proposal(difference, kind=DifferenceKind.COMMENT, ours=ours)
            return
        conflict = "" if _is_same(part, base, ours) else self._also_edited(difference.record)
        yield _proposal(difference, base=base, theirs=theirs, ours=ours, conflict=conflict, ask=ask)

    def _marked(self, difference: Difference, base: str) -> tuple[str, str]:
        """Return the Markdown *base* with the words that were changed in it, and what has to be asked; plain text if they have no place."""
        if (spliced := respliced(base, difference.base, difference.theirs, self.plain)) is None:
            ask = "the words that changed have no one place in the marked text: write the whole of it under 'value', with its citations"
            return difference.theirs, " ".join(filter(None, (difference.ask, ask)))
        dropped = BETWEEN.join(dropped_citations(base, spliced))
        ask = f"the citation of {dropped} is gone: is it, or does the rest still rest on it?" if dropped else ""
        return spliced, " ".join(filter(None, (difference.ask, ask)))

    def _also_edited(self, record: str) -> str:
        """Return in words that the data changed the same field of *record* since the edition, and on whose proposal."""
        changed = f"changed here too, since edition {self.base.edition}"
        before = places(self._base.get(record, {}).get("evidence", ()))
        added = [place for place in places(self._now[record].get("evidence", ())) if place not in before]
        if other := proposer(added, self.now):
            changed += f", and {other} has proposed something for this record"
        return changed

    def _also_changed(self, record: str) -> str:
        """Return in words that *record*, which they deleted, was changed here; "" if it was not."""
        before, now = self._base.get(record, {}), self._now[record]
        fields = [name for name in {**now, **before} if before.get(name) != now.get(name)]
        return f"they deleted it, and here it changed since edition {self.base.edition}: {BETWEEN.join(fields)}" if fields else ""

    def _also_added(self, given: Mapping[str, str]) -> str:
        """Return in words that a milestone like the one *given* was added here since the edition; "" if none was."""
        for record in self.now.content.get(kind_of(Milestone), ()):
            is_like = record["title"].casefold() == given.get("title", "").casefold() or record["date"] == given.get("date")
            if is_like and record["id"] not in self._base:
                return f"both added: {record['id']} is new here, of {record['date']}: {record['title']}"
        return ""

    def _withdrawn(self, record: str) -> str:
        withdrawal = self.now.withdrawals.get(record, {})
        reason = f": {withdrawal['reason']}" if withdrawal else ""
        return f"'{record}' is withdrawn here{reason}"

    def _value(self, records: Mapping[str, Plain], difference: Difference) -> object:
        record = records.get(difference.record, {})
        return value_at(self._kinds.get(difference.record, ""), record, difference.field)

    def _part(self, difference: Difference) -> Part:
        return part_at(self._kinds.get(difference.record, ""), difference.field)

    @cached_property
    def _base(self) -> Mapping[str, Plain]:
        return {name.id: record for name, record in self.base.records.items()}

    @cached_property
    def _now(self) -> Mapping[str, Plain]:
        return {name.id: record for name, record in self.now.records.items()}

    @cached_property
    def _kinds(self) -> Mapping[str, str]:
        return {name.id: name.kind for snapshot in (self.base, self.now) for name in snapshot.records}


def as_text(value: object) -> str:
    """Return *value*, of a field of plain data, as one text: "" for none, references between commas."""
    if isinstance(value, list | tuple):
        return BETWEEN.join(map(str, value))
    return "" if value is None else str(value)


def _is_same(part: Part, one: str, other: str) -> bool:
    if part.form == "references":
        return set(one.split(BETWEEN)) == set(other.split(BETWEEN))
    return " ".join(one.split()) == " ".join(other.split())


def _proposal(difference: Difference, **more: object) -> Proposal:
    """Return the proposal of *difference*, without characters that nobody sees: a file of decisions holds none."""
    fields = {**vars(difference), **more}
    fields["given"] = {name: _seen(text) for name, text in difference.given.items()}
    return Proposal.model_validate({name: _seen(value) if isinstance(value, str) else value for name, value in fields.items()})


def _seen(text: str) -> str:
    return NOT_TEXT.sub("", text)


def _with_rivals(proposals: Sequence[Proposal]) -> Iterator[Proposal]:
    """Yield *proposals*; of several for one field, each asks which it is."""
    rivals = defaultdict(list)
    for proposal in proposals:
        rivals[proposal.record, proposal.field].append(proposal)
    for proposal in proposals:
        others = [other.theirs for other in rivals[proposal.record, proposal.field] if other.kind == proposal.kind and other != proposal]
        if proposal.kind == DifferenceKind.CHANGE and any(theirs != proposal.theirs for theirs in others):
            ask = f"the file proposes other values of this field too: {'; '.join(others)}"
            yield proposal.model_copy(update={"ask": " ".join(filter(None, (proposal.ask, ask)))})
        else:
            yield proposal
