"""data/translations/<language>.po <-> its messages; and a catalogue drawn anew from the texts of the data, which loses no translation."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import polib

from reports.errors import NOT_TEXT, Location, Problem, ReportsError, character_name
from reports.files import location_at, read_text
from reports.translations.texts import LOCATOR, Key, Text, key_of

FUZZY = "fuzzy"
# The header of a new catalogue. No date is in it: the same texts and translations give the same file. People who translate write into it
# what state of review the translations are in, and it stays.
HEADER = {
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "X-State-Of-Review": "not reviewed",
}
# A line that is no comment: polib drops the last letter of a text whose quotation mark is not closed.
LINE = re.compile(r'(?:#~ *)?(?:(?:msgctxt|msgid|msgid_plural|msgstr(?:\[\d+\])?)\s+)?"(?:[^"\\]|\\.)*"|#(?!~).*|#~\|.*|')
AT_LINE = re.compile(r"line (\d+)")


@dataclass(frozen=True)
class Catalogue:
    """The catalogue of one language: the messages in *file*, which was read from the *text* of the file *path*."""

    language: str
    path: Path
    file: polib.POFile
    text: str = ""

    @cached_property
    def messages(self) -> Mapping[Key, polib.POEntry]:
        """The messages that are not obsolete, translated or not, by the texts that they are of."""
        return {_key(message): message for message in self.file if not message.obsolete}

    def problem(self, message: polib.POEntry, said: str) -> Problem:
        """Return a problem at the translation in *message*."""
        lines = self.text.split("\n")
        start = (message.linenum or 1) - 1
        line = next((number for number in range(start, len(lines)) if lines[number].startswith("msgstr")), start)
        return Problem(Location(self.path, line + 1), said)

    def to_bytes(self) -> bytes:
        """Return the content of the file."""
        return f"{self.file}\n".encode()


def is_usable(message: polib.POEntry) -> bool:
    """Return true if *message* has a translation of the text as it is now."""
    return bool(message.msgstr) and FUZZY not in message.flags and not message.obsolete


def read_catalogue(path: Path, folder: Path, language: str) -> Catalogue:
    """Return the catalogue in the file *path*, which lies in *folder*; raises ReportsError with what it can't be read for."""
    text = read_text(path, folder)
    if wrong := NOT_TEXT.search(text):
        place = location_at(path, text, wrong.start())
        raise ReportsError(Problem(place, f"the character {character_name(wrong[0])} has no place in a text; remove it"))
    lines = enumerate(text.split("\n"), 1)
    if wrong_lines := [number for number, line in lines if not LINE.fullmatch(line.strip())]:
        said = 'is not written as a catalogue is: msgctxt, msgid or msgstr, and a text in quotes, with \\" for a quotation mark in it'
        raise ReportsError(*(Problem(Location(path, number), said) for number in wrong_lines))
    try:
        file = polib.pofile(text) if text.strip() else polib.POFile()
    except OSError as error:
        at = AT_LINE.search(str(error))
        said = "a msgctxt, msgid or msgstr is missing before this line, or stands in another order"
        raise ReportsError(Problem(Location(path, int(at[1]) if at else 0), said)) from None
    catalogue = Catalogue(language, path, file, text)
    if problems := [*_duplicates(catalogue)]:
        raise ReportsError(*problems)
    return catalogue


def _duplicates(catalogue: Catalogue) -> Iterator[Problem]:
    seen: dict[Key, polib.POEntry] = {}
    for message in catalogue.file:
        if not message.obsolete and seen.setdefault(_key(message), message) is not message:
            first = catalogue.problem(seen[_key(message)], "").location.line
            yield catalogue.problem(message, f"the text '{message.msgctxt}' stands here twice, first with the translation in line {first}")


def _key(message: polib.POEntry) -> Key:
    return key_of(message.msgctxt or "", message.msgid)


