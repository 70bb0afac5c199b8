"""A dataset in the language of a returned file; what that file proposes to its translation, and edits of that."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from reports.dataset.dataset import Dataset
from reports.dataset.model import Milestone
from reports.editions.snapshot import Snapshot, snapshot_of, value_at
from reports.files import is_file_named_in
from reports.proposals.decisions import Proposal
from reports.proposals.differences import DifferenceKind
from reports.translations.catalogue import FUZZY, Catalogue, read_catalogue
from reports.translations.texts import Key, Text, is_told, retold, shape_of
from reports.translations.translation import catalogue_path, kept_words, languages_of
from reports.translations.transliteration import cyrillic_of

MARK = "\0"  # between the context of a text and the text, which no text has


@dataclass(frozen=True)
class Telling:
    """A *dataset* as it is told in *language*: of its texts, those in *words* are translated."""

    dataset: Dataset
    language: str
    words: Mapping[Key, str]

    @cached_property
    def is_other(self) -> bool:
        """True if the language is not that of the data."""
        return self.language != self.dataset.about.language

    @cached_property
    def told(self) -> Dataset:
        """The dataset with each text as it is told; one without a translation is as it was."""
        return self._retold(lambda text: self.words.get(text.key, text.value))

    @cached_property
    def snapshot(self) -> Snapshot:
        """The same as plain data."""
        return snapshot_of(self.told)

    @property
    def cyrillic(self) -> str:
        """The language from whose catalogue the words are made letter by letter; "" if they have one of their own."""
        return cyrillic_of(self.language, languages_of(self.dataset)) or ""

    def text(self, record: str, path: str) -> Text | None:
        """Return the text of the data to which *path* leads in the *record*; None if no catalogue has one of it."""
        value = self._value(self._marked, record, path)
        context, mark, text = value.partition(MARK) if isinstance(value, str) else ("", "", "")
        return Text(context, text) if mark else None

    def has_own_name(self, record: str, path: str) -> bool:
        """Return true if data have a name in this language, or its script, at *path* in the *record*."""
        return self._value(self._marked, record, path) != self._value(self._original, record, path)

    @cached_property
    def _original(self) -> Snapshot:
        return snapshot_of(self.dataset)

    @cached_property
    def _marked(self) -> Snapshot:
        return snapshot_of(self._retold(lambda text: f"{text.context}{MARK}{text.value}"))

    @staticmethod
    def _value(snapshot: Snapshot, record: str, path: str) -> object:
        found = ((name.kind, values) for name, values in snapshot.records.items() if name.id == record)
        return next((value_at(kind, values, path) for kind, values in found), None)

    def _retold(self, tell: Callable[[Text], str]) -> Dataset:
        if not self.is_other:
            return self.dataset
        entries = (replace(entry, declared=retold(entry.declared, self.language, tell)) for entry in self.dataset.entries)
        return replace(self.dataset, entries=tuple(entries))


def telling(dataset: Dataset, language: str, folder: Path) -> Telling:
    """Return *dataset* in *language*, by the catalogues below *folder*, which is that of the data or of an edition."""
    is_other = language != dataset.about.language
    return Telling(dataset, language, kept_words(folder, language) if is_other else {})


def of_translation(proposals: Iterable[Proposal], base: Telling, now: Telling) -> Iterator[Proposal]:
    """Yield *proposals*, in a file in the language of *base*, as what they are now: those to a text are about its translation."""
    source = telling(now.dataset, base.cyrillic, now.dataset.folder) if base.cyrillic else now
    for proposal in proposals:
        if base.is_other and proposal.kind == DifferenceKind.ADD:
            yield _added(proposal, base.language)
        elif base.is_other and proposal.kind == DifferenceKind.CHANGE:
            yield _changed(proposal, base, source)
        else:
            yield proposal


def _added(proposal: Proposal, language: str) -> Proposal:
    """Return *proposal* without the words of the new record: the data are in another language."""
    shape = shape_of(Milestone)
    words = {name: text for name, text in proposal.given.items() if is_told(text, shape.get(name))}
    if not words:
        return proposal
    given = {name: text for name, text in proposal.given.items() if name not in words}
    said = "; ".join(f"{name}: {text}" for name, text in words.items())
    ask = f"write under 'given', in the language of the data, what they say in '{language}': {said}"
    return proposal.model_copy(update={"given": given, "ask": _joined(proposal.ask, ask)})


def _changed(proposal: Proposal, base: Telling, now: Telling) -> Proposal:
    """Return *proposal*, to a field, as one to the translation in *now* if it changes a text; a remark if that has none of its own."""
    place = (proposal.record, proposal.field)
    before, text = base.text(*place), now.text(*place) or base.text(*place)
    if text is None and not base.has_own_name(*place):
        return proposal
    original = text.value if text else ""
    more: dict[str, str] = {"language": base.language, "original": original}
    if text is None:
        return _remark(proposal, "the name in this language is data: see 'names' of the record", more)
    if base.cyrillic:
        own = now.words.get(text.key, "")
        return _remark(proposal, f"'{base.language}' is made of '{base.cyrillic}': change it there, where it is '{own}'", more)
    more["ours"] = now.words.get(text.key, "")
    if before and before.key != text.key:
        since = base.snapshot.edition
        more["conflict"] = f"the text that it renders changed since edition {since}, and was '{before.value}': it may be an old one's"
    if before and before.key not in base.words:
        ask = f"it was issued without a translation into '{base.language}': is this one, or a correction of the text?"
        more["ask"] = _joined(proposal.ask, ask)
    return proposal.model_copy(update=more)


def _remark(proposal: Proposal, ask: str, more: Mapping[str, str]) -> Proposal:
    return proposal.model_copy(update={**more, "kind": DifferenceKind.REMARK, "ask": _joined(proposal.ask, ask)})


def _joined(*asks: str) -> str:
    return "; ".join(filter(None, asks))


@dataclass
class CatalogueEdits:
    """Edits of the catalogues of *dataset*: translations that were taken, each with where it *came* from."""

    dataset: Dataset
    came: str
    _catalogues: dict[str, Catalogue] = field(default_factory=dict)
    _tellings: dict[str, Telling] = field(default_factory=dict)
    _done: set[tuple[str, Key]] = field(default_factory=set)

    def put(self, proposal: Proposal) -> tuple[str, str]:
        """Take what *proposal* has as the translation of its text; return the field that is in the way, and in words why, "" if none is."""
        language, place = proposal.language, f"the {proposal.field} of '{proposal.record}'"
        now = self._telling(language)
        text = now.text(proposal.record, proposal.field)
        if text is None or text.value.split() != proposal.original.split():
            said = f"is '{text.value}' now" if text else "is no text that is translated any more"
            return "original", f"{place} {said}, so that this was decided on something else: look again, and write that here"
        ours, words = now.words.get(text.key, ""), proposal.value or proposal.theirs
        if not words.strip():
            return "theirs", "a translation has words: refuse this, or write others under 'value'"
        if ours.split() not in (proposal.ours.split(), words.split()):
            said = f"{place} is '{ours}' in '{language}' now, so that this was decided on something else"
            return "ours", f"{said}: look again, and write that here"
        if (language, text.key) in self._done:
            return "theirs", f"another decision changes the translation of {place} too: take one of them"
        catalogue = self._catalogues.get(language)
        message = catalogue.messages.get(text.key) if catalogue else None
        if message is None:
            path = catalogue_path(self.dataset, language)
            return "language", f"{path} has no message '{text.context}' of this text: draw it, by translate, and say this again"
        self._done.add((language, text.key))
        message.msgstr, message.previous_msgid = words, None
        message.flags = [flag for flag in message.flags if flag != FUZZY]
        lines = message.tcomment.split("\n") if message.tcomment else []
        message.tcomment = "\n".join(dict.fromkeys((*lines, self.came)))
        return "", ""

    def contents(self) -> Mapping[Path, bytes]:
        """Return the new content of each catalogue that is edited, by its path."""
        edited = {language for language, _ in self._done}
        return {catalogue.path: catalogue.to_bytes() for language, catalogue in self._catalogues.items() if language in edited}

    def _telling(self, language: str) -> Telling:
        if language not in self._tellings:
            self._tellings[language] = telling(self.dataset, language, self.dataset.folder)
            path = catalogue_path(self.dataset, language)
            if is_file_named_in(path, self.dataset.folder):
                self._catalogues[language] = read_catalogue(path, self.dataset.folder, language)
        return self._tellings[language]
