"""Two snapshots -> the changes from the one to the other: by field, with the evidence that came or went with them."""

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum
from functools import cached_property
from typing import Any, NamedTuple

from pydantic import BaseModel

from reports.dataset.fields import RefersTo
from reports.dataset.model import About, Evidence
from reports.dataset.prose import citations, words
from reports.editions.snapshot import ABOUT, MODELS, NO_PART, Part, Plain, RecordId, Snapshot, parts

# A word, or a number with the signs that belong to it: 10,000 and 10.000 are two numbers. All else in a text is how it is set.
WORD = re.compile(r"[-−]?\d+(?:[.,]\d+)*|\w+")
RECEIVED = "received/"  # where the files stand that institutions sent back
LABELS = ("name", "title", "gist", "abbreviation")  # the field by which people know a record: the first that it has

Step = str | tuple[str, ...]  # the name of a field, or the identity of an item in it
Steps = tuple[Step, ...]


class ChangeKind(StrEnum):
    """The fate of a record between two editions."""

    NEW = "new"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"


class Place(NamedTuple):
    """A place in a source, or a record, that bears on a fact."""

    source: str
    locator: str


class Run(NamedTuple):
    """Words in a row that were all "kept", "inserted" or "deleted"."""

    kind: str
    words: str


@dataclass(frozen=True)
class Change:
    """One difference: the value *before* and *after*, None if there is none, of what the *path* leads to from the record.

    The path has the names of fields, and the identity of an item behind the name of its list; it is empty if the whole record is new or
    withdrawn. The *form* of the value is that of its field (see Part), "item" for an item of a list, "record" for a whole record. An
    *editorial* change leaves the facts and the words as they are. *added* and *gone* are the places in sources that the
    record, or its prose, cites since or no more. *reason* and *proposed_by* are None if nothing says them.
    """

    kind: ChangeKind
    record_kind: str
    record: str
    label: str
    path: Steps = ()
    before: Any = None
    after: Any = None
    form: str = "record"
    is_evidence: bool = False
    editorial: bool = False
    added: tuple[Place, ...] = ()
    gone: tuple[Place, ...] = ()
    reason: str | None = None
    replaced_by: str | None = None
    proposed_by: str | None = None

    @property
    def field(self) -> str:
        """The name of the field that changed, with the field that it stands in: "date", "points.value"; "" for a whole record."""
        return ".".join(step for step in self.path if isinstance(step, str))

    @property
    def item(self) -> tuple[str, ...]:
        """The identity of the item that changed, or in which something did: (date, who counted, among whom) of a count."""
        return next((step for step in self.path if isinstance(step, tuple)), ())

    @property
    def is_of_edition(self) -> bool:
        """True if the number or the day of the edition changed, which is no change of what it says."""
        return self.record_kind == ABOUT and self.field.partition(".")[0] in About.bookkeeping

    @property
    def is_prose(self) -> bool:
        """True if the value is prose, or a list of it."""
        return self.form == "prose"

    @property
    def mentions(self) -> frozenset[str]:
        """The ids of the record and of those that the change names: as references, as evidence, or in its place."""
        values = (self.before, self.after) if self.form == "references" else ()
        named = (name for value in values if value for name in (value if isinstance(value, list) else [value]))
        replacing = () if self.replaced_by is None else (self.replaced_by,)
        return frozenset((self.record, *named, *(place.source for place in (*self.added, *self.gone)), *replacing))

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """The words of a text, without its citations, in the order of reading: kept, inserted or deleted."""
        return word_runs(self._words(self.before), self._words(self.after))

    def _words(self, value: Any) -> str:
        text = "\n\n".join(map(str, value)) if isinstance(value, list | tuple) else str(value or "")
        return words(text) if self.is_prose else text


def word_runs(before: str, after: str) -> tuple[Run, ...]:
    """Return how *before* becomes *after*, word by word; words that stay between longer changes are told as changed, to be read in one."""
    old, new = before.split(), after.split()
    runs = []
    for is_kept, old_start, old_end, new_start, new_end in spans(old, new):
        deleted, inserted = " ".join(old[old_start:old_end]), " ".join(new[new_start:new_end])
        runs += [Run("kept", deleted)] if is_kept else [Run("deleted", deleted), Run("inserted", inserted)]
    return tuple(run for run in runs if run.words)


