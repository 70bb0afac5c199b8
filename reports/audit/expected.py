"""Dataset + view -> what a document has to say, worked out from the data alone: no template and no renderer is asked."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, StrEnum
from functools import cached_property
from itertools import groupby
from typing import Any

from pydantic import BaseModel

from reports.dataset.dataset import Dataset
from reports.dataset.dates import Date
from reports.dataset.model import Area, Assessment, Fact, Markdown, Milestone, Record, Source, Status, StrictModel
from reports.dataset.prose import citations, inline_tokens
from reports.dataset.references import walk
from reports.documents.view import View
from reports.errors import ReportsError
from reports.renderers.locale import Locale
from reports.readers.content import squeeze
from reports.yamlfile import Keys

# The kinds of records that documents count.
COUNTED = ("milestones", "frameworks", "areas", "operations", "bodies", "people", "statements", "measures", "sources")

# The fields that tell rows about a record, the surest first.
HANDLES = ("id", "url", "title", "gist", "name")


class How(StrEnum):
    """The ways in which a document says a field."""

    TEXT = "text"  # in its words
    DATE = "date"  # in its words, with nothing beside them that would make another date of them
    CELL = "cell"  # as a whole cell, since a number stands in any text by chance
    LINK = "link"  # as the target of a link, or in its words
    MARKS = "marks"  # as links with the numbers of its sources


@dataclass(frozen=True)
class Field:
    """One field of a record, or of the head: the *words* in which a document says it, and the *keys* that lead to it in the data.

    A *usual* value, such as that a milestone is done, may be left out by a document that says any other.
    """

    declared: StrictModel
    keys: Keys
    words: str
    how: How = How.TEXT
    name: str = ""
    usual: bool = False
    markdown: str = ""

    def __str__(self) -> str:
        return self.name or ".".join(map(str, self.keys))


@dataclass(frozen=True)
class Expected:
    """All that one document has to say: its *view* of the *dataset*, in the words of the *locale*."""

    dataset: Dataset
    view: View
    locale: Locale

    @cached_property
    def records(self) -> Mapping[str, Record]:
        """Every record that the document may show, by its id."""
        activities = [activity for area in self.view.areas for activity in area.activities]
        return {record.id: record for record in (*self.view.declared, *activities, *self.view.sources) if isinstance(record, Record)}

    @cached_property
    def fields(self) -> Mapping[str, tuple[Field, ...]]:
        """The fields of each record, by its id."""
        return {identifier: tuple(self._fields(record)) for identifier, record in self.records.items()}

    @cached_property
    def handles(self) -> Mapping[str, tuple[int, str]]:
        """The id of each record by the texts that tell rows about it, without white space, each with its rank; none that two records share."""
        found = [(squeeze(record.id), 0, record.id) for record in self.records.values()]
        for identifier, fields in self.fields.items():
            found += [(squeeze(field.words), HANDLES.index(str(field)), identifier) for field in fields if str(field) in HANDLES]
        times = Counter(text for text, _, _ in found)
        return {text: (rank, identifier) for text, rank, identifier in found if times[text] == 1}

    @cached_property
    def prose(self) -> tuple[Field, ...]:
        """Every text of the head and of the records."""
        found = ((model, text) for model in (self.view.about, *self.records.values()) for text in walk(model))
        texts = ((model, text) for model, text in found if isinstance(text.mark, Markdown) and text.keys[0] != "activities")
        return tuple(Field(model, text.keys, self._words(text.value), markdown=text.value) for model, text in texts)

    def _words(self, text: str) -> str:
        """Return the Markdown *text* as a reader sees it, its citations as numbers and names."""
        found = []
        for token in inline_tokens(text):
            if token.type == "citation":
                for is_source, run in groupby(token.meta["cited"], lambda cited: cited.id in self.view.numbers):
                    labels = [f"[{self.view.numbers[cited.id]}]" if is_source else self.view.labels[cited.id] for cited in run]
                    found.append("".join(labels) if is_source else f"({', '.join(labels)})")
            elif token.type in ("text", "text_special", "html_inline"):
                found.append(token.content)
            elif token.type in ("softbreak", "hardbreak", "paragraph_close"):
                found.append(" ")
        return "".join(found).strip()

    def _fields(self, record: Record) -> Iterator[Field]:
        """Yield each field of *record*, and what documents work out from them."""
        if isinstance(record, Source):
            number = self.view.numbers[record.id]
            yield from (Field(record, ("id",), words, how, "number") for words, how in ((f"[{number}]", How.TEXT), (str(number), How.CELL)))
        if isinstance(record, Fact):
            numbers = [str(number) for number in self.numbers(record)]
            yield Field(record, ("evidence",), "".join(f"[{number}]" for number in numbers), How.MARKS)
            yield Field(record, ("evidence",), ", ".join(numbers), How.CELL)
        if isinstance(record, Milestone):
            yield from self._worked_out(record)
        for keys, value in _values(record, ()):
            yield from self._said(record, keys, value)
        yield from (field for field in self.prose if field.declared is record)

    def _worked_out(self, milestone: Milestone) -> Iterator[Field]:
        date, source = milestone.date, self.view.source(milestone.evidence[0].source)
        for name, value in (("earliest day", date.earliest), ("latest day", date.latest), ("EDTF", date.text)):
            yield Field(milestone, ("date",), str(value or ""), How.CELL, name)
        disputed = self.term("yes" if self.view.disagreements(milestone) else "no")
        yield Field(milestone, ("evidence",), disputed, How.CELL, "disputed")
        yield Field(milestone, ("evidence",), self.term(f"confidence.{self.view.confidence(milestone)}"), How.TEXT, "confidence")
        yield Field(milestone, ("evidence",), source.publisher, How.CELL, "first source")
        yield Field(milestone, ("evidence",), source.url or "", How.LINK, "first source's address")

    def _said(self, record: Record, keys: Keys, value: Any) -> Iterator[Field]:
        """Yield the ways in which documents say the *value* at *keys* of *record*."""
        if isinstance(value, Date):
            yield Field(record, keys, self.locale.date(value), How.DATE)
        elif isinstance(value, Enum):
            group = "source" if isinstance(record, Source) else keys[-1]
            yield Field(record, keys, self.term(f"{group}.{value}"), usual=value == Status.DONE)
        elif isinstance(value, Decimal | int):
            yield Field(record, keys, str(value), How.CELL)
        elif isinstance(value, tuple):
            yield Field(record, keys, ", ".join(self.view.labels.get(item, item) for item in value) or "–", How.CELL)
        else:
            how = {"url": How.LINK, "language": How.CELL}.get(str(keys[-1]), How.TEXT)
            yield Field(record, keys, self.view.labels.get(value, value), how)

    def term(self, key: str) -> str:
        """Return the term at *key*; nothing if the language has none, since then no document prints it."""
        try:
            return self.locale.term(key)
        except ReportsError:
            return ""

    def numbers(self, fact: Fact) -> list[int]:
        """Return the number of each source in the evidence of *fact*, each once, in its order."""
        return list(dict.fromkeys(self.view.numbers[evidence.source] for evidence in fact.evidence))

    @cached_property
    def links(self) -> Mapping[str, Mapping[str, Field]]:
        """The targets of each text, without white space, that is a link wherever it is one, with the field that says so."""
        found: dict[str, dict[str, Field]] = defaultdict(dict)
        for identifier, label in self.view.labels.items():
            if record := self.records.get(identifier):
                found[squeeze(label)][f"#{identifier}"] = Field(record, ("id",), label)
        for source in self.view.sources:
            mark = f"[{self.view.numbers[source.id]}]"
            found[mark][f"#source-{source.id}"] = Field(source, ("id",), mark)
            for text in (source.title, source.publisher, source.url) if source.url else ():
                found[squeeze(text or "")][source.url or ""] = Field(source, ("url",), text or "")
        for field in self.prose:
            for label, target in _addresses(field.markdown):
                found[squeeze(label)][target] = field
        return found

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """The number of each thing that documents count, by its name under `count` in the terms of the language."""
        view = self.view
        unassessed = [statement for statement in view.statements if statement.assessment == Assessment.UNASSESSED]
        key = [statement for statement in view.statements if statement.key]
        return {
            **{kind: len(getattr(view, kind)) for kind in COUNTED},
            "key_milestones": sum(milestone.key for milestone in view.milestones),
            "key_statements": len(key),
            "unassessed_statements": len(unassessed),
            "other_statements": sum(not statement.key for statement in view.statements if statement not in unassessed),
            "disagreements": len(view.all_disagreements),
            "key_disputed": len(view.differing(True)),
            "other_disputed": len(view.differing(False)),
            "figures": len(view.counts),
        }

    @cached_property
    def wordings(self) -> list[tuple[str, "re.Pattern[str]"]]:
        """The ways in which the language words each count: its name, and a pattern with the number as its group."""
        data = self.locale.file.data
        terms = data.get("count", {}) if isinstance(data, dict) else {}
        return [(name, _pattern(wording)) for name, term in terms.items() for wording in term.split("|") if "{count}" in wording]

    def where(self, declared: StrictModel, *keys: str | int) -> str:
        """Return the file, the line and the column where the field at *keys* of *declared* stands."""
        for entry in self.dataset.entries:
            if entry.declared is declared:
                return str(entry.locate(*keys))
            if isinstance(entry.declared, Area) and declared in entry.declared.activities:
                return str(entry.locate("activities", entry.declared.activities.index(declared), *keys))
        raise KeyError(type(declared))


def _values(model: BaseModel, keys: Keys) -> Iterator[tuple[Keys, Any]]:
    """Yield each value in *model* that is no text in Markdown, nested ones too, with the keys that lead to it."""
    prose = {text.keys[0] for text in walk(model) if isinstance(text.mark, Markdown)}
    for name in type(model).model_fields:
        value, at = getattr(model, name), (*keys, name)
        if name in ("id", "source", "gives", "activities") or name in prose or value is None or isinstance(value, bool):
            continue
        if isinstance(value, tuple) and value and not isinstance(value[0], str):
            for index, item in enumerate(value):
                yield from _values(item, (*at, index)) if isinstance(item, BaseModel) else [((*at, index), item)]
        else:
            yield at, value


def _addresses(text: str) -> Iterator[tuple[str, str]]:
    """Yield the text and the target of each link in the Markdown *text*."""
    tokens = list(inline_tokens(text))
    for start, token in enumerate(tokens):
        if token.type == "link_open":
            end = next(at for at in range(start, len(tokens)) if tokens[at].type == "link_close")
            yield "".join(part.content for part in tokens[start:end]), str(token.attrs["href"])


def _pattern(wording: str) -> "re.Pattern[str]":
    """Return a pattern for *wording*, in which `{count}` stands for a number."""
    before, after = (re.escape(part).replace(r"\ ", r"\s+") for part in wording.strip().split("{count}"))
    return re.compile(rf"{before}(?<![\w.,])(\d[\d.,\u00a0\u202f]*){after}(?!\w)", re.IGNORECASE)
