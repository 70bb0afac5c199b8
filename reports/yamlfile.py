"""YAML as text values that know their line and column.

Every scalar stays text until a model types it: YAML itself would read `no` as false, `1.10` as 1.1 and `2010` as a number.
"""

from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import NamedTuple, NoReturn

import yaml

from reports.errors import NOT_TEXT, Location, Problem, ReportsError, character_name
from reports.files import decode, place, read_bytes, sha256

Keys = tuple[str | int, ...]
Plain = str | list["Plain"] | dict[str, "Plain"]

# Far beyond what people write, and little enough for a file to be read in seconds.
MOST_VALUES = 1_000_000
MOST_PROBLEMS = 100
LONGEST_VALUE = 20_000
MAX_DEPTH = 50  # libyaml's own composer overflows the stack at some 10,000.


class Span(NamedTuple):
    """Where a value stands: its first and last character, and the key before it if it has one."""

    start: yaml.Mark
    end: yaml.Mark
    key: yaml.Mark | None


class YamlFile:
    """The content of one YAML file: plain data, and the place of each part of it.

    *data* holds text, lists and dicts only; *digest* is the SHA-256 of the bytes that were read. The file must lie in *folder*, by
    default its own. Raises ReportsError with every problem of encoding or syntax that can be seen at once. Tags, anchors and aliases
    are refused: data says what it means in place, and an alias can stand for a billion others.
    """

    def __init__(self, path: Path, folder: Path | None = None) -> None:
        self.path = path
        content = read_bytes(path, folder or path.parent)
        self.digest = sha256(content)
        self._text = _text_of(path, content)
        self._spans: dict[Keys, Span] | None = None
        self.data: Plain = _Builder(path, self._text).build()

    def locate(self, keys: Keys = (), within: str = "", key: bool = False) -> Location:
        """Return the place of the value at *keys*, or of the nearest part around it that exists.

        With *within*, the first place in that value's text where *within* stands; with *key*, the key rather than the value.
        """
        if self._spans is None:
            builder = _Builder(self.path, self._text, spans={})
            builder.build()
            self._spans = builder.spans or {}
        while keys not in self._spans:
            keys, within, key = keys[:-1], "", False
        span = self._spans[keys]
        mark = span.key if key and span.key else span.start
        if within:
            lines = self._lines[span.start.line : span.end.line + 1]
            lines[-1] = lines[-1][: span.end.column]
            skip = span.start.column
            for number, line in enumerate(lines, start=span.start.line):
                found = line.find(within, skip)
                if found >= 0:
                    return Location(self.path, number + 1, found + 1)
                skip = 0
        return Location(self.path, mark.line + 1, mark.column + 1)

    @cached_property
    def _lines(self) -> list[str]:
        return self._text.split("\n")


def _text_of(path: Path, content: bytes) -> str:
    """Return the text of *content*, which *path* holds; raises ReportsError where it is not UTF-8, or holds what nobody sees."""
    text = decode(path, content)
    # Among them are NEL, LS and PS, where libyaml begins a new line and no editor does.
    unseen = islice(NOT_TEXT.finditer(text), MOST_PROBLEMS)
    problems = [Problem(place(path, text, match.start()), _no_place_for(match[0])) for match in unseen]
    if problems:
        raise ReportsError(*problems)
    return text


def _no_place_for(character: str) -> str:
    return f"the character {character_name(character)} has no place in a text; remove it"


