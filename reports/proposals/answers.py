"""The sheet for answers, as it came back -> differences: corrections of fields, records to add, comments."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from reports.proposals.columns import Columns, Target
from reports.proposals.differences import Difference, DifferenceKind
from reports.proposals.sheets import Row, Value
from reports.proposals.tables import Match, ReturnedTable
from reports.proposals.values import NOTHING, Reading, ValueReader, fold, text_of
from reports.translations.locale import Locale

SAID = ("reply", "part", "proposed", "source_address", "comment")  # without any of them, a row has no answer


@dataclass(frozen=True)
class _Answer:
    """One answer: the *reply* by its code, "" for another word; the field that it is about, with its form, and the *proposed* value."""

    reply: str
    target: Target | None
    proposed: Value
    difference: Difference  # what all that it says has in common: where it stands, who says it, its comment and source


class AnswerReader:
    """The reader of answers about records of one *kind*, whose *targets* are the fields that an answer may be about, by their headings."""

    def __init__(self, reader: ValueReader, locale: Locale, kind: str, targets: Mapping[str, Target]) -> None:
        self._reader, self._kind = reader, kind
        codes = {code.term: code.key.split(".")[1] for code in locale.codes("reply")}
        self._replies = {fold(word).casefold(): code for term, code in codes.items() for word in (code, term)}
        headings = {fold(code.key.split(".")[1]).casefold(): fold(code.term).casefold() for code in locale.codes("part")}
        self._targets = {**{code: targets[heading] for code, heading in headings.items() if heading in targets}, **targets}

    def differences(self, table: ReturnedTable, columns: Columns) -> Iterator[Difference]:
        """Yield what the rows of *table* answer."""
        for match in table.matches:
            texts = {role: text_of(table.cell(match.row, columns.role(role))) for role in SAID if columns.role(role) >= 0}
            is_answered = any(fold(text) not in NOTHING for text in texts.values())
            if match.issued and match.issued.record:
                if is_answered:
                    yield from self._about(self._answer(table, columns, match, texts), match.issued.record)
            else:
                yield from self._new(table, columns, match, self._answer(table, columns, match, texts) if is_answered else None)

    def _answer(self, table: ReturnedTable, columns: Columns, match: Match, texts: Mapping[str, str]) -> _Answer:
        part = fold(texts.get("part", "")).casefold()
        target = self._targets.get(part)
        # Without a field, such as for the part "Source", what they propose is something that they say.
        stated = [texts.get(role, "") for role in (("comment",) if target else ("part", "proposed", "comment"))]
        word = fold(texts.get("reply", "")).casefold()
        common = Difference(
            DifferenceKind.COMMENT,
            _where(table, columns, match.row),
            comment=": ".join(filter(None, stated)),
            source=texts.get("source_address", ""),
            by=self._text(table, columns, match.row, "institution"),
            when=self._day(table, columns, match.row),
            ask="" if word in self._replies or word in NOTHING else f"'{texts['reply']}' is no reply that is offered",
        )
        proposed = table.cell(match.row, columns.role("proposed")) if texts.get("proposed") else None
        return _Answer(self._replies.get(word, ""), target, proposed, common)

    def _text(self, table: ReturnedTable, columns: Columns, row: Row, role: str) -> str:
        return text_of(table.cell(row, columns.role(role))) if columns.role(role) >= 0 else ""

    def _day(self, table: ReturnedTable, columns: Columns, row: Row) -> str:
        value = table.cell(row, columns.role("answered")) if columns.role("answered") >= 0 else None
        return "" if value is None else self._reader.read_date(value).value

    def _about(self, answer: _Answer, record: str) -> Iterator[Difference]:
        """Yield what *answer* says about the *record*."""
        found = replace(answer.difference, record=record)
        if answer.target and answer.proposed is not None:
            yield self._correction(answer, found, answer.target)
        elif answer.reply == "agree":
            yield replace(found, kind=DifferenceKind.REMARK, field=answer.target.field if answer.target else "", theirs="agree")
        else:
            yield replace(found, field=answer.target.field if answer.target else "")

    def _correction(self, answer: _Answer, found: Difference, target: Target) -> Difference:
        base = self._reader.base(found.record, target.field)
        reading = self._read(answer.proposed, target, base)
        ask = found.ask or reading.ask
        theirs = reading.value
        if answer.reply == "add" and target.part.form == "references":
            theirs = ", ".join(dict.fromkeys([*filter(None, base.split(", ")), *theirs.split(", ")])) if not reading.ask else theirs
        elif answer.reply == "add" and base:
            ask = ask or "they reply that something is to be added: is this to stand instead of what is there, or beside it?"
        elif answer.reply == "agree":
            ask = ask or "they reply that they agree, and propose another value"
        kind = DifferenceKind.REMARK if theirs == base else DifferenceKind.CHANGE  # they propose what stands there
        return replace(found, kind=kind, field=target.field, base=base, theirs=theirs, ask=ask)

    def _read(self, value: Value, target: Target, base: str) -> Reading:
        return self._reader.read(value, target.part, target.group, base)

    def _new(self, table: ReturnedTable, columns: Columns, match: Match, answer: _Answer | None) -> Iterator[Difference]:
        """Yield the record that a row for additions gives, or a part of it: several rows with one name are one record."""
        given: dict[str, str] = {}
        asks: list[str] = []
        cells = {column: table.cell(match.row, column) for column in table.places if column and not columns.roles[column]}
        for column, value in cells.items():
            target = columns.target(column, None, self._kind)
            if target and not (match.issued and self._reader.is_same(value, match.issued.values[column])):
                self._give(given, asks, target, value)
        if answer and answer.target and answer.proposed is not None:
            self._give(given, asks, answer.target, answer.proposed)
        name = text_of(table.cell(match.row, 0)) or table.where(match.row, 0)
        found = answer.difference if answer else Difference(DifferenceKind.ADD, table.where(match.row, 0))
        found = replace(found, ask="; ".join(filter(None, (found.ask, *asks))))
        if given:
            yield replace(found, kind=DifferenceKind.ADD, record=name, given=given)
        elif answer:
            yield found

    def _give(self, given: dict[str, str], asks: list[str], target: Target, value: Value) -> None:
        reading = self._read(value, target, "")
        if reading.value:
            given[target.field] = reading.value
            asks.append(reading.ask)


def _where(table: ReturnedTable, columns: Columns, row: Row) -> str:
    """Return the first cell of an answer in *row* that is filled."""
    places = [table.places[column] for role in ("proposed", "comment", *SAID) if (column := columns.role(role)) in table.places]
    return table.where(row, next(place for place in places if place < len(row.cells) and text_of(row.cells[place])))