def spans(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[bool, int, int, int, int]]:
    """Return the stretches in which *old* becomes *new*: whether one is kept, and where it starts and ends in each.

    What stays between longer changes is taken as changed.
    """
    found: list[tuple[bool, int, int, int, int]] = []
    for tag, old_start, old_end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        found.append((tag == "equal", old_start, old_end, new_start, new_end))
        while len(found) > 2 and found[-2][0] and _length(found[-2]) <= min(_length(found[-3]), _length(found[-1])):
            (_, old_start, _, new_start, _), _, (_, _, old_end, _, new_end) = found[-3:]
            found[-3:] = [(False, old_start, old_end, new_start, new_end)]
    return found


def _length(span: tuple[bool, int, int, int, int]) -> int:
    _, old_start, old_end, new_start, new_end = span
    return max(old_end - old_start, new_end - new_start)


def changes(before: Snapshot, after: Snapshot) -> tuple[Change, ...]:
    """Return every change from *before* to *after*: record by record in the order of *after*, the withdrawn ones last.

    Lists of references are sets, and the items of other lists are known by what identifies them: their order is no change.
    """
    found: list[Change] = []
    for record, new in after.records.items():
        old = before.records.get(record)
        if old is None:
            added = places(new.get("evidence", ()))
            found.append(Change(ChangeKind.NEW, *record, _label(new), after=new, added=added, proposed_by=proposer(added, after)))
        elif old != new:
            found += _changed(record, old, new, after)
    for record, old in before.records.items():
        if record not in after.records:
            found.append(_withdrawn(record, old, after.withdrawals.get(record.id, {})))
    return tuple(found)


def for_readers(found: Iterable[Change]) -> tuple[Change, ...]:
    """Return those of *found* that a reader is told of: no editorial ones, and evidence once, if nothing else in its record changed."""
    told = [change for change in found if not change.editorial]
    other = {change.record for change in told if not change.is_evidence}
    evidence: dict[str, Change] = {}
    for change in (change for change in told if change.is_evidence and change.record not in other):
        evidence.setdefault(change.record, change)
    return tuple(change for change in told if not change.is_evidence or evidence.get(change.record) is change)


def tree(model: type[BaseModel] | None, value: Any) -> Any:
    """Return *value*, which is a *model*, as values are compared: items by what identifies them, references as sets, both in no order."""
    if not isinstance(value, Mapping):
        return value
    return {name: _branch(parts(model).get(name, NO_PART) if model else NO_PART, item) for name, item in value.items()}


def _branch(part: Part, value: Any) -> Any:
    if not isinstance(value, list):
        return tree(part.model, value)
    if isinstance(part.mark, RefersTo):
        return sorted(set(value))
    identity = getattr(part.model, "identity", ())
    items: dict[Step, Any] = {}
    seen: Counter[tuple[str, ...]] = Counter()
    for item in value if identity else ():
        key = tuple(str(item.get(name, "")) for name in identity)
        seen[key] += 1
        items[(*key, str(seen[key])) if seen[key] > 1 else key] = tree(part.model, item)
    return items if identity else value


def _untree(value: Any) -> Any:
    """Return *value*, a part of a tree, as plain data."""
    if not isinstance(value, Mapping):
        return value
    plain = {name: _untree(item) for name, item in value.items()}
    return list(plain.values()) if any(isinstance(name, tuple) for name in plain) else plain


def _withdrawn(record: RecordId, old: Plain, withdrawal: Plain) -> Change:
    reason, replaced_by = withdrawal.get("reason"), withdrawal.get("replaced_by")
    gone = places(old.get("evidence", ()))
    return Change(ChangeKind.WITHDRAWN, *record, _label(old), before=old, gone=gone, reason=reason, replaced_by=replaced_by)