class _Builder:
    """A walk over the events of one file; *spans*, when given, is filled with the place of every value."""

    def __init__(self, path: Path, text: str, spans: dict[Keys, Span] | None = None) -> None:
        self.path = path
        self.text = text
        self.spans = spans
        self.problems: list[Problem] = []
        self.values = 0

    def build(self) -> Plain:
        events = self._events()
        first = next(events, None)
        if first is None:
            raise ReportsError(Problem(Location(self.path), "the file is empty"))
        data = self._value(first, events, ())
        if next(events, None) is not None:
            self.problems.append(Problem(Location(self.path), "holds more than one YAML document; remove the '---' lines"))
        if self.problems:
            raise ReportsError(*self.problems)
        return data

    def _events(self) -> Iterator[yaml.Event]:
        """Yield the events of the file's values; raises ReportsError on a syntax error."""
        around = (yaml.StreamStartEvent, yaml.StreamEndEvent, yaml.DocumentStartEvent, yaml.DocumentEndEvent)
        try:
            for event in yaml.parse(self.text, Loader=yaml.CBaseLoader):
                if not isinstance(event, around):
                    yield event
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            message = " ".join(part for part in (error.problem, error.context) if part)
            self._add(mark, f"YAML syntax: {message}")
            raise ReportsError(*self.problems) from None

    def _add(self, mark: yaml.Mark | None, message: str) -> None:
        # Not its line and column: libyaml puts the end of a file whose last line has no end on a line that is not there.
        where = place(self.path, self.text, mark.index) if mark else Location(self.path)
        self.problems.append(Problem(where, message))
        if len(self.problems) >= MOST_PROBLEMS:
            raise ReportsError(*self.problems)

    def _stop(self, event: yaml.Event, message: str) -> NoReturn:
        self._add(event.start_mark, message)
        raise ReportsError(*self.problems)

    def _value(self, event: yaml.Event, events: Iterator[yaml.Event], keys: Keys, key: yaml.Mark | None = None) -> Plain:
        """Return the value that begins with *event*, and note where it stands."""
        self.values += 1
        if self.values > MOST_VALUES:
            self._stop(event, f"holds more than {MOST_VALUES} values, the most that one file may have")
        if len(keys) > MAX_DEPTH:
            self._stop(event, f"nested deeper than {MAX_DEPTH} levels")
        self._refuse_indirection(event)
        self._refuse_text(event)
        last, value = event, getattr(event, "value", "")
        if isinstance(event, yaml.SequenceStartEvent):
            value, last = self._sequence(events, keys)
        elif isinstance(event, yaml.MappingStartEvent):
            value, last = self._mapping(events, keys)
        if self.spans is not None:
            self.spans[keys] = Span(event.start_mark, last.end_mark, key)
        return value

    def _refuse_indirection(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.AliasEvent):
            self._add(event.start_mark, f"the alias '*{event.anchor}' is not allowed here; write the value out")
        elif event.anchor:
            self._add(event.start_mark, f"the anchor '&{event.anchor}' is not allowed here")
        elif event.tag and event.tag != "!":
            self._add(event.start_mark, f"the tag '{event.tag}' is not allowed here")

    def _refuse_text(self, event: yaml.Event) -> None:
        """Refuse a text that is too long, or that holds by an escape what must not stand in the file."""
        text = getattr(event, "value", "")
        if len(text) > LONGEST_VALUE:
            self._add(event.start_mark, f"has {len(text)} characters; a text has {LONGEST_VALUE} at most")
        if match := NOT_TEXT.search(text):
            self._add(event.start_mark, _no_place_for(match[0]))

    def _sequence(self, events: Iterator[yaml.Event], keys: Keys) -> tuple[list[Plain], yaml.Event]:
        items: list[Plain] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self._value(event, events, (*keys, len(items))))
        return items, event

    def _mapping(self, events: Iterator[yaml.Event], keys: Keys) -> tuple[dict[str, Plain], yaml.Event]:
        fields: dict[str, Plain] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            if not isinstance(event, yaml.ScalarEvent):
                self._stop(event, "a key must be plain text")
            self._refuse_indirection(event)
            self._refuse_text(event)
            name = event.value
            if name in fields:
                self._add(event.start_mark, f"the key '{name}' stands here twice")
            fields[name] = self._value(next(events), events, (*keys, name), event.start_mark)
        return fields, event
