"""Decisions -> data/: all of them or none, checked in a copy of the data before, and put in place as a whole."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_origin

from reports.dataset.dates import parse_date
from reports.dataset.load import APPLYING, RECEIVED
from reports.dataset.model import Fact, Milestone, StrictModel
from reports.documents.view import label
from reports.editions.snapshot import MODELS, NO_PART, Plain, part_at, parts, snapshot_of, value_at
from reports.errors import Location, Problem, ReportsError, did_you_mean, reason
from reports.files import LEFTOVER, is_folder, paths_below, write_whole
from reports.proposals.decisions import Decision, DecisionsFile, Proposal
from reports.proposals.differences import DifferenceKind
from reports.proposals.edits import DatasetEdits, Fields
from reports.proposals.merge import BETWEEN, as_text
from reports.proposals.telling import CatalogueEdits
from reports.translations.locale import Locale
from reports.yamledit import Put, edited
from reports.yamlfile import Plain as YamlPlain

NOT_GIVEN = ("id", "evidence")  # of a milestone: the next free id, and the returned file
UNFINISHED = f"{APPLYING}.unfinished"  # the folder of new files while not all of them are in it


def apply(decisions: DecisionsFile, edits: DatasetEdits, name: str, locale: Locale, check: Callable[[Path], object]) -> int:
    """Put what was decided, and is not in the data yet, into the data by *edits*; return how many decisions that were.

    *name* is that of the document that came back, and *check* raises ReportsError for a folder of data with a problem. Raises
    ReportsError, and changes nothing, if a decision can't be carried out, or if the data would have problems.
    """
    work = _Application(decisions, edits, name, locale)
    work.carry_out()
    if work.problems:
        raise ReportsError(*work.problems)
    if work.done:
        marks = [Put(("proposals", index, "applied"), "true") for index in work.done]
        marks += [Put(("proposals", index, "record"), identifier) for index, identifier in work.named.items()]
        contents = {**work.edits.contents(), **work.catalogues.contents(), decisions.path: edited(decisions.file, marks)}
        _check_in_copy(edits.dataset.folder, contents, check)
        _put_in_place(edits.dataset.folder, contents)
    return len(work.done)


@dataclass
class _Application:
    """The walk over *decisions*: the *edits* that carry them out, the indexes of those that are *done*, the *problems* of the others.

    *named* are the ids of the milestones that are added, by the index of the proposal.
    """

    decisions: DecisionsFile
    edits: DatasetEdits
    name: str
    locale: Locale
    done: list[int] = field(default_factory=list)
    named: dict[int, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def carry_out(self) -> None:
        """Turn every decision that is new into edits."""
        for index, proposal in enumerate(self.decisions.received.proposals):
            if message := self._unknown_field(proposal):  # which the answer names, whatever is decided
                self.problems.append(self.decisions.problem(index, message, "field"))
                continue
            if proposal.decision in (None, Decision.LATER) or proposal.applied:
                continue
            name, message = ("decision", mistake) if (mistake := _mistake(proposal)) else self._carry_out(index, proposal)
            if message:
                self.problems.append(self.decisions.problem(index, message, name))
            else:
                self.done.append(index)

    def _unknown_field(self, proposal: Proposal) -> str:
        """Return in words why the record of *proposal* can't have its field; "" if it can, or if there is none to ask."""
        kind = self._now[proposal.record][0] if proposal.record in self._now else ""
        if not (kind and proposal.field) or part_at(kind, proposal.field) is not NO_PART:
            return ""
        outer = proposal.field.rpartition(".")[0]
        if outer and part_at(kind, outer).model is None and isinstance(value_at(kind, self._now[proposal.record][1], outer), Mapping):
            return ""  # a name in a language, of which there may be any
        return f"'{proposal.record}' has no field '{proposal.field}'{did_you_mean(proposal.field, MODELS[kind].model_fields)}"

    def _carry_out(self, index: int, proposal: Proposal) -> tuple[str, str]:
        """Turn the decision on *proposal* into edits; return the field that is in the way, and in words why, both "" if none is."""
        if proposal.decision == Decision.REFUSE:
            return "", ""
        if proposal.kind == DifferenceKind.ADD:
            return "given", self._add(index, proposal)
        if proposal.language:
            return self.catalogues.put(proposal)
        if proposal.record not in self.edits.places:
            return "record", f"there is no record '{proposal.record}' any more"
        is_removal = proposal.kind == DifferenceKind.REMOVE
        if proposal.record in (self.edits.changed if is_removal else self.edits.removed):
            return "record", f"one decision takes '{proposal.record}' out, and another one changes it: take one of them"
        if is_removal:
            self.edits.removed[proposal.record] = proposal.why
            return "", ""
        return "ours", self._change(proposal)

    def _add(self, index: int, proposal: Proposal) -> str:
        lacking = [name for name in Milestone.model_fields if _is_needed(Milestone, name) and name not in NOT_GIVEN]
        if missing := [name for name in lacking if not proposal.given.get(name)]:
            return f"a milestone needs its {BETWEEN.join(missing)}: write it here"
        if strange := [name for name in proposal.given if name not in Milestone.model_fields or name in NOT_GIVEN]:
            return f"a milestone has no field '{strange[0]}' that can be given"
        if message := self._wrong_date(proposal.given["date"]):
            return message
        stated = {name: text for name, text in proposal.given.items() if text and text != parts(Milestone)[name].default}
        fields = {name: _as_in_file(Milestone, name, text) for name, text in stated.items()}
        self.named[index] = self.edits.free_id(proposal.given["date"])
        self.edits.added.append({"id": self.named[index], **fields, "evidence": [self._evidence(proposal)]})
        return ""

    def _change(self, proposal: Proposal) -> str:
        record = self.edits.places[proposal.record][2]
        kind, content = self._now[proposal.record]
        now = as_text(value_at(kind, content, proposal.field))
        text = proposal.value or proposal.theirs
        is_taken = proposal.decision == Decision.TAKE and now.split() == text.split()  # by a decision on what somebody else sent
        if now.split() != proposal.ours.split() and not is_taken:
            changed = f"the {proposal.field} of '{proposal.record}' is '{now}' now, so that this was decided on something else"
            return f"{changed}: look again, and write that here"
        change = self.edits.changed[proposal.record]
        if proposal.field in change.fields:
            return f"another decision changes the {proposal.field} of '{proposal.record}' too: take one of them"
        if proposal.decision == Decision.TAKE:
            if message := self._wrong_value(record, proposal.field, text):
                return message
            change.fields |= {} if is_taken else {proposal.field: _as_in_file(type(record), proposal.field, text) if text else None}
        elif isinstance(record, Fact):
            change.reasons += [proposal.why] if proposal.why not in change.reasons else []
        else:
            return f"'{proposal.record}' has no evidence, in which what another source gives could stand: take it or refuse it"
        if isinstance(record, Fact):
            given: Fields = {"gives": {proposal.field: self._as_read(kind, proposal.field, text)}}
            change.evidence.append(self._evidence(proposal) | (given if proposal.decision == Decision.DIFFERS else {}))
        return ""

    def _as_read(self, kind: str, name: str, text: str) -> str:
        """Return *text* of the field *name* of records of the *kind* as readers see it: what a source gives is printed as it stands."""
        known = self.edits.dataset.by_id
        if part_at(kind, name).form == "references":
            return BETWEEN.join(label(known[one], known) if one in known else one for one in text.split(BETWEEN))
        return " ".join(text.split())

    def _wrong_value(self, record: StrictModel, name: str, text: str) -> str:
        """Return in words why the field *name* of *record* can't become *text*, as far as that is known before the check."""
        if not text and _is_needed(type(record), name):
            return f"a record needs its {name}: refuse this, or write another under 'value'"
        return self._wrong_date(text) if text and name == "date" and isinstance(record, Milestone) else ""

    def _wrong_date(self, text: str) -> str:
        """Return in words why a milestone can't have the date *text*; "" if it can."""
        try:
            is_covered = self.edits.period_file(parse_date(text))
        except ValueError as error:
            return str(error)
        return "" if is_covered else f"no period covers '{text}': add one to data/milestones/ before"

    def _evidence(self, proposal: Proposal) -> Fields:
        """Return the evidence that the returned file, which becomes a source, is for *proposal*."""
        received = self.decisions.received
        language, own = received.language, self.edits.dataset.about.language
        issued = {"document": self.name, "edition": str(received.edition)}
        source = f"received-{Path(received.file).stem}"
        if source not in self.edits.dataset.by_id and not self.edits.sources:
            title = self.locale.term("received.title", **issued)
            place = {"file": received.file, "language": language, "kind": received.kind.value}
            self.edits.sources.append(
                {"id": source, "title": title, "publisher": received.sender, "published": str(received.received), **place}
            )
        part = self.locale.term(f"field.{proposal.field.partition('.')[0]}" if proposal.field else "received.row")
        locator = self.locale.term("received.locator", **issued, record=proposal.record, field=part)
        said = proposal.comment if language == own else ""  # which is no text of the data
        note = " ".join("; ".join(filter(None, (said, proposal.source))).split())
        return {"source": source, "locator": locator, **({"note": note} if note else {})}

    @cached_property
    def catalogues(self) -> CatalogueEdits:
        """The edits of translations."""
        received = self.decisions.received
        return CatalogueEdits(self.edits.dataset, f"{received.sender}, {received.file}")

    @cached_property
    def _now(self) -> Mapping[str, tuple[str, Plain]]:
        """The kind and the fields of each record as the data hold them now."""
        return {name.id: (name.kind, record) for name, record in snapshot_of(self.edits.dataset).records.items()}


