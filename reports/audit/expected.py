"""Dataset + view -> what a document has to say, worked out from the data alone: no template and no renderer is asked."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from pydantic import BaseModel

from reports.audit.shown import squeeze
from reports.dataset.dataset import Dataset, Entry
from reports.dataset.dates import Date
from reports.dataset.model import Area, Assessment, Evidence, Markdown, Milestone, Record, RefersTo, Source, StrictModel
from reports.dataset.prose import Citation, citations, inline_tokens
from reports.dataset.references import walk
from reports.documents.document import FILE
from reports.documents.view import View
from reports.errors import Location, Problem, ReportsError
from reports.renderers.locale import Locale
from reports.yamlfile import Keys, YamlFile

# The lines of records that documents print as they stand.
LINES = ("title", "name", "stands_for", "locator")
# The kinds of records that documents count.
COUNTED = ("milestones", "frameworks", "areas", "operations", "bodies", "people", "statements", "measures", "sources")


@dataclass(frozen=True)
class Text:
    """One text of the data: what it has to read like, where it stands, and a name for it."""

    words: str
    declared: StrictModel
    keys: Keys

    @cached_property
    def squeezed(self) -> str:
        """The words without white space and the full stop at their end, which a template may leave out."""
        return squeeze(self.words).rstrip(".")

    @property
    def field(self) -> str:
        return ".".join(str(key) for key in self.keys if isinstance(key, str))


@dataclass(frozen=True)
class Expected:
    """What one document has to say: its *view* of the *dataset*, in the words of the *locale*."""

    dataset: Dataset
    view: View
    locale: Locale

    @cached_property
    def milestones(self) -> Mapping[str, Milestone]:
        return {milestone.id: milestone for milestone in self.view.milestones}

    @cached_property
    def references(self) -> frozenset[str]:
        """The reference of every milestone of the dataset, shown or not."""
        return frozenset(milestone.id for milestone in self.dataset.all(Milestone))

    @cached_property
    def sources(self) -> Mapping[int, Source]:
        """Every source of the dataset by its number, which is its place in the file."""
        return dict(enumerate(self.dataset.sources, 1))

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        return {source.id: number for number, source in self.sources.items()}

    def date(self, when: Date | None) -> str:
        return self.locale.date(when) if when else self.locale.term("date.none")

    def prose(self, text: str) -> str:
        """Return the Markdown *text* as a reader sees it, its citations as numbers and names."""
        words = []
        for token in inline_tokens(text):
            if token.type == "citation":
                words += [self._cited(list(run), is_source) for is_source, run in groupby(token.meta["cited"], self._is_source)]
            elif token.type in ("text", "text_special", "html_inline"):
                words.append(token.content)
            elif token.type in ("softbreak", "hardbreak", "paragraph_close"):
                words.append(" ")
        return "".join(words)

    def _is_source(self, cited: Citation) -> bool:
        return cited.id in self.numbers

    def _cited(self, cited: list[Citation], is_source: bool) -> str:
        if is_source:
            return "".join(f"[{self.numbers[one.id]}]" for one in cited)
        return f"({', '.join(self.view.labels[one.id] for one in cited)})"

    @cached_property
    def texts(self) -> tuple[Text, ...]:
        """Every text of the head and of the records that the document may show, sources aside."""
        activities = tuple(activity for area in self.view.areas for activity in area.activities)
        declared = (*(one for one in self.view.declared if not isinstance(one, Area)), *self.view.areas, *activities)
        return tuple(text for one in declared for text in self.texts_of(one))

    def texts_of(self, declared: StrictModel) -> tuple[Text, ...]:
        """Return the texts of *declared*: its prose, and the lines that documents print."""
        prose = [(text.keys, self.prose(text.value)) for text in walk(declared) if isinstance(text.mark, Markdown)]
        lines = [found for found in _lines(declared, ()) if found[1]]
        own = [(keys, words) for keys, words in (*prose, *lines) if keys[0] != "activities"]
        return tuple(Text(words, declared, keys) for keys, words in own)

    @cached_property
    def by_id(self) -> Mapping[str, Record]:
        """Every record that the document may show, and every source of it, by its id."""
        activities = tuple(activity for area in self.view.areas for activity in area.activities)
        return {one.id: one for one in (*self.view.declared, *activities, *self.view.sources) if isinstance(one, Record)}

    @cached_property
    def quotable(self) -> frozenset[str]:
        """All texts and the titles of all sources, without white space: what stands in them is no word of a template's."""
        return frozenset(one.squeezed for one in self.texts) | {squeeze(one.title) for one in self.sources.values()}

    @cached_property
    def by_handle(self) -> Mapping[str, Record]:
        """Every record that the document may show, by what tells a row about it: its id, or its name without white space."""
        records = [one for one in self.view.declared if isinstance(one, Record)]
        names = {squeeze(getattr(one, "name", "")): one for one in records}
        return {name: one for name, one in names.items() if name} | {one.id: one for one in records}

    def evidence_numbers(self, evidence: tuple[Evidence, ...]) -> list[int]:
        """Return the number of each source in *evidence*, each once, in its order."""
        return list(dict.fromkeys(self.numbers[one.source] for one in evidence))

    def mentioned_numbers(self, record: StrictModel) -> set[int]:
        """Return the numbers of all sources that *record* mentions anywhere."""
        found: set[str] = set()
        for text in walk(record):
            found |= {text.value} if isinstance(text.mark, RefersTo) else {one.id for one in citations(text.value)}
        return {self.numbers[one] for one in found if one in self.numbers}

    @cached_property
    def counted(self) -> Mapping[str, Sequence[Record]]:
        """Whatever a document may count, by the names under `count` in the terms of its language."""
        view = self.view
        key = [one for one in view.statements if one.key]
        unassessed = [one for one in view.statements if one.assessment == Assessment.UNASSESSED]
        return {
            **{kind: getattr(view, kind) for kind in COUNTED},
            "key_milestones": [one for one in view.milestones if one.key],
            "key_statements": key,
            "unassessed_statements": unassessed,
            "other_statements": [one for one in view.statements if not one.key and one not in unassessed],
            "disagreements": [one.fact for one in view.all_disagreements],
            "key_disputed": view.differing(True),
            "other_disputed": view.differing(False),
            "figures": [one.measure for one in view.counts],
        }

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How many there are of what is counted, by its name."""
        return {name: len(records) for name, records in self.counted.items()}

    @cached_property
    def wordings(self) -> tuple[tuple[str, "re.Pattern[str]"], ...]:
        """The ways in which the language words each count: its name, and a pattern with the number as its group.

        Raises ReportsError if one of them has no number, since that would find whatever numbers there are, or none.
        """
        found = [(name, one) for name, wording in self.terms("count").items() for one in wording.split("|")]
        if without := [name for name, one in found if one.count("{count}") != 1]:
            message = "each wording of a count, between two '|', has to hold {count} once"
            raise ReportsError(*(Problem(self.locale.file.locate(("count", name)), message) for name in without))
        return tuple((name, _pattern(one)) for name, one in found)

    def terms(self, group: str) -> Mapping[str, str]:
        """Return the terms of *group* as they stand, by their names; none if the language has no such group."""
        return self._terms.get(group, {})

    @cached_property
    def _terms(self) -> Mapping[str, Mapping[str, str]]:
        """The terms of the language by their groups: read once, since every cell of a workbook asks for them."""
        data = self.locale.file.data
        groups = data.items() if isinstance(data, dict) else ()
        return {
            group: {name: term for name, term in terms.items() if isinstance(term, str)}
            for group, terms in groups
            if isinstance(terms, dict)
        }

    def where(self, declared: StrictModel, *keys: str | int, within: str = "") -> str:
        """Return the file and line where the field at *keys* of *declared* stands."""
        return str(self._locate(declared, *keys, within=within))

    def where_all(self, records: Iterable[StrictModel]) -> str:
        """Return the lines of the first and of the last of *records*; the folder of the data if there are none."""
        places = dict.fromkeys(sorted(map(self._locate, records)))
        first, last = next(iter(places), ""), next(reversed(places), "")
        return f"{first}" + (f" to {last}" if len(places) > 1 else "") or str(self.dataset.folder)

    def where_selected(self, *keys: str) -> str:
        """Return the line at *keys* of the declaration that selects what the document shows."""
        templates = self.locale.file.path.parents[1]
        return str(YamlFile(templates / self.view.document.id / FILE, templates).locate(keys))

    def _locate(self, declared: StrictModel, *keys: str | int, within: str = "") -> Location:
        entry, before = self._entry(declared)
        return entry.locate(*before, *keys, within=within)

    def _entry(self, declared: StrictModel) -> tuple[Entry, Keys]:
        """Return the entry that *declared* stands in, and the keys that lead to it from there."""
        for entry in self.dataset.entries:
            if entry.declared is declared:
                return entry, ()
            if isinstance(entry.declared, Area) and declared in entry.declared.activities:
                return entry, ("activities", entry.declared.activities.index(declared))
        raise KeyError(declared.id if isinstance(declared, Record) else type(declared))


def _lines(model: BaseModel, keys: Keys) -> Iterator[tuple[Keys, str]]:
    """Yield the lines of *model*, nested ones too, that documents print."""
    for name in type(model).model_fields:
        value = getattr(model, name)
        if name in LINES and isinstance(value, str):
            yield (*keys, name), value
        elif isinstance(value, BaseModel):
            yield from _lines(value, (*keys, name))
        elif isinstance(value, tuple):
            for index, one in enumerate(value):
                if isinstance(one, BaseModel):
                    yield from _lines(one, (*keys, name, index))


def _pattern(wording: str) -> "re.Pattern[str]":
    """Return a pattern for *wording*, in which `{count}` stands for a number."""
    before, _, after = (re.escape(" ".join(part.split(" "))) for part in wording.strip().partition("{count}"))
    return re.compile(rf"{before}(?<![\w.,])(\d[\d.,\u00a0\u202f]*){after}(?!\w)".replace(r"\ ", r"\s+"), re.IGNORECASE)