def draw(path: Path, language: str, texts: Iterable[tuple[Text, str]], before: Catalogue | None = None) -> Catalogue:
    """Return the catalogue of *texts*, each with the name of its file, in their order, with the translations of the one *before*.

    A text that is the same keeps its translation, also where it has moved within its record. One that has changed keeps the old one as
    fuzzy, with the text that it renders. What is gone becomes obsolete, and comes back if its text does.
    """
    merge = _Merge(before.file if before else ())
    texts = [*texts]
    found = [merge.same(text) for text, _ in texts]
    found = [message or merge.moved(text) for (text, _), message in zip(texts, found, strict=True)]
    found = [message or merge.changed(text) for (text, _), message in zip(texts, found, strict=True)]
    file = polib.POFile()
    file.metadata = {**HEADER, **(before.file.metadata if before else {}), "Language": language}
    file.header = before.file.header if before else ""
    for (text, name), message in zip(texts, found, strict=True):
        file.append(_drawn(text, name, message))
    file.extend(merge.left())
    return Catalogue(language, path, file)


def _drawn(text: Text, name: str, message: polib.POEntry | None) -> polib.POEntry:
    """Return the message of *text*, which stands in the file *name*, with the translation in *message*, which may be of another text."""
    drawn = polib.POEntry(msgctxt=text.context, msgid=text.value, occurrences=[] if text.context == LOCATOR else [(name, "")])
    if message:
        rendered = _rendered(message)
        is_same = key_of("", rendered) == key_of("", text.value)
        was_meant = message.previous_msgid is None and FUZZY in message.flags  # a person is not sure of it
        drawn.msgstr, drawn.tcomment = message.msgstr, message.tcomment
        drawn.flags = [flag for flag in message.flags if flag != FUZZY]
        if message.msgstr and (not is_same or was_meant):
            drawn.flags.insert(0, FUZZY)
            drawn.previous_msgid = None if is_same else rendered
    return drawn


def _rendered(message: polib.POEntry) -> str:
    """Return the text that the translation in *message* renders."""
    return str(message.previous_msgid if message.previous_msgid and FUZZY in message.flags else message.msgid)


class _Merge:
    """The messages of a catalogue, each to be given once to the text that it belongs to."""

    def __init__(self, messages: Iterable[polib.POEntry]) -> None:
        self._left = {id(message): message for message in messages}
        self._same: dict[Key, list[polib.POEntry]] = {}
        self._moved: dict[Key, list[polib.POEntry]] = {}
        self._changed: dict[str, list[polib.POEntry]] = {}
        for message in sorted(self._left.values(), key=lambda message: bool(message.obsolete)):
            context = message.msgctxt or ""
            self._same.setdefault(_key(message), []).append(message)
            if message.msgstr:
                self._moved.setdefault(key_of(_field(context), _rendered(message)), []).append(message)
                if not message.obsolete:
                    self._changed.setdefault(context, []).append(message)

    def same(self, text: Text) -> polib.POEntry | None:
        """Return the message of *text*."""
        return self._take(self._same.get(text.key, ()))

    def moved(self, text: Text) -> polib.POEntry | None:
        """Return a message of the same words in the same field of the same record, in another item of a list."""
        return self._take(self._moved.get(key_of(_field(text.context), text.value), ()))

    def changed(self, text: Text) -> polib.POEntry | None:
        """Return the message that *text* had in other words; of texts that share a context, none is another in other words."""
        return self._take(self._changed.get(text.context, ())) if "/" in text.context else None

    def left(self) -> list[polib.POEntry]:
        """Return all translations that no text has taken, as obsolete messages of the texts that they render."""
        left = []
        for message in (message for message in self._left.values() if message.msgstr):
            rendered, flags = _rendered(message), message.flags
            if rendered != message.msgid:
                flags = [flag for flag in flags if flag != FUZZY]
            left.append(
                polib.POEntry(
                    msgctxt=message.msgctxt, msgid=rendered, msgstr=message.msgstr, flags=flags, tcomment=message.tcomment, obsolete=True
                )
            )
        by_key = {(*_key(message), message.msgstr): message for message in left}
        return [by_key[key] for key in sorted(by_key)]

    def _take(self, messages: Iterable[polib.POEntry]) -> polib.POEntry | None:
        return next((self._left.pop(id(message)) for message in messages if id(message) in self._left), None)


def _field(context: str) -> str:
    """Return the record and the field to which *context* leads, without the items in between."""
    steps = [step for step in context.split("/") if not step.isdigit()]
    return f"{steps[0]}/{steps[-1]}"