def _mistake(proposal: Proposal) -> str:
    """Return in words what is wrong with the decision on *proposal*; "" if nothing is."""
    if not proposal.is_decidable:
        return f"a {proposal.kind} changes nothing, so that there is nothing to decide"
    if not proposal.why and (proposal.decision != Decision.TAKE or proposal.kind == DifferenceKind.REMOVE):
        return f"say under 'why' what speaks for '{proposal.decision}': the sender reads it, and may be readers too"
    if proposal.decision == Decision.DIFFERS and proposal.language:
        return "'differs' is for a fact, and this is the wording of a translation: take it, refuse it, or leave it for later"
    if proposal.decision == Decision.DIFFERS and (proposal.kind != DifferenceKind.CHANGE or not proposal.theirs):
        return "'differs' is for another value of a field: take this, refuse it, or leave it for later"
    if proposal.value and proposal.decision != Decision.TAKE:
        return f"'value' is for what is taken, and the decision is '{proposal.decision}'"
    return ""


def _is_needed(model: type[StrictModel], name: str) -> bool:
    return name in model.model_fields and model.model_fields[name].is_required()


def _as_in_file(model: type[StrictModel], name: str, text: str) -> YamlPlain:
    """Return *text* as the field *name* of a *model* has it in a file: references as a list."""
    is_list = name in model.model_fields and get_origin(model.model_fields[name].annotation) is tuple
    return [*text.split(BETWEEN)] if is_list else text


