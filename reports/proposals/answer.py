"""Decisions -> the answer: a workbook that says what became of each proposal, and what the next edition says."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from reports.dataset.dates import parse_date
from reports.dataset.model import Milestone, kind_of
from reports.dataset.prose import words
from reports.documents.view import View
from reports.editions.snapshot import Plain, Snapshot, part_at, value_at
from reports.proposals.decisions import Proposal, Received
from reports.proposals.merge import BETWEEN, as_text
from reports.renderers.excel import render
from reports.translations.locale import Locale

TEMPLATE = "answer/answer.yaml"


class Answered(NamedTuple):
    """A *proposal*, with the title of its record and the *field* of that which it changes, "matters" of "matters.0.stands".

    In words: the value as issued, as proposed, and as the next edition has it.
    """

    proposal: Proposal
    title: str
    field: str
    issued: str
    proposed: str
    now: str


def answer(received: Received, view: View, now: Snapshot, templates: Path) -> bytes:
    """Return the workbook that answers what was *received*; *view* is that of the register, and *now* what the data hold."""
    answered = tuple(_Answers(view, now, Locale(templates, view.language, view.about)).of(received.proposals))
    return render(view, templates, TEMPLATE, names={"received": received, "answers": answered}).content


class _Answers:
    def __init__(self, view: View, now: Snapshot, locale: Locale) -> None:
        self.view, self.now, self.locale = view, now, locale

    def of(self, proposals: Sequence[Proposal]) -> Iterator[Answered]:
        """Yield the answer to each of *proposals*."""
        for proposal in proposals:
            kind, record = self._records.get(proposal.record, (kind_of(Milestone), {}))
            title = str(record.get("title") or record.get("name") or self.view.labels.get(proposal.record, ""))
            if proposal.given:
                given = (self._shown(kind, name, text) for name, text in proposal.given.items())
                yield Answered(proposal, title, "", "", "; ".join(given), title)
                continue
            now = as_text(value_at(kind, record, proposal.field)) if proposal.field else title
            values = (proposal.base, proposal.value or proposal.theirs, now)
            field = proposal.field.partition(".")[0]
            yield Answered(proposal, title, field, *(self._shown(kind, proposal.field, value) for value in values))

    def _shown(self, kind: str, field: str, text: str) -> str:
        """Return the value *text* of a *field* of records of the *kind* as readers see it; as it is, if it is no value of such a field."""
        match part_at(kind, field).form:
            case "prose":
                return words(text)
            case "references":
                return BETWEEN.join(self.view.labels.get(name, name) for name in text.split(BETWEEN))
            case "code":
                return next((code.term for code in self.locale.codes(field) if code.key == f"{field}.{text}"), text)
            case "date":
                try:
                    return self.locale.date(parse_date(text)) if text else ""
                except ValueError:
                    return text
        return text

    @cached_property
    def _records(self) -> Mapping[str, tuple[str, Plain]]:
        return {name.id: (name.kind, record) for name, record in self.now.records.items()}
