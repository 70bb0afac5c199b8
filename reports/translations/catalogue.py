"""data/translations/<language>.po <-> its messages; and a catalogue drawn anew from the texts of the data, which loses no translation."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

import polib
from babel import Locale
from babel.plural import to_gettext

from reports.errors import NOT_TEXT, Location, Problem, ReportsError, character_name
from reports.files import location_at, read_text
from reports.translations.checks import plural_forms
from reports.translations.texts import LOCATOR, Key, Text, key_of

FUZZY = "fuzzy"
ALIKE = 0.6  # of two texts, from which on the one may be the other in other words, as in msgmerge
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

    def problem(self, message: polib.POEntry, said: str, form: int = 0) -> Problem:
        """Return a problem at the translation in *message*, or at that of its *form* for a number of things."""
        lines, wanted = self.text.split("\n"), f"msgstr[{form}]" if message.msgstr_plural else "msgstr"
        start = (message.linenum or 1) - 1
        line = next((number for number in range(start, len(lines)) if lines[number].startswith(wanted)), start)
        return Problem(Location(self.path, line + 1), said)

    def to_bytes(self) -> bytes:
        """Return the content of the file."""
        return f"{self.file}\n".encode()


def is_usable(message: polib.POEntry) -> bool:
    """Return true if *message* has a translation of the text as it is now."""
    return is_translated(message) and FUZZY not in message.flags and not message.obsolete


def is_translated(message: polib.POEntry) -> bool:
    """Return true if *message* has a translation, in all its forms, be it of another text."""
    return all(forms_of(message))


def forms_of(message: polib.POEntry) -> tuple[str, ...]:
    """Return the translation in *message*, or those for each kind of numbers, in the order of the language."""
    return tuple(message.msgstr_plural[form] for form in sorted(message.msgstr_plural)) or (message.msgstr,)


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
    fuzzy, with the text that it renders: it is known by its context, or without one by its likeness to a text that its file has no more.
    What is gone becomes obsolete, and comes back if its text does.
    """
    merge = _Merge(before.file if before else ())
    texts = [*texts]
    found = [merge.same(text) for text, _ in texts]
    found = [message or merge.moved(text) for (text, _), message in zip(texts, found, strict=True)]
    found = [message or merge.changed(text, name) for (text, name), message in zip(texts, found, strict=True)]
    file = polib.POFile()
    file.metadata = {**HEADER, **(before.file.metadata if before else {}), "Language": language}
    if any(text.plural for text, _ in texts):
        file.metadata["Plural-Forms"] = to_gettext(Locale.parse(language, sep="-").plural_form)
    file.header = before.file.header if before else ""
    for (text, name), message in zip(texts, found, strict=True):
        file.append(_drawn(text, name, message, language))
    file.extend(merge.left())
    return Catalogue(language, path, file)


def _drawn(text: Text, name: str, message: polib.POEntry | None, language: str) -> polib.POEntry:
    """Return the message of *text*, which stands in the file *name*, with the translation in *message*, which may be of another text."""
    drawn = polib.POEntry(msgctxt=text.context or None, msgid=text.value, occurrences=[] if text.context == LOCATOR else [(name, "")])
    forms = forms_of(message) if message else ("",)
    if text.plural:
        count = len(plural_forms(language))
        drawn.msgid_plural = text.plural
        drawn.msgstr_plural = dict(enumerate((*forms, *[""] * count)[:count]))
    else:
        drawn.msgstr = forms[0]
    if message:
        rendered, rendered_plural = _rendered(message)
        is_same = key_of("", rendered) == key_of("", text.value) and rendered_plural == text.plural
        was_meant = message.previous_msgid is None and FUZZY in message.flags  # a person is not sure of it
        drawn.tcomment = message.tcomment
        drawn.flags = [flag for flag in message.flags if flag != FUZZY]
        if any(forms) and (not is_same or was_meant):
            drawn.flags.insert(0, FUZZY)
            drawn.previous_msgid = None if is_same else rendered
            drawn.previous_msgid_plural = None if is_same else rendered_plural or None
    return drawn


def _rendered(message: polib.POEntry) -> tuple[str, str]:
    """Return the text, and its plural if it has one, that the translation in *message* renders."""
    if message.previous_msgid and FUZZY in message.flags:
        return str(message.previous_msgid), str(message.previous_msgid_plural or "")
    return str(message.msgid), str(message.msgid_plural or "")


class _Merge:
    """The messages of a catalogue, each to be given once to the text that it belongs to."""

    def __init__(self, messages: Iterable[polib.POEntry]) -> None:
        self._left = {id(message): message for message in messages}
        self._same: dict[Key, list[polib.POEntry]] = {}
        self._moved: dict[Key, list[polib.POEntry]] = {}
        self._changed: dict[str, list[polib.POEntry]] = {}
        self._by_file: dict[str, list[polib.POEntry]] = {}
        for message in sorted(self._left.values(), key=lambda message: bool(message.obsolete)):
            context = message.msgctxt or ""
            self._same.setdefault(_key(message), []).append(message)
            if any(forms_of(message)):
                self._moved.setdefault(key_of(_field(context), _rendered(message)[0]), []).append(message)
                if not message.obsolete:
                    self._changed.setdefault(context, []).append(message)
                    for name, _ in message.occurrences if not context else ():
                        self._by_file.setdefault(name, []).append(message)

    def same(self, text: Text) -> polib.POEntry | None:
        """Return the message of *text*."""
        return self._take(self._same.get(text.key, ()))

    def moved(self, text: Text) -> polib.POEntry | None:
        """Return a message of the same words in the same field of the same record, in another item of a list."""
        return self._take(self._moved.get(key_of(_field(text.context), text.value), ()))

    def changed(self, text: Text, name: str) -> polib.POEntry | None:
        """Return the message that *text* had in other words, or of words like its own in the file *name*, if it has no context.

        Of texts that share a context, none is another in other words.
        """
        if text.context:
            return self._take(self._changed.get(text.context, ())) if "/" in text.context else None
        others = {_rendered(message)[0]: message for message in self._by_file.get(name, ()) if id(message) in self._left}
        return self._take(others[like] for like in get_close_matches(text.value, others, n=1, cutoff=ALIKE))

    def left(self) -> list[polib.POEntry]:
        """Return all translations that no text has taken, as obsolete messages of the texts that they render."""
        left = []
        for message in (message for message in self._left.values() if any(forms_of(message))):
            (rendered, plural), flags = _rendered(message), message.flags
            if rendered != message.msgid:
                flags = [flag for flag in flags if flag != FUZZY]
            entry = polib.POEntry(msgctxt=message.msgctxt, msgid=rendered, flags=flags, tcomment=message.tcomment, obsolete=True)
            entry.msgid_plural, entry.msgstr, entry.msgstr_plural = plural, message.msgstr, message.msgstr_plural
            left.append(entry)
        by_key = {(*_key(message), forms_of(message)): message for message in left}
        return [by_key[key] for key in sorted(by_key)]

    def _take(self, messages: Iterable[polib.POEntry]) -> polib.POEntry | None:
        return next((self._left.pop(id(message)) for message in messages if id(message) in self._left), None)


def _field(context: str) -> str:
    """Return the record and the field to which *context* leads, without the items in between."""
    steps = [step for step in context.split("/") if not step.isdigit()]
    return f"{steps[0]}/{steps[-1]}"