def _check_in_copy(data: Path, contents: Mapping[Path, bytes], check: Callable[[Path], object]) -> None:
    """Raise ReportsError with each problem that the folder *data* would have with these *contents*, at its place there."""
    with TemporaryDirectory() as scratch:
        copy = Path(scratch, data.name)
        # Without what is left over: the lock that Emacs puts beside a file is a link that leads nowhere.
        shutil.copytree(data, copy, ignore=lambda _, names: [name for name in names if LEFTOVER.fullmatch(name)])
        for path, content in contents.items():
            write_whole(copy / path.relative_to(data), content, lasting=False)
        try:
            check(copy)
        except ReportsError as error:
            places = ((problem, problem.location.path) for problem in error.problems)
            raise ReportsError(
                *(
                    Problem(problem.location._replace(path=data / path.relative_to(copy)), f"with these decisions: {problem.message}")
                    if path.is_relative_to(copy)
                    else problem
                    for problem, path in places
                )
            ) from None


def _put_in_place(data: Path, contents: Mapping[Path, bytes]) -> None:
    """Replace the files of *data* by *contents*: whatever stops it, none of them is replaced, or `finish` replaces the rest."""
    unfinished = data / RECEIVED / UNFINISHED
    try:
        shutil.rmtree(unfinished, ignore_errors=True)
        for path, content in contents.items():
            write_whole(unfinished / path.relative_to(data), content)
        unfinished.rename(data / RECEIVED / APPLYING)
    except OSError as error:
        raise ReportsError(Problem(Location(unfinished), f"can't be written: {reason(error)}")) from None
    finish(data)


def finish(data: Path) -> bool:
    """Put the files that are left of decisions, which something stopped, into the folder *data*; return whether there were any."""
    applying = data / RECEIVED / APPLYING
    if not is_folder(applying):
        return False
    try:
        for path in (path for path in paths_below(applying) if path.is_file()):
            path.replace(data / path.relative_to(applying))
        shutil.rmtree(applying)
    except OSError as error:
        raise ReportsError(Problem(Location(applying), f"can't be put into the data: {reason(error)}")) from None
    return True