def _changed(record: RecordId, old: Plain, new: Plain, after: Snapshot) -> Iterator[Change]:
    """Yield each change of *record*; all of them have the evidence that any of them brought, since it bears on them all."""
    model = MODELS[record.kind]
    leaves = _leaves(model, tree(model, old), tree(model, new))
    found = [Change(ChangeKind.CHANGED, *record, _label(new), **leaf._asdict()) for leaf in leaves]
    cited = [(_cited(change, change.before), _cited(change, change.after)) for change in found]
    added = tuple(dict.fromkeys(place for before, now in cited for place in now if place not in before))
    gone = tuple(dict.fromkeys(place for before, now in cited for place in before if place not in now))
    reason = new.get("reading") if new.get("reading") != old.get("reading") else None
    sender = proposer(added, after)
    return (replace(change, added=added, gone=gone, reason=reason, proposed_by=sender) for change in found)


class _Leaf(NamedTuple):
    """The first fields of a Change from its path on."""

    path: Steps
    before: Any
    after: Any
    form: str
    is_evidence: bool
    editorial: bool


def _leaves(model: type[BaseModel] | None, old: Plain, new: Plain, path: Steps = (), is_evidence: bool = False) -> Iterator[_Leaf]:
    """Yield each difference between the trees *old* and *new* of a *model*, to which *path* leads; whether they stand in evidence."""
    for name in dict.fromkeys((*(parts(model) if model else ()), *new, *old)):  # in the order of the model
        left, right = old.get(name), new.get(name)
        part = parts(model).get(name, NO_PART) if model and isinstance(name, str) else NO_PART
        within = is_evidence or part.model is Evidence
        is_kept = name in getattr(model, "bookkeeping", ())
        if left == right:
            continue
        if getattr(part.model, "identity", ()):
            yield from _items(part, left or {}, right or {}, (*path, name), within, is_kept)
        elif isinstance(left, Mapping) and isinstance(right, Mapping):
            yield from _leaves(part.model, left, right, (*path, name), within)
        else:
            before, now = (part.default if value is None else value for value in (left, right))
            is_wording = part.form == "prose" and bool(left and right) and _bare(left) == _bare(right)
            yield _Leaf((*path, name), before, now, part.form, within, is_wording or is_kept)


def _items(part: Part, old: Plain, new: Plain, path: Steps, is_evidence: bool, is_kept: bool) -> Iterator[_Leaf]:
    """Yield the differences between the items *old* and *new* of a list, by what identifies them; *is_kept* if it is bookkeeping."""
    for key in dict.fromkeys((*new, *old)):
        left, right = old.get(key), new.get(key)
        if left is not None and right is not None:
            yield from _leaves(part.model, left, right, (*path, key), is_evidence)
        else:
            yield _Leaf((*path, key), _untree(left), _untree(right), "item", is_evidence, is_kept)


def _bare(value: Any) -> list[str]:
    """Return the words and numbers in *value*, a prose or a list of them, in small letters; ids and locators of citations are words too."""
    return WORD.findall("\n".join(value if isinstance(value, list) else [value]).casefold())


def _cited(change: Change, value: Any) -> tuple[Place, ...]:
    """Return the places that *value*, the one before or after *change*, names as evidence, or cites in prose."""
    if change.form == "item" and value:
        return places([value] if change.is_evidence else value.get("evidence", ()))
    texts = (value if isinstance(value, list) else [value]) if change.is_prose and value else ()
    return tuple(Place(citation.id, citation.locator or "") for text in texts for citation in citations(text))


def places(evidence: Iterable[Plain]) -> tuple[Place, ...]:
    """Return the places that *evidence*, as plain data, names."""
    return tuple(Place(item["source"], item["locator"]) for item in evidence)


def proposer(places: Iterable[Place], after: Snapshot) -> str | None:
    """Return who sent back the first file that one of *places* lies in, if there is such a file."""
    sources = (after.records.get(RecordId("source", place.source), {}) for place in places)
    return next((source["publisher"] for source in sources if source.get("file", "").startswith(RECEIVED)), None)


def _label(record: Plain) -> str:
    return next((str(record[name]) for name in LABELS if record.get(name)), str(record.get("id", "")))
