"""Dataset + view -> what a document has to say, worked out from the data alone: no template and no renderer is asked."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import cached_property
from typing import Any, Literal

from pydantic import BaseModel

from reports.dataset.codes import Code
from reports.dataset.dataset import Dataset
from reports.dataset.dates import Date
from reports.dataset.fields import Markdown
from reports.dataset.model import About, Assessment, Fact, Milestone, Record, Source, StrictModel
from reports.dataset.prose import Citation, inline_tokens, words
from reports.dataset.references import walk
from reports.documents.view import View
from reports.readers.content import squeeze
from reports.translations.locale import Locale, is_plural
from reports.yamlfile import Keys

COUNTED = ("milestones", "frameworks", "areas", "operations", "bodies", "people", "statements", "measures", "sources")
# A count is a number by itself: neither the end of a reference, "M2018-1 Milestone", nor that of a figure, "Figure 1. Key milestones".
NUMBER = r"(?<![\w.,-])(\d(?:[\d.,\u00a0\u202f]*\d)?)"
HANDLES = ("id", "url", "title", "gist", "name")  # the fields that tell which record a row is about, the surest first


@dataclass(frozen=True)
class Field:
    """One field of a record, or of the head: the *words* in which a document says it, and the *keys* that lead to it in the data.

    A number is said by a whole cell, since it stands in any text by chance. *others* are further ways to say the same: a text in one
    line has the numbers of its lists in it, and in a cell its notes too; a date has its cases.
    """

    declared: StrictModel
    keys: Keys
    words: str
    how: Literal["text", "prose", "date", "marks", "cell"] = "text"
    name: str = ""
    others: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()

    @property
    def ways(self) -> tuple[str, ...]:
        """The words, and the other ways to say the same."""
        return (self.words, *self.others)

    @property
    def is_default(self) -> bool:
        """True if the field has the value that it has where nothing is declared."""
        fields, name = type(self.declared).model_fields, str(self.keys[-1]) if self.keys else ""
        return name in fields and not fields[name].is_required() and fields[name].default == getattr(self.declared, name)

    def __str__(self) -> str:
        return self.name or ".".join(map(str, self.keys))


@dataclass(frozen=True)
class Expectation:
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
        """The fields of each record, by its id, and those of the head that are Markdown, by nothing."""
        return {"": tuple(self._prose(self.view.about))} | {key: tuple(self._fields(record)) for key, record in self.records.items()}

    @cached_property
    def handles(self) -> Mapping[str, tuple[int, str]]:
        """The rank and the id of each record by the texts that tell rows about it, without white space; none that two share."""
        found = [(identifier, 0, identifier) for identifier in self.records]
        fields = [(key, field) for key, own in self.fields.items() for field in own if str(field) in HANDLES]
        found += [(squeeze(way), HANDLES.index(str(field)), key) for key, field in fields for way in field.ways]
        times = Counter(text for text, _, _ in found)
        return {text: (rank, identifier) for text, rank, identifier in found if times[text] == 1}

    @cached_property
    def head_rows(self) -> tuple[str, ...]:
        """The beginning of each row of the head, without white space: a matter, or an issue to watch, may be called as a record is."""
        about = self.view.about
        rows = [*((matter.name, matter.stands) for matter in about.matters), *((issue.title, issue.text) for issue in about.watch)]
        return tuple(squeeze(f"{name}{words(text, self._cited, numbers=False, notes=False)}") for name, text in rows)

    @cached_property
    def links(self) -> Mapping[str, Field]:
        """The target of each text, without white space, that is a link wherever it is one: marks, references, addresses, those in prose."""
        marks = [(f"[{self.view.numbers[source.id]}]", f"#source-{source.id}", source, ("id",)) for source in self.view.sources]
        references = [(milestone.id, f"#{milestone.id}", milestone, ("id",)) for milestone in self.view.milestones]
        texts = [(text, source) for source in self.view.sources if source.url for text in (source.url, source.title)]
        addresses = [(text, source.url or "", source, ("url",)) for text, source in texts if squeeze(text) in self.handles]
        marked = [(model, *text) for model in (self.view.about, *self.records.values()) for text in _marked(model)]
        prose = [(text, target, model, keys) for model, keys, markdown in marked for text, target in _links(markdown)]
        return {squeeze(text): Field(model, keys, target) for text, target, model, keys in (*prose, *addresses, *references, *marks)}

    @cached_property
    def wordings(self) -> list[tuple[str, "re.Pattern[str]"]]:
        """The ways in which the language words each count: its name, and a pattern with the number as its group."""
        terms: Mapping[str, Any] = self.terms("count")
        forms = [(name, form) for name, term in terms.items() for form in (term.values() if is_plural(term) else (term,))]
        wordings = [(name, wording.strip()) for name, form in forms for wording in form.split("|")]
        patterns = [(name, re.escape(wording).replace(r"\ ", r"\s+").split(r"\{count\}")) for name, wording in wordings]
        return [(name, re.compile(rf"{NUMBER}".join(parts) + r"(?!\w)", re.IGNORECASE)) for name, parts in patterns if len(parts) == 2]

    def _fields(self, record: Record) -> Iterator[Field]:
        """Yield each field of *record*, and what documents work out from them."""
        numbers = self.view.numbers
        if isinstance(record, Source):
            yield Field(record, ("id",), f"[{numbers[record.id]}]", name="mark")
            yield Field(record, ("id",), str(numbers[record.id]), "cell", "number")
        if isinstance(record, Fact):
            cited = [numbers[evidence.source] for evidence in record.evidence]
            yield Field(record, ("evidence",), "".join(f"[{number}]" for number in cited), "marks", "the marks of the evidence")
            yield Field(record, ("evidence",), ", ".join(map(str, dict.fromkeys(cited))), "cell", "the sources")
        if isinstance(record, Milestone):
            yield Field(record, ("id",), record.id, name="reference")
            yield Field(record, ("evidence",), self.terms("confidence").get(self.view.confidence(record), ""), name="the confidence")
        for keys, value in _values(record, ()):
            yield self._said(record, keys, value)
        yield from self._prose(record)

    def _said(self, record: Record, keys: Keys, value: Any) -> Field:
        """Return the field of *record* with the *value* at *keys*."""
        if isinstance(value, Date):
            date = self.locale.date(value)
            return Field(record, keys, date, "date", others=tuple(dict.fromkeys(case for case in date.cases.values() if case != date)))
        if isinstance(value, Enum | Code):
            group = "source" if isinstance(record, Source) else keys[-1]
            return Field(record, keys, self.terms(str(group)).get(str(value), ""))
        if isinstance(value, tuple):
            parts = tuple(self.view.labels.get(item, item) for item in value)
            return Field(record, keys, ", ".join(parts), "cell", parts=parts)
        if isinstance(value, Decimal | int) or keys[-1] == "language":
            return Field(record, keys, str(value), "cell")
        return Field(record, keys, self.view.labels.get(value, value))

    def terms(self, group: str) -> Mapping[str, str]:
        """Return the terms of *group*; what the language has no term for, no document prints."""
        return dict(self.locale.terms.get(group, {}))

    def _prose(self, model: StrictModel) -> Iterator[Field]:
        """Yield every text in Markdown of *model* as a reader sees it, its citations as numbers and names."""
        for keys, markdown in _marked(model):
            own = words(markdown, self._cited, numbers=False, notes=False)
            others = {words(markdown, self._cited, notes=False): None, words(markdown, self._cited): None}
            others[words(markdown, self._cited, notes=False, stops=False)] = None
            yield Field(model, keys, own, "prose", others=tuple(way for way in others if way != own))
            for token in (token for token in inline_tokens(markdown) if token.type == "footnote"):
                yield Field(model, keys, words(token.content, self._cited), "prose", f"a note of {'.'.join(map(str, keys))}")

    def _cited(self, cited: tuple[Citation, ...]) -> str:
        """Return the words of a citation: the marks of its sources, and the names of other records in brackets."""
        labels, numbers = self.view.labels, self.view.numbers
        if any(citation.prefix for citation in cited):
            marks = (f"{each.prefix or ''} {f'[{numbers[each.id]}]' if each.id in numbers else labels[each.id]}" for each in cited)
            return f"({', '.join(marks)})"
        said = (f"[{numbers[citation.id]}]" if citation.id in numbers else f"({labels[citation.id]})" for citation in cited)
        return "".join(said).replace(")(", ", ")

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """The number of each thing that documents count, by its name under `count` in the terms of the language."""
        view = self.view
        key, rest = ([statement for statement in view.statements if statement.key == is_key] for is_key in (True, False))
        return {
            **{kind: len(getattr(view, kind)) for kind in COUNTED},
            "key_milestones": sum(milestone.key for milestone in view.milestones),
            "key_statements": len(key),
            "unassessed_statements": sum(statement.assessment == Assessment.UNASSESSED for statement in view.statements),
            "other_statements": sum(statement.assessment != Assessment.UNASSESSED for statement in rest),
            "disagreements": len(view.all_disagreements),
            "disputed": len(view.differing(True)) + len(view.differing(False)),
            "key_disputed": len(view.differing(True)),
            "other_disputed": len(view.differing(False)),
            "figures": len(view.counts),
        }

    def where(self, declared: StrictModel, *keys: str | int) -> str:
        """Return the file, the line and the column where the field at *keys* of *declared* stands."""
        head = ((entry, (), about) for entry, about in self.dataset.entries_of(About))
        return next(str(entry.locate(*at, *keys)) for entry, at, own in (*head, *self.dataset.located_records()) if own is declared)


def _marked(model: BaseModel) -> list[tuple[Keys, str]]:
    """Return the texts in Markdown of *model* itself, with the keys that lead to them."""
    return [(text.keys, text.value) for text in walk(model) if isinstance(text.mark, Markdown) and text.keys[0] != "activities"]


def _links(markdown: str) -> Iterator[tuple[str, str]]:
    """Yield the text and the target of each link to the web in *markdown*."""
    text = target = ""
    for token in inline_tokens(markdown):
        if token.type == "link_open":
            text, target = "", str(token.attrs["href"])
        elif token.type == "link_close":
            yield text, target
        text += token.content if token.type in ("text", "text_special") else ""


def _values(model: BaseModel, keys: Keys) -> Iterator[tuple[Keys, Any]]:
    """Yield each value in *model* that is not in Markdown, nested ones too, with the keys that lead to it."""
    prose = {own[0] for own, _ in _marked(model)}
    for name in type(model).model_fields:
        value, at = getattr(model, name), (*keys, name)
        # A short title stands in figures, and its words in the title too.
        is_left_out = name in ("id", "names", "source", "gives", "activities", "short") or name in prose
        if is_left_out or value in (None, ()) or isinstance(value, bool):
            continue
        if isinstance(value, tuple) and not isinstance(value[0], str):
            for index, item in enumerate(value):
                yield from _values(item, (*at, index)) if isinstance(item, BaseModel) else [((*at, index), item)]
        else:
            yield at, value
